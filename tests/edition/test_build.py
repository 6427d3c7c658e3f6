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

from hy_audio import episode, files
from hy_audio.episode import BegunVoice, begun_voice, commit, forget_voice, keep_voice

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


def test_a_section_that_did_not_change_is_not_encoded_again(
    run: Run, park: Path, tmp_path: Path
) -> None:
    sections = only_folder(park) / "sections"
    before = {p.name: p.stat().st_ino for p in sections.iterdir()}
    build_with(run, edited(tmp_path, "三年前，", "四年前，"), park, "--voice", "tone")
    after = {p.name: p.stat().st_ino for p in sections.iterdir()}
    assert [name for name in before if before[name] != after[name]] == [
        "03-jiu-ma-tou-bian-cheng-hui-ke-ting.mp3"
    ]


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


def test_an_episode_keeps_its_voice_when_built_again_but_never_the_tones(
    run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("天气\n\n今天有雨。\n", "utf-8")
    build_with(run, page, tmp_path / "output", "--voice", "tone")
    chosen = build_with(run, page, tmp_path / "output")
    assert chosen.manifest.voice.engine == "kokoro"
    build_with(run, page, tmp_path / "output", "--voice", "kokoro:zm_yunxi")
    again = build_with(run, page, tmp_path / "output")
    assert again.manifest.voice.name == "zm_yunxi"
    assert again.printed["clips"]["spoken"] == 0
    build_with(run, page, tmp_path / "output", "--voice", "tone")
    after_a_dry_run = build_with(run, page, tmp_path / "output")
    assert after_a_dry_run.manifest.voice.name == "zm_yunxi"


def test_what_the_voice_can_t_say_is_a_warning_with_its_line(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("生僻字\n\n他叫\U00030000生。\n", "utf-8")
    built = build_with(run, page, tmp_path / "output", "--voice", "kokoro")
    told = {w["rule"]: w["line"] for w in built.printed["warnings"]}
    assert told == {"no-pinyin": 3, "no-sound": 3}


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


def test_two_weather_reports_of_one_headline_don_t_overwrite_each_other(
    run: Run, tmp_path: Path, snapshot: Snapshot
) -> None:
    words = (("晴", "12", "西北", "早晚"), ("小雨", "7", "东南", "出行"))
    for n, (sky, degrees, wind, when) in enumerate(words):
        text = f"预计明天白天{sky}，最高气温{degrees}℃，{wind}风。请市民{when}注意天气变化。"
        (tmp_path / f"{n}.txt").write_text(f"天气预报\n\n{text}\n", "utf-8")
    output = tmp_path / "output"
    build_with(run, tmp_path / "0.txt", output, "--voice", "tone")
    before = snapshot(output)
    assert run("build", tmp_path / "1.txt", "-o", output, "--voice", "tone").returncode == 2
    assert snapshot(output) == before


def test_a_folder_of_somebody_else_s_files_is_not_taken(run: Run, park: Path) -> None:
    folder = only_folder(park)
    (folder / "episode.json").unlink()
    (folder / "sections/draft.md").write_text("mine")
    done = run("build", PAGE, "-o", park, "--voice", "tone")
    assert done.returncode == 2
    assert "no episode" in done.stderr
    assert (folder / "sections/draft.md").read_text() == "mine"


def test_an_episode_folder_may_be_a_link_to_another_place(
    run: Run, park: Path, tmp_path: Path
) -> None:
    link = only_folder(park)
    link.rename(tmp_path / "elsewhere")
    link.symlink_to(tmp_path / "elsewhere")
    for text in ("两年前，", "四年前，"):
        build_with(run, edited(tmp_path, "三年前，", text), park, "--voice", "tone")
    assert link.is_symlink()
    assert "四年前，" in (tmp_path / "elsewhere/source.txt").read_text("utf-8")


def test_a_manifest_of_another_version_is_not_touched(
    run: Run, park: Path, snapshot: Snapshot
) -> None:
    manifest = only_folder(park) / "episode.json"
    manifest.write_text(
        manifest.read_text("utf-8").replace('"version": 3', '"version": 1'), "utf-8"
    )
    before = snapshot(park)
    done = run("build", PAGE, "-o", park, "--voice", "tone")
    assert done.returncode == 2
    assert "version 1" in done.stderr
    assert snapshot(park) == before


def test_a_title_of_bytes_that_are_no_text_is_no_traceback(run: Run, tmp_path: Path) -> None:
    done = run(
        "build",
        PAGE,
        "-o",
        tmp_path,
        "--voice",
        "tone",
        "--title",
        b"\xff\xe5\xa4\xa9".decode("utf-8", "surrogateescape"),
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_what_others_put_into_the_folder_stays(run: Run, park: Path, tmp_path: Path) -> None:
    folder = only_folder(park)
    (folder / "sections/notes.txt").write_text("mine too")
    (folder / "gone").symlink_to("nowhere")
    (folder / "notes.txt").write_text("mine")
    (folder / "pictures").mkdir()
    (folder / "pictures/a.jpg").write_bytes(b"jpg")
    build_with(run, edited(tmp_path, "三年前，", "两年前，"), park, "--voice", "tone")
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "pictures/a.jpg").read_bytes() == b"jpg"
    assert (folder / "sections/notes.txt").read_text() == "mine too"
    assert (folder / "gone").is_symlink()


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


def test_music_that_is_none_is_told_before_anything_is_spoken(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "hy-audio.toml"
    config.write_text("[music]\nopening = 'words.txt'\n")
    (tmp_path / "words.txt").write_text("no music")
    done = run("--config", config, "build", PAGE, "-o", tmp_path / "output", "--voice", "tone")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith(
        "words.txt can't be decoded (Invalid data found when processing input); "
        "correct [music] or leave it out"
    )


def test_two_processes_with_hashes_of_their_own_make_the_same_bytes(
    tmp_path: Path, environment: dict[str, str], snapshot: Snapshot
) -> None:
    made = []
    for seed in ("1", "2"):
        cache, output = tmp_path / f"cache{seed}", tmp_path / f"output{seed}"
        own = {**environment, "PYTHONHASHSEED": seed, "XDG_CACHE_HOME": str(cache)}
        options = ["-o", str(output), "--voice", "tone", "--format", "m4b", "--format", "opus"]
        command = [sys.executable, "-m", "hy_audio", "build", str(PAGE), *options]
        subprocess.run(command, env=own, capture_output=True, check=True)
        made.append(snapshot(output))
    assert made[0] == made[1]
    assert any(name.endswith("episode.opus") for name in made[0])


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
    park: Path,
    tmp_path: Path,
    environment: dict[str, str],
    snapshot: Snapshot,
    megabytes: float,
) -> None:
    before = snapshot(park)
    page = edited(tmp_path, "三年前，", f"{megabytes} 年前，")
    # Coverage would write its own file under the limit, and fail on it.
    own = {name: value for name, value in environment.items() if not name.startswith("COVERAGE")}
    command = ["-m", "hy_audio", "build", str(page), "-o", str(park), "--voice", "tone"]
    limit = limited(megabytes)
    done = subprocess.run(
        [sys.executable, *command],
        preexec_fn=limit,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "File too large" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert snapshot(park) == before


def test_ctrl_c_keeps_the_old_episode_and_the_clips_made_so_far(
    run: Run, park: Path, tmp_path: Path, environment: dict[str, str], snapshot: Snapshot
) -> None:
    before = snapshot(park)
    own = {**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    lines = PAGE.read_text("utf-8").splitlines(keepends=True)
    page = tmp_path / "half.txt"
    page.write_text("".join(lines[: len(lines) // 2]), "utf-8")
    command = ["-m", "hy_audio", "build", str(page), "-o", str(park), "--voice", "kokoro"]
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
    now = snapshot(park)
    assert {name: data for name, data in now.items() if not name.endswith(".voice")} == before
    kept = len(list((tmp_path / "cache").rglob("clips/*/*.clip")))
    assert kept >= 3
    done = run("build", page, "-o", park, "--voice", "kokoro", "--json", env=own)
    clips = json.loads(done.stdout)["clips"]
    assert clips["all"] - clips["spoken"] == kept


def test_two_builds_of_one_episode_at_once_don_t_mix_even_if_the_cache_is_deleted(
    park: Path, environment: dict[str, str], run: Run, tmp_path: Path
) -> None:
    own = {**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = ["-m", "hy_audio", "build", str(PAGE), "-o", str(park), "--voice", "kokoro"]
    with subprocess.Popen(
        [sys.executable, *command], env=own, stderr=subprocess.PIPE, text=True
    ) as first:
        assert first.stderr is not None
        assert "speaking" in first.stderr.readline()
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        second = run("build", PAGE, "-o", park, "--voice", "tone", env=own)
        first.send_signal(signal.SIGINT)
        first.stderr.read()
    assert second.returncode == 2
    assert "another hy-audio" in second.stderr
    assert not list(park.glob(".*.lock"))
    assert not list(park.glob(".*.new"))


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"[]", b'{"engine": "edge"', b'{"engine": "", "name": "x"}', b"\xff"]
)
def test_a_voice_that_was_begun_with_is_read_again_unless_the_file_is_damaged(
    tmp_path: Path, damage: bytes
) -> None:
    folder, voice = tmp_path / "bridge", BegunVoice("edge", "zh-CN-YunxiNeural")
    assert begun_voice(folder) is None
    keep_voice(folder, voice)
    assert begun_voice(folder) == voice
    (tmp_path / ".bridge.voice").write_bytes(damage)
    assert begun_voice(folder) is None
    forget_voice(folder)
    forget_voice(folder)
    assert not list(tmp_path.iterdir())


def test_a_dry_run_neither_keeps_nor_forgets_the_voice_that_was_begun_with(
    run: Run, tmp_path: Path, park: Path
) -> None:
    place, voice = tmp_path / "again" / only_folder(park).name, BegunVoice("edge", "some")
    build_with(run, PAGE, place.parent, "--voice", "tone")
    assert begun_voice(place) is None
    keep_voice(place, voice)
    build_with(run, PAGE, place.parent, "--voice", "tone")
    assert begun_voice(place) == voice


def test_a_build_first_sets_right_what_a_killed_one_left_between_its_renames(
    run: Run, park: Path
) -> None:
    folder = only_folder(park)
    (folder / "notes.txt").write_text("mine")
    folder.rename(folder.with_name(f".{folder.name}.old"))
    build_with(run, PAGE, park, "--voice", "tone")
    assert (folder / "notes.txt").read_text() == "mine"
    assert [p.name for p in park.iterdir()] == [folder.name]


def test_a_build_sweeps_away_the_old_episode_that_a_killed_one_left(run: Run, park: Path) -> None:
    folder = only_folder(park)
    shutil.copytree(folder, folder.with_name(f".{folder.name}.old"))
    build_with(run, PAGE, park, "--voice", "tone")
    assert [p.name for p in park.iterdir()] == [folder.name]


def test_a_commit_that_fails_puts_the_old_episode_back(park: Path, snapshot: Snapshot) -> None:
    folder = only_folder(park)
    before = snapshot(park)
    with pytest.raises(OSError, match="No such file"):
        commit(park / "never-staged", folder)
    assert snapshot(park) == before


def newer(folder: Path) -> Path:
    """The same episode staged anew, with another sound."""
    staged = folder.with_name(f".{folder.name}.new")
    shutil.copytree(folder, staged)
    (staged / "episode.mp3").write_bytes(b"newer")
    return staged


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two folders")
def test_a_commit_never_frees_the_name_of_an_episode(
    park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = only_folder(park)
    staged = newer(folder)
    monkeypatch.delattr(Path, "rename")
    commit(staged, folder)
    assert (folder / "episode.mp3").read_bytes() == b"newer"
    assert only_folder(park) == folder


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two folders")
def test_what_is_put_into_an_episode_while_it_is_replaced_goes_along(
    park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = only_folder(park)
    staged, exchange = newer(folder), files.exchange

    def late(one: Path, other: Path) -> bool:
        (folder / "published.mp3").write_bytes(b"late")
        return exchange(one, other)

    monkeypatch.setattr(files, "exchange", late)
    commit(staged, folder)
    assert (folder / "published.mp3").read_bytes() == b"late"
    assert (folder / "episode.mp3").read_bytes() == b"newer"
    assert only_folder(park) == folder


def test_a_commit_that_can_not_take_all_along_is_undone(
    park: Path, monkeypatch: pytest.MonkeyPatch, snapshot: Snapshot
) -> None:
    folder = only_folder(park)
    (folder / "notes.txt").write_text("mine")
    staged, before, exchange = newer(folder), snapshot(folder), files.exchange
    (staged / "notes.txt").unlink()

    def full(source: Path, target: Path) -> None:
        raise OSError("no space left")

    def late(one: Path, other: Path) -> bool:
        monkeypatch.setattr(episode, "link", full)
        (folder / "late.txt").write_text("late")
        return exchange(one, other)

    monkeypatch.setattr(files, "exchange", late)
    with pytest.raises(OSError, match="no space left"):
        commit(staged, folder)
    assert snapshot(folder) == {**before, "late.txt": b"late"}


def test_a_commit_does_without_an_exchange_where_there_is_none(
    park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = only_folder(park)
    (folder / "notes.txt").write_text("mine")
    staged = newer(folder)
    monkeypatch.setattr(files, "exchange", lambda one, other: False)
    commit(staged, folder)
    assert (folder / "episode.mp3").read_bytes() == b"newer"
    assert (folder / "notes.txt").read_text() == "mine"
    assert only_folder(park) == folder


def test_what_a_killed_build_left_is_swept_away_by_the_next(run: Run, park: Path) -> None:
    folder = only_folder(park)
    left = folder.with_name(f".{folder.name}.new")
    (left / "sections").mkdir(parents=True)
    (left / "sections/half.mp3").write_bytes(b"half")
    build_with(run, PAGE, park, "--voice", "tone")
    assert [p.name for p in park.iterdir()] == [folder.name]
