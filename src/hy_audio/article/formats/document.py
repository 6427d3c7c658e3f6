"""What every format adapter yields, and how it becomes the text that the ledger tiles.

A `Document` is laid out as plain text: a block on each line, a blank line between blocks, and a
`Hint` for each block. Title and author that stand in the page's metadata become the first lines,
unless the body prints them itself.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hy_audio.article.lines import Line, read_lines
from hy_audio.article.model import Hint, Kind, SourceWarning
from hy_audio.characters import HAN, has_han

_FIRST_PIECES = 8
_FIRST_LINES = 8
_LONGEST_BYLINE = 40
_WIDE = f"[{HAN}\u3000-\u303f\uff00-\uff60“”‘’—…]"
_SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_WRAP = re.compile(rf"(?<={_WIDE}) *\r[ \r]*(?={_WIDE})")
_PARAGRAPH_END = re.compile(r"\n[ \u00a0\u3000]*(?=\n)|\n(?=[ \u00a0]*[\u3000\u00a0]{2})")
_DATE = re.compile(r"(?<!\d)(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})(?!\d)")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_ROLE = re.compile(r"记者|通讯员|作者|评论员|撰稿|撰文|实习生|^[\W_]*文?[\W_]*$")
_NO_BYLINE = re.compile(r"[。！？；]|摄|供图|编辑|责编|校对")
_SAYS_NOTHING = re.compile(
    r"(?:(?:微信|新闻|文章|屏幕)?(?:图片|照片|配图|插图|题图|图像|截图|截屏|头像|图标|图)"
    r"[\s_（()）0-9一二三四五六七八九十-]*|.*(?:logo|标志|二维码|图标|头像)|.*\.[a-z]{3,4})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a page as its format tells it."""

    kind: Kind
    """HEADLINE, KICKER, SUBHEAD, BYLINE, HEADING, PARAGRAPH, ITEM or CAPTION."""
    text: str
    """Its words; a line break that the page prints inside the block is `\\n`."""
    warning: str = ""
    """What the editor should look at here; empty for nothing."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page as its format tells it."""

    pieces: tuple[Piece, ...]
    """The body, in order. At most one HEADLINE survives `lay_out`."""
    top: tuple[Piece, ...] = ()
    """What the metadata say stands above the body: kicker, headline, subhead, byline."""
    date: str = ""
    """Date of publication, YYYY-MM-DD; empty where it is not told."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A document as text."""

    text: str
    """A block on each line, a blank line between blocks."""
    hints: tuple[Hint, ...]
    """One for the first line of each block, in order."""
    warnings: tuple[SourceWarning, ...] = ()
    """What the format could not carry over."""


def top_of(title: str = "", author: str = "", kicker: str = "", subhead: str = "") -> list[Piece]:
    """What stands above the body, in the order of a page; empty ones are left out."""
    told = (
        (Kind.KICKER, kicker),
        (Kind.HEADLINE, title),
        (Kind.SUBHEAD, subhead),
        (Kind.BYLINE, author),
    )
    return [Piece(kind, one) for kind, text in told if (one := one_line(text))]


def lay_out(document: Document) -> Laid:
    """Write a document as text, with a hint for each block."""
    pieces = [p for p in _merged(document) if any(True for _ in read_lines(p.text))]
    parts: list[str] = []
    hints: list[Hint] = []
    warnings: list[SourceWarning] = []
    offset = 0
    for piece in pieces:
        first = next(read_lines(piece.text))
        start, end = offset + first.start, offset + first.end
        hints.append(Hint(start, end, piece.kind))
        if piece.warning:
            warnings.append(SourceWarning("reading", start, end, piece.warning))
        parts.append(piece.text)
        offset += len(piece.text) + 2
    return Laid("\n\n".join(parts) + "\n" * bool(parts), tuple(hints), tuple(warnings))


def place(text: str, top: Iterable[Piece]) -> Laid:
    """Give a plain text its title and author: a hint where it prints them, else a new line.

    The rest of the text stays as it is.
    """
    hints: list[Hint] = []
    at = 0
    for piece in top:
        line = _find_line(text, at, piece)
        if line is None:
            lead, trail = ("\n\n", "") if at else ("", "\n\n")
            start = at + len(lead)
            text = text[:at] + lead + piece.text + trail + text[at:]
            end = start + len(piece.text)
        else:
            start, end = at + line.start, at + line.end
        hints.append(Hint(start, end, piece.kind))
        at = end
    return Laid(text, tuple(hints))


def _find_line(text: str, at: int, piece: Piece) -> Line | None:
    head = text[at : at + 2000]
    for _, line in zip(range(_FIRST_LINES), read_lines(head), strict=False):
        if _says(line.text, piece):
            return line
    return None


def _merged(document: Document) -> list[Piece]:
    """The body with what the metadata tell, each once; one headline, the others are headings."""
    pieces = list(document.pieces)
    title: Piece | None = None
    at = 0
    for piece in document.top:
        ahead = range(at, min(len(pieces), at + _FIRST_PIECES))
        found = next((i for i in ahead if _says(pieces[i].text, piece)), None)
        if found is None:
            before = (Kind.KICKER,) if piece.kind is Kind.HEADLINE else (Kind.KICKER, Kind.SUBHEAD)
            while at < len(pieces) and pieces[at].kind in before:
                at += 1
            found = at
            pieces.insert(at, piece)
        else:
            pieces[found] = replace(pieces[found], kind=piece.kind)
        title = pieces[found] if piece.kind is Kind.HEADLINE else title
        at = found + 1
    title = title or _first_headline(pieces)
    pieces = [
        replace(p, kind=Kind.HEADING) if p.kind is Kind.HEADLINE and p is not title else p
        for p in pieces
    ]
    return pieces if title is None else _beside(title, pieces)


def _beside(title: Piece, pieces: list[Piece]) -> list[Piece]:
    """A heading right above the headline is its kicker; one below that begins —— its subhead."""
    at = next(i for i, piece in enumerate(pieces) if piece is title)
    if at and all(p.kind in (Kind.HEADING, Kind.KICKER) for p in pieces[:at]):
        pieces[:at] = [replace(p, kind=Kind.KICKER) for p in pieces[:at]]
    below = pieces[at + 1 : at + 2]
    if below and below[0].kind is Kind.HEADING and below[0].text.startswith("—"):
        pieces[at + 1] = replace(below[0], kind=Kind.SUBHEAD)
    return pieces


def _first_headline(pieces: Sequence[Piece]) -> Piece | None:
    """The first headline, unless the story has begun above it."""
    for piece in pieces:
        if piece.kind is Kind.HEADLINE:
            return piece
        if piece.kind is Kind.HEADING or piece.text.endswith(("。", "！", "？", "。”", "：")):
            return None
    return None


def _says(text: str, piece: Piece) -> bool:
    """Whether a line prints the same; a line of who wrote what need only hold the author's name."""
    printed, told = squeeze(text), squeeze(piece.text)
    if piece.kind is not Kind.BYLINE or len(printed) > _LONGEST_BYLINE or printed == told:
        return printed == told
    rest = printed
    for name in re.split(r"[\s、，,/]+", piece.text):
        if name not in rest:
            return False
        rest = rest.replace(name, "", 1)
    return _ROLE.search(rest) is not None and _NO_BYLINE.search(rest) is None


# Words


def squeeze(text: str) -> str:
    """A text without its spaces, for comparing."""
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff]+", "", text)


def one_line(text: str) -> str:
    """A text with its line breaks and runs of spaces as single spaces, none at the ends."""
    return _unwrap(collapse(text)).strip(" \u00a0\u3000")


def collapse(text: str) -> str:
    """Runs of white space as one: a space, or a carriage return where a line ends."""
    return _SPACE.sub(lambda m: "\r" if "\n" in m[0] or "\r" in m[0] else " ", text)


def _unwrap(text: str) -> str:
    """Where a line of the source ends: nothing between two Chinese characters, else a space."""
    return re.sub(r" *\r[ \r]*| {2,}", " ", _WRAP.sub("", text))


def paragraphs(text: str) -> list[str]:
    """Split a block (of `collapse`d source) where its line breaks set off paragraphs.

    Two breaks in a row do, and a break before an indented line. Single breaks stay in.
    """
    tidy = re.sub(r" *\n *", "\n", _unwrap(text))
    parts = (part.strip(" \n\u00a0\u3000") for part in _PARAGRAPH_END.split(tidy))
    return [part for part in parts if part]


def caption(alt: str) -> str:
    """What an image's text says for a listener: nothing for a file name or the word 图片."""
    text = one_line(alt)
    return text if has_han(text) and not _SAYS_NOTHING.fullmatch(text) else ""


def row(cells: Iterable[str]) -> str:
    """A row of a table as a line: its cells with `，` between them, empty ones left out."""
    return "，".join(cell for cell in map(one_line, cells) if cell)


def plausible_date(text: str) -> str:
    """The first date in a text as YYYY-MM-DD; empty for none, or one that no paper bears."""
    match = _DATE.search(text) or _COMPACT_DATE.match(text.strip())
    if match is None:
        return ""
    year, month, day = map(int, match.groups())
    if not (1800 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return ""
    return f"{year:04}-{month:02}-{day:02}"
