"""Numbers, dates, units and symbols are written out as an announcer says them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from script_texts import SPEAKABLE

from hy_audio.script.normalize import RULES, normalize

anything = settings(max_examples=200)


def said(text: str) -> str:
    spoken = normalize(text)
    assert spoken.unreadable == ""
    return spoken.text


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("267个", ("两百六十七个", "二百六十七个")),
        ("255项", ("两百五十五项", "二百五十五项")),
        ("349项", ("三百四十九项",)),
        ("近1200人", ("近一千二百人",)),
        ("3000多人", ("三千多人",)),
        ("1.1万块", ("一点一万块",)),
        ("182亿元", ("一百八十二亿元",)),
        ("86.4万亩", ("八十六点四万亩",)),
        ("1,200人", ("一千二百人",)),
        ("第2", ("第二",)),
        ("第12届", ("第十二届",)),
        ("2个", ("两个",)),
        ("2号线", ("二号线",)),
        ("12个", ("十二个",)),
        ("零", ("零",)),
        ("0.6元", ("零点六元",)),
        ("100%", ("百分之百", "百分之一百")),
        ("22.5%", ("百分之二十二点五",)),
        ("38.27%、36.78%", ("百分之三十八点二七、百分之三十六点七八",)),
        ("6.3个百分点", ("六点三个百分点",)),
        ("1/3", ("三分之一",)),
        ("2017年2月", ("二零一七年二月",)),
        ("2020年12月", ("二零二零年十二月",)),
        ("1998年", ("一九九八年",)),
        ("2月7日", ("二月七日",)),
        ("1至2月", ("一至二月",)),
        ("20世纪90年代", ("二十世纪九十年代",)),
        ("90后", ("九零后",)),
        ("66岁", ("六十六岁",)),
        ("8:00至18:00", ("八点至十八点",)),
        ("8:30", ("八点三十分", "八点半")),
        ("8.6公里", ("八点六公里",)),
        ("620米", ("六百二十米",)),
        ("5km", ("五公里", "五千米")),
        ("60公里/小时", ("每小时六十公里",)),
        ("-1℃", ("零下一摄氏度",)),
        ("-3.5℃", ("零下三点五摄氏度",)),
        ("17℃", ("十七摄氏度",)),
        ("-3℃至5℃", ("零下三摄氏度至五摄氏度",)),
        ("零下5摄氏度", ("零下五摄氏度",)),
        ("5至6级", ("五至六级",)),
        ("3:2", ("三比二",)),
        ("R&D", ("R and D",)),
        ("总量(R&D)快报", ("总量（R and D）快报",)),
        ("5G", ("五G",)),
        ("AI+", ("AI加",)),
        ("3×5", ("三乘五",)),
        ("100美元", ("一百美元",)),
        ("￥100", ("一百元",)),
        ("１２３人", ("一百二十三人",)),
        ("Ａ股", ("A股",)),
        ("12345热线", ("幺二三四五热线", "一二三四五热线")),
        ("120急救", ("幺二零急救", "一二零急救")),
        ("1. 带好证件", ("一、带好证件",)),
        ("1.5倍", ("一点五倍",)),
        ("（1）带好证件", ("（一）带好证件",)),
        ("二〇二二年", ("二〇二二年", "二零二二年")),
    ],
)  # fmt: skip
def test_numbers_dates_and_units_are_written_out(printed: str, expected: tuple[str, ...]) -> None:
    assert said(printed) in expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        # the second of a month is 二日, never 两日
        ("12月2日", ("十二月二日",)),
        ("2022年2月2日", ("二零二二年二月二日",)),
        ("记者2日获悉", ("记者二日获悉",)),
        # two of something is 两
        ("先后2次", ("先后两次",)),
        ("2倍", ("两倍",)),
        ("2亩", ("两亩",)),
        ("历时2年", ("历时两年",)),
        ("2年级", ("二年级",)),
        # full-width signs are as common as half-width ones
        ("增长22.5％", ("增长百分之二十二点五",)),
        ("增长２２．５％", ("增长百分之二十二点五",)),
        ("１－６月", ("一至六月", "一到六月")),
        ("比分3：2", ("比分三比二",)),
        ("1∶1", ("一比一",)),
        # a dash between numbers says from and to
        ("1—6月", ("一至六月", "一到六月")),
        ("2021—2022年", ("二零二一至二零二二年", "二零二一到二零二二年")),
        ("2024-2025学年", ("二零二四至二零二五学年", "二零二四到二零二五学年")),
        ("3月4日—5日", ("三月四日至五日", "三月四日到五日")),
        ("8:00—18:00", ("八点至十八点", "八点到十八点")),
        ("7-8级", ("七至八级", "七到八级")),
        ("5%-8%", ("百分之五至百分之八", "百分之五到百分之八")),
        ("5%—8%", ("百分之五至百分之八", "百分之五到百分之八")),
        # a hyphen in a name is no minus
        ("歼-20", ("歼二十", "歼二零")),
        ("东风-41", ("东风四十一", "东风四一")),
        ("COVID-19", ("COVID十九", "COVID一九")),
        # numbers that are names are said digit by digit
        ("K9063次", ("K九零六三次",)),
        ("C919", ("C九一九",)),
        ("107国道", ("一零七国道", "幺零七国道")),
        ("“3·15”", ("“三·一五”", "“三一五”", "“三幺五”")),
        ("国发〔2022〕5号", ("国发（二零二二）五号",)),
        # a thousand years are not the year one-zero-zero-zero
        ("3000年历史", ("三千年历史",)),
        ("上下5000年", ("上下五千年",)),
        # thousands
        ("1,234", ("一千二百三十四",)),
        ("12,346", ("一万二千三百四十六",)),
        # one sign for a unit or a number
        ("100㎡", ("一百平方米",)),
        ("5万m³", ("五万立方米",)),
        ("0.5‰", ("千分之零点五",)),
        ("Ⅲ类水质", ("三类水质",)),
        ("①排队领号", ("一、排队领号", "一排队领号")),
        # half-width marks beside Latin letters and digits
        ("PM2.5,PM10", ("PM二点五，PM十",)),
        ("12,15和18", ("十二，十五和十八",)),
        ("AI:改变生活", ("AI：改变生活",)),
        ("(R&D)经费", ("（R and D）经费",)),
        ("Hello, 世界", ("Hello，世界",)),
        ('"双11"到了', ("双十一到了", "“双十一”到了")),
    ],
)  # fmt: skip
def test_what_newspapers_often_print_is_not_misread(
    printed: str, expected: tuple[str, ...]
) -> None:
    assert said(printed) in expected


@pytest.mark.parametrize(
    "number", ["0700-1234567", "010-12345678", "400-123-4567", "13812345678", "139-1234-5678"]
)
def test_a_telephone_number_is_said_digit_by_digit(number: str) -> None:
    digits = said(f"电话{number}").removeprefix("电话")
    assert [c for c in digits if c not in "，、- "] == [
        "零一二三四五六七八九"[int(c)] if c != "1" or "幺" not in digits else "幺"
        for c in number
        if c != "-"
    ]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("稳经济,促发展", "稳经济，促发展"),
        ("谋有方,行有力!", "谋有方，行有力！"),
        ("从哪里来?从这里来", "从哪里来？从这里来"),
        ("他说:“好。”", "他说：“好。”"),
        ("中国(中部)论坛", "中国（中部）论坛"),
        ("一类;二类", "一类；二类"),
        ("增长22.5%,下降3%。", "增长百分之二十二点五，下降百分之三。"),
        ("「好」", "“好”"),
        ("『好』", "‘好’"),
        ("【本报讯】", "“本报讯”"),
        ("〈渡口〉", "《渡口》"),
        ("他...走了", "他……走了"),
        ("走—", "走——"),
        ("走────", "走——"),
        ("记者 方小舟", "记者方小舟"),
        ("用Golden Gate命名", "用Golden Gate命名"),
        ("café", "cafe"),
        ("桥\u200b头", "桥头"),
        ("约翰·史密斯", "约翰·史密斯"),
        ("约翰•史密斯", "约翰·史密斯"),
    ],
)
def test_marks_become_chinese_marks(printed: str, expected: str) -> None:
    assert said(printed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "稳经济、促发展。",
        "“势”在人为！",
        "他问：“好吗？”",
        "《渡口》——纪事……",
        "（中部）",
        "哎呀，啊。",
    ],
)
def test_a_text_without_numbers_and_symbols_stays_as_it_is(text: str) -> None:
    assert said(text) == text


@pytest.mark.parametrize("words", ["好啊", "呃", "嗯", "哪儿", "一会儿"])
def test_words_beside_a_number_are_not_lost(words: str) -> None:
    assert said(f"{words}，来了3个{words}") == f"{words}，来了三个{words}"


@pytest.mark.parametrize("symbol", ["😀", "ж", "†", "٣", "あ", "\ue000"])
def test_a_character_without_a_reading_is_left_out_and_named(symbol: str) -> None:
    spoken = normalize(f"桥{symbol}头，3个{symbol}。")
    assert spoken.text == "桥头，三个。"
    assert spoken.unreadable == symbol * 2


def test_the_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)


_number = st.one_of(
    st.integers(0, 99_999).map(str),
    st.decimals(0, 999, places=2).map(str),
    st.integers(1, 99).map("{}万".format),
)
_date = st.builds(
    "{}年{}月{}日".format, st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 31)
)
_fact = st.one_of(
    st.tuples(
        st.sampled_from(("全市", "近", "增加", "达", "新增", "约", "超过", "第", "“", "（")),
        _number,
        st.sampled_from(
            ("个", "人", "公里", "%", "％", "亿元", "项", "℃", "多户", "名", "级", "次")
        ),
    ).map("".join),
    _date,
    st.integers(1, 30).map("气温-{}℃".format),
    st.tuples(_number, _number).map("{0[0]}至{0[1]}亩".format),
    st.tuples(st.integers(0, 23), st.integers(0, 59)).map("{0[0]}:{0[1]:02}开门".format),
    st.sampled_from(
        ("R&D经费", "AI+制造", "5G网络", "“十四五”", "V形", "K9063次", "《渡口》", "A/B角")
    ),
    st.sampled_from(
        ("河水退得很慢", "他说:“好”", "(中部)", "约翰·史密斯", "Golden Gate", "哪儿", "啊")
    ),
)
_CLAUSES = st.lists(
    st.tuples(_fact, st.sampled_from("，,、；;。！!：")).map("".join), min_size=1, max_size=5
).map("".join)


@anything
@given(_CLAUSES)
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once
    assert normalize(once).unreadable == ""


@anything
@given(_CLAUSES)
def test_realistic_clauses_are_read_whole(text: str) -> None:
    spoken = normalize(text)
    assert SPEAKABLE.fullmatch(spoken.text)
    assert spoken.unreadable == ""


@anything
@given(st.text(max_size=60))
@example("5\x00个")
@example("5[个]{人}\\")
@example("²³½①Ⅲ㎏")
def test_any_text_becomes_something_speakable(text: str) -> None:
    spoken = normalize(text)
    assert SPEAKABLE.fullmatch(spoken.text)
    assert spoken.text == spoken.text.strip()


@pytest.mark.parametrize("text", ["\ud800", "5\ud800个", "新桥\udcff通车2天"])
def test_a_lone_surrogate_is_unreadable_and_no_crash(text: str) -> None:
    spoken = normalize(text)
    assert SPEAKABLE.fullmatch(spoken.text)
    assert len(spoken.unreadable) == 1
