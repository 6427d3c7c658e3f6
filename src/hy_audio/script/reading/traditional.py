"""Traditional characters, read as the simplified ones that the dictionaries know.

The table beside this file is made from wetext's by scripts/make_traditional.py.
"""

import re
from functools import lru_cache

from hy_audio.script.reading.dictionary import first_reading, readings, table

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

    Two characters may share a simplified one, and not its readings: 髮 is fa4 only, 发 fa1 too.
    """
    known = readings(character)
    if not known or said in known or (said.endswith("5") and _has_letters(said, known)):
        return said
    return first_reading(character)


def _has_letters(said: str, known: tuple[str, ...]) -> bool:
    return any(one[:-1] == said[:-1] for one in known)


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    lines = table("traditional.txt").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}
