"""Ids of sections: each keeps its own while titles change and others come and go. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise

from hy_audio.script.model import Script, Section
from hy_audio.script.slug import slug

_SAME_WORDS = 0.5
"""A section with another title is the old one if it has so many of its words."""


def keep_ids(script: Script, before: Script | None) -> Script:
    """Give sections the ids that they had.

    A section is the old one of the same title; of several with that title, the one whose words it
    has most of. If no old one has its title, it is the one whose words it has, if its title is
    gone. All others take ids that nobody has.
    """
    if before is None:
        return script
    news, olds = _by_title(script), _by_title(before)
    named: dict[str, str] = {}
    for base, new in news.items():
        old = olds.get(base, [])
        alone = len(new) == len(old) == 1
        named |= {new[0].id: old[0].id} if alone else _alike(new, old, 0.0)
    named |= _alike(_untitled(news, olds), _untitled(olds, news), _SAME_WORDS)
    taken = {s.id for s in before.sections}
    for section in script.sections:
        if section.id not in named:
            named[section.id] = next(n for n in _tries(slug(section.title)) if n not in taken)
            taken.add(named[section.id])
    return replace(script, sections=tuple(_renamed(s, named[s.id]) for s in script.sections))


def _by_title(script: Script) -> dict[str, list[Section]]:
    found: dict[str, list[Section]] = {}
    for section in script.sections:
        found.setdefault(slug(section.title), []).append(section)
    return found


def _untitled(some: dict[str, list[Section]], others: dict[str, list[Section]]) -> list[Section]:
    """Sections whose title none of the others has."""
    return [s for base, sections in some.items() if base not in others for s in sections]


def _alike(new: Sequence[Section], old: Sequence[Section], least: float) -> dict[str, str]:
    """The id of an old section for each new one that has more than so much of its words."""
    pairs = sorted(
        ((_shared(a, b), -n, -m, a, b) for n, a in enumerate(new) for m, b in enumerate(old)),
        key=lambda pair: pair[:3],
        reverse=True,
    )
    named: dict[str, str] = {}
    for share, _, _, section, was in pairs:
        if share > least and section.id not in named and was.id not in named.values():
            named[section.id] = was.id
    return named


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
