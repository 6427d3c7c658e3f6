"""Classes of characters that more than one rule asks for."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters, for use inside a character class (Unicode blocks CJK, its extensions, 〇)."""

LINE_BREAK = r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]"
"""What ends a line, as a regular expression."""

_LINE_BREAK = re.compile(LINE_BREAK)
_HAN = re.compile(f"[{HAN}]")
_WIDE = frozenset("WFA")


def has_han(text: str) -> bool:
    """Whether there is a Han character in the text."""
    return _HAN.search(text) is not None


def han(text: str) -> list[str]:
    """The Han characters of a text, in order."""
    return _HAN.findall(text)


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins."""
    return [0, *(match.end() for match in _LINE_BREAK.finditer(text))]


def line_number(starts: Sequence[int], offset: int) -> int:
    """The line, from 1, that a place is on in a text whose lines begin at `starts`."""
    return bisect_right(starts, offset)


def width(text: str) -> float:
    """Width in columns of one Han character; half-width characters count half (UAX #11)."""
    return sum(1.0 if unicodedata.east_asian_width(c) in _WIDE else 0.5 for c in text)
