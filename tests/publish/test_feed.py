"""The feed: every value comes back, nothing breaks out of its element, and older pages stay."""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import CHINA, SHOW, URL, item

from hy_audio.publish import feed
from hy_audio.publish.feed import Feed
from hy_audio.publish.model import Item, Person, Resource
from hy_audio.publish.state import Withdrawn
from hy_audio.publish.text import clean, line
from hy_audio.stitch.model import Chapter

SPACES = {f"{prefix}:": f"{{{uri}}}" for prefix, uri in feed._NAMESPACES.items()}


def written(*items: Item, page_items: int = 300) -> dict[str, bytes]:
    return feed.write(SHOW, Feed(items, (), "hy-audio/test"), page_items)


def only(*items: Item) -> bytes:
    return written(*items)["feed.xml"]


def channel(data: bytes) -> ET.Element:
    found = ET.fromstring(data).find("channel")
    assert found is not None
    return found


def walked(documents: dict[str, bytes]) -> list[Item]:
    """All items, as a reader finds them who follows the links."""
    found: list[Item] = []
    name = "feed.xml"
    while name:
        page = feed.read(documents[name])
        found += page.feed.items
        name = page.older.removeprefix(URL)
    return found


def test_the_guid_of_a_show_is_that_of_the_podcast_namespace() -> None:
    known = "9b024349-ccf0-5f69-a609-6b82873eab3c"
    for address in ("podnews.net/rss", "https://podnews.net/rss", "http://podnews.net/rss//"):
        assert feed.podcast_guid(address) == known


def test_what_was_written_is_read_back_value_by_value() -> None:
    items = [item(n) for n in range(1, 8)]
    gone = (Withdrawn.of(item(9)), replace(Withdrawn.of(item(8)), may_return=True))
    page = feed.read(feed.write(SHOW, Feed(tuple(items), gone, "made by x"), 300)["feed.xml"])
    assert list(page.feed.items) == items[::-1]
    assert page.feed.withdrawn == gone[::-1]
    assert page.feed.generator == "made by x"
    assert (page.guid, page.first, page.older) == (SHOW.guid, SHOW.feed_url, "")
    assert (page.name, page.image) == (SHOW.name, SHOW.image.url)


def test_what_was_read_is_written_again_byte_for_byte() -> None:
    documents = written(*(item(n) for n in range(1, 30)), page_items=4)
    items = walked(documents)
    assert len(items) == 29
    assert written(*items, page_items=4) == documents


def test_the_order_in_which_items_are_given_does_not_matter() -> None:
    items = [item(n) for n in range(1, 9)]
    assert written(*items) == written(*items[::-1])


def test_the_same_bytes_come_from_processes_with_other_hash_seeds() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from made import SHOW, item;"
        "from hy_audio.publish import feed;"
        "documents = feed.write(SHOW, feed.Feed(tuple(map(item, range(1, 9))), (), 'x'), 2);"
        "sys.stdout.buffer.write(b''.join(documents.values()))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs.pop()


TEXT = st.text(max_size=30)
HOSTILE = st.sampled_from(
    ("]]>", "<script>alert(1)</script>", "&", "&amp;", '"><x y="', "\0", "\uffff", "\u202e", "\r\n")
)
ANY = st.lists(TEXT | HOSTILE, max_size=5).map("".join)


@given(title=ANY, author=ANY, notes=ANY, chapter=ANY, person=ANY, name=ANY)
def test_no_text_breaks_out_of_its_element_or_is_lost(
    title: str, author: str, notes: str, chapter: str, person: str, name: str
) -> None:
    sent = item(
        title=line(title)[:255],
        author=line(author)[:255],
        description=clean(notes).replace("\r\n", "\n").replace("\r", "\n"),
        chapters=(Chapter(0, 5, line(chapter)),),
        persons=(Person(line(person)[:255] or "某", "reporter"),),
    )
    show = replace(SHOW, name=name, description=notes)
    data = feed.write(show, Feed((sent,), (), ""), 9)["feed.xml"]
    assert feed.read(data).feed.items == (sent,)
    found = channel(data)
    assert found.findtext("title", "") == line(name)[:255]
    known = set(only(item()).decode().count("\n") * "x")
    assert {e.tag for e in found.iter()} <= {e.tag for e in channel(only(item(2))).iter()} | known


def test_characters_that_xml_forbids_are_not_in_the_document() -> None:
    text = "".join(
        map(
            chr,
            [*range(32), 0x7F, 0x80, 0x9F, 0x61C, 0x202E, 0x2066, 0xFEFF, 0xFFFE, 0xFFFF, 0x1FFFE],
        )
    )
    data = only(item(title=f"甲{text}乙", description=f"<p>甲{text}乙</p>"))
    assert channel(data).findtext("item/title") == "甲 乙"
    forbidden = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    assert not re.search(forbidden, data.decode())
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ufeff]", data.decode())


def test_lone_surrogates_do_no_harm() -> None:
    assert channel(only(item(title="甲\ud800乙"))).findtext("item/title") == "甲乙"


def test_descriptions_stand_in_cdata() -> None:
    text = only(item()).decode()
    assert f"<description><![CDATA[{SHOW.description}]]></description>" in text
    assert "<description><![CDATA[<p>摘要1</p>" in text
    assert "<content:encoded><![CDATA[<p>摘要1，更长。</p>]]></content:encoded>" in text


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        ("atom:link", "href", f"{URL}feed.xml"),
        ("atom:link", "rel", "self"),
        ("atom:link", "type", "application/rss+xml"),
        ("itunes:image", "href", SHOW.image.url),
        ("itunes:category", "text", "News"),
        ("itunes:category/itunes:category", "text", "Daily News"),
        ("podcast:locked", "owner", SHOW.email),
        ("podcast:updateFrequency", "rrule", "FREQ=DAILY"),
        ("item/guid", "isPermaLink", "false"),
        ("item/enclosure", "length", "1000001"),
        ("item/enclosure", "type", "audio/mpeg"),
        ("item/podcast:transcript", "type", "text/vtt"),
        ("item/podcast:transcript", "rel", "captions"),
        ("item/podcast:chapters", "type", "application/json+chapters"),
        ("item/psc:chapters", "version", "1.2"),
        ("item/psc:chapters/psc:chapter[2]", "start", "00:00:12.024"),
    ],
)
def test_an_attribute_is_as_its_specification_has_it(path: str, attribute: str, value: str) -> None:
    for prefix, uri in SPACES.items():
        path = path.replace(prefix, uri)
    found = channel(only(item())).find(path)
    assert found is not None
    assert found.get(attribute) == value


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("title", SHOW.name),
        ("link", f"{URL}index.html"),
        ("language", "zh-cn"),
        ("copyright", SHOW.copyright),
        ("pubDate", "Thu, 01 Jan 2026 07:00:00 +0800"),
        ("lastBuildDate", "Wed, 31 Dec 2025 23:00:00 +0000"),
        ("image/url", SHOW.image.url),
        ("itunes:author", SHOW.author),
        ("itunes:owner/itunes:name", SHOW.owner),
        ("itunes:owner/itunes:email", SHOW.email),
        ("itunes:explicit", "false"),
        ("itunes:type", "episodic"),
        ("podcast:guid", SHOW.guid),
        ("podcast:locked", "yes"),
        ("podcast:medium", "podcast"),
        ("podcast:txt[@purpose='ai-content']", "true"),
        ("item/guid", item().guid),
        ("item/pubDate", "Thu, 01 Jan 2026 07:00:00 +0800"),
        ("item/itunes:duration", "61"),
        ("item/itunes:episodeType", "full"),
        ("item/itunes:season", "2026"),
        ("item/podcast:season", "2026"),
        ("item/itunes:episode", "1"),
        ("item/podcast:episode", "1"),
        ("item/podcast:person[@role='reporter']", "林晓"),
        ("item/podcast:person[@role='photographer']", "陈默"),
        ("item/podcast:txt[@purpose='ai-content']", "true"),
    ],
)
def test_a_text_is_as_its_specification_has_it(path: str, text: str) -> None:
    for prefix, uri in SPACES.items():
        path = path.replace(prefix, uri)
    assert channel(only(item())).findtext(path) == text


def test_a_correction_is_told_by_the_item_and_by_the_feed() -> None:
    found = channel(only(item(1), item(2)))
    assert found.findtext("item/{http://www.w3.org/2005/Atom}updated") == "2027-01-02T03:04:05Z"
    assert found.findtext("lastBuildDate") == "Sat, 02 Jan 2027 03:04:05 +0000"
    assert found.findtext("pubDate") == "Thu, 01 Jan 2026 08:00:00 +0800"


def test_webvtt_stands_before_subrip() -> None:
    tag = SPACES["podcast:"] + "transcript"
    found = [one.get("type") for one in channel(only(item())).iter(tag)]
    assert found == ["text/vtt", "application/x-subrip"]


def test_a_show_that_has_nothing_yet_is_a_feed_too() -> None:
    page = feed.read(only())
    assert page.feed.items == ()
    assert channel(only()).find("pubDate") is None


# Older pages


@pytest.mark.parametrize("count", [1, 3, 4, 6, 7, 20])
def test_every_item_is_found_once_by_who_follows_the_links(count: int) -> None:
    items = [item(n) for n in range(1, count + 1)]
    documents = written(*items, page_items=3)
    assert walked(documents) == items[::-1]
    assert len(feed.read(documents["feed.xml"]).feed.items) == min(3, count)


def test_pages_behind_the_feed_keep_their_bytes_while_it_grows() -> None:
    items = [item(n) for n in range(1, 12)]
    before, after = written(*items[:-1], page_items=3), written(*items, page_items=3)
    full = [name for name in before if name != "feed.xml"][:-1]
    assert len(full) == 2
    assert all(before[name] == after[name] for name in full)


def test_another_text_under_a_page_gives_it_another_name_and_its_followers_too() -> None:
    items = [item(n) for n in range(1, 12)]
    before = written(*items, page_items=3)
    after = written(replace(items[0], title="改过"), *items[1:], page_items=3)
    assert set(before) & set(after) == {"feed.xml"}
    last = written(*items[:-1], replace(items[-1], title="改过"), page_items=3)
    assert set(before) == set(last)


def links(data: bytes) -> dict[str, str]:
    found = channel(data).iter(SPACES["atom:"] + "link")
    return {one.get("rel", ""): one.get("href", "").removeprefix(URL) for one in found}


def test_pages_are_linked_as_rfc_5005_has_it() -> None:
    documents = written(*(item(n) for n in range(1, 10)), page_items=3)
    oldest, older, newest = documents
    assert newest == "feed.xml"
    assert links(documents[newest]) == {"self": "feed.xml", "next": older, "last": oldest}
    assert links(documents[older]) == {
        "self": older,
        "first": "feed.xml",
        "next": oldest,
        "last": oldest,
    }
    assert links(documents[oldest]) == {"self": oldest, "first": "feed.xml"}


def test_items_of_one_moment_keep_their_order() -> None:
    moment = datetime(2026, 5, 1, 6, tzinfo=CHINA)
    items = [item(n, published=moment) for n in (3, 1, 2)]
    assert [one.number for one in feed.read(only(*items)).feed.items] == [3, 2, 1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html></html>",
        b"<rss version='2.0'><channel><title>x</title></channel></rss>",
        only(item()).replace(b"revision=", b"rev="),
        only(item()).replace(b'purpose="hy-audio"', b'purpose="other"'),
        only(item()).replace(b"<itunes:duration>61", b"<itunes:duration>1:01"),
        only(item())[:-20],
    ],
)
def test_what_this_program_did_not_write_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        feed.read(data)


@given(
    st.lists(st.integers(0, 10**8), min_size=1, max_size=6, unique=True).map(sorted),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
)
def test_times_are_kept_to_what_a_feed_can_tell(starts: Sequence[int], when: datetime) -> None:
    ends = [*starts[1:], starts[-1] + 1]
    chapters = tuple(Chapter(a, b, "节") for a, b in zip(starts, ends, strict=True))
    moment = when.replace(microsecond=0, tzinfo=CHINA)
    later = (moment + timedelta(days=1)).astimezone(UTC)
    sent = item(chapters=chapters, published=moment, updated=later)
    assert feed.read(only(sent)).feed.items == (sent,)


def test_an_address_with_odd_characters_is_kept() -> None:
    odd = Resource("https://a.example/?a=1&b=%22%3E", 7, "audio/mpeg")
    assert feed.read(only(item(audio=odd))).feed.items[0].audio == odd
