"""An article that tries to break out: built, published, and looked at in a browser."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from conftest import Run
from desk import get, published
from playwright.sync_api import Page, sync_playwright
from servers import Site, nginx

PAGE = """江边]]><script>window.hit=1</script>&amp;的早晨" onload="window.hit=1

■云溪日报记者 林晓



早上六点，<img src=x onerror="window.hit=1">江边\uffff有人跑步，\u202e有人打太极\u202c]]>。



新码头</title></item></channel></rss>开了第一班船


[码头](javascript:window.hit=1)上的船准时开了，javascript:alert(1)，船上的人&lt;b&gt;，数着江里的鸭子。



老街的灯{{ 7*7 }}都换过一遍


老街的灯亮了，换过的灯又亮又省电<!-- -->，晚上散步的人多了不少<style>*{display:none}</style>。
"""
DANGEROUS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder / "root", folder) as found:
        yield found


@pytest.fixture(scope="module")
def episode(
    run: Run, environment: dict[str, str], site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    it, folder = published(run, environment, site, tmp_path_factory.mktemp("desk"), PAGE)
    code, out, err = it.run(
        "regenerate", folder, "2", "--rate", "1.2", "--why", "]]><script>window.hit=1</script>"
    )
    assert code == 0, err + out
    it.publish()
    again, _, err = it.run("regenerate", folder, "2", "--rate", "1.3", "--why", '</p><b x="]]>&')
    assert again == 0, err
    it.publish()
    return folder


def test_the_feed_is_well_formed_and_has_one_item_with_its_texts(site: Site, episode: Path) -> None:
    data = get(site.url + "feed.xml").decode()
    (item,) = ET.fromstring(data).iter("item")
    title = item.findtext("title") or ""
    assert title.startswith('江边]]><script>window.hit=1</script>&amp;的早晨"')
    assert not DANGEROUS.search(data)
    description = item.findtext("description") or ""
    assert "<script" not in description
    assert "<b x" not in description
    assert "&lt;/p&gt;&lt;b x=&quot;]]&gt;&amp;" in description
    assert (item.find("enclosure").attrib["url"]).isascii()  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("name", ["index.html", "{slug}/index.html", "month-2026-05.html"])
def test_a_page_shows_the_words_and_does_nothing(
    site: Site, episode: Path, browser_page: Page, name: str
) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(site.url + name.format(slug=episode.name))
    text: Any = browser_page.evaluate("() => document.body.innerText")
    assert "<script>window.hit=1</script>" in text
    assert not DANGEROUS.search(text)
    assert browser_page.evaluate("() => window.hit") is None
    found = browser_page.evaluate(
        "() => document.querySelectorAll("
        "'[src=x], [onload], [onerror], [href^=javascript], style').length"
    )
    assert found == 0
    assert all(url.startswith((site.url, "data:")) for url in asked)
    assert "49" not in text or "{{ 7*7 }}" in text


def test_the_list_for_search_is_json_with_the_title_as_it_is(site: Site, episode: Path) -> None:
    (listed,) = json.loads(get(site.url + "episodes.json"))
    assert "<script>window.hit=1</script>" in listed["title"]
    assert listed["slug"] == episode.name


def test_a_page_with_nul_characters_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE.replace("六点", "六点\0"), "utf-8")
    done = run("build", page, "-o", tmp_path / "output", "--voice", "tone")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "output").exists()
