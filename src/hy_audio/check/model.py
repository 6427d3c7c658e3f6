"""What a check looks at, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from hy_audio.manifest import Manifest
from hy_audio.stitch.mp3 import Format


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is off, or worth knowing."""

    check: str
    """Name of the check."""
    place: str
    """A file, or a section by number and title; empty for the episode."""
    problem: str
    """In one sentence."""
    is_off: bool = True
    """Whether the episode fails by it; otherwise it is as somebody asked."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a stretch is."""

    place: str
    """A section by number and title, or `all`."""
    integrated_lufs: float
    """As EBU R 128 has it, one channel counted as two; -inf where nothing passes the gate."""
    peak_dbtp: float
    """True peak."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An episode that was looked at."""

    folder: Path
    """Where it is."""
    title: str
    """Its headline."""
    levels: tuple[Level, ...]
    """Of each section, and of all."""
    found: tuple[Found, ...]
    """In the order of the checks."""

    @property
    def is_good(self) -> bool:
        """Whether nothing is off."""
        return not any(one.is_off for one in self.found)


@dataclass(frozen=True, slots=True)
class Episode:
    """What is checked."""

    folder: Path
    """Where it is."""
    manifest: Manifest
    """What it says of itself."""

    @property
    def form(self) -> Format:
        """What its frames are like."""
        sound = self.manifest.sound
        return Format(sound.rate_hz, sound.channels, sound.kbps)

    @property
    def places(self) -> tuple[str, ...]:
        """Its sections, as they are named to people."""
        return tuple(f"section {s.number}, {s.title}" for s in self.manifest.sections)


Check: TypeAlias = Callable[[Episode], Iterable[Found]]
"""Looks at an episode and tells what it finds; what it can't read is found by another."""
