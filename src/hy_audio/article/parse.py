"""From the text of a page to an `Article`.

The page is read three times, each time knowing more: every line by itself (`marks`) and beside its
neighbours (`context`), the lines at the top as kicker, headline and subhead (`front`), and the
lines of the body as headings and paragraphs, whose broken lines are joined again (`body`). What
can't be decided is kept, spoken and warned about.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from hy_audio.article.body import Body
from hy_audio.article.context import in_context
from hy_audio.article.front import front
from hy_audio.article.invisible import strip
from hy_audio.article.lines import read_lines
from hy_audio.article.marks import Marked, mark
from hy_audio.article.model import Article, Block, Fate, Hint, Kind, SourceWarning, Span
from hy_audio.article.rules import SILENT_KINDS
from hy_audio.article.verse import poem, verses

_LOOKS = {
    "prompt": "a prompt",
    "credit": "the credit of a picture",
    "source": "a source",
    "staff": "a line on who made the page",
    "folio": "the number of a page",
    "running-head": "the head of a page",
}
"""What a rule would have taken a line for."""


def parse(text: str, *, hints: Sequence[Hint] = (), read_captions: bool = True) -> Article:
    """Read a page.

    Args:
        text: the page, any text at all.
        hints: what the format of the page says of its lines; in order, one line each.
        read_captions: whether captions are spoken; if not, the ledger says `captions-skipped`.

    Returns:
        The article. Its ledger tiles `text` exactly.
    """
    visible = strip(text)
    if visible:
        return visible.article(_parse(visible.text, visible.hints(hints), read_captions))
    return _parse(text, hints, read_captions)


def _parse(text: str, hints: Sequence[Hint], read_captions: bool) -> Article:
    marked = poem(in_context(mark(read_lines(text), hints)))
    titles, end = front(marked)
    body = Body(verses(marked[end:]))
    blocks = tuple(sorted([*titles, *body.read()], key=lambda block: block.pieces[0]))
    warnings = (*body.warnings, *_tables(marked), *_doubts(marked))
    return Article(
        text,
        blocks,
        tuple(_ledger(text, marked, blocks, read_captions)),
        tuple(sorted(warnings, key=lambda w: w.start)),
    )


def _tables(marked: Sequence[Marked]) -> Iterator[SourceWarning]:
    """One warning for each table that was left out."""
    for is_table, rows in groupby(marked, key=lambda m: m.rule == "table"):
        lines = [m.line for m in rows]
        if is_table:
            message = f"a table is left out: “{lines[0].text[:20]}”"
            yield SourceWarning("table", lines[0].start, lines[-1].end, message)


def _doubts(marked: Sequence[Marked]) -> Iterator[SourceWarning]:
    """One warning for each line that may be no part of the text, and is spoken."""
    for m in marked:
        if m.doubt and m.say:
            message = f"spoken, though it looks like {_LOOKS[m.doubt]}: “{m.text[:20]}”"
            yield SourceWarning("doubt", *m.say, message)


def _ledger(
    text: str, marked: Sequence[Marked], blocks: Sequence[Block], read_captions: bool
) -> Iterator[Span]:
    """Tile the text: what the lines say, and between them layout or a joined line break."""
    kinds = {piece[0]: (i, block.kind) for i, block in enumerate(blocks) for piece in block.pieces}
    end = 0
    owner = -1
    for m in marked:
        block, kind = kinds[m.said[0]]
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
