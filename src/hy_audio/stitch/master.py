"""From a section's samples to its MP3, as loud as all others and never too loud."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hy_audio.sound import decode_mp3
from hy_audio.stitch import limit
from hy_audio.stitch.loudness import Meter, decibels
from hy_audio.stitch.mp3 import Format, encode

TARGET_LUFS = -16.0
"""Integrated loudness; one channel is measured as two (Apple's and the AES's advice for speech)."""
CEILING_DBTP = -1.0
"""Highest true peak after decoding."""
_HEADROOM_DB = 0.8
"""How much lower the samples are limited at first: what coding adds to a peak."""
_SAFE_DB = 0.1
"""How far two good meters may differ in a true peak."""
_MOST_GAIN_DB = 36.0
_CLOSE_LU = 0.1
_TRIES = 4

MASTER = f"{TARGET_LUFS}/{CEILING_DBTP}/{_HEADROOM_DB}/{limit.STEP}/{limit.REACH}/1"
"""Names all that decides how a section is brought to its loudness."""


@dataclass(frozen=True, slots=True)
class Mastered:
    """A section as it is heard."""

    data: bytes
    """MP3 frames."""
    gain_db: float
    """What all its samples were raised by."""


def gain_for(samples: NDArray[np.int16], form: Format) -> float:
    """The gain in dB that brings a sound to its loudness; 0 for silence.

    Args:
        samples: shape (n, channels).
        form: their rate.
    """
    lufs = _loudness((samples[a:b] for a, b in limit.blocks(len(samples))), form, "s16")
    return 0.0 if lufs == -math.inf else min(TARGET_LUFS - lufs, _MOST_GAIN_DB)


def master(samples: NDArray[np.int16], form: Format, gain_db: float | None = None) -> Mastered:
    """Raise, limit and encode a section; again, and lower, if its decoded peaks are too high.

    Args:
        samples: shape (n, channels), whole frames.
        form: what to make.
        gain_db: what to raise it by; None for what its own loudness asks for.
    """
    level = _Level(samples, form)
    ceiling_db = CEILING_DBTP - _HEADROOM_DB
    found_db = gain_for(samples, form) if gain_db is None else gain_db
    for _ in range(_TRIES):
        curve, found_db = level.curve(found_db, ceiling_db, keep=gain_db is not None)
        data = encode((_pcm(b / form.scale) for b in level.blocks(found_db, curve)), form)
        above_db = decibels(limit.true_peak(decode_mp3(data), 10 ** (CEILING_DBTP / 20)))
        excess_db = above_db - (CEILING_DBTP - _SAFE_DB)
        if excess_db <= 0:
            break
        ceiling_db -= excess_db + _SAFE_DB
    return Mastered(data, found_db)


class _Level:
    """A section's samples, and what is known of them whatever the gain."""

    def __init__(self, samples: NDArray[np.int16], form: Format) -> None:
        self._samples, self._form = samples, form

    def curve(
        self, gain_db: float, ceiling_db: float, *, keep: bool
    ) -> tuple[NDArray[np.float32], float]:
        """The limiter's gains, and the gain before it that makes up for what it takes away."""
        ceiling = 10 ** (ceiling_db / 20)
        tops = limit.tops(self._samples, ceiling / 10 ** ((gain_db + 1) / 20))
        curve = limit.gains(tops * 10 ** (gain_db / 20), ceiling)
        if keep or _lost_db(tops, curve) < _CLOSE_LU:
            return curve, gain_db
        for _ in range(_TRIES):
            lufs = _loudness(self.blocks(gain_db, curve), self._form, "flt")
            if abs(lufs - TARGET_LUFS) <= _CLOSE_LU:
                break
            gain_db = min(gain_db + TARGET_LUFS - lufs, _MOST_GAIN_DB)
            curve = limit.gains(tops * 10 ** (gain_db / 20), ceiling)
        return curve, gain_db

    def blocks(self, gain_db: float, curve: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """The samples as they are to be heard, block by block, full scale at ±1."""
        gain = np.float32(10 ** (gain_db / 20) / 32768)
        for start, end in limit.blocks(len(self._samples)):
            steps = curve[start // limit.STEP : -(-end // limit.STEP) + 1]
            yield limit.apply(self._samples[start:end] * gain, steps)


def _lost_db(tops: NDArray[np.float32], curve: NDArray[np.float32]) -> float:
    """No less than what the limiter takes of the loudness: of peaks it takes most."""
    power = np.square(tops, dtype=np.float64)
    kept = float(power @ np.square(np.minimum(curve[1:], curve[:-1])))
    return -10 * math.log10(kept / float(power.sum())) if kept else 0.0


def _loudness(
    blocks: Iterator[NDArray[np.int16]] | Iterator[NDArray[np.float32]], form: Format, kind: str
) -> float:
    meter = Meter(form.rate_hz, form.channels, kind=kind)
    for block in blocks:
        meter.add(block.reshape(-1))
    return meter.read().integrated_lufs


def _pcm(block: NDArray[np.float32]) -> bytes:
    return np.rint(np.clip(block * 32768, -32768, 32767)).astype("<i2").tobytes()
