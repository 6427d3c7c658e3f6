"""The lines above the body: kicker, headline, subhead, byline."""

import re
from collections.abc import Iterator, Sequence

from hy_audio.article.marks import Marked
from hy_audio.article.model import Block, Kind
from hy_audio.article.words import SURE_NAMES
from hy_audio.characters import width

_LINES = 8
_LONGEST = 40.0
_SENTENCE = re.compile(r"[。；，、：;,:][”’）)]*$|。")
_REPORT = re.compile(r"(?:本报讯|本报综合消息|.{2,12}\d+日电(?:[\s（(]|$))")
_TITLES = (Kind.KICKER, Kind.HEADLINE, Kind.SUBHEAD)
_NAMES = re.compile(SURE_NAMES)


def front(marked: Sequence[Marked]) -> list[Block]:
    """Blocks for the lines above the body, one for each line; they are the first of the page."""
    if any(m.kind is Kind.HEADLINE for m in marked):
        return list(_told(marked))
    return _guessed(marked)


def _told(marked: Sequence[Marked]) -> Iterator[Block]:
    """The lines whose kinds the format knows."""
    for m in marked:
        if m.kind not in (*_TITLES, Kind.BYLINE, Kind.CREDIT, Kind.NOTICE):
            return
        yield m.block()


def _guessed(marked: Sequence[Marked]) -> list[Block]:
    candidates: list[Marked] = []
    others: list[Block] = []
    byline_ahead = any(m.kind is Kind.BYLINE for m in marked[:_LINES])
    for i, m in enumerate(marked[:_LINES]):
        if m.kind is not None:
            if m.kind not in (Kind.BYLINE, Kind.CREDIT, Kind.NOTICE, Kind.ELISION):
                break
            others.append(m.block())
            if m.kind is Kind.BYLINE and candidates:
                break
        elif candidates and _is_author(m, marked[i + 1 : i + 2]):
            others.append(m.block(Kind.BYLINE))
            break
        elif _opens_body(m, after_title=bool(candidates), byline_ahead=byline_ahead):
            break
        else:
            candidates.append(m)
    if not candidates:
        return []
    titles = zip(_title_kinds(candidates), candidates, strict=True)
    return sorted(
        [*(m.block(kind) for kind, m in titles), *others], key=lambda block: block.pieces[0]
    )


def _is_author(m: Marked, after: Sequence[Marked]) -> bool:
    """Whether a line under the headline is no more than the author's name."""
    if not _NAMES.fullmatch(m.plain) or not after:
        return False
    return after[0].kind is None and _opens_body(after[0], after_title=True, byline_ahead=True)


def _opens_body(m: Marked, *, after_title: bool, byline_ahead: bool) -> bool:
    if m.begins or _SENTENCE.search(m.plain) or _REPORT.match(m.plain) or width(m.text) > _LONGEST:
        return True
    return after_title and (m.line.indent == 2 or (not byline_ahead and m.line.gap >= 2))


def _title_kinds(lines: Sequence[Marked]) -> list[Kind]:
    """Kicker, headline, subheads: the headline is the shorter line, a subhead may begin with ——."""
    kinds = [_title_kind(m.text) for m in lines]
    if Kind.HEADLINE not in kinds:
        kinds = [Kind.HEADLINE if kind is Kind.KICKER else kind for kind in kinds]
    plain = [i for i, kind in enumerate(kinds) if kind is Kind.HEADLINE]
    if len(plain) < 2:
        return kinds
    first, second = (width(lines[i].text) for i in plain[:2])
    has_kicker = len(plain) > 2 or second <= max(18.0, first * 1.5)
    if has_kicker:
        kinds[plain[0]] = Kind.KICKER
    for i in plain[2 if has_kicker else 1 :]:
        kinds[i] = Kind.SUBHEAD
    return kinds


def _title_kind(text: str) -> Kind:
    """What a line above the body says of itself: a subhead by its dash, a kicker by brackets."""
    if text.startswith(("—", "-")):
        return Kind.SUBHEAD
    return Kind.KICKER if text.startswith("【") and text.endswith("】") else Kind.HEADLINE
