"""A page as HTML: every character coloured by its fate, its rule and its sound on hover. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from jinja2 import Environment, PackageLoader, Template

from hy_audio.article.model import Fate, Span
from hy_audio.characters import line_number, line_starts
from hy_audio.script.model import Change, Script, Sentence
from hy_audio.script.report import UNSEEN


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of the page that share their fate."""

    text: str
    """As printed."""
    fate: str
    """Spoken, silent or joined."""
    rule: str
    """The rule that decided."""
    said: str = ""
    """What is said instead of these very characters; empty where it is what is printed."""
    sentence: str = ""
    """The whole sentence as it is said."""
    pinyin: str = ""
    """Its reading."""
    notes: tuple[int, ...] = ()
    """Numbers of the warnings that begin here."""


@dataclass(frozen=True, slots=True)
class Note:
    """A warning beside the page."""

    number: int
    """From 1, in order of their place."""
    line: int
    """Line of the page, from 1."""
    rule: str
    """Name of the rule that noticed."""
    message: str
    """One sentence for the editor."""


def as_html(script: Script, source: str) -> str:
    """One file that needs no other: the page, what becomes of each character, and the warnings."""
    starts = line_starts(source)
    notes = [
        Note(number, line_number(starts, w.start), w.rule, w.message)
        for number, w in enumerate(script.warnings, 1)
    ]
    return _template().render(
        title=script.title, runs=tuple(_runs(script, source)), notes=notes, unseen=UNSEEN
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    rooms = Environment(loader=PackageLoader("hy_audio.script", "."), autoescape=True)
    rooms.trim_blocks = rooms.lstrip_blocks = True
    return rooms.get_template("page.html.jinja")


def _runs(script: Script, source: str) -> Iterator[Run]:
    """The ledger, cut finer where a sentence, a change or a warning begins."""
    sentences = sorted(
        (s for u in script.utterances for s in u.sentences if s.source[0] < s.source[1]),
        key=lambda s: s.source,
    )
    starts = [s.source[0] for s in sentences]
    changes = sorted(change for s in sentences for change in s.changes)
    warned = [w.start for w in script.warnings]
    cuts = sorted({*starts, *warned, *(place for c in changes for place in (c.start, c.end))})
    for span in script.ledger:
        for a, b in _pieces(span, cuts):
            at = bisect_right(starts, a) - 1
            heard = sentences[at] if at >= 0 and a < sentences[at].source[1] else None
            yield _run(span, source[a:b], heard, _said(changes, a), _numbers(warned, a, b))
    if late := tuple(n for n, place in enumerate(warned, 1) if place >= len(source)):
        yield Run("", Fate.SILENT, "layout", notes=late)


def _pieces(span: Span, cuts: list[int]) -> Iterator[tuple[int, int]]:
    start = span.start
    for cut in cuts[bisect_right(cuts, start) : bisect_left(cuts, span.end)]:
        yield start, cut
        start = cut
    yield start, span.end


def _run(span: Span, text: str, heard: Sentence | None, said: str, notes: tuple[int, ...]) -> Run:
    if span.fate is not Fate.SPOKEN or heard is None:
        return Run(text, span.fate, span.rule, notes=notes)
    return Run(text, span.fate, span.rule, said, heard.spoken, " ".join(heard.pinyin), notes)


def _said(changes: list[Change], place: int) -> str:
    at = bisect_right(changes, place, key=attrgetter("start")) - 1
    return changes[at].said if at >= 0 and place < changes[at].end else ""


def _numbers(warned: list[int], start: int, end: int) -> tuple[int, ...]:
    """The warnings, from 1, of the ordered places that are between two others."""
    return tuple(range(bisect_left(warned, start) + 1, bisect_left(warned, end) + 1))
