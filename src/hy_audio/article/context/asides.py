"""What stands inside a text or is taken from it: notes, stamps, web addresses, pull quotes."""

import re
from dataclasses import replace

from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.rules import LINK, PINYIN, REFERENCE, SEAL, STAFF_TAIL

_TEXT = (None, Kind.PARAGRAPH)
_CLAUSE = re.compile(r"[^，。！？；：、“”‘’「」…—,.!?;:]+")
_ASIDES = (
    *(("seal", SEAL), ("staff", STAFF_TAIL), ("reference", REFERENCE), ("pinyin", PINYIN)),
    ("address", LINK),
)


def asides(lines: list[Marked]) -> list[Marked]:
    """What stands in brackets for the eye alone is taken out of what is said."""
    return [part for m in lines for part in (_without_asides(m) if m.kind in _TEXT else [m])]


def _without_asides(m: Marked) -> list[Marked]:
    found = [
        (*match.span(), rule) for rule, pattern in _ASIDES for match in pattern.finditer(m.plain)
    ]
    return m.without(sorted(found)) if found else [m]


def pulled_quotes(lines: list[Marked]) -> list[Marked]:
    """A sentence of the text that stands in quotes on a line of its own."""
    quotes = {i for i, m in enumerate(lines) if m.kind is None and _is_quoted(m.plain)}
    if not quotes:
        return lines
    page = "".join(m.plain for i, m in enumerate(lines) if m.kind is None and i not in quotes)
    clauses = frozenset(_CLAUSE.findall(page))
    return [
        replace(m, kind=Kind.PARAGRAPH, rule="pull-quote")
        if i in quotes and clauses.issuperset(_CLAUSE.findall(m.plain))
        else m
        for i, m in enumerate(lines)
    ]


def _is_quoted(text: str) -> bool:
    return 8 <= len(text) <= 60 and text[0] in "“「" and text[-1] in "”」"
