import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hy_audio.script.split import fit, sentences

anything = settings(max_examples=200)
_text = st.text("桥头，、；：。！？…—”“（）《》 ,.!?;a1\n", max_size=200)


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def pieces(text: str, longest: int) -> list[str]:
    return [text[a:b] for a, b in fit(text, 0, len(text), lambda piece: len(piece) <= longest)]


@pytest.mark.parametrize(
    "expected",
    [
        ["船来了。", "人也来了。"],
        ["船来了！", "人呢？", "在船上。"],
        ["“船来了。”", "他说。"],
        ["他说：“船来了！”", "大家都笑。"],
        ["（船来了。）", "人也来了。"],
        ["船来了……", "人也来了。"],
        ["船来了？！", "真的。"],
        ["《船来了！》", "上演了。"],
        ["“‘船来了。’”", "他说。"],
        ["船来了!", "人呢?", "在船上"],
        ["全长3.5米，宽2.4米。", "高1.2米。"],
        ["船来了；人也来了，灯亮了"],
        [],
    ],
    ids="".join,
)
def test_a_text_is_cut_after_each_sentence(expected: list[str]) -> None:
    assert cut("".join(expected)) == expected


@anything
@given(st.one_of(_text, st.text(max_size=100)))
def test_sentences_cover_the_text(text: str) -> None:
    assert "".join(cut(text)) == text
    assert all(cut(text))


@anything
@given(_text, st.integers(1, 50))
def test_pieces_fit_and_cover_the_text(text: str, longest: int) -> None:
    assert "".join(pieces(text, longest)) == text
    assert all(len(piece) <= longest for piece in pieces(text, longest))


def test_what_fits_is_not_cut() -> None:
    assert pieces("船来了，人也来了。", 9) == ["船来了，人也来了。"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("船来了，灯亮了；人来了，都笑了。", ["船来了，灯亮了；", "人来了，都笑了。"]),
        ("船来了灯也亮了，人来了都笑了。", ["船来了灯也亮了，", "人来了都笑了。"]),
        ("“船来了灯亮了，”人来了都笑。", ["“船来了灯亮了，”", "人来了都笑。"]),
        ("船来了灯亮了、人来了都笑了。", ["船来了灯亮了、", "人来了都笑了。"]),
        ("船来了灯亮了——人来了都笑了。", ["船来了灯亮了——", "人来了都笑了。"]),
        ("船来了灯也亮了人来了都笑了。", ["船来了灯也亮了", "人来了都笑了。"]),
    ],
)
def test_a_long_sentence_is_cut_at_the_best_clause_near_its_middle(
    text: str, expected: list[str]
) -> None:
    assert pieces(text, 10) == expected


@pytest.mark.parametrize("word", ["12345", "1,234", "98.6%", "Gate", "2021"])
@pytest.mark.parametrize("before", range(8, 16))
def test_a_number_or_a_latin_word_is_not_cut(word: str, before: int) -> None:
    text = "桥" * before + word + "头" * 12
    assert any(word in piece for piece in pieces(text, 18))


def test_a_number_that_does_not_fit_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in pieces("1" * 40, 10)] == [10, 10, 10, 10]
