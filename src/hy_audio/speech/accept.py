"""Whether what an engine returned is whole. A clip that fails here is never kept."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hy_audio.characters import HAN
from hy_audio.errors import MediaError
from hy_audio.script.model import Utterance
from hy_audio.sound import decode
from hy_audio.speech.model import Prosody, Speech
from hy_audio.speech.store import Recording

FRAME_MS = 20
"""Length of the frames whose levels are compared."""
SILENT_DBFS = -50.0
"""A clip whose loudest frame stays below this says nothing; speech peaks above -30."""
SOUNDING_DB = -40.0
"""A frame sounds if it is no further below the loudest one."""
END_MS = 10
"""What is looked at of the end: a period of the lowest voice."""
END_DB = -20.0
"""If that is nearer to the loudest frame than this, the clip ends in the middle of a sound."""

FASTEST_MS = 120
"""Least sound for a syllable at rate 1.

The eight embedded voices take 190 to 245 ms with their pauses (docs/voices.md), newsreaders 200 to
240; a stream that is cut in half leaves half of that.
"""
SLOWEST_MS = 700
"""Most time for a syllable at rate 1: more than twice that of the slowest news."""
PAUSE_MS = 1_000
"""Most time for the pause at a mark."""
ENDS_MS = 3_000
"""Most silence at the two ends together."""
MARK_MS = 120
"""How far the last mark may lie behind the end: what an encoder cuts off or fills up."""
EXCUSED = 3.0
"""Syllables that may be missing for each thing of which an engine warns that it has no sound."""
UNMARKED_SLACK = 0.5
"""Syllables behind the last mark that need not be heard: it may end late, a last 了 is short."""

_RATE_HZ = 24_000
_OPEN = 0x7FFF_0000
"""A longer WAV file is one whose length was not known when it was begun."""
_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile("[A-Za-z0-9]")


class RejectedClip(Exception):
    """A clip is not whole; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A clip beside what it should say."""

    speech: Speech
    utterance: Utterance
    rate: float
    length_ms: int
    levels_db: NDArray[np.float64]
    """RMS of each frame of 20 ms, counted from the start, in dBFS."""
    end_db: float
    """RMS of the last `END_MS`."""

    @property
    def loudest_db(self) -> float:
        return float(self.levels_db.max(initial=-np.inf))

    @property
    def syllables(self) -> float:
        """How many have to be heard: a letter or a digit is a quarter of one."""
        return self.syllables_from(0)

    def syllables_from(self, offset: int) -> float:
        """How many have to be heard behind an offset in what should be said.

        What the engine warns of has no sound: it may be a character, or a word in letters.
        """
        spoken, warnings = self.utterance.spoken, len(self.speech.warnings)
        letters = 0 if warnings else len(_LETTER.findall(spoken, offset))
        return max(0.0, len(_HAN.findall(spoken, offset)) + letters / 4 - EXCUSED * warnings)

    def sound_ms(self, from_ms: int = 0) -> int:
        """How long it sounds from a time on."""
        frames = max(0, (self.length_ms - from_ms) // FRAME_MS)
        last = self.levels_db[max(0, len(self.levels_db) - frames) :]
        return int((last >= self.loudest_db + SOUNDING_DB).sum()) * FRAME_MS


def accept(speech: Speech, utterance: Utterance, prosody: Prosody) -> Recording:
    """Check what an engine returned for an utterance.

    Raises:
        RejectedClip: it is not whole; see `CHECKS`.
    """
    heard = _hear(speech, utterance, prosody)
    for check in CHECKS:
        if problem := check(heard):
            raise RejectedClip(problem)
    return Recording(
        speech.audio, speech.media_type, heard.length_ms, speech.marks, speech.warnings
    )


def _hear(speech: Speech, utterance: Utterance, prosody: Prosody) -> _Heard:
    if _cut_wav(speech.audio):
        raise RejectedClip("the file is shorter than it says itself")
    try:
        samples = decode(io.BytesIO(speech.audio), _RATE_HZ)
    except MediaError as error:
        raise RejectedClip("the audio can't be decoded") from error
    length_ms = len(samples) * 1000 // _RATE_HZ
    levels = _levels(samples, FRAME_MS)
    end_db = _levels(samples[-END_MS * _RATE_HZ // 1000 :], END_MS).max(initial=-np.inf)
    return _Heard(speech, utterance, prosody.rate, length_ms, levels, float(end_db))


def _cut_wav(audio: bytes) -> bool:
    """Whether a WAV file promises more bytes than there are; a stream may leave that open."""
    promised = int.from_bytes(audio[4:8], "little")
    return audio[:4] == b"RIFF" and len(audio) < promised + 8 < _OPEN


def _levels(samples: NDArray[np.int16], frame_ms: int) -> NDArray[np.float64]:
    """RMS of each whole frame, in dBFS."""
    size = frame_ms * _RATE_HZ // 1000
    frames = samples[: len(samples) // size * size].reshape(-1, size) / 32768.0
    levels: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    return levels


def _silent(heard: _Heard) -> str:
    if heard.loudest_db < SILENT_DBFS and (heard.syllables or not heard.speech.warnings):
        return "it is silent"
    return ""


def _too_short(heard: _Heard) -> str:
    if heard.sound_ms() < FASTEST_MS * heard.syllables / heard.rate:
        return f"{heard.length_ms / 1000:.1f} s are too short for its text"
    return ""


def _too_long(heard: _Heard) -> str:
    spoken = heard.utterance.spoken
    syllables = len(_HAN.findall(spoken)) + 3 * len(_LETTER.findall(spoken))
    marks = sum(not c.isalnum() for c in spoken)
    most_ms = (SLOWEST_MS * syllables + PAUSE_MS * marks) / heard.rate + ENDS_MS
    if heard.length_ms > most_ms:
        return f"{heard.length_ms / 1000:.1f} s are too long for its text"
    return ""


def _cut_off(heard: _Heard) -> str:
    if heard.end_db > max(SILENT_DBFS, heard.loudest_db + END_DB):
        return "it ends in the middle of a sound"
    return ""


def _marks_wrong(heard: _Heard) -> str:
    most = len(heard.utterance.spoken)
    for mark in heard.speech.marks:
        if not (0 <= mark.start < mark.end <= most and 0 <= mark.start_ms <= mark.end_ms):
            return "its marks make no sense"
    return ""


def _marks_outside(heard: _Heard) -> str:
    if any(mark.end_ms > heard.length_ms + MARK_MS for mark in heard.speech.marks):
        return "its words go on after its end"
    return ""


def _stops_early(heard: _Heard) -> str:
    """What the marks don't tell of must be heard behind the last one, at the clip's own pace."""
    if not heard.speech.marks:
        return ""
    left = heard.syllables_from(max(mark.end for mark in heard.speech.marks))
    after_ms = heard.sound_ms(max(mark.end_ms for mark in heard.speech.marks))
    marked = max(1.0, heard.syllables - left)
    pace_ms = (heard.sound_ms() - after_ms) / marked
    if after_ms < pace_ms * (left - UNMARKED_SLACK):
        return "it stops before the text does"
    return ""


CHECKS: tuple[Callable[[_Heard], str], ...] = (
    _silent,
    _marks_wrong,
    _marks_outside,
    _stops_early,
    _cut_off,
    _too_short,
    _too_long,
)
"""What a clip has to pass, in order; each returns what is wrong, or nothing.

Where an engine warns that it could not say something, it may be missing (`EXCUSED`).
"""
