import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hy_audio.errors import EngineError
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Clip, Prosody, Speech
from hy_audio.speech.speak import ClipEvent, Outcome, speak_all
from hy_audio.speech.store import ClipStore

Make = Callable[..., Utterance]


class Puppet:
    """An engine for faults: counts what it is asked for, and breaks where it is told to."""

    fingerprint = "puppet/1"

    def __init__(self, concurrency: int = 1, breaks_at: str = "") -> None:
        self.concurrency = concurrency
        self.breaks_at = breaks_at
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        self.asked.append(utterance.spoken)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if utterance.spoken == self.breaks_at:
            raise EngineError("puppet", "string torn", utterance=utterance.id)
        return Speech(utterance.spoken.encode(), "audio/wav", 100, ())

    async def aclose(self) -> None:
        pass


def speak(
    engine: Puppet, store: ClipStore, utterances: Sequence[Utterance]
) -> tuple[tuple[Clip, ...], list[ClipEvent]]:
    events: list[ClipEvent] = []
    clips = asyncio.run(speak_all(utterances, engine, "v", Prosody(), store, events.append))
    return clips, events


@pytest.mark.parametrize("concurrency", [1, 3, 50])
def test_clips_come_in_the_order_of_their_utterances(
    tmp_path: Path, utterance: Make, concurrency: int
) -> None:
    texts = [f"第{n}句。" for n in "一二三四五六七八九"]
    clips, _ = speak(Puppet(concurrency), ClipStore(tmp_path), [utterance(t) for t in texts])
    assert [clip.path.read_text() for clip in clips] == texts


def test_an_engine_is_never_asked_for_more_at_once_than_it_allows(
    tmp_path: Path, utterance: Make
) -> None:
    engine = Puppet(3)
    speak(engine, ClipStore(tmp_path), [utterance(f"第{n}句。") for n in "一二三四五六七八"])
    assert engine.most_at_once == 3


def test_what_is_in_the_store_is_not_spoken_again(tmp_path: Path, utterance: Make) -> None:
    store = ClipStore(tmp_path)
    speak(Puppet(), store, [utterance("甲。")])
    engine = Puppet()
    _, events = speak(engine, store, [utterance("甲。"), utterance("乙。")])
    assert engine.asked == ["乙。"]
    assert [e.outcome for e in events] == [Outcome.CACHED, Outcome.SPOKEN]


def test_two_utterances_that_sound_the_same_are_spoken_once(
    tmp_path: Path, utterance: Make
) -> None:
    engine = Puppet(4)
    pair = [utterance("又是这句。", name="a-001"), utterance("又是这句。", name="b-002")]
    clips, events = speak(engine, ClipStore(tmp_path), pair)
    assert engine.asked == ["又是这句。"]
    assert clips[0] == clips[1]
    assert [e.utterance.id for e in events] == ["a-001", "b-002"]


def test_a_failure_is_raised_as_it_is_and_the_clips_before_it_are_kept(
    tmp_path: Path, utterance: Make
) -> None:
    store = ClipStore(tmp_path)
    wanted = [utterance("甲。"), utterance("乙。", name="x-002"), utterance("丙。")]
    with pytest.raises(EngineError, match=r"string torn.*x-002"):
        speak(Puppet(breaks_at="乙。"), store, wanted)
    again = Puppet()
    speak(again, store, wanted)
    assert again.asked == ["乙。", "丙。"]
