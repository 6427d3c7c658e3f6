"""The engine: one ONNX Runtime session, in which each core speaks an utterance of its own."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hy_audio.errors import ConfigError, EngineUnavailable, UnknownName
from hy_audio.script.model import Sentence, Utterance
from hy_audio.speech.kokoro import model as own
from hy_audio.speech.kokoro.alphabet import V1_0, Alphabet
from hy_audio.speech.kokoro.phonemes import PRONUNCIATION, Input, clauses, inputs, phonemes
from hy_audio.speech.kokoro.timing import FRAME, Spoken, audible, onset
from hy_audio.speech.kokoro.weights import (
    REVISION,
    SHA256,
    check_packages,
    joined,
    rewritten,
    weights,
)
from hy_audio.speech.model import Engine, Mark, Prosody, Setup, Speech, Voice
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
DEFAULT_VOICE = "zm_yunjian"
"""The one that speaks where none is named."""

_HEADROOM = 0.7
_SENTENCE_GAP_MS = 300
_TAIL_MS = 30
_FADE = RATE_HZ * 5 // 1000
_CLAUSE_GAP_MS = 240


DEVICES = {
    "cpu": ("CPUExecutionProvider", "onnxruntime"),
    "cuda": ("CUDAExecutionProvider", "onnxruntime-gpu"),
    "tensorrt": ("TensorrtExecutionProvider", "onnxruntime-gpu"),
    "rocm": ("ROCMExecutionProvider", "onnxruntime-rocm"),
    "migraphx": ("MIGraphXExecutionProvider", "onnxruntime-migraphx"),
    "coreml": ("CoreMLExecutionProvider", "onnxruntime on macOS"),
    "directml": ("DmlExecutionProvider", "onnxruntime-directml"),
    "openvino": ("OpenVINOExecutionProvider", "onnxruntime-openvino"),
    "qnn": ("QNNExecutionProvider", "onnxruntime-qnn"),
}
"""What ONNX Runtime calls a device, and the package that brings it."""

_MOST = 8
"""Runs at a time: each may take some 300 MB for a long sentence."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence as sound."""

    samples: NDArray[np.float32]
    """Without the silence at its ends."""
    clauses: tuple[tuple[int, int], ...]
    """Offset in the sentence's `spoken` and sample of the begin of each clause but the first."""
    unknown: tuple[str, ...]
    """What has no sound."""


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
        return f"kokoro/{name}/g{REVISION}/{PRONUNCIATION}/4"

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Speak an utterance sentence by sentence, so that each has its place in the clip."""
        return await asyncio.to_thread(self._speak, utterance, voice, prosody)

    async def aclose(self) -> None:
        """Drop the session."""
        self.__dict__.pop("_loaded", None)

    @property
    def _session(self) -> "InferenceSession":
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> "InferenceSession":
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # or it reports to its maker that it was started
        import onnxruntime  # loads 60 MB: only to speak

        provider = _provider(self._device, onnxruntime.get_available_providers())
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if self._device == "cpu":
            options.intra_op_num_threads = 1
        path = self._file(onnxruntime)
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=[provider])
        except Exception as error:
            problem = f"ONNX Runtime can't load {path} ({str(error).splitlines()[0]})"
            advice = "name an ONNX file of Kokoro" if self._model else "empty the cache"
            raise EngineUnavailable("kokoro", problem, advice=advice) from error

    def _file(self, onnxruntime: Any) -> Path:
        """The file to load: rewritten for the processor, as it is for other devices."""
        if self._device != "cpu":
            return self._model or weights(self._cache)
        signed = _multiplies_exactly(onnxruntime)
        if self._model is None:
            name, original = f"kokoro-v1.0-int8-{SHA256[:8]}", joined
        else:
            name, original = f"own-{own.digest(self._model)[:16]}", self._model.read_bytes
        path = rewritten(self._cache, name, original, signed=signed)
        return path or self._model or weights(self._cache)

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
        pieces: list[NDArray[np.float32]] = []
        marks: list[Mark] = []
        unknown: list[str] = []
        samples = 0
        for start, sentence in zip(utterance.starts, utterance.sentences, strict=True):
            if pieces:
                pieces.append(silence(_SENTENCE_GAP_MS))
                samples += len(pieces[-1])
            said = self._sentence(sentence, voice, prosody)
            marks += _marks(said, len(sentence.spoken), start, samples)
            unknown += said.unknown
            pieces.append(said.samples)
            samples += len(said.samples)
        warnings = tuple(f"no sound for “{c}”" for c in unknown)
        audio = wav(np.concatenate([*pieces, silence(_TAIL_MS)]))
        return Speech(audio, "audio/wav", tuple(marks), warnings)

    def _sentence(self, sentence: Sentence, voice: str, prosody: Prosody) -> _Said:
        sounds = phonemes(sentence, self._alphabet)
        starts = clauses(sounds.units)[1:]
        pieces: list[NDArray[np.float32]] = []
        begins: list[tuple[int, int]] = []
        samples = 0
        for piece in inputs(sounds.units, self._alphabet):
            if pieces:
                pieces.append(silence(_CLAUSE_GAP_MS))
                samples += len(pieces[-1])
            spoken = self._run(piece.tokens, voice, prosody)
            first, last = audible(spoken.samples)
            for unit, sample in _onsets(spoken, piece, starts):
                kept = min(max(sample, first), last)
                begins.append((sounds.places[unit], samples + kept - first))
            pieces.append(_faded(spoken.samples[first:last]))
            samples += last - first
        whole = np.concatenate(pieces or [silence(_SENTENCE_GAP_MS)])
        return _Said(whole, tuple(begins), sounds.unknown)

    def _run(self, tokens: list[int], voice: str, prosody: Prosody) -> Spoken:
        feed = self._inputs.feed(tokens, self._style(voice, len(tokens)), prosody.rate)
        audio, *frames = self._session.run(None, feed)
        told = bool(frames) and frames[0].size == len(tokens) + 2
        starts = np.cumsum([0, *frames[0].ravel()[:-1]]) * FRAME if told else ()
        samples = np.asarray(audio, np.float32).ravel() * np.float32(_HEADROOM)
        return Spoken(samples, tuple(map(int, starts)))


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[engine.kokoro]` of hy-audio.toml."""

    model: str = ""
    """ONNX file of a Kokoro model of your own; empty for the embedded one."""
    voices: str = ""
    """Folder of its voices (`.npy`, `.bin`), or an archive of them; empty for the embedded ones."""
    vocabulary: str = ""
    """For v1.1-zh: its `config.json` or `tokenizer.json`, if that does not lie beside the model."""


class KokoroProvider:
    """The door to `KokoroEngine`."""

    name = "kokoro"

    def __init__(self, setup: Setup) -> None:
        """Take the settings.

        Raises:
            ConfigError: there is a setting that it does not know.
        """
        try:
            settings = msgspec.convert(setup.settings, Settings)
        except msgspec.ValidationError as error:
            raise ConfigError(f"[engine.kokoro] in hy-audio.toml: {error}") from error
        self._cache = setup.cache
        self._device = setup.device or "cpu"
        paths = (settings.model, settings.voices, settings.vocabulary)
        self._model, self._voices, self._vocabulary = (
            Path(path).expanduser() if path else None for path in paths
        )

    @cached_property
    def default_voice(self) -> str:
        """The one that is understood best (docs/voices.md); of the user's own, the first."""
        mine = self._own
        return DEFAULT_VOICE if not mine or DEFAULT_VOICE in mine else mine[0]

    @cached_property
    def _own(self) -> list[str]:
        """Names of the user's own voices; those of Mandarin begin with z."""
        names = sorted(own.voices(self._voices)) if self._voices else []
        return [n for n in names if n.startswith("z")] or names

    async def ready(self) -> None:
        """Check that the packages with the model are there, or that the user's files agree."""
        if self._model is None:
            check_packages()
        own.alphabet(self._model, self._voices, self._own, self._vocabulary)

    async def voices(self) -> Sequence[Voice]:
        """The eight of `VOICES`, or the user's own."""
        known = {voice.name: voice for voice in VOICES}
        return [known.get(name, Voice(name, "")) for name in self._own or known]

    def open(self) -> Engine:
        """Make it; the model is loaded when it first speaks."""
        return KokoroEngine(self._cache, self._device, self._model, self._voices, self._vocabulary)


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


def _faded(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """With its last 5 ms faded out: spoken fast, the model may end before its last sound does."""
    length = min(_FADE, len(samples))
    ramp = np.linspace(1, 0, length, dtype=np.float32)
    return np.concatenate(
        [samples[: len(samples) - length], samples[len(samples) - length :] * ramp]
    )


def _onsets(
    spoken: Spoken, piece: Input, starts: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The first unit of each clause that begins in a piece, and its sample, if that can be told.

    Args:
        spoken: what the model made of the piece.
        piece: some of the sentence's units.
        starts: as `clauses` tells.
    """
    tokens = {piece.first + n: token + 1 for n, token in enumerate(piece.begins)}
    for unit, sounding in starts if spoken.starts else ():
        if unit == piece.first:
            yield unit, 0
        elif unit in tokens:
            yield unit, onset(spoken, tokens[unit - 1], tokens.get(sounding, tokens[unit]))


def _marks(said: _Said, length: int, start: int, samples: int) -> Iterator[Mark]:
    """A mark for each clause of a sentence, each up to the next.

    Args:
        said: the sentence.
        length: of its `spoken`.
        start: its offset in the utterance's.
        samples: where it begins in the clip.
    """
    ends = ((0, 0), *said.clauses, (length, len(said.samples)))
    for (first, begin), (last, end) in pairwise(ends):
        times = length_ms(samples + begin), length_ms(samples + end)
        yield Mark(start + first, start + last, *times)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _provider(device: str, there: Sequence[str]) -> str:
    """What ONNX Runtime calls a device.

    Raises:
        UnknownName: there is no such device.
        EngineUnavailable: the installed ONNX Runtime can't use it.
    """
    if device not in DEVICES:
        raise UnknownName("device", device, DEVICES)
    name, package = DEVICES[device]
    if name in there:
        return name
    known = ", ".join(d for d, (provider, _) in DEVICES.items() if provider in there)
    problem = f"ONNX Runtime can't use {device} here, only {known}"
    raise EngineUnavailable("kokoro", problem, advice=f"install {package}")


def _multiplies_exactly(onnxruntime: Any) -> bool:
    """Whether this processor multiplies unsigned by signed bytes without overflow."""
    from hy_audio.speech.kokoro.graph import exactness_test

    model, feed, total = exactness_test()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return bool((session.run(None, feed)[0] == total).all())
