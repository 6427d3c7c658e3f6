"""Each line of a page told by itself: what it is, and what of it is spoken."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hy_audio.article.lines import Line
from hy_audio.article.model import Block, Hint, Kind
from hy_audio.article.rules import (
    DOUBTS,
    HEAD,
    LINE_RULES,
    MARKER,
    SILENT_KINDS,
    Rule,
    credit_at_end,
    marker_at_end,
    pointer_at_end,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A line and what the rules made of it."""

    line: Line
    """The line."""
    kind: Kind | None
    """What it is; None for text that only its neighbours can tell."""
    rule: str
    """The rule that silences what is not spoken of it."""
    say: tuple[int, int] | None
    """The source range that is spoken, if any."""
    notes: tuple[tuple[int, int, str], ...] = ()
    """Silent ranges inside the line, with their rules."""
    whole: bool = False
    """Whether its format says that it is a block of its own."""
    begins: Kind | None = None
    """ITEM or PARAGRAPH where its first words begin one, whatever stands above."""
    inner: bool = False
    """Whether it is the rest of a line out of which something was cut."""
    doubt: str = ""
    """The rule that would silence it if only it were sure."""

    @property
    def text(self) -> str:
        """What is spoken of the line."""
        if self.say is None:
            return ""
        return self.line.text[self.say[0] - self.line.start : self.say[1] - self.line.start]

    @property
    def plain(self) -> str:
        """The same as rules read it."""
        if self.say is None:
            return ""
        return self.line.plain[self.say[0] - self.line.start : self.say[1] - self.line.start]

    @property
    def said(self) -> tuple[int, int]:
        """The source range of its block: what is spoken, or of a silent line all of it."""
        return self.say or (self.line.start, self.line.end)

    @property
    def ornamented(self) -> bool:
        """Whether an ornament stands before its words."""
        return any(name == "marker" and a == self.line.start for a, _, name in self.notes)

    @property
    def labelled(self) -> bool:
        """Whether it begins with a label, such as 地点：… or 问：…."""
        return self.begins is Kind.PARAGRAPH and "：" in self.text[:9]

    @property
    def credited(self) -> bool:
        """Whether a credit stands behind its words."""
        return any(name == "credit" for _, _, name in self.notes)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table that is read."""
        return self.kind is Kind.PARAGRAPH and self.rule == "row"

    @property
    def is_bracketed(self) -> bool:
        """Whether it is a label such as 【链接】 and no more."""
        return self.text.startswith(("【", "［")) and self.text.endswith(("】", "］"))

    @property
    def is_prompt(self) -> bool:
        """Whether it asks to scan a code or to press a button."""
        return self.rule.startswith("prompt")

    @property
    def continues_column(self) -> bool:
        """Whether it stands right below another line, at the edge of the column."""
        return not (self.line.gap or self.line.indent)

    @property
    def continues(self) -> bool:
        """Whether it may go on with the line right above it, wherever that one broke off."""
        told = self.kind not in (None, Kind.CAPTION) or self.ornamented
        return not told and self.begins is None and self.continues_column

    def block(self, kind: Kind | None = None) -> Block:
        """The line as a block, of its own kind or another."""
        return Block(kind or self.kind or Kind.PARAGRAPH, self.text or self.line.text, (self.said,))

    def silenced(self, rule: str) -> "Marked":
        """The same line, not spoken."""
        return replace(self, kind=Kind.NOTICE, rule=rule, say=None, notes=())

    def given_back(self, doubt: str = "") -> "Marked":
        """The same line, which a rule had silenced, as text."""
        say = (self.line.start, self.line.end)
        return replace(self, kind=None, rule="", say=say, doubt=doubt)

    def narrowed(self, kind: Kind, start: int, end: int) -> "Marked":
        """The same line, of a kind; of what was spoken only `[start:end]` still is."""
        assert self.say
        a, b = self.say[0] + start, self.say[0] + end
        around = ((self.say[0], a, "marker"), (b, self.say[1], "marker"))
        notes = (*self.notes, *(note for note in around if note[0] < note[1]))
        return replace(self, kind=kind, rule=kind.value, say=(a, b), notes=notes)

    def split(self, start: int, end: int) -> tuple["Marked | None", "Marked", "Marked | None"]:
        """Three lines of one: before, `[start:end]` of what is spoken, and behind if any."""
        assert self.say
        a, b = self.say[0] + start, self.say[0] + end
        before, behind = self._part(self.line.start, a), self._part(b, self.line.end)
        return before, self._part(a, b) or self, behind

    def without(self, asides: Iterable[tuple[int, int, str]]) -> list["Marked"]:
        """Several lines of one: of what is spoken, `[start:end]` of each aside is silent.

        Args:
            asides: start, end and rule of each, in order; one that begins inside another is none.
        """
        assert self.say
        at, done = self.say[0], self.line.start
        parts: list[Marked | None] = []
        for start, end, rule in asides:
            if at + start >= done and (aside := self._part(at + start, at + end)):
                parts += (self._part(done, at + start), aside.silenced(rule))
                done = at + end
        parts.append(self._part(done, self.line.end))
        return [part for part in parts if part]

    def _part(self, start: int, end: int) -> "Marked | None":
        if start == end:
            return None
        assert self.say
        at, first = self.line.start, start == self.line.start
        inside = slice(start - at, end - at)
        line = Line(
            start,
            end,
            self.line.text[inside],
            self.line.plain[inside],
            self.line.indent if first else 0,
            self.line.gap if first else 0,
        )
        say = (max(start, self.say[0]), min(end, self.say[1]))
        notes = tuple(note for note in self.notes if start <= note[0] < end)
        part = replace(
            self,
            line=line,
            say=say,
            notes=notes,
            begins=self.begins if first else None,
            inner=not first,
        )
        return part if say[0] < say[1] else part.silenced("marker")


def mark(lines: Iterable[Line], hints: Iterable[Hint] = ()) -> list[Marked]:
    """Tell each line by itself; where its format knows what it is, that decides."""
    known = {hint.start: hint.kind for hint in hints}
    return [_mark(line, known.get(line.start)) for line in lines]


def _mark(line: Line, hinted: Kind | None) -> Marked:
    rule, match, doubt = _match(line)
    if rule and match and (rule.kind in SILENT_KINDS or hinted in (None, Kind.PARAGRAPH)):
        return replace(_apply(rule, match, line), whole=hinted is not None)
    kind = None if hinted is Kind.PARAGRAPH else hinted
    marked = _trimmed(line, kind, "", (0, len(line.text)), [])
    return replace(marked, whole=hinted is not None, doubt=doubt)


def _match(line: Line) -> tuple[Rule | None, re.Match[str] | None, str]:
    """The rule that takes a line; else the name of the first that was not sure, if any."""
    doubt = ""
    for rule in (*LINE_RULES, *DOUBTS):
        if len(line.text) > rule.longest or not (match := rule.pattern.fullmatch(line.plain)):
            continue
        if rule.sure is None or rule.sure(line.plain):
            return rule, match, ""
        doubt = doubt or (rule.name if rule.kind in SILENT_KINDS else "")
    return None, None, doubt


def _apply(rule: Rule, match: re.Match[str], line: Line) -> Marked:
    if rule.kind in SILENT_KINDS:
        return Marked(line, rule.kind, rule.name, None)
    start, end = match.span("say") if "say" in match.re.groupindex else match.span()
    notes = [(0, start, "marker"), (end, len(line.text), "marker")]
    return _trimmed(line, rule.kind, rule.name, (start, end), notes)


def _trimmed(
    line: Line,
    kind: Kind | None,
    rule: str,
    say: tuple[int, int],
    notes: list[tuple[int, int, str]],
) -> Marked:
    """Take the ornaments, pointers and credits off what is spoken of a line."""
    start, end = say
    for name, pattern in (("marker", MARKER), ("jump", HEAD)):
        if match := pattern.match(line.plain, start, end):
            notes.append((start, match.end(), name))
            start = match.end()
    tail = ("credit", credit_at_end) if kind is Kind.CAPTION else ("jump", pointer_at_end)
    for name, find in (tail, ("marker", marker_at_end)):
        if match := find(line.plain, start, end):
            notes.append((match.start(), end, name))
            end = match.start()
    if start >= end:
        return Marked(line, Kind.NOTICE, "ornament", None)
    at = line.start
    silent = tuple((at + a, at + b, name) for a, b, name in notes if a < b)
    return Marked(line, kind, rule, (at + start, at + end), silent)


def joined(kind: Kind, lines: Sequence[Marked]) -> Block:
    """One block of several lines; a silent line is one of its own, as printed."""
    if len(lines) == 1:
        return lines[0].block(kind)
    pieces: list[tuple[int, int]] = []
    texts: list[str] = []
    for m in lines:
        text = m.text
        if texts and _is_latin(texts[-1][-1:]) and _is_latin(text[:1]):
            # Two Latin words stay two words: the line break itself stands for the space.
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + 1)
            texts[-1] += " "
        pieces.append(m.said)
        texts.append(text)
    return Block(kind, "".join(texts), tuple(pieces))


def _is_latin(c: str) -> bool:
    return c.isascii() and c.isalpha()
