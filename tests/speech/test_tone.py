import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hy_audio.script.model import Utterance
from hy_audio.sound import decode
from hy_audio.speech.model import Mark, Prosody, Setup, Speech
from hy_audio.speech.tone import ToneProvider

PROVIDER = ToneProvider(Setup(Path()))
Make = Callable[..., Utterance]


def beep(spoken: Utterance, rate: float = 1.0) -> Speech:
    return asyncio.run(PROVIDER.open().speak(spoken, "beep", Prosody(rate)))


def length_ms(speech: Speech) -> int:
    return len(decode(io.BytesIO(speech.audio), 24_000)) // 24


def test_the_length_follows_the_text(utterance: Make) -> None:
    short, long = beep(utterance("三个字。")), beep(utterance("三个字再加六个字。"))
    assert length_ms(long) - length_ms(short) == 5 * 180


def test_the_same_words_give_the_same_bytes(utterance: Make) -> None:
    assert beep(utterance("你好。")) == beep(utterance("你好。"))


def test_other_tones_give_other_sounds(utterance: Make) -> None:
    assert beep(utterance("妈。")).audio != beep(utterance("马。")).audio


def test_there_is_a_mark_for_each_sentence(utterance: Make) -> None:
    speech = beep(utterance("一二三。", "四五。", "六。"))
    assert speech.marks == (
        Mark(0, 4, 0, 720),
        Mark(4, 7, 720, 1260),
        Mark(7, 9, 1260, 1620),
    )


def test_rate_is_speed(utterance: Make) -> None:
    normal, double = beep(utterance("一二三。")), beep(utterance("一二三。"), 2.0)
    assert length_ms(double) * 2 == length_ms(normal)


def test_the_engine_keeps_to_the_protocol() -> None:
    engine: Any = PROVIDER.open()
    assert isinstance(engine.fingerprint, str)
    assert engine.concurrency >= 1
    asyncio.run(engine.aclose())
