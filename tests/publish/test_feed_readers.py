"""Software that nobody here wrote reads every value of the feed as it was meant."""

import json
import shutil
import subprocess
from calendar import timegm
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest
from made import SHOW, item

from hy_audio.publish import feed
from hy_audio.publish.feed import Feed
from hy_audio.publish.model import Item
from hy_audio.publish.state import Withdrawn
from hy_audio.stitch.transcript import clock

NPM_PACKAGES = ("podcast-partytime@5.0.0", "feedsmith@3.0.1")

ITEMS = (item(1), item(2), item(3, persons=(), title='“引号”& <标签> ]]> "q"'))
"""The newest last; one was corrected."""
GONE = Withdrawn.of(item(9))


@pytest.fixture(scope="module")
def data() -> bytes:
    return feed.write(SHOW, Feed(ITEMS, (GONE,), "hy-audio/test"), 300)["feed.xml"]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> dict[str, Any]:
    """What each reader from npm tells."""
    folder = tmp_path_factory.mktemp("npm")
    options = ["--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *options, *NPM_PACKAGES], check=True)
    script = shutil.copy(Path(__file__).with_name("feed_readers.mjs"), folder)
    path = folder / "feed.xml"
    path.write_bytes(data)
    told = {}
    for reader in ("podcast-partytime", "feedsmith"):
        command = ["node", script, reader, path]
        done = subprocess.run(command, capture_output=True, check=True)
        told[reader] = json.loads(done.stdout)
    return told


def newest_first() -> tuple[Item, ...]:
    return ITEMS[::-1]


def seconds(when: datetime) -> int:
    return round(when.timestamp())


def test_feedsmith_tells_the_show(read: dict[str, Any]) -> None:
    told = read["feedsmith"]
    assert told["title"] == SHOW.name
    assert told["description"] == SHOW.description
    assert told["link"] == SHOW.link
    assert told["language"] == "zh-cn"
    assert told["copyright"] == SHOW.copyright
    assert told["generator"] == "hy-audio/test"
    assert told["image"] == {"url": SHOW.image.url, "title": SHOW.name, "link": SHOW.link}
    assert told["atom"]["links"] == [
        {"href": SHOW.feed_url, "rel": "self", "type": "application/rss+xml"}
    ]
    itunes = told["itunes"]
    assert itunes["author"] == SHOW.author
    assert itunes["owner"] == {"name": SHOW.owner, "email": SHOW.email}
    assert itunes["image"] == SHOW.image.url
    assert itunes["explicit"] is False
    assert itunes["type"] == "episodic"
    assert itunes["categories"] == [
        {"text": "News", "categories": [{"text": "Daily News"}]},
        {"text": "Society & Culture", "categories": [{"text": "Places & Travel"}]},
        {"text": "Government"},
    ]
    podcast = told["podcast"]
    assert podcast["guid"] == SHOW.guid
    assert podcast["locked"] == {"value": True, "owner": SHOW.email}
    assert podcast["medium"] == "podcast"
    assert podcast["updateFrequency"] == {"display": "每天", "rrule": "FREQ=DAILY"}
    assert podcast["txts"] == [
        {"display": "true", "purpose": "ai-content"},
        {"display": GONE.told, "purpose": "hy-audio-withdrawn"},
    ]


@pytest.mark.parametrize("n", range(len(ITEMS)))
def test_feedsmith_tells_each_item(read: dict[str, Any], n: int) -> None:
    told, sent = read["feedsmith"]["items"][n], newest_first()[n]
    assert told["guid"] == {"value": sent.guid, "isPermaLink": False}
    assert told["title"] == told["itunes"]["title"] == sent.title
    assert told["link"] == sent.link
    assert datetime.strptime(told["pubDate"], "%a, %d %b %Y %H:%M:%S %z") == sent.published
    assert told["description"] == sent.description
    assert told["content"] == {"encoded": sent.content}
    audio = {"url": sent.audio.url, "length": sent.audio.length, "type": "audio/mpeg"}
    assert told["enclosures"] == [audio]
    itunes = told["itunes"]
    assert itunes["duration"] == sent.duration_s
    assert itunes["author"] == sent.author
    assert itunes["image"] == sent.image
    assert (itunes["season"], itunes["episode"]) == (sent.season, sent.number)
    assert (itunes["explicit"], itunes["episodeType"]) == (False, "full")
    podcast = told["podcast"]
    assert [(t["url"], t["type"], t["rel"]) for t in podcast["transcripts"]] == [
        (t.url, t.media_type, "captions") for t in sent.transcripts
    ]
    chapters = sent.chapters_file
    assert podcast["chapters"] == {"url": chapters.url, "type": chapters.media_type}
    persons = [(p["display"], p["role"]) for p in podcast.get("persons", [])]
    assert persons == [(p.name, p.role) for p in sent.persons]
    assert podcast["season"]["number"] == sent.season
    assert podcast["episode"]["number"] == sent.number
    assert {"display": "true", "purpose": "ai-content"} in podcast["txts"]
    assert [(c["start"], c["title"]) for c in told["psc"]["chapters"]] == [
        (clock(c.start_ms), c.title) for c in sent.chapters
    ]


def test_partytime_tells_the_show_and_what_of_podcasting_2_it_has(read: dict[str, Any]) -> None:
    told = read["podcast-partytime"]
    assert told["title"] == SHOW.name
    assert told["description"] == SHOW.description
    assert told["link"] == SHOW.link
    assert told["itunesCategory"] == [
        *("News > Daily News", "Society & Culture > Places & Travel", "Government")
    ]
    assert told["owner"] == {"name": SHOW.owner, "email": SHOW.email}
    assert told["author"] == SHOW.author
    assert told["itunesImage"] == SHOW.image.url
    assert told["itunesType"] == "episodic"
    assert told["pubsub"] == {"self": SHOW.feed_url}
    assert told["guid"] == SHOW.guid
    assert told["locked"] is True
    assert told["podcastOwner"] == SHOW.email
    assert told["medium"] == "podcast"
    assert told["explicit"] is False
    supported = {name for phase in told["pc20support"].values() for name in phase}
    assert supported >= {
        *("locked", "transcript", "chapters", "person", "season", "episode", "guid", "medium"),
        "txt",
    }


@pytest.mark.parametrize("n", range(len(ITEMS)))
def test_partytime_tells_each_item(read: dict[str, Any], n: int) -> None:
    told, sent = read["podcast-partytime"]["items"][n], newest_first()[n]
    audio = {"url": sent.audio.url, "length": sent.audio.length, "type": "audio/mpeg"}
    assert told["guid"] == sent.guid
    assert told["title"] == sent.title
    assert told["author"] == sent.author
    assert told["link"] == sent.link
    assert told["enclosure"] == audio
    assert told["duration"] == sent.duration_s
    assert datetime.fromisoformat(told["pubDate"]) == sent.published
    assert told["description"].split() == sent.description.split()
    assert told["content"] == sent.content
    assert told["itunesImage"] == sent.image
    assert (told["itunesSeason"], told["itunesEpisode"]) == (sent.season, sent.number)
    assert [t["url"] for t in told["podcastTranscripts"]] == [t.url for t in sent.transcripts]
    assert told["podcastChapters"]["url"] == sent.chapters_file.url
    names = [person["name"] for person in told.get("podcastPeople", [])]
    assert names == [person.name for person in sent.persons]
    assert told["podcastSeason"]["number"] == sent.season
    assert told["podcastEpisode"]["number"] == sent.number


def test_podcastparser_tells_the_show_and_each_item(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(data)
    with path.open("rb") as file:
        told = podcastparser.parse(SHOW.feed_url, file)
    assert told["title"] == SHOW.name
    assert told["description"] == SHOW.description
    assert told["link"] == SHOW.link
    assert told["cover_url"] == SHOW.image.url
    assert told["language"] == "zh-cn"
    assert told["itunes_author"] == SHOW.author
    assert told["itunes_owner"] == {"name": SHOW.owner, "email": SHOW.email}
    assert told["itunes_categories"] == [list(names) for names in SHOW.categories]
    assert told["explicit"] is False
    assert told["type"] == "episodic"
    for episode, sent in zip(told["episodes"], newest_first(), strict=True):
        assert episode["guid"] == sent.guid
        assert episode["title"] == sent.title
        assert episode["link"] == sent.link
        assert episode["published"] == seconds(sent.published)
        assert episode["total_time"] == sent.duration_s
        assert (episode["season"], episode["number"]) == (sent.season, sent.number)
        assert episode["episode_art_url"] == sent.image
        assert episode["description_html"] in (sent.content, sent.description)
        enclosure = {"url": sent.audio.url, "file_size": sent.audio.length}
        assert episode["enclosures"] == [{**enclosure, "mime_type": "audio/mpeg"}]
        assert [(c["start"], c["title"]) for c in episode["chapters"]] == [
            (c.start_ms // 1000, c.title) for c in sent.chapters
        ]


def test_feedparser_finds_nothing_wrong_and_tells_the_show_and_each_item(data: bytes) -> None:
    told = feedparser.parse(data)
    assert not told.bozo
    assert (told.version, told.encoding) == ("rss20", "utf-8")
    assert told.feed.title == SHOW.name
    assert told.feed.subtitle == SHOW.description
    assert told.feed.link == SHOW.link
    assert told.feed.language == "zh-cn"
    assert told.feed.rights == SHOW.copyright
    assert told.feed.author == SHOW.author
    assert told.feed.publisher_detail == {"name": SHOW.owner, "email": SHOW.email}
    assert told.feed.image.href == SHOW.image.url
    assert [tag.term for tag in told.feed.tags] == [
        *("News", "Daily News", "Society & Culture", "Places & Travel", "Government")
    ]
    assert told.feed.podcast_guid == SHOW.guid
    changed = max(sent.updated or sent.published for sent in ITEMS)
    assert timegm(told.feed.updated_parsed) == seconds(changed)
    for entry, sent in zip(told.entries, newest_first(), strict=True):
        assert (entry.id, entry.guidislink) == (sent.guid, False)
        assert entry.title == sent.title
        assert entry.link == sent.link
        assert timegm(entry.published_parsed) == seconds(sent.published)
        if sent.updated:
            assert timegm(entry.updated_parsed) == seconds(sent.updated)
        assert entry.author == sent.author
        assert entry.itunes_duration == str(sent.duration_s)
        (audio,) = entry.enclosures
        assert (audio.href, audio.length, audio.type) == (
            *(sent.audio.url, str(sent.audio.length)),
            "audio/mpeg",
        )
        assert entry.podcast_chapters["url"] == sent.chapters_file.url
        assert [(c["start"], c["title"]) for c in entry.psc_chapters.chapters] == [
            (clock(c.start_ms), c.title) for c in sent.chapters
        ]
