"""From tracks to section MP3s."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from os import cpu_count
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from hy_audio import files
from hy_audio.speech.model import Clip
from hy_audio.stitch import mp3
from hy_audio.stitch.edit import EDIT, read, segment, trim
from hy_audio.stitch.master import MASTER, gain_for, master
from hy_audio.stitch.model import Line, Placed, Stitched, Track
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.music import MUSIC, accompany

LEAD_IN_MS = 120
"""Silence at the start of a section."""


@dataclass(frozen=True, slots=True)
class Job:
    """A section that is to be had."""

    track: Track
    """What is heard."""
    clips: tuple[Clip, ...]
    """One for each of its lines; none if the section is there."""
    path: Path
    """Where its file goes."""
    kept: Stitched | None = None
    """The section, if it is there already."""


def recipe(track: Track, form: Format) -> str:
    """Hash of all that decides how a section sounds: what has an equal one need not be made again.

    The gain that a short section borrows from its neighbours is no part of it.
    """
    lines = [(line.key, line.starts, line.pause_ms) for line in track.lines]
    tunes = [t and t.sha256 for t in (track.opening, track.bed, track.closing)]
    accompanied = [track.rhythm, MUSIC, *tunes] if track.rhythm or any(tunes) else []
    parts = [str(form), EDIT, MASTER, LEAD_IN_MS, accompanied, lines]
    return sha256(msgspec.json.encode(parts)).hexdigest()


def stitch(jobs: Sequence[Job], form: Format) -> list[Stitched]:
    """Make the sections that are not there, as many at a time as there are cores.

    A section with little sound takes the gain of its nearest neighbour, so that a heading alone is
    not raised to the loudness of a paragraph.

    Raises:
        MediaError: a clip can't be decoded.
        OSError: a file can't be written.
    """
    with ThreadPoolExecutor(cpu_count()) as pool:
        first = list(pool.map(lambda job: job.kept or _stitch(job, form), jobs))
        return list(pool.map(lambda n: _levelled(n, jobs, first, form), range(len(jobs))))


def _levelled(n: int, jobs: Sequence[Job], made: Sequence[Stitched], form: Format) -> Stitched:
    if jobs[n].kept or not made[n].is_short:
        return made[n]
    speaker = jobs[n].track.speaker
    others = [m for m, job in enumerate(jobs) if job.track.speaker == speaker]
    near = sorted((m for m in others if not made[m].is_short), key=lambda m: (abs(m - n), -m))
    return _stitch(jobs[n], form, made[near[0]].gain_db) if near else made[n]


def _stitch(job: Job, form: Format, gain_db: float | None = None) -> Stitched:
    """Trim, join, master and encode one section."""
    samples, placed = _join(job, form)
    mastered = master(samples, form, gain_db)
    files.write(job.path, mastered.data)
    count, digest = form.count(mastered.data), mp3.digest(mastered.data)
    return Stitched(job.path, count, digest, mastered.gain_db, placed)


def _join(job: Job, form: Format) -> tuple[NDArray[np.int16], tuple[Placed, ...]]:
    """A section's samples, of shape (n, channels), and where its lines are in them."""
    track, each = job.track, 2 * form.channels
    pcm, places = bytearray(form.samples(LEAD_IN_MS) * each), []
    for line, clip in zip(track.lines, job.clips, strict=True):
        sound, moved_ms = trim(read(clip.path, form))
        start = len(pcm) // each
        pcm += sound.raw_data
        places.append((line, clip, start, len(pcm) // each, moved_ms))
        pcm += bytes(form.samples(line.pause_ms) * each)
    later = 0
    if track.rhythm or track.opening or track.bed or track.closing:
        voice = segment(np.frombuffer(pcm, "<i2"), form)
        sound, later = accompany(voice, track, form, gain_for(_samples(pcm, form), form))
        pcm = bytearray(sound.raw_data)
    pcm += bytes(-len(pcm) % (mp3.FRAME_SAMPLES * each))
    placed = tuple(
        _place(line, clip, form.ms(start + later), form.ms(end + later), moved_ms)
        for line, clip, start, end, moved_ms in places
    )
    return _samples(pcm, form), placed


def _samples(pcm: bytearray, form: Format) -> NDArray[np.int16]:
    return np.frombuffer(pcm, "<i2").reshape(-1, form.channels)


def _place(line: Line, clip: Clip, start_ms: int, end_ms: int, moved_ms: int) -> Placed:
    """When each text is heard; none is before its forerunner, or outside the sound."""
    times = [start_ms]
    for offset in line.starts[1:]:
        at_ms = start_ms + _when(offset, clip, line.length) - moved_ms
        times.append(min(max(at_ms, times[-1]), end_ms))
    return Placed(start_ms, end_ms, tuple(times))


def _when(offset: int, clip: Clip, length: int) -> int:
    """When a spoken character is heard, in milliseconds from the start of the clip.

    Inside of a mark, and in a clip without any, characters are taken to be equally long.
    """
    if not clip.marks:
        return clip.duration_ms * offset // max(1, length)
    for mark in clip.marks:
        if offset <= mark.start:
            return mark.start_ms
        if offset < mark.end:
            share = (offset - mark.start) / (mark.end - mark.start)
            return round(mark.start_ms + share * (mark.end_ms - mark.start_ms))
    return clip.duration_ms
