"""What holds of any text at all: it becomes speakable, once, and its places are kept."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from script_texts import SPEAKABLE

from hy_audio.script.normalize import RULES, Rewrite, Spoken, normalize
from hy_audio.script.normalize.aligned import Aligned, rewrite
from hy_audio.script.normalize.marks import UNKNOWN, WIDTH

anything = settings(max_examples=400)

_PARTS = (
    "0", "1", "2", "3", "10", "12", "110", "2023", "3.5", "10.1", "08", "1,234", "05", "12345",
    "-", "—", "~", "～", "至", "/", ":", "：", ".", "·", ",", "，", "、", "。", "(", ")", "“", "”",
    " ", "%", "％", "℃", "°", "²", "+", "=", "<", ">", "±", "￥", "$", "&", "@", "#", "…", "'", '"',
    "年", "月", "日", "号", "时", "个", "家", "万", "亿", "元", "第", "近", "多", "吨", "度", "级",
    "比", "以", "零下", "拨打", "电话", "湘", "呃", "儿", "不", "A", "G", "K", "kV", "km", "m", "h",
    "Q3", "_", "′", "″", "净利润", "气温", "歼", "栋", "1m78",
    "a.m.", "CNY", "www.", ".com", "Ⅲ", "①", "½", "α", "ж", "😀", "\u200b", "\ud800", "é", "Ａ",
    "５",
)  # fmt: skip
PRINTED = st.lists(st.sampled_from(_PARTS), max_size=14).map("".join)
"""Pieces of what papers print, in every order, sensible or not."""
ANY = st.one_of(PRINTED, st.text(max_size=60), st.text("0123456789-.,:/%年月日个 ", max_size=20))

LONG = (
    "1-1-1-", "((((", "1,1,1,", "1,234,", "1.", "1:1:", "0-0", "12:00-", "1/1/", "-1~", "年1月",
    "a.", "a@", "A2", "a-1", "www.a/", "1+1=", "²³", "￥1", "I", "5%-", "1至", "、2、3", "“1·1”",
    "“”", '"', "<国", "...", "——", "· ", "2023、", "2023-", "呃", "1 ", "138 ", "0734-8", "湘A1",
    "〔2022〕", "#a", "#国", "8米13", "6222 ", "清—", "G1次清—", "（2024）湘04", "电话8250001、",
    "A-01", "1：1年", "0.5/1万", "1'52\"", "10\"85", "a_b_", "净-1", "丁-2-", "1e-5",
    "3，500", "5x", "2024.5-", "2h3", "元/5", "满20-1", "3-2栋", "AI", "IV", "Q3-",
)  # fmt: skip


def words(text: str) -> str:
    """What is heard of a text: no marks, no spaces, letters and figures at half-width."""
    known = Aligned(text)
    known.apply(WIDTH)
    return "".join(re.findall(r"\w", UNKNOWN.sub("", known.text))).replace("_", "")


def replaced(text: str, spoken: Spoken) -> str:
    """The printed text with every change put in its place."""
    done, out = 0, []
    for change in spoken.changes:
        out += [text[done : change.start], change.said]
        done = change.end
    return "".join((*out, text[done:]))


@anything
@given(ANY)
@example("，。，")
@example("1-")
@example("I°")
@example("a .b")
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once) == Spoken(once, "", ())


@anything
@given(ANY)
@example("5\x00个")
@example("5[个]{人}\\")
@example("²³½①Ⅲ㎏")
def test_any_text_becomes_something_speakable(text: str) -> None:
    spoken = normalize(text)
    assert SPEAKABLE.fullmatch(spoken.text)
    assert spoken.text == spoken.text.strip()


@anything
@given(ANY)
@example("Ａ１")
@example("12、3")
def test_the_changes_put_into_the_printed_text_give_the_spoken_one(text: str) -> None:
    spoken = normalize(text)
    assert words(replaced(text, spoken)) == words(spoken.text)


@anything
@given(ANY)
def test_changes_are_in_order_apart_and_say_something_else(text: str) -> None:
    changes = normalize(text).changes
    assert all(a.end <= b.start for a, b in pairwise(changes))
    assert all(0 <= c.start < c.end <= len(text) for c in changes)
    assert all(words(text[c.start : c.end]) != words(c.said) for c in changes)


@anything
@given(PRINTED)
@example("A1,234")
@example("dou终端，走一趟误差不超过2.\n")
@example("0\r0")
def test_what_has_no_reading_is_reported_and_nothing_else_is(text: str) -> None:
    unreadable = normalize(text).unreadable
    assert [c for c in text if c in "ж😀\ud800"] == [c for c in unreadable if c in "ж😀\ud800"]
    assert set(unreadable) <= set("ж😀\ud800")


@pytest.mark.parametrize("part", LONG)
def test_a_long_text_of_one_pattern_is_read_to_its_end(part: str) -> None:
    text = part * (20_000 // len(part))
    assert SPEAKABLE.fullmatch(normalize(text).text)


@pytest.mark.parametrize("text", ["7" * 1_000_000, "3个\x00" * 100_000, "\ud800" * 100_000])
def test_a_very_long_text_is_read_to_its_end(text: str) -> None:
    assert SPEAKABLE.fullmatch(normalize(text).text)


@pytest.mark.parametrize(
    ("printed", "changes"),
    [
        ("需要3-5年时间", [("3-5", "三至五")]),
        ("增长22.5%,引进近1200人。", [("22.5%", "百分之二十二点五"), ("1200", "一千二百")]),
        ("时速60公里/小时", [("60公里/小时", "每小时六十公里")]),
        ("2022.07.28开幕", [("2022.07.28", "二零二二年七月二十八日")]),
        ("R&D经费", [("&", " and ")]),
        ("“好”(真好)!", []),
        ("Ａ股、A股", []),
        ("桥😀头", []),
        ("电话0734-8250000。", [("0734-8250000", "零七三四，八二五零零零零")]),
        ("1家2个", [("1", "一"), ("2", "两")]),
    ],
)
def test_a_change_is_whole_and_no_longer_than_it_must_be(
    printed: str, changes: list[tuple[str, str]]
) -> None:
    found = normalize(printed).changes
    assert [(printed[c.start : c.end], c.said) for c in found] == changes


def test_a_show_s_own_words_come_first_and_are_changes_like_any_other() -> None:
    own = (rewrite("R&D", r"R&D", "研发"), rewrite("3号", "3号", "三号泵房"))
    spoken = normalize("R&D在3号，2家", own)
    assert spoken.text == "研发在三号泵房，两家"
    assert [c.said for c in spoken.changes] == ["研发", "三号泵房", "两"]


def test_a_show_s_own_words_apply_to_a_text_without_figures() -> None:
    own = (Rewrite("place", re.compile("长回路"), "常回路"),)
    spoken = normalize("去长回路", own)
    assert (spoken.text, spoken.changes[0].said) == ("去常回路", "常")


def test_the_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)


def test_words_that_are_taken_out_whole_are_a_change_too() -> None:
    spoken = normalize("（完）", (rewrite("end", "（完）", ""),))
    assert (spoken.text, [(c.start, c.end, c.said) for c in spoken.changes]) == ("", [(0, 3, "")])


NEAR = [(rule.name, rule.pattern, rule.near) for rule in RULES if rule.near]


@anything
@given(ANY)
@example("Q3营收、24H2和10#楼，27″屏，-3℃，１′5″，3e-5")
def test_no_rule_finds_anything_where_what_it_needs_is_missing(text: str) -> None:
    known = Aligned(text)
    known.apply(WIDTH)
    text = UNKNOWN.sub("", known.text)
    for name, pattern, near in NEAR:
        assert not pattern.search("".join(c for c in text if c not in near)), name


@pytest.mark.parametrize(("name", "pattern", "near"), NEAR)
def test_an_example_of_a_rule_has_what_the_rule_needs(
    name: str, pattern: re.Pattern[str], near: frozenset[str]
) -> None:
    lines = Path(__file__).with_name("rules_spoken.txt").read_text("utf-8").splitlines()
    bare = ("".join(c for c in line if c not in near) for line in lines)
    assert not [line for line in bare if pattern.search(line.split(" -> ")[0])]


def test_no_rule_matches_nothing() -> None:
    assert not [rule.name for rule in RULES if rule.pattern.search("")]


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [(".hy.com", "hy点com"), ("好…·…1个", "好……一个"), ("￥.hy.com上新", "人民币hy点com上新")],
)
def test_a_text_that_the_rules_make_anew_is_gone_over_again(printed: str, spoken: str) -> None:
    assert normalize(printed).text == spoken


@pytest.mark.parametrize("text", ["A股和AI", "看Golden Gate大桥", "IPO、VR与IT", "做CT和MRI"])
def test_letters_alone_are_left_as_they_are(text: str) -> None:
    assert normalize(text) == Spoken(text, "", ())
