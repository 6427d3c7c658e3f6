"""What a line is, told from the lines beside it: lists, turns of a talk, tables, signatures."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hy_audio.article.columns import is_finished
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.rules import (
    BARE_FOLIO,
    LINK,
    PROMPT_MORE,
    PROMPT_PERHAPS,
    REFERENCE,
    SEAL,
    SIGNATURE,
    SIGNED,
    SILENT_KINDS,
    STAFF_TAIL,
    TOP_LINE,
)
from hy_audio.article.words import CHINESE_NUMBER

_ITEM = re.compile(r"(?:\d{1,2}(?:[.．、](?!\d)|[）)])|[（(]\d{1,2}[）)]|[①-⑳]).+")
_CHINESE_ITEM = re.compile(
    rf"(?:{CHINESE_NUMBER}、|[（(]{CHINESE_NUMBER}[）)]|第{CHINESE_NUMBER}[，,]).+"
)
_SENTENCE = re.compile(r"[。；;]")
_DECIMAL = re.compile(r"\d{1,2}[.．]\d")
_NUMBER = re.compile(r"(\d{1,2})[.．、]")
_TURN = re.compile(r"(问|答|记者|主持人|[QA]|[^，。！？；：、“”\s\d]{2,6})[：:](?=.)")
_ROW_LABEL = re.compile(r"[^，。！？；：、“”\s\d]{1,6}[：:].")
_ASKED = frozenset({"问", "答", "记者", "主持人", "Q", "A"})
_LEAD_IN = re.compile(r"【[^】]{1,12}】.+|本报讯(?:[\s（(]|$)")
_CELLS = re.compile(r"[\s|｜]+")
_FIGURE = re.compile(r"[-+−]?[\d.,:：/%％~～—–-]+[A-Za-z%℃]*|[-—–]+")
_COLUMNS = re.compile(
    r"[^，。！？；：\d\s]{1,8}(?:(?:\s*[|｜\t]\s*|\s{1,})[^，。！？；：\d\s]{1,8}){2,}"
)
_ENTRY = re.compile(r"[^，。！？；：、“”\s\d]{2,14}\s+\d[\d-]{2,13}")
_UNIT = re.compile(
    r"[（(]?(?:计量)?单位[：:][^，。]{1,12}[）)]?|表[一二三四五六七八九十\d]{1,3}(?![^\s：:]).{0,24}"
)
_TABLE = re.compile(r"表[一二三四五六七八九十\d]{1,3}(?:[\s：:].{0,24})?")
_CELL_GAP = re.compile(r"\t+|\u3000+| {2,}|\s*[|｜]\s*")
_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_DIGIT = re.compile(r"\d")
_SHOWN = re.compile(r"图 ?[:：/／｜|]")
_TOP_LINES = 5
_TEXT = (None, Kind.PARAGRAPH)
_UNREAD = (*SILENT_KINDS, Kind.CAPTION)
_STEP = re.compile(r"\d{1,2}")
_FURNITURE = ("folio", "running-head")
_ANNOUNCES = re.compile(r"[：:]$|号码|开奖")
_COMMA = re.compile(r"[，。；：]")
_CLAUSE = re.compile(r"[^，。！？；：、“”‘’「」…—,.!?;:]+")
_ASIDES = (("seal", SEAL), ("staff", STAFF_TAIL), ("reference", REFERENCE), ("address", LINK))


def in_context(marked: Sequence[Marked]) -> list[Marked]:
    """Tell the lines of a page again, each with its neighbours in sight."""
    lines = list(marked)
    for look in (
        _top,
        _prompts,
        _doubts,
        _tables,
        _steps,
        _folios,
        _datelines,
        _captions,
        _bylines,
        _signatures,
        _begin,
        _asides,
        _pulled_quotes,
        _signed,
    ):
        lines = look(lines)
    return lines


def _top(lines: list[Marked]) -> list[Marked]:
    """The head of the page on its first lines: folio, paper, section, date."""
    told = list(lines)
    for i, m in enumerate(lines[:_TOP_LINES]):
        if m.kind is Kind.NOTICE:
            continue
        if m.kind is not None or m.ornamented or not TOP_LINE.fullmatch(m.plain):
            break
        beside = (*told[max(0, i - 1) : i], *lines[i + 1 : i + 2])
        if not _DIGIT.search(m.plain) and all(other.kind is not Kind.NOTICE for other in beside):
            break
        told[i] = m.silenced("running-head")
    return told


def _prompts(lines: list[Marked]) -> list[Marked]:
    """A prompt on two lines is one prompt."""
    return [
        m.silenced("prompt-more") if m.kind is None and _goes_on_with_prompt(lines, i) else m
        for i, m in enumerate(lines)
    ]


def _goes_on_with_prompt(lines: Sequence[Marked], i: int) -> bool:
    m, below = lines[i], lines[i + 1 : i + 2]
    above_it = bool(below) and below[0].line.gap == 0 and below[0].is_prompt
    below_it = i > 0 and m.line.gap == 0 and lines[i - 1].is_prompt
    if len(m.text) > 30 or not (above_it or below_it):
        return False
    if PROMPT_MORE.fullmatch(m.plain):
        return True
    above = next(
        (other for other in reversed(lines[max(0, i - 4) : i]) if other.kind is None), None
    )
    inside = above is not None and not is_finished(above.text)
    if inside and below_it and len(m.plain) <= 12 and not _COMMA.search(m.plain):
        return True
    heads = bool(below) and below[0].kind is None and below[0].line.gap == 0 and not inside
    return not heads and PROMPT_PERHAPS.fullmatch(m.plain) is not None


def _doubts(lines: list[Marked]) -> list[Marked]:
    """What looks like a credit or a prompt is one beside a caption, a credit or a notice."""
    return [
        m.silenced(m.doubt) if m.doubt and m.kind is None and _is_among_unread(lines, i) else m
        for i, m in enumerate(lines)
    ]


def _is_among_unread(lines: Sequence[Marked], i: int) -> bool:
    """Whether the line above or below is not read, or captions a picture."""
    if lines[i].doubt == "prompt" and (i + 1 == len(lines) or _cuts_sentence(lines, i)):
        return True
    beside = (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])
    return any(m.kind in _UNREAD for m in beside)


def _cuts_sentence(lines: Sequence[Marked], i: int) -> bool:
    """Whether a sentence is open above a line and goes on below it."""
    above, below = lines[max(0, i - 1) : i], lines[i + 1 : i + 2]
    return bool(
        above
        and below
        and above[0].kind is below[0].kind is None
        and not is_finished(above[0].text)
        and _COMMA.search(above[0].plain)
        and below[0].continues_column
    )


def _tables(lines: list[Marked]) -> list[Marked]:
    """Rows of bare figures, with what names them: nobody understands them by ear.

    Rows of words stay rows, each a paragraph of its own.
    """
    figures = [m.kind in (None, Kind.NOTICE) and _is_figures(m.line.plain) for m in lines]
    figures = [told and not _is_announced(lines, i) for i, told in enumerate(figures)]
    figures = [told or titled for told, titled in zip(figures, _titled(lines), strict=True)]
    rows = [m.kind is None and _is_row(m.text) for m in lines]
    told = []
    for i, m in enumerate(lines):
        beside = any(figures[max(0, i - 1) : i + 2])
        near = any(figures[max(0, i - 2) : i + 3])
        names = m.kind is None and _COLUMNS.fullmatch(m.plain) and (beside or _heads(lines, i))
        if figures[i] or names or (m.kind is None and near and _UNIT.fullmatch(m.plain)):
            told.append(m.silenced("table"))
        elif rows[i] and (any(rows[max(0, i - 1) : i]) or any(rows[i + 1 : i + 2])):
            told.append(replace(m, kind=Kind.PARAGRAPH, rule="row"))
        else:
            told.append(m)
    return told


def _titled(lines: Sequence[Marked]) -> list[bool]:
    """Which rows stand in a table that has a number: a name and figures, or names of columns."""
    found: list[bool] = []
    inside = False
    for m in lines:
        title = m.kind is None and _TABLE.fullmatch(m.plain) is not None
        cells = _CELLS.split(m.plain) if m.kind is None and len(m.plain) <= 80 else []
        told = all(_FIGURE.fullmatch(cell) for cell in cells[1:]) or _COLUMNS.fullmatch(m.plain)
        inside = title or (inside and len(cells) >= 2 and bool(told))
        found.append(inside)
    return found


def _heads(lines: Sequence[Marked], i: int) -> bool:
    """Whether as many cells stand below, twice, with figures in them."""
    cells = len(_CELLS.split(lines[i].plain))
    rows = [m.plain for m in lines[i + 1 : i + 3]]
    return len(rows) == 2 and all(
        len(_CELLS.split(row)) == cells and re.search(r"\d", row) for row in rows
    )


def _is_announced(lines: Sequence[Marked], i: int) -> bool:
    """Whether one row of figures is what the line above it announces: the numbers of a draw."""
    above, below = lines[max(0, i - 1) : i], lines[i + 1 : i + 2]
    told = above and above[0].kind is None and _ANNOUNCES.search(above[0].plain)
    return bool(told) and not (below and _is_figures(below[0].line.plain))


def _is_row(text: str) -> bool:
    if len(text) > 80 or "。" in text:
        return False
    cells = _CELL_GAP.split(text)
    figures = [cell for cell in _CELLS.split(text) if _FIGURE.fullmatch(cell)]
    if _ENTRY.fullmatch(text):
        return True
    return len(figures) >= 3 or (len(cells) >= 3 and all(cells))


def _is_figures(text: str) -> bool:
    cells = [cell for cell in _CELLS.split(text) if cell] if len(text) <= 200 else []
    return len(cells) >= 3 and all(_FIGURE.fullmatch(cell) for cell in cells)


def _steps(lines: list[Marked]) -> list[Marked]:
    """1 and 2, each above a text of its own, number the parts of an article; so do 01 and 02."""
    steps = [
        i
        for i, m in enumerate(lines[:-1])
        if m.rule == "folio" and _STEP.fullmatch(m.line.plain) and _may_be_step(lines, i)
    ]
    if len(steps) < 2 or [int(lines[i].line.plain) for i in steps] != [*range(1, len(steps) + 1)]:
        return lines
    told = list(lines)
    for i in steps:
        told[i] = lines[i].given_back()
    return told


def _may_be_step(lines: Sequence[Marked], i: int) -> bool:
    return lines[i].line.plain.startswith("0") or _is_between_texts(lines, i)


def _folios(lines: list[Marked]) -> list[Marked]:
    """A number alone between two texts may be the page's or a heading: it is read."""
    return [
        m.given_back(doubt=m.rule)
        if m.rule in _FURNITURE
        and BARE_FOLIO.fullmatch(m.line.plain)
        and _is_between_texts(lines, i)
        else m
        for i, m in enumerate(lines)
    ]


def _is_between_texts(lines: Sequence[Marked], i: int) -> bool:
    """Whether text stands right above and below, and no sentence is open above."""
    if i == 0 or i + 1 == len(lines):
        return False
    above, below = lines[i - 1], lines[i + 1]
    if above.kind in _UNREAD or below.kind in _UNREAD:
        return False
    return is_finished(above.text) or not _COMMA.search(above.plain)


def _datelines(lines: list[Marked]) -> list[Marked]:
    """A dateline that fills a line of its column is the beginning of a paragraph."""
    return [
        replace(m, kind=None, rule="")
        if m.kind is Kind.DATELINE and below.kind is None and below.continues_column
        else m
        for m, below in pairwise([*lines, *lines[-1:]])
    ]


def _captions(lines: list[Marked]) -> list[Marked]:
    """A marked line above a caption begins it; one above a credit, inside a sentence, is one."""
    return [
        replace(m, kind=Kind.CAPTION, rule="caption")
        if m.kind is None and (_begins_caption(lines, i) or _is_credited_below(lines, i))
        else m
        for i, m in enumerate(lines)
    ]


def _bylines(lines: list[Marked]) -> list[Marked]:
    """图/ below 文/ names the photographer beside the reporter: the byline goes on."""
    return [
        replace(m.given_back(), kind=Kind.BYLINE, rule="byline")
        if m.kind is Kind.CREDIT
        and above.kind is Kind.BYLINE
        and m.line.gap == 0
        and _SHOWN.match(m.line.plain)
        else m
        for above, m in pairwise([*lines[:1], *lines])
    ]


def _begins_caption(lines: Sequence[Marked], i: int) -> bool:
    m, below = lines[i], lines[i + 1 : i + 2]
    goes_on = below and below[0].kind is Kind.CAPTION and below[0].continues_column
    return bool(goes_on) and m.ornamented and not is_finished(m.text)


def _is_credited_below(lines: Sequence[Marked], i: int) -> bool:
    """Whether a sentence that stands in an open one has a credit below it."""
    m, below = lines[i], lines[i + 1 : i + 2]
    credited = below and below[0].kind is Kind.CREDIT and below[0].line.gap == 0
    return bool(credited) and is_finished(m.text) and _cuts_sentence(_texts(lines, i), 1)


def _texts(lines: Sequence[Marked], i: int) -> Sequence[Marked]:
    """A line between the one above it and the one below its credit."""
    return (*lines[max(0, i - 1) : i + 1], *lines[i + 2 : i + 3])


def _signatures(lines: list[Marked]) -> list[Marked]:
    """A date alone below a name, and the name: they sign a letter or a notice."""
    told = list(lines)
    for i in range(2, len(lines)):
        body, name, date = lines[i - 2 : i + 1]
        signed = name.kind is None and date.kind is None and _DATE.fullmatch(date.plain)
        closed = body.kind is not None or is_finished(body.text)
        if signed and closed and len(name.plain) <= 24 and not _COMMA.search(name.plain):
            told[i - 1] = replace(name, kind=Kind.PARAGRAPH)
            told[i] = replace(date, kind=Kind.PARAGRAPH)
    return told


def _begin(lines: list[Marked]) -> list[Marked]:
    """Items of a list and turns of a talk each begin anew, whatever stands above."""
    turns = Counter(match[1] for m in lines if (match := _TURN.match(m.plain)))
    numbers = [_number(m) for m in lines]
    all_numbers = frozenset(numbers)
    begun = []
    for i, m in enumerate(lines):
        begins = None
        if m.kind is None and _is_item(m, numbers[i], all_numbers) and not _breaks_off(lines, i):
            begins = Kind.ITEM
        elif m.kind is None and (
            _is_turn(m.plain, turns) or _LEAD_IN.match(m.plain) or _is_labelled(lines, i)
        ):
            begins = Kind.PARAGRAPH
        begun.append(replace(m, begins=begins))
    return begun


def _breaks_off(lines: Sequence[Marked], i: int) -> bool:
    """Whether a decimal at the start of a line belongs to the open sentence above it."""
    above = lines[i - 1] if i else None
    if above is None or above.kind is not None or not lines[i].continues_column:
        return False
    decimal = _DECIMAL.match(lines[i].plain) is not None
    return decimal and not is_finished(above.text) and not _NUMBER.match(above.plain)


def _is_labelled(lines: Sequence[Marked], i: int) -> bool:
    """Whether it is a row of a list such as 地点：…, right above or below another one."""
    if not _ROW_LABEL.match(lines[i].plain):
        return False
    above = lines[i - 1 : i] if lines[i].line.gap == 0 else []
    below = [m for m in lines[i + 1 : i + 2] if m.line.gap == 0]
    return any(m.kind is None and _ROW_LABEL.match(m.plain) for m in (*above, *below))


def _number(m: Marked) -> int:
    """The number of an item: of `1. 65` as of `1.65`; 0 for none."""
    match = _NUMBER.match(m.plain) if m.kind is None else None
    return int(match[1]) if match else 0


def _is_item(m: Marked, number: int, numbers: frozenset[int]) -> bool:
    """1.65 is an item, and not a decimal, where another one has the number before or after."""
    if _ITEM.fullmatch(m.plain):
        return True
    if _CHINESE_ITEM.fullmatch(m.plain):
        return _SENTENCE.search(m.plain) is not None
    return number > 0 and (number - 1 in numbers if number > 1 else 2 in numbers)


def _is_turn(plain: str, turns: Counter[str]) -> bool:
    match = _TURN.match(plain)
    return match is not None and (match[1] in _ASKED or turns[match[1]] >= 2)


def _asides(lines: list[Marked]) -> list[Marked]:
    """Web addresses in brackets and the places of stamps are taken out of what is said."""
    return [part for m in lines for part in (_without_asides(m) if m.kind in _TEXT else [m])]


def _without_asides(m: Marked) -> list[Marked]:
    found = (
        (*match.span(), rule) for rule, pattern in _ASIDES for match in pattern.finditer(m.plain)
    )
    return m.without(sorted(found))


def _pulled_quotes(lines: list[Marked]) -> list[Marked]:
    """A sentence of the text that stands in quotes on a line of its own."""
    quotes = {i for i, m in enumerate(lines) if m.kind is None and _is_quoted(m.plain)}
    if not quotes:
        return lines
    page = "".join(m.plain for i, m in enumerate(lines) if m.kind is None and i not in quotes)
    clauses = frozenset(_CLAUSE.findall(page))
    return [
        replace(m, kind=Kind.PARAGRAPH, rule="pull-quote")
        if i in quotes and clauses.issuperset(_CLAUSE.findall(m.plain))
        else m
        for i, m in enumerate(lines)
    ]


def _is_quoted(text: str) -> bool:
    return 8 <= len(text) <= 60 and text[0] in "“「" and text[-1] in "”」"


def _signed(lines: list[Marked]) -> list[Marked]:
    """Names in brackets that end the text are the author's; after each of several items, theirs."""
    texts = [i for i, m in enumerate(lines) if m.kind not in SILENT_KINDS]
    signed = [i for i in texts[1:] if _signature(lines[i])]
    last = signed[-1] if signed else 0
    match = _signature(lines[last]) if last else None
    if match is None or (match.start() and len(signed) > 1):
        return lines
    below = [lines[i] for i in texts if i > last]
    if below and (match.start() == 0 or any(_is_prose(m) for m in below)):
        return lines
    before, names, behind = lines[last].split(*match.span())
    start, end = (place - match.start() for place in match.span("say"))
    parts = (before, names.narrowed(Kind.BYLINE, start, end), behind)
    return [*lines[:last], *(part for part in parts if part), *lines[last + 1 :]]


def _is_prose(m: Marked) -> bool:
    return m.kind is None and is_finished(m.text) and len(m.text) > 12


def _signature(m: Marked) -> re.Match[str] | None:
    """Names in brackets: a line of their own, or behind a text."""
    if m.kind is not None or not m.plain.endswith(("）", ")")):
        return None
    behind = SIGNED.search(m.plain, max(0, len(m.plain) - 60))
    return SIGNATURE.fullmatch(m.plain) or behind
