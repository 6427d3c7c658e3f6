"""Counted things: two of them is 两, the second is 二, and what is left is a number."""

import re

from hy_audio.script.normalize.aligned import rewrite
from hy_audio.script.normalize.numbers import N, number

MEASURE = (
    r"(?:"
    r"[个人名位家户口种项件条款只头匹羽尾棵株朵颗粒座栋幢间套处所场次回趟遍轮批届番台架辆艘艇列部支把张"
    r"幅面块片本册份封篇首句根枚盏盒箱袋瓶杯碗桶包束双对副队群堆层类样天周成倍元角毛亩米里尺寸丈吨斤克升瓦"
    r"秒岁宗起例桩笔则县市省乡镇村国校地岸侧边者半万亿千百期门道颁届重股帧卷滴针剂床顶盘餐顿声字词页段丛捆"
    r"串节味拨茬炮发刀拳脚眼步代派党院校馆店厂](?!号)|"
    r"公里|公顷|公斤|千米|厘米|毫米|平方|立方|千克|毫克|毫升|千瓦|兆瓦|小时|分钟|分(?!之)|个月|"
    r"美元|欧元|"
    r"英镑|港元|日元|卢布|昼夜|摄氏度|度(?!假)|海里|英寸|英尺|人次|车次|架次|年(?!级|度|代)|"
    r"刻钟|夜|"
    r"企业|项目|学校|车道|部门|单位|车间|节目|孩子|女孩|男孩|夫妻|姐妹|兄弟|老人|学生|老师|"
    r"基地|景区)"
)
"""What is counted in: measure words and nouns that a number stands before."""
_TWO = (
    r"(?:"
    r"[个人名位家户口种项件条款只头匹羽尾棵株朵颗粒座栋幢间套处所场次回趟遍轮批番台架辆艘艇列部支把张"
    r"幅面块片本册份封篇首句根枚盏盒箱袋瓶杯碗桶包束双对副队群堆类样天成倍元角毛亩米里尺寸丈吨斤克升"
    r"秒岁宗起例桩笔则县市省乡镇村国地岸侧边者半万亿千百门股重段层届股床顶盘顿声页]|"
    r"公里|公顷|公斤|千米|厘米|毫米|平方|立方|千克|毫克|毫升|千瓦|兆瓦|小时|分钟|个月|美元|"
    r"欧元|英镑|港元|"
    r"日元|卢布|昼夜|摄氏度|海里|英寸|英尺|人次|车次|架次|年(?!级|度|代|"
    r"[1-9一二三四五六七八九十]+班)|周(?!岁以)|车(?!间|站|型)|刻钟|夜|点(?!\d(?!\d?分))|"
    r"孩子|夫妻|姐妹|兄弟|大(?:类|项|块|板块|领域)|车道)"
)
_ONLY_ORDINAL = r"次元|条例|位数|代表|度假|张纸|名称|家庭|口岸|场所|处理|地块"
_ESTIMATE = (
    r"[个人名位家户口种项件条只头棵株座栋间套处所场次台辆部支把张块"
    r"片本份瓶杯碗天岁年斤米里倍百千万亿十成批轮遍]"
)


def _neighbours(match: re.Match[str]) -> str:
    """`2、3瓶`: two neighbours are one estimate, with no pause between."""
    low, high = int(match[1]), int(match[2])
    if high != low + 1:
        return match[0]
    return ("两" if low == 2 else number(match[1])) + number(match[2])


def _number(match: re.Match[str]) -> str:
    return number(match[0])


COUNTS = (
    rewrite(
        "about so many",
        rf"(?<![\d.第、,A-Za-z:：-])([1-8])[、，,]([2-9])(?={_ESTIMATE})(?!年级|个百分点)",
        _neighbours,
    ),
    rewrite(
        "two of them",
        r"(?<![\d.第初负比:：/A-Za-z一二三四五六七八九十零点·])(?<!第\d[、，])2(?!"
        rf"(?:{_ONLY_ORDINAL}))(?={_TWO})(?!两)",
        "两",
    ),
    rewrite(
        "two to so many",
        r"(?<![\d.第初比:：/A-Za-z点])2(?=[至到]\d+(?:"
        r"[个人名位家户种项件条只台辆座处所场次天年岁倍米吨万亿千百]|公里|小时|分钟)(?!级))"
        r"(?!\d*[至到]\d+年级)",
        "两",
        near="到至",
    ),
    rewrite(
        "whole number or decimal",
        rf"(?<![A-Za-z\d.,:/$]){N}(?![\d.,:/A-Za-z=<>×÷^²³±≤≥℃°%‰]|\+\d)|(?<!"
        r"[A-Za-z\d.,:/$])\d+(?=\.(?!\d))",
        _number,
    ),
)
"""The last of the rules for quantities."""
