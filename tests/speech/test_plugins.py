"""Plugins: the example is installed and used; a broken one is told in a line and hurts nobody."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, SAMPLES, Run

from hy_audio.cli import main
from hy_audio.speech import guard

EXAMPLE = ROOT / "tests/data/plugin-example"
PAGE = SAMPLES / "no-headings.txt"


# The example


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip has installed the example; nothing is fetched for it."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder)]
    done = subprocess.run([*command, str(EXAMPLE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def beeper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that reads a text and prints a beep for each of its characters, as WAV."""
    program = tmp_path_factory.mktemp("bin") / "beeper.py"
    program.write_text(
        dedent(f"""\
        #!{sys.executable}
        import sys
        sys.path.insert(0, {str(ROOT / "tests/speech")!r})
        from openai_server import beeps
        assert sys.argv[1] == "low", sys.argv
        sys.stdout.buffer.write(beeps(sys.stdin.read()))
        """)
    )
    program.chmod(0o755)
    return program


def with_path(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(folder), environment.get("PYTHONPATH"))))
    return {**environment, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def test_the_example_is_installed_listed_and_speaks(
    run: Run, tmp_path: Path, installed: Path, beeper: Path, environment: dict[str, str]
) -> None:
    config = tmp_path / "hy-audio.toml"
    settings = f"run = ['{beeper}', '{{voice}}']\nvoices = ['low', 'high']\n"
    config.write_text(f"[engine.command]\n{settings}", "utf-8")
    env = with_path(environment, installed)
    listed = run("--config", config, "voices", "--engine", "command", env=env)
    assert [line.split() for line in listed.stdout.splitlines()] == [
        ["command:low", "zh-CN", "(default)"],
        ["command:high", "zh-CN"],
    ]
    options = ("-o", tmp_path / "output", "--voice", "command", "--json")
    built = run("--config", config, "build", PAGE, *options, env=env)
    assert built.returncode == 0, built.stderr
    told = json.loads(built.stdout)
    assert told["voice"]["engine"] == "command"
    assert told["clips"]["spoken"] == told["clips"]["all"] > 2
    other = ("-o", tmp_path / "output", "--voice", "command:high")
    failed = run("--config", config, "build", PAGE, *other, env=env)
    assert failed.returncode == 2
    assert "ended with status 1" in failed.stderr.splitlines()[-1]


def test_the_example_without_settings_says_what_is_missing(
    run: Run, installed: Path, environment: dict[str, str]
) -> None:
    listed = run("voices", env=with_path(environment, installed))
    assert listed.returncode == 0
    (line,) = [line for line in listed.stdout.splitlines() if line.startswith("command:")]
    assert "not available: [engine.command]" in line
    assert "run" in line
    assert "tone:beep" in listed.stdout


# Broken ones

WHOLE = """
from hy_audio.errors import EngineError
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Mark, Speech, Voice
from hy_audio.speech.tone import ToneEngine

class Engine(ToneEngine):
    fingerprint = "part/1"

class Provider:
    name = "part"
    default_voice = "one"
    def __init__(self, setup): pass
    async def ready(self): pass
    async def voices(self): return [Voice("one", "")]
    def open(self): return Engine()
"""
"""A plugin without a fault; each fault below is put after it."""

IN_VOICES = {
    "import": ("import no_such_module", "no_such_module"),
    "syntax": ("def", "SyntaxError"),
    "exit": ("raise SystemExit('bye')", "SystemExit: bye"),
    "base": ("class Odd(BaseException): pass\nraise Odd", "Odd"),
    "missing": ("del Provider", "Provider"),
    "maker": ("def Provider(setup): raise RuntimeError('no\\nluck')", "RuntimeError: no luck"),
    "nothing": ("def Provider(setup): return None", "default_voice"),
    "nameless": ("Provider.default_voice = None", "default_voice"),
    "voices": ("async def f(self): raise OSError('gone')\nProvider.voices = f", "OSError: gone"),
    "plain": ("Provider.voices = lambda self: [Voice('one', '')]", "TypeError"),
    "strings": ("async def f(self): return ['one']\nProvider.voices = f", "voices()"),
    "none": ("async def f(self): return None\nProvider.voices = f", "voices()"),
    "gender": ("async def f(self): return [Voice('one', None)]\nProvider.voices = f", "gender"),
    "empty": ("async def f(self): return [Voice('', '')]\nProvider.voices = f", "name"),
    "odd_error": (
        "async def f(self): raise EngineError('voices', 'no list today')\nProvider.voices = f",
        "no list today",
    ),
}
IN_BUILD = {
    "ready": ("async def f(self): 1 / 0\nProvider.ready = f", "ZeroDivisionError"),
    "opener": ("def f(self): raise KeyError('model')\nProvider.open = f", "KeyError: 'model'"),
    "opened": ("Provider.open = lambda self: None", "fingerprint"),
    "print": ("class Engine: concurrency = 1", "fingerprint"),
    "blank": ("Engine.fingerprint = ''", "fingerprint"),
    "zero": ("Engine.concurrency = 0", "concurrency is 0"),
    "many": ("Engine.concurrency = 'many'", "concurrency is 'many'"),
    "speechless": ("Engine.speak = None", "speak"),
    "raises": ("async def f(self, *_): raise ValueError('oops')\nEngine.speak = f", "oops"),
    "leaves": ("async def f(self, *_): raise SystemExit(3)\nEngine.speak = f", "SystemExit: 3"),
    "bytes": ("async def f(self, *_): return b'RIFF'\nEngine.speak = f", "bytes, not Speech"),
    "text": (
        "async def f(self, *_): return Speech('RIFF', 'audio/wav')\nEngine.speak = f",
        "audio is str",
    ),
    "marks": (
        "async def f(self, *_): return Speech(b'', 'a', (Mark(0, 1, .5, 2),))\nEngine.speak = f",
        "int",
    ),
    "warns": (
        "async def f(self, *_): return Speech(b'', 'a', (), ('\\ud800',))\nEngine.speak = f",
        "surrogates",
    ),
    "sync": ("Engine.speak = lambda *_: Speech(b'', 'audio/wav')", "TypeError"),
}


def plugin(site: Path, name: str, fault: str, package: str = "") -> None:
    """Lay an installed package with an engine into a folder."""
    module = f"plugin_{name}"
    (site / f"{module}.py").write_text(WHOLE + fault, "utf-8")
    info = site / f"{package or name}-1.0.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {package or name}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata)
    (info / "entry_points.txt").write_text(f"[hy_audio.engines]\n{name} = {module}:Provider\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for plugins that this process sees."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    known = set(sys.modules)
    yield folder
    for name in set(sys.modules) - known:
        if name.startswith("plugin_"):
            del sys.modules[name]


def hy_audio(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_every_broken_plugin_is_listed_with_its_fault_and_hides_no_engine(
    run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    for name, (fault, _) in IN_VOICES.items():
        plugin(tmp_path, name, fault)
    plugin(tmp_path, "whole", "")
    env = with_path(environment, tmp_path)
    done = run("voices", env=env)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    for name, (_, said) in IN_VOICES.items():
        (line,) = [line for line in lines if line.startswith(f"{name}:")]
        assert line.startswith(f"{name}: not available: ")
        assert said in line
    for voice in ("whole:one", "tone:beep", "kokoro:zf_xiaoxiao"):
        assert any(line.startswith(voice) for line in lines)
    told = {entry["engine"]: entry for entry in json.loads(run("voices", "--json", env=env).stdout)}
    assert told["import"]["problem"]
    assert told["whole"]["voices"]


@pytest.mark.parametrize(
    ("name", "fault", "said"), [(name, *row) for name, row in {**IN_VOICES, **IN_BUILD}.items()]
)
def test_a_build_with_a_broken_plugin_ends_in_one_line(
    site: Path, tmp_path: Path, name: str, fault: str, said: str
) -> None:
    plugin(site, name, fault)
    done = hy_audio("build", PAGE, "-o", tmp_path, "--voice", f"{name}:two")
    if name in IN_BUILD:
        done = hy_audio("build", PAGE, "-o", tmp_path, "--voice", name)
    assert done.exit_code == 2, done.output
    line = done.stderr.splitlines()[-1]
    assert line.startswith(f"hy-audio: {'voices' if name == 'odd_error' else name}: ")
    assert said in line
    assert "Traceback" not in done.output
    assert not list(tmp_path.glob("*/episode.mp3"))


def test_the_same_plugin_without_a_fault_builds(site: Path, tmp_path: Path) -> None:
    plugin(site, "whole", "")
    done = hy_audio("build", PAGE, "-o", tmp_path, "--voice", "whole")
    assert done.exit_code == 0, done.output
    assert list(tmp_path.glob("*/episode.mp3"))


def test_an_engine_that_breaks_when_it_is_closed_costs_no_episode(
    site: Path, tmp_path: Path
) -> None:
    plugin(site, "stuck", "async def f(self): raise OSError('stuck')\nEngine.aclose = f")
    done = hy_audio("build", PAGE, "-o", tmp_path, "--voice", "stuck")
    assert done.exit_code == 0, done.output
    assert "OSError: stuck" in done.stderr


def test_a_plugin_that_never_says_whether_it_is_ready_is_not_waited_for(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "PATIENCE_S", 0.0)
    wait = "import asyncio\nasync def f(self): await asyncio.Event().wait()\nProvider.ready = f"
    plugin(site, "sleepy", wait)
    done = hy_audio("build", PAGE, "-o", tmp_path, "--voice", "sleepy")
    assert done.exit_code == 2
    assert "sleepy: broken (TimeoutError)" in done.stderr


def test_marks_in_a_list_are_as_good_as_in_a_tuple(site: Path, tmp_path: Path) -> None:
    fault = """
    inner = ToneEngine().speak
    async def f(self, *of):
        speech = await inner(*of)
        return Speech(speech.audio, speech.media_type, list(speech.marks), [])
    Engine.speak = f
    """
    plugin(site, "lists", dedent(fault))
    done = hy_audio("build", PAGE, "-o", tmp_path, "--voice", "lists")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", ["twin", "tone"])
def test_two_packages_with_one_name_are_both_named_and_none_is_picked(
    site: Path, tmp_path: Path, name: str
) -> None:
    plugin(site, name, "", package="first")
    if name == "twin":
        (site / f"plugin_{name}.py").unlink()
        plugin(site, name, "", package="second")
    rivals = "first and second" if name == "twin" else "first and hy-audio"
    listed = hy_audio("voices")
    assert listed.exit_code == 0
    (line,) = [line for line in listed.stdout.splitlines() if line.startswith(f"{name}:")]
    assert rivals in line
    assert "kokoro:zf_xiaoxiao" in listed.stdout
    built = hy_audio("build", PAGE, "-o", tmp_path, "--voice", name)
    assert built.exit_code == 2
    assert rivals in built.stderr


def test_a_plugin_called_auto_is_told_that_it_can_t_be(site: Path) -> None:
    plugin(site, "auto", "")
    listed = hy_audio("voices", "--engine", "auto")
    assert "no engine can have this name" in listed.stdout
