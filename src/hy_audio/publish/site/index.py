"""The lists of a show's episodes: the newest by day, all by month, and a file for search. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

from hy_audio.publish.model import Item, Show
from hy_audio.publish.site import words
from hy_audio.publish.site.address import hosts, picture, policy, relative, web_address
from hy_audio.publish.site.qr import qr_path
from hy_audio.publish.site.structured import as_block, show_data
from hy_audio.publish.site.template import render
from hy_audio.publish.text import clean, cut

NEWEST = 60
"""Episodes on the first page."""
SUMMARY_CHARACTERS = 80
"""Of what an episode is about, in lists."""
EPISODES = "episodes.json"
"""Name of the file for search and for playing on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode in a list."""

    slug: str
    """Name of its folder."""
    href: str
    """Address of its page from the root."""
    title: str
    """The headline."""
    author: str
    """Who wrote it."""
    published: datetime
    """When."""
    seconds: int
    """How long it lasts."""
    length: str
    """The same in words."""
    summary: str
    """What it is about, in short."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month in which something appeared."""

    href: str
    """Address of its page from the root."""
    when: datetime
    """A time within it."""
    entries: tuple[Entry, ...]
    """The newest first."""


def index_pages(show: Show, items: Sequence[Item]) -> dict[str, bytes]:
    """The pages that list episodes, by their names.

    Args:
        show: what they belong to.
        items: the newest first.
    """
    table = words.words_for(show.language)
    entries = [_entry(table, item) for item in items]
    months = [_month(list(group)) for _, group in groupby(entries, _month_of)]
    others = hosts(show, tuple(items[:1]))
    common = {
        "show": show,
        "w": table,
        "csp": policy(others),
        "root": "",
        "cover": picture(show, show.image.url, others),
        "cover_url": web_address(show.image.url),
        "date": words.date,
    }
    pages = {
        "index.html": render(
            "index",
            days=_days(entries[:NEWEST]),
            years=_years(months),
            count=len(entries),
            apps=_apps(show),
            qr=qr_path(show.feed_url),
            feed=relative(show, show.feed_url),
            data=show_data(show),
            script_words=as_block(table["script"]),
            **common,
        )
    }
    for n, month in enumerate(months):
        newer, older = months[n - 1] if n else None, months[n + 1] if n + 1 < len(months) else None
        pages[month.href] = render(
            "month", month=month, days=_days(month.entries), newer=newer, older=older, **common
        )
    return {**pages, EPISODES: _episodes(entries)}


def _entry(table: words.Words, item: Item) -> Entry:
    return Entry(
        slug=item.slug,
        href=page_of(item.slug),
        title=item.title,
        author=item.author,
        published=item.published,
        seconds=item.duration_s,
        length=words.length(table, item.duration_s),
        summary=cut(item.summary, SUMMARY_CHARACTERS),
    )


def page_of(slug: str) -> str:
    """The address of an episode's page, from the root."""
    return f"{quote(slug, safe='')}/index.html"


def _month_of(entry: Entry) -> tuple[int, int]:
    return entry.published.year, entry.published.month


def _month(entries: Sequence[Entry]) -> Month:
    when = entries[0].published
    return Month(month_page(when), when, tuple(entries))


def month_page(when: datetime) -> str:
    """The address of a month's page, from the root."""
    return f"month-{when:%Y-%m}.html"


def _days(entries: Sequence[Entry]) -> list[tuple[datetime, list[Entry]]]:
    days = [list(group) for _, group in groupby(entries, lambda e: e.published.date())]
    return [(day[0].published, day) for day in days]


def _years(months: Sequence[Month]) -> list[tuple[datetime, list[Month]]]:
    years = [list(group) for _, group in groupby(months, attrgetter("when.year"))]
    return [(year[0].when, year) for year in years]


def _episodes(entries: Sequence[Entry]) -> bytes:
    """What the player and the search read."""
    listed = [
        {
            "slug": e.slug,
            "title": clean(e.title),
            "author": clean(e.author),
            "date": e.published.isoformat(),
            "seconds": e.seconds,
            "summary": clean(e.summary),
        }
        for e in entries
    ]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()


# Subscribing

_APPS = (
    ("Apple Podcasts", "podcast://{bare}"),
    ("AntennaPod", "https://antennapod.org/deeplink/subscribe?url={quoted}"),
    ("Pocket Casts", "pktc://subscribe/{bare}"),
    ("Overcast", "overcast://x-callback-url/add?url={quoted}"),
)
"""Apps that know a scheme, and the address that has each subscribe to a feed."""


def _apps(show: Show) -> list[tuple[str, str]]:
    """Names and addresses of ways to subscribe."""
    feed = web_address(show.feed_url)
    bare, quoted = feed.partition("://")[2], quote(feed, safe="")
    known = [(name, form.format(bare=bare, quoted=quoted)) for name, form in _APPS if feed]
    chosen = ((name, web_address(url)) for name, url in show.subscribe)
    return known + [(name, url) for name, url in chosen if url]
