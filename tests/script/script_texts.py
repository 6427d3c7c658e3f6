"""Articles for the tests of the script: the samples, and random ones that are hard to cut."""

import re
from pathlib import Path

import pytest
from hypothesis import strategies as st

from hy_audio.article.parse import parse
from hy_audio.characters import HAN
from hy_audio.script.compose import compose
from hy_audio.script.model import Script
from hy_audio.script.settings import Settings

ROOT = Path(__file__).parents[2]
SAMPLES = tuple(sorted((ROOT / "tests" / "data" / "articles").glob("*.txt")))
SHARED = ROOT.parent / "shared" / "articles" / "hengyang-2022.txt"

needs_shared = pytest.mark.skipif(not SHARED.parent.is_dir(), reason="no shared articles here")

SPEAKABLE = re.compile(rf"[{HAN}A-Za-z，。！？；：、“”‘’（）《》—…· '.-]*")
"""Han, Latin letters, Chinese punctuation; and inside Latin names a space, `'`, `.` and `-`."""

TITLE = "渡口停航了\n\n■河湾日报记者 方小舟\n\n"

_CLAUSES = (
    "河水退得很慢",
    "岸边的人等了整整两天两夜",
    "“谁也没有合眼",
    "直到昨天清晨”",
    "水位回落到警戒线以下",
    "全长860.5米",
    "投资1234567890元",
    "增长22.5%",
    "2021年3月4日",
    "R&D经费",
    "气温-3℃",
    "（含引桥）",
    "《渡口纪事》",
    "Golden Gate",
    "乌鲁木齐·艾力",
    "0123456789" * 5,
    "桥" * 70,
    "😀",
    "٣",
    "\U00020000",
)
_MARKS = (
    "，",
    "、",
    "；",
    "：",
    "——",
    ",",
    ";",
    " ",
    "",
    "",
    "。",
    "！",
    "？”",
    "……",
    "。”",
    "……”",
)

_paragraph = st.lists(
    st.tuples(st.sampled_from(_CLAUSES), st.sampled_from(_MARKS)).map("".join),
    min_size=1,
    max_size=40,
).map("".join)
_caption = _paragraph.map(lambda text: f"图为{text[:230]}")
_heading = st.sampled_from(
    ("最后一夜", "最后一夜", "一、先修路", "最后一夜2", "开场", "再见，渡口")
)
_silent = st.sampled_from(("■何大江 摄", ".....", "扫一扫，更多精彩", "责编：魏青", "？！", "……”"))

ARTICLES = (
    st.lists(st.one_of(_paragraph, _paragraph, _caption, _heading, _silent), min_size=1, max_size=8)
    .map("\n\n".join)
    .map(TITLE.__add__)
)
"""Pages with very long sentences, with and without punctuation, and many digits."""


def load(path: Path) -> str:
    """Every character of a file: no line break is translated."""
    return path.read_bytes().decode()


def script_of(text: str, settings: Settings | None = None, *, read_captions: bool = True) -> Script:
    """The script of a page."""
    return compose(parse(text, read_captions=read_captions), settings)
