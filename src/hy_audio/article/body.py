"""The text below the titles: headings are told from paragraphs, and broken lines joined again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hy_audio.article.columns import Columns, Quotes, columns, is_finished
from hy_audio.article.headings import goes_on, headings
from hy_audio.article.marks import Marked, joined
from hy_audio.article.model import Block, Kind, SourceWarning
from hy_audio.characters import width

_PROSE_WIDTH = 10.0
_ROW_WIDTH = 24.0
_CAPTION_WIDTH = 14.0
_RAGGED = 4.0
"""How much narrower a full line may be where paragraphs are told by their indents."""
_ASIDE = (Kind.CREDIT, Kind.NOTICE, Kind.CAPTION)
_COLONS = ("：", ":")
_PUNCTUATED = re.compile(r"[，。；：、！？,;:]")


@dataclass(slots=True)
class _Draft:
    """A paragraph whose end has not been found yet."""

    kind: Kind
    lines: list[Marked] = field(default_factory=list)
    quotes: Quotes = field(default_factory=Quotes)
    lossy: bool = False
    """Whether text is lost behind it."""

    @property
    def end(self) -> int:
        return self.lines[-1].said[1]

    @property
    def finished(self) -> bool:
        return is_finished("".join(m.text for m in self.lines[-2:]))

    @property
    def is_prose(self) -> bool:
        """Whether it is long enough to be a sentence that was broken, not a line of a list."""
        first, *others = self.lines
        if others:
            return True
        if first.labelled and self.is_row:
            return False
        marks = _PUNCTUATED.findall(first.plain)
        if marks == ["："] and self.is_row:
            return False
        return bool(marks) or width(first.text) > _PROSE_WIDTH or first.begins is not None

    @property
    def is_row(self) -> bool:
        """Whether it is a short line that needs no stop: a result, a signature, a date."""
        if len(self.lines) > 1:
            return False
        row = self.lines[0]
        if row.ornamented or row.labelled or row.begins is Kind.ITEM:
            return True
        wide = width(row.plain)
        return wide <= _PROSE_WIDTH or (wide <= _ROW_WIDTH and "，" not in row.plain)

    def after_loss(self, m: Marked) -> list[Marked]:
        """Give up the lines below a blank line, if `m` shows that text is lost there.

        Returns:
            Those lines and `m`; nothing where all is well, or where the loss is right above `m`.
        """
        if m.begins or self.finished or not self.quotes.would_orphan(m.text):
            return []
        gaps = [i for i in range(1, len(self.lines)) if self.lines[i].line.gap]
        if not gaps or m.line.gap:
            return []
        behind = [*self.lines[gaps[-1] :], m]
        del self.lines[gaps[-1] :]
        self.lossy = True
        return behind

    def add(self, m: Marked) -> None:
        self.lines.append(m)
        self.quotes.read(m.text)

    def block(self) -> Block:
        return joined(self.kind, self.lines)


def _splits_word(above: Marked, below: Marked) -> bool:
    """Whether a number or a Latin word is broken over two lines."""
    ends = (above.plain[-1:], below.plain[:1])
    return all(c.isascii() and c.isalnum() for c in ends)


@dataclass(slots=True)
class Body:
    """Reads the body of a page line by line."""

    marked: Sequence[Marked]
    """The lines below the titles."""
    warnings: list[SourceWarning] = field(default_factory=list)
    """What was found on the way; complete when `read` has ended."""
    _draft: _Draft | None = None
    _setting: Columns = field(default=Columns(None, indented=False))

    def read(self) -> Iterator[Block]:
        """Yield the blocks; one that a silent line cuts in two comes after that line."""
        self._setting = columns([m.line for m in self.marked if m.kind is None])
        for kind, lines in _units(self.marked, self._setting):
            if kind is None:
                yield from self._read_text(lines[0])
                continue
            if kind not in _ASIDE and lines[0].rule != "pull-quote":
                yield from self._close()
            yield _heading(lines) if kind is Kind.HEADING else joined(kind, lines)
        yield from self._close()

    def _read_text(self, m: Marked) -> Iterator[Block]:
        """Go on with the open paragraph, or begin another."""
        if self._draft and self._runs_on(self._draft, m):
            self._draft.add(m)
            return
        lines = (self._draft.after_loss(m) if self._draft else []) or [m]
        yield from self._close(lines[0])
        self._draft = _Draft(m.begins or Kind.PARAGRAPH)
        for line in lines:
            self._draft.add(line)

    def _runs_on(self, draft: _Draft, m: Marked) -> bool:
        """Whether a line goes on with the open paragraph."""
        if m.inner:
            return True
        setting, above = self._setting, draft.lines[-1]
        if self._begins_anew(draft, m) or setting.is_wider(m.line):
            return False
        announced = above.text.endswith(_COLONS) and setting.is_full(above.line)
        if draft.finished and not (announced and m.continues_column):
            return self._fills_paragraph(above, m)
        if not draft.is_prose and setting.measure is None and not _splits_word(above, m):
            return False
        return draft.quotes.would_orphan(m.text) == 0

    def _begins_anew(self, draft: _Draft, m: Marked) -> bool:
        """Whether a line says that it begins a paragraph, or the row above that it has ended."""
        setting, above = self._setting, draft.lines[-1]
        full = setting.is_full(above.line, _RAGGED)
        if above.labelled and draft.is_row and setting.measure is not None and not full:
            return True
        torn = full and not above.labelled and not draft.finished and m.continues_column
        begins = m.begins is Kind.ITEM or (m.begins is not None and not torn)
        return begins or m.ornamented or (m.line.indent > 0 and setting.indented)

    def _fills_paragraph(self, above: Marked, m: Marked) -> bool:
        """Whether a sentence ended at the end of its column, and the paragraph goes on."""
        setting = self._setting
        if setting.is_wider(above.line) or m.whole:
            return False
        if setting.indented and setting.is_full(above.line) and m.continues_column:
            return True
        right_below = m.line.gap == 0 and m.line.start - above.line.end <= 2
        return right_below and setting.is_full(above.line, _RAGGED if setting.indented else 0.0)

    def _close(self, following: Marked | None = None) -> Iterator[Block]:
        """Finish the open paragraph; warn where its sentence never ends."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        yield draft.block()
        if draft.kind is Kind.ITEM or draft.finished:
            return
        tail = draft.lines[-1].text[-12:]
        if following is not None and (draft.lossy or draft.quotes.would_orphan(following.text)):
            message = f"text is lost between “{tail}” and “{following.text[:12]}”"
            self.warnings.append(SourceWarning("lost-text", draft.end, following.said[0], message))
        elif not draft.is_row:
            message = f"the sentence does not end: “{tail}”"
            self.warnings.append(SourceWarning("unfinished", draft.end, draft.end, message))


def _units(
    marked: Sequence[Marked], setting: Columns
) -> Iterator[tuple[Kind | None, Sequence[Marked]]]:
    """The lines in order: headings and asides whole, of text (None) one line at a time."""
    titles = headings(marked)
    start = 0
    while start < len(marked):
        m, end = marked[start], start + 1
        kind = Kind.HEADING if start in titles else m.kind
        if start in titles:
            while end in titles and goes_on(marked[end - 1], marked[end], end - start):
                end += 1
        elif kind is Kind.CAPTION:
            end = _end_of_caption(marked, start, setting)
        yield kind, marked[start:end]
        start = end


def _end_of_caption(marked: Sequence[Marked], start: int, setting: Columns) -> int:
    """Where a caption ends that is told from its first line: it may go on in columns."""
    end = start + 1
    first = marked[start]
    long = first.ornamented or width(first.text) >= _CAPTION_WIDTH or setting.measure is not None
    if not long or first.credited:
        return end
    while end < len(marked) and not is_finished(marked[end - 1].text):
        if not marked[end].continues:
            break
        end += 1
    return end


def _heading(lines: Sequence[Marked]) -> Block:
    """A heading on one line, or on several: such as 【链接】 and what it links to."""
    text, pieces = lines[0].text, [lines[0].said]
    for m in lines[1:]:
        if not text.endswith(("】", "］")):  # the line break itself stands for a space
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + 1)
            text += " "
        pieces.append(m.said)
        text += m.text
    return Block(Kind.HEADING, text, tuple(pieces))
