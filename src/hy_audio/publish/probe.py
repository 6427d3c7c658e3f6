"""Whether listeners get what a feed names: every address is asked for before the feed names it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import aiohttp

from hy_audio.publish import item as items
from hy_audio.publish.model import Item, Resource, Show
from hy_audio.publish.show import is_local

_AT_ONCE = 16
_ANSWER_S = 30.0
_MEDIA_TYPES: Mapping[str, frozenset[str]] = {
    "audio/mpeg": frozenset({"audio/mpeg", "audio/mp3"}),
    "image/jpeg": frozenset({"image/jpeg"}),
    "image/png": frozenset({"image/png"}),
    "text/html": frozenset({"text/html"}),
    "application/rss+xml": frozenset({"application/rss+xml", "application/xml", "text/xml"}),
    "text/vtt": frozenset({"text/vtt", "text/plain", "application/octet-stream"}),
    "application/x-subrip": frozenset(
        {"application/x-subrip", "application/srt", "text/srt", "text/plain"}
        | {"application/octet-stream"}
    ),
    items.CHAPTERS: frozenset({items.CHAPTERS, "application/json"}),
}
"""What a file may be served as: servers know no type for captions, and players go by the feed's."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An address that does not give what the feed says."""

    url: str
    """The address."""
    problem: str
    """What it gives."""


def page_address(show: Show) -> Resource:
    """The page of a show; the feed names no length of it."""
    return Resource(show.link, 0, "text/html")


def addresses(show: Show, told: Iterable[Item]) -> tuple[Resource, ...]:
    """All else that a feed with these items names, each once; a length of 0 if it names none."""
    found: dict[str, Resource] = {}
    for one in _addresses(show, told):
        found.setdefault(one.url, one)
    return tuple(found.values())


def _addresses(show: Show, told: Iterable[Item]) -> Iterator[Resource]:
    yield show.image
    for item in told:
        yield item.audio
        yield item.chapters_file
        yield from item.transcripts
        yield Resource(item.link, 0, "text/html")
        yield Resource(item.image, 0, image_type(item.image))


def image_type(url: str) -> str:
    """The media type of a cover, by its name."""
    return "image/png" if url.endswith(".png") else "image/jpeg"


def probe(resources: Iterable[Resource]) -> list[Wrong]:
    """Ask for the first byte of each, all ranges, lengths and types compared."""
    return asyncio.run(_probe(tuple(resources)))


async def _probe(resources: tuple[Resource, ...]) -> list[Wrong]:
    limit = aiohttp.TCPConnector(limit=_AT_ONCE)
    patience = aiohttp.ClientTimeout(total=None, sock_connect=_ANSWER_S, sock_read=_ANSWER_S)
    by_proxy = not all(is_local(one.url) for one in resources)
    async with aiohttp.ClientSession(
        connector=limit, timeout=patience, trust_env=by_proxy, auto_decompress=False
    ) as session:
        found = await asyncio.gather(*(_problem(session, one) for one in resources))
    return [
        Wrong(one.url, problem) for one, problem in zip(resources, found, strict=True) if problem
    ]


async def _problem(session: aiohttp.ClientSession, wanted: Resource) -> str:
    """What is wrong with an address; empty if nothing is."""
    headers = {"Accept-Encoding": "identity", "Range": "bytes=0-0", "Cache-Control": "no-cache"}
    try:
        async with session.get(wanted.url, headers=headers) as answer:
            return _compared(answer.status, answer.headers, wanted)
    except TimeoutError:
        return "does not answer"
    except (aiohttp.ClientError, OSError) as error:
        return f"can't be reached ({_reason(error)})"


def _compared(status: int, headers: Mapping[str, str], wanted: Resource) -> str:
    if status not in (200, 206):
        return f"answers with status {status}"
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES[wanted.media_type]:
        return f"is served as {media_type or 'nothing'}, not as {wanted.media_type}"
    if status == 200 and wanted.media_type == items.AUDIO:
        return "is served whole where a range was asked for: players can't seek in it"
    total = headers.get("Content-Range", "").rpartition("/")[2] if status == 206 else ""
    length = total or headers.get("Content-Length", "")
    if wanted.length and length != str(wanted.length):
        return f"has {length or 'an unknown number of'} bytes, not {wanted.length}"
    return ""


def _reason(error: Exception) -> str:
    cause = getattr(error, "os_error", error)
    return getattr(cause, "strerror", None) or str(error) or type(error).__name__
