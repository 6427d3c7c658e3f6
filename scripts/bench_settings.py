"""What ONNX Runtime's own settings give to the embedded voice; a part of bench.py.

Each setting speaks every third sentence of `bench_speech`, in turns with the program's own way: the
rewritten model, one session, one thread for each run, a run on each core.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime
from bench_row import Row
from bench_speech import RUNS, VOICE, chosen_sentences
from numpy.typing import NDArray

Feed = dict[str, NDArray[Any]]
CORES = cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to run the model."""

    name: str
    """What the table calls it."""
    options: dict[str, Any] = field(default_factory=dict)
    """Attributes of the session's options that differ from the program's."""
    entries: dict[str, str] = field(default_factory=dict)
    """Entries of the session's configuration."""
    published: bool = False
    """Whether the model is the one that was published."""
    runs: int = CORES
    """Runs at a time."""
    sessions: int = 1
    """Sessions that they are dealt out to."""
    bound: bool = False
    """Whether inputs and outputs are bound before a run."""
    multiple: int = 1
    """What the number of tokens is filled up to a multiple of."""


ONE = {"intra_op_num_threads": 1}
SETTINGS = (
    Setting("published, as it comes", {"intra_op_num_threads": 0}, published=True, runs=1),
    Setting("published, a run on each core", published=True),
    Setting("all cores for one run", {"intra_op_num_threads": 0}, runs=1),
    Setting("a session for each run", sessions=CORES),
    Setting("inputs and outputs bound", bound=True),
    Setting("no arena", {"enable_cpu_mem_arena": False}),
    Setting("no memory pattern", {"enable_mem_pattern": False}),
    Setting("no memory reuse", {"enable_mem_reuse": False}),
    Setting("denormals are zero", entries={"session.set_denormal_as_zero": "1"}),
    Setting("lengths in steps of 32", multiple=32),
)
"""What is tried."""


def settings() -> Iterator[Row]:
    """Seconds for the sentences with each setting, beside the program's own way."""
    from platformdirs import user_cache_path

    cache = user_cache_path("hy-audio")
    feeds = _feeds()
    ways = [_way(cache, setting) for setting in (Setting("ours"), *SETTINGS)]
    taken: list[list[float]] = [[] for _ in ways]
    for n in range(RUNS + 1):
        for seconds, speak in zip(taken, ways, strict=True):
            start = time.perf_counter()
            speak(feeds)
            if n:  # the first round loads what is loaded late
                seconds.append(time.perf_counter() - start)
    ours, *others = map(median, taken)
    for setting, theirs in zip(SETTINGS, others, strict=True):
        yield Row("embedded voice", "s", ours, setting.name, theirs, theirs / ours)


def _feeds() -> list[Feed]:
    """What the model gets for each sentence, the longest first as in a full queue."""
    from hy_audio.speech.kokoro.engine import style
    from hy_audio.speech.kokoro.phonemes import inputs, phonemes

    tokens = [p.tokens for s in chosen_sentences()[::3] for p in inputs(phonemes(s).units)]
    vectors = style(VOICE).astype(np.float32)
    return [_feed(one, vectors[len(one)]) for one in sorted(tokens, key=len, reverse=True)]


def _feed(tokens: Sequence[int], style: NDArray[np.float32]) -> Feed:
    padded = np.array([[0, *tokens, 0]], np.int64)
    return {"tokens": padded, "style": style, "speed": np.ones(1, np.float32)}


def _way(cache: Path, setting: Setting) -> Callable[[Sequence[Feed]], None]:
    """All sentences, spoken in one way."""
    loaded = [_session(cache, setting) for _ in range(setting.sessions)]

    def one(number: int, feed: Feed) -> None:
        session = loaded[number % len(loaded)]
        fill = -feed["tokens"].size % setting.multiple
        feed = feed | {"tokens": np.pad(feed["tokens"], ((0, 0), (0, fill)))}
        if setting.bound:
            _bound_run(session, feed)
        else:
            session.run(None, feed)

    def speak(feeds: Sequence[Feed]) -> None:
        with ThreadPoolExecutor(setting.runs) as threads:
            list(threads.map(one, range(len(feeds)), feeds))

    return speak


def _session(cache: Path, setting: Setting) -> onnxruntime.InferenceSession:
    from hy_audio.speech.kokoro.session import for_processor
    from hy_audio.speech.kokoro.weights import weights

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    for name, value in (ONE | setting.options).items():
        setattr(options, name, value)
    for name, value in setting.entries.items():
        options.add_session_config_entry(name, value)
    path = weights(cache) if setting.published else for_processor(cache, None)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _bound_run(session: onnxruntime.InferenceSession, feed: Feed) -> None:
    binding = session.io_binding()
    for name, value in feed.items():
        binding.bind_cpu_input(name, value)
    for output in session.get_outputs():
        binding.bind_output(output.name, "cpu")
    session.run_with_iobinding(binding)
    binding.copy_outputs_to_cpu()
