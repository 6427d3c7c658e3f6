"""Where a page finds what it refers to, and what it may load. Pure."""

import re
from urllib.parse import quote, urlsplit

from hy_audio.publish.model import Item, Show
from hy_audio.publish.text import clean

_KEPT = "%/:?#[]@!$&'()*+,;=-._~"
"""What stays in an address as it is."""
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


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


def relative(show: Show, url: str, folder: str = "") -> str:
    """An address as a page of the show refers to it; empty if nothing may be linked there.

    Args:
        show: whose folder is the site's root.
        url: absolute.
        folder: where the page lies below the root, with a slash at its end.
    """
    here = show.url + folder
    if folder and url.startswith(here):
        return _below(url.removeprefix(here))
    if url.startswith(show.url):
        return ("../" if folder else "") + _below(url.removeprefix(show.url), within=not folder)
    return web_address(url)


def _below(path: str, within: bool = True) -> str:
    """A path that can't be taken for a scheme or a host."""
    path = quote(clean(path), safe=_KEPT)
    if not within:
        return path.lstrip("/")
    first = path.partition("/")[0]
    return f"./{path.lstrip('/')}" if not first or ":" in first else path


def hosts(show: Show, items: tuple[Item, ...]) -> tuple[str, ...]:
    """The origins besides the show's own that its audio lies at."""
    found = {origin(item.audio.url) for item in items} - {"", origin(show.url)}
    return tuple(sorted(found))


def picture(show: Show, url: str, others: tuple[str, ...], folder: str = "") -> str:
    """Address of a picture, if it lies where the show or its audio does; empty otherwise."""
    return relative(show, url, folder) if origin(url) in (origin(show.url), *others) else ""


def policy(others: tuple[str, ...]) -> str:
    """The Content-Security-Policy of a page.

    Args:
        others: origins besides the page's own that sound and pictures may come from.
    """
    also = "".join(f" {other}" for other in others)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{also}",
            f"media-src 'self'{also}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
