"""Markdown (CommonMark with tables and strikethrough): its blocks without their marks.

A row of a table is one line with `，` between the cells. Raw HTML is read as HTML. What is struck
through is left out, code stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hy_audio.article.formats import tree
from hy_audio.article.formats.document import (
    Document,
    Piece,
    caption,
    collapse,
    one_line,
    paragraphs,
    row,
)
from hy_audio.article.formats.walk import walk
from hy_audio.article.model import Kind
from hy_audio.characters import HAN

if TYPE_CHECKING:
    from markdown_it.token import Token

_STRONG_SIGNS = (
    re.compile(r"^ {0,3}#{1,6}[ \t]+\S.*$", re.MULTILINE),
    re.compile(r"!?\[[^\[\]\n]+\]\((?:<[^<>\n]*>|[^\s()]*)(?:[ \t]+\"[^\"\n]*\")?\)"),
    re.compile(r"^ {0,3}(?:```|~~~)[\w-]*[ \t]*$", re.MULTILINE),
    re.compile(
        r"^ {0,3}\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$", re.MULTILINE
    ),
    re.compile(r"\*\*(?=[^\s*])[^*\n]{1,200}(?<=[^\s*])\*\*"),
)
_WEAK_SIGNS = (
    re.compile(r"^ {0,3}[-*+][ \t]+\S", re.MULTILINE),
    re.compile(r"^ {0,3}>[ \t]?\S", re.MULTILINE),
    re.compile(r"^ {0,3}\d{1,9}[.)][ \t]+\S", re.MULTILINE),
    re.compile(r"(?<!\*)\*(?=[^\s*])[^*\n]{1,200}(?<=[^\s*])\*(?!\*)"),
    re.compile(r"^[^\n]*\S[^\n]*\n {0,3}(?:={3,}|-{3,})[ \t]*$", re.MULTILINE),
)
_SAMPLE = 200_000
_NOTE = re.compile(rf"^ {{0,3}}\[[^\[\]\n]{{1,16}}\]:[ \t]*(?=[^\n]*[{HAN}])", re.MULTILINE)
"""What stands before a note: by the standard it is the definition of a link, and so not text."""
_STRONG = re.compile(r"\*\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*\*|__(?=[^\s_])([^_\n]+?)(?<=[^\s_])__")


def is_markdown(text: str, *, named: bool) -> bool:
    """Whether a text shows Markdown structure.

    A newspaper's own `#`, `*`, `_` and `1.` must not be eaten, so a text that is not named as
    Markdown has to show two headings, or two different signs that prose does not have.

    Args:
        text: the page.
        named: whether its name ends in .md or its type says Markdown; then one sign is enough.
    """
    sample = text[:_SAMPLE]
    strong = [len(sign.findall(sample)) for sign in _STRONG_SIGNS]
    if named:
        return any(strong) or any(sign.search(sample) for sign in _WEAK_SIGNS)
    return strong[0] >= 2 or sum(map(bool, strong)) >= 2


def read_markdown(text: str) -> Document:
    """Read a page of Markdown."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    writer = _Writer()
    for token in parser.parse(_NOTE.sub("\n", text)):
        writer.read(token)
    return Document(tuple(writer.pieces))


@dataclass(slots=True)
class _Writer:
    """Turns the stream of tokens into pieces."""

    pieces: list[Piece] = field(default_factory=list)
    _kinds: list[Kind] = field(default_factory=lambda: [Kind.PARAGRAPH])
    _lists: list[int | None] = field(default_factory=list)
    _number: str = ""
    _cells: list[str] | None = None

    def read(self, token: "Token") -> None:
        match token.type:
            case "heading_open":
                self._kinds.append(Kind.HEADLINE if token.tag == "h1" else Kind.HEADING)
            case "ordered_list_open":
                self._lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                self._lists.pop()
            case "list_item_open":
                self._kinds.append(Kind.ITEM)
                self._count()
            case "heading_close" | "list_item_close":
                self._kinds.pop()
                self._number = ""
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._row()
            case "inline":
                self._inline(token.children or [])
            case "code_block" | "fence":
                self._block(token.content)
            case "html_block":
                self._html(token.content)

    def _count(self) -> None:
        """The number of the next item: the list says where it begins, and then counts."""
        number = self._lists[-1]
        self._number = "" if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _row(self) -> None:
        text = row(self._cells or ())
        self._cells = None
        if text:
            self.pieces.append(Piece(Kind.ITEM, text))

    def _inline(self, children: Sequence["Token"]) -> None:
        text = _marks_out("".join(_words(children)))
        if self._cells is not None:
            self._cells.append(text)
            return
        captions = [
            c for token in children if token.type == "image" and (c := caption(token.content))
        ]
        self._block(text)
        self.pieces += [Piece(Kind.CAPTION, one) for one in captions]

    def _block(self, text: str) -> None:
        kind = self._kinds[-1]
        if kind in (Kind.HEADLINE, Kind.HEADING):
            text = one_line(text.replace("\n", " "))
        for part in paragraphs(text):
            self.pieces.append(Piece(kind, self._number + part))
            self._number = ""

    def _html(self, source: str) -> None:
        try:
            page = tree.parse(source)
        except ValueError:
            return  # a comment or a closing tag alone: there is nothing in it
        tree.prune(page)
        self.pieces += walk(page)


def _words(children: Sequence["Token"]) -> Iterator[str]:
    """The words of inline tokens: hard breaks as line breaks, soft ones as carriage returns."""
    struck = 0
    for token in children:
        if token.type == "s_open":
            struck += 1
        elif token.type == "s_close":
            struck -= 1
        elif struck:
            continue
        elif token.type in ("text", "code_inline", "text_special"):
            yield collapse(token.content)
        elif token.type == "hardbreak" or (
            token.type == "html_inline" and re.match(r"<br\b", token.content, re.IGNORECASE)
        ):
            yield "\n"
        elif token.type == "softbreak":
            yield "\r"


def _marks_out(text: str) -> str:
    """Join wrapped lines, and take out the `**` that CommonMark leaves beside Chinese marks.

    `**注意：**请` keeps its asterisks by the standard, because `：` is punctuation and `请` is not.
    A wrapped line that is indented begins a paragraph.
    """
    text = _STRONG.sub(lambda m: m[1] or m[2], text)
    return re.sub(r"\r(?=[ \u00a0]*[\u3000\u00a0]{2})", "\n", text)
