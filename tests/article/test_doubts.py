"""What may be a part of the text is read, with a warning; what stands beside it can decide."""

import pytest

from hy_audio.article.model import Article, Fate
from hy_audio.article.parse import parse

TITLE = "清河两岸的新变化"
ABOVE = "　　今年秋天，清河两岸的树都黄了，来看树的人很多。"
BELOW = "　　住在河边的人说，这样的日子一年比一年好过。"


def listed(text: str) -> list[str]:
    return text.strip().split("\n")


PROMPTS = listed(
    """
分享、点赞成了年轻人的习惯。
转发、评论、点赞一共八千次。
扫码看全文的读者越来越多。
扫码下载客户端之后，他傻眼了。
扫一扫，听老人讲新闻里的故事。
关注评论区里的民声
扫码，读懂人心
微信扫码，查历史真相
更多惊喜，请登录春天
"""
)
CREDITS = listed(
    """
唱歌　跳舞　摄影
书法　绘画　漫画
图片由他亲手洗印提供
照片由一位老兵提供。
（免费提供）
本版照片：六十年的变迁
摄影：老胡同
"""
)
OTHERS = listed(
    """
来源：一位老兵的回忆
来源：《论语》
视频：记录时代的眼睛
制图：一门老手艺
审核：一道关
复审　合格
校对　人生
G20
110
365
第5期
农历正月十五
科技　30
星期一
一版：新中国
"""
)
TEXT = listed(
    """
特长：唱歌　跳舞　摄影
珍藏多年的　资料照片
午餐（学校提供）
菜谱（奶奶提供）
书里的照片由市档案馆供图
本报记者　王明　走进山村
整理：小衣柜
点击率低的不一定没人看视频
图为什么越画越难
小图为证
"""
)


def between(*lines: str) -> str:
    return "\n\n".join((TITLE, ABOVE, "\n".join(lines), BELOW)) + "\n"


def spoken(article: Article) -> str:
    text = article.source
    return "".join(text[s.start : s.end] for s in article.ledger if s.fate is Fate.SPOKEN)


@pytest.mark.parametrize("line", [*PROMPTS, *CREDITS, *OTHERS])
def test_what_may_be_text_is_read_with_a_warning_at_its_place(line: str) -> None:
    article = parse(between(line))
    assert line in spoken(article)
    (warning,) = article.warnings
    assert (warning.rule, article.source[warning.start : warning.end]) == ("doubt", line)


@pytest.mark.parametrize("line", TEXT)
def test_what_is_text_is_read_without_a_warning(line: str) -> None:
    article = parse(between(line))
    assert line in spoken(article)
    assert article.warnings == ()


@pytest.mark.parametrize(
    ("line", "neighbour"),
    [
        ("扫一扫，看实时路况", "责编：方小舟"),
        ("扫一扫，看实时路况", "▲清河两岸的树黄了，来看树的人很多。"),
        ("摄影：洛宁", "▲清河两岸的树黄了，来看树的人很多。"),
        ("制图：素锦", "责编：方小舟"),
        ("A3", "责编：方小舟"),
        ("A3", "2024年3月18日 星期一"),
    ],
)
def test_what_stands_beside_a_caption_or_a_notice_is_none_of_the_text(
    line: str, neighbour: str
) -> None:
    article = parse(between(neighbour, line))
    assert line not in spoken(article)
    assert article.warnings == ()


def test_a_prompt_at_the_end_of_a_page_is_a_prompt() -> None:
    page = f"{TITLE}\n\n{ABOVE}\n\n{BELOW}\n\n扫一扫，看实时路况\n"
    assert "路况" not in spoken(parse(page))


def test_a_heading_below_a_prompt_is_no_part_of_it() -> None:
    article = parse(f"{TITLE}\n\n{ABOVE}\n\n扫一扫，看视频\n看见春天\n{BELOW}\n")
    assert [b.text for b in article.blocks if b.kind == "heading"] == ["看见春天"]


def test_a_prompt_in_the_middle_of_a_sentence_is_taken_out_with_its_second_line() -> None:
    article = parse(f"{TITLE}\n\n{ABOVE[:-4]}\n扫一扫\n看清河两岸\n{ABOVE[-4:]}\n\n{BELOW}\n")
    assert ABOVE.strip() in [block.text for block in article.blocks]


@pytest.mark.parametrize("numbers", ["123", ("01", "02")])
def test_numbers_each_above_a_text_are_headings(numbers: tuple[str, ...]) -> None:
    page = f"{TITLE}\n\n{ABOVE}\n\n" + "".join(f"{n}\n\n{BELOW}\n\n" for n in numbers)
    article = parse(page)
    assert [b.text for b in article.blocks if b.kind == "heading"] == [*numbers]
    assert article.warnings == ()


def test_a_number_in_the_middle_of_a_sentence_is_the_number_of_a_page() -> None:
    article = parse(f"{TITLE}\n\n{ABOVE[:-4]}\n\n12\n\n{ABOVE[-4:]}\n\n{BELOW}\n")
    assert "12" not in spoken(article)
    assert article.warnings == ()


def test_one_row_of_figures_is_read_where_the_line_above_announces_it() -> None:
    draw = "福彩双色球昨晚开奖号码：\n01 05 12 23 31 07"
    assert "01 05 12" in spoken(parse(between(draw)))
    assert "01 05 12" not in spoken(parse(between(draw + "\n02 06 13 24 32 08")))
