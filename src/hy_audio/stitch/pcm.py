"""A section's samples while they come together."""

from mmap import mmap
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hy_audio.stitch.loudness import Meter
from hy_audio.stitch.mp3 import Format

Samples: TypeAlias = NDArray[np.int16]
"""Of shape (n, channels), full scale at ±32768."""


class Pcm:
    """Samples one after another, and how loud they are.

    Their memory is the system's own, which has it back as soon as they are let go: an allocator
    keeps blocks of this size for the next one, and with a section on each core it soon keeps as
    many again as are in use.

    Args:
        form: their rate and channels.
        room: samples of a channel that there will be, as far as one knows.
    """

    def __init__(self, form: Format, room: int) -> None:
        self._meter = Meter(form.rate_hz, form.channels, quick=True)
        self._channels, self._each = form.channels, 2 * form.channels
        self._memory, self._size = mmap(-1, max(1, room) * self._each), 0

    def __len__(self) -> int:
        """Samples of a channel so far."""
        return self._size // self._each

    def add(self, data: bytes) -> None:
        """What comes next, signed 16 bit little-endian, channels interleaved."""
        start, self._size = self._size, self._size + len(data)
        if self._size > len(self._memory):
            self._memory = _larger(self._memory, start, 2 * self._size)
        self._memory[start : self._size] = data
        if data:
            self._meter.add(np.frombuffer(data, "<i2"))

    def silence(self, samples: int) -> None:
        """Silence comes next, of so many samples of a channel."""
        self.add(bytes(samples * self._each))

    def samples(self) -> Samples:
        """All of them, as they lie in memory."""
        return np.frombuffer(self._memory, "<i2", self._size // 2).reshape(-1, self._channels)

    def loudness(self) -> float:
        """Their loudness as `measure` tells it; nothing can be added after that."""
        return self._meter.read().integrated_lufs


def _larger(memory: mmap, used: int, size: int) -> mmap:
    larger = mmap(-1, size)
    larger[:used] = memory[:used]
    return larger
