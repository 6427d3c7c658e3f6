"""Publishing: what is at hand is put beside what is published, and brought to its target."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from hy_audio import naming
from hy_audio.check.model import Found
from hy_audio.check.run import check as check_episode
from hy_audio.config import PublishConfig, ShowConfig
from hy_audio.errors import ConfigError, PublishError
from hy_audio.progress import Reporter
from hy_audio.publish import artwork
from hy_audio.publish.item import Local
from hy_audio.publish.judge import read_locals
from hy_audio.publish.model import Item, Resource, Show
from hy_audio.publish.order import Decision, Fate, Order, Outcome, Put
from hy_audio.publish.place import Place, open_place
from hy_audio.publish.plan import Plan, finished, make_plan, maker
from hy_audio.publish.probe import image_type
from hy_audio.publish.prune import JUST_WRITTEN, is_as_named, superseded
from hy_audio.publish.record import Record, read_record
from hy_audio.publish.show import is_local, read_show
from hy_audio.publish.state import Withdrawn
from hy_audio.publish.text import line
from hy_audio.publish.upload import is_published, settle, upload
from hy_audio.storage import Changed

_ATTEMPTS = 8
"""How often a feed that somebody else has changed meanwhile is written anew."""

Planner = Callable[[Record, Put | None], Plan]


def publish(order: Order, report: Reporter, *, prune: bool = False) -> Outcome:
    """Bring a show and the episodes at hand to their target.

    Args:
        order: what the editor wants.
        report: told how far it is.
        prune: whether to remove, at last, what was superseded long enough ago.

    Raises:
        ConfigError: the show can't be published as it is configured, or there is no episode.
        PublishError: the target can't be used, or does not give what the feed would name; the feed
            is as it was.
    """
    at_hand = list(read_locals(order.output))
    checked: dict[str, Sequence[Found]] = {}

    def check(local: Local) -> Sequence[Found]:
        seal = local.manifest.seal
        if seal not in checked:
            report.stage("checking", local.manifest.title)
            checked[seal] = check_episode(local.folder).found
        return checked[seal]

    def plan(record: Record, cover: Put | None) -> Plan:
        return make_plan(order, record, at_hand, check, cover)

    done = _run(order, report, plan, prune)
    return replace(done, notes=(*done.notes, *_unnamed(order.show.name, at_hand, done)))


def _unnamed(name: str, at_hand: Sequence[Local | Decision], done: Outcome) -> Iterator[str]:
    """Say which of the episodes that go out now begin with another name of the show, or none."""
    going = {one.slug for one in done.decisions if one.fate in (Fate.NEW, Fate.CORRECTED)}
    local = [one.manifest for one in at_hand if isinstance(one, Local)]
    other = [one.slug for one in local if one.slug in going and one.show != name]
    if other:
        more = f" and {len(other) - 1} more" if len(other) > 1 else ""
        yield f"{other[0]}{more} was built before the show had this name; to hear it, build again"


def unpublish(order: Order, name: str, report: Reporter, *, undo: bool = False) -> Outcome:
    """Take an episode back: its item goes, all others stay; or let it come again.

    Args:
        order: what the editor wants.
        name: its slug, its title or a part of one title only.
        report: told how far it is.
        undo: whether it may be published again.

    Raises:
        ConfigError: there is no such episode, or the show can't be published as it is configured.
        PublishError: as `publish`.
    """

    def plan(record: Record, cover: Put | None) -> Plan:
        make = _restored if undo else _without
        return make(order, record, name, cover)

    return _run(order, report, plan, False)


def _without(order: Order, record: Record, name: str, cover: Put | None) -> Plan:
    feed = record.feed
    known: tuple[Item | Withdrawn, ...] = (*feed.items, *feed.withdrawn)
    meant = _meant(known, name, "is not among the published episodes")
    gone = replace(meant, may_return=False) if isinstance(meant, Withdrawn) else Withdrawn.of(meant)
    why = "it was taken back before" if gone in feed.withdrawn else ""
    published = replace(
        feed,
        items=tuple(one for one in feed.items if one.slug != gone.slug),
        withdrawn=(*(one for one in feed.withdrawn if one.slug != gone.slug), gone),
        changed=feed.changed if why else _later(order.now, feed.changed),
    )
    decision = Decision(gone.slug, gone.title, Fate.WITHDRAWN, why)
    return finished(order, record, published, (decision,), cover, takes_back=True)


def _later(now: datetime, before: datetime | None) -> datetime:
    """The time of a change: not before the one before it, whatever other clocks say."""
    return max(now, before) if before else now


def _restored(order: Order, record: Record, name: str, cover: Put | None) -> Plan:
    feed = record.feed
    back = _meant(feed.withdrawn, name, "was not taken back")
    published = replace(
        feed,
        withdrawn=tuple(
            replace(one, may_return=True) if one == back else one for one in feed.withdrawn
        ),
        changed=feed.changed if back.may_return else _later(order.now, feed.changed),
    )
    decision = Decision(back.slug, back.title, Fate.RENEWED, "hy-audio publish brings it back")
    return finished(order, record, published, (decision,), cover)


Known = TypeVar("Known", Item, Withdrawn, Item | Withdrawn)


def _meant(known: Sequence[Known], name: str, problem: str) -> Known:
    """The one that is meant by a slug, a folder, a guid, a title or a part of one title only."""
    if not name.strip():
        raise ConfigError("name the episode: by its folder, its title or a part of that")
    slug = Path(name).name
    found = naming.meant(
        known,
        (
            lambda one: slug == one.slug or name == one.guid,
            lambda one: name == one.title,
            lambda one: name in one.title,
        ),
    )
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{one.slug} ({one.title})" for one in found[:5])
        raise ConfigError(f"{name!r} can be any of {listed}; name one by its slug")
    some = ", ".join(one.slug for one in known[:3])
    listed = f"there are {len(known)}, such as {some}" if known else "there are none"
    raise ConfigError(f"{name!r} {problem}; {listed}")


# The order of things


def _run(order: Order, report: Reporter, plan: Planner, prune: bool) -> Outcome:
    show, given = checked_show(order.show, order.publish)
    with _reached(order.place, _AS_IT_WAS):
        place = open_place(order.target)
        for attempt in range(_ATTEMPTS):
            if attempt:
                report.note("somebody else has published meanwhile; both are put together")
            record = read_record(place, show, bool(order.show.guid))
            record, cover = _with_cover(record, place, given)
            made = plan(record, cover)
            if not made.items and record.held is None:
                return Outcome(order.place, made.show.feed_url, made.decisions)
            try:
                written = upload(order, record, made, place, report)
            except Changed:
                continue
            break
        else:
            raise PublishError(f"{order.place} is changed all the time by others; try again later")
    with _reached(order.place, _NOTHING if order.dry_run else _PUBLISHED):
        replaced, removed = settle(order, made, place)
        notes = list(_notes(order, record, made))
        if prune:
            pruned = _prune(order, record, made, place, written)
            removed = (*removed, *(pruned or ()))
            notes += [_NOT_PRUNED] if pruned is None else []
    feed_url, written = made.show.feed_url, (*written, *replaced)
    return Outcome(order.place, feed_url, made.decisions, written, removed, tuple(notes))


_AS_IT_WAS = "the feed is as it was; run the same command again when that is mended"
_NOTHING = "nothing was changed; run the same command again when that is mended"
_PUBLISHED = "the feed is written, what comes after it is not; run the same command again"
_NOT_PRUNED = "nothing was pruned, for somebody else has published meanwhile; run it again"


def checked_show(
    show: ShowConfig, publish: PublishConfig, known: Mapping[str, str] | None = None
) -> tuple[Show, artwork.Artwork | None]:
    """The show of a configuration, without its cover's address, and the cover if one is given.

    Args:
        show: its `[show]`.
        publish: its `[publish]`.
        known: what is known to be wrong, by names such as `[show] name`.

    Raises:
        ConfigError: fields are missing or wrong; one message names each.
    """
    wrong, given = dict(known or {}), None
    if show.cover:
        try:
            given = artwork.check(show.cover)
        except ConfigError as error:
            wrong["[show] cover"] = f": {error}"
    return read_show(show, publish, Resource("", 0, ""), wrong), given


@contextmanager
def _reached(place: str, advice: str) -> Iterator[None]:
    """Say of which place it is that something failed, and how things stand."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        problem = f"{where}{error.strerror or str(error)}"
        raise PublishError(f"{place}: {problem}; {advice}") from error


def _with_cover(
    record: Record, place: Place, given: artwork.Artwork | None
) -> tuple[Record, Put | None]:
    """The record with the cover of its show, and the file, if it may have to be written.

    A cover that was drawn once stays while the show keeps its name: another machine has other
    fonts.
    """
    show, before = record.show, record.image.removeprefix(record.show.url)
    if given is None and before.startswith(_DRAWN) and record.name == line(show.name):
        seen = place.seen(before)
        if seen is not None:
            image = Resource(record.image, seen.length, image_type(record.image))
            return replace(record, show=replace(show, image=image)), None
    art = given or artwork.draw(show.name)
    name = f"{'cover-' if given else _DRAWN}{sha256(art.data).hexdigest()[:12]}{art.suffix}"
    image = Resource(f"{show.url}{name}", len(art.data), art.media_type)
    cover = Put(name, art.data, art.media_type, len(art.data))
    return replace(record, show=replace(show, image=image)), cover


_DRAWN = "cover-drawn-"
"""Begins the name of a cover that nobody gave."""


def _prune(
    order: Order, record: Record, plan: Plan, place: Place, written: Sequence[str]
) -> tuple[str, ...] | None:
    """Remove what nobody needs; None and nothing if the feed is not the one that was planned."""
    there = dict(place.files())
    if order.dry_run:
        there |= dict.fromkeys(written, order.now)
    names = superseded(plan, there, record.pages, order.now, order.publish.keep_days)
    ours = tuple(name for name in names if _is_ours(place, name))
    if order.dry_run:
        return ours
    if not is_published(plan, place):
        return None
    gone = tuple(name for name in ours if not _is_back(place, name, order.now))
    for name in gone:
        place.delete(name)
    return gone


def _is_ours(place: Place, name: str) -> bool:
    """Whether a file has in it what its name tells, if that tells it."""
    held = place.read(name)
    return held is not None and is_as_named(name, held.data)


def _is_back(place: Place, name: str, now: datetime) -> bool:
    """Whether somebody whose feed comes next has just written it again."""
    seen = place.seen(name)
    return seen is not None and now - seen.written < JUST_WRITTEN


def _notes(order: Order, record: Record, plan: Plan) -> Iterator[str]:
    if record.held is None:
        yield f"nothing was published at {order.place} before"
    if record.held is None and not order.show.guid:
        yield f"the show's guid is {plan.show.guid}; write it into [show] guid before you ever move"
    if plan.show.url.startswith("http:") and not is_local(plan.show.url):
        yield "[publish] url begins with http:, which Apple and others refuse; serve it by https:"
    if record.held is None and not order.show.cover:
        yield "a plain cover was drawn; [show] cover names a better one"
    at_hand = {one.slug for one in plan.decisions}
    today = maker(plan.show)
    old = sum(item.made_by != today and item.slug not in at_hand for item in plan.items)
    if old:
        yield f"{old} episodes that are not at hand keep the look and the settings that they have"
