"""What is stitched, and what comes of it. Times are whole milliseconds, counts are samples."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance in its place, whether its clip is there yet or not."""

    key: str
    """Of its clip."""
    texts: tuple[str, ...]
    """What is printed, one for each cue."""
    starts: tuple[int, ...]
    """Where each of these texts begins in the spoken words, as marks count them."""
    length: int
    """How many characters the spoken words have."""
    pause_ms: int
    """Silence after it, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Tune:
    """A piece of music of the show."""

    path: Path
    """The file, in any format that libavformat reads."""
    sha256: str
    """Of the file."""


@dataclass(frozen=True, slots=True)
class Track:
    """A section before it is stitched."""

    title: str
    """The chapter's title."""
    speaker: str
    """Who speaks: sections of one speaker are equally loud before they are mastered."""
    lines: tuple[Line, ...]
    """At least one."""
    rhythm: bool = False
    """Whether the mark of synthetic sound is heard first."""
    opening: Tune | None = None
    """Music before the first word."""
    bed: Tune | None = None
    """Music under the words."""
    closing: Tune | None = None
    """Music after the last word."""

    @property
    def tunes(self) -> tuple[str, ...]:
        """Hashes of the music in it."""
        return tuple(t.sha256 for t in (self.opening, self.bed, self.closing) if t)

    @property
    def is_accompanied(self) -> bool:
        """Whether more is heard than words."""
        return self.rhythm or bool(self.tunes)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an utterance came to lie in its section."""

    start_ms: int
    """Where its sound begins, from the start of the section."""
    end_ms: int
    """Where its sound ends."""
    texts_ms: tuple[int, ...]
    """Where each text begins; the first equals `start_ms`, none is before its forerunner."""


@dataclass(frozen=True, slots=True)
class Stitched:
    """A section as sound."""

    path: Path
    """The section MP3: bare frames, no tag."""
    frames: int
    """How many frames it has."""
    sha256: str
    """Of the file."""
    gain_db: float
    """What its voice was raised by."""
    placed: tuple[Placed, ...]
    """One for each line."""

    @property
    def is_short(self) -> bool:
        """Whether there is too little sound in it to tell how loud it is."""
        return sum(p.end_ms - p.start_ms for p in self.placed) < SHORT_MS


SHORT_MS = 3_000
"""Less sound than this is not measured by itself (the short-term loudness of EBU Tech 3341)."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is read together in the transcript."""

    start_ms: int
    """From the start of the episode."""
    end_ms: int
    """Where its sound ends; never after the next cue's start."""
    text: str
    """What is printed."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the timeline."""

    start_ms: int
    """From the start of the episode."""
    end_ms: int
    """The next chapter's start, or the end of the episode."""
    title: str
    """As printed."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What the episode says about itself."""

    title: str
    """The headline."""
    artist: str = ""
    """The byline."""
    album: str = ""
    """The show."""
    date: str = ""
    """ISO 8601 date, or empty."""
    label: str = ""
    """The mark of synthetic content, a JSON object; empty for none."""
    disclosure: str = ""
    """The line that says the voice is synthetic; empty for none."""
    text: str = ""
    """What is printed, as the cues have it."""
    cover: Path | None = None
    """A picture, JPEG or PNG."""
