"""The meter on the tones of EBU Tech 3341 (Minimum requirements 1 to 5, and true peak 15 to 19)."""

import math
import re
import subprocess
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from conftest import Episode

from hy_audio.sound import decode
from hy_audio.stitch.loudness import Meter, decibels
from hy_audio.stitch.mp3 import RATES_HZ

Levels = tuple[tuple[float, float], ...]
INTEGRATED: tuple[tuple[Levels, float], ...] = (
    (((-23.0, 20.0),), -23.0),
    (((-33.0, 20.0),), -33.0),
    (((-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)), -23.0),
    (((-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)), -23.0),
    (((-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)), -23.0),
)
"""dBFS and seconds of a stereo tone of 1 kHz, and what a meter has to show within 0.1 LU."""


def tones(levels: Levels, rate_hz: int) -> np.ndarray:
    """Full scale at 1, shape (n,)."""
    parts = []
    for level_dbfs, seconds in levels:
        at = np.arange(round(seconds * rate_hz)) / rate_hz
        parts.append(10 ** (level_dbfs / 20) * np.sin(2 * np.pi * 1000 * at))
    return np.concatenate(parts)


def shown(
    samples: np.ndarray, rate_hz: int, channels: int, *, peak: bool = False, quick: bool = False
) -> tuple[float, float]:
    meter = Meter(rate_hz, channels, peak=peak, quick=quick, kind="flt")
    for block in np.array_split(samples.astype("f4"), 7):
        meter.add(np.repeat(block, channels))
    read = meter.read()
    return read.integrated_lufs, read.peak_dbtp


def by_ffmpeg(path: Path, *, dual: bool) -> tuple[float, float]:
    """Integrated loudness and true peak of a file, by the program."""
    options = f"ebur128=peak=true:framelog=verbose:dualmono={str(dual).lower()}"
    command = ["ffmpeg", "-nostats", "-i", str(path), "-filter_complex", options, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    told = done.stderr.decode(errors="replace")  # ffmpeg cuts long tags in mid-character
    summary = told.rpartition("Summary:")[2]
    loud, peak = (re.search(rf"{n}:\s+(-?[\d.]+)", summary) for n in ("I", "Peak"))
    assert loud is not None
    assert peak is not None
    return float(loud[1]), float(peak[1])


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("levels", "expected"), INTEGRATED)
def test_it_shows_what_the_ebu_asks_for(
    levels: Levels, expected: float, channels: int, rate_hz: int, quick: bool
) -> None:
    """One channel is measured as two with the same in them."""
    lufs, _ = shown(tones(levels, rate_hz), rate_hz, channels, quick=quick)
    assert lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("levels", "expected"), INTEGRATED)
def test_pyloudnorm_agrees_on_these_tones(levels: Levels, expected: float) -> None:
    samples = tones(levels, 48_000)
    theirs = pyloudnorm.Meter(48_000).integrated_loudness(np.stack([samples, samples], axis=1))
    assert shown(samples, 48_000, 1)[0] == pytest.approx(theirs, abs=0.1)


@pytest.mark.parametrize(
    ("divisor", "phase", "amplitude", "expected"),
    [
        (4, 0.0, 0.5, -6.0),
        (4, 45.0, 0.5, -6.0),
        (6, 60.0, 0.5, -6.0),
        (8, 67.5, 0.5, -6.0),
        (4, 45.0, 1.41, 3.0),
    ],
)
def test_it_finds_the_true_peaks_that_the_ebu_asks_for(
    divisor: int, phase: float, amplitude: float, expected: float
) -> None:
    """Within +0.2 and -0.4 dB; tones of a part of the rate, some between their samples."""
    at = np.arange(48_000 * 2)
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / 4_800)
    samples = amplitude * fade * np.sin(2 * np.pi * at / divisor + math.radians(phase))
    _, peak = shown(samples, 48_000, 1, peak=True)
    assert expected - 0.4 <= peak <= expected + 0.2


def test_silence_and_a_sound_too_short_to_measure_show_nothing() -> None:
    assert shown(np.zeros(48_000), 48_000, 1)[0] == -math.inf
    assert shown(np.full(1_000, 0.5), 48_000, 1)[0] == -math.inf
    assert decibels(0.0) == -math.inf


def test_other_meters_agree_on_speech(spoken_episode: Episode) -> None:
    path = spoken_episode.folder / "episode.mp3"
    speech = decode(path, 48_000) / 32768
    lufs, peak = shown(speech, 48_000, 1, peak=True)
    theirs = pyloudnorm.Meter(48_000).integrated_loudness(np.stack([speech, speech], axis=1))
    assert lufs == pytest.approx(theirs, abs=0.1)
    assert lufs == pytest.approx(shown(speech, 48_000, 1, quick=True)[0], abs=0.1)
    assert (lufs, peak) == pytest.approx(by_ffmpeg(path, dual=True), abs=0.1)
    assert by_ffmpeg(path, dual=False)[0] == pytest.approx(lufs - 3.0, abs=0.1)
