"""The show's music around and under the words, and the mark of synthetic sound.

Music is brought to the loudness of the voice it stands beside; the section is mastered with it.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hy_audio.errors import MediaError
from hy_audio.stitch.edit import Sound, read, segment, silence, trim
from hy_audio.stitch.loudness import measure
from hy_audio.stitch.master import gain_for
from hy_audio.stitch.model import Track, Tune
from hy_audio.stitch.mp3 import Format

ROOM_DB = -6.0
"""What voice and music are lowered by, so that together they don't clip; mastering makes up."""
OVERLAP_MS = 1_500
"""The voice begins so long before the opening's end, which fades out under it."""
EARLY_MS = 800
"""The closing begins so long before the last pause is over."""
ALONE_MS = 2_000
"""The bed is heard so long before the first word, if there is no opening, and after the last."""
BED_DB = -6.0
"""The bed beside the voice, while it is alone."""
DUCK_DB = -14.0
"""How much lower the bed is under the words."""
DUCKING_MS = 500
"""How long it takes to go down and to come up."""
SHORTEST_MS = 1_000
"""Less music than this is taken for a mistake."""
FADE_MS = 300
"""At the ends of music, and where the bed begins anew."""

DOT_MS = 120
"""Length of the shorter sign of the mark; the longer one is three, the gap between signs one, and
that between letters three (ITU-R M.1677-1)."""
MARK_HZ = 800
"""Pitch of the mark."""
MARK_DBFS = -13.5
"""Peaks of the mark, when the voice has its loudness."""
_BEFORE_DOTS = 2
"""Silence before the mark."""
_MARK = (1, 3, 0, 0, 1, 1)
"""A and I, in dots: short long, short short; a gap follows each."""

MUSIC = "/".join(
    str(figure)
    for figure in (
        *(ROOM_DB, OVERLAP_MS, EARLY_MS, ALONE_MS, BED_DB, DUCK_DB, DUCKING_MS, FADE_MS),
        *(DOT_MS, MARK_HZ, MARK_DBFS, 3),
    )
)
"""Names all that decides how a section is accompanied."""


def accompany(voice: Sound, track: Track, form: Format, gain_db: float) -> tuple[Sound, int]:
    """Put the music of a section and the mark around its voice.

    Args:
        voice: the words with their pauses.
        track: says which music.
        form: rate and channels of all.
        gain_db: what would bring the voice to its loudness.

    Returns:
        All of it, and how many samples of a channel later the voice begins.

    Raises:
        MediaError: a piece of music can't be decoded.
    """
    sound, before_ms, beside_db = voice.apply_gain(ROOM_DB), 0, ROOM_DB - gain_db
    if track.bed:
        before_ms = 0 if track.opening else ALONE_MS
        sound = _padded(sound, before_ms, ALONE_MS, form)
        sound = sound.overlay(_bed(track.bed, len(sound), before_ms, form, beside_db))
    if track.closing:
        tune = _beside(track.closing, form, beside_db).fade_in(FADE_MS).fade_out(OVERLAP_MS)
        at_ms = max(0, len(sound) - EARLY_MS)
        sound = _padded(sound, 0, max(0, len(tune) - len(sound) + at_ms) + FADE_MS, form)
        sound = sound.overlay(tune, position=at_ms)
    if track.opening:
        tune = _beside(track.opening, form, beside_db).fade_in(FADE_MS).fade_out(OVERLAP_MS)
        lead_ms = max(0, len(tune) - OVERLAP_MS)
        before_ms += lead_ms
        sound = _padded(sound, lead_ms, 0, form).overlay(tune)
    if track.rhythm:
        mark = _mark(form)
        before_ms += len(mark)
        sound = mark.apply_gain(beside_db) + sound
    return sound, form.samples(before_ms)


def read_tunes(track: Track, form: Format) -> None:
    """Read the music of a section, so that a file that is none is told before all other work.

    Raises:
        MediaError: a piece of music can't be decoded.
    """
    for tune in filter(None, (track.opening, track.bed, track.closing)):
        _tune(tune, form)


def _padded(sound: Sound, before_ms: int, after_ms: int, form: Format) -> Sound:
    return silence(before_ms, form) + sound + silence(after_ms, form)


def _bed(tune: Tune, length_ms: int, alone_ms: int, form: Format, beside_db: float) -> Sound:
    """The bed, as often as it is needed, loud while it is alone and low under the words."""
    bed = _beside(tune, form, beside_db)
    while len(bed) < length_ms:
        bed = bed.append(bed, crossfade=FADE_MS)
    down_ms, up_ms = max(0, alone_ms - DUCKING_MS), length_ms - ALONE_MS
    bed = (bed[:length_ms] + BED_DB).fade(to_gain=DUCK_DB, start=down_ms, duration=DUCKING_MS)
    bed = bed.fade(to_gain=-DUCK_DB, start=up_ms, duration=DUCKING_MS)
    return bed.fade_in(FADE_MS).fade_out(ALONE_MS - DUCKING_MS)


def _beside(tune: Tune, form: Format, beside_db: float) -> Sound:
    """A piece of music, so much louder than a mastered section; raised once, so it clips late."""
    sound, gain_db = _tune(tune, form)
    return sound.apply_gain(gain_db + beside_db)


@lru_cache(maxsize=8)
def _tune(tune: Tune, form: Format) -> tuple[Sound, float]:
    """A piece of music without silence at its ends, and what it is to be raised by."""
    try:
        sound, _ = trim(read(tune.path, form))
    except MediaError as error:
        raise MediaError(f"in the music, {error}; correct [music] or leave it out") from error
    if len(sound) < SHORTEST_MS:
        problem = f"the music {tune.path} has {len(sound)} ms of sound"
        raise MediaError(f"{problem}; correct [music] or leave it out")
    samples = np.frombuffer(sound.raw_data, "<i2").reshape(-1, form.channels)
    return sound, gain_for(measure([samples], form.rate_hz))


def mark_signs(step_ms: int) -> NDArray[np.bool_]:
    """In which steps of the mark, from its beginning, a tone is heard.

    Args:
        step_ms: length of a step, a divisor of `DOT_MS`.
    """
    dots = [False] * _BEFORE_DOTS
    for sign in _MARK:
        dots += [True] * sign + [False]
    return np.repeat(dots, DOT_MS // step_ms)


def _mark(form: Format) -> Sound:
    """AI in Morse, and a pause."""
    sound = silence(_BEFORE_DOTS * DOT_MS, form)
    for dots in _MARK:
        sound += _sign(dots, form) + silence(DOT_MS, form)
    return sound + silence(5 * DOT_MS, form)


def _sign(dots: int, form: Format) -> Sound:
    """A tone of so many dots."""
    at_s = np.arange(form.samples(dots * DOT_MS)) / form.rate_hz
    tone = np.sin(2 * np.pi * MARK_HZ * at_s) * 32767 * 10 ** (MARK_DBFS / 20)
    samples = np.repeat(np.rint(tone).astype(np.int16), form.channels)
    return segment(samples, form).fade_in(10).fade_out(10) if dots else segment(samples, form)
