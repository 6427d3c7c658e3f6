"""The words of the pages, and how they tell days and lengths. Pure."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

Words = Mapping[str, Any]
"""A table of `words.toml`."""


@lru_cache(maxsize=1)
def _tables() -> dict[str, Words]:
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def words_for(language: str) -> Words:
    """The table for a language as RSS names it: Chinese ones have theirs, all others English."""
    return _tables()["zh" if language.lower().startswith("zh") else "en"]


def clock(seconds: int) -> str:
    """A place as players show it, such as 1:23 and 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def length(words: Words, seconds: int) -> str:
    """How long something lasts, in words."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    form = "hours" if hours else "minutes" if minutes else "seconds"
    return str(words[form]).format(hours=hours, minutes=minutes, seconds=rest)


def date(words: Words, when: datetime, form: str = "date") -> str:
    """A day or a month in words, by the name of its form in the table."""
    return str(words[form]).format(
        year=when.year,
        month=words["months"][when.month - 1],
        day=when.day,
        weekday=words["weekdays"][when.weekday()],
    )


def size(count: int) -> str:
    """A number of bytes, as downloads tell it."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{-(-count // 1000)} kB"
