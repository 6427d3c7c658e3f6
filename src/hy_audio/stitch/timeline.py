"""Chapters and cues of an episode, from its sections' frame counts. Pure."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from operator import itemgetter

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
    """One cue for each text of a section, one after another.

    Args:
        begin_ms: where the section begins.
        lines: its lines.
        placed: where they are in it.
    """
    for line, place in zip(lines, placed, strict=True):
        times = pairwise(_apart(line.texts, place))
        for text, (start_ms, end_ms) in zip(line.texts, times, strict=True):
            yield Cue(begin_ms + start_ms, begin_ms + end_ms, text)


def _apart(texts: Sequence[str], place: Placed) -> Iterator[int]:
    """Where each text of a line begins, and the line's end.

    A text that nothing is heard of has the time of the next one, or the end's. Such texts share the
    time there is by their lengths.
    """
    latest = max((at for at in place.texts_ms if at < place.end_ms), default=place.start_ms)
    starts = [min(at, latest) for at in place.texts_ms]
    ends = [*sorted(set(starts))[1:], place.end_ms]
    together = groupby(zip(starts, map(len, texts), strict=True), itemgetter(0))
    for (start_ms, group), end_ms in zip(together, ends, strict=True):
        parts = list(accumulate((length for _, length in group), initial=0))
        yield from (start_ms + (end_ms - start_ms) * n // parts[-1] for n in parts[:-1])
    yield place.end_ms
