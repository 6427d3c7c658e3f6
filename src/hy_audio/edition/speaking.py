"""Who speaks an edition: one voice, and others for the sections that an editor gave to them."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hy_audio import episode
from hy_audio.episode import BegunVoice
from hy_audio.manifest import Manifest, VoiceEntry
from hy_audio.progress import Reporter, Tally
from hy_audio.script.model import Utterance
from hy_audio.speech.guard import close
from hy_audio.speech.model import Clip, Engine, Prosody, Setup
from hy_audio.speech.policy import Policy
from hy_audio.speech.registry import AUTO, TONES, Choice, choose, provider
from hy_audio.speech.shelf import forgiving
from hy_audio.speech.speak import ClipEvent, Speaker, speak_all
from hy_audio.speech.store import CLIPS, ClipStore

_BEGUN = "as the episode was begun; to begin anew with another, name it with --voice"


@dataclass(frozen=True, slots=True)
class Wish:
    """How the edition is to be spoken."""

    voice: str = AUTO
    """`auto`, an engine, or `engine:voice`."""
    rate: float = 1.0
    """Speed; 1.0 is the voice's own."""
    engines: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Settings of each engine, by its name."""
    proxy: str = ""
    """Proxy for engines that go online; empty for what the environment says."""
    device: str = ""
    """What engines that compute run on; empty for their default."""
    store: str = ""
    """Address of a shelf behind the clip store; empty for none."""
    policy: Policy = field(default_factory=Policy)
    """How patient to be with an engine."""

    def setup(self, engine: str, cache: Path) -> Setup:
        """What an engine may know of all that."""
        return Setup(cache, self.engines.get(engine, {}), self.proxy, self.device)


def named(voice: str, wish: Wish, cache: Path) -> Choice:
    """A voice that an editor asks for.

    Raises:
        UnknownName: there is no such engine or voice.
        EngineUnavailable: the engine can't be used here.
    """
    return asyncio.run(choose(voice, lambda engine: wish.setup(engine, cache)))


class Cast:
    """The engines of one build, opened when they are first asked for and closed at the end."""

    def __init__(self, wish: Wish, cache: Path, bench: Path, report: Reporter) -> None:
        """Prepare.

        Args:
            wish: what the editor wants.
            cache: folder of the clip store, models and engines' own things.
            bench: folder in which clips are laid.
            report: told how far it is.

        Raises:
            ConfigError: the address of the store can't be used.
        """
        self._wish, self._cache, self._report = wish, cache, report
        self._store = ClipStore(cache / CLIPS, bench, forgiving(wish.store, report.note))
        self._engines: dict[str, Engine] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all engines; what goes wrong then is only noted."""
        await self._stack.aclose()

    async def main(self, previous: Manifest | None, folder: Path) -> Choice:
        """The one voice of the edition, decided before the first clip.

        An episode keeps the voice it was spoken or begun with, unless another is asked for.
        """
        choice = await self._main(previous, folder)
        if not lasting(previous) and choice.engine != TONES:
            episode.keep_voice(folder, BegunVoice(choice.engine, choice.voice))
        return choice

    async def _main(self, previous: Manifest | None, folder: Path) -> Choice:
        if self._wish.voice == AUTO:
            if before := lasting(previous):
                return Choice(before.engine, before.name, "as before")
            if begun := episode.begun_voice(folder):
                return Choice(begun.engine, begun.name, _BEGUN)
        return await choose(self._wish.voice, self._setup)

    def speaker(self, choice: Choice, rate: float = 0.0, take: int = 1) -> Speaker:
        """Who speaks a section.

        Args:
            choice: the voice.
            rate: speed; 0 for the edition's.
            take: counts how often the same words were asked for.

        Raises:
            UnknownName: there is no such engine.
            EngineUnavailable: it can't be loaded.
        """
        prosody = Prosody(rate or self._wish.rate)
        return Speaker(choice.engine, self._open(choice.engine), choice.voice, prosody, take)

    def _open(self, name: str) -> Engine:
        if name not in self._engines:
            engine = self._engines[name] = provider(name, self._setup).open()
            self._stack.push_async_callback(close, name, engine, self._report.note)
        return self._engines[name]

    def _setup(self, engine: str) -> Setup:
        return self._wish.setup(engine, self._cache)

    async def speak(
        self, parts: Sequence[tuple[Speaker, Sequence[Utterance]]], total: int
    ) -> tuple[list[tuple[Clip, ...]], int]:
        """Get the clips of some sections.

        Args:
            parts: who says what.
            total: utterances of the whole edition; those of other sections are there.

        Returns:
            The clips of each part, and how many had to be spoken anew.

        Raises:
            ClipsMissing: some could not be had.
        """
        tally = Tally(sum(len(utterances) for _, utterances in parts))

        def tell(event: ClipEvent) -> None:
            tally.count(event)
            self._report.clip(event, tally)

        asked: dict[tuple[object, ...], list[Utterance]] = {}
        for speaker, utterances in parts:
            asked.setdefault(_who(speaker), []).extend(utterances)
        said = {}
        for speaker in {_who(s): s for s, _ in parts}.values():
            all_of_it = asked[_who(speaker)]
            clips = await speak_all(all_of_it, speaker, self._store, tell, self._wish.policy)
            said[_who(speaker)] = iter(clips)
        more = f", {total - tally.total} more in sections that stay" if total > tally.total else ""
        self._report.note(f"{tally.total} clips, {tally.spoken} of them spoken anew{more}")
        return [tuple(next(said[_who(s)]) for _ in us) for s, us in parts], tally.spoken


def _who(speaker: Speaker) -> tuple[object, ...]:
    return speaker.name, speaker.voice, speaker.prosody, speaker.take


def lasting(previous: Manifest | None) -> VoiceEntry | None:
    """The voice that an episode keeps. Tones are a dry run: they are never kept."""
    return previous.voice if previous and previous.voice.engine != TONES else None


def voice_entry(speaker: Speaker) -> VoiceEntry:
    """Who speaks, for the manifest."""
    rate, fingerprint = speaker.prosody.rate, speaker.engine.fingerprint
    return VoiceEntry(speaker.name, speaker.voice, rate, fingerprint)
