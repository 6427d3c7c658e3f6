"""What an item says of its episode: show notes as plain HTML, within the limits of a feed. Pure.

Sources: Apple's guide to podcast RSS feeds (4,000 bytes; `p`, `ol`, `ul`, `li`, `a`); players make
links of time stamps at the start of a line, from three on, if the first is 00:00:00.
"""

from collections.abc import Iterator, Sequence
from html import escape

from hy_audio.publish.feed import MOST_BYTES
from hy_audio.publish.model import Correction, Show
from hy_audio.publish.text import clean, html, line, shortened
from hy_audio.publish.words import words
from hy_audio.script.model import Role, Script
from hy_audio.stitch.model import Chapter
from hy_audio.stitch.transcript import clock

_SUMMARY_BYTES = 600
_CONTENT_BYTES = 6000
_FEWEST_STAMPS = 3
_MOST_CORRECTIONS = 5
_TOLD = (Role.PARAGRAPH, Role.VERSE, Role.ITEM)


def lead(script: Script, longest: int) -> str:
    """The first paragraphs of an article, on one line, in at most so many bytes."""
    told = (u for u in script.utterances if u.role in _TOLD)
    sentences = (s.display for u in told for s in u.sentences if s.is_printed)
    text = ""
    for sentence in map(clean, sentences):
        if text and len((text + sentence).encode()) > longest:
            break
        text += sentence
    return shortened(line(text or script.title), longest)


def description(
    show: Show, script: Script, chapters: Sequence[Chapter], tail: Sequence[str]
) -> str:
    """What an episode is about, then time stamps, then paragraphs that must not be lost.

    Args:
        show: for its language.
        script: of the episode.
        chapters: of the episode.
        tail: paragraphs as HTML.

    Returns:
        HTML of at most 4,000 bytes.
    """
    end = [f"<p>{text}</p>" for text in tail]
    room = MOST_BYTES - _size(end) - len(b"<p></p>\n")
    summary = html(lead(script, min(_SUMMARY_BYTES, max(room, 0))))
    while len(summary.encode()) > room:  # escapes are longer than what they stand for
        summary = html(shortened(lead(script, _SUMMARY_BYTES), len(summary) // 2))
    parts = [f"<p>{summary}</p>"]
    stamps = _stamps(show, chapters, MOST_BYTES - _size([*parts, *end]))
    return "\n".join([*parts, *stamps, *end])


def _stamps(show: Show, chapters: Sequence[Chapter], room: int) -> list[str]:
    """As many time stamps as there is room for; none if they are too few to be links."""
    head, end = f"<p>{html(words(show.language)['chapters'])}</p>\n<p>", "</p>"
    lines: list[str] = []
    room -= len(f"{head}\n{end}\n".encode())
    for chapter in chapters:
        stamp = f"{clock(chapter.start_ms)[:8]} {html(chapter.title)}<br />"
        room -= len(stamp.encode()) + 1
        if room < 0:
            break
        lines.append(stamp)
    return [head, *lines, end] if len(lines) >= _FEWEST_STAMPS else []


def content(
    show: Show, link: str, script: Script, chapters: Sequence[Chapter], tail: Sequence[str]
) -> str:
    """The same at greater length; each chapter leads to its place on the episode's page."""
    listed = "".join(
        f'<li><a href="{escape(link)}#t={c.start_ms / 1000:g}">{clock(c.start_ms)[:8]}</a> '
        f"{html(c.title)}</li>\n"
        for c in chapters
    )
    parts = [
        f"<p>{html(lead(script, _CONTENT_BYTES))}</p>",
        f"<p>{html(words(show.language)['chapters'])}</p>\n<ul>\n{listed}</ul>",
        *(f"<p>{text}</p>" for text in tail),
    ]
    return "\n".join(parts)


def tail(
    show: Show, link: str, corrections: Sequence[Correction], disclosure: str
) -> tuple[str, ...]:
    """Paragraphs that must not be lost: what was put right, the label, the way to the page."""
    known = words(show.language)
    return (
        *(html(text) for text in told(show, corrections[:_MOST_CORRECTIONS])),
        html(disclosure or known["synthetic"]),
        f'<a href="{escape(link)}">{html(known["read_along"])}</a>',
    )


def told(show: Show, corrections: Sequence[Correction]) -> Iterator[str]:
    """A line for each correction."""
    known = words(show.language)
    for one in corrections:
        when = one.when
        date = known["date"].format(year=when.year, month=when.month, day=when.day)
        again = known["again"].format(sections=known["between"].join(one.sections))
        parts = (shortened(one.note, 300), shortened(again, 300) if one.sections else "")
        yield known["correction"].format(date=date, what="；".join(filter(None, parts)))


def _size(parts: Sequence[str]) -> int:
    return sum(len(part.encode()) + 1 for part in parts)
