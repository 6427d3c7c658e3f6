"""The lines of a page: where each one stands, how far it is indented, what gap is above it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hy_audio.characters import LINE_BREAK

_LINE = re.compile(rf"([^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]*)({LINE_BREAK}|\Z)")
_INVISIBLE = "\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069"
_CONTENT = re.compile(rf"[^\s{_INVISIBLE}](?:.*[^\s{_INVISIBLE}])?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it, without the white space at its ends."""

    start: int
    """Offset of its first visible character."""
    end: int
    """Offset after its last visible character."""
    text: str
    """What stands between."""
    indent: int
    """Characters of white space before it; a newspaper paragraph has two."""
    gap: int
    """Blank lines above it."""


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a page that hold something visible, in order."""
    gap = 0
    for match in _LINE.finditer(text):
        content = _CONTENT.search(match[1])
        if content is None:
            gap += 1
            continue
        start = match.start() + content.start()
        yield Line(start, match.start() + content.end(), content[0], content.start(), gap)
        gap = 0
