"""The same episode as m4b and Opus, by ffprobe and ffmpeg."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, Run

from hy_audio.episode import open_episode
from hy_audio.stitch.mp3 import FRAME_SAMPLES

LAST_FRAME = {"m4b": 1024, "opus": 0}
"""Samples by which a decoder may go on after the end: AAC has whole frames only."""


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in tones, with a cover."""
    place = tmp_path_factory.mktemp("containers")
    picture = ["-f", "lavfi", "-i", "testsrc=size=96x64", "-frames:v", "1", place / "cover.png"]
    subprocess.run(["ffmpeg", "-v", "error", *map(str, picture)], check=True)
    config = place / "hy-audio.toml"
    config.write_text("[show]\nname = '云溪早班车'\ncover = 'cover.png'\n", "utf-8")
    formats = ("--format", "m4b", "--format", "opus")
    page = SAMPLES / "river-park.txt"
    done = run(
        "--config", config, "build", page, "-o", place, "--voice", "tone", "--json", *formats
    )
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["folder"])


def probe(path: Path) -> dict[str, Any]:
    shown = ["-show_chapters", "-show_format", "-show_streams"]
    command = ["ffprobe", "-v", "error", "-of", "json", *shown, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def tags(found: dict[str, Any]) -> dict[str, str]:
    """Of the file, or of its sound: where a format keeps them."""
    (sound,) = (s for s in found["streams"] if s["codec_type"] == "audio")
    told: dict[str, str] = {**sound.get("tags", {}), **found["format"].get("tags", {})}
    return told


@pytest.mark.parametrize("suffix", LAST_FRAME)
def test_its_chapters_begin_where_those_of_the_mp3_do(folder: Path, suffix: str) -> None:
    there = probe(folder / f"episode.{suffix}")["chapters"]
    found = [(round(float(c["start_time"]) * 1000), c["tags"]["title"]) for c in there]
    assert found == [(s.start_ms, s.title) for s in open_episode(folder).sections]


@pytest.mark.parametrize("suffix", LAST_FRAME)
def test_it_is_as_long_as_its_sections(folder: Path, suffix: str) -> None:
    command = ["ffmpeg", "-v", "error", "-i", str(folder / f"episode.{suffix}")]
    options = ["-map", "0:a", "-f", "s16le", "-ac", "1", "-"]
    done = subprocess.run([*command, *options], capture_output=True, check=True)
    assert done.stderr == b""
    due = sum(s.frames for s in open_episode(folder).sections) * FRAME_SAMPLES
    assert 0 <= len(done.stdout) // 2 - due < LAST_FRAME[suffix] + 1


@pytest.mark.parametrize(("suffix", "label"), [("m4b", "comment"), ("opus", "AIGC")])
def test_it_has_title_show_language_label_and_cover(folder: Path, suffix: str, label: str) -> None:
    found = probe(folder / f"episode.{suffix}")
    told, manifest = tags(found), open_episode(folder)
    assert (told["title"], told["artist"], told["album"]) == (
        *(manifest.title, manifest.byline, "云溪早班车"),
    )
    assert told["language"] == "zho"
    assert told[label] == manifest.label.metadata
    (picture,) = (s for s in found["streams"] if s["disposition"]["attached_pic"])
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("png", 96, 64)


def test_both_are_in_the_manifest_and_a_second_build_makes_the_same_bytes(
    run: Run, folder: Path
) -> None:
    names = ("episode.m4b", "episode.opus")
    before = [(folder / name).read_bytes() for name in names]
    assert set(names) <= set(open_episode(folder).files)
    config = folder.parent / "hy-audio.toml"
    formats = ("--format", "m4b", "--format", "opus")
    page = SAMPLES / "river-park.txt"
    run("--config", config, "build", page, "-o", folder.parent, "--voice", "tone", *formats)
    assert [(folder / name).read_bytes() for name in names] == before
    assert run("check", folder).returncode == 0
