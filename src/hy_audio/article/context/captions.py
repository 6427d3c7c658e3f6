"""Datelines, captions and bylines that only the line above or below tells."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hy_audio.article.columns import is_finished
from hy_audio.article.context.neighbours import cuts_sentence
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.characters import width

_PICTURE = re.compile(r"图?[①-⑳].+")
_SHOWN = re.compile(r"图 ?[:：/／｜|]")


def datelines(lines: list[Marked]) -> list[Marked]:
    """A dateline that fills a line of its column is the beginning of a paragraph."""
    return [
        replace(m, kind=None, rule="")
        if m.kind is Kind.DATELINE and below.kind is None and below.continues_column
        else m
        for m, below in pairwise([*lines, *lines[-1:]])
    ]


def captions(lines: list[Marked]) -> list[Marked]:
    """A marked line above a caption begins it; one above a credit, inside a sentence, is one."""
    numbered = _numbered_pictures(lines)
    return [
        replace(m, kind=Kind.CAPTION, rule="caption")
        if m.kind is None
        and (_begins_caption(lines, i) or _is_credited_below(lines, i) or i in numbered)
        else m
        for i, m in enumerate(lines)
    ]


def _numbered_pictures(lines: Sequence[Marked]) -> set[int]:
    """Lines such as ①… one below the other, at least one of which has a credit below it."""
    found: set[int] = set()
    run: list[int] = []
    credited = False
    for i, m in enumerate(lines):
        if m.kind is None and _PICTURE.match(m.plain):
            run.append(i)
        elif m.kind is Kind.CREDIT and run:
            credited = True
        else:
            found |= {*run} if credited else set()
            run, credited = [], False
    return found | ({*run} if credited else set())


def bylines(lines: list[Marked]) -> list[Marked]:
    """图/ below 文/ names the photographer beside the reporter: the byline goes on."""
    return [
        replace(m.given_back(), kind=Kind.BYLINE, rule="byline")
        if m.kind is Kind.CREDIT
        and above.kind is Kind.BYLINE
        and m.line.gap == 0
        and _SHOWN.match(m.line.plain)
        else m
        for above, m in pairwise([*lines[:1], *lines])
    ]


def _begins_caption(lines: Sequence[Marked], i: int) -> bool:
    m, below = lines[i], lines[i + 1 : i + 2]
    goes_on = below and below[0].kind is Kind.CAPTION and below[0].continues_column
    return bool(goes_on) and m.ornamented and not is_finished(m.text)


def _is_credited_below(lines: Sequence[Marked], i: int) -> bool:
    """Whether a sentence that stands in an open one has a credit below it."""
    m, below = lines[i], lines[i + 1 : i + 2]
    credited = below and below[0].kind is Kind.CREDIT and below[0].line.gap == 0
    if credited and is_finished(m.text) and cuts_sentence(_texts(lines, i), 1):
        return True
    return _stands_below_text(lines, i) and _goes_on_to_credit(lines, i)


def _stands_below_text(lines: Sequence[Marked], i: int) -> bool:
    """Whether a line that is not indented stands below the short last line of a paragraph."""
    above, m = lines[i - 1] if i else None, lines[i]
    if above is None or above.kind is not None or not m.continues_column or m.ornamented:
        return False
    return is_finished(above.text) and width(above.text) < 0.75 * width(m.text)


def _goes_on_to_credit(lines: Sequence[Marked], i: int) -> bool:
    """Whether a credit ends the text that begins here, within four lines."""
    for m, below in pairwise(lines[i : i + 5]):
        if m.kind is not None or not below.continues_column:
            return False
        if below.kind is Kind.CREDIT:
            return True
    return False


def _texts(lines: Sequence[Marked], i: int) -> Sequence[Marked]:
    """A line between the one above it and the one below its credit."""
    return (*lines[max(0, i - 1) : i + 1], *lines[i + 2 : i + 3])
