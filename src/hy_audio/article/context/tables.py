"""Tables: rows of bare figures, which nobody understands by ear, and rows that are read."""

import re
from collections.abc import Sequence
from dataclasses import replace

from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind

_CELLS = re.compile(r"[\s|｜]+")
_FIGURE = re.compile(r"[-+−]?[\d.,:：/%％~～—–-]+[A-Za-z%℃]*|[-—–]+")
_COLUMNS = re.compile(
    r"[^，。！？；：\d\s]{1,8}(?:(?:\s*[|｜\t]\s*|\s{1,})[^，。！？；：\d\s]{1,8}){2,}"
)
_ENTRY = re.compile(r"[^，。！？；：、“”\s\d]{2,14}\s+\d[\d-]{2,13}")
_ROUTE = re.compile(r"[^，。！？；：、\s]{1,5}[路号]线?[\s：:].{2,40}")
_UNIT = re.compile(
    r"[（(]?(?:计量)?单位[：:][^，。]{1,12}[）)]?|表[一二三四五六七八九十\d]{1,3}(?![^\s：:]).{0,24}"
)
_TABLE = re.compile(r"表[一二三四五六七八九十\d]{1,3}(?:[\s：:].{0,24})?")
_CELL_GAP = re.compile(r"\t+|\u3000+| {2,}|\s*[|｜]\s*")
_ANNOUNCES = re.compile(r"[：:]$|号码|开奖")


def tables(lines: list[Marked]) -> list[Marked]:
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
    if _ENTRY.fullmatch(text) or _ROUTE.fullmatch(text):
        return True
    return len(figures) >= 3 or (len(cells) >= 3 and all(cells))


def _is_figures(text: str) -> bool:
    cells = [cell for cell in _CELLS.split(text) if cell] if len(text) <= 200 else []
    return len(cells) >= 3 and all(_FIGURE.fullmatch(cell) for cell in cells)
