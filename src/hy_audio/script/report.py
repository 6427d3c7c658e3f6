"""A script as text for a person and as JSON for a program. Pure."""

from collections.abc import Iterator

import msgspec

from hy_audio.article.model import Fate
from hy_audio.characters import line_number, line_starts
from hy_audio.script.model import Script

UNSEEN = ("layout", "invisible")
"""Rules of what nobody sees on the page."""


def as_json(script: Script, source: str) -> bytes:
    """Everything: sections and utterances, the ledger with its text, the warnings."""
    document = {
        "title": script.title,
        "byline": script.byline,
        "sections": [
            {
                "number": section.number,
                "id": section.id,
                "title": section.title,
                "utterances": [
                    {
                        "id": u.id,
                        "kind": u.role,
                        "display": u.display,
                        "spoken": u.spoken,
                        "pinyin": u.pinyin,
                        "source": u.source,
                        "changes": [
                            {"start": c.start, "end": c.end, "said": c.said}
                            for sentence in u.sentences
                            for c in sentence.changes
                        ],
                    }
                    for u in section.utterances
                ],
            }
            for section in script.sections
        ],
        "ledger": [
            {
                "start": span.start,
                "end": span.end,
                "fate": span.fate,
                "rule": span.rule,
                "text": source[span.start : span.end],
            }
            for span in script.ledger
        ],
        "warnings": [
            {"rule": w.rule, "start": w.start, "end": w.end, "message": w.message}
            for w in script.warnings
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


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
        yield f"   line {line_number(starts, w.start):<4} {w.rule:<17} {w.message}"
