"""From the configuration to a show: everything that is missing or wrong, at once. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import time
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import SplitResult, quote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hy_audio.config import PublishConfig, ShowConfig
from hy_audio.errors import ConfigError
from hy_audio.publish.categories import category
from hy_audio.publish.feed import MOST_BYTES, MOST_CHARACTERS, NAME, podcast_guid
from hy_audio.publish.model import Frequency, Resource, Show
from hy_audio.publish.site.words import words_for
from hy_audio.publish.text import line

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_FREQUENCIES = {
    "daily": "FREQ=DAILY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
}
"""Recurrence rules (RFC 5545, 3.3.10)."""
_MOST_CATEGORIES = 3
_NOTHING: Mapping[str, str] = {}

T = TypeVar("T")


def read_show(
    show: ShowConfig, publish: PublishConfig, cover: Resource, known: Mapping[str, str] = _NOTHING
) -> Show:
    """The show of a configuration.

    Args:
        show: its `[show]`.
        publish: its `[publish]`.
        cover: the cover at its place below the address of the show, `url` relative to that.
        known: what is known to be wrong, by names such as `[show] cover`.

    Raises:
        ConfigError: fields are missing or wrong; one message names each.
    """
    wrong = [*(f"{at}{problem}" for at, problem in known.items()), *_problems(show, publish, known)]
    if wrong:
        advice = "correct them in hy-audio.toml; where there is none, hy-audio init writes one"
        raise ConfigError(f"the show can't be published yet: {'; '.join(wrong)}. {advice}")
    url = public_address(publish.url)
    return Show(
        name=show.name,
        description=show.description.strip(),
        url=url,
        language=show.language.lower(),
        categories=tuple(map(category, show.categories)),
        author=show.author,
        owner=line(show.owner) or show.author,
        email=show.email,
        explicit=show.explicit,
        guid=show.guid.lower() or podcast_guid(f"{url}{NAME}"),
        image=Resource(f"{url}{cover.url}", cover.length, cover.media_type),
        timezone=show.timezone,
        copyright=line(show.copyright) or show.author,
        locked=show.locked,
        frequency=_frequency(show),
        subscribe=tuple(show.subscribe.items()),
    )


def _problems(show: ShowConfig, publish: PublishConfig, known: Collection[str]) -> Iterator[str]:
    needed = {
        "[show] name": show.name,
        "[show] description": show.description,
        "[show] author": show.author,
        "[show] email": show.email,
        "[publish] url": publish.url,
    }
    missing = [field for field, value in needed.items() if not line(value) and field not in known]
    if missing:
        yield f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    for field in ("name", "author", "owner", "copyright"):
        if len(getattr(show, field)) > MOST_CHARACTERS:
            yield f"[show] {field} is longer than {MOST_CHARACTERS} characters"
    if len(show.description.encode()) > MOST_BYTES:
        yield f"[show] description is longer than {MOST_BYTES:,} bytes"
    if show.email and not _MAIL.fullmatch(show.email):
        yield f"[show] email {show.email!r} is no address"
    if not _LANGUAGE.fullmatch(show.language):
        yield f"[show] language {show.language!r} is no language such as zh-cn"
    yield from _category_problems(show.categories)
    yield from _time_problems(show)
    if show.frequency and show.frequency not in _FREQUENCIES:
        yield f"[show] frequency {show.frequency!r} is none of {', '.join(_FREQUENCIES)}"
    if show.guid and not _is_uuid(show.guid):
        yield f"[show] guid {show.guid!r} is no UUID"
    for name, url in show.subscribe.items():
        if not _is_address(url):
            yield f"[show] subscribe {name!r} leads to {url!r}, which is no http address"
    is_file = re.search(r"\.(?:xml|html?|rss)/?$", publish.url.strip())
    if publish.url.strip() and (is_file or not _is_address(publish.url)):
        yield f"[publish] url {publish.url!r} is no folder such as https://example.com/podcast/"


def _category_problems(categories: tuple[str, ...]) -> Iterator[str]:
    if not 1 <= len(categories) <= _MOST_CATEGORIES:
        yield f"[show] categories has to name one to {_MOST_CATEGORIES}"
    for text in categories:
        try:
            category(text)
        except ValueError as error:
            yield f"[show] categories: {error}"


def _time_problems(show: ShowConfig) -> Iterator[str]:
    try:
        ZoneInfo(show.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"[show] timezone {show.timezone!r} is no zone such as Asia/Shanghai"
    if not _TIME.fullmatch(show.time):
        yield f"[show] time {show.time!r} is no time such as 06:00"


def edition_time(show: ShowConfig) -> time:
    """When an edition appears on its date, in the show's zone."""
    return time.fromisoformat(show.time).replace(tzinfo=ZoneInfo(show.timezone))


def _frequency(show: ShowConfig) -> Frequency | None:
    if not show.frequency:
        return None
    names = words_for(show.language)["frequencies"]
    return Frequency(_FREQUENCIES[show.frequency], names[show.frequency])


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    """Whether it is an http address of a folder."""
    try:
        parts = urlsplit(text)
        public_address(text)
    except ValueError:
        return False
    odd = parts.query or parts.fragment or "@" in parts.netloc or re.search(r"\s", text.strip())
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not odd


def public_address(text: str) -> str:
    """An address in ASCII, with a slash at its end (RFC 3986; hosts by IDNA)."""
    parts = urlsplit(text.strip())
    path = quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~") + "/"
    return f"{parts.scheme}://{_host(parts)}{path}"


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode()
    return f"{name}:{parts.port}" if parts.port else name


def is_local(url: str) -> bool:
    """Whether nobody but this machine can reach an address."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
