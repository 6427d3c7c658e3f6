"""An engine that beeps: deterministic and quick, for tests and dry runs.

Each character is a beep whose pitch follows its tone, each mark a silence, so the length of a clip
follows its text as a voice's does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hy_audio.characters import han
from hy_audio.script.model import Sentence, Utterance
from hy_audio.speech.model import Engine, Mark, Prosody, Setup, Speech, Voice
from hy_audio.speech.wav import RATE_HZ, length_ms, silence, wav

_BEEP_MS = 180
_TONES_HZ = {"1": 660.0, "2": 550.0, "3": 440.0, "4": 495.0, "5": 392.0}
_LEVEL = 0.25
_RISE_MS = 40


class ToneEngine:
    """Beeps."""

    fingerprint = "tone/2"
    concurrency = 1

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Beep an utterance."""
        pieces: list[NDArray[np.float32]] = []
        marks = []
        start = samples = 0
        for sentence in utterance.sentences:
            beeps = _sentence(sentence, prosody.rate)
            end = start + len(sentence.spoken)
            end_samples = samples + len(beeps)
            marks.append(Mark(start, end, length_ms(samples), length_ms(end_samples)))
            pieces.append(beeps)
            start, samples = end, end_samples
        return Speech(wav(np.concatenate(pieces)), "audio/wav", tuple(marks))

    async def aclose(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class ToneProvider:
    """The door to `ToneEngine`."""

    setup: Setup
    name: str = "tone"
    default_voice: str = "beep"

    async def ready(self) -> None:
        """Always."""

    async def voices(self) -> Sequence[Voice]:
        """One."""
        return (Voice("beep", ""),)

    def open(self) -> Engine:
        """Make it."""
        return ToneEngine()


def _sentence(sentence: Sentence, rate: float) -> NDArray[np.float32]:
    length_of_one = round(_BEEP_MS / rate)
    readings = iter(sentence.pinyin)
    pieces = []
    for c in sentence.spoken:
        if not c.isalnum():
            pieces.append(silence(length_of_one))
            continue
        tone = next(readings)[-1:] if han(c) else "5"
        pieces.append(_beep(_TONES_HZ.get(tone, 392.0), length_of_one))
    return np.concatenate(pieces)


def _beep(frequency_hz: float, ms: int) -> NDArray[np.float32]:
    n = ms * RATE_HZ // 1000
    t = np.arange(n) / RATE_HZ
    rise = np.minimum(1.0, np.minimum(t, t[::-1]) * 1000 / _RISE_MS)
    envelope = np.sin(np.pi / 2 * rise) ** 2
    beep: NDArray[np.float32] = (_LEVEL * envelope * np.sin(2 * np.pi * frequency_hz * t)).astype(
        "f4"
    )
    return beep
