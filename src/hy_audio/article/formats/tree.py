"""HTML as a tree (lxml), without what nobody reads: scripts, navigation, forms, hidden parts."""

import re
from collections.abc import Generator
from typing import Any

Element = Any
"""An lxml element; the library carries no types."""

_DROPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "svg", "canvas", "math", "iframe", "frame",
    "frameset", "object", "embed", "applet", "audio", "video", "input", "button", "select",
    "option", "optgroup", "textarea", "datalist", "progress", "meter", "dialog", "menu", "map",
    "area", "rt", "rp", "del", "head",
})  # fmt: skip
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BESIDE = frozenset({
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "crumbs", "crumb",
    "share", "sharebar", "comment", "comments", "related", "recommend", "recommended", "sidebar",
    "footer", "foot", "copyright", "pager", "pagination", "toolbar", "login", "search",
    "searchbox", "advert", "ads", "adbox", "qrcode",
})  # fmt: skip
_GONE = "gone"
_TELLS = ("p", "h1", "h2", "h3", "article", "founder-content")
_TOKEN = re.compile(r"[\s_-]+")
_SENTENCE = re.compile(r"[。！？；]")


def parse(text: str) -> Element:
    """Parse a page, whole or a fragment.

    Raises:
        ValueError: there is nothing in it, or it is nested too deeply to be read to its end.
    """
    from lxml import etree, html

    # Deep pages are allowed: without huge_tree the parser drops what is below its 256th level.
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True
    )
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:
        raise ValueError("there is nothing on the page") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ValueError("its elements are nested too deeply; save the text alone")
    return tree


def prune(tree: Element) -> None:
    """Take out what nobody reads. Metadata in <head> go too: ask for them first.

    Some sites hide the article itself and show it by a script: what holds half of the page's words
    is kept, hidden or not.

    Boilerplate told by its class alone (`share`, `related`, …) is taken out only where it holds
    no whole sentence of its own, link lists where nearly all the words are links.
    """
    _remove(tree, [el for el in _elements(tree) if el.tag in _DROPPED])
    whole = len(words(tree))
    hidden = [el for el in _elements(tree) if _is_hidden(el)]
    _remove(tree, [el for el in hidden if 2 * len(words(el)) < whole])
    _remove(tree, [el for el in _elements(tree) if el.tag == "form" and _is_bare(el)])
    lengths = _Lengths(tree)
    _remove(
        tree,
        [el for el in _elements(tree) if _is_beside(el, lengths) or lengths.is_link_list(el)],
    )


def words(element: Element) -> str:
    """All the text in an element."""
    return "".join(element.itertext())


def events(root: Element) -> Generator[tuple[str, Any], bool | None, None]:
    """Walk a tree in reading order, without recursion.

    Yields:
        `("start", element)`, `("text", str)` and `("end", element)`. Sending True after a start
        leaves out what is in that element.
    """
    stack: list[tuple[str, Any]] = [("start", root)]
    while stack:
        kind, item = stack.pop()
        skip = yield kind, item
        if kind != "start":
            continue
        stack.append(("end", item))
        if skip:
            yield "skipped", item
            continue
        for child in reversed(item):
            if child.tail:
                stack.append(("text", child.tail))
            if isinstance(child.tag, str):
                stack.append(("start", child))
        if item.text:
            stack.append(("text", item.text))


def _elements(tree: Element) -> list[Element]:
    return [el for el in tree.iter() if isinstance(el.tag, str) and el is not tree]


def _remove(tree: Element, elements: list[Element]) -> None:
    from lxml import etree

    for element in elements:
        if element.tag not in ("html", "body"):
            element.tag = _GONE
    etree.strip_elements(tree, _GONE, with_tail=False)  # one by one it takes time squared


def _is_hidden(el: Element) -> bool:
    style = el.get("style", "")
    return (
        el.get("hidden") is not None
        or el.get("aria-hidden") == "true"
        or (bool(style) and _HIDDEN.search(style) is not None)
    )


def _is_bare(form: Element) -> bool:
    """Whether a form is one to fill in; some sites wrap the whole page in a form."""
    return all(form.find(f".//{tag}") is None for tag in _TELLS)


def _is_beside(el: Element, lengths: "_Lengths") -> bool:
    if el.tag in ("article", "main"):
        return False
    names = f"{el.tag} {el.get('class', '')} {el.get('id', '')} {el.get('role', '')}"
    return not _BESIDE.isdisjoint(_TOKEN.split(names.lower())) and lengths.sentences(el) < 2


class _Lengths:
    """Counts, for every element, its characters, those inside links, its links and sentences."""

    def __init__(self, tree: Element) -> None:
        self._counts: dict[Element, list[int]] = {}
        for el in reversed(list(tree.iter())):
            own = [0, 0, 0, 0]
            self._add(own, el.text if isinstance(el.tag, str) else None)
            for child in el:
                own = [a + b for a, b in zip(own, self._counts[child], strict=True)]
                self._add(own, child.tail)
            if el.tag == "a":
                own[1], own[2] = own[0], 1
            self._counts[el] = own

    @staticmethod
    def _add(counts: list[int], text: str | None) -> None:
        if text:
            counts[0] += len(text) - sum(map(str.isspace, text))
            counts[3] += len(_SENTENCE.findall(text))

    def sentences(self, el: Element) -> int:
        return self._counts[el][3]

    def is_link_list(self, el: Element) -> bool:
        """Two links or more that are nearly all there is, and not a sentence among them."""
        characters, linked, links, ends = self._counts[el]
        return links >= 2 and linked >= 0.8 * characters and ends == 0
