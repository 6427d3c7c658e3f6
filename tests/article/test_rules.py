"""Each rule of the table takes what papers print, and leaves alone what readers should hear."""

from itertools import chain

import pytest

from hy_audio.article.lines import read_lines
from hy_audio.article.model import Kind
from hy_audio.article.rules import LINE_RULES, Marked, mark

TAKEN = {
    "elision": ("......", "……", "…", "· · ·"),
    "ornament": ("————", "* * *", "★★★", "● ●"),
    "jump": (
        "（下转第3版）",
        "下转第3版",
        "(上接A1版)",
        "（上接第1版《一江水》）",
        "【下转第 2 版】",
    ),
    "folio": ("第3版", "第 12 版", "A3", "-12-", "第05版：民生", "A03 · 城事"),
    "page-date": ("2024年11月22日 星期五", "2024年11月22日 星期五 责任编辑：方小舟"),
    "prompt": (
        "扫一扫，更多精彩",
        "扫一扫二维码，跟着航拍镜头游渡口。",
        "扫描二维码，关注河湾日报微信公众号",
        "请扫描下方二维码查看详情",
        "微信扫一扫",
        "长按识别二维码",
        "手机扫码看直播",
    ),
    "staff": (
        "责编：方小舟",
        "责编：方小舟 美编：何大江 校对：魏青",
        "责任编辑 方小舟",
        "（责任编辑：方小舟）",
        "本版编辑：方小舟 何大江",
        "编辑：王　明",
        "本版责编：方小舟　电话：0700-1234567",
    ),
    "contact": (
        "新闻热线：0700-1234567",
        "热线电话 0700-1234567",
        "投稿邮箱：news@example.com",
        "咨询热线：0700-1234567（每日8:00至18:00）",
        "地址：解放路12号 电话：0700-1234567",
        "新闻热线：1234567 投稿邮箱：a@b.com",
    ),
    "address": (
        "www.example.com",
        "https://example.com/a/b?c=1",
        "详见：https://example.com/a",
        "news@example.com",
    ),
    "credit": (
        "■何大江 摄",
        "何大江 摄",
        "何大江/摄",
        "（何大江 摄）",
        "（何大江摄）",
        "■（何大江 摄）",
        "■王　明 摄",
        "本报记者 何大江 摄",
        "新华社记者何大江摄",
        "新华社发（何大江 摄）",
        "（新华社发 何大江 摄）",
        "摄影：何大江",
        "何大江 魏青 摄影报道",
        "（受访者供图）",
        "（资料图）",
    ),
}

SPOKEN_IN_PART = (
    ("byline", Kind.BYLINE, "■河湾日报全媒体记者 方小舟", "河湾日报全媒体记者 方小舟"),
    ("byline", Kind.BYLINE, "本报记者 方小舟 通讯员 何大江", "本报记者 方小舟 通讯员 何大江"),
    ("byline", Kind.BYLINE, "本报记者方小舟", "本报记者方小舟"),
    ("byline", Kind.BYLINE, "（记者 方小舟）", "记者 方小舟"),
    ("byline", Kind.BYLINE, "文/记者 方小舟", "记者 方小舟"),
    ("byline", Kind.BYLINE, "■本报记者 王　明", "本报记者 王　明"),
    ("byline", Kind.BYLINE, "□本报评论员", "本报评论员"),
    ("byline", Kind.BYLINE, "本报评论员", "本报评论员"),
    ("caption", Kind.CAPTION, "图为新桥。", "图为新桥。"),
    ("caption", Kind.CAPTION, "上图为新桥一角。", "上图为新桥一角。"),
    ("caption", Kind.CAPTION, "图片说明：新桥一角。", "新桥一角。"),
    ("caption", Kind.CAPTION, "▲新桥一角。", "新桥一角。"),
    ("caption", Kind.CAPTION, "新桥一角。（何大江 摄）", "新桥一角。"),
    ("caption", Kind.CAPTION, "新桥一角。 ■何大江 摄", "新桥一角。"),
    ("caption", Kind.CAPTION, "新桥一角。何大江 摄", "新桥一角。"),
    ("caption", Kind.CAPTION, "新桥一角 何大江 摄", "新桥一角"),
)

LEFT_ALONE = {
    "elision": ("……他没有说完", "他说……", "1...", "一·二"),
    "ornament": ("——新桥纪事", "*桥*", "一一", "-4℃"),
    "jump": (
        "下转第3版的读者很多",
        "转5版改造方案获通过",
        "上接第1版的报道，今天说说引桥。",
        "紧接3版发布会之后",
    ),
    "page-date": ("2024年11月22日，星期五，桥通了", "2024年11月22日 新桥通车"),
    "folio": ("第3版地图出版", "3版本", "A380", "2022", "第3次"),
    "prompt": (
        "扫一扫，看病更方便",
        "扫码点餐越来越普遍",
        "市民用手机扫一扫即可查看公交实时位置。",
        "手机扫码就能下载电子发票，老人直呼方便。",
        "扫描二维码，老人就能找到回家的路。",
        "一张二维码 串起更多好风景",
        "人脸识别系统上岗 图书馆更聪明",
        "CT扫描让文物更多秘密现身",
        "扫码关注民生，代表们有话说",
    ),
    "staff": (
        "编辑部的灯亮到天明",
        "监制一批好茶",
        "编辑：你为什么写这本书？",
        "编辑 一份乡村菜单",
        "审核：三个环节一个不能少",
    ),
    "contact": (
        "消费者投诉电话增长12.5%",
        "12345热线一年接听来电286000次",
        "热线：一根线牵起两头情",
        "投诉电话：一年响了286000次",
        "居民可拨打电话0700-1234567反映问题，工作人员将尽快处理。",
        "他拨打了热线电话0700-1234567，十分钟后抢修人员就到了。",
        "大家建了个QQ群：123456人在里面说家乡",
    ),
    "address": (
        "官网改版上线",
        "登录网站www.example.com查询",
        "市民登录www.example.com即可报名，名额有限。",
        "消费者登录https://example.com即可领取消费券，每人限领3张。",
    ),
    "credit": (
        "正在拍摄",
        "绘就蓝图",
        "绘就 蓝图",
        "影片 开始拍摄",
        "一个镇 一张图",
        "记者手绘小城地图",
        "摄影：光影人生",
        "图片：一城山色",
        "（思维导图）",
    ),
    "byline": (
        "记者走基层",
        "●记者走基层",
        "■记者调查",
        "（记者观察）",
        "●评论员文章",
        "本报记者探访夜市",
        "记者：今年收成怎么样？",
        "评论员：这一刻等了很久",
        "■记者调查显示，八成受访者支持夜间开放",
        "（记者 方小舟）今早六点，新桥通车了",
        "通讯员：老百姓的话筒",
    ),
    "caption": (
        "图书馆开到半夜",
        "图纸改了三遍",
        "上图书馆去",
        "新建三条公交线路（附线路图）",
        "流程比过去少了四步（见下图）",
    ),
}


def one(text: str) -> Marked:
    (marked,) = mark(read_lines(text))
    return marked


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(rule, text) for rule, texts in table.items() for text in texts]


def test_every_rule_has_two_examples_and_two_near_misses() -> None:
    spoken = [name for name, *_ in SPOKEN_IN_PART]
    for rule in LINE_RULES:
        assert len(TAKEN.get(rule.name, ())) + spoken.count(rule.name) >= 2
        assert len(LEFT_ALONE[rule.name]) >= 2


@pytest.mark.parametrize(("rule", "text"), pairs(TAKEN))
def test_a_silent_rule_takes_the_whole_line(rule: str, text: str) -> None:
    marked = one(text)
    assert (marked.rule, marked.say) == (rule, None)


@pytest.mark.parametrize(("rule", "kind", "text", "say"), SPOKEN_IN_PART)
def test_a_byline_or_caption_is_spoken_without_its_trimmings(
    rule: str, kind: Kind, text: str, say: str
) -> None:
    marked = one(text)
    assert (marked.rule, marked.kind, marked.text) == (rule, kind, say)


@pytest.mark.parametrize(("rule", "text"), pairs(LEFT_ALONE))
def test_ordinary_prose_that_looks_alike_is_left_alone(rule: str, text: str) -> None:
    marked = one(text)
    assert marked.kind is None
    assert text.endswith(marked.text)
    assert len(text) - len(marked.text) <= 1  # at most an ornament in front is dropped


@pytest.mark.parametrize(
    ("text", "say", "silent"),
    [
        ("■新桥通车", "新桥通车", ["marker"]),
        ("★ 新桥通车", "新桥通车", ["marker"]),
        ("人来人往。（下转第3版）", "人来人往。", ["jump"]),
        ("人来人往。 (下转 A3 版 《桥》)", "人来人往。", ["jump"]),
        ("■人来人往。（下转第3版）", "人来人往。", ["marker", "jump"]),
        ("（上接第1版）人来人往。", "人来人往。", ["jump"]),
        ("（上接第1版）记者看到，桥上人来人往，两岸的人都想走一走这座新桥。",
         "记者看到，桥上人来人往，两岸的人都想走一走这座新桥。", ["jump"]),
    ],
)  # fmt: skip
def test_an_ornament_or_a_pointer_is_cut_off_and_the_rest_is_spoken(
    text: str, say: str, silent: list[str]
) -> None:
    marked = one(text)
    assert marked.text == say
    assert [rule for _, _, rule in marked.notes] == silent


@pytest.mark.parametrize("text", ["人来人往（见第3版图）。", "他说（下转）不行"])
def test_a_bracket_that_is_no_pointer_stays(text: str) -> None:
    assert one(text).text == text


@pytest.mark.parametrize("text", [*chain.from_iterable(TAKEN.values())])
def test_the_notes_and_the_spoken_part_tile_the_line(text: str) -> None:
    for line in (f"  {text}", f"桥边的灯亮了。{text}"):
        marked = one(line)
        spoken = [] if marked.say is None else [marked.say]
        ranges = sorted([*spoken, *((a, b) for a, b, _ in marked.notes)])
        if marked.say is not None:
            assert [a for a, _ in ranges] == [marked.line.start, *(b for _, b in ranges[:-1])]
            assert ranges[-1][1] == marked.line.end


def test_a_long_paragraph_that_ends_in_a_name_is_no_caption() -> None:
    paragraph = "桥边的灯亮了，河面上的船慢慢靠岸，等了一天的人们终于等来了归人。" * 8
    assert one(paragraph + "何大江 摄").kind is None
