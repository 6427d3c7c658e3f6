"""What a feed tells the next run, in texts that no other element has a place for. Pure."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

from hy_audio.publish.model import Item

ITEM = "hy-audio"
"""Purpose of the `podcast:txt` of an item."""
WITHDRAWN = "hy-audio-withdrawn"
"""Purpose of those of a show that name episodes which were taken back."""


@dataclass(frozen=True, slots=True)
class ItemState:
    """What the next run has to know of an item."""

    revision: int
    """Of the episode."""
    first_revision: int
    """That was published first."""
    sizes: tuple[int, ...]
    """Of the chapters' file and the transcripts, in bytes."""
    end_ms: int
    """Of the last chapter."""
    seal: str
    """Begin of the manifest's seal."""
    origin: str
    """The guid in that manifest."""
    made_by: str
    """What made the item and its page."""

    @classmethod
    def of(cls, item: Item) -> "ItemState":
        """That of an item."""
        files = (item.chapters_file, *item.transcripts)
        return cls(
            item.revision,
            item.first_revision,
            tuple(file.length for file in files),
            item.chapters[-1].end_ms if item.chapters else 0,
            item.seal,
            item.origin,
            item.made_by,
        )

    @property
    def told(self) -> str:
        """As a text."""
        sizes = ",".join(map(str, self.sizes))
        return (
            f"revision={self.revision} first={self.first_revision} sizes={sizes} "
            f"ms={self.end_ms} seal={self.seal} of={self.origin} by={self.made_by}"
        )

    @classmethod
    def read(cls, told: str) -> "ItemState":
        """From a text; KeyError or ValueError if it is none."""
        given = _pairs(told)
        return cls(
            int(given["revision"]),
            int(given["first"]),
            tuple(int(size) for size in given["sizes"].split(",")),
            int(given["ms"]),
            given["seal"],
            given["of"],
            given["by"],
        )


@dataclass(frozen=True, slots=True, order=True)
class Withdrawn:
    """An episode that was taken back, with all that it has to have if it comes again."""

    slug: str
    """Name of its folder."""
    guid: str
    """Its own."""
    title: str
    """Its headline."""
    published: datetime
    """When it appeared."""
    season: int
    """The year."""
    number: int
    """In the season."""
    revision: int
    """Of the episode."""
    first_revision: int
    """That was published first."""
    seal: str
    """Begin of its manifest's seal."""
    origin: str
    """The guid in that manifest."""
    may_return: bool = False
    """Whether the next run may publish it again."""

    @classmethod
    def of(cls, item: Item) -> "Withdrawn":
        """That of an item."""
        return cls(
            slug=item.slug,
            guid=item.guid,
            title=item.title,
            published=item.published,
            season=item.season,
            number=item.number,
            revision=item.revision,
            first_revision=item.first_revision,
            seal=item.seal,
            origin=item.origin,
        )

    @property
    def told(self) -> str:
        """As a text."""
        return (
            f"slug={self.slug} guid={self.guid} title={quote(self.title, safe='')} "
            f"published={self.published.isoformat()} season={self.season} number={self.number} "
            f"revision={self.revision} first={self.first_revision} seal={self.seal} "
            f"of={self.origin} back={self.may_return:d}"
        )

    @classmethod
    def read(cls, told: str) -> "Withdrawn":
        """From a text; KeyError or ValueError if it is none."""
        given = _pairs(told)
        return cls(
            given["slug"],
            given["guid"],
            unquote(given["title"]),
            datetime.fromisoformat(given["published"]),
            int(given["season"]),
            int(given["number"]),
            int(given["revision"]),
            int(given["first"]),
            given["seal"],
            given["of"],
            given["back"] == "1",
        )


def _pairs(told: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in told.split(" "))
