"""The real page in the embedded voice, read by programs that nobody here wrote."""

import json
import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
from conftest import Episode, Run, build_with

from hy_audio.episode import file_entry
from hy_audio.sound import decode, decode_mp3
from hy_audio.stitch.loudness import Loudness, Meter
from hy_audio.stitch.master import CEILING_DBTP, TARGET_LUFS

RATE_HZ = 48_000
FRAME_SAMPLES = 1152
HEADINGS = ("岁月,没有辜负", "打出“教科书”式", "蓬勃向上的衡阳,")


def probe(path: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def decoded_samples(path: Path) -> int:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return len(done.stdout) // 2


@pytest.fixture(params=["hengyang_episode", "park_episode"])
def episode(request: pytest.FixtureRequest) -> Episode:
    found: Episode = request.getfixturevalue(request.param)
    return found


def test_its_chapters_are_the_opening_and_the_headings_in_order(hengyang_episode: Episode) -> None:
    titles = [
        c["tags"]["title"] for c in probe(hengyang_episode.folder / "episode.mp3")["chapters"]
    ]
    assert titles[0] == "开场"
    assert len(titles) == 4
    assert all(title.startswith(h) for title, h in zip(titles[1:], HEADINGS, strict=True))


def test_chapter_times_match_the_section_lengths_to_the_millisecond(episode: Episode) -> None:
    found = probe(episode.folder / "episode.mp3")["chapters"]
    start_ms = 0
    for chapter, section in zip(found, episode.manifest.sections, strict=True):
        assert chapter["time_base"] == "1/1000"
        assert chapter["start"] == start_ms == section.start_ms
        samples = (episode.folder / section.file).stat().st_size // 288 * FRAME_SAMPLES
        assert chapter["end"] - chapter["start"] == samples * 1000 // RATE_HZ == section.duration_ms
        start_ms = chapter["end"]
    assert start_ms == episode.manifest.duration_ms


def test_mp3val_has_no_complaint(episode: Episode) -> None:
    assert complaints(episode.folder / "episode.mp3") == []


def test_mp3val_misses_nothing_in_a_section_but_the_tag_it_is_not_meant_to_have(
    episode: Episode,
) -> None:
    for section in episode.manifest.sections:
        (line,) = complaints(episode.folder / section.file)
        assert line.endswith("No supported tags in the file")


def complaints(path: Path) -> list[str]:
    done = subprocess.run(["mp3val", str(path)], capture_output=True, text=True, check=True)
    assert "MPEG 1 Layer III" in done.stdout
    return [line for line in done.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]


def test_the_decoded_length_is_the_manifests_to_the_sample(episode: Episode) -> None:
    expected = episode.manifest.duration_ms * RATE_HZ // 1000
    assert decoded_samples(episode.folder / "episode.mp3") == expected


def test_the_tag_names_title_author_and_language(hengyang_episode: Episode, hengyang: Path) -> None:
    headline = hengyang.read_text("utf-8").splitlines()[2]
    tags = probe(hengyang_episode.folder / "episode.mp3")["format"]["tags"]
    assert tags["title"] == hengyang_episode.manifest.title == headline
    assert tags["artist"] == "衡阳日报全媒体记者 王靖"
    assert tags["language"] == "zho"


def test_the_section_files_are_in_the_episode_byte_for_byte(episode: Episode) -> None:
    whole = (episode.folder / "episode.mp3").read_bytes()
    joined = b"".join((episode.folder / s.file).read_bytes() for s in episode.manifest.sections)
    assert joined in whole


def test_the_manifest_describes_every_file(episode: Episode) -> None:
    manifest = episode.manifest
    for name, entry in manifest.files.items():
        assert file_entry(episode.folder / name) == entry
    for section in manifest.sections:
        assert file_entry(episode.folder / section.file).sha256 == section.sha256
    listed = {"episode.json", *manifest.files, *(s.file for s in manifest.sections)}
    there = {
        p.relative_to(episode.folder).as_posix() for p in episode.folder.rglob("*") if p.is_file()
    }
    assert there == listed


def test_chapters_json_says_what_the_tag_says(episode: Episode) -> None:
    told = json.loads((episode.folder / "chapters.json").read_text("utf-8"))
    assert told["version"] == "1.2.0"
    for chapter, section in zip(told["chapters"], episode.manifest.sections, strict=True):
        assert chapter["title"] == section.title
        assert round(chapter["startTime"] * 1000) == section.start_ms
        assert round(chapter["endTime"] * 1000) == section.start_ms + section.duration_ms


CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)[.,](\d\d\d) --> (\d\d):(\d\d):(\d\d)[.,](\d\d\d)")


def cue_times(text: str) -> list[tuple[int, int]]:
    def ms(h: str, m: str, s: str, rest: str) -> int:
        return ((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(rest)

    return [(ms(*t[:4]), ms(*t[4:])) for t in CLOCK.findall(text)]


def test_both_transcripts_have_the_cues_of_the_manifest_and_the_same_times(
    episode: Episode,
) -> None:
    vtt, srt = ((episode.folder / f"transcript.{n}").read_text("utf-8") for n in ("vtt", "srt"))
    cues = sum(len(u.texts_ms) for s in episode.manifest.sections for u in s.utterances)
    assert len(cue_times(vtt)) == cues
    assert cue_times(vtt) == cue_times(srt)


def test_cues_follow_one_another_and_stay_inside_the_episode(episode: Episode) -> None:
    times = cue_times((episode.folder / "transcript.vtt").read_text("utf-8"))
    assert all(start < end for start, end in times)
    assert all(a[1] <= b[0] for a, b in pairwise(times))
    assert times[-1][1] <= episode.manifest.duration_ms


def test_ffmpeg_reads_the_same_cues_from_both_transcripts(episode: Episode) -> None:
    for name in ("transcript.vtt", "transcript.srt"):
        path = episode.folder / name
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "srt", "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert cue_times(done.stdout) == cue_times(path.read_text("utf-8"))


def test_every_section_and_the_whole_are_at_the_target(hengyang_episode: Episode) -> None:
    def shown(path: Path) -> Loudness:
        """After decoding."""
        meter = Meter(RATE_HZ, 1, peak=True, kind="flt")
        for block in decode_mp3([path.read_bytes()]):
            meter.add(block.reshape(-1))
        return meter.read()

    for section in hengyang_episode.manifest.sections:
        one = shown(hengyang_episode.folder / section.file)
        assert one.integrated_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
        assert one.peak_dbtp <= CEILING_DBTP
    whole = decode(hengyang_episode.folder / "episode.mp3", RATE_HZ) / 32768
    theirs = pyloudnorm.Meter(RATE_HZ).integrated_loudness(np.stack([whole, whole], axis=1))
    assert theirs == pytest.approx(TARGET_LUFS, abs=0.5)


def test_every_cue_begins_where_its_sentence_can_be_heard(hengyang_episode: Episode) -> None:
    """Loud within 200 ms after the start, and quiet just before the first cue of an utterance."""
    command = ["ffmpeg", "-v", "error", "-i", str(hengyang_episode.folder / "episode.mp3")]
    done = subprocess.run([*command, "-f", "s16le", "-"], capture_output=True, check=True)
    pcm = memoryview(done.stdout).cast("h")

    def peak(start_ms: int, length_ms: int) -> int:
        return max(map(abs, pcm[start_ms * 48 : (start_ms + length_ms) * 48]), default=0)

    for section in hengyang_episode.manifest.sections:
        for u in section.utterances:
            assert peak(section.start_ms + u.start_ms - 60, 50) < 300
            for start_ms in u.texts_ms:
                assert peak(section.start_ms + start_ms, 200) > 1000


def test_the_lost_text_is_a_warning_with_its_line(hengyang_episode: Episode) -> None:
    (warning,) = hengyang_episode.printed["warnings"]
    assert warning["rule"] == "lost-text"


def test_no_clip_of_the_real_page_lost_a_sound(hengyang_episode: Episode) -> None:
    assert "no sound for" not in hengyang_episode.told


def test_the_embedded_voice_reports_to_nobody(hengyang_episode: Episode, cache: Path) -> None:
    """ONNX Runtime keeps what it means to send to its maker in a folder of the cache."""
    assert {p.name for p in cache.iterdir()} == {"hy-audio"}


def test_a_second_build_speaks_nothing_anew_and_changes_no_byte(
    run: Run,
    hengyang: Path,
    hengyang_episode: Episode,
    snapshot: Callable[[Path], dict[str, bytes]],
) -> None:
    before = snapshot(hengyang_episode.folder)
    assert hengyang_episode.printed["clips"]["spoken"] > 60
    again = build_with(run, hengyang, hengyang_episode.folder.parent)
    assert again.printed["clips"]["spoken"] == 0
    assert snapshot(again.folder) == before


def test_the_script_on_disk_has_the_printed_words_and_the_ledger(hengyang_episode: Episode) -> None:
    folder = hengyang_episode.folder
    source = (folder / "source.txt").read_text("utf-8")
    script = json.loads((folder / "script.json").read_text("utf-8"))
    assert "".join(span["text"] for span in script["ledger"]) == source
    entries = [u["id"] for s in script["sections"] for u in s["utterances"]]
    assert entries == [u.id for s in hengyang_episode.manifest.sections for u in s.utterances]
