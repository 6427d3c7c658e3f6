"""From one number to another, whatever is printed between them."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.numbers import DASH, TO, N, called, numbers

_UNIT = r"(?:℃|°C|摄氏度|度)"
_COLD = rf"(?:气温|温度|低温|高温|室温|体感)[为约在达至降到升是近]{{0,3}}(?:-{N}(?:{TO}))?$"
_LENS = "近视|视力|散光|屈光|度数|镜|角|纬|经度|旋转|倾|仰|俯"


def _chain(match: re.Match[str]) -> str:
    """Figures called out with pauses; the parts of a mixture are numbers."""
    before = match.string[max(0, match.start() - 6) : match.start()]
    after = match.string[match.end() : match.end() + 6]
    if re.search("比例|配比|比为", before) or re.match("的?(?:复合肥|配方肥|配比)", after):
        return numbers(match[0].replace("-", "，"))
    return called(match[0]).replace("-", "，")


RANGES = (
    rewrite(
        "chain of numbers",
        r"(?<![\d.A-Za-z+=-])\d+(?:-\d+){2,}(?![\d.=+-])",
        _chain,
        near="-",
    ),
    rewrite(
        "below zero",
        rf"(?:零下)?(?<![\dA-Za-z%℃万亿-])-(?={N}(?:{_UNIT}|{TO}-?{N}{_UNIT}))|"
        rf"(?<=[{HAN}])-(?={N}(?![\d.%‰]))",
        lambda m: _below(m),
        near="-",
    ),
    rewrite(
        "to below zero",
        rf"(?<=[\d度℃C])\s?(?:[—~]{{1,2}}|[至到])\s?-(?={N}{_UNIT})|(?<=零下\d)--"
        rf"(?={N}{_UNIT})|(?<=零下\d\d)--(?={N}{_UNIT})|(?<=[℃C])--(?={N}{_UNIT})",
        "至零下",
    ),
    rewrite(
        "to less than nothing",
        rf"(?<=[\d%‰万亿元分])\s?[—~]{{1,2}}\s?-(?={N})|(?<=[%‰万亿元分])--(?={N})",
        "至负",
        near="-~—",
    ),
    rewrite(
        "from one number to another",
        rf"(?<=[\d%‰℃°万亿千百C]){DASH}(?=\d)(?!-?{N}\s?[=+])",
        "至",
        near="-~—",
    ),
    rewrite(
        "from one amount to another",
        rf"(?<=[{HAN}A-Za-z²³]){DASH}(?={N}[万亿]?(?:[{HAN}]|[A-Za-z℃%]))",
        lambda m: _between(m),
        near="-~—",
    ),
    rewrite(
        "from number to number in words",
        r"(?<=[一二三四五六七八九十百千万])[-—~](?=[一二三四五六七八九十百千万]+"
        r"[个年月日天岁级名人元米倍类期])",
        "至",
        near="-~—",
    ),
)
"""Dashes that say 至."""


def _below(match: re.Match[str]) -> str:
    """A minus of the weather; that of lenses and angles is another."""
    before = re.split("[，。；！？]", match.string[max(0, match.start() - 20) : match.start()])[-1]
    after = match.string[match.end() : match.end() + 20]
    cold = re.search(_COLD, before)
    degrees = re.match(rf"{N}(?:{TO}-?{N})?({_UNIT})", after)
    if cold or (degrees and (degrees[1] != "度" or not re.search(_LENS, before + after[:12]))):
        return "零下"
    return match[0]


def _between(match: re.Match[str]) -> str:
    """`5公里-10公里`, `3元~5元`: the same unit stands on both sides."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    after = match.string[match.end() : match.end() + 24]
    left = re.search(rf"{N}((?:[万亿])?[^\d]{{1,6}})$", before)
    right = re.match(rf"{N}([^\d]{{1,8}})", after)
    if left and right and right[1].lstrip("万亿").startswith(left[1].lstrip("万亿")):
        return "至"
    return match[0]
