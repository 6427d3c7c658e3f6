"""The page of 2022: every artefact of print on it gets its kind and its fate."""

from functools import cache

import pytest
from page_texts import SHARED, load, needs_shared

from hy_audio.article.model import Article, Block, Fate, Kind
from hy_audio.article.parse import parse
from hy_audio.article.rules import SILENT_KINDS

pytestmark = needs_shared


@cache
def page() -> Article:
    return parse(load(SHARED))


def at(fragment: str, nth: int = 0) -> int:
    """Offset of the nth occurrence of a fragment."""
    start = -1
    for _ in range(nth + 1):
        start = page().source.index(fragment, start + 1)
    return start


def fate(offset: int) -> tuple[Fate, str]:
    (span,) = [s for s in page().ledger if s.start <= offset < s.end]
    return span.fate, span.rule


def block(offset: int) -> Block:
    (found,) = [b for b in page().blocks if any(x <= offset < y for x, y in b.pieces)]
    return found


@pytest.mark.parametrize(
    ("kind", "beginnings"),
    [
        (Kind.KICKER, ["势在人为"]),
        (Kind.HEADLINE, ["蓬勃向上的衡阳未来"]),
        (Kind.SUBHEAD, []),
        (Kind.BYLINE, ["衡阳日报全媒体记者 王靖"]),
        (Kind.DATELINE, []),
        (Kind.HEADING, ["岁月,", "打出“教科书”", "蓬勃向上的衡阳,"]),
        (Kind.CAPTION, ["湘江两岸"]),
        (Kind.CREDIT, ["衡阳日报全媒体记者 王靖 摄", "■罗茂盟 摄"]),
        (Kind.NOTICE, ["扫一扫,"]),
        (Kind.ELISION, ["....."]),
        (Kind.ITEM, []),
    ],
)
def test_the_page_holds_exactly_these_blocks_of_a_kind(kind: Kind, beginnings: list[str]) -> None:
    found = [b.text for b in page().blocks if b.kind is kind]
    assert [text[: len(x)] for text, x in zip(found, beginnings, strict=True)] == beginnings


@pytest.mark.parametrize(
    ("fragment", "nth", "fate_and_rule"),
    [
        ("势在人为", 0, (Fate.SPOKEN, "kicker")),
        ("蓬勃向上的衡阳未来", 0, (Fate.SPOKEN, "headline")),
        ("■", 0, (Fate.SILENT, "marker")),
        ("衡阳日报", 0, (Fate.SPOKEN, "byline")),
        ("衡阳日报", 1, (Fate.SILENT, "credit")),
        ("■罗茂盟", 0, (Fate.SILENT, "credit")),
        ("岁月,", 0, (Fate.SPOKEN, "heading")),
        ("如果把", 0, (Fate.SPOKEN, "paragraph")),
        ("扫一扫", 0, (Fate.SILENT, "prompt")),
        (".....", 0, (Fate.SILENT, "elision")),
        ("未来的\n", 0, (Fate.SPOKEN, "paragraph")),
        ("阳铁路", 0, (Fate.SPOKEN, "paragraph")),
        ("湘江两岸", 0, (Fate.SPOKEN, "caption")),
        (" ■彭斌", 0, (Fate.SILENT, "credit")),
        ("摄", 2, (Fate.SILENT, "credit")),
    ],
)
def test_a_place_on_the_page_has_its_fate(
    fragment: str, nth: int, fate_and_rule: tuple[Fate, str]
) -> None:
    assert fate(at(fragment, nth)) == fate_and_rule


def test_the_line_broken_in_mid_sentence_is_one_paragraph() -> None:
    first, second = at("最小\n"), at("的代价")
    assert block(first) is block(second)
    assert "最小的代价" in block(first).text
    assert fate(first + len("最小")) == (Fate.JOINED, "line-break")


def test_nothing_else_is_joined() -> None:
    (joined,) = [s for s in page().ledger if s.fate is Fate.JOINED]
    assert (joined.start, joined.end) == (at("最小\n") + 2, at("的代价"))


def test_where_text_is_lost_nothing_is_joined_and_the_gap_is_warned_about() -> None:
    before, after = at("未来的\n") + len("未来的"), at("阳铁路枢纽")
    assert block(before - 1) is not block(after)
    (warning,) = page().warnings
    assert (warning.rule, warning.start, warning.end) == ("lost-text", before, after)


def test_every_line_that_is_not_joined_is_a_block_of_its_own() -> None:
    lines = [line for line in page().source.splitlines() if line.strip()]
    assert len(page().blocks) == len(lines) - 1


def test_every_paragraph_but_the_one_that_is_cut_ends_as_a_sentence_ends() -> None:
    texts = [b.text for b in page().blocks if b.kind is Kind.PARAGRAPH]
    assert [t[-3:] for t in texts if t[-1] not in "。!?;:—"] == ["未来的"]


def test_half_width_commas_stay_as_they_were_printed() -> None:
    printed = "".join(b.text for b in page().blocks if b.kind not in SILENT_KINDS)
    silent = sum(b.text.count(",") for b in page().blocks if b.kind in SILENT_KINDS)
    assert printed.count(",") == page().source.count(",") - silent > 100


def test_only_these_words_of_the_page_are_silent() -> None:
    silent = [s for s in page().ledger if s.fate is Fate.SILENT and s.rule != "layout"]
    assert [s.rule for s in silent] == [
        "marker", "credit", "credit", "prompt", "elision", "credit",
    ]  # fmt: skip


def test_without_captions_the_caption_is_silent_by_its_own_rule() -> None:
    article = parse(load(SHARED), read_captions=False)
    (skipped,) = [s for s in article.ledger if s.rule == "captions-skipped"]
    assert skipped.fate is Fate.SILENT
    words = article.source[skipped.start : skipped.end]
    assert words.startswith("湘江两岸")
    assert words.endswith("。")
