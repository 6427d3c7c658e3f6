"""Pages for the tests: the samples, the page of 2022, and random newspaper pages."""

from pathlib import Path

import pytest
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
SAMPLES = tuple(sorted((ROOT / "tests" / "data" / "articles").glob("*.txt")))
SHARED = ROOT.parent / "shared" / "articles" / "hengyang-2022.txt"

needs_shared = pytest.mark.skipif(not SHARED.parent.is_dir(), reason="no shared articles here")

BREAKS = ("\n", "\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029", "\x1c")
_SPACES = ("\n\n", "\n\n\n\n", "\r\n\r\n", "\u3000", "\u3000\u3000", " ", "\t", "\ufeff", "\u200b")
_WORDS = (
    "河湾镇的早市天不亮就开了",
    "收成比去年多了两成",
    "“灯一亮，",
    "心里就亮了”",
    "渡口新桥",
    "一、先修路",
    "（二）再种树",
    "1. 带好证件",
    "①排队领号",
    "R&D",
    "GDP",
    "12.5%",
    "2021年3月",
    "3800余人",
    "-4℃",
    "本报讯（记者 方小舟）",
    "■河湾日报记者 方小舟",
    "■何大江 摄",
    "（何大江 摄）",
    "图为渡口。",
    "▲渡口一角",
    "扫一扫，更多精彩",
    "（下转第2版）",
    "责编：方小舟",
    "热线电话：0700-1234567",
    "www.example.com",
    "——",
    ".....",
    "……",
    "★★★",
    "😀",
    "٣",
    "\U00020000",
)
_MARKS = ("。", "，", "；", "：", "！", "？", "、", ",", ".", "”", "“", "（", "）", "《", "》")

_plain = st.text(max_size=80)
_set = st.lists(st.sampled_from((*_WORDS, *_MARKS, *BREAKS, *_SPACES)), max_size=60).map("".join)
_lines = st.lists(
    st.tuples(
        st.sampled_from(("", "\u3000\u3000", " ")),
        st.lists(st.sampled_from((*_WORDS, *_MARKS)), min_size=1, max_size=6).map("".join),
        st.sampled_from((*BREAKS, "\n\n", "\n\n\n\n")),
    ).map("".join),
    max_size=25,
).map("".join)

PAGES = st.one_of(_plain, _set, _lines)
"""Any text: plain characters, newspaper fragments in disorder, and lines of fragments."""


def load(path: Path) -> str:
    """Every character of a file: no line break is translated."""
    return path.read_bytes().decode()
