"""The manifest of an episode, `episode.json`: what is in the folder, and how it came to be."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from uuid import UUID, uuid5

import msgspec

from hy_audio.article.model import Hint
from hy_audio.errors import ConfigError
from hy_audio.naming import meant

VERSION = 3
"""Of the manifest's format."""
SEAL_DIGITS = 12
"""How many of a seal's digits tell it from all others of one episode."""


class FileEntry(msgspec.Struct, frozen=True):
    """A file as it was written."""

    bytes: int
    """Its size."""
    sha256: str
    """Of its contents."""


class VoiceEntry(msgspec.Struct, frozen=True):
    """Who spoke."""

    engine: str
    """Name of the engine."""
    name: str
    """Name of the voice."""
    rate: float
    """Speed; 1.0 is the voice's own."""
    fingerprint: str
    """The engine's version and model."""


class UtteranceEntry(msgspec.Struct, frozen=True):
    """Where an utterance lies in its section."""

    id: str
    """As in the script."""
    clip: str
    """Key of its clip in the store."""
    start_ms: int
    """From the start of the section."""
    end_ms: int
    """Where its sound ends."""
    texts_ms: tuple[int, ...]
    """Where each of its cues begins."""
    warnings: tuple[str, ...] = ()
    """What the voice could not say as written."""


class SectionEntry(msgspec.Struct, frozen=True):
    """A chapter and its file."""

    number: int
    """From 1."""
    id: str
    """As in the script."""
    title: str
    """As printed."""
    file: str
    """Path in the episode folder."""
    start_ms: int
    """From the start of the episode."""
    duration_ms: int
    """To the start of the next, in whole milliseconds."""
    frames: int
    """MP3 frames in the file."""
    sha256: str
    """Of the file."""
    recipe: str
    """Hash of all that decides how it sounds."""
    gain_db: float
    """What its clips were raised by."""
    voice: VoiceEntry
    """Who speaks it."""
    tunes: tuple[str, ...]
    """Hashes of the music in it."""
    utterances: tuple[UtteranceEntry, ...]
    """In order."""


class SoundEntry(msgspec.Struct, frozen=True):
    """What the audio files are like."""

    rate_hz: int
    """Sample rate."""
    channels: int
    """1 or 2."""
    kbps: int
    """Constant bit rate."""
    formats: tuple[str, ...] = ()
    """Suffixes of what there is besides MP3."""


class PersonEntry(msgspec.Struct, frozen=True):
    """Somebody whom the page names."""

    name: str
    """As printed."""
    role: str
    """`reporter` or `photographer`."""


class PageEntry(msgspec.Struct, frozen=True):
    """What was told of the page: with `source.txt`, enough to read it again."""

    title: str = ""
    """The editor's title; empty for the printed one."""
    read_captions: bool = True
    """Whether captions are spoken."""
    said: dict[str, str] = {}
    """Words and how they are said, besides those of the configuration."""
    hints: tuple[Hint, ...] = ()
    """What its format says of its lines."""


class LabelEntry(msgspec.Struct, frozen=True):
    """How the episode says that its voice is synthetic."""

    sound: str
    """`spoken`, `rhythm`, `both` or `off`."""
    metadata: str
    """The object in `TXXX:AIGC`; empty if there is none."""
    disclosure: str
    """The line that is said if `sound` asks for it, and stands in the description."""


class Revision(msgspec.Struct, frozen=True):
    """A change to an episode that was there before."""

    number: int
    """From 2."""
    when: str
    """ISO 8601, UTC."""
    sections: tuple[str, ...]
    """Ids of the sections that sound otherwise, or are new."""
    why: str
    """What was done, and what the editor says of it."""
    gone: tuple[str, ...] = ()
    """Ids of the sections that are no more."""
    note: str = ""
    """What the editor says of it, for listeners too."""
    before: str = ""
    """Begin of the seal that the manifest had before it."""


class Manifest(msgspec.Struct, frozen=True):
    """What is in an episode folder, and how it came to be."""

    version: int
    """Of this format: `VERSION`."""
    slug: str
    """Name of the folder."""
    guid: str
    """Its name among all episodes of all shows; the same however often it is built again."""
    title: str
    """The headline."""
    byline: str
    """Who wrote it."""
    people: tuple[PersonEntry, ...]
    """Who is named, in its byline and for its pictures."""
    show: str
    """The podcast."""
    date: str
    """ISO 8601 date, or empty."""
    duration_ms: int
    """Playing time of episode.mp3."""
    source: str
    """Where the article came from: a file's name, or `standard input`."""
    page: PageEntry
    """What was told of it."""
    voice: VoiceEntry
    """Who speaks all sections for which nobody else was asked for."""
    sound: SoundEntry
    """What the audio files are like."""
    label: LabelEntry
    """How it says that its voice is synthetic."""
    sections: tuple[SectionEntry, ...]
    """In order; they tile the episode."""
    files: dict[str, FileEntry]
    """Every other file of the folder."""
    revision: int = 1
    """Counts the changes."""
    history: tuple[Revision, ...] = ()
    """All of them but the first."""
    seal: str = ""
    """SHA-256 of all the rest."""

    @property
    def is_sealed(self) -> bool:
        """Whether it is what was once written."""
        return self.seal == sealed(self).seal


def sealed(manifest: Manifest) -> Manifest:
    """The manifest with its seal."""
    bare = msgspec.structs.replace(manifest, seal="")
    digest = sha256(msgspec.json.encode(bare)).hexdigest()
    return msgspec.structs.replace(bare, seal=digest)


def first_guid(slug: str, text: str) -> str:
    """The guid of an episode that is built for the first time.

    Args:
        slug: name of its folder.
        text: the page. Two desks that build the same page give it the same guid.
    """
    return str(uuid5(_EPISODES, f"{slug}\n{text}"))


_EPISODES = UUID("7d0f1c3e-52b4-5b1e-9a55-0c2a4f6d8e91")
"""A namespace of our own."""


def find_section(manifest: Manifest, name: str) -> SectionEntry:
    """The section that is meant by a number, an id, a title or a part of one title only.

    Raises:
        ConfigError: there is none, or more than one; it lists the sections.
    """
    sections = manifest.sections
    tests: tuple[Callable[[SectionEntry], bool], ...] = (
        lambda s: str(s.number) == name,
        lambda s: s.id == name,
        lambda s: s.title == name,
        lambda s: name in s.title,
    )
    found = meant(sections, tests)
    if len(found) == 1:
        return found[0]
    if found:
        problem = f"{name!r} can be any of {_listed(found)}"
        raise ConfigError(f"{problem}; name one by its number")
    raise ConfigError(f"there is no section {name!r}; there are {_listed(sections)}")


def _listed(sections: Sequence[SectionEntry]) -> str:
    return ", ".join(f"{s.number} {s.title} [{s.id}]" for s in sections)
