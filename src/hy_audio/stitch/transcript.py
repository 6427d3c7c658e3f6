"""The timeline as files: WebVTT, SubRip and Podcasting 2.0 chapters. Pure.

Sources: WebVTT (W3C); the JSON Chapters Format 1.2.0 of the Podcast Namespace, whose times are in
seconds.
"""

from collections.abc import Sequence

import msgspec

from hy_audio.stitch.model import Chapter, Cue, Tags

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def vtt(cues: Sequence[Cue]) -> str:
    """The transcript as WebVTT."""
    blocks = [f"{_times(c, '.')}\n{_lines(c.text).translate(_ESCAPES)}\n" for c in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def srt(cues: Sequence[Cue]) -> str:
    """The transcript as SubRip."""
    blocks = [f"{n}\n{_times(c, ',')}\n{_lines(c.text)}\n" for n, c in enumerate(cues, 1)]
    return "\n".join(blocks)


def chapters_json(chapters: Sequence[Chapter], tags: Tags) -> bytes:
    """The chapters as Podcasting 2.0 wants them."""
    document = {
        "version": "1.2.0",
        "title": tags.title,
        **({"author": tags.artist} if tags.artist else {}),
        **({"podcastName": tags.album} if tags.album else {}),
        "chapters": [
            {"startTime": c.start_ms / 1000, "endTime": c.end_ms / 1000, "title": c.title}
            for c in chapters
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def description(chapters: Sequence[Chapter], tags: Tags) -> str:
    """What is in the episode, with a time stamp for each chapter, as players make links of them."""
    head = " · ".join(filter(None, (tags.title, tags.artist, tags.album, tags.date)))
    disclosed = [tags.disclosure] if tags.disclosure else []
    return "\n".join([head, *disclosed, "", *map(_stamped, chapters)]) + "\n"


def _stamped(chapter: Chapter) -> str:
    return f"{clock(chapter.start_ms)[:8]} {' '.join(chapter.title.split())}"


def _times(cue: Cue, point: str) -> str:
    return f"{clock(cue.start_ms, point)} --> {clock(cue.end_ms, point)}"


def _lines(text: str) -> str:
    """The lines of a cue; an empty one would end it."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def clock(ms: int, point: str = ".") -> str:
    """A time as hours, minutes, seconds and milliseconds."""
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"
