"""From a page to the script that an editor wants: its words, and the edits of single sections."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from msgspec.structs import replace as replaced

from hy_audio.article.model import Source, SourceWarning
from hy_audio.article.parse import parse
from hy_audio.edition.order import Order
from hy_audio.edition.warnings import warned
from hy_audio.edits import Edits, SectionEdit
from hy_audio.errors import ConfigError
from hy_audio.script.compose import compose
from hy_audio.script.ids import keep_ids
from hy_audio.script.lexicon import lexicon
from hy_audio.script.model import Script, Section
from hy_audio.script.reword import reword
from hy_audio.script.settings import Settings
from hy_audio.script.slug import slug
from hy_audio.script.splice import places_of, splice


def read_script(
    source: Source,
    order: Order,
    said: Mapping[str, str] | None = None,
    before: Script | None = None,
    decided: Mapping[str, str] | None = None,
) -> Script:
    """From a page to its script.

    Args:
        source: the page.
        order: what the editor wants.
        said: words and how they are said, besides those of the order.
        before: the script of the episode as it is; sections keep the ids that they have there.
        decided: as `keep_ids` takes it.

    Raises:
        ScriptError: nothing on the page is spoken.
        ConfigError: a word can't be said as the editor wants.
    """
    article = parse(source.text, hints=source.hints, read_captions=order.read_captions)
    script = compose(article, _settings(order, said or {}))
    lost = [w for w in order.said if not any(_has(s, w) for s in script.sections)]
    unused = (SourceWarning("say-unused", 0, 0, f"{w}, as in --say, is nowhere") for w in lost)
    return warned(keep_ids(script, before, decided or {}), (*source.warnings, *unused))


def _settings(order: Order, said: Mapping[str, str]) -> Settings:
    disclosure = order.settings.disclosure if order.sound.label.spoken else ""
    words = lexicon({**order.words, **order.said, **said})
    return replace(order.settings, disclosure=disclosure, lexicon=words)


def folder_name(script: Script, order: Order) -> str:
    """Name of the folder of an episode: its date, if it has one, and its title."""
    return "-".join(filter(None, (order.date, slug(script.title))))


def edited(
    script: Script, before: Script | None, edits: Edits, source: Source, order: Order
) -> Script:
    """The script as the editor wants its sections.

    Sections keep the ids that they had before.

    Nothing that was decided is thrown away: what has no section, or has words for others than are
    printed now, waits for them to come back, and there is a warning.
    """
    plain = script = keep_ids(script, before, edits.printed)
    for section_id, edit in edits.sections.items():
        base = next((s for s in plain.sections if s.id == section_id), None)
        if base is None:
            script = warned(script, (_waits(section_id, edit),))
            continue
        if edit.say:
            said = read_script(source, order, edit.say, plain)
            script = splice(script, said, section_id, places_of(plain, section_id))
        if edit.text and edit.printed != base.printed:
            message = (
                f"“{base.title}” has changed on the page, so it is read as printed, not in an "
                "editor's words; regenerate it with --text, or with --reset to forget them"
            )
            where = base.utterances[0].source
            script = warned(script, (SourceWarning("edit-waits", *where, message),))
        elif edit.text:
            script = reword(script, section_id, edit.text, _settings(order, edit.say))
    return script


def _waits(section_id: str, edit: SectionEdit) -> SourceWarning:
    message = (
        f"nothing is called {section_id} any more; what was decided about it ({edit}) waits; "
        f"to forget it, hy-audio regenerate EPISODE {section_id} --reset"
    )
    return SourceWarning("edit-waits", 0, 0, message)


def forgotten(script: Script, section_id: str, edit: SectionEdit) -> Script:
    """The script without the warning that what was decided about a section waits."""
    told = _waits(section_id, edit)
    return replace(script, warnings=tuple(w for w in script.warnings if w != told))


def check_said(words: Iterable[str], script: Script, section_id: str) -> None:
    """See that an editor's words stand in a section.

    Raises:
        ConfigError: one does not; it tells where it does.
    """
    section = next(s for s in script.sections if s.id == section_id)
    for word in words:
        places = [s for s in script.sections if _has(s, word)]
        if section not in places:
            where = ", ".join(f"section {s.number}, {s.title}" for s in places) or "no section"
            problem = f"{word} is not in section {section.number}, {section.title}"
            raise ConfigError(f"{problem}; it is in {where}")


def _has(section: Section, word: str) -> bool:
    sentences = (s for u in section.utterances for s in u.sentences)
    return any(word in s.display or word in s.spoken for s in sentences)


def again(
    script: Script, section_id: str, edit: SectionEdit, edits: Edits, source: Source, order: Order
) -> tuple[Script, SectionEdit]:
    """The script with one section written anew from the page; all others stay as they are.

    Args:
        script: of the episode.
        section_id: which.
        edit: how it is wanted.
        edits: by which the script was written.
        source: the page.
        order: what the editor wants.

    Returns:
        It, and the edit with the printed words that its own replace.

    Raises:
        ScriptError: nothing of an editor's words can be spoken.
        ConfigError: a word can't be said as the editor wants, or the page has no such section.
    """
    fresh = read_script(source, order, before=script, decided=edits.printed)
    base = next((s for s in fresh.sections if s.id == section_id), None)
    if base is None:
        raise ConfigError(f"the page has no section {section_id} any more; build it again")
    if not edit.printed:
        edit = replaced(edit, printed=base.printed)
    written = edited(fresh, None, Edits({section_id: edit}), source, order)
    return splice(script, written, section_id, places_of(fresh, section_id)), edit
