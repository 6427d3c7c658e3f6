"""What a target has to hold so that it has all that is published, and the episodes at hand.

Reads episodes, writes nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from msgspec.structs import replace as replaced

from hy_audio import episode
from hy_audio.check.model import Found
from hy_audio.check.run import episodes
from hy_audio.errors import ConfigError
from hy_audio.manifest import Manifest
from hy_audio.publish import feed
from hy_audio.publish.feed import Feed
from hy_audio.publish.item import MEDIA_TYPES, Local, Standing, describe, first_published
from hy_audio.publish.model import INDEX, Item, Reading, Resource, Show
from hy_audio.publish.order import Decision, Fate, Order, Put
from hy_audio.publish.record import Record
from hy_audio.publish.show import edition_time
from hy_audio.publish.site import pages
from hy_audio.publish.site.index import month_page
from hy_audio.publish.site.reading import read_along
from hy_audio.publish.state import Withdrawn

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


Check = Callable[[Local], Sequence[Found]]
"""Looks at an episode, and tells what is off."""


def maker(show: Show) -> str:
    """Tells what made an item and its page: another one where it would make others today."""
    looks = f"{pages.fingerprint()} {replace(show, guid='')!r}"
    return sha256(looks.encode()).hexdigest()[:12]


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
        why = next(_unfit(folder, manifest, missing, other), "")
        if why:
            yield Decision(folder.name, manifest.title, Fate.REFUSED, why)
        else:
            yield Local(folder, manifest)


def _unfit(folder: Path, manifest: Manifest, missing: Sequence[str], other: Path) -> Iterator[str]:
    """What stands against an episode whatever is published."""
    if not _SLUG.fullmatch(manifest.slug):
        named = f"its name {manifest.slug!r} can't stand in an address"
        yield f"{named}; rename its folder (a to z, figures, -) and regenerate a section of it"
    if missing:
        yield f"it has no {missing[0]}"
    if other != folder:
        yield f"{other} is the same episode"


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""The name of an episode's folder: all of it is in its addresses."""


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
    judge = _Judge(order, record, check, made_by, known, dict(_names(record)))
    judged = [one if isinstance(one, Decision) else judge.of(one) for one in at_hand]
    wanted = [one for one in judged if isinstance(one, _Wanted)]
    unread: dict[str, str] = {}
    described = list(_described(order, record, wanted, made_by, unread))
    decisions = [
        _settled(one.decision, unread) if isinstance(one, _Wanted) else one for one in judged
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
        Put(f"{one.slug}/{INDEX}", pages.withdrawn_page(show, one.title), HTML)
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


# What becomes of an episode


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An episode that is new at the target, or another than there."""

    local: Local
    decision: Decision


def _names(record: Record) -> Iterator[tuple[str, str]]:
    """Guids of what is published or was taken back, and the slugs that they stand for."""
    known: tuple[Item | Withdrawn, ...] = (*record.feed.withdrawn, *record.feed.items)
    for one in known:
        yield one.guid, one.slug
        yield one.origin, one.slug


@dataclass(frozen=True, slots=True)
class _Judge:
    """Decides what becomes of episodes."""

    order: Order
    record: Record
    check: Check
    made_by: str
    known: Mapping[str, Item]
    """What is published, by its slug."""
    names: dict[str, str]
    """Slugs of what is published, was taken back or goes out now, by their guids."""

    def of(self, local: Local) -> _Wanted | Decision:
        """What becomes of one."""
        found = self._judged(local)
        if isinstance(found, _Wanted):
            self.names[local.manifest.guid] = local.manifest.slug
        return found

    def _judged(self, local: Local) -> "_Wanted | Decision":
        manifest, known = local.manifest, self.known.get(local.manifest.slug)
        decide = partial(Decision, manifest.slug, manifest.title)
        name = self.names.get(manifest.guid, manifest.slug)
        gone = {one.slug: one for one in self.record.feed.withdrawn}
        if name != manifest.slug:
            so_far = ", which was taken back" if name in gone else ""
            advice = f"to publish it, call its folder {name} again and regenerate a section"
            return decide(Fate.REFUSED, f"it is the same as {name}{so_far}; {advice}")
        if name in gone and not gone[name].may_return:
            return decide(Fate.WITHDRAWN, f"hy-audio unpublish {name} --undo brings it back")
        fate = _fate(known, local, self.record.show)
        if known and fate is Fate.RENEWED and known.seal == local.seal:
            if known.made_by == self.made_by:
                return decide(Fate.SAME)
            texts = (episode.SCRIPT, episode.SOURCE)
            is_whole = episode.is_as_written(local.folder, manifest, *texts)
            return _Wanted(local, decide(fate)) if is_whole else decide(Fate.REFUSED, _SPOILED)
        before = known or gone.get(manifest.slug)
        if before and not self.order.force and (why := _astray(before, local, fate)):
            alone = f"hy-audio publish {local.folder} --force"
            return decide(Fate.REFUSED, f"{why}; to put this one in its place: {alone}")
        return self._checked(local, fate)

    def _checked(self, local: Local, fate: Fate) -> _Wanted | Decision:
        """What becomes of one that is new or changed, when it has been looked at."""
        decide = partial(Decision, local.manifest.slug, local.manifest.title)
        against = _against(local, self.check)
        if against and (not self.order.force or against.startswith(_NEVER)):
            return decide(Fate.REFUSED, against)
        if against and (lost := [n for n in MEDIA_TYPES if not (local.folder / n).is_file()]):
            return decide(Fate.REFUSED, f"its {lost[0]} is not there; build it again")
        return _Wanted(_measured(local) if against else local, decide(fate, against))


_SPOILED = "its script or its page was changed by other hands; build it again"


def _fate(known: Item | None, local: Local, show: Show) -> Fate:
    """What publishing an episode makes of it."""
    if known is None:
        return Fate.NEW
    named = (known.audio, known.chapters_file, *known.transcripts)
    urls = {local.resource(show, name).url for name in MEDIA_TYPES}
    return Fate.RENEWED if {one.url for one in named} == urls else Fate.CORRECTED


def _astray(known: Item | Withdrawn, local: Local, fate: Fate) -> str:
    """Why an episode is no later state of what is, or was, published; empty if it is."""
    manifest = local.manifest
    was = "is published" if isinstance(known, Item) else "was taken back"
    if manifest.guid != known.origin:
        return f"another episode {was} under its name, {known.title}"
    if manifest.revision < known.revision:
        return f"what {was} is a later revision"
    if manifest.revision == known.revision:
        comes_of_it = local.seal == known.seal or fate is Fate.RENEWED
    else:
        comes_of_it = local.follows(known.revision, known.seal)
    if comes_of_it:
        return ""
    return f"it was not made of what {was}: that was built or changed at another desk, or after it"


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
    order: Order,
    record: Record,
    wanted: Sequence[_Wanted],
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

    return Put(f"{item.slug}/{INDEX}", render, HTML)
