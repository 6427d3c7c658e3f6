"""Editing at the scope of a clip with pydub: read, trim, fade, lay over one another."""

import warnings
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hy_audio.sound import decode
from hy_audio.stitch.mp3 import Format

with warnings.catch_warnings():
    # pydub looks for an ffmpeg on the PATH, which is not needed here, and warns when there is none;
    # its source has escapes that newer compilers warn of.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

Sound: TypeAlias = AudioSegment
"""Samples that can be edited; its unit of length is the millisecond."""

MARGIN_MS = 30
"""Silence that is left at both ends of a clip."""
_FADE_MS = 5
TRIM_DBFS = -50.0
"""What is lower than this, over `TRIM_STEP_MS`, is silence."""
TRIM_STEP_MS = 5
"""Milliseconds that are looked at together."""

EDIT = f"{MARGIN_MS}/{_FADE_MS}/{TRIM_DBFS}/{TRIM_STEP_MS}/2"
"""Names all that decides how clips are trimmed."""


def read(path: Path, form: Format) -> Sound:
    """Read a sound file of any format.

    Raises:
        MediaError: it can't be decoded.
    """
    return segment(decode(path, form.rate_hz, form.channels), form)


def segment(samples: NDArray[np.int16], form: Format) -> Sound:
    """Wrap samples, as `decode` returns them."""
    return AudioSegment(
        data=samples.tobytes(), sample_width=2, frame_rate=form.rate_hz, channels=form.channels
    )


def silence(ms: int, form: Format) -> Sound:
    """Digital silence."""
    return segment(np.zeros(form.samples(ms) * form.channels, np.int16), form)


def trim(clip: Sound) -> tuple[Sound, int]:
    """Cut the silence at both ends down to `MARGIN_MS`, and fade the cut edges.

    Returns:
        The clip, and how many milliseconds its start moved.
    """
    first, last = _sounding(clip)
    start, end = max(0, first - MARGIN_MS), min(len(clip), last + MARGIN_MS)
    if end - start <= 2 * _FADE_MS:
        return clip, 0
    return clip[start:end].fade_in(_FADE_MS).fade_out(_FADE_MS), start


def _sounding(clip: Sound) -> tuple[int, int]:
    """Where the first step begins and the last one ends that is no silence, in milliseconds."""
    size = clip.frame_rate * TRIM_STEP_MS // 1000 * clip.channels
    samples = np.frombuffer(clip.raw_data, "<i2")
    steps = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float32)
    level = np.sqrt(np.mean(np.square(steps), axis=1))
    loud = np.flatnonzero(level >= 32768 * 10 ** (TRIM_DBFS / 20))
    if not loud.size:
        return 0, 0
    return int(loud[0]) * TRIM_STEP_MS, (int(loud[-1]) + 1) * TRIM_STEP_MS
