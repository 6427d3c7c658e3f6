"""A build that is killed with SIGKILL, again and again, ends as one that never was."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from conftest import ROOT, SAMPLES

from hy_audio.episode import read_manifest

PAGES = (SAMPLES / "harvest.txt", SAMPLES / "river-park.txt")
Snapshot = Callable[[Path], dict[str, bytes]]

# Where kills fall: so many changes of files, at random, after the first one that fits
ANY = r""
STORING = r"hy-audio/clips/"
STITCHING = r"\.new/sections/.*mp3"
WRITING = r"rmtree .*\.new/clips"
EXCHANGE = r"hy_audio.exchange \S+\.new "
FIRST_RENAME = r"os.rename \S+ \S+\.old$"
SECOND_RENAME = r"os.rename \S+\.new \S+$"
CLEARING = r"rmtree .*\.old$"
SECOND_PAGE = r"\.yi-jiang-\S+\.new/sections/.*mp3"
KILLS = (
    (ANY, 12),
    (STORING, 30),
    (STORING, 30),
    (STORING, 30),
    (STITCHING, 12),
    (FIRST_RENAME, 0),
    (SECOND_RENAME, 0),
    (WRITING, 30),
    (CLEARING, 12),
    (EXCHANGE, 0),
    (EXCHANGE, 12),
    (SECOND_PAGE, 20),
)
"""The first page has an older edition, so the two are exchanged; where that can't be done, there
are two renames, and something is left to clear."""
RENAMES = (FIRST_RENAME, SECOND_RENAME, CLEARING)


class Desk:
    """A place of its own: output, cache, and a diary of what was spoken."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        self.output, self.diary = folder / "output", folder / "diary"
        self.config = folder / "hy-audio.toml"
        self.config.write_text(f"[engine.diary]\ndiary = '{self.diary}'\n")
        self.clips = folder / "cache/hy-audio/clips"
        # Without coverage, which a killed process could not write.
        plain = {k: v for k, v in environment.items() if not k.startswith("COVERAGE")}
        self._environment = {
            **plain,
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests/plugins"), str(ROOT / "src")]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SOURCE_DATE_EPOCH": "1795780800",
        }

    def build(
        self,
        dies_at: str = "",
        voice: str = "diary",
        pages: Sequence[Path] = PAGES,
        exchanges: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Build the pages; `dies_at` is what tests/plugins/deadly.py takes."""
        options = ["--config", str(self.config), "build", *map(str, pages)]
        return subprocess.run(
            [sys.executable, "-m", "deadly", *options, "-o", self.output, "--voice", voice],
            env={
                **self._environment,
                "DIES_AT": dies_at,
                "NO_EXCHANGE": "" if exchanges else "1",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def begin(self) -> None:
        """An older edition of the first page, and a file in it that the editor put there."""
        older = self.config.with_name(PAGES[0].name)
        lines = PAGES[0].read_text("utf-8").splitlines(keepends=True)
        older.write_text("".join(lines[: len(lines) // 2]), "utf-8")
        assert self.build(pages=[older]).returncode == 0
        (episode,) = self.output.iterdir()
        (episode / "notes.txt").write_text("to be kept")

    def stored(self) -> set[str]:
        return {path.stem for path in self.clips.glob("*/*.clip")}

    def spoken(self) -> list[str]:
        return self.diary.read_text().split() if self.diary.exists() else []


def in_place(files: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """What lies in the place of each episode."""
    found: dict[str, dict[str, bytes]] = {}
    for path, data in files.items():
        if not path.startswith("."):
            folder, _, name = path.partition("/")
            found.setdefault(folder, {})[name] = data
    return found


def test_kills_at_random_points_change_nothing_and_waste_no_stored_clip(
    tmp_path: Path, environment: dict[str, str], snapshot: Snapshot
) -> None:
    calm = Desk(tmp_path / "calm", environment)
    calm.begin()
    shutil.copytree(tmp_path / "calm", tmp_path / "killed")
    desk = Desk(tmp_path / "killed", environment)
    older = in_place(snapshot(calm.output))
    assert calm.build().returncode == 0
    newer = in_place(snapshot(calm.output))
    chance = random.Random(20261122)
    points, stages = set(), []
    for pattern, most in KILLS:
        stored, known = desk.stored(), len(desk.spoken())
        done = desk.build(
            dies_at=f"{chance.randint(0, most)} {pattern}", exchanges=pattern not in RENAMES
        )
        assert done.returncode == -9, done.stderr
        assert not stored & set(desk.spoken()[known:])
        lying = in_place(snapshot(desk.output))
        assert all(lying[name] in (older.get(name), newer[name]) for name in lying)
        assert (older.keys() <= lying.keys()) == (pattern != SECOND_RENAME)
        points.add((len(desk.stored()), done.stderr.splitlines()[-1]))
        stages += re.findall("^(speaking|stitching)", done.stderr, re.MULTILINE)[-1:]
    assert len(points) == len(KILLS) == 12
    assert stages.count("speaking") >= 3
    assert stages.count("stitching") >= 3
    assert any(re.search(SECOND_RENAME, place) for _, place in points)
    stored, known = desk.stored(), len(desk.spoken())
    assert desk.build().returncode == 0
    assert not stored & set(desk.spoken()[known:])
    assert snapshot(desk.output) == snapshot(calm.output)
    assert desk.stored() == calm.stored()


def test_a_kill_in_the_middle_of_speaking_keeps_what_was_stored(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    desk = Desk(tmp_path / "desk", environment)
    assert desk.build(dies_at=f"40 {STORING}").returncode == -9
    stored, known = desk.stored(), len(desk.spoken())
    assert 3 <= len(stored) <= 12
    assert desk.build().returncode == 0
    assert not stored & set(desk.spoken()[known:])


def test_an_episode_keeps_the_voice_of_a_plugin_when_it_is_built_again(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    desk = Desk(tmp_path / "desk", environment)
    assert desk.build().returncode == 0
    assert desk.build(voice="auto").returncode == 0
    voices = {read_manifest(folder).voice.engine for folder in desk.output.iterdir()}  # type: ignore[union-attr]
    assert voices == {"diary"}
