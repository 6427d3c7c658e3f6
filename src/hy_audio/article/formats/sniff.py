"""What a file is, told from its content."""

import re

_SKIPPED = r"(?:\s|\ufeff|<\?xml[^>]*\?>|<!--(?:(?!-->).){0,8000}-->)*"
_WHOLE_PAGE = re.compile(_SKIPPED + r"<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_FRAGMENT = re.compile(
    _SKIPPED
    + r"<(?:div|p|article|section|main|h[1-6]|table|title|meta|link|script|style|ul|ol|span"
    r"|br|center|font|figure|img|founder-content)\b[^<>]*>",
    re.I | re.S,
)
_TAGS = re.compile(
    r"</(?:p|div|h[1-6]|li|td|article|section|title|span|founder-content)>|<br\s*/?>", re.I
)
_NEAR = 20_000
_PROPERTIES = "<!--enpproperty"
_UNREADABLE = (
    (b"%PDF-", "a PDF file; save its text as .txt or .docx"),
    (b"{\\rtf", "an RTF file; save it as .docx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or locked Word file; save it as .docx"),
    (b"PK\x03\x04", "a zip file and no Word document; give the article's text"),
    (b"\x1f\x8b\x08", "a gzip file; unpack it first"),
)


def is_html(text: str, *, named: bool) -> bool:
    """Whether a text is HTML: it begins with a page's first tags, or is a fragment of tags.

    Args:
        text: the decoded file.
        named: whether its name or media type says HTML; then one tag near the start is enough.
    """
    head = text[:_NEAR]
    if _WHOLE_PAGE.match(head) or head.lstrip("\ufeff \t\r\n").startswith(_PROPERTIES):
        return True
    tags = len(_TAGS.findall(head))
    if named:
        return tags > 0 or _FRAGMENT.match(head) is not None
    return _FRAGMENT.match(head) is not None and tags > 0


def unreadable(data: bytes) -> str:
    """What a file is that can't be read, and what to do; empty for one that may be a text."""
    return next((problem for magic, problem in _UNREADABLE if data.startswith(magic)), "")
