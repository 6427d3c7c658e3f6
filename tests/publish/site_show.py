"""A show to make pages of, and a small server for them: what the tests of the site share."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copyfile
from threading import Thread
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from hy_audio import episode
from hy_audio.manifest import Manifest
from hy_audio.publish.model import Correction, Item, Person, Reading, Resource, Show
from hy_audio.publish.site.pages import assets, episode_page, index_pages, withdrawn_page
from hy_audio.publish.site.reading import read_along
from hy_audio.stitch.model import Chapter

ZONE = ZoneInfo("Asia/Shanghai")
WHEN = datetime(2025, 5, 18, 6, 30, tzinfo=ZONE)
URL = "https://yunxi.example/listen/"
COVER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300"><rect width="300" height="300" '
    'fill="#9e2a1f"/><path d="M70 120v60M110 80v140M150 100v100M190 60v180M230 115v70" '
    'stroke="#fff" stroke-width="14" stroke-linecap="round"/></svg>'
)


def show_at(url: str = URL, **changes: object) -> Show:
    show = Show(
        name="云溪日报·听报",
        description="每天清晨，用耳朵读完当天的《云溪日报》：要闻、民生与副刊，逐篇朗读。",
        url=url,
        language="zh-cn",
        categories=(("News", "Daily News"),),
        author="云溪日报社",
        owner="云溪日报社",
        email="podcast@yunxi.example",
        explicit=False,
        guid="6a1b0e5c-2a55-5b13-9a40-0c7c1a0f6a11",
        image=Resource(f"{url}cover.svg", 400, "image/svg+xml"),
        timezone="Asia/Shanghai",
        copyright="© 2025 云溪日报社",
        subscribe=(("小宇宙", "https://pods.example/yunxi"), ("坏链接", "javascript:alert(1)")),
    )
    return replace(show, **changes)  # type: ignore[arg-type]


def item(show: Show, slug: str = "park", **changes: object) -> Item:
    link = f"{show.url}{slug}/"
    made = Item(
        guid=f"guid-{slug}",
        link=link,
        title="一江碧水，绿了云溪半座城",
        author="林晓 周岚",
        published=WHEN,
        updated=None,
        description="<p>清晨六点半，滨江公园的步道上已经热闹起来。</p><p>更多</p>",
        content="<p>清晨六点半。</p>",
        audio=Resource(f"{link}episode.mp3", 1_304_000, "audio/mpeg"),
        duration_s=108,
        image=show.image.url,
        chapters_file=Resource(f"{link}chapters.json", 700, "application/json+chapters"),
        chapters=(Chapter(0, 12_720, "开场"), Chapter(12_720, 108_336, "导语")),
        transcripts=(
            Resource(f"{link}transcript.vtt", 900, "text/vtt"),
            Resource(f"{link}transcript.srt", 900, "application/x-subrip"),
        ),
        persons=(Person("林晓", "reporter"),),
        season=2025,
        number=1,
        explicit=False,
        revision=1,
        first_revision=1,
        seal="0123456789ab",
        origin="00000000-0000-5000-8000-000000000001",
        made_by="ba9876543210",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def many(show: Show, count: int) -> list[Item]:
    """Episodes of many days, four on each, the newest first."""
    return [
        item(
            show,
            f"e{n}",
            title=f"第{count - n}篇：桥头的早市又添了新摊位",
            published=WHEN - timedelta(days=n // 4, minutes=n % 4),
        )
        for n in range(count)
    ]


def reading_of(folder: Path, corrections: tuple[Correction, ...] = ()) -> Reading:
    script, page = episode.read_script(folder), episode.read_source(folder)
    assert script is not None
    assert page is not None
    return read_along(episode.open_episode(folder), script, page, corrections)


def item_of(show: Show, slug: str, manifest: Manifest, **changes: object) -> Item:
    """The item of a built episode."""
    chapters = tuple(
        Chapter(s.start_ms, s.start_ms + s.duration_ms, s.title) for s in manifest.sections
    )
    facts = {
        "title": manifest.title,
        "author": manifest.byline,
        "duration_s": round(manifest.duration_ms / 1000),
        "chapters": chapters,
    }
    return item(show, slug, **{**facts, **changes})


CORRECTION = Correction(
    datetime(2025, 5, 19, 9, 0, tzinfo=ZONE),
    "“白鹭”一句原误作“白鸥”，已重新录制。",
    ("好风景也要好管家",),
)


def write_site(root: Path, show: Show, folders: Sequence[Path]) -> list[Item]:
    """A site of built episodes, all of one day, the first published first."""
    items: list[Item] = []
    for n, folder in enumerate(folders):
        manifest = episode.open_episode(folder)
        one = item_of(show, f"e{n}", manifest, published=WHEN + timedelta(minutes=n), number=n + 1)
        reading = reading_of(folder, (CORRECTION,) if n == 0 else ())
        place = root / f"e{n}"
        place.mkdir(parents=True)
        for name in ("episode.mp3", "chapters.json", "transcript.vtt", "transcript.srt"):
            copyfile(folder / name, place / name)
        (place / "index.html").write_bytes(episode_page(show, one, reading))
        items.insert(0, one)
    gone = root / "gone"
    gone.mkdir()
    (gone / "index.html").write_bytes(withdrawn_page(show, "一篇撤回的报道"))
    old = [replace(one, published=one.published - timedelta(days=40)) for one in many(show, 70)]
    for name, data in {**assets(), **index_pages(show, [*items, *old])}.items():
        (root / name).write_bytes(data)
    (root / "cover.svg").write_text(COVER, "utf-8")
    (root / "feed.xml").write_text("<rss/>", "utf-8")
    return items


# A server

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".svg": "image/svg+xml",
    ".xml": "application/rss+xml",
}


class _Handler(BaseHTTPRequestHandler):
    """Files below `root`, also in ranges."""

    protocol_version = "HTTP/1.1"
    root: Path

    def do_GET(self) -> None:
        path = self.root / unquote(self.path.partition("?")[0]).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        end = min(int(asked[2] or len(data)), len(data) - 1) if asked else len(data) - 1
        self.send_response(206 if asked else 200)
        self.send_header("Content-Type", _TYPES.get(path.suffix, "text/plain; charset=utf-8"))
        self.send_header("Content-Length", str(end - start + 1))
        self.send_header("Accept-Ranges", "bytes")
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.end_headers()
        self.wfile.write(data[start : end + 1])

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a browser has heard enough
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    handler = type("Handler", (_Handler,), {"root": root})
    server = _Server(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
