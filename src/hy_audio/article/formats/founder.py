"""E-paper pages of the Founder kind.

A comment `<!--enpproperty … /enpproperty-->` holds the article's properties as tags; the body is
`<founder-content>`, mostly inside `<div id="ozoom">`; pictures with their captions stand in tables
around it.
"""

import html
import re
from dataclasses import dataclass

from hy_audio.article.formats.document import Piece, one_line, plausible_date, squeeze
from hy_audio.article.formats.tree import Element, words
from hy_audio.article.formats.walk import walk

_OPENS = re.compile(r"(?:<!--|&lt;!--)\s*enpproperty", re.IGNORECASE)
_CLOSES = re.compile(r"/\s*enpproperty\s*(?:--\s*(?:>|&gt;))?", re.IGNORECASE)
_COMMENT_ENDS = re.compile(r"\s*/?\s*--(?:>|&gt;)")
_NEXT_PROPERTY = re.compile(
    r"\s*(?:<(?!(?:p|div|span|br|table|h\d|b|strong|font|center)>)(\w+)>.*?</\1>|<\w+/>)", re.DOTALL
)
_PROPERTY = re.compile(r"<(\w+)>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LONGEST_BLOCK = 20_000
_MOST_BLOCKS = 16
_LONGEST_CAPTION = 300


@dataclass(frozen=True, slots=True)
class FounderPage:
    """A page without its property block, and what the block says; empty where it says nothing."""

    html: str
    """The page; nothing of the block is left in it."""
    properties: bool = False
    """Whether there was a block."""
    title: str = ""
    """The headline."""
    kicker: str = ""
    """引题, the line above the headline."""
    subhead: str = ""
    """副题, the line below it."""
    author: str = ""
    """As it is printed."""
    date: str = ""
    """YYYY-MM-DD."""


def split(text: str) -> FounderPage:
    """Take the property blocks off a page; the first one tells."""
    kept: list[str] = []
    told = ""
    at = 0
    while len(kept) < _MOST_BLOCKS and (match := _OPENS.search(text, at)):
        end, inner = _block(text, match.end())
        kept.append(text[at : match.start()])
        told = told or inner
        at = end
    if not kept:
        return FounderPage(text)
    values: dict[str, str] = {}
    for name, value in _PROPERTY.findall(told.replace("&lt;", "<").replace("&gt;", ">")):
        values.setdefault(name.lower(), one_line(html.unescape(_TAG.sub(" ", value))))
    return FounderPage(
        html="".join(kept) + text[at:],
        properties=True,
        title=values.get("title", ""),
        kicker=values.get("introtitle", ""),
        subhead=values.get("subtitle", ""),
        author=values.get("author", ""),
        date=plausible_date(values.get("date", "")),
    )


def _block(text: str, start: int) -> tuple[int, str]:
    """Where a block ends, and what is in it.

    A title may hold `-->`, and some pages forget to close the block: then it ends with the last of
    its properties.
    """
    if close := _CLOSES.search(text, start, start + _LONGEST_BLOCK):
        return close.end(), text[start : close.start()]
    end = start
    while one := _NEXT_PROPERTY.match(text, end, start + _LONGEST_BLOCK):
        end = one.end()
    close = _COMMENT_ENDS.match(text, end)
    return close.end() if close else end, text[start:end]


def body(tree: Element) -> Element | None:
    """The element that holds the body; None where the page is not of this kind."""
    zoom = next(iter(tree.xpath("//*[@id='ozoom']")), None)
    content = [el for el in tree.iter("founder-content") if squeeze(words(el))]
    if zoom is not None and squeeze(words(zoom)):
        return zoom
    if len(content) > 1:
        return content[0].getparent()
    return content[0] if content else None


def captions(tree: Element, root: Element) -> list[Piece]:
    """The captions of pictures set in tables outside the body."""
    pieces: list[Piece] = []
    inside = set(root.iter("table"))
    around = set(root.iterancestors("table"))
    for table in tree.iter("table"):
        if table in inside or table in around or table.find(".//table") is not None:
            continue
        text = squeeze(words(table))
        linked = sum(len(squeeze(words(a))) for a in table.iter("a"))
        if table.find(".//img") is not None and len(text) <= _LONGEST_CAPTION and not linked:
            pieces += walk(table)
    return pieces
