"""What at a target nobody needs any more. Pure.

Audio is superseded from the moment that other audio of its episode is there, or a page which says
that it was taken back.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from hy_audio.publish.plan import Plan
from hy_audio.publish.probe import addresses

_MEDIA = re.compile(r"([a-z0-9-]+)/[a-z0-9-]+-[0-9a-f]{12}\.(?:mp3|vtt|srt|json)")
"""What `Local.public_name` makes: an episode and a file of it."""
_OLDER = re.compile(r"feed-[0-9a-f]{12}\.xml")
_UNFINISHED = re.compile(r"\.unfinished/[0-9a-f]+|\.publishing/[0-9a-f]+")
_A_DAY = timedelta(days=1)


def superseded(
    plan: Plan, there: Iterable[tuple[str, datetime]], now: datetime, keep_days: int
) -> list[str]:
    """Files that may go.

    Args:
        plan: what is published now.
        there: everything at the target, and when it was written.
        now: the time.
        keep_days: how long superseded audio stays, for who downloads an episode late.
    """
    files = dict(there)
    named = {one.url.removeprefix(plan.show.url) for one in addresses(plan.show, plan.items)}
    named |= {put.name for put in plan.media}
    since: dict[str, datetime] = {}
    for name, written in files.items():
        folder = name.partition("/")[0]
        if name in named or name == f"{folder}/index.html":
            since[folder] = max(written, since.get(folder, written))
    return sorted(
        name
        for name, written in files.items()
        if name not in named and _is_past(name, written, since, now, timedelta(days=keep_days))
    )


def _is_past(
    name: str, written: datetime, since: dict[str, datetime], now: datetime, kept: timedelta
) -> bool:
    if _UNFINISHED.fullmatch(name):
        return now - written >= _A_DAY
    if _OLDER.fullmatch(name):
        return now - written >= kept
    media = _MEDIA.fullmatch(name)
    if media is None:
        return False
    return now - max(written, since.get(media[1], written)) >= kept
