"""From a path, standard input or the web to text: the door of the program.

What a file is, is told by its content; its name or media type only tips a case that the content
leaves open. The bytes are decoded, and what knows the format makes a text of it.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hy_audio.article import encoding as encodings
from hy_audio.article.fetch import HTML_TYPES, MARKDOWN_TYPES, display, fetch
from hy_audio.article.formats import front_matter
from hy_audio.article.formats.document import Document, Laid, lay_out, place, top_of
from hy_audio.article.formats.docx import is_docx, read_docx
from hy_audio.article.formats.html import read_html
from hy_audio.article.formats.markdown import is_markdown, read_markdown
from hy_audio.article.formats.sniff import is_html, unreadable
from hy_audio.article.model import STANDARD_INPUT, Source, SourceWarning
from hy_audio.characters import has_han
from hy_audio.errors import ConfigError, SourceError

MAX_BYTES = 10_000_000
"""A page larger than this is not a page."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_MARKDOWN_NAMES = (".md", ".markdown")
_HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Bytes, and what stands beside them."""

    data: bytes
    named: str = ""
    """`markdown` or `html` by name or media type; empty for anything else."""
    charset: str = ""


def read(source: str, *, encoding: str | None = None, allow_private: bool = False) -> Source:
    """Read an article: plain text, HTML, Markdown or docx.

    Args:
        source: a path, `-` for standard input, or an http(s) URL.
        encoding: the encoding of a text; None to detect it. A docx file tells its own.
        allow_private: whether a URL may lead to a private address.

    Raises:
        SourceError: it is missing, unreadable, too large, damaged, no article, empty, or without a
            single Chinese character.
        ConfigError: there is no such encoding.
    """
    name = _name(source)
    loaded = _load(name, source, allow_private)
    try:
        laid, date = _understand(loaded, encoding)
    except encodings.UnknownEncoding as error:
        raise ConfigError(str(error)) from None
    except ValueError as error:
        raise SourceError(name, str(error)) from error
    if not laid.text.strip("\ufeff \t\r\n\f\v\u3000\u00a0"):
        raise SourceError(name, "the file is empty; give it an article")
    if not has_han(laid.text):
        raise SourceError(name, "there are no Chinese characters in it, so there is nothing to say")
    return Source(name, laid.text, laid.hints, date, (*laid.warnings, *_damage(laid.text)))


def _damage(text: str) -> Iterator[SourceWarning]:
    """One warning for all the characters that are damaged."""
    if count := text.count(encodings.DAMAGED):
        first = text.index(encodings.DAMAGED)
        many = "1 character is damaged and left out: it stood here"
        many = f"{count} characters are damaged and left out, the first here" if count > 1 else many
        yield SourceWarning("damaged", first, first + 1, many)


# Bytes


def _name(source: str) -> str:
    if source == "-":
        return STANDARD_INPUT
    if _URL.match(source):
        return display(source)
    return os.fsencode(source).decode("utf-8", "replace")


def _load(name: str, source: str, allow_private: bool) -> _Loaded:
    if not _URL.match(source):
        suffix = Path(source).suffix.lower()
        named = {_MARKDOWN_NAMES: "markdown", _HTML_NAMES: "html"}
        told = next((form for names, form in named.items() if suffix in names), "")
        return _Loaded(_load_file(name, source), told)
    if not source.lower().startswith(("http://", "https://")):
        raise SourceError(name, "only http and https addresses are read; save the page as a file")
    page = fetch(source, allow_private=allow_private)
    told = "markdown" if page.media_type in MARKDOWN_TYPES else ""
    return _Loaded(page.data, "html" if page.media_type in HTML_TYPES else told, page.charset)


def _load_file(name: str, source: str) -> bytes:
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


# Formats


def _understand(loaded: _Loaded, encoding: str | None) -> tuple[Laid, str]:
    """The text with its hints, and the date.

    Raises:
        ValueError: the bytes are damaged or no article.
        UnknownEncoding: there is no such encoding.
    """
    if is_docx(loaded.data):
        return _laid(read_docx(loaded.data))
    if problem := unreadable(loaded.data):
        raise ValueError(problem)
    declared = [loaded.charset] if loaded.charset else []
    text = encodings.decode(loaded.data, encoding=encoding, declared=declared)
    if is_html(text, named=loaded.named == "html"):
        return _laid(read_html(text))
    front, body = _front_matter(text)
    top = top_of(front.title, front.author)
    if is_markdown(body, named=loaded.named == "markdown"):
        page = read_markdown(body)
        return _laid(Document(page.pieces, tuple(top), front.date))
    return (place(body, top) if top else Laid(body, ())), front.date


def _laid(document: Document) -> tuple[Laid, str]:
    return lay_out(document), document.date


def _front_matter(text: str) -> tuple[front_matter.FrontMatter, str]:
    try:
        return front_matter.split(text)
    except ValueError as error:
        problem = f"its front matter is not YAML ({error}); correct it, or take it out"
        raise ValueError(problem) from None
