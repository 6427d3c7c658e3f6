"""What a line is, told from the line alone: one table of named rules, tried in order.

A rule matches the whole of a line. Of the spoken kinds its group `say`, if it has one, is what is
spoken; what stands around it is a marker. Ornaments, pointers to other pages and the credit of a
caption are taken off the ends of whatever is spoken.
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
_PAGE = f"第?{_SP}*[A-Za-z]?(?:\\d+|[一二三四五六七八九十]+){_SP}*版"

# People: two or three characters (王　明 is set with a space), a compound surname, or dots.
_COMPOUND = "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|端木|呼延|南宫"
_NAME = (
    "(?:(?!记者|通讯员|评论员|实习生|撰稿人)"
    f"(?:(?:{_COMPOUND}){_H}{{1,2}}|{_H}[ \u3000]?{_H}{_H}?|{_H}+(?:·{_H}+)+))"
)
_NAMES = f"{_NAME}(?:{_SP}*[、,，/]{_SP}*{_NAME}|{_SP}+{_NAME})*"
_NO_NAME = (
    "(?!调查|观察|手记|走|探访|采访|体验|专访|连线|报道|获悉|了解|来信|视点|札记|眼|节|看|问|说|在"
    "|从|日前|昨日|今日|手绘)"
)
_PAPER = (
    "(?:本[报台刊网社]|新华社|中新社"
    f"|{_H}{{2,8}}(?:日报|晚报|晨报|早报|时报|周报|都市报|电视台|电台|新闻网|融媒体中心|客户端))"
)
_POST = "(?:首席|见习|资深|特约|特派|全媒体|融媒体?|摄影|文字|驻站)"
_JOB = f"{_POST}*(?:记者|通讯员|评论员|撰稿人|实习生)"
_ROLE = f"{_PAPER}?{_SP}*{_JOB}"
_COLON = f"{_SP}*[：:/]?{_SP}*"
_PEOPLE = (
    f"(?:{_PAPER}{_SP}*{_JOB}{_COLON}{_NO_NAME}{_NAMES}"
    f"|{_JOB}(?:{_SP}+|{_SP}*[：:/]{_SP}*){_NO_NAME}{_NAMES})"
    f"(?:[ \u3000\t、，,；;]*{_ROLE}{_COLON}{_NAMES})*"
    f"(?:{_SP}*(?:文[/／]?图|摄影报道|报道|文))?"
)

# Who took a picture.
_TOOK = "(?:摄影报道|摄影|摄|供图|制图|绘图)"
_SLASH = f"{_SP}*/?{_SP}*"
_CREDIT = (
    f"(?:{_MARK}{_SP}*(?:{_ROLE}{_SP}*)?{_NAMES}{_SLASH}{_TOOK}"
    f"|{_ROLE}{_SP}*{_NAMES}{_SLASH}{_TOOK}"
    f"|{_NAMES}{_SP}*(?:{_SP}|/){_SP}*{_TOOK}"
    f"|(?:摄影|供图|图片|图){_SP}*[：:/]{_SP}*(?:{_ROLE}{_SP}*)?{_NAMES}(?![，,]))"
)
_ARCHIVE = "(?:本报)?资料图片?|网络图片|受访者供图|通讯员供图|图片由.{2,12}提供"
_AGENCY = f"(?:(?:新华社|中新社)发{_SP}*)"
_BRACKETED = f"{_AGENCY}?[（(]{_SP}*{_AGENCY}?(?:{_CREDIT}|{_NAMES}{_TOOK}|{_ARCHIVE}){_SP}*[）)]"

# Who made the page, and how to reach it.
_STAFF = (
    "责任编辑|责编|编辑|美术编辑|美编|版式|版面设计|校对|校检|图编"
    "|值班编委|值班主任|值班总编|审核|监制"
)
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NUMBER = r"[\d(（+][\d()（）\-—、,，/转 ]{4,}"
_REACHED = f"(?:{_NUMBER}|{_MAIL})(?:[（(][^（）()]*[）)])?"
_CONTACT = "(?:热线|电话|邮箱|电邮|传真|投稿|微信号|[Qq]{2}群?|[Ee]-?[Mm]ail)"
_LABEL = f"(?:{_H}{{0,10}}{_CONTACT}{_H}{{0,4}}(?:{_SP}*[：:]{_SP}*|{_SP}+))"

# What a picture of a code asks for.
_SCAN = "(?:扫一扫|扫码|扫描|长按)(?:识别)?"
_SEE = (
    "(?:关注(?=我们|本报|.*公众号|.*微信|.*抖音|.*视频号|[。！!]?$)|更多|精彩|跟着|加入"
    "|(?:看|观看|收看|查看|收听|听|阅读|了解|欣赏|下载|进入|获取|参与).{0,4}"
    "(?:视频|直播|详情|更多|精彩|全文|图|专题|报道|回放|音频|新闻|内容|客户端|节目|活动|投票))"
)


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
    _rule("jump", Kind.NOTICE, rf"(?:上接|下转|紧接|转){_SP}*{_PAGE}{_SP}*[▶►→]?"),
    _rule(
        "jump",
        Kind.NOTICE,
        rf"[（(【]{_SP}*(?:上接|下转|紧接|转){_SP}*{_PAGE}[^）)】]{{0,20}}[）)】]",
    ),
    _rule(
        "folio",
        Kind.NOTICE,
        rf"(?:{_PAGE}|[A-Z]\d{{1,2}})(?:{_SP}*[：:·]{_SP}*{_H}{{2,6}})?|[-—]?\d{{1,3}}[-—]?",
        16,
    ),
    _rule(
        "page-date",
        Kind.NOTICE,
        rf"\d{{4}}年\d{{1,2}}月\d{{1,2}}日{_SP}+(?:星期|周|农历)\S{{0,10}}(?:{_SP}.*)?",
    ),
    _rule(
        "prompt",
        Kind.NOTICE,
        rf"(?:请|欢迎|打开|用)?(?:微信|手机)?{_SCAN}(?:{_H}{{0,6}}二维码)?"
        rf"[，,、！! ]*(?:{_SEE}.{{0,16}})?[。！!]?",
        36,
    ),
    _rule(
        "staff",
        Kind.NOTICE,
        rf"[（(【]?(?:(?:本版|本期)?(?:{_STAFF})(?:{_SP}*[：:/]{_SP}*|{_SP}+)"
        rf"{_NAMES}[ \u3000、，,]*)+"
        rf"(?:{_LABEL}{_REACHED})?[）)】]?",
        90,
    ),
    _rule(
        "contact",
        Kind.NOTICE,
        rf"(?:(?:地址|网址)[：:]\S+[ \u3000；;，,]*)?(?:{_LABEL}{_REACHED}[ \u3000；;，,。]*)+",
        90,
    ),
    _rule(
        "address",
        Kind.NOTICE,
        rf"(?:{_H}{{0,8}}{_SP}*[：:]{_SP}*)?(?:https?://[!-~]+|www\.[!-~]+|{_MAIL})[。]?",
        200,
    ),
    _rule("credit", Kind.CREDIT, rf"{_CREDIT}|{_MARK}?{_SP}*{_BRACKETED}", 40),
    _rule(
        "byline",
        Kind.BYLINE,
        rf"{_MARK}?{_SP}*(?:[（(]|文{_SP}*[/／](?:图{_SP})?)?{_SP}*"
        rf"(?P<say>{_PEOPLE}|本[报台刊]特?约?评论员){_SP}*[）)]?",
    ),
    _rule("caption", Kind.CAPTION, rf"(?:图片?说明{_SP}*[：:]|[▲△▼▽]){_SP}*(?P<say>.+)", 240),
    _rule("caption", Kind.CAPTION, r"(?:图|上图|下图|左图|右图)(?:为|：).+", 240),
    _rule(
        "caption", Kind.CAPTION, rf".+?{_SP}*(?:{_BRACKETED}|(?:{_SP}|(?<=[。！？])){_CREDIT})", 240
    ),
)
"""In order: the first that matches decides."""

MARKER = re.compile(rf"{_MARK}+{_SP}*")
"""An ornament at the start of a line that is spoken."""

_POINTER = rf"[（(](?:下转|上接|紧接){_SP}*{_PAGE}[^）)]{{0,20}}[）)]"
HEAD = re.compile(rf"{_POINTER}{_SP}*")
"""A pointer to another page at the start of a paragraph."""
TAIL = re.compile(rf"{_SP}*{_POINTER}$")
"""The same at its end."""
CREDIT = re.compile(rf"{_SP}*(?:{_BRACKETED}|(?:{_SP}|(?<=[。！？])){_CREDIT})$")
"""A credit at the end of a caption."""
_END = 48


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
    start, end = match.span("say") if "say" in match.re.groupindex else match.span()
    notes = [(0, start, "marker"), (end, len(line.text), "marker")]
    return _trimmed(line, rule.kind, rule.name, start, end, notes)


def _plain(line: Line) -> Marked:
    return _trimmed(line, None, "", 0, len(line.text), [])


def _trimmed(
    line: Line,
    kind: Kind | None,
    rule: str,
    start: int,
    end: int,
    notes: list[tuple[int, int, str]],
) -> Marked:
    """Take the ornaments, pointers and credits off what is spoken of a line.

    They are short, so only the ends of the line are searched: a long line stays cheap.
    """
    for name, pattern in (("marker", MARKER), ("jump", HEAD)):
        if match := pattern.match(line.text, start, end):
            notes.append((start, match.end(), name))
            start = match.end()
    ends = [("credit", CREDIT)] if kind is Kind.CAPTION else [("jump", TAIL)]
    for name, pattern in ends:
        if match := pattern.search(line.text, max(start, end - _END), end):
            notes.append((match.start(), end, name))
            end = match.start()
    if start >= end:
        return Marked(line, Kind.NOTICE, "ornament", None)
    at = line.start
    silent = tuple((at + a, at + b, name) for a, b, name in notes if a < b)
    return Marked(line, kind, rule, (at + start, at + end), silent)
