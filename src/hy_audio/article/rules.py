"""What a line is, told from the line alone: one table of named rules, tried in order.

A rule matches the whole of a line. Of the spoken kinds its group `say`, if it has one, is what is
spoken; what stands around it is a marker. Ornaments, pointers to other pages and the credit of a
caption are taken off the ends of whatever is spoken. Each rule has its examples, taken and left
alone, in `tests/article/rules.txt`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hy_audio.article.model import Kind
from hy_audio.article.people import are_named
from hy_audio.article.words import (
    BRACKETED,
    CHANNEL,
    CODE,
    CONTACT,
    CREDIT_WORDS,
    GO_ON,
    INVITE,
    JOB,
    LABEL,
    MAIL,
    MARK,
    NAME,
    NAMES,
    PAGE,
    PAPER,
    PEOPLE,
    REACHED,
    SCAN,
    SHARE,
    SP,
    STAFF,
    STAFF_LABEL,
    SURE_NAMES,
    WEB,
    WRITERS,
    H,
)

SILENT_KINDS = frozenset({Kind.CREDIT, Kind.NOTICE, Kind.ELISION})
"""Kinds that are on the page and not in the sound."""


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
    sure: Callable[[str], bool] | None = None
    """Whether a line that matches is what it looks like; if not, it is spoken, with a warning."""


def _rule(
    name: str,
    kind: Kind,
    pattern: str,
    longest: int = 60,
    sure: Callable[[str], bool] | None = None,
) -> Rule:
    return Rule(name, kind, re.compile(pattern), longest, sure)


_POINT = "(?:上接|下转|紧接|紧转|续接|转|见|详见|接|相关报道[详请]?见|更多报道[详请]?见)"
_ARROW = "[▶►→↓↑↗↘＞>》●■▲◆]*"
_SECTION = (
    "(?:要闻|综合|民生|时政|经济|社会|文化|体育|国际|国内|本地|县域|副刊|专题|广告|教育|健康|财经|评论"
    "|视觉|科技|关注|热点|城事|周刊|读书|头版|天下|法治|文体|新闻|公告|服务|便民|出行|市场|旅游|楼市|校园"
    "|时评|时局|动态|公益|农业|农村|农业农村|三农|乡村|区县|企业|金融|汽车|美食|军事|历史|人物|深度|聚焦)(?:新闻|周刊|版)?"
)
_COLUMN = f"{H}{{2,6}}(?:·{H}{{2,6}})?"
_LATIN_DATE = r"\d{4}(?:[.\-/]\d{1,2}){2}"
_HAN_DATE = (
    "[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_DAY = rf"(?:{_HAN_DATE}|\d{{4}}年{SP}*\d{{1,2}}月{SP}*\d{{1,2}}日|{_LATIN_DATE})"
_WEEKDAY = "(?:星期|周)[一二三四五六日天]"
_FOR_READERS = (
    "(?:(?![^：:]{0,12}本[报台])[^：:]{0,8}(?:咨询|报名|举报|投诉|监督|求助|救援|挂号|预约|服务|应急|征集|线索|征订|防汛"
    "|值守))"
)
_PICTURE = r"(?:资料|示意|效果|航拍)?图[①-⑳\d]?"
_PICTURES = "(?:(?:本版|本组|本文|文中|以[上下])(?:图片|照片|摄影)?|图片|照片|(?=除[^，。]{2,8}外))"
_SCAN_IT = f"(?:请|欢迎|打开|用|更多{H}{{0,6}}[，,]?请?)?(?:微信|手机|抖音)?{SCAN}{CODE}?"
_AND = "[，,、！!和+ ]{0,2}"
_AT_LAST = "[。！!~]{0,3}"
_ADDRESS = (
    "(?:(?:通讯|通信|办公|联系|详细|投稿)?(?:地址|网址|联系人|收件人)|(?:来稿|来信|投稿)请寄)"
)
_LUNAR = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
_PAPER_NAME = f"(?:{PAPER}|{H}{{2,8}}报)(?:·{H}{{2,4}})?"
_HEAD = (
    f"(?:{_DAY}|{_WEEKDAY}|(?:农历|{_LUNAR})\\S{{2,8}}"
    f"|今日{SP}*\\d+{SP}*版|总?第{SP}*\\d+{SP}*期|文学副刊|[|｜·/]"
    f"|{PAGE}(?:[·：:]{H}{{2,4}})?|第?\\d{{1,2}}(?!\\d|年|月)版?(?:[·：:|｜]{SP}*{H}{{2,4}})?"
    f"|{_PAPER_NAME}(?:{SP}+{H}{{2,4}}{SP}+[A-Z]\\d{{1,2}}(?!\\d))?|(?:{H}{{2,4}}·)?{_SECTION}|{H}{{2,4}}新闻)"
)
_SURE_HEAD = (
    f"(?=.*(?:{_WEEKDAY}|农历|{_LUNAR}|今日{SP}*\\d|总?第{SP}*\\d+{SP}*期"
    f"|[\\d零〇一二三四五六七八九十]版|[A-Z]\\d{{1,2}}(?!\\d)|报·)|(?=.*{_DAY})(?=.*(?:{PAPER}|{STAFF_LABEL})))"
)
_CLOCK = rf"{SP}+\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?"
_ABOUT = "(?:来源|稿源|编辑|责编|责任编辑|阅读|阅读量|浏览|点击|评论|字号|分享|IP属地|发布)"
_GAP = f"{SP}*[|｜·]?{SP}*"
_STAFF_AFTER = f"(?:(?:本版)?{STAFF}(?:{SP}+(?:本版)?{STAFF})*(?:{SP}+{CONTACT}{REACHED})?)?"
_OFFICE = "(?:[市县区州省院校馆会]长|检察长|主席|主任|医师|教授|研究员|院士|律师|工程师)"
_PERSON = (
    f"(?:{PEOPLE}|{WRITERS}|本[报台刊]特?约?评论员(?:{SP}+{NAME})?"
    f"|{PAPER}{SP}*(?:{JOB})?(?:联合|融媒体)?(?:报道组|采访组|调研组)"
    f"|{PAPER}?{SP}*{JOB}{SP}*{NAMES}{SP}*整理"
    f"|(?:{H}{{2,4}}(?:专家|嘉宾){LABEL})?(?:{H}|、){{2,24}}{_OFFICE}{SP}+{NAME})"
)

_SURE_STAFF = re.compile(rf"(?:责编|责任编辑|美编){LABEL}|{STAFF_LABEL}.*{STAFF_LABEL}")
_SITE_IN = re.compile(WEB)
_REACHED = re.compile(f"{CONTACT}{REACHED}")
_PHOTOGRAPHER = re.compile(rf"(?:摄|供图){SP}*[）)]?$")
_TOLD = re.compile(f"(?:整理|讲述|口述|执笔|编译|导演|编剧|作词|作曲|译者|朗诵){LABEL}")

_CREDIT = re.compile(
    rf"{SP}*(?:{BRACKETED}|(?:(?<!的){SP}|(?<=[。！？.!?])){CREDIT_WORDS}|(?<=[。！？]){NAMES}摄)$"
)
_END = 60
"""How much of the end of a line is searched: a long line stays cheap."""

LINE_RULES = (
    _rule("elision", Kind.ELISION, r"[.。．…·・](?:\s*[.。．…·・])+|…"),
    _rule("ornament", Kind.NOTICE, r"[-—–─━═=＝_＿*＊~～◇◆■□●○★☆※▲△▼▽|｜#＃+ ❤♥♦✦❖]+", 400),
    _rule("placeholder", Kind.NOTICE, r"[\[【（(]?(?:图片|视频|动图|音频|海报)[\]】）)]?"),
    _rule("end", Kind.NOTICE, r"[（(【](?:完|全文完|本文完|未完待续|END|end)[）)】]"),
    _rule("jump", Kind.NOTICE, rf"{_ARROW}{SP}*{_POINT}{SP}*[:：]?{SP}*{PAGE}{SP}*{_ARROW}"),
    _rule(
        "jump-bracketed",
        Kind.NOTICE,
        rf"{_ARROW}{SP}*[（(【\[［]{SP}*{_POINT}{SP}*{PAGE}"
        rf"[^）)】\]］]{{0,24}}[）)】\]］]{SP}*{_ARROW}",
    ),
    _rule(
        "folio",
        Kind.NOTICE,
        rf"(?:第{SP}*\d+{SP}*版|{PAGE})(?:{SP}*[：:·]?{SP}*(?:{_SECTION}|(?<=[：:·]){H}{{2,6}}))?"
        rf"|[-—·•]?{SP}?\d{{1,3}}{SP}?[-—·•]?|{_SECTION}{SP}*[·|｜]?{SP}*[A-Z]?\d{{1,2}}版?"
        rf"|[A-F]0\d{SP}+{_COLUMN}|{PAPER}{SP}+[A-Z]?\d{{1,2}}版?|[A-Z]?\d{{1,2}}版?{SP}+{PAPER}",
        16,
    ),
    _rule(
        "running-head",
        Kind.NOTICE,
        rf"{_SURE_HEAD}(?:(?>{_HEAD})(?>{_GAP}))++{_STAFF_AFTER}"
        rf"|{H}{{2,4}}(?:[日晚晨早时商]报|都市报|新闻网)|广告",
        90,
    ),
    _rule(
        "web-head",
        Kind.NOTICE,
        rf"(?:原创{SP}+)?{H}{{2,12}}{SP}+(?:{_LATIN_DATE}|{_DAY})(?:{_CLOCK})?{SP}+发[表布]于{H}{{2,6}}"
        rf"|(?:首页|主页|当前位置|您的位置)(?:{SP}*[：:>＞»›/]{SP}*\S{{2,8}}){{1,6}}"
        rf"|分享[到至]{LABEL}?.{{2,40}}"
        rf"|字号{LABEL}?(?:[大中小]{SP}*)+"
        rf"|(?:发布时间{LABEL}{_DAY}(?:{_CLOCK})?|{_LATIN_DATE}{_CLOCK}|{_DAY}(?:{_CLOCK})?(?={SP}+{_ABOUT}))"
        rf"(?:{SP}+{_ABOUT}{LABEL}\S+)*"
        rf"|{_ABOUT}{LABEL}\S+(?:{SP}+{_ABOUT}{LABEL}[^ 。]+)+(?:{SP}+{_DAY}.{{0,10}})?",
        90,
    ),
    _rule(
        "prompt",
        Kind.NOTICE,
        rf"{_ARROW}{SP}*{_SCAN_IT}(?:{_AND}(?:{GO_ON}|跟着{H}{{2,10}})){{0,4}}{_AT_LAST}",
        40,
    ),
    _rule(
        "prompt-button",
        Kind.NOTICE,
        rf"{_ARROW}{SP}*(?:请?点击(?![率量数])|轻触|戳)[^，。！？]{{0,12}}?"
        rf"[，,]?{GO_ON}{_AT_LAST}|阅读(?:全文|原文)|(?:查看|点击|加载)更多|返回(?:首页|目录)"
        rf"|点击下载[“《]?[^，。]{{2,12}}[”》]?{CHANNEL}"
        rf"|点击[上下]?方?[“]?(?:蓝字|阅读原文|标题|名片)[”]?[，, ]*.{{0,16}}",
        40,
    ),
    _rule(
        "prompt-follow",
        Kind.NOTICE,
        rf"(?:关注(?!度)|下载(?!量))[“《]?(?:(?!的){H}){{2,8}}[”》]?{H}{{0,4}}{CHANNEL}(?:[，,]?{GO_ON})?{_AT_LAST}"
        rf"|(?:{PAPER}|官方)?{SP}*{CHANNEL}?二维码",
        40,
    ),
    _rule(
        "prompt-share",
        Kind.NOTICE,
        rf"(?:欢迎|请|记得|别忘了)?{SHARE}(?:{_AND}{SHARE})+(?:一下|吧|哦|支持)?{_AT_LAST}"
        rf"|(?:如果)?(?:你?喜欢|觉得)?[^，。]{{0,6}}[，,]?(?:就|请|记得)?[^，。]{{0,4}}点(?:个[“]?(?:在看|赞)|[“]?在看)[”]?[^，。]{{0,6}}{_AT_LAST}"
        rf"|更多{H}{{0,8}}?(?:[，,]请?|请)(?:下载|关注|扫描|搜索|登录|打开|点击)"
        rf"[^，。！？]{{0,12}}?(?:{CHANNEL}|{PAPER}|官网|平台|{WEB}|[”》]){_AT_LAST}",
        40,
    ),
    _rule(
        "copyright",
        Kind.NOTICE,
        r"[（(【※*]?(?:版权声明|(?:本报)?版权所有)(?:$|[：:，, ].*)"
        r"|(?=.*(?:转载|摘编|复制|镜像)).{0,16}(?:未经|谢绝|禁止|不得|请注明).*",
        90,
    ),
    _rule(
        "imprint",
        Kind.NOTICE,
        rf"(?:本[报社刊](?:社?址|地址|法律顾问|零售价?|定价|广告(?:热线|部|经营)?|印刷)(?=.*[\d：:])"
        rf"|(?:社址|报社地址)(?={LABEL}|{SP})|国内统一(?:连续出版物号|刊号)|邮发代号|广告(?:经营)?许可证"
        rf"|主管主办|主办单位?(?={LABEL}{PAPER})|零售(?:价)?(?:{LABEL})?(?=每份)"
        rf"|(?:印刷单位?|承印)(?={LABEL})).*",
        120,
    ),
    _rule(
        "source",
        Kind.NOTICE,
        rf"[（(]?(?:(?:数据|资料|信息|内容|稿件|文章|本文)?来源|稿源|原载|转载自|摘自|据)"
        rf"(?:{LABEL}[^，。！？]{{2,30}}?(?:{SP}*{WEB})?|(?<=据){PAPER}(?:[、，]{PAPER})*(?:消息|电|报道)?)[）)]?",
        90,
        sure=lambda line: "记者" not in line and are_named(_SITE_IN.sub("", line)),
    ),
    _rule(
        "staff",
        Kind.NOTICE,
        rf"{MARK}?{SP}*[（(【\[]?{SP}*(?:(?:本版|本期|本刊)?{STAFF}[ 、，,；;|｜·]*)+"
        rf"(?:{CONTACT}{REACHED}[ ]*)*[）)】\]]?",
        120,
        lambda line: _SURE_STAFF.search(line) is not None or are_named(_REACHED.sub("", line)),
    ),
    _rule(
        "service",
        Kind.PARAGRAPH,
        rf"{MARK}?{SP}*(?P<say>(?={_FOR_READERS}){CONTACT}{REACHED}[。]?)",
        120,
    ),
    _rule(
        "contact",
        Kind.NOTICE,
        rf"{MARK}?{SP}*(?:欢迎{H}{{2,8}}[，, ]+)?(?:{_ADDRESS}{LABEL}\S+[ ；;，,。]*){{0,3}}"
        rf"(?:(?!{_FOR_READERS}){CONTACT}{REACHED}[ ；;，,。]*)+"
        rf"(?:(?:扫码|关注|欢迎).{{0,14}}|{_PAPER_NAME}(?:{SP}+{PAGE})?)?",
        120,
    ),
    _rule(
        "address",
        Kind.NOTICE,
        rf"(?:{H}{{0,8}}{SP}*[：:]{SP}*)?(?:{WEB}|{MAIL})[。]?",
        200,
    ),
    _rule(
        "credit",
        Kind.CREDIT,
        rf"(?:{MARK}?{SP}*{CREDIT_WORDS}(?:{SP}+{CREDIT_WORDS})*|{MARK}?{SP}*{BRACKETED}"
        rf"|[（(]?{_PICTURES}(?:除[^，。]{{2,8}}外)?[，,]?(?:图片|照片)?均?(?:由|为|来自)"
        rf"[^，。！？]{{2,20}}(?:提供|摄|供图|资料图片?|资料照片)。?[）)]?"
        rf"|[（(]?{_PICTURES}(?:除[^，。]{{2,8}}外)?[，,]?均?为资料(?:图片?|照片)[）)]?"
        rf"|本版(?:图片|照片|摄影){LABEL}?.{{2,20}})",
        48,
        lambda line: _PHOTOGRAPHER.search(line) is not None or are_named(line),
    ),
    _rule(
        "byline",
        Kind.BYLINE,
        rf"{MARK}?{SP}*[（(【\[]?{SP}*"
        rf"(?P<say>(?:(?!.*图{SP}*[/／].*图)文{SP}*[/／](?:{SP}*图)?{SP}*(?={PEOPLE}))?{_PERSON})"
        rf"{SP}*[）)】\]]?",
        sure=lambda line: _TOLD.match(line) is None or are_named(line),
    ),
    _rule("byline-agency", Kind.BYLINE, rf"[［\[【（(]{SP}*(?P<say>{PAPER}){SP}*[］\]】）)]", 16),
    _rule(
        "dateline",
        Kind.DATELINE,
        rf"{PAPER}{SP}*{H}{{0,8}}{SP}*(?:\d{{1,2}}月\d{{1,2}}日)?(?:讯|电)"
        rf"(?:{SP}*[（(][^（）()]{{2,40}}[）)])?",
    ),
    _rule("caption-labelled", Kind.CAPTION, rf"(?:图片?说明|图说){LABEL}(?P<say>.+)", 240),
    _rule(
        "caption-bracketed",
        Kind.CAPTION,
        rf"[（(](?P<say>(?:{_PICTURE})[：:].+?)(?:(?:{SP}+|(?<=[。！？])){CREDIT_WORDS})?[）)]",
        240,
    ),
    _rule(
        "caption-marked",
        Kind.CAPTION,
        rf"[▲△▼▽◀◁←↑→↓↖↗↘↙]{SP}*"
        rf"(?P<say>.*[。！？.!?；].*|.{{13,}}|.+(?:{BRACKETED}|{SP}{CREDIT_WORDS}))",
        240,
    ),
    _rule(
        "caption-picture",
        Kind.CAPTION,
        r"(?:[上下左右大小题组主]{0,2}图[一二三四五六七八九十\d①-⑳]{0,2}(?:为(?!什么|何[^家氏某]|啥|证|鉴)|[：:（(])"
        r"|图[①-⑳] |[上下左右]图[，,]|(?:资料|示意|效果|航拍|规划)图[：:]).+",
        240,
    ),
    _rule(
        "caption-credited",
        Kind.CAPTION,
        rf".+?{SP}*(?:{BRACKETED}|(?:{SP}|(?<=[。！？.!?])){CREDIT_WORDS}|(?<=[。！？]){NAMES}摄)",
        240,
        lambda line: credit_at_end(line, 0, len(line)) is not None,
    ),
)
"""In order: the first that matches decides."""

MARKER = re.compile(rf"{MARK}+{SP}*")
"""An ornament at the start of a line that is spoken."""
_POINTER = (
    f"(?:[（(【](?:下转|上接|紧接|紧转|详见|相关报道[详请]?见){SP}*{PAGE}[^）)】]{{0,24}}[）)】]"
    f"|[▶►→●]下转{SP}*{PAGE})"
)
HEAD = re.compile(rf"{_POINTER}{SP}*")
"""A pointer to another page at the start of a paragraph."""


def _at_end(pattern: re.Pattern[str], line: str, start: int, end: int) -> re.Match[str] | None:
    return pattern.search(line, max(start, end - _END), end)


marker_at_end = partial(_at_end, re.compile(rf"{SP}*{MARK}+$"))
"""The ornament that `line[start:end]` ends with."""
pointer_at_end = partial(_at_end, re.compile(rf"{SP}*{_POINTER}$"))
"""The pointer to another page that it ends with."""


def credit_at_end(line: str, start: int, end: int) -> re.Match[str] | None:
    """The credit that it ends with, if that names somebody."""
    match = _at_end(_CREDIT, line, start, end)
    if match and (_PHOTOGRAPHER.search(match[0]) or are_named(match[0])):
        return match
    return None


SIGNED = re.compile(rf"(?<=[。！？”…]){SP}*[（(]{SP}*(?P<say>{_PERSON}|{SURE_NAMES}){SP}*[）)]$")
"""Where the reporters begin who are named in brackets after a text."""
STAFF_TAIL = re.compile(rf"(?<=[。！？”]){SP}*[（(]{STAFF}[）)]$")
"""The editor in brackets after a text."""
REFERENCE = re.compile(r"(?<=[^\s\d])\[(?:\^?\d{1,2}|注\d{0,2})\]")
"""The number of a note."""
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
PINYIN = re.compile(
    rf"(?<={H}|”)[（(]{SP}*(?:拼音|读音|读作|读|音|念)?[:：]?{SP}*(?=[^）)]{{0,30}}[{_TONED}])"
    rf"[a-züê{_TONED}'’·\s]{{1,40}}[）)]"
)
"""How a character is read, in brackets behind it."""
SEAL = re.compile(r"[（(](?:盖章|公章|印章|签名|签字|签章)[）)]$")
"""Where a stamp was."""
_SITE = rf"(?:{WEB}|{MAIL}|(?:[\w-]+\.)+(?:com|cn|net|org|gov)\b[!-~]*)"
LINK = re.compile(
    rf"[（(](?=[^（）()]{{0,16}}[A-Za-z])[^（）()A-Za-z]{{0,16}}{_SITE}[^（）()]{{0,8}}[）)]"
)
"""A web address in brackets."""
SIGNATURE = re.compile(rf"[（(]{SP}*(?P<say>{SURE_NAMES}){SP}*[）)]")
"""A name in brackets, as the last line of a text has it."""
_NAMED = rf"{_COLUMN}(?:{SP}*[|｜·]?{SP}*{_COLUMN})?"
_LEAF = r"(?:[A-Z]\d{1,2}(?:-\d{1,2})?|0\d)版?"
_KNOWN = (
    f"(?:{PAPER}(?:·{H}{{2,4}})?|{_SECTION}(?:副刊|特刊|·{H}{{2,4}})?|特刊|专刊|{_DAY}|{_WEEKDAY})"
)
TOP_LINE = re.compile(
    rf"{_LEAF}{_GAP}{_NAMED}|{_NAMED}(?:{SP}*[|｜·]{SP}*|{SP}+)(?:{_LEAF}|\d{{1,2}}(?:-\d{{1,2}})?版?)"
    rf"|(?:(?:{_LEAF}|\d{{1,2}}){_GAP})?{_KNOWN}(?:{_GAP}{_KNOWN}|{_GAP}{_LEAF})*(?:{_GAP}\d{{1,2}})?"
)
"""Paper, section, folio or date, as one of the first lines of a page."""
BARE_FOLIO = re.compile(
    rf"\d{{1,3}}|[A-Z]\d{{1,2}}|{_WEEKDAY}|总?第{SP}*\d+{SP}*期|(?:农历|{_LUNAR})\S+|{_SECTION}{SP}*\d{{1,2}}"
    rf"|[一二三四五六七八九十]版[：:]{H}+"
)
"""A folio or a running head that may as well be a heading."""
PROMPT_MORE = re.compile(rf"[，,]?{GO_ON}(?:{_AND}{GO_ON}){{0,4}}{_AT_LAST}")
"""A line that goes on with a prompt above or below it."""
PROMPT_PERHAPS = re.compile(rf"{INVITE}{H}{{2,12}}{_AT_LAST}")
"""The same, if no text stands right below."""
DOUBTS = (
    _rule(
        "prompt",
        Kind.NOTICE,
        rf"{_SCAN_IT}{_AND}(?:{GO_ON}|{INVITE}).{{0,16}}"
        rf"|{SHARE}(?:{_AND}{SHARE})+.{{0,12}}|更多{H}{{0,8}}[，,]请?(?:下载|关注|扫描|搜索|登录|点击).+",
        24,
        lambda _: False,
    ),
)
"""Lines that may be what they look like; only what stands beside them tells."""
