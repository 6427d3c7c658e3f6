"""Broken lines are joined again, whole ones are not."""

import pytest

from hy_audio.article.columns import Quotes, columns, is_finished
from hy_audio.article.lines import read_lines
from hy_audio.article.model import Kind
from hy_audio.article.parse import parse

HEAD = "渡口停航了\n\n■本报记者 方小舟\n\n"
OPEN = "河水退得很慢，岸边的人等了整整两天两夜，谁也没有合眼，直到昨天清晨水位回落到警戒线以"


def paragraphs(body: str) -> list[str]:
    blocks = parse(HEAD + body).blocks
    return [b.text for b in blocks if b.kind in (Kind.PARAGRAPH, Kind.ITEM)]


@pytest.mark.parametrize(
    "text",
    ["船到了。", "船到了！", "船到了？", "他说：", "船到了；", "船到了……", "船到了——",
     "“船到了。”", "（船到了。）", "船到了!", "船到了?”", "船到了;", "船到了."],
)  # fmt: skip
def test_a_sentence_that_ends_is_finished(text: str) -> None:
    assert is_finished(text)


@pytest.mark.parametrize("text", ["船到", "船到了，", "船到了、", "“船到”", "船到了3.", "V.", ""])
def test_a_sentence_that_breaks_off_is_not_finished(text: str) -> None:
    assert not is_finished(text)


def test_lines_of_one_width_that_break_off_are_a_column() -> None:
    lines = (
        "　　河湾渡口开航了八十六年，\n最早的一条船是木匠们用杉木\n"
        "钉成的，过了河就是县城，赶\n集的人天不亮就来排队。"
    )
    assert columns(list(read_lines(lines))).measure is not None


def test_lines_that_are_whole_paragraphs_are_no_column() -> None:
    lines = "船到了，人也到了。\n灯亮了，桥也亮了。\n他来了，她也来了。\n天晴了，水也清了。"
    assert columns(list(read_lines(lines))).measure is None


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n", "\n　\n"])
def test_a_sentence_broken_over_a_gap_is_one_paragraph(gap: str) -> None:
    assert paragraphs(f"{OPEN}{gap}下才松了口气。") == [OPEN + "下才松了口气。"]


@pytest.mark.parametrize(
    "silent", ["■何大江 摄", "何大江 摄", "（下转第2版）", "（下转第2版）\n\n（上接第1版）"]
)
def test_a_silent_line_between_the_halves_of_a_sentence_does_not_break_it(silent: str) -> None:
    assert paragraphs(f"{OPEN}\n\n{silent}\n\n下才松了口气。") == [OPEN + "下才松了口气。"]


@pytest.mark.parametrize(
    "second", ["1. 先把船拴好。", "（1）先把船拴好。", "①先把船拴好。", "1、先把船拴好。"]
)
def test_a_list_item_never_continues_a_sentence(second: str) -> None:
    assert paragraphs(f"{OPEN}\n\n{second}") == [OPEN, second]


def test_an_indented_line_begins_a_paragraph() -> None:
    body = f"　　船到了。\n　　{OPEN}\n　　灯亮了。"
    assert paragraphs(body) == ["船到了。", OPEN, "灯亮了。"]


def test_a_sentence_that_never_ends_is_warned_about_at_its_end() -> None:
    text = f"{HEAD}{OPEN}"
    (warning,) = parse(text).warnings
    assert (warning.rule, warning.start, warning.end) == ("unfinished", len(text), len(text))


def test_a_quote_that_closes_but_never_opened_means_that_text_is_lost() -> None:
    text = f"{HEAD}{OPEN}\n\n下才松了口气”，他这样写道。"
    article = parse(text)
    (warning,) = article.warnings
    assert warning.rule == "lost-text"
    assert (warning.start, warning.end) == (len(HEAD + OPEN), text.index("下才"))
    assert [b.text for b in article.blocks[-2:]] == [OPEN, "下才松了口气”，他这样写道。"]


def test_a_quote_that_was_opened_before_the_gap_closes_after_it() -> None:
    opened = OPEN.replace("河水", "“河水")
    assert paragraphs(f"{opened}\n\n下才松了口气。”") == [f"{opened}下才松了口气。”"]
    assert parse(f"{HEAD}{opened}\n\n下才松了口气。”").warnings == ()


def test_quotes_count_each_pair_by_itself() -> None:
    quotes = Quotes()
    assert quotes.read("“《渡口") == 0
    assert quotes.would_orphan("》”）") == 1
    assert quotes.would_orphan("》”") == 0
    assert quotes.read("》””") == 1


@pytest.mark.parametrize("heading", ["渡口的最后一夜", "一、先修路", "（二）再种树", "渡口，再见"])
def test_a_short_line_between_paragraphs_is_a_heading(heading: str) -> None:
    blocks = parse(f"{HEAD}船到了。\n\n{heading}\n\n灯亮了。").blocks
    assert [(b.kind, b.text) for b in blocks if b.kind is Kind.HEADING] == [(Kind.HEADING, heading)]


@pytest.mark.parametrize(
    "line",
    [
        "船到了。",
        "他说：",
        "船到了，",
        "渡口的灯亮了，岸上的人都站起来朝着河心那条船挥手大声喊话直到船靠岸为止",
    ],
)
def test_a_line_that_reads_on_is_no_heading(line: str) -> None:
    blocks = parse(f"{HEAD}船到了。\n\n{line}\n\n灯亮了。").blocks
    assert all(b.kind is not Kind.HEADING for b in blocks)
