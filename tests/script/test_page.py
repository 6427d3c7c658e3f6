"""The page as HTML: every character is there, with its fate, its rule and its sound."""

import re

import pytest
from hypothesis import given, settings
from lxml import html
from script_texts import ARTICLES, script_of

from hy_audio.article.model import Fate, SourceWarning, Span
from hy_audio.errors import ScriptError
from hy_audio.script.model import Script
from hy_audio.script.page import as_html

PAGE = """新桥通车了

■本报记者 方小舟

今早6点，新桥通车了，花了3-5年。（下转第3版）

<b>桥边的灯&也亮了，</b>一个人都没有走，大家都在等着看
"""


def tree(page: str) -> html.HtmlElement:
    return html.document_fromstring(as_html(script_of(page), page))


def spans(page: str, words: str) -> list[html.HtmlElement]:
    return [span for span in tree(page).iterfind(".//span[@title]") if words in span.text]


def printed(page: str) -> str:
    (body,) = tree(page).find_class("page")
    for note in body.find_class("note"):
        note.drop_tree()
    return str(body.text_content())


def test_every_character_of_the_page_is_there_once_and_in_order() -> None:
    assert printed(PAGE) == PAGE


@settings(max_examples=60)
@given(ARTICLES)
def test_nothing_of_any_page_is_lost(page: str) -> None:
    try:
        shown = printed(page)
    except (ScriptError, ValueError):  # lxml takes no control characters
        return
    assert "".join(shown.split()) == "".join(page.replace("\ufeff", "").split())


def test_a_character_tells_its_fate_and_its_rule() -> None:
    (credit,) = spans(PAGE, "下转第3版")
    assert credit.get("title") == "silent: jump"
    assert credit.classes >= {"silent", "jump"}
    (headline,) = spans(PAGE, "新桥通车了\n") or spans(PAGE, "新桥通车了")[:1]
    assert headline.get("title").startswith("spoken: headline")


def test_what_is_said_differently_is_shown_where_it_is_printed() -> None:
    (years,) = spans(PAGE, "3-5")
    assert years.text == "3-5"
    assert "3-5 → 三到五" in years.get("title").replace("至", "到")
    assert "changed" in years.classes


def test_a_sentence_shows_its_reading() -> None:
    assert "qiao2" in spans(PAGE, "通车了，花了")[0].get("title")


def test_a_warning_stands_beside_the_page_and_leads_to_its_place() -> None:
    page = tree(PAGE)
    (item,) = page.iterfind(".//aside//li")
    assert "unfinished" in item.text_content()
    (place,) = page.iterfind(".//a[@id='at-1']")
    assert place.get("href") == f"#{item.get('id')}"
    assert item.find("a").get("href") == "#at-1"


@pytest.mark.parametrize("part", ["src=", "<link", "@import", "url(", "http"])
def test_the_file_needs_no_other(part: str) -> None:
    assert part not in as_html(script_of(PAGE), PAGE)


def test_markup_in_the_article_stays_text() -> None:
    text = as_html(script_of(PAGE), PAGE)
    assert "<b>桥边" not in text
    assert printed(PAGE).count("<b>") == 1


def test_markup_in_the_headline_and_in_a_warning_stays_text() -> None:
    title = "<script>alert(1)</script>新桥通车"
    notice = SourceWarning("<i>", 0, 1, "“a&b” <b>\"'")
    ledger = (Span(0, len(title), Fate.SPOKEN, "headline"),)
    text = as_html(Script(title, "", (), ledger, (notice,)), title)
    shown = html.document_fromstring(text)
    assert list(shown.iter("script", "b", "i")) == [shown.find(".//aside//b")]
    assert shown.find(".//title").text == shown.find(".//h1").text == title
    (item,) = shown.iterfind(".//aside//li")
    assert item.text_content() == "line 1 <i>: “a&b” <b>\"'"


def test_markup_in_a_tooltip_stays_inside_it() -> None:
    page = PAGE.replace("桥边的灯", '桥边的"><img src=x>灯')
    assert list(tree(page).iter("img")) == []
    assert printed(page) == page


def test_each_of_twenty_thousand_warnings_stands_once_at_its_place() -> None:
    line, lines = "新桥通车了。\n", 20_000
    places = range(0, len(line) * lines, len(line))
    ledger = (Span(0, len(line) * lines, Fate.SPOKEN, "paragraph"),)
    warnings = tuple(SourceWarning("odd", n + 2, n + 3, "看看") for n in places)
    text = as_html(Script("新桥", "", (), ledger, warnings), line * lines)
    found = re.findall(r'id="at-(\d+)".*?</a><[^>]+>(.)', text, re.DOTALL)
    assert found == [(str(n), "通") for n in range(1, lines + 1)]
    assert text.count(f"line {lines}<") == 1
