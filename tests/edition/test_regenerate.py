"""One section spoken again: what changes, what stays to the byte, and what is remembered."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT, SAMPLES, Episode, Run, build_with

from hy_audio.episode import open_episode, read_edits, read_script, write_manifest
from hy_audio.manifest import Manifest
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.mux import tag_size

PAGE = SAMPLES / "river-park.txt"
THIRD = "jiu-ma-tou-bian-cheng-hui-ke-ting"
Snapshot = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def park(park_episode: Episode, tmp_path: Path) -> Path:
    """A copy of the built sample, to do things to: the episode."""
    folder = tmp_path / "output" / park_episode.folder.name
    shutil.copytree(park_episode.folder, folder)
    return folder


def again(run: Run, folder: Path, section: str, *options: object, **more: Any) -> dict[str, Any]:
    done = run("regenerate", folder, section, *options, "--json", **more)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def in_episode(folder: Path) -> dict[str, str]:
    """The hash of what lies in episode.mp3 in the place of each section."""
    manifest, form, data = open_episode(folder), Format(), (folder / "episode.mp3").read_bytes()
    at, found = tag_size(data) + form.frame_bytes, {}
    for section in manifest.sections:
        end = form.extent(data, at, section.frames)
        found[section.id] = sha256(data[at:end]).hexdigest()
        at = end
    return found


def sound(manifest: Manifest) -> dict[str, str]:
    return {s.id: s.sha256 for s in manifest.sections}


def is_good(run: Run, folder: Path) -> bool:
    return run("check", folder).returncode == 0


def test_one_section_gets_other_bytes_and_all_others_keep_theirs_in_file_and_episode(
    run: Run, park: Path, snapshot: Snapshot
) -> None:
    before, were = snapshot(park), in_episode(park)
    told = again(run, park, "3", "--rate", "1.25")
    after, are = snapshot(park), in_episode(park)
    assert told["changed"] == [THIRD]
    assert [name for name in were if were[name] != are[name]] == [THIRD]
    assert are == sound(open_episode(park))
    sections = {name for name in before if name.startswith("sections/")}
    assert sections == {name for name in after if name.startswith("sections/")}
    assert [n for n in sections if before[n] != after[n]] == [f"sections/03-{THIRD}.mp3"]
    assert {n for n in before if before[n] != after[n]} == {
        *("episode.mp3", "episode.json", "chapters.json", "description.txt"),
        *("transcript.vtt", "transcript.srt", f"sections/03-{THIRD}.mp3"),
    }
    assert is_good(run, park)


def test_only_its_clips_are_asked_for(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    desk = Desk(tmp_path, run, environment)
    folder = desk.build()
    known = len(desk.spoken())
    desk.run("regenerate", folder, "3", "--rate", "1.25")
    section = next(s for s in open_episode(folder).sections if s.id == THIRD)
    assert set(desk.spoken()[known:]) == {u.clip for u in section.utterances}


@dataclass
class Desk:
    """A place with an engine that writes down what it is asked for."""

    folder: Path
    start: Run
    environment: dict[str, str]
    moody: bool = False

    def run(self, *arguments: object) -> dict[str, Any]:
        config = self.folder / "hy-audio.toml"
        mood = "moody = true\n" if self.moody else ""
        config.write_text(f"[engine.diary]\ndiary = '{self.folder / 'diary'}'\n{mood}")
        env = {
            **self.environment,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": str(ROOT / "tests/plugins"),
        }
        done = self.start("--config", config, *arguments, "--json", env=env)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def build(self) -> Path:
        told = self.run("build", PAGE, "-o", self.folder / "output", "--voice", "diary")
        return Path(told["folder"])

    def spoken(self) -> list[str]:
        return (self.folder / "diary").read_text().split()


def test_a_new_take_is_asked_for_though_the_clips_are_stored_and_is_kept(
    run: Run, environment: dict[str, str], tmp_path: Path, snapshot: Snapshot
) -> None:
    desk = Desk(tmp_path, run, environment, moody=True)
    folder = desk.build()
    first = snapshot(folder)
    for take in (2, 3):
        known = len(desk.spoken())
        assert desk.run("regenerate", folder, "3", "--new-take")["changed"] == [THIRD]
        assert len(desk.spoken()) > known
        edits = json.loads((folder / "edits.json").read_text("utf-8"))
        edit = edits["sections"][THIRD]
        assert edit == {"take": take, "printed": edit["printed"]}
        assert edit["printed"] in PAGE.read_text("utf-8").replace("\n", "")
    known, third = len(desk.spoken()), snapshot(folder)
    desk.build()
    assert snapshot(folder) == third
    assert len(desk.spoken()) == known
    desk.run("regenerate", folder, "3", "--reset")
    assert len(desk.spoken()) == known
    name = f"sections/03-{THIRD}.mp3"
    assert snapshot(folder)[name] == first[name]


def test_a_voice_that_says_it_the_same_way_again_is_asked_each_time_and_no_sound_changes(
    run: Run, park: Path, snapshot: Snapshot
) -> None:
    before = snapshot(park)
    for number in (2, 3):
        done = run("regenerate", park, "3", "--new-take")
        assert done.returncode == 0
        assert "3 clips, 3 of them spoken anew" in done.stderr
        told = f"revision {number} is written; every section sounds as before\n"
        assert done.stdout == told
    after = snapshot(park)
    assert {n for n in after if before.get(n) != after[n]} == {"edits.json", "episode.json"}
    assert is_good(run, park)


def test_nothing_asked_for_is_nothing_done(run: Run, park: Path, snapshot: Snapshot) -> None:
    before = snapshot(park.parent)
    done = run("regenerate", park, "3")
    assert done.stdout.startswith("nothing has changed")
    assert snapshot(park.parent) == before


@pytest.mark.parametrize("name", ["3", THIRD, "旧码头变成会客厅", "会客厅"])
def test_a_section_is_named_by_number_id_title_or_a_part_of_it(
    run: Run, park: Path, name: str
) -> None:
    assert again(run, park, name, "--rate", "1.1")["changed"] == [THIRD]


@pytest.mark.parametrize(
    ("name", "problem"), [("9", "there is no section '9'"), ("好", "can be any of")]
)
def test_a_name_that_fits_none_or_several_is_an_error_that_lists_them(
    run: Run, park: Path, name: str, problem: str
) -> None:
    manifest = park / "episode.json"
    text = manifest.read_text("utf-8").replace('"旧码头变成会客厅"', '"好码头变成会客厅"')
    manifest.write_text(text, "utf-8")
    done = run("regenerate", park, name)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert problem in line
    assert "3 好码头变成会客厅 [jiu-ma" in line
    assert "4 好风景也要好管家" in line


def test_another_voice_stays_with_its_section_when_the_article_is_built_again(
    run: Run, park: Path, tmp_path: Path
) -> None:
    assert again(run, park, "会客厅", "--voice", "kokoro:zf_xiaoyi")["changed"] == [THIRD]
    were = in_episode(park)
    page = tmp_path / "edited.txt"
    page.write_text(PAGE.read_text("utf-8").replace("清晨六点半", "清晨五点半"), "utf-8")
    built = build_with(run, page, park.parent, "--voice", "tone")
    voices = {s.id: s.voice.name for s in built.manifest.sections}
    assert voices[THIRD] == "zf_xiaoyi"
    assert built.manifest.voice.engine == "tone"
    are = in_episode(park)
    assert [name for name in were if were[name] != are[name]] == ["dao-yu"]
    assert built.manifest.history[-1].sections == ("dao-yu",)


def test_a_voice_that_is_unknown_is_an_error_and_nothing_is_touched(
    run: Run, park: Path, snapshot: Snapshot
) -> None:
    before = snapshot(park.parent)
    done = run("regenerate", park, "3", "--voice", "kokoro:zf_xiao")
    assert done.returncode == 2
    assert "did you mean" in done.stderr
    assert snapshot(park.parent) == before


@pytest.fixture(scope="module")
def spoken(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """A short article in the embedded voice."""
    place = tmp_path_factory.mktemp("spoken")
    page = place / "page.txt"
    page.write_text(
        "渡口停航了\n\n今天，新桥通车。\n\n\n\n最后一班渡船\n\n"
        "船老大单雨桐把缆绳解开，又系上。\n\n\n\n桥上的第一天\n\n桥上走过三千人。\n",
        "utf-8",
    )
    return build_with(run, page, place / "output", "--voice", "kokoro")


@pytest.fixture
def ferry(spoken: Episode, tmp_path: Path) -> Path:
    """A copy of it: the episode."""
    folder = tmp_path / "output" / spoken.folder.name
    shutil.copytree(spoken.folder, folder)
    return folder


def test_a_name_that_was_read_wrong_is_said_otherwise_in_its_section_and_stays_so(
    run: Run, ferry: Path, spoken: Episode, snapshot: Snapshot
) -> None:
    were = in_episode(ferry)
    told = again(run, ferry, "渡船", "--say", "单雨桐=shan4yu3tong2", "--why", "姓读作善")
    assert told["changed"] == ["zui-hou-yi-ban-du-chuan"]
    script = json.loads((ferry / "script.json").read_text("utf-8"))
    said = script["sections"][2]["utterances"][1]
    assert said["pinyin"][3:6] == ["shan4", "yu3", "tong2"]
    are = in_episode(ferry)
    assert [n for n in were if were[n] != are[n]] == told["changed"]
    (line,) = open_episode(ferry).history
    assert line.why == "单雨桐 said shan4yu3tong2: 姓读作善"
    before = snapshot(ferry)
    built = build_with(run, spoken.folder.parents[1] / "page.txt", ferry.parent)
    assert built.printed["clips"]["spoken"] == 0
    assert snapshot(ferry) == before
    assert is_good(run, ferry)


def test_other_words_for_a_section_are_the_editors_in_ledger_and_transcript(
    run: Run, ferry: Path, spoken: Episode, tmp_path: Path
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("\ufeff缆绳解开了。\n\n船上有3个人。\n", "utf-8")
    told = again(run, ferry, "渡船", "--text", words)
    assert told["changed"] == ["zui-hou-yi-ban-du-chuan"]
    script = json.loads((ferry / "script.json").read_text("utf-8"))
    assert [u["spoken"] for u in script["sections"][2]["utterances"]] == [
        *("最后一班渡船。", "缆绳解开了。", "船上有三个人。"),
    ]
    silent = [s["text"] for s in script["ledger"] if s["rule"] == "editor-text"]
    assert silent == ["船老大单雨桐把缆绳解开，又系上。"]
    assert "船上有3个人。" in (ferry / "transcript.srt").read_text("utf-8")
    assert is_good(run, ferry)
    page = spoken.folder.parents[1] / "page.txt"
    kept = build_with(run, page, ferry.parent)
    assert kept.printed["warnings"] == []
    assert kept.printed["clips"]["spoken"] == 0
    changed = tmp_path / "page.txt"
    changed.write_text(page.read_text("utf-8").replace("又系上", "再系上"), "utf-8")
    dropped = build_with(run, changed, ferry.parent)
    assert [w["rule"] for w in dropped.printed["warnings"]] == ["edit-waits"]
    assert "再系上" in (ferry / "transcript.srt").read_text("utf-8").replace("\n", "")
    again(run, ferry, "渡船", "--rate", "1.1")
    assert "再系上" in (ferry / "transcript.srt").read_text("utf-8").replace("\n", "")
    back = build_with(run, page, ferry.parent)
    assert back.printed["warnings"] == []
    assert "船上有3个人。" in (ferry / "transcript.srt").read_text("utf-8")


def test_other_words_that_sound_the_same_are_written_and_no_sound_changes(
    run: Run, ferry: Path
) -> None:
    were = in_episode(ferry)
    words = ("--text", "-", "--why", "写成数字")
    done = run("regenerate", ferry, "桥上", *words, typed="桥上走过3000人。\n")
    sounds = "every section sounds as before, so listeners are not told why"
    assert done.stdout == f"revision 2 is written; {sounds}\n"
    assert in_episode(ferry) == were
    assert "桥上走过3000人。" in (ferry / "transcript.srt").read_text("utf-8")
    assert is_good(run, ferry)


def test_what_was_decided_follows_a_section_whose_heading_is_written_anew(
    run: Run, park: Path, tmp_path: Path
) -> None:
    again(run, park, "3", "--rate", "1.2")
    page = tmp_path / "river-park.txt"
    page.write_text(PAGE.read_text("utf-8").replace("旧码头变成会客厅", "会客厅"), "utf-8")
    built = build_with(run, page, park.parent, "--voice", "tone")
    third = next(s for s in built.manifest.sections if s.id == THIRD)
    assert (third.title, third.voice.rate) == ("会客厅", 1.2)
    assert built.printed["changed"] == [THIRD]
    assert built.printed["warnings"] == []


TWINS = (
    "云溪\n\n（记者 林晓）今天，全市的路面结冰。\n\n\n\n"
    "提醒\n\n开车的市民要慢行，车距留够。\n\n\n\n提醒\n\n家里有老人的，出门记得穿防滑的鞋。\n"
)


def test_other_words_stay_with_their_section_though_another_has_its_title(
    run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(TWINS, "utf-8")
    folder = build_with(run, page, tmp_path / "output", "--voice", "tone").folder
    first, second = (s.id for s in open_episode(folder).sections[-2:])
    number = len(open_episode(folder).sections) - 1
    done = run("regenerate", folder, number, "--text", "-", typed="慢行，保持车距。\n")
    assert done.returncode == 0, done.stderr
    assert again(run, folder, str(number), "--say", "车距=che4ju4")["changed"] == [first]
    built = build_with(run, page, folder.parent, "--voice", "tone")
    assert (built.printed["changed"], built.printed["warnings"]) == ([], [])
    page.write_text(TWINS.replace("提醒\n\n开车", "路上\n\n开车"), "utf-8")
    renamed = build_with(run, page, folder.parent, "--voice", "tone")
    assert (renamed.printed["changed"], renamed.printed["warnings"]) == ([first], [])
    assert [(s.title, s.id) for s in renamed.manifest.sections[-2:]] == [
        ("路上", first),
        ("提醒", second),
    ]
    assert "保持车距" in (folder / "transcript.srt").read_text("utf-8")
    assert is_good(run, folder)


def test_a_section_with_a_byline_at_the_end_of_the_page_leaves_the_others_their_words(
    run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    signed = TWINS.replace("（记者 林晓）", "").rstrip() + "\n\n（记者 林晓）\n"
    page.write_text(signed, "utf-8")
    folder = build_with(run, page, tmp_path / "output", "--voice", "tone").folder
    assert run("regenerate", folder, "3", "--text", "-", typed="慢行。\n").returncode == 0
    again(run, folder, "1", "--say", "云溪=yun2xi1")
    assert is_good(run, folder)


def test_what_was_decided_about_a_section_that_is_gone_waits_and_is_told(
    run: Run, park: Path, tmp_path: Path
) -> None:
    again(run, park, "3", "--rate", "1.2")
    page = tmp_path / "river-park.txt"
    lines = PAGE.read_text("utf-8").splitlines(keepends=True)
    page.write_text("".join(line for line in lines if "旧码头变成会客厅" not in line), "utf-8")
    gone = build_with(run, page, park.parent, "--voice", "tone")
    (warning,) = gone.printed["warnings"]
    assert warning["rule"] == "edit-waits"
    assert gone.manifest.history[-1].gone == (THIRD,)
    assert f"{THIRD} any more; what was decided about it (rate 1.2) waits" in warning["message"]
    assert warning["line"] is None
    back = build_with(run, PAGE, park.parent, "--voice", "tone")
    assert next(s for s in back.manifest.sections if s.id == THIRD).voice.rate == 1.2


def test_what_waits_for_a_section_that_is_gone_can_be_forgotten(
    run: Run, park: Path, tmp_path: Path, snapshot: Snapshot
) -> None:
    again(run, park, "3", "--rate", "1.2")
    page = tmp_path / "river-park.txt"
    lines = PAGE.read_text("utf-8").splitlines(keepends=True)
    page.write_text("".join(line for line in lines if "旧码头变成会客厅" not in line), "utf-8")
    done = run("build", page, "-o", park.parent, "--voice", "tone")
    assert f"river-park.txt: nothing is called {THIRD} any more" in done.stdout
    assert f"hy-audio regenerate EPISODE {THIRD} --reset" in done.stdout
    were, before = in_episode(park), snapshot(park)
    for options, problem in (
        (["--reset", "--rate", "1.1"], "--reset alone forgets what was decided about it"),
        (["--rate", "1.1"], f"there is no section '{THIRD}'"),
    ):
        refused = run("regenerate", park, THIRD, *options)
        assert refused.returncode == 2
        assert problem in refused.stderr
    dry = run("regenerate", park, THIRD, "--reset", "--dry-run")
    forgotten = f"what was decided about {THIRD} (rate 1.2) would be forgotten"
    assert dry.stdout == f"{forgotten}; every section stays\n"
    dry = run("regenerate", park, THIRD, "--reset", "--dry-run", "--json")
    assert json.loads(dry.stdout) == {"forgets": THIRD, "decided": "rate 1.2"}
    assert snapshot(park) == before
    told = again(run, park, THIRD, "--reset", "--why", "撤稿")
    assert told["changed"] == []
    assert told["clips_spoken"] == 0
    assert in_episode(park) == were
    assert not (park / "edits.json").exists()
    why = open_episode(park).history[-1].why
    assert why == f"what was decided about {THIRD} is forgotten: 撤稿"
    script = read_script(park)
    assert script is not None
    assert not script.warnings
    assert is_good(run, park)
    back = build_with(run, PAGE, park.parent, "--voice", "tone")
    assert next(s for s in back.manifest.sections if s.id == THIRD).voice.rate == 1.0


def test_a_dry_run_sees_that_the_program_would_make_it_otherwise_now(run: Run, park: Path) -> None:
    it = open_episode(park)
    older = msgspec.structs.replace(it.sections[2], recipe="0" * 64)
    sections = (*it.sections[:2], older, *it.sections[3:])
    write_manifest(park, msgspec.structs.replace(it, sections=sections))
    told = run("regenerate", park, "3", "--dry-run")
    assert "0 of 3 clips would be asked for" in told.stdout
    told = run("regenerate", park, "3", "--dry-run", "--json")
    assert json.loads(told.stdout)["changes"] == {"files": True, "sound": True}
    again(run, park, "3")
    assert open_episode(park).sections[2].recipe == it.sections[2].recipe
    assert run("regenerate", park, "3", "--dry-run").stdout.endswith("nothing would change\n")


def test_a_number_names_the_section_and_not_what_waits_under_such_an_id(
    run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    parts = ["两件事", "今天开会。", "一", "会上说了三件事。", "2", "第二件事是修路。"]
    page.write_text("\n\n".join(parts) + "\n", "utf-8")
    folder = build_with(run, page, tmp_path / "output", "--voice", "tone").folder
    ids = [s.id for s in open_episode(folder).sections]
    assert ids[-1] == "2"
    again(run, folder, str(len(ids)), "--rate", "1.4")
    again(run, folder, "2", "--rate", "1.2")
    page.write_text("\n\n".join(parts[:4]) + "\n", "utf-8")
    build_with(run, page, folder.parent, "--voice", "tone")
    again(run, folder, "2", "--reset")
    assert open_episode(folder).sections[1].voice.rate == 1.0
    assert read_edits(folder).sections.keys() == {"2"}


CHANGES: dict[str, list[str]] = {
    "nothing": [],
    "the speed that it has": ["--rate", "1.0"],
    "the voice that it has": ["--voice", "tone"],
    "a reading that it has": ["--say", "码头=ma3tou5"],
    "another reading": ["--say", "码头=ma1tou1"],
    "another speed": ["--rate", "1.3"],
    "another take": ["--new-take"],
    "nothing to forget": ["--reset"],
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("damage", ["", "transcript.vtt", "sections/03-" + THIRD + ".mp3"])
def test_a_dry_run_says_what_the_run_then_does(
    run: Run, park: Path, name: str, damage: str
) -> None:
    if damage:
        (park / damage).write_bytes(b"")
    before = open_episode(park)
    dry = json.loads(run("regenerate", park, "3", *CHANGES[name], "--dry-run", "--json").stdout)
    told = again(run, park, "3", *CHANGES[name])
    after = open_episode(park)
    assert dry["clips"]["asked"] == told["clips_spoken"]
    repaired = bool(damage) and after == before
    assert dry["changes"]["files"] == (after != before or repaired)
    if not dry["changes"]["sound"]:
        assert told["changed"] == []


@pytest.fixture
def notice(run: Run, tmp_path: Path, environment: dict[str, str]) -> tuple[Run, Path, Path]:
    """Two paragraphs of three alike, with a cache of its own: the command line, episode, cache."""
    page, cache = tmp_path / "page.txt", tmp_path / "cache"
    page.write_text("通知\n\n今天停水一天。\n\n今天停水一天。\n\n明天恢复供水。\n", "utf-8")
    own = partial(run, env={**environment, "XDG_CACHE_HOME": str(cache)})
    return own, build_with(own, page, tmp_path / "output", "--voice", "tone").folder, cache


def test_clips_that_are_alike_count_once_in_a_dry_run_as_in_the_run(
    notice: tuple[Run, Path, Path],
) -> None:
    own, folder, _ = notice
    said = ("--say", "天=di4")
    dry = json.loads(own("regenerate", folder, "2", *said, "--dry-run", "--json").stdout)
    assert dry["clips"] == {"all": 2, "asked": 2}
    assert again(own, folder, "2", *said)["clips_spoken"] == 2


def test_damaged_clips_are_asked_for_in_a_dry_run_as_in_the_run(
    notice: tuple[Run, Path, Path],
) -> None:
    own, folder, cache = notice
    for clip in (cache / "hy-audio/clips").rglob("*.clip"):
        clip.write_bytes(clip.read_bytes()[:-1])
    (folder / open_episode(folder).sections[1].file).unlink()
    dry = json.loads(own("regenerate", folder, "2", "--dry-run", "--json").stdout)
    assert dry["clips"]["asked"] == again(own, folder, "2")["clips_spoken"] == 2


def test_a_word_that_is_not_in_the_section_is_an_error_that_tells_where_it_is(
    run: Run, ferry: Path, snapshot: Snapshot
) -> None:
    before = snapshot(ferry.parent)
    for word, where in (("新桥", "section 2, 导语"), ("不存在", "no section")):
        done = run("regenerate", ferry, "渡船", "--say", f"{word}={SAID[word]}")
        assert done.returncode == 2
        assert done.stderr == (
            f"hy-audio: {word} is not in section 3, 最后一班渡船; it is in {where}\n"
        )
    assert snapshot(ferry.parent) == before


SAID = {"新桥": "xin1qiao2", "不存在": "bu4cun2zai4"}


@pytest.mark.parametrize("name", [f"sections/03-{THIRD}.mp3", "episode.mp3", "transcript.srt"])
def test_its_own_section_and_the_files_of_the_whole_are_mended(
    run: Run, park: Path, snapshot: Snapshot, name: str
) -> None:
    before = snapshot(park)
    (park / name).write_bytes(b"")
    assert run("regenerate", park, "3").returncode == 0
    assert snapshot(park) == before


@pytest.mark.parametrize("name", ["script.json", "source.txt", "episode.json"])
def test_what_was_changed_by_other_hands_is_not_taken_for_true(
    run: Run, park: Path, snapshot: Snapshot, name: str
) -> None:
    text = (park / name).read_text("utf-8")
    (park / name).write_text(text.replace("会客厅", "客厅"), "utf-8")
    before = snapshot(park.parent)
    done = run("regenerate", park, "2", "--rate", "1.2")
    assert done.returncode == 2
    assert done.stderr.endswith(f"{name} of {park} is damaged; build the episode again\n")
    assert snapshot(park.parent) == before


SHOW = """
[show]
name = "江城晨报"
cover = "cover.png"
[script]
disclosure = "本节目由电脑朗读。"
[label]
producer = "江城晨报社"
produce_id = "P1"
[sound]
formats = ["m4b"]
[speech]
rate = 1.1
"""
LONG = "稿件由记者采写，由编辑审定，声音由软件合成，不代表任何真人的声音和语气。"


@pytest.fixture
def shown(run: Run, tmp_path: Path) -> Path:
    """An episode of a show with a configuration of its own: its folder."""
    picture = ["-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1", f"{tmp_path}/cover.png"]
    subprocess.run(["ffmpeg", "-v", "error", *picture], check=True)
    tune = ["-f", "lavfi", "-i", "sine=300:duration=3", f"{tmp_path}/tune.wav"]
    subprocess.run(["ffmpeg", "-v", "error", *tune], check=True)
    config = tmp_path / "hy-audio.toml"
    config.write_text(SHOW + '[music]\nopening = "tune.wav"\n', "utf-8")
    done = run("--config", config, "build", PAGE, "-o", tmp_path, "--voice", "tone", "--json")
    return Path(json.loads(done.stdout)["folder"])


def test_without_the_shows_configuration_all_that_the_episode_has_stays(
    run: Run, shown: Path
) -> None:
    before = open_episode(shown)
    again(run, shown, "3", "--rate", "1.3")
    after = open_episode(shown)
    assert after.label == before.label
    assert after.show == "江城晨报"
    assert {"cover.png", "episode.m4b"} <= after.files.keys()
    assert after.files["cover.png"] == before.files["cover.png"]
    assert [s.voice.rate for s in after.sections if s.id != THIRD] == [1.1] * 3
    assert after.sections[0] == before.sections[0]
    again(run, shown, "2", "--say", "白塔=bai2ta3")
    assert open_episode(shown).sections[1].voice.rate == 1.1
    assert is_good(run, shown)


@pytest.mark.parametrize("sound", ["spoken", "rhythm"])
def test_without_the_shows_configuration_the_line_about_the_voice_stays_whole(
    run: Run, tmp_path: Path, sound: str
) -> None:
    config = tmp_path / "hy-audio.toml"
    words = f"本节目由电脑朗读。{LONG * 4}您对声音有什么意见，请告诉我们。"
    config.write_text(f'[script]\ndisclosure = "{words}"\n[label]\nsound = "{sound}"\n', "utf-8")
    done = run("--config", config, "build", PAGE, "-o", tmp_path, "--voice", "tone", "--json")
    folder = Path(json.loads(done.stdout)["folder"])
    before = (folder / "description.txt").read_text("utf-8")
    assert words in before
    again(run, folder, "1", "--say", "绿了=lv4le5")
    again(run, folder, "2", "--say", "白塔=bai2ta3")
    assert (folder / "description.txt").read_text("utf-8").split("00:")[0] == before.split("00:")[0]
    assert is_good(run, folder)


def test_a_cover_that_was_changed_is_not_taken_for_the_episodes(run: Run, shown: Path) -> None:
    (shown / "cover.png").write_bytes(b"")
    done = run("regenerate", shown, "3", "--rate", "1.3")
    assert done.returncode == 2
    assert f"cover.png of {shown} is damaged; build the episode again" in done.stderr


def test_a_section_with_music_needs_the_configuration_that_names_it(
    run: Run, shown: Path, snapshot: Snapshot
) -> None:
    before = snapshot(shown)
    for options in ([], ["--dry-run"]):
        done = run("regenerate", shown, "1", "--rate", "1.3", *options)
        assert done.returncode == 2
        assert "section 1 was made with other music than [music] names now" in done.stderr
        assert "hy-audio --config FILE regenerate" in done.stderr
    assert snapshot(shown) == before
    config = shown.parent / "hy-audio.toml"
    done = run("--config", config, "regenerate", shown, "1", "--rate", "1.3")
    assert done.returncode == 0, done.stderr
    assert "本节目由电脑朗读。" in (shown / "transcript.srt").read_text("utf-8")
    assert is_good(run, shown)


def test_who_stands_in_the_episode_is_told_that_it_was_replaced(
    run: Run, park: Path, environment: dict[str, str]
) -> None:
    program = [sys.executable, "-m", "hy_audio"]
    shell = 'cd "$1"; shift; "$@" --rate 1.1; "$@" --rate 1.2; cd "$PWD"; "$@" --rate 1.2'
    command = ["sh", "-c", shell, "sh", str(park), *program, "regenerate", ".", "3"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.count("3 other sections keep their bytes") == 2
    first, gone, last = (line for line in done.stderr.splitlines() if "$PWD" in line)
    assert first == last == 'this folder was replaced by the new one; enter it with: cd "$PWD"'
    assert gone.startswith("hy-audio: the folder you are in was replaced or removed; enter it anew")
    assert run("regenerate", park, "3", "--rate", "1.1").stderr.count("$PWD") == 0


def test_a_build_keeps_the_formats_unless_others_are_asked_for(run: Run, tmp_path: Path) -> None:
    folder = build_with(run, PAGE, tmp_path, "--voice", "tone", "--format", "m4b").folder
    build_with(run, PAGE, tmp_path, "--voice", "tone")
    assert (folder / "episode.m4b").exists()
    build_with(run, PAGE, tmp_path, "--voice", "tone", "--format", "mp3")
    assert not (folder / "episode.m4b").exists()
    assert (folder / "episode.mp3").exists()


def test_other_words_can_come_from_a_pipe(run: Run, ferry: Path) -> None:
    again(run, ferry, "渡船", "--text", "-", typed="缆绳解开了。\n")
    assert "缆绳解开了。" in (ferry / "transcript.srt").read_text("utf-8")


def test_what_was_decided_can_be_forgotten_and_the_old_bytes_come_back(
    run: Run, ferry: Path, spoken: Episode
) -> None:
    again(run, ferry, "渡船", "--say", "单雨桐=shan4yu3tong2", "--rate", "0.9")
    again(run, ferry, "桥上", "--rate", "1.1")
    again(run, ferry, "渡船", "--reset")
    again(run, ferry, "桥上", "--reset")
    assert in_episode(ferry) == sound(spoken.manifest)
    assert not (ferry / "edits.json").exists()
    assert open_episode(ferry).revision == 5


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    run: Run, ferry: Path, environment: dict[str, str], tmp_path: Path, snapshot: Snapshot
) -> None:
    before = snapshot(ferry.parent)
    done = run("regenerate", ferry, "渡船", "--say", "单雨桐=chan2yu3tong2", "--dry-run")
    assert done.returncode == 0
    assert "  ~ 老大单雨桐: chan2, was dan1\n" in done.stdout
    assert "1 of 2 clips would be asked for" in done.stdout
    assert "3 other sections stay" in done.stdout
    elsewhere = {**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    options = ("--say", "单雨桐=chan2yu3tong2", "--dry-run")
    done = run("regenerate", ferry, "渡船", *options, env=elsewhere)
    assert "2 of 2 clips would be asked for" in done.stdout
    told = run("regenerate", ferry, "渡船", "--voice", "tone", "--dry-run", "--json")
    assert json.loads(told.stdout)["clips"] == {"all": 2, "asked": 2}
    assert run("regenerate", ferry, "渡船", "--dry-run").stdout.endswith("nothing would change\n")
    assert snapshot(ferry.parent) == before


def test_the_list_of_sections_tells_what_was_decided(run: Run, park: Path) -> None:
    again(run, park, "3", "--text", "-", "--rate", "1.2", typed="码头今天开放。\n")
    listed = run("sections", park).stdout.splitlines()
    assert listed[2].endswith(f"[{THIRD}]  rate 1.2, an editor's text")
    assert listed[3].endswith("]")


@pytest.mark.parametrize("name", ["other.txt", "-"])
def test_a_page_is_known_again_under_another_name_though_a_section_has_other_words(
    run: Run, tmp_path: Path, name: str
) -> None:
    page, output = tmp_path / "page.txt", tmp_path / "output"
    page.write_text(
        "停水通知\n\n2026年11月27日上午8:30到下午5:30停水。\n\n怎么办\n\n"
        "拨打0571-87654321，3个小队、26名队员在1.5小时内送水上门，每户50升。\n",
        "utf-8",
    )
    folder = build_with(run, page, output, "--voice", "tone").folder
    again(run, folder, "怎么办", "--text", "-", typed="打电话，有人送水。\n")
    other = tmp_path / name
    typed = page.read_text("utf-8") if name == "-" else ""
    if not typed:
        shutil.copy(page, other)
    done = run("build", name if typed else other, "-o", output, "--voice", "tone", typed=typed)
    assert done.returncode == 0, done.stderr


def test_the_history_tells_when_which_section_and_why(
    run: Run, park: Path, environment: dict[str, str]
) -> None:
    assert open_episode(park).revision == 1
    at = {**environment, "SOURCE_DATE_EPOCH": "1795780800"}
    again(run, park, "3", "--rate", "1.2", "--why", "太慢", env=at)
    again(run, park, "会客厅", "--rate", "1.3", env=at)
    manifest = open_episode(park)
    assert manifest.revision == 3
    assert [(h.number, h.when, h.sections, h.why) for h in manifest.history] == [
        (2, "2026-11-27T12:00:00Z", (THIRD,), "rate 1.2: 太慢"),
        (3, "2026-11-27T12:00:00Z", (THIRD,), "rate 1.3"),
    ]


def test_a_damaged_file_of_another_section_is_told_and_not_joined(
    run: Run, park: Path, snapshot: Snapshot
) -> None:
    victim = park / "sections/02-dao-yu.mp3"
    victim.write_bytes(victim.read_bytes()[:-1])
    before = snapshot(park.parent)
    done = run("regenerate", park, "3", "--rate", "1.2")
    assert done.returncode == 2
    assert "section 2, 导语, is damaged; build the episode again" in done.stderr
    assert snapshot(park.parent) == before


def test_short_sections_with_the_same_words_and_other_neighbours_keep_their_own_bytes(
    run: Run, tmp_path: Path
) -> None:
    """Each has borrowed the gain of its neighbour."""
    page = tmp_path / "page.txt"
    rest = "歇一会儿\n\n歇一歇。\n\n\n\n"
    page.write_text(
        f"渡口停航了\n\n今天新桥通车，两岸的人都来看热闹。\n\n\n\n{rest}最后一班渡船\n\n"
        f"船老大把缆绳解开，看了看，又慢慢系上。\n\n\n\n{rest}桥上的第一天\n\n"
        "从早到晚，桥上走过三千人，还有一头牛。\n",
        "utf-8",
    )
    built = build_with(run, page, tmp_path / "output", "--voice", "kokoro")
    first, second = (s for s in built.manifest.sections if s.title == "歇一会儿")
    assert first.recipe == second.recipe
    assert first.sha256 != second.sha256
    were = sound(built.manifest)
    assert again(run, built.folder, "桥上", "--rate", "1.1")["changed"] == [
        "qiao-shang-de-di-yi-tian"
    ]
    page.write_text(page.read_text("utf-8").replace("一头牛", "两头牛"), "utf-8")
    build_with(run, page, built.folder.parent)
    are = sound(open_episode(built.folder))
    assert [n for n in were if were[n] != are[n]] == ["qiao-shang-de-di-yi-tian"]


@pytest.mark.parametrize("name", ["gone", "gone/deep/er"])
def test_an_episode_that_is_not_there_is_an_error_and_nothing_is_made(
    run: Run, tmp_path: Path, name: str
) -> None:
    done = run("regenerate", tmp_path / name, "1")
    assert done.returncode == 2
    assert f"{name} is not an episode" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", [b"{", b'{"sections": 3}', b"\xff"])
def test_decisions_that_can_t_be_read_are_told_and_never_thrown_away(
    run: Run, ferry: Path, spoken: Episode, snapshot: Snapshot, damage: bytes
) -> None:
    (ferry / "edits.json").write_bytes(damage)
    before = snapshot(ferry.parent)
    page = spoken.folder.parents[1] / "page.txt"
    for command in (("regenerate", ferry, "渡船"), ("build", page, "-o", ferry.parent)):
        done = run(*command)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert "edits.json is damaged" in line
        assert "mend it or remove it" in line
    assert snapshot(ferry.parent) == before


@pytest.mark.parametrize("text", [b"", b" \n", b"\xff\xfe\xfd", "……！".encode()])
def test_words_that_can_t_be_used_are_refused(
    run: Run, park: Path, tmp_path: Path, text: bytes, snapshot: Snapshot
) -> None:
    words = tmp_path / "words.txt"
    words.write_bytes(text)
    before = snapshot(park.parent)
    done = run("regenerate", park, "3", "--text", words)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert snapshot(park.parent) == before


def test_the_format_of_the_sound_is_that_of_the_episode(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "hy-audio.toml"
    config.write_text("[sound]\nrate_hz = 44100\nchannels = 2\nkbps = 128\nformats = ['opus']\n")
    done = run("--config", config, "build", PAGE, "-o", tmp_path, "--voice", "tone", "--json")
    folder = Path(json.loads(done.stdout)["folder"])
    assert again(run, folder, "3", "--rate", "1.2")["changed"] == [THIRD]
    manifest = open_episode(folder)
    assert (manifest.sound.rate_hz, manifest.sound.channels, manifest.sound.kbps) == (
        44_100,
        2,
        128,
    )
    assert "episode.opus" in manifest.files
    assert is_good(run, folder)
