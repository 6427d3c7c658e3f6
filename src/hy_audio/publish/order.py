"""What an editor wants to be published, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from hy_audio.config import PublishConfig, ShowConfig
from hy_audio.episode import MANIFEST


@dataclass(frozen=True, slots=True)
class Order:
    """What the editor wants."""

    output: Path
    """A folder of episodes, or one episode."""
    show: ShowConfig
    """The podcast."""
    publish: PublishConfig
    """Where it goes."""
    now: datetime
    """The time."""
    force: bool = False
    """Whether episodes are published too in which something is off."""
    dry_run: bool = False
    """Whether nothing is written."""

    @property
    def target(self) -> str:
        """A folder, or an address of `hy_audio.storage`."""
        return self.publish.target or str(self.root)

    @property
    def root(self) -> Path:
        """The folder that episodes lie in."""
        is_episode = (self.output / MANIFEST).is_file()
        return self.output.parent if is_episode else self.output

    @property
    def place(self) -> str:
        """The same, as it is told to people: without what follows a `?`."""
        return self.target.partition("?")[0]


class Fate(StrEnum):
    """What becomes of an episode."""

    NEW = "new"
    CORRECTED = "corrected"
    RENEWED = "renewed"
    SAME = "same"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an episode, and why."""

    slug: str
    """Its name."""
    title: str
    """Its headline; empty if that can't be read."""
    fate: Fate
    """What becomes of it."""
    why: str = ""
    """What stands against it."""


@dataclass(frozen=True, slots=True)
class Put:
    """A file that has to be at the target."""

    name: str
    """Its path there."""
    source: bytes | Path | Callable[[], bytes]
    """What is in it, where that is, or how it is made."""
    media_type: str
    """As what it is served."""
    length: int | None = None
    """Of a file that is kept for good, whose name tells what is in it; None for one that is
    replaced."""
    if_missing: bool = False
    """Whether one that is there is right, whatever is in it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, or would be."""

    target: str
    """Where."""
    feed_url: str
    """What listeners subscribe to."""
    decisions: tuple[Decision, ...]
    """What became of each episode that was looked at."""
    written: tuple[str, ...] = ()
    """Files that were written, in order."""
    removed: tuple[str, ...] = ()
    """Files that nobody needs any more."""
    notes: tuple[str, ...] = ()
    """What the editor should know."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was refused."""
        return not any(one.fate is Fate.REFUSED for one in self.decisions)
