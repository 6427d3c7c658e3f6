"""How loud a sound is: the adapter of libavfilter's meter.

Sources: ITU-R BS.1770-5 (loudness, true peak) and EBU R 128, as ebur128 of libavfilter has them.
One channel is measured as two with the same in them, which is how it is heard: -16 LUFS so are
-19 LUFS of the channel alone.
"""

import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from hy_audio.sound import LAYOUTS

_SILENT_LUFS = -70.0
_QUICK = 2
"""Every second sample is nearly as loud as all of them: what half the rate can't hold folds down
and is still counted, for K weighting is flat above 2 kHz. It takes half the time."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a meter shows at the end."""

    integrated_lufs: float
    """Gated loudness of the whole; -inf where nothing passes the gate."""
    peak_dbtp: float
    """True peak, from samples at four times the rate; NaN if it was not asked for."""


class Meter:
    """Measures a sound block by block."""

    def __init__(
        self,
        rate_hz: int,
        channels: int,
        *,
        peak: bool = False,
        quick: bool = False,
        kind: str = "s16",
    ) -> None:
        """Begin.

        Args:
            rate_hz: sample rate.
            channels: 1 or 2.
            peak: whether the true peak is wanted too: it takes more than twice the time.
            quick: whether every second sample is enough: of speech it shows the same within 0.1 LU.
            kind: what samples are added: `s16`, or `flt` of full scale at ±1.
        """
        self._every = _QUICK if quick else 1
        self._rate_hz, self._channels = rate_hz // self._every, channels
        self._layout, self._kind = LAYOUTS[channels], kind
        self._graph, self._peak, self._now, self._seen = Graph(), peak, 0, 0
        options = "metadata=1:dualmono=1:framelog=quiet" + (":peak=true" if peak else "")
        source = self._graph.add_abuffer(
            sample_rate=self._rate_hz,
            format=kind,
            layout=self._layout,
            time_base=Fraction(1, self._rate_hz),
        )
        meter = self._graph.add("ebur128", options)
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._shown: dict[str, str] = {}

    def add(self, samples: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Measure what comes next.

        Args:
            samples: interleaved, shape (n * channels,).
        """
        rows = samples.reshape(-1, self._channels)[-self._seen % self._every :: self._every]
        self._seen += samples.size // self._channels
        for start in range(0, len(rows), self._rate_hz):
            some: NDArray[Any] = np.ascontiguousarray(rows[start : start + self._rate_hz])
            frame = av.AudioFrame.from_ndarray(
                some.reshape(1, -1), format=self._kind, layout=self._layout
            )
            frame.sample_rate, frame.pts = self._rate_hz, self._now
            self._now += frame.samples
            self._graph.push(frame)
            self._pull()

    def _pull(self) -> None:
        with suppress(BlockingIOError, EOFError):
            while True:  # a last frame of less than a tenth of a second shows nothing
                self._shown = dict(self._graph.pull().metadata) or self._shown

    def read(self) -> Loudness:
        """What it shows; nothing can be added after that."""
        self._graph.push(None)
        self._pull()
        lufs = float(self._shown.get("lavfi.r128.I", "-inf"))
        peak = float(self._shown.get("lavfi.r128.true_peak", "nan")) if self._peak else math.nan
        return Loudness(lufs if lufs > _SILENT_LUFS else -math.inf, decibels(peak))


def measure(
    blocks: Iterable[NDArray[np.int16]] | Iterable[NDArray[np.float32]], rate_hz: int
) -> float:
    """The integrated loudness of a sound in LUFS by the quick meter; -inf of silence.

    Args:
        blocks: each of shape (n, channels), as integers or as floats.
        rate_hz: sample rate.
    """
    meter = None
    for block in blocks:
        kind = "s16" if block.dtype == np.int16 else "flt"
        meter = meter or Meter(rate_hz, block.shape[1], quick=True, kind=kind)
        meter.add(block.reshape(-1))
    return meter.read().integrated_lufs if meter else -math.inf


def decibels(amplitude: float) -> float:
    """Of an amplitude beside full scale; -inf of nothing."""
    return 20 * math.log10(amplitude) if amplitude else -math.inf
