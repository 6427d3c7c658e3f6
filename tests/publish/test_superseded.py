"""What may be removed at a target: nothing that is named, nothing that is young, nothing else."""

from datetime import UTC, datetime, timedelta

from made import SHOW, URL, item

from hy_audio.publish.plan import Plan
from hy_audio.publish.prune import superseded

NOW = datetime(2026, 11, 29, tzinfo=UTC)
KEPT_DAYS = 30
PLAN_ITEMS = (item(1),)
AUDIO = item(1).audio.url.removeprefix(URL)
FOLDER = AUDIO.partition("/")[0]
OLD_AUDIO = f"{FOLDER}/{FOLDER}-aaaaaaaaaaaa.mp3"


def plan() -> Plan:
    from hy_audio.publish.order import Put

    style = Put("style-bbbbbbbbbbbb.css", b"", "text/css", 0)
    page = Put("feed-cccccccccccc.xml", b"", "application/rss+xml", 0)
    feed = Put("feed.xml", b"", "application/rss+xml")
    return Plan(SHOW, PLAN_ITEMS, (), (style, page), (), (), (), feed, (), frozenset({"2025-gone"}))


def removed(**days_ago: float) -> list[str]:
    """Of files, written so many days ago."""
    there = {NAMES[name]: NOW - timedelta(days=days) for name, days in days_ago.items()}
    return superseded(plan(), there, frozenset({NAMES["older_before"]}), NOW, KEPT_DAYS)


NAMES = {
    "audio": AUDIO,
    "old": OLD_AUDIO,
    "page": f"{FOLDER}/index.html",
    "own": f"{FOLDER}/episode.mp3",
    "other": "2025-gone/2025-gone-dddddddddddd.mp3",
    "other_page": "2025-gone/index.html",
    "older": "feed-eeeeeeeeeeee.xml",
    "older_named": "feed-cccccccccccc.xml",
    "older_before": "feed-dddddddddddd.xml",
    "recording": f"{FOLDER}/interview-202605181230.mp3",
    "archive": "archive/archive-202605181230.mp3",
    "writing": f"{FOLDER}/.index.html.0123456789ab",
    "settings": ".htaccess.202605181230",
    "dated": ".feed.xml.202605181230",
    "logo": "assets/.logo-123456789012.png.0123456789ab",
    "draft": "notes/.draft.202605181230",
    "cover": "cover-ffffffffffff.jpg",
    "style": "style-aaaaaaaaaaaa.css",
    "unfinished": ".unfinished/0123456789abcdef",
    "claim": ".publishing/0123456789abcdef",
    "mine": "notes/readme.txt",
}


def test_audio_goes_when_what_replaced_it_has_been_there_for_the_days_set() -> None:
    assert removed(old=400, audio=30) == [OLD_AUDIO]
    assert removed(old=400, audio=29) == []


def test_audio_that_is_young_itself_stays_whatever_else_is_there() -> None:
    assert removed(old=1, audio=400) == []
    assert removed(old=400) == []


def test_what_an_episode_that_was_taken_back_had_goes_by_the_time_of_its_page() -> None:
    assert removed(other=400, other_page=31) == [NAMES["other"]]
    assert removed(other=400, other_page=3) == []


def test_what_is_named_and_what_is_not_ours_stays_for_ever() -> None:
    names = (
        *("audio", "page", "own", "older_named", "older_before", "cover", "style", "mine"),
        *("other_page", "recording", "archive", "settings", "draft", "dated", "logo"),
    )
    assert removed(**dict.fromkeys(names, 4000)) == []


def test_pages_of_older_items_that_nothing_leads_to_go_by_their_own_time() -> None:
    assert removed(older=31) == [NAMES["older"]]
    assert removed(older=29) == []


def test_what_broken_off_runs_left_goes_after_a_day() -> None:
    left = ("claim", "unfinished", "writing")
    assert removed(**dict.fromkeys(left, 1.1)) == sorted(NAMES[name] for name in left)
    assert removed(**dict.fromkeys(left, 0.9)) == []
