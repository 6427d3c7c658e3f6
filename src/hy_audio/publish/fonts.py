"""A font for a title: looked for by name in the folders of the system, and tried."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from PIL import ImageFont

FAMILIES = (
    *("notoserifcjk", "notoserifsc", "notoseriftc", "sourcehanserif", "fzxbs", "songti"),
    *("stzhongsong", "stsong", "simsun", "notosanscjk", "notosanssc", "notosanstc"),
    *("sourcehansans", "pingfang", "hiraginosansgb", "stheiti", "msyh", "simhei", "wqyzenhei"),
    *("wqymicrohei", "droidsansfallback", "uming", "gbsn00lp"),
)
"""How the names of font files begin, without hyphens; those with serifs before those without."""
_BOLD = "bold|black|heavy|w6|msyhbd|fzxbs|simhei"
_FAULTS = {
    r"\b(?:mono|mbe|tc|tw|hk|jp|kr|ui)\b": 8,  # made for elsewhere, or for something else
    r"^(?!.*\b(?:sc|cn|gb)\b)": 4,  # not said to be made for China
    "light|thin|w3": 2,
    f"^(?!.*(?:{_BOLD}))": 1,
}
"""What speaks against a font, by the words of its name in small letters, and how much."""
_THICKENED = 1 / 96
"""What a font that isn't bold is thickened by, all round, in sizes of type."""
_PROBE_PX, _PLAINLY = 64, ImageFont.Layout.BASIC
"""How characters are tried: large enough to be told apart, one by one."""
_BOLD_WEIGHT, _MAX_WEIGHT = 700, 1_000
_SHARED = ("/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
_FONT_FILE = re.compile(r"\.(?:ttf|otf|ttc|otc)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Face:
    """A font in a file of one or of several; the best comes first."""

    faults: int
    """What speaks against it."""
    index: int
    """Its place in the file."""
    path: Path
    """The file."""
    stroke: float
    """What a title is thickened by, in sizes of type."""

    def sized(self, size_px: int) -> ImageFont.FreeTypeFont:
        """Load it; one of variable weight as bold."""
        font = ImageFont.FreeTypeFont(str(self.path), size_px, self.index)
        if axes := _axes(font):
            font.set_variation_by_axes([_setting(axis) for axis in axes])
        return font


def font_folders() -> tuple[Path, ...]:
    """Where systems keep fonts; those of the user first."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    folders = [data / "fonts", home / ".fonts", home / "Library/Fonts"]
    if local := os.environ.get("LOCALAPPDATA"):
        folders.append(Path(local) / "Microsoft/Windows/Fonts")
    folders.append(Path(os.environ.get("WINDIR") or "C:/Windows") / "Fonts")
    return (*folders, *map(Path, _SHARED))


def find_font(text: str, folders: Iterable[Path] | None = None) -> Path | None:
    """The best font for a title that has all characters of a text.

    Args:
        text: what is to be written.
        folders: searched with all that is in them; None for `font_folders()`.
    """
    face = find_face(text, folders)
    return face.path if face else None


def find_face(text: str, folders: Iterable[Path] | None = None) -> Face | None:
    """The same as `find_font`, with all that is needed for writing."""
    found = _font_files(font_folders() if folders is None else folders)
    for path in sorted(found, key=_rank):
        if faces := list(_faces(path, text)):
            return min(faces)
    return None


def _font_files(folders: Iterable[Path]) -> Iterator[Path]:
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                if _FONT_FILE.search(name) and _plain(name).startswith(FAMILIES):
                    yield Path(folder, name)


def _rank(path: Path) -> tuple[int, int, str]:
    """Place of a font file among all, the best first."""
    name = _plain(path.stem)
    family = next(n for n, start in enumerate(FAMILIES) if name.startswith(start))
    return family, _faults(_words(path.stem)), str(path)


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]", "", name.lower())


def _words(name: str) -> str:
    """A name with spaces between its words: `NotoSerifCJKsc-Bold` has five."""
    return re.sub("CJK|(?<=[a-z])(?=[A-Z])|[-_]", r" \g<0> ", name).lower()


def _faults(name: str) -> int:
    return sum(fault for pattern, fault in _FAULTS.items() if re.search(pattern, name))


def _faces(path: Path, text: str) -> Iterator[Face]:
    """The fonts in a file that have all characters of a text."""
    for index in count():
        try:
            font = ImageFont.FreeTypeFont(str(path), _PROBE_PX, index, layout_engine=_PLAINLY)
            has_all = _covers(font, text)
        except OSError:  # there are no more in it, or it is damaged
            return
        if has_all:
            name = _words(" ".join(filter(None, (*font.getname(), path.stem))))
            stroke = 0 if _axes(font) or re.search(_BOLD, name) else _THICKENED
            yield Face(_faults(name), index, path, stroke)


def _axes(font: ImageFont.FreeTypeFont) -> list[ImageFont.Axis]:
    """What can be varied in a font."""
    try:
        return font.get_variation_axes()
    except OSError:
        return []


def _setting(axis: ImageFont.Axis) -> float:
    """Bold on the axis of weight, which its range tells; what is usual on another."""
    least, most, usual = axis["minimum"] or 0, axis["maximum"] or 0, axis["default"] or 0
    return _BOLD_WEIGHT if least < _BOLD_WEIGHT <= most <= _MAX_WEIGHT else usual


def _covers(font: ImageFont.FreeTypeFont, text: str) -> bool:
    """Whether a font draws each character of a text, and not as it does one that none has."""
    missing = _drawn(font, "\uffff")
    glyphs = [_drawn(font, character) for character in set(text) if not character.isspace()]
    return all(glyph != missing and any(glyph[1]) for glyph in glyphs)


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)
