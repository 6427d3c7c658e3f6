"""What counts as a whole clip: the tones pass, and each way of spoiling them is told."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import lameenc
import numpy as np
import pytest
from numpy.typing import NDArray

from hy_audio.script.model import Utterance
from hy_audio.sound import decode
from hy_audio.speech.accept import RejectedClip, accept
from hy_audio.speech.model import Mark, Prosody, Setup, Speech
from hy_audio.speech.tone import ToneProvider
from hy_audio.speech.wav import RATE_HZ, wav

Make = Callable[..., Utterance]
Samples = NDArray[np.floating[Any]]
TEXT = ("今天下午三点钟，河边的公园里来了许多人。", "大家都说这里的风景很好！")


def beep(spoken: Utterance, rate: float = 1.0) -> Speech:
    return asyncio.run(ToneProvider(Setup(Path())).open().speak(spoken, "beep", Prosody(rate)))


def samples(speech: Speech) -> Samples:
    return decode(io.BytesIO(speech.audio), RATE_HZ) / 32768


def mp3(sound: Samples, rate_hz: int = RATE_HZ) -> bytes:
    """As the online service sends it: 48 kbit/s, mono, no header."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(48)
    encoder.set_in_sample_rate(rate_hz)
    encoder.set_out_sample_rate(rate_hz)
    encoder.set_channels(1)
    encoder.silence()
    data = encoder.encode((sound * 32767).astype("<i2").tobytes()) + encoder.flush()
    return bytes(data)


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0])
def test_a_whole_clip_is_kept_with_its_measured_length(utterance: Make, rate: float) -> None:
    spoken = utterance(*TEXT)
    speech = beep(spoken, rate)
    recording = accept(speech, spoken, Prosody(rate))
    assert recording.audio == speech.audio
    assert recording.marks == speech.marks
    assert recording.duration_ms == speech.marks[-1].end_ms


def test_an_mp3_is_measured_like_any_other(utterance: Make) -> None:
    spoken = utterance(*TEXT)
    speech = beep(spoken)
    recording = accept(Speech(mp3(samples(speech)), "audio/mpeg", speech.marks), spoken, Prosody())
    assert recording.duration_ms == pytest.approx(speech.marks[-1].end_ms, abs=100)


def spoil(change: Callable[[Samples], Samples]) -> Callable[[Speech], Speech]:
    def spoiled(speech: Speech) -> Speech:
        return Speech(wav(change(samples(speech)).astype("f4")), speech.media_type)

    return spoiled


FAULTS: dict[str, tuple[Callable[[Speech], Speech], str]] = {
    "no audio": (lambda s: replace(s, audio=b""), "decoded"),
    "no sound file": (lambda s: replace(s, audio=b"<html>" * 500), "decoded"),
    "silence": (spoil(lambda x: 0 * x), "silent"),
    "next to silence": (spoil(lambda x: x / 500), "silent"),
    "half of it": (spoil(lambda x: np.append(x[: len(x) // 2], np.zeros(4800, "f4"))), "short"),
    "cut in a beep": (spoil(lambda x: x[: len(x) - 24 * 460]), "middle of a sound"),
    "four times over": (spoil(lambda x: np.tile(x, 12)), "too long"),
    "a long silence": (spoil(lambda x: np.append(x, np.zeros(RATE_HZ * 60, "f4"))), "too long"),
    "a mark behind the end": (
        lambda s: replace(s, marks=(Mark(0, 32, 0, s.marks[-1].end_ms + 300),)),
        "after its end",
    ),
    "another rate from the middle on": (
        lambda s: replace(s, audio=mp3(samples(s)) + mp3(samples(s)[::2], 12_000)),
        "decoded",
    ),
    "a few milliseconds": (spoil(lambda x: x[:120]), "silent|short"),
    "a mark before the start": (lambda s: replace(s, marks=(Mark(0, 9, -5, 10),)), "no sense"),
    "a mark behind the text": (lambda s: replace(s, marks=(Mark(900, 999, 0, 10),)), "no sense"),
    "a mark that ends first": (lambda s: replace(s, marks=(Mark(0, 9, 20, 10),)), "no sense"),
    "marks and sound for half the words": (
        lambda s: replace(
            s,
            audio=wav(np.append(samples(s)[: 24 * 180 * 16], np.zeros(24 * 3000)).astype("f4")),
            marks=(Mark(0, 16, 0, 180 * 16),),
        ),
        "before the text does",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_clip_that_is_not_whole_is_told_apart(utterance: Make, fault: str) -> None:
    change, told = FAULTS[fault]
    spoken = utterance(*TEXT)
    with pytest.raises(RejectedClip, match=told):
        accept(change(beep(spoken)), spoken, Prosody())


@pytest.mark.parametrize("part", [0.3, 0.4, 0.5])
@pytest.mark.parametrize("text", ["好消息传来了。", "".join(TEXT), "今天下午三点钟河边来了许多人"])
def test_a_stream_that_was_cut_in_half_is_told_even_without_marks(
    utterance: Make, text: str, part: float
) -> None:
    spoken = utterance(text)
    whole = mp3(samples(beep(spoken)))
    frames = len(whole) // 144
    cut = whole[: round(frames * part) * 144]
    with pytest.raises(RejectedClip):
        accept(Speech(cut, "audio/mpeg"), spoken, Prosody())


@pytest.mark.parametrize("part", [0.6, 0.7, 0.8, 0.9])
def test_a_stream_that_was_cut_later_is_told_by_its_marks(utterance: Make, part: float) -> None:
    spoken = utterance(*TEXT)
    speech = beep(spoken)
    whole = mp3(samples(speech))
    cut = whole[: round(len(whole) // 144 * part) * 144]
    with pytest.raises(RejectedClip, match="after its end"):
        accept(Speech(cut, "audio/mpeg", speech.marks), spoken, Prosody())


def test_what_the_engine_warns_of_need_not_be_heard(utterance: Make) -> None:
    quiet = Speech(wav(np.zeros(RATE_HZ, "f4")), "audio/wav", warnings=("no sound for “ABC龘”",))
    assert accept(quiet, utterance("ABC龘。"), Prosody()).warnings == quiet.warnings


@pytest.mark.parametrize("clauses", [1, 2])
def test_a_warning_excuses_no_more_than_what_it_is_of(utterance: Make, clauses: int) -> None:
    spoken = utterance(*TEXT)
    speech = replace(beep(spoken), warnings=("no sound for “☃”",))
    end = [n for n, c in enumerate(spoken.spoken, 1) if c in "，。！"][clauses - 1]
    cut = samples(speech)[: end * 180 * RATE_HZ // 1000]
    marks = (Mark(0, end, 0, end * 180),)
    with pytest.raises(RejectedClip, match=r"too short|stops before"):
        accept(replace(speech, audio=wav(cut.astype("f4")), marks=marks), spoken, Prosody())


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_wav_file_that_is_shorter_than_it_says_is_rejected(utterance: Make, size: int) -> None:
    spoken = utterance(*TEXT)
    speech = beep(spoken)
    with pytest.raises(RejectedClip, match="shorter than it says"):
        accept(replace(speech, audio=speech.audio[:-size]), spoken, Prosody())


@pytest.mark.parametrize("unknown", [0, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_a_wav_stream_need_not_know_its_length(utterance: Make, unknown: int) -> None:
    spoken = utterance(*TEXT)
    speech = beep(spoken)
    size = unknown.to_bytes(4, "little")
    audio = speech.audio[:4] + size + speech.audio[8:40] + size + speech.audio[44:]
    assert accept(replace(speech, audio=audio), spoken, Prosody()).audio == audio


def test_words_that_come_back_in_another_spelling_are_not_missed_if_they_are_heard(
    utterance: Make,
) -> None:
    spoken = utterance(*TEXT)
    speech = beep(spoken)
    assert accept(replace(speech, marks=(Mark(0, 16, 0, 180 * 16),)), spoken, Prosody())


def test_what_is_too_long_depends_on_the_rate(utterance: Make) -> None:
    spoken = utterance("今天下午三点钟河边来了许多人")
    slow = beep(spoken, 0.2)
    with pytest.raises(RejectedClip, match="too long"):
        accept(slow, spoken, Prosody(2.0))
    accept(slow, spoken, Prosody(0.5))


@pytest.mark.parametrize("text", ["开场", "一", "A", "GDP", "……", "WTO与WHO。"])
def test_short_and_foreign_texts_pass(utterance: Make, text: str) -> None:
    spoken = utterance(text)
    speech = beep(spoken)
    if text == "……":
        speech = replace(speech, warnings=("nothing to say",))
    assert accept(speech, spoken, Prosody()).audio == speech.audio
