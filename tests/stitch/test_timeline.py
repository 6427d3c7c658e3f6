import json
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hy_audio.speech.model import Clip
from hy_audio.stitch.model import Chapter, Cue, Placed, Tags, Take
from hy_audio.stitch.timeline import chapters, cues
from hy_audio.stitch.transcript import chapters_json, srt, vtt

CLIP = Clip("k", Path("k"), "", 0, (), ())


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=40))
def test_chapters_tile_the_episode_in_whole_frames(frames: list[int]) -> None:
    found = chapters([str(n) for n in range(len(frames))], frames)
    assert found[0].start_ms == 0
    assert found[-1].end_ms == 24 * sum(frames)
    assert all(a.end_ms == b.start_ms for a, b in pairwise(found))


def test_a_cue_for_each_sentence_from_where_it_is_heard() -> None:
    takes = [Take(CLIP, ("一。", "二。"), (0, 2), 500), Take(CLIP, ("三。",), (0,), 0)]
    placed = [Placed(120, 3000, (120, 1500)), Placed(3500, 4000, (3500,))]
    assert list(cues(Chapter(10_000, 20_000, "题"), takes, placed)) == [
        Cue(10_120, 11_500, "一。"),
        Cue(11_500, 13_000, "二。"),
        Cue(13_500, 14_000, "三。"),
    ]


def test_sentences_that_share_a_time_share_a_cue() -> None:
    takes = [Take(CLIP, ("一。", "二。", "三。"), (0, 2, 4), 0)]
    found = list(cues(Chapter(0, 9000, "题"), takes, [Placed(100, 900, (100, 100, 500))]))
    assert found == [Cue(100, 500, "一。二。"), Cue(500, 900, "三。")]


def test_vtt_and_srt_tell_the_same_times_in_their_own_ways() -> None:
    cue = [Cue(3_723_045, 3_725_000, "甲 <乙> & 丙")]
    assert vtt(cue) == ("WEBVTT\n\n01:02:03.045 --> 01:02:05.000\n甲 &lt;乙&gt; &amp; 丙\n")
    assert srt(cue) == "1\n01:02:03,045 --> 01:02:05,000\n甲 <乙> & 丙\n"


def test_a_line_break_in_a_cue_does_not_end_it() -> None:
    assert "甲 乙" in vtt([Cue(0, 1000, "甲\n乙")])
    assert "甲 乙" in srt([Cue(0, 1000, "甲\n\n乙")])


def test_chapters_json_is_podcasting_2_in_seconds() -> None:
    told = json.loads(chapters_json([Chapter(0, 1500, "开场")], Tags("题", "记者", "节目")))
    assert told == {
        "version": "1.2.0",
        "title": "题",
        "author": "记者",
        "podcastName": "节目",
        "chapters": [{"startTime": 0.0, "endTime": 1.5, "title": "开场"}],
    }
