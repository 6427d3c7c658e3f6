"""The pipeline, from a page or an episode to an episode: the only file that knows every stage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from filelock import FileLock, Timeout
from msgspec.structs import replace as replaced

from hy_audio import episode
from hy_audio.article.model import STANDARD_INPUT, Source
from hy_audio.edition.making import Plan, foresee, make
from hy_audio.edition.order import Built, Change, Forgetting, Order, Preview
from hy_audio.edition.speaking import named
from hy_audio.edits import SectionEdit
from hy_audio.errors import ConfigError
from hy_audio.manifest import Manifest, PageEntry, find_section
from hy_audio.progress import Reporter
from hy_audio.script.model import EDITOR_TEXT, Role, Script
from hy_audio.speech.registry import AUTO
from hy_audio.stitch.label import Label
from hy_audio.stitch.mp3 import Format

_BODY = (Role.HEADING, Role.PARAGRAPH, Role.ITEM, Role.VERSE, Role.CAPTION)


def build(source: Source, order: Order, report: Reporter, note: str = "") -> Built:
    """Build an episode, or bring the one that is there up to date.

    Whatever goes wrong, the old episode stays whole, and the clips made so far are kept.

    Args:
        source: the page.
        order: what the editor wants.
        report: told how far it is.
        note: what the editor says of the change, for listeners.

    Raises:
        HyAudioError: see the stages.
        OSError: something can't be written.
    """
    from hy_audio.edition import wording  # loads the dictionaries

    order = replace(order, date=order.date or source.date)
    script = wording.read_script(source, order)
    folder = order.output / wording.folder_name(script, order)
    if folder.is_symlink():
        folder = folder.resolve()
    _warn_if_unlabelled(order, report)
    with _only_build(folder):
        episode.recover(folder)
        _check_same_article(folder, source, script)
        order = _with_formats(order, episode.read_manifest(folder))
        before, edits = episode.read_script(folder), episode.read_edits(folder)
        script = wording.edited(script, before, edits, source, order)
        title, captions, said = order.settings.title, order.read_captions, dict(order.said)
        page = PageEntry(title, captions, said, source.hints)
        why = ": ".join(filter(None, ("built again", note)))
        kept = (folder, source.name, source.text, page)
        return make(Plan(*kept, script, edits, order, why, note=note), report)


def regenerate(folder: Path, name: str, change: Change, order: Order, report: Reporter) -> Built:
    """Speak one section of an episode again; every other section keeps its bytes.

    Args:
        folder: the episode.
        name: number, id or title of the section.
        change: what is to be otherwise.
        order: what the editor wants; how the page is read, show, label, cover, speed and format
            are those of the episode.
        report: told how far it is.

    Raises:
        ConfigError: there is no such episode or section, or its files are damaged.
        HyAudioError: see the stages; the episode is as it was.
        OSError: something can't be written; the episode is as it was.
    """
    whole = folder.resolve()
    folder = whole if folder.is_symlink() or folder.name != whole.name else folder
    if not folder.parent.is_dir():
        raise ConfigError(f"{folder} is not an episode; name a folder that hy-audio build made")
    with _only_build(folder):
        episode.recover(folder)
        plan = _plan_change(folder, name, change, order)
        _warn_if_unlabelled(plan.order, report)
        return make(plan, report)


def preview(
    folder: Path, name: str, change: Change, order: Order, report: Reporter
) -> Preview | Forgetting:
    """What `regenerate` would do; nothing is written, nothing spoken.

    Raises:
        HyAudioError: as `regenerate` does.
    """
    return foresee(_plan_change(folder, name, change, order), report)


def _plan_change(folder: Path, name: str, change: Change, order: Order) -> Plan:
    """What `regenerate` would make; nothing is written.

    Raises:
        ConfigError: there is no such episode or section, its files are damaged, or a word is not
            in the section.
        ScriptError: nothing of the new words can be spoken.
        EngineError: the voice can't be used.
    """
    manifest, edits = episode.open_episode(folder), episode.read_edits(folder)
    try:
        section_id = find_section(manifest, name).id
    except ConfigError:
        if change.reset and name in edits.sections:
            return _plan_forgetting(folder, name, change, order)
        raise
    script, text = _saved(folder, manifest)
    order = _as_before(order, manifest, folder)
    source = Source(manifest.source, text, manifest.page.hints)
    edit = SectionEdit() if change.reset else edits.of(section_id)
    later = SectionEdit(
        voice=str(named(change.voice, order.wish, order.cache)) if change.voice else "",
        rate=change.rate,
        say=dict(change.say),
        text=change.text,
        take=edit.take + change.new_take,
    )
    edit = edit.and_then(later)
    if not change.keeps_words:
        from hy_audio.edition import wording  # loads the dictionaries

        script, edit = wording.again(script, section_id, edit, edits, source, order)
        wording.check_said(change.say, script, section_id)
    elif not edit.printed:
        section = next(s for s in script.sections if s.id == section_id)
        edit = replaced(edit, printed=section.printed)
    edits = edits.having(section_id, edit)
    why = change.told()
    kept = (folder, manifest.source, text, manifest.page)
    return Plan(*kept, script, edits, order, why, section_id, change.why)


def _plan_forgetting(folder: Path, section_id: str, change: Change, order: Order) -> Plan:
    """What `regenerate --reset` would make for a section that is gone: all stays as it is.

    Raises:
        ConfigError: more is asked for, or the files of the episode are damaged.
    """
    from hy_audio.edition import wording

    if not change.only_resets:
        problem = f"{section_id} is not on the page any more"
        raise ConfigError(f"{problem}; --reset alone forgets what was decided about it")
    manifest, edits = episode.open_episode(folder), episode.read_edits(folder)
    script, text = _saved(folder, manifest)
    script = wording.forgotten(script, section_id, edits.of(section_id))
    edits = edits.having(section_id, SectionEdit())
    order = _as_before(order, manifest, folder)
    parts = (f"what was decided about {section_id} is forgotten", change.why)
    why = ": ".join(filter(None, parts))
    kept = (folder, manifest.source, text, manifest.page)
    return Plan(*kept, script, edits, order, why, section_id, change.why)


def _saved(folder: Path, manifest: Manifest) -> tuple[Script, str]:
    """The script of an episode and its page, as they were written.

    Raises:
        ConfigError: they are damaged, or the cover or the manifest is.
    """
    needed = (episode.SCRIPT, episode.SOURCE, *_covers(manifest))
    wrong = [name for name in needed if not episode.is_as_written(folder, manifest, name)]
    if not manifest.is_sealed:
        wrong = [episode.MANIFEST]
    script, text = episode.read_script(folder), episode.read_source(folder)
    if wrong or script is None or text is None:
        names = ", ".join(wrong or needed)
        raise ConfigError(f"{names} of {folder} is damaged; build the episode again")
    return script, text


def _covers(manifest: Manifest) -> list[str]:
    """The name of the cover, if there is one."""
    return [name for name in manifest.files if name.startswith(f"{episode.COVER}.")]


def _as_before(order: Order, manifest: Manifest, folder: Path) -> Order:
    """The order with what the episode was built with, whatever the configuration says now."""
    page, sound, voice = manifest.page, manifest.sound, manifest.voice
    form = Format(sound.rate_hz, sound.channels, sound.kbps)
    label = Label.told(manifest.label.sound, manifest.label.metadata)
    cover = next((folder / name for name in _covers(manifest)), None)
    return replace(
        order,
        wish=replace(order.wish, voice=AUTO, rate=voice.rate),
        sound=replace(order.sound, form=form, label=label, cover=cover, formats=sound.formats),
        settings=replace(
            order.settings,
            title=page.title,
            show=manifest.show,
            disclosure=manifest.label.disclosure,
        ),
        said=page.said,
        date=manifest.date,
        read_captions=page.read_captions,
    )


def _with_formats(order: Order, previous: Manifest | None) -> Order:
    """The order with the formats that the episode has, if none is asked for."""
    asked = order.sound.formats
    if asked is None:
        asked = previous.sound.formats if previous else ()
    return replace(order, sound=replace(order.sound, formats=asked))


def _warn_if_unlabelled(order: Order, report: Reporter) -> None:
    label = order.sound.label
    lacking = [
        *(["in its sound"] if label.sound == "off" else []),
        *(["in its metadata"] if not label.metadata else []),
    ]
    if lacking:
        where = " or ".join(lacking)
        report.note(
            f"warning: as [label] asks, the episode does not say {where} that its voice is "
            "synthetic; China's rules and Apple's ask for both, see docs/labelling.md"
        )


@contextmanager
def _only_build(folder: Path) -> Iterator[None]:
    """Hold the lock of an episode, so that two builds don't write the same folder.

    It lies beside the folder, where no cleaning of a cache can reach it, and goes when it is done:
    FileLock takes no file that has lost its name meanwhile.
    """
    lock = episode.lock_file(folder)
    try:
        with FileLock(lock, blocking=False):
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
    except Timeout:
        raise ConfigError(f"{folder} is being built by another hy-audio; wait for it") from None


def _check_same_article(folder: Path, source: Source, script: Script) -> None:
    """Two articles may share a headline: the second must not take the first one's place.

    An edited file keeps some of its words. Another file is taken for the same article only if it
    has nearly all of them: two weather forecasts share more than half.
    """
    previous = episode.read_manifest(folder)
    before, text = episode.read_script(folder), episode.read_source(folder)
    if previous is None or before is None or text is None:
        return
    old, new = _pairs(before, text), _pairs(script, source.text)
    share = 0.25 if previous.source == source.name != STANDARD_INPUT else 0.9
    if len(old & new) < share * min(len(old), len(new)):
        raise ConfigError(
            f"{folder} holds another article with this headline; give this one a --date or --title"
        )


def _pairs(script: Script, text: str) -> set[str]:
    """All pairs of neighbouring characters of an article: when it is edited, it keeps most of them.

    All of it counts as it is printed, without spaces, also what is said in an editor's words.
    """
    bodies = (u.sentences for u in script.utterances if u.role in _BODY)
    printed = [s.display for sentences in bodies for s in sentences if s.is_printed]
    printed += [text[span.start : span.end] for span in script.ledger if span.rule == EDITOR_TEXT]
    return {a + b for one in printed for a, b in pairwise("".join(one.split()))}
