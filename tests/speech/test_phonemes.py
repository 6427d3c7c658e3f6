import json
import sys
from collections.abc import Callable
from importlib.resources import files
from itertools import chain
from types import ModuleType

import pytest
from pypinyin.contrib.tone_convert import to_finals, to_initials, to_tone3
from pypinyin.pinyin_dict import pinyin_dict

from hy_audio.script.model import Sentence, Utterance
from hy_audio.speech.kokoro.alphabet import V1_0, v1_1, zhuyin
from hy_audio.speech.kokoro.alphabet import ipa as syllable
from hy_audio.speech.kokoro.latin import NAMES, OWN, latin
from hy_audio.speech.kokoro.phonemes import (
    GOOD_TOKENS,
    MAX_TOKENS,
    clauses,
    inputs,
    phonemes,
    sounded,
    word_ends,
)

Make = Callable[..., Utterance]
VOCABULARY = V1_0.vocabulary


def spelled(word: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(latin, word)))


def every_syllable() -> set[str]:
    readings = chain.from_iterable(entry.split(",") for entry in pinyin_dict.values())
    return {to_tone3(reading, neutral_tone_with_five=True) for reading in readings}


def sounds(text: str, make: Callable[..., Utterance]) -> str:
    found = phonemes(make(text).sentences[0])
    assert not found.unknown
    return "".join(found.units)


def test_the_vocabulary_is_that_of_kokoro_v1() -> None:
    assert len(VOCABULARY) == 114
    assert max(VOCABULARY.values()) == 177
    assert [VOCABULARY[c] for c in ";A—→ꭧᵻ"] == [1, 24, 9, 171, 23, 177]


def test_every_syllable_of_mandarin_has_phonemes() -> None:
    missing = {s for s in every_syllable() if not syllable(s)}
    assert len(every_syllable()) > 1500
    assert not missing


@pytest.mark.parametrize("pinyin", ["ma1", "ma2", "ma3", "ma4", "ma5"])
def test_tones_are_told_apart(pinyin: str) -> None:
    others = {syllable(f"ma{n}") for n in range(1, 6)} - {syllable(pinyin)}
    assert len(others) == 4


@pytest.mark.parametrize("not_pinyin", ["", "xyz1", "ma9", "4"])
def test_what_is_no_syllable_has_no_phonemes(not_pinyin: str) -> None:
    assert syllable(not_pinyin) is None


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_every_letter_is_spoken_by_its_name(letter: str) -> None:
    assert latin(letter)
    assert latin(letter.lower())
    assert set("".join(latin(letter))) <= set(VOCABULARY)


def test_all_letters_have_different_names() -> None:
    assert len({latin(c) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}) == 26


@pytest.mark.parametrize("name", NAMES.values())
def test_a_letters_name_has_one_mandarin_tone_and_no_english_stress(name: str) -> None:
    assert name.endswith("→")
    assert not set(name) & set("ˈˌ↗↓↘")


@pytest.mark.parametrize("sound", OWN.values())
def test_our_own_words_hold_only_phonemes_the_model_knows(sound: str) -> None:
    assert set(sound) <= set(VOCABULARY)


@pytest.mark.parametrize("word", ["iPhone", "WiFi", "wifi", "Kimi", "DeepSeek", "Huawei"])
def test_names_of_our_days_are_words(word: str) -> None:
    assert len(latin(word)) == 1
    assert latin(word) != spelled(word)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("ChatGPT", [latin("chat"), spelled("GPT")]),
        ("OpenAI", [latin("open"), spelled("AI")]),
        ("YouTube", [latin("YouTube")]),
        ("mRNA", [spelled("mRNA")]),
        ("eVTOL", [spelled("eVTOL")]),
        ("ZzyzxAI", [spelled("ZzyzxAI")]),
    ],
)
def test_a_word_of_words_is_cut_at_its_capitals(word: str, parts: list[tuple[str, ...]]) -> None:
    assert latin(word) == tuple(chain.from_iterable(parts))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("市民广场建成开放。", "市民|广场|建成|开放。"),
        ("水稻丰收，农民高兴。", "水稻|丰收，农民|高兴。"),
        ("雨。", "雨。"),
        ("V形反转。", "V形|反转。"),
        ("", ""),
    ],
)
def test_a_space_stands_between_words_but_not_beside_a_mark(text: str, words: str) -> None:
    cut = "".join(f"{c}|" if n in word_ends(text) else c for n, c in enumerate(text, 1))
    assert cut == words


def test_the_space_is_in_the_phonemes(utterance: Make) -> None:
    said = sounds("水稻丰收。", utterance)
    words = (("shui3", "dao4"), ("feng1", "shou1"))
    assert said == " ".join("".join(map(str, map(syllable, word))) for word in words) + ". "


def test_an_abbreviation_is_spelled_and_a_word_is_read() -> None:
    assert latin("GDP") == spelled("GDP")
    assert latin("US") == spelled("US")
    assert len(latin("online")) == 1
    assert len(latin("NASA")) == 1
    assert latin("Zzyzxq") == spelled("Zzyzxq")


def test_misakis_dictionary_holds_only_phonemes_the_model_knows() -> None:
    entries = json.loads(files("misaki.data").joinpath("us_gold.json").read_text("utf-8"))
    values = chain.from_iterable(
        [v] if isinstance(v, str) else filter(None, v.values()) for v in entries.values()
    )
    assert set(chain.from_iterable(values)) <= set(VOCABULARY)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("走出V形反转。", "V"),
        ("经费（R&D）增长。", "RD"),
        ("建成5G基站。", "G"),
        ("GDP增长。", "GDP"),
        ("A股上涨。", "A"),
    ],
)
def test_no_letter_of_a_printed_line_is_lost(text: str, letters: str, utterance: Make) -> None:
    said = sounds(text, utterance)
    for letter in letters:
        (name,) = latin(letter)
        assert name in said
        said = said.replace(name, "", 1)


def test_a_character_without_a_reading_is_reported_not_passed_over(utterance: Make) -> None:
    found = phonemes(Sentence("好\U00030000☃", "好\U00030000☃", ("hao3", ""), (0, 3)))
    assert found.unknown == ("\U00030000", "☃")


def test_each_mark_is_a_pause_the_model_knows(utterance: Make) -> None:
    said = sounds("一，二。三！四？五；六：七、八——九……（十）《天》“地”", utterance)
    assert set(said) <= set(VOCABULARY)
    assert all(mark in said for mark in ",.!?;:…()“”")
    assert "—" not in said, "of a dash the model makes no pause"


@pytest.mark.parametrize("text", ["天" * 119 + "。", "天地，" * 39, "地" * 60 + "，" + "天" * 58])
def test_a_long_sentence_is_cut_to_inputs_the_model_can_take(text: str, utterance: Make) -> None:
    units = phonemes(utterance(text).sentences[0]).units
    cut = [piece.tokens for piece in inputs(units, longest=200)]
    assert all(len(tokens) <= 200 for tokens in cut)
    assert len(cut) > 1
    whole = [VOCABULARY[c] for c in "".join(units) if c != " "]
    assert [t for tokens in cut for t in tokens if t != VOCABULARY[" "]] == whole


def pieces(text: str, make: Make) -> list[str]:
    letters = {token: letter for letter, token in VOCABULARY.items()}
    units = phonemes(make(text).sentences[0]).units
    return ["".join(letters[token] for token in piece.tokens) for piece in inputs(units)]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("湘江水涨，" * 6 + "岸边；" + "湘江水涨，" * 7 + "船停。", [";", "."]),
        ("湘江水涨，" * 14 + "船停。", [",", "."]),
        ("他说：“" + "湘江水涨，" * 5 + "船停。”" + "湘江水涨，" * 6 + "岸边。", [".", "."]),
        ("湘江水涨船停" * 9 + "。", ["."]),
        ("湘江，水涨。", ["."]),
        ("湘江水涨，" * 7 + "岸边——" + "湘江水涨，" * 7 + "船停。", [";", "."]),
        ("湘江水涨大船小船都停；湘江水落小船大船都走。", [";", "."]),
        ("湘江水涨船停；走。", ["."]),
    ],
)
def test_a_sentence_is_cut_at_its_strong_marks_and_a_long_one_at_a_comma(
    text: str, ends: list[str], utterance: Make
) -> None:
    cut = pieces(text, utterance)
    assert [piece[-1] for piece in cut] == ends
    assert len(cut) == 1 or max(map(len, cut)) <= GOOD_TOKENS


TEXTS = (
    "湘江水涨大船小船都停；湘江水落小船大船都走。",
    "早晨，老张（今年六十岁）推开门——雪停了……他笑了。",
    "去年GDP增长，iPhone、ChatGPT《卖得好》！",
    "——雪停了。",
)


@pytest.mark.parametrize("text", TEXTS)
def test_each_unit_knows_its_place_in_the_sentence(text: str, utterance: Make) -> None:
    (sentence,) = utterance(text).sentences
    found = phonemes(sentence)
    assert len(found.places) == len(found.units)
    assert list(found.places) == sorted(found.places)
    han = iter(sounded(sentence.spoken, sentence.pinyin))
    places = dict(zip(found.places, found.units, strict=True))
    for n, character in enumerate(sentence.spoken):
        if "\u4e00" <= character <= "\u9fff":
            assert places[n].rstrip() == syllable(next(han))


@pytest.mark.parametrize("text", TEXTS)
def test_each_unit_knows_the_token_it_begins_at(text: str, utterance: Make) -> None:
    units = phonemes(utterance(text).sentences[0]).units
    n = 0
    for piece in inputs(units):
        assert piece.first == n
        for begin, unit in zip(piece.begins, units[n:], strict=False):
            sound = [VOCABULARY[c] for c in unit.strip(" “”")]
            assert piece.tokens[begin : begin + len(sound)] == sound
            n += 1
    assert n == len(units)


def test_the_model_gets_no_quotes_of_which_it_would_make_a_sound(utterance: Make) -> None:
    bare, quoted = (
        [piece.tokens for piece in inputs(phonemes(utterance(text).sentences[0]).units)]
        for text in ("雨型和雪，都说停。", "“雨”型和“雪”，‘都’说“停”。")
    )
    quotes = {VOCABULARY["“"], VOCABULARY["”"]}
    assert not quotes & set(chain.from_iterable(quoted))
    assert [t for piece in quoted for t in piece if t != VOCABULARY[" "]] == [
        t for piece in bare for t in piece if t != VOCABULARY[" "]
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("湘江水涨，船停。", "湘江水涨，|船停。"),
        ("他说：“雨停。”他走。", "他说：|“雨停。”|他走。"),
        ("门开——雪停了……他笑（很轻）。", "门开——|雪停了……|他笑（很轻）。"),
        ("——雪停了，走。", "——雪停了，|走。"),
        ("走，……。", "走，……。"),
        ("雨", "雨"),
        ("。", "。"),
    ],
)
def test_a_clause_is_what_is_said_in_one_breath(text: str, parts: str, utterance: Make) -> None:
    sentence = Sentence(text, text, utterance(text).pinyin, (0, len(text)))
    found = phonemes(sentence)
    begins = {found.places[first] for first, _ in clauses(found.units)} - {0}
    assert "".join(f"|{c}" if n in begins else c for n, c in enumerate(text)) == parts


@pytest.mark.parametrize("word", ["W" * 100, "x" * 110])
def test_no_letter_of_a_long_run_is_cut_off(word: str, utterance: Make) -> None:
    units = phonemes(utterance(f"编号{word}。").sentences[0]).units
    cut = [piece.tokens for piece in inputs(units)]
    assert all(len(tokens) <= MAX_TOKENS for tokens in cut)
    name = [VOCABULARY[c] for c in latin(word[0])[0]]
    spoken = [t for tokens in cut for t in tokens]
    found = sum(spoken[n : n + len(name)] == name for n in range(len(spoken)))
    assert found == len(word)


def test_the_longest_utterance_fits_or_is_cut(utterance: Make) -> None:
    units = phonemes(utterance("装" * 119 + "。").sentences[0]).units
    assert all(len(piece.tokens) <= MAX_TOKENS for piece in inputs(units))


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("一个人", "yi2 ge4 ren2"),
        ("一天", "yi4 tian1"),
        ("一同", "yi4 tong2"),
        ("一起", "yi4 qi3"),
        ("不去", "bu2 qu4"),
        ("不来", "bu4 lai2"),
        ("第一个", "di4 yi1 ge4"),
        ("十一月", "shi2 yi1 yue4"),
        ("统一。大家", "tong3 yi1 da4 jia1"),
        ("一，大", "yi1 da4"),
        ("一", "yi1"),
    ],
)
def test_one_and_not_change_their_tone_before_another(
    text: str, syllables: str, utterance: Make
) -> None:
    (sentence,) = utterance(text).sentences
    assert " ".join(sounded(sentence.spoken, sentence.pinyin)) == syllables


ZHUYIN = frozenset(
    "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦㄧㄨㄩㄭ"
    "十月压言阳要阴应用又中穵外万王为文瓮我元云12345"
)
"""The letters of v1.1-zh for Mandarin."""
V1_1 = v1_1({c: n for n, c in enumerate([*sorted(ZHUYIN), *"R/ ,.;:!?“”()…"], 1)})


def test_every_syllable_of_mandarin_has_letters_of_v11() -> None:
    spelled = {s: zhuyin(s) for s in every_syllable()}
    assert not [s for s, letters in spelled.items() if not letters or not set(letters) <= ZHUYIN]
    assert all(letters[-1] == s[-1] for s, letters in spelled.items() if letters)
    assert {zhuyin(s) for s in ("", "xyz1", "ma9", "4", "ma")} == {None}


def test_syllables_that_sound_different_are_spelled_different_in_v11() -> None:
    alike: dict[str | None, set[str]] = {}
    for pinyin in every_syllable():
        alike.setdefault(zhuyin(f"{pinyin[:-1]}1"), set()).add(pinyin[:-1])
    assert sorted(sorted(group) for group in alike.values() if len(group) > 1) == [
        *(["ei", "ê"], ["eng", "ng"], ["heng", "hng"], ["o", "yo"]),
    ]


def test_v11_is_spelled_as_misaki_spells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its map of initials and finals, which it takes from pypinyin; without its phrases."""
    pytest.importorskip("jieba")
    phrases = ModuleType("pypinyin_dict.phrase_pinyin_data")
    phrases.large_pinyin = None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pypinyin_dict", ModuleType("pypinyin_dict"))
    monkeypatch.setitem(sys.modules, phrases.__name__, phrases)
    letters = pytest.importorskip("misaki.zh_frontend").ZH_MAP
    for pinyin in every_syllable():
        initial, final = to_initials(pinyin), to_finals(pinyin)
        if final == "i" and initial:
            final = {"z": "ii", "c": "ii", "s": "ii"}.get(initial, "i")
            final = "iii" if initial in ("zh", "ch", "sh", "r") else final
        if final in letters:
            assert zhuyin(pinyin) == f"{letters.get(initial, '')}{letters[final]}{pinyin[-1]}"


@pytest.mark.parametrize(
    ("pinyin", "letters"),
    [
        *[
            ("zhong1", "ㄓ中1"),
            ("guo2", "ㄍ我2"),
            ("shi4", "ㄕ十4"),
            ("si1", "ㄙㄭ1"),
            ("xi2", "ㄒㄧ2"),
        ],
        *[
            ("xue2", "ㄒ月2"),
            ("yu3", "ㄩ3"),
            ("lv4", "ㄌㄩ4"),
            ("nve4", "ㄋ月4"),
            ("jun1", "ㄐ云1"),
        ],
        *[("yuan2", "元2"), ("wo3", "我3"), ("wen4", "文4"), ("dui4", "ㄉ为4"), ("liu2", "ㄌ又2")],
        *[("you3", "又3"), ("ye3", "ㄝ3"), ("er2", "ㄦ2"), ("ri4", "ㄖ十4"), ("qiong2", "ㄑ用2")],
        *[("yi1", "ㄧ1"), ("wu3", "ㄨ3"), ("de5", "ㄉㄜ5"), ("n2", "ㄋ2"), ("hua1", "ㄏ穵1")],
    ],
)
def test_a_syllable_in_the_letters_of_v11(pinyin: str, letters: str) -> None:
    assert zhuyin(pinyin) == letters


def test_v11_sets_a_slash_between_words_and_a_space_behind_a_mark(utterance: Make) -> None:
    (sentence,) = utterance("水稻丰收，农民高兴。").sentences
    found = phonemes(sentence, V1_1)
    assert "".join(found.units) == "ㄕ为3ㄉㄠ4/ㄈㄥ1ㄕㄡ1, ㄋ中2ㄇ阴2/ㄍㄠ1ㄒ应4. "
    (piece,) = inputs(found.units, V1_1)
    assert piece.tokens == [V1_1.vocabulary[c] for c in "".join(found.units).strip()]


@pytest.mark.parametrize(
    ("pinyin", "letters"),
    [(("zhe4", "er5"), "ㄓㄦ4"), (("hui4", "er5"), "ㄏ为R4"), (("nv3", "er2"), "ㄋㄩ3ㄦ2")],
)
def test_a_weak_er_is_an_r_of_the_syllable_before_in_v11(
    pinyin: tuple[str, ...], letters: str
) -> None:
    text = {"zhe4": "这儿", "hui4": "会儿", "nv3": "女儿"}[pinyin[0]]
    found = phonemes(Sentence(text, text, pinyin, (0, 2)), V1_1)
    assert ("".join(found.units).replace("/", ""), found.unknown) == (letters, ())
    assert found.places[0] == 0


def test_what_the_vocabulary_does_not_have_is_reported(utterance: Make) -> None:
    known = {c: n for c, n in V1_1.vocabulary.items() if c not in "ㄩ;"}
    assert phonemes(utterance("雨；GDP。").sentences[0], v1_1(known)).unknown == ("雨", "；", "GDP")


@pytest.mark.parametrize("word", ["GDP", "online", "Huawei"])
def test_v11_has_the_same_latin_words_without_arrows(word: str) -> None:
    assert "".join(V1_1.latin(word)) == "".join(c for c in "".join(latin(word)) if c not in "→↗↘↓")
