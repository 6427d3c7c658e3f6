"""Traditional characters, read as the simplified ones that the dictionaries know.

The table beside this file is made from wetext's by scripts/make_traditional.py.
"""

import re
from collections import Counter
from functools import lru_cache

from hy_audio.script.reading.dictionary import readings, table
from hy_audio.script.reading.network import network

_BOTH = tuple(
    (re.compile(pattern), simple)
    for pattern, simple in (
        (
            "(?<![名原土显卓编专巨论遗合译昭拙])著(?![名作书称述者录文])",
            "着",
        ),
        ("乾(?![坤隆卦陵县元清])", "干"),
        ("(?<!商角)徵", "征"),
        ("於", "于"),
        ("瞭(?!望)", "了"),
    )
)
"""Characters that simplified texts have too; in a traditional one they stand for another."""


def simplified(text: str) -> str:
    """A text of the same length in simplified characters; one that has no others as it is."""
    folded = text.translate(_table())
    if folded == text:
        return text
    for pattern, simple in _BOTH:
        folded = pattern.sub(simple, folded)
    return folded


def own_reading(character: str, said: str) -> str:
    """How a traditional character is read whose simplified one is read `said`.

    Where two characters share a simplified one they need not share its readings: 发 is fa1 or fa4,
    髮 is fa4 only.
    """
    simple = _table().get(ord(character), "")
    known = readings(character)
    choices = network().choices.get(simple, {})
    if not choices or not known or said in known or said[-1] == "5" or simple not in _shared():
        return said
    return next((one for one in known if one in choices), known[0])


@lru_cache(maxsize=1)
def _shared() -> frozenset[str]:
    """The simplified characters that stand for two, or for one beside themselves."""
    sources = Counter(_table().values())
    return frozenset(c for c, many in sources.items() if many > 1 or _is_traditional(c))


def _is_traditional(character: str) -> bool:
    try:
        return bool(character.encode("big5"))
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    lines = table("traditional.txt").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}
