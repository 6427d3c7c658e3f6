"""Mastered sections by meters that nobody here wrote, on speech and on what is harder."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from conftest import Episode

from hy_audio import sound
from hy_audio.errors import MediaError
from hy_audio.sound import decode, decode_mp3
from hy_audio.stitch import limit, mp3
from hy_audio.stitch import master as mastering
from hy_audio.stitch.loudness import Loudness, Meter, measure
from hy_audio.stitch.master import CEILING_DBTP, TARGET_LUFS, Mastered, gain_for, master
from hy_audio.stitch.mp3 import FRAME_SAMPLES, Format

FORM = Format()


def metered(data: bytes, form: Format = FORM) -> Loudness:
    meter = Meter(form.rate_hz, form.channels, peak=True, kind="flt")
    for block in decode_mp3([data]):
        meter.add(block.reshape(-1))
    return meter.read()


def whole_frames(samples: np.ndarray, channels: int = 1) -> np.ndarray:
    mono = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].astype("i2")
    return np.repeat(mono[:, None], channels, axis=1)


@pytest.fixture(scope="module")
def speech(spoken_episode: Episode) -> np.ndarray:
    """A minute of the voice."""
    return decode(spoken_episode.folder / "episode.mp3", FORM.rate_hz)[: 60 * FORM.rate_hz]


def mastered(samples: np.ndarray, form: Format = FORM) -> Mastered:
    return master(samples, form, gain_for(measure([samples], form.rate_hz)))


def peaky() -> np.ndarray:
    """Noise of speech's rhythm with a click as loud as can be every half second."""
    noise = np.random.default_rng(3).normal(0, 1500, 20 * 48_000)
    noise *= np.sin(2 * np.pi * 2 * np.arange(len(noise)) / 48_000) ** 2
    noise[::24_000] = 32_000
    noise[1::24_000] = -32_000
    return noise


def square() -> np.ndarray:
    return np.where(np.arange(10 * 48_000) // 60 % 2, 30_000, -30_000)


SIGNALS = {"quiet": 0.05, "usual": 1.0, "loud": 6.0}


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("form", [FORM, Format(48_000, 2, 128), Format(44_100, 1, 64)], ids=str)
def test_speech_at_any_level_comes_out_at_the_target_with_its_peaks_under_the_ceiling(
    speech: np.ndarray, name: str, form: Format
) -> None:
    at_level = np.clip(speech * SIGNALS[name], -32768, 32767)
    shown = metered(mastered(whole_frames(at_level, form.channels), form).data, form)
    assert shown.integrated_lufs == pytest.approx(TARGET_LUFS, abs=0.3)
    assert shown.peak_dbtp <= CEILING_DBTP


@pytest.mark.parametrize("signal", [peaky, square])
def test_what_is_hard_to_encode_stays_under_the_ceiling_too(
    signal: Callable[[], np.ndarray],
) -> None:
    shown = metered(mastered(whole_frames(signal())).data)
    assert shown.peak_dbtp <= CEILING_DBTP
    assert shown.integrated_lufs == pytest.approx(TARGET_LUFS, abs=0.5)


def test_a_gain_that_is_given_is_kept(speech: np.ndarray) -> None:
    samples = whole_frames(speech * 0.2)
    given = master(samples, FORM, 3.0, keep=True)
    assert given.gain_db == 3.0
    ours = mastered(samples)
    expected = TARGET_LUFS - (ours.gain_db - 3.0)
    assert metered(given.data).integrated_lufs == pytest.approx(expected, abs=0.3)


def test_silence_is_not_raised() -> None:
    silence = np.zeros((20 * FRAME_SAMPLES, 1), "i2")
    assert mastered(silence).gain_db == 0.0


def test_a_section_has_the_same_bytes_whether_or_not_other_cores_help(speech: np.ndarray) -> None:
    samples = whole_frames(speech)
    assert master(samples, FORM, 5.0, spread=True) == master(samples, FORM, 5.0)


def test_half_a_frame_is_refused() -> None:
    with pytest.raises(MediaError, match=r"22 frames where 21\.8"):
        mastered(np.zeros((20 * FRAME_SAMPLES + 1000, 1), "i2"))


def test_a_section_whose_decoded_peaks_are_too_high_is_encoded_again_and_lower(
    speech: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An encoder that adds 2 dB to every peak, once it has been asked for the first time."""
    tries: list[float] = []
    encode = mp3.encode

    def louder(pcm: Iterator[bytes], form: Format) -> Iterator[bytes]:
        blocks = [np.frombuffer(block, "<i2") * 1.26 for block in pcm]
        tries.append(max(float(np.abs(block).max()) for block in blocks))
        return encode((np.clip(b, -32768, 32767).astype("<i2").tobytes() for b in blocks), form)

    monkeypatch.setattr(mastering, "encode", louder)
    made = mastered(whole_frames(speech))
    assert len(tries) >= 2
    assert tries[-1] < tries[0]
    assert metered(made.data).peak_dbtp <= CEILING_DBTP


def test_the_bytes_are_the_same_however_a_section_is_worked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples = whole_frames(peaky()[: 3 * FORM.rate_hz], 2)
    form = Format(48_000, 2, 128)
    whole = mastered(samples, form)
    monkeypatch.setattr(limit, "BLOCK", 100 * limit.STEP)
    monkeypatch.setattr(sound, "_FRAMES_AT_ONCE", 3)
    assert mastered(samples, form) == whole
