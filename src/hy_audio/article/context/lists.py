"""Items of a list, turns of a talk, rows with labels: each begins anew."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hy_audio.article.columns import is_finished
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.words import CHINESE_NUMBER

_ITEM = re.compile(r"(?:\d{1,2}(?:[.．、](?!\d)|[）)])|[（(]\d{1,2}[）)]|[①-⑳]).+")
_CHINESE_ITEM = re.compile(
    rf"(?:{CHINESE_NUMBER}、|[（(]{CHINESE_NUMBER}[）)]|第{CHINESE_NUMBER}[，,]).+"
)
_SENTENCE = re.compile(r"[。；;]")
_DECIMAL = re.compile(r"\d{1,2}[.．]\d")
_NUMBER = re.compile(r"(\d{1,2})[.．、]")
_TURN = re.compile(r"(问|答|记者|主持人|[QA]|[^，。！？；：、“”\s\d]{2,6})[：:](?=.)")
_ROW_LABEL = re.compile(r"[^，。！？；：、“”\s\d]{1,6}[：:].")
_ASKED = frozenset({"问", "答", "记者", "主持人", "Q", "A"})
_LEAD_IN = re.compile(r"【[^】]{1,12}】.+|本报讯(?:[\s（(]|$)")


def begin(lines: list[Marked]) -> list[Marked]:
    """Items of a list and turns of a talk each begin anew, whatever stands above."""
    turns = Counter(match[1] for m in lines if (match := _TURN.match(m.plain)))
    numbers = [_number(m) for m in lines]
    all_numbers = frozenset(numbers)
    begun = []
    for i, m in enumerate(lines):
        begins = None
        if m.kind is None and _is_item(m, numbers[i], all_numbers) and not _breaks_off(lines, i):
            begins = Kind.ITEM
        elif m.kind is None and (
            _is_turn(m.plain, turns) or _LEAD_IN.match(m.plain) or _is_labelled(lines, i)
        ):
            begins = Kind.PARAGRAPH
        begun.append(replace(m, begins=begins) if begins else m)
    return begun


def _breaks_off(lines: Sequence[Marked], i: int) -> bool:
    """Whether a decimal at the start of a line belongs to the open sentence above it."""
    above = lines[i - 1] if i else None
    if above is None or above.kind is not None or not lines[i].continues_column:
        return False
    decimal = _DECIMAL.match(lines[i].plain) is not None
    return decimal and not is_finished(above.text) and not _NUMBER.match(above.plain)


def _is_labelled(lines: Sequence[Marked], i: int) -> bool:
    """Whether it is a row of a list such as 地点：…, right above or below another one."""
    if not _ROW_LABEL.match(lines[i].plain):
        return False
    above = lines[i - 1 : i] if lines[i].line.gap == 0 else []
    below = [m for m in lines[i + 1 : i + 2] if m.line.gap == 0]
    return any(m.kind is None and _ROW_LABEL.match(m.plain) for m in (*above, *below))


def _number(m: Marked) -> int:
    """The number of an item: of `1. 65` as of `1.65`; 0 for none."""
    match = _NUMBER.match(m.plain) if m.kind is None else None
    return int(match[1]) if match else 0


def _is_item(m: Marked, number: int, numbers: frozenset[int]) -> bool:
    """1.65 is an item, and not a decimal, where another one has the number before or after."""
    if _ITEM.fullmatch(m.plain):
        return True
    if _CHINESE_ITEM.fullmatch(m.plain):
        return _SENTENCE.search(m.plain) is not None
    return number > 0 and (number - 1 in numbers if number > 1 else 2 in numbers)


def _is_turn(plain: str, turns: Counter[str]) -> bool:
    match = _TURN.match(plain)
    return match is not None and (match[1] in _ASKED or turns[match[1]] >= 2)
