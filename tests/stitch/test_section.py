from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hy_audio.errors import MediaError
from hy_audio.sound import decode_mp3
from hy_audio.speech.model import Clip, Mark
from hy_audio.speech.wav import RATE_HZ as CLIP_RATE_HZ
from hy_audio.speech.wav import silence, wav
from hy_audio.stitch import mp3
from hy_audio.stitch.edit import MARGIN_MS, read, trim
from hy_audio.stitch.model import Line, Stitched, Track, Tune
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.music import MARK_DBFS
from hy_audio.stitch.section import LEAD_IN_MS, Job, recipe, stitch

FORM = Format()
MakeClip = Callable[..., Clip]


@pytest.fixture
def clip(tmp_path: Path) -> MakeClip:
    def make(name: str, *parts_ms: int, marks: tuple[Mark, ...] = (), level: float = 0.3) -> Clip:
        """Silences and tones in turn, beginning with a silence."""
        pieces = []
        for n, ms in enumerate(parts_ms):
            t = np.arange(ms * CLIP_RATE_HZ // 1000) / CLIP_RATE_HZ
            sound = (level * np.sin(2 * np.pi * 500 * t)).astype("f4")
            pieces.append(sound if n % 2 else silence(ms))
        path = tmp_path / f"{name}.audio"
        path.write_bytes(wav(np.concatenate(pieces)))
        return Clip(name, path, mp3.digest(path.read_bytes()), sum(parts_ms), marks, ())

    return make


def line(key: str, *texts: str, pause_ms: int = 500, starts: tuple[int, ...] = (0,)) -> Line:
    return Line(key, texts or ("一",), starts, max(3, len(texts)), pause_ms)


def one(
    tmp_path: Path, *pairs: tuple[Clip, Line], name: str = "01", form: Format = FORM
) -> Stitched:
    """A section alone."""
    clips, lines = zip(*pairs, strict=True)
    (made,) = stitch([Job(Track("题", "v", lines), clips, tmp_path / f"{name}.mp3")], form)
    return made


def test_a_clip_is_trimmed_to_its_margins(clip: MakeClip) -> None:
    sound, moved_ms = trim(read(clip("a", 400, 1000, 600).path, FORM))
    assert moved_ms == pytest.approx(400 - MARGIN_MS, abs=6)
    assert len(sound) == pytest.approx(1000 + 2 * MARGIN_MS, abs=12)


def test_a_trimmed_clip_begins_and_ends_in_silence(clip: MakeClip) -> None:
    sound, _ = trim(read(clip("a", 0, 1000).path, FORM))
    samples = np.abs(np.frombuffer(sound.raw_data, "<i2").astype(int))
    assert samples[0] < 50
    assert samples[-1] < 50


def test_a_silent_clip_survives_trimming(clip: MakeClip) -> None:
    sound, moved_ms = trim(read(clip("a", 300).path, FORM))
    assert len(sound) > 0
    assert moved_ms == 0


def test_a_clip_that_is_no_audio_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.audio"
    path.write_bytes(b"this is not audio" * 100)
    with pytest.raises(MediaError, match=r"broken\.audio"):
        read(path, FORM)


def test_a_clip_that_is_gone_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.audio"):
        read(tmp_path / "gone.audio", FORM)


@pytest.mark.parametrize("form", [FORM, Format(44_100, 2, 128)], ids=str)
def test_lines_lie_where_their_clips_and_pauses_put_them(
    clip: MakeClip, tmp_path: Path, form: Format
) -> None:
    made = one(
        tmp_path,
        (clip("a", 0, 1000), line("a", pause_ms=500)),
        (clip("b", 200, 800, 200), line("b", pause_ms=900)),
        form=form,
    )
    first, second = made.placed
    assert first.start_ms == LEAD_IN_MS
    assert second.start_ms == pytest.approx(first.end_ms + 500, abs=1)
    padding_ms = form.ms(made.frames * mp3.FRAME_SAMPLES) - second.end_ms - 900
    frame_ms = form.ms(mp3.FRAME_SAMPLES)
    assert frame_ms - 1 <= padding_ms <= 2 * frame_ms + 1
    data = made.path.read_bytes()
    assert form.count(data) == made.frames
    assert made.sha256 == mp3.digest(data)


def test_text_times_follow_the_marks_of_the_engine(clip: MakeClip, tmp_path: Path) -> None:
    marks = (Mark(0, 1, 0, 1300), Mark(1, 2, 1300, 2300), Mark(2, 3, 2600, 3900))
    spoken = clip("a", 300, 1000, 300, 1000, 300, 1000, marks=marks)
    made = one(tmp_path, (spoken, line("a", "一", "二", "三", starts=(0, 1, 2))))
    times = made.placed[0].texts_ms
    assert times[0] == made.placed[0].start_ms
    moved_ms = 300 - MARGIN_MS
    assert times[1] - times[0] == pytest.approx(1300 - moved_ms, abs=6)
    assert times[2] - times[1] == 1300


@pytest.mark.parametrize(("marks", "expected_ms"), [((), 500), ((Mark(0, 4, 200, 800),), 500)])
def test_inside_a_mark_and_without_any_characters_are_equally_long(
    clip: MakeClip, tmp_path: Path, marks: tuple[Mark, ...], expected_ms: int
) -> None:
    long = replace(line("a", "一二", "三四", starts=(0, 2)), length=4)
    place = one(tmp_path, (clip("a", 0, 1000, marks=marks), long)).placed[0]
    assert place.texts_ms[1] - place.start_ms == pytest.approx(expected_ms, abs=6)


@pytest.mark.parametrize(
    "marks",
    [
        (),
        (Mark(0, 1, 0, 99), Mark(2, 3, 99_999, 100_000)),
        (Mark(1, 2, 900, 999), Mark(2, 3, 100, 1)),
    ],
)
def test_missing_or_wrong_marks_never_put_times_out_of_order(
    clip: MakeClip, tmp_path: Path, marks: tuple[Mark, ...]
) -> None:
    spoken = line("a", "一", "二", "三", starts=(0, 1, 2))
    place = one(tmp_path, (clip("a", 0, 1000, marks=marks), spoken)).placed[0]
    times = (*place.texts_ms, place.end_ms)
    assert all(a <= b for a, b in pairwise(times))


def test_equal_recipes_make_equal_files_and_other_sounds_other_recipes(
    clip: MakeClip, tmp_path: Path
) -> None:
    track = Track("题", "v", (line("a", pause_ms=300),))
    same = Track("新题", "v", (line("a", "壹", pause_ms=300),))
    tune = Tune(tmp_path / "t.wav", "0" * 64)
    others = (
        Track("题", "v", (line("a", pause_ms=301),)),
        Track("题", "v", (line("b", pause_ms=300),)),
        replace(track, rhythm=True),
        replace(track, opening=tune),
        replace(track, closing=tune),
        replace(track, bed=tune),
    )
    assert recipe(track, FORM) == recipe(same, FORM)
    hashes = {recipe(t, FORM) for t in (track, *others)} | {recipe(track, Format(44_100, 1, 96))}
    assert len(hashes) == len(others) + 2
    sound = clip("a", 0, 500)
    paths = [tmp_path / f"{n}.mp3" for n in range(2)]
    jobs = [Job(t, (sound,), path) for t, path in zip((track, same), paths, strict=True)]
    stitch(jobs, FORM)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def level(made: Stitched) -> float:
    samples = np.concatenate(list(decode_mp3([made.path.read_bytes()])))
    return float(np.abs(samples).max())


def test_a_short_section_takes_the_gain_of_its_neighbour_of_the_same_speaker(
    clip: MakeClip, tmp_path: Path
) -> None:
    """Alone, the quiet heading would be raised as high as the text."""
    text, heading = clip("text", 0, 5000, level=0.2), clip("heading", 0, 800, level=0.05)
    other = clip("other", 0, 5000, level=0.02)
    jobs = [
        Job(Track(name, speaker, (line(name),)), (sound,), tmp_path / f"{n}.mp3")
        for n, (name, speaker, sound) in enumerate(
            (("other", "w", other), ("heading", "v", heading), ("text", "v", text))
        )
    ]
    quiet, short, long = stitch(jobs, FORM)
    assert short.gain_db == long.gain_db != quiet.gain_db
    assert level(short) == pytest.approx(level(long) / 4, rel=0.05)
    (alone,) = stitch(jobs[1:2], FORM)
    assert level(alone) == pytest.approx(level(long), rel=0.1)


def test_a_short_section_with_the_mark_has_its_words_as_loud_as_its_neighbour(
    clip: MakeClip, tmp_path: Path
) -> None:
    text, title = clip("text", 0, 5000, level=0.2), clip("title", 0, 800, level=0.2)
    jobs = [
        Job(Track("开场", "v", (line("title"),), rhythm=True), (title,), tmp_path / "0.mp3"),
        Job(Track("一", "v", (line("text"),)), (text,), tmp_path / "1.mp3"),
    ]
    opening, long = stitch(jobs, FORM)
    assert opening.gain_db == long.gain_db
    samples = np.concatenate(list(decode_mp3([opening.path.read_bytes()])))
    place = opening.placed[0]
    words, mark = (
        float(np.abs(part).max())
        for part in (samples[place.start_ms * 48 : place.end_ms * 48], samples[: 1500 * 48])
    )
    assert words == pytest.approx(level(long), rel=0.1)
    assert 20 * np.log10(mark) == pytest.approx(MARK_DBFS, abs=0.5)


def test_a_section_with_music_neither_lends_its_gain_nor_takes_another(
    clip: MakeClip, tmp_path: Path
) -> None:
    music = clip("music", 0, 6000, level=0.3)
    tune = Tune(music.path, "music")
    text, word = clip("text", 0, 5000, level=0.2), clip("word", 0, 800, level=0.2)
    jobs = [
        Job(Track("开场", "v", (line("text"),), bed=tune), (text,), tmp_path / "0.mp3"),
        Job(Track("一", "v", (line("word"),)), (word,), tmp_path / "1.mp3"),
        Job(Track("二", "v", (line("word"),), closing=tune), (word,), tmp_path / "2.mp3"),
    ]
    opening, short, last = stitch(jobs, FORM)
    (alone,) = stitch(jobs[1:2], FORM)
    assert short.gain_db == alone.gain_db != opening.gain_db
    (closing,) = stitch(jobs[2:], FORM)
    assert last.gain_db == closing.gain_db


def test_a_section_that_is_kept_lends_its_gain_and_is_not_touched(
    clip: MakeClip, tmp_path: Path
) -> None:
    kept = Stitched(tmp_path / "gone.mp3", 10, "0" * 64, 7.5, ())
    long = replace(kept, placed=one(tmp_path, (clip("t", 0, 5000), line("t"))).placed)
    tracks = [Track("一", "v", (line("t"),)), Track("二", "v", (line("h"),))]
    jobs = [
        Job(tracks[0], (), long.path, long),
        Job(tracks[1], (clip("h", 0, 900),), tmp_path / "h.mp3"),
    ]
    first, second = stitch(jobs, FORM)
    assert first is long
    assert second.gain_db == 7.5
    assert not kept.path.exists()
