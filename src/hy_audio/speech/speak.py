"""From utterances to clips: order kept, concurrency capped, nothing spoken twice."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hy_audio.script.model import Utterance
from hy_audio.speech.model import Clip, Engine, Prosody
from hy_audio.speech.store import ClipStore, clip_key


class Outcome(StrEnum):
    """How a clip came about."""

    CACHED = "cached"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class ClipEvent:
    """One clip is there."""

    utterance: Utterance
    """What it says."""
    clip: Clip
    """The clip."""
    outcome: Outcome
    """Whether it was in the store or had to be spoken."""


async def speak_all(
    utterances: Sequence[Utterance],
    engine: Engine,
    voice: str,
    prosody: Prosody,
    store: ClipStore,
    on_event: Callable[[ClipEvent], None],
) -> tuple[Clip, ...]:
    """Get a clip for each utterance, from the store or from the engine.

    Utterances that sound the same are spoken once. Whatever stops it, the clips made so far stay
    in the store.

    Returns:
        The clips in the order of the utterances.

    Raises:
        EngineError: an utterance could not be spoken.
    """
    keys = [clip_key(engine.fingerprint, voice, prosody, u) for u in utterances]
    waiting: dict[str, list[Utterance]] = {}
    for key, utterance in zip(keys, utterances, strict=True):
        waiting.setdefault(key, []).append(utterance)
    clips: dict[str, Clip] = {}

    def finish(key: str, clip: Clip, outcome: Outcome) -> None:
        clips[key] = clip
        for n, utterance in enumerate(waiting[key]):
            on_event(ClipEvent(utterance, clip, outcome if n == 0 else Outcome.CACHED))

    for key in waiting:
        if stored := store.get(key):
            finish(key, stored, Outcome.CACHED)

    async def work(missing: Iterator[str]) -> None:
        for key in missing:
            speech = await engine.speak(waiting[key][0], voice, prosody)
            finish(key, store.put(key, speech), Outcome.SPOKEN)

    missing = iter([key for key in waiting if key not in clips])
    await _together([work(missing) for _ in range(engine.concurrency)])
    return tuple(clips[key] for key in keys)


async def _together(workers: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run all; at the first failure stop the others and raise it as it is."""
    tasks = [asyncio.ensure_future(worker) for worker in workers]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
