"""What engines take and give. An engine is any object with the four members of `Engine`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """When some of the words are heard: a sentence, a word, a character, as the engine can tell."""

    start: int
    """Offset of the first character in the utterance's `spoken`."""
    end: int
    """Offset after the last."""
    start_ms: int
    """Where it begins, in milliseconds from the start of the clip."""
    end_ms: int
    """Where it ends."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine returns for one utterance."""

    audio: bytes
    """A complete file in `media_type`."""
    media_type: str
    """`audio/wav`, `audio/mpeg`, or another that libavformat reads."""
    marks: tuple[Mark, ...] = ()
    """In order of their characters; none where the engine can't tell."""
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
    """Of its sound, its marks and its warnings together."""
    duration_ms: int
    """Its length in milliseconds, as it was measured."""
    marks: tuple[Mark, ...]
    """When its words are heard."""
    warnings: tuple[str, ...]
    """What the engine could not say as written."""


ANY_VOICE = "*"
"""Name of a voice that stands for all those an engine may know and can't list."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that can be asked for."""

    name: str
    """Name within its engine."""
    gender: str
    """`female`, `male`, or empty."""
    language: str = "zh-CN"
    """BCP 47 tag; empty where the engine can't tell."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What an engine may know of the user's wishes."""

    cache: Path
    """Folder for things that can be made again, shared by all engines."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """The engine's own table of hy-audio.toml, `[engine.NAME]`; the engine checks it."""
    proxy: str = ""
    """URL of the proxy for connections; empty for what the environment says."""
    device: str = ""
    """What to compute on, such as `cpu` or `cuda`; empty for the engine's default."""


class Engine(Protocol):
    """Speaks utterances. Made by a `Provider`, used by `speak_all`, closed when done.

    An engine asks once and says what came of it. Waiting, trying again, checking that the sound is
    whole and keeping it are done by `speak_all`, for all engines alike.
    """

    @property
    def fingerprint(self) -> str:
        """Name, version and model: all of the engine that decides how it sounds.

        A clip is spoken again when this changes, and only then. It stands in the manifest for all
        to read, so it holds no secrets.
        """

    @property
    def concurrency(self) -> int:
        """How many utterances it speaks at a time without harm; `speak` is called so often."""

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Speak one utterance: `utterance.spoken`, or `utterance.respelled` for text alone.

        Work that computes belongs in a thread (`asyncio.to_thread`). Limits on time belong here:
        only the engine knows how long an answer may take.

        Raises:
            TransientEngineError: it did not work, and may work if tried again.
            EngineError: this utterance can't be spoken; it is not tried again, others are.
            EngineUnavailable: nothing can be spoken any more; the run ends.
        """

    async def aclose(self) -> None:
        """Let go of models and connections."""


class Provider(Protocol):
    """The door to an engine.

    The entry-point group `hy_audio.engines` holds its class, or any callable that takes a `Setup`
    and returns one. It is called whenever engines are listed: be quick, load nothing, and raise
    `ConfigError` for settings that can't be used.
    """

    @property
    def name(self) -> str:
        """Name of the engine, as in `--voice NAME:VOICE`; the entry point's own name."""

    @property
    def default_voice(self) -> str:
        """The voice for `--voice NAME`."""

    async def ready(self) -> None:
        """Return if the engine can be used here and now; asked before the first clip.

        Where a voice was asked for by name, `voices` is called first. A provider that had them from
        a list it keeps need not ask its service then: the engine says what fails when it speaks.

        Raises:
            EngineUnavailable: it can't, and the message says why.
        """

    async def voices(self) -> Sequence[Voice]:
        """The voices there are, of Mandarin where that can be told.

        One that is called `*` (`ANY_VOICE`) lets any name pass: the engine will see when it speaks.

        Raises:
            EngineUnavailable: the list can't be had.
        """

    def open(self) -> Engine:
        """Make the engine. Heavy things are loaded when it first speaks."""
