"""The sample pages, each with the artefacts of print it was made for."""

import pytest
from page_texts import ROOT, load

from hy_audio.article.model import Article, Fate
from hy_audio.article.parse import parse

BLOCKS = {
    "hard-wrapped": (
        ("headline", "一条老街的“慢修”之道"),
        ("paragraph", "本报讯（记者 方岑 通讯员 罗静宜）青石板重新铺平"),
        ("paragraph", "石桥老街长620米"),
        ("heading", "一、先问住户，再动砖瓦"),
        ("paragraph", "动工之前"),
        ("paragraph", "“老街不是摆设"),
        ("paragraph", "66岁的木匠"),
        ("credit", "何川 摄"),
        ("paragraph", "看不见的地方"),
        ("heading", "二、留住老味道，迎来新店家"),
        ("paragraph", "房子修好了"),
        ("paragraph", "截至10月底"),
        ("paragraph", "也有人担心"),
        ("paragraph", "傍晚时分"),
        ("notice", "责编：叶知"),
    ),
    "harvest": (
        ("headline", "稻浪深处是丰年"),
        ("subhead", "——云溪市秋粮生产观察"),
        ("byline", "云溪日报全媒体记者 邵青禾 通讯员 唐一鸣"),
        ("paragraph", "秋分刚过,"),
        ("paragraph", "这一季,"),
        ("heading", "会“思考”的水渠"),
        ("paragraph", "在柳塘村,"),
        ("paragraph", "“以前守水靠腿,"),
        ("paragraph", "系统出自云溪农业大学"),
        ("elision", "....."),
        ("paragraph", "水稳住了,"),
        ("paragraph", "汗水浇出来的,"),
        ("caption", "图为柳塘村智能闸站,"),
        ("heading", "一列开往田野的火车"),
        ("paragraph", "9月20日清晨,"),
        ("paragraph", "他们来自邻近的五个县,"),
        ("item", "1. 跨区作业证"),
        ("item", "2. 每个乡镇"),
        ("item", "3. 农机用油"),
        ("paragraph", "48岁的机手"),
        ("paragraph", "就盼着他们早点来,"),
        ("caption", "收割现场,"),
        ("heading", "新米的“身价”"),
        ("paragraph", "粮食进了仓,"),
        ("paragraph", "“同样一斤稻子,"),
        ("paragraph", "钱袋子鼓起来,"),
        ("paragraph", "夕阳西下,"),
        ("paragraph", "秋粮收购咨询热线："),
    ),
    "no-headings": (
        ("headline", "冷空气今夜到访 云溪明起降温"),
        ("paragraph", "本报讯（全媒体记者 苏禾）"),
        ("paragraph", "预计3日白天"),
        ("paragraph", "气象台首席预报员"),
        ("notice", "供暖问题反映邮箱："),
        ("notice", "责编：江月白"),
    ),
    "river-park": (
        ("kicker", "清水绕城"),
        ("headline", "一江碧水，绿了云溪半座城"),
        ("byline", "云溪日报全媒体记者 林晓 通讯员 周岚"),
        ("paragraph", "清晨六点半"),
        ("paragraph", "5月18日"),
        ("heading", "旧码头变成会客厅"),
        ("paragraph", "三年前"),
        ("paragraph", "“现在推开窗就是花。”"),
        ("notice", "扫一扫二维码，"),
        ("heading", "好风景也要好管家"),
        ("paragraph", "公园建成只是第一步。"),
        ("paragraph", "变化看得见。"),
        ("caption", "傍晚，市民在滨江公园二期的亲水平台上散步。"),
    ),
}

SILENT = {
    "hard-wrapped": [
        ("credit", "何川 摄"),
        ("jump", "（下转第3版）"),
        ("staff", "责编：叶知 美编：宋小棠 校对：孟然"),
    ],
    "harvest": [
        ("marker", "■"),
        ("elision", "....."),
        ("credit", "（王秋 摄）"),
    ],
    "no-headings": [
        ("contact", "供暖问题反映邮箱：gongnuan@yunxi.example"),
        ("staff", "责编：江月白 美编：段子衿 校对：范一舟"),
    ],
    "river-park": [
        ("marker", "■"),
        ("prompt", "扫一扫二维码，跟着航拍镜头游江畔。"),
        ("credit", " ■陈默 摄"),
    ],
}

JOINED = {
    "hard-wrapped": "青石板重新铺平",
    "harvest": "在村里连着住了两个夏天",
}


def sample(name: str) -> Article:
    return parse(load(ROOT / "tests" / "data" / "articles" / f"{name}.txt"))


def text_of(article: Article, fragment: str) -> str:
    (found,) = [b.text for b in article.blocks if fragment in b.text]
    return found


@pytest.mark.parametrize("name", BLOCKS)
def test_a_sample_is_read_into_its_blocks(name: str) -> None:
    blocks = sample(name).blocks
    beginnings = [text for _, text in BLOCKS[name]]
    found = [(b.kind, b.text[: len(x)]) for b, x in zip(blocks, beginnings, strict=True)]
    assert found == list(BLOCKS[name])


@pytest.mark.parametrize("name", SILENT)
def test_these_words_of_a_sample_are_silent_and_no_others(name: str) -> None:
    article = sample(name)
    silent = [s for s in article.ledger if s.fate is Fate.SILENT and s.rule != "layout"]
    assert [(s.rule, article.source[s.start : s.end]) for s in silent] == SILENT[name]


@pytest.mark.parametrize("name", ["hard-wrapped", "no-headings", "river-park"])
def test_a_whole_sample_has_no_warnings(name: str) -> None:
    assert sample(name).warnings == ()


def test_the_hole_in_the_harvest_page_is_the_only_warning_and_is_not_joined() -> None:
    article = sample("harvest")
    (warning,) = article.warnings
    assert warning.rule == "lost-text"
    assert article.source[: warning.start].endswith("食堂还特意")
    assert article.source[warning.end :].startswith("就盼着")


@pytest.mark.parametrize(("name", "words"), JOINED.items())
def test_words_torn_apart_by_a_line_break_are_together_again(name: str, words: str) -> None:
    article = sample(name)
    assert words not in article.source
    assert words in text_of(article, words)


@pytest.mark.parametrize(
    "words",
    ["11月6日上午", "先问住户", "征求意见时", "一户一策：能补的", "前后修好了400多扇花窗",
     "足足用了19天。", "电线和网线", "签约新店31家", "“奶奶管味道", "和路过的邻居打招呼。"],
)  # fmt: skip
def test_the_columns_of_the_hard_wrapped_page_are_joined(words: str) -> None:
    assert words in text_of(sample("hard-wrapped"), words)


def test_the_credit_inside_a_sentence_is_in_no_other_block() -> None:
    blocks = sample("hard-wrapped").blocks
    assert [b.kind for b in blocks if "何川" in b.text] == ["credit"]


def test_the_pointer_at_the_end_is_cut_off_its_paragraph() -> None:
    assert text_of(sample("hard-wrapped"), "傍晚时分").endswith("邻居打招呼。")


def test_the_hard_wrapped_page_joins_every_break_inside_a_paragraph() -> None:
    article = sample("hard-wrapped")
    joined = [s for s in article.ledger if s.fate is Fate.JOINED]
    pieces = [len(b.pieces) - 1 for b in article.blocks]
    assert len(joined) == sum(pieces) == 35
    assert {article.source[s.start : s.end] for s in joined} == {"\n"}
