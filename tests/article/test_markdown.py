import pytest
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.article.formats.document import lay_out
from hy_audio.article.formats.markdown import is_markdown, read_markdown
from hy_audio.article.lines import read_lines
from hy_audio.article.model import Kind
from hy_audio.characters import han

PAGE = """# 新桥通车

今早六点，**新桥**放行，[第一班公交车](http://example.com/1)从西岸
开到东岸。

## 等了三年

> 从前过江要等渡船。

1. 走路十分钟
2. 坐车*三分钟*
   - 不收费

![清晨的新桥](bridge.jpg)
![图片](b.jpg)

| 线路 | 首班 |
|------|------|
| 1路  | 6:00 |

```
江面宽 300 米
```

诗云：\\
桥上无风
"""


def blocks(text: str) -> list[tuple[Kind, str]]:
    laid = lay_out(read_markdown(text))
    return [(h.kind, laid.text[h.start : h.end]) for h in laid.hints]


def test_a_page_becomes_its_blocks_without_marks() -> None:
    assert blocks(PAGE) == [
        (Kind.HEADLINE, "新桥通车"),
        (Kind.PARAGRAPH, "今早六点，新桥放行，第一班公交车从西岸开到东岸。"),
        (Kind.HEADING, "等了三年"),
        (Kind.PARAGRAPH, "从前过江要等渡船。"),
        (Kind.ITEM, "1. 走路十分钟"),
        (Kind.ITEM, "2. 坐车三分钟"),
        (Kind.ITEM, "不收费"),
        (Kind.CAPTION, "清晨的新桥"),
        (Kind.ITEM, "线路，首班"),
        (Kind.ITEM, "1路，6:00"),
        (Kind.PARAGRAPH, "江面宽 300 米"),
        (Kind.PARAGRAPH, "诗云："),
    ]


def test_a_hard_break_stays_in_the_paragraph() -> None:
    assert lay_out(read_markdown(PAGE)).text.endswith("\n\n诗云：\n桥上无风\n")
    assert lay_out(read_markdown("桥上<br>无风  \n江上")).text == "桥上\n无风\n江上\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**注意：**请走东桥。", "注意：请走东桥。"),
        ("这是**“新桥”**的样子。", "这是“新桥”的样子。"),
        ("__新桥__与*旧桥*", "新桥与旧桥"),
        ("R\\&D与\\*星号", "R&D与*星号"),
        ("票价~~三元~~两元", "票价两元"),
        ("用`git`管理", "用git管理"),
        ("<u>新桥</u>通车<!-- 注 -->了", "新桥通车了"),
        ("3*5等于15，5 * 3也是", "3*5等于15，5 * 3也是"),
        ("file_name_here是文件", "file_name_here是文件"),
        ("&lt;新桥&gt;&nbsp;通车", "<新桥>\u00a0通车"),
        ("two\nwords和中\n文", "two words和中文"),
    ],
)
def test_inline_marks_are_gone_and_other_signs_stay(source: str, text: str) -> None:
    assert blocks(source) == [(Kind.PARAGRAPH, text)]


def test_lines_indented_as_in_a_newspaper_are_paragraphs_of_their_own() -> None:
    found = blocks("## 桥\n　　今早六点放行。\n　　两岸的人\n来看。\n")
    assert found[1:] == [(Kind.PARAGRAPH, "今早六点放行。"), (Kind.PARAGRAPH, "两岸的人来看。")]


def test_raw_html_is_read_as_html() -> None:
    figure = "<figure>\n<img src=a.jpg>\n<figcaption>桥头</figcaption>\n</figure>"
    assert blocks(f"{figure}\n\n<!-- 注 -->\n\n新桥。") == [
        (Kind.CAPTION, "桥头"),
        (Kind.PARAGRAPH, "新桥。"),
    ]


def test_a_list_begins_where_it_says() -> None:
    assert [text for _, text in blocks("4. 走路\n1. 坐车\n")] == ["4. 走路", "5. 坐车"]


def test_an_image_inside_a_sentence_does_not_cut_it() -> None:
    assert blocks("桥上![一只白鹭](a.jpg)有风。") == [
        (Kind.PARAGRAPH, "桥上有风。"),
        (Kind.CAPTION, "一只白鹭"),
    ]


@pytest.mark.parametrize(
    ("text", "named", "told"),
    [
        (PAGE, False, True),
        ("# 桥\n\n文\n\n## 江\n", False, True),
        ("# 桥\n\n见[此处](http://a.cn/b)。", False, True),
        ("# 话题\n\n新桥通车。", False, False),
        ("#新桥通车# 今早放行。\n#江边# 有风。", False, False),
        ("1. 走路\n2. 坐车\n3. 骑车\n", False, False),
        ("* * *\n新桥\n* * *\n", False, False),
        ("新桥\n----------\n今早六点放行。\n==========\n", False, False),
        ("- 走路\n- 坐车\n> 江\n", False, False),
        ("2*3*4，a_b_c，[注]（见第2版）", False, False),
        ("**星号**在报上也有。", False, False),
        ("# 话题\n\n新桥通车。", True, True),
        ("- 走路\n- 坐车\n", True, True),
        ("新桥*通车*了", True, True),
        ("　　今早六点，新桥放行。\n　　两岸的人来看。\n", True, False),
    ],
)
def test_markdown_is_told_by_its_structure_and_a_name_only_tips(
    text: str, named: bool, told: bool
) -> None:
    assert is_markdown(text, named=named) is told


MARKS = [
    "#",
    "* ",
    "_",
    "**",
    "[",
    "](",
    ")",
    "`",
    "```",
    "\n",
    "\n\n",
    "> ",
    "1. ",
    "|",
    "---",
    "~~",
]


@given(
    st.lists(
        st.sampled_from([*MARKS, "<p>", "<!--", "&#0;", "桥"]) | st.text(max_size=8), max_size=40
    )
)
def test_any_text_can_be_read_as_markdown(parts: list[str]) -> None:
    laid = lay_out(read_markdown("".join(parts)))
    starts = [line.start for line in read_lines(laid.text)]
    assert all(h.start in starts for h in laid.hints)


def test_no_kind_of_block_loses_its_words() -> None:
    text = "# 一\n\n二**三**四\n\n> 五\n\n- 六\n\n    七\n\n|八|九|\n|-|-|\n|十|百|\n"
    assert "".join(han(lay_out(read_markdown(text)).text)) == "一二三四五六七八九十百"


def test_notes_that_commonmark_takes_for_links_are_read() -> None:
    page = "# 甲\n\n水质达标[^1]。\n\n[^1]: 数据截至6月底。\n\n[a]: https://example.com/b\n"
    assert [text for _, text in blocks(page)] == ["甲", "水质达标[^1]。", "数据截至6月底。"]
