"""The pipeline: the only file that knows every stage."""

import asyncio
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from os import cpu_count
from pathlib import Path

from filelock import FileLock, Timeout

from hy_audio import episode
from hy_audio.article.model import SourceWarning
from hy_audio.article.parse import parse
from hy_audio.article.read import STANDARD_INPUT, Source
from hy_audio.episode import BegunVoice, Manifest, SectionEntry, UtteranceEntry, VoiceEntry
from hy_audio.errors import ConfigError
from hy_audio.progress import Reporter, Tally
from hy_audio.script.compose import compose
from hy_audio.script.model import Role, Script, Section
from hy_audio.script.report import as_json
from hy_audio.script.settings import Settings
from hy_audio.script.slug import slug
from hy_audio.speech.guard import close
from hy_audio.speech.model import Clip, Prosody, Setup
from hy_audio.speech.policy import Policy
from hy_audio.speech.registry import AUTO, TONES, Choice, choose, provider
from hy_audio.speech.shelf import forgiving
from hy_audio.speech.speak import ClipEvent, Speaker, speak_all
from hy_audio.speech.store import CLIPS, ClipStore
from hy_audio.stitch import timeline, transcript
from hy_audio.stitch.model import Chapter, Cue, Placed, Stitched, Tags, Take, Track
from hy_audio.stitch.mux import mux
from hy_audio.stitch.section import recipe, stitch

_BEGUN = "as the episode was begun; to begin anew with another, name it with --voice"

_BODY = (Role.HEADING, Role.PARAGRAPH, Role.ITEM, Role.VERSE, Role.CAPTION)


@dataclass(frozen=True, slots=True)
class Order:
    """What the editor wants."""

    output: Path
    """Folder that holds the episode folders."""
    cache: Path
    """Folder for things that can be made again: clips, models, locks."""
    voice: str = AUTO
    """`auto`, an engine, or `engine:voice`."""
    rate: float = 1.0
    """Speed; 1.0 is the voice's own."""
    date: str = ""
    """ISO 8601 date of the edition; empty for the date that the page tells, if any."""
    read_captions: bool = True
    """Whether captions are spoken."""
    settings: Settings = field(default_factory=Settings)
    """What is said around the article."""
    engines: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Settings of each engine, by its name."""
    proxy: str = ""
    """Proxy for engines that go online; empty for what the environment says."""
    device: str = ""
    """What engines that compute run on; empty for their default."""
    store: str = ""
    """Address of a shelf behind the clip store; empty for none."""
    policy: Policy = field(default_factory=Policy)
    """How patient to be with an engine."""

    def setup(self, engine: str) -> Setup:
        """What an engine may know of all that."""
        return Setup(self.cache, self.engines.get(engine, {}), self.proxy, self.device)


@dataclass(frozen=True, slots=True)
class Built:
    """An episode that is there."""

    folder: Path
    """Where it is."""
    manifest: Manifest
    """What it holds."""
    script: Script
    """What it says."""
    spoken: int
    """How many clips had to be spoken anew; the others were in the store."""


def read_script(source: Source, order: Order) -> Script:
    """From a page to its script.

    Raises:
        ScriptError: nothing on the page is spoken.
    """
    article = parse(source.text, hints=source.hints, read_captions=order.read_captions)
    script = compose(article, order.settings)
    return _warned(script, source.warnings)


def build(source: Source, order: Order, report: Reporter) -> Built:
    """Build an episode, or bring the one that is there up to date.

    Whatever goes wrong, the old episode stays whole, and the clips made so far are kept.

    Raises:
        HyAudioError: see the stages.
        OSError: something can't be written.
    """
    order = replace(order, date=order.date or source.date)
    script = read_script(source, order)
    name = "-".join(filter(None, (order.date, slug(script.title))))
    folder = order.output / name
    if folder.is_symlink():
        folder = folder.resolve()
    with _only_build(folder):
        episode.recover(folder)
        _check_same_article(folder, source, script)
        staged = episode.stage(folder)
        try:
            before = _lasting(episode.read_manifest(folder))
            built = _make(source, script, order, folder, staged, report)
            if before and not _lasting(built.manifest):
                episode.keep_voice(folder, BegunVoice(before.engine, before.name))
            episode.commit(staged, folder)
            if _lasting(built.manifest):
                episode.forget_voice(folder)
        finally:
            episode.discard(staged)
    return built


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
    before = episode.read_spoken(folder) if previous else None
    if previous is None or before is None:
        return
    old = _pairs(text for kind, text in before if kind in _BODY)
    new = _pairs(u.spoken for u in script.utterances if u.role in _BODY)
    share = 0.25 if previous.source == source.name != STANDARD_INPUT else 0.9
    if len(old & new) < share * min(len(old), len(new)):
        raise ConfigError(
            f"{folder} holds another article with this headline; give this one a --date or --title"
        )


def _pairs(texts: Iterable[str]) -> set[str]:
    """All pairs of neighbouring characters: an edited text keeps most of them."""
    return {a + b for text in texts for a, b in pairwise(text)}


def _make(
    source: Source,
    script: Script,
    order: Order,
    folder: Path,
    staged: Path,
    report: Reporter,
) -> Built:
    """Speak, stitch and write everything into the staged folder."""
    previous = episode.read_manifest(folder)
    bench = staged / "clips"
    voice, clips, spoken = asyncio.run(_speak(script, order, folder, previous, bench, report))
    script = _with_warnings(script, clips)
    report.stage("stitching")
    tracks = list(_tracks(script, clips))
    stitched = _stitch(tracks, script.sections, staged, folder, previous)
    chapters = timeline.chapters([t.title for t in tracks], [s.frames for s in stitched])
    shutil.rmtree(bench)
    tags = Tags(script.title, script.byline, order.settings.show, order.date)
    _write_texts(staged, source, script, chapters, tags, list(_cues(chapters, tracks, stitched)))
    mux(staged / episode.AUDIO, [s.path for s in stitched], chapters, tags)
    manifest = Manifest(
        version=episode.VERSION,
        slug=folder.name,
        title=script.title,
        byline=script.byline,
        show=order.settings.show,
        date=order.date,
        source=source.name,
        duration_ms=chapters[-1].end_ms,
        voice=voice,
        sections=tuple(map(_section_entry, script.sections, tracks, stitched, chapters)),
        files={name: episode.file_entry(staged / name) for name in episode.FILES},
    )
    episode.write_manifest(staged, manifest)
    return Built(folder, manifest, script, spoken)


# Speech


async def _speak(
    script: Script,
    order: Order,
    folder: Path,
    previous: Manifest | None,
    bench: Path,
    report: Reporter,
) -> tuple[VoiceEntry, tuple[Clip, ...], int]:
    """One voice for the whole edition, decided before the first clip."""
    behind = forgiving(order.store, report.note)
    choice = await _choose(order, previous, folder)
    if not _lasting(previous) and choice.engine != TONES:
        episode.keep_voice(folder, BegunVoice(choice.engine, choice.voice))
    report.stage("speaking", f"with {choice} ({choice.reason})")
    engine = provider(choice.engine, order.setup).open()
    speaker = Speaker(choice.engine, engine, choice.voice, Prosody(order.rate))
    store = ClipStore(order.cache / CLIPS, bench, behind)
    tally = Tally(len(script.utterances))

    def tell(event: ClipEvent) -> None:
        tally.count(event)
        report.clip(event, tally)

    try:
        clips = await speak_all(script.utterances, speaker, store, tell, order.policy)
    finally:
        await close(choice.engine, engine, report.note)
    report.note(f"{tally.total} clips, {tally.spoken} of them spoken anew")
    entry = VoiceEntry(choice.engine, choice.voice, order.rate, engine.fingerprint)
    return entry, clips, tally.spoken


async def _choose(order: Order, previous: Manifest | None, folder: Path) -> Choice:
    """An episode keeps the voice it was spoken or begun with, unless another is asked for."""
    if order.voice == AUTO:
        if lasting := _lasting(previous):
            return Choice(lasting.engine, lasting.name, "as before")
        if begun := episode.begun_voice(folder):
            return Choice(begun.engine, begun.name, _BEGUN)
    return await choose(order.voice, order.setup)


def _lasting(previous: Manifest | None) -> VoiceEntry | None:
    """The voice that an episode keeps. Tones are a dry run: they are never kept."""
    return previous.voice if previous and previous.voice.engine != TONES else None


def _with_warnings(script: Script, clips: Sequence[Clip]) -> Script:
    """The script with what its engine could not say, at the place in the source."""
    found = [
        SourceWarning("no-sound", *utterance.source, warning)
        for utterance, clip in zip(script.utterances, clips, strict=True)
        for warning in clip.warnings
    ]
    return _warned(script, found)


def _warned(script: Script, found: Sequence[SourceWarning]) -> Script:
    """The script with more warnings, all in the order of their places."""
    warnings = sorted((*script.warnings, *found), key=lambda w: w.start)
    return replace(script, warnings=tuple(warnings))


# Stitching


def _tracks(script: Script, clips: Sequence[Clip]) -> Iterator[Track]:
    following = iter(clips)
    for section in script.sections:
        takes = [
            Take(next(following), tuple(s.display for s in u.sentences), u.starts, u.pause_ms)
            for u in section.utterances
        ]
        yield Track(section.title, tuple(takes))


def _stitch(
    tracks: Sequence[Track],
    sections: Sequence[Section],
    staged: Path,
    folder: Path,
    previous: Manifest | None,
) -> list[Stitched]:
    """Stitch the sections, as many at a time as there are cores; take over what has not changed."""
    known = {s.recipe: s for s in previous.sections} if previous else {}

    def one(track: Track, section: Section) -> Stitched:
        path = staged / episode.section_file(section.number, section.id)
        entry = known.get(recipe(track))
        if entry and (taken := _take_over(entry, folder, path)):
            return taken
        return stitch(track, path)

    with ThreadPoolExecutor(cpu_count()) as pool:
        return list(pool.map(one, tracks, sections))


def _take_over(entry: SectionEntry, folder: Path, path: Path) -> Stitched | None:
    """The section of the old episode under its new name, if its file is still what it was."""
    old = folder / entry.file
    if not old.is_file() or episode.file_entry(old).sha256 != entry.sha256:
        return None
    episode.link(old, path)
    placed = tuple(Placed(u.start_ms, u.end_ms, u.sentences_ms) for u in entry.utterances)
    return Stitched(path, entry.frames, entry.sha256, placed)


def _cues(
    chapters: Sequence[Chapter], tracks: Sequence[Track], stitched: Sequence[Stitched]
) -> Iterator[Cue]:
    for chapter, track, section in zip(chapters, tracks, stitched, strict=True):
        yield from timeline.cues(chapter, track.takes, section.placed)


# The folder


def _write_texts(
    staged: Path,
    source: Source,
    script: Script,
    chapters: Sequence[Chapter],
    tags: Tags,
    cues: Sequence[Cue],
) -> None:
    vtt, srt = episode.TRANSCRIPTS
    texts = {
        episode.SOURCE: source.text.encode(),
        episode.SCRIPT: as_json(script, source.text),
        episode.CHAPTERS: transcript.chapters_json(chapters, tags),
        vtt: transcript.vtt(cues).encode(),
        srt: transcript.srt(cues).encode(),
    }
    for name, data in texts.items():
        (staged / name).write_bytes(data)


def _section_entry(
    section: Section, track: Track, stitched: Stitched, chapter: Chapter
) -> SectionEntry:
    return SectionEntry(
        number=section.number,
        id=section.id,
        title=section.title,
        file=episode.section_file(section.number, section.id),
        start_ms=chapter.start_ms,
        duration_ms=chapter.end_ms - chapter.start_ms,
        frames=stitched.frames,
        sha256=stitched.sha256,
        recipe=recipe(track),
        utterances=tuple(
            UtteranceEntry(u.id, take.clip.key, p.start_ms, p.end_ms, p.sentences_ms)
            for u, take, p in zip(section.utterances, track.takes, stitched.placed, strict=True)
        ),
    )
