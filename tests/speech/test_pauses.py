"""How clauses are put together; sound is a steady tone here, so that each sample can be told."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hy_audio.speech.kokoro.pauses import PAUSES_MS, SENTENCE_END, Clause, join

A_MS = 24
"""Samples of a millisecond."""


def tone(ms: int) -> NDArray[np.float32]:
    return (np.sin(np.arange(ms * A_MS) / 5) / 2).astype(np.float32)


def quiet(ms: int) -> NDArray[np.float32]:
    """What the model makes of a pause: not quite nothing."""
    return (tone(ms) / 500).astype(np.float32)


def said(pause_ms: int, marks: str, before_ms: int = 0) -> list[Clause]:
    """Two clauses of half a second with a pause that the model made, at the end of the first."""
    first = np.concatenate([tone(500), quiet(pause_ms)])
    return [Clause(0, "", first), Clause(3, marks, np.concatenate([quiet(before_ms), tone(500)]))]


def pause_ms(sound: NDArray[np.float32]) -> int:
    """Where nothing of two clauses of half a second is heard."""
    return len(sound) // A_MS - 1000


@pytest.mark.parametrize("mark", PAUSES_MS)
def test_a_pause_that_is_too_short_is_as_long_as_its_mark_wants(mark: str) -> None:
    sound, _ = join(said(60, mark), 6, 1.0)
    assert pause_ms(sound) == PAUSES_MS[mark]


def test_a_pause_on_both_sides_of_the_cut_counts_once() -> None:
    sound, _ = join(said(60, "，", before_ms=80), 6, 1.0)
    assert pause_ms(sound) == PAUSES_MS["，"]


def test_a_pause_that_is_long_enough_keeps_its_samples() -> None:
    clauses = said(350, "，")
    sound, _ = join(clauses, 6, 1.0)
    np.testing.assert_array_equal(sound, np.concatenate([c.samples for c in clauses]))


def test_of_several_marks_the_longest_pause_counts() -> None:
    sound, _ = join(said(60, "。” “"), 6, 1.0)
    assert pause_ms(sound) == PAUSES_MS["。"]


@pytest.mark.parametrize("marks", ["", "”", " "])
def test_where_no_mark_is_no_silence_is_added(marks: str) -> None:
    sound, _ = join(said(60, marks), 6, 1.0)
    assert pause_ms(sound) == 60


def test_spoken_twice_as_fast_pauses_are_half_as_long() -> None:
    sound, _ = join(said(60, SENTENCE_END), 6, 2.0)
    assert pause_ms(sound) == PAUSES_MS["。"] // 2


def test_marks_tell_where_each_clause_is_heard_and_silence_is_of_none() -> None:
    _, (first, second) = join(said(60, "，"), 6, 1.0)
    assert (first.start, first.end, first.start_ms, first.end_ms) == (0, 3, 0, 560)
    assert (second.start, second.end, second.start_ms, second.end_ms) == (3, 6, 800, 1300)


def test_sound_does_not_jump_where_silence_is_added() -> None:
    sound, _ = join(said(0, "，"), 6, 1.0)
    assert np.abs(np.diff(sound)).max() <= np.abs(np.diff(tone(500))).max() * 1.01


def test_the_parts_of_a_word_that_had_to_be_cut_have_one_mark() -> None:
    parts = [Clause(n, "", tone(500)) for n in (0, 2, 2)]
    _, marks = join(parts, 6, 1.0)
    assert [(m.start, m.end, m.start_ms, m.end_ms) for m in marks] == [
        (0, 2, 0, 500),
        (2, 6, 500, 1500),
    ]
