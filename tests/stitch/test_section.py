from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hy_audio.errors import MediaError
from hy_audio.speech.model import Clip, Mark
from hy_audio.speech.wav import RATE_HZ as CLIP_RATE_HZ
from hy_audio.speech.wav import silence, wav
from hy_audio.stitch import mp3
from hy_audio.stitch.edit import LEAD_IN_MS, MARGIN_MS, read, trim
from hy_audio.stitch.model import Take, Track
from hy_audio.stitch.section import recipe, stitch

MakeClip = Callable[..., Clip]


@pytest.fixture
def clip(tmp_path: Path) -> MakeClip:
    def make(name: str, *parts_ms: int, marks: tuple[Mark, ...] = ()) -> Clip:
        """Silences and tones in turn, beginning with a silence."""
        pieces = []
        for n, ms in enumerate(parts_ms):
            t = np.arange(ms * CLIP_RATE_HZ // 1000) / CLIP_RATE_HZ
            sound = (0.3 * np.sin(2 * np.pi * 500 * t)).astype("f4")
            pieces.append(sound if n % 2 else silence(ms))
        path = tmp_path / f"{name}.audio"
        path.write_bytes(wav(np.concatenate(pieces)))
        return Clip(name, path, mp3.digest(path.read_bytes()), sum(parts_ms), marks, ())

    return make


def test_a_clip_is_trimmed_to_its_margins(clip: MakeClip) -> None:
    sound, moved_ms = trim(read(clip("a", 400, 1000, 600).path))
    assert moved_ms == pytest.approx(400 - MARGIN_MS, abs=6)
    assert len(sound) == pytest.approx(1000 + 2 * MARGIN_MS, abs=12)


def test_a_trimmed_clip_begins_and_ends_in_silence(clip: MakeClip) -> None:
    sound, _ = trim(read(clip("a", 0, 1000).path))
    samples = np.abs(np.frombuffer(sound.raw_data, "<i2").astype(int))
    assert samples[0] < 50
    assert samples[-1] < 50


def test_a_silent_clip_survives_trimming(clip: MakeClip) -> None:
    sound, moved_ms = trim(read(clip("a", 300).path))
    assert len(sound) > 0
    assert moved_ms == 0


def test_a_clip_that_is_no_audio_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.audio"
    path.write_bytes(b"this is not audio" * 100)
    with pytest.raises(MediaError, match=r"broken\.audio"):
        read(path)


def test_takes_lie_where_their_clips_and_pauses_put_them(clip: MakeClip, tmp_path: Path) -> None:
    takes = (
        Take(clip("a", 0, 1000), ("一",), (0,), 500),
        Take(clip("b", 200, 800, 200), ("二",), (0,), 900),
    )
    made = stitch(Track("题", takes), tmp_path / "01.mp3")
    first, second = made.placed
    assert first.start_ms == LEAD_IN_MS
    assert second.start_ms == first.end_ms + 500
    length_ms = second.end_ms + 900
    assert made.frames * mp3.FRAME_MS - length_ms in range(mp3.FRAME_MS, 2 * mp3.FRAME_MS + 1)
    assert made.path.stat().st_size == made.frames * mp3.FRAME_BYTES
    assert made.sha256 == mp3.digest(made.path.read_bytes())


def test_sentence_times_follow_the_marks_of_the_engine(clip: MakeClip, tmp_path: Path) -> None:
    marks = (Mark(0, 1, 0, 1300), Mark(1, 2, 1300, 2300), Mark(2, 3, 2600, 3900))
    spoken = clip("a", 300, 1000, 300, 1000, 300, 1000, marks=marks)
    made = stitch(
        Track("题", (Take(spoken, ("一", "二", "三"), (0, 1, 2), 0),)), tmp_path / "01.mp3"
    )
    times = made.placed[0].sentences_ms
    assert times[0] == made.placed[0].start_ms
    moved_ms = 300 - MARGIN_MS
    assert times[1] - times[0] == pytest.approx(1300 - moved_ms, abs=6)
    assert times[2] - times[1] == 1300


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
    take = Take(clip("a", 0, 1000, marks=marks), ("一", "二", "三"), (0, 1, 2), 0)
    place = stitch(Track("题", (take,)), tmp_path / "01.mp3").placed[0]
    times = (*place.sentences_ms, place.end_ms)
    assert all(a <= b for a, b in pairwise(times))


def test_equal_recipes_make_equal_files_and_other_sounds_other_recipes(
    clip: MakeClip, tmp_path: Path
) -> None:
    track = Track("题", (Take(clip("a", 0, 500), ("一",), (0,), 300),))
    longer = Track("题", (Take(clip("a", 0, 500), ("一",), (0,), 301),))
    other = Track("题", (Take(clip("b", 0, 501), ("一",), (0,), 300),))
    renamed = Track("新题", (Take(clip("a", 0, 500), ("壹",), (0,), 300),))
    assert recipe(track) == recipe(renamed)
    assert len({recipe(track), recipe(longer), recipe(other)}) == 3
    one, two = (stitch(t, tmp_path / f"{n}.mp3") for n, t in enumerate((track, renamed)))
    assert one.path.read_bytes() == two.path.read_bytes()
