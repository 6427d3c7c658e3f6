"""Short lines one below the other, none of which breaks off: verses, and rows of a list."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from hy_audio.article.columns import Columns, columns, is_finished
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.characters import width

_COUPLET = re.compile(r"(?:上联|下联|横批|横额)[：:].+")
_MARKS = re.compile(r"[，。；！？,;!?]")
_ROW = re.compile(r"[\s|｜\d：:]")
_WIDTH = 18.0
_LINES = 3
_TITLES = 4
"""How many lines may stand above a poem: its title, and who wrote it."""
_SHORT = 4.0
"""How much narrower than a full line a verse is at least, in columns."""


def verses(lines: Sequence[Marked]) -> list[Marked]:
    """Tell verses, and rows, which are paragraphs each; both stay as many lines."""
    setting = columns([m.line for m in lines if m.kind is None])

    def may_be_verse(m: Marked) -> bool:
        if m.kind is not None or m.ornamented or m.is_bracketed or setting.is_full(m.line):
            return False
        if _COUPLET.match(m.plain):
            return True
        wrapped = setting.measure is not None and not setting.is_full(m.line, _SHORT)
        ends = wrapped and not is_finished(m.text)
        return not m.begins and width(m.text) <= _WIDTH and (ends or _ends_with_its_line(m.plain))

    told = list(lines)
    for first, end in _runs(lines, may_be_verse):
        start = first + _goes_on(lines, first, setting)
        run = lines[start:end]
        if _is_stanza(run):
            told[start:end] = _told(run)
    return told


def poem(lines: Sequence[Marked]) -> list[Marked]:
    """A page of verse alone: tell it before its first lines are taken for titles."""
    if columns([m.line for m in lines if m.kind is None]).measure is not None:
        return list(lines)
    for start in range(1, min(_TITLES, len(lines))):
        told = verses(lines[start:]) if lines[start].line.gap else []
        if told and told[0].kind is Kind.VERSE and all(_is_short(m) for m in lines):
            return [*lines[:start], *told]
    return list(lines)


def _is_short(m: Marked) -> bool:
    return m.kind is not None or width(m.text) <= _WIDTH


def _told(run: Sequence[Marked]) -> Iterator[Marked]:
    """Verses are three and more; a line that stands alone among stanzas is told by its looks."""
    alone = _alone(run)
    for sort, several in groupby(zip(run, alone, strict=True), key=lambda one: _sort(*one)):
        lines = [m for m, _ in several]
        verse = sort is Kind.VERSE and (len(lines) >= _LINES or _is_couplet(lines))
        for m in lines:
            yield m if sort is None else replace(m, kind=Kind.VERSE if verse else Kind.PARAGRAPH)


def _sort(m: Marked, alone: bool) -> Kind | None:
    if alone:
        return None
    row = _ROW.search(m.plain) and not _COUPLET.match(m.plain)
    return Kind.PARAGRAPH if row else Kind.VERSE


def _alone(run: Sequence[Marked]) -> list[bool]:
    """Lines with a blank line above and below, where the others stand one below the other."""
    stacked = 2 * sum(m.line.gap == 0 for m in run) >= len(run)
    below = [*(m.line.gap for m in run[1:]), 1]
    return [stacked and min(m.line.gap, gap) >= 1 for m, gap in zip(run, below, strict=True)]


def _is_couplet(lines: Sequence[Marked]) -> bool:
    """Two lines of five to eleven characters each, as many in one as in the other."""
    lengths = {len(m.plain.rstrip("，。；！？")) for m in lines}
    even = len(lines) == 2 and len(lengths) == 1 and 5 <= min(lengths) <= 11
    even = even and lines[0].plain[:2] != lines[1].plain[:2]
    return even or any(_COUPLET.match(m.plain) for m in lines)


def _goes_on(lines: Sequence[Marked], i: int, setting: Columns) -> bool:
    """Whether a line is the end of the column's paragraph above it."""
    above = lines[i - 1] if i else None
    if above is None or above.kind is not None or not lines[i].continues_column:
        return False
    announced = above.text.endswith(("：", ":")) and is_finished(lines[i].text)
    return setting.is_full(above.line) and (announced or not is_finished(above.text))


def _ends_with_its_line(text: str) -> bool:
    return _MARKS.search(text) is None or _MARKS.search(text[-1]) is not None


def _is_stanza(run: Sequence[Marked]) -> bool:
    if _is_couplet(run):
        return True
    if len(run) < _LINES:
        return False
    finished = [m for m in run if is_finished(m.text)]
    if any(m.line.gap == 0 for m in run[1:]):
        return 2 * len(finished) <= len(run)
    open_ended = any(_MARKS.search(m.plain[-1]) is None for m in run)
    return len(finished) <= 1 if open_ended else 2 * len(finished) <= len(run)


def _runs(lines: Sequence[Marked], belongs: Callable[[Marked], bool]) -> Iterator[tuple[int, int]]:
    """Ranges of neighbours that belong, with no more than a blank line between two of them."""
    start = 0
    while start < len(lines):
        end = start
        while (
            end < len(lines) and belongs(lines[end]) and (end == start or lines[end].line.gap <= 1)
        ):
            end += 1
        if end > start:
            yield start, end
        start = max(end, start + 1)
