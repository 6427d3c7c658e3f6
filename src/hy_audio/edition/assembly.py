"""From a script and its clips to the files of an episode: tracks, sections, texts, manifest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hy_audio import episode
from hy_audio.edition.people import named
from hy_audio.edits import Edits
from hy_audio.errors import ConfigError
from hy_audio.manifest import (
    VERSION,
    LabelEntry,
    Manifest,
    PageEntry,
    SectionEntry,
    SoundEntry,
    UtteranceEntry,
    VoiceEntry,
)
from hy_audio.script.captions import cues
from hy_audio.script.model import Script, Section, Utterance
from hy_audio.script.saved import as_json
from hy_audio.speech.speak import Speaker
from hy_audio.stitch import containers, timeline, transcript
from hy_audio.stitch.label import Label
from hy_audio.stitch.model import Chapter, Cue, Line, Placed, Stitched, Tags, Track, Tune
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.mux import id3, mux, printable


@dataclass(frozen=True, slots=True)
class Music:
    """The show's music."""

    opening: Path | None = None
    """Before the first word of an episode."""
    closing: Path | None = None
    """After the last."""
    bed: Path | None = None
    """Under the words."""
    bed_everywhere: bool = False
    """Whether under those of every section, or of the opening alone."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What the episode sounds like around the voice."""

    form: Format = field(default_factory=Format)
    """Rate, channels and bit rate."""
    music: Music = field(default_factory=Music)
    """The show's music."""
    label: Label = field(default_factory=Label)
    """How it says that the voice is synthetic."""
    cover: Path | None = None
    """A picture, JPEG or PNG."""
    formats: tuple[str, ...] | None = None
    """What is made besides MP3, of `containers.CONTAINERS`; None for what there is already."""


# Tracks


def tunes(music: Music) -> dict[Path, Tune]:
    """The pieces of music, each with its hash.

    Raises:
        ConfigError: one can't be read.
    """
    found = {}
    for path in filter(None, (music.opening, music.closing, music.bed)):
        try:
            found[path] = Tune(path, episode.file_entry(path).sha256)
        except OSError as error:
            problem = f"the music {path} can't be read ({error.strerror})"
            raise ConfigError(f"{problem}; correct [music] or leave it out") from error
    return found


@dataclass(frozen=True, slots=True)
class Voiced:
    """A section and who speaks it."""

    section: Section
    """As it is written."""
    voice: VoiceEntry
    """Who."""
    keys: tuple[str, ...]
    """Of its clips."""
    speaker: Speaker | None = None
    """The voice itself; None if the section stays as it is."""
    old: SectionEntry | None = None
    """The section of the episode as it is, if it stays so."""


def tracks(voiced: Sequence[Voiced], sound: Sound) -> tuple[Track, ...]:
    """What is heard in each section.

    Raises:
        ConfigError: a piece of music can't be read.
    """
    music, known = sound.music, tunes(sound.music)
    last = len(voiced) - 1
    return tuple(
        Track(
            title=one.section.title,
            speaker=f"{one.voice.engine}:{one.voice.name}",
            lines=tuple(map(_line, one.section.utterances, one.keys)),
            rhythm=sound.label.rhythm and n == 0,
            opening=known[music.opening] if music.opening and n == 0 else None,
            bed=known[music.bed] if music.bed and (n == 0 or music.bed_everywhere) else None,
            closing=known[music.closing] if music.closing and n == last else None,
        )
        for n, one in enumerate(voiced)
    )


def _line(utterance: Utterance, key: str) -> Line:
    placed = [
        (start + offset, text)
        for start, sentence in zip(utterance.starts, utterance.sentences, strict=True)
        for offset, text in cues(sentence)
    ]
    starts, texts = zip(*placed, strict=True)
    return Line(key, texts, starts, len(utterance.spoken), utterance.pause_ms)


def kept(entry: SectionEntry, folder: Path, path: Path, form: Format) -> Stitched | None:
    """The section of the old episode under its new name, if its file is still what it was."""
    old = folder / entry.file
    if not is_there(entry, folder, form):
        return None
    episode.link(old, path)
    placed = tuple(Placed(u.start_ms, u.end_ms, u.texts_ms) for u in entry.utterances)
    return Stitched(path, entry.frames, entry.sha256, entry.gain_db, placed)


def is_there(entry: SectionEntry, folder: Path, form: Format) -> bool:
    """Whether the file of a section is what the manifest tells of it."""
    path = folder / entry.file
    return (
        path.is_file()
        and form.frames(path.stat().st_size) == entry.frames
        and episode.file_entry(path).sha256 == entry.sha256
    )


# The folder


@dataclass(frozen=True, slots=True)
class Spoken:
    """A section with all that became of it."""

    voiced: Voiced
    """As it is written, and who speaks it."""
    track: Track
    """As it was asked for."""
    stitched: Stitched
    """As it is heard."""
    recipe: str
    """Hash of all that decides that."""
    warnings: tuple[tuple[str, ...], ...]
    """What the voice could not say, of each utterance."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that an episode is made of."""

    slug: str
    """Name of its folder."""
    guid: str
    """Its permanent name."""
    show: str
    """The podcast."""
    date: str
    """ISO 8601 date, or empty."""
    disclosure: str
    """The line that says the voice is synthetic."""
    source: str
    """Where the article came from."""
    text: str
    """The page."""
    page: PageEntry
    """What was told of it."""
    script: Script
    """What is said."""
    edits: Edits
    """What an editor decided about single sections."""
    voice: VoiceEntry
    """Who speaks."""
    sound: Sound
    """What is around the voice."""
    cover: Path | None
    """The picture, in the folder."""
    parts: tuple[Spoken, ...]
    """The sections."""


def assemble(staged: Path, edition: Edition) -> Manifest:
    """Write all files of an episode but the sections, which are there, and the manifest.

    Returns:
        The manifest of a first revision.

    Raises:
        OSError: something can't be written.
    """
    script, sound, parts = edition.script, edition.sound, edition.parts
    form, label = sound.form, sound.label
    frames = [part.stitched.frames for part in parts]
    times_ms = timeline.starts_ms(frames, form)
    chapters = timeline.chapters([p.track.title for p in parts], times_ms)
    timed = list(_cues(parts, times_ms))
    aigc = label.aigc(edition.show, edition.slug)
    tags = Tags(
        title=printable(script.title),
        artist=printable(script.byline),
        album=printable(edition.show),
        date=edition.date,
        label=aigc,
        disclosure=edition.disclosure if label.sound != "off" else "",
        text="\n".join(utterance.display for utterance in script.utterances),
        cover=edition.cover,
    )
    names = _write_texts(staged, edition, chapters, tags, timed)
    paths = [part.stitched.path for part in parts]
    mux(staged / episode.AUDIO, paths, sum(frames), chapters, tags, form)
    formats = sound.formats or ()
    others = [f"{episode.STEM}.{suffix}" for suffix in formats]
    for name in others:
        containers.write(staged / name, paths, chapters, tags, form)
    names += [episode.AUDIO, *others, *([edition.cover.name] if edition.cover else [])]
    return Manifest(
        version=VERSION,
        slug=edition.slug,
        guid=edition.guid,
        title=script.title,
        byline=script.byline,
        people=named(script, edition.text),
        show=edition.show,
        date=edition.date,
        duration_ms=times_ms[-1],
        source=edition.source,
        page=edition.page,
        voice=edition.voice,
        sound=SoundEntry(form.rate_hz, form.channels, form.kbps, formats),
        label=LabelEntry(label.sound, aigc, edition.disclosure),
        sections=_section_entries(parts, times_ms),
        files={name: episode.file_entry(staged / name) for name in sorted(names)},
    )


def _cues(parts: Sequence[Spoken], times_ms: Sequence[int]) -> Iterator[Cue]:
    for part, begin_ms in zip(parts, times_ms, strict=False):
        yield from timeline.cues(begin_ms, part.track.lines, part.stitched.placed)


def take_cover(picture: Path, staged: Path, form: Format) -> Path:
    """The cover, copied into the folder.

    Raises:
        ConfigError: it can't be read, or is neither JPEG nor PNG.
        MediaError: it can't be put into an MP3.
    """
    try:
        data = picture.read_bytes()
    except OSError as error:
        problem = f"the cover {picture} can't be read ({error.strerror})"
        raise ConfigError(f"{problem}; correct [show] cover or leave it out") from error
    suffix = next((suffix for start, suffix in _PICTURES.items() if data.startswith(start)), None)
    if suffix is None:
        raise ConfigError(f"the cover {picture} is neither a JPEG nor a PNG picture; convert it")
    path = staged / f"{episode.COVER}{suffix}"
    path.write_bytes(data)
    id3((), Tags("", cover=path), form)
    return path


_PICTURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
"""How a file begins, and the suffix it gets."""


def _write_texts(
    staged: Path, edition: Edition, chapters: Sequence[Chapter], tags: Tags, cues: Sequence[Cue]
) -> list[str]:
    """Write the files of text.

    Returns:
        Their names.
    """
    vtt, srt = episode.TRANSCRIPTS
    texts = {
        episode.SOURCE: edition.text.encode(),
        episode.SCRIPT: as_json(edition.script, edition.text),
        episode.CHAPTERS: transcript.chapters_json(chapters, tags),
        episode.DESCRIPTION: transcript.description(chapters, tags).encode(),
        vtt: transcript.vtt(cues).encode(),
        srt: transcript.srt(cues).encode(),
    }
    if edition.edits.sections:
        texts[episode.EDITS] = edition.edits.as_json()
    for name, data in texts.items():
        (staged / name).write_bytes(data)
    return list(texts)


def _section_entries(parts: Sequence[Spoken], times_ms: Sequence[int]) -> tuple[SectionEntry, ...]:
    """The sections for the manifest."""
    return tuple(map(_section_entry, parts, times_ms, times_ms[1:]))


def _section_entry(part: Spoken, start_ms: int, end_ms: int) -> SectionEntry:
    section, stitched = part.voiced.section, part.stitched
    utterances = zip(
        section.utterances, part.track.lines, stitched.placed, part.warnings, strict=True
    )
    return SectionEntry(
        number=section.number,
        id=section.id,
        title=section.title,
        file=episode.section_file(section.number, section.id),
        start_ms=start_ms,
        duration_ms=end_ms - start_ms,
        frames=stitched.frames,
        sha256=stitched.sha256,
        recipe=part.recipe,
        gain_db=stitched.gain_db,
        voice=part.voiced.voice,
        tunes=part.voiced.old.tunes if part.voiced.old else part.track.tunes,
        utterances=tuple(
            UtteranceEntry(u.id, line.key, at.start_ms, at.end_ms, at.texts_ms, warnings)
            for u, line, at, warnings in utterances
        ),
    )
