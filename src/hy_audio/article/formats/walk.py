"""From a tree of HTML to blocks: paragraphs, headings, items, captions, rows of tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hy_audio.article.formats.document import (
    Piece,
    caption,
    collapse,
    one_line,
    paragraphs,
    row,
    squeeze,
)
from hy_audio.article.formats.tree import Element, events, words
from hy_audio.article.lines import fold
from hy_audio.article.model import Kind
from hy_audio.article.words import BRACKETED, CREDIT_WORDS, LABEL, NAMES

_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "nobr", "output", "q", "ruby", "rb", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_KINDS = {
    "h1": Kind.HEADLINE,
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), Kind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), Kind.ITEM),
    **dict.fromkeys(("figcaption", "caption"), Kind.CAPTION),
}
_CLASSES = {
    **dict.fromkeys(("kicker", "yinti", "jianti", "introtitle", "pretitle"), Kind.KICKER),
    **dict.fromkeys(("subtitle", "subhead", "subheadline", "futi", "fubiaoti"), Kind.SUBHEAD),
}
"""What pages call the lines above and below their headline, without `-` and `_`."""
_BLOCKS_IN_CELL = (
    "p", "div", "ul", "ol", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "img", "br", "founder-content",
)  # fmt: skip
_LONGEST_TITLE = 60
_LONGEST_CELL = 60
_LONGEST_PICTURE_TABLE = 300
_CREDIT = re.compile(f"{CREDIT_WORDS}|{BRACKETED}|{NAMES}摄|[（(]?来源{LABEL}.{{0,20}}")
"""All that a caption says where it tells only who took the picture."""
_NUMBERED = re.compile(r"[（(]?(?:\d+|[一二三四五六七八九十]+)[）)]?[.．、）)]|[①-⑳]")


def walk(root: Element, first: Element | None = None, last: Element | None = None) -> list[Piece]:
    """The blocks below an element, in reading order, each picture's caption once.

    Args:
        root: where to look.
        first: an element inside; what comes before it is left out.
        last: an element inside; what comes after it is left out.
    """
    writer = _Writer()
    steps = events(root)
    for what, item in steps:
        if what == "text":
            writer.write(item)
        elif what == "end":
            writer.end(item)
            if item is last:
                break
        elif what == "start":
            if item is first:
                writer.forget()
            if writer.start(item):
                steps.send(True)
    writer.flush()
    return _each_once(writer)


def told_by_class(el: Element) -> Kind | None:
    """KICKER or SUBHEAD for a short element whose class says so; else None."""
    names = re.sub("[_-]", "", el.get("class") or "").lower().split()
    kind = next((_CLASSES[name] for name in names if name in _CLASSES), None)
    if el.tag == "h1" or (kind and len(squeeze(words(el))) > _LONGEST_TITLE):
        return None
    return kind


def _each_once(writer: "_Writer") -> list[Piece]:
    """Leave out an image's text that its caption or a block of the page says too.

    Of a caption and an image's text beside it the one that holds the other stays.
    """
    alts = {id(piece) for piece in writer.alts}
    said = {squeeze(p.text) for p in writer.pieces if id(p) not in alts}
    kept: list[Piece] = []
    for i, piece in enumerate(writer.pieces):
        text = squeeze(piece.text)
        is_alt = id(piece) in alts
        if is_alt and text in said:
            continue
        near = (*writer.pieces[max(0, i - 1) : i], *writer.pieces[i + 1 : i + 2])
        beside = [squeeze(p.text) for p in near if (id(p) in alts) is not is_alt]
        if piece.kind is Kind.CAPTION and any(text in t and text != t for t in beside):
            continue
        said.add(text)
        kept.append(piece)
    return kept


@dataclass(slots=True)
class _Writer:
    """Gathers text until a block ends."""

    pieces: list[Piece] = field(default_factory=list)
    alts: list[Piece] = field(default_factory=list)
    _kinds: list[Kind] = field(default_factory=lambda: [Kind.PARAGRAPH])
    _text: list[str] = field(default_factory=list)
    _pending: list[Piece] = field(default_factory=list)
    _numbers: list[int | None] = field(default_factory=list)
    _number: str = ""
    _verbatim: int = 0
    _captioned: list[bool] = field(default_factory=list)

    def start(self, el: Element) -> bool:
        """Enter an element; True if it is done with and what is in it is not to be walked."""
        tag = el.tag
        if tag == "br":
            self._text.append("\n")
        elif tag == "img":
            self._image(el)
        elif tag not in _INLINE:
            self.flush()
            if tag == "table" and self._table(el):
                self._kinds.append(self._kinds[-1])
                return True
            self._kinds.append(self._kind(el))
            self._verbatim += tag == "pre"
            if tag in ("ol", "ul"):
                self._numbers.append(_whole(el.get("start"), 1) if tag == "ol" else None)
            elif tag == "li":
                self._count(el)
            elif tag == "figure":
                self._captioned.append(_has_caption(el))
        return False

    def end(self, el: Element) -> None:
        if el.tag in _INLINE or el.tag in ("br", "img"):
            return
        self.flush()
        self._kinds.pop()
        self._verbatim -= el.tag == "pre"
        if el.tag in ("ol", "ul"):
            self._numbers.pop()
        elif el.tag == "li":
            self._number = ""
        elif el.tag == "figure":
            self._captioned.pop()

    def write(self, text: str) -> None:
        self._text.append(text.replace("\r", "\n") if self._verbatim else collapse(text))

    def flush(self) -> None:
        """End the block that is open."""
        text = "".join(self._text)
        self._text.clear()
        kind = self._kinds[-1]
        if kind in (Kind.HEADLINE, Kind.HEADING):
            text = one_line(text.replace("\n", " "))
        for part in paragraphs(text):
            printed = part if _NUMBERED.match(part) else self._number + part
            self._number = ""
            self.pieces.append(Piece(kind, printed))
        self.pieces += self._pending
        self._pending.clear()

    def forget(self) -> None:
        """Begin anew: what was gathered so far is no part of the story."""
        for gathered in (self.pieces, self.alts, self._text, self._pending):
            gathered.clear()

    def _kind(self, el: Element) -> Kind:
        if el.tag == "table" and _is_picture(el):
            return Kind.CAPTION
        if told := told_by_class(el):
            return told
        return _KINDS.get(el.tag, self._kinds[-1])

    def _count(self, el: Element) -> None:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return
        number = _whole(el.get("value"), number)
        self._number = f"{number}. "
        self._numbers[-1] = number + 1

    def _image(self, el: Element) -> None:
        text = caption(el.get("alt") or "")
        if not text or any(self._captioned):
            return
        piece = Piece(Kind.CAPTION, text)
        self.alts.append(piece)
        open_block = any(part.strip() for part in self._text)
        (self._pending if open_block else self.pieces).append(piece)

    def _table(self, el: Element) -> bool:
        """Write a table of data, a line for each row; False for one that only arranges blocks."""
        rows = list(_rows(el))
        if not _is_data(rows):
            return False
        for title in el.iterfind("caption"):
            self.pieces += [Piece(Kind.CAPTION, one_line(words(title)))]
        texts = (row(map(words, cells)) for cells in rows)
        self.pieces += [Piece(Kind.ITEM, text) for text in texts if text]
        return True


def _whole(value: str | None, default: int) -> int:
    text = (value or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default


def _rows(table: Element) -> Iterator[list[Element]]:
    for one in table.iter("tr"):
        yield [cell for cell in one if cell.tag in ("td", "th")]


def _is_data(rows: list[list[Element]]) -> bool:
    """Two rows and two columns at least, and every cell short and without blocks in it."""
    wide = [cells for cells in rows if len(cells) >= 2]
    if len(wide) < 2 or 2 * len(wide) < len(rows):
        return False
    cells = [cell for row_cells in rows for cell in row_cells]
    return not any(map(_holds_blocks, cells))


def _holds_blocks(cell: Element) -> bool:
    inner = [el.tag for el in cell.iter(*_BLOCKS_IN_CELL)]
    if inner == ["p"] or inner == ["div"]:
        inner = []
    return bool(inner) or len(squeeze(words(cell))) > _LONGEST_CELL


def _has_caption(figure: Element) -> bool:
    """Whether a figure prints what its pictures show, and not only who took them."""
    captions = (one_line(words(el)) for el in figure.iter("figcaption"))
    return any(text and not _CREDIT.fullmatch(fold(text)) for text in captions)


def _is_picture(table: Element) -> bool:
    """Whether a table only sets a caption below a picture, as e-papers do."""
    if table.find(".//img") is None or table.find(".//founder-content") is not None:
        return False
    text = squeeze(words(table))
    return len(text) <= _LONGEST_PICTURE_TABLE and table.find(".//table") is None
