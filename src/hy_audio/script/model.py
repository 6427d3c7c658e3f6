"""A script: sections of utterances, each sentence with what is printed and what is said."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain

from hy_audio.article.model import SourceWarning, Span

EDITOR_TEXT = "editor-text"
"""Rule by which printed words are silent because an editor said others in their place."""
CAPTION_PREFIX = "图片说明："
"""What announces a caption."""
SENTENCE_PAUSE_MS = 420
"""Silence between two utterances of one block."""


class Role(StrEnum):
    """What an utterance is in the edition."""

    SHOW = "show"
    KICKER = "kicker"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    BYLINE = "byline"
    DISCLOSURE = "disclosure"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    VERSE = "verse"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Printed characters that are said differently."""

    start: int
    """Offset of the first, in code points: of a sentence, in the source."""
    end: int
    """Offset after the last."""
    said: str
    """What is said instead."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a sentence goes on in a new line of captions."""

    display: int
    """Offset in what the reader sees."""
    spoken: int
    """Offset in what the voice gets."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing with a place of its own in the source; one or a few cues."""

    display: str
    """What the reader sees."""
    spoken: str
    """What the voice gets: no digits, no symbols, Chinese punctuation."""
    pinyin: tuple[str, ...]
    """A syllable with its tone number (5 is neutral, ü is v) for each Han character of `spoken`."""
    source: tuple[int, int]
    """Range in the source; an empty range for a line that the program adds."""
    respelled: str = ""
    """`spoken` with the lexicon's words written in characters that can only be read so, one for
    one, for engines that take text alone; empty where it would be the same."""
    changes: tuple[Change, ...] = ()
    """What of the printed words is said differently, in order, not overlapping."""
    breaks: tuple[Break, ...] = ()
    """Where its lines begin as captions, but the first."""

    @property
    def is_printed(self) -> bool:
        """Whether it is on the page; otherwise the program or an editor adds it."""
        return self.source[0] < self.source[1]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One request to an engine: a sentence or a few of one paragraph."""

    id: str
    """Unique in the script: the section's id and a number."""
    role: Role
    """What it is."""
    sentences: tuple[Sentence, ...]
    """At least one."""
    pause_ms: int
    """Silence after it, in milliseconds."""

    @property
    def display(self) -> str:
        """What the reader sees."""
        return "".join(s.display for s in self.sentences)

    @property
    def spoken(self) -> str:
        """What the voice gets."""
        return "".join(s.spoken for s in self.sentences)

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each sentence begins in `spoken`."""
        return tuple(accumulate((len(s.spoken) for s in self.sentences[:-1]), initial=0))

    @property
    def respelled(self) -> str:
        """What a voice gets that takes text alone: as long as `spoken`."""
        return "".join(s.respelled or s.spoken for s in self.sentences)

    @property
    def pinyin(self) -> tuple[str, ...]:
        """The reading of every Han character of `spoken`."""
        return tuple(chain.from_iterable(s.pinyin for s in self.sentences))

    @property
    def source(self) -> tuple[int, int]:
        """Range in the source, from the first sentence to the last."""
        return self.sentences[0].source[0], self.sentences[-1].source[1]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the episode."""

    number: int
    """Place in the episode, from 1."""
    id: str
    """ASCII, unique in the script, made of the title alone: it survives edits elsewhere."""
    title: str
    """The chapter's title as printed."""
    utterances: tuple[Utterance, ...]
    """At least one."""

    @property
    def printed(self) -> str:
        """All that it has from the page, but its heading."""
        spoken = (u.sentences for u in self.utterances if u.role is not Role.HEADING)
        return "".join(s.display for s in chain.from_iterable(spoken) if s.is_printed)


@dataclass(frozen=True, slots=True)
class Script:
    """All that will be said, in order."""

    title: str
    """The headline as printed, or the title the editor gave."""
    byline: str
    """Who wrote it, as printed; empty if nobody is named."""
    sections: tuple[Section, ...]
    """The opening first."""
    ledger: tuple[Span, ...]
    """What became of every character of the source."""
    warnings: tuple[SourceWarning, ...]
    """In order of their place."""

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """All utterances in order."""
        return tuple(chain.from_iterable(section.utterances for section in self.sections))
