"""One section of a script from another writing of the same page. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hy_audio.article.model import Span
from hy_audio.script.model import Script, Section


def place_of(section: Section) -> tuple[int, int]:
    """The source range of what is printed in a section; an empty one where nothing is."""
    sentences = (s for u in section.utterances for s in u.sentences)
    printed = [s.source for s in sentences if s.is_printed]
    if not printed:
        return section.utterances[0].source[0], section.utterances[0].source[0]
    return min(a for a, _ in printed), max(b for _, b in printed)


def splice(script: Script, other: Script, section_id: str, place: tuple[int, int]) -> Script:
    """The script with one section of the other, and what that says of its place.

    Args:
        script: has a section of this id.
        other: has one too, and the same source.
        section_id: which.
        place: source range of the section; its ledger and its warnings come from the other.
    """
    new = next(s for s in other.sections if s.id == section_id)
    start, end = place
    warnings = [w for w in script.warnings if not start <= w.start < end]
    warnings += [w for w in other.warnings if start <= w.start < end]
    return replace(
        script,
        sections=tuple(
            replace(new, number=s.number) if s.id == section_id else s for s in script.sections
        ),
        ledger=tuple(_joined(script.ledger, other.ledger, start, end)),
        warnings=tuple(sorted(warnings, key=lambda w: w.start)),
    )


def _joined(ledger: Sequence[Span], other: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """The ledger up to a place, the other's of it, and the ledger after it."""
    size = ledger[-1].end if ledger else 0
    yield from _cut(ledger, 0, start)
    yield from _cut(other, start, end)
    yield from _cut(ledger, end, size)


def _cut(ledger: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    for span in ledger:
        a, b = max(span.start, start), min(span.end, end)
        if a < b:
            yield Span(a, b, span.fate, span.rule)
