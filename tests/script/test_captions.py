from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from script_texts import ARTICLES, script_of

from hy_audio.script.captions import LINE_CHARACTERS, breaks

TEXTS = st.text(st.sampled_from("山水城，。、；“”《》（）a1.%— \u3000"), min_size=1, max_size=150)


def lines(text: str) -> list[str]:
    return [text[a:b] for a, b in pairwise((0, *breaks(text), len(text)))]


@given(TEXTS)
def test_no_line_is_empty_or_longer_than_twenty_characters(text: str) -> None:
    assert all(0 < len(line) <= LINE_CHARACTERS for line in lines(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("雨停了。", ["雨停了。"]),
        (
            "这座小城有三条河，两条从山里来，一条从湖边绕过去。",
            ["这座小城有三条河，两条从山里来，", "一条从湖边绕过去。"],
        ),
        (
            "“你们来晚了”，他说：“去年的产值达到3,456.7亿元。”",
            ["“你们来晚了”，他说：", "“去年的产值达到3,456.7亿元。”"],
        ),
        (
            "中央、省委赋予这座城市国家区域中心城市“先行者”的发展定位。",
            ["中央、省委赋予这座城市国家区域中心城市", "“先行者”的发展定位。"],
        ),
    ],
)
def test_a_line_ends_at_a_mark_where_that_is_possible(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize("word", ["ChatGPT-4.5", "2,345,678.90", "www.example.com/a"])
def test_a_line_never_ends_inside_a_word_or_a_number(word: str) -> None:
    for ahead in range(8, 30):
        text = "长" * ahead + word + "长" * 12
        assert any(word in line for line in lines(text)), lines(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("到2027年本市将建成城市书房五十座并且全部免费开放给市民使用", "2027年"),
        ("开放时间为每天上午8:30—21:00其中周一闭馆维护设备检修与消毒", "8:30—21:00"),
        ("位于老城区中心的这座百年老粮库改造成的城市书房今天正式对外开放", "粮库"),
        ("全年共接待来自全国各地的读者朋友们12万人次比上一年增长百分之三十", "12万"),
    ],
)
def test_a_line_ends_between_two_words(text: str, whole: str) -> None:
    assert any(whole in line for line in lines(text)), lines(text)


def test_the_parts_of_a_clause_that_is_too_long_are_about_equal() -> None:
    singles = "我他你" * 20
    assert [len(line) for line in lines(singles[:21])] == [10, 11]
    assert [len(line) for line in lines(singles[:59])] == [19, 20, 20]


@given(ARTICLES)
def test_a_break_is_at_one_place_in_the_printed_and_in_the_spoken_words(page: str) -> None:
    """What is printed alike on both sides is said alike: letters right and left of it agree."""
    for utterance in script_of(page).utterances:
        for sentence in utterance.sentences:
            places = [(b.display, b.spoken) for b in sentence.breaks]
            assert places == sorted(places)
            for display, spoken in places:
                printed, said = sentence.display[display], sentence.spoken[spoken]
                if "\u4e00" <= printed <= "\u9fff":
                    assert printed == said


@pytest.mark.parametrize("number", ["0571-8765 4321", "400 810 1234"])
def test_groups_of_figures_stay_on_one_line(number: str) -> None:
    text = f"市民若有问题可以打电话到街道办事处咨询，电话是{number}。"
    assert any(number in line for line in lines(text))
