"""From a page to the script that an editor wants: its words, and the edits of single sections."""

from collections.abc import Mapping
from dataclasses import replace

from msgspec.structs import replace as replaced

from hy_audio.article.model import Source, SourceWarning
from hy_audio.article.parse import parse
from hy_audio.edition.order import Order
from hy_audio.edition.warnings import warned
from hy_audio.edits import Edits, SectionEdit, printed_hash
from hy_audio.errors import ConfigError
from hy_audio.script.compose import compose
from hy_audio.script.ids import keep_ids
from hy_audio.script.lexicon import lexicon
from hy_audio.script.model import Script
from hy_audio.script.reword import reword
from hy_audio.script.settings import Settings
from hy_audio.script.slug import slug
from hy_audio.script.splice import place_of, splice


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


def folder_name(script: Script, order: Order) -> str:
    """Name of the folder of an episode: its date, if it has one, and its title."""
    return "-".join(filter(None, (order.date, slug(script.title))))


def edited(
    script: Script, before: Script | None, edits: Edits, source: Source, order: Order
) -> tuple[Script, Edits]:
    """The script as the editor wants its sections, and the edits that still hold.

    Sections keep the ids that they had before.

    An edit stays while its section is gone, for it may come back. New words are dropped, with a
    warning, when the words that they replaced have changed.
    """
    script = keep_ids(script, before)
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


def again(
    script: Script, section_id: str, edit: SectionEdit, source: Source, order: Order
) -> tuple[Script, SectionEdit]:
    """The script with one section written anew from the page; all others stay as they are.

    Returns:
        It, and the edit with the hash of the printed words that its own replace.

    Raises:
        ScriptError: nothing of an editor's words can be spoken.
        ConfigError: a word can't be said as the editor wants, or the page has no such section.
    """
    fresh = read_script(source, order, before=script)
    base = next((s for s in fresh.sections if s.id == section_id), None)
    if base is None:
        raise ConfigError(f"the page has no section {section_id} any more; build it again")
    edit = replaced(edit, printed=printed_hash(base) if edit.text else "")
    only = Edits({section_id: edit})
    written, _ = edited(fresh, None, only, source, order)
    return splice(script, written, section_id, place_of(base)), edit
