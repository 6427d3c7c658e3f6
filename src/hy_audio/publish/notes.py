"""What an item says of its episode: show notes as plain HTML, within the limits of a feed. Pure.

Sources: Apple's guide to podcast RSS feeds (4,000 bytes; `p`, `ol`, `ul`, `li`, `a`); players make
links of time stamps at the start of a line, from three on, if the first is 00:00:00.
"""

from collections.abc import Iterator, Sequence
from html import escape

from hy_audio.publish.feed import MOST_BYTES
from hy_audio.publish.model import Correction, Part, Reading, Show
from hy_audio.publish.site.words import date, words_for
from hy_audio.publish.text import escaped, html, line, shortened
from hy_audio.script.model import Role
from hy_audio.stitch.transcript import clock

_SUMMARY_BYTES = 600
_LEAST_SUMMARY_BYTES = 200
_NOTE_BYTES = 450
_CONTENT_BYTES = 4000
_FEWEST_STAMPS = 3
_MOST_CORRECTIONS = 3
_TOLD = (Role.PARAGRAPH, Role.VERSE, Role.ITEM)


def description(show: Show, reading: Reading, tail: Sequence[str]) -> str:
    """What an episode is about, then time stamps, then paragraphs that must not be lost.

    Args:
        show: for its language.
        reading: the text of the episode.
        tail: paragraphs as HTML.

    Returns:
        HTML of at most 4,000 bytes.
    """
    end = [f"<p>{text}</p>" for text in tail]
    room = MOST_BYTES - _size(end)
    stamps = _stamps(show, reading.parts, room - _LEAST_SUMMARY_BYTES)
    room = min(_SUMMARY_BYTES, room - _size(stamps)) - len("<p></p>\n")
    return "\n".join([f"<p>{escaped(_summary(reading), room)}</p>", *stamps, *end])


def _summary(reading: Reading) -> str:
    """How the article begins: the first paragraphs of its first chapter that has any."""
    begins = (list(_paragraphs(part)) for part in reading.parts)
    return "".join(next(filter(None, begins), []))


def _paragraphs(part: Part) -> Iterator[str]:
    for passage in part.passages:
        if passage.kind in _TOLD:
            yield line("".join(sentence.text for sentence in passage.sentences))


def _stamps(show: Show, parts: Sequence[Part], room: int) -> list[str]:
    """As many time stamps as there is room for; none if they are too few to be links."""
    head, end = f"<p>{html(words_for(show.language)['chapters'])}</p>\n<p>", "</p>"
    lines: list[str] = []
    room -= len(f"{head}\n{end}\n".encode())
    for part in parts:
        stamp = f"{clock(part.start_ms)[:8]} {html(part.title)}<br />"
        room -= len(stamp.encode()) + 1
        if room < 0:
            break
        lines.append(stamp)
    return [head, *lines, end] if len(lines) >= _FEWEST_STAMPS else []


def content(show: Show, link: str, reading: Reading, tail: Sequence[str]) -> str:
    """The same at greater length; each chapter leads to its place on the episode's page."""
    listed = "".join(
        f'<li><a href="{escape(link)}#t={part.start_ms / 1000:g}">{clock(part.start_ms)[:8]}</a> '
        f"{html(part.title)}</li>\n"
        for part in reading.parts
    )
    parts = [
        *(f"<p>{html(text)}</p>" for text in _lead(reading)),
        f"<p>{html(words_for(show.language)['chapters'])}</p>\n<ul>\n{listed}</ul>",
        *(f"<p>{text}</p>" for text in tail),
    ]
    return "\n".join(parts)


def _lead(reading: Reading) -> Iterator[str]:
    """The first paragraphs of an article, as many as there is room for."""
    room = _CONTENT_BYTES
    for text in (text for part in reading.parts for text in _paragraphs(part)):
        if len(text.encode()) > room:
            if room == _CONTENT_BYTES:
                yield shortened(text, room)
            return
        room -= len(text.encode())
        yield text


def tail(
    show: Show, link: str, corrections: Sequence[Correction], disclosure: str
) -> tuple[str, ...]:
    """Paragraphs that must not be lost: what was put right, the label, the way to the page."""
    known = words_for(show.language)
    return (
        *(escaped(text, _NOTE_BYTES) for text in told(show, corrections[:_MOST_CORRECTIONS])),
        escaped(disclosure or known["synthetic_line"], _NOTE_BYTES),
        f'<a href="{escape(link)}">{html(known["notes"]["page"])}</a>',
    )


def told(show: Show, corrections: Sequence[Correction]) -> Iterator[str]:
    """A line for each correction."""
    table = words_for(show.language)
    known = table["notes"]
    for one in corrections:
        again = known["again"].format(sections=known["between"].join(one.sections))
        parts = (one.note, again if one.sections else "")
        what = known["join"].join(filter(None, parts))
        yield known["correction"].format(date=date(table, one.when), what=what)


def _size(parts: Sequence[str]) -> int:
    return sum(len(part.encode()) + 1 for part in parts)
