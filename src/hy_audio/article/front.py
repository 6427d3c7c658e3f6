"""The lines above the body: kicker, headline, subhead, byline."""

import re
from collections.abc import Iterator, Sequence

from hy_audio.article.headings import TIMED
from hy_audio.article.marks import Marked, joined
from hy_audio.article.model import Block, Kind
from hy_audio.article.words import SURE_NAMES, H
from hy_audio.characters import width

_LINES = 9
_LONGEST = 40.0
_LONGEST_SUBHEAD = 64.0
_SENTENCE = re.compile(r"[。；，、：;,:][”’）)]*$|。")
_REPORT = re.compile(r"(?:本报讯|本报综合消息|.{2,12}\d+日电(?:[\s（(]|$))")
_SERIES = re.compile(r"系列|之[一二三四五六七八九十]+$|^[一二三四五六七八九十]+论|[｜|]|专栏")
_FIGURE = re.compile(r"\d")
_CHAPTER = re.compile(r"第[一二三四五六七八九十百\d]{1,3}[章回节集][\s　：:]")
_TITLES = (Kind.KICKER, Kind.HEADLINE, Kind.SUBHEAD)
_BESIDE = (Kind.BYLINE, Kind.CREDIT, Kind.NOTICE, Kind.ELISION)
_SURE_NAMES = re.compile(SURE_NAMES)
_NAMES = re.compile(rf"{SURE_NAMES}|{H}{{2,3}}")
_HAN = re.compile(f"{H}+")
_HALF = 7
_PLAIN = re.compile(rf"(?:{H}|[“”《》\w])+")

Title = list[Marked]
"""A title: mostly one line, sometimes two."""


def front(marked: Sequence[Marked]) -> tuple[list[Block], int]:
    """Blocks for the lines above the body, and how many lines of the page they take."""
    if any(m.kind is Kind.HEADLINE for m in marked):
        told = list(_told(marked))
        return told, len(told)
    return _guessed(marked)


def _told(marked: Sequence[Marked]) -> Iterator[Block]:
    """The lines whose kinds the format knows."""
    for i, m in enumerate(marked):
        if m.kind in (*_TITLES, *_BESIDE):
            yield m.block()
        elif i and _is_above_byline(m, marked[i + 1 : i + 2]):
            yield m.block(Kind.SUBHEAD)
        else:
            return


def _is_above_byline(m: Marked, below: Sequence[Marked]) -> bool:
    """Whether a line between headline and byline is a title, though its format does not say so."""
    title = m.kind is None and width(m.text) <= _LONGEST and not _SENTENCE.search(m.plain)
    return title and bool(below) and below[0].kind is Kind.BYLINE


def _guessed(marked: Sequence[Marked]) -> tuple[list[Block], int]:
    titles: list[Title] = []
    others: list[Block] = []
    byline_ahead = any(m.kind is Kind.BYLINE for m in marked[:_LINES])
    end = 0
    for i, m in enumerate(marked[:_LINES]):
        below = marked[i + 1] if i + 1 < len(marked) else None
        if m.kind is not None:
            if m.kind not in _BESIDE:
                break
            others.append(m.block())
            if m.kind is Kind.BYLINE and titles:
                end = i + 1
                break
        elif titles and _goes_on(titles, m, below):
            titles[-1].append(m)
        elif titles and _is_author(m, below):
            others.append(m.block(Kind.BYLINE))
            end = i + 1
            break
        elif (
            _goes_on_behind_aside(marked, i)
            or (m.line.gap and _ends_titles(titles) and not byline_ahead)
            or _opens_body(m, below, after_title=bool(titles), byline_ahead=byline_ahead)
        ):
            break
        else:
            titles.append([m])
        end = i + 1
    if not titles:
        return [], 0
    kinds = _title_kinds(titles)
    blocks = [joined(kind, title) for kind, title in zip(kinds, titles, strict=True)]
    return sorted([*blocks, *others], key=lambda block: block.pieces[0]), end


def _goes_on(titles: Sequence[Title], m: Marked, below: Marked | None) -> bool:
    """Whether a title on two lines goes on: a subhead at a comma, a headline of two even halves."""
    *before, title = titles
    first = title[-1]
    if m.line.gap or m.begins or len(title) > 1:
        return False
    if _is_parallel(first, m):
        return True
    if first.text.startswith("—"):
        return first.text.endswith(("、", "，"))
    if before or first.line.gap == 0 or below is None or below.line.gap == 0:
        return False
    even = max(width(first.text), width(m.text)) <= 1.35 * min(width(first.text), width(m.text))
    return even and all(_PLAIN.fullmatch(half.text) for half in (first, m))


def _is_parallel(first: Marked, second: Marked) -> bool:
    """Two lines as long as each other, of seven characters and more: the halves of a headline."""
    lengths = {len(first.text), len(second.text)}
    return (
        len(lengths) == 1
        and min(lengths) >= _HALF
        and all(_HAN.fullmatch(m.plain) for m in (first, second))
    )


def _goes_on_behind_aside(marked: Sequence[Marked], i: int) -> bool:
    return any(part.inner and part.kind is None for part in marked[i + 1 : i + 3])


def _ends_titles(titles: Sequence[Title]) -> bool:
    """Whether the last title is a subhead behind a dash: what stands apart below it is text."""
    return bool(titles) and titles[-1][0].text.startswith("——")


def _is_author(m: Marked, below: Marked | None) -> bool:
    """Whether a line under the headline is no more than the author's name."""
    if m.ornamented and _SURE_NAMES.fullmatch(m.plain):
        return below is not None
    if not _NAMES.fullmatch(m.plain) or below is None:
        return False
    if below.kind is Kind.VERSE:
        return _SURE_NAMES.fullmatch(m.plain) is not None
    if below.kind is not None:
        return False
    opens = _opens_body(below, None, after_title=True, byline_ahead=True)
    return m.line.gap < 2 and opens and not _NAMES.fullmatch(below.plain)


def _opens_body(m: Marked, below: Marked | None, *, after_title: bool, byline_ahead: bool) -> bool:
    longest = _LONGEST_SUBHEAD if m.text.startswith("——") and after_title else _LONGEST
    if m.text.startswith("——") and after_title and width(m.text) <= longest:
        return False
    if m.begins or _SENTENCE.search(m.plain) or _REPORT.match(m.plain) or width(m.text) > longest:
        return True
    if not after_title:
        return False
    if below is not None and below.labelled and below.line.gap == 0:
        return True
    return (
        m.ornamented
        or bool(_CHAPTER.match(m.plain))
        or bool(TIMED.fullmatch(m.plain))
        or m.line.indent == 2
        or (not byline_ahead and m.line.gap >= 2)
    )


def _title_kinds(titles: Sequence[Title]) -> list[Kind]:
    """Kicker, headline, subheads: the headline is the shorter line, a subhead may begin with ——."""
    texts = ["".join(m.text for m in title) for title in titles]
    kinds = [_title_kind(text) for text in texts]
    if Kind.HEADLINE not in kinds:
        kinds = [Kind.HEADLINE if kind is Kind.KICKER else kind for kind in kinds]
    plain = [i for i, kind in enumerate(kinds) if kind is Kind.HEADLINE]
    if len(plain) < 2:
        return kinds
    has_kicker = len(plain) > 2 or _is_kicker(*(texts[i] for i in plain[:2]))
    if has_kicker:
        kinds[plain[0]] = Kind.KICKER
    for i in plain[2 if has_kicker else 1 :]:
        kinds[i] = Kind.SUBHEAD
    return kinds


def _is_kicker(first: str, second: str) -> bool:
    """Whether the first of two lines is a kicker, and not the headline above its subhead.

    A kicker is shorter than its headline, or much longer; a subhead brings the figures.
    """
    if _SERIES.search(first):
        return True
    a, b = width(first), width(second)
    if _FIGURE.search(second) and not _FIGURE.search(first):
        return False
    return a >= 1.6 * b or (a < 0.95 * b and b <= max(18.0, 1.5 * a))


def _title_kind(text: str) -> Kind:
    """What a line above the body says of itself: a subhead by its dash, a kicker by brackets."""
    if text.startswith(("—", "-")):
        return Kind.SUBHEAD
    return Kind.KICKER if text.startswith("【") and text.endswith("】") else Kind.HEADLINE
