"""The pages of a show: data in, bytes out. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hy_audio.publish.model import Item, Part, Passage, Reading, Resource, Show
from hy_audio.publish.site import words
from hy_audio.publish.site.address import hosts, picture, policy, relative, web_address
from hy_audio.publish.site.index import index_pages
from hy_audio.publish.site.structured import as_block, episode_data
from hy_audio.publish.site.template import assets, fingerprint, render
from hy_audio.publish.text import clean

__all__ = ["assets", "episode_page", "fingerprint", "index_pages", "withdrawn_page"]

_HEAD = ("show", "kicker", "headline", "subhead", "byline", "disclosure")
"""Kinds of passages that stand above the text."""
_ASIDES = ("caption", "credit")


@dataclass(frozen=True, slots=True)
class Group:
    """Passages that are set together."""

    kind: str
    """Their kind; `plate` for a caption and its credits."""
    passages: tuple[Passage, ...]
    """At least one."""


def episode_page(show: Show, item: Item, reading: Reading) -> bytes:
    """The page of an episode, to lie at `<slug>/index.html`."""
    table = words.words_for(show.language)
    folder = f"{item.slug}/"
    others = hosts(show, (item,))
    head, parts = _head(reading)

    def near(url: str) -> str:
        return relative(show, url, folder)

    return render(
        "episode",
        show=show,
        item=item,
        reading=reading,
        w=table,
        csp=policy(others),
        root="../",
        link=web_address(item.link),
        audio=near(item.audio.url),
        audio_url=web_address(item.audio.url),
        image_url=web_address(item.image),
        artwork=picture(show, item.image, others, folder),
        description=item.summary or item.title,
        head=head,
        parts=[(part, list(_groups(part.passages))) for part in parts],
        synthetic=reading.disclosure or table["synthetic_line"],
        downloads=[(text, near(url), url) for text, url in _downloads(table, item)],
        data=episode_data(show, item),
        script_words=as_block(table["script"]),
        clock=words.clock,
        date=words.date,
        length=words.length(table, item.duration_s),
    )


def withdrawn_page(show: Show, title: str) -> bytes:
    """What lies in the place of an episode that was taken back."""
    table = words.words_for(show.language)
    text = table["withdrawn_text"].format(title=clean(title))
    return render("withdrawn", show=show, w=table, csp=policy(()), root="../", text=text)


# What is on the page of an episode


def _head(reading: Reading) -> tuple[tuple[Passage, ...], tuple[Part, ...]]:
    """What stands above the text, and the chapters below it."""
    parts = reading.parts
    if parts and all(p.kind in _HEAD for p in parts[0].passages):
        return parts[0].passages, parts[1:]
    return (), parts


def _groups(passages: Sequence[Passage]) -> Iterator[Group]:
    """The passages, each caption with its credits."""
    for aside, run in groupby(passages, lambda p: p.kind in _ASIDES):
        for group in _plates(list(run)) if aside else ((p,) for p in run):
            yield Group("plate" if aside else group[0].kind, tuple(group))


def _plates(run: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Each caption with its credits, which are all printed below the captions, or all above."""
    captions = [n for n, passage in enumerate(run) if passage.kind == "caption"]
    above = run[0].kind == "credit" and run[-1].kind == "caption"
    begins = [0, *(n + above for n in captions if 0 < n + above < len(run))]
    for a, b in zip(begins, [*begins[1:], len(run)], strict=True):
        yield run[a:b]


def _downloads(table: words.Words, item: Item) -> Iterator[tuple[str, str]]:
    """What can be taken along, and where it lies."""
    names = {"text/vtt": "download_vtt"}
    yield table["download_audio"].format(size=words.size(item.audio.length)), item.audio.url
    for file in item.transcripts:
        yield table[names.get(_bare_type(file), "download_srt")], file.url
    yield table["download_chapters"], item.chapters_file.url


def _bare_type(file: Resource) -> str:
    return file.media_type.partition(";")[0].strip()
