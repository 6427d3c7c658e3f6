"""From a track to its section MP3."""

import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import msgspec

from hy_audio import files
from hy_audio.stitch import mp3
from hy_audio.stitch.edit import EDIT, LEAD_IN_MS, Sound, join, read, trim
from hy_audio.stitch.model import Placed, Stitched, Take, Track


def recipe(track: Track) -> str:
    """Hash of all that decides the bytes of a section: equal recipes make equal files."""
    takes = [(take.clip.sha256, take.starts, take.pause_ms) for take in track.takes]
    return sha256(msgspec.json.encode([mp3.FORMAT, EDIT, takes])).hexdigest()


def stitch(track: Track, path: Path) -> Stitched:
    """Trim, join and encode a section.

    Raises:
        MediaError: a clip can't be decoded.
        OSError: the file can't be written.
    """
    pieces: list[Sound | int] = [LEAD_IN_MS]
    placed: list[Placed] = []
    now_ms = LEAD_IN_MS
    for take in track.takes:
        sound, moved_ms = trim(read(take.clip.path))
        placed.append(_place(take, now_ms, len(sound), moved_ms))
        pieces += [sound, take.pause_ms]
        now_ms += len(sound) + take.pause_ms
    data = mp3.encode(join(pieces))
    files.write(path, data)
    return Stitched(path, len(data) // mp3.FRAME_BYTES, mp3.digest(data), tuple(placed))


def _place(take: Take, start_ms: int, length_ms: int, moved_ms: int) -> Placed:
    """Sentence times: that of the first mark in each; one without begins with its forerunner."""
    times = [start_ms]
    for start, end in pairwise((*take.starts[1:], sys.maxsize)):
        first = next((m for m in take.clip.marks if start <= m.start < end), None)
        mark_ms = first.start_ms - moved_ms if first else 0
        times.append(max(times[-1], start_ms + min(max(mark_ms, 0), length_ms)))
    return Placed(start_ms, start_ms + length_ms, tuple(times))
