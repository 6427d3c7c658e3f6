"""Chapters and cues of an episode, from its sections' frame counts. Pure."""

from collections.abc import Iterator, Sequence

from hy_audio.stitch.model import Chapter, Cue, Placed, Take
from hy_audio.stitch.mp3 import FRAME_MS


def chapters(titles: Sequence[str], frames: Sequence[int]) -> tuple[Chapter, ...]:
    """One chapter for each section; they tile the episode."""
    found = []
    start_ms = 0
    for title, count in zip(titles, frames, strict=True):
        end_ms = start_ms + count * FRAME_MS
        found.append(Chapter(start_ms, end_ms, title))
        start_ms = end_ms
    return tuple(found)


def cues(chapter: Chapter, takes: Sequence[Take], placed: Sequence[Placed]) -> Iterator[Cue]:
    """One cue for each sentence of a section; sentences that share a time share a cue."""
    for take, place in zip(takes, placed, strict=True):
        starts = place.sentences_ms
        begin = 0
        for n in range(1, len(starts) + 1):
            if n < len(starts) and starts[n] == starts[begin]:
                continue
            end_ms = starts[n] if n < len(starts) else place.end_ms
            text = "".join(take.texts[begin:n])
            yield Cue(chapter.start_ms + starts[begin], chapter.start_ms + end_ms, text)
            begin = n
