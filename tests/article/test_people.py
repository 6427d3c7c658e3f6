"""Whom a byline or a credit names."""

import pytest

from hy_audio.article.people import people


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("云溪日报全媒体记者 林晓 通讯员 周岚", "林晓 周岚"),
        ("■本报记者　仇一丹", "仇一丹"),
        ("■文/图　本报记者　仇一丹", "仇一丹"),
        ("图/伍岳", "伍岳"),
        ("新华社发（曹正平 摄）", "曹正平"),
        ("邱一苇/摄", "邱一苇"),
        ("本报记者秦牧野摄影报道", "秦牧野"),
        ("记者：宫商羽", "宫商羽"),
        ("本报首席记者班若溪", "班若溪"),
        ("执笔：本报记者谷风", "谷风"),
        ("本报记者 欧阳澄、李 明", "欧阳澄 李明"),
        ("全媒体记者 江上舟 通讯员 柳依依 白杨", "江上舟 柳依依 白杨"),
        ("特约记者丁零 翟慕云整理", "丁零 翟慕云"),
        ("阿迪力·买买提 摄", "阿迪力·买买提"),
        ("王小明 王小明 摄", "王小明"),
        ("（王小明 市文旅局供图）", "王小明"),
        ("市档案馆提供", ""),
        ("资料图片", ""),
        ("摄影：老胡同", ""),
        ("本报记者报道组", ""),
        ("本报讯", ""),
        ("", ""),
    ],
)
def test_people_are_told_by_their_surnames_or_by_the_job_before_them(text: str, names: str) -> None:
    assert people(text) == tuple(names.split())
