"""Written to spoken: digits, units and symbols become the words an announcer says.

Around `wetext` (weighted finite-state transducers of WeTextProcessing) stand tables of named rules,
one for each theme. They run in the order of `RULES`, each over the whole text, and the text
remembers what was printed: so every word that is said differently can be shown at its place.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hy_audio.characters import HAN
from hy_audio.script.model import Change
from hy_audio.script.normalize.aligned import Aligned, Piece, Rewrite, rewrite
from hy_audio.script.normalize.amounts import AMOUNTS, MONEY
from hy_audio.script.normalize.calls import ADDRESSES
from hy_audio.script.normalize.counts import COUNTS
from hy_audio.script.normalize.dates import DATES
from hy_audio.script.normalize.grammar import by_grammar
from hy_audio.script.normalize.marks import CHINESE, FIRST, READABLE, SAYABLE, UNKNOWN, WIDTH
from hy_audio.script.normalize.names import NAMES
from hy_audio.script.normalize.places import PLACES
from hy_audio.script.normalize.primes import PRIMES
from hy_audio.script.normalize.ranges import RANGES
from hy_audio.script.normalize.thousands import NUMBERED, THOUSANDS

__all__ = ["RULES", "Change", "Rewrite", "Spoken", "normalize"]

LEFT = (
    rewrite(
        "what only the grammar knows",
        r"(?<![0-9A-Za-z.'=<>+×÷-])[0-9A-Za-z.'=<>+×÷-]*\d[0-9A-Za-z.'=<>+×÷-]*",
        by_grammar,
    ),
)
"""What no rule has taken goes to wetext as it stands."""

_WITH_FIGURES = (
    *PLACES,
    *NUMBERED,
    *MONEY,
    *NAMES,
    *THOUSANDS,
    *DATES,
    *RANGES,
    *AMOUNTS,
    *COUNTS,
    *LEFT,
)
RULES = (*FIRST, *ADDRESSES, *PRIMES, *CHINESE, *_WITH_FIGURES, *SAYABLE)
"""Every rule, in the order they run."""

_PLAIN = re.compile(
    f"(?:[{HAN}，、。；：！？“”‘’（）《》A-HJ-UWYZa-z]++|(?<=[A-Za-z])[IVX]|[IVX](?=[A-HJ-UWYZa-z])|"
    f"(?<=[A-Za-z]) (?=[A-Za-z])|——(?!—)|……(?!…)|(?<=[{HAN}])·(?=[{HAN}]))*+"
)
"""A text that no rule has anything to say about; I, V and X are letters only beside others."""
_LEFT_OVER = re.compile(f"[^{READABLE}]")
_WORDS = re.compile(r"[^\W_]")
_PASSES = 4
"""A text that is not plain is gone over again, until the rules find nothing in what they said."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it will be said."""

    text: str
    """Han characters, Latin letters and Chinese punctuation only."""
    unreadable: str
    """Characters that have no reading and were left out, in order."""
    changes: tuple[Change, ...] = ()
    """What is said differently, in order, not overlapping; marks and spaces alone do not count."""
    places: tuple[int, ...] = ()
    """Where each of its characters was printed; empty where each is printed at its own offset."""

    def offset(self, printed: int) -> int:
        """Where in `text` begins what is printed from an offset on."""
        return bisect_left(self.places, printed) if self.places else printed


@lru_cache(maxsize=4096)
def normalize(text: str, extra: tuple[Rewrite, ...] = ()) -> Spoken:
    """Write a sentence out for the voice.

    Args:
        text: any text at all.
        extra: rewrites that run first, such as a show's own words.

    Examples:
        >>> normalize("增长22.5%,引进近1200人。").text
        '增长百分之二十二点五，引进近一千二百人。'
    """
    said = Aligned(text)
    for rule in extra:
        said.apply(rule)
    if _PLAIN.fullmatch(said.text) and "呃" not in said.text:
        return Spoken(said.text, "", _changes(said), said.places)
    for rule in FIRST:
        said.apply(rule)
    unreadable = "".join(UNKNOWN.findall(said.text))
    said.apply(_DROP)
    for _ in range(_PASSES):
        before = said.text
        for rule in _tables(before):
            said.apply(rule)
        unreadable += "".join(_LEFT_OVER.findall(said.text))
        said.apply(_LEAVE)
        if said.text == before or _PLAIN.fullmatch(said.text):
            break
    return Spoken(said.text, unreadable, _changes(said), said.places)


_DROP = Rewrite("no reading", UNKNOWN, " ")
_LEAVE = Rewrite(
    "no reading, or a space at an end", re.compile(rf"{_LEFT_OVER.pattern}|^\s+|\s+$"), ""
)
_ANY_FIGURE = re.compile(r"[\d×%‰℃°²³$€£￥¥IVX<>=±~/①-⑳½-¾Ⅰ-Ⅻⅰ-ⅻ₀-₉№-]|(?<!—)—(?!—)")


def _tables(text: str) -> Iterator[Rewrite]:
    yield from ADDRESSES
    yield from PRIMES
    yield from CHINESE
    if _ANY_FIGURE.search(text):
        yield from _WITH_FIGURES
    yield from SAYABLE


def _changes(said: Aligned) -> tuple[Change, ...]:
    """The pieces that are said differently; neighbours that both say something are one."""
    runs: list[list[Piece]] = []
    for piece in said.pieces():
        if not _differs(said.printed, piece):
            continue
        if runs and runs[-1][-1].end == piece.start:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return tuple(Change(r[0].start, r[-1].end, "".join(p.said for p in r)) for r in runs)


def _differs(printed: str, piece: Piece) -> bool:
    was = printed[piece.start : piece.end]
    return was != piece.said and _known(was) != _known(piece.said)


def _known(text: str) -> str:
    """Readable letters and figures at half-width: what sounds the same is the same."""
    known = WIDTH.pattern.sub(WIDTH.to, text)
    return "".join(_WORDS.findall(UNKNOWN.sub("", known)))
