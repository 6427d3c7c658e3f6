"""Characters that nobody sees: a page is read without them, and they stay in its ledger."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from hy_audio.article.model import Article, Block, Fate, Hint, SourceWarning, Span

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufffd\U000e0000-\U000e01ef]+"
)


def strip(source: str) -> "Visible | None":
    """A text without its invisible characters.

    They are controls, Unicode's Cf, variation selectors, and what could not be decoded (U+FFFD).

    Returns:
        None where there are none, as on most pages.
    """
    stretches: list[tuple[int, int]] = []
    parts: list[str] = []
    offset = end = 0
    for match in _INVISIBLE.finditer(source):
        if match.start() > end:
            stretches.append((offset, end))
            parts.append(source[end : match.start()])
            offset += match.start() - end
        end = match.end()
    if not end:
        return None
    if end < len(source):
        stretches.append((offset, end))
        parts.append(source[end:])
    return Visible(source, "".join(parts), tuple(stretches))


@dataclass(frozen=True, slots=True)
class Visible:
    """What is left of a text, and where it stood."""

    source: str
    """The text as it came."""
    text: str
    """The text without invisible characters."""
    stretches: tuple[tuple[int, int], ...]
    """Of each visible stretch its offset in `text` and in `source`."""

    def hints(self, hints: Sequence[Hint]) -> tuple[Hint, ...]:
        """Hints on `source` as hints on `text`."""
        return tuple(
            replace(hint, start=self._inward(hint.start), end=self._inward(hint.end))
            for hint in hints
        )

    def article(self, read: Article) -> Article:
        """An article read from `text` as one read from `source`."""
        return Article(
            self.source,
            tuple(map(self._block, read.blocks)),
            tuple(self._ledger(read.ledger)),
            tuple(map(self._warning, read.warnings)),
        )

    def _inward(self, offset: int) -> int:
        i = bisect_right(self.stretches, offset, key=itemgetter(1)) - 1
        if i < 0:
            return 0
        inner, outer = self.stretches[i]
        return min(inner + offset - outer, self._end(i))

    def _end(self, i: int) -> int:
        return self.stretches[i + 1][0] if i + 1 < len(self.stretches) else len(self.text)

    def _ranges(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The ranges of `source` that hold `text[start:end]`."""
        i = max(0, bisect_right(self.stretches, start, key=itemgetter(0)) - 1)
        while start < end:
            inner, outer = self.stretches[i]
            stop = min(end, self._end(i))
            yield outer + start - inner, outer + stop - inner
            start = stop
            i += 1

    def _block(self, block: Block) -> Block:
        pieces = [around for piece in block.pieces for around in self._ranges(*piece)]
        return replace(block, pieces=tuple(pieces))

    def _ledger(self, ledger: Sequence[Span]) -> Iterator[Span]:
        end = 0
        for span in ledger:
            for start, stop in self._ranges(span.start, span.end):
                if start > end:
                    yield Span(end, start, Fate.SILENT, "invisible")
                yield Span(start, stop, span.fate, span.rule)
                end = stop
        if end < len(self.source):
            yield Span(end, len(self.source), Fate.SILENT, "invisible")

    def _warning(self, warning: SourceWarning) -> SourceWarning:
        ranges = list(self._ranges(warning.start, warning.end))
        if ranges:
            return replace(warning, start=ranges[0][0], end=ranges[-1][1])
        before = list(self._ranges(max(0, warning.start - 1), warning.start))
        place = before[-1][1] if before else 0
        return replace(warning, start=place, end=place)
