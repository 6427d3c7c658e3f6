"""Podcast clients from Debian subscribe, list, download, and ask again, at a real web server."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from desk import PAGE, published
from servers import Site, nginx

from hy_audio.episode import open_episode
from hy_audio.manifest import Manifest


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder / "root", folder) as found:
        yield found


@pytest.fixture(scope="module")
def episode(
    run: Run, environment: dict[str, str], site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Manifest:
    """An episode, episode."""
    page = PAGE.format(title="江边的早晨有人跑步")
    _, folder = published(run, environment, site, tmp_path_factory.mktemp("desk"), page)
    return open_episode(folder)


@pytest.fixture
def url(site: Site) -> str:
    return site.url + "feed.xml"


def client(home: Path, *command: object, **environment: str) -> str:
    """Run one, with a home of its own."""
    done = subprocess.run(
        [str(word) for word in command],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "no_proxy": "127.0.0.1",
            **environment,
        },
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(path) as base:
        base.row_factory = sqlite3.Row
        found = [dict(row) for row in base.execute(f"select * from {table}")]
    base.close()
    return found


def asked(site: Site, agent: str) -> list[tuple[str, int]]:
    """Which files a client asked for, and what status it got."""
    assert site.log
    lines = [line for line in site.log.read_text("utf-8").splitlines() if agent in line]
    parts = [line.split('"') for line in lines]
    return [(part[1].split()[1].rpartition("/")[2], int(part[2].split()[0])) for part in parts]


def test_gpodder_subscribes_lists_downloads_and_is_told_that_nothing_is_new(
    site: Site, url: str, episode: Manifest, tmp_path: Path
) -> None:
    def gpo(*words: str) -> str:
        return client(tmp_path, "gpo", *words, GPODDER_HOME=str(tmp_path / "gpodder"))

    assert "Successfully added" in gpo("subscribe", url)
    gpo("update")
    assert episode.title in gpo("episodes")
    assert "1 episodes downloaded" in gpo("download")
    (show,) = rows(tmp_path / "gpodder/Database", "podcast")
    (row,) = rows(tmp_path / "gpodder/Database", "episode")
    assert show["title"] == "云溪早班车"
    assert row["guid"] == episode.guid
    assert row["title"] == episode.title
    assert row["total_time"] == round(episode.duration_ms / 1000)
    assert row["file_size"] == episode.files["episode.mp3"].bytes
    assert [(one["start"], one["title"]) for one in json.loads(row["chapters"])] == [
        (s.start_ms // 1000, s.title) for s in episode.sections
    ]
    (audio,) = (tmp_path / "gpodder/Downloads").rglob("*.mp3")
    assert audio.stat().st_size == episode.files["episode.mp3"].bytes
    before = len(asked(site, "gPodder"))
    gpo("update")
    assert asked(site, "gPodder")[before:] == [("feed.xml", 304)]


def test_newsboat_has_the_episode_in_its_list(url: str, episode: Manifest, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text(f"{url}\n")
    (tmp_path / "config").touch()
    files = ("-u", "urls", "-c", "cache.db", "-C", "config")
    told = client(tmp_path, "newsboat", *files, "-x", "reload", "print-unread")
    assert told.split()[0] == "1"
    (show,) = rows(tmp_path / "cache.db", "rss_feed")
    (row,) = rows(tmp_path / "cache.db", "rss_item")
    assert show["title"] == "云溪早班车"
    assert row["guid"] == episode.guid
    assert row["title"] == episode.title
    assert row["enclosure_type"] == "audio/mpeg"
    assert episode.files["episode.mp3"].sha256[:12] in row["enclosure_url"]
    assert "早上六点，江边的步道上" in row["content"]


def test_podget_downloads_the_audio(url: str, episode: Manifest, tmp_path: Path) -> None:
    settings, library = tmp_path / "conf", tmp_path / "library"
    settings.mkdir()
    made = ("podget", "-d", settings, "--create-config", "podgetrc")
    client(tmp_path, *made)
    (settings / "serverlist").write_text(f"{url} 新闻 云溪\n", "utf-8")
    client(tmp_path, "podget", "-d", settings, "-l", library)
    (audio,) = library.rglob("*.mp3")
    assert audio.parent == library / "新闻/云溪"
    assert audio.stat().st_size == episode.files["episode.mp3"].bytes


def test_the_clients_are_there() -> None:
    assert all(map(shutil.which, ("gpo", "newsboat", "podget", "rclone", "chromium")))
