"""A YAML block between two lines `---` at the very start: title, author, date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hy_audio.article.formats.document import one_line, plausible_date

_LARGEST = 16_000
_BLOCK = re.compile(
    r"---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.M
)
_LOOKS_LIKE_YAML = re.compile(
    r"(?:[ \t]*(?:#.*)?\r?\n)*(?:[A-Za-z_][\w-]*|标题|作者|日期)[ \t]*:(?:\s|$)"
)
_KEYS = {
    "title": ("title", "headline", "标题"),
    "author": ("author", "authors", "byline", "作者"),
    "date": ("date", "published", "日期"),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the block says of the article; empty where it says nothing."""

    title: str = ""
    """The headline."""
    author: str = ""
    """Who wrote it; several names with spaces between."""
    date: str = ""
    """YYYY-MM-DD, if it is a plausible date."""


def split(text: str) -> tuple[FrontMatter, str]:
    """Take the front matter off a text.

    A page that merely begins with a decorative rule `---` is left as it is: the lines below must
    begin with a key and be closed by another rule.

    Returns:
        What it says, and the text below it.

    Raises:
        ValueError: the block looks like YAML and is not; one line that says where.
    """
    match = _BLOCK.match(text[: _LARGEST + 8])
    if match is None or not _LOOKS_LIKE_YAML.match(match["yaml"]):
        return FrontMatter(), text
    told = _load(match["yaml"])
    if not isinstance(told, Mapping):
        return FrontMatter(), text
    title, author, date = (_value(told, keys) for keys in _KEYS.values())
    return FrontMatter(title, author, plausible_date(date)), text[match.end() :]


def _load(block: str) -> object:
    import yaml

    try:
        # Every scalar stays a string: a title 007 or a date is kept as it is written.
        return yaml.load(block, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        marked = error.problem_mark.line + 1 if error.problem_mark else 1
        line = min(marked, block.count("\n")) + 1
        raise ValueError(f"line {line}: {error.problem}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(str(error).splitlines()[0] or "not YAML") from None


def _value(told: Mapping[object, object], keys: tuple[str, ...]) -> str:
    for name, value in told.items():
        if isinstance(name, str) and name.lower() in keys:
            values = value if isinstance(value, list) else [value]
            return one_line(" ".join(one for one in values if isinstance(one, str)))
    return ""
