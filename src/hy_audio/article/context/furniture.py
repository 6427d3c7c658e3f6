"""What a page has besides its text: its head, folios, prompts; and what only looks like it."""

import re
from collections.abc import Sequence

from hy_audio.article.columns import is_finished
from hy_audio.article.context.neighbours import COMMA, UNREAD, cuts_sentence
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.rules import BARE_FOLIO, PROMPT_MORE, PROMPT_PERHAPS, TOP_LINE

_TOP_LINES = 5
_TITLES = 8
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?: *星期[一二三四五六日天])?")
_DIGIT = re.compile(r"\d")
_STEP = re.compile(r"\d{1,2}")
_FURNITURE = ("folio", "running-head")


def top(lines: list[Marked]) -> list[Marked]:
    """The head of the page on its first lines: folio, paper, section, date."""
    told = list(lines)
    for i, m in enumerate(lines[:_TOP_LINES]):
        if m.kind is Kind.NOTICE:
            continue
        if m.kind is not None or m.ornamented or not TOP_LINE.fullmatch(m.plain):
            break
        beside = (*told[max(0, i - 1) : i], *lines[i + 1 : i + 2])
        if not _DIGIT.search(m.plain) and all(other.kind is not Kind.NOTICE for other in beside):
            break
        told[i] = m.silenced("running-head")
    return told


def dates(lines: list[Marked]) -> list[Marked]:
    """A date alone among the titles says when the page was printed."""
    told = list(lines)
    for i, m in enumerate(lines[:_TITLES]):
        if i and m.kind is None and _DATE.fullmatch(m.plain):
            told[i] = m.silenced("web-head")
        elif m.kind is None and (len(m.text) > 40 or is_finished(m.text)):
            break
    return told


def prompts(lines: list[Marked]) -> list[Marked]:
    """A prompt on two lines is one prompt."""
    return [
        m.silenced("prompt-more") if m.kind is None and _goes_on_with_prompt(lines, i) else m
        for i, m in enumerate(lines)
    ]


def _goes_on_with_prompt(lines: Sequence[Marked], i: int) -> bool:
    m, below = lines[i], lines[i + 1 : i + 2]
    above_it = bool(below) and below[0].line.gap == 0 and below[0].is_prompt
    below_it = i > 0 and m.line.gap == 0 and lines[i - 1].is_prompt
    if len(m.text) > 30 or not (above_it or below_it):
        return False
    if PROMPT_MORE.fullmatch(m.plain):
        return True
    above = next(
        (other for other in reversed(lines[max(0, i - 4) : i]) if other.kind is None), None
    )
    inside = above is not None and not is_finished(above.text)
    if inside and below_it and len(m.plain) <= 12 and not COMMA.search(m.plain):
        return True
    heads = bool(below) and below[0].kind is None and below[0].line.gap == 0 and not inside
    return not heads and PROMPT_PERHAPS.fullmatch(m.plain) is not None


def doubts(lines: list[Marked]) -> list[Marked]:
    """What looks like a credit or a prompt is one beside a caption, a credit or a notice."""
    return [
        m.silenced(m.doubt) if m.doubt and m.kind is None and _is_among_unread(lines, i) else m
        for i, m in enumerate(lines)
    ]


def _is_among_unread(lines: Sequence[Marked], i: int) -> bool:
    """Whether the line above or below is not read, or captions a picture."""
    if lines[i].doubt == "prompt" and (i + 1 == len(lines) or cuts_sentence(lines, i)):
        return True
    beside = (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])
    return any(m.kind in UNREAD for m in beside)


def steps(lines: list[Marked]) -> list[Marked]:
    """1 and 2, each above a text of its own, number the parts of an article; so do 01 and 02."""
    steps = [
        i
        for i, m in enumerate(lines[:-1])
        if m.rule == "folio" and _STEP.fullmatch(m.line.plain) and _may_be_step(lines, i)
    ]
    if len(steps) < 2 or [int(lines[i].line.plain) for i in steps] != [*range(1, len(steps) + 1)]:
        return lines
    told = list(lines)
    for i in steps:
        told[i] = lines[i].given_back()
    return told


def _may_be_step(lines: Sequence[Marked], i: int) -> bool:
    above = lines[i - 1].kind in UNREAD if i else False
    return lines[i].line.plain.startswith("0") or above or _is_between_texts(lines, i)


def folios(lines: list[Marked]) -> list[Marked]:
    """A number alone between two texts may be the page's or a heading: it is read."""
    return [
        m.given_back(doubt=m.rule)
        if m.rule in _FURNITURE
        and BARE_FOLIO.fullmatch(m.line.plain)
        and _is_between_texts(lines, i)
        and not (m.line.gap == 0 and lines[i + 1].continues_column)
        else m
        for i, m in enumerate(lines)
    ]


def _is_between_texts(lines: Sequence[Marked], i: int) -> bool:
    """Whether text stands right above and below, and no sentence is open above."""
    if i == 0 or i + 1 == len(lines):
        return False
    above, below = lines[i - 1], lines[i + 1]
    if above.kind in UNREAD or below.kind in UNREAD:
        return False
    return is_finished(above.text) or not COMMA.search(above.plain)
