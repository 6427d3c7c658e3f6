import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_html import blocks, page

from hy_audio.article.formats.founder import split
from hy_audio.article.formats.html import read_html
from hy_audio.article.model import Kind

PROPERTIES = (
    "<!--enpproperty <articleid>7731</articleid><date>2024-07-02 00:00:00.0</date>"
    "<author>本报记者 王小明</author><title>新桥通车</title><keyword>桥,江</keyword>"
    "<subtitle>两岸步行只要十分钟</subtitle><introtitle>等了三年</introtitle>"
    "<siteid>1</siteid><nodeid>12</nodeid><nodename>第01版：要闻</nodename>/enpproperty-->"
)
BODY = "<P>　　今早六点，新桥放行。</P><P>　　■ 出行</P><P>　　走路十分钟。</P>"
EPAPER = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>山城日报数字报-新桥通车</title></head><body>
<table width="100%"><tr><td><a href="n1">上一版</a> <a href="n2">下一版</a></td></tr>
<tr><td><a href="c1">江水回落</a><br><a href="c2">夏粮入库</a></td></tr></table>
<table><tr><td class="font01">新桥通车</td></tr><tr><td>
<table><tr><td><img src="res/1.jpg"></td></tr><tr><td>清晨的新桥。 李四 摄</td></tr></table>
</td></tr><tr><td>{PROPERTIES}
<div id="ozoom" class="content"><founder-content>{BODY}</founder-content></div></td></tr></table>
<div class="foot">山城日报社 版权所有</div></body></html>"""

WHOLE = [
    (Kind.KICKER, "等了三年"),
    (Kind.HEADLINE, "新桥通车"),
    (Kind.SUBHEAD, "两岸步行只要十分钟"),
    (Kind.BYLINE, "本报记者 王小明"),
    (Kind.CAPTION, "清晨的新桥。 李四 摄"),
    (Kind.PARAGRAPH, "今早六点，新桥放行。"),
    (Kind.PARAGRAPH, "■ 出行"),
    (Kind.PARAGRAPH, "走路十分钟。"),
]
TEXT = WHOLE[-3:]


def test_an_e_paper_page_gives_its_titles_author_date_pictures_and_body() -> None:
    assert blocks(EPAPER) == WHOLE
    assert read_html(EPAPER).date == "2024-07-02"


@pytest.mark.parametrize("word", ["enpproperty", "7731", "要闻", "上一版", "江水", "版权", "桥,江"])
def test_nothing_of_the_block_or_the_frame_leaks(word: str) -> None:
    assert all(word not in text for _, text in blocks(EPAPER))


@pytest.mark.parametrize(
    "wrap",
    [
        "<div id=ozoom>{}</div>",
        "<founder-content>{}</founder-content>",
        "<DIV id=ozoom><founder-content>{}</founder-content></DIV>",
        "<founder-content></founder-content><div id=ozoom>{}</div>",
    ],
)
def test_the_body_is_found_in_either_place(wrap: str) -> None:
    found = blocks(page(PROPERTIES + wrap.format(BODY) + "<p>版权所有</p>"))
    assert found == [*WHOLE[:4], *TEXT]


def test_a_body_in_two_parts_is_read_whole() -> None:
    part = f"<founder-content>{BODY}</founder-content>"
    found = blocks(page(f"<table><tr><td>{part}{part}</td></tr></table>"))
    assert found == TEXT * 2


def test_a_page_without_the_block_takes_its_title_from_elsewhere() -> None:
    head = "<title>新桥通车_山城日报数字报</title>"
    found = blocks(page(f"<div id=ozoom>{BODY}</div>", head))
    assert found == [(Kind.HEADLINE, "新桥通车"), *TEXT]


def test_a_block_without_the_body_s_marks_still_tells() -> None:
    story = "<p>今早六点，新桥放行，第一班公交车从西岸开到东岸，车上坐满了赶早市的人。</p>"
    found = blocks(page(f"{PROPERTIES}<!--enpcontent-->{story * 2}<!--/enpcontent-->"))
    assert found[:4] == WHOLE[:4]
    assert len(found) == 6


@pytest.mark.parametrize(
    "block",
    [
        PROPERTIES.replace("新桥通车</title>", "新桥--&gt;通车</title>"),
        PROPERTIES.replace("<!--", "&lt;!--").replace("-->", "--&gt;"),
        PROPERTIES.replace("/enpproperty-->", "-->"),
        PROPERTIES.replace("/enpproperty-->", ""),
        PROPERTIES.replace("/enpproperty-->", "/enpproperty -->"),
        PROPERTIES * 2,
        PROPERTIES.replace("<title>新桥通车</title>", "<title><p>新桥通车</p></title>"),
        PROPERTIES.replace("><", ">\n<"),
        PROPERTIES.replace("enpproperty", "ENPPROPERTY"),
    ],
)
def test_a_block_that_is_odd_or_never_closed_does_not_leak_nor_eat_the_body(block: str) -> None:
    found = blocks(page(f"{block}<div id=ozoom>{BODY}</div>"))
    assert found[-3:] == TEXT
    assert [kind for kind, _ in found[:4]] == [kind for kind, _ in WHOLE[:4]]
    assert len(found) == 7


def test_a_title_may_hold_the_end_of_a_comment() -> None:
    block = PROPERTIES.replace("新桥通车</title>", "东岸-->西岸</title>")
    found = blocks(page(f"{block}<div id=ozoom>{BODY}</div>"))
    assert found[1] == (Kind.HEADLINE, "东岸-->西岸")
    assert found[-3:] == TEXT


def test_empty_properties_are_nothing() -> None:
    block = "<!--enpproperty <date></date><author></author><title>新桥通车</title>/enpproperty-->"
    document = read_html(page(f"{block}<div id=ozoom>{BODY}</div>"))
    assert blocks(page(f"{block}<div id=ozoom>{BODY}</div>")) == [
        (Kind.HEADLINE, "新桥通车"),
        *TEXT,
    ]
    assert document.date == ""


def test_a_headline_printed_in_the_body_is_not_said_twice() -> None:
    found = blocks(page(f"{PROPERTIES}<div id=ozoom><p>新桥 通车</p>{BODY}</div>"))
    assert [text for kind, text in found if kind is Kind.HEADLINE] == ["新桥 通车"]
    assert [kind for kind, _ in found[:4]] == [kind for kind, _ in WHOLE[:4]]


def test_pictures_inside_the_body_keep_their_captions() -> None:
    picture = "<table><tr><td><img src=2.jpg></td></tr><tr><td>桥头的早市</td></tr></table>"
    found = blocks(page(f"{PROPERTIES}<div id=ozoom>{picture}{BODY}</div>"))
    assert found[4] == (Kind.CAPTION, "桥头的早市")
    assert found[5:] == TEXT


@given(st.text(alphabet="<>!-/ enproptyt桥&l;", max_size=120))
def test_any_text_is_split_and_what_is_left_was_there(text: str) -> None:
    left = split("桥头" + text + "桥尾").html
    assert left.startswith("桥头")
    assert len(left) <= len(text) + 4


def test_the_first_sixteen_property_blocks_are_taken_off_and_no_more() -> None:
    page = split("".join(f"<p>第{n}段。</p>{PROPERTIES}" for n in range(18)))
    assert page.title == "新桥通车"
    assert page.html.count("enpproperty") == 2 * 2
    assert "第15段。</p><p>第16段。</p><!--enpproperty" in page.html
