"""Damage done to a good episode afterwards: each kind is told, by its place."""

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from conftest import SAMPLES, Episode, Run, build_with

from hy_audio.episode import file_entry, open_episode, write_manifest
from hy_audio.manifest import Manifest
from hy_audio.stitch import containers
from hy_audio.stitch.model import Chapter, Tags
from hy_audio.stitch.mp3 import FRAME_SAMPLES, Format, encode
from hy_audio.stitch.mux import mux
from hy_audio.stitch.timeline import starts_ms

Damage = Callable[[Path], None]
FORM = Format()
SECOND = "sections/02-dao-yu.mp3"


@pytest.fixture
def park(park_episode: Episode, tmp_path: Path) -> Path:
    """A copy of the built sample, to do things to: the episode."""
    folder = tmp_path / "output" / park_episode.folder.name
    shutil.copytree(park_episode.folder, folder)
    return folder


def found(run: Run, folder: Path) -> list[tuple[str, str]]:
    """The name of the check and the place of all that is off."""
    done = run("check", folder, "--json")
    told = json.loads(done.stdout)
    assert done.returncode == (0 if told["good"] else 1), done.stderr
    return [(one["check"], one["place"]) for one in told["found"] if one["is_off"]]


def test_a_good_episode_passes_and_tells_its_levels(run: Run, park: Path) -> None:
    done = run("check", park)
    assert done.returncode == 0
    assert done.stdout.endswith("all is as it should be\n")
    assert done.stdout.count("LUFS") == 5
    told = json.loads(run("check", park, "--json").stdout)
    whole = told["levels"][-1]
    assert whole["place"] == "all"
    assert abs(whole["integrated_lufs"] + 16) <= 0.5
    assert whole["peak_dbtp"] <= -1


def test_a_folder_of_episodes_is_checked_one_by_one(run: Run, park: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("天气\n\n今天有雨。\n", "utf-8")
    build_with(run, page, park.parent, "--voice", "tone")
    (park / "episode.json").write_text("{}")
    done = run("check", park.parent)
    assert done.returncode == 1
    assert done.stdout.count("all is as it should be") == 1
    assert done.stdout.count("off: manifest: episode.json") == 1
    (park.parent / "notes.txt").write_text("not an episode")
    for name in ("nowhere", "output/nowhere", "output/notes.txt"):
        missing = run("check", tmp_path / name)
        assert missing.returncode == 2
        assert missing.stdout == ""


def replaced(name: str, old: str, new: str) -> Damage:
    def damage(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return damage


def flipped(name: str, at: float) -> Damage:
    def damage(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[int(len(data) * at)] ^= 0x20
        (folder / name).write_bytes(data)

    return damage


def cut(name: str, size: int) -> Damage:
    def damage(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:-size])

    return damage


def written(name: str, data: bytes) -> Damage:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return damage


def emptied(name: str) -> Damage:
    return written(name, b"")


def gone(name: str) -> Damage:
    def damage(folder: Path) -> None:
        (folder / name).unlink()

    return damage


WHOLE = "episode.mp3"
DAMAGES: dict[str, tuple[Damage, list[tuple[str, str]]]] = {
    "a flipped byte in a section": (flipped(SECOND, 0.5), [("files", SECOND), ("frames", WHOLE)]),
    "a flipped byte in the episode": (flipped(WHOLE, 0.5), [("files", WHOLE), ("frames", WHOLE)]),
    "a missing section": (gone(SECOND), [("files", SECOND)]),
    "a missing episode": (
        gone(WHOLE),
        [("files", WHOLE), ("frames", WHOLE), ("chapters", WHOLE), ("label", WHOLE)],
    ),
    "an episode cut off in a frame": (cut(WHOLE, 1000), [("files", WHOLE), ("frames", WHOLE)]),
    "an episode without its last frame": (cut(WHOLE, 288), [("files", WHOLE), ("frames", WHOLE)]),
    "another time in chapters.json": (
        replaced("chapters.json", '"startTime": 0.0', '"startTime": 0.024'),
        [("files", "chapters.json"), ("chapters", "chapters.json")],
    ),
    "a chapter of an unknown kind": (
        replaced("chapters.json", '"startTime"', '"start\\u0000"'),
        [("files", "chapters.json"), ("chapters", "chapters.json")],
    ),
    "an empty section": (emptied(SECOND), [("files", SECOND), ("frames", WHOLE)]),
    "an empty episode": (
        emptied(WHOLE),
        [("files", WHOLE), ("frames", WHOLE), ("chapters", WHOLE), ("label", WHOLE)],
    ),
    "a chapter at no time": (
        written("chapters.json", b'{"chapters": [{"startTime": 1e308, "endTime": 1}]}'),
        [("files", "chapters.json"), ("chapters", "chapters.json")],
    ),
    "chapters without an end": (
        written("chapters.json", b"[" * 100_000),
        [("files", "chapters.json"), ("chapters", "chapters.json")],
    ),
    "chapters that are no text": (
        written("chapters.json", b'{"ch\xffapters": []}'),
        [("files", "chapters.json"), ("chapters", "chapters.json")],
    ),
    "a script of nothing": (
        written("script.json", b'{"sections": []}'),
        [("files", "script.json"), ("ledger", "script.json")],
    ),
    "another title in the description": (
        replaced("description.txt", "会客厅", "客厅"),
        [("files", "description.txt"), ("chapters", "description.txt")],
    ),
    "a cue less": (
        replaced("transcript.vtt", "清水绕城", "清水"),
        [("files", "transcript.vtt"), ("cues", "transcript.vtt")],
    ),
    "a cue outside of the episode": (
        replaced("transcript.srt", "00:00:00,120 --> ", "09:00:00,120 --> 9"),
        [("files", "transcript.srt"), ("cues", "transcript.srt")],
    ),
    "a missing transcript": (
        gone("transcript.vtt"),
        [("files", "transcript.vtt"), ("cues", "transcript.vtt")],
    ),
    "another page": (
        replaced("source.txt", "清晨", "早上的清晨"),
        [("files", "source.txt"), ("ledger", "script.json")],
    ),
    "another label in the manifest": (
        replaced("episode.json", 'ProduceID\\":\\"', 'ProduceID\\":\\"x'),
        [("manifest", "episode.json"), ("label", WHOLE)],
    ),
    "a hash in the manifest": (
        replaced("episode.json", '"revision": 1', '"revision": 2'),
        [("manifest", "episode.json")],
    ),
    "a section of another place in the manifest": (
        replaced("episode.json", '"start_ms": 0,\n   "duration', '"start_ms": 24,\n   "duration'),
        [
            *(("manifest", "episode.json"), ("chapters", "episode.json")),
            *(("cues", "transcript.vtt"), ("cues", "transcript.srt")),
        ],
    ),
    "a sound that there can't be": (
        replaced("episode.json", '"kbps": 96', '"kbps": 97'),
        [("manifest", "episode.json")],
    ),
    "a manifest that is none": (emptied("episode.json"), [("manifest", "episode.json")]),
    "a cue at another time": (
        replaced("transcript.vtt", "00:00:00.120 --> ", "00:00:00.100 --> "),
        [("files", "transcript.vtt"), ("cues", "transcript.vtt")],
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_by_its_kind_and_place(run: Run, park: Path, name: str) -> None:
    damage, expected = DAMAGES[name]
    damage(park)
    told = found(run, park)
    assert told[: len(expected)] == expected
    assert all(check == "decoding" for check, _ in told[len(expected) :])


def test_a_manifest_of_another_build_is_told(run: Run, park: Path, tmp_path: Path) -> None:
    slower = tmp_path / "slower.toml"
    slower.write_text('[speech]\nvoice = "tone"\nrate = 0.8\n')
    configured = partial(run, "--config", slower)
    other = build_with(configured, SAMPLES / "river-park.txt", tmp_path / "other")
    shutil.copy(other.folder / "episode.json", park / "episode.json")
    told = found(run, park)
    assert {("manifest", "episode.json"), ("files", WHOLE), ("frames", WHOLE)} <= set(told)


def put(folder: Path, samples: np.ndarray, number: int = 2) -> None:
    """Another sound for a section, with a manifest that knows it."""
    whole = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES]
    manifest = json.loads((folder / "episode.json").read_text("utf-8"))
    section: dict[str, Any] = manifest["sections"][number - 1]
    path = folder / section["file"]
    path.write_bytes(b"".join(encode([whole.astype("<i2").tobytes()], FORM)))
    section["sha256"] = file_entry(path).sha256
    section["frames"] = FORM.count(path.read_bytes())
    times_ms = starts_ms([s["frames"] for s in manifest["sections"]], FORM)
    for one, begin_ms, end_ms in zip(manifest["sections"], times_ms, times_ms[1:], strict=False):
        one.update(start_ms=begin_ms, duration_ms=end_ms - begin_ms)
    for utterance in section["utterances"]:
        utterance.update(start_ms=0, end_ms=2_000, texts_ms=[0] * len(utterance["texts_ms"]))
    write_manifest(folder, msgspec.convert(manifest, Manifest))


def join(folder: Path) -> None:
    """The episode anew, of the sections that are there."""
    sections = [folder / s.file for s in open_episode(folder).sections]
    frames = sum(FORM.count(path.read_bytes()) for path in sections)
    mux(folder / WHOLE, sections, frames, (), Tags("样刊"), FORM)


def tone(seconds: float, level: float) -> np.ndarray:
    at = np.arange(round(seconds * 48_000)) / 48_000
    return level * 32767 * np.sin(2 * np.pi * 500 * at)


LOUD = 0.177
SOUNDS = {
    "too quiet": (tone(20, LOUD / 4), {"loudness"}),
    "too loud": (tone(20, 0.8), {"loudness"}),
    "a long silence": (
        np.concatenate([tone(8, LOUD), np.zeros(150_000), tone(8, LOUD)]),
        {"silence"},
    ),
    "a peak": (np.concatenate([tone(10, LOUD), tone(0.01, 0.99), tone(10, LOUD)]), {"true peak"}),
    "clipped": (np.sign(tone(20, 1)) * 32767, {"loudness", "true peak", "clipping"}),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_wrong_with_the_sound_is_told_with_its_section(
    run: Run, park: Path, name: str
) -> None:
    samples, expected = SOUNDS[name]
    put(park, samples)
    told = found(run, park)
    assert {check for check, place in told if place == "section 2, 导语"} == expected


def test_a_silence_that_begins_in_one_section_and_ends_in_the_next_is_told(
    run: Run, park: Path
) -> None:
    quiet = np.zeros(100_000)
    put(park, np.concatenate([tone(20, LOUD), quiet]), 2)
    put(park, np.concatenate([quiet, tone(20, LOUD)]), 3)
    join(park)
    told = found(run, park)
    assert [place for check, place in told if check == "silence"] == ["all"]


def test_a_silence_within_a_section_does_not_hide_one_across_a_border(run: Run, park: Path) -> None:
    quiet = np.zeros(100_000)
    put(park, np.concatenate([tone(10, LOUD), np.zeros(400_000), tone(10, LOUD), quiet]), 2)
    put(park, np.concatenate([quiet, tone(20, LOUD)]), 3)
    join(park)
    told = found(run, park)
    silences = [place for check, place in told if check == "silence"]
    assert silences == ["section 2, 导语", "all"]


def shifted(folder: Path, by_ms: int) -> None:
    """A manifest that tells of section 2 as if it were heard later."""
    manifest = json.loads((folder / "episode.json").read_text("utf-8"))
    for utterance in manifest["sections"][1]["utterances"]:
        utterance["start_ms"] += by_ms
        utterance["end_ms"] += by_ms
        utterance["texts_ms"] = [at + by_ms for at in utterance["texts_ms"]]
    write_manifest(folder, msgspec.convert(manifest, Manifest))


@pytest.mark.parametrize("by_ms", [-400, 400])
def test_cues_that_are_not_where_the_voice_is_heard_are_told(
    run: Run, park: Path, by_ms: int
) -> None:
    shifted(park, by_ms)
    assert ("cues", "section 2, 导语") in found(run, park)


def test_a_cue_in_which_nobody_is_heard_is_told(run: Run, park: Path) -> None:
    put(park, np.concatenate([tone(3, LOUD), np.zeros(90_000), tone(15, LOUD)]))
    manifest = json.loads((park / "episode.json").read_text("utf-8"))
    last = manifest["sections"][1]["utterances"][-1]
    last.update(end_ms=8_000, texts_ms=[3_100, 4_500] * (len(last["texts_ms"]) // 2))
    write_manifest(park, msgspec.convert(manifest, Manifest))
    assert ("cues", "section 2, 导语") in found(run, park)


def test_what_is_loud_is_the_episode_itself_and_not_what_its_sections_were(
    run: Run, park: Path
) -> None:
    for number in (1, 2, 3, 4):
        put(park, tone(20, LOUD / 4), number)
    join(park)
    for number in (1, 2, 3, 4):
        put(park, tone(20, LOUD), number)
    told = found(run, park)
    assert [place for check, place in told if check == "loudness"] == ["all"]


def test_an_episode_without_a_label_as_asked_passes_with_a_note(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "hy-audio.toml"
    config.write_text("[label]\nsound = 'off'\nmetadata = false\n")
    page = tmp_path / "page.txt"
    page.write_text("天气\n\n今天有雨，出门的人要带伞，开车的人要慢行。\n", "utf-8")
    done = run("--config", config, "build", page, "-o", tmp_path, "--voice", "tone", "--json")
    assert "warning: as [label] asks" in done.stderr
    checked = run("check", json.loads(done.stdout)["folder"])
    assert checked.returncode == 0
    assert checked.stdout.count("note: label: ") == 2


@pytest.mark.parametrize("kind", ["spoken", "rhythm", "both"])
def test_the_voice_is_told_to_be_synthetic_as_the_show_wants_it(
    run: Run, tmp_path: Path, kind: str
) -> None:
    config, page = tmp_path / "hy-audio.toml", SAMPLES / "river-park.txt"
    config.write_text(f"[label]\nsound = '{kind}'\nproducer = '江城晨报社'\n", "utf-8")
    episode = build_with(partial(run, "--config", config), page, tmp_path, "--voice", "tone")
    roles = [u["kind"] for s in script_of(episode.folder)["sections"] for u in s["utterances"]]
    assert ("disclosure" in roles) == (kind != "rhythm")
    first = episode.manifest.sections[0].utterances[0]
    assert (first.start_ms > 2_000) == (kind != "spoken")  # after the mark
    tags = run_ffprobe(episode.folder / "episode.mp3")
    assert json.loads(tags["AIGC"])["ContentProducer"] == "江城晨报社"
    assert run("check", episode.folder).returncode == 0


def script_of(folder: Path) -> Any:
    return json.loads((folder / "script.json").read_text("utf-8"))


def run_ffprobe(path: Path) -> Any:
    options = ["-v", "error", "-of", "json", "-show_format"]
    done = subprocess.run(["ffprobe", *options, path], capture_output=True, check=True)
    return json.loads(done.stdout)["format"]["tags"]


@pytest.mark.parametrize(("gain_db", "is_good"), [(0.0, False), (-10.0, True)])
def test_the_soft_end_of_a_loud_voice_is_looked_for_as_low_as_the_voice_was_brought(
    run: Run, park: Path, gain_db: float, is_good: bool
) -> None:
    put(park, np.concatenate([tone(1.5, LOUD), tone(0.5, 0.001), np.zeros(48_000), tone(20, LOUD)]))
    it = open_episode(park)
    lowered = msgspec.structs.replace(it.sections[1], gain_db=gain_db)
    sections = (it.sections[0], lowered, *it.sections[2:])
    write_manifest(park, msgspec.structs.replace(it, sections=sections))
    assert (("cues", "section 2, 导语") not in found(run, park)) == is_good


def test_a_section_of_two_channels_in_an_episode_of_one_is_told(run: Run, park: Path) -> None:
    samples = np.repeat(tone(5, LOUD), 2).astype("<i2")
    stereo = Format(channels=2, kbps=128)
    (park / SECOND).write_bytes(b"".join(encode([samples.tobytes()], stereo)))
    told = run("check", park)
    assert told.returncode == 1
    assert "off: decoding: section 2, 导语: it has 2 channels, not 1" in told.stdout


@pytest.mark.parametrize("name", [WHOLE, "episode.json", "chapters.json", SECOND])
def test_a_folder_in_the_place_of_a_file_is_told_and_the_next_episode_looked_at(
    run: Run, park: Path, name: str
) -> None:
    shutil.copytree(park, park.with_name("z"))
    (park / name).unlink()
    (park / name).mkdir()
    told = run("check", park.parent)
    assert told.returncode == 1
    assert told.stderr == ""
    assert told.stdout.count("all is as it should be") == 1


def test_an_episode_without_a_manifest_is_not_passed_over(run: Run, park: Path) -> None:
    (park / "episode.json").unlink()
    told = run("check", park.parent)
    assert told.returncode == 1
    assert "off: manifest: episode.json" in told.stdout


def test_a_rhythm_mark_that_is_not_heard_is_missed(run: Run, park: Path) -> None:
    manifest = json.loads((park / "episode.json").read_text("utf-8"))
    manifest["label"]["sound"] = "both"
    write_manifest(park, msgspec.convert(manifest, Manifest))
    assert found(run, park) == [("label", "")]


@pytest.mark.parametrize("suffix", ["m4b", "opus"])
def test_a_container_without_its_label_is_told(run: Run, park: Path, suffix: str) -> None:
    it, name = open_episode(park), f"episode.{suffix}"
    sections = [park / section.file for section in it.sections]
    chapters = [Chapter(s.start_ms, s.start_ms + s.duration_ms, s.title) for s in it.sections]
    for label, expected in ((it.label.metadata, []), ("{}", [("label", name)])):
        tags = Tags(it.title, label=label)
        containers.write(park / name, sections, chapters, tags, FORM)
        manifest = msgspec.structs.replace(
            it,
            sound=msgspec.structs.replace(it.sound, formats=(suffix,)),
            files={**it.files, name: file_entry(park / name)},
        )
        write_manifest(park, manifest)
        assert found(run, park) == expected


def test_the_line_about_the_voice_that_is_not_spoken_is_missed(run: Run, park: Path) -> None:
    script = park / "script.json"
    script.write_text(script.read_text("utf-8").replace('"disclosure"', '"byline"'), "utf-8")
    assert ("label", "") in found(run, park)
