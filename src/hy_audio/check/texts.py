"""Whether chapters, cues, ledger and label tell the truth about the sound."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import av
import msgspec
from av.error import FFmpegError

from hy_audio import episode
from hy_audio.article.model import Fate
from hy_audio.check.model import Episode, Found
from hy_audio.script.captions import LINE_CHARACTERS, LINES
from hy_audio.script.model import Role
from hy_audio.stitch import timeline
from hy_audio.stitch.containers import CONTAINERS
from hy_audio.stitch.label import FIELDS
from hy_audio.stitch.mux import printable

_CUE = re.compile(
    r"(\d+):(\d\d):(\d\d)[.,](\d{3}) --> (\d+):(\d\d):(\d\d)[.,](\d{3})\n(.*?)(?:\n\n|\n?\Z)",
    re.DOTALL,
)
_STAMP = re.compile(r"^(\d+):(\d\d):(\d\d) (.*)$", re.MULTILINE)
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


# Chapters


def chapters(it: Episode) -> Iterator[Found]:
    """Chapters in the tag, in chapters.json and in the description begin where their frames do."""
    sections = it.manifest.sections
    times_ms = timeline.starts_ms([s.frames for s in sections], it.form)
    due = timeline.chapters([s.title for s in sections], times_ms)
    for section, begin_ms, end_ms in zip(sections, times_ms, times_ms[1:], strict=False):
        if (section.start_ms, section.start_ms + section.duration_ms) != (begin_ms, end_ms):
            problem = f"section {section.number} does not lie where its frames do"
            yield Found("chapters", episode.MANIFEST, problem)
    tagged = [(c.start_ms, c.end_ms, printable(c.title)) for c in due]
    yield from _compared(episode.AUDIO, _in_tag(it, episode.AUDIO), tagged)
    for suffix in it.manifest.sound.formats:
        name = f"{episode.STEM}.{suffix}"
        there = _in_tag(it, name)
        begins = None if there is None else [(start, title) for start, _, title in there]
        yield from _compared(name, begins, [(start, title) for start, _, title in tagged])
    told = [(c.start_ms, c.end_ms, c.title) for c in due]
    yield from _compared(episode.CHAPTERS, _in_json(it), told)
    stamped = [(c.start_ms // 1000, printable(c.title)) for c in due]
    yield from _compared(episode.DESCRIPTION, _in_description(it), stamped)


def _compared(name: str, there: list[Any] | None, due: list[Any]) -> Iterator[Found]:
    if there is None:
        yield Found("chapters", name, "its chapters can't be read")
    elif len(there) != len(due):
        yield Found("chapters", name, f"it has {len(there)} chapters, not {len(due)}")
    else:
        wrong = [n for n, (a, b) in enumerate(zip(there, due, strict=True), 1) if a != b]
        if wrong:
            told, right = there[wrong[0] - 1], due[wrong[0] - 1]
            yield Found("chapters", name, f"chapter {wrong[0]} is {told}, not {right}")


def _in_tag(it: Episode, name: str) -> list[tuple[int, int, str]] | None:
    try:
        with av.open(str(it.folder / name), "r") as container:
            return [
                (_ms(c, c["start"]), _ms(c, c["end"]), c["metadata"].get("title", ""))
                for c in container.chapters()
            ]
    except (FFmpegError, OSError):
        return None


def _ms(chapter: Any, time: int) -> int:
    ms: int = round(time * chapter["time_base"] * 1000)
    return ms


def _in_json(it: Episode) -> list[tuple[int, int, str]] | None:
    try:
        told = msgspec.json.decode((it.folder / episode.CHAPTERS).read_bytes())
        return [
            (round(c["startTime"] * 1000), round(c["endTime"] * 1000), c["title"])
            for c in told["chapters"]
        ]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _in_description(it: Episode) -> list[tuple[int, str]] | None:
    text = _read(it, episode.DESCRIPTION)
    if text is None:
        return None
    found = _STAMP.findall(text)
    return [((int(h) * 60 + int(m)) * 60 + int(s), title) for h, m, s, title in found]


def _read(it: Episode, name: str) -> str | None:
    try:
        return (it.folder / name).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


# Cues


def cues(it: Episode) -> Iterator[Found]:
    """Every printed word that is spoken is in a cue, at its time, in both transcripts."""
    script = episode.read_script(it.folder)
    due = "" if script is None else _squeezed("".join(u.display for u in script.utterances))
    for name in episode.TRANSCRIPTS:
        text = _read(it, name)
        if text is None:
            yield Found("cues", name, "can't be read")
            continue
        found = _cues(text, escaped=name.endswith("vtt"))
        wrong = list(_in_order(name, found, it.manifest.duration_ms))
        yield from wrong or _in_time(it, name, found)
        told = _squeezed("".join(words for _, _, words in found))
        if script is not None and told != due:
            at = next((n for n, (a, b) in enumerate(zip(told, due, strict=False)) if a != b), None)
            place = min(len(told), len(due)) if at is None else at
            problem = f"it does not hold what is spoken, from “{due[place : place + 12]}” on"
            yield Found("cues", name, problem)


def _cues(text: str, *, escaped: bool) -> list[tuple[int, int, str]]:
    found = []
    for *clock, words in _CUE.findall(text):
        h, m, s, ms, h2, m2, s2, ms2 = map(int, clock)
        for mark, character in _ESCAPES if escaped else ():
            words = words.replace(mark, character)
        start_ms = ((h * 60 + m) * 60 + s) * 1000 + ms
        found.append((start_ms, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2, words))
    return found


def _in_order(
    name: str, found: Sequence[tuple[int, int, str]], duration_ms: int
) -> Iterator[Found]:
    before = 0
    for number, (start_ms, end_ms, words) in enumerate(found, 1):
        lines = words.split("\n")
        if not before <= start_ms < end_ms <= duration_ms:
            yield Found("cues", name, f"cue {number} overlaps another or lies outside the episode")
            return
        if len(lines) > LINES or max(map(len, lines)) > LINE_CHARACTERS:
            yield Found("cues", name, f"cue {number} has too many or too long lines")
            return
        before = end_ms


def _in_time(it: Episode, name: str, found: Sequence[tuple[int, int, str]]) -> Iterator[Found]:
    """Those of an utterance begin and end with its sound."""
    first = 0
    for section in it.manifest.sections:
        for utterance in section.utterances:
            last = first + len(utterance.texts_ms)
            begin_ms, end_ms = (
                section.start_ms + at for at in (utterance.start_ms, utterance.end_ms)
            )
            some = found[first:last]
            if not some or (some[0][0], some[-1][1]) != (begin_ms, end_ms):
                yield Found("cues", name, f"cue {first + 1} is not where its words are heard")
                return
            first = last


def _squeezed(text: str) -> str:
    return "".join(text.split())


# The ledger


def ledger(it: Episode) -> Iterator[Found]:
    """The ledger tiles the page, and all that it calls spoken is in an utterance."""
    script, text = episode.read_script(it.folder), episode.read_source(it.folder)
    if script is None or text is None:
        yield Found("ledger", episode.SCRIPT, "it or the page can't be read")
        return
    at = 0
    for span in script.ledger:
        if span.start != at or span.end <= at:
            yield Found("ledger", episode.SCRIPT, f"it does not tile the page at character {at}")
            return
        at = span.end
    if at != len(text):
        problem = f"it ends at character {at} of {len(text)}: it is of another page"
        yield Found("ledger", episode.SCRIPT, problem)
        return
    said = bytearray(len(text))
    for utterance in script.utterances:
        for sentence in utterance.sentences:
            start, end = sentence.source
            said[start:end] = b"\1" * (end - start)
    for span in script.ledger:
        if span.fate is Fate.SPOKEN and 0 in said[span.start : span.end]:
            lost = text[span.start : span.end][:12]
            yield Found("ledger", episode.SCRIPT, f"“{lost}” counts as spoken, and nobody says it")
    ids = [u.id for u in script.utterances]
    if ids != [u.id for s in it.manifest.sections for u in s.utterances]:
        yield Found("ledger", episode.SCRIPT, "it is not the script that the manifest tells of")


# The label


def label(it: Episode) -> Iterator[Found]:
    """It says that its voice is synthetic, in its sound and in its metadata."""
    chosen = it.manifest.label
    off = [
        *(["in its sound"] if chosen.sound == "off" else []),
        *(["in its metadata"] if not chosen.metadata else []),
    ]
    for where in off:
        problem = f"it does not say {where} that its voice is synthetic, as [label] asks"
        yield Found("label", "", problem, is_off=False)
    script = episode.read_script(it.folder)
    opening = script.sections[:1] if script else ()
    said = any(u.role is Role.DISCLOSURE for s in opening for u in s.utterances)
    if chosen.sound in ("spoken", "both") and script and not said:
        yield Found("label", "", "its opening does not say that the voice is synthetic")
    if chosen.metadata:
        yield from _object(it, chosen.metadata)
        for suffix, container in CONTAINERS.items():
            name = f"{episode.STEM}.{suffix}"
            there = suffix in it.manifest.sound.formats
            if there and _in_metadata(it, name, container.label) != chosen.metadata:
                yield _unlabelled(name)


def _object(it: Episode, due: str) -> Iterator[Found]:
    there = _in_metadata(it, episode.AUDIO, "AIGC")
    if there != due:
        yield _unlabelled(episode.AUDIO)
        return
    try:
        fields = msgspec.json.decode(there, type=dict[str, str])
    except ValueError:
        fields = {}
    if tuple(fields) != FIELDS:
        yield Found("label", episode.AUDIO, "its AIGC object is not as GB 45438-2025 has it")


def _unlabelled(name: str) -> Found:
    return Found("label", name, "its metadata has not the AIGC object of the manifest")


def _in_metadata(it: Episode, name: str, tag: str) -> str:
    """What a file says of itself, or of its sound; empty if it can't be read."""
    try:
        with av.open(str(it.folder / name), "r") as container:
            told = [part.metadata.get(tag, "") for part in (container, *container.streams)]
            return next(filter(None, told), "")
    except (FFmpegError, OSError):
        return ""
