"""The engine: one ONNX Runtime session on all cores, one sentence at a time."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from hy_audio.script.model import Sentence, Utterance
from hy_audio.speech.kokoro.phonemes import MAX_TOKENS, PRONUNCIATION, inputs, phonemes
from hy_audio.speech.kokoro.weights import SHA256, check_packages, weights
from hy_audio.speech.model import Engine, Mark, Prosody, Speech, Voice
from hy_audio.speech.wav import RATE_HZ, length_ms, silence, wav

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

VOICES = (
    Voice("zf_xiaobei", "female"),
    Voice("zf_xiaoni", "female"),
    Voice("zf_xiaoxiao", "female"),
    Voice("zf_xiaoyi", "female"),
    Voice("zm_yunjian", "male"),
    Voice("zm_yunxi", "male"),
    Voice("zm_yunxia", "male"),
    Voice("zm_yunyang", "male"),
)
"""The Mandarin voices of Kokoro-82M v1.0."""

_HEADROOM = 0.7
_SENTENCE_GAP_MS = 300
_CLAUSE_GAP_MS = 240
_AUDIBLE = 0.004
_MARGIN = RATE_HZ * 30 // 1000


class KokoroEngine:
    """Kokoro-82M. The session runs in a thread, so that the event loop stays free."""

    fingerprint = f"kokoro/v1.0-int8/{SHA256[:12]}/{PRONUNCIATION}/1"
    concurrency = 1

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Speak an utterance sentence by sentence, so that each has its place in the clip."""
        return await asyncio.to_thread(self._speak, utterance, voice, prosody)

    async def aclose(self) -> None:
        """Drop the session."""
        self.__dict__.pop("_session", None)

    @cached_property
    def _session(self) -> "InferenceSession":
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # or it reports to its maker that it was started
        from onnxruntime import InferenceSession, SessionOptions  # loads 60 MB: only to speak

        options = SessionOptions()
        options.log_severity_level = 3
        path = str(weights(self._cache))
        return InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def _speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        pieces: list[NDArray[np.float32]] = []
        marks: list[Mark] = []
        unknown: list[str] = []
        samples = 0
        for n, sentence in enumerate(utterance.sentences):
            spoken, missed = self._sentence(sentence, voice, prosody)
            unknown += missed
            if n:
                spoken = np.concatenate([silence(_SENTENCE_GAP_MS), spoken])
            gap = _SENTENCE_GAP_MS if n else 0
            marks.append(Mark(n, length_ms(samples) + gap))
            pieces.append(spoken)
            samples += len(spoken)
        warnings = tuple(f"no sound for “{c}”" for c in unknown)
        audio = wav(np.concatenate(pieces))
        return Speech(audio, "audio/wav", length_ms(samples), tuple(marks), warnings)

    def _sentence(
        self, sentence: Sentence, voice: str, prosody: Prosody
    ) -> tuple[NDArray[np.float32], tuple[str, ...]]:
        sounds = phonemes(sentence)
        pieces: list[NDArray[np.float32]] = []
        for tokens in inputs(sounds.units):
            if pieces:
                pieces.append(silence(_CLAUSE_GAP_MS))
            pieces.append(_trimmed(self._run(tokens, voice, prosody)))
        return np.concatenate(pieces or [silence(_SENTENCE_GAP_MS)]), sounds.unknown

    def _run(self, tokens: list[int], voice: str, prosody: Prosody) -> NDArray[np.float32]:
        feed = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style(voice)[min(len(tokens), MAX_TOKENS)].astype(np.float32),
            "speed": np.array([prosody.rate], np.float32),
        }
        audio: NDArray[np.float32] = self._session.run(None, feed)[0]
        return audio * np.float32(_HEADROOM)


@dataclass(frozen=True, slots=True)
class KokoroProvider:
    """The door to `KokoroEngine`."""

    name: str = "kokoro"
    default_voice: str = "zm_yunjian"

    async def ready(self) -> None:
        """Check that the packages which carry the model are there."""
        check_packages()

    async def voices(self) -> Sequence[Voice]:
        """The eight of `VOICES`."""
        return VOICES

    def open(self) -> Engine:
        """Make it; the model is loaded when it first speaks."""
        return KokoroEngine(user_cache_path("hy-audio"))


@lru_cache(maxsize=1)
def style(voice: str) -> NDArray[np.float16]:
    """The style vectors of a voice: shape (510, 1, 256), one row for each count of tokens."""
    with files(__package__).joinpath("voices", f"{voice}.npy").open("rb") as file:
        vectors: NDArray[np.float16] = np.load(file)
    return vectors


def _trimmed(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without the silence at its ends, but for a margin of 30 ms."""
    loud = np.flatnonzero(np.abs(audio) > _AUDIBLE)
    if not len(loud):
        return audio
    return audio[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN]


PROVIDER = KokoroProvider()
