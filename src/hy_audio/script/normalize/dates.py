"""Years, dates, times of day, and the scores that look like them."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.counts import MEASURE
from hy_audio.script.normalize.grammar import by_grammar, grammar
from hy_audio.script.normalize.numbers import DASH, digits, number

_YEAR = r"(?:1\d{3}|20\d{2}|2100)"
_AGES = (
    r"(?:近|约|逾|超过|超|长达|达|历经|历时|已有|有着|有|树龄|龄|距今|今|上下|跨越|绵延|沉睡|"
    r"沉寂|传承|流传|"
    r"经历|相距|前后|整整|满|穿越|延续|了|数|至少|存活|大约|将近|差不多|早在|活过)$"
)
_OLD = (
    r"年(?:以上|之久|左右|的?(?:历史|古|沧桑|老|传承|文明|文化|时光|风雨|"
    r"岁月|变迁|树龄|香樟|银杏)|历史|古)"
)
_PLAYED = (
    r"比分|战胜|击败|获胜|取胜|胜出|逆转|领先|落后|不敌|力克|险胜|大胜|小胜|横扫|负于|告负|"
    r"惜败|淘汰|战平|"
    r"完胜|扳成|改写|拿下|言和|握手|点球|总分|局分|大比分|净胜|打平|击溃|双杀|输给|赢得|赢下|"
    r"夺冠|卫冕|爆冷|绝杀|逼平|战成|力压|力擒|击退|反超|轻取"
)
_MIXED = r"比例|配比|比率|稀释|兑|混合|杠杆|男女|按|比为|之比|比是|师生比|容积|配平|缩比|比值"
_TOOK = r"成绩|用时|耗时|历时|跑出|完赛|夺冠|摘金|冠军|纪录|马拉松|全程|冲线|撞线"
_END = r"[，。；！？]"
_MONTH = "0[1-9]|1[0-2]|[1-9]"
_PART_OF_DAY = (
    "早上?|晚上?|夜间?|[上下中]午|凌晨|清晨|傍晚|午夜|深夜|次日|翌日|当[天日晚]|周[一二三四五六日末]|"
    "星期[一二三四五六日天]"
)
_FIGURES = "〇零一二三四五六七八九十"


def _year(match: re.Match[str]) -> str:
    """A year by its figures; a span of so many years as a number."""
    before = match.string[max(0, match.start() - 4) : match.start()]
    after = match.string[match.end() : match.end() + 6]
    round_number = match[0].endswith("00") and match[0] not in ("1900", "2000", "2100")
    if re.match(_OLD, after) and (match[0].endswith("0") or re.search(_AGES, before)):
        return number(match[0])
    ago = match[0].endswith("00") and re.match("年(?:前(?!后|夕)|来|间|不|里|一)", after)
    if ago and (round_number or before.endswith(("早在", "今"))):
        return number(match[0])
    if re.search(_AGES, before) and (round_number or match[0].endswith("000")):
        return number(match[0])
    return digits(match[0]) if match[0] not in ("1000",) else number(match[0])


def _clause(match: re.Match[str]) -> tuple[str, str]:
    """What stands before and after in the same clause, at most thirty characters of each."""
    before = re.split(_END, match.string[max(0, match.start() - 30) : match.start()])[-1]
    after = re.split(_END, match.string[match.end() : match.end() + 30])[0]
    return before, after


def _clock(match: re.Match[str]) -> str:
    """`17:16` is a time of day, unless the clause tells of a game or a mixture."""
    hours, minutes = match.group(1, 2)
    before, after = _clause(match)
    possible = int(hours) <= 24 and len(minutes) == 2 and int(minutes) < 60
    when = re.search(r"(?:[于在晚午晨早点间自从至：]|时间)\s?$", before)
    played = re.search(_PLAYED, before + after) and not when
    mixed = re.search(f"(?:{_MIXED})[为是的以约]?$", before)
    mixed = mixed or re.match("的?(?:比例|比率|配比)", after)
    if not possible or played or mixed or re.search(r"(?:以|成)$", before):
        return f"{number(hours)}比{number(minutes)}"
    if hours.strip("0"):
        return by_grammar(match)
    return "零点" + (f"{_nought(minutes)}分" if minutes != "00" else "")


def _score(match: re.Match[str]) -> str:
    """`3-1`: the result of a game where the clause tells of one, or where it counts down."""
    ours, theirs = match.group(1, 2)
    before, after = _clause(match)
    told = re.search(_PLAYED + "|决赛|[单双]打", before + after) or re.search(
        r"(?:以|平|胜|负)$", before
    )
    runs = re.match(r"[月时点号室栋层楼周年万亿多]|日(?!本)", after)
    named = re.search(f"[{HAN}]{{2,4}}$", before)
    if told and not runs and not re.match(f"{MEASURE}|%", after):
        return f"{number(ours)}比{number(theirs)}"
    if int(ours) >= int(theirs) and not runs and named and not re.match(f"{MEASURE}|%", after):
        return f"{number(ours)}比{number(theirs)}"
    if named and not after:
        result = grammar(named[0] + match[0])
        if result.startswith(named[0]) and "比" in result:
            return result.removeprefix(named[0])
    return match[0]


def _race(match: re.Match[str]) -> str:
    """`3:05.21`, and `2:08:30` where the clause tells of a run: so long it took."""
    hours, minutes, seconds, parts, *whole = match.groups()
    before, after = _clause(match)
    ratio = re.search(f"(?:{_MIXED})[为是的以约]?$", before)
    if ratio or (parts and len(parts) == 1 and not re.search(_TOOK + "|[以用]$", before + after)):
        return match[0]
    if parts is None:
        if not re.search(_TOOK, before + after):
            return match[0]
        hours, minutes, seconds = whole
    said = f"{'两' if hours == '2' else number(hours)}小时" if hours else ""
    said += f"{_nought(minutes) if hours else number(minutes)}分{_nought(seconds)}秒"
    return said + digits(parts or "")


def _month(figures: str) -> str:
    return f"{number(str(int(figures)))}月"


def _nought(figures: str) -> str:
    """Two figures after a larger unit: `05` is 零五."""
    return number(figures) if figures[0] != "0" else digits(figures)


def _years(match: re.Match[str]) -> str:
    return digits(re.sub(DASH, "至", match[0]).replace("/", "至"))


DATES = (
    rewrite(
        "nought of a month or a day",
        r"(?<![\d.:])0(?=[1-9](?:月|日|号(?!线)|时))",
        "",
        near="号日时月",
    ),
    rewrite(
        "century before ours",
        r"(?<=公元前)\d{1,4}(?=年|[-—~至到])|(?<=公元)\d{1,4}(?=年)|(?<=[（—~至到-]前)\d{2,3}(?=年)",
        lambda m: digits(m[0]),
        near="公前",
    ),
    rewrite(
        "season or school year",
        r"(?<!\d)(?:19|20)\d{2}(?:/|"
        + DASH
        + r")(?:\d{4}|\d{2})(?=\s?(?:学年|赛季|年度|财年|雪季|跨年|榨季|采暖季|供暖季))",
        _years,
        near="-/~—",
    ),
    rewrite(
        "from one year to another",
        rf"(?<![\d.])(?:公元)?{_YEAR}(?:年)?(?:{DASH}|[至到]){_YEAR}(?=年(?!级|的?(?:历史|"
        rf"古)))|(?<![\d.])(?:19|20)\d{{2}}(?:{DASH}|[至到])(?:19|20)\d{{2}}(?=[级届])",
        _years,
        near="届年级",
    ),
    rewrite(
        "years of a life",
        rf"(?<=（){_YEAR}{DASH}{_YEAR}(?=）)|(?<![\d.A-Za-z-])(?:19|20)\d{{2}}{DASH}(?:19|"
        rf"20)\d{{2}}(?![\d.-]|[{HAN}A-Za-z%℃])",
        _years,
        near="-~—（",
    ),
    rewrite(
        "years one after another",
        rf"(?<![\d.]){_YEAR}(?=(?:[、，,/和及与或至到]{_YEAR}){{1,20}}年)|(?<="
        rf"[、，,和及与或]){_YEAR}(?=(?:[、，,和及与或]{_YEAR}){{0,20}}年)",
        lambda m: digits(m[0]),
        near="年",
    ),
    rewrite(
        "from month to month with points",
        rf"(?<![\d./-])((?:19|20)\d{{2}})\.({_MONTH}){DASH}((?:19|20)\d{{2}})\.({_MONTH})"
        rf"(?![\d.%℃°‰/-]|[万亿]|{MEASURE})",
        lambda m: f"{digits(m[1])}年{_month(m[2])}至{digits(m[3])}年{_month(m[4])}",
        near="-~—",
    ),
    rewrite(
        "month with a point",
        rf"(?<![\d./-])((?:19|20)\d{{2}})\.({_MONTH})(?:(?=\s?[-—~]{{0,2}}\s?至今)|(?<=[立销办成建]于\d{{4}}\.\d)(?=$|[，。；、）])|"
        rf"(?<=[立销办成建]于\d{{4}}\.\d\d)(?=$|[，。；、）])|(?<=[（，]\d{{4}}\.\d)(?=[）])|"
        rf"(?<=[（，]\d{{4}}\.\d\d)(?=[）]))",
        lambda m: f"{digits(m[1])}年{_month(m[2])}",
        near="今办建成立销）",
    ),
    rewrite(
        "year",
        rf"(?<![\d.]){_YEAR}(?=年)(?!年级)",
        _year,
        near="年",
    ),
    rewrite(
        "year of a class or an edition",
        r"(?<![\d.第到达有为约近超逾共计至增降长])(?:19|20)\d{2}(?=级|届|版(?!面)|款(?!项)|"
        r"财年|赛季|学年|春晚|春运|春节|中秋|国庆|元旦|暑期|寒假|高考|中考|考研|奥运|世界杯|"
        r"亚运|北京|上海|中国|湖南|衡阳|全国|全球|世界|国际|“)|"
        rf"(?<![\d.{HAN}])20[0-4]\d(?=[{HAN}]{{0,10}}(?:马拉松|锦标赛|公开赛|邀请赛|挑战赛|联赛|论坛|峰会"
        r"|博览会|展览会|艺术节|音乐节|文化节|旅游节|电影节|招聘会|晚会|嘉年华))",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "year beside the year of a reign",
        r"(?<=[元\d〇一二三四五六七八九十]年（)\d{3,4}(?=）)",
        lambda m: digits(m[0]),
        near="（",
    ),
    rewrite(
        "title that is a year",
        r"(?<=《)\d{4}(?=[》：])",
        lambda m: digits(m[0]),
        near="《",
    ),
    rewrite(
        "year before a name",
        rf"(?:(?<=[“《])|^)(?:19|20)\d{{2}}(?=[{HAN}])(?!{MEASURE}|[多余来几至到])",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "date in figures",
        r"(?<![\d./-])(?:\d{4}([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|1"
        r"[0-2]|[12]\d|3[01])([-/])(?:0[1-9]|[12]\d|3[01])\2(?:19|20)\d{2})(?![\d/-]|\.\d)",
        by_grammar,
    ),
    rewrite(
        "month of a year in figures",
        rf"(?<![\d./-])(?:(?:19|20)\d{{2}}[-/.](?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[-/.](?:19|"
        rf"20)\d{{2}})(?![\d./%℃°‰²³-]|[A-Za-z{HAN}])",
        by_grammar,
    ),
    rewrite(
        "month and day in figures",
        r"(?<![\d./:-])(?:0[1-9][-/.](?:0[1-9]|[12]\d|3[01])|1[0-2][-/]0[1-9])"
        r"(?![\d./%-]|[元万亿米公千个亩吨倍])|^1[0-2]/(?:[12]\d|3[01])$",
        by_grammar,
    ),
    rewrite(
        "half of the day",
        r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?\s?[aApP]\.?[mM](?:\.|(?![A-Za-z]))",
        by_grammar,
        near="Mm",
    ),
    rewrite(
        "split seconds",
        rf"(?<=\d[秒米])\d{{1,3}}(?![\dA-Za-z.:秒分/—~-]|[年月日号多余至到]|{MEASURE})",
        lambda m: digits(m[0]),
        near="秒米",
    ),
    rewrite(
        "time of a race",
        r"(?<![\d:.])(?:(\d):)?([0-5]?\d):([0-5]\d)\.(\d{1,3})(?![\d:.])|"
        r"(?<![\d:.])(\d):([0-5]\d):([0-5]\d)(?![\d:.])",
        lambda m: _race(m),
        near=":",
    ),
    rewrite(
        "time with seconds",
        r"(?<![\d:])\d{1,2}:[0-5]\d:[0-5]\d(?![\d:])",
        by_grammar,
        near=":",
    ),
    rewrite(
        "from one time to another",
        rf"(?<=\d:\d\d){DASH}(?=(?:{_PART_OF_DAY}){{0,2}}\d{{1,2}}:\d\d(?!\d))",
        "至",
        near=":",
    ),
    rewrite(
        "score after a slash",
        rf"[{HAN}]{{2,4}} \d/\d(?=$|[，。])",
        by_grammar,
        near=" ",
    ),
    rewrite(
        "time of day",
        r"(?<![\d:.])(\d{1,3}):(\d{1,3})(?![\d:.])",
        _clock,
        near=":",
    ),
    rewrite(
        "ratio",
        r"(?<=\d)\s?[:：]\s?(?=\d)",
        "比",
        near=":：",
    ),
    rewrite(
        "score",
        r"(?<![\d.A-Za-z+-])(\d{1,3})-(\d{1,3})(?![\d.%-]|\s?[-+=])",
        _score,
        near="-",
    ),
    rewrite(
        "from one day to another",
        rf"(?:(?<=[\d{_FIGURES}半去今明当次本上下同前末初底][年月日号时点分秒])|(?<=[月年][初底末])|(?<=[上中下]旬))(?!——\d{{1,3}}(?![\d年月日号时点分秒:])){DASH}(?=\d(?!\d*(?:\.\d|[%‰℃万亿元个]))|[零一二三四五六七八九十]{{1,4}}[年月日号时点]|次年|当年|今年|本月|当日|(?:{_PART_OF_DAY}){{1,2}}\d|"
        r"次日|翌日)|(?<=周[一二三四五六日])[-—~]+(?=周?[一二三四五六日])|(?<=星期"
        r"[一二三四五六日])[-—~]+(?=星期)|(?<=[一二三四五六七八九十]月)[-—~]+(?="
        r"[一二三四五六七八九十]+月)",
        "至",
        near="-~—",
    ),
)
"""Years by their figures, dates and times as the grammar says them."""
