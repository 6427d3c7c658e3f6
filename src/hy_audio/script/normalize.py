"""Written to spoken: digits, units and symbols become the words an announcer says.

Chinese text normalisation proper is `wetext` (weighted finite-state transducers of
WeTextProcessing). Around it stand two tables of named rules: what it needs to be given, and what
it leaves behind. Only clauses that hold something to rewrite are handed to it.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from hy_audio.characters import HAN

_H = f"[{HAN}]"
_NEAR = f"[{HAN}“”‘’《》（）、，。；：！？%％]"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One named rule: what is matched, and what is said instead."""

    name: str
    """What it is about."""
    pattern: re.Pattern[str]
    """What is matched."""
    to: str | Callable[[re.Match[str]], str]
    """The replacement, as `re.sub` takes it."""

    def apply(self, text: str) -> str:
        """Rewrite every match."""
        return self.pattern.sub(self.to, text)


def _rewrite(name: str, pattern: str, to: str | Callable[[re.Match[str]], str]) -> Rewrite:
    return Rewrite(name, re.compile(pattern), to)


_FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")
_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_HALF_WIDTH = {c: c - 0xFEE0 for c in range(0xFF10, 0xFF5B) if chr(c - 0xFEE0).isalnum()}
_HALF_WIDTH |= {ord("％"): ord("%"), ord("－"): ord("-")}
_SYMBOLS = {
    "&": "和", "+": "加", "=": "等于", "×": "乘", "÷": "除以", "%": "百分之", "℃": "摄氏度",
    "°": "度", "@": " at ", "#": "井号", "~": "至", "～": "至", "/": "，", "／": "，", "|": "，",
    "【": "“", "】": "”", "「": "“", "」": "”", "『": "‘", "』": "’", "[": "（", "]": "）",
    "〔": "（", "〕": "）", "〈": "《", "〉": "》", "–": "—", "―": "—", "─": "—", "•": "·",
    "・": "·", "∙": "·", "．": "·", "_": " ", '"': "", "*": "", "￥": "人民币", "¥": "人民币",
    "$": "美元", "€": "欧元", "£": "英镑",
}  # fmt: skip


def _full_width(match: re.Match[str]) -> str:
    return match[0].translate(_FULL_WIDTH)


def _each_digit(match: re.Match[str]) -> str:
    return match[0].translate(_DIGITS)


_SIGNS = {
    "㎡": "平方米", "㎥": "立方米", "㎞": "公里", "㎏": "公斤", "㎝": "厘米", "㎜": "毫米",
    **{chr(0x2160 + n): c for n, c in enumerate("一二三四五六七八九十")},
    "Ⅺ": "十一", "Ⅻ": "十二",
    **{chr(0x2460 + n): str(n + 1) for n in range(20)},
}  # fmt: skip
_METRES = {"²": "平方米", "³": "立方米"}


def _years(match: re.Match[str]) -> str:
    return re.sub(r"[—–~～-]", "至", _each_digit(match))


BEFORE = (
    _rewrite("straight quotes", r'"([^"]*)"', r"“\1”"),
    _rewrite("what the grammar would escape", r'["\\]', ""),
    _rewrite(
        "thousands", r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", lambda m: m[0].replace(",", "")
    ),
    _rewrite("half-width mark", r"[,;?!()]|(?<!\d):|:(?!\d)", _full_width),
    _rewrite("half-width stop", rf"(?<={_NEAR})\.(?=\s*$|{_NEAR})", "。"),
    _rewrite("space between Han", rf"(?<={_NEAR})\s+(?={_NEAR})", ""),
    _rewrite("full-width decimal point", r"(?<=\d)．(?=\d)", "."),
    _rewrite("number of a list item", r"^(\d{1,2})[.．、]\s*(?!\d)", r"\1、"),
    _rewrite("number of a list", r"^[①-⑳]", lambda m: f"{_SIGNS[m[0]]}、"),
    _rewrite("sign of a unit or a number", f"[{''.join(_SIGNS)}]", lambda m: _SIGNS[m[0]]),
    _rewrite("square and cubic metres", r"(?<=[\d万亿])m([²³])", lambda m: _METRES[m[1]]),
    _rewrite("per mille", r"(\d+(?:\.\d+)?)‰", r"千分之\1"),
    _rewrite("ratio", r"(?<=\d)(?:∶|：(?=\d(?!\d)))(?=\d)", "比"),
    _rewrite(
        "telephone number",
        r"(?<!\d)(?:0\d{2,3}|[48]00|1\d{2})-\d{3,8}(?:-\d{3,4})?(?!\d)",
        lambda m: _each_digit(m).replace("-", "，"),
    ),
    _rewrite("number of a document", r"〔\d{4}〕", _each_digit),
    _rewrite("number of a road", r"\d{3}(?=[国省县乡]道)", _each_digit),
    _rewrite("number after a letter", r"(?<=[A-Z])\d{3,}(?![.\d])", _each_digit),
    _rewrite("name of a day", r"(?<=[“‘])\d{1,2}·\d{1,2}(?=[”’])", _each_digit),
    _rewrite("letters joined by &", r"(?<=[A-Za-z])\s*&\s*(?=[A-Za-z])", " and "),
    _rewrite("dots of an elision", r"\.{3,}|。{3,}|…+", "……"),
    _rewrite("from one year to another", r"(?<!\d)\d{4}[—–~～-]\d{4}(?=学?年|赛季)", _years),
    _rewrite(
        "from one unit to another",
        rf"(?<![\d.-])(\d{{1,4}}(?:\.\d+)?%?)-(?=\d{{1,4}}(?:\.\d+)?[{HAN}%℃])",
        r"\1至",
    ),
    _rewrite(
        "hyphen of a name",
        rf"(?<=[{HAN}A-Za-z])(?<![年月日时分点])-(?=\d)(?!\d[\d.]*(?:%|℃|°C|摄氏度))",
        "",
    ),
    _rewrite(
        "thousands of years", r"(?<!\d)([13-9])000年", lambda m: f"{m[1].translate(_DIGITS)}千年"
    ),
    _rewrite("two of them", r"(?<![\d.第:至])2(?=次|倍|项|亩|株|所|成|年(?!级))", "两"),
    _rewrite(
        "from one number to another", r"(?<=[\d%℃日零一二三四五六七八九])[—–~～]+(?=\d)", "至"
    ),
    _rewrite("second of a month", r"(?<!\d)2(?=日(?!子|常))", "二"),
    _rewrite("below zero", r"(?<![\dA-Za-z])[-−](?=\d+(?:\.\d+)?(?:℃|°C|摄氏度))", "零下"),
)
"""Before wetext: punctuation as Chinese text has it, and what the grammar would misread."""

AFTER = (
    _rewrite("digit left over", r"\d+", _each_digit),
    _rewrite(
        "symbol with a name", "[" + re.escape("".join(_SYMBOLS)) + "]", lambda m: _SYMBOLS[m[0]]
    ),
    _rewrite("dash", r"—+", "——"),
    _rewrite("run of spaces", r"\s+", " "),
    _rewrite("space beside a mark", r" ?([，。；：！？、]) ?", r"\1"),
    _rewrite("two commas", r"，(?=[，。；！？])", ""),
)
"""After it: nothing is left that an engine has no sound for."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CLAUSE = re.compile(r"[^，。；！？]+|[，。；！？]+")
_NEEDS_REWRITING = re.compile(r"[\d%℃°$¥￥€£㎡²³‰Ⅰ-Ⅻ]")
_UNREADABLE = re.compile(f"[^{HAN}A-Za-z'，。！？；：、“”‘’（）《》—…· .-]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it will be said."""

    text: str
    """Han characters, Latin letters and Chinese punctuation only."""
    unreadable: str
    """Characters that have no reading and were left out, in order."""


@lru_cache(maxsize=4096)
def normalize(text: str, extra: tuple[Rewrite, ...] = ()) -> Spoken:
    """Write a sentence out for the voice.

    Args:
        text: as printed.
        extra: rules that come before all others.

    Examples:
        >>> normalize("增长22.5%,引进近1200人。").text
        '增长百分之二十二点五，引进近一千二百人。'
    """
    for rule in extra:
        text = rule.apply(text)
    lost = "".join(_SURROGATE.findall(text))
    text = _latin(_SURROGATE.sub("", text))
    for rule in BEFORE:
        text = rule.apply(text)
    text = "".join(map(_words, _CLAUSE.findall(text)))
    for rule in AFTER:
        text = rule.apply(text)
    return Spoken(_UNREADABLE.sub("", text).strip(), lost + "".join(_UNREADABLE.findall(text)))


def _words(clause: str) -> str:
    if not _NEEDS_REWRITING.search(clause):
        return clause
    written: str = _wetext()(clause)
    return written


@lru_cache(maxsize=1)
def _wetext() -> Callable[[str], str]:
    from wetext import Normalizer  # loads its grammars: a third of a second

    tn: Callable[[str], str] = Normalizer(lang="zh", operator="tn").normalize
    return tn


def _latin(text: str) -> str:
    """Full-width Latin and digits to half-width, accents taken off, invisible characters out."""
    text = text.translate(_HALF_WIDTH)
    if text.isascii():
        return text
    return "".join(map(_plain, text))


def _plain(c: str) -> str:
    if unicodedata.category(c) in ("Cf", "Mn"):
        return ""
    if "\u00c0" <= c <= "\u024f":
        return unicodedata.normalize("NFKD", c)[0]
    return c
