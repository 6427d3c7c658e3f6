"""Which engines there are, and which one speaks: `ENGINE[:VOICE]` or `auto`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeAlias

from hy_audio.errors import EngineError, EngineUnavailable, HyAudioError, UnknownName
from hy_audio.speech.guard import GuardedProvider
from hy_audio.speech.model import ANY_VOICE, Provider, Setup, Voice

GROUP = "hy_audio.engines"
"""The entry-point group that engines register under."""

AUTO = "auto"
"""The voice that is chosen by what can be reached."""
AUTOMATIC = ("edge", "kokoro")
"""What `auto` tries, in order."""
TONES = "tone"
"""The engine that only beeps: never chosen by itself, and never kept."""

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
    """Load an engine's provider. Whatever it does wrong later is `EngineUnavailable` too.

    Raises:
        UnknownName: there is no such engine.
        ConfigError: it can't use its settings.
        EngineUnavailable: it can't be loaded, or two packages claim its name.
    """
    known = engines()
    if name not in known:
        raise UnknownName("engine", name, [*known, AUTO])
    if name == AUTO or ":" in name:
        raise EngineUnavailable(name, "no engine can have this name", advice="rename it")
    packages = sorted({_package(entry) for entry in entry_points(group=GROUP, name=name)})
    if len(packages) > 1:
        problem = f"{' and '.join(packages)} both have an engine of this name"
        raise EngineUnavailable(name, problem, advice="remove one of them")
    return GuardedProvider(name, lambda: known[name].load()(setups(name)))


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value


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
    problems, advice = [], ""
    for name in order:
        try:
            candidate = provider(name, setups)
            await candidate.ready()
        except EngineUnavailable as error:
            problems.append(f"{name}: {error.problem}")
            advice = error.advice
        else:
            reason = f"because {problems[-1]}" if problems else "the online service answers"
            return Choice(name, candidate.default_voice, reason)
    problem = "no engine can be used: " + "; ".join(problems)
    raise EngineUnavailable(AUTO, problem, advice=advice)


async def _named(candidate: Provider, voice: str) -> Choice:
    """Look the voice up first: with a list that is kept, a service need not be asked at all."""
    voice = voice or candidate.default_voice
    known = {v.name for v in await candidate.voices()} | {candidate.default_voice}
    if voice not in known and ANY_VOICE not in known:
        raise UnknownName(f"{candidate.name} voice", voice, known)
    await candidate.ready()
    return Choice(candidate.name, voice, "as asked")


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
    """
    return [await _listing(name, setups) for name in names]


async def _listing(name: str, setups: Setups) -> Listing:
    try:
        candidate = provider(name, setups)
        return Listing(name, candidate.default_voice, tuple(await candidate.voices()))
    except UnknownName:
        raise
    except EngineError as error:
        return Listing(name, "", (), error.problem + (f"; {error.advice}" if error.advice else ""))
    except HyAudioError as error:
        return Listing(name, "", (), str(error))
