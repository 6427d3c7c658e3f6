"""From utterances to clips: order kept, concurrency capped, nothing spoken twice, none given up.

What may pass is asked for again after a while; what won't is put down with its reason, and the
others go on. Whatever happens, every clip that arrived whole is in the store.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush
from typing import Any, NamedTuple

from hy_audio.errors import (
    ClipsMissing,
    ConfigError,
    EngineError,
    EngineUnavailable,
    TransientEngineError,
)
from hy_audio.script.model import Utterance
from hy_audio.speech.accept import RejectedClip, accept
from hy_audio.speech.guard import by_user, checked, told
from hy_audio.speech.model import Clip, Engine, Prosody, Speech
from hy_audio.speech.policy import Breaker, Policy, Timing, back_off_s
from hy_audio.speech.store import ClipStore, DamagedClip, clip_key

_NOT_TRIED = "not tried"
_NAMED = 20
"""Missing utterances that one line names."""


class EventKind(StrEnum):
    """What has become of an utterance."""

    STARTED = "started"
    CACHED = "cached"
    RETRIED = "retried"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ClipEvent:
    """Something happened to an utterance. Its last event is `cached`, `done` or `failed`."""

    kind: EventKind
    """What."""
    utterance: Utterance
    """To which."""
    clip: Clip | None = None
    """The clip, if it is there now."""
    reason: str = ""
    """Why it is tried again or given up."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks a whole edition."""

    name: str
    """Name of the engine."""
    engine: Engine
    """It."""
    voice: str
    """Name of the voice in it."""
    prosody: Prosody
    """How fast."""
    take: int = 1
    """Counts how often the same words were asked for."""

    def key(self, utterance: Utterance) -> str:
        """What the clip of an utterance is stored under."""
        fingerprint = self.engine.fingerprint
        return clip_key(fingerprint, self.voice, self.prosody, utterance, self.take)


Listener = Callable[[ClipEvent], None]


async def speak_all(
    utterances: Sequence[Utterance],
    speaker: Speaker,
    store: ClipStore,
    listener: Listener,
    policy: Policy | None = None,
    timing: Timing | None = None,
) -> tuple[Clip, ...]:
    """Get a clip for each utterance, from the store or from the engine.

    Utterances that sound the same are spoken once.

    Args:
        utterances: in the order of the edition; they are asked for in this order too.
        speaker: who says them.
        store: where clips are looked for and kept.
        listener: told what becomes of each utterance, from the event loop's thread.
        policy: how patient to be.
        timing: clock, sleep and chance.

    Returns:
        The clips in the order of the utterances.

    Raises:
        ClipsMissing: some could not be had; it lists each with its reason.
        OSError: the store can't be written to.
    """
    keyed = [(speaker.key(u), u) for u in utterances]
    run = _Run(keyed, speaker, store, listener, policy or Policy(), timing or Timing())
    stopped = ""
    try:
        await _together(run.worker(n) for n in range(speaker.engine.concurrency))
    except _Stop as stop:
        stopped = str(stop)
    if missing := run.give_up(keyed):
        raise run.error(missing, len(keyed), stopped)
    return tuple(run.clips[key] for key, _ in keyed)


class _Stop(Exception):
    """No more is to be asked for; the text says why."""


class _Attempt(NamedTuple):
    """An utterance that is to be asked for, in the order in which that may be."""

    at: float
    """The time from which it may."""
    key: str
    """Of its clip."""
    number: int
    """Which attempt it will be, from 1."""


class _Run:
    """What the workers of one call share."""

    def __init__(
        self,
        keyed: Iterable[tuple[str, Utterance]],
        speaker: Speaker,
        store: ClipStore,
        listener: Listener,
        policy: Policy,
        timing: Timing,
    ) -> None:
        self._waiting: dict[str, list[Utterance]] = {}
        for key, utterance in keyed:
            self._waiting.setdefault(key, []).append(utterance)
        self._fresh = iter(self._waiting)
        self._again: list[_Attempt] = []
        self._speaker, self._store, self._listener = speaker, store, listener
        self._policy, self._timing = policy, timing
        self._breaker = Breaker(policy)
        self._deadline = timing.clock() + policy.budget(len(self._waiting))
        self.clips: dict[str, Clip] = {}
        self._problems: dict[str, EngineError] = {}
        self._given_up = 0
        self._rest_until = 0.0

    async def worker(self, number: int) -> None:
        """Ask for utterances until none is left, more slowly while that fails."""
        spread_s, failures = number * self._policy.spread_s, 0
        while attempt := await self._next():
            if attempt.number == 1 and await self._stored(attempt.key):
                continue
            if spread_s:
                await self._timing.sleep(spread_s)
                spread_s = 0.0
            if await self._speak(attempt):
                failures = 0
            else:
                failures += 1
                await self._timing.sleep(self._back_off_s(failures))

    async def _next(self) -> _Attempt | None:
        """The next utterance, or one that failed and may be asked for again; None if all is done.

        So those that fail keep no other from its turn.
        """
        while True:
            _heed_cancellation()
            if key := next(self._fresh, None):
                return _Attempt(0.0, key, 1)
            if not self._again:
                return None
            left_s = self._again[0].at - self._timing.clock()
            if left_s <= 0:
                return heappop(self._again)
            await self._timing.sleep(left_s)

    async def _stored(self, key: str) -> bool:
        try:
            clip = await asyncio.to_thread(self._store.get, key)
        except DamagedClip as error:
            self._tell(EventKind.RETRIED, key, str(error))
            return False
        if clip:
            self._finish(key, clip, EventKind.CACHED)
        return clip is not None

    async def _speak(self, attempt: _Attempt) -> bool:
        """Ask for an utterance; what fails and may pass is asked for again later.

        Returns:
            Whether the engine is well.
        """
        key = attempt.key
        if attempt.number == 1:
            self._tell(EventKind.STARTED, key)
        await self._rest()
        try:
            speech = await self._ask(self._waiting[key][0])
            await _to_its_end(self._keep(key, speech))
        except TransientEngineError as error:
            self._problems[key] = error
            self._failed_once(attempt, error)
            return False
        except EngineError as error:
            self._problems[key] = error
            self._given_up += 1
            if isinstance(error, EngineUnavailable):
                raise _Stop(error.problem) from error
        return True

    async def _ask(self, utterance: Utterance) -> Speech:
        """Ask the engine once, within what is left of the time."""
        speaker = self._speaker
        try:
            async with asyncio.timeout(max(0.0, self._deadline - self._timing.clock())) as limit:
                answer = await speaker.engine.speak(utterance, speaker.voice, speaker.prosody)
            return checked(speaker.name, answer)
        except EngineError:
            raise
        except ConfigError as error:
            raise EngineUnavailable(speaker.name, str(error)) from error
        except TimeoutError as error:
            if limit.expired():
                raise _Stop(self._out_of_time()) from error
            raise TransientEngineError(speaker.name, "no answer in time") from error
        except BaseException as error:  # of a plugin: it costs this utterance only
            if by_user(error):
                raise
            raise EngineError(speaker.name, f"the engine broke ({told(error)})") from error

    async def _keep(self, key: str, speech: Speech) -> None:
        """Check what the engine returned, and store it."""
        utterance, prosody = self._waiting[key][0], self._speaker.prosody
        try:
            recording = await asyncio.to_thread(accept, speech, utterance, prosody)
        except RejectedClip as error:
            problem, advice = f"not whole: {error}", "build again, or take another voice or rate"
            raise TransientEngineError(self._speaker.name, problem, advice=advice) from error
        clip = await asyncio.to_thread(self._store.put, key, recording)
        self._breaker.passed()
        self._finish(key, clip, EventKind.DONE)

    def _failed_once(self, attempt: _Attempt, error: TransientEngineError) -> None:
        """See to it that an utterance is asked for again, if there is to be another attempt."""
        now = self._timing.clock()
        left = len(self._waiting) - len(self.clips) - self._given_up
        self._rest_until = max(self._rest_until, now + error.wait_s)
        if error.wait_s > self._policy.longest_rest_s or self._rest_until >= self._deadline:
            raise _Stop(f"{error.problem}, and it asks for a rest of {error.wait_s:.0f} s")
        if self._breaker.failed(attempt.key, error, now, left):
            raise _Stop(f"{error.problem}, again and again")
        if attempt.number == self._policy.attempts:
            self._given_up += 1
            return
        asked = f"; it asks for a rest of {error.wait_s:.0f} s" if error.wait_s >= 1 else ""
        self._tell(EventKind.RETRIED, attempt.key, error.problem + asked)
        at = now + max(error.wait_s, self._back_off_s(attempt.number))
        if at >= self._deadline:
            raise _Stop(self._out_of_time())
        heappush(self._again, _Attempt(at, attempt.key, attempt.number + 1))

    def _back_off_s(self, failures: int) -> float:
        return back_off_s(self._policy, failures, self._timing.chance())

    async def _rest(self) -> None:
        """Leave the service alone for as long as it asked for, with all utterances."""
        while (left_s := self._rest_until - self._timing.clock()) > 0:
            await self._timing.sleep(left_s)

    def _out_of_time(self) -> str:
        return f"the time of {self._policy.budget(len(self._waiting)):.0f} s was used up"

    # What came of it

    def _finish(self, key: str, clip: Clip, kind: EventKind) -> None:
        self.clips[key] = clip
        first, *others = self._waiting[key]
        self._listener(ClipEvent(kind, first, clip))
        for other in others:
            self._listener(ClipEvent(EventKind.CACHED, other, clip))

    def _tell(self, kind: EventKind, key: str, reason: str = "") -> None:
        self._listener(ClipEvent(kind, self._waiting[key][0], reason=reason))

    def give_up(self, keyed: Iterable[tuple[str, Utterance]]) -> list[tuple[str, str]]:
        """Tell of each utterance that has no clip; return their ids and reasons."""
        missing = []
        for key, utterance in keyed:
            if key not in self.clips:
                problem = self._problems.get(key)
                reason = problem.problem if problem else _NOT_TRIED
                self._listener(ClipEvent(EventKind.FAILED, utterance, reason=reason))
                missing.append((utterance.id, reason))
        return missing

    def error(self, missing: Sequence[tuple[str, str]], of: int, stopped: str) -> ClipsMissing:
        """The error that lists them."""
        problem = f"{len(missing)} of {of} clips are missing: {_listed(missing, stopped)}"
        if stopped:
            problem = f"{stopped}; {problem}"
        advice = " or ".join(self._advice()) or "build again"
        if len(missing) < of:
            advice += "; the other clips are kept"
        return ClipsMissing(self._speaker.name, problem, missing, advice=advice)

    def _advice(self) -> list[str]:
        """What the errors of the missing utterances advise, each advice once."""
        errors = (error for key, error in self._problems.items() if key not in self.clips)
        return list(dict.fromkeys(error.advice for error in errors if error.advice))


def _listed(missing: Sequence[tuple[str, str]], stopped: str) -> str:
    """The ids that were tried, by reason, as many as a line can hold; the others are counted.

    A reason that `stopped` has told already is not told again.
    """
    tried = [(name, reason) for name, reason in missing if reason != _NOT_TRIED]
    by_reason: dict[str, list[str]] = {}
    for name, reason in tried[:_NAMED]:
        by_reason.setdefault(reason, []).append(name)
    groups = [
        ", ".join(names) + ("" if stopped.startswith(reason) else f" ({reason})")
        for reason, names in by_reason.items()
    ]
    if (more := len(tried) - _NAMED) > 0:
        groups.append(f"{more} more")
    if untried := len(missing) - len(tried):
        groups.append(f"{untried} {_NOT_TRIED}")
    return ", ".join(groups)


def _heed_cancellation() -> None:
    """Stop if this task was cancelled, even if an engine made another error of that."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Await something that is finished even if the run is stopped meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


async def _together(workers: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all; at the first failure stop the others and raise it as it is."""
    tasks = [asyncio.ensure_future(worker) for worker in workers]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
