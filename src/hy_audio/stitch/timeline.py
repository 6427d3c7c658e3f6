"""Chapters and cues of an episode, from its sections' frame counts. Pure."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from hy_audio.stitch.model import Chapter, Cue, Line, Placed
from hy_audio.stitch.mp3 import FRAME_SAMPLES, Format

MOST_CHAPTERS = 255
"""More don't fit into one table of contents (ID3v2 Chapter Frame Addendum, 3.2)."""


def starts_ms(frames: Sequence[int], form: Format) -> list[int]:
    """Where each section begins, and after the last where the episode ends."""
    return [form.ms(n * FRAME_SAMPLES) for n in accumulate(frames, initial=0)]


def chapters(titles: Sequence[str], times_ms: Sequence[int]) -> tuple[Chapter, ...]:
    """One chapter for each section, and the last for all that are left; they tile the episode.

    Args:
        titles: of the sections.
        times_ms: as `starts_ms` tells.
    """
    shown = min(len(titles), MOST_CHAPTERS)
    ends_ms = (*times_ms[1:shown], times_ms[-1])
    return tuple(map(Chapter, times_ms[:shown], ends_ms, titles[:shown]))


def cues(begin_ms: int, lines: Sequence[Line], placed: Sequence[Placed]) -> Iterator[Cue]:
    """One cue for each text of a section; texts that share a time share a cue.

    Args:
        begin_ms: where the section begins.
        lines: its lines.
        placed: where they are in it.
    """
    for line, place in zip(lines, placed, strict=True):
        starts = place.texts_ms
        first = 0
        for n in range(1, len(starts) + 1):
            if n < len(starts) and starts[n] == starts[first]:
                continue
            end_ms = starts[n] if n < len(starts) else place.end_ms
            text = "".join(line.texts[first:n])
            yield Cue(begin_ms + starts[first], begin_ms + end_ms, text)
            first = n
