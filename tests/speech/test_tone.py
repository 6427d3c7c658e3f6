import asyncio
from collections.abc import Callable
from typing import Any

from hy_audio.script.model import Utterance
from hy_audio.speech.model import Prosody, Speech
from hy_audio.speech.tone import PROVIDER

Make = Callable[..., Utterance]


def beep(spoken: Utterance, rate: float = 1.0) -> Speech:
    return asyncio.run(PROVIDER.open().speak(spoken, "beep", Prosody(rate)))


def test_the_length_follows_the_text(utterance: Make) -> None:
    short, long = beep(utterance("三个字。")), beep(utterance("三个字再加六个字。"))
    assert long.duration_ms - short.duration_ms == 5 * 180


def test_the_same_words_give_the_same_bytes(utterance: Make) -> None:
    assert beep(utterance("你好。")) == beep(utterance("你好。"))


def test_other_tones_give_other_sounds(utterance: Make) -> None:
    assert beep(utterance("妈。")).audio != beep(utterance("马。")).audio


def test_there_is_a_mark_for_each_sentence(utterance: Make) -> None:
    speech = beep(utterance("一二三。", "四五。", "六。"))
    assert [(m.sentence, m.start_ms) for m in speech.marks] == [(0, 0), (1, 720), (2, 1260)]


def test_rate_is_speed(utterance: Make) -> None:
    normal, double = beep(utterance("一二三。")), beep(utterance("一二三。"), 2.0)
    assert double.duration_ms * 2 == normal.duration_ms


def test_the_engine_keeps_to_the_protocol() -> None:
    engine: Any = PROVIDER.open()
    assert isinstance(engine.fingerprint, str)
    assert engine.concurrency >= 1
    asyncio.run(engine.aclose())
