from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.article.formats.front_matter import FrontMatter, split
from hy_audio.article.model import Hint, Kind, Source
from hy_audio.article.read import read
from hy_audio.errors import SourceError

BODY = "今早六点，新桥放行。\r\n\r\n两岸的人都来看。\r\n"


def source(folder: Path, text: str, name: str = "page.txt") -> Source:
    path = folder / name
    path.write_bytes(text.encode())
    return read(str(path))


def hinted(page: Source) -> list[tuple[Kind, str]]:
    return [(h.kind, page.text[h.start : h.end]) for h in page.hints]


@pytest.mark.parametrize("end", ["---", "..."])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_title_author_and_date_are_taken_off_the_top(end: str, newline: str) -> None:
    lines = ["---", "title: 新桥通车", "author: 王小明", "date: 2024-07-02", end, ""]
    front, rest = split(newline.join(lines) + BODY)
    assert front == FrontMatter("新桥通车", "王小明", "2024-07-02")
    assert rest == BODY


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("title: 007\n", FrontMatter("007")),
        (
            "标题: 新桥\n作者: 王小明\n日期: 2024年7月2日\n",
            FrontMatter("新桥", "王小明", "2024-07-02"),
        ),
        ("author: [王小明, 李四]\n", FrontMatter(author="王小明 李四")),
        ("Author: >\n  王小明\n  李四\n", FrontMatter(author="王小明 李四")),
        ("date: 2024-07-02 08:30:00 +08:00\n", FrontMatter(date="2024-07-02")),
        ("date: 2024-13-45\n", FrontMatter()),
        ("date: 昨天\n", FrontMatter()),
        ("title: {a: b}\nlayout: post\n", FrontMatter()),
        ("# 说明\n\ntitle: 新桥\n", FrontMatter("新桥")),
    ],
)
def test_what_the_block_may_say(block: str, told: FrontMatter) -> None:
    assert split(f"---\n{block}---\n{BODY}") == (told, BODY)


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{BODY}",
        f"---\n新桥通车\n---\n{BODY}",
        f"---\n时间: 今早\n---\n{BODY}",
        f"title: 新桥\n---\n{BODY}",
        f"----\ntitle: 新桥\n----\n{BODY}",
        f"\n---\ntitle: 新桥\n---\n{BODY}",
        f"---\ntitle：新桥\n---\n{BODY}",
        f"---\ntitle: 新桥\n{BODY}",
        "---",
    ],
)
def test_a_page_that_begins_with_a_rule_is_left_as_it_is(text: str) -> None:
    assert split(text) == (FrontMatter(), text)


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ('title: "新桥\n', 2),
        ("author: 王小明\ntitle: 新桥: 两岸\n", 3),
        ("title: 新桥\nauthor: *x\n", 3),
    ],
)
def test_malformed_front_matter_is_one_line_that_says_where(
    tmp_path: Path, block: str, line: int
) -> None:
    with pytest.raises(SourceError) as caught:
        source(tmp_path, f"---\n{block}---\n{BODY}")
    (said,) = str(caught.value).splitlines()
    assert "front matter" in said
    assert f"line {line}" in said
    assert "correct it" in said


def test_title_and_author_become_the_first_lines(tmp_path: Path) -> None:
    page = source(tmp_path, f"---\ntitle: 新桥通车\nauthor: 王小明\ndate: 2024-07-02\n---\n{BODY}")
    assert page.text == f"新桥通车\n\n王小明\n\n{BODY}"
    assert page.hints == (Hint(0, 4, Kind.HEADLINE), Hint(6, 9, Kind.BYLINE))
    assert page.date == "2024-07-02"


def test_the_body_s_own_lines_get_the_hints(tmp_path: Path) -> None:
    body = f"　　新桥　通车\r\n\r\n本报记者 王小明\r\n\r\n{BODY}"
    page = source(tmp_path, f"---\ntitle: 新桥通车\nauthor: 王小明\n---\n{body}")
    assert page.text == body
    assert hinted(page) == [(Kind.HEADLINE, "新桥　通车"), (Kind.BYLINE, "本报记者 王小明")]


def test_an_author_is_put_below_the_headline_that_the_body_prints(tmp_path: Path) -> None:
    page = source(tmp_path, f"---\ntitle: 新桥通车\nauthor: 王小明\n---\n新桥通车\n\n{BODY}")
    assert hinted(page) == [(Kind.HEADLINE, "新桥通车"), (Kind.BYLINE, "王小明")]
    assert page.text == f"新桥通车\n\n王小明\n\n{BODY}"


def test_markdown_has_front_matter_too(tmp_path: Path) -> None:
    page = source(tmp_path, f"---\ntitle: 新桥通车\n---\n## 两岸\n\n{BODY}", "page.md")
    assert hinted(page)[:2] == [(Kind.HEADLINE, "新桥通车"), (Kind.HEADING, "两岸")]


@given(st.text(alphabet="---\n:[]{}&*!|>'\"%@ab标 \t#,?", max_size=60))
def test_any_block_is_told_left_alone_or_refused_in_one_line(block: str) -> None:
    text = f"---\ntitle: {block}\n---\n{BODY}"
    problem = rest = ""
    try:
        _, rest = split(text)
    except ValueError as error:
        problem = str(error)
    assert len(problem.splitlines()) <= 1
    assert text.endswith(rest)


def test_a_block_nested_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        split("---\ntitle: " + "[" * 9000 + "\n---\n" + BODY)
