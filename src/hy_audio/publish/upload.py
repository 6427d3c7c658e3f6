"""What has to be at a target is brought there: media first, pages next, the feed last.

Only what is not there is written. Whenever it is broken off, the feed names only what is there.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from hy_audio.errors import PublishError
from hy_audio.progress import Reporter
from hy_audio.publish.model import Resource, Show
from hy_audio.publish.order import Order, Put
from hy_audio.publish.place import Place, Seen
from hy_audio.publish.plan import Plan
from hy_audio.publish.probe import Wrong, addresses, page_address, probe
from hy_audio.publish.prune import JUST_WRITTEN, may_go
from hy_audio.publish.record import Record

_AT_ONCE = 8

T = TypeVar("T")


def upload(
    order: Order, record: Record, plan: Plan, place: Place, report: Reporter
) -> tuple[str, ...]:
    """Write what is not there, the feed last, or only tell what that is.

    Returns:
        Names of the files that were written, or would be, in order.

    Raises:
        Changed: the feed is not what it was when it was read.
        PublishError: an address does not give what the feed would name; it is as it was.
        OSError: the target can't be reached.
    """
    report.stage("comparing")
    safe = _Safe.of(order, record)
    parts = (plan.media, plan.pages, plan.index)
    media, pages, index = (_missing(place, puts, safe) for puts in parts)
    is_new = record.held is None or record.held.data != plan.feed.source
    last = [plan.feed] if is_new else []
    written = tuple(put.name for put in (*media, *pages, *index, *last))
    if order.dry_run:
        return written
    if written:
        report.stage("uploading", f"{len(written)} {_files(len(written))} to {order.place}")
    _each(media, lambda put: _keep(place, put))
    _put_all(place, pages)
    asks = is_new and order.publish.check_urls
    if asks:
        report.stage("requesting", f"what the feed names at {plan.show.url}")
        _ask(order, plan, (*plan.older, *addresses(plan.show, plan.told)), report)
    _put_all(place, index)
    if asks:
        _ask(order, plan, (page_address(plan.show),), report)
    if is_new:
        place.replace(plan.feed.name, _bytes(plan.feed), plan.feed.media_type, record.held)
    return written


def settle(order: Order, plan: Plan, place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Do what comes after the feed: say where something was taken back, clear what lists nothing.

    If somebody else has published since, that is left to them: they know what is taken back.

    Returns:
        Names of the files that were written, and of those that were removed; or would be.

    Raises:
        OSError: the target can't be reached.
    """
    after = _missing(place, plan.after)
    emptied = tuple(name for name in plan.emptied if place.seen(name) is not None)
    if not order.dry_run and (after or emptied):
        if not is_published(plan, place):
            return (), ()
        _put_all(place, after)
        for name in emptied:
            place.delete(name)
    return tuple(put.name for put in after), emptied


def is_published(plan: Plan, place: Place) -> bool:
    """Whether the feed at a target is the one that was planned."""
    held = place.read(plan.feed.name)
    return held is not None and held.data == plan.feed.source


def _files(count: int) -> str:
    return "file" if count == 1 else "files"


def _put_all(place: Place, puts: Iterable[Put]) -> None:
    _each(puts, lambda put: place.put(put.name, _bytes(put), put.media_type))


@dataclass(frozen=True, slots=True)
class _Safe:
    """Which files that are at a target nobody prunes before the feed is written."""

    named: frozenset[str]
    """Those that the feed there names."""
    since: datetime
    """Those that were put there after that."""

    @classmethod
    def of(cls, order: Order, record: Record) -> "_Safe":
        """What is safe while a feed takes the place of this one."""
        told = addresses(record.show, record.feed.items)
        named = {one.url.removeprefix(record.show.url) for one in told} | record.pages
        kept = max(timedelta(days=order.publish.keep_days), JUST_WRITTEN)
        return cls(frozenset(named), order.now - kept / 2)

    def holds(self, name: str, seen: Seen) -> bool:
        """Whether it stays."""
        return name in self.named or seen.written >= self.since or not may_go(name)


def _missing(place: Place, puts: Sequence[Put], safe: _Safe | None = None) -> list[Put]:
    """Those that are not at the target, or are otherwise there, or not safely."""
    is_there = _each(puts, lambda put: _is_there(place, put, safe))
    return [put for put, there in zip(puts, is_there, strict=True) if not there]


def _is_there(place: Place, put: Put, safe: _Safe | None) -> bool:
    if put.if_missing or put.length is not None:
        seen = place.seen(put.name)
        if seen is None or put.if_missing:
            return seen is not None
        return seen.length == put.length and (safe is None or safe.holds(put.name, seen))
    held = place.read(put.name)
    return held is not None and held.data == _bytes(put)


def _each(puts: Iterable[Put], work: Callable[[Put], T]) -> list[T]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, puts))


def _keep(place: Place, put: Put) -> None:
    """Bring a file whose name tells what is in it.

    It is read through one handle, so that what is compared is what is brought, whoever replaces the
    episode meanwhile.

    Raises:
        PublishError: there is something else in it, or it is not there.
    """
    contents = _contents(put)
    if isinstance(contents, bytes):
        place.keep(put.name, BytesIO(contents), put.media_type)
        return
    try:
        with contents.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            if file.tell() != put.length or digest[:12] not in put.name:
                problem = "is not what its episode.json tells; build it again"
                raise PublishError(f"{contents} {problem}")
            file.seek(0)
            place.keep(put.name, file, put.media_type)
    except FileNotFoundError as error:
        if str(error.filename) != str(contents):
            raise
        raise PublishError(f"{contents} is not there; build it again") from None


def _contents(put: Put) -> bytes | Path:
    return put.source() if callable(put.source) else put.source


def _bytes(put: Put) -> bytes:
    contents = _contents(put)
    return contents if isinstance(contents, bytes) else contents.read_bytes()


def _ask(order: Order, plan: Plan, named: Sequence[Resource], report: Reporter) -> None:
    """Ask for what the feed will name.

    Raises:
        PublishError: something is wrong. Who takes an episode back is only told of it.
    """
    wrong = probe(named)
    if wrong and plan.takes_back:
        report.note(f"warning: {_told(wrong)}")
    elif wrong:
        raise _unheard(order, plan.show, wrong)


def _told(wrong: Sequence[Wrong]) -> str:
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return f"{wrong[0].url} {wrong[0].problem}{more}"


def _unheard(order: Order, show: Show, wrong: Sequence[Wrong]) -> PublishError:
    return PublishError(
        f"the feed was not changed: {_told(wrong)}; see that {order.place} is served at "
        f"{show.url}, or publish with --no-check-urls"
    )
