"""From a script to its episode: speak what is missing, stitch, write, put it in its place."""

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec.structs import replace as revised

from hy_audio import episode
from hy_audio.edition.assembly import (
    Edition,
    Spoken,
    Voiced,
    assemble,
    is_there,
    kept,
    take_cover,
    tracks,
)
from hy_audio.edition.order import Built, Forgetting, Order, Preview
from hy_audio.edition.speaking import Cast, lasting, voice_entry
from hy_audio.edition.warnings import unsaid
from hy_audio.edits import Edits, SectionEdit
from hy_audio.episode import BegunVoice
from hy_audio.errors import ConfigError
from hy_audio.manifest import (
    SEAL_DIGITS,
    Manifest,
    PageEntry,
    Revision,
    SectionEntry,
    VoiceEntry,
    first_guid,
)
from hy_audio.progress import Reporter
from hy_audio.script.model import Script, Section, Utterance
from hy_audio.speech.model import Clip
from hy_audio.speech.registry import Choice
from hy_audio.speech.store import CLIPS, ClipStore
from hy_audio.stitch.model import Stitched, Track
from hy_audio.stitch.music import read_tunes
from hy_audio.stitch.section import Job, recipe, stitch

_BENCH = "clips"
"""Folder for the clips of a build."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An episode that is to be made."""

    folder: Path
    """Its place."""
    source: str
    """Name of the page."""
    text: str
    """The page."""
    page: PageEntry
    """What was told of it."""
    script: Script
    """What is said."""
    edits: Edits
    """What an editor decided about single sections."""
    order: Order
    """What the editor wants."""
    why: str
    """For the history."""
    only: str = ""
    """Id of the one section that may change; empty for all."""
    note: str = ""
    """What the editor says of it."""


def make(plan: Plan, report: Reporter) -> Built:
    """Make the episode and put it in its place.

    If only one section may change and nothing would be otherwise, all stays as it is.

    Raises:
        HyAudioError: see the stages; the old episode is as it was.
        OSError: something can't be written; the old episode is as it was.
    """
    folder = plan.folder
    previous = episode.read_manifest(folder)
    staged = episode.stage(folder)
    try:
        built = _make(plan, staged, previous, report)
        if built.is_written:
            before = lasting(previous)
            if before and not lasting(built.manifest):
                episode.keep_voice(folder, BegunVoice(before.engine, before.name))
            episode.commit(staged, folder)
            if lasting(built.manifest):
                episode.forget_voice(folder)
    finally:
        episode.discard(staged)
    return built


def _make(plan: Plan, staged: Path, previous: Manifest | None, report: Reporter) -> Built:
    """Make everything in the staged folder."""
    sound = plan.order.sound
    cover = take_cover(sound.cover, staged, sound.form) if sound.cover else None
    voice, asked, count = asyncio.run(_speak(plan, staged, previous, report))
    report.stage("stitching")
    stitched = stitch([Job(a.track, a.clips, a.path, a.kept) for a in asked], sound.form)
    shutil.rmtree(staged / _BENCH, ignore_errors=True)
    parts = tuple(
        Spoken(one.voiced, one.track, made, one.recipe, one.warnings)
        for one, made in zip(asked, stitched, strict=True)
    )
    edition = Edition(
        slug=plan.folder.name,
        guid=previous.guid if previous else first_guid(plan.folder.name, plan.text),
        show=plan.order.settings.show,
        date=plan.order.date,
        disclosure=plan.order.settings.disclosure,
        source=plan.source,
        text=plan.text,
        page=plan.page,
        script=unsaid(plan.script, _unsaid(parts)),
        edits=plan.edits,
        voice=voice,
        sound=sound,
        cover=cover,
        parts=parts,
    )
    manifest, changed = _revised(assemble(staged, edition), previous, plan)
    episode.write_manifest(staged, manifest)
    same = plan.only and manifest == previous and episode.is_whole(plan.folder, manifest)
    return Built(plan.folder, manifest, edition.script, plan.edits, count, changed, not same)


# Speaking


@dataclass(frozen=True, slots=True)
class _Asked:
    """A section on its way to be stitched."""

    voiced: Voiced
    """Who speaks it."""
    track: Track
    """What is heard."""
    recipe: str
    """Hash of all that decides how it sounds."""
    path: Path
    """Where its file goes."""
    kept: Stitched | None
    """The section of the old episode, if that is to be had."""
    warnings: tuple[tuple[str, ...], ...]
    """What the voice could not say, of each utterance."""
    clips: tuple[Clip, ...] = ()
    """Of each utterance, if it is not kept."""


async def _speak(
    plan: Plan, staged: Path, previous: Manifest | None, report: Reporter
) -> tuple[VoiceEntry, list[_Asked], int]:
    """Take over the sections that have not changed, and get the clips of the others.

    Returns:
        The voice of the edition, the sections, and how many clips were spoken anew.
    """
    async with Cast(plan.order.wish, plan.order.cache, staged / _BENCH, report) as cast:
        if plan.only and previous:
            voice = previous.voice
            main = Choice(voice.engine, voice.name, "as before")
        else:
            main = await cast.main(previous, plan.folder)
            voice = voice_entry(cast.speaker(main))
        asked = list(_ask(plan, staged, previous, cast, main))
        wanted = [a.voiced for a in asked if not a.kept]
        for one in asked:
            if not one.kept:
                read_tunes(one.track, plan.order.sound.form)
        alone = wanted[0].voice if plan.only and wanted else None
        told = f"{alone.engine}:{alone.name}" if alone else f"{main} ({main.reason})"
        report.stage("speaking", f"with {told}")
        parts = [(v.speaker, v.section.utterances) for v in wanted if v.speaker]
        clips, count = await cast.speak(parts, len(plan.script.utterances))
    following = iter(clips)
    return voice, [a if a.kept else _with_clips(a, next(following)) for a in asked], count


def _ask(
    plan: Plan, staged: Path, previous: Manifest | None, cast: Cast, main: Choice
) -> Iterator[_Asked]:
    """Each section, and whether the old episode has it.

    Raises:
        ConfigError: one that must stay as it is, is damaged.
    """
    form = plan.order.sound.form
    old = {s.id: s for s in previous.sections} if previous and previous.is_sealed else {}
    known = {s.recipe: s for s in old.values()}
    voiced = list(_voiced(plan, old, cast, main))
    for one, track in zip(voiced, tracks(voiced, plan.order.sound), strict=True):
        made_by = one.old.recipe if one.old else recipe(track, form)
        path = staged / episode.section_file(one.section.number, one.section.id)
        entry = old.get(one.section.id)
        if entry is None or entry.recipe != made_by:
            entry = known.get(made_by)
        have = kept(entry, plan.folder, path, form) if entry else None
        if one.old and not have:
            raise _damaged(one.old)
        if plan.only and not one.old:
            _keep_music(track, old[plan.only])
        warnings = tuple(u.warnings for u in entry.utterances) if entry and have else ()
        yield _Asked(one, track, made_by, path, have, warnings)


def _voiced(
    plan: Plan, old: Mapping[str, SectionEntry], cast: Cast, main: Choice
) -> Iterator[Voiced]:
    """Who speaks each section: those that may not change stay as they are."""
    for section in plan.script.sections:
        if plan.only in ("", section.id):
            yield _anew(section, plan.edits.of(section.id), cast, main)
        else:
            yield _stays(section, old[section.id])


def _keep_music(track: Track, entry: SectionEntry) -> None:
    """See that a section that is spoken again has the music that it had.

    Raises:
        ConfigError: the configuration has other music for it, or none.
    """
    if track.tunes != entry.tunes:
        raise ConfigError(
            f"section {entry.number} was made with other music than [music] names now; name the "
            "show's file, hy-audio --config FILE regenerate ..., or build the episode again"
        )


def _damaged(entry: SectionEntry) -> ConfigError:
    """Says that the file of a section can't be used."""
    problem = f"the file of section {entry.number}, {entry.title}, is damaged"
    return ConfigError(f"{problem}; build the episode again")


def _stays(section: Section, entry: SectionEntry) -> Voiced:
    keys = tuple(u.clip for u in entry.utterances)
    return Voiced(section, entry.voice, keys, old=entry)


def _anew(section: Section, edit: SectionEdit, cast: Cast, main: Choice) -> Voiced:
    engine, _, name = edit.voice.partition(":")
    choice = Choice(engine, name, "as asked") if name else main
    speaker = cast.speaker(choice, edit.rate, edit.take)
    keys = tuple(map(speaker.key, section.utterances))
    return Voiced(section, voice_entry(speaker), keys, speaker)


def _with_clips(asked: _Asked, clips: tuple[Clip, ...]) -> _Asked:
    return replace(asked, clips=clips, warnings=tuple(clip.warnings for clip in clips))


def _unsaid(parts: Sequence[Spoken]) -> Iterator[tuple[Utterance, str]]:
    """What the voice could not say, and in which utterance."""
    for part in parts:
        for utterance, texts in zip(part.voiced.section.utterances, part.warnings, strict=True):
            yield from ((utterance, text) for text in texts)


# Looking ahead


def foresee(plan: Plan, report: Reporter) -> Preview | Forgetting:
    """What making the one section that may change would do; nothing is written, nothing spoken.

    Raises:
        ConfigError: the episode has other music, or another section is damaged.
        EngineError: the voice can't be used.
    """
    return asyncio.run(_foresee(plan, report))


async def _foresee(plan: Plan, report: Reporter) -> Preview | Forgetting:
    folder, form = plan.folder, plan.order.sound.form
    manifest, edits = episode.open_episode(folder), episode.read_edits(folder)
    old = {s.id: s for s in manifest.sections}
    for section in manifest.sections:
        if section.id != plan.only and not is_there(section, folder, form):
            raise _damaged(section)
    entry = old.get(plan.only)
    if entry is None:
        return Forgetting(plan.only, edits.of(plan.only))
    wish, cache = replace(plan.order.wish, store=""), plan.order.cache
    voice = manifest.voice
    async with Cast(wish, cache, cache, report) as cast:
        voiced = list(_voiced(plan, old, cast, Choice(voice.engine, voice.name, "as before")))
    n, one = next((n, v) for n, v in enumerate(voiced) if not v.old)
    track = tracks(voiced, plan.order.sound)[n]
    _keep_music(track, entry)
    store, keys = ClipStore(cache / CLIPS, cache), set(one.keys)
    is_stitched = recipe(track, form) != entry.recipe or not is_there(entry, folder, form)
    script = episode.read_script(folder)
    before = next(s.utterances for s in (script or plan.script).sections if s.id == entry.id)
    same = (
        (script and unsaid(script, ())) == unsaid(plan.script, ())
        and edits == plan.edits
        and episode.is_whole(folder, manifest)
    )
    return Preview(
        section=entry,
        others=len(voiced) - 1,
        before=before,
        after=one.section.utterances,
        is_written=is_stitched or not same,
        is_stitched=is_stitched,
        clips=len(keys),
        anew=sum(key not in store for key in keys) if is_stitched else 0,
        voice=f"{one.voice.engine}:{one.voice.name}",
        rate=one.voice.rate,
    )


# The manifest


def _revised(
    manifest: Manifest, previous: Manifest | None, plan: Plan
) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest with its history, and which sections sound otherwise, or are new.

    If nothing is otherwise, it is the old one.
    """
    old = {s.id: s.sha256 for s in previous.sections} if previous else {}
    changed = tuple(s.id for s in manifest.sections if old.get(s.id) != s.sha256)
    if previous is None:
        return manifest, changed
    before = revised(
        manifest, revision=previous.revision, history=previous.history, seal=previous.seal
    )
    if before == previous:
        return before, changed
    number = previous.revision + 1
    here = {s.id for s in manifest.sections}
    gone = tuple(one for one in old if one not in here)
    seal = previous.seal[:SEAL_DIGITS]
    line = Revision(number, plan.order.now, changed, plan.why, gone, plan.note, seal)
    return revised(manifest, revision=number, history=(*previous.history, line)), changed
