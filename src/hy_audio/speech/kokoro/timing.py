"""When a clause is heard: the model's own durations, corrected by ear.

The model sets the length of each token in frames, but its sound runs up to a tenth of a second
ahead of them. So the durations say where to look, and the level says where the pause is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hy_audio.speech.wav import RATE_HZ

FRAME = RATE_HZ // 40
"""Samples of a frame, in which the model counts the length of a token."""

_AHEAD = RATE_HZ * 150 // 1000
"""How far the sound may be ahead, at rate 1."""
_STEP = RATE_HZ // 100
_FLOOR_DB = -60.0
_NEAR_DB = 6.0
_QUIET_DB = -42.0
"""Some 28 dB below a syllable: breath and the last of a vowel belong to the pause."""
_AUDIBLE = 0.004
_MARGIN = RATE_HZ * 30 // 1000


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the model made of a row of tokens."""

    samples: NDArray[np.float32]
    """The sound, silence at its ends and all."""
    starts: tuple[int, ...]
    """The sample at which each token begins, the padding's too; empty if the model does not
    tell."""
    rate: float
    """Speed."""


def onset(spoken: Spoken, before: int, mark: int, token: int) -> int:
    """The sample at which a clause begins: the end of the pause before it.

    Args:
        spoken: what the model made.
        before: the sample at which the clause before it begins; this one begins later.
        mark: the padded token of the mark before the clause.
        token: the padded token with which the clause begins.
    """
    ahead = round(_AHEAD / spoken.rate)
    first = max(spoken.starts[mark] - ahead, (before + spoken.starts[mark]) // 2)
    steps = max(1, (spoken.starts[token] - first) // _STEP)
    heard = spoken.samples[first : first + steps * _STEP]
    heard = np.pad(heard, (0, steps * _STEP - len(heard)))
    levels_db = np.maximum(_levels_db(heard), _FLOOR_DB)
    (quiet,) = np.nonzero(levels_db <= levels_db.min() + _NEAR_DB)
    return first + int(quiet[-1]) * _STEP


def audible(samples: NDArray[np.float32]) -> tuple[int, int]:
    """Where the sound begins and ends, with a margin of 30 ms; all of it if it is silent."""
    (loud,) = np.nonzero(np.abs(samples) > _AUDIBLE)
    if not len(loud):
        return 0, len(samples)
    return max(0, int(loud[0]) - _MARGIN), min(len(samples), int(loud[-1]) + _MARGIN)


def quiet(samples: NDArray[np.float32]) -> int:
    """How many samples at the beginning belong to a pause."""
    (loud,) = np.nonzero(_levels_db(samples) > _QUIET_DB)
    return int(loud[0]) * _STEP if len(loud) else len(samples)


def _levels_db(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """RMS of each whole step of 10 ms, in dBFS; shape (steps,)."""
    steps = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP)
    levels: NDArray[np.float32] = 10 * np.log10((steps**2).mean(1) + 1e-12)
    return levels
