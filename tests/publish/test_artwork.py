"""The cover: what is wrong with one that is given, and what one is like that is drawn."""

import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from PIL import Image, JpegImagePlugin
from tiny_font import Font, font

from hy_audio.errors import ConfigError
from hy_audio.publish import artwork
from hy_audio.publish.artwork import MARGIN_PX, PALETTES, Artwork, check, draw, layouts

ORIENTATION = 0x0112
NAME = "云溪日报有声版"


def picture(
    size: tuple[int, int] = (1400, 1400), mode: str = "RGB", kind: str = "PNG", **options: Any
) -> bytes:
    """A file with a slope of colours."""
    image = Image.linear_gradient("L").resize(size)
    image = image.convert(mode) if mode in ("L", "1") else image.convert("RGB").convert(mode)
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return picture(kind="JPEG", exif=exif)


def animated(kind: str = "PNG") -> bytes:
    other = Image.new("RGB", (1400, 1400), "#a82a1c")
    return picture(kind=kind, save_all=True, append_images=[other])


def claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that it hasn't."""
    data = picture((16, 16))
    header = b"IHDR" + pack(">LL", width, height) + data[24:29]
    return data[:12] + header + pack(">L", zlib.crc32(header)) + data[33:]


def refused(tmp_path: Path, data: bytes, name: str = "cover.png") -> str:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        check(path)
    text = str(caught.value)
    assert len(text.splitlines()) == 1
    assert text.startswith(f"the cover {path}: ")
    return text.removeprefix(f"the cover {path}: ")


@pytest.mark.parametrize("name", ["none.jpg", "a\0b.jpg"])
def test_a_cover_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"can't be read .*; correct \[show\] cover"):
        check(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "suffix", "side_px"),
    [
        (picture((1400, 1400), kind="JPEG"), ".jpg", 1400),
        (picture((3000, 3000), kind="JPEG", progressive=True, dpi=(37, 301)), ".jpg", 3000),
        (picture((1400, 1400), kind="PNG"), ".png", 1400),
        (picture((3000, 3000), kind="PNG"), ".png", 3000),
        (turned(1), ".jpg", 1400),
        (animated("MPO"), ".jpg", 1400),
    ],
    ids=["small JPEG", "large JPEG", "small PNG", "large PNG", "upright", "MPO"],
)
def test_a_good_cover_is_taken_as_it_is_and_known_by_its_content(
    tmp_path: Path, data: bytes, suffix: str, side_px: int
) -> None:
    path = tmp_path / "cover.gif"
    path.write_bytes(data)
    kind = {".jpg": "image/jpeg", ".png": "image/png"}[suffix]
    assert check(path) == Artwork(data, suffix, kind, side_px)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (
            lambda: picture((1400, 1600)),
            "not square (1400 × 1600 px); crop it to a square",
        ),
        (
            lambda: picture((1399, 1399)),
            "1399 px where 1400 to 3000 are asked; export it larger",
        ),
        (
            lambda: picture((3001, 3001)),
            "3001 px where 1400 to 3000 are asked; scale it down",
        ),
        (
            lambda: picture(mode="CMYK", kind="JPEG"),
            "CMYK where RGB is asked; save it in RGB",
        ),
        (lambda: picture(mode="L", kind="JPEG"), "grey where RGB is asked; save it in RGB"),
        (lambda: picture(mode="1"), "grey where RGB is asked; save it in RGB"),
        (lambda: picture(mode="P"), "a palette where RGB is asked; save it in RGB"),
        (
            lambda: picture(mode="RGBA"),
            "transparent, or with an alpha channel; save it on a background, without alpha",
        ),
        (
            lambda: picture(transparency=(1, 2, 3)),
            "transparent, or with an alpha channel; save it on a background, without alpha",
        ),
        (
            lambda: picture(kind="WEBP"),
            "WEBP where JPEG or PNG is asked; save it as JPEG",
        ),
        (lambda: animated(), "animated; save one picture of it"),
        (
            lambda: turned(6),
            "turned only by its EXIF orientation, which not all players heed; save it upright",
        ),
    ],
    ids=(
        *("not square", "small", "large", "CMYK", "grey", "black and white", "palette"),
        *("alpha", "tRNS", "WebP", "animated", "turned"),
    ),
)
def test_what_is_wrong_with_a_cover_is_told_with_what_mends_it(
    tmp_path: Path, make: Callable[[], bytes], problem: str
) -> None:
    assert refused(tmp_path, make()) == problem


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert refused(tmp_path, picture((1200, 3600), "LA")[:-200]) == (
        "not square (1200 × 3600 px), 1200 px where 1400 to 3000 are asked, "
        "3600 px where 1400 to 3000 are asked, grey where RGB is asked, transparent, or with an "
        "alpha channel, cut off or damaged; crop it to a square, export it larger, scale it down, "
        "save it in RGB, save it on a background, without alpha, get a whole copy of it"
    )
    assert refused(tmp_path, picture((900, 900), "CMYK", "TIFF")) == (
        "TIFF where JPEG or PNG is asked, 900 px where 1400 to 3000 are asked, "
        "CMYK where RGB is asked; save it as JPEG, export it larger, save it in RGB"
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("lost", [0.5, 0.1, 12])
def test_a_picture_that_is_cut_off_is_found(tmp_path: Path, kind: str, lost: float) -> None:
    data = picture(kind=kind)
    end = len(data) - int(lost if lost > 1 else len(data) * lost)
    assert refused(tmp_path, data[:end]) == "cut off or damaged; get a whole copy of it"


def test_a_png_whose_pixels_were_changed_is_found(tmp_path: Path) -> None:
    data = bytearray(picture())
    data[len(data) - 14] ^= 1
    assert refused(tmp_path, bytes(data)) == "cut off or damaged; get a whole copy of it"


@pytest.mark.parametrize("data", [b"", b"<svg/>", picture()[:20], picture(kind="JPEG")[:20]])
def test_what_is_no_picture_is_told(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data) == "no picture that can be read; give a JPEG or a PNG"


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.png", tmp_path):
        with pytest.raises(ConfigError, match=r"can't be read \(.+\); correct \[show\] cover or"):
            check(path)


def test_the_error_is_one_line_whatever_the_file_is_called(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        check(tmp_path / "two\nlines.png")
    assert len(str(caught.value).splitlines()) == 1


def test_a_picture_of_too_many_pixels_is_refused_by_its_header(tmp_path: Path) -> None:
    assert refused(tmp_path, claiming(12_000, 12_000)) == (
        "12000 px where 1400 to 3000 are asked; scale it down"
    )
    assert refused(tmp_path, claiming(60_000, 60_000)) == (
        "far more than 3000 px a side; scale it down"
    )


@pytest.fixture
def fonts(tmp_path: Path) -> list[Path]:
    """A folder with a font that has the characters of the tests."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "NotoSerifCJK-Bold.ttc").write_bytes(font(Font(NAME + "早长的名字《》Yunximorg")))
    return [folder]


def opened(cover: Artwork) -> Image.Image:
    image = Image.open(BytesIO(cover.data))
    image.load()
    return image


@pytest.mark.parametrize("name", [NAME, "早", "Yunxi Morning", ""])
def test_a_drawn_cover_passes_the_check(tmp_path: Path, fonts: list[Path], name: str) -> None:
    for folders in (fonts, []):
        cover = draw(name, folders)
        path = tmp_path / "cover"
        path.write_bytes(cover.data)
        assert check(path) == cover
        assert (cover.suffix, cover.media_type, cover.side_px) == (".jpg", "image/jpeg", 3000)
        assert len(cover.data) < 500_000


def test_a_drawn_cover_has_full_colours_and_72_dots_per_inch() -> None:
    image = opened(draw(NAME, []))
    assert image.info["dpi"] == (72, 72)
    assert JpegImagePlugin.get_sampling(image) == 0  # 4:4:4


def test_without_a_font_the_cover_is_drawn_without_the_name(tmp_path: Path) -> None:
    image = opened(draw(NAME, [tmp_path]))
    colours = {colour for _, colour in image.quantize(8).convert("RGB").getcolors() or ()}
    assert len(colours) > 2
    (tmp_path / "simsun.ttc").write_bytes(font(Font(NAME[:-1])))
    assert draw(NAME, [tmp_path]) == draw(NAME, [])


def test_a_name_that_is_too_long_to_be_read_isn_t_written(fonts: list[Path]) -> None:
    assert draw("早" * 60, fonts) != draw("早" * 60, [])
    assert draw("早" * 61, fonts) == draw("早" * 61, [])


@pytest.fixture
def black_on_white(monkeypatch: pytest.MonkeyPatch) -> None:
    """One palette for all names."""
    palette = replace(PALETTES[0], ground="#ffffff", ink="#000000", accent="#000000")
    monkeypatch.setattr(artwork, "PALETTES", (palette,))


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """Where in a grey picture there is something dark."""
    return image.point([255] * 128 + [0] * 128).getbbox() or (0, 0, 0, 0)


def stretches(cover: Artwork, area: tuple[int, int, int, int]) -> int:
    """How many stretches of ink a narrow area has, from its beginning to its end."""
    strip = opened(cover).convert("L").crop(area)
    levels = strip.resize((1, strip.height) if strip.width == 1 else (strip.width, 1)).tobytes()
    inked = [level < 128 for level in levels]
    return sum(now and not before for before, now in pairwise([False, *inked]))


@pytest.mark.usefixtures("black_on_white")
@pytest.mark.parametrize("name", ["早", "早长", "早长的", "云溪日报"])
def test_each_character_of_the_name_is_on_the_cover(fonts: list[Path], name: str) -> None:
    across = (0, 600, 3000, 601)
    assert stretches(draw(name, fonts), across) == len(name)
    assert stretches(draw(name, []), across) > len(name)


@pytest.mark.usefixtures("black_on_white")
def test_a_name_is_as_wide_as_the_rules_or_as_high_as_its_place(fonts: list[Path]) -> None:
    wide, high = (opened(draw(name, fonts)).convert("L") for name in ("云溪日报", "早"))
    left, _, right, _ = ink(wide.crop((0, 460, 3000, 480)))
    assert left == MARGIN_PX
    assert right == pytest.approx(3000 - MARGIN_PX, abs=12)
    _, top, _, bottom = ink(high.crop((300, 400, 310, 1900)))
    assert bottom - top == pytest.approx(1400, abs=12)


@pytest.mark.usefixtures("black_on_white")
def test_a_longer_name_stands_in_lines_from_the_margin(fonts: list[Path]) -> None:
    """A rule, a hairline, so many lines of the name, and lines of the first column."""
    down = (MARGIN_PX + 30, 0, MARGIN_PX + 31, 1700)
    one, two = (stretches(draw(name, fonts), down) for name in ("云溪", NAME))
    assert (one, two) == (3, 4)


@pytest.mark.usefixtures("black_on_white")
@pytest.mark.parametrize("name", ["早", "早长的", NAME, NAME * 3, "Yunxi Morning", "Y" * 40, ""])
def test_nothing_is_drawn_in_the_margin(fonts: list[Path], name: str) -> None:
    for folders in (fonts, []):
        image = opened(draw(name, folders)).convert("L")
        assert ink(image) == (MARGIN_PX, MARGIN_PX, 3000 - MARGIN_PX, 3000 - MARGIN_PX)


def test_what_nobody_sees_in_a_name_makes_no_difference(fonts: list[Path]) -> None:
    assert draw(" 早\u200b长\n", fonts) == draw("早长", fonts) != draw("早 长", fonts)


def test_names_have_covers_of_their_own_in_all_palettes() -> None:
    covers = [draw(f"报{n}", []) for n in range(24)]
    assert len({cover.data for cover in covers}) == len(covers)
    grounds = {opened(cover).getpixel((10, 10)) for cover in covers}
    assert len(grounds) == len(PALETTES)


def light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", PALETTES)
def test_a_name_stands_out_from_its_ground(palette: artwork.Palette) -> None:
    darker, lighter = sorted((light(palette.ground), light(palette.ink)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_same_name_has_the_same_cover_in_every_process(fonts: list[Path]) -> None:
    code = (
        "import sys, hashlib, pathlib; from hy_audio.publish.artwork import draw;"
        "cover = draw(sys.argv[1], [pathlib.Path(sys.argv[2])]);"
        "print(hashlib.sha256(cover.data).hexdigest())"
    )
    printed = {sha256(draw(NAME, fonts).data).hexdigest()}
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code, NAME, str(fonts[0])],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        printed.add(done.stdout.strip())
    assert len(printed) == 1


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("早", [("早",)]),
        ("云溪早班车", [("云溪早班车",), ("云溪", "早班车")]),
        ("Yunxi Morning", [("Yunxi Morning",), ("Yunxi", "Morning")]),
        ("长沙·听见", [("长沙·听见",), ("长沙·", "听见")]),
        ("早 ·听", [("早 ·听",), ("早 ·", "听")]),
        ("《云溪日报》早晚听", [("《云溪日报》早晚听",), ("《云溪日报》", "早晚听")]),
        (
            "衡阳日报有声版",
            [("衡阳日报有声版",), ("衡阳日报", "有声版"), ("衡阳", "日报", "有声版")],
        ),
        (
            "一份特别特别长的报纸名字有声日报周末版",
            [
                ("一份特别特别长的报纸名字有声日报周末版",),
                ("一份特别特别长的报纸", "名字有声日报周末版"),
                ("一份特别特别", "长的报纸名字", "有声日报周末版"),
            ],
        ),
    ],
)
def test_a_name_is_broken_between_words_and_never_in_brackets_or_before_a_mark(
    title: str, expected: list[tuple[str, ...]]
) -> None:
    assert list(layouts(title))[: len(expected)] == expected
    assert len(list(layouts(title))) <= 3
