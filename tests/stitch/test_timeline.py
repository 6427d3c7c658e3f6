import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.stitch.model import Chapter, Cue, Line, Placed, Tags
from hy_audio.stitch.mp3 import RATES_HZ, Format
from hy_audio.stitch.timeline import MOST_CHAPTERS, chapters, cues, starts_ms
from hy_audio.stitch.transcript import chapters_json, description, srt, vtt

FORM = Format()


def line(*texts: str) -> Line:
    return Line("k", texts, tuple(range(len(texts))), len(texts), 500)


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=40), st.sampled_from(RATES_HZ))
def test_chapters_tile_the_episode_in_whole_frames(frames: list[int], rate_hz: int) -> None:
    times_ms = starts_ms(frames, Format(rate_hz, 1, 96))
    found = chapters([str(n) for n in range(len(frames))], times_ms)
    assert found[0].start_ms == 0
    assert abs(found[-1].end_ms - 1_152_000 * sum(frames) / rate_hz) <= 0.5
    assert all(a.end_ms == b.start_ms for a, b in pairwise(found))


def test_at_48_khz_a_frame_is_24_ms_exactly() -> None:
    assert starts_ms([1, 2, 1000], FORM) == [0, 24, 72, 24_072]


def test_more_chapters_than_a_table_of_contents_holds_share_the_last() -> None:
    found = chapters([f"第{n}节" for n in range(300)], starts_ms([10] * 300, FORM))
    assert len(found) == MOST_CHAPTERS == 255
    assert (found[-1].start_ms, found[-1].end_ms) == (254 * 240, 300 * 240)


def test_a_cue_for_each_text_from_where_it_is_heard() -> None:
    lines = [line("一。", "二。"), line("三。")]
    placed = [Placed(120, 3000, (120, 1500)), Placed(3500, 4000, (3500,))]
    assert list(cues(10_000, lines, placed)) == [
        Cue(10_120, 11_500, "一。"),
        Cue(11_500, 13_000, "二。"),
        Cue(13_500, 14_000, "三。"),
    ]


@pytest.mark.parametrize(
    ("starts_ms", "expected_ms"),
    [
        ((100, 100, 500), (100, 300, 500)),
        ((100, 500, 500), (100, 500, 700)),
        ((100, 500, 900), (100, 500, 700)),
        ((100, 900, 900), (100, 366, 633)),
        ((100, 100, 100), (100, 366, 633)),
    ],
)
def test_texts_that_share_a_time_have_it_one_after_another(
    starts_ms: tuple[int, ...], expected_ms: tuple[int, ...]
) -> None:
    found = list(cues(0, [line("一。", "二。", "三。")], [Placed(100, 900, starts_ms)]))
    assert [cue.text for cue in found] == ["一。", "二。", "三。"]
    assert tuple(cue.start_ms for cue in found) == expected_ms
    assert [cue.end_ms for cue in found] == [*expected_ms[1:], 900]


def test_a_longer_one_has_more_of_a_time_that_is_shared() -> None:
    (first, second) = cues(0, [line("一二三。", "五")], [Placed(0, 1000, (0, 0))])
    assert (first.end_ms, second.start_ms) == (800, 800)


def test_vtt_and_srt_tell_the_same_times_in_their_own_ways() -> None:
    cue = [Cue(3_723_045, 3_725_000, "甲 <乙> & 丙")]
    assert vtt(cue) == ("WEBVTT\n\n01:02:03.045 --> 01:02:05.000\n甲 &lt;乙&gt; &amp; 丙\n")
    assert srt(cue) == "1\n01:02:03,045 --> 01:02:05,000\n甲 <乙> & 丙\n"


@pytest.mark.parametrize("text", ["甲，\n乙。", "甲，\r\n\n乙。", " 甲，\n \n\x0b乙。\n"])
def test_a_cue_keeps_its_lines_and_an_empty_one_does_not_end_it(text: str) -> None:
    cue = [Cue(0, 1000, text)]
    assert vtt(cue).endswith("00:00:01.000\n甲，\n乙。\n")
    assert srt(cue).endswith("00:00:01,000\n甲，\n乙。\n")


def test_the_description_has_a_time_stamp_for_each_chapter() -> None:
    found = [
        Chapter(0, 61_999, "开场"),
        Chapter(61_999, 3_700_000, "正文\n一"),
        Chapter(3_700_000, 4_000_000, "尾"),
    ]
    told = description(found, Tags("题", "记者", "节目", "2026-11-28"))
    assert told == (
        "题 · 记者 · 节目 · 2026-11-28\n\n00:00:00 开场\n00:01:01 正文 一\n01:01:40 尾\n"
    )


def test_chapters_json_is_podcasting_2_in_seconds() -> None:
    told = json.loads(chapters_json([Chapter(0, 1500, "开场")], Tags("题", "记者", "节目")))
    assert told == {
        "version": "1.2.0",
        "title": "题",
        "author": "记者",
        "podcastName": "节目",
        "chapters": [{"startTime": 0.0, "endTime": 1.5, "title": "开场"}],
    }
