"""The show's cover: one that is given is checked, and where none is, a plain one is drawn.

Sources: Apple Podcasts' demands on artwork (square, 1400 to 3000 px, JPEG or PNG, RGB, no alpha).
"""

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path
from unicodedata import category

from PIL import Image, ImageDraw, ImageFont

from hy_audio.characters import width
from hy_audio.errors import ConfigError
from hy_audio.publish.fonts import Face, find_face
from hy_audio.words import word_ends

MIN_PX, MAX_PX = 1_400, 3_000
"""Sides that a cover may have."""

_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png"}
"""What a cover may be, by Pillow's names; MPO is a JPEG that has further pictures behind it."""
_KNOWN = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PSD", "JPEG2000")
"""What is told by its name if it is given nevertheless."""
_COLOURS = {"CMYK": "CMYK", "LAB": "Lab", "P": "a palette", "PA": "a palette", "YCbCr": "YCbCr"}
"""Pillow's modes without those of RGB; all others are grey."""
_DECODED_PX = 50_000_000
"""A picture of more pixels is too large anyhow, and not decoded."""
_ORIENTATION = 0x0112
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, RuntimeError)
"""What Pillow raises at damaged pictures."""

_Problem = tuple[str, str]
"""What is wrong with a picture, and what mends it."""


@dataclass(frozen=True, slots=True)
class Artwork:
    """A cover that every directory takes."""

    data: bytes
    """The file."""
    suffix: str
    """`.jpg` or `.png`."""
    media_type: str
    """`image/jpeg` or `image/png`."""
    side_px: int
    """Its width, and its height."""


def check(path: Path) -> Artwork:
    """Read a picture that is to be the cover; what it is tells its content, not its suffix.

    Raises:
        ConfigError: it can't be read or used; all that is wrong with it is named.
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # a path with U+0000 is a wrong value
        reason = getattr(error, "strerror", None) or error
        raise _refusal(path, [(f"can't be read ({reason})", _GIVE_ANOTHER)]) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's words about what is told in ours
        try:
            image = Image.open(BytesIO(data), formats=_KNOWN)
            problems = [*_shape(image), *_content(image, data)]
        except Image.DecompressionBombError as error:
            raise _refusal(
                path, [(f"far more than {MAX_PX} px a side", "scale it down")]
            ) from error
        except _BROKEN as error:
            raise _refusal(
                path, [("no picture that can be read", "give a JPEG or a PNG")]
            ) from error
    if problems:
        raise _refusal(path, problems)
    return _artwork(data, _SUFFIXES[image.format or ""], image.width)


_GIVE_ANOTHER = "correct [show] cover or leave it out"


def _refusal(path: Path, problems: Sequence[_Problem]) -> ConfigError:
    wrong, mends = zip(*problems, strict=True)
    text = f"the cover {path}: {', '.join(wrong)}; {', '.join(mends)}"
    return ConfigError(" ".join(text.split()))


def _artwork(data: bytes, suffix: str, side_px: int) -> Artwork:
    return Artwork(data, suffix, "image/png" if suffix == ".png" else "image/jpeg", side_px)


def _shape(image: Image.Image) -> Iterator[_Problem]:
    """What is wrong with the format and the size."""
    if image.format not in _SUFFIXES:
        yield f"{image.format} where JPEG or PNG is asked", "save it as JPEG"
    sides = sorted(image.size)
    if sides[0] != sides[1]:
        yield f"not square ({image.width} × {image.height} px)", "crop it to a square"
    if sides[0] < MIN_PX:
        yield f"{sides[0]} px where {MIN_PX} to {MAX_PX} are asked", "export it larger"
    if sides[1] > MAX_PX:
        yield f"{sides[1]} px where {MIN_PX} to {MAX_PX} are asked", "scale it down"


def _content(image: Image.Image, data: bytes) -> Iterator[_Problem]:
    """What is wrong with the colours, and with the pixels if they may be decoded."""
    if image.mode not in ("RGB", "RGBA", "RGBX", "RGBa"):
        yield f"{_COLOURS.get(image.mode, 'grey')} where RGB is asked", "save it in RGB"
    if image.has_transparency_data:
        yield "transparent, or with an alpha channel", "save it on a background, without alpha"
    if image.format == "PNG" and getattr(image, "is_animated", False):
        yield "animated", "save one picture of it"
    if image.format not in _SUFFIXES or image.width * image.height > _DECODED_PX:
        return
    if not _is_whole(image, data):
        yield "cut off or damaged", "get a whole copy of it"
    elif image.getexif().get(_ORIENTATION) in range(2, 9):
        yield "turned only by its EXIF orientation, which not all players heed", "save it upright"


def _is_whole(image: Image.Image, data: bytes) -> bool:
    """Whether all of a picture can be decoded."""
    try:
        Image.open(BytesIO(data), formats=_KNOWN).verify()  # the chunks of a PNG, to the last
        image.load()
    except _BROKEN:
        return False
    return True


SIDE_PX = MAX_PX
"""Side of a drawn cover."""
MARGIN_PX = 240
"""Nothing is drawn nearer to an edge."""
_CELL_PX = 8
"""Edges of rules and columns are multiples of it: JPEG's blocks, in which they stay clean."""
_INNER_PX = SIDE_PX - 2 * MARGIN_PX
_RULE_PX, _HAIRLINE_PX = 5 * _CELL_PX, _CELL_PX
_AIR_PX = 17 * _CELL_PX
"""Between rules, title and columns."""
_TITLE_PX = 1_400
"""The title is at most so high."""
_LEADING = 1.14
"""From one line of it to the next, in sizes of type."""
_PROBE_PX = 256
"""Size of type that a title is measured in."""
_MAX_LINES = 3
_MAX_COLUMNS = 60
"""A name that is wider, in Han characters, could not be read on a cover, and isn't written."""
_OPENING, _SHUTTING = "（《〈「『【“‘([<", "）》〉」』】”’)]>"
"""Brackets."""
_MARKS = "、，。：；！？·—,.:;!?-"
"""What doesn't begin a line either."""
_LOUDNESS = (0.15, 0.5, 0.8, 0.55, 1.0, 0.65, 0.9, 0.45, 0.2)
"""How long each column may be, like the sound of a spoken word."""
_COLUMN_PX, _GAP_PX = 27 * _CELL_PX, 9 * _CELL_PX
"""Width of a column, and of what is between two: together as wide as the rules."""
_LINE_PX, _PITCH_PX = 6 * _CELL_PX, 8 * _CELL_PX
"""Height of a line in a column, and from one to the next."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together."""

    ground: str
    """Behind all."""
    ink: str
    """Title, rules and columns."""
    accent: str
    """One of the columns."""


PALETTES = (
    Palette(ground="#f4ecdd", ink="#1d1b19", accent="#c2321d"),
    Palette(ground="#16324a", ink="#f6eedd", accent="#e2a33b"),
    Palette(ground="#a82a1c", ink="#f9efdc", accent="#f0b24a"),
    Palette(ground="#1f4037", ink="#f3ecd9", accent="#e0a64a"),
    Palette(ground="#efe6d2", ink="#17364f", accent="#c8451f"),
    Palette(ground="#e3b23c", ink="#221d18", accent="#a3261b"),
)
"""Of which a show's name picks one."""


def draw(name: str, folders: Iterable[Path] | None = None) -> Artwork:
    """Draw a cover: a page whose columns are bars of sound, and the show's name over them.

    Args:
        name: of the show; one name has the same cover wherever the fonts are the same.
        folders: searched for a font with its characters, None for `font_folders()`. Where there
            is none, and where the name is too long to be read, it isn't written.
    """
    title = _visible(name)
    dice = hashlib.sha256(title.encode()).digest()
    page = _Page(PALETTES[dice[0] % len(PALETTES)])
    page.rule(MARGIN_PX, _RULE_PX)
    top = MARGIN_PX + _RULE_PX + 3 * _CELL_PX
    page.rule(top, _HAIRLINE_PX)
    top += _HAIRLINE_PX + _AIR_PX
    if 0 < width(title) <= _MAX_COLUMNS and (face := find_face(title, folders)):
        top = page.write(top, title, face) + _AIR_PX
    page.rule(SIDE_PX - MARGIN_PX - _RULE_PX, _RULE_PX)
    page.columns(top, SIDE_PX - MARGIN_PX - _RULE_PX - _AIR_PX, dice[1:])
    return _artwork(page.jpeg(), ".jpg", SIDE_PX)


def _visible(name: str) -> str:
    """A name in one line, without characters that nobody sees."""
    return "".join(c for c in " ".join(name.split()) if category(c) not in ("Cc", "Cf"))


class _Page:
    """A cover that is being drawn."""

    def __init__(self, palette: Palette) -> None:
        self._image = Image.new("RGB", (SIDE_PX, SIDE_PX), palette.ground)
        self._canvas = ImageDraw.Draw(self._image)
        self._palette = palette

    def rule(self, top: int, height: int) -> None:
        """Draw a line from margin to margin."""
        self._fill(MARGIN_PX, top, _INNER_PX, height, self._palette.ink)

    def write(self, top: int, title: str, face: Face) -> int:
        """Write a title, as large as its place allows; returns where it ends."""
        lines, size_px = _set(title, face)
        font, stroke = face.sized(size_px), face.stroke * size_px
        boxes = [_box(font, line, stroke) for line in lines]
        base = top - boxes[0][1]
        for line, (left, *_) in zip(lines, boxes, strict=True):
            at = (MARGIN_PX - left, base)
            self._canvas.text(at, line, self._palette.ink, font, "ls", stroke_width=stroke)
            base += _LEADING * size_px
        return round(base - _LEADING * size_px + boxes[-1][3])

    def columns(self, top: int, foot: int, dice: bytes) -> None:
        """Draw columns about the middle of a place, with hairlines between them."""
        reach = ((foot - top - _LINE_PX) // _PITCH_PX) // 2
        middle = (top + foot - _LINE_PX) // 2 // _CELL_PX * _CELL_PX
        height = 2 * reach * _PITCH_PX + _LINE_PX
        loudest = 2 + dice[-1] % (len(_LOUDNESS) - 4)
        for n, (loudness, die) in enumerate(zip(_LOUDNESS, dice, strict=False)):
            left = MARGIN_PX + n * (_COLUMN_PX + _GAP_PX)
            colour = self._palette.accent if n == loudest else self._palette.ink
            lines = max(1, round(reach * loudness * (0.7 + 0.3 * die / 255)))
            for line in range(-lines, lines + 1):
                self._fill(left, middle + line * _PITCH_PX, _COLUMN_PX, _LINE_PX, colour)
            if n:
                hairline = left - (_GAP_PX + _HAIRLINE_PX) // 2
                above = middle - reach * _PITCH_PX
                self._fill(hairline, above, _HAIRLINE_PX, height, self._palette.ink)

    def jpeg(self) -> bytes:
        """The picture as a file."""
        file = BytesIO()
        options = {"quality": 88, "subsampling": "4:4:4", "optimize": True, "dpi": (72, 72)}
        self._image.save(file, "JPEG", **options)
        return file.getvalue()

    def _fill(self, left: int, top: int, width: int, height: int, colour: str) -> None:
        self._canvas.rectangle((left, top, left + width - 1, top + height - 1), colour)


def _set(title: str, face: Face) -> tuple[tuple[str, ...], int]:
    """Lines of a title, and the size of type that fills the place for it; few lines are better."""
    font, stroke = face.sized(_PROBE_PX), face.stroke * _PROBE_PX
    best: tuple[tuple[str, ...], float] = ((title,), 0)
    for lines in layouts(title):
        boxes = [_box(font, line, stroke) for line in lines]
        across = max(right - left for left, _, right, _ in boxes)
        down = (len(lines) - 1) * _LEADING * _PROBE_PX - boxes[0][1] + boxes[-1][3]
        size_px = _PROBE_PX * min(_INNER_PX / across, _TITLE_PX / down)
        if size_px > best[1] * 1.1:
            best = lines, size_px
    return best[0], max(1, int(best[1]))


def _box(font: ImageFont.FreeTypeFont, line: str, stroke: float) -> tuple[float, ...]:
    """Left, top, right and bottom of the ink of a line, from the beginning of its base line."""
    mask, (x, y) = font.getmask2(line, "L", anchor="ls", stroke_width=stroke)
    left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
    return x + left, y + top, x + right, y + bottom


def layouts(title: str) -> Iterator[tuple[str, ...]]:
    """A title in one line, in two and in three, each as even as its words allow."""
    ends = [end for end in word_ends(title) if _may_break(title, end)]
    for breaks in range(min(_MAX_LINES, len(ends) + 1)):
        yield min((_split(title, at) for at in combinations(ends, breaks)), key=_unevenness)


def _may_break(title: str, at: int) -> bool:
    """Whether a line may end there: not within brackets, and not before a mark."""
    before, after = title[:at], title[at:].lstrip()
    depth = sum(c in _OPENING for c in before) - sum(c in _SHUTTING for c in before)
    return depth <= 0 and after != "" and after[0] not in _SHUTTING + _MARKS


def _split(title: str, at: Sequence[int]) -> tuple[str, ...]:
    return tuple(title[start:end].strip() for start, end in pairwise((0, *at, len(title))))


def _unevenness(lines: Sequence[str]) -> tuple[float, float]:
    widths = [width(line) for line in lines]
    return max(widths), -min(widths)
