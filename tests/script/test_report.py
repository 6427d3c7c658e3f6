import json

import pytest
from hypothesis import given, settings
from script_texts import ARTICLES, TITLE, script_of

from hy_audio.article.model import Fate, SourceWarning, Span
from hy_audio.characters import line_number, line_starts
from hy_audio.script.lexicon import lexicon
from hy_audio.script.model import Script
from hy_audio.script.report import as_text
from hy_audio.script.saved import as_json, from_json
from hy_audio.script.settings import Settings

PAGE = f"{TITLE}今早六点，新桥通车了😀。\n\n扫一扫，更多精彩\n\n新桥一角。 ■何大江 摄\n"


def test_the_json_holds_the_sections_the_ledger_and_the_warnings() -> None:
    document = json.loads(as_json(script_of(PAGE), PAGE))
    assert list(document) == ["title", "byline", "sections", "ledger", "warnings"]
    assert document["title"] == "渡口停航了"
    assert document["byline"] == "河湾日报记者 方小舟"
    assert [list(s) for s in document["sections"]] == [["number", "id", "title", "utterances"]] * 2
    assert [w["rule"] for w in document["warnings"]] == ["unreadable"]


def test_an_utterance_in_the_json_has_its_place_and_its_reading() -> None:
    document = json.loads(as_json(script_of(PAGE), PAGE))
    first = document["sections"][0]["utterances"][0]
    sentences, pause_ms = first.pop("sentences"), first.pop("pause_ms")
    assert [s["display"] for s in sentences] == ["渡口停航了"]
    assert pause_ms == 800
    assert first == {
        "id": "kai-chang-001",
        "kind": "headline",
        "display": "渡口停航了",
        "spoken": "渡口停航了。",
        "pinyin": ["du4", "kou3", "ting2", "hang2", "le5"],
        "source": [0, 5],
        "changes": [],
    }


def test_the_json_says_what_is_said_differently_and_where() -> None:
    page = "渡口停航了\n\n从3-5年前起，渡口就没有几条船了。"
    document = json.loads(as_json(script_of(page), page))
    (change,) = document["sections"][1]["utterances"][0]["changes"]
    assert page[change["start"] : change["end"]] == "3-5"
    assert change["said"].replace("至", "到") == "三到五"


@given(ARTICLES)
@settings(max_examples=40)
def test_a_script_comes_back_from_its_json_as_it_was(page: str) -> None:
    script = script_of(page, Settings(lexicon=lexicon({"停航": "ting1 hang4", "新桥": "星桥"})))
    assert from_json(as_json(script, page)) == script


def test_the_ledger_in_the_json_is_the_page() -> None:
    ledger = json.loads(as_json(script_of(PAGE), PAGE))["ledger"]
    assert "".join(span["text"] for span in ledger) == PAGE
    assert all(PAGE[span["start"] : span["end"]] == span["text"] for span in ledger)
    assert {span["fate"] for span in ledger} == {"spoken", "silent"}


def test_the_text_says_what_is_spoken_what_is_not_and_what_to_look_at() -> None:
    spoken, silent, warnings = (
        as_text(script_of(PAGE), PAGE)
        .replace("\nPlease look at", "\nNot spoken")
        .split("\nNot spoken\n")
    )
    assert "图片说明：新桥一角。" in spoken
    assert [line.split() for line in silent.splitlines() if line] == [
        ["line", "3", "marker", "■"],
        ["line", "7", "prompt", "扫一扫，更多精彩"],
        ["line", "9", "credit", "■何大江", "摄"],
    ]
    assert "line 5" in warnings
    assert "😀" in warnings


def test_the_text_of_a_clean_page_has_no_empty_lists() -> None:
    text = as_text(script_of("渡口停航了\n\n新桥通车了。"), "渡口停航了\n\n新桥通车了。")
    assert "Not spoken" not in text
    assert "Please look at" not in text


@pytest.mark.parametrize(("offset", "line"), [(0, 1), (2, 1), (3, 2), (4, 3), (6, 3), (9, 4)])
def test_a_place_is_on_its_line(offset: int, line: int) -> None:
    assert line_number(line_starts("一二\n\n三四\r\n五六"), offset) == line


def test_the_lines_of_a_hundred_thousand_warnings_are_told_in_one_pass() -> None:
    line, lines = "新桥通车了。\n", 100_000
    places = range(0, len(line) * lines, len(line))
    ledger = tuple(Span(n, n + len(line), Fate.SILENT, "prompt") for n in places)
    warnings = tuple(SourceWarning("odd", n, n + 1, "看看") for n in places)
    told = as_text(Script("新桥", "", (), ledger, warnings), line * lines).splitlines()
    assert told[-1].split() == ["line", "100000", "odd", "看看"]
