"""Letters and marks of every width and kind: first made Chinese, at last made sayable."""

import re
import unicodedata

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.counts import MEASURE
from hy_audio.script.normalize.numbers import digits

_NEAR = f"[{HAN}“”‘’《》（）、，。；：！？%]"

SIGNS = {
    "㎡": "平方米", "㎥": "立方米", "㎞": "公里", "㎏": "公斤", "㎝": "厘米", "㎜": "毫米",
    "㎎": "毫克", "㎖": "毫升", "㏄": "毫升", "℉": "华氏度", "№": "第",
    **{chr(0x2160 + n): c for n, c in enumerate("一二三四五六七八九十")},
    **{chr(0x2170 + n): c for n, c in enumerate("一二三四五六七八九十")},
    "Ⅺ": "十一", "Ⅻ": "十二",
    **{chr(0x2460 + n): str(n + 1) for n in range(20)},
    **{chr(0x2474 + n): f"（{n + 1}）" for n in range(20)},
    **{chr(0x2776 + n): str(n + 1) for n in range(10)},
    **{chr(0x3220 + n): f"（{c}）" for n, c in enumerate("一二三四五六七八九十")},
    **{chr(0x2080 + n): str(n) for n in range(10)},
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8",
    "∶": "比", "≈": "约等于", "≠": "不等于", "∞": "无穷大", "√": "根号", "∵": "因为", "∴": "所以",
    "△": "，", "→": "，", "⇒": "，", "←": "，", "☎": "电话", "℅": "转交", "∕": "/", "⁄": "/",
}  # fmt: skip
"""One character that stands for a word, a number or a pause."""

GREEK = {
    "α": "阿尔法", "β": "贝塔", "γ": "伽马", "δ": "德尔塔", "ε": "艾普西隆", "ζ": "泽塔",
    "η": "伊塔", "θ": "西塔", "ι": "约塔", "κ": "卡帕", "λ": "拉姆达", "μ": "缪", "ν": "纽",
    "ξ": "克西", "ο": "奥米克戎", "π": "派", "ρ": "柔", "σ": "西格玛", "τ": "陶",
    "υ": "宇普西隆", "φ": "斐", "χ": "希", "ψ": "普西", "ω": "欧米伽",
}  # fmt: skip
GREEK |= {c.upper(): name for c, name in GREEK.items()} | {"ς": "西格玛", "µ": "缪"}
"""Greek letters by the names Chinese gives them; micro is a letter here until it is a unit."""

SYMBOLS = {
    "&": "和", "+": "加", "=": "等于", "×": "乘", "÷": "除以", "%": "百分之", "‰": "千分之",
    "℃": "摄氏度", "°": "度", "±": "正负", "≤": "小于等于", "≥": "大于等于", "≦": "小于等于",
    "≧": "大于等于", "<": "小于", ">": "大于", "@": " at ", "#": "井号", "~": "至", "/": "，",
    "|": "，", "\\": "，",
    "[": "（", "]": "）", "_": " ", "*": "", "´": "", "′": "", "″": "", "'": "'", "`": "", "^": "",
    "￥": "人民币", "¥": "人民币", "$": "美元", "€": "欧元", "£": "英镑", "₩": "韩元", "₽": "卢布",
    "฿": "泰铢", "₹": "印度卢比",
    "²": "平方", "³": "立方", **dict(zip("⁰¹⁴⁵⁶⁷⁸⁹⁻", "01456789负", strict=True)),
}  # fmt: skip
"""What a symbol says where no rule knew better."""

_SAME = {
    "【": "“", "】": "”", "「": "“", "」": "”", "『": "‘", "』": "’", "〔": "（", "〕": "）",
    "〖": "“", "〗": "”", "［": "（", "］": "）", "｛": "（", "｝": "）", "{": "（", "}": "）",
    "〈": "《", "〉": "》", "＜": "<", "＞": ">", "–": "—", "―": "—", "─": "—", "━": "—", "‒": "—",
    "﹣": "-", "－": "-", "−": "-", "‐": "-", "‑": "-", "～": "~", "〜": "~", "∼": "~", "•": "·",
    "・": "·",
    "∙": "·", "‧": "·", "⋅": "·", "．": "·", "％": "%", "﹪": "%", "｡": "。", "､": "、", "＂": '"',
    "＇": "'", "＄": "$", "￡": "£", "＃": "#", "＆": "&", "＊": "*", "＋": "+", "／": "/",
    "＝": "=",
    "＠": "@", "＼": "\\", "＾": "^", "＿": "_", "｀": "`", "｜": "|", "　": " ", "\t": " ",
    "\n": " ",
    "\r": " ", "\u00a0": " ", "\u2028": " ", "˚": "°", "º": "°", "℡": "电话", "⼀": "一",
}  # fmt: skip
_FULL = str.maketrans(",;?!()", "，；？！（）")
_WIDE = {c: c - 0xFEE0 for c in range(0xFF10, 0xFF5B) if chr(c - 0xFEE0).isalnum()}

READABLE = f"{HAN}A-Za-z，。！？；：、“”‘’（）《》—…· '.\\-"
"""All that may be left, for use inside a character class."""
UNKNOWN = re.compile(
    f"[^{READABLE}0-9" + re.escape('":;,?!()^' + "".join((*SIGNS, *GREEK, *SYMBOLS))) + "]"
)
"""What neither is readable nor becomes so by any rule."""


def _plain(match: re.Match[str]) -> str:
    """A character as the rules know it: half-width, no accent, nothing invisible."""
    return "".join(map(_one, match[0]))


def _one(c: str) -> str:
    if c in SIGNS or c in SYMBOLS or c in GREEK:
        return c
    if c in _SAME:
        return _SAME[c]
    if ord(c) in _WIDE:
        return chr(_WIDE[ord(c)])
    if unicodedata.category(c) in ("Cf", "Mn"):
        return ""
    if c.isspace():
        return " "
    known = "".join(d for d in unicodedata.normalize("NFKD", c) if not unicodedata.combining(d))
    return c if not known.isascii() or UNKNOWN.search(known) else known


def _ordinal(match: re.Match[str]) -> str:
    return f"{SIGNS[match[0]]}、"


WIDTH = rewrite("width of a letter", rf"[^{HAN}，。、；：！？“”（）《》 -z|~]+", _plain)
"""One writing for each letter and mark."""

FIRST = (
    rewrite(
        "full-width mark between figures",
        r"(?<=\d)．(?=\d)|(?<![０-９，．])[０-９]{1,3}(?:，[０-９]{3})+(?![０-９，])",
        lambda m: m[0].replace("．", ".").replace("，", ","),
    ),
    WIDTH,
)
"""Before all else, and once."""

CHINESE = (
    rewrite(
        "straight quotes",
        r'"([^"]*)"',
        r"“\1”",
        near='"',
    ),
    rewrite(
        "quote without its other half",
        r'"',
        "",
        near='"',
    ),
    rewrite(
        "half-width brackets of a title",
        rf"<([{HAN}][^<>]{{0,40}})>",
        r"《\1》",
        near="<",
    ),
    rewrite(
        "whole and part",
        r"(\d)([½⅓⅔¼¾⅕⅛])",
        r"\1又\2",
        near="¼½¾⅓⅔⅕⅛",
    ),
    rewrite(
        "colon after a label",
        r"((?:(?<![意试企力妄])图|(?<!代)表|(?<!比)例|附件|题|注|步骤|问)\s?\d{1,3}|[①-⑳⑴-⒇❶-❿㈠-㈩]|"
        r"(?<![\d.:：比分])\d{1,2}(?=：\d{1,4}(?:年|岁|月\d)))\s?[:：]\s?(?=\d)",
        r"\1，",
        near=":：",
    ),
    rewrite("number of a list", r"^\s*[①-⑳❶-❿]\s*", lambda m: f"{SIGNS[m[0].strip()]}、"),
    rewrite(
        "number of a list item",
        r"^\s*(\d{1,2})[.·]\s*(?![\d·])|(?:^\s*|(?<=[。；])\s?|(?<=[^\d]：)\s?)(?:(\d{1,2})[)）]|"
        r"\[(\d{1,2})\])\s*(?=\S)",
        lambda m: f"{m[1] or m[2] or m[3]}、",
        near=").[·）",
    ),
    rewrite(
        "half-width mark",
        r"(?<!\d),|,(?!\d)|[;?!()]|(?<!\d):|:(?!\d)",
        lambda m: m[0].translate(_FULL).replace(":", "："),
        near="!(),:;?",
    ),
    rewrite(
        "half-width stop",
        rf"(?<={_NEAR})\.(?=\s*$|{_NEAR})",
        "。",
        near=".",
    ),
    rewrite("dots of an elision", r"\.{3,}|。{3,}|…+|·{3,}", "……"),
    rewrite(
        "space between Han",
        rf"(?<={_NEAR})\s+(?={_NEAR}|\d(?!/\d))|(?<=[\d])\s+(?={_NEAR})",
        "",
    ),
    rewrite(
        "full-width decimal point",
        r"(?<=\d)·(?=\d+(?:[%万亿]|个百分点))",
        ".",
        near="·",
    ),
    rewrite(
        "full-width colon of a time",
        r"(?<!\d)(\d{1,2})：(?=\d\d(?!\d))",
        r"\1:",
        near="：",
    ),
    rewrite(
        "full-width comma of thousands",
        r"(?<![\d，])\d{1,3}(?:，\d{3}){2,}(?![\d，])|"
        rf"(?<![\d.第名列居在标分别])(?<!\d，)(?<!分别为)(?<!依次为)[1-9]\d{{0,2}}，\d{{3}}(?=(?:\.\d+)?[多余]?{MEASURE})",
        lambda m: m[0].replace("，", ","),
    ),
    rewrite("sign that is a word", "[" + "".join(SIGNS) + "]", lambda m: SIGNS[m[0]]),
)
"""Punctuation as Chinese text has it."""

SAYABLE = (
    rewrite("digit left over", r"\d+", lambda m: digits(m[0])),
    rewrite("letter of Greek", "[" + "".join(GREEK) + "]", lambda m: GREEK[m[0]]),
    rewrite(
        "letters joined by &",
        r"(?<=[A-Za-z])\s*&\s*(?=[A-Za-z])",
        " and ",
        near="&",
    ),
    rewrite(
        "symbol with a name",
        "[" + re.escape("".join(c for c in SYMBOLS if c != "'")) + "]",
        lambda m: digits(SYMBOLS[m[0]]),
    ),
    rewrite(
        "comma or colon left over",
        "[,:]",
        lambda m: {",": "，", ":": "："}[m[0]],
        near=",:",
    ),
    rewrite(
        "hyphen between words",
        rf"(?<=[{HAN}])\s?-+\s?(?=[{HAN}])",
        "——",
        near="-",
    ),
    rewrite("mark of a Latin name", r"(?<![A-Za-z])['.-]+|['.-]+(?![A-Za-z])|['.-]{2,}", " "),
    rewrite(
        "point of a name",
        rf"(?<![{HAN}A-Za-z])[·]+|·+(?![{HAN}A-Za-z])|·{{2,}}",
        " ",
        near="·",
    ),
    rewrite(
        "dash",
        r"—[—\s]*",
        "——",
        near="—",
    ),
    rewrite("run of spaces", r"\s{2,}", " "),
    rewrite("space that parts no Latin words", r"\s(?![A-Za-z])|(?<![A-Za-z])\s", ""),
    rewrite("comma before a mark", r"，+(?=[，。；！？])", ""),
    rewrite(
        "hesitation",
        rf"呃+啊?(?=[{HAN}])(?!逆)",
        "",
        near="呃",
    ),
)
"""At last: nothing is left that an engine has no sound for."""
