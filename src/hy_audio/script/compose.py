"""From an `Article` to its `Script`: who says what, in which section, with what pause after it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, islice, takewhile

from hy_audio.article.model import Article, Block, Fate, Kind, SourceWarning
from hy_audio.characters import han, has_han
from hy_audio.errors import ScriptError
from hy_audio.script.captions import breaks
from hy_audio.script.ledger import Silenced, settle
from hy_audio.script.lexicon import EMPTY, Lexicon
from hy_audio.script.model import (
    CAPTION_PREFIX,
    SENTENCE_PAUSE_MS,
    Break,
    Change,
    Role,
    Script,
    Section,
    Sentence,
    Utterance,
)
from hy_audio.script.normalize import Rewrite, Spoken, normalize
from hy_audio.script.pauses import TITLE, pauses
from hy_audio.script.pinyin import read_all
from hy_audio.script.settings import Settings
from hy_audio.script.slug import slug
from hy_audio.script.split import fit, sentences

MAX_CHARACTERS = 120
"""Longest utterance, counted in what is printed and in what is said."""

OPENING = "开场"
"""Title of the section that names the article."""
LEAD = "导语"
"""Title of what stands above the first heading."""
BODY = "正文"
"""Title of the whole text where there is no heading."""

PAUSES_MS = {
    Role.SHOW: 600,
    Role.KICKER: 500,
    Role.HEADLINE: 800,
    Role.SUBHEAD: 700,
    Role.BYLINE: 700,
    Role.DISCLOSURE: 900,
    Role.HEADING: 800,
    Role.PARAGRAPH: 740,
    Role.ITEM: 520,
    Role.VERSE: 520,
    Role.CAPTION: 800,
}
"""Silence after the last utterance of a block, in milliseconds.

With the 30 ms that a clip keeps at each end: 800 after a paragraph and 480 between its sentences,
so that some three sentences to a paragraph have the 600 of a newsreader (docs/voices.md).
"""
SECTION_PAUSE_MS = 1200
"""Silence at the end of a section."""

_ROLES = {
    Kind.KICKER: Role.KICKER,
    Kind.HEADLINE: Role.HEADLINE,
    Kind.SUBHEAD: Role.SUBHEAD,
    Kind.BYLINE: Role.BYLINE,
    Kind.DATELINE: Role.PARAGRAPH,
    Kind.HEADING: Role.HEADING,
    Kind.PARAGRAPH: Role.PARAGRAPH,
    Kind.ITEM: Role.ITEM,
    Kind.VERSE: Role.VERSE,
    Kind.CAPTION: Role.CAPTION,
}
_OPENING = (Role.KICKER, Role.HEADLINE, Role.SUBHEAD, Role.BYLINE)
_AROUND = (Role.SHOW, Role.BYLINE, Role.DISCLOSURE)
_BROKEN = ("lost-text", "unfinished")
_TEXT = (Kind.DATELINE, Kind.PARAGRAPH, Kind.ITEM, Kind.VERSE)
_MAY_REPEAT = (Kind.KICKER, Kind.SUBHEAD, Kind.HEADING, Kind.PARAGRAPH)
_SAYS_SOMETHING = re.compile(r"\w")
_ENDS = re.compile(r"[。！？；：，、—…]+[”’）》]*$")


@dataclass(frozen=True, slots=True)
class Part:
    """A block's words on their way to utterances."""

    role: Role
    """What the block is."""
    sentences: tuple[Sentence, ...]
    """At least one."""


_Titled = tuple[str, list[Part]]
"""A section's title and what is said in it."""


def compose(article: Article, settings: Settings | None = None) -> Script:
    """Write the script of an article.

    Raises:
        ScriptError: nothing of the article is spoken.
    """
    settings = settings or Settings()
    spoken = {span.start for span in article.ledger if span.fate is Fate.SPOKEN}
    writer = Writer(settings, frozenset(w.start for w in article.warnings if w.rule in _BROKEN))
    blocks = writer.once([b for b in article.blocks if b.pieces[0][0] in spoken])
    titled = writer.read([(OPENING, writer.opening(blocks)), *writer.body(blocks)])
    said = [p for _, parts in titled for p in parts if p.role not in _AROUND]
    if not any(has_han(s.spoken) for part in said for s in part.sentences):
        raise ScriptError("nothing in this article can be spoken; give it a text with sentences")
    return Script(
        title=settings.title or _title(blocks),
        byline=" ".join(b.text for b in blocks if b.kind is Kind.BYLINE),
        sections=tuple(_sections((title, parts) for title, parts in titled if parts)),
        ledger=settle(article.ledger, writer.silenced),
        warnings=tuple(sorted((*article.warnings, *writer.warnings), key=lambda w: w.start)),
    )


def _title(blocks: Sequence[Block]) -> str:
    """The headline; of an article that has none, the beginning of its text."""
    headlines = [block for block in blocks if block.kind is Kind.HEADLINE]
    if headlines:
        return headlines[0].text
    text = next(block.text for block in blocks if block.kind is not Kind.BYLINE)
    return re.split(r"[。！？，；：,]", text, maxsplit=1)[0][:30]


def _squeezed(block: Block) -> str:
    return "".join(block.text.split())


@dataclass(slots=True)
class Writer:
    """Turns blocks into parts, and remembers what it could not read or left out."""

    settings: Settings
    broken_off: frozenset[int]
    """Places in the source where a sentence does not end."""
    warnings: list[SourceWarning] = field(default_factory=list)
    silenced: list[Silenced] = field(default_factory=list)

    @property
    def _lexicon(self) -> Lexicon:
        return self.settings.lexicon or EMPTY

    def once(self, blocks: Sequence[Block]) -> list[Block]:
        """Leave out a headline that is printed again before the text begins."""
        printed = next((_squeezed(b) for b in blocks if b.kind is Kind.HEADLINE), "")
        ahead = takewhile(lambda b: b.kind not in _TEXT or _squeezed(b) == printed, blocks)
        again = [b for b in ahead if b.kind in _MAY_REPEAT and _squeezed(b) == printed]
        self.silenced += [(a, b, "title-repeated") for block in again for a, b in block.pieces]
        return [block for block in blocks if block not in again]

    def opening(self, blocks: Sequence[Block]) -> list[Part]:
        """The show, the titles (the editor's in place of the headline), byline, disclosure."""
        parts = self._added(Role.SHOW, self.settings.show)
        title = self._added(Role.HEADLINE, self.settings.title)
        if all(block.kind is not Kind.HEADLINE for block in blocks):
            parts += title
        for block in blocks:
            role = _ROLES[block.kind]
            if role is Role.HEADLINE and title:
                parts += title
                self.silenced += [(a, b, "title-replaced") for a, b in block.pieces]
            elif role in _OPENING:
                parts += self.part(role, block)
        return parts + self._added(Role.DISCLOSURE, self.settings.disclosure)

    def body(self, blocks: Sequence[Block]) -> list[_Titled]:
        """One section for each heading, and one for the text above the first."""
        has_headings = any(block.kind is Kind.HEADING for block in blocks)
        sections: list[_Titled] = [(LEAD if has_headings else BODY, [])]
        for block in blocks:
            role = _ROLES[block.kind]
            if role in _OPENING:
                continue
            if role is Role.HEADING:
                sections.append((block.text, []))
            sections[-1][1].extend(self.part(role, block))
        return sections

    def part(self, role: Role, block: Block) -> list[Part]:
        """The sentences of a block, still without pinyin; nothing where it has no sound."""
        said: list[Sentence] = []
        for a, b in self._ranges(block.text):
            announced = CAPTION_PREFIX if role is Role.CAPTION and not said else ""
            if sentence := self._sentence(role, block, a, b, announced):
                said.append(sentence)
        return [Part(role, tuple(said))] if said else []

    def _sentence(
        self, role: Role, block: Block, start: int, end: int, announced: str
    ) -> Sentence | None:
        """One sentence, with what announces it; None where nothing of it has a sound."""
        printed = block.text[start:end]
        source = block.locate(start, end)
        spoken = self._normalize(printed, pauses(role, first=start == 0))
        if spoken.unreadable:
            message = f"no reading for “{spoken.unreadable}”, which is left out"
            self.warnings.append(SourceWarning("unreadable", *source, message))
        if not _SAYS_SOMETHING.search(spoken.text):
            self.silenced.append((*source, "no-sound"))
            return None
        goes_on = "，" if end < len(block.text) else "。"
        said = _closed(spoken.text, "……" if source[1] in self.broken_off else goes_on)
        changes = tuple(
            Change(*block.locate(start + change.start, start + change.end), change.said)
            for change in spoken.changes
        )
        return _written(printed, spoken, said, announced, source, changes)

    def _added(self, role: Role, text: str) -> list[Part]:
        """A line that is not in the source; nothing where it has no sound."""
        ranges = [text[a:b] for a, b in self._ranges(text)]
        printed = [one for one in ranges if _SAYS_SOMETHING.search(self._normalize(one).text)]
        spoken = [self._normalize(one, pauses(role, first=True)) for one in printed]
        said = zip(printed, spoken, strict=True)
        texts = tuple(_written(one, words, _closed(words.text)) for one, words in said)
        return [Part(role, texts)] if texts else []

    def _normalize(self, printed: str, extra: tuple[Rewrite, ...] = ()) -> Spoken:
        return normalize(printed, (*self._lexicon.rewrites, *extra))

    def _ranges(self, text: str) -> Iterator[tuple[int, int]]:
        """The sentences of a text, each cut where it is too long for one utterance."""
        for a, b in sentences(text):
            yield from fit(text, a, b, self._fits_alone)

    def _fits_alone(self, printed: str) -> bool:
        room = MAX_CHARACTERS - len(CAPTION_PREFIX) - 1
        said = (self._normalize(printed, spaces).text for spaces in ((), TITLE))
        return max(len(printed), *map(len, said)) <= room

    def read(self, titled: Sequence[_Titled]) -> list[_Titled]:
        """Give every sentence its pinyin: all of them at once, which is how it is fast."""
        silent = [s for _, parts in titled for part in parts for s in part.sentences]
        readings = read_all([s.spoken for s in silent], self._lexicon)
        read = map(self._read, silent, readings)
        return [
            (title, [Part(p.role, tuple(islice(read, len(p.sentences)))) for p in parts])
            for title, parts in titled
        ]

    def _read(self, sentence: Sentence, readings: tuple[str, ...]) -> Sentence:
        unknown = "".join(c for c, p in zip(han(sentence.spoken), readings, strict=True) if not p)
        respelled, lost = self._lexicon.respell(sentence.spoken)
        if unknown:
            self._warn("no-pinyin", sentence, f"no known reading for “{unknown}”")
        if lost:
            advice = "an online voice reads it as it likes, the embedded one as you wrote"
            self._warn("respelling", sentence, f"no other character for “{lost}”; {advice}")
        other = "" if respelled == sentence.spoken else respelled
        return replace(sentence, pinyin=readings, respelled=other)

    def _warn(self, rule: str, sentence: Sentence, message: str) -> None:
        self.warnings.append(SourceWarning(rule, *sentence.source, message))


def _written(
    printed: str,
    spoken: Spoken,
    said: str,
    announced: str = "",
    source: tuple[int, int] = (0, 0),
    changes: tuple[Change, ...] = (),
) -> Sentence:
    """A sentence without its pinyin.

    Args:
        printed: as it stands.
        spoken: how it is said.
        said: the same with its last mark.
        announced: what is put before it.
        source: its place.
        changes: what is said differently.
    """
    display = announced + printed.strip()
    moved = len(printed) - len(printed.lstrip()) - len(announced)
    lines = tuple(
        Break(n, len(announced) + spoken.offset(n + moved) if n > len(announced) else n)
        for n in breaks(display)
    )
    return Sentence(display, announced + said, (), source, changes=changes, breaks=lines)


def _closed(spoken: str, mark: str = "。") -> str:
    """A voice falls at a full stop only: a title or an item gets one."""
    return spoken if _ENDS.search(spoken) else spoken + mark


# Utterances and sections


def _sections(titled: Iterable[tuple[str, Sequence[Part]]]) -> Iterator[Section]:
    names: dict[str, Iterator[str]] = {}
    taken: set[str] = set()
    for number, (title, parts) in enumerate(titled, 1):
        tries = names.setdefault(name := slug(title), _numbered(name))
        section_id = next(one for one in tries if one not in taken)
        taken.add(section_id)
        yield Section(number, section_id, title, utterances(section_id, parts))


def _numbered(name: str) -> Iterator[str]:
    return chain([name], (f"{name}-{n}" for n in count(2)))


def utterances(section_id: str, parts: Sequence[Part]) -> tuple[Utterance, ...]:
    """The utterances of a section, with their pauses."""
    drafts: list[tuple[Role, tuple[Sentence, ...], int]] = []
    for part in parts:
        *groups, last = _groups(part.sentences)
        drafts += [(part.role, group, SENTENCE_PAUSE_MS) for group in groups]
        drafts.append((part.role, last, PAUSES_MS[part.role]))
    drafts[-1] = (*drafts[-1][:2], SECTION_PAUSE_MS)
    return tuple(
        Utterance(f"{section_id}-{n:03}", role, group, pause_ms)
        for n, (role, group, pause_ms) in enumerate(drafts, 1)
    )


def _groups(texts: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Group neighbours as long as they fit in one utterance."""
    group: tuple[Sentence, ...] = ()
    for sentence in texts:
        if group and not _fit_together(*group, sentence):
            yield group
            group = ()
        group += (sentence,)
    yield group


def _fit_together(*texts: Sentence) -> bool:
    printed = sum(len(s.display) for s in texts)
    return max(printed, sum(len(s.spoken) for s in texts)) <= MAX_CHARACTERS
