"""Each rule of the table takes what papers print, and leaves alone what readers should hear.

The examples stand in rules.txt: 静 is silent, 读 is spoken in part, 留 is left alone.
"""

from pathlib import Path

import pytest

from hy_audio.article.lines import read_lines
from hy_audio.article.marks import Marked, mark
from hy_audio.article.rules import LINE_RULES

Example = tuple[str, str]
"""The name of a rule and a line of a page."""


def examples(sign: str) -> list[Example]:
    found, rule = [], ""
    for line in Path(__file__).with_name("rules.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            rule = line[1 : line.index("]")]
        elif line.startswith(f"{sign} "):
            found.append((rule, line[2:]))
    return found


TAKEN, SPOKEN_IN_PART, LEFT_ALONE = map(examples, "静读留")


def one(text: str) -> Marked:
    (marked,) = mark(read_lines(text))
    return marked


def test_every_rule_has_two_examples_and_two_near_misses() -> None:
    names = {rule.name for rule in LINE_RULES}
    assert len(names) == len(LINE_RULES)
    taken = [rule for rule, _ in TAKEN + SPOKEN_IN_PART]
    left = [rule for rule, _ in LEFT_ALONE]
    assert {*taken, *left} == names
    assert min(map(taken.count, names)) >= 2
    assert min(map(left.count, names)) >= 2


@pytest.mark.parametrize(("rule", "text"), TAKEN)
def test_a_silent_rule_takes_the_whole_line(rule: str, text: str) -> None:
    marked = one(text)
    assert (marked.rule, marked.say) == (rule, None)


@pytest.mark.parametrize(("rule", "example"), SPOKEN_IN_PART)
def test_the_other_rules_speak_a_line_without_its_trimmings(rule: str, example: str) -> None:
    text, say = example.split(" → ")
    marked = one(text)
    assert (marked.rule, marked.text) == (rule, say)
    assert marked.kind is not None


@pytest.mark.parametrize(("rule", "text"), LEFT_ALONE)
def test_ordinary_prose_that_looks_alike_is_left_alone(rule: str, text: str) -> None:
    marked = one(text)
    assert marked.kind is None, rule
    assert text.endswith(marked.text)
    assert len(text) - len(marked.text) <= 1  # at most an ornament in front is dropped


@pytest.mark.parametrize(
    ("text", "say", "silent"),
    [
        ("■新桥通车", "新桥通车", ["marker"]),
        ("★ 新桥通车", "新桥通车", ["marker"]),
        ("人来人往。（下转第3版）", "人来人往。", ["jump"]),
        ("人来人往。 (下转 A3 版 《桥》)", "人来人往。", ["jump"]),
        ("■人来人往。（下转第3版）", "人来人往。", ["marker", "jump"]),
        ("（上接第1版）人来人往。", "人来人往。", ["jump"]),
        ("（上接第1版）记者看到，桥上人来人往，两岸的人都想走一走这座新桥。",
         "记者看到，桥上人来人往，两岸的人都想走一走这座新桥。", ["jump"]),
    ],
)  # fmt: skip
def test_an_ornament_or_a_pointer_is_cut_off_and_the_rest_is_spoken(
    text: str, say: str, silent: list[str]
) -> None:
    marked = one(text)
    assert marked.text == say
    assert [rule for _, _, rule in marked.notes] == silent


@pytest.mark.parametrize("text", ["人来人往（见第3版图）。", "他说（下转）不行"])
def test_a_bracket_that_is_no_pointer_stays(text: str) -> None:
    assert one(text).text == text


@pytest.mark.parametrize("text", [text for _, text in TAKEN])
def test_the_notes_and_the_spoken_part_tile_the_line(text: str) -> None:
    for line in (f"  {text}", f"桥边的灯亮了。{text}"):
        marked = one(line)
        spoken = [] if marked.say is None else [marked.say]
        ranges = sorted([*spoken, *((a, b) for a, b, _ in marked.notes)])
        if marked.say is not None:
            assert [a for a, _ in ranges] == [marked.line.start, *(b for _, b in ranges[:-1])]
            assert ranges[-1][1] == marked.line.end


ATOMS = (
    "甲",
    "　",
    "、",
    "·",
    "|",
    "3",
    "第3版",
    "点击",
    "扫一扫",
    "（",
    "王明 ",
    "图",
    "摄",
    "3版·",
    "1-",
    "看更多",
    "精彩",
    "分享",
)


@pytest.mark.parametrize("atom", ATOMS)
@pytest.mark.parametrize("end", ["", "！", "摄", "）"])
def test_no_rule_goes_astray_on_a_line_of_one_thing_over_and_over(atom: str, end: str) -> None:
    for length in (16, 40, 60, 90, 120, 240):  # the limits of the rules: a bad one never returns
        assert len(mark(read_lines((atom * length)[: length - len(end)] + end))) <= 1


def test_a_long_paragraph_that_ends_in_a_name_is_no_caption() -> None:
    paragraph = "桥边的灯亮了，河面上的船慢慢靠岸，等了一天的人们终于等来了归人。" * 8
    assert one(paragraph + "何大江 摄").kind is None
