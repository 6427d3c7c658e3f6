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


def cut(text: str, longest: int) -> str:
    """The text in at most so many characters; cut, not within a number, it ends in `…`."""
    if len(text) <= longest:
        return text
    head, rest = text[: longest - 1], text[longest - 1 :]
    if _GOES_ON.match(rest) and (begun := _BEGUN.search(head)):
        head = head[: begun.start()] or head
    return head.rstrip() + "…"


_BEGUN = re.compile(r"[￥¥$€£]?[A-Za-z\d.,:%+-]*[零一二两三四五六七八九十百千万亿]*\Z")
_GOES_ON = re.compile(r"[A-Za-z\d%％‰℃十百千万亿余多]|[.,:-]\d")
"""A number or a word of Latin letters, to where it is cut, and from there."""


def shortened(text: str, longest: int) -> str:
    """The text in at most so many bytes of UTF-8, cut as by `cut`."""
    data = text.encode()
    if len(data) <= longest:
        return text
    room = longest - len("…".encode())
    return cut(text, len(data[:room].decode("utf-8", "ignore")) + 1) if room >= 0 else ""


def escaped(text: str, longest: int) -> str:
    """A line of text as HTML, in at most so many bytes."""
    text, room = line(text), max(longest, 0)
    while len(html(short := shortened(text, room)).encode()) > max(longest, 0):
        room -= max(1, (len(html(short).encode()) - longest) // _MOST_OF_AN_ESCAPE)
    return html(short)
