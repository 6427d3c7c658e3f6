"""Which lines of a body are headings: told from short paragraphs, questions and pull quotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hy_audio.article.columns import Columns, columns, is_finished
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.rules import SILENT_KINDS
from hy_audio.article.words import CHINESE_NUMBER, DAY
from hy_audio.characters import width

_HEADING_WIDTH = 30.0
_QUESTION_WIDTH = 18.0
_NUMBERED = re.compile(
    rf"(?:{CHINESE_NUMBER}、|[（(]{CHINESE_NUMBER}[）)]|第{CHINESE_NUMBER}[章节篇部]分?[\s：:]).+"
)
TIMED = re.compile(r"\d{1,2}[:：]\d{2} +[^，。；\d][^，。；]{3,}")
"""A heading of a chronicle: the hour, and what happened."""
_LABEL = re.compile(
    r"[【［][^】］]{2,10}[】］]|(?:相关|新闻|延伸|背景|知识|名词|政策)(?:链接|阅读|解释|背景|速递)|链接|延伸阅读"
    r"|(?:PART|Part)\s*\d{1,2}|0\d|第[一二三四五六七八九十]{1,2}(?:章|篇|部分|场|幕|回)"
)
_NEVER_HEADS = re.compile(r"[。；，、：;,:][”’）)]*$|。")
_DATE = re.compile(DAY)
_TELEPHONE = re.compile(r"\d{7}")
_CALLS = ("？", "！", "?", "!")
_OPEN = ("—", "…")
_PROSE_WIDTH = 10.0
_DENSE = 14.0
"""The longest heading that stands right above a long paragraph, in columns."""
_SHORT = 4.0
"""How much narrower than a full line a heading is at least, in columns."""


def headings(marked: Sequence[Marked]) -> set[int]:
    """Which lines are headings."""
    told = {i for i, m in enumerate(marked) if m.kind is Kind.HEADING}
    return told or _guessed_headings(marked)


def goes_on(m: Marked, below: Marked, lines: int) -> bool:
    """Whether two headings are one: a label and what it labels, one on two lines, or a —— below.

    Args:
        m: a heading.
        below: the heading on the next line.
        lines: how many lines the heading has so far.
    """
    stacked = below.line.gap == 0 and not below.ornamented
    if lines > 1:
        return stacked and below.text.startswith("——")
    return _is_label(m) or stacked


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
        between = above is None or above in found or _is_closed(marked, above)
        labelled = above in found and _is_label(marked[above])
        below = [marked[n] for n in said[at + 1 : at + 3]]
        if look.is_heading(marked[i], below, between, labelled):
            found.add(i)
    return found


def _is_closed(marked: Sequence[Marked], i: int) -> bool:
    """Whether no sentence is open behind a line; names in brackets may stand on the next."""
    m = marked[i]
    before = marked[i - 1].text if i and m.continues_column else ""
    row = m.labelled or _DATE.fullmatch(m.plain) is not None
    return m.kind is not None or row or is_finished(before + m.text)


@dataclass(frozen=True, slots=True)
class _Look:
    """What headings look like on this page."""

    setting: Columns
    wide_gaps: bool
    """Whether two blank lines stand above short lines: then one blank line makes no heading."""
    asks: bool
    """Whether short questions stand alone more than once: then they are headings."""

    def is_heading(self, m: Marked, after: Sequence[Marked], between: bool, labelled: bool) -> bool:
        """Whether a line is a heading.

        Args:
            m: the line.
            after: what is said after it: one line or two.
            between: no sentence is open above it.
            labelled: a label for a heading stands above it.
        """
        below = after[0]
        if not _may_head(m) or not self._stands_out(m, below):
            return False
        for parts in (_NUMBERED, TIMED):
            if parts.fullmatch(m.plain):
                return between and not parts.fullmatch(below.plain)
        if m.line.gap >= 2 or (labelled and not self._reads_on(m, below)):
            return True
        if _is_label(m):
            return between
        if m.ornamented:
            return not below.ornamented and (between or m.line.gap > 0)
        if self.wide_gaps or not between:
            return False
        if (
            below.is_row
            and not m.ornamented
            and not m.line.indent
            and width(m.text) <= _PROSE_WIDTH
        ):
            return True
        if _calls(m):
            return self.asks and self._is_apart(m, below) and _is_question(m, below)
        return self._is_apart(m, below) or (len(after) > 1 and self._is_doubled(m, *after))

    def _is_doubled(self, m: Marked, below: Marked, text: Marked) -> bool:
        """Whether two short lines stand above an indented text: a heading on both."""
        stacked = below.kind is None and below.continues_column and _may_head(below)
        short = not (self.setting.is_full(m.line) or self.setting.is_full(below.line))
        wrapped = self.setting.measure is not None and self.setting.indented
        return wrapped and stacked and short and text.line.indent > 0

    def _stands_out(self, m: Marked, below: Marked) -> bool:
        """Whether it is a whole line, no quotation, and text stands below it."""
        if m.inner or below.inner:
            return False
        quoted = m.text[0] + m.text[-1] in ("“”", "「」", "（）", "()")
        return not (quoted or _DATE.fullmatch(below.plain)) and (
            _is_text(below) or _may_head(below)
        )

    def _reads_on(self, m: Marked, below: Marked) -> bool:
        """Whether it fills its column or holds a comma, and the next line goes on."""
        return below.continues_column and (self.setting.is_full(m.line) or "，" in m.plain)

    def _is_apart(self, m: Marked, below: Marked) -> bool:
        if self.setting.measure is None:
            dense = width(m.text) <= _DENSE and width(below.text) >= 3 * _DENSE
            return dense or below.line.gap >= 1 or below.line.indent > m.line.indent
        flush = not self.setting.indented and self.setting.is_full(below.line)
        if flush and not self.setting.is_full(m.line, _SHORT):
            return True
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
        and _TELEPHONE.search(m.plain) is None
        and not m.text.endswith(_OPEN)
    )
