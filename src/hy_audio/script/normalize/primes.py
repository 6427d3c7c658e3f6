"""Strokes behind figures: minutes, seconds and inches, before they are taken for quotes."""

import re

from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.numbers import digits, number

_SECONDS = "(?:[″\"”]|''|′′)"
_SHOWN = "显示|电视|屏|大屏|液晶|曲面|平板|笔记本|蛋糕|披萨|比萨|轮毂|轮圈|轮胎|管|口径"


def _spell(figures: str) -> str:
    """Figures after a larger unit: `05` is 零五."""
    return digits(figures) if figures[0] == "0" else number(figures)


def _time(match: re.Match[str]) -> str:
    """`1'52"30`: minutes, seconds and the rest one by one; of a person, feet and inches."""
    minutes, seconds, parts = match.group(1), match[2] or match[4], match[3] or match[5]
    if match.string[max(0, match.start() - 3) : match.start()].endswith(("身高", "身高为", "高")):
        return f"{number(minutes)}英尺{number(seconds)}英寸"
    first = "两" if minutes == "2" else number(minutes)
    return f"{first}分{_spell(seconds)}秒{digits(parts or '')}"


def _closes(match: re.Match[str]) -> bool:
    """Whether a straight quote is open here, so that this one ends it."""
    opened = re.findall(
        r'(?<!\d)"|"(?!\d)', match.string[max(0, match.start() - 200) : match.start()]
    )
    return '"' in match[0] and len(opened) % 2 == 1


def _seconds(match: re.Match[str]) -> str:
    """`10″85`; a straight quote that closes another is none."""
    if _closes(match):
        return match[0]
    return f"{number(match[1])}秒{digits(match[2])}"


PRIMES = (
    rewrite(
        "minutes and seconds by their strokes",
        rf"(?<![\d.°])(\d{{1,2}})['′’](?:([0-5]?\d){_SECONDS}(\d{{1,3}})?|([0-5]\d)\.(\d{{1,3}}){_SECONDS}?)"
        r"(?![\d.])",
        _time,
        near="'’′",
    ),
    rewrite(
        "seconds by their stroke",
        r"(?<![\d.'′’:°])(\d{1,2})[″\"](\d{2,3})(?![\d.\"])",
        _seconds,
        near='"″',
    ),
    rewrite(
        "inches by their stroke",
        rf"(?<=\d)[″\"](?={_SHOWN})",
        lambda m: m[0] if _closes(m) else "英寸",
        near='"″',
    ),
)
"""Before quotes are made of them."""
