"""From a manifest, a script and a page to the text of an episode, with its times. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from operator import attrgetter

from hy_audio.article.model import Fate, Span
from hy_audio.characters import line_starts
from hy_audio.errors import ConfigError
from hy_audio.manifest import Manifest, SectionEntry
from hy_audio.publish.model import Correction, Part, Passage, Reading, Sentence
from hy_audio.script.captions import cues
from hy_audio.script.model import (
    CAPTION_PREFIX,
    SENTENCE_PAUSE_MS,
    Role,
    Script,
    Section,
    Utterance,
)
from hy_audio.script.model import Sentence as Written
from hy_audio.stitch import timeline
from hy_audio.stitch.model import Line, Placed

CREDIT = "credit"
"""Kind of a passage that is printed and not read: who took a picture."""

_SHOWN = {"credit": CREDIT, "captions-skipped": Role.CAPTION.value}
"""Rules of what is silent and yet belongs on the page, and the kinds of passages it becomes."""
_WITHIN = ("line-break", "invisible")
"""Rules of what may stand inside such a passage."""
_ORNAMENTS = "■□▲△▼▽◆◇●○◎★☆▶►◀◁※→←↑↓ \t\r\n\u3000"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A passage and where it is printed."""

    start: int
    """Offset in the source; negative for a line that is not printed."""
    passage: Passage
    """As it will be shown."""


def read_along(
    manifest: Manifest, script: Script, page: str, corrections: tuple[Correction, ...]
) -> Reading:
    """The text of an episode as the page has it, each sentence with its time.

    Args:
        manifest: where each utterance lies.
        script: what is said.
        page: the source that the script was made of.
        corrections: what was put right.

    Raises:
        ConfigError: manifest and script are not of one episode.
    """
    if [s.id for s in manifest.sections] != [s.id for s in script.sections]:
        raise _strangers(manifest)
    reader = _Reader(page, _hard_breaks(page, script.ledger))
    try:
        found = [
            list(reader.section(section, entry))
            for section, entry in zip(script.sections, manifest.sections, strict=True)
        ]
    except ValueError as error:
        raise _strangers(manifest) from error
    for aside in _asides(script.ledger, page):
        _insert(found, aside)
    parts = zip(manifest.sections, found, strict=True)
    return Reading(
        parts=tuple(
            Part(entry.id, entry.title, entry.start_ms, tuple(p.passage for p in placed))
            for entry, placed in parts
        ),
        corrections=tuple(sorted(corrections, key=attrgetter("when"), reverse=True)),
        disclosure="" if manifest.label.sound == "off" else manifest.label.disclosure,
        duration_ms=manifest.duration_ms,
    )


def _strangers(manifest: Manifest) -> ConfigError:
    problem = f"script.json and episode.json of {manifest.slug} do not belong together"
    return ConfigError(f"{problem}; build the episode again")


# Passages


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds the passages of a section."""

    page: str
    """The source."""
    hard: Sequence[int]
    """Places of line breaks that end a paragraph, in order."""

    def section(self, section: Section, entry: SectionEntry) -> Iterator[_Placed]:
        """The passages that are read."""
        times = _times(section, entry)
        written = [(u, s) for u in section.utterances for s in u.sentences]
        begins = [0, *(n for n, two in enumerate(pairwise(written), 1) if self._parts(*two))]
        for a, b in pairwise([*begins, len(written)]):
            yield self._placed(written[a:b], times[a:b])

    def _placed(
        self, written: Sequence[tuple[Utterance, Written]], times: Sequence[tuple[int, int]]
    ) -> _Placed:
        role = written[0][0].role
        sentences = [sentence for _, sentence in written]
        texts = [*map(self._text, sentences, sentences[1:]), sentences[-1].display]
        if role is Role.CAPTION:
            texts[0] = texts[0].removeprefix(CAPTION_PREFIX)
        first = sentences[0]
        said = (
            Sentence(text, start_ms, end_ms - start_ms)
            for text, (start_ms, end_ms) in zip(texts, times, strict=True)
        )
        # A byline may stand below the text and is read above it: it tells no place.
        told = first.is_printed and role is not Role.BYLINE
        return _Placed(first.source[0] if told else -1, Passage(role.value, tuple(said)))

    def _parts(self, one: tuple[Utterance, Written], next_: tuple[Utterance, Written]) -> bool:
        """Whether a new passage begins between two sentences."""
        (above, before), (below, after) = one, next_
        if above is below:
            return False
        if above.role is not below.role:
            return True
        if not (before.is_printed and after.is_printed):
            return above.pause_ms != SENTENCE_PAUSE_MS
        start, end = before.source[1], after.source[0]
        return end < start or bisect_left(self.hard, start) < bisect_left(self.hard, end)

    def _text(self, sentence: Written, after: Written) -> str:
        """What is printed, with the space that parts it from the next where words have spaces."""
        display = sentence.display
        if not (sentence.is_printed and after.is_printed and display[-1:].isascii()):
            return display
        around = self.page[sentence.source[1] - 1 : after.source[0] + 1]
        return f"{display} " if any(map(str.isspace, around)) else display


def _hard_breaks(page: str, ledger: Sequence[Span]) -> list[int]:
    """Where lines end that were not joined."""
    ends = [start - 1 for start in line_starts(page)[1:]]
    joined = [(s.start, s.end) for s in ledger if s.fate is Fate.JOINED]
    starts = [start for start, _ in joined]

    def is_joined(place: int) -> bool:
        at = bisect_right(starts, place) - 1
        return at >= 0 and place < joined[at][1]

    return [place for place in ends if not is_joined(place)]


# Times


def _times(section: Section, entry: SectionEntry) -> list[tuple[int, int]]:
    """Where each sentence begins and ends: with its first cue, and with its last."""
    shown = [[[text for _, text in cues(s)] for s in u.sentences] for u in section.utterances]
    lines = [Line("", tuple(chain.from_iterable(texts)), (), 0, 0) for texts in shown]
    placed = [Placed(u.start_ms, u.end_ms, u.texts_ms) for u in entry.utterances]
    if [len(line.texts) for line in lines] != [len(place.texts_ms) for place in placed]:
        raise ValueError(section.id)
    timed = timeline.cues(entry.start_ms, lines, placed)
    shares = (list(islice(timed, len(texts))) for texts in chain.from_iterable(shown))
    return [(share[0].start_ms, share[-1].end_ms) for share in shares]


# What is printed and not read


def _asides(ledger: Sequence[Span], page: str) -> Iterator[_Placed]:
    """Credits, and captions that are not read, in order."""
    for run in _runs(ledger):
        kind = _SHOWN[run[0].rule]
        shown = "".join(page[s.start : s.end] for s in run if s.rule not in _WITHIN)
        if text := shown.strip(_ORNAMENTS):
            yield _Placed(run[0].start, Passage(kind, (Sentence(text, 0, 0),)))


def _runs(ledger: Sequence[Span]) -> Iterator[list[Span]]:
    """Spans of one such rule, and what stands inside them."""
    run: list[Span] = []
    for span in ledger:
        if run and span.rule not in (run[0].rule, *_WITHIN):
            yield run
            run = []
        if run or span.rule in _SHOWN:
            run.append(span)
    if run:
        yield run


def _insert(found: Sequence[list[_Placed]], aside: _Placed) -> None:
    """Put a passage behind the one that is printed above it; the first of all opens the text."""
    above = [
        (placed.start, n, k)
        for n, part in enumerate(found)
        for k, placed in enumerate(part)
        if 0 <= placed.start < aside.start
    ]
    _, n, k = max(above, default=(0, 0, len(found[0]) - 1))
    found[n].insert(k + 1, aside)
