"""What more than one test needs: places, a cache of their own, the command line, real episodes."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import warm
from hypothesis import settings

from hy_audio.episode import open_episode
from hy_audio.manifest import Manifest
from hy_audio.script.model import Role, Sentence, Utterance
from hy_audio.script.normalize import normalize
from hy_audio.script.pinyin import pinyin

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests/data/articles"
SHARED = ROOT.parent / "shared"

TIMEOUT_S = 900

pytest_plugins = ["service.fixtures"]

settings.register_profile("bounded", derandomize="HY_AUDIO_FUZZ" not in os.environ, deadline=None)
settings.load_profile("bounded")
"""Property tests try the same examples every time; a long search for new ones is asked for."""

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell that starts the tests in the background has them ignore Ctrl-C, and all they start."""


LONG = (
    *("test_hengyang_episode.py", "test_site_browser.py", "test_publish.py", "test_readme.py"),
    *("test_killed.py", "test_regenerate.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first: then processes that share them end at about one time."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that nobody else has seen."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def environment(cache: Path) -> dict[str, str]:
    """For processes: the cache, and a proxy where nobody listens, so that nothing gets out."""
    nowhere = "http://127.0.0.1:9"
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(cache),
        "HTTPS_PROXY": nowhere,
        "https_proxy": nowhere,
        "PYTHONWARNINGS": "",
    }


@pytest.fixture(scope="session")
def run(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `hy-audio` as a process, in an empty folder."""
    home = tmp_path_factory.mktemp("cwd")

    def run(
        *arguments: object, cwd: Path = home, env: Mapping[str, str] = environment, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return warm.run(tuple(map(str, arguments)), cwd, env, typed, TIMEOUT_S)

    return run


@dataclass(frozen=True)
class Episode:
    """A built episode, and what the command printed."""

    folder: Path
    manifest: Manifest
    printed: dict[str, Any]
    told: str


def build_with(run: Run, source: Path, output: Path, *options: str) -> Episode:
    done = run("build", source, "-o", output, "--json", *options)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    folder = Path(printed["folder"])
    return Episode(folder, open_episode(folder), printed, done.stderr)


@pytest.fixture(scope="session")
def hengyang() -> Path:
    """The real page."""
    page = SHARED / "articles/hengyang-2022.txt"
    if not page.is_file():
        pytest.skip("the shared articles are not here")
    return page


@pytest.fixture(scope="session")
def hengyang_episode(run: Run, hengyang: Path, tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """The real page in the embedded voice; only for the file that is begun first."""
    return build_with(run, hengyang, tmp_path_factory.mktemp("hengyang"), "--voice", "kokoro")


@pytest.fixture(scope="session")
def spoken_episode(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """A short sample in the embedded voice."""
    source = SAMPLES / "river-park.txt"
    return build_with(run, source, tmp_path_factory.mktemp("spoken"), "--voice", "kokoro")


@pytest.fixture(scope="session")
def park_episode(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """A short sample in tones."""
    source = SAMPLES / "river-park.txt"
    return build_with(run, source, tmp_path_factory.mktemp("park"), "--voice", "tone")


@pytest.fixture
def utterance() -> Callable[..., Utterance]:
    """Make an utterance of sentences as they are printed."""

    def make(*texts: str, name: str = "test-001", pause_ms: int = 300) -> Utterance:
        sentences = []
        for text in texts:
            spoken = normalize(text).text
            sentences.append(Sentence(text, spoken, pinyin(spoken), (0, len(text))))
        return Utterance(name, Role.PARAGRAPH, tuple(sentences), pause_ms)

    return make


@pytest.fixture(scope="session")
def snapshot() -> Callable[[Path], dict[str, bytes]]:
    """Every file below a folder with its contents."""

    def look(folder: Path) -> dict[str, bytes]:
        files = (p for p in sorted(folder.rglob("*")) if p.is_file())
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}

    return look
