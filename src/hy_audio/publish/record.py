"""What is published already, as the feed at the target tells it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hy_audio.errors import PublishError
from hy_audio.publish import feed
from hy_audio.publish.feed import Feed
from hy_audio.publish.model import Item, Show
from hy_audio.publish.place import Held, Place


@dataclass(frozen=True, slots=True)
class Record:
    """What is published."""

    show: Show
    """With the guid that it has there."""
    held: Held | None
    """The document that is subscribed to; None before the first time."""
    feed: Feed
    """All of it."""
    name: str = ""
    """That of the show, there."""
    image: str = ""
    """Address of its cover there."""
    pages: frozenset[str] = frozenset()
    """Names of the pages of older items."""

    @property
    def items(self) -> dict[str, Item]:
        """Those of the feed by their slugs."""
        return {item.slug: item for item in self.feed.items}


def read_record(place: Place, show: Show, has_guid: bool) -> Record:
    """Read the feed at a target, and all pages behind it.

    Args:
        place: the target.
        show: as the configuration has it. Where the addresses in the feed begin with another one,
            the show has moved, and they are read as if they began with this.
        has_guid: whether the configuration names the show's guid; if not, it keeps what it has.

    Raises:
        PublishError: what is there is not a feed that this program wrote.
        OSError: the target can't be reached.
    """
    held = place.read(feed.NAME)
    if held is None:
        return Record(show, None, Feed())
    first, *older = _pages(place, show, held)
    items = tuple(item for page in (first, *older) for item in page.feed.items)
    if not has_guid and first.guid:
        show = replace(show, guid=first.guid)
    names = frozenset(page.older.rpartition("/")[2] for page in (first, *older)) - {""}
    everything = replace(first.feed, items=items)
    return Record(show, held, everything, first.name, first.image, names)


def _pages(place: Place, show: Show, held: Held) -> Iterator[feed.Page]:
    name, data = feed.NAME, held.data
    while True:
        page = _page(name, data, show)
        yield page
        name = page.older.rpartition("/")[2]
        if not name:
            return
        behind = place.read(name)
        if behind is None:
            problem = f"{name}, with older episodes, is missing at the target"
            raise PublishError(f"{problem}; bring it back from a backup")
        data = behind.data


def _page(name: str, data: bytes, show: Show) -> feed.Page:
    try:
        page = feed.read(data)
        moved_from = page.first.rpartition("/")[0] + "/"
        if moved_from != show.url:
            old, new = (feed.escaped(url).encode() for url in (moved_from, show.url))
            page = feed.read(data.replace(old, new))
    except ValueError as error:
        problem = f"{name} at the target is not a feed that hy-audio wrote ({error})"
        raise PublishError(f"{problem}; move it away, or publish to another target") from error
    return page
