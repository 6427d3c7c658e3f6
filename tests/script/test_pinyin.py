import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hy_audio.characters import HAN, han, has_han, width
from hy_audio.script.pinyin import pinyin

SYLLABLE = re.compile(r"[a-zê]+[1-5]")
BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_han = st.one_of(*(st.integers(a, b).map(chr) for a, b in BLOCKS), st.just("〇"))
_text = st.text(st.one_of(_han, st.sampled_from("，。“”《》 aB3·—銀行长重了着不一儿")), max_size=40)

anything = settings(max_examples=200, deadline=None)


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("渡口", "du4 kou3"),
        ("银行", "yin2 hang2"),
        ("行走", "xing2 zou3"),
        ("重庆", "chong2 qing4"),
        ("重要", "zhong4 yao4"),
        ("长大", "zhang3 da4"),
        ("绿色", "lv4 se4"),
        ("女儿", "nv3 er2"),
        ("我们", "wo3 men5"),
        ("来了", "lai2 le5"),
        ("衡阳", "heng2 yang2"),
        ("音乐", "yin1 yue4"),
        ("快乐", "kuai4 le4"),
        ("二〇二二", "er4 ling2 er4 er4"),
    ],
)
def test_a_word_is_read_as_it_is_said(text: str, syllables: str) -> None:
    assert pinyin(text) == tuple(syllables.split())


def test_marks_and_latin_letters_have_no_syllable() -> None:
    assert pinyin("“V”型，R and D。") == ("xing2",)
    assert pinyin("") == pinyin("。") == ()


@anything
@given(_text)
def test_every_han_character_has_one_place(text: str) -> None:
    assert len(pinyin(text)) == len(han(text))


@anything
@given(_text)
def test_a_syllable_is_letters_and_a_tone_or_nothing(text: str) -> None:
    assert all(SYLLABLE.fullmatch(syllable) or syllable == "" for syllable in pinyin(text))


def test_every_common_character_has_a_reading() -> None:
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    common = b"".join(rows).decode("gb2312", "ignore")
    assert len(common) == 3755  # the first level of GB 2312
    assert all(pinyin(common))


def test_a_character_of_no_known_reading_has_an_empty_syllable() -> None:
    assert pinyin("桥\U0003134a头") == ("qiao2", "", "tou2")


@pytest.mark.parametrize("mark", ["，", "。", "A", " ", "“"])
def test_a_word_is_not_read_over_a_mark(mark: str) -> None:
    assert pinyin(f"银{mark}行") == (*pinyin("银"), *pinyin("行"))


@pytest.mark.parametrize(
    ("text", "characters"),
    [("桥a头", "桥头"), ("〇", "〇"), ("\U00020000", "\U00020000"), ("。1Aあ", ""), ("", "")],
)
def test_han_characters_are_told_from_the_others(text: str, characters: str) -> None:
    assert "".join(han(text)) == characters
    assert has_han(text) is bool(characters)
    assert re.sub(f"[^{HAN}]", "", text) == characters


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("桥", 1), ("ab", 1), ("桥a。", 2.5)])
def test_a_half_width_character_takes_half_a_column(text: str, columns: float) -> None:
    assert width(text) == columns
