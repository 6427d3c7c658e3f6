"""A build that is killed with SIGKILL, again and again, ends as one that never was."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT, SAMPLES

from hy_audio.episode import read_manifest

PAGES = [SAMPLES / "harvest.txt", SAMPLES / "river-park.txt"]
Snapshot = Callable[[Path], dict[str, bytes]]


class Desk:
    """A place of its own: output, cache, and a diary of what was spoken."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir()
        self.output, self.diary = folder / "output", folder / "diary"
        self.config = folder / "hy-audio.toml"
        self.config.write_text(f"[engine.diary]\ndiary = '{self.diary}'\n")
        self.clips = folder / "cache/hy-audio/clips"
        self._environment = {
            **environment,
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests/plugins"), str(ROOT / "src")]),
        }

    def build(self, dies_at: int = 0, voice: str = "diary") -> subprocess.Popen[bytes]:
        options = ["--config", str(self.config), "build", *map(str, PAGES)]
        return subprocess.Popen(
            [sys.executable, "-m", "hy_audio", *options, "-o", self.output, "--voice", voice],
            env={**self._environment, "DIARY_DIES_AT": str(dies_at)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stored(self) -> set[str]:
        return {path.stem for path in self.clips.glob("*/*.clip")}

    def spoken(self) -> list[str]:
        return self.diary.read_text().split() if self.diary.exists() else []


def test_ten_kills_at_random_points_change_nothing_and_waste_no_stored_clip(
    tmp_path: Path, environment: dict[str, str], snapshot: Snapshot
) -> None:
    calm = Desk(tmp_path / "calm", environment)
    assert calm.build().wait() == 0
    chance = random.Random(20261122)
    desk = Desk(tmp_path / "killed", environment)
    ends: list[int] = []
    while ends.count(-9) < 10:
        stored, known = desk.stored(), len(desk.spoken())
        in_speech = len(ends) < 6
        with desk.build(dies_at=chance.randint(1, 6) if in_speech else 0) as process:
            try:
                ends.append(process.wait(timeout=None if in_speech else chance.uniform(0.3, 2)))
            except subprocess.TimeoutExpired:
                process.kill()
                ends.append(process.wait())
        assert not stored & set(desk.spoken()[known:])
    stored, known = desk.stored(), len(desk.spoken())
    assert desk.build().wait() == 0
    assert not stored & set(desk.spoken()[known:])
    assert snapshot(desk.output) == snapshot(calm.output)
    assert desk.stored() == calm.stored()


def test_a_kill_in_the_middle_of_speaking_keeps_what_was_stored(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    desk = Desk(tmp_path / "desk", environment)
    assert desk.build(dies_at=9).wait() == -9
    stored, known = desk.stored(), len(desk.spoken())
    assert 4 <= len(stored) <= 8
    assert desk.build().wait() == 0
    assert not stored & set(desk.spoken()[known:])


def test_an_episode_keeps_the_voice_of_a_plugin_when_it_is_built_again(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    desk = Desk(tmp_path / "desk", environment)
    assert desk.build().wait() == 0
    assert desk.build(voice="auto").wait() == 0
    voices = {read_manifest(folder).voice.engine for folder in desk.output.iterdir()}  # type: ignore[union-attr]
    assert voices == {"diary"}
