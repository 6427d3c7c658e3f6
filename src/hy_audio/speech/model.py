"""What engines take and give. An engine is any object with the four members of `Engine`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hy_audio.script.model import Utterance


@dataclass(frozen=True, slots=True)
class Prosody:
    """How fast a voice speaks."""

    rate: float = 1.0
    """Speed: 1.0 is the voice's own, 1.2 a fifth faster."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in a clip a sentence begins."""

    sentence: int
    """Index into the utterance's sentences."""
    start_ms: int
    """Milliseconds from the start of the clip."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine returns for one utterance."""

    audio: bytes
    """A complete file in `media_type`."""
    media_type: str
    """`audio/wav`, `audio/mpeg`, or another that libavformat reads."""
    duration_ms: int
    """Length of the audio in milliseconds, for progress; stitching measures it again."""
    marks: tuple[Mark, ...]
    """In order, one for each sentence the engine can place; the first is usually 0."""
    warnings: tuple[str, ...] = ()
    """What could not be said as written, one sentence each."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance as sound, in the clip store."""

    key: str
    """Hash of all that decides how it sounds: engine, voice, prosody, words, pinyin."""
    path: Path
    """The audio file."""
    sha256: str
    """Of the audio file."""
    duration_ms: int
    """Its length in milliseconds, as the engine told it."""
    marks: tuple[Mark, ...]
    """Where its sentences begin."""
    warnings: tuple[str, ...]
    """What the engine could not say as written."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that can be asked for."""

    name: str
    """Name within its engine."""
    gender: str
    """`female`, `male`, or empty."""
    language: str = "zh-CN"
    """BCP 47 tag."""


class Engine(Protocol):
    """Speaks utterances. Made by a `Provider`, used by `speak_all`, closed when done."""

    @property
    def fingerprint(self) -> str:
        """Name, version and model: all of the engine that decides how it sounds."""

    @property
    def concurrency(self) -> int:
        """How many utterances it speaks at a time without harm."""

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Speak one utterance.

        Raises:
            EngineError: it can't be spoken; the message says why and what to do.
        """

    async def aclose(self) -> None:
        """Let go of models and connections."""


class Provider(Protocol):
    """The door to an engine: what the entry-point group `hy_audio.engines` holds."""

    @property
    def name(self) -> str:
        """Name of the engine, as in `--voice NAME:VOICE`."""

    @property
    def default_voice(self) -> str:
        """The voice for `--voice NAME`."""

    async def ready(self) -> None:
        """Return if the engine can be used here and now.

        Raises:
            EngineUnavailable: it can't, and the message says why.
        """

    async def voices(self) -> Sequence[Voice]:
        """The Mandarin voices there are.

        Raises:
            EngineUnavailable: the list can't be had.
        """

    def open(self) -> Engine:
        """Make the engine. Heavy things are loaded when it first speaks."""
