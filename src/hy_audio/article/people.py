"""Whether the words where a page names somebody are names: people by their surnames, and offices.

The rules find the place (`摄影：`, `（… 提供）`): 摄影：王明 names somebody, 摄影：老胡同 does not.
"""

import re
from collections.abc import Iterator

from hy_audio.article.words import COMPOUND_SURNAMES, JOB, PAPER, SURNAMES, H

_SURNAMES = frozenset(SURNAMES)
_COMPOUND = frozenset(COMPOUND_SURNAMES.split("|"))
_SEPARATORS = re.compile(
    r"[\s、，,；;：:/|｜（）()【】\[\]《》“”&＆。.\u2190-\u21ff\u2580-\u2bff]+"
)
_SET_APART = re.compile(rf"(?<!{H})({H}) ({H})(?!{H})")
_BEFORE = re.compile(
    rf"(?:本[版期刊文组])?(?:(?:新华社|中新社)发)?(?:{PAPER})?(?:{JOB})?"
    r"(?:图片|照片|图|视频)?(?:除[^，。]{2,8}外)?(?:均?由|均?为|均?来[自源]|据)?"
)
_BEHIND = re.compile(
    r"(?:摄影报道|图文报道|综合报道|摄影|航拍|供图|提供|制图|制表|绘图|作图|漫画|插图|合成|拍摄"
    r"|整理|报道|摄)$"
)
_LABELS = """
文 图 摄 图文 文图 撰文 作者 摄影 航拍 供图 供图单位 提供 制图 制表 绘图
漫画 插图 题图 作图 合成 图片 照片 视频 来源 稿源 图源 原载 图片来源
图片提供 图片来自 视频来源 数据来源 资料来源 信息来源 内容来源 稿件来源 文章来源
本文来源 转载自 摘自 据 编辑 版面 视觉 审核 监制 总监制 签发 统筹 总策划
策划 文案 数据 剪辑 拍摄 出镜 配音 导播 海报 执行 执行主编 主编 出品 设计
责任编辑 责编 美术编辑 美编 版式设计 版式 版面设计 组版 排版 校对 校检 检校
图编 编审 审读 审校 一读 二读 一审 初审 复审 终审 二审 三审 电脑制作 值班编委
值班主任 值班总编 值班总编辑 值班编辑 本版主编 本版责编 本版编辑 本版图片
本版照片 本版摄影 整理 讲述 口述 执笔 采写 编译 编剧 导演 作词 作曲 译者
朗诵 资料 资料图 资料图片 资料照片 航拍图 网络 网络图片 网络截图 视频截图
无人机照片 综合 AI生成 AI绘制 AI制作 AI制图 受访者 受访单位 受访企业 调查
通讯员 本人 家属 主办方 统计 公开资料 公开报道 公开数据 综合整理
"""
_WORDS = frozenset(_LABELS.split())
_OFFICE = re.compile(
    r"[^的一这那我你他她]{2,20}(?:[报社网台馆局委部办院校厅处队会所站团厂店]|中心|公司|大学|集团|单位|政府"
    r"|发布|客户端|公众号|频道|杂志|周刊|白皮书|报告|平台|景区|基金|组织|机构|微博|微信|镇|乡|县|市|区|村)"
)


def are_named(text: str) -> bool:
    """Whether all that is not a known label in a text may be the name of a person or an office.

    Args:
        text: what stands where a page names somebody, with its labels, as `Line.plain` has it.

    Examples:
        >>> are_named("摄影：王明"), are_named("摄影：老胡同"), are_named("（市档案馆提供）")
        (True, False, True)
    """
    text = _SET_APART.sub(r"\1\2", text)
    return all(_is_named(word) for word in _SEPARATORS.split(text) if word)


def _is_named(word: str) -> bool:
    if word in _WORDS:
        return True
    job = _BEFORE.match(word)
    core = _BEHIND.sub("", word[job.end() if job else 0 :])
    return not core or core in _WORDS or is_name(core) or _OFFICE.fullmatch(core) is not None


def is_name(word: str) -> bool:
    """Whether a word is a surname with a given name of one or two characters, or has a · in it."""
    if word[:2] in _COMPOUND:
        return len(word) in (3, 4)
    return "·" in word or (len(word) in (2, 3) and word[0] in _SURNAMES)


def people(text: str) -> tuple[str, ...]:
    """The people that a byline or a credit names, in order, each once.

    A word that is no known surname's is taken for a name where it follows a job.

    Examples:
        >>> people("■云溪日报记者 林晓 通讯员 周岚"), people("图/伍岳"), people("市档案馆提供")
        (('林晓', '周岚'), ('伍岳',), ())
    """
    words = _SEPARATORS.split(_SET_APART.sub(r"\1\2", " ".join(text.split())))
    return tuple(dict.fromkeys(_people(filter(None, words))))


def _people(words: Iterator[str]) -> Iterator[str]:
    follows_job = False
    for word in words:
        match = _BEFORE.match(word)
        before = match[0] if match else ""
        core = _BEHIND.sub("", word[len(before) :])
        follows_job = follows_job or _ENDS_IN_JOB.search(before) is not None
        if (
            core
            and core not in _WORDS
            and (is_name(core) or (follows_job and _SHORT.fullmatch(core)))
        ):
            yield core
        elif core:
            follows_job = False


_ENDS_IN_JOB = re.compile(rf"{JOB}(?:[均由为])*$")
_SHORT = re.compile(rf"{H}{{1,3}}(?![组部室社台]){H}")
