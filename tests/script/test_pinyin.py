import re
import warnings
from functools import lru_cache
from pathlib import Path

import pytest
from g2pM import G2pM
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_pinyin import (
    DEVELOPMENT,
    PHRASES,
    by_g2pm,
    by_pypinyin,
    by_us,
    labelled,
    phrases,
    share,
)

from hy_audio.characters import HAN, han, has_han, width
from hy_audio.script.lexicon import lexicon
from hy_audio.script.pinyin import pinyin, read_all
from hy_audio.script.reading import context
from hy_audio.script.reading.dictionary import Dictionary, dictionary, table, usual
from hy_audio.script.reading.network import ROWS, network
from hy_audio.script.reading.syllables import SYLLABLES
from hy_audio.script.reading.traditional import simplified

needs_labels = pytest.mark.skipif(not DEVELOPMENT.is_file(), reason="no shared data set here")
PAGES = sorted((Path(__file__).parents[1] / "data/articles").glob("*.txt"))
BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_han = st.one_of(*(st.integers(a, b).map(chr) for a, b in BLOCKS), st.just("〇"))
_text = st.text(st.one_of(_han, st.sampled_from("，。“”《》 aB3·—銀行长重了着不一儿")), max_size=40)

anything = settings(max_examples=200)


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("记者任小明报道", "ji4 zhe3 ren2 xiao3 ming2 bao4 dao4"),
        ("书记任命了主任", "shu1 ji4 ren4 ming4 le5 zhu3 ren4"),
        ("曾琳说，她曾经来过", "zeng1 lin2 shuo1 ta1 ceng2 jing1 lai2 guo5"),
        ("石鼓区", "shi2 gu3 qu1"),
        ("为谁服务", "wei4 shui2 fu2 wu4"),
        ("为完成任务而努力", "wei4 wan2 cheng2 ren4 wu4 er2 nu3 li4"),
        ("成为骨干", "cheng2 wei2 gu3 gan4"),
        ("为企业送去服务", "wei4 qi3 ye4 song4 qu4 fu2 wu4"),
        ("非常之行", "fei1 chang2 zhi1 xing2"),
        ("慢慢地走", "man4 man4 de5 zou3"),
        ("当地土地", "dang1 di4 tu3 di4"),
        ("睡得晚", "shui4 de5 wan3"),
        ("你得去办", "ni3 dei3 qu4 ban4"),
        ("取得很好成绩", "qu3 de2 hen3 hao3 cheng2 ji4"),
        ("种水稻", "zhong4 shui3 dao4"),
        ("数鱼", "shu3 yu2"),
        ("路很长", "lu4 hen3 chang2"),
        ("市长长得高", "shi4 zhang3 zhang3 de5 gao1"),
        ("人们都会唱歌", "ren2 men5 dou1 hui4 chang4 ge1"),
        ("品质的提升", "pin3 zhi4 de5 ti2 sheng1"),
        ("由六人参加", "you2 liu4 ren2 can1 jia1"),
        ("一行人不是一个人", "yi1 xing2 ren2 bu4 shi4 yi1 ge4 ren2"),
        ("爸爸妈妈", "ba4 ba5 ma1 ma5"),
        ("孩子的东西", "hai2 zi5 de5 dong1 xi5"),
        ("重走长征路", "chong2 zou3 chang2 zheng1 lu4"),
        ("参差不齐", "cen1 ci1 bu4 qi2"),
        ("衣裳和钥匙", "yi1 shang5 he2 yao4 shi5"),
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


@pytest.mark.parametrize(
    ("text", "syllable"),
    [
        ("得去看看", "dei3"),
        ("路不好，得先修路", "dei3"),
        ("“得靠大家”", "dei3"),
        ("得有人去做", "dei3"),
        ("这事得抓紧", "dei3"),
        ("看病得花钱", "dei3"),
        ("修桥得赶快", "dei3"),
        ("他得去一趟", "dei3"),
        ("她得等到天亮", "dei3"),
        ("觉得去看看也好", "de5"),
        ("懂得去珍惜", "de5"),
        ("值得去看看", "de5"),
        ("记得去看看", "de5"),
        ("说得好", "de5"),
        ("跑得快", "de5"),
        ("急得等不了", "de5"),
        ("巴不得去看看", "de5"),
        ("恨不得马上走", "de5"),
        ("气得马上走了", "de5"),
        ("急得赶紧去找", "de5"),
        ("疼得赶紧去医院", "de5"),
        ("慌得赶紧跑", "de5"),
        ("闹得自己睡不着", "de5"),
        ("气得把门一关", "de5"),
        ("得知消息", "de2"),
        ("得分最多", "de2"),
        ("得奖的是他", "de2"),
        ("他得第一名", "de2"),
        ("她得金牌", "de2"),
        ("心得体会", "de2"),
        ("不得不去", "de2"),
    ],
)
def test_must_is_told_from_how_well_and_from_to_get(text: str, syllable: str) -> None:
    assert pinyin(text)[han(text).index("得")] == syllable


@pytest.mark.parametrize(
    ("text", "syllable"),
    [
        ("来自石桥镇的任重远说", "ren2"),
        ("该校的任建国表示", "ren2"),
        ("老人和任小明说", "ren2"),
        ("他的任务完成了，他说", "ren4"),
        ("肩上的责任重，他说", "ren4"),
        ("的任何人说", "ren4"),
        ("新的任期介绍", "ren4"),
        ("的任主任说", "ren4"),
        ("这些的任命说明", "ren4"),
    ],
)
def test_a_surname_behind_what_is_said_of_its_bearer(text: str, syllable: str) -> None:
    assert pinyin(text)[han(text).index("任")] == syllable


@pytest.mark.parametrize(
    ("text", "syllable"),
    [
        ("肩上的责任重。", "zhong4"),
        ("任务重时间紧", "zhong4"),
        ("任务重新分配", "chong2"),
        ("责任重大", "zhong4"),
    ],
)
def test_heavy_is_told_from_again(text: str, syllable: str) -> None:
    assert pinyin(text)[han(text).index("重")] == syllable


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("中國銀行的行長去了長沙", "中国银行的行长去了长沙"),
        ("重慶的音樂會會計", "重庆的音乐会会计"),
        ("教書的人睡覺都覺得便宜", "教书的人睡觉都觉得便宜"),
        ("他們說這個東西為什麼乾淨", "他们说这个东西为什么干净"),
        ("調整處理數學傳記", "调整处理数学传记"),
        ("他看著燈光，對於這是顯著的", "他看着灯光，对于这是显著的"),
        ("徵收的這些，瞭解一下", "征收的这些，了解一下"),
    ],
)
def test_traditional_text_is_read_as_the_simplified_is(traditional: str, simple: str) -> None:
    assert pinyin(traditional) == pinyin(simple)
    assert read_all([traditional, simple]) == [pinyin(simple)] * 2


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("銀髮", "yin2 fa4"),
        ("髮的人", "fa4 de5 ren2"),
        ("髒了", "zang1 le5"),
        ("臟了", "zang4 le5"),
        ("成績", "cheng2 ji4"),
        ("足跡", "zu2 ji4"),
        ("北藏閤", "bei3 zang4 ge2"),
        ("掙錢", "zheng4 qian2"),
        ("頭髮", "tou2 fa4"),
        ("頭", "tou2"),
        ("發展", "fa1 zhan3"),
        ("乾隆年間", "qian2 long2 nian2 jian1"),
        ("這部名著", "zhe4 bu4 ming2 zhu4"),
        ("宮商角徵羽", "gong1 shang1 jiao3 zhi3 yu3"),
        ("瞭望臺", "liao4 wang4 tai2"),
        ("乾坤", "qian2 kun1"),
    ],
)
def test_a_traditional_character_keeps_the_readings_that_are_its_own(
    text: str, syllables: str
) -> None:
    assert pinyin(text) == tuple(syllables.split())


def test_the_lexicon_wins_over_the_simplified_reading() -> None:
    own = lexicon({"銀行": "yin2 xing2"})
    assert pinyin("這家銀行", own) == ("zhe4", "jia1", "yin2", "xing2")


@given(st.text(alphabet="銀髮發樂行長著乾於徵瞭說著名的路，。a", max_size=12))
def test_any_traditional_text_has_a_simplified_one_as_long(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert len(pinyin(text)) == len(han(text))


def test_no_character_of_gb_2312_but_one_is_taken_for_a_traditional_one() -> None:
    rows = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    common = b"".join(rows).decode("gb2312", "ignore")
    assert [c for c in common if simplified(c) != c] == ["後"]


def test_the_chain_reads_97_of_100_polyphones_of_a_labelled_set_and_beats_each_alone() -> None:
    if not DEVELOPMENT.is_file():
        pytest.skip("no shared data set here")
    rows = labelled(DEVELOPMENT)
    assert share(rows, by_us) >= 0.975
    assert share(rows, by_us) > max(share(rows, by_g2pm), share(rows, by_pypinyin))


def test_every_phrase_of_our_list_is_read_rightly_and_wrongly_by_g2pm_alone() -> None:
    rows = phrases()
    assert len(set(rows)) == len(rows) >= 150
    assert [row for row, said in zip(rows, by_us(rows), strict=True) if said != row[2]] == []
    alone = [_library()(text, char_split=True)[n].replace("u:", "v") for text, n, _ in rows]
    assert [row for row, said in zip(rows, alone, strict=True) if said == row[2]] == []


def test_the_list_of_phrases_is_in_order() -> None:
    for line in PHRASES.read_text("utf-8").splitlines():
        word, character, reading, sentence = line.split("\t")
        assert character in word
        assert word in sentence
        assert reading[:-1] in SYLLABLES


@lru_cache(maxsize=1)
def _library() -> G2pM:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it does not close its files
        return G2pM()


@lru_cache(maxsize=1)
def _sentences() -> tuple[str, ...]:
    """Some hundreds of sentences, of our own pages and of the labelled set if it is here."""
    own = [s for page in PAGES for s in re.split(r"(?<=[。！？])|\n", page.read_text("utf-8")) if s]
    others = [row[0] for row in labelled(DEVELOPMENT)[::33]] if DEVELOPMENT.is_file() else []
    return (*own, *(row[0] for row in phrases()), *others)


def _polyphones(text: str) -> list[int]:
    return [n for n, c in enumerate(text) if c in network().choices]


def test_a_batch_gives_the_classes_that_the_library_gives() -> None:
    texts = [t for t in _sentences() if _polyphones(t)]
    assert len(texts) > 3 * ROWS
    places = [_polyphones(t) for t in texts]
    ours = [rows.argmax(1).tolist() for rows in network().logits(texts, places)]
    library = _library()
    names = [library(text, char_split=True) for text in texts]
    theirs = [[said[n] for n in where] for said, where in zip(names, places, strict=True)]
    assert [[library.idx2class[k] for k in row] for row in ours] == theirs


def test_what_a_sentence_says_does_not_depend_on_its_company() -> None:
    texts = [t for t in _sentences() if _polyphones(t)][:400]
    places = [_polyphones(t) for t in texts]
    together = network().logits(texts, places)
    backwards = network().logits(texts[::-1], places[::-1])[::-1]
    alone = [network().logits([t], [p])[0] for t, p in zip(texts, places, strict=True)]
    for a, b, c in zip(together, backwards, alone, strict=True):
        assert abs(a - b).max() < 1e-9
        assert abs(a - c).max() < 1e-9
    assert read_all(_sentences()) == [pinyin(text) for text in _sentences()]


def test_a_reading_is_always_one_that_the_character_has() -> None:
    texts = ["银" + c + "，" for c in network().choices]
    for text, answer in zip(texts, network().read(texts, [[1]] * len(texts)), strict=True):
        assert answer[1] in network().choices[text[1]]


def test_a_sentence_without_an_open_polyphone_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    read = network().read

    def listen(texts: list[str], places: list[list[int]]) -> list[dict[int, str]]:
        asked.extend(texts)
        return read(texts, places)

    monkeypatch.setattr(network(), "read", listen)
    read_all(["银行的利率下降。", "他为之一惊。", "他们长。"])
    assert asked == ["他们长。"]


def test_nothing_to_read_is_nothing() -> None:
    assert read_all([]) == []
    assert read_all(["", "。"]) == [(), ()]


@pytest.mark.parametrize("name", ["words.txt", "neutral.txt", "places.txt"])
def test_a_table_of_words_gives_syllables_of_the_language(name: str) -> None:
    words = Dictionary(table(name)).words
    assert words
    for word, syllables in words.items():
        assert len(word) == len(syllables) > 1
        assert set(filter(None, syllables)) <= {f"{s}{n}" for s in SYLLABLES for n in range(1, 6)}


def test_a_word_of_our_tables_is_read_as_it_stands_there() -> None:
    for word, syllables in dictionary().words.items():
        said = dictionary().read(word)
        assert all(a in ("", b) for a, b in zip(syllables, said, strict=True)), word


def test_a_place_of_the_province_is_read_as_it_is_called_there() -> None:
    words = Dictionary(table("places.txt")).words
    read = read_all(list(words))
    for (word, syllables), said in zip(words.items(), read, strict=True):
        assert all(a in ("", b) for a, b in zip(syllables, said, strict=True)), word


def test_the_usual_readings_are_among_those_a_character_has() -> None:
    for character, said in usual().items():
        known = {*network().choices.get(character, ()), network().sole.get(character)}
        assert said in known or character in "谁壳钥嘎荫", character


def test_every_rule_of_the_context_has_one_character_and_reads_it() -> None:
    for rule in (*context.RULES, *context.OPEN_RULES):
        assert len(rule.character) == 1
        assert rule.syllable[:-1] in SYLLABLES
        assert "it" in rule.pattern.groupindex


def test_marks_and_latin_letters_have_no_syllable() -> None:
    assert pinyin("“V”型，R and D。") == ("xing2",)
    assert pinyin("") == pinyin("。") == ()


@anything
@given(_text)
def test_every_han_character_has_one_place(text: str) -> None:
    assert len(pinyin(text)) == len(han(text))


@anything
@given(_text)
def test_a_syllable_is_of_the_language_and_has_a_tone_or_is_nothing(text: str) -> None:
    for said in filter(None, pinyin(text)):
        assert said[:-1] in SYLLABLES
        assert said[-1] in "12345"


@anything
@given(st.text())
def test_any_text_has_a_reading(text: str) -> None:
    assert len(pinyin(text)) == len(han(text))


def test_every_common_character_has_a_reading() -> None:
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    common = b"".join(rows).decode("gb2312", "ignore")
    assert len(common) == 3755  # the first level of GB 2312
    assert all(pinyin(common))


def test_a_character_of_no_known_reading_has_an_empty_syllable() -> None:
    assert pinyin("桥\U0003134a头") == ("qiao2", "", "tou2")


@pytest.mark.parametrize("mark", ["，", "。", "A", " ", "“"])
def test_a_word_is_not_read_over_a_mark(mark: str) -> None:
    assert pinyin("石头") == ("shi2", "tou5")
    assert pinyin(f"石{mark}头") == ("shi2", "tou2")


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
