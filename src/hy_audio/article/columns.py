"""How a page is set: in columns of fixed measure or one line for each paragraph."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hy_audio.article.lines import Line
from hy_audio.characters import width

_FINISHED = re.compile(
    r"(?:[。！？!?…；;：:—\u2600-\u27bf\U0001f300-\U0001faff]|\.{3}|(?<=[^\W\da-zA-Z])\.)[”’」』）)》】〕\]\"]*(?:[（(][^（）()]{1,30}[）)])?$"
)
_INSIDE = re.compile(r"[，。；：！？、”,;:].")
_PAIRS = {"”": "“", "’": "‘", "）": "（", "》": "《", "】": "【", "」": "「", "』": "『", ")": "("}
_OPENERS = frozenset(_PAIRS.values())
_SLACK = 2.0
_SHARES = ((0.9, 1 / 3), (0.8, 1 / 2), (0.7, 1 / 2))
"""How much of a page may be no wider than the measure, and how much must be about as wide."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The setting of a page."""

    measure: float | None
    """Width of a full line in columns of one Han character; None where lines are not wrapped."""
    indented: bool
    """Whether paragraphs begin with white space."""

    def is_full(self, line: Line, slack: float = 0.0) -> bool:
        """Whether a line reaches the measure, so that its end says nothing about the sentence."""
        least = (self.measure or 0.0) - _SLACK - slack
        return self.measure is not None and width(line.text) + line.indent >= least

    def is_wider(self, line: Line) -> bool:
        """Whether a line is too wide for the columns: it was not wrapped."""
        return self.measure is not None and width(line.text) > self.measure + 2 * _SLACK


def columns(lines: Sequence[Line]) -> Columns:
    """Tell how the body of a page is set.

    It counts as wrapped when a third of the lines are about as wide as the widest, or half of them
    as wide as most; that width is one of a newspaper column, and most of these lines break off in
    mid-sentence. Lines of verse are told from them by the marks that prose has inside its lines.
    """
    indented = sum(line.indent > 0 for line in lines) >= 2
    if len(lines) < 4:
        return Columns(None, indented)
    widths = sorted(width(line.text) + line.indent for line in lines)
    likely = ((widths[int(len(widths) * share)], least) for share, least in _SHARES)
    measure = next((one for one, least in likely if _is_measure(one, lines, least)), None)
    return Columns(measure, indented)


def _is_measure(measure: float, lines: Sequence[Line], least: float) -> bool:
    full = [line for line in lines if width(line.text) + line.indent >= measure - _SLACK]
    broken = sum(not is_finished(line.text) for line in full)
    prose = sum(_INSIDE.search(line.text) is not None for line in full)
    wrapped = len(full) >= least * len(lines) and 2 * min(broken, 2 * prose) >= len(full)
    return wrapped and 8 <= measure <= 60


def is_finished(text: str) -> bool:
    """Whether a text ends as a sentence or a clause of a list may end."""
    return _FINISHED.search(text[-40:]) is not None


class Quotes:
    """The quotes and brackets that a text has opened and not closed yet."""

    __slots__ = ("_depth",)

    def __init__(self) -> None:
        self._depth = dict.fromkeys(_OPENERS, 0)

    def read(self, text: str) -> int:
        """Go on with some text; return how many closing marks in it were never opened."""
        orphans = 0
        for c in text:
            if c in _OPENERS:
                self._depth[c] += 1
            elif opener := _PAIRS.get(c):
                if self._depth[opener]:
                    self._depth[opener] -= 1
                else:
                    orphans += 1
        return orphans

    def would_orphan(self, text: str) -> int:
        """What `read` would return, without going on."""
        ahead = Quotes()
        ahead._depth = self._depth.copy()
        return ahead.read(text)
