"""A script as JSON, for a program and for the episode folder, and back. Pure."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from hy_audio.article.model import SourceWarning, Span
from hy_audio.characters import han
from hy_audio.script.model import Break, Change, Role, Script, Section, Sentence, Utterance


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
                "utterances": [_utterance(u) for u in section.utterances],
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


def _utterance(u: Utterance) -> dict[str, object]:
    return {
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
        "pause_ms": u.pause_ms,
        "sentences": [
            {
                "display": s.display,
                "spoken": s.spoken,
                "source": s.source,
                "changes": len(s.changes),
                **({"respelled": s.respelled} if s.respelled else {}),
                **({"breaks": [[b.display, b.spoken] for b in s.breaks]} if s.breaks else {}),
            }
            for s in u.sentences
        ],
    }


class _Sentence(msgspec.Struct):
    display: str
    spoken: str
    source: tuple[int, int]
    changes: int
    respelled: str = ""
    breaks: tuple[tuple[int, int], ...] = ()


class _Utterance(msgspec.Struct):
    id: str
    kind: Role
    pinyin: tuple[str, ...]
    changes: tuple[Change, ...]
    pause_ms: int
    sentences: tuple[_Sentence, ...]


class _Section(msgspec.Struct):
    number: int
    id: str
    title: str
    utterances: tuple[_Utterance, ...]


class _Script(msgspec.Struct):
    title: str
    byline: str
    sections: tuple[_Section, ...]
    ledger: tuple[Span, ...]
    warnings: tuple[SourceWarning, ...]


def from_json(data: bytes) -> Script:
    """The script that `as_json` wrote.

    Raises:
        ValueError: it is none, or damaged.
    """
    saved: Any = msgspec.json.decode(data, type=_Script)
    sections = (
        Section(s.number, s.id, s.title, tuple(map(_read, s.utterances))) for s in saved.sections
    )
    return Script(saved.title, saved.byline, tuple(sections), saved.ledger, saved.warnings)


def _read(saved: _Utterance) -> Utterance:
    return Utterance(saved.id, saved.kind, tuple(_sentences(saved)), saved.pause_ms)


def _sentences(saved: _Utterance) -> Iterator[Sentence]:
    pinyin, changes = iter(saved.pinyin), iter(saved.changes)
    for s in saved.sentences:
        yield Sentence(
            s.display,
            s.spoken,
            tuple(islice(pinyin, len(han(s.spoken)))),
            s.source,
            s.respelled,
            tuple(islice(changes, s.changes)),
            tuple(Break(*one) for one in s.breaks),
        )
