"""From the text of a page to an `Article`.

The page is read three times, each time knowing more: every line by itself (`rules`), the lines at
the top as kicker, headline and subhead, and the lines of the body as headings and paragraphs,
whose broken lines are joined again. What can't be decided is kept, spoken and warned about.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hy_audio.article.columns import Columns, Quotes, columns, is_finished
from hy_audio.article.lines import read_lines
from hy_audio.article.model import Article, Block, Fate, Kind, SourceWarning, Span
from hy_audio.article.rules import SILENT_KINDS, Marked, mark
from hy_audio.characters import width

_FRONT_LINES = 8
_HEADING_WIDTH = 30.0
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]).+")
_ITEM = re.compile(r"(?:\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]).+")
_REPORT = re.compile(r"(?:本报讯|本报综合消息|.{2,12}\d+日电(?:[\s（(]|$))")
_NEVER_ENDS_HEADING = re.compile(r"[。；，、：;,:][”’）)]*$|。")


def parse(text: str, *, read_captions: bool = True) -> Article:
    """Read a page.

    Args:
        text: the page, any text at all.
        read_captions: whether captions are spoken; if not, the ledger says `captions-skipped`.

    Returns:
        The article. Its ledger tiles `text` exactly.
    """
    marked = mark(read_lines(text))
    front = _front(marked)
    body = _Body(marked[len(front) :])
    blocks = tuple(_order([*front, *body.read()]))
    ledger = tuple(_ledger(text, marked, blocks, read_captions))
    return Article(text, blocks, ledger, tuple(sorted(body.warnings, key=lambda w: w.start)))


def _order(blocks: Iterable[Block]) -> list[Block]:
    return sorted(blocks, key=lambda block: block.pieces[0])


# The top of the page


def _front(marked: Sequence[Marked]) -> list[Block]:
    """Blocks for the lines above the body: one for each line."""
    candidates: list[Marked] = []
    others: list[Block] = []
    byline_ahead = any(m.kind is Kind.BYLINE for m in marked[:_FRONT_LINES])
    for m in marked[:_FRONT_LINES]:
        if m.kind is None:
            if _opens_body(m, after_title=bool(candidates), byline_ahead=byline_ahead):
                break
            candidates.append(m)
        else:
            others.append(_block(m))
            if m.kind is Kind.BYLINE and candidates:
                break
    if not candidates:
        others = []
    titled = [
        Block(kind, m.text, _pieces(m))
        for kind, m in zip(_title_kinds(candidates), candidates, strict=True)
    ]
    return _order([*titled, *others])


def _opens_body(m: Marked, *, after_title: bool, byline_ahead: bool) -> bool:
    if _NEVER_ENDS_HEADING.search(m.text) or _REPORT.match(m.text) or width(m.text) > 40:
        return True
    return after_title and (m.line.indent == 2 or (not byline_ahead and m.line.gap >= 2))


def _title_kinds(lines: Sequence[Marked]) -> list[Kind]:
    """Kicker, headline, subheads: the headline is the shorter line, a subhead may begin with ——."""
    kinds = [_title_kind(m.text) for m in lines]
    if Kind.HEADLINE not in kinds:
        kinds = [Kind.HEADLINE if kind is Kind.KICKER else kind for kind in kinds]
    plain = [i for i, kind in enumerate(kinds) if kind is Kind.HEADLINE]
    if len(plain) < 2:
        return kinds
    first, second = (width(lines[i].text) for i in plain[:2])
    has_kicker = len(plain) > 2 or second <= max(18.0, first * 1.5)
    if has_kicker:
        kinds[plain[0]] = Kind.KICKER
    for i in plain[2 if has_kicker else 1 :]:
        kinds[i] = Kind.SUBHEAD
    return kinds


def _title_kind(text: str) -> Kind:
    """What a line above the body says of itself: a subhead by its dash, a kicker by brackets."""
    if text.startswith(("—", "-")):
        return Kind.SUBHEAD
    return Kind.KICKER if text.startswith("【") and text.endswith("】") else Kind.HEADLINE


# The body


@dataclass(slots=True)
class _Draft:
    """A paragraph whose end has not been found yet."""

    kind: Kind
    lines: list[Marked] = field(default_factory=list)
    quotes: Quotes = field(default_factory=Quotes)

    @property
    def end(self) -> int:
        return _say(self.lines[-1])[1]

    @property
    def finished(self) -> bool:
        return is_finished(self.lines[-1].text)

    def add(self, m: Marked) -> None:
        self.lines.append(m)
        self.quotes.read(m.text)

    def block(self) -> Block:
        pieces: list[tuple[int, int]] = []
        texts: list[str] = []
        for m in self.lines:
            a, b = _say(m)
            text = m.text
            if texts and _is_latin(texts[-1][-1:]) and _is_latin(text[:1]):
                # Two Latin words stay two words: the line break itself stands for the space.
                pieces[-1] = (pieces[-1][0], pieces[-1][1] + 1)
                texts[-1] += " "
            pieces.append((a, b))
            texts.append(text)
        return Block(self.kind, "".join(texts), tuple(pieces))


@dataclass(slots=True)
class _Body:
    """Reads the body of a page line by line."""

    marked: Sequence[Marked]
    warnings: list[SourceWarning] = field(default_factory=list)
    _draft: _Draft | None = None

    def read(self) -> Iterator[Block]:
        plain = [m for m in self.marked if m.kind is None]
        setting = columns([m.line for m in plain])
        following = dict(zip(map(id, plain), plain[1:], strict=False))
        wide_gaps = any(_may_head(m) and m.line.gap >= 2 for m in plain)
        for m in self.marked:
            if m.kind is not None:
                if m.kind not in (Kind.CREDIT, Kind.NOTICE):
                    yield from self._close()
                yield _block(m)
            elif self._is_heading(m, following.get(id(m)), setting, wide_gaps):
                yield from self._close()
                yield Block(Kind.HEADING, m.text, _pieces(m))
            elif self._draft and self._runs_on(self._draft, m, setting):
                self._draft.add(m)
            else:
                yield from self._close(m)
                kind = Kind.ITEM if _ITEM.fullmatch(m.text) else Kind.PARAGRAPH
                self._draft = _Draft(kind)
                self._draft.add(m)
        yield from self._close()

    def _is_heading(
        self, m: Marked, after: Marked | None, setting: Columns, wide_gaps: bool
    ) -> bool:
        if after is None or not _may_head(m):
            return False
        between = self._draft is None or self._draft.finished
        if _NUMBERED.fullmatch(m.text):
            return between
        if m.line.gap >= 2:
            return True
        if wide_gaps or not between or m.text.endswith(("？", "！", "?", "!", "—", "…")):
            return False
        if setting.measure is None:
            return after.line.gap >= 1 or after.line.indent > m.line.indent
        return not setting.is_full(m.line) and (after.line.indent > 0 or m.line.gap > 0)

    def _runs_on(self, draft: _Draft, m: Marked, setting: Columns) -> bool:
        """Whether a line goes on with the sentence that the draft left open."""
        above = draft.lines[-1]
        begins = (m.line.indent > 0 and setting.indented) or _ITEM.fullmatch(m.text)
        if begins:
            return False
        stacked = m.line.gap == 0 and m.line.start - above.line.end <= 2
        if draft.finished:
            return stacked and setting.is_full(above.line)
        return draft.quotes.would_orphan(m.text) == 0

    def _close(self, following: Marked | None = None) -> Iterator[Block]:
        """Finish the open paragraph; warn where its sentence never ends."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        yield draft.block()
        if draft.kind is Kind.ITEM or draft.finished:
            return
        tail = draft.lines[-1].text[-12:]
        if following is not None and draft.quotes.would_orphan(following.text):
            start = _say(following)[0]
            message = f"text is lost between “{tail}” and “{following.text[:12]}”"
            self.warnings.append(SourceWarning("lost-text", draft.end, start, message))
        else:
            message = f"the sentence does not end: “{tail}”"
            self.warnings.append(SourceWarning("unfinished", draft.end, draft.end, message))


def _is_latin(c: str) -> bool:
    return c.isascii() and c.isalpha()


def _may_head(m: Marked) -> bool:
    return (
        width(m.text) <= _HEADING_WIDTH
        and _NEVER_ENDS_HEADING.search(m.text) is None
        and _ITEM.fullmatch(m.text) is None
    )


# Blocks and the ledger


def _say(m: Marked) -> tuple[int, int]:
    return m.say or (m.line.start, m.line.end)


def _pieces(m: Marked) -> tuple[tuple[int, int], ...]:
    return (_say(m),)


def _block(m: Marked) -> Block:
    return Block(m.kind or Kind.PARAGRAPH, m.text or m.line.text, _pieces(m))


def _ledger(
    text: str, marked: Sequence[Marked], blocks: Sequence[Block], read_captions: bool
) -> Iterator[Span]:
    """Tile the text: what the lines say, and between them layout or a joined line break."""
    kinds = {piece[0]: (i, block.kind) for i, block in enumerate(blocks) for piece in block.pieces}
    end = 0
    owner = -1
    for m in marked:
        block, kind = kinds[_say(m)[0]]
        if m.line.start > end:
            joined = block == owner
            fate, rule = (Fate.JOINED, "line-break") if joined else (Fate.SILENT, "layout")
            yield Span(end, m.line.start, fate, rule)
        yield from _spans(m, kind, read_captions)
        end = m.line.end
        owner = block if kind not in SILENT_KINDS else owner
    if end < len(text):
        yield Span(end, len(text), Fate.SILENT, "layout")


def _spans(m: Marked, kind: Kind, read_captions: bool) -> Iterator[Span]:
    if m.say is None:
        yield Span(m.line.start, m.line.end, Fate.SILENT, m.rule)
        return
    skipped = kind is Kind.CAPTION and not read_captions
    fate, rule = (Fate.SILENT, "captions-skipped") if skipped else (Fate.SPOKEN, kind.value)
    spans = [(m.say[0], m.say[1], fate, rule)]
    spans += [(a, b, Fate.SILENT, name) for a, b, name in m.notes]
    yield from (Span(*span) for span in sorted(spans))
