from itertools import chain
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from page_texts import BREAKS, PAGES, SAMPLES, SHARED, load, needs_shared

from hy_audio.article.model import Article, Block, Fate, Kind
from hy_audio.article.parse import parse
from hy_audio.article.rules import LINE_RULES, SILENT_KINDS

INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f"
INVISIBLE += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x206A))))
SILENT_RULES = {rule.name for rule in LINE_RULES} | {
    "invisible",
    "layout",
    "marker",
    "seal",
    "table",
}
BYLINE = "■本报记者 方小舟"
SPOKEN_KINDS = set(Kind) - SILENT_KINDS

anything = settings(max_examples=200)


def tiles(article: Article) -> bool:
    return "".join(article.source[s.start : s.end] for s in article.ledger) == article.source


def is_blank(text: str) -> bool:
    return not text.translate(dict.fromkeys(map(ord, INVISIBLE))).strip()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("read_captions", [True, False])
def test_the_ledger_tiles_every_sample(path: Path, read_captions: bool) -> None:
    assert tiles(parse(load(path), read_captions=read_captions))


@needs_shared
def test_the_ledger_tiles_the_page_of_2022() -> None:
    assert tiles(parse(load(SHARED)))


@anything
@given(PAGES)
def test_the_ledger_tiles_any_text(text: str) -> None:
    article = parse(text)
    assert article.source == text
    assert tiles(article)


@anything
@given(PAGES)
@example("■（何大江 摄）")
@example("▲")
@example("■\u3000（下转第2版）")
def test_spans_are_not_empty_and_in_order(text: str) -> None:
    end = 0
    for span in parse(text).ledger:
        assert span.start == end
        assert span.end > span.start
        end = span.end
    assert end == len(text)


@anything
@given(PAGES)
def test_the_fate_and_the_rule_of_a_span_agree(text: str) -> None:
    for span in parse(text).ledger:
        match span.fate:
            case Fate.SPOKEN:
                assert span.rule in SPOKEN_KINDS
            case Fate.SILENT:
                assert span.rule in SILENT_RULES
            case Fate.JOINED:
                assert span.rule == "line-break"


@anything
@given(PAGES)
def test_joined_and_layout_spans_hold_nothing_visible(text: str) -> None:
    for span in parse(text).ledger:
        if span.fate is Fate.JOINED or span.rule == "layout":
            assert is_blank(text[span.start : span.end])


@anything
@given(PAGES)
def test_what_is_spoken_is_exactly_what_the_spoken_blocks_are_made_of(text: str) -> None:
    article = parse(text)
    blocks = [b for b in article.blocks if b.kind not in SILENT_KINDS]
    pieces = set(chain.from_iterable(range(a, b) for block in blocks for a, b in block.pieces))
    spans = [s for s in article.ledger if s.fate is Fate.SPOKEN]
    spoken = set(chain.from_iterable(range(s.start, s.end) for s in spans))
    assert spoken <= pieces
    assert is_blank("".join(text[i] for i in sorted(pieces - spoken)))


@anything
@given(PAGES)
def test_a_block_is_its_pieces_one_after_another(text: str) -> None:
    for block in parse(text).blocks:
        printed = "".join(text[a:b] for a, b in block.pieces)
        assert len(block.text) == len(printed)
        differing = [(x, y) for x, y in zip(block.text, printed, strict=True) if x != y]
        assert all(x == " " and is_blank(y) for x, y in differing)


@anything
@given(PAGES)
def test_blocks_are_in_the_order_of_the_page(text: str) -> None:
    starts = [block.pieces[0][0] for block in parse(text).blocks]
    assert starts == sorted(set(starts))


@anything
@given(PAGES)
def test_parsing_is_deterministic(text: str) -> None:
    assert parse(text) == parse(text)


@anything
@given(PAGES)
def test_warnings_are_in_order_and_inside_the_source(text: str) -> None:
    warnings = parse(text).warnings
    assert list(warnings) == sorted(warnings, key=lambda w: w.start)
    assert all(0 <= w.start <= w.end <= len(text) for w in warnings)


@anything
@given(PAGES)
def test_a_block_locates_every_character_of_its_text(text: str) -> None:
    for block in parse(text).blocks:
        places = [block.locate(i, i + 1) for i in range(len(block.text))]
        assert places == sorted(places)
        assert all(b == a + 1 for a, b in places)
        assert block.locate(0, len(block.text)) == (block.pieces[0][0], block.pieces[-1][1])


def test_a_block_of_a_hundred_thousand_lines_locates_each_of_them() -> None:
    lines = range(0, 300_000, 3)
    block = Block(Kind.PARAGRAPH, "新桥" * len(lines), tuple((n, n + 2) for n in lines))
    found = [block.locate(n, n + 2) for n in range(0, len(block.text), 2)]
    assert found == list(block.pieces)
    assert block.locate(1, 5) == (1, 7)


def test_an_empty_page_has_no_blocks_and_an_empty_ledger() -> None:
    assert parse("") == Article("", (), (), ())


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_any_line_break_ends_a_line(line_break: str) -> None:
    article = parse(f"桥通了{line_break * 2}今早六点，河湾镇的新桥通车了。{line_break}")
    assert [block.kind for block in article.blocks] == [Kind.HEADLINE, Kind.PARAGRAPH]


def test_a_windows_line_break_is_one_break_not_a_blank_line() -> None:
    text = "桥通了\n\n河水退得很慢,直到昨天夜里\n才露出桥墩。"
    windows = parse(text.replace("\n", "\r\n"))
    assert [b.text for b in windows.blocks] == [b.text for b in parse(text).blocks]


def test_the_joined_span_is_the_gap_between_the_two_halves() -> None:
    first = "河水退得很慢，岸边的人等了整整两天两夜，谁也没有合眼，直到昨天清晨水位回落到警戒线以"
    text = f"桥通了\n\n{BYLINE}\n\n{first}\n\n下才松了口气。"
    article = parse(text)
    (joined,) = [span for span in article.ledger if span.fate is Fate.JOINED]
    assert (joined.start, joined.end) == (text.index("线以") + 2, text.index("下才"))


def test_two_latin_words_stay_two_words_where_their_line_break_is_joined() -> None:
    article = parse(f"桥通了\n\n{BYLINE}\n\n他们给这座桥起名叫Golden\nGate，听着洋气。")
    assert "Golden Gate，" in article.blocks[-1].text


def test_a_number_broken_over_two_lines_stays_one_number() -> None:
    article = parse(f"桥通了\n\n{BYLINE}\n\n这座桥一共用了18\n60根钢索，每根都有编号。")
    assert "1860根" in article.blocks[-1].text


def test_a_caption_that_goes_on_takes_a_line_from_a_heading_and_no_line_is_lost() -> None:
    page = (
        "▲3月8日，西渡镇，农机手驾驶旋耕机翻耕稻田，早稻要\n开栽\n\t新机下田\n\n"
        "\t今年镇里新添了三台机器，田里热闹起来了。\n"
    )
    article = parse(page)
    assert [block.kind.value for block in article.blocks] == ["caption", "heading", "paragraph"]
    assert article.blocks[1].text == "新机下田"
    assert "".join(page[s.start : s.end] for s in article.ledger) == page


@pytest.mark.parametrize(
    ("note", "is_silent"),
    [
        *(("（qiú）", True), ("(xū yí)", True), ("（音：xùn）", True), ("（读作 nǎ）", True)),
        *(("（chou）", False), ("（APP）", False), ("（qiú，旧姓）", False), ("（Café）", False)),
    ],
)
def test_how_a_character_is_read_is_not_said(note: str, is_silent: bool) -> None:
    article = parse(f"清河水位升了，渡口的仇{note}师傅说船都系好了。")
    (text,) = [block.text for block in article.blocks if block.kind == "paragraph"]
    assert (note not in text) == is_silent
    assert [s.rule for s in article.ledger if s.rule == "pinyin"] == ["pinyin"] * is_silent


@pytest.mark.parametrize("aside", ["[12]", "（http://news.example/a）"])
def test_a_line_holds_any_number_of_asides(aside: str) -> None:
    times = 10_000
    article = parse(f"清河水位升了{aside}" * times + "。")
    assert [block.text for block in article.blocks if block.kind == "paragraph"] == [
        "清河水位升了" * times + "。"
    ]
    assert sum(span.fate is Fate.SILENT for span in article.ledger) == times
