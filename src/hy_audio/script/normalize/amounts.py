"""Percentages, fractions, units, money and sums."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.numbers import TO, VALUE, N, number, numbers

_UNITS = {
    "km": "公里", "m": "米", "dm": "分米", "cm": "厘米", "mm": "毫米", "μm": "微米", "um": "微米",
    "nm": "纳米",
    "kg": "千克", "g": "克", "mg": "毫克", "μg": "微克", "ug": "微克", "ng": "纳克", "pg": "皮克",
    "t": "吨",
    "L": "升", "l": "升",
    "μL": "微升", "uL": "微升",
    "mL": "毫升", "ml": "毫升", "ML": "毫升", "cc": "毫升", "h": "小时", "min": "分钟", "s": "秒",
    "ms": "毫秒", "μs": "微秒",
    "W": "瓦", "kW": "千瓦", "KW": "千瓦", "MW": "兆瓦", "GW": "吉瓦", "Wh": "瓦时",
    "kWh": "千瓦时", "KWh": "千瓦时",
    "kW·h": "千瓦时", "kw·h": "千瓦时", "kW.h": "千瓦时", "kwh": "千瓦时", "KWH": "千瓦时",
    "kw": "千瓦", "MWh": "兆瓦时", "MW·h": "兆瓦时", "GWh": "吉瓦时",
    "V": "伏", "kV": "千伏", "KV": "千伏", "kv": "千伏", "mV": "毫伏", "kA": "千安", "mA": "毫安",
    "mAh": "毫安时", "kVA": "千伏安", "kva": "千伏安",
    "MVA": "兆伏安", "Hz": "赫兹", "kHz": "千赫", "MHz": "兆赫", "GHz": "吉赫", "Pa": "帕",
    "hPa": "百帕", "kPa": "千帕",
    "MPa": "兆帕", "Mpa": "兆帕", "GPa": "吉帕", "N": "牛", "kN": "千牛", "J": "焦耳", "kJ": "千焦",
    "MJ": "兆焦",
    "cal": "卡", "kcal": "千卡", "dB": "分贝", "ha": "公顷", "mol": "摩尔",
    "mmol": "毫摩尔",
    "rpm": "转每分", "lx": "勒克斯", "lm": "流明", "cd": "坎德拉", "bp": "基点", "Bq": "贝克勒尔",
    "mSv": "毫希沃特",
    "μSv": "微希沃特", "°C": "摄氏度", "°F": "华氏度", "℃": "摄氏度", "°": "度", "m²": "平方米",
    "m³": "立方米",
    "km²": "平方千米", "cm²": "平方厘米", "mm²": "平方毫米", "cm³": "立方厘米", "hm²": "公顷",
    "Nm³": "标准立方米",
    "m2": "平方米", "m3": "立方米", "km2": "平方千米", "cm2": "平方厘米", "cm3": "立方厘米",
    "mmHg": "毫米汞柱",
    "Ω": "欧姆", "kΩ": "千欧", "MΩ": "兆欧", "hm³": "百立方米", "km³": "立方千米",
    "mm³": "立方毫米", "N·m": "牛米", "Mbps": "兆比特每秒",
    "Gbps": "吉比特每秒",
}  # fmt: skip
"""Units of measurement by their symbols."""
_COUNTED = {**_UNITS, "r": "转"}
"""The same where a second unit follows."""
_PER = {
    "h": "小时", "s": "秒", "min": "分钟", "d": "天", "a": "年", "t": "吨", "kg": "千克", "g": "克",
    "L": "升",
    "l": "升", "mL": "毫升", "ml": "毫升", "μL": "微升", "uL": "微升",
    "m²": "平方米", "m³": "立方米", "m2": "平方米",
    "m3": "立方米",
    "km²": "平方千米", "km": "公里", "m": "米", "hm²": "公顷", "ha": "公顷", "kWh": "千瓦时",
    "W": "瓦",
    "kW·h": "千瓦时", "cm²": "平方厘米", "cm³": "立方厘米", "dL": "分升", "dl": "分升",
    "100mL": "百毫升", "100ml": "百毫升", "100g": "百克", "100km": "百公里", "mm": "毫米",
}  # fmt: skip
_HAN_PER = (
    "平方米|平方公里|平方厘米|立方米|平米|平方|立方厘米|公里|千米|百公里|人次|人|小时|分钟|天|"
    "日|年|月|季度|季|周|"
    "亩|公顷|公斤|千克|毫克|斤|吨公里|吨|克|升|毫升|百毫升|千瓦时|千瓦|度|户|次|件|个|股|桶|米|"
    "秒钟|秒|分|时|"
    "套|台|张|辆|瓶|盒|位|期|只|头|羽|条|间|份|本|晚|夜|班|场|课时|学期|学年|枚|支|箱|袋|杯|桌|"
    "车|床|包|千人|万人|"
    "标准箱|工日|羊|盎司|磅|加仑|片|粒|斗|棵|株|尾|座|家|项|处|瓦|兆瓦时|票|岁|间夜"
)
_HAN_UNIT = (
    "[万亿]?(?:元|美元|欧元|日元|港元|英镑|卢布|人民币)|公里|千米|米|厘米|毫米|微米|克|毫克|"
    "微克|千克|公斤|斤|吨|"
    "人次|人|次|升|毫升|个|件|立方米|平方米|分钱|分|角|度|转|滴|粒|株|尾|头|只|羽|辆|班|趟|"
    "千瓦时|千瓦|兆瓦|"
    "千卡|千焦|焦耳|毫安|帧|车次|标准箱|例|户|套|兆|字节|比特|步|下|天|小时|块|毛|千赫|桶|万吨|"
    "间|座|家|篇|本|台|只|条|亩|公顷|平方公里|瓶|袋|箱|片|支|张"
)
_MONEY = {
    "￥": "元", "¥": "元", "RMB": "元", "CNY": "人民币", "US$": "美元", "$": "美元", "USD": "美元",
    "€": "欧元", "EUR": "欧元",
    "£": "英镑", "GBP": "英镑", "HK$": "港元", "HKD": "港元", "A$": "澳元", "AU$": "澳元",
    "AUD": "澳元",
    "C$": "加元", "CA$": "加元", "CAD": "加元", "NT$": "新台币", "S$": "新加坡元",
    "SGD": "新加坡元", "₩": "韩元",
    "KRW": "韩元", "NZ$": "新西兰元", "NZD": "新西兰元", "R$": "巴西雷亚尔", "฿": "泰铢",
    "THB": "泰铢", "₹": "印度卢比", "INR": "印度卢比", "RUB": "俄罗斯卢布", "SEK": "瑞典克朗",
    "₽": "卢布", "JPY": "日元", "JP¥": "日元", "CHF": "瑞士法郎", "MOP": "澳门元",
}  # fmt: skip
_CODES = "|".join(re.escape(c) for c in sorted(_MONEY, key=len, reverse=True))
_SYMBOLS = "|".join(re.escape(u) for u in sorted(_UNITS, key=len, reverse=True))
_PER_SYMBOLS = "|".join(re.escape(u) for u in sorted(_PER, key=len, reverse=True))
_AMOUNT = rf"(?<![\d.A-Za-z])(零下|负)?({VALUE}(?:[至到]{VALUE})?)\s?"
_AND_TIME = "(?![A-Za-z/])(?:·([天日月年晚次]))?"
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_ROMAN = dict(zip(_NUMERALS, "一二三四五六七八九十", strict=True))
_SIGN = {
    "<": "小于", ">": "大于", "≤": "小于等于", "≥": "大于等于", "<=": "小于等于",
    ">=": "大于等于", "=": "等于", "==": "等于",
}  # fmt: skip
_OPERATORS = {"+": "加", "-": "减", "=": "等于", "×": "乘", "*": "乘", "÷": "除以", **_SIGN}
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _percent(match: re.Match[str]) -> str:
    figures, many = match.group(1, 2)
    said = "百" if figures == "100" and not many else number(figures)
    return f"百分之{said}{many}"


def _unit(match: re.Match[str]) -> str:
    return _UNITS[match[1]]


def _per(match: re.Match[str]) -> str:
    """`60公里/小时`: each hour so many; `元/平方米·月` by the month as well."""
    time = f"每{match[5]}" if match[5] else ""
    below, value, above, each = match.group(1, 2, 3, 4)
    each = re.sub(r"[A-Za-zμ][\w·]*$", lambda m: _PER.get(m[0], m[0]), _PER.get(each, each))
    return f"每{each}{time}{below or ''}{value}{_COUNTED.get(above, above)}"


def _money(match: re.Match[str]) -> str:
    return match[2].replace(",", "") + _MONEY[match[1]]


def _flat(match: re.Match[str]) -> str:
    return match[1] + {"2": "²", "3": "³"}[match[2]]


def _power(match: re.Match[str]) -> str:
    power = match[0].translate(_POWERS).lstrip("^")
    word = {"2": "平方", "3": "立方"}.get(power)
    if word:
        return f"的{word}"
    sign = "负" if power.startswith("-") else ""
    return f"的{sign}{number(power.strip('-') or '0')}次方"


def _fraction(match: re.Match[str]) -> str:
    above, below = match.group(1, 2)
    return f"{number(below)}分之{number(above)}"


MONEY = (
    rewrite(
        "sum of money",
        rf"(?<![A-Za-z])({_CODES})\s?((?:\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?[万亿]?)|"
        rf"{VALUE}(?:{TO}{VALUE})?)(?![\d万亿]|\.\d)(?:(?:人民币|美|日|港|欧)?元)?",
        _money,
    ),
    rewrite(
        "height of a person",
        r"(?<![\dA-Za-z.])(?:([12])m(?=\d\d(?![\dA-Za-z.]))|(\d{1,2})m(?=\d{1,2}cm))",
        r"\1\2米",
        near="m",
    ),
    rewrite(
        "hours and minutes by their letters",
        r"(?<![\dA-Za-z.])(\d{1,3})h(\d{1,2})(?:min|m)(?:(\d{1,2})s)?(?![A-Za-z\d])",
        lambda m: f"{m[1]}小时{m[2]}分" + (f"{m[3]}秒" if m[3] else "钟"),
        near="h",
    ),
    rewrite(
        "number of an English order",
        r"(?<![A-Za-z\d.])第?(\d{1,3})(?:st|nd|rd|th)(?![A-Za-z])",
        r"第\1",
        near="nrst",
    ),
    rewrite(
        "number with a power of ten",
        r"(?<![\dA-Za-z.])(?:(\d{1,2})e([-+])|(\d{1,2}\.\d{1,9})[eE]([-+]?))(\d{1,3})(?![\dA-Za-z.])",
        lambda m: _scientific(m),
        near="Ee",
    ),
    rewrite(
        "no parts of a yuan",
        r"(?<=\d)\.00(?=元)",
        "",
        near="元",
    ),
    rewrite(
        "square written flat",
        r"(?<=[\d万亿])\s?([kc]?m)([23])(?![\dA-Za-z])",
        _flat,
        near="m",
    ),
)
"""Before the letters in them are taken for names."""

AMOUNTS = (
    rewrite(
        "power of a number",
        r"(?<=\d)(?:[²³⁰¹⁴-⁹⁻]{1,4}|\^-?\d{1,4})",
        _power,
        near="^²³¹⁰⁴⁵⁶⁷⁸⁹⁻",
    ),
    rewrite(
        "pressure of the blood",
        r"(?<![\d./])(\d{2,3})/(\d{2,3})(?=\s?(?:mmHg|毫米汞柱))|"
        r"((?<=血压)[为是达到高至约]{0,2}\d{2,3})/(\d{2,3})(?![\d./])",
        lambda m: f"{m[1] or m[3]}，{m[2] or m[4]}",
        near="/",
    ),
    rewrite(
        "so many in so many",
        rf"(?<![\d./])({N})/(\d{{1,4}}万|[十百千]?万|百万)(?![\d元])",
        lambda m: f"{m[2]}分之{m[1]}",
        near="/",
    ),
    rewrite(
        "size in one unit",
        rf"(?<![\d.A-Za-z]){N}(?:\s?[×*xX]\s?{N}){{1,2}}(?=\s?[kcdm]?m(?![A-Za-z\d]))",
        lambda m: re.sub(r"\s?[×*xX]\s?", "乘", m[0]),
        near="m",
    ),
    rewrite(
        "sum",
        rf"(?<![\d.A-Za-z])-?{N}(?:\s?(?:<=|>=|[-+=<>≤≥×*÷])\s?-?{N}){{1,12}}(?![\d.A-Za-z])",
        lambda m: _sum(m),
        near="*+-<=>×÷≤≥",
    ),
    rewrite(
        "less than nothing",
        rf"(?:^|(?<=[{HAN}A-Za-z，（、。：；“‘《/\s]))-(?={N}(?![\d.-]))",
        "负",
        near="-",
    ),
    rewrite(
        "sum before its sign",
        rf"(?<![\d.A-Za-z])({VALUE})\s?([￥¥€£]|\$(?!\d))",
        lambda m: m[1] + _MONEY[m[2]],
        near="$£¥€￥",
    ),
    rewrite(
        "number sign",
        rf"(?<=\d)#(?=[{HAN}])|#(\d{{1,3}})(?=[{HAN}])",
        r"\1号",
        near="#",
    ),
    rewrite(
        "per cent",
        rf"(?<![\d.])({N})([多余]?)%",
        _percent,
        near="%",
    ),
    rewrite(
        "per mille",
        rf"(?<![\d.])({N})‰",
        lambda m: f"千分之{number(m[1])}",
        near="‰",
    ),
    rewrite(
        "unit for so many units",
        rf"{_AMOUNT}({_SYMBOLS}|{_HAN_UNIT})\s?/\s?((?!100[A-Za-z]){N}(?:{_PER_SYMBOLS}|{_HAN_PER}))"
        rf"{_AND_TIME}",
        _per,
        near="/",
    ),
    rewrite(
        "unit for each unit",
        rf"{_AMOUNT}({_SYMBOLS}|r|{_HAN_UNIT})\s?/\s?({_PER_SYMBOLS}|{_HAN_PER}){_AND_TIME}",
        _per,
        near="/",
    ),
    rewrite(
        "unit by the unit",
        rf"(?<=[元吨克人米次斤角分方])/({_HAN_PER}|{_PER_SYMBOLS})(?![A-Za-z])",
        lambda m: f"每{_PER.get(m[1], m[1])}",
        near="/",
    ),
    rewrite(
        "rate by its symbols",
        rf"(?<![A-Za-z\d./])({_SYMBOLS}|r)/({_PER_SYMBOLS})(?![A-Za-z\d/])",
        lambda m: f"{_COUNTED[m[1]]}每{_PER[m[2]]}",
        near="/",
    ),
    rewrite(
        "symbol of a unit alone",
        r"(?<![A-Za-z\d.])(?:[kcmh]?m[²³]|[kM]W·h|μ[gm])(?![A-Za-z\d/])",
        lambda m: _UNITS[m[0]],
        near="Wmμ",
    ),
    rewrite(
        "degrees and minutes",
        r"(\d{1,3})°(\d{1,2})[′'](?:(\d{1,2})(?:″|''))?",
        lambda m: f"{m[1]}度{m[2]}分" + (f"{m[3]}秒" if m[3] else ""),
        near="°",
    ),
    rewrite(
        "symbol of a unit",
        rf"(?:(?<=\d)|(?<=次方)|(?<=\d[万亿千百多余])|(?<=\d[万亿千百][万亿多余]))\s?({_SYMBOLS})(?!"
        r"[A-Za-z\d²³·])",
        lambda m: _unit(m) if _is_unit(m) else m[0],
    ),
    rewrite(
        "months with a stroke",
        r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?=月|日|号|年级)",
        r"\1、\2",
        near="/",
    ),
    rewrite(
        "fraction",
        r"(?<![\d/.:])(\d{1,4})\s?/\s?(\d{1,4}|10{4,6})(?![\d/.])(?!\s?[A-Za-z])",
        _fraction,
        near="/",
    ),
    rewrite(
        "power",
        r"(?<=[A-Za-z）πr])[²³⁰¹⁴-⁹⁻]{1,4}",
        _power,
        near="²³¹⁰⁴⁵⁶⁷⁸⁹⁻",
    ),
    rewrite(
        "more or less",
        rf"±\s?(?={N})",
        "正负",
        near="±",
    ),
    rewrite(
        "number of Rome",
        r"(?<![A-Za-z\d])(?:I{1,3}|IV|VI{0,3}|IX|X)(?=\s?[类级期度世代阶档])|(?<![A-Za-z\d])"
        r"(?:II|III|IV)(?=\s?(?:型|号|标段|区|段))",
        lambda m: _ROMAN[m[0]],
        near="IVX",
    ),
)
"""What is counted in signs."""


def _scientific(match: re.Match[str]) -> str:
    """`3e-5`, as a calculator prints it."""
    sign = "负" if "-" in (match[2], match[4]) else ""
    return f"{number(match[1] or match[3])}乘十的{sign}{number(str(int(match[5])))}次方"


def _sum(match: re.Match[str]) -> str:
    """A sum by its operators; a minus before the first number is 负."""
    said = re.sub("^-|(?<=[=<>≤≥×*÷+-])\\s?-", "负", match[0])
    said = re.sub(r"\s?(<=|>=|[-+=<>≤≥×*÷])\s?", lambda m: _OPERATORS[m[1]], said)
    return numbers(said)


def _is_unit(match: re.Match[str]) -> bool:
    """A letter that is a unit: not the class of a sight, not a generation, not a size."""
    after = match.string[match.end() : match.end() + 2]
    named = re.match(r"[级型类版座系线区零一二三四五六七八九十]|景区", after)
    return named is None or len(match[1]) > 1 or match[1] not in "VNWshmtglLJ"
