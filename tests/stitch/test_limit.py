import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.stitch import limit

CEILING = 0.8
SIGNALS = st.lists(st.integers(-32768, 32767), min_size=1, max_size=800)


def sine(frequency_hz: float, seconds: float = 1.0, phase: float = 0.0) -> np.ndarray:
    at = np.arange(round(48_000 * seconds)) / 48_000
    return np.sin(2 * np.pi * frequency_hz * at + phase).astype("f4")


@pytest.mark.parametrize("frequency_hz", [997, 5_000, 8_000, 12_000, 15_000])
@pytest.mark.parametrize("phase", [0.0, 0.4, np.pi / 4])
def test_the_peak_of_a_tone_is_found_between_its_samples(frequency_hz: float, phase: float) -> None:
    """A tone at a quarter of the rate can hide 3 dB (BS.1770, annex 2, attachment)."""
    found = 20 * np.log10(limit.true_peak([sine(frequency_hz, phase=phase)[:, None]], 0.5))
    assert found == pytest.approx(0.0, abs=0.4)


def test_where_all_is_low_the_samples_are_enough() -> None:
    tone = sine(12_000, phase=np.pi / 4)
    assert limit.peaks(tone, above=10.0).max() == pytest.approx(np.sqrt(0.5), abs=1e-3)


def test_peaks_are_the_same_however_the_sound_is_cut_into_blocks() -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, (5_000, 2)).astype("f4")
    whole = limit.true_peak([sound], 0.5)
    pieces = limit.true_peak(np.array_split(sound, 7), 0.5)
    assert pieces == pytest.approx(whole)


@pytest.mark.parametrize("border", [240, 241, 263, 287, 24_240])
def test_no_peak_is_made_up_where_a_wave_is_cut_by_a_border(border: int) -> None:
    """At 240 and 24,240 a tone of 50 Hz is at its crest."""
    wave = (0.85 * sine(50)[:, None]).astype("f4")
    found = limit.true_peak([wave[:border], wave[border:]], 0.5)
    assert found == pytest.approx(limit.true_peak([wave], 0.5))
    assert found == pytest.approx(0.85, abs=1e-3)


@pytest.mark.parametrize("size", [1, 30, 48, 100])
def test_a_peak_is_found_however_short_the_blocks_are(size: int) -> None:
    sound = np.zeros((1_000, 1), "f4")
    sound[[0, 517, 999]] = [[0.7], [0.9], [0.8]]
    for last in (1_000, 518, 517):
        pieces = (sound[n : min(n + size, last)] for n in range(0, last, size))
        assert limit.true_peak(pieces, 0.5) == pytest.approx(0.9 if last > 517 else 0.7, abs=1e-3)


def test_every_step_of_a_section_has_its_peak_across_the_borders_of_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = np.random.default_rng(2).integers(-32768, 32767, (30 * limit.STEP + 17, 2), "i2")
    whole = limit.tops(sound, 0.5)
    monkeypatch.setattr(limit, "BLOCK", 4 * limit.STEP)
    assert len(whole) == 31
    np.testing.assert_array_equal(limit.tops(sound, 0.5), whole)


@given(SIGNALS)
def test_no_sample_passes_the_ceiling_and_none_is_raised(signal: list[int]) -> None:
    sound = np.array(signal, "i2")[:, None]
    curve = limit.gains(limit.tops(sound, CEILING), CEILING)
    heard = limit.apply((sound / 32768).astype(np.float32), curve)
    assert np.abs(heard).max() <= CEILING * 1.0001
    assert (np.abs(heard) <= np.abs(sound / 32768) + 1e-6).all()


def test_the_true_peak_after_limiting_is_at_the_ceiling() -> None:
    sound = np.concatenate([0.1 * sine(400), sine(6_000, 0.05, 0.4), 0.1 * sine(400)])[:, None]
    curve = limit.gains(limit.tops((sound * 32767).astype("i2"), CEILING), CEILING)
    assert limit.true_peak([limit.apply(sound, curve)], CEILING) == pytest.approx(CEILING, rel=0.03)


def test_the_gain_moves_in_small_steps_and_only_near_the_peak() -> None:
    tops = np.full(200, 0.1, "f4")
    tops[100] = 1.0
    curve = limit.gains(tops, 0.5)
    assert np.abs(np.diff(curve)).max() < 0.06
    (changed,) = np.nonzero(curve < 1.0)
    assert changed[0] >= 100 - 2 * limit.REACH
    assert changed[-1] <= 101 + 2 * limit.REACH
