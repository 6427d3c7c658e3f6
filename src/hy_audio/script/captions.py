"""How printed words are set as captions: in lines of at most twenty characters. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from hy_audio.script.model import Sentence
from hy_audio.words import word_ends

LINE_CHARACTERS = 20
"""Longest line; 16 to 20 are usual for Chinese."""
LINES = 2
"""Lines that are shown together."""

_MARKS = "，。；：！？、…—;!?"
_CLAUSE = re.compile(
    rf"(?:[^{_MARKS},]|,(?=\d)|—+(?=\d))*+(?:[{_MARKS}]+|,|$)[”’」』）)》】\s]*", re.DOTALL
)
_INSIDE = re.compile(r"(?<=[”’」』）)》】·\s])(?!(?<=\d\s)\d)(?=\S)|(?<=\S)(?=[“‘「『（(《【])")
_WORD = re.compile(r"[0-9A-Za-z.,%:/@&'+—-]+(?: (?<=\d )\d[\d-]*)*(?:(?<=[0-9%])[一-龥])?")
"""Latin script, and figures, in groups too, with the character that says of what."""


def cues(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """The cues of a sentence: where each begins in the spoken words, and its lines."""
    begins = (0, *(b.display for b in sentence.breaks), len(sentence.display))
    spoken = (0, *(b.spoken for b in sentence.breaks))
    lines = [sentence.display[a:b].strip() for a, b in pairwise(begins)]
    for n in range(0, len(lines), LINES):
        yield spoken[n], "\n".join(lines[n : n + LINES])


def breaks(text: str) -> list[int]:
    """Where each line but the first begins. Lines end at marks where that is possible."""
    begin, found = 0, []
    for start, end in _clauses(text):
        if end - begin > LINE_CHARACTERS:
            found.append(start)
            begin = start
    return found


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Ranges that end at marks, none longer than a line."""
    for match in _CLAUSE.finditer(text):
        if match[0]:
            yield from _parts(text, *match.span())


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A clause, or equal parts of it: cut at a quote or a bracket, else between two words."""
    if end - start <= LINE_CHARACTERS:
        yield start, end
        return
    parts = -(-(end - start) // LINE_CHARACTERS)
    least = max(end - (parts - 1) * LINE_CHARACTERS, start + 1)
    most = min(start + LINE_CHARACTERS, end - 1)
    cut = _cut(text, (start, least, most), start + (end - start) // parts)
    yield start, cut
    yield from _parts(text, cut, end)


def _cut(text: str, places: tuple[int, int, int], near: int) -> int:
    """The best place to go on in a new line.

    Args:
        text: all of it.
        places: where the line begins, and the first and the last place after which the rest needs
            no line more.
        near: where lines would be equally long.
    """
    start, least, most = places
    inside = [m.end() for m in _INSIDE.finditer(text, least, most + 1) if m.end() <= most]
    ends = (start + end for end in word_ends(text[start:]))
    words = [*(m.span() for m in _WORD.finditer(text)), *pairwise((start, *ends))]
    apart = [n for n in range(start + 1, most + 1) if not any(a < n < b for a, b in words)]
    enough = [n for n in apart if n >= least]
    return min(inside or enough or apart[-1:] or [most], key=lambda n: abs(n - near))
