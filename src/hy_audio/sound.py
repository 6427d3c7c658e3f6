"""Decoding sound of any format: the adapter of PyAV for all who need samples."""

from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from numpy.typing import NDArray

from hy_audio.errors import MediaError


def decode(source: Path | BinaryIO, rate_hz: int) -> NDArray[np.int16]:
    """Read a sound file of any format that libavformat knows.

    Args:
        source: a file, or its contents.
        rate_hz: samples a second that are wanted.

    Returns:
        Mono samples, shape (n,), full scale at ±32768.

    Raises:
        MediaError: it can't be decoded.
    """
    resampler = AudioResampler(format="s16", layout="mono", rate=rate_hz)
    try:
        with av.open(str(source) if isinstance(source, Path) else source, "r") as container:
            pcm = b"".join(
                bytes(resampled.planes[0])[: resampled.samples * 2]
                for frame in (*container.decode(audio=0), None)
                for resampled in resampler.resample(frame)
            )
    except (FFmpegError, IndexError, ValueError) as error:
        name = f" {source.name}" if isinstance(source, Path) else ""
        raise MediaError(f"the sound{name} can't be decoded ({error})") from error
    return np.frombuffer(pcm, "<i2")
