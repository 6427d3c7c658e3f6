"""How long the online voice takes for many utterances, and how soon a refused build ends.

The service is the process of the tests. All else is as in any build: the edge-tts client, TLS, the
checks, the clip store.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hy_audio.script.model import Role, Sentence, Utterance
from hy_audio.speech.edge import EdgeProvider
from hy_audio.speech.model import Prosody, Setup
from hy_audio.speech.speak import Speaker, speak_all
from hy_audio.speech.store import ClipStore

UTTERANCES = 100
ANSWER_S = 1.0
"""How long the service thinks before it answers."""

TESTS = Path(__file__).parents[1] / "tests"
ARTICLE = TESTS / "data/articles/river-park.txt"
REFUSALS = ("refuse403", "refuse429", "close")
"""Faults of every request, as `tests/service/faults.py` names them."""

sys.path.insert(0, str(TESTS))


def seconds(at_once: int, utterances: int = UTTERANCES, answer_s: float = ANSWER_S) -> float:
    """Speak so many utterances, so many at a time."""
    from service.client import running, settled, trust

    with TemporaryDirectory() as name, running(Path(name)) as service:
        trust(service.authority)
        service.begin(delay_s=answer_s)
        folder = Path(name)
        setup = Setup(folder, {"concurrency": at_once}, service.proxy)
        engine = EdgeProvider(setup).open()
        speaker = Speaker("edge", engine, EdgeProvider.default_voice, Prosody())
        store = ClipStore(folder / "clips", folder / "bench")
        spoken = [_utterance(n) for n in range(utterances)]
        start = time.perf_counter()
        settled(speak_all(spoken, speaker, store, lambda _: None))
        return time.perf_counter() - start


def refused_seconds(fault: str) -> float:
    """Build an article with the online voice while every request fails; how soon it ends."""
    from service.client import running

    with TemporaryDirectory() as name, running(Path(name)) as service:
        service.begin(kind=fault)
        environment = service.environment({**os.environ, "XDG_CACHE_HOME": name})
        command = [sys.executable, "-m", "hy_audio", "build", str(ARTICLE), "--voice", "edge"]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=name, env=environment, capture_output=True, text=True)
        assert done.returncode == 2, done.stderr
        return time.perf_counter() - start


def _utterance(number: int) -> Utterance:
    digits = "".join("零一二三四五六七八九"[int(d)] for d in f"{number:03}")
    text = f"第{digits}号大棚的番茄，今天早上装车运往省城。"
    sentence = Sentence(text, text, (), (0, len(text)))
    return Utterance(f"bench-{number:03}", Role.PARAGRAPH, (sentence,), 300)
