"""An article as it was printed: blocks in order, and a ledger that accounts for every character."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

STANDARD_INPUT = "standard input"
"""What `-` is called."""


class Kind(StrEnum):
    """What a block is on the page."""

    KICKER = "kicker"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    BYLINE = "byline"
    DATELINE = "dateline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    VERSE = "verse"
    CAPTION = "caption"
    CREDIT = "credit"
    NOTICE = "notice"
    ELISION = "elision"


class Fate(StrEnum):
    """What becomes of a character."""

    SPOKEN = "spoken"
    SILENT = "silent"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Hint:
    """What a format that knows its own structure (HTML, Markdown, docx) says of one line.

    A block of several lines (verse, a line break inside a paragraph) has a hint for its first line
    only. A line without a hint is told by its looks, as a line of plain text is: so are those below
    the first, and the whole body of a plain text whose front matter gave title and author.
    """

    start: int
    """Offset of the line's first visible character, in code points."""
    end: int
    """Offset after its last visible character."""
    kind: Kind
    """PARAGRAPH says no more than that the line is a block of its own."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source and what becomes of it."""

    start: int
    """Offset of the first character, in code points."""
    end: int
    """Offset after the last character; greater than `start`."""
    fate: Fate
    """Spoken, silent, or a line break that was joined over."""
    rule: str
    """Name of the rule that decided."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on the page: a headline, a paragraph, a caption."""

    kind: Kind
    """What it is."""
    text: str
    """Its words as printed, line breaks joined: the source under `pieces`, one after another."""
    pieces: tuple[tuple[int, int], ...]
    """Source ranges, in order, that `text` was taken from."""
    _offsets: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """Where each piece begins in `text`."""

    def __post_init__(self) -> None:
        lengths = (end - start for start, end in self.pieces[:-1])
        object.__setattr__(self, "_offsets", tuple(accumulate(lengths, initial=0)))

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The smallest source range that holds `text[start:end]` (which must not be empty)."""
        first = bisect_right(self._offsets, start) - 1
        last = bisect_left(self._offsets, end) - 1
        begin = self.pieces[first][0] + start - self._offsets[first]
        return begin, self.pieces[last][0] + end - self._offsets[last]


@dataclass(frozen=True, slots=True)
class SourceWarning:
    """Something an editor should look at, and where it stands."""

    rule: str
    """Name of the rule that noticed."""
    start: int
    """Offset of the place in the source, in code points."""
    end: int
    """Offset after the place; equal to `start` for a point."""
    message: str
    """One sentence for the editor."""

    @property
    def has_place(self) -> bool:
        """Whether it stands somewhere; otherwise it is about no place, and `start` is 0 too."""
        return self.end > 0


@dataclass(frozen=True, slots=True)
class Source:
    """A text and where it came from."""

    name: str
    """What to call it in messages: the file's name, its URL, or `standard input`."""
    text: str
    """Plain text as it was decoded, without a byte order mark and front matter; of other formats
    what they print, a block on each line."""
    hints: tuple[Hint, ...] = ()
    """What the format says of the lines, in order."""
    date: str = ""
    """Date of publication, YYYY-MM-DD; empty where the page does not tell it."""
    warnings: tuple[SourceWarning, ...] = ()
    """What could not be carried over from the format."""


@dataclass(frozen=True, slots=True)
class Article:
    """A page that has been read."""

    source: str
    """The text as it came, every character of it."""
    blocks: tuple[Block, ...]
    """What is on the page, in order; the silent kinds too."""
    ledger: tuple[Span, ...]
    """Tiles the source: `"".join(source[s.start:s.end] for s in ledger) == source`."""
    warnings: tuple[SourceWarning, ...]
    """In order of their place."""
