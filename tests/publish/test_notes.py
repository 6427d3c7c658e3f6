"""Show notes: within the limits of a feed, stamps as players read them, nothing hostile."""

import re
from datetime import datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import CHINA, SHOW

from hy_audio.publish import notes
from hy_audio.publish.model import Correction, Part, Passage, Reading, Sentence
from hy_audio.publish.text import cut, escaped, shortened

LINK = f"{SHOW.url}a/"
STAMP = re.compile(r"^(\d\d:\d\d:\d\d) (.+)<br />$", re.MULTILINE)


def part(n: int, title: str, *texts: str) -> Part:
    passages = tuple(Passage("paragraph", (Sentence(text, 0, 1),)) for text in texts)
    return Part(f"part-{n}", title, n * 61_000, passages)


def reading(*parts: Part, corrections: tuple[Correction, ...] = ()) -> Reading:
    return Reading(parts, corrections, "本节目由人工智能语音合成播报。", len(parts) * 61_000)


def described(it: Reading) -> str:
    return notes.description(SHOW, it, notes.tail(SHOW, LINK, it.corrections, it.disclosure))


ARTICLE = reading(
    part(0, "开场"),
    part(1, "导语", "清晨，薄雾还没散尽。", "公园二期正式开放。"),
    part(2, "旧码头", "三年前，这里还是一片沙石码头。"),
)
CORRECTION = Correction(datetime(2026, 11, 29, 9, tzinfo=CHINA), "码头读错", ("旧码头", "尾声"))


def test_it_begins_with_the_article_and_lists_every_chapter_from_zero() -> None:
    told = described(ARTICLE)
    assert told.startswith("<p>清晨，薄雾还没散尽。公园二期正式开放。</p>\n")
    assert STAMP.findall(told) == [
        ("00:00:00", "开场"),
        ("00:01:01", "导语"),
        ("00:02:02", "旧码头"),
    ]


def test_too_few_chapters_are_no_stamps_since_players_would_not_link_them() -> None:
    assert not STAMP.search(described(reading(*ARTICLE.parts[:2])))


def test_the_label_and_the_way_to_the_page_are_always_told() -> None:
    told = described(ARTICLE)
    assert "本节目由人工智能语音合成播报。" in told
    assert f'<a href="{LINK}">阅读全文，边听边看</a>' in told


def test_without_a_line_of_its_own_an_episode_is_still_told_to_be_synthetic() -> None:
    told = notes.tail(SHOW, LINK, (), "")
    assert "人工智能" in told[0]


def test_a_correction_tells_its_day_what_the_editor_says_and_what_sounds_otherwise() -> None:
    told = described(reading(*ARTICLE.parts, corrections=(CORRECTION,)))
    assert "<p>更正（2026年11月29日）：码头读错；重新合成了“旧码头”“尾声”。</p>" in told


def test_more_chapters_than_there_is_room_for_leave_the_label_and_the_corrections() -> None:
    many = reading(*(part(n, "很长的标题" * 6, "段落" * 500) for n in range(255)))
    many = reading(*many.parts, corrections=(CORRECTION,) * 40)
    told = described(many)
    assert len(told.encode()) <= 4000
    assert "更正" in told
    assert "人工智能" in told
    assert LINK in told
    stamps = STAMP.findall(told)
    assert len(stamps) > 10
    assert stamps[0][0] == "00:00:00"


def test_long_hostile_corrections_and_a_long_label_leave_room_for_the_time_stamps() -> None:
    note = Correction(CORRECTION.when, "\"&'<" * 900, ("章" * 900,) * 9)
    it = Reading(ARTICLE.parts, (note,) * 9, "标" * 4000, 1)
    told = described(it)
    assert len(told.encode()) <= 4000
    assert len(STAMP.findall(told)) == 3
    assert "更正" in told
    assert LINK in told


ANY = st.text(max_size=400) | st.sampled_from(["]]>", "<b>&", "\0", "&" * 900, "😀" * 900])


@given(texts=st.lists(ANY, min_size=1, max_size=6), titles=st.lists(ANY, min_size=1, max_size=9))
def test_whatever_is_printed_it_stays_within_4000_bytes_and_is_plain_html(
    texts: list[str], titles: list[str]
) -> None:
    told = described(
        reading(*(part(n, title, *texts) for n, title in enumerate(titles))),
    )
    assert len(told.encode()) <= 4000
    bare = re.sub(r'</?p>|<br />|<a href="[^"<>]*">|</a>', "", told)
    assert "<" not in bare
    assert not re.search(r"&(?!(?:amp|lt|gt|quot|#x27);)", bare)


def test_the_longer_notes_have_the_paragraphs_and_lead_into_each_chapter() -> None:
    told = notes.content(SHOW, LINK, ARTICLE, ())
    assert "<p>清晨，薄雾还没散尽。</p>\n<p>公园二期正式开放。</p>" in told
    assert f'<a href="{LINK}#t=122">00:02:02</a> 旧码头' in told


def test_the_longer_notes_have_the_begin_of_a_first_paragraph_that_is_very_long() -> None:
    told = notes.content(SHOW, LINK, reading(part(0, "开场"), part(1, "导语", "长" * 5000)), ())
    (lead,) = re.findall("<p>(长+…)</p>", told)
    assert 3990 <= len(lead.encode()) <= 4000


@given(st.text(max_size=60), st.integers(0, 80))
def test_a_text_is_cut_between_characters_and_never_too_long(text: str, longest: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    short = shortened(text, longest)
    assert len(short.encode()) <= longest
    assert short == text or text.startswith(short.removesuffix("…"))
    assert len(escaped(text, longest).encode()) <= longest


@pytest.mark.parametrize(
    ("longest", "short"), [(9, "一二三"), (8, "一…"), (6, "一…"), (3, "…"), (2, "")]
)
def test_a_cut_is_marked(longest: int, short: str) -> None:
    assert shortened("一二三", longest) == short
    assert unescape(escaped("一&三", 20)) == "一&三"


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("全长3.14公里", 5, "全长…"),
        ("全长3.14公里", 4, "全长…"),
        ("全长3.14公里", 7, "全长3.14…"),
        ("涨了12%，又", 5, "涨了…"),
        ("用AI读报", 3, "用…"),
        ("涨了12，又", 5, "涨了12…"),
        ("投资12亿元", 5, "投资…"),
        ("投资12万亿元", 6, "投资…"),
        ("涨12％后", 4, "涨…"),
        ("有1.2万人", 5, "有…"),
        ("投资二十万亿元", 5, "投资…"),
        ("投资￥1,000万元", 6, "投资…"),
        ("12345678", 5, "1234…"),
        ("全长3.14", 8, "全长3.14"),
    ],
)
def test_no_number_and_no_latin_word_is_cut(text: str, longest: int, short: str) -> None:
    assert cut(text, longest) == short
