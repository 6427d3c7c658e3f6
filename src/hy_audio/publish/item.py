"""From an episode to the item that tells of it, and to the names of its files. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from hy_audio import episode
from hy_audio.manifest import SEAL_DIGITS, Manifest
from hy_audio.publish import notes
from hy_audio.publish.feed import MOST_CHARACTERS
from hy_audio.publish.model import INDEX, Correction, Item, Person, Reading, Resource, Show
from hy_audio.publish.text import line
from hy_audio.stitch.model import Chapter
from hy_audio.stitch.timeline import MOST_CHAPTERS

_MOST_OF_A_NAME = 128
"""Characters of a person's name (podcast namespace)."""
AUDIO = "audio/mpeg"
CHAPTERS = "application/json+chapters"
_TRANSCRIPTS = dict(zip(episode.TRANSCRIPTS, ("text/vtt", "application/x-subrip"), strict=True))
MEDIA_TYPES = {episode.AUDIO: AUDIO, episode.CHAPTERS: CHAPTERS, **_TRANSCRIPTS}
"""The files of an episode that listeners get."""


@dataclass(frozen=True, slots=True)
class Local:
    """An episode that can be published."""

    folder: Path
    """Where it is."""
    manifest: Manifest
    """What is in it."""

    def public_name(self, name: str) -> str:
        """A file's name at the target, with a hash of what is in it."""
        slug, path = self.manifest.slug, PurePosixPath(name)
        stem = slug if name == episode.AUDIO else path.stem
        return f"{slug}/{stem}-{self.manifest.files[name].sha256[:12]}{path.suffix}"

    def resource(self, show: Show, name: str) -> Resource:
        """A file at its public address."""
        url = f"{show.url}{self.public_name(name)}"
        return Resource(url, self.manifest.files[name].bytes, MEDIA_TYPES[name])

    @property
    def seal(self) -> str:
        """Begin of its manifest's seal: another one where anything of it has changed."""
        return self.manifest.seal[:SEAL_DIGITS]

    def follows(self, revision: int, seal: str) -> bool:
        """Whether it came of a state with this revision and this seal."""
        return any(
            line.number == revision + 1 and line.before == seal for line in self.manifest.history
        )

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """As its files have them: more than 255 don't fit into a tag."""
        sections = self.manifest.sections
        shown = sections[:MOST_CHAPTERS]
        ends_ms = (*(s.start_ms for s in shown[1:]), self.manifest.duration_ms)
        return tuple(
            Chapter(s.start_ms, end_ms, line(s.title)[:MOST_CHARACTERS])
            for s, end_ms in zip(shown, ends_ms, strict=True)
        )

    def corrections(self, first_revision: int, zone: str) -> tuple[Correction, ...]:
        """What was put right since the revision that was published first, the latest first."""
        titles = {s.id: s.title for s in self.manifest.sections}
        return tuple(
            Correction(
                datetime.fromisoformat(line.when).astimezone(ZoneInfo(zone)),
                line.note,
                tuple(titles[one] for one in line.sections if one in titles),
            )
            for line in reversed(self.manifest.history)
            if line.number > first_revision and (line.sections or line.gone)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of an item among all others."""

    guid: str
    """Its own."""
    published: datetime
    """When, in whole seconds."""
    season: int
    """The year."""
    number: int
    """In the season, from 1."""
    first_revision: int
    """That was published first."""


def first_published(manifest: Manifest, edition: time, now: datetime) -> datetime:
    """When an episode that was never published appears: with its edition, but not in the future.

    Args:
        manifest: of the episode.
        edition: the hour at which editions appear, in the show's zone.
        now: the time.
    """
    now = now.astimezone(edition.tzinfo).replace(microsecond=0)
    if not manifest.date:
        return now
    day = datetime.strptime(manifest.date, "%Y-%m-%d").date()
    return min(now, datetime.combine(day, edition))


def describe(show: Show, local: Local, reading: Reading, standing: Standing, made_by: str) -> Item:
    """The item of an episode whose text reads so."""
    manifest = local.manifest
    link = f"{show.url}{manifest.slug}/{INDEX}"
    corrections = reading.corrections
    tail = notes.tail(show, link, corrections, reading.disclosure)
    return Item(
        guid=standing.guid,
        link=link,
        title=line(manifest.title)[:MOST_CHARACTERS] or manifest.slug,
        author=line(manifest.byline)[:MOST_CHARACTERS],
        published=standing.published,
        updated=corrections[0].when if corrections else None,
        description=notes.description(show, reading, tail),
        content=notes.content(show, link, reading, tail),
        audio=local.resource(show, episode.AUDIO),
        duration_s=round(manifest.duration_ms / 1000),
        image=show.image.url,
        chapters_file=local.resource(show, episode.CHAPTERS),
        chapters=local.chapters,
        transcripts=tuple(local.resource(show, name) for name in episode.TRANSCRIPTS),
        persons=tuple(_persons(manifest)),
        season=standing.season,
        number=standing.number,
        explicit=show.explicit,
        revision=manifest.revision,
        first_revision=standing.first_revision,
        seal=local.seal,
        origin=manifest.guid,
        made_by=made_by,
    )


def _persons(manifest: Manifest) -> Iterator[Person]:
    yield from (
        Person(line(person.name)[:_MOST_OF_A_NAME], person.role) for person in manifest.people
    )
