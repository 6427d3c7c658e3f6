"""How soon the feed and the pages of a large show are there; a part of bench.py.

Beside it stands feedgen, which writes RSS with the elements of iTunes and none of Podcasting 2.0,
no chapters and no pages of older items. Each is a new process, timed without its imports.

    python bench_publish.py ours|feedgen|read|pages ITEMS

does one of them and prints seconds and megabytes.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from typing import Any

from bench_row import Row

ITEMS = 10_000
PAGE_ITEMS = 300
RUNS = 3
URL = "https://audio.example/podcast/"
BEGIN = datetime(2006, 1, 1, 6, tzinfo=timezone(timedelta(hours=8)))
NOTES = "<p>清晨六点半，薄雾还没散尽，江边的步道上已经热闹起来。</p>\n" * 9
CHAPTERS = 8


def publishing() -> Iterator[Row]:
    """Time and memory for a feed of ten thousand items; its reading; the show's pages."""
    ours, theirs = _measured("ours"), _measured("feedgen")
    what, beside = f"feed, {ITEMS:,} items", "feedgen"
    yield Row(what, "s", ours[0], beside, theirs[0], theirs[0] / ours[0])
    yield Row("… memory", "MB", ours[1], beside, theirs[1], theirs[1] / ours[1])
    yield Row("… read back", "s", _measured("read")[0])
    yield Row("… the show's pages", "s", _measured("pages")[0])


def _measured(what: str) -> tuple[float, float]:
    """Medians of seconds and megabytes."""
    command = [sys.executable, str(Path(__file__)), what, str(ITEMS)]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        for _ in range(RUNS)
    ]
    seconds, megabytes = zip(*runs, strict=True)
    return median(seconds), median(megabytes)


# One of them


def _show() -> Any:
    from hy_audio.publish.model import Resource, Show

    return Show(
        name="云溪早班车",
        description="每天早上，把报纸读给你听。",
        url=URL,
        language="zh-cn",
        categories=(("News", "Daily News"),),
        author="云溪日报社",
        owner="云溪日报社",
        email="radio@yunxi.example",
        explicit=False,
        guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
        image=Resource(f"{URL}cover.jpg", 200_000, "image/jpeg"),
        timezone="Asia/Shanghai",
    )


def _items(count: int) -> tuple[Any, ...]:
    from hy_audio.publish.model import Item, Person, Resource
    from hy_audio.stitch.model import Chapter

    def item(n: int) -> Item:
        folder = f"{URL}episode-{n}/"
        chapters = (Chapter(k * 60_000, (k + 1) * 60_000, f"第{k}节") for k in range(CHAPTERS))
        return Item(
            guid=f"00000000-0000-5000-8000-{n:012}",
            link=f"{folder}index.html",
            title=f"第{n}篇：江边的早市又添了新摊位",
            author="本报记者 林晓",
            published=BEGIN + timedelta(hours=17 * n),
            updated=None,
            description=NOTES,
            content=NOTES * 2,
            audio=Resource(f"{folder}audio.mp3", 5_000_000 + n, "audio/mpeg"),
            duration_s=480,
            image=f"{URL}cover.jpg",
            chapters_file=Resource(f"{folder}c.json", 900, "application/json+chapters"),
            chapters=tuple(chapters),
            transcripts=(
                Resource(f"{folder}t.vtt", 9000, "text/vtt"),
                Resource(f"{folder}t.srt", 9000, "application/x-subrip"),
            ),
            persons=(Person("林晓", "reporter"), Person("陈默", "photographer")),
            season=2006,
            number=n + 1,
            explicit=False,
            revision=1,
            first_revision=1,
            seal="0123456789ab",
            origin=f"00000000-0000-5000-8000-{n:012}",
            made_by="ba9876543210",
        )

    return tuple(map(item, range(count)))


def _ours(count: int) -> Callable[[], object]:
    from hy_audio.publish import feed

    show, all_of_it = _show(), feed.Feed(_items(count), (), "bench")
    return lambda: feed.write(show, all_of_it, PAGE_ITEMS)


def _read(count: int) -> Callable[[], object]:
    from hy_audio.publish import feed

    documents = feed.write(_show(), feed.Feed(_items(count), (), "bench"), PAGE_ITEMS)
    return lambda: [feed.read(data) for data in documents.values()]


def _pages(count: int) -> Callable[[], object]:
    from hy_audio.publish.site.pages import index_pages

    show, items = _show(), _items(count)[::-1]
    return lambda: index_pages(show, items)


def _feedgen(count: int) -> Callable[[], object]:
    from feedgen.feed import FeedGenerator

    def write() -> bytes:
        made = FeedGenerator()
        made.load_extension("podcast")
        made.title("云溪早班车")
        made.description("每天早上，把报纸读给你听。")
        made.link(href=URL)
        made.podcast.itunes_category("News", "Daily News")
        for n in range(count):
            entry = made.add_entry(order="append")
            folder = f"{URL}episode-{n}/"
            entry.guid(f"00000000-0000-5000-8000-{n:012}")
            entry.title(f"第{n}篇：江边的早市又添了新摊位")
            entry.link(href=f"{folder}index.html")
            entry.published(BEGIN + timedelta(hours=17 * n))
            entry.description(NOTES)
            entry.content(NOTES * 2, type="CDATA")
            entry.enclosure(f"{folder}audio.mp3", str(5_000_000 + n), "audio/mpeg")
            entry.podcast.itunes_duration(480)
            entry.podcast.itunes_explicit("no")
        written: bytes = made.rss_str(pretty=True)
        return written

    return write


KINDS = {"ours": _ours, "feedgen": _feedgen, "read": _read, "pages": _pages}


def main() -> None:
    """Do what is named, and print seconds and megabytes."""
    what, count = sys.argv[1], int(sys.argv[2])
    work = KINDS[what](count)
    begin = time.perf_counter()
    work()
    seconds = time.perf_counter() - begin
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]))


if __name__ == "__main__":
    main()
