"""How the episode sounds, measured on what a player decodes."""

import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from os import cpu_count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hy_audio.check.model import Episode, Found, Level
from hy_audio.errors import MediaError
from hy_audio.manifest import SectionEntry
from hy_audio.sound import decode_mp3
from hy_audio.stitch.loudness import Meter
from hy_audio.stitch.master import CEILING_DBTP, TARGET_LUFS
from hy_audio.stitch.model import SHORT_MS
from hy_audio.stitch.mp3 import Format

TOLERANCE_LU = 0.5
"""How far from the target a section and the whole may be."""
SILENCE_S = 3.0
"""Longest silence."""
SILENCE_DBFS = -50.0
"""What is lower than this, over `_STEP_MS`, is silence."""
_STEP_MS = 20


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
    sections = [s for s in it.manifest.sections if (it.folder / s.file).is_file()]
    paths = [it.folder / section.file for section in sections]
    names = dict(zip((s.id for s in it.manifest.sections), it.places, strict=True))
    with ThreadPoolExecutor(cpu_count()) as pool:
        whole = pool.submit(_whole, paths, it.form)
        each = list(pool.map(lambda p, s: _heard(p, names[s.id], it.form), paths, sections))
    heard = [one for one in each if isinstance(one, _Heard)]
    peak = max((one.level.peak_dbtp for one in heard), default=-math.inf)
    everything = Level("all", whole.result(), peak)
    levels = tuple(one.level for one in heard)
    found = chain.from_iterable(map(_judged, each, sections))
    return (*levels, everything), (*found, *_loud(everything))


def _judged(heard: _Heard | Found, section: SectionEntry) -> Iterator[Found]:
    if isinstance(heard, Found):
        yield heard
        return
    level = heard.level
    sounding_ms = sum(u.end_ms - u.start_ms for u in section.utterances)
    if sounding_ms >= SHORT_MS:
        yield from _loud(level)
    if level.peak_dbtp > CEILING_DBTP:
        problem = f"its true peak is {level.peak_dbtp:.2f} dBTP, above {CEILING_DBTP:.0f}"
        yield Found("true peak", level.place, problem)
    if heard.silence_s > SILENCE_S:
        at = f"{heard.at_s:.1f} s after its beginning"
        yield Found("silence", level.place, f"{heard.silence_s:.1f} s of silence, {at}")
    if heard.clipped:
        yield Found("clipping", level.place, f"{heard.clipped} samples are at full scale")


def _loud(level: Level) -> Iterator[Found]:
    if abs(level.integrated_lufs - TARGET_LUFS) > TOLERANCE_LU:
        problem = f"{level.integrated_lufs:.2f} LUFS, not {TARGET_LUFS:.0f} within {TOLERANCE_LU}"
        yield Found("loudness", level.place, problem)


def _whole(paths: Iterable[Path], form: Format) -> float:
    meter = Meter(form.rate_hz, form.channels, kind="flt")
    for path in paths:
        with suppress(MediaError):  # which is told of its section
            for block in decode_mp3([path.read_bytes()]):
                meter.add(block.reshape(-1))
    return meter.read().integrated_lufs


def _heard(path: Path, place: str, form: Format) -> _Heard | Found:
    try:
        return _measured(path, place, form)
    except MediaError as error:
        return Found("decoding", place, str(error))


def _measured(path: Path, place: str, form: Format) -> _Heard:
    meter = Meter(form.rate_hz, form.channels, peak=True, kind="flt")
    size, clipped = form.samples(_STEP_MS), 0
    powers, rest = [], np.zeros((0, form.channels), np.float32)
    for block in decode_mp3([path.read_bytes()]):
        meter.add(block.reshape(-1))
        clipped += int(np.count_nonzero(np.abs(block) >= 1.0))
        rest = np.concatenate([rest, block])
        whole = len(rest) // size * size
        powers.append(np.square(rest[:whole]).reshape(-1, size * form.channels).mean(axis=1))
        rest = rest[whole:]
    read = meter.read()
    longest, at = _longest_run(np.concatenate(powers) < 10 ** (SILENCE_DBFS / 10))
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
