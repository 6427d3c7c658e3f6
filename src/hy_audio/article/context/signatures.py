"""Who signs: names in brackets behind a text, a name and a date below a letter."""

import re
from dataclasses import replace

from hy_audio.article.columns import is_finished
from hy_audio.article.context.neighbours import COMMA
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.rules import SIGNATURE, SIGNED, SILENT_KINDS
from hy_audio.article.words import DAY, SURE_NAME, H

_LONGEST_NOTE = 24
_AUTHOR = re.compile(rf"{SURE_NAME}[（(]{H}{{2,8}}[）)]")
_DATE = re.compile(DAY)


def signatures(lines: list[Marked]) -> list[Marked]:
    """A name and below it a date sign a letter; a name with a place is an author's."""
    told = [
        replace(m, kind=Kind.PARAGRAPH)
        if i and m.kind is None and _AUTHOR.fullmatch(m.plain)
        else m
        for i, m in enumerate(lines)
    ]
    for i in range(2, len(lines)):
        body, name, date = lines[i - 2 : i + 1]
        signed = name.kind is None and date.kind is None and _DATE.fullmatch(date.plain)
        closed = body.kind is not None or is_finished(body.text)
        if signed and closed and len(name.plain) <= 24 and not COMMA.search(name.plain):
            told[i - 1] = replace(name, kind=Kind.PARAGRAPH)
            told[i] = replace(date, kind=Kind.PARAGRAPH)
    return told


def signed(lines: list[Marked]) -> list[Marked]:
    """Names in brackets that end the text are the author's; after each of several items, theirs."""
    texts = [i for i, m in enumerate(lines) if m.kind not in SILENT_KINDS]
    signed = [i for i in texts[1:] if _signature(lines[i])]
    last = signed[-1] if signed else 0
    match = _signature(lines[last]) if last else None
    if match is None or (match.start() and len(signed) > 1):
        return lines
    below = [lines[i] for i in texts if i > last]
    text_below = sum(len(m.text) for m in below if m.kind is None)
    if below and (match.start() == 0 or text_below > _LONGEST_NOTE):
        return lines
    before, names, behind = lines[last].split(*match.span())
    start, end = (place - match.start() for place in match.span("say"))
    parts = (before, names.narrowed(Kind.BYLINE, start, end), behind)
    return [*lines[:last], *(part for part in parts if part), *lines[last + 1 :]]


def _signature(m: Marked) -> re.Match[str] | None:
    """Names in brackets: a line of their own, or behind a text."""
    if m.kind is not None or not m.plain.endswith(("）", ")")):
        return None
    behind = SIGNED.search(m.plain, max(0, len(m.plain) - 60))
    return SIGNATURE.fullmatch(m.plain) or behind
