"""From a page to the script that an editor wants: its words, and the edits of single sections."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from msgspec.structs import replace as replaced

from hy_audio.article.model import SourceWarning
from hy_audio.article.parse import parse
from hy_audio.article.read import Source
from hy_audio.edition.order import Order
from hy_audio.edits import Edits, printed_hash
from hy_audio.script.compose import compose
from hy_audio.script.ids import keep_ids
from hy_audio.script.lexicon import lexicon
from hy_audio.script.model import Script, Utterance
from hy_audio.script.reword import reword
from hy_audio.script.settings import Settings
from hy_audio.script.splice import place_of, splice

_UNSAID = "no-sound"
"""Rule of a warning that comes from the voice."""


def read_script(
    source: Source,
    order: Order,
    said: Mapping[str, str] | None = None,
    before: Script | None = None,
) -> Script:
    """From a page to its script.

    Args:
        source: the page.
        order: what the editor wants.
        said: words and how they are said, besides those of the order.
        before: the script of the episode as it is; sections keep the ids that they have there.

    Raises:
        ScriptError: nothing on the page is spoken.
        ConfigError: a word can't be said as the editor wants.
    """
    article = parse(source.text, hints=source.hints, read_captions=order.read_captions)
    script = compose(article, _settings(order, said or {}))
    return warned(keep_ids(script, before), source.warnings)


def _settings(order: Order, said: Mapping[str, str]) -> Settings:
    disclosure = order.settings.disclosure if order.sound.label.spoken else ""
    words = lexicon({**order.words, **order.said, **said})
    return replace(order.settings, disclosure=disclosure, lexicon=words)


def warned(script: Script, found: tuple[SourceWarning, ...]) -> Script:
    """The script with more warnings, all in the order of their places."""
    return replace(
        script, warnings=tuple(sorted((*script.warnings, *found), key=lambda w: w.start))
    )


def unsaid(script: Script, found: Iterable[tuple[Utterance, str]]) -> Script:
    """The script with what its voice could not say, and without what another one could not."""
    words = tuple(w for w in script.warnings if w.rule != _UNSAID)
    lost = tuple(SourceWarning(_UNSAID, *u.source, text) for u, text in found)
    return warned(replace(script, warnings=words), lost)


def edited(script: Script, edits: Edits, source: Source, order: Order) -> tuple[Script, Edits]:
    """The script as the editor wants its sections, and the edits that still hold.

    The script is that of the page, its sections have the ids that they had.

    An edit stays while its section is gone, for it may come back. New words are dropped, with a
    warning, when the words that they replaced have changed.
    """
    for section_id, edit in edits.sections.items():
        base = next((s for s in script.sections if s.id == section_id), None)
        if base is None:
            continue
        place = place_of(base)
        if edit.say:
            script = splice(script, read_script(source, order, edit.say, script), section_id, place)
        if edit.text and edit.printed != printed_hash(base):
            message = f"“{base.title}” has changed on the page: an editor's words are dropped"
            script = warned(script, (SourceWarning("edit-dropped", *place, message),))
            edits = edits.having(section_id, replaced(edit, text="", printed=""))
        elif edit.text:
            script = reword(script, section_id, edit.text, _settings(order, edit.say))
    return script, edits


def again(script: Script, section_id: str, edits: Edits, source: Source, order: Order) -> Script:
    """The script with one section written anew from the page; all others stay as they are.

    Raises:
        ScriptError: nothing of an editor's words can be spoken.
        ConfigError: a word can't be said as the editor wants.
    """
    fresh = read_script(source, order, before=script)
    base = next((s for s in fresh.sections if s.id == section_id), None)
    if base is None:
        return script
    place = place_of(base)
    only = Edits({section_id: edits.of(section_id)})
    return splice(script, edited(fresh, only, source, order)[0], section_id, place)
