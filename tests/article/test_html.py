from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.article.formats.document import Document, lay_out
from hy_audio.article.formats.html import read_html
from hy_audio.article.formats.sniff import is_html
from hy_audio.article.lines import read_lines
from hy_audio.article.model import Kind

STORY = (
    "<p>今早六点，新桥放行，第一班公交车从西岸开到东岸，车上坐满了赶早市的人。</p>"
    "<p>住在西岸的老人说，从前过江要等渡船，雨天一等就是半天，现在走路十分钟就到了。</p>"
)
PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>新桥通车_山城晚报网</title>
<meta name="author" content="王小明">
<meta property="article:published_time" content="2024-07-02T08:30:00+08:00">
<style>p {{ color: red }}</style><script>var title = "脚本里的话";</script></head>
<body>
<header><div class="logo"><a href="/">山城晚报</a></div>
<nav><ul><li><a href="/">首页导航</a></li><li><a href="/n">要闻导航</a></li></ul></nav></header>
<div class="wrap"><div class="left">
<h1>新桥通车</h1>
<div class="content">
{STORY}
<figure><img src="a.jpg" alt="桥上的行人"><figcaption>清晨，市民走过新桥。</figcaption></figure>
<h2>等了三年</h2>
<p>短短一句。</p>
<p>　　两岸<b>只差</b>
<a href="x">十分钟</a>&nbsp;路。<!-- 编者的注释 --></p>
<ol start="3"><li>走路十分钟</li><li>坐车三分钟</li></ol>
<ul><li>不收费</li></ul>
<p style="display:none">藏起来的话。</p><p hidden>也藏起来的话。</p>
<form action="/vote"><input value="投票"><button>投票按钮</button><label>请投票</label></form>
</div>
<div class="related"><a href="1">旧桥封桥</a> <a href="2">渡口停航</a></div>
</div></div>
<footer>版权所有 山城晚报社</footer>
</body></html>"""


def blocks(page: str) -> list[tuple[Kind, str]]:
    return shown(read_html(page))


def shown(document: Document) -> list[tuple[Kind, str]]:
    laid = lay_out(document)
    return [(h.kind, laid.text[h.start : h.end]) for h in laid.hints]


def of(kind: Kind, page: str) -> list[str]:
    return [text for k, text in blocks(page) if k is kind]


def page(body: Iterable[str] | str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{''.join(body)}</body></html>"


def test_a_page_becomes_its_blocks_in_order() -> None:
    assert blocks(PAGE) == [
        (Kind.HEADLINE, "新桥通车"),
        (Kind.BYLINE, "王小明"),
        (Kind.PARAGRAPH, "今早六点，新桥放行，第一班公交车从西岸开到东岸，车上坐满了赶早市的人。"),
        (
            Kind.PARAGRAPH,
            "住在西岸的老人说，从前过江要等渡船，雨天一等就是半天，现在走路十分钟就到了。",
        ),
        (Kind.CAPTION, "清晨，市民走过新桥。"),
        (Kind.HEADING, "等了三年"),
        (Kind.PARAGRAPH, "短短一句。"),
        (Kind.PARAGRAPH, "两岸只差十分钟\u00a0路。"),
        (Kind.ITEM, "3. 走路十分钟"),
        (Kind.ITEM, "4. 坐车三分钟"),
        (Kind.ITEM, "不收费"),
    ]
    assert read_html(PAGE).date == "2024-07-02"


@pytest.mark.parametrize(
    "word",
    ["脚本", "导航", "投票", "藏起来", "注释", "版权", "旧桥", "color", "山城晚报"],
)
def test_what_nobody_reads_is_not_in_the_text(word: str) -> None:
    assert word not in lay_out(read_html(PAGE)).text


def test_hints_say_exactly_where_the_lines_are() -> None:
    laid = lay_out(read_html(PAGE))
    lines = [(line.start, line.end) for line in read_lines(laid.text)]
    assert [(h.start, h.end) for h in laid.hints] == lines


def test_a_line_break_stays_inside_the_paragraph_and_only_its_first_line_has_a_hint() -> None:
    laid = lay_out(read_html(page(STORY + "<p>桥上无风<br>江上有月<br/>岸上有人</p>")))
    assert laid.text.endswith("\n\n桥上无风\n江上有月\n岸上有人\n")
    last = laid.hints[-1]
    assert laid.text[last.start : last.end] == "桥上无风"


def test_two_line_breaks_or_an_indent_begin_a_paragraph() -> None:
    lines = "两岸的人来看。<br>　　老人也来了。<br>&nbsp;&nbsp;孩子也来了。"
    assert blocks(page(f"<div>今早六点放行。<br><br>{lines}</div>")) == [
        (Kind.PARAGRAPH, "今早六点放行。"),
        (Kind.PARAGRAPH, "两岸的人来看。"),
        (Kind.PARAGRAPH, "老人也来了。"),
        (Kind.PARAGRAPH, "孩子也来了。"),
    ]


# Titles


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>新桥通车_要闻_山城晚报网</title>", "", "新桥通车"),
        ("<title>新桥通车 - 山城新闻</title>", "", "新桥通车"),
        ("<title>新桥通车——两岸十分钟 | 山城在线</title>", "", "新桥通车——两岸十分钟"),
        ("<title>新桥通车-山城晚报数字报</title>", "", "新桥通车"),
        ('<meta property="og:title" content="新桥通车"><title>山城晚报网</title>', "", "新桥通车"),
        ("<title>山城晚报网</title>", "<h1>新桥通车</h1>", "新桥通车"),
        ("<title>新桥通车_山城晚报网</title>", "<h1>山城晚报网</h1>", "新桥通车"),
        ("<title>新桥通车_山城晚报网</title>", "<h1>山城晚报</h1><h1>新桥通车</h1>", "新桥通车"),
        ("", "<h1>新桥<br>通车</h1>", "新桥 通车"),
    ],
)
def test_the_headline_is_the_story_s_not_the_paper_s(head: str, body: str, title: str) -> None:
    assert of(Kind.HEADLINE, page(f"{body}<div class=c>{STORY}</div>", head)) == [title]


def test_only_one_headline_is_left_the_other_h1_are_headings() -> None:
    found = blocks(page(f"<article><h1>新桥通车</h1>{STORY}<h1>等了三年</h1>{STORY}</article>"))
    assert [text for kind, text in found if kind is Kind.HEADLINE] == ["新桥通车"]
    assert (Kind.HEADING, "等了三年") in found


def test_a_heading_above_the_headline_is_its_kicker_and_a_dash_makes_a_subhead() -> None:
    titles = "<h3>等了三年</h3><h1>新桥通车</h1><h2>——两岸步行十分钟</h2>"
    found = blocks(page(f"<article>{titles}{STORY}<h2>渡口</h2>{STORY}</article>"))
    assert found[:3] == [
        (Kind.KICKER, "等了三年"),
        (Kind.HEADLINE, "新桥通车"),
        (Kind.SUBHEAD, "——两岸步行十分钟"),
    ]
    assert (Kind.HEADING, "渡口") in found


KICKER, TITLE, SUBHEAD = "等了三年", "新桥通车", "两岸步行十分钟"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("<p class='kicker'>", "<p class='subtitle'>"),
        ("<div class='yinti'>", "<div class='futi'>"),
        ("<p class='a Intro-Title b'>", "<h2 class='sub_title'>"),
        ("<h3 class=yinti><span>", "<div class=futi><p>"),
        ("<div class='subtitle'>", "<div class='subtitle'>"),
    ],
)
@pytest.mark.parametrize("head", ["", "<title>新桥通车_山城晚报网</title>"])
def test_lines_that_a_class_calls_kicker_and_subhead_are_told_by_their_place(
    above: str, below: str, head: str
) -> None:
    ends = [tag.replace("<", "</").split()[0].rstrip(">") + ">" for tag in (above, below)]
    top = f"{above}{KICKER}{ends[0]}<h1>{TITLE}</h1>{below}{SUBHEAD}{ends[1]}"
    assert blocks(page(f"<article>{top}{STORY}</article>", head))[:3] == [
        (Kind.KICKER, KICKER),
        (Kind.HEADLINE, TITLE),
        (Kind.SUBHEAD, SUBHEAD),
    ]


def test_kicker_and_subhead_of_a_headline_apart_from_the_text_are_kept() -> None:
    head = f"<p class=kicker>{KICKER}</p><h1>{TITLE}</h1><p class=subtitle>{SUBHEAD}</p>"
    assert blocks(page(f"<div>{head}</div><div class=c>{STORY}</div>"))[:3] == [
        (Kind.KICKER, KICKER),
        (Kind.HEADLINE, TITLE),
        (Kind.SUBHEAD, SUBHEAD),
    ]


def test_a_headline_of_the_metadata_stands_between_kicker_and_subhead_and_the_byline_below() -> (
    None
):
    head = "<title>新桥通车_山城晚报网</title><meta name=author content=王小明>"
    body = f"<p class=yinti>{KICKER}</p><p class=futi>{SUBHEAD}</p>{STORY}"
    assert blocks(page(f"<article>{body}</article>", head))[:4] == [
        (Kind.KICKER, KICKER),
        (Kind.HEADLINE, TITLE),
        (Kind.SUBHEAD, SUBHEAD),
        (Kind.BYLINE, "王小明"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("<p class=subtitle>渡口</p>", Kind.HEADING),
        ("<h2 class=subtitle>渡口</h2>", Kind.HEADING),
        ("<p class=kicker>渡口停了，船也走了。</p>", Kind.PARAGRAPH),
        (f"<p class=kicker>{'渡口停了，船也走了。' * 7}</p>", Kind.PARAGRAPH),
    ],
)
def test_a_class_alone_makes_no_kicker_or_subhead_inside_the_text(line: str, kind: Kind) -> None:
    found = blocks(page(f"<article><h1>{TITLE}</h1>{STORY}{line}{STORY}</article>"))
    assert [k for k, _ in found] == [
        Kind.HEADLINE,
        *[Kind.PARAGRAPH] * 2,
        kind,
        *[Kind.PARAGRAPH] * 2,
    ]


def test_a_container_with_the_class_is_no_subhead() -> None:
    found = blocks(page(f"<article><h1>{TITLE}</h1><div class=subtitle>{STORY}</div></article>"))
    assert [k for k, _ in found] == [Kind.HEADLINE, Kind.PARAGRAPH, Kind.PARAGRAPH]


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        ("王小明", True),
        ("本报记者 王小明", True),
        ("admin", False),
        ("山城晚报网", False),
        ("", False),
    ],
)
def test_an_author_is_a_person(author: str, kept: bool) -> None:
    found = of(
        Kind.BYLINE, page(f"<h1>新桥通车</h1>{STORY}", f'<meta name=author content="{author}">')
    )
    assert found == ([author] if kept else [])


@pytest.mark.parametrize(
    "line", ["新桥上的行人。王小明 摄", "王小明的一天", "责任编辑：王小明", "记者王小明在桥头。"]
)
def test_a_line_that_only_names_the_author_is_no_byline(line: str) -> None:
    head = '<meta name="author" content="王小明">'
    found = blocks(page(f"<article><h1>新桥通车</h1><p>{line}</p>{STORY}</article>", head))
    assert found[1:3] == [(Kind.BYLINE, "王小明"), (Kind.PARAGRAPH, line)]


def test_the_body_s_own_byline_gets_the_hint() -> None:
    body = f"<article><h1>新桥通车</h1><p>记者 王小明 通讯员 李四</p>{STORY}</article>"
    head = '<meta name="author" content="王小明">'
    assert of(Kind.BYLINE, page(body, head)) == ["记者 王小明 通讯员 李四"]


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="pubdate" content="2024-07-02">',
        '<meta itemprop="datePublished" content="2024/7/2 08:00">',
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2024-07-02"}]}</script>',
        '<script type="application/ld+json">{broken</script><meta name=date content="20240702">',
    ],
)
def test_the_date_is_where_pages_tell_it(head: str) -> None:
    assert read_html(page(STORY, head)).date == "2024-07-02"


@pytest.mark.parametrize(
    ("line", "author", "date"),
    [
        ("2024-07-02 08:30 来源：山城晚报 作者：王小明", ["王小明"], "2024-07-02"),
        ("2024-07-02 08:30来源：山城晚报作者：王小明编辑：李四", ["王小明"], "2024-07-02"),
        ("发布时间：2024年7月2日　来源：山城晚报　浏览次数：12", [], "2024-07-02"),
        ("来源: 山城晚报 | 2024/07/02 08:30:00", [], "2024-07-02"),
    ],
)
def test_the_line_below_the_headline_tells_author_and_date_and_is_not_said(
    line: str, author: list[str], date: str
) -> None:
    body = page(f"<div><h1>新桥通车</h1><div>{line}</div>{STORY}</div>")
    assert of(Kind.BYLINE, body) == author
    assert read_html(body).date == date
    assert len(blocks(body)) == 3 + len(author)


@pytest.mark.parametrize(
    "line",
    ["消息来源：山城晚报，记者在场。", "2024年7月2日", "作者：王小明", "今早8:30，来源：江边"],
)
def test_a_line_that_says_something_else_is_kept(line: str) -> None:
    body = page(f"<div><h1>新桥通车</h1><div>{line}</div>{STORY}</div>")
    assert line in [text for _, text in blocks(body)]


@pytest.mark.parametrize("told", ["", "昨天", "2024-02-30", "0001-01-01", "99999999"])
def test_a_date_that_can_t_be_is_none(told: str) -> None:
    assert read_html(page(STORY, f'<meta name="pubdate" content="{told}">')).date == ""


# Pictures


@pytest.mark.parametrize(
    ("alt", "kept"),
    [
        ("老人在桥头看船", True),
        ("IMG_2034.jpg", False),
        ("微信图片_20240702083000", False),
        ("新桥.png", False),
        ("图片", False),
        ("图1", False),
        ("photo", False),
        ("山城晚报logo", False),
        ("二维码", False),
        ("新桥通车", False),
        ("", False),
    ],
)
def test_the_text_of_an_image_is_a_caption_if_it_says_something(alt: str, kept: bool) -> None:
    body = f'<h1>新桥通车</h1>{STORY}<p><img src="a.jpg" alt="{alt}"></p>{STORY}'
    assert of(Kind.CAPTION, page(body)) == ([alt] if kept else [])


@pytest.mark.parametrize(
    ("alt", "caption", "kept"),
    [
        ("市民走过新桥", "市民走过新桥。", ["市民走过新桥。"]),
        ("清晨，市民走过新桥。李四 摄", "市民走过新桥。", ["市民走过新桥。"]),
        ("市民走过新桥", "市民走过新桥", ["市民走过新桥"]),
        ("桥上的行人", "市民走过新桥。", ["市民走过新桥。"]),
        ("桥上的行人", "", ["桥上的行人"]),
        ("桥上的行人", "李四 摄", ["桥上的行人", "李四 摄"]),
        ("桥上的行人", "（图/李四）", ["桥上的行人", "（图/李四）"]),
        ("", "市民走过新桥。", ["市民走过新桥。"]),
    ],
)
def test_of_a_figure_the_caption_is_said_and_the_image_s_text_where_there_is_none(
    alt: str, caption: str, kept: list[str]
) -> None:
    figure = f'<figure><img alt="{alt}"><figcaption>{caption}</figcaption></figure>'
    assert of(Kind.CAPTION, page(STORY + figure + STORY)) == kept


def test_two_images_of_one_figure_have_its_caption_and_the_next_figure_its_own() -> None:
    first = "<figure><p><img alt=桥上的行人><img alt=江上的白鹭></p><figcaption>新桥</figcaption>"
    second = "<figure><img alt=桥头的早市></figure>"
    assert of(Kind.CAPTION, page(f"{STORY}{first}</figure>{second}")) == ["新桥", "桥头的早市"]


@pytest.mark.parametrize(
    ("alt", "caption", "kept"),
    [
        ("市民走过新桥", "市民走过新桥。李四 摄", ["市民走过新桥。李四 摄"]),
        ("清晨，市民走过新桥", "市民走过新桥", ["清晨，市民走过新桥"]),
        ("桥上的行人", "市民走过新桥", ["桥上的行人", "市民走过新桥"]),
    ],
)
def test_of_an_image_s_text_and_the_caption_beside_it_the_one_that_says_all_stays(
    alt: str, caption: str, kept: list[str]
) -> None:
    table = f'<table><tr><td><img alt="{alt}"></td></tr><tr><td>{caption}</td></tr></table>'
    assert of(Kind.CAPTION, page(STORY + table + STORY)) == kept


def test_captions_of_two_pictures_both_stay() -> None:
    first = "<figure><img><figcaption>新桥</figcaption></figure>"
    second = "<figure><img><figcaption>新桥的夜景</figcaption></figure>"
    assert of(Kind.CAPTION, page(STORY + first + second)) == ["新桥", "新桥的夜景"]


def test_an_image_inside_a_sentence_does_not_cut_it() -> None:
    found = blocks(page(STORY + '<p>桥上<img alt="一只白鹭飞过">有风。</p>'))
    assert found[-2:] == [(Kind.PARAGRAPH, "桥上有风。"), (Kind.CAPTION, "一只白鹭飞过")]


def test_text_below_a_picture_in_a_table_is_its_caption() -> None:
    table = "<table><tr><td><img src=a.jpg></td></tr><tr><td>清晨的新桥</td></tr></table>"
    assert of(Kind.CAPTION, page(STORY + table + STORY)) == ["清晨的新桥"]


# Lists and tables


def test_numbers_of_a_list_are_printed_and_not_twice() -> None:
    body = (
        "<ol><li>走路</li><li value=5><p>坐车</p></li><li>6、骑车</li>"
        "<li>渡船<ul><li>停了</li></ul></li></ol>"
    )
    found = of(Kind.ITEM, page(STORY + body))
    assert found == ["1. 走路", "5. 坐车", "6、骑车", "7. 渡船", "停了"]


def test_a_row_of_a_table_is_a_line() -> None:
    table = (
        "<table><caption>车次</caption><tr><th>线路<th>首班</tr><tr><td>1路<td>6:00</tr></table>"
    )
    found = blocks(page(STORY + table))
    assert found[-3:] == [
        (Kind.CAPTION, "车次"),
        (Kind.ITEM, "线路，首班"),
        (Kind.ITEM, "1路，6:00"),
    ]


def test_a_table_that_only_arranges_the_page_is_read_as_paragraphs() -> None:
    row = f"<tr><td>{STORY}</td><td>{STORY}</td></tr>"
    cells = f"<table>{row}{row}</table>"
    assert {kind for kind, _ in blocks(page(cells))} == {Kind.PARAGRAPH}


# Where the article is


def test_short_lines_in_the_article_are_kept() -> None:
    body = f"<article>{STORY}<p>冷。</p><p>真冷。</p><h3>夜</h3><p>静。</p></article>"
    assert [t for _, t in blocks(page(body))][-4:] == ["冷。", "真冷。", "夜", "静。"]


def test_a_page_of_one_short_line_is_read() -> None:
    assert blocks("<html><body><p>桥通了。</p></body></html>") == [(Kind.PARAGRAPH, "桥通了。")]


def test_text_without_any_block_is_read() -> None:
    assert blocks("<html><body>今早六点，新桥放行。</body></html>") == [
        (Kind.PARAGRAPH, "今早六点，新桥放行。")
    ]


def test_a_page_wrapped_in_a_form_is_read() -> None:
    found = blocks(page(f"<form id=aspnetForm><h1>新桥通车</h1>{STORY}<input value=搜索></form>"))
    assert len(found) == 3


def test_an_article_that_a_script_would_show_is_not_taken_for_hidden() -> None:
    found = blocks(page(f'<h1>新桥通车</h1><div style="visibility: hidden">{STORY}</div>'))
    assert len(found) == 3


def test_unknown_and_broken_tags_do_not_lose_text() -> None:
    found = blocks(page("<wx-view>今早六点放行。<p>两岸的人<b>都来看。</p><zz>老人说好。"))
    assert "".join(text for _, text in found) == "今早六点放行。两岸的人都来看。老人说好。"


def test_deep_pages_are_read_to_their_end() -> None:
    deep = "<div>" * 700 + STORY + "</div>" * 700 + "<p>桥的尽头。</p>"
    assert blocks(page(deep))[-1] == (Kind.PARAGRAPH, "桥的尽头。")


def test_a_page_too_deep_to_be_read_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="too deeply"):
        read_html("<div>" * 5000 + STORY)


def test_ruby_and_deleted_text_are_left_out() -> None:
    found = blocks(
        page(STORY + "<p><ruby>耒<rp>(</rp><rt>lěi</rt></ruby>水<del>旧</del>上的桥。</p>")
    )
    assert found[-1] == (Kind.PARAGRAPH, "耒水上的桥。")


# What is HTML


@pytest.mark.parametrize(
    ("text", "named", "told"),
    [
        ("<!DOCTYPE html><p>桥</p>", False, True),
        ("\ufeff\n<?xml version='1.0'?>\n<!-- 一 --><html>", False, True),
        ("<p>新桥</p>", False, True),
        ("<div class=a>新桥<br>通车", False, True),
        ("<founder-content><p>桥</p>", False, True),
        ("<!--enpproperty <title>桥</title>/enpproperty-->桥", False, True),
        ("新桥通车\n\n他说：<html>是一种标记。", False, False),
        ("<新桥>通车了", False, False),
        ("<p 不是标签", False, False),
        ("新桥<br>通车", False, False),
        ("新桥<br>通车", True, True),
        ("新桥通车", True, False),
    ],
)
def test_html_is_told_from_its_first_tags(text: str, named: bool, told: bool) -> None:
    assert is_html(text, named=named) is told


TAGS = [
    "<p>",
    "</p>",
    "<br>",
    "<ol>",
    "<li>",
    "</ol>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<h1>",
]
TAGS += [
    "<img alt='桥上'>",
    "<figure>",
    "<figcaption>",
    "</figure>",
    "<!--",
    "-->",
    "<pre>",
    "&lt;",
]
TAGS += ["<!--enpproperty <title>桥</title>", "/enpproperty-->", "<div id=ozoom>", "</div>", "&#0;"]


@given(st.lists(st.sampled_from(TAGS) | st.text(max_size=12), max_size=40))
def test_any_page_is_read_or_refused(parts: list[str]) -> None:
    try:
        laid = lay_out(read_html("".join(parts)))
    except ValueError:
        return
    starts = [line.start for line in read_lines(laid.text)]
    assert all(h.start in starts and laid.text[h.start : h.end].strip() for h in laid.hints)
    assert list(laid.hints) == sorted(laid.hints, key=lambda h: h.start)
