import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from script_texts import (
    ARTICLES,
    SAMPLES,
    SHARED,
    SPEAKABLE,
    TITLE,
    load,
    needs_shared,
    script_of,
)

from hy_audio.article.model import Article, Fate, Hint, Kind
from hy_audio.article.parse import parse
from hy_audio.article.rules import SILENT_KINDS
from hy_audio.characters import HAN, han
from hy_audio.errors import ScriptError
from hy_audio.script.compose import MAX_CHARACTERS, SECTION_PAUSE_MS, compose
from hy_audio.script.model import CAPTION_PREFIX, Role, Script
from hy_audio.script.settings import DISCLOSURE, Settings

anything = settings(max_examples=100)
PAGES = [pytest.param(path, id=path.stem) for path in SAMPLES]
PAGES.append(pytest.param(SHARED, id=SHARED.stem, marks=needs_shared))
READABLE = re.compile(f"[{HAN}A-Za-z0-9]")
BODY = "今早六点，新桥通车了。"


# What holds for every script


def unheard(article: Article, script: Script) -> str:
    """Characters that the ledger calls spoken and no utterance holds."""
    heard = set(chain.from_iterable(range(*u.source) for u in script.utterances))
    spoken = [s for s in script.ledger if s.fate is Fate.SPOKEN]
    places = chain.from_iterable(range(s.start, s.end) for s in spoken)
    return "".join(article.source[i] for i in places if i not in heard)


def is_speakable(script: Script) -> bool:
    return all(SPEAKABLE.fullmatch(u.spoken) for u in script.utterances)


def has_one_syllable_for_each_character(script: Script) -> bool:
    return all(len(u.pinyin) == len(han(u.spoken)) for u in script.utterances)


def has_unique_ids(script: Script) -> bool:
    sections = [section.id for section in script.sections]
    utterances = [u.id for u in script.utterances]
    return len(set(sections)) == len(sections) and len(set(utterances)) == len(utterances)


def fits(script: Script) -> bool:
    return all(
        0 < len(u.display) <= MAX_CHARACTERS and 0 < len(u.spoken) <= MAX_CHARACTERS
        for u in script.utterances
    )


def says_something_everywhere(script: Script) -> bool:
    return all(re.search(r"\w", s.spoken) for u in script.utterances for s in u.sentences)


def is_numbered(script: Script) -> bool:
    return [section.number for section in script.sections] == [*range(1, len(script.sections) + 1)]


ALWAYS: tuple[Callable[[Script], bool], ...] = (
    is_speakable,
    has_one_syllable_for_each_character,
    has_unique_ids,
    fits,
    says_something_everywhere,
    is_numbered,
)


@pytest.mark.parametrize("holds", ALWAYS)
@pytest.mark.parametrize("path", PAGES)
def test_a_sample_has_a_sound_script(path: Path, holds: Callable[[Script], bool]) -> None:
    assert holds(script_of(load(path)))


@pytest.mark.parametrize("holds", ALWAYS)
@anything
@given(ARTICLES)
def test_any_article_has_a_sound_script(holds: Callable[[Script], bool], text: str) -> None:
    assert holds(script_of(text))


@pytest.mark.parametrize("title", ["", "别的标题"])
@pytest.mark.parametrize("read_captions", [True, False])
@pytest.mark.parametrize("path", PAGES)
def test_what_the_ledger_of_a_sample_calls_spoken_is_heard(
    path: Path, read_captions: bool, title: str
) -> None:
    article = parse(load(path), read_captions=read_captions)
    assert unheard(article, compose(article, Settings(title=title))) == ""


@anything
@given(ARTICLES)
def test_what_the_ledger_calls_spoken_is_heard(text: str) -> None:
    article = parse(text)
    assert unheard(article, compose(article)) == ""


@anything
@given(ARTICLES)
def test_the_ledger_of_the_script_tiles_the_source(text: str) -> None:
    assert "".join(text[s.start : s.end] for s in script_of(text).ledger) == text


@pytest.mark.parametrize(
    "dumb",
    ["？！", "“……”", "😀", "（）", "《》。"],
    ids=["?!", "quoted", "emoji", "brackets", "title"],
)
def test_a_paragraph_without_a_sound_is_silent_in_the_ledger(dumb: str) -> None:
    text = f"{TITLE}{BODY}\n\n{dumb}\n\n桥上人来人往。"
    start = text.index(dumb)
    fates = {s.fate for s in script_of(text).ledger if s.start <= start < s.end}
    assert fates == {Fate.SILENT}


@pytest.mark.parametrize("path", PAGES)
def test_no_silent_block_of_a_sample_is_in_an_utterance(path: Path) -> None:
    article = parse(load(path))
    silent = [b for b in article.blocks if b.kind in SILENT_KINDS]
    displays = [u.display for u in compose(article).utterances]
    assert not [b for b in silent if any(b.text in display for display in displays)]


@pytest.mark.parametrize(
    "silent",
    ["■何大江 摄", "何大江 摄", ".....", "扫一扫，更多精彩", "责编：魏青", "热线：0700-1234567",
     "★★★", "（下转第2版）", "www.example.com", "第3版"],
)  # fmt: skip
def test_a_silent_line_is_in_no_utterance(silent: str) -> None:
    text = f"{TITLE}{BODY}\n\n{silent}\n\n桥上人来人往。"
    place = range(text.index(silent), text.index(silent) + len(silent))
    script = script_of(text)
    assert not [u for u in script.utterances if set(place) & set(range(*u.source))]
    assert "".join(u.display for u in script.utterances).endswith("新桥通车了。桥上人来人往。")


@anything
@given(ARTICLES)
def test_sentences_cover_the_text_without_loss_or_reordering(text: str) -> None:
    article = parse(text)
    script = compose(article, Settings(disclosure=""))
    body = [s for section in script.sections[1:] for u in section.utterances for s in u.sentences]
    said = "".join(s.display.removeprefix(CAPTION_PREFIX) for s in body)
    kinds = (Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.VERSE, Kind.CAPTION)
    printed = "".join(b.text for b in article.blocks if b.kind in kinds)
    assert READABLE.findall(said) == READABLE.findall(printed)


@pytest.mark.parametrize("path", PAGES)
def test_sentences_of_a_sample_are_its_text_to_the_last_mark(path: Path) -> None:
    article = parse(load(path))
    body = [u.display for s in compose(article).sections[1:] for u in s.utterances]
    kinds = (Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.VERSE, Kind.CAPTION)
    printed = [b.text for b in article.blocks if b.kind in kinds]
    assert "".join(body).replace(CAPTION_PREFIX, "") == "".join(printed)


@pytest.mark.parametrize(
    "paragraph", ["他说：“走吧。”……", "走！！！！", "“走？！”他问。——", "……走了。", "？走吧。"]
)
def test_a_mark_without_a_sound_is_shown_or_silent_by_name(paragraph: str) -> None:
    text = f"{TITLE}{BODY}\n\n{paragraph}\n\n桥上人来人往。"
    script = script_of(text)
    place = range(text.index(paragraph), text.index(paragraph) + len(paragraph))
    silent = [s for s in script.ledger if s.fate is Fate.SILENT and s.start in place]
    missing = "".join(text[s.start : s.end] for s in silent)
    shown = "".join(u.display for u in script.utterances if u.source[0] in place)
    assert {s.rule for s in silent} <= {"no-sound"}
    assert sorted(shown + missing) == sorted(paragraph)


@anything
@given(ARTICLES)
def test_sources_are_ranges_in_the_order_of_the_page(text: str) -> None:
    for section in script_of(text).sections[1:]:
        captions = [u for u in section.utterances if u.role is Role.CAPTION]
        others = [u for u in section.utterances if u.role is not Role.CAPTION]
        for utterances in (captions, others):  # a caption inside a sentence comes after it
            ranges = [s.source for u in utterances for s in u.sentences]
            assert ranges == sorted(ranges)
            assert all(0 <= a < b <= len(text) for a, b in ranges)


@anything
@given(ARTICLES)
def test_composing_is_deterministic(text: str) -> None:
    assert script_of(text) == script_of(text)


# Utterances


@pytest.mark.parametrize(
    "sentence",
    [
        "桥" * 500,
        "1" * 500,
        "一二三四五，" * 60,
        "99.99%、" * 60,
        "2021年12月12日，" * 30,
        "“桥”" * 100,
        "bridge " * 60,
        "B" * 400,
        "甲 乙 " * 100,
        "桥。" * 200,
        "！" * 300 + "桥",
    ],
    ids=lambda sentence: sentence[:6],
)
def test_a_very_long_sentence_is_cut_to_fit(sentence: str) -> None:
    script = script_of(f"{TITLE}{BODY}\n\n{sentence}。")
    assert fits(script)
    assert is_speakable(script)


@pytest.mark.parametrize("length", [110, 236])
@pytest.mark.parametrize("unit", ["丙99月 ", "甲 乙 ", "99.9%、", "桥", "桥。", "99"])
def test_a_long_caption_is_cut_to_fit(unit: str, length: int) -> None:
    caption = "图为" + (unit * 240)[:length].rstrip() + "。"
    script = script_of(f"{TITLE}{BODY}\n\n{caption}")
    assert script.utterances[-1].role is Role.CAPTION
    assert fits(script)


@pytest.mark.parametrize(
    "words", [Settings(title="桥" * 200), Settings(show="9" * 60), Settings(disclosure="桥。" * 90)]
)
def test_a_long_line_of_the_editor_is_cut_to_fit(words: Settings) -> None:
    assert fits(script_of(TITLE + BODY, words))


def test_a_long_byline_with_spaces_is_cut_to_fit() -> None:
    names = "　".join(f"王{c}" for c in "一二三四五六七八九十东南西北中")
    assert fits(script_of(f"渡口停航了\n\n■本报记者 {names}\n\n{BODY}"))


def test_neighbours_that_fit_are_one_utterance_and_paragraphs_are_not() -> None:
    text = f"{TITLE}船来了。人也来了。\n\n灯亮了。"
    assert [u.display for u in script_of(text).sections[1].utterances] == [
        "船来了。人也来了。",
        "灯亮了。",
    ]


def test_the_last_utterance_of_a_section_has_the_longest_pause() -> None:
    for section in script_of(f"{TITLE}{BODY}\n\n桥。\n\n最后一夜\n\n{BODY}").sections:
        pauses = [u.pause_ms for u in section.utterances]
        assert pauses[-1] == SECTION_PAUSE_MS == max(pauses)
        assert min(pauses) > 0


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (
            "未来的路还很长很长，这是船工们写在最后一天日志里的话，谁也不知道下一句是什么，因为",
            "因为……",
        ),
        ("船来了。", "船来了。"),
        ("大家喊：", "大家喊："),
    ],
)
def test_a_paragraph_that_breaks_off_is_left_hanging(printed: str, said: str) -> None:
    assert script_of(TITLE + printed).sections[1].utterances[-1].spoken.endswith(said)


@pytest.mark.parametrize("row", ["1. 身份证", "衡阳　晴　18℃～25℃\n\n耒阳　多云　17℃～24℃"])
def test_an_item_or_a_row_without_a_stop_gets_one(row: str) -> None:
    said = [u.spoken for u in script_of(f"{TITLE}{BODY}\n\n{row}").sections[1].utterances]
    assert all(one.endswith("。") for one in said)
    assert len(said) > 1


# The opening


def opening(text: str, words: Settings | None = None) -> list[tuple[str, str]]:
    first = script_of(text, words).sections[0]
    assert (first.number, first.title) == (1, "开场")
    return [(str(u.role), u.spoken) for u in first.utterances]


FRONT = f"一步跨过一条河\n\n河湾新桥今早通车\n\n——写在渡口停航之际\n\n■本报记者 方小舟\n\n{BODY}"


def test_the_opening_says_the_titles_the_byline_and_that_the_voice_is_synthetic() -> None:
    assert opening(FRONT) == [
        ("kicker", "一步跨过一条河。"),
        ("headline", "河湾新桥今早通车。"),
        ("subhead", "——写在渡口停航之际。"),
        ("byline", "本报记者方小舟。"),
        ("disclosure", DISCLOSURE),
    ]


def test_a_show_is_named_first() -> None:
    assert opening(FRONT, Settings(show="河湾早读"))[0] == ("show", "河湾早读。")


def test_without_a_show_none_is_named() -> None:
    assert "show" not in dict(opening(FRONT))


def test_the_line_about_the_voice_can_be_worded_anew() -> None:
    assert opening(FRONT, Settings(disclosure="本期为合成语音"))[-1] == (
        "disclosure",
        "本期为合成语音。",
    )


def test_a_title_of_the_editor_replaces_the_headline() -> None:
    words = Settings(title="新桥纪事")
    assert opening(FRONT, words) == [
        (role, "新桥纪事。" if role == "headline" else said) for role, said in opening(FRONT)
    ]
    assert script_of(FRONT, words).title == "新桥纪事"


def test_a_title_of_the_editor_is_said_where_no_headline_is_printed() -> None:
    assert opening(BODY, Settings(title="新桥纪事"))[0] == ("headline", "新桥纪事。")


def test_a_replaced_headline_is_silent_in_the_ledger() -> None:
    script = script_of(FRONT, Settings(title="新桥纪事"))
    start = FRONT.index("河湾新桥")
    (span,) = [s for s in script.ledger if s.start <= start < s.end]
    assert (span.fate, FRONT[span.start : span.end]) == (Fate.SILENT, "河湾新桥今早通车")


def test_lines_that_the_program_adds_have_an_empty_source() -> None:
    script = script_of(FRONT, Settings(show="河湾早读", title="新桥纪事"))
    added = [u for u in script.utterances if u.source[0] == u.source[1]]
    assert [u.role for u in added] == [Role.SHOW, Role.HEADLINE, Role.DISCLOSURE]


@pytest.mark.parametrize("title", ["！！", "……", "😀", "ж"])
def test_a_title_without_a_sound_is_not_spoken(title: str) -> None:
    assert says_something_everywhere(script_of(FRONT, Settings(title=title)))


def test_title_and_byline_are_kept_as_printed() -> None:
    script = script_of(FRONT)
    assert (script.title, script.byline) == ("河湾新桥今早通车", "本报记者 方小舟")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("今早六点，新桥通车了。", "今早六点"),
        ("“新桥通车了。”船工说。", "“新桥通车了"),
        ("■本报记者 方小舟\n\n今早六点，新桥通车了。", "今早六点"),
    ],
)
def test_an_article_without_a_headline_is_called_by_its_first_words(text: str, title: str) -> None:
    assert script_of(text).title == title


# Sections


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (BODY, ["开场", "正文"]),
        (f"{BODY}\n\n最后一夜\n\n{BODY}", ["开场", "导语", "最后一夜"]),
        (f"\n\n最后一夜\n\n{BODY}", ["开场", "最后一夜"]),
        (f"{BODY}\n\n最后一夜\n\n{BODY}\n\n新的一天\n\n{BODY}",
         ["开场", "导语", "最后一夜", "新的一天"]),
    ],
)  # fmt: skip
def test_each_heading_opens_a_section(body: str, titles: list[str]) -> None:
    assert [section.title for section in script_of(TITLE + body).sections] == titles


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("hard-wrapped", ["开场", "导语", "一、先问住户，再动砖瓦", "二、留住老味道，迎来新店家"]),
        ("harvest", ["开场", "导语", "会“思考”的水渠", "一列开往田野的火车", "新米的“身价”"]),
        ("no-headings", ["开场", "正文"]),
        ("river-park", ["开场", "导语", "旧码头变成会客厅", "好风景也要好管家"]),
    ],
)
def test_the_sections_of_a_sample(name: str, titles: list[str]) -> None:
    (path,) = [path for path in SAMPLES if path.stem == name]
    assert [section.title for section in script_of(load(path)).sections] == titles


@needs_shared
def test_the_page_of_2022_has_an_opening_and_three_sections() -> None:
    script = script_of(load(SHARED))
    assert [section.title[:5] for section in script.sections] == [
        "开场",
        "岁月,没有",
        "打出“教科",
        "蓬勃向上的",
    ]
    assert [u.role for u in script.sections[0].utterances] == [
        "kicker",
        "headline",
        "byline",
        "disclosure",
    ]
    (caption,) = [u.spoken for u in script.utterances if u.role is Role.CAPTION]
    assert caption.startswith("图片说明：湘江两岸")
    assert caption.endswith("。")
    assert [w.rule for w in script.warnings] == ["lost-text"]


def test_a_section_begins_with_its_heading() -> None:
    section = script_of(f"{TITLE}{BODY}\n\n最后一夜\n\n{BODY}").sections[-1]
    assert [(u.role, u.spoken) for u in section.utterances] == [
        (Role.HEADING, "最后一夜。"),
        (Role.PARAGRAPH, BODY),
    ]


@pytest.mark.parametrize("edited", ["改了。", "改了，改了很多。" * 40, "改了。\n\n又改了。"])
def test_the_ids_of_the_other_sections_survive_an_edit(edited: str) -> None:
    def ids(lead: str) -> list[str]:
        text = f"{TITLE}{lead}\n\n最后一夜\n\n{BODY}\n\n最后一夜\n\n{BODY}"
        script = script_of(text)
        return [u.id for s in script.sections if s.title != "导语" for u in s.utterances]

    assert ids(edited) == ids(BODY)


def test_a_section_keeps_its_id_when_another_one_is_put_before_it() -> None:
    page = f"{TITLE}{BODY}\n\n{{}}最后一夜\n\n{BODY}"
    before = script_of(page.format("")).sections[-1]
    after = script_of(page.format(f"新的一天\n\n{BODY}\n\n")).sections[-1]
    assert (before.id, before.number + 1) == (after.id, after.number)


def test_sections_of_one_name_have_ids_of_their_own() -> None:
    headings = ["最后一夜", "最后一夜", "最后一夜2", "最后一夜", "开场"]
    text = TITLE + BODY + "".join(f"\n\n{heading}\n\n{BODY}" for heading in headings)
    script = script_of(text)
    assert [s.title for s in script.sections] == ["开场", "导语", *headings]
    assert has_unique_ids(script)


# Captions


CAPTIONED = f"{TITLE}{BODY}\n\n新桥一角。 ■何大江 摄\n\n桥上人来人往。"


def test_a_caption_is_announced_and_stands_alone() -> None:
    (caption,) = [u for u in script_of(CAPTIONED).utterances if u.role is Role.CAPTION]
    assert caption.display == caption.spoken == "图片说明：新桥一角。"
    a, b = caption.source
    assert CAPTIONED[a:b] == "新桥一角。"


def test_a_long_caption_is_announced_once() -> None:
    text = f"{TITLE}{BODY}\n\n图为新桥。{'桥上人来人往，灯都亮了，' * 15}真好。"
    captions = [u for u in script_of(text).utterances if u.role is Role.CAPTION]
    assert len(captions) > 1
    assert [u.spoken.startswith(CAPTION_PREFIX) for u in captions] == [
        True,
        *[False] * (len(captions) - 1),
    ]


def test_captions_can_be_skipped_and_the_ledger_says_so() -> None:
    script = script_of(CAPTIONED, read_captions=False)
    assert not [u for u in script.utterances if "新桥一角" in u.display]
    (span,) = [s for s in script.ledger if s.rule == "captions-skipped"]
    assert (span.fate, CAPTIONED[span.start : span.end]) == (Fate.SILENT, "新桥一角。")


def test_read_captions_are_spoken_in_the_ledger() -> None:
    (span,) = [s for s in script_of(CAPTIONED).ledger if s.rule == "caption"]
    assert (span.fate, CAPTIONED[span.start : span.end]) == (Fate.SPOKEN, "新桥一角。")


# Warnings and errors


@pytest.mark.parametrize("symbol", ["😀", "ж", "†", "👍🏽", "あ", "٣"])
def test_a_character_without_a_reading_is_warned_about_at_its_place(symbol: str) -> None:
    text = f"{TITLE}{BODY}\n\n船工们都说{symbol}好。\n\n桥上人来人往。"
    (warning,) = script_of(text).warnings
    assert warning.rule == "unreadable"
    assert warning.start <= text.index(symbol) < warning.end
    assert text[warning.start : warning.end] in f"船工们都说{symbol}好。"
    assert symbol[0] in warning.message


def test_a_character_without_a_known_syllable_is_warned_about() -> None:
    text = f"{TITLE}渡口边住着姓\U0003134a的人家。"
    (warning,) = script_of(text).warnings
    assert warning.rule == "no-pinyin"
    assert "\U0003134a" in warning.message
    assert warning.start <= text.index("\U0003134a") < warning.end


@pytest.mark.parametrize(
    "quiet",
    [
        "他说“走”。",
        "‘好’！",
        "3×5=15。",
        "A/B角。",
        "【提示】走。",
        '"好"。',
        "“双11”到了。",
        "《桥》·夜。",
        "5G+AI。",
        "1~2天。",
        "走——",
        '"双11"。',
    ],
)
def test_common_marks_are_no_reason_for_a_warning(quiet: str) -> None:
    assert script_of(f"{TITLE}{BODY}\n\n{quiet}").warnings == ()


def test_warnings_are_in_the_order_of_their_places() -> None:
    cut = "河水退得很慢，岸边的人等了整整两天两夜，谁也没有合眼，直到昨天清晨水位回落到警戒线"
    text = f"{TITLE}好ж。\n\n{cut}\n\n下”，他写道。\n\n又щ。"
    assert [w.rule for w in script_of(text).warnings] == ["unreadable", "lost-text", "unreadable"]


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "......", "■何大江 摄", "责编：魏青\n\n热线：0700-1234567", "■本报记者 方小舟",
     "（下转第2版）", "？！", "“……”", "😀", "——\n\n？！\n\n■本报记者 方小舟"],
)  # fmt: skip
def test_an_article_with_nothing_to_say_is_an_error(text: str) -> None:
    with pytest.raises(ScriptError) as caught:
        script_of(text)
    assert len(str(caught.value).splitlines()) == 1


def test_a_page_of_skipped_captions_only_is_an_error() -> None:
    with pytest.raises(ScriptError):
        script_of("图为新桥。", read_captions=False)


@anything
@given(st.text(max_size=60))
def test_any_text_is_a_script_or_an_error(text: str) -> None:
    try:
        script = script_of(text)
    except ScriptError:
        return
    assert all(holds(script) for holds in ALWAYS)
    assert len(script.sections) >= 2 or len(script.sections[0].utterances) >= 2


# A headline printed twice


def unsaid(script: Script, text: str) -> list[str]:
    return [text[s.start : s.end] for s in script.ledger if s.rule == "title-repeated"]


@pytest.mark.parametrize(
    ("again", "kind"),
    [
        ("新桥通车", Kind.HEADING),
        ("新桥 通车", Kind.HEADING),
        ("新桥通车\n\n新桥通车", Kind.HEADING),
        ("新桥通车", Kind.PARAGRAPH),
        ("新桥通车", Kind.SUBHEAD),
    ],
)
def test_a_headline_printed_again_above_the_text_is_silent_and_the_ledger_says_why(
    again: str, kind: Kind
) -> None:
    text = f"新桥通车\n\n{again}\n\n今早六点，新桥放行。\n"
    lines = [m.span() for m in re.finditer(".+", text)]
    kinds = [Kind.HEADLINE, *[kind] * (len(lines) - 2), Kind.PARAGRAPH]
    script = compose(parse(text, hints=[Hint(*at, k) for at, k in zip(lines, kinds, strict=True)]))
    assert unsaid(script, text) == again.split("\n\n")
    assert "".join(text[s.start : s.end] for s in script.ledger) == text
    assert [s.title for s in script.sections] == ["开场", "正文"]
    assert [u.display for u in script.utterances] == [
        "新桥通车", DISCLOSURE, "今早六点，新桥放行。"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("新桥通车\n\n两岸放行。\n\n新桥通车\n\n好。", "headline paragraph heading paragraph"),
        ("新桥通车\n\n新桥通车了\n\n人都来看。", "headline heading paragraph"),
        ("新桥\n\n新桥\n\n江上有月", "headline verse verse"),
        ("新桥\n\n新桥\n\n渡口", "headline item item"),
    ],
)  # fmt: skip
def test_what_only_looks_like_the_headline_printed_again_is_spoken(text: str, kinds: str) -> None:
    lines = [m.span() for m in re.finditer(".+", text)]
    told = [Hint(*at, Kind(k)) for at, k in zip(lines, kinds.split(), strict=True)]
    assert unsaid(compose(parse(text, hints=told)), text) == []
