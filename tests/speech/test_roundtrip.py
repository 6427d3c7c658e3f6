"""The comparison in scripts/roundtrip.py; it needs no recogniser."""

from collections.abc import Callable

import pytest
import roundtrip

from hy_audio.script.model import Utterance

Make = Callable[..., Utterance]


def errors(spoken: str, heard: str, make: Make) -> int:
    return roundtrip.trial(make(spoken), heard, 1000).errors


@pytest.mark.parametrize(
    ("spoken", "heard"),
    [
        ("二零二二年增长百分之三十。", "2022年,增长30%"),
        ("近一千二百人。", "近1200人。"),
        ("湘江水涨。", "香江水漲"),
        ("来了两个人，又来了二人。", "来了2个人,又来了2人"),
        ("一条小鱼儿。", "一条小鱼"),
        ("全国GDP增长。", "全国g d p增长"),
        ("走出V形反转。", "走出V型反转"),
        ("走出V形反转。", "走出微型反转"),
        ("他跑得快。", "他跑的快"),
    ],
)
def test_what_sounds_the_same_is_no_error(spoken: str, heard: str, utterance: Make) -> None:
    assert errors(spoken, heard, utterance) == 0


@pytest.mark.parametrize(
    ("spoken", "heard", "count"),
    [
        ("高新区。", "高兴区", 1),
        ("高新区。", "高区", 1),
        ("高新区。", "高高新区", 1),
        ("走出V形反转。", "走出弊形反转", 1),
        ("一只鹅。", "一只一", 1),
        ("儿童免票。", "童免票", 1),
        ("增长百分之三十。", "增长13%", 2),
        ("衡阳。", "", 2),
    ],
)
def test_what_sounds_different_is_an_error(
    spoken: str, heard: str, count: int, utterance: Make
) -> None:
    assert errors(spoken, heard, utterance) == count


def test_errors_are_marked_at_their_place(utterance: Make) -> None:
    one = roundtrip.trial(utterance("高新区开放。"), "高兴区放", 1000)
    assert one.marked == "高[新 xin/兴 xing]区[开 kai/]放"
    assert (one.sounds, one.errors, one.tones) == (5, 2, 0)


def test_another_tone_is_counted_apart(utterance: Make) -> None:
    one = roundtrip.trial(utterance("买菜。"), "卖菜", 1000)
    assert (one.errors, one.tones) == (0, 1)


def test_a_letter_that_is_heard_as_the_syllable_of_its_name_is_counted_apart(
    utterance: Make,
) -> None:
    one = roundtrip.trial(utterance("V型反转。"), "微型反转", 1000)
    assert (one.errors, one.tones, one.letters) == (0, 0, 1)


def test_the_summary_is_errors_over_sounds(utterance: Make) -> None:
    trials = [
        roundtrip.trial(utterance("高新区开放。"), heard, 1000)
        for heard in ("高兴区开放", "高新区开放")
    ]
    assert "10.00%  1/10 sounds" in roundtrip.summary("zm_yunjian", trials)
