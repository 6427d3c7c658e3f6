"""A look-ahead limiter for true peaks. Pure.

The gain falls before a peak and rises after it, never above what the peak allows: the smallest gain
of a window, averaged over the same window (so each average holds no gain above the one that its
middle allows). Between two steps it is a straight line.
"""

from collections.abc import Iterable, Iterator
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

STEP = 48
"""Samples of a channel for which there is one peak and one gain: a millisecond at 48 kHz."""
REACH = 6
"""Steps on either side that a gain is the average of; it falls twice as many before a peak."""
BLOCK = 5000 * STEP
"""Samples of a channel that are worked on at a time, five seconds at 48 kHz: with fewer, the calls
take longer than the sums."""

_WIDTH = 2 * REACH + 1
"""Steps that a gain is the average of."""
_RAMP = np.linspace(0, 1, STEP, endpoint=False, dtype=np.float32)
"""How far into its step each sample is."""

_TAPS = 12
_BEFORE = _TAPS // 2 - 1
"""Samples before a point that it is interpolated from, without the nearest."""
_PHASES = 4
_LOOK = 0.5
"""Only where a sample is above this share of what matters can a true peak be."""


def _interpolator() -> NDArray[np.float32]:
    """Four times the rate, as BS.1770 (annex 2) asks for: a windowed sinc of twelve taps a phase.

    Returns:
        Shape (_PHASES - 1, _TAPS): the weights of samples for each point between two of them.
    """
    phases = np.arange(1, _PHASES)[:, None] / _PHASES
    offsets = np.arange(_TAPS) - _BEFORE - phases
    taps = np.sinc(offsets) * np.cos(np.pi * offsets / (_TAPS + 1)) ** 2
    weights: NDArray[np.float32] = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights


_BETWEEN = _interpolator()


def _between(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The highest point between the samples of each row, of shape (n, STEP + _TAPS).

    A product with a matrix would be shorter, and would start threads on cores that are all in use.
    """
    # on their side, all that a tap is multiplied with lies together
    columns = np.ascontiguousarray(rows.T)
    top = np.zeros(len(rows), np.float32)
    for taps in _BETWEEN:
        points = taps[0] * columns[:STEP]
        for n in range(1, _TAPS):
            points += taps[n] * columns[n : n + STEP]
        np.maximum(top, np.abs(points, out=points).max(axis=0), out=top)
    return top


def peaks(samples: NDArray[np.float32], above: float) -> NDArray[np.float32]:
    """The true peak of each step.

    Args:
        samples: shape (n,) of one channel.
        above: what matters; a step that stays well below it has the peak of its samples.

    Returns:
        Shape (ceil(n / STEP),).
    """
    size = -(-len(samples) // STEP) * STEP
    padded = np.zeros(size + _TAPS, np.float32)
    padded[_BEFORE : _BEFORE + len(samples)] = samples
    level = np.abs(padded[_BEFORE : _BEFORE + size + 1])
    within = level[:-1].reshape(-1, STEP).max(axis=1)
    found: NDArray[np.float32] = np.maximum(within, level[STEP::STEP])
    (look,) = np.nonzero(found >= above * _LOOK)
    if look.size:
        rows = sliding_window_view(padded, STEP + _TAPS)[::STEP]
        found[look] = np.maximum(found[look], _between(rows[look]))
    return found


def gains(tops: NDArray[np.float32], ceiling: float) -> NDArray[np.float32]:
    """The gain at the beginning of each step that keeps true peaks under a ceiling.

    Args:
        tops: true peak of each step, shape (n,).
        ceiling: amplitude that may not be passed.

    Returns:
        Shape (n + 1,), none above 1.
    """
    allowed = np.minimum(1.0, ceiling / np.maximum(tops, 1e-9)).astype(np.float32)
    held = reduce(np.minimum, _windows(np.pad(allowed, 2 * REACH, constant_values=1.0)))
    smooth = reduce(np.add, _windows(held)) / np.float32(_WIDTH)
    edges = np.append(smooth, smooth[-1:])
    edges[1:-1] = np.minimum(smooth[1:], smooth[:-1])
    return edges


def _windows(steps: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The first of each window, the second of each, and so on to the last."""
    count = len(steps) - _WIDTH + 1
    return [steps[n : n + count] for n in range(_WIDTH)]


def apply(samples: NDArray[np.float32], curve: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples times the gains.

    Args:
        samples: shape (n, channels).
        curve: as `gains` returns it, of the steps that the samples fill.
    """
    if curve.min() == 1:
        return samples
    starts, ends = curve[:-1, None], curve[1:, None]
    gain = starts + (ends - starts) * _RAMP
    return samples * gain.reshape(-1, 1)[: len(samples)]


def blocks(size: int) -> Iterator[tuple[int, int]]:
    """Ranges of whole steps that cover so many samples of a channel."""
    for start in range(0, size, BLOCK):
        yield start, min(start + BLOCK, size)


def tops(samples: NDArray[np.int16], above: float) -> NDArray[np.float32]:
    """The true peak of each step of a whole section, of its loudest channel.

    Args:
        samples: shape (n, channels), full scale at ±32768.
        above: what matters, as an amplitude beside full scale.

    Returns:
        Amplitudes beside full scale, shape (ceil(n / STEP),).
    """
    found = []
    for start, end in blocks(len(samples)):
        first = max(0, start - STEP)
        block = samples[first : end + STEP].astype(np.float32) / np.float32(32768)
        each = _loudest(block, above)
        found.append(each[(start - first) // STEP :][: -(-(end - start) // STEP)])
    return np.concatenate(found)


def true_peak(sound: Iterable[NDArray[np.float32]], above: float) -> float:
    """The highest true peak of a sound that comes in blocks of shape (n, channels).

    A step is looked at when what is heard before and after it is there: where a sound is cut off in
    the middle of a wave, there are peaks that nobody hears.
    """
    top = 0.0
    held: NDArray[np.float32] | None = None
    for block in sound:
        before = np.zeros((STEP, block.shape[1]), np.float32) if held is None else held
        whole = np.concatenate([before, block])
        steps = _loudest(whole, above)
        top = max(top, float(steps[1:-2].max(initial=0.0)))
        held = whole[max(0, len(steps) - 3) * STEP :]
    return top if held is None else max(top, float(_loudest(held, above)[1:].max(initial=0.0)))


def _loudest(samples: NDArray[np.float32], above: float) -> NDArray[np.float32]:
    """The true peaks of the loudest channel, samples of shape (n, channels)."""
    found: NDArray[np.float32] = np.stack([peaks(one, above) for one in samples.T]).max(axis=0)
    return found
