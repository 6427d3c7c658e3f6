"""Decoding sound of any format: the adapter of PyAV for all who need samples."""

import io
import wave
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from numpy.typing import NDArray

from hy_audio.errors import MediaError

LAYOUTS = {1: "mono", 2: "stereo"}
"""Names of libavutil for one channel and for two."""
_SAMPLES_AT_ONCE = 24_000
_FRAMES_AT_ONCE = 200


def decode(source: Path | BinaryIO, rate_hz: int, channels: int = 1) -> NDArray[np.int16]:
    """Read a sound file of any format that libavformat knows.

    Args:
        source: a file, or its contents.
        rate_hz: samples a second that are wanted.
        channels: 1 or 2.

    Returns:
        Samples, shape (n,) of one channel and (n, 2) of two, full scale at ±32768.

    Raises:
        MediaError: it can't be decoded.
    """
    resampler = AudioResampler(format="s16", layout=LAYOUTS[channels], rate=rate_hz)
    try:
        pcm = b"".join(
            bytes(resampled.planes[0])[: resampled.samples * 2 * channels]
            for frame in (*(_wav(source) or _frames(source)), None)
            for resampled in resampler.resample(frame)
        )
    except (FFmpegError, IndexError, ValueError) as error:
        name = f" {source.name}" if isinstance(source, Path) else ""
        why = "there is none in it" if isinstance(error, IndexError) else _reason(error)
        raise MediaError(f"the sound{name} can't be decoded ({why})") from error
    samples = np.frombuffer(pcm, "<i2")
    return samples if channels == 1 else samples.reshape(-1, channels)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _frames(source: Path | BinaryIO) -> Iterator[av.AudioFrame]:
    with av.open(str(source) if isinstance(source, Path) else source, "r") as container:
        yield from container.decode(audio=0)


def _wav(source: Path | BinaryIO) -> list[av.AudioFrame]:
    """The frames of a mono WAV file of 16 bits, in a tenth of the time; none of any other."""
    frames = []
    try:
        with wave.open(str(source) if isinstance(source, Path) else source, "rb") as file:
            if (file.getnchannels(), file.getsampwidth()) == (1, 2):
                while data := file.readframes(_SAMPLES_AT_ONCE):
                    samples = np.frombuffer(data, "<i2")
                    frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
                    frame.sample_rate = file.getframerate()
                    frames.append(frame)
    except (wave.Error, EOFError, OSError, ValueError):
        frames = []  # libavformat tells what it is, or why it can't be read
    if isinstance(source, io.IOBase):
        source.seek(0)
    return frames


def decode_mp3(pieces: Iterable[bytes]) -> Iterator[NDArray[np.float32]]:
    """Decode bare MPEG-1 Layer III frames as they are: every sample, the decoder's delay included.

    Args:
        pieces: the frames, cut anywhere.

    Yields:
        Blocks of samples, shape (n, channels), full scale at ±1; what lies beyond is not clipped.

    Raises:
        MediaError: they can't be decoded.
    """
    decoder: Any = av.CodecContext.create("mp3float", "r")
    planes: list[list[bytes]] = []
    try:
        # an empty piece would say, as None does, that this was all
        for packet in chain.from_iterable(map(decoder.parse, chain(filter(None, pieces), (None,)))):
            for frame in decoder.decode(packet):
                planes.append([bytes(plane) for plane in frame.planes])
                if len(planes) == _FRAMES_AT_ONCE:
                    yield _block(planes)
                    planes = []
    except FFmpegError as error:
        raise MediaError(f"the frames can't be decoded ({error})") from error
    if planes:
        yield _block(planes)


def _block(planes: list[list[bytes]]) -> NDArray[np.float32]:
    channels = [np.frombuffer(b"".join(plane), np.float32) for plane in zip(*planes, strict=True)]
    return np.stack(channels, axis=1)
