"""Episodes at the edges of what a tag and a format can hold, read by other people's programs."""

import json
import subprocess
from pathlib import Path
from typing import Any

import eyed3  # type: ignore[import-untyped]
import pytest

from hy_audio.errors import MediaError
from hy_audio.stitch import timeline
from hy_audio.stitch.model import Tags
from hy_audio.stitch.mp3 import FRAME_SAMPLES, KBPS, RATES_HZ, Format, encode
from hy_audio.stitch.mux import mux

FORMATS = [Format(r, c, k) for r in RATES_HZ for c, rates in KBPS.items() for k in rates]
USUAL = Format()


def episode(path: Path, titles: list[str], form: Format = USUAL, **tags: Any) -> list[int]:
    """Sections of seven frames of silence, and more, that lengthen one by one.

    Returns:
        Where each begins, and where the last one ends.
    """
    paths, frames = [], []
    for n in range(len(titles)):
        silence = bytes((7 + n % 5) * FRAME_SAMPLES * 2 * form.channels)
        data = b"".join(encode([silence], form))
        paths.append(path.with_name(f"{n}.mp3"))
        paths[-1].write_bytes(data)
        frames.append(form.count(data))
    times_ms = timeline.starts_ms(frames, form)
    chapters = timeline.chapters(titles, times_ms)
    mux(path, paths, sum(frames), chapters, Tags("样刊", **tags), form)
    return times_ms


def by_ffprobe(path: Path) -> Any:
    options = ["-v", "error", "-of", "json", "-show_chapters", "-show_streams", "-count_frames"]
    done = subprocess.run(["ffprobe", *options, path], capture_output=True, check=True)
    assert not done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_every_format_has_its_chapters_its_rate_and_all_its_frames(
    tmp_path: Path, form: Format
) -> None:
    path, titles = tmp_path / "episode.mp3", ["开场", "第一节", "第二节"]
    times_ms = episode(path, titles, form)
    found = by_ffprobe(path)
    (stream,) = found["streams"]
    assert (int(stream["sample_rate"]), stream["channels"]) == (form.rate_hz, form.channels)
    assert int(stream["bit_rate"]) == form.kbps * 1000
    samples = int(stream["nb_read_frames"]) * FRAME_SAMPLES
    assert form.ms(samples - FRAME_SAMPLES) == times_ms[-1]  # less the silent frame
    assert [c["tags"]["title"] for c in found["chapters"]] == titles
    assert [c["start"] for c in found["chapters"]] == times_ms[:-1]
    checked = subprocess.run(["mp3val", path], capture_output=True, text=True, check=True).stdout
    assert "WARNING" not in checked


@pytest.mark.parametrize("count", [255, 256, 300])
def test_a_table_of_contents_has_255_chapters_at_most_and_the_last_one_has_the_rest(
    tmp_path: Path, count: int
) -> None:
    path = tmp_path / "episode.mp3"
    times_ms = episode(path, [f"第{n}节" for n in range(count)])
    tag = eyed3.load(path).tag
    (contents,) = tag.table_of_contents
    chapters = [tag.chapters.get(name) for name in contents.child_ids]
    assert len(chapters) == 255
    assert [c.title for c in chapters] == [f"第{n}节" for n in range(255)]
    assert [c.times.start for c in chapters] == times_ms[:255]
    assert chapters[-1].times.end == times_ms[-1]


@pytest.mark.parametrize(
    "title", ["一" * 500, "带😀表情", "两\n行", "引号“”《》&<>\"'", "ａ　全角空格", "\ufeff开头"]
)
def test_a_title_comes_back_as_it_was_on_one_line(tmp_path: Path, title: str) -> None:
    path = tmp_path / "episode.mp3"
    episode(path, ["开场", title])
    told = " ".join(title.split())
    assert by_ffprobe(path)["chapters"][1]["tags"]["title"] == told
    assert [c.title for c in eyed3.load(path).tag.chapters][1] == told


@pytest.mark.parametrize("name", ["cover.txt", "cover.mp3"])
def test_a_cover_that_is_no_picture_is_refused_and_no_episode_is_begun(
    tmp_path: Path, name: str
) -> None:
    cover = tmp_path / name
    cover.write_bytes(b"no picture" if name.endswith("txt") else USUAL.silent_frame * 50)
    with pytest.raises(MediaError, match=f"{name} can't be used as a cover"):
        episode(tmp_path / "episode.mp3", ["开场"], cover=cover)
    assert not list(tmp_path.glob("*episode*"))
