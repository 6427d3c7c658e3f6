"""How figures are said: one by one, as a whole number, as a decimal."""

import re

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_YAO = str.maketrans("0123456789", "零幺二三四五六七八九")
_PLACES = ("", "十", "百", "千")
_LONGEST = 16
"""More figures than a reader counts: they are said one by one."""

N = r"\d+(?:\.\d+)?"
"""A number, as a regular expression."""
VALUE = rf"{N}(?:[百千]?[万亿]+|[百千](?!米|克|瓦|伏|卡|帕|赫|焦))?[多余]?"
"""A number with the word it counts in: `3`, `1.5万`, `2000多`."""
DASH = r"\s?(?:[—~]{1,2}|--?)\s?"
"""What is printed for from-to; marks of other widths have become these."""
TO = rf"(?:{DASH}|[至到])"
"""The same, or the word itself."""


def digits(figures: str) -> str:
    """Figures one by one; all else stays.

    Examples:
        >>> digits("2022年")
        '二零二二年'
    """
    return figures.translate(_DIGITS)


def called(figures: str) -> str:
    """Figures one by one as they are called out: 1 is 幺.

    Examples:
        >>> called("120")
        '幺二零'
    """
    return figures.translate(_YAO)


def number(figures: str) -> str:
    """A number, whole or decimal; with a zero before it, or very long, one by one.

    Examples:
        >>> number("10500"), number("2000"), number("12.90")
        ('一万零五百', '两千', '十二点九零')
    """
    whole, point, fraction = figures.partition(".")
    said = _cardinal(whole)
    return f"{said}点{digits(fraction)}" if point else said


def numbers(text: str) -> str:
    """Every number in a text as a number.

    Examples:
        >>> numbers("3至5")
        '三至五'
    """
    return re.sub(N, lambda m: number(m[0]), text)


def _cardinal(figures: str) -> str:
    if len(figures) > _LONGEST or (figures[0] == "0" and len(figures) > 1):
        return digits(figures)
    said = _whole(int(figures))
    if said.startswith("一十"):
        return said[1:]
    return re.sub("^二(?=百$|[千万亿])", "两", said)


def _whole(n: int) -> str:
    for size, word in ((10**8, "亿"), (10**4, "万")):
        if n >= size:
            high, low = divmod(n, size)
            gap = "零" if 0 < low < size // 10 else ""
            head = "两" if high == 2 else _whole(high)
            return head + word + (gap + _whole(low) if low else "")
    said = ""
    for place, figure in enumerate(reversed(str(n))):
        if figure != "0":
            said = digits(figure) + _PLACES[place] + said
        elif said and not said.startswith("零"):
            said = "零" + said
    return said or "零"
