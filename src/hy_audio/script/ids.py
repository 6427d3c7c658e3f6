"""Ids of sections whose titles are alike: each keeps its own when others come and go. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise

from hy_audio.script.model import Script, Section
from hy_audio.script.slug import slug


def keep_ids(script: Script, before: Script | None) -> Script:
    """Give sections the ids that they had.

    A title that stands once has an id made of it alone, so there is nothing to keep. Of those that
    stand more than once, now or before, each section takes the id of the one whose words it has
    most of; the others take ids that nobody has had.
    """
    if before is None:
        return script
    named: dict[str, str] = {}
    bases = [slug(section.title) for section in script.sections]
    for base in dict.fromkeys(bases):
        new = [s for s, b in zip(script.sections, bases, strict=True) if b == base]
        old = [s for s in before.sections if slug(s.title) == base]
        named |= _named(base, new, old) if len(new) > 1 or len(old) > 1 else {}
    return replace(
        script, sections=tuple(_renamed(s, named.get(s.id, s.id)) for s in script.sections)
    )


def _named(base: str, new: Sequence[Section], old: Sequence[Section]) -> dict[str, str]:
    """The id of each new section, by the one it has."""
    alike = sorted(
        ((_shared(a, b), -n, -m, a, b) for n, a in enumerate(new) for m, b in enumerate(old)),
        key=lambda pair: pair[:3],
        reverse=True,
    )
    named: dict[str, str] = {}
    taken: set[str] = set()
    for share, _, _, section, was in alike:
        if share > 0 and section.id not in named and was.id not in taken:
            named[section.id] = was.id
            taken.add(was.id)
    had = {section.id for section in old}
    fresh = (one for one in _tries(base) if one not in had)
    return {s.id: named.get(s.id) or next(fresh) for s in new}


def _tries(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{n}" for n in count(2))


def _shared(one: Section, other: Section) -> float:
    """How many of the pairs of neighbouring characters the two have in common, from 0 to 1."""
    a, b = ({x + y for u in s.utterances[1:] for x, y in pairwise(u.spoken)} for s in (one, other))
    return len(a & b) / max(1, min(len(a), len(b)))


def _renamed(section: Section, section_id: str) -> Section:
    if section_id == section.id:
        return section
    utterances = (
        replace(u, id=section_id + u.id.removeprefix(section.id)) for u in section.utterances
    )
    return replace(section, id=section_id, utterances=tuple(utterances))
