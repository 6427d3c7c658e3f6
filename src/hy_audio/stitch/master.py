"""From a section's samples to its MP3, as loud as all others and never too loud."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hy_audio.errors import MediaError
from hy_audio.sound import decode_mp3
from hy_audio.stitch import limit
from hy_audio.stitch.ahead import ahead
from hy_audio.stitch.loudness import decibels, measure
from hy_audio.stitch.mp3 import FRAME_SAMPLES, Format, encode
from hy_audio.stitch.pcm import Samples

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

MASTER = f"{TARGET_LUFS}/{CEILING_DBTP}/{_HEADROOM_DB}/{limit.STEP}/{limit.REACH}/3"
"""Names all that decides how a section is brought to its loudness."""


@dataclass(frozen=True, slots=True)
class Mastered:
    """A section as it is heard."""

    data: bytes
    """MP3 frames."""
    frames: int
    """How many."""
    gain_db: float
    """What all its samples were raised by."""


def gain_for(lufs: float) -> float:
    """The gain in dB that brings a sound of so many LUFS to its loudness; 0 for silence."""
    return 0.0 if lufs == -math.inf else min(TARGET_LUFS - lufs, _MOST_GAIN_DB)


def master(
    samples: Samples, form: Format, gain_db: float, *, keep: bool = False, spread: bool = False
) -> Mastered:
    """Raise, limit and encode a section; again, and lower, if its decoded peaks are too high.

    Args:
        samples: whole frames.
        form: what to make.
        gain_db: what brings them to their loudness; more, if the limiter takes much of it away.
        keep: whether it is not more, even then.
        spread: whether other cores are free to do a part of the work.

    Raises:
        MediaError: they are no whole frames.
    """
    level = _Level(samples, form)
    ceiling_db = CEILING_DBTP - _HEADROOM_DB
    while True:  # each time lower, so it ends
        curve, gain_db = level.curve(gain_db, ceiling_db, keep=keep)
        data, above_db = _encoded(level.blocks(gain_db, curve), form, spread)
        excess_db = above_db - (CEILING_DBTP - _SAFE_DB)
        if excess_db <= 0:
            break
        ceiling_db -= excess_db + _SAFE_DB
    made, due = form.count(data), len(samples) / FRAME_SAMPLES + 1
    if made != due:
        raise MediaError(f"the encoder made {made} frames where {due:g} were due")
    return Mastered(data, made, gain_db)


def _encoded(
    blocks: Iterable[NDArray[np.float32]], form: Format, spread: bool
) -> tuple[bytes, float]:
    """The frames of a sound, and the true peak in dBTP of what they are decoded to."""
    data, step = bytearray(), ahead if spread else iter
    pcm = step(_pcm(block / form.scale) for block in blocks)
    decoded = decode_mp3(_gathered(data, step(encode(pcm, form))))
    peak = limit.true_peak(decoded, 10 ** (CEILING_DBTP / 20))
    return bytes(data), decibels(peak)


def _gathered(data: bytearray, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        data += piece
        yield piece


class _Level:
    """A section's samples, and what is known of them whatever the gain."""

    def __init__(self, samples: Samples, form: Format) -> None:
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
            lufs = measure(self.blocks(gain_db, curve), self._form.rate_hz)
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


def _pcm(block: NDArray[np.float32]) -> bytes:
    return np.rint(np.clip(block * 32768, -32768, 32767)).astype("<i2").tobytes()
