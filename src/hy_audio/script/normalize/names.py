"""Numbers that are names: roads, rooms, documents, models, days."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.calls import CALLS, PROVINCE, called_out
from hy_audio.script.normalize.counts import MEASURE
from hy_audio.script.normalize.hyphens import ELEMENTS, JOINED, joined
from hy_audio.script.normalize.numbers import called, digits, number, numbers

_BUSINESS = (
    "营收|净利|利润|业绩|财报|销量|销售|出货|收入|增速|GDP|季报|同比|环比|毛利|每股|"
    "交付|产量|预期|亏损"
)


def _model(match: re.Match[str]) -> str:
    """The number of a weapon or a plane: two figures one by one."""
    figures = match[2]
    return match[1].rstrip("-") + (digits(figures) if len(figures) > 1 else number(figures))


def _below(match: re.Match[str]) -> str:
    """`16-8号`, `图3-2`: it counts down, so it is no range."""
    above, below = match[1] or match[3], match[2] or match[4]
    return f"{above}杠{below}" if int(above) > int(below) else match[0]


def _quarter(match: re.Match[str]) -> str:
    """`2024Q1`, and `Q3` before a word of business; else it is the name of a thing."""
    year, first, last = match.group(1, 2, 3)
    after = match.string[match.end() : match.end() + 5]
    before = match.string[max(0, match.start() - 2) : match.start()]
    told = re.match(rf"的?(?:单季|整体|毛|总|净|{_BUSINESS})", after) and before != "奥迪"
    if not (year or told or "年" in before[-1:] + match[0]):
        return match[0]
    said = f"第{digits(first)}季度".replace("1", "一")
    said += f"至第{digits(last)}季度" if last else ""
    return (f"{digits(year)}年" if year else "年" if match[0][0] == "年" else "") + said


def _lettered(match: re.Match[str]) -> str:
    """Figures after letters: three and more one by one, fewer as a number."""
    figures = match[0]
    return digits(figures) if len(figures) > 2 or figures[0] == "0" else number(figures)


NAMES = (
    *CALLS,
    rewrite(
        "number of a road",
        r"(?<![\d.,])\d{3}(?=[国省县乡]道)|(?<=[国省县乡]道)\d{3}(?=线|$|[，。、])",
        called_out,
        near="道",
    ),
    rewrite(
        "number of a motorway",
        rf"(?<![A-Za-z\d])[GSXY]\d{{3,4}}(?=[{HAN}]{{0,4}}(?:高速|国道|省道|县道|公路|线|段))",
        called_out,
        near="公县国段省线速",
    ),
    rewrite(
        "number of a document",
        rf"(?<=[（[])(?:19|20)\d{{2}}(?=[）\]]\s?(?:[第{HAN}]{{0,8}}\d|[{HAN}]{{1,8}}字第?))|"
        r"(?<=“)(?:19|20)\d{2}(?=”第?\d[\d-]{0,12}号)|(?<=第)20\d{2}-\d{1,4}(?=号)",
        lambda m: digits(m[0]).replace("-", "，"),
        near="[“（第",
    ),
    rewrite(
        "code of a court",
        rf"(?<=[）\]][{PROVINCE}])\d{{2,4}}(?=[民刑行执商知财破赔委认司协诉][{HAN}])|"
        r"(?<=[民刑行执商知财破赔委认司协][初终再申监辖保审执破清更他])\d{4,6}(?=号)",
        lambda m: digits(m[0]),
        near="]号）",
    ),
    rewrite(
        "number of a room",
        rf"(?<![\d.第,])\d{{3,4}}(?=室|房(?!\w{{0,2}}屋|企|源|产)|教室|病房|宿舍|寝室|包厢|号室|号房)|"
        rf"(?:(?<=[\dA-Z][栋幢座])|(?<=\d单元)|(?<=\d楼)|(?<=\d号楼))(?:-?\d{{1,2}}-|-)?\d{{3,4}}(?![\d.%-]|{MEASURE})",
        lambda m: called(m[0].strip("-")).replace("-", "，"),
    ),
    rewrite(
        "number of a unit or a plan",
        r"(?<![\d.第,年])(?!\d?00)\d{3,5}(?=部队|医院|工程|计划|高校|大学|院校|中学(?!生)|厂(?!房))",
        called_out,
        near="划医厂学校程部院",
    ),
    rewrite(
        "known by its number",
        r"(?<![\d.第,/-])(?:985|211|618|996|007|315|911|918)(?=[、/”’]|工程|高校|大学|院校|"
        r"晚会|大促|购物|年中|电商|促销|消费|期间|工作制|事件|事变)|"
        r"(?<![\d.第,/-])(?:84(?=消毒)|404(?=错误|页面))",
        called_out,
    ),
    rewrite(
        "name of a day",
        r"(?<![\d.])(?<=[“‘《])\d{1,2}[·.]\d{1,2}(?=[”’》])|(?<![\d.·])\d{1,2}·\d{1,2}(?![\d·])",
        lambda m: "十·一" if re.fullmatch("10.1", m[0]) else digits(m[0]).replace(".", "·"),
        near="·‘“《",
    ),
    rewrite(
        "plan of the years",
        r"(?<=[“‘])\d{3,4}(?=[”’](?:工程|计划|行动|战略|模式|产业|体系|攻坚|发展|项目|人才))",
        lambda m: digits(m[0]),
        near="‘“",
    ),
    rewrite(
        "generation",
        r"(?<![\d.第])[0-9][05](?=[、，和/][0-9][05]后)|(?<![\d.第])[0-9][05]后(?!的?\d|来|续|"
        r"年|[天个米步])",
        lambda m: digits(m[0]),
        near="后",
    ),
    rewrite(
        "discount",
        r"(?<![\d.])[1-9][1-9](?=折(?![算合旧叠磨腾返射线纸断]))",
        lambda m: digits(m[0]),
        near="折",
    ),
    rewrite(
        "number of a bus",
        r"(?<![\d.,第~—至到-])(?<![~—-]\s)[1-9]\d\d(?=路(?:公交|公共|车|线|[和与及、，。：）”]|等|由|从|"
        r"在|经|至|到|的|将|改|停|绕|$))",
        called_out,
        near="路",
    ),
    rewrite(
        "number of an aeroplane",
        r"(?<=波音|空客)\d{3}(?:-\d{3,4})?",
        lambda m: digits(m[0]).replace("-", ""),
        near="波空",
    ),
    rewrite(
        "mask or virus",
        r"(?<=N)95|(?<=EV)71",
        lambda m: digits(m[0]),
        near="EN",
    ),
    rewrite(
        "share",
        r"(?<=（)[03689]\d{5}(?=）|\.S[HZ])",
        called_out,
        near="（",
    ),
    rewrite(
        "version in three parts",
        r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){2,3}(?![\d.])",
        lambda m: numbers(m[0].replace(".", "点")),
        near=".",
    ),
    rewrite(
        "day with a point",
        r"(?<![\d.])\d{1,2}\.\d{1,2}(?=晚会|事变|事件|运动(?!员|会)|大?地震|消费者|国际消费|"
        r"惨案|起义|重要讲话|空难|假期|黄金周|小?长假|国庆|劳动节|放假)",
        lambda m: "十一" if m[0] == "10.1" else digits(m[0]).replace(".", ""),
    ),
    rewrite(
        "quarter by its letter",
        r"(?<![A-Za-z\d])((?:20)?2\d)?年?\s?Q([1-4])(?:[-—~至到]Q([1-4]))?(?![A-Za-z\d+])",
        _quarter,
        near="Q",
    ),
    rewrite(
        "half or whole of a business year",
        r"(?<![A-Za-z\d])(?<![A-Za-z\d] )((?:20)?2\d)年?H([12])(?![A-Za-z\d])|"
        r"(?<![A-Za-z\d])FY((?:20)?2\d)(?!\d)",
        lambda m: f"{digits(m[3])}财年" if m[3] else f"{digits(m[1])}年{'上下'[int(m[2]) - 1]}半年",
        near="FH",
    ),
    rewrite(
        "money off",
        r"(?<=满)(\d{2,4})-(\d{1,3})(?![\d.%]|[岁周天年月人])",
        lambda m: f"{m[1]}减{m[2]}" if int(m[1]) > int(m[2]) else m[0],
        near="满",
    ),
    rewrite(
        "number one",
        r"(?<![A-Za-z])(?:No\.?|NO\.)\s?(?=\d)",
        "第",
        near="N",
    ),
    rewrite(
        "isotope",
        rf"(?<=[{ELEMENTS}])-\d{{3}}(?![\d.%]|{MEASURE})|(?<=[铀钚碘铯锶镅钍镭镥])\d{{3}}(?![\d.%]|{MEASURE})",
        lambda m: digits(m[0].strip("-")),
    ),
    rewrite(
        "place in a molecule",
        rf"(?<=[{HAN}])-\d{{1,2}}(?:[,，]\d{{1,2}}){{0,3}}-(?=[{HAN}])|"
        r"(?<![\d.A-Za-z-])\d{1,2}(?:[,，]\d{1,2}){0,3}-(?=[一二三四甲乙丙丁戊己庚辛羟氨氧氯溴氟碘硝苯萘磷羧巯脱环酮烯]"
        rf"[{HAN}\d,-]{{0,10}}[酸醇醛酮胺酯烷烯炔苷肽酶醚酚脂苯醌啉唑啶])",
        lambda m: digits(m[0].strip("-").replace(",", "，")),
        near="-",
    ),
    rewrite(
        "model of a foreign plane",
        rf"(?<=米格|伊尔)-?\d{{2}}(?![\d.%])|(?<![{HAN}\d])米-\d{{2,3}}(?![\d.%])|"
        r"(?:(?<![江姑])苏|(?<![西延公淮])安|(?<!行)卡|(?<![试企妄])图)-(?:\d{2}|(?<=图-|安-)\d{3})"
        rf"(?![\d.%]|{MEASURE})",
        lambda m: digits(m[0].replace("-", "")),
        near="伊卡图安米苏",
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
        near="BCFGMOPTX",
    ),
    rewrite(
        "million of a column",
        r"(?<=\d)(?:w(?=\+|[人元张份户次]|$)|W(?=\+|[人元张份户次]))",
        "万",
        near="Ww",
    ),
    rewrite(
        "year of an exercise",
        rf"(?<=[{HAN}])-(?:(?:19|20)\d{{2}}(?=[”》’]|军?演习?|联演|行动|任务)|\d{{2}}(?=[”》’]))",
        lambda m: digits(m[0].strip("-")),
        near="-",
    ),
    rewrite(
        "size of a model",
        r"(?<=\d)-(?=\d{1,4}(?:\.\d)?B(?![A-Za-z\d座区栋楼]))",
        "，",
        near="B",
    ),
    rewrite(
        "from number to number behind a letter",
        rf"(?<=[A-Za-z]\d)-(?=\d{{1,2}}[{HAN}])",
        "至",
        near="-",
    ),
    rewrite(
        "number behind a model",
        rf"(?<=[A-Za-z]\d)-\d{{3,5}}(?![\d.%-]|(?!处理){MEASURE})",
        lambda m: "，" + digits(m[0][1:]),
        near="-",
    ),
    rewrite(
        "number below a number",
        r"(?<=[路街道巷弄])(\d{1,4})-(\d{1,3})(?=号)|"
        r"(?:(?<=(?<![试企意妄力])图)|(?<=(?<!代)表))(\d{1,2})-(\d{1,2})(?=$|[和与、，。：；）所中])",
        _below,
        near="-",
    ),
    rewrite(
        "hyphen of a name",
        JOINED,
        joined,
        near="-",
    ),
    rewrite(
        "figures of a standard",
        r"(?<=GB |/T |SO |EC |GC |TX )\d{3,}(?:-\d{4})?|(?<=[A-Z])\d{3,}(?:-\d{2,}){1,6}(?![\d.%])",
        lambda m: digits(m[0]).replace("-", "，"),
        near="-/BCEST",
    ),
    rewrite(
        "figures of a code",
        r"(?<=[A-Z])-?\d{2,}(?:-\d+){0,6}-0\d+(?![\d.%])|"
        rf"(?<=[A-Z{HAN}])-(?:19|20)\d{{2}}(?:-\d{{2,}}){{1,4}}(?![\d.%-])",
        lambda m: digits(m[0].strip("-")).replace("-", "，"),
        near="-",
    ),
    rewrite(
        "number of an issue",
        r"(?<=第)\d{5,7}(?=期)|(?<=字第)\d{4,}(?=号)",
        lambda m: digits(m[0]),
        near="字期",
    ),
    rewrite(
        "stone of a road",
        r"(?<![A-Za-z\d])K(\d{1,4})\+(\d{1,3})(?![\d.])",
        lambda m: f"K{number(m[1])}加{number(m[2])}",
        near="K",
    ),
    rewrite(
        "point after letters",
        r"(?<=[A-Z]{2})\.(?=\d)",
        "点",
        near=".",
    ),
    rewrite(
        "lines of a picture",
        r"(?<!\d)(?:720|1080|1440|2160)(?=[Pp](?![A-Za-z]))",
        lambda m: digits(m[0]),
        near="Pp",
    ),
    rewrite(
        "plus after letters",
        r"(?<=[A-Za-z])\+(?=\d)",
        "加",
        near="+",
    ),
    rewrite("number after a letter", r"(?<=[A-Za-z])\d+(?![.\d])", _lettered),
)
"""Read one figure after another, or by a name of their own."""
