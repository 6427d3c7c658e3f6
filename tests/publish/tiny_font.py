"""Fonts for tests: each character is a box, the wider the later it comes, `.notdef` the widest.

Source: the OpenType specification, for the tables that FreeType asks for.
"""

from dataclasses import dataclass
from itertools import accumulate
from struct import pack

EM = 1_000


@dataclass(frozen=True)
class Font:
    """What a font is like."""

    characters: str
    family: str = "Tiny"
    style: str = "Regular"
    blank: str = ""
    """Characters that it has, and draws nothing for."""
    heavier: int = 0
    """How much wider the boxes are at weight 900 than at 100; 0 if weight can't be varied."""


def font(font: Font) -> bytes:
    return _file(_tables(font), 0)


def collection(*fonts: Font) -> bytes:
    tables = [_tables(font) for font in fonts]
    starts = [12 + 4 * len(fonts)]
    for one in tables:
        starts.append(starts[-1] + len(_file(one, 0)))
    head = pack(">4sLL", b"ttcf", 0x10000, len(fonts))
    head += b"".join(pack(">L", start) for start in starts[:-1])
    return head + b"".join(
        _file(one, start) for one, start in zip(tables, starts[:-1], strict=True)
    )


def _file(tables: dict[str, bytes], start: int) -> bytes:
    directory, body = pack(">LHHHH", 0x10000, len(tables), 0, 0, 0), b""
    begin = start + 12 + 16 * len(tables)
    for tag, data in sorted(tables.items()):
        directory += pack(">4sLLL", tag.encode(), 0, begin + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return directory + body


def _tables(font: Font) -> dict[str, bytes]:
    characters = sorted({*font.characters, *font.blank})
    boxes = [_box(900)]
    for n, character in enumerate(characters):
        boxes.append(b"" if character in font.blank else _box(400 + n * 10))
    ends = [0, *accumulate(map(len, boxes))]
    count = len(boxes)
    tables = {
        "head": pack(
            ">LLLLHHQQhhhhHHhhh", 65536, 0, 0, 0x5F0F3CF5, 3, EM, *[0] * 4, EM, EM, *_HEAD
        ),
        "hhea": pack(">LhhhHhhhhhhhhhhhH", 65536, 880, -120, 0, EM, *[0] * 11, count),
        "maxp": pack(">LHHHHHHHHHHHHHH", 65536, count, 4, 1, 0, 0, 2, *[0] * 8),
        "hmtx": pack(">Hh", EM, 50) * count,
        "loca": b"".join(pack(">L", end) for end in ends),
        "glyf": b"".join(boxes),
        "cmap": _cmap(characters),
        "name": _names({1: font.family, 2: font.style, 256: "Weight"}),
    }
    if font.heavier:
        tables |= {"fvar": _FVAR, "gvar": _gvar(count, font.heavier)}
    return tables


_HEAD = (0, 8, 2, 1, 0)
_FVAR = pack(">HHHHHHHH", 1, 0, 16, 2, 1, 20, 0, 8) + pack(
    ">4slllHH", b"wght", 100 << 16, 100 << 16, 900 << 16, 0, 256
)


def _box(width: int) -> bytes:
    """A rectangle from the base line to 800 units above it; padded to a multiple of four."""
    head = pack(">hhhhhHH", 1, 50, 0, 50 + width, 800, 3, 0)
    corners = pack(">4h4h", 50, 0, width, 0, 0, 800, 0, -800)
    data = head + bytes([1] * 4) + corners
    return data + bytes(-len(data) % 4)


def _cmap(characters: list[str]) -> bytes:
    groups = b"".join(pack(">LLL", ord(c), ord(c), n) for n, c in enumerate(characters, 1))
    table = pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(characters)) + groups
    return pack(">HHHHL", 0, 1, 3, 10, 12) + table


def _names(texts: dict[int, str]) -> bytes:
    records, strings = b"", b""
    for number, text in texts.items():
        data = text.encode("utf-16-be")
        records += pack(">HHHHHH", 3, 1, 0x409, number, len(data), len(strings))
        strings += data
    return pack(">HHH", 0, len(texts), 6 + len(records)) + records + strings


def _gvar(count: int, heavier: int) -> bytes:
    """The right corners of each box move by `heavier` along the axis."""
    across = bytes([0x40 | 7]) + pack(">8h", 0, 0, heavier, heavier, *[0] * 4)
    deltas = bytes([0]) + across + bytes([0x80 | 7])
    one = pack(">HHHHH", 1, 10, len(deltas), 0x8000 | 0x2000, 0x4000) + deltas
    one += bytes(-len(one) % 4)
    offsets = b"".join(pack(">L", n * len(one)) for n in range(count + 1))
    begin = 20 + len(offsets)
    return pack(">HHHHLHHL", 1, 0, 1, 0, begin, count, 1, begin) + offsets + one * count
