"""Which engines there are, and which one speaks: `ENGINE[:VOICE]` or `auto`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeAlias

from hy_audio.errors import ConfigError, EngineUnavailable, HyAudioError, UnknownName
from hy_audio.speech.model import ANY_VOICE, Provider, Setup, Voice

GROUP = "hy_audio.engines"
"""The entry-point group that engines register under."""

AUTO = "auto"
"""The voice that is chosen by what can be reached."""
AUTOMATIC = ("edge", "kokoro")
"""What `auto` tries, in order. `tone` only beeps, so it is never chosen by itself."""

Setups: TypeAlias = Callable[[str], Setup]
"""What each engine, by name, may know of the user's wishes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The one voice of an edition."""

    engine: str
    """Name of the engine."""
    voice: str
    """Name of the voice in it."""
    reason: str
    """Why it was chosen, in half a sentence."""

    def __str__(self) -> str:
        return f"{self.engine}:{self.voice}"


def engines() -> Mapping[str, EntryPoint]:
    """The registered engines by name; nothing is loaded yet."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def provider(name: str, setups: Setups) -> Provider:
    """Load an engine's provider.

    Raises:
        UnknownName: there is no such engine.
        ConfigError: it can't use its settings.
        EngineUnavailable: its package is there but can't be loaded.
    """
    known = engines()
    if name not in known:
        raise UnknownName("engine", name, [*known, AUTO])
    try:
        loaded: Provider = known[name].load()(setups(name))
    except ConfigError:
        raise
    except Exception as error:  # of a plugin: whatever it is, it hurts nobody else
        problem = f"can't be loaded ({type(error).__name__}: {error})"
        advice = "mend or remove its package"
        raise EngineUnavailable(name, problem, advice=advice) from error
    return loaded


async def choose(wanted: str, setups: Setups, order: Sequence[str] = AUTOMATIC) -> Choice:
    """Decide who speaks, before the first clip.

    Args:
        wanted: `auto`, an engine, or `engine:voice`.
        setups: what each engine may know.
        order: what `auto` tries.

    Raises:
        UnknownName: no such engine or voice; the nearest names are in the message.
        EngineUnavailable: the engine can't be used here; for `auto`, none of them can.
    """
    if wanted != AUTO:
        name, _, voice = wanted.partition(":")
        return await _named(provider(name, setups), voice)
    problems = []
    for name in order:
        candidate = provider(name, setups)
        try:
            await candidate.ready()
        except EngineUnavailable as error:
            problems.append(f"{name}: {error.problem}")
        else:
            reason = f"because {problems[-1]}" if problems else "the online service answers"
            return Choice(name, candidate.default_voice, reason)
    raise EngineUnavailable(AUTO, "no engine can be used: " + "; ".join(problems))


async def _named(candidate: Provider, voice: str) -> Choice:
    await candidate.ready()
    if voice and voice != candidate.default_voice:
        known = [v.name for v in await candidate.voices()]
        if voice not in known and ANY_VOICE not in known:
            raise UnknownName(f"{candidate.name} voice", voice, known)
    return Choice(candidate.name, voice or candidate.default_voice, "as asked")


@dataclass(frozen=True, slots=True)
class Listing:
    """An engine's voices, or why there are none."""

    engine: str
    """Name of the engine."""
    default_voice: str
    """The one that speaks when only the engine is named."""
    voices: tuple[Voice, ...]
    """Empty where `problem` is not."""
    problem: str = ""
    """Why it can't be used here."""


async def list_voices(names: Iterable[str], setups: Setups) -> list[Listing]:
    """Ask each engine for its voices; one that fails does not hide the others.

    Raises:
        UnknownName: there is no such engine.
        ConfigError: one of them can't use its settings.
    """
    listings = []
    for name in names:
        try:
            candidate = provider(name, setups)
            listing = Listing(name, candidate.default_voice, await _voices(candidate))
        except EngineUnavailable as error:
            listing = Listing(name, "", (), error.problem)
        listings.append(listing)
    return listings


async def _voices(candidate: Provider) -> tuple[Voice, ...]:
    try:
        return tuple(await candidate.voices())
    except HyAudioError:
        raise
    except Exception as error:  # of a plugin: whatever it is, the others are listed
        problem = f"broken ({type(error).__name__}: {error})"
        raise EngineUnavailable(candidate.name, problem) from error
