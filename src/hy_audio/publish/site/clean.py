"""Text and addresses from elsewhere, before they are shown. Pure."""

import re
from urllib.parse import urlsplit

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]+"
)
"""Controls, marks and overrides of the writing direction, halves and non-characters of Unicode."""
_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


def clean(text: str) -> str:
    """The text without what XML forbids and what would turn the words around it."""
    return _BREAKS.sub(" ", _UNSEEN.sub("", text))


def web_address(url: str) -> str:
    """An address that may be linked to; empty if it is not one of the web."""
    url = clean(url).strip()
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        return ""
    return url if known and not re.search(r"\s", url) else ""


def origin(url: str) -> str:
    """Scheme, host and port of an address of the web; empty for anything else."""
    parts = urlsplit(web_address(url))
    return f"{parts.scheme}://{parts.netloc}" if _HOST.fullmatch(parts.netloc) else ""
