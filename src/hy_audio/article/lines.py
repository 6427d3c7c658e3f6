"""The lines of a page: where each one stands, how far it is indented, what gap is above it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hy_audio.characters import LINE_BREAK

_LINE = re.compile(rf"([^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]*)({LINE_BREAK}|\Z)")
_CONTENT = re.compile(r"\S(?:.*\S)?", re.DOTALL)
# What a page says of itself, and surnames, in traditional characters; each with its simplified one.
_TRADITIONAL = (
    "記记報报訊讯電电攝摄圖图責责編编輯辑對对轉转見见讀读掃扫碼码維维聯联繫系話话線线郵邮網网"
    "頁页號号發发專专題题綜综說说閱阅詳详請请觀观關关評评論论員员實实習习採采訪访資资統统籌筹"
    "總总劃划審审監监製制設设計计繪绘張张陳陈劉刘楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢韓韩馮冯"
    "蕭萧鄧邓許许蔣蒋葉叶閻阎鍾钟薑姜譚谭鄒邹陸陆顧顾龍龙萬万錢钱湯汤賴赖龔龚龐庞蘭兰顏颜嚴严"
    "溫温蘆芦魯鲁韋韦畢毕聶聂叢丛喬乔賀贺單单儲储歐欧陽阳諸诸聞闻長长樂乐來来時时間间問问鏈链"
    "節节點点擊击開开圍围熱热廣广視视頻频觸触識识別别蘇苏盧卢賈贾呂吕車车齊齐莊庄塗涂費费紀纪"
    "項项鮑鲍連连鄔邬竇窦穎颖終终簽签執执導导師师學学"
)
_FOLD = {ord(a): b for a, b in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_FOLD |= {c: chr(c - 0xFEE0) for c in range(0xFF10, 0xFF5B) if chr(c - 0xFEE0).isalnum()}
_FOLD |= dict(zip(map(ord, "／．－＠＃＆＋＝＿"), "/.-@#&+=_", strict=True))
_FOLD |= dict.fromkeys(map(ord, "※⊙"), "■")
_FOLD |= dict.fromkeys([0x09, 0xA0, 0x1680, 0x3000, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it, without the white space at its ends."""

    start: int
    """Offset of its first visible character."""
    end: int
    """Offset after its last visible character."""
    text: str
    """What stands between."""
    plain: str
    """The same, as long, with what rules look for in half-width and simplified characters."""
    indent: int
    """Characters of white space before it; a newspaper paragraph has two."""
    gap: int
    """Blank lines above it."""


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a page that hold something visible, in order."""
    gap = 0
    for match in _LINE.finditer(text):
        content = _CONTENT.search(match[1])
        if content is None:
            gap += 1
            continue
        start = match.start() + content.start()
        end = match.start() + content.end()
        yield Line(start, end, content[0], fold(content[0]), content.start(), gap)
        gap = 0


def fold(text: str) -> str:
    """A text of the same length whose characters the rules know."""
    return text.translate(_FOLD)
