import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hy_audio.script.slug import slug

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 48
DIGEST = 9  # a hyphen and eight digits

anything = settings(max_examples=200)
TITLES = st.one_of(
    st.text(st.characters(), max_size=300),
    st.text(st.characters(categories=["Cs", "Cc", "Cf"]), max_size=20),
    st.text("桥渡口绿女，。 /\\.-_~%\0\nAa1É٣１", max_size=300),
)


@anything
@given(TITLES)
@example("")
@example("../../etc/passwd")
@example("/")
@example("..")
@example("-")
@example("\0\n\t\x1b[2J")
@example("桥" * 300)
@example("a" * 300)
@example("a-" * 300)
@example("😀🚢")
@example("\ud800")
@example("桥\udfff")
@example("İẞﬁ⅓")
@example("CON.txt")
def test_a_slug_is_a_safe_name_of_bounded_length(title: str) -> None:
    name = slug(title)
    assert NAME.fullmatch(name)
    assert len(name) <= LONGEST + DIGEST
    assert slug(title) == name


@anything
@given(TITLES, st.integers(1, 60))
def test_the_longest_length_is_kept(title: str, longest: int) -> None:
    name = slug(title, longest=longest)
    assert NAME.fullmatch(name)
    assert len(name) <= longest + DIGEST


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("渡口", "du-kou"),
        ("新桥通车了", "xin-qiao-tong-che-le"),
        ("绿水", "lv-shui"),
        ("5G与AI", "5g-yu-ai"),
        ("Hello, World!", "hello-world"),
        ("ＡＢＣ１２３", "abc123"),
        ("../渡口/..", "du-kou"),
        ("“渡口”——《纪事》", "du-kou-ji-shi"),
    ],
)
def test_a_title_is_named_by_its_pinyin(title: str, name: str) -> None:
    assert slug(title) == name


@pytest.mark.parametrize("title", ["", "！！", "😀", "——", "\0"])
def test_a_title_without_words_is_named_by_a_digest(title: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{8}", slug(title))


def test_titles_without_words_have_names_of_their_own() -> None:
    assert len({slug(title) for title in ("", "！", "？", "😀", "🚢")}) == 5


@anything
@given(st.text("桥渡口新路", min_size=30, max_size=300), st.characters(), st.characters())
def test_long_titles_that_differ_only_at_the_end_have_names_of_their_own(
    title: str, one: str, other: str
) -> None:
    assert (slug(title + one) == slug(title + other)) == (one == other)


def test_a_long_title_is_cut_at_a_word() -> None:
    words, digest = slug("新桥通车" * 10).rsplit("-", 1)
    assert set(words.split("-")) == {"xin", "qiao", "tong", "che"}
    assert len(digest) == 8
    assert len(words) <= LONGEST


def test_a_name_of_the_longest_length_is_not_cut() -> None:
    assert slug("a" * LONGEST) == "a" * LONGEST
    assert slug("a" * (LONGEST + 1)).startswith("a" * LONGEST + "-")
