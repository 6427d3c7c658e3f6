import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from page_fixtures import PAGES, NotationError, PageFixture, load, load_all

FIXTURES = load_all()
NUMBER_WORDS = (
    "〇零一二三四五六七八九十百千万亿两幺点分之到至比"
    "乘每负摄氏度平方米公里千伏克瓦时零下年月日元升毫纳"
)
"""What figures and units become, and what stands in a page already: left out of the count."""
CAPTION = "图片说明"

WELL_FORMED = """# a page
标题
>>>>>>>> script
[开场]
headline 标题
>>>>>>>> silent
>>>>>>>> warnings
"""


def visible(text: str) -> str:
    """Letters and digits alone, full-width ones folded."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def words(text: str) -> Counter[str]:
    """How often each Han character that is no part of a number occurs."""
    return Counter(c for c in text if "\u4e00" <= c <= "\u9fff" and c not in NUMBER_WORDS)


def said_of(fixture: PageFixture) -> str:
    blocks = [block for section in fixture.sections for block in section.blocks]
    return "".join(b.said.removeprefix(CAPTION) if b.role == "caption" else b.said for b in blocks)


each_page = pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)


def test_there_are_enough_pages_and_no_number_stands_twice() -> None:
    numbers = [int(fixture.name.split("-")[0]) for fixture in FIXTURES]
    assert len(set(numbers)) == len(numbers)
    assert len(numbers) >= 46


@each_page
def test_each_silent_run_stands_in_the_page(fixture: PageFixture) -> None:
    page = visible(fixture.page)
    assert [run for run in fixture.silent if visible(run) not in page or not visible(run)] == []


@each_page
def test_every_word_of_the_page_is_either_spoken_or_silent(fixture: PageFixture) -> None:
    page = words(fixture.page)
    told = words(said_of(fixture)) + words("".join(fixture.silent))
    assert page - told == Counter(), "on the page, and neither spoken nor silent"
    assert told - page == Counter(), "spoken or silent, and not on the page"


@each_page
def test_nothing_spoken_holds_a_figure_or_a_sign_nobody_can_say(fixture: PageFixture) -> None:
    assert re.findall(r"[0-9０-９%℃²/+=￥&@#■▲◆●△□○①-⑳]", said_of(fixture)) == []


@each_page
def test_each_caption_is_announced_once(fixture: PageFixture) -> None:
    blocks = [block for section in fixture.sections for block in section.blocks]
    for block in blocks:
        assert block.said.count(CAPTION) == (block.role == "caption")


@each_page
def test_each_heading_opens_a_section_with_its_words(fixture: PageFixture) -> None:
    for section in fixture.sections:
        if section.blocks[0].role == "heading":
            assert visible(section.title) in visible(fixture.page)
            assert words(section.title) == words(section.blocks[0].said)


def test_line_ends_and_invisible_characters_of_a_page_are_read_as_they_stand(
    tmp_path: Path,
) -> None:
    path = tmp_path / "01-a.txt"
    path.write_bytes(WELL_FORMED.replace("标题\n>", "标\u200b题\f\r\n>").encode())
    assert load(path).page == "标\u200b题\f\r\n"


@pytest.mark.parametrize(
    ("wrong", "by", "problem"),
    [
        ("# a page", "a page", "no '# ' line"),
        ("\n标题\n>", "\n\n>", "the page is empty"),
        (">>>>>>>> silent\n", "", "must stand once"),
        ("[开场]\n", "", "before the first section"),
        ("headline 标题", "title 标题", "role 'title'"),
        ("headline 标题", "paragraph 标题", "role 'paragraph'"),
        ("headline 标题", "headline", "nothing is said"),
        ("headline 标题\n", "", "is empty"),
        ("headline 标题", "headline 标题\n[小标题]\nparagraph 正文", "begin with its heading"),
        ("headline 标题", "headline 标题\n[导语]\nheading 正文", "two headings"),
        (">>>>>>>> warnings\n", ">>>>>>>> warnings\nlost\n", "unknown warning"),
    ],
)
def test_what_breaks_the_notation_is_said(
    tmp_path: Path, wrong: str, by: str, problem: str
) -> None:
    path = tmp_path / "01-a.txt"
    path.write_text(WELL_FORMED, encoding="utf-8")
    load(path)
    path.write_text(WELL_FORMED.replace(wrong, by), encoding="utf-8")
    with pytest.raises(NotationError, match=re.escape(problem)):
        load(path)


def test_the_folder_holds_nothing_else() -> None:
    names = {path.name for path in PAGES.iterdir()}
    assert names - {f"{fixture.name}.txt" for fixture in FIXTURES} == {"README.md"}
