"""Where a text may be cut: at the end of a sentence, and inside one at its best clause."""

import re
from collections.abc import Callable, Iterator

_SENTENCE = re.compile(r"[^。！？!?…]*(?:[。！？!?]|…+)+[”’」』）)》】]*|[^。！？!?…]+", re.DOTALL)
_SOUND = re.compile(r"\w")
_BREAKS = (
    re.compile(r"[；;][”’）》]*"),
    re.compile(r"(?:[：，]|,(?!\d)|——)[”’）》]*"),
    re.compile(r"[、”’）》·\s]"),
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each sentence; together they cover the text.

    Marks that have no sound, such as an elision, stay with the sentence before them.
    """
    start = end = 0
    for match in _SENTENCE.finditer(text):
        if _SOUND.search(text, start, end) and _SOUND.search(match[0]):
            yield start, end
            start = end
        end = match.end()
    if start < end:
        yield start, end


def fit(text: str, start: int, end: int, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Cut `text[start:end]` into ranges that fit, each cut at the best clause near its middle."""
    if end - start <= 1 or fits(text[start:end]):
        yield start, end
        return
    cut = _cut(text, start, end)
    yield from fit(text, start, cut, fits)
    yield from fit(text, cut, end, fits)


def _cut(text: str, start: int, end: int) -> int:
    """The break of the strongest kind in the middle half, else the middle."""
    middle = (start + end) / 2
    quarter = (end - start) / 4
    for pattern in _BREAKS:
        cuts = [m.end() for m in pattern.finditer(text, start, end) if m.end() < end]
        near = [c for c in cuts if abs(c - middle) <= quarter]
        if near:
            return min(near, key=lambda c: abs(c - middle))
    return _between_digits(text, int(middle), start + 1)


def _between_digits(text: str, cut: int, lowest: int) -> int:
    """Move a cut to the left out of a number or a Latin word, if it stands in one."""
    here = cut
    while here > lowest and text[here - 1].isascii() and text[here].isascii():
        here -= 1
    return here if here > lowest else cut
