"""Ids of sections: each keeps its own while titles change and others come and go. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, pairwise
from typing import NamedTuple

from hy_audio.script.model import Script, Section
from hy_audio.script.slug import slug

_SAME_WORDS = 0.5
"""A section with another title is the old one if it has so many of its words."""


class _Known(NamedTuple):
    """What a section is known by."""

    id: str
    base: str
    words: str


def keep_ids(script: Script, before: Script | None, decided: Mapping[str, str]) -> Script:
    """Give sections the ids that they had.

    A section is the old one of the same title; of several with that title, the one whose words it
    has most of. What is left then is the old one, or the one that was gone, whose words it has. All
    others take ids that nobody has.

    Args:
        script: as it is now; all its words are printed ones.
        before: as it was, with an editor's words where some were given; None to change nothing.
        decided: by id, printed words of sections about which an editor decided something, whether
            or not they are still there.
    """
    if before is None:
        return script
    new = [_Known(s.id, slug(s.title), s.printed) for s in script.sections]
    old = [_Known(s.id, slug(s.title), s.printed or decided.get(s.id, "")) for s in before.sections]
    taken = {section.id for section in old}
    gone = [_Known(one, "", words) for one, words in decided.items() if one not in taken]
    news, olds = _by_title(new), _by_title(old)
    named: dict[str, str] = {}
    for base, some in news.items():
        others = olds.get(base, [])
        alone = len(some) == len(others) == 1
        named |= {some[0].id: others[0].id} if alone else _alike(some, others, 0.0)
    left = [section for section in new if section.id not in named]
    lost = [section for section in (*old, *gone) if section.id not in named.values()]
    named |= _alike(left, lost, _SAME_WORDS)
    taken |= decided.keys()
    for section in new:
        if section.id not in named:
            named[section.id] = next(n for n in _tries(section.base) if n not in taken)
            taken.add(named[section.id])
    return replace(script, sections=tuple(_renamed(s, named[s.id]) for s in script.sections))


def _by_title(sections: Sequence[_Known]) -> dict[str, list[_Known]]:
    found: dict[str, list[_Known]] = {}
    for section in sections:
        found.setdefault(section.base, []).append(section)
    return found


def _alike(new: Sequence[_Known], old: Sequence[_Known], least: float) -> dict[str, str]:
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


def _shared(one: _Known, other: _Known) -> float:
    """How many of the pairs of neighbouring characters the two have in common, from 0 to 1."""
    a, b = ({x + y for x, y in pairwise(section.words)} for section in (one, other))
    return len(a & b) / max(1, min(len(a), len(b)))


def _renamed(section: Section, section_id: str) -> Section:
    if section_id == section.id:
        return section
    utterances = (
        replace(u, id=section_id + u.id.removeprefix(section.id)) for u in section.utterances
    )
    return replace(section, id=section_id, utterances=tuple(utterances))
