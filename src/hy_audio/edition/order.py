"""What an editor wants, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hy_audio.edition.assembly import Sound
from hy_audio.edition.speaking import Wish
from hy_audio.edits import Edits, SectionEdit
from hy_audio.manifest import Manifest, SectionEntry
from hy_audio.script.model import Script, Utterance
from hy_audio.script.settings import Settings


@dataclass(frozen=True, slots=True)
class Order:
    """What the editor wants."""

    output: Path
    """Folder that holds the episode folders."""
    cache: Path
    """Folder for things that can be made again: clips, models, locks."""
    wish: Wish = field(default_factory=Wish)
    """Who speaks."""
    sound: Sound = field(default_factory=Sound)
    """What is around the voice."""
    settings: Settings = field(default_factory=Settings)
    """What is said around the article."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The show's own words and how they are said."""
    said: Mapping[str, str] = field(default_factory=dict)
    """The same for one episode."""
    date: str = ""
    """ISO 8601 date of the edition; empty for the date that the page tells, if any."""
    read_captions: bool = True
    """Whether captions are spoken."""
    now: str = ""
    """The time, ISO 8601, for the history."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an editor wants to be otherwise in one section."""

    say: Mapping[str, str] = field(default_factory=dict)
    """Words and how they are said."""
    voice: str = ""
    """Who speaks it, an engine or `engine:voice`; empty for whoever does."""
    rate: float = 0.0
    """How fast; 0 for as it is."""
    text: str = ""
    """Other words for the whole section; empty for those that it has."""
    new_take: bool = False
    """Whether it is spoken again although its clips are stored."""
    reset: bool = False
    """Whether earlier decisions about this section are forgotten first."""
    why: str = ""
    """What the editor says of it, for the history."""

    @property
    def keeps_words(self) -> bool:
        """Whether the script stays: only then is the page not read again."""
        asked = bool(self.voice or self.rate or self.new_take)
        return asked and not (self.say or self.text or self.reset)

    @property
    def only_resets(self) -> bool:
        """Whether nothing is asked for besides."""
        asked = (self.say, self.voice, self.rate, self.text, self.new_take)
        return self.reset and not any(asked)

    def told(self) -> str:
        """It in one line, for the history."""
        parts = (
            *(["as it was at first"] if self.reset else []),
            *(f"{word} said {how}" for word, how in self.say.items()),
            *([f"voice {self.voice}"] if self.voice else []),
            *([f"rate {self.rate}"] if self.rate else []),
            *(["another wording"] if self.text else []),
            *(["another take"] if self.new_take else []),
        )
        return ": ".join(filter(None, (", ".join(parts) or "spoken again", self.why)))


@dataclass(frozen=True, slots=True)
class Preview:
    """What `regenerate` would change."""

    section: SectionEntry
    """The section as it is."""
    others: int
    """How many sections stay."""
    before: tuple[Utterance, ...]
    """What is said now."""
    after: tuple[Utterance, ...]
    """What would be said."""
    is_written: bool
    """Whether anything would be written; otherwise all stays as it is."""
    is_stitched: bool
    """Whether its sound would be made again."""
    clips: int
    """How many different clips it is made of."""
    anew: int
    """How many of them would be asked for: they are not in the store."""
    voice: str
    """Who would speak it, as `engine:voice`."""
    rate: float
    """How fast."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What `regenerate --reset` would forget about a section that is gone; nothing else changes."""

    section_id: str
    """Its id."""
    edit: SectionEdit
    """What was decided."""


@dataclass(frozen=True, slots=True)
class Built:
    """An episode that is there."""

    folder: Path
    """Where it is."""
    manifest: Manifest
    """What it holds."""
    script: Script
    """What it says."""
    edits: Edits
    """What an editor decided about single sections."""
    spoken: int
    """How many clips had to be spoken anew; the others were there."""
    changed: tuple[str, ...]
    """Ids of the sections that sound otherwise than before, or are new."""
    is_written: bool
    """Whether it was put in its place; otherwise all is as it was."""
