"""Numbers that are called out: telephones, hotlines, cards, plates, trains; addresses."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.counts import MEASURE
from hy_audio.script.normalize.numbers import called, digits

PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领学警港澳"
_HOTLINE = (
    r"(?:11[0249]|12[0-2]|123\d{2}|1008[56]|1000\d|1010\d{4}|96\d{3,4}|95\d{3,6}|1118[35]|118114)"
)
_ALONE = r"11[0249]|12[0-2]|123\d{2}|10086|10010|955\d{2}"
_CALL = (
    "拨打|拨通|拨|呼叫|致电|电话|来电|热线|号码|客服|联系|咨询|举报|投诉|报警|平台|打|给|通过|按|"
    "求助|短信|发送至|发送到|火警|急救|匪警"
)
_CALLED = (
    "热线|电话|平台|报警|报案|急救|指挥|接警|接线|出警|服务|举报|专线|客服|中心|短信|网站|便民|"
    "投诉|咨询|求助|火警|警情|救护|系统|来电|政务|市民|打|警|工单|接到|接处"
)
_SERIAL = (
    "编号|车牌号?码?|牌照|身份证号?码?|证号|邮编|邮政编码|代号|房号|账号|帐号|账户|卡号|学号|工号|警号|"
    "单号|订单号?|尾号|密码|验证码|QQ群?号?|微信号?|微信群|代码|信用代码|文号|字号|许可证号?|车次|"
    "航班号?|序列号|ISBN|ISSN|CN|刊号|国统字|注册号|备案号|批号|房间号?|门牌号?|口令|考号|"
    "准考证号?|床号|传真|手机号?码?|电话号?码?|座机|联系方式|热线|服务号|公众号|直播间|邀请码|"
    "提取码|(?:开奖|中奖)?号码|舷号|番号|端口号?|车架号|发动机号|机身号|追溯码"
)
_ACCOUNT = "[信众音博手书站讯]号|[账帐]号|[账帐]户|用户名|网名|昵称|ID|微信|微博|QQ|搜索|关注|添加"
_GROUPED = r"(?:\d{3,4}[-－ ]\d{4}|\d{4}[-－ ]\d{3})"
_YEARS = r"(?:19|20)\d\d[-－](?:19|20)\d\d"
_ENTRY = re.compile(rf"[{HAN}]{{2,14}}\d{{5,6}}")


def called_out(match: re.Match[str]) -> str:
    """What is matched, figure after figure."""
    return called(match[0])


def _apart(match: re.Match[str]) -> str:
    """Figures called out, a pause for each mark between them."""
    said = re.sub(r"[()（）\s*－-]+", "，", called(match[0]).strip())
    return said.strip("，")


def _masked(match: re.Match[str]) -> str:
    """Figures one by one, and 某 for each that is masked."""
    return re.sub("-+", "，", called(match[0]).replace("×", "某"))


def _area(match: re.Match[str]) -> str:
    """A telephone number with its area code; under 零一零 a one is 一, as wetext has it."""
    code, local, branch = match.group(1, 2, 3)
    say = digits if code == "010" else called
    groups = [say(group) for group in (code, *re.split(r"[-－\s]", local))]
    return "，".join([*groups, *([f"转{say(branch)}"] if branch else [])])


def _local(match: re.Match[str]) -> str:
    """A telephone number in two groups, after a word of calling."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    named = re.search(r"(?:电话|热线|座机|咨询|联系|拨打|致电)[为是：:]{0,2}\s?$", before)
    return _apart(match) if named else match[0]


def _serial(match: re.Match[str]) -> str:
    """A number called out after a word such as 编号; one or two figures are a number."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    named = re.search(rf"(?:{_SERIAL})$", before)
    return _apart(match) if named and len(re.sub(r"\D", "", match[0])) > 2 else match[0]


def _postal(match: re.Match[str]) -> str:
    """Six figures in a sentence that speaks of postal codes."""
    before = re.split("[。！？]", match.string[max(0, match.start() - 40) : match.start()])[-1]
    return called(match[0]) if re.search("邮编|邮政编码|邮码", before) else match[0]


def _hotline(match: re.Match[str]) -> str:
    """A hotline alone or beside words of calling; before a measure word it is a quantity."""
    after = match.string[match.end() : match.end() + 5]
    if re.match(rf"[万亿千百多余]|(?!个(?:电话|热线)){MEASURE}", after):
        return match[0]
    before = match.string[max(0, match.start() - 8) : match.start()]
    alone = (
        re.fullmatch(_ALONE, match[0])
        and not re.search(rf"[{HAN}]$", before)
        and not re.match(rf"[{HAN}]", after)
    )
    quoted = before.endswith("“") and after.startswith("”")
    calls = quoted or re.search(rf"(?:{_CALL})(?:了|过|的|是|为|：|“)*$", before)
    listed = re.search(rf"(?:{_HOTLINE})[、和及与或/，]$", before) or re.search(
        r"[零幺一二三四五六七八九]{3}[、和及与或，]$", before
    )
    if alone or calls or listed or re.match(rf"”?(?:{_CALLED}|[{HAN}]{{2}}热线)", after):
        return called(match[0])
    return match[0]


def _address(match: re.Match[str]) -> str:
    """A web or mail address as it is read out: points and strokes by name."""
    bare = re.sub(r"^[a-z]+://", "", match[0]).rstrip("/")
    names = {".": "点", "@": " at ", "/": "斜杠", "-": "杠", "_": "下划线", ":": "冒号"}
    return "".join(
        c if c.isascii() and c.isalpha() else called(c) if c.isdigit() else names.get(c, " ")
        for c in bare
    )


def _account(match: re.Match[str]) -> str:
    """The name of an account, read out as an address is; elsewhere the stroke only parts words."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    named = re.search(rf"(?:{_ACCOUNT})[为是：:“（\s]{{0,3}}$", before)
    return _address(match) if named else match[0]


ADDRESSES = (
    rewrite(
        "address of a page",
        r"(?:https?://|www\.)[A-Za-z0-9](?:[A-Za-z0-9._~:/?#@!$&*+=%-]{0,200}[A-Za-z0-9/])?",
        _address,
        near="hw",
    ),
    rewrite(
        "address of a mailbox",
        r"(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\."
        r"[A-Za-z0-9-]{1,63}){1,4}",
        _address,
        near="@",
    ),
    rewrite(
        "name with a stroke below",
        r"(?<![A-Za-z0-9_@./-])[A-Za-z0-9-]{1,30}(?:_[A-Za-z0-9-]{1,30}){1,5}(?![A-Za-z0-9_@])",
        _account,
        near="_",
    ),
    rewrite(
        "sign of the net",
        rf"(?<![A-Za-z\d._-])@(?![了过着])(?=[{HAN}A-Za-z])|(?<=[{HAN}！？])#(?!\d)|"
        rf"(?<![A-Za-z\d#])#(?=[{HAN}“]|(?!\d{{1,3}}[机号楼栋组线炉井泵罐])[^#\s]{{1,40}}#)",
        "",
        near="#@",
    ),
    rewrite(
        "name of a site",
        r"(?<![A-Za-z0-9.@-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|cn|net|org|gov)(?![A-Za-z]|\d[A-Za-z.])",
        _address,
        near="cgno",
    ),
)
"""Before the marks in them are taken for punctuation."""

CALLS = (
    rewrite(
        "figures that are masked",
        r"(?:\d[\d-]*)?×{2,}(?:[\d×-]*[\d×])?",
        _masked,
        near="×",
    ),
    rewrite(
        "number of a card",
        r"(?<![\d.-])\d{4}(?: \d{4}){2,4}(?: \d{1,4})?(?![\d.])",
        lambda m: called(m[0]).replace(" ", "，"),
        near=" ",
    ),
    rewrite(
        "figures drawn",
        r"(?<=位数)[：为是]?\s?\d{1,6}(?:[、，,]\s?\d{1,6}){0,30}(?![\d.])",
        called_out,
        near="数",
    ),
    rewrite(
        "telephone number",
        r"(?<![\d.-])[(（]?(0\d{2,3})(?:[)）]\s?|\s?[-－—]\s?|\s)"
        rf"({_GROUPED}|\d{{7,8}}|{_HOTLINE}(?!{MEASURE}|[%℃]))(?:[-—转](\d{{1,5}}))?(?![\d.-])",
        _area,
    ),
    rewrite(
        "telephone number in two groups",
        rf"(?<![\d.-])(?!{_YEARS}){_GROUPED}(?![\d.%-]|\s\d|{MEASURE})",
        _local,
    ),
    rewrite(
        "free telephone number",
        r"(?<![\d.-])[48]00(?:[-— ]?\d{3}[-— ]?\d{4}|[-— ]\d{4}[-— ]?\d{3})(?![\d.])",
        _apart,
    ),
    rewrite(
        "mobile number",
        r"(?<![\d.])(?<![\dA-Za-z]-)(?<!^-)(?:\+?86[- ]?)?"
        r"1[3-9]\d[-— ]?(?:\d{4}[-— ]?\d{4}|[\d*]{4}\d{4})(?![\d.-]|"
        + MEASURE
        + r"|[A-Za-z%℃‰余多几])",
        _apart,
    ),
    rewrite(
        "serial number",
        rf"(?<=[号码编证牌照户信Q次班NM群字令话线真机式间单口])[为是：“（]{{0,2}}\s?"
        rf"[A-Za-z]{{0,8}}\s?\d[\dA-Z*]{{0,30}}(?:-[\dA-Z]{{1,20}}){{0,8}}(?![\dA-Za-z.%:-]|"
        rf"{MEASURE})",
        _serial,
    ),
    rewrite(
        "number to be dialled",
        rf"(?<=拨打)\d{{4,8}}(?![\d.,%]|{MEASURE})",
        called_out,
        near="拨",
    ),
    rewrite(
        "entry of a telephone list",
        rf"(?<=[{HAN}])(?:12\d{{3}}|9[56]\d{{3,4}})$",
        lambda m: f"，{called(m[0])}" if _ENTRY.fullmatch(m.string) else m[0],
    ),
    rewrite(
        "further telephone number",
        r"(?<=[零幺一二三四五六七八九]{7})(?:\s?[、/，,或和及；]\s?(?:\d{7,8}|(?<=/)\d{1,4})"
        rf"(?![\d.%]|{MEASURE}))+",
        lambda m: called(m[0]).replace("/", "，"),
    ),
    rewrite(
        "postal code",
        rf"(?<![\d.,A-Za-z-])\d{{6}}(?![\d.,%A-Za-z-]|[余多]|{MEASURE})",
        _postal,
    ),
    rewrite(
        "number for short messages",
        rf"(?:(?<=[发送][至到]))1\d{{4,11}}(?![\d.%]|{MEASURE}|[余多])",
        called_out,
        near="发送",
    ),
    rewrite(
        "last figures of a number",
        r"(?<=尾号)[为是：]?\s?\d{1,8}",
        called_out,
        near="尾",
    ),
    rewrite(
        "hotline",
        rf"(?<![\d.A-Za-z,/~—至到-]){_HOTLINE}(?!\s?[—~至到-]\s?\d|[\d%℃°‰A-Za-z/-]|[.,]\d)",
        _hotline,
    ),
    rewrite(
        "plate of a car",
        rf"(?<=[{PROVINCE}])[A-Z][·.\s-]?(?=[A-HJ-NP-Z0-9]{{0,6}}\d)[A-HJ-NP-Z0-9]{{5,6}}(?!"
        r"[A-Za-z0-9])",
        lambda m: re.sub(r"[·.\s-]", "", called(m[0])),
    ),
    rewrite(
        "plate of the armed police",
        rf"(?<![A-Za-z])WJ(?:[{PROVINCE}]?\s?[·.]?|\d{{2}}-)\d{{4,5}}[A-Z]?(?![A-Za-z0-9])",
        lambda m: re.sub(r"[·.\s-]", "", called(m[0])),
        near="W",
    ),
    rewrite(
        "train or flight",
        r"(?<![A-Za-z\d])(?:[GDCZTKYLS]\d{1,4}|[A-Z][A-Z0-9]\d{3,4})(?:/[A-Z]?\d{1,4})?(?=次|列车|"
        r"动车|高铁|航班|客机|班机)|(?<![A-Za-z\d.,])\d{4}(?=次(?:列车|快车|慢车|火车|动车))",
        lambda m: called(m[0]).replace("/", "，"),
        near="列动客次班航铁",
    ),
)
"""Figure after figure, one for 幺."""
