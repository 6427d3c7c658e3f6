"""What a line is, told from the line alone: one table of named rules, tried in order.

A rule matches the whole of a line. Its group `say`, if it has one, is what is spoken of that line;
the rest of the line is silent by the rule of that name. A rule without the group silences the
whole line, or, for the spoken kinds, speaks it all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hy_audio.article.lines import Line
from hy_audio.article.model import Kind
from hy_audio.characters import HAN

SILENT_KINDS = frozenset({Kind.CREDIT, Kind.NOTICE, Kind.ELISION})
"""Kinds that are on the page and not in the sound."""

_H = f"[{HAN}]"
_MARK = "[■▲◆●△□▍▼▽★☆◎○]"
_SP = "[ \u3000\t]"
_NAME = f"{_H}(?:{_H}|·){{1,4}}"
_NAMES = f"{_NAME}(?:{_SP}*[、,，/]{_SP}*{_NAME}|{_SP}+{_NAME})*"
_ROLE = f"{_H}{{0,14}}(?:记者|通讯员|特约员|实习生|评论员|撰稿人)"
_TOOK = "(?:摄影报道|摄影|摄|供图|制图|图)"

_TAGGED = f"{_MARK}{_SP}*(?:{_ROLE}{_SP}*)?{_NAMES}{_SP}*/?{_SP}*{_TOOK}"
_REPORTER = f"{_ROLE}{_SP}*{_NAMES}{_SP}*/?{_SP}*{_TOOK}"
_SPACED = f"{_NAMES}{_SP}*(?:{_SP}|/){_SP}*{_TOOK}"
_LABELLED = f"(?:摄影|供图|图片|图){_SP}*[：:/]{_SP}*(?:{_ROLE}{_SP}*)?{_NAMES}"
_CREDIT = f"(?:{_TAGGED}|{_REPORTER}|{_SPACED}|{_LABELLED})"
_BRACKETED = f"[（(]{_SP}*(?:{_CREDIT}|{_NAMES}{_TOOK}){_SP}*[）)]"

_STAFF = (
    "责任编辑|责编|编辑|美术编辑|美编|版式|版面设计|校对|校检|图编"
    "|值班编委|值班主任|值班总编|审核|监制"
)
_CONTACT = "热线|电话|邮箱|电邮|传真|投稿|微信号|[Qq]{2}群?|[Ee]-?[Mm]ail"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that newspapers put on a line of its own."""

    name: str
    """What the ledger calls it."""
    kind: Kind
    """What the line becomes."""
    pattern: re.Pattern[str]
    """Matches the whole line."""
    longest: int = 60
    """Lines of more characters than this are not looked at."""


def _rule(name: str, kind: Kind, pattern: str, longest: int = 60) -> Rule:
    return Rule(name, kind, re.compile(pattern), longest)


LINE_RULES = (
    _rule("elision", Kind.ELISION, r"[.。．…·・](?:\s*[.。．…·・])+|…"),
    _rule("ornament", Kind.NOTICE, r"[-—–─━═=＝_＿*＊~～◇◆■□●○★☆※▲△|｜ \u3000]+", 400),
    _rule(
        "jump",
        Kind.NOTICE,
        rf"[（(【]?(?:上接|下转|紧接|转){_SP}*第?{_SP}*[A-Za-z]?\d+{_SP}*版.{{0,20}}",
    ),
    _rule(
        "folio",
        Kind.NOTICE,
        rf"第?{_SP}*[A-Za-z]?\d{{1,3}}{_SP}*版|[A-Z]\d{{1,2}}|[-—]?\d{{1,3}}[-—]?",
        12,
    ),
    _rule(
        "prompt",
        Kind.NOTICE,
        r"(?:微信|手机|请|长按|打开)?.{0,6}(?:扫一扫|扫码|扫描|识别|二维码)"
        r"(?=.*(?:更多|精彩|二维码|关注|观看|收看|阅读|看视频|查看|详情|下载|图)|.{0,3}$).{0,24}",
        36,
    ),
    _rule("staff", Kind.NOTICE, rf"[（(【]?(?:本版|本期)?(?:{_STAFF}){_SP}*[：:/ \u3000].*", 90),
    _rule(
        "contact",
        Kind.NOTICE,
        rf"[^。！？]{{0,16}}(?:{_CONTACT})[^。！？：:\d]{{0,8}}(?:[：:]{_SP}*|{_SP}*(?=\d[\d-]{{6}}))"
        r"[^。！？]*(?:\d[\d-]{4}|@)[^。！？]*[。]?",
        70,
    ),
    _rule(
        "address",
        Kind.NOTICE,
        r"[^。！？]{0,12}(?:https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)[。]?",
        120,
    ),
    _rule("credit", Kind.CREDIT, f"{_CREDIT}|{_BRACKETED}", 40),
    _rule(
        "byline",
        Kind.BYLINE,
        rf"(?:{_MARK}|[（(]|文{_SP}*[/／]){_SP}*(?P<say>{_ROLE}.{{0,40}}?)[）)]?"
        rf"|(?P<say2>{_ROLE}(?:{_SP}|[：:/]).{{1,40}})|(?P<say3>本[报台刊网]{_ROLE}{_NAMES})",
    ),
    _rule(
        "caption",
        Kind.CAPTION,
        rf"(?P<say>.+?){_SP}*(?:{_BRACKETED}|(?:{_SP}|(?<=[。！？])){_CREDIT})",
        240,
    ),
    _rule("caption", Kind.CAPTION, rf"(?:图片?说明{_SP}*[：:]|[▲△▼▽]){_SP}*(?P<say>.+)", 240),
    _rule("caption", Kind.CAPTION, r"(?:图|上图|下图|左图|右图)(?:为|：).+", 240),
)
"""In order: the first that matches decides."""

MARKER = re.compile(rf"{_MARK}+{_SP}*")
"""An ornament at the start of a line that is spoken."""

TAIL = re.compile(
    rf"{_SP}*[（(](?:下转|上接|紧接){_SP}*第?{_SP}*[A-Za-z]?\d+{_SP}*版[^）)]{{0,20}}[）)]$",
    re.IGNORECASE,
)
"""A pointer to another page at the end of a paragraph."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A line and what the rules made of it."""

    line: Line
    """The line."""
    kind: Kind | None
    """What it is; None for text that only its neighbours can tell."""
    rule: str
    """The rule that silences what is not spoken of it."""
    say: tuple[int, int] | None
    """The source range that is spoken, if any."""
    notes: tuple[tuple[int, int, str], ...] = ()
    """Silent ranges inside the line, with their rules."""

    @property
    def text(self) -> str:
        """What is spoken of the line."""
        if self.say is None:
            return ""
        a, b = self.say
        return self.line.text[a - self.line.start : b - self.line.start]


def mark(lines: Iterable[Line]) -> list[Marked]:
    """Tell each line by itself."""
    return [_mark(line) for line in lines]


def _mark(line: Line) -> Marked:
    for rule in LINE_RULES:
        if len(line.text) > rule.longest:
            continue
        if match := rule.pattern.fullmatch(line.text):
            return _apply(rule, match, line)
    return _plain(line)


def _apply(rule: Rule, match: re.Match[str], line: Line) -> Marked:
    if rule.kind in SILENT_KINDS:
        return Marked(line, rule.kind, rule.name, None)
    group = match.lastgroup
    start, end = match.span(group) if group else match.span()
    if marker := MARKER.match(line.text, start, end):
        start = marker.end()
    say = (line.start + start, line.start + end)
    silent = (
        "marker" if rule.kind is Kind.BYLINE else "credit" if end < len(line.text) else "marker"
    )
    notes = ((line.start, say[0], "marker"), (say[1], line.end, silent))
    return Marked(line, rule.kind, rule.name, say, tuple(n for n in notes if n[0] < n[1]))


def _plain(line: Line) -> Marked:
    start, end = 0, len(line.text)
    notes = []
    if marker := MARKER.match(line.text):
        start = marker.end()
        notes.append((line.start, line.start + start, "marker"))
    # A pointer is short, so only the end of the line is searched: a long line stays cheap.
    offset = max(start, end - 48)
    if tail := TAIL.search(line.text[offset:]):
        end = offset + tail.start()
        notes.append((line.start + end, line.end, "jump"))
    if start >= end:
        return Marked(line, Kind.NOTICE, "ornament", None)
    return Marked(line, None, "", (line.start + start, line.start + end), tuple(notes))
