"""Word files (docx): paragraphs by their styles, lists with their numbers, tables row by row.

Inserted text is kept, deleted text is not. Footnotes and endnotes are left out with a warning.
The author in the file's properties is mostly the account of an office: it is used only where the
page prints no byline and it looks like a person's name. The file's own dates say when the file was
made, not when the paper came out, so they are not used.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from hy_audio.article.formats.document import Document, Piece, one_line, paragraphs, row, top_of
from hy_audio.article.model import Kind
from hy_audio.characters import HAN

MAX_UNPACKED = 40_000_000
"""A file that holds more than this, unpacked, is refused."""
MAX_PARTS = 5_000
"""So is one of more parts."""

_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    (*(f"{_W}{name}" for name in ("pPr", "rPr", "del", "moveFrom", "rt", "txbxContent")), _FALLBACK)
)
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
"""Words of a formula."""
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_LONGEST_CELL = 60
_NOTES = (f"{_W}footnoteReference", f"{_W}endnoteReference")
_STYLES = (
    (Kind.HEADLINE, re.compile(r"title|标题|文章标题|主标题")),
    (Kind.SUBHEAD, re.compile(r"subtitle|副标题|副题")),
    (Kind.KICKER, re.compile(r"kicker|引题|肩题|眉题")),
    (Kind.BYLINE, re.compile(r"byline|author|作者|署名")),
    (Kind.CAPTION, re.compile(r"caption|题注|图片?说明")),
    (Kind.HEADING, re.compile(r"(?:heading|标题)\s*\d|小标题")),
    (Kind.ITEM, re.compile(r"list (?:paragraph|bullet|number|continue).*|列表段落|列出段落")),
)
_FIRST_HEADING = re.compile(r"(?:heading|标题)\s*1")
_NAME = re.compile(f"[{HAN}]{{2,4}}|[{HAN}]{{1,6}}(?:·[{HAN}]{{1,6}})+")
_NO_NAME = frozenset(
    ("微软用户", "用户", "作者", "管理员", "办公室", "编辑部", "编辑", "新闻部", "电脑")
)
_BYLINE = re.compile(r"记者|通讯员|作者|评论员|撰稿|^文[/／]")
_FIRST_PIECES = 6
_CHINESE_DIGITS = "零一二三四五六七八九"
_CHINESE_FORMATS = frozenset({
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
    "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
})  # fmt: skip


def is_docx(data: bytes) -> bool:
    """Whether bytes are a zip with a Word document in it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _BODY in package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def read_docx(data: bytes) -> Document:
    """Read a Word file.

    Raises:
        ValueError: it is damaged or encrypted, or would unpack to more than `MAX_UNPACKED`.
    """
    _check_size(data)
    try:
        return _read(data)
    except Exception as error:  # a damaged package fails anywhere in the library
        raise ValueError(
            f"a damaged Word file ({type(error).__name__}: {one_line(str(error))})"
        ) from error


def _check_size(data: bytes) -> None:
    """Refuse a zip bomb by the sizes in its directory, which the zip reader holds parts to."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ValueError(f"the Word file unpacks to more than {MAX_UNPACKED // 1_000_000} MB")


def _read(data: bytes) -> Document:
    import docx

    document = docx.Document(BytesIO(data))
    reader = _Reader(_Styles(document.styles), _Numbering(document.part))
    pieces = tuple(reader.pieces(document.element.body))
    author = one_line(document.core_properties.author or "")
    return Document(pieces, tuple(top_of(author=author if _is_needed(author, pieces) else "")))


def _is_needed(author: str, pieces: tuple[Piece, ...]) -> bool:
    first = pieces[:_FIRST_PIECES]
    printed = any(
        p.kind is Kind.BYLINE or (len(p.text) <= 60 and _BYLINE.search(p.text)) for p in first
    )
    return _NAME.fullmatch(author) is not None and author not in _NO_NAME and not printed


@dataclass(slots=True)
class _Reader:
    """Walks the body of a document."""

    styles: "_Styles"
    numbering: "_Numbering"

    def pieces(self, body: Any) -> Iterator[Piece]:
        """Paragraphs and tables in order, also those in content controls and text boxes."""
        for child in _children(body, f"{_W}p", f"{_W}tbl"):
            yield from (self._paragraph if child.tag == f"{_W}p" else self._table)(child)

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        text = "".join(_words(element))
        style, num, level = self.styles.of(element)
        kind = self.styles.kind(style, level)
        number = self.numbering.next(num) if text.strip() else None
        if number is not None and kind is Kind.PARAGRAPH:
            kind = Kind.ITEM
        if kind in (Kind.HEADLINE, Kind.HEADING):
            text = one_line(text.replace("\n", " "))
        parts = paragraphs(text)
        warning = _notes(element)
        for i, part in enumerate(parts):
            prefix, note = (number or "", warning) if i == 0 else ("", "")
            yield Piece(kind, prefix + part, note)
        for box in _boxes(element):
            yield from self.pieces(box)

    def _table(self, element: Any) -> Iterator[Piece]:
        """Each row a line, if there are columns of short cells; else the table arranges blocks."""
        rows = [
            [list(self.pieces(cell)) for cell in _children(one, f"{_W}tc")]
            for one in _children(element, f"{_W}tr")
        ]
        cells = [cell for row_cells in rows for cell in row_cells]
        arranges = any(
            len(cell) > 1 or any(len(p.text) > _LONGEST_CELL for p in cell) for cell in cells
        )
        if arranges or all(len(row_cells) <= 1 for row_cells in rows):
            yield from (piece for cell in cells for piece in cell)
            return
        for row_cells in rows:
            if text := row(p.text for cell in row_cells for p in cell):
                yield Piece(Kind.ITEM, text)


def _children(element: Any, *tags: str) -> Iterator[Any]:
    """Children with these tags, also those in content controls and insertions."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, *tags)


def _words(element: Any) -> Iterator[str]:
    """The words of a paragraph, breaks as line breaks, without what is deleted or hidden."""
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT or (tag == f"{_W}r" and _is_hidden(child)):
            continue
        if tag in (f"{_W}t", _FORMULA):
            yield child.text or ""
        elif tag == f"{_W}br":
            yield "\n" if child.get(f"{_W}type") in (None, "textWrapping") else " "
        elif tag == f"{_W}cr":
            yield "\n"
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            yield " "
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif isinstance(tag, str):
            yield from _words(child)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off")


def _notes(element: Any) -> str:
    count = sum(1 for tag in _NOTES for _ in element.iter(tag))
    return f"{count} footnote(s) here are left out" if count else ""


def _boxes(element: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph, each once: Word writes them twice for old readers."""
    for box in element.iter(f"{_W}txbxContent"):
        above = [up.tag for up in box.iterancestors()]
        if _FALLBACK not in above and above.count(f"{_W}txbxContent") == 0:
            yield box


# Styles and numbers


@dataclass(slots=True)
class _Styles:
    """Answers what a paragraph's style makes of it."""

    styles: Any
    _known: dict[str | None, tuple[list[str], Any, int | None]] = field(default_factory=dict)

    def of(self, paragraph: Any) -> tuple[list[str], Any, int | None]:
        """Names of a paragraph's style and those it is based on, its list, its outline level."""
        properties = paragraph.find(f"{_W}pPr")
        own = properties.find(f"{_W}pStyle") if properties is not None else None
        names, num, level = self._style(own.get(f"{_W}val") if own is not None else None)
        if properties is None:
            return names, num, level
        own_num = properties.find(f"{_W}numPr")
        return names, num if own_num is None else own_num, _level(properties, level)

    def kind(self, names: list[str], level: int | None) -> Kind:
        """The kind that the nearest style with a telling name gives."""
        for name in names:
            if _FIRST_HEADING.fullmatch(name):
                return Kind.HEADLINE
            for kind, pattern in _STYLES:
                if pattern.fullmatch(name):
                    return kind
        return Kind.PARAGRAPH if level is None else Kind.HEADING

    def _style(self, style_id: str | None) -> tuple[list[str], Any, int | None]:
        if style_id not in self._known:
            self._known[style_id] = self._look_up(style_id)
        return self._known[style_id]

    def _look_up(self, style_id: str | None) -> tuple[list[str], Any, int | None]:
        elements = {s.get(f"{_W}styleId"): s for s in self.styles.element.iter(f"{_W}style")}
        names: list[str] = []
        num = level = None
        seen: set[str] = set()
        while style_id is not None and style_id in elements and style_id not in seen:
            seen.add(style_id)
            element = elements[style_id]
            names.append((_value(element, "name") or style_id).strip().lower())
            properties = element.find(f"{_W}pPr")
            if properties is not None:
                num = properties.find(f"{_W}numPr") if num is None else num
                level = _level(properties, level) if level is None else level
            style_id = _value(element, "basedOn")
        return names, num, level


def _level(properties: Any, default: int | None) -> int | None:
    element = properties.find(f"{_W}outlineLvl")
    value = element.get(f"{_W}val") if element is not None else None
    if value is None:
        return default
    return int(value) if value.isdecimal() and int(value) < 9 else None


class _Numbering:
    """Counts list paragraphs and prints their numbers, where these are decimal or Chinese."""

    def __init__(self, part: Any) -> None:
        self._lists: dict[str, Any] = {}
        self._levels: dict[tuple[str, str], Any] = {}
        self._counts: Counter[tuple[str, int]] = Counter()
        relations = part.rels.values()
        root = next((r.target_part for r in relations if r.reltype.endswith("/numbering")), None)
        if root is None:
            return
        abstracts = {}
        for one in root.element.iter(f"{_W}abstractNum"):
            abstracts[one.get(f"{_W}abstractNumId")] = one
        for num in root.element.iter(f"{_W}num"):
            link = num.find(f"{_W}abstractNumId")
            self._lists[num.get(f"{_W}numId")] = abstracts.get(
                link.get(f"{_W}val") if link is not None else None
            )

    def next(self, num: Any) -> str | None:
        """The printed number of the next paragraph of a list; None where it is in no list."""
        if num is None:
            return None
        list_id, level = (_value(num, name) or "0" for name in ("numId", "ilvl"))
        if list_id == "0":
            return None
        depth = int(level) if level.isdecimal() else 0
        for deeper in range(depth + 1, 9):
            self._counts.pop((list_id, deeper), None)
        self._counts[list_id, depth] += 1
        form = self._level(list_id, depth)
        if form is None:
            return ""
        start = _value(form, "start") or "1"
        number = self._counts[list_id, depth] - 1 + (int(start) if start.isdecimal() else 1)
        return _printed(_value(form, "numFmt"), _value(form, "lvlText"), depth, number)

    def _level(self, list_id: str, depth: int) -> Any:
        abstract = self._lists.get(list_id)
        levels = abstract.iter(f"{_W}lvl") if abstract is not None else ()
        return next((one for one in levels if one.get(f"{_W}ilvl") == str(depth)), None)


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    value: str | None = child.get(f"{_W}val") if child is not None else None
    return value


def _printed(form: str | None, pattern: str | None, depth: int, number: int) -> str:
    """A number as `lvlText` prints it; nothing for bullets and for numbers of several levels."""
    place = f"%{depth + 1}"
    if pattern is None or pattern.count("%") != 1 or place not in pattern:
        return ""
    if form == "decimal":
        text = str(number)
    elif form in _CHINESE_FORMATS and 0 < number < 100:
        text = _chinese(number)
    else:
        return ""
    printed = pattern.replace(place, text).strip()
    return printed + " " * printed[-1].isascii()


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    lead = ("" if tens < 2 else _CHINESE_DIGITS[tens]) + "十" * (tens > 0)
    return lead + (_CHINESE_DIGITS[ones] if ones or not tens else "")
