"""How the episode sounds, measured on what a player decodes."""

import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from os import cpu_count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hy_audio.check.model import Episode, Found, Level
from hy_audio.episode import AUDIO
from hy_audio.errors import MediaError
from hy_audio.manifest import SectionEntry
from hy_audio.sound import decode_mp3
from hy_audio.stitch.edit import TRIM_DBFS, TRIM_STEP_MS
from hy_audio.stitch.loudness import Meter
from hy_audio.stitch.master import CEILING_DBTP, TARGET_LUFS
from hy_audio.stitch.model import SHORT_MS
from hy_audio.stitch.mp3 import DECODER_DELAY, ENCODER_DELAY, Format
from hy_audio.stitch.music import mark_signs
from hy_audio.stitch.mux import tag_size
from hy_audio.stitch.transcript import clock

TOLERANCE_LU = 0.5
"""How far from the target a section and the whole may be."""
SILENCE_S = 3.0
"""Longest silence."""
SILENCE_DBFS = -50.0
"""What is lower than this, over `_STEP_MS`, is silence."""
EDGE_MS = 250
"""How much later than its cue a voice may begin, and how much earlier it may end."""
LONG_CUE_MS = 1_000
"""A cue that lasts so long is not all pause."""
MARK_DBFS = -30.0
"""What is higher than this, over `_STEP_MS`, may be a sign of the rhythm mark."""
_STEP_MS = 20
_WHOLE = "all"
_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one pass over a file found."""

    level: Level
    """Of all of it."""
    clipped: int
    """Samples at full scale."""
    power: NDArray[np.float64]
    """Mean square of every step of `_STEP_MS`, from where a player begins."""

    @property
    def quiet(self) -> NDArray[np.bool_]:
        """Which steps are silence."""
        return self.power < 10 ** (SILENCE_DBFS / 10)


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
    found = [
        one
        for heard, (_, place, section) in zip(each, here, strict=True)
        for one in _of_section(it, heard, place, section)
    ]
    heard = [one for one in (*each, whole.result()) if isinstance(one, _Heard)]
    borders_s = [section.start_ms / 1000 for section in it.manifest.sections[1:]]
    return tuple(h.level for h in heard), (*found, *_of_whole(whole.result(), borders_s))


def _of_section(
    it: Episode, heard: _Heard | Found | None, place: str, section: SectionEntry
) -> Iterator[Found]:
    voiced_ms = sum(u.end_ms - u.start_ms for u in section.utterances)
    yield from _judged(heard, voiced_ms >= SHORT_MS)
    if isinstance(heard, _Heard):
        for begin_s, length_s in _silences(heard.quiet):
            yield _silent(place, begin_s, length_s)
        yield from _cued(section, place, heard.power < _lowest(section))
        if section.number == 1 and it.manifest.label.sound in ("rhythm", "both"):
            yield from _marked(heard.power)


def _of_whole(heard: _Heard | Found | None, borders_s: Sequence[float]) -> Iterator[Found]:
    """A silence is told here if it lies across a border."""
    yield from _judged(heard, is_long=True)
    if isinstance(heard, _Heard):
        for begin_s, length_s in _silences(heard.quiet):
            if any(begin_s < border_s < begin_s + length_s for border_s in borders_s):
                yield _silent(_WHOLE, begin_s, length_s)


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
    if heard.clipped:
        yield Found("clipping", level.place, f"{heard.clipped} samples are at full scale")


def _silent(place: str, begin_s: float, length_s: float) -> Found:
    return Found(
        "silence", place, f"{length_s:.1f} s of silence, {begin_s:.1f} s after its beginning"
    )


def _silences(quiet: NDArray[np.bool_]) -> Iterator[tuple[float, float]]:
    """Where each silence that is too long begins, and how long it is, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2) * (_STEP_MS / 1000):
        if end - begin > SILENCE_S:
            yield float(begin), float(end - begin)


def _lowest(section: SectionEntry) -> float:
    """Mean square of what may still be the edge of a voice: it was trimmed before it was lowered.

    Trimming looks at shorter steps, of which one alone may be loud enough.
    """
    shorter_db = 10 * math.log10(TRIM_STEP_MS / _STEP_MS)
    lowest_db: float = 10 ** ((TRIM_DBFS + shorter_db + min(0.0, section.gain_db)) / 10)
    return lowest_db


def _cued(section: SectionEntry, place: str, silent: NDArray[np.bool_]) -> Iterator[Found]:
    """A voice is heard where an utterance begins and ends, and in every cue."""
    for utterance in section.utterances:
        begin, end = utterance.start_ms, utterance.end_ms
        cues = [
            (start_ms, end_ms)
            for start_ms, end_ms in pairwise((*utterance.texts_ms, end))
            if end_ms - start_ms >= LONG_CUE_MS
        ]
        for start_ms, end_ms in ((begin, begin + EDGE_MS), (end - EDGE_MS, end), *cues):
            if silent[max(0, start_ms) // _STEP_MS : -(-end_ms // _STEP_MS)].all():
                at = clock(section.start_ms + begin)
                yield Found("cues", place, f"what is said at {at} is not heard where its cue is")
                break


def _marked(power: NDArray[np.float64]) -> Iterator[Found]:
    """The mark is heard before all else."""
    signs = mark_signs(_STEP_MS)
    heard = power[: len(signs)] > 10 ** (MARK_DBFS / 10)
    if len(heard) < len(signs) or np.mean(heard == signs) < 0.9:
        yield Found("label", "", "its opening does not begin with the rhythm mark")


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
    except OSError as error:
        return Found("decoding", place, f"it can't be read ({error.strerror})")


def _measured(pieces: Iterable[bytes], place: str, form: Format) -> _Heard:
    meter = Meter(form.rate_hz, form.channels, peak=True, kind="flt")
    size, clipped, late = form.samples(_STEP_MS), 0, ENCODER_DELAY + DECODER_DELAY
    powers, rest = [], np.zeros((0, form.channels), np.float32)
    for block in decode_mp3(pieces):
        if block.shape[1] != form.channels:
            raise MediaError(f"it has {block.shape[1]} channels, not {form.channels}")
        meter.add(block.reshape(-1))
        clipped += int(np.count_nonzero(np.abs(block) >= 1.0))
        rest = np.concatenate([rest, block[late:]])
        late = max(0, late - len(block))
        whole = len(rest) // size * size
        powers.append(np.square(rest[:whole]).reshape(-1, size * form.channels).mean(axis=1))
        rest = rest[whole:]
    if not powers:
        raise MediaError("there is no sound in it")
    read = meter.read()
    level = Level(place, read.integrated_lufs, read.peak_dbtp)
    return _Heard(level, clipped, np.concatenate(powers).astype(np.float64))
