"""Publishing to real servers: again, a correction, killed half-way, two at once, watched by a
listener throughout."""

import multiprocessing
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import killer
import pytest
from conftest import Run
from desk import PAGE, Desk, get, listening
from servers import Site, name_of, site  # noqa: F401

from hy_audio.episode import open_episode

PARK = PAGE.format(title="江边的早晨有人跑步")
HARVEST = PARK.replace("江边的早晨", "田里的傍晚").replace("早上六点，江边", "晚上五点，田边")
THIRD = "新码头开了第一班船"


@pytest.fixture(scope="module")
def built(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two episodes in tones, of two days."""
    output = tmp_path_factory.mktemp("built")
    for text, day in ((PARK, "2026-05-18"), (HARVEST, "2026-05-19")):
        page = output / f"{day}.txt"
        page.write_text(text, "utf-8")
        done = run("build", page, "-o", output, "--voice", "tone", "--date", day)
        assert done.returncode == 0, done.stderr
    return output


@pytest.fixture
def park(built: Path) -> Path:
    return next(built.glob("2026-05-18-*"))


@pytest.fixture
def harvest(built: Path) -> Path:
    return next(built.glob("2026-05-19-*"))


Open = Callable[..., Desk]


@pytest.fixture
def desk(run: Run, environment: dict[str, str], tmp_path: Path, site: Site) -> Open:  # noqa: F811
    """Make a desk with some of the episodes."""

    def make(*episodes: Path, name: str = "desk", more: str = "") -> Desk:
        made = Desk(tmp_path / name, site, run, environment, more)
        made.output.mkdir(parents=True)
        for episode in episodes:
            shutil.copytree(episode, made.output / episode.name)
        return made

    return make


def test_what_is_published_is_heard_and_publishing_again_writes_nothing(
    desk: Open, park: Path, harvest: Path
) -> None:
    it = desk(park, harvest)
    planned = it.publish("--dry-run")
    assert it.told("publish", it.output, "--force", "--dry-run")["written"] == planned["written"]
    with listening(it.site) as listener:
        told = it.publish()
    assert told["written"] == planned["written"]
    assert [one["fate"] for one in told["decisions"]] == ["new", "new"]
    feed = it.feed()
    assert [entry.title for entry in feed.entries] == [
        open_episode(harvest).title,
        open_episode(park).title,
    ]
    assert len(listener.seen) == 2
    assert get(feed.entries[1].enclosures[0].href) == (park / "episode.mp3").read_bytes()
    before = get(told["feed_url"])
    again = it.publish()
    assert again["written"] == []
    assert {one["fate"] for one in again["decisions"]} == {"same"}
    assert get(told["feed_url"]) == before


def test_a_correction_keeps_the_guid_and_gets_new_audio_while_the_old_stays(
    desk: Open, park: Path, harvest: Path
) -> None:
    it = desk(park, harvest)
    with listening(it.site) as listener:
        it.publish()
        before = it.feed().entries
        episode = it.output / park.name
        code, _, err = it.run("regenerate", episode, "3", "--rate", "1.25", "--why", "码头读错")
        assert code == 0, err
        told = it.publish()
        after = it.feed().entries
    assert {one["slug"]: one["fate"] for one in told["decisions"]} == {
        park.name: "corrected",
        harvest.name: "same",
    }
    assert after[0] == before[0]
    new, old = after[1], before[1]
    assert (new.id, new.published, new.link) == (old.id, old.published, old.link)
    assert new.enclosures[0].href != old.enclosures[0].href
    assert int(new.enclosures[0].length) == (episode / "episode.mp3").stat().st_size
    assert get(old.enclosures[0].href) == (park / "episode.mp3").read_bytes()
    assert "更正" not in old.summary
    assert f"码头读错；重新合成了“{THIRD}”" in new.summary
    assert "码头读错" in get(new.link).decode()
    assert len(listener.seen) == 3
    written = [name for name in told["written"] if "transcript" in name or ".mp3" in name]
    assert all(name.startswith(park.name) for name in written)


def test_who_takes_an_episode_back_keeps_the_rest_and_it_does_not_come_again_by_itself(
    desk: Open, park: Path, harvest: Path
) -> None:
    it = desk(park, harvest)
    with listening(it.site):
        it.publish()
        audio = it.feed().entries[1].enclosures[0].href
        told = it.told("unpublish", open_episode(park).title[:4])
        assert [one["fate"] for one in told["decisions"]] == ["withdrawn"]
        assert [entry.title for entry in it.feed().entries] == [open_episode(harvest).title]
        assert it.publish()["written"] == []
        assert get(audio)
        page = get(f"{it.site.url}{park.name}/index.html").decode()
        assert "noindex" in page
        it.told("unpublish", park.name, "--undo")
        assert it.publish()["written"]
        assert len(it.feed().entries) == 2
    assert "noindex" not in get(f"{it.site.url}{park.name}/index.html").decode()


def killed(it: Desk, after: int, *words: object) -> bool:
    """Run a command that is killed with its n-th write; whether it was."""
    arguments = ["--config", str(it.config), *map(str, words)]
    server = multiprocessing.get_context("forkserver")
    with TemporaryDirectory() as name:
        streams = [Path(name, stream) for stream in ("in", "out", "err")]
        for stream in streams:
            stream.touch()
        process = server.Process(
            target=killer.begin, args=(arguments, it.folder, it.env, streams, after)
        )
        process.start()
        process.join(120)
        assert process.exitcode in (0, -9), streams[2].read_text("utf-8")
        return process.exitcode == -9


def test_killed_at_any_write_it_leaves_the_old_feed_whole_and_goes_on_where_it_stopped(
    desk: Open, park: Path, harvest: Path
) -> None:
    it, whole = desk(park), desk(park, harvest, name="whole")
    with listening(it.site) as listener:
        it.publish()
        first = get(it.site.url + "feed.xml")
        shutil.copytree(harvest, it.output / harvest.name)
        kills = 0
        while killed(it, 2, "publish", it.output, "--force"):
            assert get(it.site.url + "feed.xml") == first
            kills += 1
        assert kills >= 4
    assert len(it.feed().entries) == 2
    assert len(listener.seen) == 2
    assert it.publish()["written"] == []
    whole.site = it.site
    assert whole.publish()["written"] == []


def test_killed_in_the_middle_of_a_correction_the_old_audio_is_what_is_heard(
    desk: Open, park: Path
) -> None:
    it = desk(park)
    with listening(it.site) as listener:
        it.publish()
        first = get(it.site.url + "feed.xml")
        it.run("regenerate", it.output / park.name, "3", "--rate", "1.25", "--why", "码头读错")
        for kills in (0, 2, 3):
            assert killed(it, kills, "publish", it.output, "--force")
            assert get(it.site.url + "feed.xml") == first
        it.publish()
    assert len(listener.seen) == 2
    assert "码头读错" in it.feed().entries[0].summary


def test_killed_in_the_middle_of_taking_back_it_is_finished_by_the_same_command(
    desk: Open, park: Path, harvest: Path
) -> None:
    it, kills = desk(park, harvest), 0
    with listening(it.site):
        it.publish()
        while killed(it, 2, "unpublish", park.name):
            kills += 1
            page = get(f"{it.site.url}{park.name}/index.html").decode()
            assert len(it.feed().entries) == 1 or "noindex" not in page
    assert kills >= 1
    assert len(it.feed().entries) == 1
    assert "noindex" in get(f"{it.site.url}{park.name}/index.html").decode()
    assert it.publish()["written"] == []


def test_killed_in_the_middle_of_pruning_all_that_is_named_is_there(desk: Open, park: Path) -> None:
    it, kills = desk(park, more="keep_days = 0"), 0
    with listening(it.site) as listener:
        it.publish()
        it.run("regenerate", it.output / park.name, "3", "--rate", "1.25")
        it.publish()
        later = replace(it, environment=in_two_hours(it))
        while killed(later, 1, "publish", it.output, "--force", "--prune"):
            kills += 1
    assert kills >= 2
    assert len(listener.seen) == 2
    assert later.publish("--prune")["removed"] == []


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Whoever replaces a feed for the first time waits for somebody else to be there too."""
    from hy_audio.publish import place, run

    barrier, met = threading.Barrier(2, timeout=120), threading.local()
    opened = place.open_place

    def open_place(target: str) -> object:
        found = opened(target)
        replaced = found.replace

        def wait(*args: object) -> None:
            if not getattr(met, "already", False):
                met.already = True
                barrier.wait()
            replaced(*args)  # type: ignore[arg-type]

        setattr(found, "replace", wait)  # noqa: B010
        return found

    monkeypatch.setattr(run, "open_place", open_place)
    return barrier


def test_two_who_publish_at_once_lose_nothing(
    desk: Open,
    park: Path,
    harvest: Path,
    meeting: threading.Barrier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from datetime import UTC, datetime

    from hy_audio.config import load
    from hy_audio.progress import Lines
    from hy_audio.publish.order import Order
    from hy_audio.publish.run import publish

    one, other = desk(park, name="one"), desk(harvest, name="other")
    for name, value in one.env.items():
        monkeypatch.setenv(name, value)
    failed: list[BaseException] = []

    def work(it: Desk) -> None:
        config = load(it.config)
        order = Order(it.output, config.show, config.publish, datetime.now(UTC), force=True)
        try:
            publish(order, Lines())
        except BaseException as error:
            failed.append(error)
            raise

    with listening(one.site) as listener:
        threads = [threading.Thread(target=work, args=(it,)) for it in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    feed = one.feed()
    assert {entry.title for entry in feed.entries} == {
        open_episode(park).title,
        open_episode(harvest).title,
    }
    assert {entry.itunes_episode for entry in feed.entries} == {"1", "2"}
    assert len(listener.seen) == 2
    for it in (one, other):
        assert it.publish()["written"] == []


def test_the_names_of_what_is_kept_tell_what_is_in_it(desk: Open, park: Path) -> None:
    it = desk(park)
    it.publish()
    from hashlib import sha256

    entry = it.feed().entries[0]
    for url in (entry.enclosures[0].href, entry.podcast_chapters["url"], entry.image.href):
        digest = sha256(get(url)).hexdigest()[:12]
        assert digest in name_of(url)
        assert url.isascii()


def test_what_is_kept_for_good_may_be_cached_for_a_year_and_the_feed_for_minutes(
    desk: Open, park: Path
) -> None:
    it = desk(park)
    if it.site.kind == "webdav":
        pytest.skip("WebDAV tells a server nothing about caches")
    it.publish()
    entry = it.feed().entries[0]
    for url in (entry.enclosures[0].href, entry.image.href, entry.podcast_transcript["url"]):
        assert cached(url) == "public, max-age=31536000, immutable"
    for url in (it.site.url + "feed.xml", entry.link):
        assert cached(url) == ("public, max-age=300" if it.site.kind == "s3" else None)


def cached(url: str) -> str | None:
    with urllib.request.urlopen(url, timeout=30) as answer:
        told: str | None = answer.headers.get("Cache-Control")
    return told


def in_two_hours(it: Desk) -> dict[str, str]:
    """What a desk is told, and that it is later: what was just written is not pruned."""
    return {**it.environment, "SOURCE_DATE_EPOCH": str(int(time.time()) + 7200)}


def test_prune_removes_superseded_audio_after_the_days_set_and_nothing_else(
    desk: Open, park: Path
) -> None:
    it = desk(park)
    with listening(it.site):
        it.publish()
        old = it.feed().entries[0].enclosures[0].href
        it.run("regenerate", it.output / park.name, "3", "--rate", "1.25")
        it.publish("--prune")
    assert get(old)
    eager = replace(it, more="keep_days = 0", environment=in_two_hours(it))
    planned = eager.publish("--prune", "--dry-run")["removed"]
    assert get(old)
    removed = eager.publish("--prune")["removed"]
    assert removed == planned
    assert name_of(old) in {name_of(name) for name in removed}
    assert all(name.startswith(f"{park.name}/") for name in removed)
    with pytest.raises(OSError, match="404"):
        get(old)
    with listening(it.site) as listener:
        assert eager.publish("--prune") == {
            **eager.publish("--prune"),
            "written": [],
            "removed": [],
        }
    assert len(listener.seen) == 1
