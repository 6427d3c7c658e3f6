"""A show and its episodes as schema.org has them. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from hy_audio.publish.model import Item, Show
from hy_audio.publish.site.address import web_address
from hy_audio.publish.text import clean

_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""What would end the block, or a line of it."""
_SYNTHETIC = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"


def as_block(data: object) -> Markup:
    """JSON as it may stand inside a `script` element."""
    text = json.dumps(_cleaned(data), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))


def _cleaned(data: object) -> object:
    """The same without what must not be shown, and without fields that are empty."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, Mapping):
        return {clean(k): _cleaned(v) for k, v in data.items() if v not in ("", None, [])}
    return [_cleaned(one) for one in data] if isinstance(data, (list, tuple)) else data


def series(show: Show) -> dict[str, Any]:
    """The show, as a PodcastSeries."""
    return {
        "@type": "PodcastSeries",
        "name": show.name,
        "url": web_address(show.link),
        "description": show.description,
        "inLanguage": show.language,
        "webFeed": web_address(show.feed_url),
        "image": web_address(show.image.url),
        "author": {"@type": "Organization", "name": show.author} if show.author else "",
    }


def show_data(show: Show) -> Markup:
    """The block of the show's page."""
    return as_block({"@context": "https://schema.org", **series(show)})


def episode_data(show: Show, item: Item) -> Markup:
    """The block of an episode's page: a PodcastEpisode with its AudioObject."""
    link = web_address(item.link)
    audio = {
        "@type": "AudioObject",
        "contentUrl": web_address(item.audio.url),
        "encodingFormat": item.audio.media_type,
        "contentSize": str(item.audio.length),
        "duration": f"PT{item.duration_s}S",
        "inLanguage": show.language,
        "digitalSourceType": _SYNTHETIC,
    }
    return as_block(
        {
            "@context": "https://schema.org",
            "@type": "PodcastEpisode",
            "name": item.title,
            "url": link,
            "identifier": item.guid,
            "description": item.summary,
            "datePublished": item.published.isoformat(),
            "dateModified": item.updated.isoformat() if item.updated else "",
            "duration": f"PT{item.duration_s}S",
            "inLanguage": show.language,
            "isAccessibleForFree": True,
            "image": web_address(item.image),
            "author": [
                {"@type": "Person", "name": one.name}
                for one in item.persons
                if one.role == "reporter"
            ],
            "publisher": {"@type": "Organization", "name": show.author} if show.author else "",
            "episodeNumber": item.number,
            "partOfSeason": {"@type": "PodcastSeason", "seasonNumber": item.season},
            "partOfSeries": series(show),
            "associatedMedia": audio,
            "hasPart": [_clip(link, item, n) for n in range(len(item.chapters))],
        }
    )


def _clip(link: str, item: Item, n: int) -> dict[str, Any]:
    """A chapter."""
    chapter = item.chapters[n]
    return {
        "@type": "Clip",
        "name": chapter.title,
        "startOffset": chapter.start_ms / 1000,
        "endOffset": chapter.end_ms / 1000,
        "url": f"{link}#t={chapter.start_ms // 1000}" if link else "",
    }
