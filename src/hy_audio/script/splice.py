"""One section of a script from another writing of the same page. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise

from hy_audio.article.model import SourceWarning, Span
from hy_audio.script.model import Script

Places = Sequence[tuple[int, int]]
"""Source ranges, in order, apart."""


def places_of(script: Script, section_id: str) -> Places:
    """Where a section is printed: from a sentence of it to the last before another section's.

    They are several where a page has something of it elsewhere, as a byline at the end.
    """
    printed = sorted(
        (sentence.source, section.id)
        for section in script.sections
        for utterance in section.utterances
        for sentence in utterance.sentences
        if sentence.is_printed
    )
    runs = ((one, [r for r, _ in run]) for one, run in groupby(printed, lambda place: place[1]))
    return [(ranges[0][0], ranges[-1][1]) for one, ranges in runs if one == section_id]


def splice(script: Script, other: Script, section_id: str, places: Places) -> Script:
    """The script with one section of the other, and what that says of its places.

    Args:
        script: has a section of this id.
        other: has one too, and the same source.
        section_id: which.
        places: where the section is printed; of these the other's ledger and warnings are taken.
    """
    new = next(s for s in other.sections if s.id == section_id)

    def is_there(warning: SourceWarning) -> bool:
        return any(start <= warning.start < end for start, end in places)

    warnings = [w for w in script.warnings if not is_there(w)]
    warnings += [w for w in other.warnings if is_there(w)]
    return replace(
        script,
        sections=tuple(
            replace(new, number=s.number) if s.id == section_id else s for s in script.sections
        ),
        ledger=tuple(_joined(script.ledger, other.ledger, places)),
        warnings=tuple(sorted(warnings, key=lambda w: w.start)),
    )


def _joined(ledger: Sequence[Span], other: Sequence[Span], places: Places) -> Iterator[Span]:
    """The other's ledger of the places, and the ledger between them."""
    edges = [0, *chain.from_iterable(places), ledger[-1].end if ledger else 0]
    for n, (start, end) in enumerate(pairwise(edges)):
        yield from _cut(other if n % 2 else ledger, start, end)


def _cut(ledger: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    for span in ledger:
        a, b = max(span.start, start), min(span.end, end)
        if a < b:
            yield Span(a, b, span.fate, span.rule)
