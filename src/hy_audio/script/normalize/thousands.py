"""Commas between figures: thousands, or one number and the next."""

import re

from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.counts import MEASURE

_NUMBERED = (
    "排名|名列|位列|位居|排在|排第|第|目标|任务|方案|附件|图|表|例|序号|"
    "编号|题|场次|赛道|组别|学校|小区|仓库"
)

NUMBERED = (
    rewrite(
        "number of a thing and the next number",
        r"(?<=[第名列居在标务案件图表例号题次道别校区库块点])\d{1,2},(?=\d)",
        lambda m: _apart(m),
        near=",",
    ),
)
"""A comma that parts two things, where it looks like thousands."""

THOUSANDS = (
    rewrite(
        "thousands parted by spaces",
        rf"(?<![\d.,\s])[1-9]\d{{0,2}}(?: \d{{3}})+(?=(?:\.\d+)?(?:%|{MEASURE}))",
        lambda m: m[0].replace(" ", ""),
    ),
    rewrite(
        "thousands",
        r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])",
        lambda m: m[0].replace(",", ""),
        near=",",
    ),
    rewrite(
        "numbers side by side",
        r"(?<=\d),(?=\d)",
        "，",
        near=",",
    ),
)
"""What a comma between two figures is."""


def _apart(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 3) : match.start()]
    if re.search(rf"(?:{_NUMBERED}|\d块|\d点)$", before):
        return match[0].replace(",", "，")
    return match[0]
