"""Building again, building over, and building while things go wrong."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SAMPLES, Episode, Run, build_with

from hy_audio import episode as folders
from hy_audio.episode import commit, recover

PAGE = SAMPLES / "river-park.txt"
Snapshot = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def park(park_episode: Episode, tmp_path: Path) -> Path:
    """A copy of the built sample, to do things to; returns its output folder."""
    shutil.copytree(park_episode.folder, tmp_path / "output" / park_episode.folder.name)
    return tmp_path / "output"


def only_folder(output: Path) -> Path:
    (folder,) = output.iterdir()
    return folder


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = PAGE.read_text("utf-8")
    assert old in text
    page = tmp_path / "edited.txt"
    page.write_text(text.replace(old, new, 1), "utf-8")
    return page


def test_only_the_section_that_was_edited_gets_other_bytes(
    run: Run, park: Path, tmp_path: Path, park_episode: Episode
) -> None:
    page = edited(tmp_path, "三年前，", "四年前，")
    again = build_with(run, page, park, "--voice", "tone")
    assert again.printed["clips"]["spoken"] == 1
    old = {s.id: s.sha256 for s in park_episode.manifest.sections}
    new = {s.id: s.sha256 for s in again.manifest.sections}
    assert old.keys() == new.keys()
    changed = [name for name in old if old[name] != new[name]]
    assert changed == ["jiu-ma-tou-bian-cheng-hui-ke-ting"]


def test_a_heading_more_leaves_the_ids_of_the_others(
    run: Run, park: Path, tmp_path: Path, park_episode: Episode
) -> None:
    page = edited(
        tmp_path, "旧码头变成会客厅", "新添的一节\n\n这里多了一段话。\n\n\n\n旧码头变成会客厅"
    )
    again = build_with(run, page, park, "--voice", "tone")
    before = {s.id: s.sha256 for s in park_episode.manifest.sections}
    after = {s.id: s.sha256 for s in again.manifest.sections}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_an_episode_keeps_its_voice_when_built_again(run: Run, park: Path) -> None:
    again = build_with(run, PAGE, park)
    assert again.manifest.voice.engine == "tone"


def test_another_article_with_the_same_headline_does_not_take_its_place(
    run: Run, park: Path, tmp_path: Path, snapshot: Snapshot
) -> None:
    headline = PAGE.read_text("utf-8").splitlines()[2]
    page = tmp_path / "other.txt"
    page.write_text(f"{headline}\n\n别的文章，别的内容。\n", "utf-8")
    before = snapshot(park)
    done = run("build", page, "-o", park, "--voice", "tone")
    assert done.returncode == 2
    assert "--date" in done.stderr
    assert snapshot(park) == before
    dated = build_with(run, page, park, "--voice", "tone", "--date", "2026-03-01")
    assert dated.folder.name.startswith("2026-03-01-")


def test_a_short_text_may_be_edited_in_its_only_sentence(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    texts = ("今天河边很热闹，有许多人来散步。", "今天河边不太热闹，没有人来散步。")
    folders = set()
    for text in texts:
        page.write_text(f"河边的一天\n\n{text}\n", "utf-8")
        folders.add(build_with(run, page, tmp_path / "output", "--voice", "tone").folder)
    assert len(folders) == 1


def test_a_file_in_the_way_of_the_episode_is_not_overwritten(run: Run, park: Path) -> None:
    folder = only_folder(park)
    shutil.rmtree(folder)
    folder.write_text("precious")
    done = run("build", PAGE, "-o", park, "--voice", "tone")
    assert done.returncode == 2
    assert "in the way" in done.stderr or "is a file" in done.stderr
    assert folder.read_text() == "precious"


def test_what_others_put_into_the_folder_stays(run: Run, park: Path, tmp_path: Path) -> None:
    folder = only_folder(park)
    (folder / "notes.txt").write_text("mine")
    (folder / "pictures").mkdir()
    (folder / "pictures/a.jpg").write_bytes(b"jpg")
    build_with(run, edited(tmp_path, "三年前，", "两年前，"), park, "--voice", "tone")
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "pictures/a.jpg").read_bytes() == b"jpg"


def test_a_section_file_that_was_damaged_is_made_again(
    run: Run, park: Path, snapshot: Snapshot
) -> None:
    before = snapshot(park)
    victim = sorted((only_folder(park) / "sections").iterdir())[1]
    victim.write_bytes(victim.read_bytes()[:-288])
    build_with(run, PAGE, park, "--voice", "tone")
    assert snapshot(park) == before


def test_captions_can_be_left_out(run: Run, tmp_path: Path) -> None:
    quiet = build_with(run, PAGE, tmp_path, "--voice", "tone", "--captions", "skip")
    script = json.loads((quiet.folder / "script.json").read_text("utf-8"))
    kinds = {u["kind"] for s in script["sections"] for u in s["utterances"]}
    assert "caption" not in kinds
    assert "captions-skipped" in {span["rule"] for span in script["ledger"]}


@pytest.mark.parametrize(
    "headline",
    [
        "../../etc/passwd 的新闻",
        "/绝对路径",
        "长" * 300,
        "换行\x01\x1b[31m控制字符",
        "🎉🎉表情🎉",
        "CON 与 .. 与 .",
        "..",
        "🎉",
    ],
)
def test_no_headline_leads_out_of_the_output_folder(
    run: Run, tmp_path: Path, headline: str
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("正文只有这一句话，讲的是天气。\n", "utf-8")
    output = tmp_path / "deep/output"
    built = build_with(run, page, output, "--voice", "tone", "--title", headline)
    assert built.folder.parent == output
    assert len(os.fsencode(built.folder.name)) < 100
    assert {p.name for p in tmp_path.iterdir()} == {"page.txt", "deep"}
    assert [p.name for p in output.iterdir()] == [built.folder.name]


# When things go wrong


def limited(megabytes: float) -> Callable[[], None]:
    """No file may grow beyond this: the write fails as it does on a full disk."""
    size = int(megabytes * 1_000_000)

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("megabytes", [0.0005, 0.3, 1.0])
def test_a_disk_that_fills_up_leaves_the_old_episode_whole(
    run: Run, park: Path, tmp_path: Path, snapshot: Snapshot, megabytes: float
) -> None:
    before = snapshot(park)
    page = edited(tmp_path, "三年前，", f"{megabytes} 年前，")
    done = run("build", page, "-o", park, "--voice", "tone", preexec_fn=limited(megabytes))
    assert done.returncode == 2
    assert "File too large" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert snapshot(park) == before


def test_ctrl_c_keeps_the_old_episode_and_the_clips_made_so_far(
    run: Run, park: Path, tmp_path: Path, environment: dict[str, str], snapshot: Snapshot
) -> None:
    before = snapshot(park)
    own = {**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = ["-m", "hy_audio", "build", str(PAGE), "-o", str(park), "--voice", "kokoro"]
    with subprocess.Popen(
        [sys.executable, *command],
        env=own,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "clip 3" in line or "clip 4" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 2
    assert rest.splitlines()[-1].startswith("hy-audio: stopped")
    assert "Traceback" not in rest
    assert snapshot(park) == before
    kept = len(list((tmp_path / "cache").rglob("clips/*/*.json")))
    assert kept >= 3
    done = run("build", PAGE, "-o", park, "--voice", "kokoro", "--json", env=own)
    clips = json.loads(done.stdout)["clips"]
    assert clips["all"] - clips["spoken"] == kept


def test_two_builds_of_one_episode_at_once_don_t_mix(
    park: Path, environment: dict[str, str], run: Run
) -> None:
    command = ["-m", "hy_audio", "build", str(PAGE), "-o", str(park), "--voice", "kokoro"]
    with subprocess.Popen(
        [sys.executable, *command], env=environment, stderr=subprocess.PIPE, text=True
    ) as first:
        assert first.stderr is not None
        assert "speaking" in first.stderr.readline()
        second = run("build", PAGE, "-o", park, "--voice", "tone")
        first.send_signal(signal.SIGINT)
        first.stderr.read()
    assert second.returncode == 2
    assert "another hy-audio" in second.stderr


def test_a_commit_that_was_cut_off_between_its_renames_is_set_right(park: Path) -> None:
    folder = only_folder(park)
    staged = folders.stage(folder)
    folder.rename(folder.with_name(f".{folder.name}.old"))
    recover(folder)
    assert (folder / "episode.json").is_file()
    folders.discard(staged)
    assert [p.name for p in park.iterdir()] == [folder.name]


def test_a_commit_that_fails_puts_the_old_episode_back(park: Path, snapshot: Snapshot) -> None:
    folder = only_folder(park)
    before = snapshot(park)
    with pytest.raises(OSError, match="No such file"):
        commit(park / "never-staged", folder)
    assert snapshot(park) == before


def test_what_a_killed_build_left_is_swept_away_by_the_next(run: Run, park: Path) -> None:
    folder = only_folder(park)
    left = folder.with_name(f".{folder.name}.new")
    (left / "sections").mkdir(parents=True)
    (left / "sections/half.mp3").write_bytes(b"half")
    build_with(run, PAGE, park, "--voice", "tone")
    assert [p.name for p in park.iterdir()] == [folder.name]
