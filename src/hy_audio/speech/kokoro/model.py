"""A model and voices of the user's own: what may stand in the place of the embedded ones."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hy_audio.errors import EngineUnavailable
from hy_audio.speech.kokoro.alphabet import V1_0, Alphabet, v1_1

STYLE = 256
"""Numbers in a style vector."""
_TOKENS = ("tokens", "input_ids")
_TYPES: Mapping[str, np.dtype[Any]] = {
    f"tensor({name})": np.dtype(kind)
    for name, kind in (("float", "f4"), ("float16", "f2"), ("int64", "i8"), ("int32", "i4"))
}
_BESIDE = ("config.json", "tokenizer.json")
_V11_VOICE = re.compile(r"z[fm]_\d{3}")
_V11_FILE = re.compile(r"v1[._]1")


@dataclass(frozen=True, slots=True)
class Inputs:
    """How a Kokoro model wants to be fed."""

    tokens: str
    """Name of the input of tokens: `tokens` or `input_ids`."""
    types: Mapping[str, np.dtype[Any]]
    """Type of each input by name."""

    def feed(
        self, tokens: list[int], style: NDArray[np.floating[Any]], rate: float
    ) -> dict[str, NDArray[Any]]:
        """Arrays for a run: padded tokens, a style vector (1, 256), and the speed."""
        values = {self.tokens: [[0, *tokens, 0]], "style": style, "speed": [rate]}
        return {name: np.asarray(values[name], self.types[name]) for name in self.types}


def inputs(types: Mapping[str, str], name: str) -> Inputs:
    """How a model is fed, from the types of its inputs by name.

    Raises:
        EngineUnavailable: it is not a Kokoro model; `name` is what the message calls it.
    """
    tokens = next((t for t in _TOKENS if t in types), "")
    if set(types) != {tokens, "style", "speed"} or not set(types.values()) <= set(_TYPES):
        found = ", ".join(f"{k} {v}" for k, v in types.items())
        advice = "a Kokoro model takes tokens or input_ids, style and speed"
        raise EngineUnavailable("kokoro", f"{name} takes {found or 'nothing'}", advice=advice)
    return Inputs(tokens, {k: _TYPES[v] for k, v in types.items()})


def digest(path: Path) -> str:
    """SHA-256 of a model file.

    Raises:
        EngineUnavailable: it can't be read.
    """
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        problem = f"the model {path} can't be read ({error.strerror or error})"
        raise EngineUnavailable("kokoro", problem, advice="correct the path") from error


def voices(path: Path) -> dict[str, NDArray[np.floating[Any]]]:
    """The style vectors of voices, each of shape (counts of tokens, 1, 256).

    Args:
        path: a folder of `.npy` or `.bin` files (float32, without a header), one for each voice, or
            an archive of arrays such as `voices-v1.0.bin` or an `.npz`.

    Raises:
        EngineUnavailable: there is no voice in it, or an array is not one of styles.
    """
    try:
        found = _folder(path) if path.is_dir() else dict(np.load(path, allow_pickle=False))
    except (OSError, ValueError, TypeError) as error:
        problem = f"the voices {path} can't be read ({error})"
        advice = "name a folder of .npy or .bin files, or an .npz"
        raise EngineUnavailable("kokoro", problem, advice=advice) from error
    if not found:
        advice = "name a folder of .npy or .bin files, or an .npz"
        raise EngineUnavailable("kokoro", f"no voices in {path}", advice=advice)
    return {name: _checked(path, name, array) for name, array in found.items()}


def _folder(path: Path) -> dict[str, NDArray[Any]]:
    found = {file.stem: np.load(file, allow_pickle=False) for file in path.glob("*.npy")}
    for file in path.glob("*.bin"):
        found[file.stem] = np.fromfile(file, "<f4").reshape(-1, 1, STYLE)
    return dict(sorted(found.items()))


def _checked(path: Path, name: str, array: NDArray[Any]) -> NDArray[np.floating[Any]]:
    if array.ndim == 3 and array.shape[1:] == (1, STYLE) and array.dtype.kind == "f" and len(array):
        return array
    problem = f"the voice {name} in {path} is {array.dtype} of shape {array.shape}"
    advice = f"a voice of Kokoro is float of shape (510, 1, {STYLE})"
    raise EngineUnavailable("kokoro", problem, advice=advice)


def alphabet(
    model: Path | None, voices: Path | None, names: Iterable[str], vocabulary: Path | None
) -> Alphabet:
    """The alphabet of a model: that of its vocabulary, or of Kokoro v1.0.

    Args:
        model: the user's own; None for the embedded one.
        voices: the user's own; None for the embedded ones.
        names: of the user's own voices.
        vocabulary: a JSON file, `config.json` or `tokenizer.json` as they are published; None for
            one of that name beside the model.

    Raises:
        EngineUnavailable: it can't be read, or the model, the voices and the vocabulary are not of
            the same Kokoro.
    """
    tokens = _named(vocabulary) if vocabulary else _beside(model)
    if "ㄅ" in tokens:
        if voices and model:
            return v1_1(tokens)
        problem = "the vocabulary is of Kokoro v1.1-zh, the embedded "
        problem += "voices are of v1.0" if model else "model is of v1.0"
        advice = "name model and voices of v1.1-zh in [engine.kokoro]"
        raise EngineUnavailable("kokoro", problem, advice=advice)
    if model and _V11_FILE.search(model.name):
        raise _v11(model)
    if voices and any(map(_V11_VOICE.fullmatch, names)):
        raise _v11(voices)
    return replace(V1_0, vocabulary=tokens) if tokens else V1_0


def _named(path: Path) -> dict[str, int]:
    """The vocabulary of a file that the user names."""
    try:
        if tokens := _vocabulary(path):
            return tokens
        reason = "no “vocab” of letters and numbers in it"
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
    advice = "name the model's config.json or tokenizer.json"
    problem = f"the vocabulary {path} can't be read ({reason})"
    raise EngineUnavailable("kokoro", problem, advice=advice)


def _beside(model: Path | None) -> dict[str, int]:
    """The vocabulary that lies beside a model; none where there is none."""
    files = [model.with_name(name) for name in _BESIDE] if model else []
    return next(filter(None, map(_vocabulary, (f for f in files if f.is_file()))), {})


def _vocabulary(path: Path) -> dict[str, int]:
    """`vocab` or `model.vocab` of a JSON file; empty if it has neither.

    Raises:
        OSError: it can't be read.
        ValueError: it is not JSON.
    """
    data = json.loads(path.read_text("utf-8"))
    for table in (data, data.get("model")) if isinstance(data, dict) else ():
        found = table.get("vocab") if isinstance(table, dict) else None
        if isinstance(found, dict) and all(isinstance(token, int) for token in found.values()):
            return found
    return {}


def _v11(path: Path) -> EngineUnavailable:
    problem = f"{path} is of Kokoro v1.1-zh, and its vocabulary is not known"
    advice = "name its config.json or tokenizer.json as vocabulary in [engine.kokoro]"
    return EngineUnavailable("kokoro", problem, advice=advice)
