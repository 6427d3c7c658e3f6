"""Datelines, captions and bylines that only the line above or below tells."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hy_audio.article.columns import is_finished
from hy_audio.article.context.neighbours import cuts_sentence
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind

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
    return [
        replace(m, kind=Kind.CAPTION, rule="caption")
        if m.kind is None and (_begins_caption(lines, i) or _is_credited_below(lines, i))
        else m
        for i, m in enumerate(lines)
    ]


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
    return bool(credited) and is_finished(m.text) and cuts_sentence(_texts(lines, i), 1)


def _texts(lines: Sequence[Marked], i: int) -> Sequence[Marked]:
    """A line between the one above it and the one below its credit."""
    return (*lines[max(0, i - 1) : i + 1], *lines[i + 2 : i + 3])
