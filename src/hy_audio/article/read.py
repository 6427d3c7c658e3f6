"""From a path or standard input to text."""

import codecs
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from hy_audio.characters import has_han
from hy_audio.errors import SourceError

STANDARD_INPUT = "standard input"
"""What `-` is called."""
MAX_BYTES = 10_000_000
"""A page larger than this is not a page."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Source:
    """A text and where it came from."""

    name: str
    """What to call it in messages: the file's name, or `standard input`."""
    text: str
    """The decoded text, without a byte order mark."""


def read(source: str) -> Source:
    """Read an article.

    Args:
        source: a path, or `-` for standard input.

    Raises:
        SourceError: the file is missing, a directory, unreadable, too large, not text, not in
            UTF-8 or UTF-16, empty, or without a single Chinese character.
    """
    name = STANDARD_INPUT if source == "-" else os.fsencode(source).decode("utf-8", "replace")
    text = _decode(name, _load(name, source))
    if not text.strip():
        raise SourceError(name, "the file is empty; give it an article")
    if not has_han(text):
        raise SourceError(name, "there are no Chinese characters in it, so there is nothing to say")
    return Source(name, text)


def _load(name: str, source: str) -> bytes:
    try:
        if source == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SourceError(name, "no such file; check the path") from None
    except IsADirectoryError:
        raise SourceError(name, "this is a directory; name one article in it") from None
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise SourceError(name, f"can't be read: {problem}") from None
    if len(data) > MAX_BYTES:
        raise SourceError(name, f"larger than {MAX_BYTES // 1_000_000} MB; give one article")
    return data


def _decode(name: str, data: bytes) -> str:
    try:
        if data.startswith(_UTF16_MARKS):
            return data.decode("utf-16")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data[:4096]:
            raise SourceError(name, "a binary file, not text; give the article's text") from None
        problem = f"not UTF-8 (byte {error.start}); save it as UTF-8 and try again"
        raise SourceError(name, problem) from None
    if "\0" in text:
        raise SourceError(name, "a binary file, not text; give the article's text")
    return text
