"""A voice that beeps in MP3: the same text always makes the same bytes, another text others."""

import re
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import lameenc
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 24_000
KBPS = 48
FRAME_BYTES = 144
"""MPEG-2 Layer III: 576 samples are 24 ms, and at 48 kbit/s 144 bytes."""
TICKS_PER_MS = 10_000

VOICES = (
    ("zh-CN-XiaoxiaoNeural", "Female"),
    ("zh-CN-XiaoyiNeural", "Female"),
    ("zh-CN-YunxiNeural", "Male"),
    ("zh-CN-YunyangNeural", "Male"),
    ("zh-TW-HsiaoChenNeural", "Female"),
    ("en-US-EmmaNeural", "Female"),
)

_BEEP_MS = 180
_LEAD_MS = 100
_TAIL_MS = 400
_PIECE = re.compile(r"[^\W_]{1,2}")
_SENTENCE = re.compile(r"[^。！？]+[。！？]?")


@dataclass(frozen=True)
class Boundary:
    """When a piece of the text is heard, in ticks of 100 ns."""

    text: str
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True)
class Spoken:
    mp3: bytes
    words: tuple[Boundary, ...]
    sentences: tuple[Boundary, ...]


@lru_cache(maxsize=4096)
def speak(text: str, voice: str, rate: float) -> Spoken:
    """A beep for each letter or character, as much silence for each mark, silence at the ends."""
    beep_ms = round(_BEEP_MS / rate)
    beeps = [_beep(voice, c, beep_ms) for c in text]
    lead, tail = (np.zeros(RATE_HZ * ms // 1000) for ms in (_LEAD_MS, _TAIL_MS))
    samples = np.concatenate([lead, *beeps, tail])

    def boundary(found: re.Match[str]) -> Boundary:
        start, length = _LEAD_MS + found.start() * beep_ms, len(found[0]) * beep_ms
        return Boundary(found[0], start * TICKS_PER_MS, length * TICKS_PER_MS)

    words, sentences = (tuple(map(boundary, kind.finditer(text))) for kind in (_PIECE, _SENTENCE))
    return Spoken(_mp3(samples), words, sentences)


def _beep(voice: str, character: str, ms: int) -> NDArray[np.float64]:
    n = RATE_HZ * ms // 1000
    if not character.isalnum():
        return np.zeros(n)
    pitch_hz = 300 + crc32(f"{voice} {character}".encode()) % 600
    t = np.arange(n) / RATE_HZ
    envelope = np.minimum(1.0, np.minimum(t, t[::-1]) * 200)
    return np.asarray(0.3 * envelope * np.sin(2 * np.pi * pitch_hz * t))


def _mp3(samples: NDArray[np.float64]) -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_bit_rate(KBPS)
    encoder.set_quality(7)
    pcm = (samples * 32767).astype("<i2").tobytes()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())
