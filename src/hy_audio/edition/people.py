"""Whom a page names: its reporters, and who took its pictures. Pure."""

import re
from collections.abc import Iterator

from hy_audio.article.model import Fate
from hy_audio.article.people import people
from hy_audio.manifest import PersonEntry
from hy_audio.script.model import Script

_CREDIT = "credit"
"""The rule by which credits stay silent."""
_PICTURES = re.compile("摄|拍|图(?!表)")
_DRAWINGS = re.compile("制图|绘图|作图|插图|题图|漫画")


def named(script: Script, page: str) -> tuple[PersonEntry, ...]:
    """The people whom an episode can thank, reporters first, each role of a person once."""
    return tuple(dict.fromkeys(_named(script, page)))


def _named(script: Script, page: str) -> Iterator[PersonEntry]:
    byline = script.byline
    for name in people(byline):
        yield PersonEntry(name, "reporter")
    silent = (s for s in script.ledger if s.fate is Fate.SILENT and s.rule == _CREDIT)
    for text in (byline, *(page[s.start : s.end] for s in silent)):
        if _PICTURES.search(_DRAWINGS.sub("", text)):
            for name in people(text):
                yield PersonEntry(name, "photographer")
