"""What is stitched, and what comes of it. Times are whole milliseconds, counts are samples."""

from dataclasses import dataclass
from pathlib import Path

from hy_audio.speech.model import Clip


@dataclass(frozen=True, slots=True)
class Take:
    """One utterance's clip in its place."""

    clip: Clip
    """The sound."""
    texts: tuple[str, ...]
    """What is printed, one for each sentence in the clip."""
    starts: tuple[int, ...]
    """Where each of these sentences begins in the spoken words, as marks count them."""
    pause_ms: int
    """Silence after it, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Track:
    """A section before it is stitched."""

    title: str
    """The chapter's title."""
    takes: tuple[Take, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a take came to lie in its section."""

    start_ms: int
    """Where its sound begins, from the start of the section."""
    end_ms: int
    """Where its sound ends."""
    sentences_ms: tuple[int, ...]
    """Where each sentence begins; the first equals `start_ms`, none is before its forerunner."""


@dataclass(frozen=True, slots=True)
class Stitched:
    """A section as sound."""

    path: Path
    """The section MP3: bare frames, no tag."""
    frames: int
    """How many frames it has; each is 24 ms."""
    sha256: str
    """Of the file."""
    placed: tuple[Placed, ...]
    """One for each take."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One sentence of the transcript."""

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
