"""Publishing: media first, pages next, the feed last, and nothing that is there already.

Whenever it is broken off, the feed names only what is there; the next run goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from hy_audio.check.model import Found
from hy_audio.check.run import check as check_episode
from hy_audio.errors import ConfigError, PublishError
from hy_audio.progress import Reporter
from hy_audio.publish import artwork
from hy_audio.publish.item import Local
from hy_audio.publish.model import INDEX, Item, Resource, Show
from hy_audio.publish.order import Decision, Fate, Order, Outcome, Put
from hy_audio.publish.place import Place, open_place
from hy_audio.publish.plan import (
    HTML,
    Plan,
    finished,
    generator,
    make_plan,
    media,
    read_locals,
)
from hy_audio.publish.probe import Wrong, addresses, probe
from hy_audio.publish.prune import superseded
from hy_audio.publish.record import Record, read_record
from hy_audio.publish.show import is_local, read_show
from hy_audio.publish.site import pages
from hy_audio.storage import Changed

_AT_ONCE = 8
_ATTEMPTS = 8
"""How often a feed that somebody else has changed meanwhile is written anew."""

T = TypeVar("T")
Planner = Callable[[Record, Put], Plan]


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

    def plan(record: Record, cover: Put) -> Plan:
        return make_plan(order, record, at_hand, check, cover)

    return _run(order, report, plan, [one for one in at_hand if isinstance(one, Local)], prune)


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

    def plan(record: Record, cover: Put) -> Plan:
        make = _restored if undo else _without
        return make(order, record, name, cover)

    return _run(order, report, plan, (), False)


def _without(order: Order, record: Record, name: str, cover: Put) -> Plan:
    item = _meant(record.feed.items, name)
    published = replace(
        record.feed,
        items=tuple(one for one in record.feed.items if one != item),
        withdrawn=(*record.feed.withdrawn, item.slug),
    )
    decision = Decision(item.slug, item.title, Fate.WITHDRAWN)
    page = pages.withdrawn_page(record.show, item.title)
    gone = Put(f"{item.slug}/{INDEX}", page, HTML)
    return finished(order, record, published, (decision,), (cover,), (gone,))


def _restored(order: Order, record: Record, name: str, cover: Put) -> Plan:
    if name not in record.feed.withdrawn:
        known = ", ".join(record.feed.withdrawn) or "none"
        raise ConfigError(f"{name} was not taken back; these were: {known}")
    withdrawn = tuple(one for one in record.feed.withdrawn if one != name)
    decision = Decision(name, "", Fate.RENEWED, "hy-audio publish brings it back")
    return finished(
        order, record, replace(record.feed, withdrawn=withdrawn), (decision,), (cover,), ()
    )


def _meant(items: Sequence[Item], name: str) -> Item:
    """The item that is meant by a slug, a folder, a guid, a title or a part of one title only."""
    slug = Path(name).name
    tests: tuple[Callable[[Item], bool], ...] = (
        lambda item: slug == item.slug or name == item.guid,
        lambda item: name == item.title,
        lambda item: name in item.title,
    )
    for test in tests:
        found = [item for item in items if test(item)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(f"{item.slug} ({item.title})" for item in found[:5])
            raise ConfigError(f"{name!r} can be any of {listed}; name one by its slug")
    raise ConfigError(f"there is no published episode {name!r}; {len(items)} others are")


# The order of things


def _run(
    order: Order, report: Reporter, plan: Planner, at_hand: Sequence[Local], prune: bool
) -> Outcome:
    art = _artwork(order)
    picture = Put(f"cover-{_digest(art.data)}{art.suffix}", art.data, art.media_type, len(art.data))
    cover = Resource(picture.name, len(art.data), art.media_type)
    show = read_show(order.show, order.publish, cover)
    with _reached(order.target):
        place = open_place(order.target)
        for attempt in range(_ATTEMPTS):
            if attempt:
                report.note("somebody else has published meanwhile; both are put together")
            record = read_record(place, show, bool(order.show.guid))
            made = plan(record, picture)
            if not made.items and record.held is None:
                return Outcome(order.target, made.show.feed_url, made.decisions)
            try:
                written = _carry_out(order, record, made, place, at_hand, report)
            except Changed:
                continue
            removed = _prune(order, made, place) if prune else ()
            return Outcome(
                order.target,
                made.show.feed_url,
                made.decisions,
                written,
                removed,
                tuple(_notes(order, record, made)),
            )
    raise PublishError(f"{order.target} is changed all the time by others; try again later")


@contextmanager
def _reached(target: str) -> Iterator[None]:
    """Say of which place it is that something failed."""
    try:
        yield
    except OSError as error:
        problem = error.strerror or str(error)
        place = target.partition("?")[0]
        advice = "the feed is as it was; run the same command again when that is mended"
        raise PublishError(f"{place}: {problem}; {advice}") from error


def _artwork(order: Order) -> artwork.Artwork:
    """The show's cover, as it is checked or drawn."""
    path = order.show.cover
    return artwork.check(path) if path else artwork.draw(order.show.name)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:12]


def _carry_out(
    order: Order,
    record: Record,
    plan: Plan,
    place: Place,
    at_hand: Sequence[Local],
    report: Reporter,
) -> tuple[str, ...]:
    """Write what is not there.

    Returns:
        Names of the files that were written, or would be.

    Raises:
        Changed: the feed is not what it was when it was read.
        PublishError: an address does not give what the feed would name.
    """
    report.stage("comparing")
    kept = _missing(place, plan.media)
    pages_ = _missing(place, plan.pages)
    is_new = record.held is None or record.held.data != plan.feed.source
    last = [plan.feed] if is_new else []
    written = tuple(put.name for put in (*kept, *pages_, *last))
    if order.dry_run:
        return written
    if written:
        report.stage("uploading", f"{len(written)} files to {order.target.partition('?')[0]}")
    _each(kept, lambda put: place.keep(put.name, _contents(put), put.media_type))
    _each(pages_, lambda put: place.put(put.name, _bytes(put), put.media_type))
    if is_new:
        if order.publish.check_urls:
            report.stage("requesting", f"what the feed names at {plan.show.url}")
            _check_addresses(order, plan, place, at_hand)
        place.replace(plan.feed.name, _bytes(plan.feed), plan.feed.media_type, record.held)
    return written


def _missing(place: Place, puts: Sequence[Put]) -> list[Put]:
    """Those that are not at the target, or are otherwise there."""
    is_there = _each(puts, lambda put: _is_there(place, put))
    return [put for put, there in zip(puts, is_there, strict=True) if not there]


def _is_there(place: Place, put: Put) -> bool:
    if put.length is not None:
        return place.length(put.name) == put.length
    held = place.read(put.name)
    return held is not None and held.data == _bytes(put)


def _each(puts: Iterable[Put], work: Callable[[Put], T]) -> list[T]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, puts))


def _contents(put: Put) -> bytes | Path:
    return put.source() if callable(put.source) else put.source


def _bytes(put: Put) -> bytes:
    contents = _contents(put)
    return contents if isinstance(contents, bytes) else contents.read_bytes()


def _check_addresses(order: Order, plan: Plan, place: Place, at_hand: Sequence[Local]) -> None:
    """Ask for all that the feed will name; what is wrong and at hand is uploaded once more.

    Raises:
        PublishError: something is wrong.
    """
    wanted = addresses(plan.show, plan.told)
    wrong = probe(wanted)
    urls = {one.url for one in wrong}
    again = [
        put for local in at_hand for put in media(local) if f"{plan.show.url}{put.name}" in urls
    ]
    if again:
        _each(again, lambda put: place.keep(put.name, _contents(put), put.media_type))
        wrong = probe(one for one in wanted if one.url in urls)
    if wrong:
        raise _unheard(order, plan.show, wrong)


def _unheard(order: Order, show: Show, wrong: Sequence[Wrong]) -> PublishError:
    first = f"{wrong[0].url} {wrong[0].problem}"
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    target = order.target.partition("?")[0]
    return PublishError(
        f"the feed was not changed: {first}{more}; see that {target} is served at {show.url}, or "
        "publish with --no-check-urls"
    )


def _prune(order: Order, plan: Plan, place: Place) -> tuple[str, ...]:
    names = superseded(plan, place.files(), order.now, order.publish.keep_days)
    if not order.dry_run:
        for name in names:
            place.delete(name)
    return tuple(names)


def _notes(order: Order, record: Record, plan: Plan) -> Iterator[str]:
    if record.held is None and not order.show.guid:
        yield f"the show's guid is {plan.show.guid}; write it into [show] guid before you ever move"
    if plan.show.url.startswith("http:") and not is_local(plan.show.url):
        yield "[publish] url begins with http:, which Apple and others refuse; serve it by https:"
    if record.held is None and not order.show.cover:
        yield "a plain cover was drawn; [show] cover names a better one"
    if generator(plan.show) != record.feed.generator and record.held is not None:
        yield "the pages of episodes that are not at hand stay as they were"
