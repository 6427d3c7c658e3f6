"""HTML: where the article is on the page, its title, author and date.

trafilatura finds the article; the blocks are then read from the page itself, from the smallest
element that holds everything trafilatura found. So short lines, captions and list numbers, which
an extractor drops, stay.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, takewhile

from hy_audio.article.formats import founder
from hy_audio.article.formats.document import (
    Document,
    Piece,
    one_line,
    plausible_date,
    squeeze,
    top_of,
)
from hy_audio.article.formats.tree import Element, parse, prune, words
from hy_audio.article.formats.walk import told_by_class, walk
from hy_audio.article.model import Kind
from hy_audio.characters import HAN, has_han

_MOST_ELEMENTS = 20_000
_MOST_CHARACTERS = 300_000
_LEAST_SHARE = 0.5
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "figcaption", "td", "div", "blockquote")
_OUTLET = re.compile(
    r"(?:.*(?:网|报|台|社|频道|在线|客户端|新闻|中心|门户|首页|融媒体?|数字报|电子报|公众号|版)"
    r"|.*\.(?:com|cn|net)|[\x00-\x7f]*)"
)
_SEPARATOR = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|\s*--\s*|(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])")
_NO_PERSON = re.compile(
    r".*(?:网|报|社|台|编辑部?|中心|频道|集团|公司|平台|admin|管理员|小编)", re.IGNORECASE
)
_PROSE = re.compile(r"[。！？；…]|.{24}")
_LONGEST_CHANNEL = 4
_LABEL = "(?:(?:来源|稿源|信息来源|作者|编辑|责任编辑|责编|浏览|阅读|点击|字号|字体)[数量次]*[:：])"
_TIME = (
    r"(?:(?:(?:发布|更新|发表)?(?:时间|日期|于)[:：]?)?\s*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
    r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?)"
)
_INFO = re.compile(
    rf"(?=.*(?:来源|稿源|\d:\d\d))(?:\s*(?:{_TIME}|{_LABEL}\s*[^\s:：，。]{{0,16}})\s*[|｜]?)+"
)
_INFO_AUTHOR = re.compile(rf"作者[:：]\s*([{HAN}·]{{2,8}}?)(?=$|[\s|｜]|{_LABEL}|\d)")
_FIRST_PIECES = 6
_LONGEST_INFO = 100
_TITLES = ("og:title", "twitter:title")
_AUTHORS = ("author", "article:author", "og:article:author", "byl", "dc.creator")
_DATES = (
    "article:published_time",
    "og:release_date",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish_date",
    "datepublished",
    "dc.date",
    "date",
)


def read_html(text: str) -> Document:
    """Read a page of HTML.

    Raises:
        ValueError: there is nothing on it, or its elements are nested too deeply.
    """
    page = founder.split(text)
    tree = parse(page.html)
    head = _Head(tree)
    founder_root = founder.body(tree)
    prune(tree)
    if founder_root is not None or page.properties:
        pieces = founder.captions(tree, founder_root) if founder_root is not None else []
        root = _root(tree) if founder_root is None else founder_root
        title = page.title or head.title(tree, root)
        top = top_of(title, page.author or head.author, page.kicker, page.subhead)
        pieces += _beside_title(walk(root), title)
        return Document(tuple(pieces), tuple(top), page.date or head.date)
    root = _root(tree)
    title = head.title(tree, root)
    story, info = _without_info(_story(tree, root, title))
    pieces = _beside_title(story, title)
    named = _INFO_AUTHOR.search(info)
    top = top_of(title, head.author or (named[1] if named else ""))
    return Document(tuple(pieces), tuple(top), head.date or plausible_date(info))


def _without_info(pieces: list[Piece]) -> tuple[list[Piece], str]:
    """Take out the line that tells when and where a page was published, and nothing else."""
    for i, piece in enumerate(pieces[:_FIRST_PIECES]):
        if len(piece.text) <= _LONGEST_INFO and _INFO.fullmatch(piece.text):
            return pieces[:i] + pieces[i + 1 :], piece.text
    return pieces, ""


def _beside_title(pieces: list[Piece], title: str) -> list[Piece]:
    """What a class calls a kicker or subhead is one right above or below the headline only.

    Elsewhere it is a heading, or a paragraph where it ends as one. Where the headline is not among
    the blocks, it stands above them.
    """
    at = next((i for i, p in enumerate(pieces) if squeeze(p.text) == squeeze(title)), -1)
    end = at if at >= 0 else sum(1 for _ in takewhile(lambda p: p.kind is Kind.KICKER, pieces))
    start = end + (at >= 0)
    above = sum(1 for _ in takewhile(_is_title, reversed(pieces[:end])))
    below = sum(1 for _ in takewhile(_is_title, pieces[start:]))
    kinds = dict.fromkeys(range(end - above, end), Kind.KICKER)
    kinds |= dict.fromkeys(range(start, start + below), Kind.SUBHEAD)
    return [
        replace(p, kind=kinds.get(i) or _plain(p)) if _is_title(p) else p
        for i, p in enumerate(pieces)
    ]


def _is_title(piece: Piece) -> bool:
    return piece.kind in (Kind.KICKER, Kind.SUBHEAD)


def _plain(piece: Piece) -> Kind:
    return Kind.PARAGRAPH if piece.text.endswith(("。", "。”", "，", "；")) else Kind.HEADING


def _story(tree: Element, root: Element, title: str) -> list[Piece]:
    """The blocks of the article, and those between its headline and it, where that is apart."""
    headline = next((el for el in tree.iter("h1") if squeeze(words(el)) == squeeze(title)), None)
    if headline is None or root.tag == "article" or _is_inside(headline, root):
        return walk(root)
    around = _common([headline, root])
    if around is None or next(el for el in around.iter() if el is headline or el is root) is root:
        return walk(root)
    first = headline
    while (above := first.getprevious()) is not None and told_by_class(above) is Kind.KICKER:
        first = above
    return walk(around, first, root)


# Where the article is


def _root(tree: Element) -> Element:
    """The smallest element that holds the article, widened to an <article> or <main> around it."""
    body = tree.find(".//body")
    body = tree if body is None else body
    found = _common(_found(tree))
    if found is None:
        return _marked(body)
    around = list(found.iterancestors("article", "main"))
    root = around[0] if around else found
    if len(squeeze(words(root))) < _LEAST_SHARE * _paragraph_length(body):
        return _marked(body)
    return root


def _marked(body: Element) -> Element:
    """The one <article> or <main> that holds most of the page; else the whole page."""
    for tag in ("article", "main"):
        for el in body.iter(tag):
            if len(squeeze(words(el))) >= _LEAST_SHARE * _paragraph_length(body):
                return el
    return body


def _paragraph_length(body: Element) -> int:
    return sum(len(squeeze(words(el))) for el in body.iter("p"))


def _found(tree: Element) -> list[Element]:
    """The blocks of the page whose text trafilatura takes for the article: whole sentences."""
    kept = _extracted(tree)
    if not kept:
        return []
    found = [
        el
        for el in tree.iter(*_BLOCKS)
        if all(child.tag not in _BLOCKS for child in el) and squeeze(words(el)) in kept
    ]
    return [el for el in found if _PROSE.search(words(el))] or found


def _extracted(tree: Element) -> set[str]:
    from trafilatura import bare_extraction

    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS or len(words(tree)) > _MOST_CHARACTERS:
        return set()  # it would take longer than the rest of the program
    document = bare_extraction(tree, include_comments=False, with_metadata=False)
    if document is None or isinstance(document, dict) or document.body is None:
        return set()
    blocks = (words(el) for el in document.body.iter("p", "head", "item", "quote", "cell"))
    return {squeeze(line) for block in blocks for line in (block, *block.splitlines())} - {""}


def _common(elements: list[Element]) -> Element | None:
    """The innermost element that holds them all."""
    path: list[Element] = []
    for el in elements:
        up = list(el.iterancestors())[::-1]
        path = [a for a, b in zip(path, up, strict=False) if a is b] if path else up
    return path[-1] if path else None


# What the page says of itself


class _Head:
    """The page's own metadata: <meta>, <title>, <time> and JSON-LD, read before pruning."""

    def __init__(self, tree: Element) -> None:
        self._metas: dict[str, str] = {}
        for meta in tree.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            self._metas.setdefault(name.lower().strip(), one_line(meta.get("content") or ""))
        self._linked = list(_linked_data(tree))
        element = tree.find(".//title")
        self._title = one_line(words(element)) if element is not None else ""
        self._times = [el.get("datetime") or "" for el in tree.iter("time")][:3]

    @property
    def author(self) -> str:
        """The first name that can be a person's."""
        told = chain(self._told(_AUTHORS), *(_names(one.get("author")) for one in self._linked))
        return next((one for one in told if _may_be_person(one)), "")

    @property
    def date(self) -> str:
        """The first plausible date of publication."""
        linked = (str(one.get("datePublished", "")) for one in self._linked)
        told = chain(self._told(_DATES), linked, self._times)
        return next(filter(None, map(plausible_date, told)), "")

    def title(self, tree: Element, root: Element) -> str:
        """The <h1> that the page's title names, else one in the article, else the page's title."""
        names = [*self._told(_TITLES), self._title]
        headings = [el for el in tree.iter("h1") if has_han(words(el))]
        texts = [one_line(words(el)) for el in headings]
        told = [self._without_outlet(name) for name in names]
        named = (t for t in texts if any(squeeze(t) in squeeze(name) for name in told))
        inside = [
            text
            for el, text in zip(headings, texts, strict=True)
            if _is_inside(el, root) and not _OUTLET.fullmatch(text)
        ]
        stories = (name for name in told if not _OUTLET.fullmatch(name))
        return next(filter(has_han, chain(named, inside, stories, texts)), "")

    def _without_outlet(self, name: str) -> str:
        """A page's title without the names of paper and channel after it."""
        parts = [part for part in _SEPARATOR.split(name) if part]
        site = squeeze(self._metas.get("og:site_name", ""))
        cut = False
        while len(parts) > 1 and (
            squeeze(parts[-1]) == site
            or _OUTLET.fullmatch(parts[-1])
            or (cut and len(parts[-1]) <= _LONGEST_CHANNEL)
        ):
            name = name[: name.rindex(parts.pop())]
            cut = True
        return re.sub(r"[\s_|｜–—-]+$", "", name)

    def _told(self, names: tuple[str, ...]) -> Iterator[str]:
        return (self._metas[name] for name in names if self._metas.get(name))


def _is_inside(el: Element, root: Element) -> bool:
    return any(up is root for up in el.iterancestors())


def _may_be_person(name: str) -> bool:
    return has_han(name) and len(name) <= 30 and _NO_PERSON.fullmatch(name) is None


def _linked_data(tree: Element) -> Iterator[dict[str, object]]:
    """Objects of JSON-LD on the page that tell a date of publication or an author."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            told = json.loads(words(script))
        except (ValueError, RecursionError):
            continue  # what other programs are told may be broken: nothing of the text is lost
        queue = [told]
        while queue:
            one = queue.pop(0)
            if isinstance(one, list):
                queue += one
            elif isinstance(one, dict):
                queue += [v for k, v in one.items() if k in ("@graph", "mainEntity")]
                if "datePublished" in one or "author" in one:
                    yield one


def _names(author: object) -> Iterator[str]:
    for one in author if isinstance(author, list) else [author]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield one_line(name)
