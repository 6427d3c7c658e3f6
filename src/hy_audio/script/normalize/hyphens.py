"""A hyphen before a number: silent inside a name, else a sign of less than nothing."""

import re

from hy_audio.characters import HAN
from hy_audio.script.normalize.marks import GREEK
from hy_audio.script.normalize.numbers import N

_GREEK = "".join(GREEK)
ELEMENTS = (
    "氢氘氚氦锂铍硼碳氮氧氟氖钠镁铝硅磷硫氯氩钾钙钪钛钒铬锰铁钴镍铜锌镓锗砷硒溴氪铷锶钇锆铌钼锝钌铑钯银镉"
    "铟锡锑碲碘氙铯钡镧铈镨钕钷钐铕钆铽镝钬铒铥镱镥铪钽钨铼锇铱铂汞铊铅铋钋砹氡钫镭锕钍镤铀镎钚镅锔锫锎"
)
"""Chemical elements of one character that is theirs alone."""

NAMED = {
    "weapon": (
        "歼|轰|运|直|强|教|攻|别|(?<![江姑])苏|(?<![试企妄])图|(?<!行)卡|(?<![西延公淮])安|米格|伊尔|雅克|空警|武直|翼龙|彩虹|无侦|攻击|东风|巨浪|红旗|鹰击|"
        "长剑|霹雳|天剑|雄风|天弓|爱国者|萨德|战斧|毒刺|标枪|海马斯|民兵|三叉戟|白杨|飞毛腿|烈火|大地|火星|北极星|"
        "泥石流|征服者|流星|法塔赫|天王星|天竺葵|见证者|幻影|台风|狂风|导弹|战机|坦克|火炮|无人机|直升机|潜艇"
    ),
    "spacecraft": (
        "神舟|嫦娥|天宫|天舟|天问|梦舟|揽月|长征|北斗|风云|高分|资源|海洋|实践|遥感|试验|中星|亚太|天链|天通|天绘|"
        "环境|鹊桥|力箭|谷神星|朱雀|双曲线|天龙|引力|捷龙|快舟|星舟|吉林|张衡|羲和|夸父|创新|联盟|进步|阿波罗|"
        "猎鹰|猎户座|旅行者|先驱者|水手|黎明|隼鸟|月船|哨兵|量子|女神|暴风雨|阿丽亚娜|安加拉|质子|织女星|"
        "卫星|火箭|飞船|空间站|探测器|彗星|行星|开普勒"
    ),
    "chemistry": (
        f"[{ELEMENTS}]|"
        "介素|因子|干扰素|激素|维生素|激酶|[酸醇醛酮胺酯烷烯炔苷肽酶醚酚脂]|蛋白|受体|抗原|抗体|亚型|球菌|"
        "病毒|新冠|疫苗|毒株|欧米[伽茄]|阿尔法|贝塔|伽马|德尔塔"
    ),
    "grade": rf"[甲乙丙丁戊己庚辛壬癸]|(?<![{HAN}])[东西南北左右]|表|附件|附录|目录|问题|步骤|"
    "方案|案例|样本|标本|编号",
    "building": (
        r"(?:\d|[一二三四五六七八九十A-Z])(?:[栋幢座弄]|号楼|号院|单元|[区期])|标段|地块|片区|"
        "[厂仓]房|机组"
    ),
    "thing": (
        "[型式版款]|系列|项目|工程|计划|大?模型|芯片|机器人|手机|汽车|机型|车型|型号|课题|样机|平台|站台|赛道|"
        "频道|专题|阶段|[卷册篇章节集]"
    ),
}
"""After what a hyphen before a number belongs to a name, by themes: regular expressions."""
_NAME = re.compile(f"(?:{'|'.join(NAMED.values())})$")
_LABEL = re.compile(
    r"\d+(?:号(?![码])|[型式栋幢室版]|单元|标段|地块|机组)|0\d|(?:19|20)\d\d(?:年|$|[，。；、）])|"
    r"\d{1,2}月|\d{1,4}[BCDEGHPRSXYZ](?![A-Za-z])"
)
"""What is a label, not a quantity: a hyphen before it is silent."""
_QUANTITY = re.compile(
    rf"{N}\s?(?:[%‰℃°]|个?百分点|摄氏度|[百千]?[万亿]|[百千]?(?:美|欧|日|港)?元|[度吨楼层]|分(?!型)|米(?!格)|公里)|"
    r"\d+\.\d"
)
"""What is a quantity whatever stands before it."""
_LETTERED = re.compile(rf"{N}\s?(?:[%‰℃]|个?百分点|[百千]?[万亿]?元|[百千]?[万亿])")


def joined(match: re.Match[str]) -> str:
    """The hyphen of a name is taken out; any other stays."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    after = match.string[match.end() : match.end() + 12]
    if re.search(f"[A-Za-z{_GREEK}]$", before):
        return match[0] if _between(before, after) or _LETTERED.match(after) else ""
    if _same_unit(before, after) or _QUANTITY.match(after):
        return match[0]
    return "" if _NAME.search(before) or _LABEL.match(after) else match[0]


def _between(before: str, after: str) -> bool:
    """`5K-8K`: from one amount to another."""
    letter = re.search(r"\d([A-Za-z])$", before)
    return bool(letter and re.match(rf"[\d.]+{letter[1]}(?![A-Za-z\d])", after))


def _same_unit(before: str, after: str) -> bool:
    """`3栋-5栋`: the same word stands after both."""
    left = re.search(rf"[\d几多]([{HAN}]{{1,5}})$", before)
    return bool(left and re.match(rf"\d+{left[1]}", after))


JOINED = (
    rf"(?<=[A-Za-z{_GREEK}])-(?=\d)|"
    rf"(?<=[{HAN}])(?<![旬底])(?<![\d一二三四五六七八九十今明昨次当本上去半][年月日号时点分秒])-(?=\d)(?!\d[\d.]*\s?[-=+~])"
)
"""A hyphen that may belong to a name."""
