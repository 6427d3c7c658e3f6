"""What a target has to hold so that it has all that is published, and the episodes at hand.

Reads episodes, writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from msgspec.structs import replace as replaced

from hy_audio import episode
from hy_audio.check.model import Found
from hy_audio.check.run import episodes
from hy_audio.errors import ConfigError
from hy_audio.publish import feed
from hy_audio.publish.feed import Feed
from hy_audio.publish.item import MEDIA_TYPES, Local, Standing, describe, first_published
from hy_audio.publish.model import INDEX, Item, Reading, Show
from hy_audio.publish.order import Decision, Fate, Order, Put
from hy_audio.publish.record import Record
from hy_audio.publish.show import edition_time
from hy_audio.publish.site import pages
from hy_audio.publish.site.reading import read_along

HTML = "text/html"
_FEED = "application/rss+xml"
_TYPES = {".html": HTML, ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
_BEEPS = "tone"


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
    """Files that are replaced."""
    feed: Put
    """The feed."""
    told: tuple[Item, ...]
    """The items that stand in documents which the target has not."""


Check = Callable[[Local], Sequence[Found]]
"""Looks at an episode, and tells what is off."""


def generator(show: Show) -> str:
    """What made a feed and its pages: changes when the same episodes would give other ones."""
    looks = f"{pages.fingerprint()} {replace(show, guid='')!r}"
    return f"hy-audio/{version('hy-audio')} ({sha256(looks.encode()).hexdigest()[:12]})"


def read_locals(output: Path) -> Iterator[Local | Decision]:
    """The episodes in a folder; of one that can't be published, why.

    Raises:
        ConfigError: there is none.
    """
    known: dict[str, Path] = {}
    for folder in episodes(output):
        try:
            manifest = episode.open_episode(folder)
            missing = [name for name in MEDIA_TYPES if name not in manifest.files]
        except (ConfigError, OSError) as error:
            yield Decision(folder.name, "", Fate.REFUSED, str(error))
            continue
        other = known.setdefault(manifest.slug, folder)
        if missing or other != folder:
            why = f"it has no {missing[0]}" if missing else f"{other} is the same episode"
            yield Decision(folder.name, manifest.title, Fate.REFUSED, why)
        else:
            yield Local(folder, manifest)


def make_plan(
    order: Order,
    record: Record,
    at_hand: Iterable[Local | Decision],
    check: Check,
    cover: Put,
) -> Plan:
    """What has to be done to publish the episodes at hand beside all others.

    Args:
        order: what the editor wants.
        record: what is published.
        at_hand: the episodes, as `read_locals` tells.
        check: looks at those that are new or changed.
        cover: the picture of the show.
    """
    made_by = generator(record.show)
    judged = [
        one if isinstance(one, Decision) else _judged(order, record, one, check, made_by)
        for one in at_hand
    ]
    wanted = [one for one in judged if isinstance(one, _Wanted)]
    unread: dict[str, str] = {}
    described = list(_described(order, record, wanted, unread))
    decisions = [
        _settled(one.decision, unread) if isinstance(one, _Wanted) else one for one in judged
    ]
    items = record.items | {item.slug: item for _, item in described}
    published = Feed(tuple(items.values()), record.feed.withdrawn, made_by)
    files = [put for local, _ in described for put in media(local)]
    texts = [_page(record.show, local, item) for local, item in described]
    changed = [item for _, item in described]
    return finished(order, record, published, tuple(decisions), (cover, *files), texts, changed)


def finished(
    order: Order,
    record: Record,
    published: Feed,
    decisions: tuple[Decision, ...],
    files: Sequence[Put],
    texts: Sequence[Put],
    changed: Sequence[Item] = (),
) -> Plan:
    """A plan with the feed, its older pages, the show's pages and what these need."""
    show = record.show
    documents = feed.write(show, published, order.publish.feed_items)
    data = documents.pop(feed.NAME)
    listed = sorted(published.items, key=feed.place, reverse=True)
    kept = [
        *files,
        *(Put(name, asset, _type(name), len(asset)) for name, asset in pages.assets().items()),
        *(Put(name, page, _FEED, len(page)) for name, page in documents.items()),
    ]
    index = pages.index_pages(show, listed)
    texts = [*texts, *(Put(name, page, _type(name)) for name, page in index.items())]
    is_new = record.held is None or record.held.data != data
    told = dict.fromkeys([*listed[: order.publish.feed_items], *changed]) if is_new else {}
    return Plan(
        show,
        tuple(listed),
        decisions,
        tuple(kept),
        tuple(texts),
        Put(feed.NAME, data, _FEED),
        tuple(told),
    )


def _type(name: str) -> str:
    return _TYPES[Path(name).suffix]


# What becomes of an episode


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An episode that is new at the target, or another than there."""

    local: Local
    decision: Decision


def _judged(
    order: Order, record: Record, local: Local, check: Check, made_by: str
) -> _Wanted | Decision:
    manifest, known = local.manifest, record.items.get(local.manifest.slug)
    decide = partial(Decision, manifest.slug, manifest.title)
    if manifest.slug in record.feed.withdrawn:
        return decide(Fate.WITHDRAWN, "hy-audio unpublish --undo brings it back")
    if known and _is_same(known, local, record.show):
        is_same = record.feed.generator == made_by
        return decide(Fate.SAME) if is_same else _Wanted(local, decide(Fate.RENEWED))
    if known and known.updated and _changed(local) < known.updated and not order.force:
        why = "what is published was corrected later; --force publishes this one all the same"
        return decide(Fate.REFUSED, why)
    against = _against(local, check)
    if against and (not order.force or against.startswith(_NEVER)):
        return decide(Fate.REFUSED, against)
    if against:
        local = _measured(local)
    return _Wanted(local, decide(Fate.CORRECTED if known else Fate.NEW, against))


def _is_same(known: Item, local: Local, show: Show) -> bool:
    """Whether an item has the files that an episode has."""
    named = (known.audio, known.chapters_file, *known.transcripts)
    return {one.url for one in named} == {local.resource(show, name).url for name in MEDIA_TYPES}


def _changed(local: Local) -> datetime:
    """When an episode was changed last; long ago if it never was."""
    lines = local.manifest.history
    when = lines[-1].when if lines else "0001-01-01T00:00:00Z"
    return datetime.fromisoformat(when)


_NEVER = "ledger"
"""Begins what no `--force` helps against: words of the page that nobody says."""


def _against(local: Local, check: Check) -> str:
    """What stands against publishing an episode; empty if nothing does."""
    off = [found for found in check(local) if found.is_off]
    first = next((found for found in off if found.check == _NEVER), next(iter(off), None))
    if first:
        more = f" and {len(off) - 1} more" if len(off) > 1 else ""
        told = ": ".join(filter(None, (first.check, first.place, first.problem)))
        return f"{told}{more}; hy-audio check tells all of it"
    beeps = any(section.voice.engine == _BEEPS for section in local.manifest.sections)
    return "it is spoken in beeps; build it with a voice" if beeps else ""


def _measured(local: Local) -> Local:
    """An episode whose files are told as they are, whatever its manifest says."""
    there = {name: episode.file_entry(local.folder / name) for name in MEDIA_TYPES}
    return replace(local, manifest=replaced(local.manifest, files=local.manifest.files | there))


# What is told of it


def _settled(decision: Decision, unread: Mapping[str, str]) -> Decision:
    why = unread.get(decision.slug)
    return replace(decision, fate=Fate.REFUSED, why=why) if why else decision


def _described(
    order: Order, record: Record, wanted: Sequence[_Wanted], unread: dict[str, str]
) -> Iterator[tuple[Local, Item]]:
    """The items of episodes; those that are new are numbered in the order in which they appear.

    Of one whose script can't be read, the reason goes to `unread`.
    """
    edition, known = edition_time(order.show), record.items
    numbers: dict[int, int] = {}
    for item in known.values():
        numbers[item.season] = max(numbers.get(item.season, 0), item.number)
    dated = [(first_published(w.local.manifest, edition, order.now), w.local) for w in wanted]
    for published, local in sorted(dated, key=lambda one: (one[0], one[1].manifest.slug)):
        manifest = local.manifest
        old = known.get(manifest.slug)
        first_revision = old.first_revision if old else manifest.revision
        try:
            reading = _reading(record.show, local, first_revision)
        except ConfigError as error:
            unread[manifest.slug] = str(error)
            continue
        if old is None:
            numbers[published.year] = numbers.get(published.year, 0) + 1
        standing = Standing(
            guid=old.guid if old else manifest.guid,
            published=old.published if old else published,
            season=old.season if old else published.year,
            number=old.number if old else numbers[published.year],
            first_revision=first_revision,
        )
        yield local, describe(record.show, local, reading, standing)


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

    return Put(f"{item.slug}/{INDEX}", render, HTML)
