"""An editor's desk for tests: a show, episodes to publish, and a listener who watches."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import IncompleteRead
from pathlib import Path
from typing import Any

import feedparser
from conftest import Run
from servers import Site

CONFIG = """
[show]
name = "云溪早班车"
description = "每天早上，把云溪日报读给你听。"
author = "云溪日报社"
email = "radio@yunxi.example"
frequency = "daily"

[publish]
url = "{url}"
target = "{target}"
{more}
"""
PAGE = """{title}

■云溪日报记者 林晓



早上六点，江边的步道上已经有人跑步，也有人在树下打太极，卖豆浆的小车停在桥头。



新码头开了第一班船


码头上的船准时开了，船上坐满了去对岸上班的人，孩子们趴在窗边数着江里的鸭子。



老街的灯都换过一遍


老街的灯亮了，店主们说，换过的灯又亮又省电，晚上来散步的人比从前多了不少。



老街的灯亮了。 ■陈默 摄
"""
"""An article with two headings, a reporter and a photographer."""


@dataclass
class Desk:
    """Publishes one folder of episodes to one place."""

    folder: Path
    site: Site
    start: Run
    environment: dict[str, str]
    more: str = ""

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def config(self) -> Path:
        path = self.folder / "hy-audio.toml"
        text = CONFIG.format(url=self.site.url, target=self.site.target, more=self.more)
        path.write_text(text, "utf-8")
        return path

    @property
    def env(self) -> dict[str, str]:
        nowhere = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        return {**self.environment, **nowhere, **self.site.environment}

    def run(self, *words: object) -> tuple[int, str, str]:
        done = self.start("--config", self.config, *words, env=self.env)
        return done.returncode, done.stdout, done.stderr

    def told(self, *words: object) -> dict[str, Any]:
        code, out, err = self.run(*words, "--json")
        assert code == 0, err + out
        told: dict[str, Any] = json.loads(out)
        return told

    def publish(self, *options: object) -> dict[str, Any]:
        """Episodes in tones, so with force."""
        return self.told("publish", self.output, "--force", *options)

    def feed(self) -> Any:
        """The feed as a listener has it."""
        return feedparser.parse(get(self.site.url + "feed.xml"))


def published(
    run: Run, environment: dict[str, str], site: Site, folder: Path, page: str
) -> tuple[Desk, Path]:
    """A desk that has published one episode in tones, and the episode."""
    it = Desk(folder, site, run, environment)
    path = folder / "page.txt"
    path.write_text(page, "utf-8")
    told = it.told("build", path, "-o", it.output, "--voice", "tone", "--date", "2026-05-18")
    it.publish()
    return it, Path(told["folder"])


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        data: bytes = answer.read()
    return data


@dataclass
class Listener:
    """Polls a feed many times a second, and hears all that it names."""

    url: str
    forgives: tuple[type[Exception], ...] = ()
    """Failures of the server after which the feed is asked for again."""
    polls: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    """Address and length of each enclosure that was heard."""
    problems: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        while not self.stop.wait(0.02):
            self.poll()

    def poll(self) -> None:
        try:
            data = get(self.url)
        except self.forgives:
            return
        except urllib.error.HTTPError as error:
            if error.code != 404:
                self.problems.append(f"the feed answers with {error.code}")
            return
        parsed = feedparser.parse(data)
        self.polls += 1
        if parsed.bozo:
            self.problems.append(f"the feed is broken: {parsed.bozo_exception}")
        for entry in parsed.entries:
            for enclosure in entry.enclosures:
                self.hear(enclosure.href, enclosure.length)

    def hear(self, url: str, length: str) -> None:
        if (url, length) in self.seen:
            return
        try:
            if len(get(url)) != int(length):
                self.problems.append(f"{url} is not of {length} bytes")
        except urllib.error.HTTPError as error:
            self.problems.append(f"{url} answers with {error.code}")
        self.seen.add((url, length))


@contextmanager
def listening(site: Site) -> Iterator[Listener]:
    """A listener throughout the block, who must not find anything wrong."""
    # rclone may send a file that was just replaced with the length of the one before
    forgives = (IncompleteRead,) if site.kind == "webdav" else ()
    listener = Listener(site.url + "feed.xml", forgives)
    thread = threading.Thread(target=listener.listen)
    thread.start()
    try:
        yield listener
    finally:
        listener.stop.set()
        thread.join()
    listener.poll()
    assert listener.problems == []
    assert listener.polls
