"""A dash between two places is 到 where a train, a flight or a road runs from one to the other."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite

_LINE = (
    r"高铁|铁路|公路|高速|国道|航线|线路|路线|航班|班列|专列|列车|动车|直达|直飞|往返|城际|班车|客运|快线|"
    r"段|区间|方向|航段"
)
_DASH = r"\s?(?:—{1,2}|--?|~)\s?"
_PLACE = f"[{HAN}]{{1,6}}"
_NUMBERED = re.compile(
    rf"(?:[A-Z][A-Z\d]?\d{{1,4}}(?:/\d{{1,4}})?次?|\d{{4}}次)[{HAN}]{{0,2}}[\s，：]{{0,2}}"
    rf"(?:{_PLACE}{_DASH})*{_PLACE}$"
)
_NAMED = re.compile(
    rf"(?:往返|航线|线路|区间|路线|航班)[：“（\s]{{0,2}}(?:{_PLACE}{_DASH})*{_PLACE}$"
)


def _from_to(match: re.Match[str]) -> str:
    """The dash of a row of a timetable, or of a line that is named by its ends."""
    before = match.string[max(0, match.start() - 24) : match.start()]
    after = match.string[match.end() : match.end() + 16]
    end = re.match(rf"(?:{_PLACE}?{_DASH})?{_PLACE}?(?:{_LINE})", after)
    short = len(match[0].strip()) == 1
    if _NUMBERED.search(before) or _NAMED.search(before) or (end and short):
        return "到"
    return match[0]


PLACES = (
    rewrite(
        "from one place to another",
        rf"(?<=[{HAN}]){_DASH}(?=[{HAN}])",
        _from_to,
        near="-~—",
    ),
)
"""Before the numbers of trains and flights are written out."""
