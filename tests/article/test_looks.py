"""Where the length of a line decides what it is, and how long is too long."""

import pytest

from hy_audio.article.parse import parse

TITLE = "清河两岸的新变化\n\n"
ABOVE = "　　今年秋天，清河两岸的树都黄了，来看树的人很多。\n\n"
BELOW = "　　住在河边的人说，这样的日子一年比一年好过。\n\n"


def kinds(page: str, word: str) -> list[str]:
    return [block.kind.value for block in parse(page).blocks if word in block.text]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("春风又绿", "秋月还圆", ["paragraph", "paragraph"]),
        ("春风绿两岸", "秋月照三江", ["verse", "verse"]),
        ("春风吹绿清河两岸千家树", "秋月照圆石桥三更万里船", ["verse", "verse"]),
        ("春风吹绿了清河两岸千家树", "秋月照圆了石桥三更万里船", ["paragraph"]),
        ("春风绿两岸", "秋月照三江水", ["paragraph", "paragraph"]),
    ],
)
def test_two_even_lines_of_five_to_eleven_characters_are_a_couplet(
    first: str, second: str, kind: list[str]
) -> None:
    page = f"{TITLE}{ABOVE}{first}\n{second}\n\n{BELOW}"
    assert sorted({*kinds(page, first), *kinds(page, second)}) == sorted({*kind})
    assert len([b for b in parse(page).blocks if first in b.text or second in b.text]) == len(kind)


@pytest.mark.parametrize(("width", "kind"), [(18, "heading"), (19, "paragraph")])
def test_a_question_alone_is_a_heading_if_it_is_short(width: int, kind: str) -> None:
    question = "谁" * (width - 1) + "？"
    page = f"{TITLE}{ABOVE}{question}\n\n{BELOW}为什么？\n\n{BELOW}{question}\n\n{ABOVE}"
    assert kinds(page, "谁") == [kind, kind]


@pytest.mark.parametrize(("width", "kind"), [(64, "subhead"), (65, "paragraph")])
def test_a_subhead_behind_a_dash_may_be_long(width: int, kind: str) -> None:
    subhead = "——" + "好" * (width - 2)
    assert kinds(f"{TITLE}{subhead}\n\n{ABOVE}{BELOW}", "好好") == [kind]


def test_a_long_credit_is_taken_off_a_caption_whole() -> None:
    credit = "（新华社记者　方小舟、河湾日报全媒体记者　何大江、通讯员　魏青　林知远　摄）"
    (caption,) = [
        block.text
        for block in parse(f"{TITLE}{ABOVE}▲清河两岸的树黄了。{credit}\n\n{BELOW}").blocks
        if block.kind == "caption"
    ]
    assert caption == "清河两岸的树黄了。"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("登南岳\n王小石\n\n祝融峰上望云涛\n万里晴空雁阵高\n古木参天迎远客\n清泉漱石起松涛\n",
         ["headline", "byline", "verse", "verse", "verse", "verse"]),
        ("父亲\n\n李小石\n\n你的背影\n越来越弯\n像一座桥\n\n路灯\n\n亮着的\n不是灯\n是等人的眼睛\n",
         ["headline", "byline", "verse", "verse", "verse", "heading", "verse", "verse", "verse"]),
        ("春联集萃\n\n春回大地千山秀\n日照神州万木荣\n", ["headline", "verse", "verse"]),
    ],
)  # fmt: skip
def test_a_page_of_verse_alone_keeps_its_lines(page: str, expected: list[str]) -> None:
    assert [block.kind.value for block in parse(page).blocks] == expected
