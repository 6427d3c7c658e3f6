"""The feed: RSS 2.0 as the strictest readers want it, and back. Pure and deterministic.

The feed is also the only record of what is published, so `read` gets back every item that `write`
wrote. Older items stand on pages of their own, each named by the hash of what is on it and leading
to the one before: while a show grows, full pages keep their bytes.

Sources: RSS 2.0 (rssboard.org); Apple's guide to podcast RSS feeds; PSP-1 (Podcast Standards
Project); the podcast namespace 1.0; RDF Site Summary 1.0 content module; Podlove Simple Chapters
1.2; RFC 4287 (atom:link, atom:updated); RFC 5005, 3 (paging); RFC 2822 (dates).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from itertools import pairwise
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from hy_audio.publish import state
from hy_audio.publish.model import FEED, Item, Person, Resource, Show
from hy_audio.publish.state import ItemState, Withdrawn
from hy_audio.publish.text import clean, line, shortened
from hy_audio.stitch.model import Chapter
from hy_audio.stitch.transcript import clock

NAME = FEED
"""Of the document that is subscribed to."""
MOST_BYTES = 4000
"""Of a description (Apple, PSP-1)."""

MOST_CHARACTERS = 255
"""Of other texts (PSP-1)."""
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of `podcast:guid`."""
_GROUPS = {"reporter": "cast", "photographer": "visuals"}
"""Of a role, in the Podcast Taxonomy, which knows no photographers."""
UNNAMED = "feed-000000000000.xml"
"""A page whose name is not known yet."""


def podcast_guid(feed_url: str) -> str:
    """The `podcast:guid` of a show, made of the address that its feed has at first."""
    return str(uuid5(_PODCASTS, re.sub(r"^\w+://", "", feed_url).rstrip("/")))


# Writing


@dataclass(frozen=True, slots=True)
class Feed:
    """All that is published."""

    items: tuple[Item, ...] = ()
    """In any order."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """Episodes that were taken back, and must not come again by themselves."""
    generator: str = ""
    """What made it."""
    changed: datetime | None = None
    """The moment that it was changed last, if that is later than what its items tell."""


def write(show: Show, feed: Feed, page_items: int) -> dict[str, bytes]:
    """The documents of a feed.

    Args:
        show: the channel.
        feed: all of it.
        page_items: how many are in the feed itself, and on each page of older ones.

    Returns:
        Names and contents: pages of older items, the oldest first, then `feed.xml`.
    """
    ordered = sorted(feed.items, key=place)
    older = max(0, len(ordered) - page_items)
    pages = [ordered[n : min(n + page_items, older)] for n in range(0, older, page_items)]
    documents: dict[str, bytes] = {}
    links: dict[str, str] = {}
    for page in pages:
        name, data = _older(show, page, feed.generator, links)
        documents[name] = data
        links = {"last": links.get("last", show.url + name), "next": show.url + name}
    links = {"self": show.feed_url, **links}
    channel = _Channel(feed.generator, tuple(sorted(feed.withdrawn)), feed.changed)
    documents[NAME] = _document(show, ordered[older:], links, channel)
    return documents


def place(item: Item) -> tuple[datetime, int, int, str]:
    """What a feed is ordered by."""
    return item.published, item.season, item.number, item.guid


def _older(
    show: Show, items: Sequence[Item], generator: str, links: dict[str, str]
) -> tuple[str, bytes]:
    """A page of older items, named by all that is on it but its own address."""
    unnamed = f"{show.url}{UNNAMED}"
    links = {"self": unnamed, "first": show.feed_url, **links}
    data = _document(show, items, links, _Channel(generator))
    name = older_name(data)
    return name, data.replace(UNNAMED.encode(), name.encode(), 1)


def older_name(data: bytes) -> str:
    """The name of a page of older items in which it is `UNNAMED`."""
    return f"feed-{sha256(data).hexdigest()[:12]}.xml"


@dataclass(frozen=True, slots=True)
class _Channel:
    """What a document tells beside its show and its items."""

    generator: str
    withdrawn: tuple[Withdrawn, ...] = ()
    changed: datetime | None = None


def _document(show: Show, items: Sequence[Item], links: dict[str, str], told: _Channel) -> bytes:
    """One XML document."""
    spaces = {f"xmlns:{prefix}": uri for prefix, uri in _NAMESPACES.items()}
    rss = ET.Element("rss", {"version": "2.0", **spaces})
    channel = ET.SubElement(rss, "channel")
    for rel, href in links.items():
        _add(channel, "atom:link", href=href, rel=rel, type="application/rss+xml")
    _describe_show(channel, show, items, told)
    for one in told.withdrawn:
        _add(channel, "podcast:txt", _Whole(one.told), purpose=state.WITHDRAWN)
    for item in reversed(items):
        _describe(ET.SubElement(channel, "item"), item)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _print(lines, rss)
    return "".join(lines).encode()


def _describe_show(channel: ET.Element, show: Show, items: Sequence[Item], told: _Channel) -> None:
    _add(channel, "title", show.name)
    _add(channel, "description", _Cdata(shortened(clean(show.description), MOST_BYTES)))
    _add(channel, "link", show.link)
    _add(channel, "language", show.language)
    _add(channel, "copyright", show.copyright)
    _add(channel, "generator", told.generator)
    if items:
        _add(channel, "pubDate", format_datetime(items[-1].published))
    changes = [item.updated or item.published for item in items]
    if changed := max([*changes, *([told.changed] if told.changed else [])], default=None):
        _add(channel, "lastBuildDate", format_datetime(changed.astimezone(UTC)))
    image = ET.SubElement(channel, "image")
    for tag, text in (("url", show.image.url), ("title", show.name), ("link", show.link)):
        _add(image, tag, text)
    owner = ET.SubElement(channel, "itunes:owner")
    _add(owner, "itunes:name", show.owner)
    _add(owner, "itunes:email", show.email)
    _add(channel, "itunes:author", show.author)  # last: some readers take the owner for it
    _add(channel, "itunes:image", href=show.image.url)
    for names in show.categories:
        parent = channel
        for name in names:
            parent = _add(parent, "itunes:category", text=name)
    _add(channel, "itunes:explicit", _truth(show.explicit))
    _add(channel, "itunes:type", "episodic")
    _add(channel, "podcast:guid", show.guid)
    _add(channel, "podcast:locked", "yes" if show.locked else "no", owner=show.email)
    _add(channel, "podcast:medium", "podcast")
    if show.frequency:
        _add(channel, "podcast:updateFrequency", show.frequency.text, rrule=show.frequency.rule)
    _add(channel, "podcast:txt", "true", purpose="ai-content")


def _describe(node: ET.Element, item: Item) -> None:
    audio = item.audio
    _add(node, "guid", item.guid, isPermaLink="false")
    _add(node, "title", item.title)
    _add(node, "link", item.link)
    _add(node, "pubDate", format_datetime(item.published))
    if item.updated:
        _add(node, "atom:updated", f"{item.updated.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    _add(node, "description", _Cdata(clean(item.description)))
    _add(node, "content:encoded", _Cdata(clean(item.content)))
    _add(node, "enclosure", url=audio.url, length=str(audio.length), type=audio.media_type)
    _add(node, "itunes:title", item.title)
    _add(node, "itunes:author", item.author)
    _add(node, "itunes:duration", str(item.duration_s))
    _add(node, "itunes:image", href=item.image)
    _add(node, "itunes:explicit", _truth(item.explicit))
    _add(node, "itunes:episodeType", "full")
    _add(node, "itunes:season", str(item.season))
    _add(node, "itunes:episode", str(item.number))
    _add(node, "podcast:season", str(item.season))
    _add(node, "podcast:episode", str(item.number))
    for person in item.persons:
        group = _GROUPS[person.role]
        _add(node, "podcast:person", person.name, role=person.role, group=group)
    for file in item.transcripts:
        _add(node, "podcast:transcript", url=file.url, type=file.media_type, rel="captions")
    chapters = item.chapters_file
    _add(node, "podcast:chapters", url=chapters.url, type=chapters.media_type)
    _add(node, "podcast:txt", "true", purpose="ai-content")
    _add(node, "podcast:txt", _Whole(ItemState.of(item).told), purpose=state.ITEM)
    listed = ET.SubElement(node, "psc:chapters", version="1.2")
    for chapter in item.chapters:
        _add(listed, "psc:chapter", start=clock(chapter.start_ms), title=line(chapter.title))


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _add(parent: ET.Element, tag: str, content: str = "", /, **attributes: str) -> ET.Element:
    """An element with attributes, which are clean already, or a text, which becomes one line.

    No text and no attribute: no element.
    """
    text = content if isinstance(content, _Whole) else line(content)[:MOST_CHARACTERS]
    if not text and not attributes:
        return parent
    node = ET.SubElement(parent, tag, attributes)
    node.text = text or None
    return node


class _Whole(str):
    """A text that is not cut."""


class _Cdata(_Whole):
    """A text that stands in a CDATA section."""


def _print(lines: list[str], node: ET.Element, space: str = "") -> None:
    """Add a tree as XML, each element on a line of its own.

    ElementTree itself writes no CDATA sections.
    """
    given = "".join([f' {name}="{escaped(value)}"' for name, value in node.items()])
    if len(node):
        lines.append(f"{space}<{node.tag}{given}>\n")
        for child in node:
            _print(lines, child, space + "  ")
        lines.append(f"{space}</{node.tag}>\n")
    elif node.text:
        lines.append(f"{space}<{node.tag}{given}>{escaped(node.text)}</{node.tag}>\n")
    else:
        lines.append(f"{space}<{node.tag}{given} />\n")


def escaped(text: str) -> str:
    """A text or an attribute as XML."""
    if isinstance(text, _Cdata):
        return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return text.translate(_ESCAPES) if _MARKUP.search(text) else text


_MARKUP = re.compile('[&<>"]')
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


# Reading


@dataclass(frozen=True, slots=True)
class Page:
    """A document of a feed that `write` wrote."""

    feed: Feed
    """What stands on it, the newest item first."""
    first: str
    """Address of the document that is subscribed to."""
    older: str
    """Address of the page with the items before these; empty if there are none."""
    guid: str
    """The `podcast:guid` of the show."""
    name: str
    """That of the show."""
    image: str
    """Address of its cover."""


def read(data: bytes) -> Page:
    """A document that `write` wrote.

    Raises:
        ValueError: it is none.
    """
    try:
        channel = _found(ET.fromstring(data), "channel")
        links = {link.get("rel"): link.get("href", "") for link in _all(channel, "atom:link")}
        withdrawn = tuple(map(Withdrawn.read, _told(channel, state.WITHDRAWN)))
        items = tuple(map(_read_item, channel.iter("item")))
        built = _text(channel, "lastBuildDate")
        changed = parsedate_to_datetime(built) if built else None
        feed = Feed(items, withdrawn, _text(channel, "generator"), changed)
        first = links.get("first", links["self"])
        return Page(
            feed,
            first,
            older=links.get("next", ""),
            guid=_text(channel, "podcast:guid"),
            name=_text(channel, "title"),
            image=_found(channel, "itunes:image").attrib["href"],
        )
    except (ET.ParseError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def _read_item(node: ET.Element) -> Item:
    known = ItemState.read("".join(_told(node, state.ITEM)))
    chapters, *transcripts = zip(
        (_found(node, "podcast:chapters"), *_all(node, "podcast:transcript")),
        known.sizes,
        strict=True,
    )
    enclosure = _found(node, "enclosure")
    updated = _text(node, "atom:updated")
    return Item(
        guid=_text(node, "guid"),
        link=_text(node, "link"),
        title=_text(node, "title"),
        author=_text(node, "itunes:author"),
        published=parsedate_to_datetime(_text(node, "pubDate")),
        updated=datetime.fromisoformat(updated) if updated else None,
        description=_text(node, "description"),
        content=_text(node, "content:encoded"),
        audio=_resource(enclosure, int(enclosure.attrib["length"])),
        duration_s=int(_text(node, "itunes:duration")),
        image=_found(node, "itunes:image").attrib["href"],
        chapters_file=_resource(*chapters),
        chapters=tuple(_chapters(node, known.end_ms)),
        transcripts=tuple(_resource(*one) for one in transcripts),
        persons=tuple(
            Person(person.text or "", person.attrib["role"])
            for person in _all(node, "podcast:person")
        ),
        season=int(_text(node, "itunes:season")),
        number=int(_text(node, "itunes:episode")),
        explicit=_text(node, "itunes:explicit") == "true",
        revision=known.revision,
        first_revision=known.first_revision,
        seal=known.seal,
        origin=known.origin,
        made_by=known.made_by,
    )


def _told(node: ET.Element, purpose: str) -> list[str]:
    return [t.text or "" for t in _all(node, "podcast:txt") if t.get("purpose") == purpose]


def _resource(node: ET.Element, length: int) -> Resource:
    return Resource(node.attrib["url"], length, node.attrib["type"])


def _chapters(node: ET.Element, end_ms: int) -> Iterator[Chapter]:
    listed = [(_ms(c.attrib["start"]), c.attrib["title"]) for c in node.iter(_name("psc:chapter"))]
    for (start_ms, title), (next_ms, _) in pairwise([*listed, (end_ms, "")]):
        yield Chapter(start_ms, next_ms, title)


def _ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))


def _name(tag: str) -> str:
    """A tag as ElementTree reads it."""
    prefix, _, local = tag.rpartition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}" if prefix else local


def _all(node: ET.Element, tag: str) -> list[ET.Element]:
    return node.findall(_name(tag))


def _found(node: ET.Element, tag: str) -> ET.Element:
    found = node.find(_name(tag))
    if found is None:
        raise ValueError(f"there is no {tag}")
    return found


def _text(node: ET.Element, tag: str) -> str:
    return node.findtext(_name(tag), "")
