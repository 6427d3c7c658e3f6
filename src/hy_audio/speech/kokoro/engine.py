"""The engine: one ONNX Runtime session, in which each core speaks an utterance of its own."""

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hy_audio.errors import UnknownName
from hy_audio.script.model import Utterance
from hy_audio.speech.kokoro import model as own
from hy_audio.speech.kokoro.alphabet import V1_0, Alphabet
from hy_audio.speech.kokoro.pauses import SENTENCE_END, Clause, faded_out, join
from hy_audio.speech.kokoro.phonemes import (
    PRONUNCIATION,
    Input,
    Phonemes,
    clauses,
    inputs,
    phonemes,
)
from hy_audio.speech.kokoro.session import Session, load
from hy_audio.speech.kokoro.timing import FRAME, Spoken, audible, onset
from hy_audio.speech.kokoro.weights import SHA256, SOUND
from hy_audio.speech.model import Prosody, Speech, Voice
from hy_audio.speech.wav import silence, wav

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
DEFAULT_VOICE = "zm_yunjian"
"""The one that speaks where none is named."""

_HEADROOM = 0.7
_TAIL_MS = 30
_MUTE_MS = 300
"""Length of a sentence in which nothing has a sound."""
_MARKS = re.compile(r"\W*$")
_MOST = 8
"""Runs at a time: each may take some 300 MB for a long sentence."""


class KokoroEngine:
    """Kokoro-82M. The session runs in threads, so that the event loop stays free.

    Each run keeps to one thread: on two cores two runs at a time are faster than one run on both,
    since a part of the graph can't be shared out, and a sound does not depend on how many cores
    there are.

    Args:
        cache: folder for things that can be made again.
        device: where it runs, one of `DEVICES`.
        model: an ONNX file of Kokoro v1.0 or v1.1-zh in the place of the embedded one.
        voices: a folder or an archive of style vectors in the place of the embedded ones.
        vocabulary: a JSON file of the model's tokens, if it is not of v1.0 and none lies beside it.
    """

    def __init__(
        self,
        cache: Path,
        device: str = "cpu",
        model: Path | None = None,
        voices: Path | None = None,
        vocabulary: Path | None = None,
    ) -> None:
        self._cache = cache
        self._device = device
        self._model = model
        self._voices = voices
        self._vocabulary = vocabulary
        self._loading = Lock()

    @property
    def concurrency(self) -> int:
        """One run for each core, but not more than memory is good for."""
        return min(_cores(), _MOST) if self._device == "cpu" else 1

    @cached_property
    def fingerprint(self) -> str:
        """The model, the voices and the pronunciation.

        Raises:
            EngineUnavailable: the user's own model or voices can't be read, or don't go together.
        """
        tokens = self._alphabet.vocabulary
        name = f"v1.0-int8/{SHA256[:12]}"
        if self._model:
            name = f"own/{own.digest(self._model)[:12]}"
        if self._voices:
            parts = (k.encode() + v.tobytes() for k, v in sorted(self._styles.items()))
            name += f"/{sha256(b''.join(parts)).hexdigest()[:12]}"
        if tokens != V1_0.vocabulary:
            name += f"/{sha256(repr(sorted(tokens.items())).encode()).hexdigest()[:12]}"
        if self._device != "cpu":  # which rounds in another way
            name += f"/{self._device}"
        return f"kokoro/{name}/g{SOUND}/{PRONUNCIATION}/6"

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Speak an utterance sentence by sentence, so that each has its place in the clip."""
        return await asyncio.to_thread(self._speak, utterance, voice, prosody)

    async def aclose(self) -> None:
        """Let go of the session; `load` keeps it for the next page."""
        self.__dict__.pop("_loaded", None)

    @property
    def _session(self) -> Session:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> Session:
        return load(self._cache, self._device, self._model)

    @cached_property
    def _inputs(self) -> own.Inputs:
        types = {i.name: i.type for i in self._session.get_inputs()}
        return own.inputs(types, str(self._model or "the embedded model"))

    @cached_property
    def _styles(self) -> dict[str, NDArray[np.floating[Any]]]:
        return own.voices(self._voices) if self._voices else {}

    @cached_property
    def _alphabet(self) -> Alphabet:
        return own.alphabet(self._model, self._voices, self._styles, self._vocabulary)

    def _style(self, voice: str, tokens: int) -> NDArray[np.floating[Any]]:
        """The style vector of a voice for so many tokens, of shape (1, 256)."""
        if self._voices and voice not in self._styles:
            raise UnknownName("kokoro voice", voice, self._styles)
        vectors = self._styles[voice] if self._voices else style(voice)
        row: NDArray[Any] = vectors[min(tokens, len(vectors) - 1)]
        return row

    def _speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        said: list[Clause] = []
        unknown: list[str] = []
        for start, sentence in zip(utterance.starts, utterance.sentences, strict=True):
            sounds = phonemes(sentence, self._alphabet)
            first, *others = self._clauses(sentence.spoken, sounds, voice, prosody)
            said.append(Clause(start, SENTENCE_END, first.samples))
            said += [replace(clause, start=start + clause.start) for clause in others]
            unknown += sounds.unknown
        samples, marks = join(said, len(utterance.spoken), prosody.rate)
        warnings = tuple(f"no sound for “{c}”" for c in unknown)
        audio = wav(np.concatenate([samples, silence(_TAIL_MS)]))
        return Speech(audio, "audio/wav", marks, warnings)

    def _clauses(self, text: str, sounds: Phonemes, voice: str, prosody: Prosody) -> list[Clause]:
        """The clauses of a sentence, at least one, and the parts that a long one was cut into."""
        starts = clauses(sounds.units)
        found = []
        for piece in inputs(sounds.units, self._alphabet):
            spoken = self._run(piece.tokens, voice, prosody)
            first, last = audible(spoken.samples)
            samples = faded_out(spoken.samples[:last])
            onsets = [
                (unit, min(max(at, first), last))
                for unit, at in _onsets(spoken, piece, starts, first)
            ]
            for (unit, begin), (_, end) in pairwise([(piece.first, first), *onsets, (0, last)]):
                place = sounds.places[unit]
                marks = _MARKS.findall(text, 0, place)[0]
                found.append(Clause(place, marks, samples[begin:end]))
        return found or [Clause(0, "", silence(_MUTE_MS))]

    def _run(self, tokens: list[int], voice: str, prosody: Prosody) -> Spoken:
        feed = self._inputs.feed(tokens, self._style(voice, len(tokens)), prosody.rate)
        audio, *frames = self._session.run(None, feed)
        told = bool(frames) and frames[0].size == len(tokens) + 2
        starts = np.cumsum([0, *frames[0].ravel()[:-1]]) * FRAME if told else ()
        samples = np.asarray(audio, np.float32).ravel() * np.float32(_HEADROOM)
        return Spoken(samples, tuple(map(int, starts)), prosody.rate)


@lru_cache(maxsize=1)
def style(voice: str) -> NDArray[np.float16]:
    """The style vectors of a voice: shape (510, 1, 256), one row for each count of tokens.

    Raises:
        UnknownName: there is no such voice.
    """
    if voice not in {known.name for known in VOICES}:
        raise UnknownName("kokoro voice", voice, [known.name for known in VOICES])
    with files(__package__).joinpath("voices", f"{voice}.npy").open("rb") as file:
        vectors: NDArray[np.float16] = np.load(file)
    return vectors


def _onsets(
    spoken: Spoken, piece: Input, starts: Sequence[tuple[int, int]], begin: int
) -> Iterator[tuple[int, int]]:
    """The first unit of each clause that begins inside a piece, and its sample.

    Args:
        spoken: what the model made of the piece.
        piece: some of the sentence's units.
        starts: as `clauses` tells.
        begin: the sample at which the first clause begins.
    """
    tokens = {piece.first + n: token + 1 for n, token in enumerate(piece.begins)}
    for unit, sounding in starts if spoken.starts else ():
        if unit in tokens and unit != piece.first:
            token = tokens.get(sounding, tokens[unit])
            begin = onset(spoken, begin, tokens[unit - 1], token)
            yield unit, begin


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
