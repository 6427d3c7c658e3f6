"""A show and its items as subscribers get them. Pure data."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from hy_audio.stitch.model import Chapter

INDEX = "index.html"
"""Name of a page in its folder."""
FEED = "feed.xml"
"""Name of the feed."""
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file at its public address."""

    url: str
    """Absolute, ASCII."""
    length: int
    """Its size in bytes."""
    media_type: str
    """Such as `audio/mpeg`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named."""

    name: str
    """As printed."""
    role: str
    """`reporter` or `photographer`."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a show appears."""

    rule: str
    """A recurrence rule (RFC 5545, 3.3.10), such as `FREQ=DAILY`."""
    text: str
    """The same for people."""


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast."""

    name: str
    """Its title."""
    description: str
    """What it is about, as plain text."""
    url: str
    """Public address of the folder that everything is in, with a slash at its end."""
    language: str
    """As RSS has it, such as `zh-cn`."""
    categories: tuple[tuple[str, ...], ...]
    """Each a name of Apple's list and perhaps a second one within it."""
    author: str
    """Who makes it, for listeners."""
    owner: str
    """Who answers for it."""
    email: str
    """How the owner is reached."""
    explicit: bool
    """Whether it is not for everybody's ears."""
    guid: str
    """Its `podcast:guid`."""
    image: Resource
    """The cover."""
    timezone: str
    """IANA name of the zone that dates are given in."""
    copyright: str = ""
    """Who holds the rights."""
    locked: bool = True
    """Whether other hosts must not take it over."""
    frequency: Frequency | None = None
    """How often it appears, if that is told."""
    subscribe: tuple[tuple[str, str], ...] = ()
    """Where else it can be subscribed to: names and addresses."""

    @property
    def link(self) -> str:
        """Public address of its page: with the file's name, since buckets serve no folders."""
        return f"{self.url}{INDEX}"

    @property
    def feed_url(self) -> str:
        """Public address of the feed."""
        return f"{self.url}{FEED}"


@dataclass(frozen=True, slots=True)
class Item:
    """An episode as subscribers get it."""

    guid: str
    """Permanent: the same through every correction, and wherever the audio lies."""
    link: str
    """Address of its page, in the folder that its slug names."""
    title: str
    """The headline."""
    author: str
    """Who wrote it, as printed; may be empty."""
    published: datetime
    """When, in the show's time zone, in whole seconds."""
    updated: datetime | None
    """When it was corrected last, in UTC; None if it never was."""
    description: str
    """Show notes as plain HTML of `p`, `br` and `a`; the first paragraph says what it is about."""
    content: str
    """The same at greater length."""
    audio: Resource
    """The MP3."""
    duration_s: int
    """Playing time in whole seconds."""
    image: str
    """Address of a cover."""
    chapters_file: Resource
    """The chapters as Podcasting 2.0 has them."""
    chapters: tuple[Chapter, ...]
    """The same; their ends are not in the feed, each lasts to the next."""
    transcripts: tuple[Resource, ...]
    """WebVTT first, then SubRip."""
    persons: tuple[Person, ...]
    """Reporters and photographers."""
    season: int
    """The year."""
    number: int
    """Place in the season, from 1."""
    explicit: bool
    """As that of the show."""
    revision: int
    """That of the episode, as its manifest counts."""
    first_revision: int
    """The one that was published first: what came later is a correction."""
    seal: str
    """Begin of the seal of its manifest: another one where anything of it has changed."""
    origin: str
    """The guid in that manifest: of an episode that took another one's place, not the same."""
    made_by: str
    """Begin of the hash of what made the item and its page."""

    @property
    def slug(self) -> str:
        """Name of its folder."""
        return self.link.split("/")[-2]

    @property
    def summary(self) -> str:
        """What it is about, as plain text."""
        first = _PARAGRAPH.search(self.description)
        return unescape(re.sub(r"<[^>]*>", "", first[1])).strip() if first else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on a page, and when it is heard."""

    text: str
    """As printed."""
    start_ms: int
    """From the start of the episode."""
    duration_ms: int
    """To the end of its sound; 0 if nothing is heard of it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a heading, a caption: one block of a page."""

    kind: str
    """A `Role` of the script, or `credit` for what is printed and not read."""
    sentences: tuple[Sentence, ...]
    """In order, at least one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter on a page."""

    id: str
    """ASCII, unique on the page."""
    title: str
    """As printed."""
    start_ms: int
    """Where it begins."""
    passages: tuple[Passage, ...]
    """In the order of the page."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right after the episode was published."""

    when: datetime
    """In the show's time zone."""
    note: str
    """What the editor says of it."""
    sections: tuple[str, ...]
    """Titles of the chapters that sound otherwise."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of an episode, to read along."""

    parts: tuple[Part, ...]
    """Its chapters, the opening first."""
    corrections: tuple[Correction, ...]
    """The latest first."""
    disclosure: str
    """The line that says the voice is synthetic; empty if the editor turned it off."""
    duration_ms: int
    """Playing time."""
