"""Which lines are not read, and where a sentence goes on over a line."""

import re
from collections.abc import Sequence

from hy_audio.article.columns import is_finished
from hy_audio.article.marks import Marked
from hy_audio.article.model import Kind
from hy_audio.article.rules import SILENT_KINDS

COMMA = re.compile(r"[，。；：]")
"""A mark that a title hardly holds."""
UNREAD = (*SILENT_KINDS, Kind.CAPTION)
"""Kinds that are none of the running text."""


def cuts_sentence(lines: Sequence[Marked], i: int) -> bool:
    """Whether a sentence is open above a line and goes on below it."""
    above, below = lines[max(0, i - 1) : i], lines[i + 1 : i + 2]
    return bool(
        above
        and below
        and above[0].kind is below[0].kind is None
        and not is_finished(above[0].text)
        and COMMA.search(above[0].plain)
        and below[0].continues_column
    )
