"""Keeps the faults of a plugin to itself: whatever it does wrong becomes one line about it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from hy_audio.errors import EngineUnavailable, HyAudioError
from hy_audio.speech.model import Engine, Mark, Provider, Speech, Voice

PATIENCE_S = 30.0
"""Longest time for a plugin to say whether it is ready or what voices it has, or to close."""

_REMEDY = "mend or remove its package"


@contextmanager
def blaming(engine: str) -> Iterator[None]:
    """Turn anything but our own errors and a stop by the user into `EngineUnavailable`."""
    try:
        yield
    except HyAudioError:
        raise
    except BaseException as error:  # a plugin may even call sys.exit()
        if by_user(error):
            raise
        raise EngineUnavailable(engine, f"broken ({told(error)})", advice=_REMEDY) from error


def by_user(error: BaseException) -> bool:
    """Whether it was the user, or we ourselves, who stopped the run, and no plugin."""
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is not None and task.cancelling() > 0
    return isinstance(error, KeyboardInterrupt)


def told(error: BaseException) -> str:
    """An error of a plugin on one line, with its kind if it is the plugin's own."""
    text = "".join(c for c in " ".join(str(error).split())[:200] if c.isprintable())
    kind = type(error).__name__
    return text if isinstance(error, _Wrong) else f"{kind}: {text}" if text else kind


_Parts = tuple[str, tuple[Mark, ...], tuple[str, ...]]


class _Wrong(Exception):
    """A plugin does not keep to the protocol; the text says where."""


class GuardedProvider:
    """A provider whose faults are `EngineUnavailable`, and whose answers are what they should be.

    Its name is the one it is registered under, whatever it says itself.
    """

    def __init__(self, name: str, make: Callable[[], Provider]) -> None:
        """Make the provider.

        Raises:
            ConfigError: it can't use its settings.
            EngineUnavailable: it is broken.
        """
        self.name = name
        with blaming(name):
            self._inner = make()
            self.default_voice = _text("default_voice", self._inner.default_voice)

    async def ready(self) -> None:
        """Ask it."""
        with blaming(self.name):
            async with asyncio.timeout(PATIENCE_S):
                await self._inner.ready()

    async def voices(self) -> Sequence[Voice]:
        """Ask it."""
        with blaming(self.name):
            async with asyncio.timeout(PATIENCE_S):
                voices: tuple[Voice, ...] = _shaped(
                    "voices()", await self._inner.voices(), tuple[Voice, ...]
                )
            for voice in voices:
                _text("a voice's name", voice.name)
        return voices

    def open(self) -> Engine:
        """Make its engine and look at what can be seen of it before it speaks."""
        with blaming(self.name):
            engine = self._inner.open()
            _text("fingerprint", engine.fingerprint)
            if not isinstance(engine.concurrency, int) or engine.concurrency < 1:
                raise _Wrong(f"concurrency is {engine.concurrency!r}, not a number from 1")
            for member in ("speak", "aclose"):
                if not callable(getattr(engine, member)):
                    raise _Wrong(f"{member} is no method")
        return engine


def checked(engine: str, answer: Any) -> Speech:
    """What `speak` returned, if it is a `Speech` all through; lists become tuples.

    Raises:
        EngineUnavailable: it is not; the engine would return no better thing another time.
    """
    with blaming(engine):
        if not isinstance(answer, Speech):
            raise _Wrong(f"speak() returns {_kind(answer)}, not Speech")
        if not isinstance(answer.audio, bytes):
            raise _Wrong(f"Speech.audio is {_kind(answer.audio)}, not bytes")
        parts = answer.media_type, answer.marks, answer.warnings
        media_type, marks, warnings = _shaped("Speech", parts, _Parts)
    return Speech(answer.audio, media_type, marks, warnings)


async def close(name: str, engine: Engine, note: Callable[[str], None]) -> None:
    """Close an engine; what goes wrong then can't harm the clips, so it is only noted."""
    try:
        with blaming(name):
            async with asyncio.timeout(PATIENCE_S):
                await engine.aclose()
    except HyAudioError as error:
        note(f"{error}; all that was spoken is kept")


def _shaped(what: str, value: object, kind: Any) -> Any:
    """A value with every part of its kind, as it would be read back from a file."""
    try:
        return msgspec.json.decode(msgspec.json.encode(value), type=kind)
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise _Wrong(f"{what}: {error}") from error


def _text(what: str, value: object) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise _Wrong(f"{what} is {value!r}, not a line of text")
    return value


def _kind(value: object) -> str:
    return type(value).__name__
