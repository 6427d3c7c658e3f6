"""What at a target nobody needs any more. Pure.

Audio is superseded from the moment that other audio of its episode is there, or a page which says
that it was taken back.
"""

import re
from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from hy_audio import files
from hy_audio.publish.model import INDEX
from hy_audio.publish.plan import Plan
from hy_audio.publish.probe import addresses

_OLDER = re.compile(r"feed-[0-9a-f]{12}\.xml")
_UNFINISHED = re.compile(r"\.(?:unfinished|publishing)/[0-9a-f]{16}")
_MEDIA = re.compile(
    r"(?P<slug>[a-z0-9-]+)/"
    r"(?:(?P<audio>[a-z0-9-]+)-[0-9a-f]{12}\.mp3"
    r"|transcript-[0-9a-f]{12}\.(?:vtt|srt)|chapters-[0-9a-f]{12}\.json)"
)
_A_DAY = timedelta(days=1)


def superseded(
    plan: Plan,
    there: Mapping[str, datetime],
    before: frozenset[str],
    now: datetime,
    keep_days: int,
) -> list[str]:
    """Files that may go.

    Args:
        plan: what is published now.
        there: everything at the target, and when it was written.
        before: pages of older items that were led to until now, and may still be read.
        now: the time.
        keep_days: how long superseded audio stays, for who downloads an episode late.
    """
    named = {one.url.removeprefix(plan.show.url) for one in addresses(plan.show, plan.items)}
    named |= {put.name for put in plan.media} | before
    kept = timedelta(days=keep_days)
    ages = {name: max(timedelta(0), now - written) for name, written in there.items()}
    replaced = _replaced(plan, ages, named)
    return sorted(
        name
        for name, age in ages.items()
        if name not in named
        and (
            (_is_media(name) and min(age, replaced.get(_folder(name), timedelta(0))) >= kept)
            or (_OLDER.fullmatch(name) and age >= kept)
            or (_is_left_over(name) and age >= _A_DAY)
        )
    )


def _replaced(plan: Plan, ages: Mapping[str, timedelta], named: Set[str]) -> dict[str, timedelta]:
    """How long ago the audio of each episode was superseded, by the slugs of all that are known."""
    found: dict[str, timedelta] = {}
    for name, age in ages.items():
        slug = _folder(name)
        is_gone = slug in plan.withdrawn and name == f"{slug}/{INDEX}"
        if is_gone or (name in named and _is_media(name)):
            found[slug] = min(age, found.get(slug, age))
    return found


def _folder(name: str) -> str:
    return name.partition("/")[0]


def _is_media(name: str) -> bool:
    """Whether it is a name that `Local.public_name` makes."""
    match = _MEDIA.fullmatch(name)
    return match is not None and (match["audio"] is None or match["audio"] == match["slug"])


def _is_left_over(name: str) -> bool:
    """Whether it is what a run that was broken off has left."""
    last = name.rpartition("/")[2]
    return bool(_UNFINISHED.fullmatch(name) or files.UNFINISHED.fullmatch(last))
