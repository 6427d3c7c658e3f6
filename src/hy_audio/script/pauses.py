"""What the layout of a block says aloud: where a space, a number or a dateline is a pause."""

from hy_audio.characters import HAN
from hy_audio.script.model import Role
from hy_audio.script.normalize import Rewrite
from hy_audio.script.normalize.aligned import rewrite

RUNNING = (Role.PARAGRAPH, Role.ITEM, Role.VERSE)
"""Roles of running text, in which a space is no pause."""

_LABEL = (
    rewrite("label before a text", r"^[【［]([^】］]{1,12})[】］](?=.)", r"\1，"),
    rewrite("label alone", r"^[【［]([^】］]{1,12})[】］]$", r"\1"),
)
_APART = rewrite(
    "two characters set apart", rf"(?<![{HAN}])([{HAN}])[ \u3000]+([{HAN}])(?![{HAN}])", r"\1\2"
)
TITLE = (
    _APART,
    rewrite("space in a title", rf"(?<=[{HAN}”》】\d])\s+(?=[{HAN}“《])", "，"),
)
"""What a space in a title is."""
_BYLINE = (_APART, rewrite("space behind a job", r"(?<=[者员生])[\s：:]+", ""), *TITLE)
_ITEM = (rewrite("number of an item", r"^(\d{1,2})[.．）)](?=\S)", r"\1、"),)
_PARAGRAPH = (rewrite("space behind a dateline", r"^(.{0,20}[讯电])[ \u3000]+", r"\1，"),)
_BEGINS = {Role.ITEM: _ITEM, Role.PARAGRAPH: _PARAGRAPH}


def pauses(role: Role, *, first: bool) -> tuple[Rewrite, ...]:
    """The rewrites of a sentence.

    Args:
        role: what the sentence is part of.
        first: whether its block begins with it.
    """
    begins = (*_LABEL, *_BEGINS.get(role, ())) if first else ()
    if role in RUNNING:
        return begins
    return (*begins, *(_BYLINE if role is Role.BYLINE else TITLE))
