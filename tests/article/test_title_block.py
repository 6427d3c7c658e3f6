"""The lines above the body: kicker, headline, subhead, byline."""

import pytest

from hy_audio.article.model import Kind
from hy_audio.article.parse import parse

BODY = "今早六点，河湾镇的新桥通车了，两岸的人再也不用绕路去县城。"


def kinds(text: str) -> list[tuple[str, str]]:
    """Kinds and texts of the blocks above the body's first paragraph."""
    blocks = [(str(b.kind), b.text) for b in parse(text).blocks]
    return blocks[: next(i for i, (kind, _) in enumerate(blocks) if kind == "paragraph")]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"新桥通车了\n\n{BODY}", [("headline", "新桥通车了")]),
        (f"\n\n新桥通车了\n{BODY}", [("headline", "新桥通车了")]),
        (
            f"一步跨过一条河\n\n河湾新桥今早通车\n\n{BODY}",
            [("kicker", "一步跨过一条河"), ("headline", "河湾新桥今早通车")],
        ),
        (
            f"河湾新桥今早通车\n\n——写在千年渡口停航之际\n\n{BODY}",
            [("headline", "河湾新桥今早通车"), ("subhead", "——写在千年渡口停航之际")],
        ),
        (
            f"一步跨过一条河\n\n河湾新桥今早通车\n\n——写在千年渡口停航之际\n\n{BODY}",
            [
                ("kicker", "一步跨过一条河"),
                ("headline", "河湾新桥今早通车"),
                ("subhead", "——写在千年渡口停航之际"),
            ],
        ),
        (
            f"新桥通车\n\n全长八百六十米的河湾大桥今早六点正式放行\n\n{BODY}",
            [("headline", "新桥通车"), ("subhead", "全长八百六十米的河湾大桥今早六点正式放行")],
        ),
        (
            f"河湾新桥今早通车\n\n■本报记者 方小舟\n\n{BODY}",
            [("headline", "河湾新桥今早通车"), ("byline", "本报记者 方小舟")],
        ),
        (
            f"河湾新桥今早通车\n本报评论员\n{BODY}",
            [("headline", "河湾新桥今早通车"), ("byline", "本报评论员")],
        ),
        (
            f"冷空气到访 河湾明起降温\n\n{BODY}",
            [("headline", "冷空气到访 河湾明起降温")],
        ),
        (
            f"春节档1月22日电影票房破亿元\n\n{BODY}",
            [("headline", "春节档1月22日电影票房破亿元")],
        ),
        (
            f"新桥怎么修成的？\n\n{BODY}",
            [("headline", "新桥怎么修成的？")],
        ),
        (BODY, []),
    ],
)
def test_each_line_above_the_body_has_its_kind(page: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(page) == expected


@pytest.mark.parametrize(
    "report",
    [
        "本报讯（记者 方小舟）今早六点，新桥通车",
        "本报讯 新桥今早通车",
        "新华社河湾3月5日电（记者 方小舟）新桥今早通车",
        "本报河湾3月5日电 新桥今早通车",
    ],
)
def test_a_report_opening_begins_the_body_even_without_a_full_stop(report: str) -> None:
    article = parse(f"新桥通车了\n\n{report}\n的消息传遍两岸，人人都往河边走。")
    assert [b.kind for b in article.blocks] == [Kind.HEADLINE, Kind.PARAGRAPH]


def test_a_credit_among_the_titles_is_silent_and_the_titles_stay() -> None:
    page = f"新桥通车了\n\n■本报记者 方小舟\n\n■何大江 摄\n\n{BODY}"
    assert kinds(page) == [
        ("headline", "新桥通车了"),
        ("byline", "本报记者 方小舟"),
        ("credit", "■何大江 摄"),
    ]


def test_a_wide_gap_under_the_headline_ends_the_titles() -> None:
    page = f"新桥通车了\n\n\n\n渡口的最后一夜\n\n{BODY}"
    assert kinds(page) == [("headline", "新桥通车了"), ("heading", "渡口的最后一夜")]


def test_an_indented_line_under_the_headline_is_text_though_it_holds_no_full_stop() -> None:
    page = (
        "渡口停航了\n\n"
        "　　河湾渡口开航八十六年，最早的一条船是木匠\n"
        "们用杉木钉成的。过了河就是县城，赶集的人天\n"
        "不亮就来排队，船头船尾都站满了挑担子的人，\n"
        "谁也不肯等下一趟。\n"
        "　　新桥修好以后，摆渡的人就少了。\n"
    )
    article = parse(page)
    assert [b.kind for b in article.blocks] == [Kind.HEADLINE, Kind.PARAGRAPH, Kind.PARAGRAPH]
    assert "木匠们用杉木" in article.blocks[1].text


def test_questions_of_a_reporter_stay_where_they_were_asked() -> None:
    page = (
        "桥长说桥\n\n■本报记者 方小舟\n\n记者：新桥收费吗？\n\n许桥长：不收。\n\n"
        "记者：能走大车吗？\n\n许桥长：能走。"
    )
    said = [b.text for b in parse(page).blocks if b.kind is Kind.PARAGRAPH]
    assert said == ["记者：新桥收费吗？", "许桥长：不收。", "记者：能走大车吗？", "许桥长：能走。"]
