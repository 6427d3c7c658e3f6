"""A section in an editor's words."""

import re
from dataclasses import replace

from hy_audio.article.model import Block, Kind
from hy_audio.characters import LINE_BREAK
from hy_audio.errors import ScriptError
from hy_audio.script.compose import Part, Writer, utterances
from hy_audio.script.ledger import settle
from hy_audio.script.model import EDITOR_TEXT, Role, Script
from hy_audio.script.settings import Settings

_LINES = re.compile(LINE_BREAK)
_BEFORE = (Role.SHOW, Role.HEADING)
_AFTER = (Role.DISCLOSURE,)


def reword(script: Script, section_id: str, text: str, settings: Settings) -> Script:
    """Say something else in one section.

    Its heading and what the program adds stay. The new words have no place in the source: theirs is
    the empty range where the old ones began.

    Args:
        script: with a section of this id.
        section_id: which.
        text: paragraphs, one on each line.
        settings: how words are read.

    Raises:
        ScriptError: nothing of the text can be spoken.
    """
    old = next(s for s in script.sections if s.id == section_id)
    writer = Writer(settings, frozenset())
    lines = filter(str.strip, _LINES.split(text))
    blocks = [Block(Kind.PARAGRAPH, line.strip(), ((0, len(line.strip())),)) for line in lines]
    parts = [part for block in blocks for part in writer.part(Role.PARAGRAPH, block)]
    if not parts:
        raise ScriptError("nothing of the new text can be spoken; write sentences")
    ((_, read),) = writer.read([(old.title, parts)])
    gone = [
        sentence.source
        for u in old.utterances
        if u.role not in (*_BEFORE, *_AFTER)
        for sentence in u.sentences
        if sentence.is_printed
    ]
    at = gone[0][0] if gone else old.utterances[0].source[0]
    placed = [
        Part(p.role, tuple(replace(s, source=(at, at), changes=()) for s in p.sentences))
        for p in read
    ]
    around = {
        roles: [Part(u.role, u.sentences) for u in old.utterances if u.role in roles]
        for roles in (_BEFORE, _AFTER)
    }
    new = utterances(old.id, [*around[_BEFORE], *placed, *around[_AFTER]])
    warnings = (*script.warnings, *(replace(w, start=at, end=at) for w in writer.warnings))
    return replace(
        script,
        sections=tuple(replace(s, utterances=new) if s is old else s for s in script.sections),
        ledger=settle(script.ledger, [(a, b, EDITOR_TEXT) for a, b in gone]),
        warnings=tuple(sorted(warnings, key=lambda w: w.start)),
    )
