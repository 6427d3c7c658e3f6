"""Which font a title is written in."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from tiny_font import Font, collection, font

from hy_audio.publish.fonts import FAMILIES, find_face, find_font, font_folders

TITLE = "早报"


def put(folder: Path, name: str, like: Font | None = None) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(font(like or Font(TITLE)))
    return path


def test_without_a_font_there_is_none(tmp_path: Path) -> None:
    assert find_font(TITLE, []) is None
    assert find_font(TITLE, [tmp_path, tmp_path / "missing"]) is None


def test_a_font_is_found_however_deep_it_lies_and_however_it_is_spelled(tmp_path: Path) -> None:
    path = put(tmp_path, "opentype/noto/Noto Serif_CJK-Regular.OTF")
    assert find_font(TITLE, [tmp_path]) == path


@pytest.mark.parametrize("name", ["OldEnglish.ttf", "simsun.txt", "notosimsun.ttf"])
def test_only_fonts_of_the_table_are_tried(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert find_font(TITLE, [tmp_path]) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_the_table_is_found(tmp_path: Path, family: str) -> None:
    assert find_font(TITLE, [tmp_path]) is None
    path = put(tmp_path, f"{family}.ttf")
    assert find_font(TITLE, [tmp_path]) == path


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
        ("NotoSerifCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc"),
        ("NotoSerifCJK-Black.ttc", "NotoSerifCJK-Medium.ttc"),
        ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Light.ttc"),
        ("SourceHanSerifSC-Regular.otf", "SourceHanSerifTC-Bold.otf"),
        ("SourceHanSerifCN-Regular.otf", "SourceHanSerif-Bold.otf"),
        ("NotoSerifCJKsc-Regular.otf", "NotoSerifCJKjp-Bold.otf"),
        ("msyhbd.ttc", "msyh.ttc"),
        ("simsun.ttc", "wqy-microhei.ttc"),
        ("NotoSansCJK-Regular.ttc", "NotoSansMonoCJKsc-Bold.otf"),
    ],
)
@pytest.mark.parametrize("first", ["a", "z"])
def test_the_better_of_two_is_taken_wherever_it_lies(
    tmp_path: Path, better: str, worse: str, first: str
) -> None:
    path = put(tmp_path, f"{first}/{better}")
    put(tmp_path, f"m/{worse}")
    assert find_font(TITLE, [tmp_path]) == path
    assert find_font(TITLE, [tmp_path / "m", tmp_path / first]) == path


@pytest.mark.parametrize("lacking", [Font("早"), Font("早", blank="报")])
def test_a_font_without_one_of_the_characters_is_passed_over(tmp_path: Path, lacking: Font) -> None:
    other = put(tmp_path, "NotoSerifCJK-Bold.ttc", lacking)
    assert find_font(TITLE, [tmp_path]) is None
    path = put(tmp_path, "wqy-microhei.ttc")
    assert find_font(TITLE, [tmp_path]) == path
    assert find_font("早 早", [tmp_path]) == other


@pytest.mark.parametrize("damage", [b"", b"no font", font(Font(TITLE))[:300]])
def test_a_damaged_font_is_passed_over(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "wqy-zenhei.ttc").write_bytes(damage)
    assert find_font(TITLE, [tmp_path]) is None
    path = put(tmp_path, "wqy-microhei.ttc")
    assert find_font(TITLE, [tmp_path]) == path


def test_of_a_collection_the_font_for_china_is_taken_that_has_all(tmp_path: Path) -> None:
    path = tmp_path / "NotoSerifCJK-Bold.ttc"
    fonts = (
        Font(TITLE, "Noto Serif CJK JP", "Bold"),
        Font(TITLE, "Noto Serif Mono CJK SC", "Bold"),
        Font("早", "Noto Serif CJK SC", "Black"),
        Font(TITLE, "Noto Serif CJK SC", "Light"),
        Font(TITLE, "Noto Serif CJK SC", "Bold"),
        Font(TITLE, "Noto Serif CJK TC", "Bold"),
    )
    path.write_bytes(collection(*fonts))
    face = find_face(TITLE, [tmp_path])
    assert face
    assert (face.path, face.index) == (path, 4)
    assert face.sized(20).getname() == ("Noto Serif CJK SC", "Bold")


def width(path: Path, size_px: int = 100) -> int:
    face = find_face(TITLE, [path.parent])
    assert face
    image = Image.new("L", (200, 200))
    ImageDraw.Draw(image).text((50, 150), "早", 255, face.sized(size_px), "ls")
    left, _, right, _ = image.getbbox() or (0, 0, 0, 0)
    return right - left


def test_a_font_of_variable_weight_is_drawn_bold(tmp_path: Path) -> None:
    plain = put(tmp_path / "plain", "NotoSerifSC-VF.ttf")
    varied = put(tmp_path / "varied", "NotoSerifSC-VF.ttf", Font(TITLE, heavier=400))
    assert width(varied) - width(plain) == pytest.approx(40 * (700 - 100) / (900 - 100), abs=1)


@pytest.mark.parametrize(
    ("like", "thickened"),
    [
        (Font(TITLE, style="Regular"), True),
        (Font(TITLE, style="Bold"), False),
        (Font(TITLE, heavier=400), False),
    ],
)
def test_only_a_font_that_isn_t_bold_is_thickened(
    tmp_path: Path, like: Font, thickened: bool
) -> None:
    put(tmp_path, "simsun.ttc", like)
    face = find_face(TITLE, [tmp_path])
    assert face
    assert (face.stroke > 0) == thickened


def test_fonts_are_looked_for_where_users_and_systems_keep_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("WINDIR", str(tmp_path / "windows"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    own = {tmp_path / place for place in ("data/fonts", ".fonts", "Library/Fonts")}
    windows = {tmp_path / "windows/Fonts", tmp_path / "local/Microsoft/Windows/Fonts"}
    shared = {Path("/usr/share/fonts"), Path("/System/Library/Fonts")}
    assert own | windows | shared <= set(font_folders())
    monkeypatch.delenv("XDG_DATA_HOME")
    assert tmp_path / ".local/share/fonts" in font_folders()


def test_unless_told_the_folders_of_the_system_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    path = put(tmp_path / "fonts", "NotoSerifCJKsc-Bold.otf", Font("\ue000"))
    assert find_font("\ue000") == path
