"""Samples to a WAV file, for the engines that make samples."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 24_000
"""Sample rate of the built-in engines."""


def wav(samples: NDArray[np.float32]) -> bytes:
    """A mono 16-bit WAV file at `RATE_HZ`.

    Args:
        samples: shape (n,), full scale at ±1; what lies beyond is clipped.
    """
    pcm = np.round(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(pcm.tobytes())
    return file.getvalue()


def silence(ms: int) -> NDArray[np.float32]:
    """Digital silence of a length in milliseconds."""
    return np.zeros(ms * RATE_HZ // 1000, np.float32)


def length_ms(samples: int) -> int:
    """Length of a number of samples in whole milliseconds."""
    return samples * 1000 // RATE_HZ
