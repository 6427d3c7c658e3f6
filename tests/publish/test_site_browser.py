"""The pages in Chromium: listened to, read along, by keyboard, on a phone, in the dark, on paper.

Screenshots are kept in the folder that HY_AUDIO_SCREENSHOTS names, or in `tests/screenshots`.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Episode
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from site_show import item, reading_of, serving, show_at, write_site
from test_site_pages import hostile_pages

from hy_audio.publish.model import Reading
from hy_audio.publish.site.pages import assets, episode_page

AXE = "axe-core@4.14.1"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)
LAG_MS = 150
"""The mark is never later than this behind the voice."""
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
TOUCH_PX = 44
"""Smallest side of what is touched."""

AUDIO = "document.querySelector('audio')"
MARKED = "[data-m].reading"


@pytest.fixture(scope="module")
def reading(spoken_episode: Episode) -> Reading:
    return reading_of(spoken_episode.folder)


@pytest.fixture(scope="module")
def root(
    spoken_episode: Episode, park_episode: Episode, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of the site."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def url(root: Path, spoken_episode: Episode, park_episode: Episode) -> Iterator[str]:
    """A site of two episodes of one day, the real voice first, served."""
    with serving(root) as address:
        folders = [spoken_episode.folder, park_episode.folder]
        write_site(root, show_at(address), folders)
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    folder = Path(os.environ.get("HY_AUDIO_SCREENSHOTS") or ROOT / "tests/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    folder = tmp_path_factory.mktemp("npm")
    options = ["--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *options, AXE], check=True)
    return (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")


@dataclass
class Room:
    """Windows of a browser, and what went on in them."""

    browser: Browser
    stack: ExitStack
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def context(self, **options: Any) -> BrowserContext:
        options = {"viewport": DESKTOP, "reduced_motion": "reduce", **options}
        context = self.browser.new_context(**options)
        context.set_default_timeout(15_000)
        self.stack.callback(context.close)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("console", lambda message: self.complaints.append(message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context

    def open(self, address: str, **options: Any) -> Page:
        page = self.context(**options).new_page()
        page.goto(address)
        return page


@pytest.fixture
def room(browser: Browser, url: str) -> Iterator[Room]:
    """At the end, no page has asked another host for anything or complained in its console."""
    with ExitStack() as stack:
        room = Room(browser, stack)
        yield room
    assert [a for a in room.asked if not a.startswith((url, "data:", "blob:"))] == []
    assert room.complaints == []


def until(page: Page, condition: str) -> None:
    """Wait for a condition; the policy of the pages allows no `eval`, so the page itself asks."""
    page.evaluate(
        f"""() => new Promise((done, fail) => {{
            const end = performance.now() + 15000;
            const ask = () => {{
                if ({condition}) return done();
                if (performance.now() > end) return fail(new Error("timed out"));
                setTimeout(ask, 15);
            }};
            ask();
        }})"""
    )


def ready(page: Page) -> None:
    until(page, f"{AUDIO}.readyState > 0")


def time(page: Page) -> float:
    seconds: float = page.evaluate(f"() => {AUDIO}.currentTime")
    return seconds


def play_from(page: Page, seconds: float) -> None:
    """Play from a place, by the page's own button."""
    ready(page)
    if page.evaluate(f"() => {AUDIO}.paused"):
        page.locator("#play").click()
    page.evaluate(f"() => {{ {AUDIO}.currentTime = {seconds} }}")
    until(page, f"!{AUDIO}.seeking && {AUDIO}.currentTime > {seconds}")


# Playing


def test_a_click_on_the_button_plays_and_another_one_pauses(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    page.get_by_role("button", name="播放", exact=True).click()
    until(page, f"{AUDIO}.currentTime > 0.2")
    page.get_by_role("button", name="暂停").click()
    until(page, f"{AUDIO}.paused")
    expect(page.get_by_role("button", name="播放", exact=True)).to_be_visible()


def test_the_mark_follows_the_voice_within_150_ms(room: Room, url: str, reading: Reading) -> None:
    page = room.open(f"{url}e0/")
    ready(page)
    page.evaluate(
        f"""() => {{
            window.seen = [];
            new MutationObserver((changes) => {{
                for (const {{ target }} of changes)
                    if (target.classList.contains("reading"))
                        seen.push([Number(target.dataset.m), {AUDIO}.currentTime * 1000]);
            }}).observe(document.body, {{ attributeFilter: ["class"], subtree: true }});
        }}"""
    )
    heard = [s for part in reading.parts for p in part.passages for s in p.sentences]
    starts = [s.start_ms for s in heard if s.duration_ms][5:17:3]
    for start_ms in starts:
        play_from(page, (start_ms - 350) / 1000)
        until(page, f"{AUDIO}.currentTime * 1000 > {start_ms + LAG_MS + 50}")
        expect(page.locator(MARKED)).to_have_attribute("data-m", str(start_ms))
    lags = {start_ms: at_ms - start_ms for start_ms, at_ms in page.evaluate("() => seen")}
    measured = [lags[start_ms] for start_ms in starts]
    assert len(measured) == 4
    assert all(-5 <= lag <= LAG_MS for lag in measured), measured


def test_only_one_sentence_is_marked_and_it_is_the_one_at_that_time(
    room: Room, url: str, reading: Reading
) -> None:
    page = room.open(f"{url}e0/")
    heard = [s for part in reading.parts for p in part.passages for s in p.sentences]
    for sentence in [s for s in heard if s.duration_ms][::4]:
        play_from(page, (sentence.start_ms + 20) / 1000)
        expect(page.locator(MARKED)).to_have_count(1)
        expect(page.locator(MARKED)).to_have_text(sentence.text)
        expect(page.locator(MARKED)).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("where", [".rail", "#panel-chapters"])
def test_a_chapter_is_jumped_to_and_told(
    where: str, room: Room, url: str, reading: Reading
) -> None:
    page = room.open(f"{url}e0/")
    ready(page)
    if where != ".rail":
        page.locator("#open-chapters").click()
    page.locator(f"{where} a", has_text="好风景也要好管家").click()
    start = reading.parts[3].start_ms / 1000
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= {start}")
    assert time(page) < start + 3
    current = page.locator(".rail [aria-current]")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("好风景也要好管家")
    expect(page.locator("#now")).to_have_text("好风景也要好管家")
    expect(page.locator("#status")).to_have_text("第 4 章：好风景也要好管家")


def test_a_click_on_a_sentence_plays_it(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    ready(page)
    sentence = page.locator("[data-m]", has_text="三年前")
    start = int(sentence.get_attribute("data-m") or 0) / 1000
    sentence.click()
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= {start - 0.01}")
    assert time(page) < start + 2
    expect(page.locator(MARKED)).to_have_text("三年前，公园东侧还是一片沙石码头。")


def test_selecting_words_and_clicks_with_a_modifier_play_nothing(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    ready(page)
    sentence = page.locator("[data-m]", has_text="公园二期正式开放")
    box = sentence.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 20, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, y, steps=4)
    page.mouse.up()
    assert len(page.evaluate("() => String(getSelection())")) > 3
    page.evaluate("() => getSelection().removeAllRanges()")
    for key in ("Control", "Shift", "Alt", "Meta"):
        sentence.click(modifiers=[key])
        page.evaluate("() => getSelection().removeAllRanges()")
    assert page.evaluate(f"() => {AUDIO}.paused && {AUDIO}.currentTime === 0")


@pytest.mark.parametrize(("told", "seconds"), [("83", 83), ("1:23", 83), ("0:01:05.5", 65.5)])
def test_a_link_to_a_place_leads_there(told: str, seconds: float, room: Room, url: str) -> None:
    page = room.open(f"{url}e0/#t={told}")
    until(page, f"{AUDIO}.readyState > 0 && {AUDIO}.currentTime === {seconds}")
    expect(page.locator(MARKED)).to_be_in_viewport()
    page.evaluate("() => { location.hash = 't=20' }")
    until(page, f"{AUDIO}.currentTime === 20")


def test_a_link_to_this_place_is_copied_and_stands_in_the_address(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/#t=52.7", permissions=["clipboard-read", "clipboard-write"])
    ready(page)
    page.locator("#open-options").click()
    page.get_by_role("button", name="复制此处链接").click()
    expect(page.locator("#status")).to_have_text("已复制")
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{url}e0/#t=52"
    assert page.url == f"{url}e0/#t=52"


# What is remembered


def leave_at(page: Page, url: str, seconds: float) -> None:
    play_from(page, seconds)
    page.locator("#play").click()
    page.goto(url)
    page.goto(f"{url}e0/")
    ready(page)


def test_an_episode_goes_on_where_the_listener_stopped(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    leave_at(page, url, 40)
    until(page, f"{AUDIO}.currentTime > 39 && {AUDIO}.currentTime < 43")
    expect(page.locator("#status")).to_contain_text("已回到上次听到的 0:4")
    page.get_by_role("button", name="从头收听").click()
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime < 5")


def test_a_link_to_a_place_wins_over_where_the_listener_stopped(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    leave_at(page, url, 40)
    page.goto(url)
    page.goto(f"{url}e0/#t=70")
    until(page, f"{AUDIO}.readyState > 0 && {AUDIO}.currentTime === 70")


@pytest.mark.parametrize("place", ["start", "end"])
def test_near_the_start_and_the_end_nothing_is_resumed(
    place: str, room: Room, url: str, reading: Reading
) -> None:
    page = room.open(f"{url}e0/")
    leave_at(page, url, 5 if place == "start" else reading.duration_ms / 1000 - 8)
    assert time(page) == 0


def test_the_speed_is_kept_for_the_next_page(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    page.get_by_label("播放速度").select_option("1.5")
    assert page.evaluate(f"() => {AUDIO}.playbackRate") == 1.5
    page.goto(f"{url}e1/")
    ready(page)
    assert page.evaluate(f"() => {AUDIO}.playbackRate") == 1.5
    options = page.get_by_label("播放速度").locator("option").all_text_contents()
    assert options == ["0.75×", "1×", "1.25×", "1.5×", "1.75×", "2×"]


def test_a_browser_that_keeps_nothing_plays_all_the_same(room: Room, url: str) -> None:
    page = room.context().new_page()
    blocked = "() => { throw new DOMException('blocked', 'SecurityError') }"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {{ get: {blocked} }})")
    page.goto(f"{url}e0/")
    play_from(page, 30)
    page.get_by_label("播放速度").select_option("2")
    until(page, f"{AUDIO}.currentTime > 30.2")


# The sleep timer


def sleep(page: Page, choice: str) -> None:
    page.locator("#open-options").click()
    page.get_by_label("定时停止").select_option(choice)
    page.locator("#open-options").click()


def test_the_sleep_timer_stops_after_its_minutes(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    page.evaluate(
        "() => { const now = Date.now; window.later = 0; Date.now = () => now() + window.later }"
    )
    for minutes in (15, 30, 60):
        play_from(page, 20)
        sleep(page, str(minutes))
        page.evaluate(f"() => {{ window.later += {minutes} * 60_000 - 10_000 }}")
        until(page, f"{AUDIO}.currentTime > {time(page)} + 0.3")
        assert not page.evaluate(f"() => {AUDIO}.paused")
        page.evaluate("() => { window.later += 10_000 }")
        until(page, f"{AUDIO}.paused")
        expect(page.locator("#status")).to_have_text("定时已到，播放停止")
        assert page.locator("#sleep").input_value() == ""


def test_the_sleep_timer_stops_at_the_end_of_the_chapter(
    room: Room, url: str, reading: Reading
) -> None:
    end = reading.parts[2].start_ms / 1000
    page = room.open(f"{url}e0/")
    play_from(page, end - 1)
    sleep(page, "chapter")
    until(page, f"{AUDIO}.paused")
    assert end - 0.1 <= time(page) <= end + 0.5


def test_a_jump_to_another_chapter_takes_the_sleep_timer_along(
    room: Room, url: str, reading: Reading
) -> None:
    page = room.open(f"{url}e0/")
    play_from(page, 20)
    sleep(page, "chapter")
    page.locator(".rail a", has_text="旧码头变成会客厅").click()
    until(page, f"{AUDIO}.currentTime > {reading.parts[2].start_ms / 1000} + 0.5")
    assert not page.evaluate(f"() => {AUDIO}.paused")


# Through the day's edition


def to_the_end(page: Page) -> None:
    page.evaluate(f"() => {{ {AUDIO}.currentTime = {AUDIO}.duration - 0.4 }}")


def play_on(page: Page) -> None:
    ready(page)
    page.locator("#play").click()
    page.locator("#open-options").click()
    page.get_by_label("连续播放当日节目").check()


def test_the_next_episode_of_the_day_follows_in_the_same_player(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    play_on(page)
    page.evaluate(f"() => {{ {AUDIO}.sameElement = true }}")
    to_the_end(page)
    page.wait_for_url(f"{url}e1/index.html")
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime > 0.3")
    assert (
        page.evaluate(f"() => {AUDIO}.sameElement && {AUDIO}.currentSrc") == f"{url}e1/episode.mp3"
    )
    expect(page.locator("#main")).to_have_attribute("data-slug", "e1")
    expect(page.locator(MARKED)).to_have_count(1)
    assert page.locator(".rail a").first.get_attribute("href") == "episode.mp3#t=0.0"
    page.go_back()
    expect(page.locator("#main")).to_have_attribute("data-slug", "e0")


def test_after_the_last_episode_of_the_day_nothing_follows(room: Room, url: str) -> None:
    page = room.open(f"{url}e1/")
    play_on(page)
    to_the_end(page)
    expect(page.locator("#status")).to_have_text("当日节目已全部播完")
    assert page.url == f"{url}e1/"


def test_without_the_switch_an_episode_ends_and_no_list_is_loaded(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    play_from(page, 50)
    to_the_end(page)
    until(page, f"{AUDIO}.ended")
    assert page.url == f"{url}e0/"
    assert f"{url}episodes.json" not in room.asked


def test_the_sleep_timer_for_the_episode_keeps_the_next_from_following(
    room: Room, url: str
) -> None:
    page = room.open(f"{url}e0/")
    play_on(page)
    page.get_by_label("定时停止").select_option("episode")
    to_the_end(page)
    expect(page.locator("#status")).to_have_text("定时已到，播放停止")
    assert page.url == f"{url}e0/"


# Media keys


def test_media_keys_play_pause_skip_and_turn_chapters(
    room: Room, url: str, reading: Reading
) -> None:
    page = room.context().new_page()
    page.add_init_script(
        """window.keys = {}; window.places = [];
        const session = MediaSession.prototype;
        session.setActionHandler = (name, act) => { keys[name] = act };
        session.setPositionState = (state) => { places.push(state) };"""
    )
    page.goto(f"{url}e0/")
    ready(page)
    told = page.evaluate(
        """() => { const { title, artist, album, artwork } = navigator.mediaSession.metadata;
        return [title, artist, album, artwork.map((one) => one.src)] }"""
    )
    byline = "云溪日报全媒体记者 林晓 通讯员 周岚"
    assert told == ["一江碧水，绿了云溪半座城", byline, "云溪日报·听报", [f"{url}cover.svg"]]
    page.locator("#play").click()
    page.evaluate("() => { keys.pause() }")
    until(page, f"{AUDIO}.paused")
    page.evaluate("() => { keys.nexttrack() }")
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= {reading.parts[1].start_ms / 1000}")
    page.evaluate("() => { keys.seekto({ seekTime: 50 }); keys.seekforward({}) }")
    until(page, f"{AUDIO}.currentTime >= 65")
    page.evaluate("() => { keys.seekbackward({ seekOffset: 10 }) }")
    until(page, f"{AUDIO}.currentTime >= 55 && {AUDIO}.currentTime < 58")
    page.evaluate("() => { keys.previoustrack() }")
    start = reading.parts[2].start_ms / 1000
    until(page, f"{AUDIO}.currentTime >= {start} && {AUDIO}.currentTime < {start + 3}")
    until(page, "places.length > 0")
    assert page.evaluate("() => Math.round(places.at(-1).duration)") == 108


# Keyboard and screen readers


def focused(page: Page) -> str:
    name: str = page.evaluate(
        "() => document.activeElement.id || document.activeElement.textContent.trim()"
    )
    return name


def test_everything_is_reached_by_tab_and_nothing_holds_the_focus(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    ready(page)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(focused(page))
        if reached[-1] == "open-options":
            break
    assert reached[0] == "跳到正文"
    wanted = ["seek", "open-chapters", "back", "play", "forward", "rate", "open-options"]
    assert reached[-7:] == wanted
    assert len(reached) < 30
    page.keyboard.press("Tab")
    assert focused(page) not in wanted


def test_the_focus_is_seen(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    for _ in range(4):
        page.keyboard.press("Tab")
        width = "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(f"() => {width} >= 2 && {style} === 'solid'")


def test_keys_play_skip_and_go_from_sentence_to_sentence(
    room: Room, url: str, reading: Reading
) -> None:
    page = room.open(f"{url}e0/#t=40")
    until(page, f"{AUDIO}.readyState > 0 && {AUDIO}.currentTime === 40")
    for key, place in (("ArrowRight", 55), ("l", 70), ("ArrowLeft", 55), ("j", 40)):
        page.keyboard.press(key)
        assert time(page) == place
    page.keyboard.press("Space")
    until(page, f"!{AUDIO}.paused")
    page.keyboard.press("k")
    until(page, f"{AUDIO}.paused")
    heard = [s for part in reading.parts for p in part.passages for s in p.sentences]
    starts = [s.start_ms / 1000 for s in heard if s.duration_ms]
    n = next(n for n, start in enumerate(starts) if start > 45)
    page.evaluate(f"() => {{ {AUDIO}.currentTime = {starts[n]} }}")
    for key, step in (("]", 1), ("n", 2), ("[", 1), ("p", 0)):
        page.keyboard.press(key)
        expect(page.locator(MARKED)).to_have_attribute(
            "data-m", str(round(starts[n + step] * 1000))
        )
        page.evaluate(f"() => {{ {AUDIO}.pause() }}")
        page.evaluate(f"() => {{ {AUDIO}.currentTime = {starts[n + step]} }}")


def test_keys_are_left_to_fields_buttons_and_the_page(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/#t=40")
    until(page, f"{AUDIO}.readyState > 0 && {AUDIO}.currentTime === 40")
    page.locator("#rate").focus()
    page.keyboard.press("l")
    page.locator("#open-options").focus()
    page.keyboard.press("Space")
    expect(page.locator("#panel-options")).to_be_visible()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Control+l")
    page.keyboard.press("Shift+J")
    page.keyboard.press("ArrowDown")
    until(page, "scrollY > 0")
    assert page.evaluate(f"() => {AUDIO}.paused && {AUDIO}.currentTime === 40")


def test_keys_can_be_turned_off(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/#t=40")
    until(page, f"{AUDIO}.readyState > 0 && {AUDIO}.currentTime === 40")
    page.locator("#open-options").click()
    page.locator("summary").click()
    page.get_by_label("启用快捷键").uncheck()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("l")
    assert time(page) == 40


def test_escape_closes_a_panel_and_gives_the_focus_back(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/")
    opener = page.get_by_role("button", name="章节")
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#panel-chapters")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_running_mark_is_not_told_to_screen_readers(
    room: Room, url: str, reading: Reading
) -> None:
    page = room.open(f"{url}e0/")
    live = page.locator("[aria-live], [role=status], [role=alert], [role=log]")
    expect(live).to_have_count(1)
    end = reading.parts[1].passages[0].sentences[1].start_ms / 1000
    play_from(page, end - 0.4)
    expect(page.locator(MARKED)).to_have_attribute("data-m", str(round(end * 1000)))
    expect(live).to_have_text("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "e0/", "month-2025-05.html", "gone/"])
def test_axe_finds_nothing(place: str, scheme: str, room: Room, url: str, axe: str) -> None:
    page = room.open(f"{url}{place}", color_scheme=scheme, bypass_csp=True)
    if place == "e0/":
        play_from(page, 50)
        page.locator("#play").click()
        page.locator("#open-options").click()
        page.locator("summary").click()
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []


# In view


def test_the_sentence_is_kept_in_view(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/", viewport={"width": 360, "height": 500})
    play_from(page, 95)
    expect(page.locator(MARKED)).to_be_in_viewport()
    assert page.evaluate("() => scrollY") > 300


def test_who_scrolls_away_is_left_alone_and_can_go_back_to_the_voice(room: Room, url: str) -> None:
    page = room.open(f"{url}e0/", viewport={"width": 360, "height": 500})
    play_from(page, 95)
    expect(page.locator(MARKED)).to_be_in_viewport()
    page.mouse.move(100, 100)
    page.mouse.wheel(0, -5000)
    until(page, "scrollY === 0")
    back = page.get_by_role("button", name="回到朗读处")
    expect(back).to_be_visible()
    before = page.locator(MARKED).get_attribute("data-m") or ""
    expect(page.locator(MARKED)).not_to_have_attribute("data-m", before)
    assert page.evaluate("() => scrollY") == 0
    back.click()
    expect(page.locator(MARKED)).to_be_in_viewport()
    expect(back).to_be_hidden()


# Looks


def shoot(page: Page, screenshots: Path, name: str, **options: Any) -> None:
    page.screenshot(path=screenshots / f"{name}.png", **options)


@pytest.mark.parametrize("place", ["", "e0/", "month-2025-05.html", "gone/"])
def test_a_phone_of_360_pixels_shows_all_of_it_and_fingers_find_it(
    place: str, room: Room, url: str, screenshots: Path
) -> None:
    page = room.open(f"{url}{place}", viewport=PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    for target in page.locator("button:visible, select:visible, .apps a, .masthead a").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TOUCH_PX or box["height"] >= TOUCH_PX
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    name = place.strip("/").removesuffix(".html") or "index"
    shoot(page, screenshots, f"phone-{name}", full_page=place != "e0/")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_those_of_the_system(
    scheme: str, size: str, room: Room, url: str, screenshots: Path
) -> None:
    viewport = DESKTOP if size == "desktop" else PHONE
    page = room.open(url, color_scheme=scheme, viewport=viewport)
    shoot(page, screenshots, f"{size}-{scheme}-index")
    page.goto(f"{url}e0/")
    play_from(page, 55)
    page.locator("#play").click()
    shoot(page, screenshots, f"{size}-{scheme}-episode")
    page.locator("#open-options").click()
    shoot(page, screenshots, f"{size}-{scheme}-options")
    paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(map(int, paper[4:-1].split(","))) < 150) == (scheme == "dark")


def test_without_script_the_audio_the_text_and_the_links_are_there(
    room: Room, url: str, screenshots: Path
) -> None:
    page = room.open(f"{url}e0/", java_script_enabled=False)
    audio = page.locator("audio[controls]")
    expect(audio).to_be_visible()
    expect(page.locator("[data-m]", has_text="三年前")).to_be_visible()
    expect(page.locator("#player")).to_be_hidden()
    expect(page.locator(".chapters a").nth(1)).to_have_attribute("href", "episode.mp3#t=12.72")
    expect(page.locator(".downloads a").nth(1)).to_have_attribute("href", "transcript.vtt")
    expect(page.get_by_text("本节目由人工智能语音合成播报。")).to_be_visible()
    shoot(page, screenshots, "desktop-without-script")
    page.goto(url)
    expect(page.locator("#search")).to_be_hidden()
    expect(page.locator(".episodes a").first).to_be_visible()


def test_on_paper_there_is_no_player_and_downloads_have_addresses(
    room: Room, url: str, screenshots: Path
) -> None:
    page = room.open(f"{url}e0/", color_scheme="dark", viewport={"width": 700, "height": 900})
    ready(page)
    page.emulate_media(media="print")
    expect(page.locator("#player")).to_be_hidden()
    shown = "getComputedStyle(document.querySelector('.downloads a'), '::after').content"
    assert f"{url}e0/episode.mp3" in page.evaluate(f"() => {shown}")
    colours = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor] }"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    shoot(page, screenshots, "print-episode", full_page=True)


# The list


def test_search_finds_by_title_author_and_day_and_loads_the_list_only_then(
    room: Room, url: str, screenshots: Path
) -> None:
    page = room.open(url)
    assert f"{url}episodes.json" not in room.asked
    field = page.get_by_label("搜索节目")
    for words, count in (("一江碧水", 2), ("林晓 第3篇", 1), ("2025年4月8日", 4), ("第", 70)):
        field.fill(words)
        expect(page.locator("#found")).to_have_text(f"找到 {count} 期")
        expect(page.locator("#results li")).to_have_count(count)
    expect(page.locator("#listed")).to_be_hidden()
    shoot(page, screenshots, "desktop-search")
    field.fill("没有这样的词")
    expect(page.locator("#found")).to_have_text("没有找到相符的节目")
    field.fill("")
    expect(page.locator("#listed")).to_be_visible()
    field.fill("一江碧水")
    page.locator("#results a").first.click()
    expect(page.locator("#main")).to_have_attribute("data-slug", "e1")


def test_the_address_of_the_feed_is_copied(room: Room, url: str) -> None:
    page = room.open(url, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制地址").click()
    expect(page.locator("#copied")).to_have_text("已复制")
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{url}feed.xml"


# Elsewhere


def test_pages_play_and_read_along_from_a_folder(browser: Browser, root: Path, url: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{root.as_uri()}/e0/index.html")
    play_from(page, 50)
    expect(page.locator(MARKED)).to_have_count(1)
    page.goto(f"{root.as_uri()}/index.html")
    page.get_by_label("搜索节目").fill("一江碧水")
    expect(page.locator("#found")).to_contain_text("只在本页中查找")
    expect(page.locator("#results li")).to_have_count(2)
    page.locator("#results a").first.click()
    expect(page.locator("#main")).to_have_attribute("data-slug", "e1")
    context.close()


@pytest.mark.parametrize("place", ["index.html", "park/index.html", "gone/index.html"])
def test_a_page_of_hostile_words_does_nothing(place: str, room: Room, root: Path, url: str) -> None:
    folder = root / "hostile"
    for name, data in {**hostile_pages(), **assets()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    shutil.copyfile(root / "e0/episode.mp3", folder / "park/episode.mp3")
    shutil.copyfile(root / "cover.svg", folder / "cover.svg")
    page = room.open(f"{url}hostile/{place}")
    if place == "park/index.html":
        play_from(page, 0)
        expect(page.locator(MARKED).first).to_contain_text("<script>window.hit=1</script>")
    if place == "index.html":
        page.get_by_label("搜索节目").fill("script")
        expect(page.locator("#results li")).to_have_count(1)
    assert page.evaluate("() => window.hit") is None
    assert page.evaluate("() => document.querySelectorAll('img[src=x], [onload]').length") == 0


def test_audio_that_is_not_there_is_told(
    room: Room, root: Path, url: str, reading: Reading
) -> None:
    place = root / "silent"
    place.mkdir()
    show = show_at(url)
    (place / "index.html").write_bytes(episode_page(show, item(show, "silent"), reading))
    page = room.open(f"{url}silent/")
    expect(page.locator("#status")).to_have_text("音频无法播放，请检查网络后重试")
    room.complaints.clear()  # the browser's own, of the answer 404
