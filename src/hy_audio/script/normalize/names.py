"""Numbers that are names: telephones, hotlines, plates, trains, roads, models, days, addresses."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.counts import MEASURE
from hy_audio.script.normalize.hyphens import ELEMENTS, JOINED, joined
from hy_audio.script.normalize.numbers import called, digits, number, numbers

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领学警港澳"
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
    "提取码|车架号|发动机号|机身号|追溯码"
)


def _called(match: re.Match[str]) -> str:
    return called(match[0])


def _apart(match: re.Match[str]) -> str:
    """Figures called out, a pause for each mark between them."""
    said = re.sub(r"[()（）\s*-]+", "，", called(match[0]).strip())
    return said.strip("，")


def _area(match: re.Match[str]) -> str:
    """A telephone number with its area code; under 零一零 a one is 一, as wetext has it."""
    code, local, branch = match.group(1, 2, 3)
    say = digits if code == "010" else called
    return "，".join([say(code), say(local)] + ([f"转{say(branch)}"] if branch else []))


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


def _model(match: re.Match[str]) -> str:
    """The number of a weapon or a plane: two figures one by one."""
    figures = match[2]
    return match[1].rstrip("-") + (digits(figures) if len(figures) > 1 else number(figures))


def _lettered(match: re.Match[str]) -> str:
    """Figures after letters: three and more one by one, fewer as a number."""
    figures = match[0]
    return digits(figures) if len(figures) > 2 or figures[0] == "0" else number(figures)


ADDRESSES = (
    rewrite(
        "address of a page",
        r"(?:https?://|www\.)[A-Za-z0-9](?:[A-Za-z0-9._~:/?#@!$&*+=%-]{0,200}[A-Za-z0-9/])?",
        _address,
    ),
    rewrite(
        "address of a mailbox",
        r"(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\."
        r"[A-Za-z0-9-]{1,63}){1,4}",
        _address,
    ),
    rewrite(
        "sign of the net",
        rf"(?<![A-Za-z\d._-])@(?![了过着])(?=[{HAN}A-Za-z])|(?<=[{HAN}！？])#(?!\d)|"
        rf"(?<![A-Za-z\d#])#(?=[{HAN}“]|(?!\d{{1,3}}[机号楼栋组线炉井泵罐])[^#\s]{{1,40}}#)",
        "",
    ),
    rewrite(
        "name of a site",
        r"(?<![A-Za-z0-9.@-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|cn|net|org|gov)(?![A-Za-z0-9])",
        _address,
    ),
)
"""Before the marks in them are taken for punctuation."""

NAMES = (
    rewrite(
        "number of a card",
        r"(?<![\d.-])\d{4}(?: \d{4}){2,4}(?: \d{1,4})?(?![\d.])",
        lambda m: called(m[0]).replace(" ", "，"),
    ),
    rewrite(
        "figures drawn",
        r"(?<=位数)[：为是]?\s?\d{1,6}(?:[、，,]\s?\d{1,6}){0,30}(?![\d.])",
        _called,
    ),
    rewrite(
        "telephone number",
        r"(?<![\d.-])[(（]?(0\d{2,3})(?:[)）]\s?|\s?[-—]\s?|\s)(\d{7,8})(?:[-—转](\d{1,5}))?(?!"
        r"[\d.-])",
        _area,
    ),
    rewrite(
        "free telephone number",
        r"(?<![\d.-])[48]00(?:[-— ]?\d{3}[-— ]?\d{4}|[-— ]\d{4}[-— ]?\d{3})(?![\d.])",
        _apart,
    ),
    rewrite(
        "mobile number",
        r"(?<![\d.-])(?:\+?86[- ]?)?1[3-9]\d[-— ]?(?:\d{4}[-— ]?\d{4}|[\d*]{4}\d{4})(?![\d.-]|"
        + MEASURE
        + r"|[A-Za-z%℃‰余多几])",
        _apart,
    ),
    rewrite(
        "serial number",
        rf"(?<=[号码编证牌照户信Q次班NM群字令话线真机式间单])[为是：“（]{{0,2}}\s?"
        rf"[A-Za-z]{{0,8}}\s?\d[\dA-Z*]{{0,30}}(?:-[\dA-Z]{{1,20}}){{0,8}}(?![\dA-Za-z.%:-]|"
        rf"{MEASURE})",
        _serial,
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
    rewrite("last figures of a number", r"(?<=尾号)[为是：]?\s?\d{1,8}", _called),
    rewrite(
        "hotline",
        rf"(?<![\d.A-Za-z,/~—至到-]){_HOTLINE}(?!\s?[—~至到-]\s?\d|[\d%℃°‰A-Za-z/-]|[.,]\d)",
        _hotline,
    ),
    rewrite(
        "plate of a car",
        rf"(?<=[{_PROVINCE}])[A-Z][·.\s-]?(?=[A-HJ-NP-Z0-9]{{0,6}}\d)[A-HJ-NP-Z0-9]{{5,6}}(?!"
        r"[A-Za-z0-9])",
        lambda m: re.sub(r"[·.\s-]", "", called(m[0])),
    ),
    rewrite(
        "train or flight",
        r"(?<![A-Za-z\d])(?:[GDCZTKYLS]\d{1,4}|[A-Z][A-Z0-9]\d{3,4})(?:/\d{1,4})?(?=次|列车|"
        r"动车|高铁|航班|客机|班机)",
        lambda m: called(m[0]).replace("/", "，"),
    ),
    rewrite(
        "number of a road",
        r"(?<![\d.,])\d{3}(?=[国省县乡]道)|(?<=[国省县乡]道)\d{3}(?=线|$|[，。、])",
        _called,
    ),
    rewrite(
        "number of a motorway",
        rf"(?<![A-Za-z\d])[GSXY]\d{{3,4}}(?=[{HAN}]{{0,4}}(?:高速|国道|省道|县道|公路|线|段))",
        _called,
    ),
    rewrite(
        "number of a document",
        rf"(?<=[（[])(?:19|20)\d{{2}}(?=[）\]]\s?(?:[第{HAN}]{{0,8}}\d|[{HAN}]{{1,8}}字第?))|"
        r"(?<=“)(?:19|20)\d{2}(?=”第?\d[\d-]{0,12}号)",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "code of a court",
        rf"(?<=[）\]][{_PROVINCE}])\d{{2,4}}(?=[民刑行执商知财破赔委认司协诉][{HAN}])|"
        r"(?<=[民刑行执商知财破赔委认司协][初终再申监辖保审执破清更他])\d{4,6}(?=号)",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "number of a room",
        rf"(?<![\d.第,])\d{{3,4}}(?=室|房(?!\w{{0,2}}屋|企|源|产)|教室|病房|宿舍|寝室|包厢|号室|号房)|"
        rf"(?:(?<=\d[栋幢座])|(?<=\d单元)|(?<=\d号楼))(?:-?\d{{1,2}}-|-)?\d{{3,4}}(?![\d.%-]|{MEASURE})",
        lambda m: called(m[0].strip("-")).replace("-", "，"),
    ),
    rewrite(
        "number of a unit or a plan",
        r"(?<![\d.第,年])(?!\d?00)\d{3,5}(?=部队|医院|工程|计划|高校|大学|院校|中学(?!生)|厂(?!房))",
        _called,
    ),
    rewrite(
        "known by its number",
        r"(?<![\d.第,/-])(?:985|211|618|996|007|315|911|918)(?=[、/”’]|工程|高校|大学|院校|"
        r"晚会|大促|购物|年中|电商|促销|消费|期间|工作制|事件|事变)",
        _called,
    ),
    rewrite(
        "name of a day",
        r"(?<![\d.])(?<=[“‘《])\d{1,2}[·.]\d{1,2}(?=[”’》])|(?<![\d.·])\d{1,2}·\d{1,2}(?![\d·])",
        lambda m: "十·一" if re.fullmatch("10.1", m[0]) else digits(m[0]).replace(".", "·"),
    ),
    rewrite(
        "plan of the years",
        r"(?<=[“‘])\d{3,4}(?=[”’](?:工程|计划|行动|战略|模式|产业|体系|攻坚|发展|项目|人才))",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "generation",
        r"(?<![\d.第])[0-9][05](?=[、，和/][0-9][05]后)|(?<![\d.第])[0-9][05]后(?!的?\d|来|续|"
        r"年|[天个米步])",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "number of a bus",
        r"(?<![\d.,第~—至到-])(?<![~—-]\s)[1-9]\d\d(?=路(?:公交|公共|车|线|[和与及、，。：）”]|等|由|从|"
        r"在|经|至|到|的|将|改|停|绕|$))",
        _called,
    ),
    rewrite("number of an aeroplane", r"(?<=波音|空客)\d{3}", lambda m: digits(m[0])),
    rewrite("mask or virus", r"(?<=N)95|(?<=EV)71", lambda m: digits(m[0])),
    rewrite("share", r"(?<=（)[03689]\d{5}(?=）|\.S[HZ])", _called),
    rewrite(
        "version in three parts",
        r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){2,3}(?![\d.])",
        lambda m: numbers(m[0].replace(".", "点")),
    ),
    rewrite(
        "day with a point",
        r"(?<![\d.])\d{1,2}\.\d{1,2}(?=晚会|事变|事件|运动(?!员|会)|大?地震|消费者|国际消费|"
        r"惨案|起义|重要讲话|空难)",
        lambda m: digits(m[0]).replace(".", ""),
    ),
    rewrite("number one", r"(?<![A-Za-z])(?:No\.?|NO\.)\s?(?=\d)", "第"),
    rewrite(
        "isotope",
        rf"(?<=[{ELEMENTS}])-\d{{3}}(?![\d.%]|{MEASURE})|(?<=[铀钚碘铯锶镅钍镭镥])\d{{3}}(?![\d.%]|{MEASURE})",
        lambda m: digits(m[0].strip("-")),
    ),
    rewrite(
        "place in a molecule",
        r"(?<![\d.A-Za-z-])\d{1,2}(?:[,，]\d{1,2}){0,3}-(?=[一二三四甲乙丙丁戊己庚辛羟氨氧氯溴氟碘硝苯萘磷羧巯脱环酮烯]"
        rf"[{HAN}]{{0,8}}[酸醇醛酮胺酯烷烯炔苷肽酶醚酚脂苯醌啉唑啶])",
        lambda m: digits(m[0].rstrip("-").replace(",", "，")),
    ),
    rewrite(
        "model of a foreign plane",
        r"(?<=米格|伊尔)-?\d{2}(?![\d.%])|"
        r"(?:(?<![江姑])苏|(?<![西延公淮])安|(?<!行)卡|(?<![试企妄])图)-(?:\d{2}|(?<=图-|安-)\d{3})"
        rf"(?![\d.%]|{MEASURE})",
        lambda m: digits(m[0].replace("-", "")),
    ),
    rewrite(
        "model of a weapon",
        rf"((?:(?<![{HAN}])[运轰直教]|歼|空警|武直|翼龙|彩虹|无侦|东风|巨浪|红旗|鹰击|长剑|"
        rf"DF|JL|HQ|YJ)-?|[运轰直]-)(\d{{1,2}})(?![\d.%]|日|{MEASURE})",
        _model,
    ),
    rewrite(
        "type of a ship or a tank",
        r"(?<![\d.])\d{2,3}(?=[A-Z]?(?:型|式)?(?:主战坦克|坦克|步战车|驱逐舰|护卫舰|登陆舰))|"
        r"(?<![\d.])(?:0\d\d|99)(?=[A-Z])",
        lambda m: digits(m[0]),
    ),
    rewrite(
        "letters between figures",
        r"(?<![A-Za-z0-9])[BCDFGMOPTV]2[BCFGMOPTX](?![A-Za-z0-9])",
        lambda m: f"{m[0][0]} to {m[0][2]}",
    ),
    rewrite(
        "million of a column", r"(?<=\d)(?:w(?=\+|[人元张份户次]|$)|W(?=\+|[人元张份户次]))", "万"
    ),
    rewrite("hyphen of a name", JOINED, joined),
    rewrite(
        "figures of a standard",
        r"(?<=GB |/T |SO |EC |GC |TX )\d{3,}(?:-\d{4})?|(?<=[A-Z])\d{3,}(?:-\d{2,}){1,6}(?![\d.%])",
        lambda m: digits(m[0]).replace("-", "，"),
    ),
    rewrite(
        "figures of a code",
        r"(?<=[A-Z])-?\d{2,}(?:-\d+){0,6}-0\d+(?![\d.%])|"
        rf"(?<=[A-Z{HAN}])-(?:19|20)\d{{2}}(?:-\d{{2,}}){{1,4}}(?![\d.%-])",
        lambda m: digits(m[0].strip("-")).replace("-", "，"),
    ),
    rewrite(
        "number of an issue", r"(?<=第)\d{5,7}(?=期)|(?<=字第)\d{4,}(?=号)", lambda m: digits(m[0])
    ),
    rewrite(
        "stone of a road",
        r"(?<![A-Za-z\d])K(\d{1,4})\+(\d{1,3})(?![\d.])",
        lambda m: f"K{number(m[1])}加{number(m[2])}",
    ),
    rewrite("point after letters", r"(?<=[A-Z]{2})\.(?=\d)", "点"),
    rewrite(
        "lines of a picture",
        r"(?<!\d)(?:720|1080|1440|2160)(?=[Pp](?![A-Za-z]))",
        lambda m: digits(m[0]),
    ),
    rewrite("plus after letters", r"(?<=[A-Za-z])\+(?=\d)", "加"),
    rewrite("number after a letter", r"(?<=[A-Za-z])\d+(?![.\d])", _lettered),
)
"""Read one figure after another, or by a name of their own."""
