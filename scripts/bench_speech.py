"""How fast the embedded voice is beside the plain way of calling it; a part of bench.py.

The plain way is what the voice's makers show: misaki's own reading of Chinese, and ONNX Runtime as
it comes, one session on all cores, one run for each sentence. Both get the same model file and the
same sentences, in turns, so that a busy machine is busy for both.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench_row import Row

from hy_audio.script.model import Sentence

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "tests/data/articles"
VOICE = "zf_xiaoxiao"
SENTENCES = 25
RUNS = 3
BESIDE = "plain way"
OWN = (
    "雨停了。",
    "这座小城有三条河，两条从山里来，一条从湖边绕过去。",
    "老人说，他年轻的时候，从城东走到城西要半天，如今坐公共汽车，二十分钟就到了。",
    "今年前三个季度，全县新增就业一万两千人，比去年同期多了百分之八，其中一半在服务业。",
)
"""Sentences of our own, from short to long."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What speaking all sentences once took."""

    wall_s: float
    cpu_s: float
    audio_s: float


def speech() -> Iterator[Row]:
    """Seconds for the sentences and for a second of sound; loading; memory."""
    from platformdirs import user_cache_path

    sentences = chosen_sentences()
    cache = user_cache_path("hy-audio")
    ways = {"ours": _ours(cache), "plain": _plain(cache)}
    rounds: dict[str, list[_Taken]] = {name: [] for name in ways}
    for speak in ways.values():
        speak(sentences[:2])
    for _ in range(RUNS):
        for name, speak in ways.items():
            rounds[name].append(_timed(speak, sentences))
    yield from _rows(rounds["ours"], rounds["plain"])
    yield from _processes(cache)


def _rows(ours: Sequence[_Taken], plain: Sequence[_Taken]) -> Iterator[Row]:
    def row(what: str, unit: str, of: Callable[[_Taken], float]) -> Row:
        a, b = (median(map(of, taken)) for taken in (ours, plain))
        return Row(what, unit, a, BESIDE, b, b / a)

    yield row(f"{SENTENCES} sentences", "s", lambda t: t.wall_s)
    yield row("processor", "s", lambda t: t.cpu_s)
    yield row("a second of sound", "s", lambda t: t.wall_s / t.audio_s)
    yield row("processor", "s/s", lambda t: t.cpu_s / t.audio_s)


def _timed(speak: Callable[[Sequence[Sentence]], float], sentences: Sequence[Sentence]) -> _Taken:
    wall, cpu = time.perf_counter(), time.process_time()
    audio_s = speak(sentences)
    return _Taken(time.perf_counter() - wall, time.process_time() - cpu, audio_s)


def chosen_sentences() -> list[Sentence]:
    """Sentences of the articles and our own, of every length, as a script has them."""
    from hy_audio.article.parse import parse
    from hy_audio.script.compose import compose

    pages = [path.read_text("utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    found = [
        sentence
        for page in [*pages, "标题\n\n" + "\n\n".join(OWN)]
        for section in compose(parse(page)).sections
        for utterance in section.utterances
        for sentence in utterance.sentences
    ]
    found.sort(key=lambda sentence: (len(sentence.spoken), sentence.spoken))
    return [found[n * (len(found) - 1) // (SENTENCES - 1)] for n in range(SENTENCES)]


def _ours(cache: Path) -> Callable[[Sequence[Sentence]], float]:
    from hy_audio.script.model import Role, Utterance
    from hy_audio.speech.kokoro.engine import KokoroEngine
    from hy_audio.speech.model import Prosody

    engine = KokoroEngine(cache)

    def one(sentence: Sentence) -> float:
        utterance = Utterance("bench-001", Role.PARAGRAPH, (sentence,), 0)
        return engine._speak(utterance, VOICE, Prosody()).marks[-1].end_ms / 1000

    def speak(sentences: Sequence[Sentence]) -> float:
        with ThreadPoolExecutor(engine.concurrency) as threads:
            return sum(threads.map(one, sentences))

    return speak


def _plain(cache: Path) -> Callable[[Sequence[Sentence]], float]:
    import numpy as np
    from misaki.zh import ZHG2P
    from onnxruntime import InferenceSession

    from hy_audio.speech.kokoro.alphabet import V1_0
    from hy_audio.speech.kokoro.engine import style
    from hy_audio.speech.kokoro.weights import weights

    read = ZHG2P()
    session = InferenceSession(str(weights(cache)), providers=["CPUExecutionProvider"])
    vectors = style(VOICE).astype(np.float32)

    def one(sentence: Sentence) -> float:
        sounds = read(sentence.spoken)[0]
        tokens = [V1_0.vocabulary[c] for c in sounds if c in V1_0.vocabulary]
        feed = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": vectors[len(tokens)],
            "speed": np.ones(1, np.float32),
        }
        return len(session.run(None, feed)[0]) / 24_000

    return lambda sentences: sum(map(one, sentences))


# New processes: loading and memory

_LOAD = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import bench_speech
way = getattr(bench_speech, sys.argv[2])
sentences = bench_speech.chosen_sentences()
import numpy, onnxruntime
start = time.perf_counter()
speak = way(Path(sys.argv[3]))
speak(sentences[:1])
loaded = time.perf_counter() - start
speak(sentences)
print(loaded, bench_speech.peak_mb())
"""


def _processes(cache: Path) -> Iterator[Row]:
    """The first and shortest sentence of a new process, and its memory after all of them."""
    command = [sys.executable, "-W", "ignore", "-c", _LOAD, str(Path(__file__).parent)]
    figures: dict[str, list[float]] = {}
    for way in ("_ours", "_plain"):
        runs = [
            subprocess.run(
                [*command, way, str(cache)], check=True, capture_output=True, text=True
            ).stdout.split()
            for _ in range(RUNS)
        ]
        figures[way] = [median(map(float, one)) for one in zip(*runs, strict=True)]
    for n, (what, unit) in enumerate((("first sentence", "s"), ("memory", "MB"))):
        ours, plain = figures["_ours"][n], figures["_plain"][n]
        yield Row(what, unit, ours, BESIDE, plain, plain / ours if ours else 0.0)


def peak_mb() -> float:
    """The most memory that this process had, in megabytes; 0 where the system does not tell.

    (`getrusage` would tell that of the process which started it, if that had more.)
    """
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(peak[1]) / 1000 if peak else 0.0
