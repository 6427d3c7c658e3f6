"""Text from a page, made safe to stand in a feed, on a page and in an address. Pure.

Sources: XML 1.0, 2.2 (characters); UAX #9 (bidirectional controls); RSS channels' limits in bytes.
"""

import re
from html import escape

_NONCHARACTERS = "".join(
    chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
"""Of the planes beyond the first."""
_REMOVED = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff]"
    f"|[{_NONCHARACTERS}]"
)
"""What XML 1.0 does not allow or discourages; controls that turn the direction of what stands
around them; noncharacters; a byte order mark."""


_MOST_OF_AN_ESCAPE = len("&quot;")


def clean(text: str) -> str:
    """The text without characters that XML forbids or that act on their surroundings."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # most are, and that is fast
        return text
    return _REMOVED.sub("", text)


def line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(clean(text).split())


def html(text: str) -> str:
    """A line of text as HTML."""
    return escape(line(text))


def shortened(text: str, longest: int) -> str:
    """The text in at most so many bytes of UTF-8, cut between characters and marked with `…`."""
    data = text.encode()
    if len(data) <= longest:
        return text
    room = longest - len("…".encode())
    return data[:room].decode("utf-8", "ignore").rstrip() + "…" if room >= 0 else ""


def escaped(text: str, longest: int) -> str:
    """A line of text as HTML, in at most so many bytes."""
    text, room = line(text), max(longest, 0)
    while len(html(short := shortened(text, room)).encode()) > max(longest, 0):
        room -= max(1, (len(html(short).encode()) - longest) // _MOST_OF_AN_ESCAPE)
    return html(short)
