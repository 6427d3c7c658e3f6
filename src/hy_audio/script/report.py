"""A script as text for a person. Pure."""

from collections.abc import Iterator

from hy_audio.article.model import Fate
from hy_audio.characters import line_number, line_starts
from hy_audio.script.model import Script

UNSEEN = ("layout", "invisible")
"""Rules of what nobody sees on the page."""


def as_text(script: Script, source: str) -> str:
    """What will be said, then what stays silent and why, then what to look at."""
    return "\n".join(_lines(script, source)) + "\n"


def _lines(script: Script, source: str) -> Iterator[str]:
    yield from (line for line in (script.title, script.byline) if line)
    for section in script.sections:
        yield f"\n{section.number}  {section.title}  [{section.id}]"
        for u in section.utterances:
            yield f"   {u.role:<10} {u.spoken}"
    starts = line_starts(source)
    silent = [s for s in script.ledger if s.fate is Fate.SILENT and s.rule not in UNSEEN]
    if silent:
        yield "\nNot spoken"
    for span in silent:
        text = source[span.start : span.end]
        yield f"   line {line_number(starts, span.start):<4} {span.rule:<17} {text}"
    if script.warnings:
        yield "\nPlease look at"
    for w in script.warnings:
        place = f"line {line_number(starts, w.start)}" if w.has_place else ""
        yield f"   {place:<9} {w.rule:<17} {w.message}"
