from hy_audio.article.model import Kind
from hy_audio.article.parse import parse

WRAPPED = """渡口的老船工要退休了
　　清晨的渡口雾气还没有散去，老船工把
缆绳一圈一圈盘好，又用抹布把船舷擦了两
遍，才慢慢坐下来歇一口气，望着对岸出神
的竹子是我爹种的。”他指着岸边一片林子
说，那时候渡口每天要来回四十多趟，连吃
饭都要轮流上岸，一年到头没有几天能闲着
也没有人喊累，因为对岸的孩子要过河上学。
"""


def test_columns_are_not_joined_over_a_place_where_text_is_lost() -> None:
    article = parse(WRAPPED)
    paragraphs = [b.text for b in article.blocks if b.kind is Kind.PARAGRAPH]
    assert len(paragraphs) == 2
    assert paragraphs[0].endswith("望着对岸出神")
    assert paragraphs[1].startswith("的竹子")
    (warning,) = article.warnings
    assert warning.rule == "lost-text"
    assert WRAPPED[warning.start : warning.end] == "\n"


def test_columns_with_nothing_lost_are_one_paragraph() -> None:
    article = parse(WRAPPED.replace("望着对岸出神", "他说：“那边"))
    assert len([b for b in article.blocks if b.kind is Kind.PARAGRAPH]) == 1
    assert article.warnings == ()
