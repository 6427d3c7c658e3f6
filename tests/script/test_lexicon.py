import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from script_texts import TITLE, script_of

from hy_audio.errors import ConfigError
from hy_audio.script.lexicon import EMPTY, Lexicon, Reading, lexicon, spoken_entries
from hy_audio.script.model import Script, Sentence
from hy_audio.script.normalize import normalize
from hy_audio.script.pinyin import pinyin, read_all
from hy_audio.script.reading.respelling import respell
from hy_audio.script.reading.syllables import SYLLABLES, NotPinyin, parse
from hy_audio.script.settings import Settings

anything = settings(max_examples=200)
_syllable = st.tuples(st.sampled_from(sorted(SYLLABLES)), st.integers(1, 5)).map(
    lambda pair: f"{pair[0]}{pair[1]}"
)


# Pinyin as people write it


@pytest.mark.parametrize(
    "written",
    [
        "chang2 hui2 lu4", "cháng huí lù", "chang2hui2lu4", "chánghuílù", "CHANG2 Hui2 lu4",
        "chang2-hui2-lu4", "chang2'hui2'lu4", "  chang2  hui2 lu4 ",
        "cha\u0301ng hui\u0301 lu\u0300",
    ],
)  # fmt: skip
def test_pinyin_is_understood_however_it_is_written(written: str) -> None:
    assert parse(written) == ("chang2", "hui2", "lu4")


@pytest.mark.parametrize("written", ["lv4", "lü4", "lu:4", "lǜ", "LÜ4", "lu\u03084"])
def test_the_u_with_dots_is_written_v(written: str) -> None:
    assert parse(written) == ("lv4",)


@pytest.mark.parametrize(
    ("written", "syllables"),
    [
        ("xī'ān", "xi1 an1"),
        ("xiān", "xian1"),
        ("fāng'àn", "fang1 an4"),
        ("fángān", "fan2 gan1"),
        ("háizi", "hai2 zi5"),
        ("hai2 zi5", "hai2 zi5"),
        ("nǚ'ér", "nv3 er2"),
    ],
)
def test_syllables_written_together_are_told_apart(written: str, syllables: str) -> None:
    assert parse(written) == tuple(syllables.split())


@anything
@given(st.lists(_syllable, min_size=1, max_size=6), st.sampled_from(["", " ", "'", "-"]))
def test_numbered_pinyin_is_understood_with_any_sign_between(said: list[str], sign: str) -> None:
    assert parse(sign.join(said)) == tuple(said)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("chong6", "chong6 is no pinyin: tones are 1 to 5"),
        ("chang", "chang is no pinyin: it has no tone"),
        ("chnag2", "did you mean"),
        ("xyz1", "xyz1 is no pinyin"),
        ("7", "7 is no pinyin"),
        ("cháng2", "is no pinyin"),
        ("chang2 !", "! is no pinyin"),
        ("changsha", "changsha is no pinyin: it has no tone; tones are 1 to 5"),
        ("chang2 sha", "sha is no pinyin: it has no tone"),
        ("zhang33sha1", "zhang33 is no pinyin: tones are 1 to 5"),
        ("chang2 sha12", "sha12 is no pinyin"),
        ("sha0", "sha0 is no pinyin: tones are 1 to 5 behind each syllable, 5 is neutral"),
    ],
)
def test_what_is_no_pinyin_is_named(written: str, told: str) -> None:
    with pytest.raises(NotPinyin, match=re.escape(told)):
        parse(written)


@anything
@given(st.text(max_size=20))
def test_any_text_is_syllables_or_no_pinyin(written: str) -> None:
    try:
        said = parse(written)
    except NotPinyin:
        return
    assert {s[:-1] for s in said} <= SYLLABLES


def test_the_table_has_the_syllables_of_the_language() -> None:
    assert 400 < len(SYLLABLES) < 425
    assert {"zhuang", "er", "lve", "nv", "yo", "o"} <= SYLLABLES
    assert not {"chnag", "lü", "bong", "ki", ""} & SYLLABLES


# Words with pinyin


def test_a_word_is_read_as_the_lexicon_says_and_others_are_not() -> None:
    own = lexicon({"长回路": "zhang3 hui2 lu4"})
    assert pinyin("长回路很长", own) == ("zhang3", "hui2", "lu4", "hen3", "chang2")
    assert pinyin("长回", own) == pinyin("长回")


def test_the_lexicon_wins_over_words_and_rules() -> None:
    own = lexicon({"银行": "yin2 xing2", "任": "ren4"})
    assert pinyin("记者任小明去银行", own)[2] == "ren4"
    assert pinyin("去银行", own)[1:] == ("yin2", "xing2")


def test_the_longest_word_counts() -> None:
    own = lexicon({"长": "zhang3", "长回": "chang2 hui4"})
    assert pinyin("长回长", own) == ("chang2", "hui4", "zhang3")


def test_one_reads_the_same_alone_and_in_a_batch_with_a_lexicon() -> None:
    own = lexicon({"长回路": "zhang3 hui2 lu4"})
    texts = ["长回路很长。", "走长回路。", "路。"]
    assert read_all(texts, own) == [pinyin(text, own) for text in texts]


@pytest.mark.parametrize("word", ["2号线", "K歌", "Ｋ歌"])
def test_a_word_with_digits_or_letters_is_found_as_it_is_spoken(word: str) -> None:
    own = lexicon({word: {"2号线": "er4 hao2 xian4"}.get(word, "ge2")})
    spoken = normalize(f"坐{word}去。").text
    said = pinyin(spoken, own)
    assert said[1:-1] == (("er4", "hao2", "xian4") if word == "2号线" else ("ge2",))


@pytest.mark.parametrize(
    ("word", "said", "told"),
    [
        ("崇福", "chong6 fu2", "chong6 is no pinyin"),
        ("长回路", "chang2 hui2", "has 3 Han characters, the pinyin 2 syllables"),
        ("路", "lu4 lu4", "has 1 Han character, the pinyin 2 syllables"),
        ("2号线", "hao4 xian4", "spoken 二号线"),
        ("R&D", "yan2 fa1", "say it in Han characters"),
        ("GDP", "gross", "say it in Han characters"),
        ("长回路", "", "give both"),
        ("", "lu4", "give both"),
        ("长回路", "长 hui2 lu4", "not both"),
        ("长回路", "cháng huí lù 路", "not both"),
        ("长回路", "chang2回路", "not both"),
        ("长回路", "CHANG2回路", "not both"),
        ("长回路", "cha\u0301ng回路", "not both"),
        ("长回路", "chang回路", "not both"),
        ("长回路", "长 huilu", "not both"),
        ("阿姨", "ā姨", "not both"),
        ("长沙", "changsha", "it has no tone"),
        ("张", "zhang33sha1", "zhang33 is no pinyin"),
        ("长沙", "chang2 sha12", "sha12 is no pinyin"),
        ("R&D", "research", "say it in Han characters or capital letters"),
        ("股市", "A P", "is no pinyin"),
        ("长回路", "chnag2 hui2 lu4", "did you mean"),
    ],
)
def test_an_entry_that_cannot_be_used_is_one_line_that_names_it(
    word: str, said: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)) as caught:
        lexicon({word: said})
    assert len(str(caught.value).splitlines()) == 1
    assert word in str(caught.value)


# Respellings


def heard(text: str, own: Lexicon) -> str:
    return normalize(text, own.rewrites).text


@pytest.mark.parametrize(
    ("entries", "text", "said"),
    [
        ({"R&D": "研发"}, "R&D经费", "研发经费"),
        ({"R&D": "研发"}, "r&d经费", normalize("r&d经费").text),
        ({"GDP": "生产总值"}, "GDP和AGDPX", "生产总值和AGDPX"),
        ({"A": "甲", "AB": "甲乙"}, "AB角", "甲乙角"),
        ({"CBD": "2号区"}, "CBD", "二号区"),
        ({"3.0": "三点零"}, "3.0版", "三点零版"),
        ({"桥": "渡口", "桥头": "码头", "桥头路": "大道"}, "桥头路桥头桥", "大道码头渡口"),
        ({"桥头路": "大道", "桥头": "码头", "桥": "渡口"}, "桥头路桥头桥", "大道码头渡口"),
        ({"APP": "应用"}, "APPLE和WAPP和APP", "APPLE和WAPP和应用"),
        ({"OPPO": "欧珀"}, "OPPO手机", "欧珀手机"),
        ({"APP": "A P P"}, "这个APP", "这个A P P"),
        ({"恤衫": "T恤"}, "买恤衫", "买T恤"),
        ({"K歌": "卡拉OK"}, "去K歌", "去卡拉OK"),
        ({"上网": "连wifi"}, "能上网", "能连wifi"),
        ({"AA制": "a a制"}, "AA制", "a a制"),
        ({"甲2区": "A2区"}, "甲2区", "A二区"),
    ],
)
def test_a_respelling_is_spoken_in_place_of_the_word(
    entries: dict[str, str], text: str, said: str
) -> None:
    assert heard(text, lexicon(entries)) == said


def test_respellings_do_not_respell_each_other() -> None:
    assert heard("甲乙", lexicon({"甲": "乙", "乙": "甲"})) == "乙甲"


def test_without_entries_there_are_no_rules() -> None:
    assert lexicon({}) == EMPTY
    assert EMPTY.rewrites == ()


# --say


def test_an_option_is_a_word_and_how_it_is_said() -> None:
    assert spoken_entries(["长回路=chang2hui2lu4", "R&D = 研发"]) == {
        "长回路": "chang2hui2lu4",
        "R&D": "研发",
    }


def test_an_option_without_a_sign_is_one_line() -> None:
    with pytest.raises(ConfigError, match="word=reading"):
        spoken_entries(["长回路"])


# In a script


def script_with(text: str, entries: dict[str, str]) -> Script:
    return script_of(TITLE + text, Settings(lexicon=lexicon(entries)))


def last(script: Script) -> Sentence:
    return script.utterances[-1].sentences[-1]


def test_the_transcript_keeps_the_printed_word() -> None:
    sentence = last(script_with("投入R&D经费。", {"R&D": "研发"}))
    assert (sentence.display, sentence.spoken) == ("投入R&D经费。", "投入研发经费。")


def test_a_word_with_pinyin_is_respelled_character_for_character() -> None:
    sentence = last(script_with("公交开进长回路。", {"长回路": "chang2 hui2 lu4"}))
    assert sentence.spoken == "公交开进长回路。"
    assert sentence.pinyin[-3:] == ("chang2", "hui2", "lu4")
    assert sentence.respelled[:4] == "公交开进"
    assert "长" not in sentence.respelled
    assert len(sentence.respelled) == len(sentence.spoken)
    assert pinyin(sentence.respelled) == sentence.pinyin


def test_a_sentence_without_a_word_of_the_lexicon_is_not_respelled() -> None:
    script = script_with("桥上人来人往。", {"长回路": "chang2 hui2 lu4"})
    assert {s.respelled for u in script.utterances for s in u.sentences} == {""}
    assert all(u.respelled == u.spoken for u in script.utterances)


def test_a_character_that_nothing_can_stand_for_is_warned_about_at_its_place() -> None:
    text = "他走了了。"
    script = script_with(text, {"了了": "liao3 le5"})
    (warning,) = [w for w in script.warnings if w.rule == "respelling"]
    assert (TITLE + text)[warning.start : warning.end] == text
    assert "了" in warning.message


@pytest.mark.parametrize("entries", [{"渡口": "du4 kou3"}, {"渡口": "码头"}])
def test_added_lines_and_titles_follow_the_lexicon_too(entries: dict[str, str]) -> None:
    settings = Settings(show="渡口早读", lexicon=lexicon(entries))
    first = script_of(TITLE + "船来了。", settings).utterances[0]
    assert first.display == "渡口早读"
    assert first.spoken.startswith(entries["渡口"] if entries["渡口"] == "码头" else "渡口")


# Other characters of the same sound


def test_a_respelling_has_the_one_reading_asked_for() -> None:
    known = 0
    for syllable in (f"{s}{n}" for s in sorted(SYLLABLES) for n in range(1, 6)):
        other = respell("\U00020000", syllable)
        if other:
            known += 1
            assert pinyin(other) == (syllable,)
    assert known > 1000


@pytest.mark.parametrize("character", "桥衡")
def test_a_character_of_one_reading_stays(character: str) -> None:
    (syllable,) = pinyin(character)
    assert respell(character, syllable) == character


# Many entries


def test_ten_thousand_words_are_found_in_a_long_text_as_fast_as_one() -> None:
    signs = [chr(0x4E00 + n) for n in range(5000)]
    words = [a + b for n in (1, 2) for a, b in zip(signs, signs[n:] + signs[:n], strict=True)]
    own = Lexicon(words=tuple(Reading(word, ("a1", "a1")) for word in words))
    text = "".join(signs) * 40
    assert len(own.find(text)) == len(text) // 2


def test_a_thousand_respellings_take_the_longest_and_whole_words() -> None:
    entries = {f"桥{chr(0x4E00 + n)}": "渡口" for n in range(1000)} | {"桥": "码头", "[^]": "括弧"}
    own = lexicon(entries)
    assert heard("桥一桥頀[^]", own) == "渡口码头頀括弧"
