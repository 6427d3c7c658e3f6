"""The text below the titles: headings are told from paragraphs, and broken lines joined again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hy_audio.article.columns import Columns, Quotes, columns, is_finished
from hy_audio.article.marks import Marked
from hy_audio.article.model import Block, Kind, SourceWarning
from hy_audio.article.rules import SILENT_KINDS
from hy_audio.characters import width

_HEADING_WIDTH = 30.0
_QUESTION_WIDTH = 18.0
_PROSE_WIDTH = 10.0
_ROW_WIDTH = 24.0
_CAPTION_WIDTH = 14.0
_CHINESE_NUMBER = "[一二三四五六七八九十]{1,3}"
_NUMBERED = re.compile(
    rf"(?:{_CHINESE_NUMBER}、|[（(]{_CHINESE_NUMBER}[）)]|第{_CHINESE_NUMBER}[章节篇部]分?[\s：:]).+"
)
_LABEL = re.compile(
    r"【[^】]{2,10}】|(?:相关|新闻|延伸|背景|知识|名词|政策)(?:链接|阅读|解释|背景|速递)|链接|延伸阅读"
    r"|(?:PART|Part)\s*\d{1,2}|0\d|第[一二三四五六七八九十]{1,2}(?:章|篇|部分)"
)
_NEVER_HEADS = re.compile(r"[。；，、：;,:][”’）)]*$|。")
_CALLS = ("？", "！", "?", "!")
_OPEN = ("—", "…")
_ASIDE = (Kind.CREDIT, Kind.NOTICE, Kind.CAPTION)
_PUNCTUATED = re.compile(r"[，。；：、！？,;:]")


@dataclass(slots=True)
class _Draft:
    """A paragraph whose end has not been found yet."""

    kind: Kind
    lines: list[Marked] = field(default_factory=list)
    quotes: Quotes = field(default_factory=Quotes)

    @property
    def end(self) -> int:
        return self.lines[-1].said[1]

    @property
    def finished(self) -> bool:
        return is_finished(self.lines[-1].text)

    @property
    def is_prose(self) -> bool:
        """Whether it is long enough to be a sentence that was broken, not a line of a list."""
        first, *others = self.lines
        long = width(first.text) > _PROSE_WIDTH or _PUNCTUATED.search(first.plain) is not None
        return long or bool(others) or first.begins is not None

    @property
    def is_row(self) -> bool:
        """Whether it is a short line that needs no stop: a result, a signature, a date."""
        if len(self.lines) > 1:
            return False
        row = self.lines[0]
        return row.ornamented or (width(row.plain) <= _ROW_WIDTH and "，" not in row.plain[-8:])

    def add(self, m: Marked) -> None:
        self.lines.append(m)
        self.quotes.read(m.text)

    def block(self) -> Block:
        return _block(self.kind, self.lines)


def _block(kind: Kind, lines: Sequence[Marked]) -> Block:
    """One block of several lines; a silent line is one of its own, as printed."""
    if len(lines) == 1:
        return lines[0].block(kind)
    pieces: list[tuple[int, int]] = []
    texts: list[str] = []
    for m in lines:
        text = m.text
        if texts and _is_latin(texts[-1][-1:]) and _is_latin(text[:1]):
            # Two Latin words stay two words: the line break itself stands for the space.
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + 1)
            texts[-1] += " "
        pieces.append(m.said)
        texts.append(text)
    return Block(kind, "".join(texts), tuple(pieces))


def _splits_word(above: Marked, below: Marked) -> bool:
    """Whether a number or a Latin word is broken over two lines."""
    ends = (above.plain[-1:], below.plain[:1])
    return all(c.isascii() and c.isalnum() for c in ends)


def _is_latin(c: str) -> bool:
    return c.isascii() and c.isalpha()


@dataclass(slots=True)
class Body:
    """Reads the body of a page line by line."""

    marked: Sequence[Marked]
    """The lines below the titles."""
    warnings: list[SourceWarning] = field(default_factory=list)
    """What was found on the way; complete when `read` has ended."""
    _draft: _Draft | None = None

    def read(self) -> Iterator[Block]:
        """Yield the blocks; one that a silent line cuts in two comes after that line."""
        headings = _headings(self.marked)
        setting = columns([m.line for m in self.marked if m.kind is None])
        behind = 0
        for i, m in enumerate(self.marked):
            if i < behind:
                continue
            if i in headings:
                yield from self._close()
                if headings[i]:
                    yield _joined_heading(self.marked[i], self.marked[i + 1])
                elif not headings.get(i - 1):
                    yield m.block(Kind.HEADING)
            elif m.kind is not None:
                if m.kind not in _ASIDE and m.rule != "pull-quote":
                    yield from self._close()
                behind = self._end_of_aside(i, setting)
                yield _block(m.kind, self.marked[i:behind])
            elif self._draft and self._runs_on(self._draft, m, setting):
                self._draft.add(m)
            else:
                yield from self._close(m)
                self._draft = _Draft(m.begins or Kind.PARAGRAPH)
                self._draft.add(m)
        yield from self._close()

    def _end_of_aside(self, i: int, setting: Columns) -> int:
        """Where a block ends that is told from its first line: a caption may go on in columns."""
        end = i + 1
        first = self.marked[i]
        long = setting.measure is not None or width(first.text) >= _CAPTION_WIDTH
        if first.kind is not Kind.CAPTION or not long or first.credited:
            return end
        while end < len(self.marked) and not is_finished(self.marked[end - 1].text):
            if not self.marked[end].continues:
                break
            end += 1
        return end

    def _runs_on(self, draft: _Draft, m: Marked, setting: Columns) -> bool:
        """Whether a line goes on with the sentence that the draft left open."""
        if m.begins or m.ornamented or (m.line.indent > 0 and setting.indented):
            return False
        above = draft.lines[-1]
        stacked = m.line.gap == 0 and m.line.start - above.line.end <= 2 and not m.whole
        if draft.finished:
            continues = setting.indented and setting.measure is not None
            return stacked and (continues or setting.is_full(above.line))
        if not draft.is_prose and setting.measure is None and not _splits_word(above, m):
            return False
        return draft.quotes.would_orphan(m.text) == 0

    def _close(self, following: Marked | None = None) -> Iterator[Block]:
        """Finish the open paragraph; warn where its sentence never ends."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        yield draft.block()
        if draft.kind is Kind.ITEM or draft.finished:
            return
        tail = draft.lines[-1].text[-12:]
        if following is not None and draft.quotes.would_orphan(following.text):
            message = f"text is lost between “{tail}” and “{following.text[:12]}”"
            self.warnings.append(SourceWarning("lost-text", draft.end, following.said[0], message))
        elif not draft.is_row:
            message = f"the sentence does not end: “{tail}”"
            self.warnings.append(SourceWarning("unfinished", draft.end, draft.end, message))


def _joined_heading(label: Marked, heading: Marked) -> Block:
    """A heading on two lines, such as 【链接】 and what it links to."""
    start, end = label.said
    if label.text.endswith("】"):
        return Block(Kind.HEADING, label.text + heading.text, (label.said, heading.said))
    return Block(Kind.HEADING, f"{label.text} {heading.text}", ((start, end + 1), heading.said))


# Headings


def _headings(marked: Sequence[Marked]) -> dict[int, bool]:
    """Which lines are headings, and of each whether it is a label for the heading below it."""
    found = {i for i, m in enumerate(marked) if m.kind is Kind.HEADING}
    if not found:
        found = _guessed_headings(marked)
    return {i: i + 1 in found and _is_label(marked[i]) for i in sorted(found)}


def _is_label(m: Marked) -> bool:
    return _LABEL.fullmatch(m.plain) is not None


def _guessed_headings(marked: Sequence[Marked]) -> set[int]:
    plain = [i for i, m in enumerate(marked) if m.kind is None]
    setting = columns([marked[i].line for i in plain])
    wide_gaps = any(_may_head(marked[i]) and marked[i].line.gap >= 2 for i in plain)
    questions = [
        marked[a]
        for a, b in pairwise(plain)
        if _may_head(marked[a]) and _calls(marked[a]) and _is_question(marked[a], marked[b])
    ]
    look = _Look(setting, wide_gaps, asks=len(questions) > 1)
    said = [i for i, m in enumerate(marked) if m.kind not in (*SILENT_KINDS, Kind.CAPTION)]
    found: set[int] = set()
    for at, i in enumerate(said[:-1]):
        if marked[i].kind is not None:
            continue
        above = said[at - 1] if at else None
        between = above is None or above in found or _is_closed(marked[above])
        labelled = above in found and _is_label(marked[above])
        if look.is_heading(marked[i], marked[said[at + 1]], between, labelled):
            found.add(i)
    return found


def _is_closed(m: Marked) -> bool:
    return m.kind is not None or is_finished(m.text)


@dataclass(frozen=True, slots=True)
class _Look:
    """What headings look like on this page."""

    setting: Columns
    wide_gaps: bool
    """Whether two blank lines stand above short lines: then one blank line makes no heading."""
    asks: bool
    """Whether short questions stand alone more than once: then they are headings."""

    def is_heading(self, m: Marked, below: Marked, between: bool, labelled: bool) -> bool:
        """Whether a line is a heading.

        Args:
            m: the line.
            below: what is said after it.
            between: no sentence is open above it.
            labelled: a label for a heading stands above it.
        """
        if not _may_head(m) or not self._stands_out(m, below):
            return False
        if _NUMBERED.fullmatch(m.plain):
            return between and not _NUMBERED.fullmatch(below.plain)
        if m.line.gap >= 2 or labelled:
            return True
        if _is_label(m):
            return between
        if self.wide_gaps or not between:
            return False
        if m.ornamented:
            return not below.ornamented
        if _calls(m):
            return self.asks and self._is_apart(m, below) and _is_question(m, below)
        return self._is_apart(m, below)

    def _stands_out(self, m: Marked, below: Marked) -> bool:
        """Whether it is no quotation, and text stands below it."""
        quoted = m.text[0] + m.text[-1] in ("“”", "「」", "（）", "()")
        return not quoted and (_is_text(below) or _may_head(below))

    def _is_apart(self, m: Marked, below: Marked) -> bool:
        if self.setting.measure is None:
            return below.line.gap >= 1 or below.line.indent > m.line.indent
        return not self.setting.is_full(m.line) and (below.line.indent > 0 or m.line.gap > 0)


def _is_question(m: Marked, below: Marked) -> bool:
    """A heading that asks or calls out stands apart above a text."""
    apart = m.line.gap > 0 or m.line.indent < below.line.indent
    return width(m.text) <= _QUESTION_WIDTH and "“" not in m.text and apart


def _calls(m: Marked) -> bool:
    return m.text.rstrip("”’」』）").endswith(_CALLS)


def _is_text(m: Marked) -> bool:
    told = m.kind is not None or m.begins is not None
    return told or is_finished(m.text) or width(m.text) > _PROSE_WIDTH


def _may_head(m: Marked) -> bool:
    return (
        width(m.text) <= _HEADING_WIDTH
        and not m.begins
        and _NEVER_HEADS.search(m.plain) is None
        and not m.text.endswith(_OPEN)
    )
