"""From tracks to section MP3s."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from os import cpu_count
from pathlib import Path

import msgspec

from hy_audio import files
from hy_audio.speech.model import Clip
from hy_audio.stitch import mp3
from hy_audio.stitch.edit import EDIT, read, segment, trim
from hy_audio.stitch.master import MASTER, gain_for, master
from hy_audio.stitch.model import Line, Placed, Stitched, Track
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.music import MUSIC, ROOM_DB, accompany
from hy_audio.stitch.pcm import Pcm

LEAD_IN_MS = 120
"""Silence at the start of a section."""
_SPARE_MS = 100
"""Room for what fills the last frame, and for rounding."""


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
    not raised to the loudness of a paragraph. Where there is music, it is measured with the voice:
    such a section neither takes nor lends.

    Raises:
        MediaError: a clip can't be decoded.
        OSError: a file can't be written.
    """
    cores = cpu_count() or 1
    make = partial(_stitch, form=form, spread=sum(not job.kept for job in jobs) < cores)
    with ThreadPoolExecutor(cores) as pool:
        first = list(pool.map(lambda job: job.kept or make(job), jobs))
        return list(pool.map(lambda n: _levelled(n, jobs, first, make), range(len(jobs))))


def _levelled(
    n: int, jobs: Sequence[Job], made: Sequence[Stitched], make: Callable[..., Stitched]
) -> Stitched:
    tracks = [job.track for job in jobs]
    if jobs[n].kept or not made[n].is_short or tracks[n].tunes:
        return made[n]
    lenders = [
        m
        for m, track in enumerate(tracks)
        if track.speaker == tracks[n].speaker and not track.tunes and not made[m].is_short
    ]
    if not lenders:
        return made[n]
    nearest = min(lenders, key=lambda m: (abs(m - n), -m))
    return make(jobs[n], gain_db=made[nearest].gain_db)


def _stitch(job: Job, form: Format, spread: bool, gain_db: float | None = None) -> Stitched:
    """Trim, join, master and encode one section; by its own loudness if no gain is given."""
    pcm, placed, below_db = _join(job, form, gain_db)
    raised_db = gain_for(pcm.loudness()) if gain_db is None else gain_db - below_db
    keep = gain_db is not None
    mastered = master(pcm.samples(), form, raised_db, keep=keep, spread=spread)
    files.write(job.path, mastered.data)
    digest = mp3.digest(mastered.data)
    return Stitched(job.path, mastered.frames, digest, mastered.gain_db + below_db, placed)


def _join(job: Job, form: Format, gain_db: float | None) -> tuple[Pcm, tuple[Placed, ...], float]:
    """Put a section's clips in a row, and its music around them.

    Args:
        job: the section.
        form: rate and channels.
        gain_db: what its voice is to be raised by; None for what its own loudness asks for.

    Returns:
        Its samples, whole frames, where its lines are in them, and by how many dB its voice was
        raised already.
    """
    track, pcm, places = job.track, Pcm(form, form.samples(_longest_ms(job))), []
    pcm.silence(form.samples(LEAD_IN_MS))
    for line, clip in zip(track.lines, job.clips, strict=True):
        sound, moved_ms = trim(read(clip.path, form))
        start = len(pcm)
        pcm.add(sound.raw_data)
        places.append((line, clip, start, len(pcm), moved_ms))
        pcm.silence(form.samples(line.pause_ms))
    later, below_db = 0, 0.0
    if track.is_accompanied:
        voice = segment(pcm.samples(), form)
        voice_db = gain_for(pcm.loudness()) if gain_db is None else gain_db
        sound, later = accompany(voice, track, form, voice_db)
        below_db = ROOM_DB
        pcm = Pcm(form, int(sound.frame_count()) + mp3.FRAME_SAMPLES)
        pcm.add(sound.raw_data)
    pcm.silence(-len(pcm) % mp3.FRAME_SAMPLES)
    placed = tuple(
        _place(line, clip, form.ms(start + later), form.ms(end + later), moved_ms)
        for line, clip, start, end, moved_ms in places
    )
    return pcm, placed, below_db


def _longest_ms(job: Job) -> int:
    """What a section lasts if nothing is trimmed."""
    clips_ms = sum(clip.duration_ms for clip in job.clips)
    return LEAD_IN_MS + clips_ms + sum(line.pause_ms for line in job.track.lines) + _SPARE_MS


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
