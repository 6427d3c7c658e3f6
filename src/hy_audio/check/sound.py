"""How the episode sounds, measured on what a player decodes."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from os import cpu_count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hy_audio.check.model import Episode, Found, Level
from hy_audio.episode import AUDIO
from hy_audio.errors import MediaError
from hy_audio.sound import decode_mp3
from hy_audio.stitch.loudness import Meter
from hy_audio.stitch.master import CEILING_DBTP, TARGET_LUFS
from hy_audio.stitch.model import SHORT_MS
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.mux import tag_size

TOLERANCE_LU = 0.5
"""How far from the target a section and the whole may be."""
SILENCE_S = 3.0
"""Longest silence."""
SILENCE_DBFS = -50.0
"""What is lower than this, over `_STEP_MS`, is silence."""
_STEP_MS = 20
_WHOLE = "all"
_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one pass over a section found."""

    level: Level
    silence_s: float
    at_s: float
    clipped: int


def listen(it: Episode) -> tuple[tuple[Level, ...], tuple[Found, ...]]:
    """Measure every section and the whole.

    Returns:
        The levels, that of the whole last, and what is off.
    """
    here = [
        (it.folder / section.file, place, section)
        for section, place in zip(it.manifest.sections, it.places, strict=True)
    ]
    here = [one for one in here if one[0].is_file()]
    with ThreadPoolExecutor(cpu_count()) as pool:
        whole = pool.submit(_heard, it.folder / AUDIO, _WHOLE, it.form)
        each = list(pool.map(lambda one: _heard(one[0], one[1], it.form), here))
    heard = [one for one in (*each, whole.result()) if isinstance(one, _Heard)]
    found = chain.from_iterable(
        _judged(one, sum(u.end_ms - u.start_ms for u in section.utterances) >= SHORT_MS)
        for one, (_, _, section) in zip(each, here, strict=True)
    )
    borders = _judged(whole.result(), is_long=True)
    return tuple(one.level for one in heard), _without_twins((*found, *borders))


def _without_twins(found: Sequence[Found]) -> tuple[Found, ...]:
    """What was found in a section need not be told of the whole, but for its loudness."""
    known = {one.check for one in found if one.place != _WHOLE} - {"loudness"}
    return tuple(one for one in found if one.place != _WHOLE or one.check not in known)


def _judged(heard: _Heard | Found | None, is_long: bool) -> Iterator[Found]:
    if not isinstance(heard, _Heard):
        yield from filter(None, (heard,))
        return
    level = heard.level
    if is_long and abs(level.integrated_lufs - TARGET_LUFS) > TOLERANCE_LU:
        problem = f"{level.integrated_lufs:.2f} LUFS, not {TARGET_LUFS:.0f} within {TOLERANCE_LU}"
        yield Found("loudness", level.place, problem)
    if level.peak_dbtp > CEILING_DBTP:
        problem = f"its true peak is {level.peak_dbtp:.2f} dBTP, above {CEILING_DBTP:.0f}"
        yield Found("true peak", level.place, problem)
    if heard.silence_s > SILENCE_S:
        at = f"{heard.at_s:.1f} s after its beginning"
        yield Found("silence", level.place, f"{heard.silence_s:.1f} s of silence, {at}")
    if heard.clipped:
        yield Found("clipping", level.place, f"{heard.clipped} samples are at full scale")


def _heard(path: Path, place: str, form: Format) -> _Heard | Found | None:
    """What a file sounds like, or why that can't be told; None if it is not there."""
    try:
        with path.open("rb") as file:
            head = file.read(10)
            file.seek(tag_size(head) + form.frame_bytes if place == _WHOLE else 0)
            return _measured(iter(partial(file.read, _BLOCK_BYTES), b""), place, form)
    except FileNotFoundError:
        return None
    except MediaError as error:
        return Found("decoding", place, str(error))


def _measured(pieces: Iterable[bytes], place: str, form: Format) -> _Heard:
    meter = Meter(form.rate_hz, form.channels, peak=True, kind="flt")
    size, clipped = form.samples(_STEP_MS), 0
    powers, rest = [], np.zeros((0, form.channels), np.float32)
    for block in decode_mp3(pieces):
        meter.add(block.reshape(-1))
        clipped += int(np.count_nonzero(np.abs(block) >= 1.0))
        rest = np.concatenate([rest, block])
        whole = len(rest) // size * size
        powers.append(np.square(rest[:whole]).reshape(-1, size * form.channels).mean(axis=1))
        rest = rest[whole:]
    if not powers:
        raise MediaError("there is no sound in it")
    read = meter.read()
    quiet = np.concatenate(powers) < 10 ** (SILENCE_DBFS / 10)
    longest, at = _longest_run(quiet)
    step_s = _STEP_MS / 1000
    level = Level(place, read.integrated_lufs, read.peak_dbtp)
    return _Heard(level, longest * step_s, at * step_s, clipped)


def _longest_run(quiet: NDArray[np.bool_]) -> tuple[int, int]:
    """The longest run of true values, and where it begins."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(np.int8)))
    if not edges.size:
        return 0, 0
    starts, ends = edges[::2], edges[1::2]
    n = int(np.argmax(ends - starts))
    return int(ends[n] - starts[n]), int(starts[n])
