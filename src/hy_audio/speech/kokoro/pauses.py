"""Clauses put together with the pauses of an announcer.

At a comma the model pauses for half as long as announcers do (docs/voices.md). What is missing is
added in the pause, as silence; a pause that is long enough stays as the model made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hy_audio.speech.kokoro.timing import quiet
from hy_audio.speech.model import Mark
from hy_audio.speech.wav import RATE_HZ, length_ms

PAUSES_MS = {
    "、": 130, "，": 300, "：": 300, "—": 300, "；": 400, "…": 400, "。": 480, "！": 480, "？": 480,
}  # fmt: skip
"""Least pause at a mark, at rate 1.

Announcers of the evening news pause for 130 ms inside a clause, 300 between clauses and 600 between
sentences (docs/voices.md); the last figure has the ends of paragraphs in it.
"""
SENTENCE_END = "。"
"""What a sentence ends with, whatever is printed there."""

_FADE = RATE_HZ * 10 // 1000


@dataclass(frozen=True, slots=True)
class Clause:
    """The words between two pauses, as sound."""

    start: int
    """Offset of its first character in the utterance's `spoken`."""
    marks: str
    """The marks before it."""
    samples: NDArray[np.float32]
    """All that is heard from its begin to that of the next one."""


def join(
    clauses: Sequence[Clause], length: int, rate: float
) -> tuple[NDArray[np.float32], tuple[Mark, ...]]:
    """Put the clauses of an utterance one after another.

    Args:
        clauses: in order, at least one.
        length: of the utterance's `spoken`.
        rate: speed; at 2 a pause is half as long.

    Returns:
        The samples, and a mark for each clause, from its first sample to its last.
    """
    pieces: list[NDArray[np.float32]] = []
    marks: dict[int, Mark] = {}
    begin = 0
    ends = (*(clause.start for clause in clauses[1:]), length)
    for clause, end in zip(clauses, ends, strict=True):
        samples = clause.samples
        if pieces and (missing := _missing(pieces[-1], clause, rate)):
            pieces[-1], samples = faded_out(pieces[-1]), faded_out(samples[::-1])[::-1]
            pieces.append(np.zeros(missing, np.float32))
            begin += missing
        pieces.append(samples)
        mark = Mark(clause.start, end, length_ms(begin), length_ms(begin + len(samples)))
        if first := marks.get(clause.start):  # a long word that was cut
            mark = replace(mark, start_ms=first.start_ms)
        marks[clause.start] = mark
        begin += len(samples)
    return np.concatenate(pieces), tuple(marks.values())


def _missing(before: NDArray[np.float32], clause: Clause, rate: float) -> int:
    """How many samples of silence the pause before a clause lacks."""
    least_ms = max((PAUSES_MS.get(mark, 0) for mark in clause.marks), default=0)
    heard = quiet(before[::-1]) + quiet(clause.samples)
    return max(0, round(least_ms / rate * RATE_HZ / 1000) - heard)


def faded_out(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """With its last 10 ms faded out."""
    whole = max(0, len(samples) - _FADE)
    ramp = np.linspace(1, 0, len(samples) - whole, dtype=np.float32)
    return np.concatenate([samples[:whole], samples[whole:] * ramp])
