"""The pages as bytes: what they link to, what they load, and what hostile words do to them."""

import json
import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from importlib.abc import Traversable
from itertools import chain, pairwise
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import urljoin

import pytest
import segno
from conftest import ROOT, Episode
from site_show import CORRECTION, URL, WHEN, ZONE, item, many, reading_of, show_at

from hy_audio.publish.model import Item, Part, Passage, Reading, Resource, Sentence, Show
from hy_audio.publish.site import template
from hy_audio.publish.site.address import web_address
from hy_audio.publish.site.pages import (
    assets,
    episode_page,
    fingerprint,
    index_pages,
    withdrawn_page,
)
from hy_audio.publish.site.qr import qr_path
from hy_audio.publish.site.words import clock, length, words_for
from hy_audio.publish.text import clean

PACKAGE = ROOT / "src/hy_audio/publish/site"
SHOW = show_at()
TEXT = Reading(
    (
        Part("kai-chang", "开场", 0, (Passage("headline", (Sentence("早市", 120, 900),)),)),
        Part(
            "zheng-wen",
            "正文",
            2000,
            (
                Passage("heading", (Sentence("桥头", 2100, 500),)),
                Passage(
                    "paragraph", (Sentence("桥开。", 3000, 900), Sentence("人来。", 3900, 800))
                ),
                Passage("caption", (Sentence("傍晚的桥。", 5000, 900),)),
                Passage("credit", (Sentence("陈默 摄", 0, 0),)),
            ),
        ),
    ),
    (CORRECTION,),
    "本节目由人工智能语音合成播报。",
    6500,
)


class Page(HTMLParser):
    """The elements of a page, with their attributes and the text right inside them."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a in self.elements if t == tag and wanted.items() <= a.items()]

    def text(self, tag: str, **wanted: str) -> str:
        return next(
            text.strip()
            for (t, a), text in zip(self.elements, self.texts, strict=True)
            if t == tag and wanted.items() <= a.items()
        )

    def meta(self, name: str) -> str:
        """The content of a `meta` element by its name, property or what it stands for."""
        keys = ("name", "property", "http-equiv")
        return next(a["content"] for a in self.all("meta") if name in map(a.get, keys))

    @property
    def links(self) -> list[str]:
        return [a["href"] for t, a in self.elements if "href" in a and t == "a"]

    @property
    def loaded(self) -> list[str]:
        """Addresses that a browser fetches by itself."""
        sheets = [a["href"] for a in self.all("link") if a["rel"] in ("stylesheet", "icon")]
        return sheets + [a["src"] for _, a in self.elements if "src" in a]


def page_of(made: Item | None = None, reading: Reading = TEXT, show: Show = SHOW) -> Page:
    return Page(episode_page(show, made or item(show), reading))


def pages() -> dict[str, Page]:
    """One of each kind, at the address below the root that it is made for."""
    made = index_pages(SHOW, many(SHOW, 70))
    found = {name: Page(data) for name, data in made.items() if name.endswith(".html")}
    gone = Page(withdrawn_page(SHOW, "一篇报道"))
    return {**found, "park/index.html": page_of(), "gone/index.html": gone}


# Addresses


def test_all_that_a_page_loads_is_its_own_or_lies_in_the_sites_root() -> None:
    there = {*assets(), "cover.svg", "park/episode.mp3"}
    for name, page in pages().items():
        loaded = [urljoin(URL + name, address) for address in page.loaded]
        assert len(loaded) >= 2
        assert {a.removeprefix(URL) for a in loaded if not a.startswith("data:")} <= there


def test_audio_texts_and_chapters_are_named_from_the_page() -> None:
    page = page_of()
    assert page.all("audio")[0]["src"] == "episode.mp3"
    downloads = [a["href"] for a in page.all("a") if "download" in a]
    assert downloads == ["episode.mp3", "transcript.vtt", "transcript.srt", "chapters.json"]


def test_audio_elsewhere_below_the_show_is_named_from_the_page_too() -> None:
    made = item(SHOW, audio=Resource(f"{URL}audio/a.mp3", 1, "audio/mpeg"))
    assert page_of(made).all("audio")[0]["src"] == "../audio/a.mp3"


def test_audio_on_another_host_is_named_whole_and_allowed_by_the_policy() -> None:
    made = item(SHOW, audio=Resource("https://cdn.example/a.mp3", 1, "audio/mpeg"))
    page = page_of(made)
    assert page.all("audio")[0]["src"] == "https://cdn.example/a.mp3"
    assert "media-src 'self' https://cdn.example;" in page.meta("Content-Security-Policy")


def test_a_picture_on_a_host_that_the_show_does_not_use_is_not_loaded() -> None:
    show = show_at(image=Resource("https://elsewhere.example/c.jpg", 1, "image/jpeg"))
    page = Page(index_pages(show, many(show, 3))["index.html"])
    assert not page.all("img")
    assert page_of(item(show), show=show).all("main")[0]["data-artwork"] == ""


@pytest.mark.parametrize("name", ["index.html", "park/index.html", "gone/index.html"])
def test_the_policy_lets_a_page_load_from_its_own_host_only(name: str) -> None:
    assert pages()[name].meta("Content-Security-Policy") == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def test_pages_hold_no_inline_script_style_or_handler() -> None:
    for page in pages().values():
        data = ("application/ld+json", "application/json")
        assert all("src" in a or a["type"] in data for a in page.all("script"))
        assert not page.all("style")
        names = {name for _, attributes in page.elements for name in attributes}
        assert not {n for n in names if n.startswith("on") or n in ("style", "srcdoc")}


def test_every_id_is_there_once() -> None:
    for page in pages().values():
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))


# Assets


def test_assets_are_named_after_their_contents() -> None:
    assert sorted(re.sub("-[0-9a-f]{12}", "", name) for name in assets()) == [
        *("basics.js", "player.js", "reading.js", "search.js", "style.css")
    ]
    page = page_of()
    scripts = [one["src"] for one in page.all("script", defer="")]
    assert [name.partition("-")[0] for name in scripts] == ["../basics", "../reading", "../player"]
    assert {page.all("link", rel="stylesheet")[0]["href"], *scripts} < {
        f"../{name}" for name in assets()
    }


@pytest.mark.parametrize(
    "name", ["static/style.css", "templates/parts.html.jinja", "words.toml", "pages.py"]
)
def test_the_fingerprint_tells_whatever_changes_pages(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint()
    assert re.fullmatch("[0-9a-f]{12}", before)
    copy = copytree(PACKAGE, tmp_path / "site")

    def folder() -> Traversable:
        return copy

    monkeypatch.setattr(template, "_folder", folder)
    assert fingerprint() == before
    (copy / name).write_text((copy / name).read_text("utf-8") + "\n", "utf-8")
    assert fingerprint() != before


# An episode


def test_each_sentence_carries_its_milliseconds() -> None:
    page = page_of()
    marked = [(a["data-m"], a["data-d"]) for a in page.all("span") if "data-m" in a]
    assert marked[:4] == [("120", "900"), ("2100", "500"), ("3000", "900"), ("3900", "800")]
    assert page.text("span", **{"data-m": "3900"}) == "人来。"


def test_what_is_not_heard_is_not_marked() -> None:
    assert page_of().text("p", **{"class": "credit"}) == "陈默 摄"


@pytest.mark.parametrize(
    ("printed", "together"),
    [
        ("caption credit caption credit", ["caption credit", "caption credit"]),
        ("credit caption", ["credit caption"]),
        ("credit caption credit caption", ["credit caption", "credit caption"]),
        ("caption credit credit", ["caption credit credit"]),
        ("credit caption credit", ["credit", "caption credit"]),
        ("caption caption", ["caption", "caption"]),
        ("credit", ["credit"]),
    ],
)
def test_a_caption_stands_with_its_credits(printed: str, together: list[str]) -> None:
    passages = [Passage(kind, (Sentence(kind, 0, 0),)) for kind in printed.split()]
    part = replace(TEXT.parts[1], passages=tuple(passages))
    reading = replace(TEXT, parts=(TEXT.parts[0], part))
    page = episode_page(SHOW, item(SHOW), reading).decode()
    figures = re.findall("<figure.*?</figure>", page, re.DOTALL)
    assert [" ".join(re.findall('<p class="(caption|credit)"', f)) for f in figures] == together


def test_the_headline_is_the_one_heading_of_the_first_rank() -> None:
    page = page_of()
    assert len(page.all("h1")) == 1
    assert page.text("span", **{"data-m": "120"}) == "早市"


def test_an_episode_without_an_opening_has_its_title_as_headline() -> None:
    page = page_of(reading=replace(TEXT, parts=TEXT.parts[1:]))
    assert page.text("h1") == "一江碧水，绿了云溪半座城"


def test_chapters_are_links_into_the_audio_without_script() -> None:
    links = [a["href"] for a in page_of().all("a") if "data-to" in a]
    assert links == ["episode.mp3#t=0.0", "episode.mp3#t=2.0"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [("由小云合成。", "由小云合成。"), ("", "本节目由人工智能语音合成播报。")],
)
def test_the_synthetic_voice_is_told_above_the_text_and_beside_the_player(
    told: str, shown: str
) -> None:
    data = episode_page(SHOW, item(SHOW), replace(TEXT, disclosure=told)).decode()
    header, player = data.partition("<article>")[2], data.partition('class="player"')[2]
    assert shown in header.partition("</header>")[0]
    assert "人工智能语音合成" in player


def test_corrections_stand_on_the_page_with_day_note_and_chapters() -> None:
    data = episode_page(SHOW, item(SHOW), TEXT).decode()
    for words in ("2025年5月19日", "已重新录制", "涉及章节：好风景也要好管家"):
        assert words in data


def test_the_feeds_html_is_not_put_into_pages() -> None:
    made = item(SHOW, description="<p>摘要<img src=x></p>", content="<b>全文</b>")
    data = episode_page(SHOW, made, TEXT) + index_pages(SHOW, [made])["index.html"]
    assert b"<img src=x" not in data
    assert b"<b>" not in data


def test_structured_data_tell_the_episode_its_audio_and_the_show() -> None:
    page = page_of(item(SHOW, title="A</script>&\u2028B"))
    block = page.text("script", type="application/ld+json")
    assert not set("<>&\u2028\u2029") & set(block)
    told = json.loads(block)
    assert told["@type"] == "PodcastEpisode"
    assert told["name"] == "A</script>&\u2028B"
    assert told["datePublished"] == "2025-05-18T06:30:00+08:00"
    audio = told["associatedMedia"]
    assert (audio["@type"], audio["contentUrl"]) == ("AudioObject", f"{URL}park/episode.mp3")
    assert (audio["duration"], audio["contentSize"]) == ("PT108S", "1304000")
    assert told["partOfSeries"]["@type"] == "PodcastSeries"
    assert told["partOfSeries"]["webFeed"] == f"{URL}feed.xml"


def test_open_graph_tells_title_address_picture_and_audio() -> None:
    page = page_of()
    told = {name: page.meta(f"og:{name}") for name in ("title", "url", "image", "audio", "type")}
    assert told == {
        "title": "一江碧水，绿了云溪半座城",
        "url": f"{URL}park/",
        "image": f"{URL}cover.svg",
        "audio": f"{URL}park/episode.mp3",
        "type": "article",
    }
    assert page.meta("twitter:card") == "summary"


def test_pages_tell_their_language_their_feed_and_their_address() -> None:
    for name, page in pages().items():
        assert page.all("html")[0]["lang"] == "zh-cn"
        (feed,) = page.all("link", rel="alternate", type="application/rss+xml")
        assert urljoin(URL + name, feed["href"]) == f"{URL}feed.xml"
    addresses = {n: p.all("link", rel="canonical") for n, p in pages().items()}
    assert addresses["park/index.html"][0]["href"] == f"{URL}park/"
    assert addresses["month-2025-05.html"][0]["href"] == f"{URL}month-2025-05.html"


def test_a_withdrawn_episode_says_so_links_to_the_show_and_is_not_indexed() -> None:
    page = pages()["gone/index.html"]
    assert page.meta("robots") == "noindex"
    assert page.text("h1") == "本期节目已撤回"
    assert "../index.html" in page.links
    assert not page.all("audio")


def test_a_real_episode_is_shown_word_for_word(park_episode: Episode) -> None:
    reading = reading_of(park_episode.folder)
    page = page_of(reading=reading)
    heard = [s for part in reading.parts for p in part.passages for s in p.sentences]
    marked = {a["data-m"] for a in page.all("span") if "data-m" in a}
    assert marked == {str(s.start_ms) for s in heard if s.duration_ms}


# Lists


def test_the_first_page_lists_the_newest_sixty_by_day() -> None:
    page = Page(index_pages(SHOW, many(SHOW, 70))["index.html"])
    listed = [href for href in page.links if re.fullmatch(r"e\d+/index.html", href)]
    assert listed == [f"e{n}/index.html" for n in range(60)]
    days = [a["datetime"] for a in page.all("time")]
    assert len(days) == 15
    assert days[0] == "2025-05-18"
    assert all(a > b for a, b in pairwise(days))


def test_every_episode_is_on_the_page_of_its_month_and_every_month_is_linked() -> None:
    old = item(SHOW, "old", published=datetime(2024, 11, 2, 7, tzinfo=ZONE))
    made = index_pages(SHOW, [*many(SHOW, 150), old])
    months = [name for name in made if name.startswith("month-")]
    assert months == ["month-2025-05.html", "month-2025-04.html", "month-2024-11.html"]
    listed = chain.from_iterable(Page(made[name]).links for name in months)
    found = {href for href in listed if href.endswith("/index.html")}
    assert found == {f"e{n}/index.html" for n in range(150)} | {"old/index.html"}
    assert set(months) <= set(Page(made["index.html"]).links)
    assert "month-2024-11.html" in Page(made["month-2025-04.html"]).links


def test_the_file_for_search_has_every_episode_the_newest_first() -> None:
    made = [item(SHOW, "a", description=f"<p>{'长' * 100}&amp;</p>"), *many(SHOW, 70)]
    listed = json.loads(index_pages(SHOW, made)["episodes.json"])
    assert [one["slug"] for one in listed] == ["a", *(f"e{n}" for n in range(70))]
    first = listed[0]
    assert first == {
        "slug": "a",
        "title": "一江碧水，绿了云溪半座城",
        "author": "林晓 周岚",
        "date": WHEN.isoformat(),
        "seconds": 108,
        "summary": "长" * 79 + "…",
    }


def test_ten_thousand_episodes_are_listed() -> None:
    made = index_pages(SHOW, many(SHOW, 10_000))
    assert len(json.loads(made["episodes.json"])) == 10_000
    assert len(made["index.html"]) < 100_000


def test_a_show_without_episodes_has_a_page() -> None:
    made = index_pages(SHOW, [])
    assert set(made) == {"index.html", "episodes.json"}
    assert "还没有节目" in made["index.html"].decode()


# Subscribing


def test_apps_are_opened_by_their_own_schemes_and_other_places_by_the_web() -> None:
    links = pages()["index.html"].links
    for address in (
        "podcast://yunxi.example/listen/feed.xml",
        "https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fyunxi.example%2Flisten%2Ffeed.xml",
        "pktc://subscribe/yunxi.example/listen/feed.xml",
        "overcast://x-callback-url/add?url=https%3A%2F%2Fyunxi.example%2Flisten%2Ffeed.xml",
        "https://pods.example/yunxi",
        "feed.xml",
    ):
        assert address in links
    assert not [link for link in links if link.startswith("javascript")]


def test_the_qr_code_is_that_of_the_feed_with_a_quiet_zone() -> None:
    size, path = qr_path(SHOW.feed_url)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        dark |= {(int(x) + n - 4, int(y) - 4) for n in range(int(width))}
    matrix = segno.make(SHOW.feed_url, error="m", micro=False).matrix
    cells = {(x, y) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell}
    assert dark == cells
    assert size == len(matrix) + 8
    page = pages()["index.html"]
    assert page.all("svg", role="img")[0]["aria-label"] == "订阅地址的二维码"
    assert path in {a.get("d") for a in page.all("path")}


# Words


def test_both_languages_have_the_same_words() -> None:
    chinese, english = words_for("zh-cn"), words_for("fr")
    assert chinese.keys() == english.keys()
    tables = [name for name in chinese if isinstance(chinese[name], dict)]
    assert tables == ["notes", "frequencies", "script"]
    pairs = [(chinese, english), *((chinese[name], english[name]) for name in tables)]
    for one, other in pairs:
        assert one.keys() == other.keys()
        for name in one:
            if name not in ("date", "date_with_day", "month", "month_short", *tables):
                assert _fields(one[name]) == _fields(other[name]), name


def _fields(text: Any) -> set[str]:
    return set(re.findall(r"\{\w+\}", text)) if isinstance(text, str) else set()


def test_a_show_in_another_language_has_english_words() -> None:
    show = show_at(language="en-us")
    data = episode_page(show, item(show), TEXT).decode()
    assert "18 May 2025" in data
    assert "Sleep timer" in data
    assert Page(data.encode()).all("html")[0]["lang"] == "en-us"


def test_no_word_of_the_table_is_unused() -> None:
    code = "".join(
        p.read_text("utf-8") for p in PACKAGE.rglob("*") if p.suffix in (".py", ".jinja")
    )
    script = "".join(p.read_text("utf-8") for p in (PACKAGE / "static").glob("*.js"))
    used = {*re.findall(r"\bw\.(\w+)", code), *re.findall(r'"(\w+)"', code)}
    assert {*words_for("zh")} <= used | {"script", "notes", "frequencies"}
    assert {*words_for("zh")["script"]} == {*re.findall(r"\bwords\.(\w+)", script)}


@pytest.mark.parametrize(
    ("seconds", "shown", "told"),
    [(7, "0:07", "7 秒"), (83, "1:23", "1 分 23 秒"), (3723, "1:02:03", "1 小时 2 分")],
)
def test_times_are_told_as_people_do(seconds: int, shown: str, told: str) -> None:
    assert clock(seconds) == shown
    assert length(words_for("zh"), seconds) == told


# Hostile words

HOSTILE = (
    "]]><script>window.hit=1</script>&amp;&lt;\x00\x08\x1b\ufffe\uffff\u202e\u2066反"
    "\u2069\u200f\"'><img src=x onerror=window.hit=1> javascript:alert(1) {{7*7}} {% x %} -->"
    " \ud800</title></textarea><!-- <svg/onload=window.hit=1>\u2028"
)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def hostile_show() -> Show:
    return show_at(
        name=HOSTILE,
        description=HOSTILE,
        author=HOSTILE,
        copyright=HOSTILE,
        subscribe=((HOSTILE, "javascript:alert(1)"), (HOSTILE, 'https://a.example/"><script>')),
    )


def hostile_item(show: Show) -> Item:
    return item(show, title=HOSTILE, author=HOSTILE, guid=HOSTILE, description=f"<p>{HOSTILE}</p>")


def hostile_reading() -> Reading:
    sentence = Sentence(HOSTILE, 10, 900)
    kinds = ("show", "kicker", "headline", "subhead", "byline", "disclosure")
    body = ("heading", "paragraph", "item", "verse", "caption", "credit", "byline", "disclosure")
    parts = (
        Part("a", HOSTILE, 0, tuple(Passage(kind, (sentence,)) for kind in kinds)),
        Part("b", HOSTILE, 1000, tuple(Passage(kind, (sentence,)) for kind in body)),
    )
    note = replace(CORRECTION, note=HOSTILE, sections=(HOSTILE,))
    return Reading(parts, (note,), HOSTILE, 6500)


def hostile_pages() -> dict[str, bytes]:
    show = hostile_show()
    made = index_pages(show, [hostile_item(show)])
    page = episode_page(show, hostile_item(show), hostile_reading())
    return {**made, "park/index.html": page, "gone/index.html": withdrawn_page(show, HOSTILE)}


LOADED = ("basics", "player", "reading", "search")


def test_hostile_words_make_no_elements_and_no_attributes() -> None:
    plain, hostile = pages(), hostile_pages()
    allowed = {tag for page in plain.values() for tag, _ in page.elements}
    names = {n for page in plain.values() for _, attributes in page.elements for n in attributes}
    for name, data in hostile.items():
        if name.endswith(".html"):
            page = Page(data)
            assert {tag for tag, _ in page.elements} <= allowed
            assert {n for _, attributes in page.elements for n in attributes} <= names
            names_of = [one.get("src", "").partition("-")[0] for one in page.all("script")]
            assert {*names_of} <= {"", *LOADED, *(f"../{one}" for one in LOADED)}
            assert not [a for a in page.all("img") if a["src"] == "x"]


def test_hostile_words_are_shown_without_what_nobody_may_see() -> None:
    for data in hostile_pages().values():
        assert not FORBIDDEN.search(data.decode())


def test_a_link_leads_to_the_web_or_to_an_app_that_is_known() -> None:
    schemes = r"https?://|podcast://|pktc://|overcast://|#|(?:\.{1,2}/)*[\w%.-]+(?:[/#]|$)"
    for name, data in hostile_pages().items():
        if name.endswith(".html"):
            assert all(re.match(schemes, link) for link in Page(data).links)


def test_hostile_words_stay_inside_their_data_blocks() -> None:
    page = Page(hostile_pages()["park/index.html"])
    told = json.loads(page.text("script", type="application/ld+json"))
    assert told["name"] == clean(HOSTILE)


@pytest.mark.parametrize(
    "slug", ["javascript:alert(1)", "../../x", "//evil.example", "a b\"'<", "a?b#c", "\\\\evil"]
)
def test_a_hostile_slug_stays_below_the_show(slug: str) -> None:
    made = replace(item(SHOW), link=f"{URL}{slug}/")
    others = Page(index_pages(SHOW, [item(SHOW)])["index.html"]).links
    (link,) = {*Page(index_pages(SHOW, [made])["index.html"]).links} - {*others}
    assert urljoin(URL, link).startswith(URL)
    assert link.endswith("/index.html")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "JAVASCRIPT:x",
            "\x01javascript:x",
            "java\nscript:x",
            "vbscript:x",
        ),
        *(
            "data:text/html,x",
            "//host/x",
            "http://",
            "https://a b/",
            "ftp://host/",
            "http://[x",
            "",
        ),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str) -> None:
    assert web_address(url) == ""
    page = page_of(item(SHOW, audio=Resource(url, 1, "audio/mpeg")))
    assert not page.all("audio")
    assert all(not link.startswith(("javascript", "data", "vbs", "//")) for link in page.links)


def test_words_of_all_scripts_stay_as_they_are() -> None:
    text = "云溪，\t𠮷野家 — “引号” é ñ 🙂 \n עברית"
    assert clean(text) == text
