"""Editing at the scope of a clip with pydub: read, trim, fade, join."""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from hy_audio.sound import decode
from hy_audio.stitch.mp3 import FRAME_MS, RATE_HZ

with warnings.catch_warnings():
    # pydub looks for an ffmpeg on the PATH, which is not needed here, and warns when there is none;
    # its source has escapes that newer compilers warn of.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

Sound: TypeAlias = AudioSegment
"""Samples that can be edited; its unit of length is the millisecond."""

MARGIN_MS = 30
"""Silence that is left at both ends of a clip."""
LEAD_IN_MS = 120
"""Silence at the start of a section."""
_FADE_MS = 5
_SILENCE_DBFS = -50.0
_STEP_MS = 5

EDIT = f"{LEAD_IN_MS}/{MARGIN_MS}/{_FADE_MS}/{_SILENCE_DBFS}/{_STEP_MS}/1"
"""Names all that decides how clips are trimmed and joined."""


def read(path: Path) -> Sound:
    """Read a clip of any format.

    Raises:
        MediaError: it can't be decoded.
    """
    return segment(decode(path, RATE_HZ).tobytes())


def segment(pcm: bytes) -> Sound:
    """Wrap mono 16-bit samples at `RATE_HZ`."""
    return AudioSegment(data=pcm, sample_width=2, frame_rate=RATE_HZ, channels=1)


def trim(clip: Sound) -> tuple[Sound, int]:
    """Cut the silence at both ends down to `MARGIN_MS`, and fade the cut edges.

    Returns:
        The clip, a whole number of milliseconds long, and how many milliseconds its start moved.
    """
    start = max(0, detect_leading_silence(clip, _SILENCE_DBFS, _STEP_MS) - MARGIN_MS)
    tail = max(0, detect_leading_silence(clip.reverse(), _SILENCE_DBFS, _STEP_MS) - MARGIN_MS)
    end = len(clip) - tail
    if end - start <= 2 * _FADE_MS:
        return clip[: len(clip)], 0
    return clip[start:end].fade_in(_FADE_MS).fade_out(_FADE_MS), start


def join(pieces: Iterable[Sound | int]) -> bytes:
    """Put clips and silences (in milliseconds) one after another, up to a whole frame.

    Returns:
        Samples as `mp3.encode` takes them.
    """
    parts = [bytes(_ms(p)) if isinstance(p, int) else p.raw_data for p in pieces]
    length = sum(map(len, parts))
    parts.append(bytes(-length % _ms(FRAME_MS)))
    return b"".join(parts)


def _ms(ms: int) -> int:
    """Bytes in a number of milliseconds."""
    return ms * RATE_HZ // 1000 * 2
