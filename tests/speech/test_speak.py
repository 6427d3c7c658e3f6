"""What a run does when an engine works, falters, refuses, breaks or hangs."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hy_audio.errors import (
    ClipsMissing,
    ConfigError,
    EngineError,
    EngineUnavailable,
    TransientEngineError,
)
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Clip, Engine, Prosody, Setup, Speech
from hy_audio.speech.policy import Policy, Timing, back_off_s
from hy_audio.speech.speak import ClipEvent, EventKind, Speaker, _to_its_end, speak_all
from hy_audio.speech.store import ClipStore, Recording
from hy_audio.speech.tone import ToneProvider

Make = Callable[..., Utterance]
NUMBERS = "一二三四五六七八九"


class Puppet:
    """The tones, with an engine's faults: each word is answered by what its script tells, in turn.

    A script holds the errors that are raised before the word is spoken.
    """

    fingerprint = "puppet/1"

    def __init__(self, concurrency: int = 1, **scripts: Sequence[Exception]) -> None:
        self.concurrency = concurrency
        self.scripts: dict[str, Iterator[Exception]] = {
            word: iter(faults) for word, faults in scripts.items()
        }
        self.asked: list[str] = []
        self._tones = ToneProvider(Setup(Path())).open()

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        self.asked.append(utterance.id)
        for word, faults in self.scripts.items():
            if word in utterance.spoken and (fault := next(faults, None)):
                raise fault
        return await self._tones.speak(utterance, voice, prosody)

    async def aclose(self) -> None:
        pass


@dataclass
class FakeTime:
    """Time that passes only while somebody waits; chance that always takes the longest wait."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self.sleep, lambda: 1.0)


@dataclass
class Run:
    """A way to call `speak_all`, and what it told."""

    folder: Path
    time: FakeTime = field(default_factory=FakeTime)
    events: list[ClipEvent] = field(default_factory=list)

    def __call__(
        self, engine: Engine, *utterances: Utterance, policy: Policy | None = None
    ) -> tuple[Clip, ...]:
        self.events.clear()
        speaker = Speaker("puppet", engine, "v", Prosody())
        store = ClipStore(self.folder / "store", self.folder / "bench")
        listener = self.events.append
        policy = policy or Policy(spread_s=0)
        return asyncio.run(
            speak_all(utterances, speaker, store, listener, policy, self.time.timing)
        )

    def told(self, *stages: EventKind) -> list[str]:
        """The reasons of the events of these stages."""
        return [event.reason for event in self.events if event.kind in stages]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


@pytest.fixture
def nine(utterance: Make) -> list[Utterance]:
    return [utterance(f"第{n}句{'话' * k}。", name=f"a-{k:03}") for k, n in enumerate(NUMBERS, 1)]


def trouble(problem: str = "it coughed", **facts: object) -> TransientEngineError:
    return TransientEngineError("puppet", problem, **facts)  # type: ignore[arg-type]


# When all goes well


@pytest.mark.parametrize("concurrency", [1, 3, 50])
def test_clips_come_in_the_order_of_their_utterances(
    run: Run, nine: list[Utterance], concurrency: int
) -> None:
    alone = [run(Puppet(), one)[0].sha256 for one in nine]
    assert len(set(alone)) == 9
    run.folder /= "fresh"
    clips = run(Puppet(concurrency), *nine)
    assert [clip.sha256 for clip in clips] == alone


def test_an_engine_is_never_asked_for_more_at_once_than_it_allows(
    run: Run, nine: list[Utterance]
) -> None:
    class Meets(Puppet):
        """Goes on when three are there."""

        async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await self.three.wait()
            self.at_once -= 1
            return await super().speak(utterance, voice, prosody)

        at_once = most_at_once = 0
        three = asyncio.Barrier(3)

    engine = Meets(3)
    run(engine, *nine)
    assert engine.most_at_once == 3


def test_the_first_requests_are_spread_out(run: Run, nine: list[Utterance]) -> None:
    run(Puppet(4), *nine, policy=Policy(spread_s=0.1))
    assert sorted(run.time.waits) == pytest.approx([0.1, 0.2, 0.3])


def test_what_is_in_the_store_is_not_spoken_again(run: Run, nine: list[Utterance]) -> None:
    run(Puppet(), nine[0])
    engine = Puppet()
    run(engine, *nine[:2])
    assert engine.asked == ["a-002"]
    assert [e.kind for e in run.events] == [EventKind.CACHED, EventKind.STARTED, EventKind.DONE]
    assert all(e.clip for e in run.events if e.kind is not EventKind.STARTED)


def test_two_utterances_that_sound_the_same_are_spoken_once(run: Run, utterance: Make) -> None:
    engine = Puppet(4)
    pair = [utterance("又是这句。", name="a-001"), utterance("又是这句。", name="b-002")]
    clips = run(engine, *pair)
    assert engine.asked == ["a-001"]
    assert clips[0] == clips[1]
    assert [(e.utterance.id, e.kind) for e in run.events] == [
        ("a-001", EventKind.STARTED),
        ("a-001", EventKind.DONE),
        ("b-002", EventKind.CACHED),
    ]


# What may pass is tried again


def test_what_may_pass_is_tried_again_and_told(run: Run, nine: list[Utterance]) -> None:
    engine = Puppet(三=[trouble(), trouble("it sneezed")])
    assert len(run(engine, *nine)) == 9
    assert engine.asked.count("a-003") == 3
    assert run.told(EventKind.RETRIED) == ["it coughed", "it sneezed"]


def test_waits_double_up_to_the_longest(run: Run, nine: list[Utterance]) -> None:
    policy = Policy(attempts=6, first_wait_s=1, longest_wait_s=5, spread_s=0)
    run(Puppet(一=[trouble()] * 5), nine[0], policy=policy)
    assert run.time.waits == [1, 2, 4, 5, 5]


def test_what_the_service_asks_for_is_waited_at_least(run: Run, nine: list[Utterance]) -> None:
    run(Puppet(一=[trouble("HTTP 429", wait_s=30.0)]), nine[0])
    assert run.time.now == 30.0
    assert run.told(EventKind.RETRIED) == ["HTTP 429; it asks for a rest of 30 s"]


@pytest.mark.parametrize("bad", [1, 2, 4])
def test_utterances_that_never_pass_keep_no_other_from_being_spoken(
    run: Run, nine: list[Utterance], bad: int
) -> None:
    engine = Puppet(1, **{word: [trouble()] * 99 for word in NUMBERS[1 : 1 + bad]})
    with pytest.raises(ClipsMissing) as caught:
        run(engine, *nine)
    assert [name for name, _ in caught.value.missing] == [u.id for u in nine[1 : 1 + bad]]


def test_what_failed_is_asked_for_again_when_all_others_had_their_turn(
    run: Run, nine: list[Utterance]
) -> None:
    engine = Puppet(二=[trouble(), trouble()], 四=[trouble()])
    clips = run(engine, *nine)
    assert engine.asked == [*(u.id for u in nine), "a-002", "a-004", "a-002"]
    assert [clip.key for clip in clips] == [clip.key for clip in run(Puppet(), *nine)]


def test_a_service_that_fails_is_asked_more_and_more_slowly(
    run: Run, nine: list[Utterance]
) -> None:
    engine = Puppet(第=[trouble()] * 99)
    with pytest.raises(ClipsMissing, match="again and again"):
        run(engine, *nine, policy=Policy(failing_s=14, spread_s=0))
    assert run.time.waits[:5] == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_what_never_passes_is_given_up_after_its_attempts_and_the_others_go_on(
    run: Run, nine: list[Utterance]
) -> None:
    engine = Puppet(2, 三=[trouble()] * 99, 七=[trouble("it sneezed")] * 99)
    with pytest.raises(ClipsMissing) as caught:
        run(engine, *nine, policy=Policy(attempts=4, spread_s=0))
    assert engine.asked.count("a-003") == 4
    reasons = ["it coughed", "it sneezed"]
    assert caught.value.missing == (("a-003", reasons[0]), ("a-007", reasons[1]))
    assert run.told(EventKind.FAILED) == reasons
    assert len(run.told(EventKind.DONE)) == 7
    line = str(caught.value)
    assert line.startswith("puppet: 2 of 9 clips are missing: a-003 (it coughed")
    assert "kept" in line
    again = Puppet()
    run(again, *nine)
    assert again.asked == ["a-003", "a-007"]


def test_what_won_t_pass_is_not_tried_again(run: Run, nine: list[Utterance]) -> None:
    fault = EngineError("puppet", "it knows no three", advice="write it otherwise")
    engine = Puppet(三=[fault])
    with pytest.raises(ClipsMissing, match=r"a-003 \(it knows no three\); write it otherwise"):
        run(engine, *nine)
    assert engine.asked.count("a-003") == 1
    assert len(engine.asked) == 9


@pytest.mark.parametrize(
    "damage", [lambda audio: audio[: len(audio) // 2], lambda audio: b"", lambda audio: b"no" * 999]
)
def test_a_clip_that_is_not_whole_is_tried_again(
    run: Run, nine: list[Utterance], damage: Callable[[bytes], bytes]
) -> None:
    class Cuts(Puppet):
        async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
            speech = await super().speak(utterance, voice, prosody)
            if len(self.asked) > 1:
                return speech
            return Speech(damage(speech.audio), speech.media_type)

    whole = run(Puppet(), nine[0])[0].sha256
    run.folder /= "fresh"
    assert run(Cuts(), nine[0])[0].sha256 == whole
    assert run.told(EventKind.RETRIED)[0].startswith("not whole: ")


# What stops a run


@pytest.mark.parametrize("concurrency", [1, 4, 16])
@pytest.mark.parametrize("utterances", [1, 9])
@pytest.mark.parametrize(("refused", "limit_s"), [(True, 5.0), (False, 30.0)])
def test_a_service_that_never_speaks_is_left_after_its_time_however_many_ask(
    run: Run,
    nine: list[Utterance],
    concurrency: int,
    utterances: int,
    refused: bool,
    limit_s: float,
) -> None:
    never = [trouble("HTTP 403", refused=refused)] * 999
    engine = Puppet(concurrency, 第=never)
    with pytest.raises(ClipsMissing, match="HTTP 403, again and again") as caught:
        run(engine, *nine[:utterances], policy=Policy(spread_s=0))
    assert len(caught.value.missing) == utterances == len(run.told(EventKind.FAILED))
    assert limit_s <= run.time.now
    workers = min(concurrency, utterances)
    assert run.time.now <= workers * 2 * limit_s, "the puppet's clock adds all waits up"
    assert 3 <= len(engine.asked) <= workers * Policy().attempts


class Recovers(Puppet):
    """Does not speak until a moment of the fake time."""

    def __init__(self, concurrency: int, time: FakeTime, until_s: float, error: Exception) -> None:
        super().__init__(concurrency)
        self._time, self._until_s, self._error = time, until_s, error

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        if self._time.now < self._until_s:
            self.asked.append("")
            raise self._error
        return await super().speak(utterance, voice, prosody)


@pytest.mark.parametrize("concurrency", [1, 8, 16])
@pytest.mark.parametrize(
    ("error", "until_s"),
    [
        (trouble("HTTP 429", refused=True, wait_s=3.0), 2.5),
        (trouble("the connection broke"), 25.0),
    ],
)
def test_a_service_that_comes_back_loses_nothing(
    run: Run, nine: list[Utterance], concurrency: int, error: Exception, until_s: float
) -> None:
    engine = Recovers(concurrency, run.time, until_s, error)
    assert len(run(engine, *nine, policy=Policy(spread_s=0))) == 9


def test_when_a_service_asks_for_a_rest_it_is_left_alone_by_all(
    run: Run, nine: list[Utterance]
) -> None:
    asked_at = []

    class Notes(Puppet):
        async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
            asked_at.append(run.time.now)
            return await super().speak(utterance, voice, prosody)

    run(Notes(2, 一=[trouble(wait_s=7.0)]), *nine)
    assert not [moment for moment in asked_at[2:] if moment < 7.0]


def test_failures_between_clips_don_t_add_up(run: Run, nine: list[Utterance]) -> None:
    engine = Puppet(1, **{word: [trouble("HTTP 403", refused=True)] for word in NUMBERS[::2]})
    assert len(run(engine, *nine, policy=Policy(refused_s=0.1, spread_s=0))) == 9


def test_an_engine_that_can_t_be_used_any_more_ends_the_run(
    run: Run, nine: list[Utterance]
) -> None:
    engine = Puppet(三=[EngineUnavailable("puppet", "the strings are torn")])
    with pytest.raises(ClipsMissing, match="the strings are torn; 7 of 9 clips are missing"):
        run(engine, *nine)
    assert len(engine.asked) == 3


def test_a_setting_that_shows_itself_wrong_ends_the_run(run: Run, nine: list[Utterance]) -> None:
    with pytest.raises(ClipsMissing, match="puppet: no key; 8 of 9 clips are missing") as caught:
        run(Puppet(二=[ConfigError("no key")]), *nine)
    assert len(caught.value.missing) == 8 == len(run.told(EventKind.FAILED))


def test_an_engine_that_breaks_costs_the_utterance_only(run: Run, nine: list[Utterance]) -> None:
    engine = Puppet(三=[KeyError("string")])
    with pytest.raises(ClipsMissing, match=r"1 of 9 .*a-003 \(the engine broke \(KeyError"):
        run(engine, *nine)


def test_no_wait_goes_beyond_the_time_for_everything(run: Run, nine: list[Utterance]) -> None:
    engine = Puppet(一=[trouble(wait_s=50.0)])
    with pytest.raises(ClipsMissing, match="it coughed, and it asks for a rest of 50 s"):
        run(engine, *nine, policy=Policy(budget_s=40, spread_s=0))
    assert run.time.waits == []


def test_a_service_that_asks_for_a_long_rest_is_left_alone_at_once(
    run: Run, nine: list[Utterance]
) -> None:
    engine = Puppet(二=[trouble("HTTP 429", refused=True, wait_s=600.0)])
    with pytest.raises(ClipsMissing, match="HTTP 429, and it asks for a rest of 600 s; 8 of 9"):
        run(engine, *nine)
    assert run.time.now == 0


def test_what_an_engine_says_in_several_lines_becomes_one(run: Run, nine: list[Utterance]) -> None:
    fault = EngineError("puppet", "it fell\nand lay\r\n there", advice="lift\nit")
    with pytest.raises(ClipsMissing, match=r"a-001 \(it fell and lay there\); lift it") as caught:
        run(Puppet(一=[fault]), nine[0])
    assert "\n" not in str(caught.value)


def test_the_reason_for_which_a_run_stopped_is_told_once(run: Run, nine: list[Utterance]) -> None:
    engine = Puppet(二=[EngineUnavailable("puppet", "the strings are torn")])
    with pytest.raises(ClipsMissing, match="missing: a-002, 7 not tried") as caught:
        run(engine, *nine)
    assert str(caught.value).count("torn") == 1
    assert caught.value.missing[0] == ("a-002", "the strings are torn")


def test_the_line_names_twenty_and_counts_the_others(run: Run, utterance: Make) -> None:
    many = [utterance(f"{'第' * k}。", name=f"m-{k:03}") for k in range(1, 61)]
    faults = [EngineError("puppet", f"no, says request {k}") for k in range(60)]
    with pytest.raises(ClipsMissing, match=r"m-020 \(no.*, 40 more") as caught:
        run(Puppet(第=faults), *many)
    assert len(caught.value.missing) == 60
    assert "m-021" not in str(caught.value)


class Hangs(Puppet):
    """Never answers."""

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        await asyncio.Event().wait()
        raise AssertionError


def test_an_engine_that_hangs_is_left_when_the_time_is_used_up(
    run: Run, nine: list[Utterance]
) -> None:
    with pytest.raises(ClipsMissing, match="used up"):
        run(Hangs(), *nine, policy=Policy(budget_s=0.01, spread_s=0))


def test_a_time_limit_of_the_engine_s_own_is_a_failure_that_may_pass(
    run: Run, nine: list[Utterance]
) -> None:
    assert run(Puppet(一=[TimeoutError()]), nine[0])
    assert run.told(EventKind.RETRIED) == ["no answer in time"]


def test_an_engine_that_makes_an_error_of_an_interruption_does_not_keep_the_run_alive(
    tmp_path: Path, nine: list[Utterance]
) -> None:
    class Stubborn(Puppet):
        async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
            self.asked.append(utterance.id)
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError as error:
                raise EngineError("puppet", "something was cancelled") from error
            raise AssertionError

    async def interrupted(engine: Puppet) -> None:
        speaker = Speaker("puppet", engine, "v", Prosody())
        store = ClipStore(tmp_path / "store", tmp_path / "bench")
        task = asyncio.ensure_future(speak_all(nine, speaker, store, lambda event: None))
        while not engine.asked:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    engine = Stubborn()
    asyncio.run(interrupted(engine))
    assert engine.asked == ["a-001"]


def test_when_the_run_is_interrupted_every_clip_that_arrived_is_kept(
    run: Run, nine: list[Utterance]
) -> None:
    class Interrupts(Puppet):
        async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
            if len(self.asked) == 4:
                task = asyncio.current_task()
                assert task
                task.cancel()
            return await super().speak(utterance, voice, prosody)

    with pytest.raises(asyncio.CancelledError):
        run(Interrupts(), *nine)
    again = Puppet()
    run(again, *nine)
    assert len(again.asked) == 4


def test_nothing_is_said_of_a_check_that_fails_after_the_run_was_stopped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def stopped() -> None:
        begun, ends = asyncio.Event(), asyncio.Event()

        async def check() -> None:
            begun.set()
            await ends.wait()
            raise trouble("not whole")

        task = asyncio.ensure_future(_to_its_end(check()))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        ends.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    gc.collect()  # asyncio tells when an exception that nobody asked for goes away
    assert not caplog.records


def test_what_an_engine_has_returned_is_stored_although_the_run_is_stopped(
    run: Run, nine: list[Utterance]
) -> None:
    """Stopped between the answer and the store."""
    speaker = Speaker("puppet", Puppet(), "v", Prosody())
    store = ClipStore(run.folder / "store", run.folder / "bench")

    async def go() -> None:
        speaking = asyncio.ensure_future(speak_all(nine[:1], speaker, store, run.events.append))
        put = store.put

        def stopped_in_the_act(key: str, recording: Recording) -> Clip:
            loop.call_soon_threadsafe(speaking.cancel)
            return put(key, recording)

        store.put = stopped_in_the_act  # type: ignore[method-assign]
        loop = asyncio.get_running_loop()
        with pytest.raises(asyncio.CancelledError):
            await speaking

    asyncio.run(go())
    again = Puppet()
    run(again, nine[0])
    assert again.asked == []


@pytest.mark.parametrize("stop", [asyncio.CancelledError(), SystemExit(3), GeneratorExit()])
def test_an_engine_that_raises_what_stops_programs_costs_its_utterance_only(
    run: Run, nine: list[Utterance], stop: BaseException
) -> None:
    with pytest.raises(ClipsMissing, match=r"1 of 9 .*a-003 \(the engine broke"):
        run(Puppet(三=[stop]), *nine)  # type: ignore[list-item]


def test_the_advice_is_that_of_what_is_missing(run: Run, nine: list[Utterance]) -> None:
    lasting = EngineError("puppet", "too long", advice="shorten the sentence")
    passing = trouble(advice="wait a little")
    with pytest.raises(ClipsMissing, match=r"too long.*; shorten the sentence; the other"):
        run(Puppet(一=[lasting], 五=[passing]), *nine)


@pytest.mark.parametrize(("chance", "waited"), [(0.0, 0.0), (0.5, 2.0), (1.0, 4.0)])
def test_a_wait_is_any_part_of_its_limit(chance: float, waited: float) -> None:
    assert back_off_s(Policy(first_wait_s=1.0), 3, chance) == waited


# The store


def test_a_damaged_entry_is_spoken_again_with_a_warning(run: Run, nine: list[Utterance]) -> None:
    (clip,) = run(Puppet(), nine[0])
    (entry,) = (run.folder / "store").rglob("*.clip")
    entry.write_bytes(entry.read_bytes()[:-1])
    clip.path.unlink()
    engine = Puppet()
    (again,) = run(engine, nine[0])
    assert len(engine.asked) == 1
    assert again == clip
    assert "damaged" in run.told(EventKind.RETRIED)[0]


def test_a_store_that_is_deleted_at_any_moment_costs_nothing_but_time(
    run: Run, nine: list[Utterance]
) -> None:
    class Deletes(Puppet):
        async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
            for entry in (run.folder / "store").rglob("*.clip"):
                entry.unlink()
            return await super().speak(utterance, voice, prosody)

    clips = run(Deletes(3), *nine)
    assert all(clip.path.stat().st_size > 1000 for clip in clips)
