"""What a target has to hold so that it has all that is published, and the episodes at hand.

Reads episodes, writes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from hy_audio import episode
from hy_audio.errors import ConfigError
from hy_audio.manifest import Manifest
from hy_audio.publish import feed
from hy_audio.publish.feed import Feed
from hy_audio.publish.item import MEDIA_TYPES, Local, Standing, describe, first_published
from hy_audio.publish.judge import Check, Judge, Wanted
from hy_audio.publish.model import INDEX, Item, Reading, Resource, Show
from hy_audio.publish.order import Decision, Fate, Order, Put
from hy_audio.publish.record import Record
from hy_audio.publish.show import edition_time
from hy_audio.publish.site import pages
from hy_audio.publish.site.index import month_page
from hy_audio.publish.site.reading import read_along
from hy_audio.publish.state import Withdrawn

_HTML = "text/html"
_FEED = "application/rss+xml"
_TYPES = {".html": _HTML, ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done."""

    show: Show
    """The show."""
    items: tuple[Item, ...]
    """All that will be published."""
    decisions: tuple[Decision, ...]
    """What becomes of each episode at hand."""
    media: tuple[Put, ...]
    """Files that are kept for good."""
    pages: tuple[Put, ...]
    """Files that are replaced: the pages of episodes."""
    index: tuple[Put, ...]
    """The pages that list them, replaced when all that is listed is heard."""
    older: tuple[Resource, ...]
    """The pages of older episodes that the feed leads to."""
    feed: Put
    """The feed."""
    told: tuple[Item, ...]
    """The items that stand in documents which the target has not."""
    withdrawn: frozenset[str] = frozenset()
    """Slugs of episodes that were taken back."""
    emptied: tuple[str, ...] = ()
    """Pages of months in which nothing is left, if they are there."""
    after: tuple[Put, ...] = ()
    """Files that are replaced when the feed is there: what lies where episodes were taken back."""
    takes_back: bool = False
    """Whether it only takes something back: that has to be done, whatever else is not heard."""


def maker(show: Show) -> str:
    """Tells what made an item and its page: another one where it would make others today."""
    looks = f"{pages.fingerprint()} {replace(show, guid='')!r}"
    return sha256(looks.encode()).hexdigest()[:12]


def make_plan(
    order: Order,
    record: Record,
    at_hand: Sequence[Local | Decision],
    check: Check,
    cover: Put | None,
) -> Plan:
    """What has to be done to publish the episodes at hand beside all others.

    Args:
        order: what the editor wants.
        record: what is published.
        at_hand: the episodes, as `read_locals` tells.
        check: looks at those that are new or changed.
        cover: the picture of the show, if it may have to be written.
    """
    made_by, known = maker(record.show), record.items
    judge = Judge.of(order, record, check, made_by)
    judged = [one if isinstance(one, Decision) else judge.judge(one) for one in at_hand]
    wanted = [one for one in judged if isinstance(one, Wanted)]
    unread: dict[str, str] = {}
    described = list(_described(order, record, wanted, made_by, unread))
    decisions = [
        _settled(one.decision, unread) if isinstance(one, Wanted) else one for one in judged
    ]
    changed = {item.slug: item for _, item in described}
    withdrawn = tuple(one for one in record.feed.withdrawn if one.slug not in changed)
    items = known | changed
    published = replace(record.feed, items=tuple(items.values()), withdrawn=withdrawn)
    newest = sorted(published.items, key=feed.place, reverse=True)[: order.publish.feed_items]
    same = {one.slug for one in decisions if one.fate is Fate.SAME} & {i.slug for i in newest}
    there = [one for one in at_hand if isinstance(one, Local) and one.manifest.slug in same]
    files = [put for local in (*(local for local, _ in described), *there) for put in media(local)]
    texts = [
        *(_page(record.show, local, item) for local, item in described),
        *(replace(_page(record.show, o, items[o.manifest.slug]), if_missing=True) for o in there),
    ]
    made = tuple(changed.values())
    return finished(order, record, published, tuple(decisions), cover, files, texts, made)


def finished(
    order: Order,
    record: Record,
    published: Feed,
    decisions: tuple[Decision, ...],
    cover: Put | None,
    files: Sequence[Put] = (),
    texts: Sequence[Put] = (),
    changed: Sequence[Item] = (),
    takes_back: bool = False,
) -> Plan:
    """A plan with the feed, its older pages, the show's pages and what these need."""
    show = record.show
    by = f"hy-audio/{version('hy-audio')}"
    documents = feed.write(show, replace(published, generator=by), order.publish.feed_items)
    data = documents.pop(feed.NAME)
    listed = sorted(published.items, key=feed.place, reverse=True)
    kept = [
        *([cover] if cover else []),
        *files,
        *(Put(name, asset, _type(name), len(asset)) for name, asset in pages.assets().items()),
        *(Put(name, page, _FEED, len(page)) for name, page in documents.items()),
    ]
    index = pages.index_pages(show, listed)
    gone = [
        Put(f"{one.slug}/{INDEX}", pages.withdrawn_page(show, one.title), _HTML)
        for one in published.withdrawn
    ]
    moments = {one.published for one in record.feed.items}
    moments |= {one.published for one in published.withdrawn}
    months = set(map(month_page, moments))
    is_new = record.held is None or record.held.data != data
    told = dict.fromkeys([*listed[: order.publish.feed_items], *changed]) if is_new else {}
    return Plan(
        show,
        tuple(listed),
        decisions,
        tuple(kept),
        tuple(texts),
        tuple(Put(name, page, _type(name)) for name, page in index.items()),
        tuple(Resource(f"{show.url}{name}", len(d), _FEED) for name, d in documents.items()),
        Put(feed.NAME, data, _FEED),
        tuple(told),
        frozenset(one.slug for one in published.withdrawn),
        tuple(sorted(months - index.keys())),
        tuple(gone),
        takes_back,
    )


def _type(name: str) -> str:
    return _TYPES[Path(name).suffix]


# What is told of it


def _settled(decision: Decision, unread: Mapping[str, str]) -> Decision:
    why = unread.get(decision.slug)
    return replace(decision, fate=Fate.REFUSED, why=why) if why else decision


def _described(
    order: Order,
    record: Record,
    wanted: Sequence[Wanted],
    made_by: str,
    unread: dict[str, str],
) -> Iterator[tuple[Local, Item]]:
    """The items of episodes; those that are new are numbered in the order in which they appear.

    Of one whose script can't be read, the reason goes to `unread`.
    """
    edition, known = edition_time(order.show), record.items
    back = {one.slug: one for one in record.feed.withdrawn}
    standings = _Standings(record)
    dated = [(first_published(w.local.manifest, edition, order.now), w.local) for w in wanted]
    for published, local in sorted(dated, key=lambda one: (one[0], one[1].manifest.slug)):
        manifest = local.manifest
        old = known.get(manifest.slug) or back.get(manifest.slug)
        standing = standings.of(manifest, old, published)
        try:
            reading = _reading(record.show, local, standing.first_revision)
        except ConfigError as error:
            unread[manifest.slug] = str(error)
            continue
        standings.take(standing)
        yield local, describe(record.show, local, reading, standing, made_by)


class _Standings:
    """Which numbers and moments are free."""

    def __init__(self, record: Record) -> None:
        taken: list[Item | Withdrawn] = [*record.feed.items, *record.feed.withdrawn]
        self._moments = {one.published for one in taken}
        self._numbers: dict[int, int] = {}
        for one in taken:
            self._numbers[one.season] = max(self._numbers.get(one.season, 0), one.number)

    def of(self, manifest: Manifest, old: Item | Withdrawn | None, published: datetime) -> Standing:
        """The place of an episode: the one that it has or had, or the next.

        Episodes of one edition appear a second apart, for players order them by their time.
        """
        if old:
            first = min(old.first_revision, manifest.revision)
            return Standing(old.guid, old.published, old.season, old.number, first)
        while published in self._moments:
            published += timedelta(seconds=1)
        number = self._numbers.get(published.year, 0) + 1
        return Standing(manifest.guid, published, published.year, number, manifest.revision)

    def take(self, standing: Standing) -> None:
        """Nobody else gets it."""
        self._moments.add(standing.published)
        taken = self._numbers.get(standing.season, 0)
        self._numbers[standing.season] = max(taken, standing.number)


def _reading(show: Show, local: Local, first_revision: int) -> Reading:
    """The text of an episode.

    Raises:
        ConfigError: its script or its page can't be read, or is another one's.
    """
    script, page = episode.read_script(local.folder), episode.read_source(local.folder)
    if script is None or page is None:
        raise ConfigError(f"its {episode.SCRIPT} or {episode.SOURCE} can't be read; build it again")
    corrections = local.corrections(first_revision, show.timezone)
    return read_along(local.manifest, script, page, corrections)


def media(local: Local) -> Iterator[Put]:
    """The files of an episode that listeners get."""
    for name, media_type in MEDIA_TYPES.items():
        size = local.manifest.files[name].bytes
        yield Put(local.public_name(name), local.folder / name, media_type, size)


def _page(show: Show, local: Local, item: Item) -> Put:
    """The page of an episode, made when it is needed."""

    def render() -> bytes:
        return pages.episode_page(show, item, _reading(show, local, item.first_revision))

    return Put(f"{item.slug}/{INDEX}", render, _HTML)
