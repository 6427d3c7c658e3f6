"""What at a target nobody needs any more. Pure.

Audio is superseded from the moment that other audio of its episode is there, or a page which says
that it was taken back.
"""

import re
from collections.abc import Collection, Mapping, Set
from datetime import datetime, timedelta
from hashlib import sha256

from hy_audio.publish.feed import UNNAMED, older_name
from hy_audio.publish.model import INDEX
from hy_audio.publish.plan import Plan
from hy_audio.publish.probe import addresses

_OLDER = re.compile(r"feed-[0-9a-f]{12}\.xml")
_UNFINISHED = re.compile(r"\.(?:unfinished|publishing)/[0-9a-f]{16}")
_BESIDE = re.compile(
    r"(?:[a-z0-9-]+/)?"
    r"\.(?:(?:feed|feed-[0-9a-f]{12})\.xml|episodes\.json|(?:index|month-\d{4}-\d{2})\.html"
    r"|[a-z0-9-]+-[0-9a-f]{12}\.(?:mp3|vtt|srt|json|jpg|png|css|js)|[a-z0-9.-]{48})"
    r"\.(?=\d*[a-f])[0-9a-f]{12}"
)
"""What `files.replacing` calls a file of ours before it is whole; long names are cut. Figures alone
are perhaps somebody's date."""
_MEDIA = re.compile(
    r"(?P<slug>[a-z0-9-]+)/"
    r"(?:(?P<audio>[a-z0-9-]+)-[0-9a-f]{12}\.mp3"
    r"|transcript-[0-9a-f]{12}\.(?:vtt|srt)|chapters-[0-9a-f]{12}\.json)"
)
_A_DAY = timedelta(days=1)
JUST_WRITTEN = timedelta(hours=1)
"""Age of a file that is never removed: perhaps a feed that names it is about to be written."""


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
    kept = max(timedelta(days=keep_days), JUST_WRITTEN)
    ages = {name: max(timedelta(0), now - written) for name, written in there.items()}
    replaced = _replaced(plan, ages, named)
    folders = plan.withdrawn | {item.slug for item in plan.items}
    return sorted(
        name
        for name, age in ages.items()
        if name not in named
        and (
            (_is_media(name) and min(age, replaced.get(_folder(name), timedelta(0))) >= kept)
            or (_OLDER.fullmatch(name) and age >= kept)
            or (_is_left_over(name, folders) and age >= _A_DAY)
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


def may_go(name: str) -> bool:
    """Whether a file with that name goes some time, if no feed names it."""
    return _is_media(name) or _OLDER.fullmatch(name) is not None


def _is_left_over(name: str, folders: Collection[str]) -> bool:
    """Whether it is what a broken-off run has left, in the root or in one of these folders."""
    is_ours = "/" not in name or _folder(name) in folders
    return bool(_UNFINISHED.fullmatch(name) or (is_ours and _BESIDE.fullmatch(name)))


def is_as_named(name: str, data: bytes) -> bool:
    """Whether a file that may go has in it what its name tells; what is unfinished tells nothing.

    A file of somebody else may have a name like one of ours: a date has twelve figures too.
    """
    if _OLDER.fullmatch(name):
        return older_name(data.replace(name.encode(), UNNAMED.encode(), 1)) == name
    return not _is_media(name) or sha256(data).hexdigest()[:12] in name
