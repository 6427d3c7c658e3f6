"""What the command line prints when a command is done. Pure."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from hy_audio.article.model import Source, SourceWarning
from hy_audio.characters import has_han, line_number, line_starts
from hy_audio.check.model import Checked
from hy_audio.edition.order import Built, Forgetting, Preview
from hy_audio.edits import Edits
from hy_audio.episode import AUDIO
from hy_audio.manifest import Manifest
from hy_audio.publish.order import Fate, Outcome
from hy_audio.script.model import Utterance
from hy_audio.speech.prune import Holding, Pruned
from hy_audio.speech.registry import Listing

_AROUND = 2
"""Characters that are shown beside those that are read otherwise."""


def built_text(built: Built, page: Source) -> str:
    """Where the episode is, its chapters, and what to look at."""
    manifest = built.manifest
    voice = f"{manifest.voice.engine}:{manifest.voice.name}"
    head = f"{built.folder / AUDIO}  {clock(manifest.duration_ms)}  {voice}\n"
    starts = line_starts(page.text)
    warnings = (
        f"warning: {page.name}{_line(starts, w)}: {w.message}\n" for w in built.script.warnings
    )
    return head + sections_text(manifest, built.edits) + _news(built) + "".join(warnings)


def _line(starts: Sequence[int], warning: SourceWarning) -> str:
    return f", line {line_number(starts, warning.start)}" if warning.has_place else ""


def _news(built: Built) -> str:
    """What has changed since the build before; nothing after the first."""
    number, changed = built.manifest.revision, built.changed
    if number == 1:
        return ""
    numbers = [str(s.number) for s in built.manifest.sections if s.id in changed]
    gone = built.manifest.history[-1].gone if built.is_written else ()
    parts = (
        *([f"section {', '.join(numbers)} new or changed"] if numbers else []),
        *([f"{', '.join(gone)} gone"] if gone else []),
        f"{len(built.manifest.sections) - len(changed)} sections keep their bytes",
    )
    return f"revision {number}: {', '.join(parts)}\n"


def built_json(built: Built, page: Source) -> str:
    """The same for a program, on one line: several episodes make JSON Lines."""
    starts = line_starts(page.text)
    summary = {
        "source": page.name,
        "folder": str(built.folder),
        "duration_ms": built.manifest.duration_ms,
        "voice": built.manifest.voice,
        "clips": {"all": len(built.script.utterances), "spoken": built.spoken},
        "revision": built.manifest.revision,
        "changed": built.changed,
        "sections": list(_sections(built.manifest)),
        "warnings": [
            {
                "rule": w.rule,
                "line": line_number(starts, w.start) if w.has_place else None,
                "start": w.start,
                "end": w.end,
                "message": w.message,
            }
            for w in built.script.warnings
        ],
    }
    return msgspec.json.encode(summary).decode() + "\n"


def preview_text(preview: Preview | Forgetting) -> str:
    """What would be said otherwise, and what would be written."""
    if isinstance(preview, Forgetting):
        return (
            f"what was decided about {preview.section_id} ({preview.edit}) would be forgotten; "
            "every section stays\n"
        )
    return "".join(line + "\n" for line in _preview_lines(preview))


def _preview_lines(preview: Preview) -> Iterator[str]:
    section = preview.section
    yield f"section {section.number}  {section.title}  [{section.id}]"
    voice = f"{section.voice.engine}:{section.voice.name}"
    if preview.voice != voice:
        yield f"  voice  {preview.voice}, was {voice}"
    if preview.rate != section.voice.rate:
        yield f"  rate   {preview.rate}, was {section.voice.rate}"
    before, after = ([u.spoken for u in us] for us in (preview.before, preview.after))
    yield from (f"  - {text}" for text in before if text not in after)
    yield from (f"  + {text}" for text in after if text not in before)
    known = {u.spoken: u for u in preview.before}
    for utterance in preview.after:
        if utterance.spoken in known:
            yield from _readings(known[utterance.spoken], utterance)
    if not preview.is_written:
        yield "nothing would change"
    elif not preview.is_stitched:
        yield "a revision would be written; every section would sound as before"
    else:
        yield (
            f"{preview.anew} of {preview.clips} clips would be asked for; {section.file}, {AUDIO}, "
            f"chapters, transcripts and manifest written; {preview.others} other sections stay"
        )


def _readings(before: Utterance, after: Utterance) -> Iterator[str]:
    """What is read otherwise, each with the characters around it."""
    places = [n for n, c in enumerate(after.spoken) if has_han(c)]
    syllables = list(zip(places, before.pinyin, after.pinyin, strict=True))
    for is_other, run in groupby(syllables, key=lambda one: one[1] != one[2]):
        if is_other:
            at, was, now = zip(*run, strict=True)
            around = after.spoken[max(0, at[0] - _AROUND) : at[-1] + 1 + _AROUND]
            yield f"  ~ {around}: {' '.join(now)}, was {' '.join(was)}"


def preview_json(preview: Preview | Forgetting) -> str:
    """The same for a program."""
    if isinstance(preview, Forgetting):
        return _json({"forgets": preview.section_id, "decided": str(preview.edit)})
    section = preview.section
    return _json(
        {
            "section": {"number": section.number, "id": section.id, "title": section.title},
            "changes": {"files": preview.is_written, "sound": preview.is_stitched},
            "clips": {"all": preview.clips, "asked": preview.anew},
            "before": [u.spoken for u in preview.before],
            "after": [u.spoken for u in preview.after],
            "voice": preview.voice,
            "rate": preview.rate,
            "other_sections": preview.others,
        }
    )


def regenerated_text(built: Built, why: str = "") -> str:
    """What has changed, or that nothing has.

    Args:
        built: the episode.
        why: what the editor wants listeners to be told of it.
    """
    manifest = built.manifest
    if built.is_written and not built.changed:
        unheard = ", so listeners are not told why" if why else ""
        return f"revision {manifest.revision} is written; every section sounds as before{unheard}\n"
    if not built.changed:
        return (
            "nothing has changed: the voice says this section as before; "
            "--say, --text, --rate or --voice make a difference\n"
        )
    places = "".join(
        f"{built.folder / s.file}  {clock(s.duration_ms)}  {s.title}\n"
        for s in manifest.sections
        if s.id in built.changed
    )
    stay = len(manifest.sections) - len(built.changed)
    return (
        f"{places}{built.folder / AUDIO}  {clock(manifest.duration_ms)}  "
        f"revision {manifest.revision}; {stay} other sections keep their bytes\n"
    )


def regenerated_json(built: Built) -> str:
    """The same for a program."""
    manifest = built.manifest
    summary = {
        "folder": str(built.folder),
        "revision": manifest.revision,
        "changed": built.changed,
        "clips_spoken": built.spoken,
        "duration_ms": manifest.duration_ms,
        "sections": list(_sections(manifest)),
    }
    return msgspec.json.encode(summary).decode() + "\n"


def checked_text(checked: Checked) -> str:
    """How loud everything is, and what is off."""
    levels = "".join(
        f"{lvl.integrated_lufs:8.2f} LUFS {lvl.peak_dbtp:7.2f} dBTP  {lvl.place}\n"
        for lvl in checked.levels
    )
    found = "".join(
        ": ".join(filter(None, ("off" if f.is_off else "note", f.check, f.place, f.problem))) + "\n"
        for f in checked.found
    )
    count = sum(f.is_off for f in checked.found)
    off = "1 thing is off" if count == 1 else f"{count} things are off"
    damaged = any(f.is_off and f.check in ("files", "frames") for f in checked.found)
    advice = "; hy-audio build makes damaged files again" if damaged else ""
    end = f"{off}{advice}" if count else "all is as it should be"
    return f"{checked.folder}\n{levels}{found}{end}\n"


def checked_json(checked: Checked) -> str:
    """The same for a program, on one line."""
    summary = {
        "folder": str(checked.folder),
        "title": checked.title,
        "good": checked.is_good,
        "levels": [
            {
                "place": level.place,
                "integrated_lufs": _finite(level.integrated_lufs),
                "peak_dbtp": _finite(level.peak_dbtp),
            }
            for level in checked.levels
        ],
        "found": [msgspec.to_builtins(found) for found in checked.found],
    }
    return msgspec.json.encode(summary).decode() + "\n"


def _finite(figure: float) -> float | None:
    return round(figure, 2) if math.isfinite(figure) else None


def published_text(done: Outcome, *, dry_run: bool) -> str:
    """What became of each episode, which files were written, and where the feed is."""
    return "".join(line + "\n" for line in _published_lines(done, dry_run))


def _published_lines(done: Outcome, dry_run: bool) -> Iterator[str]:
    would = "would be " if dry_run else ""
    for one in done.decisions:
        if one.fate is not Fate.SAME:
            why = f": {one.why}" if one.why else ""
            yield f"{one.fate:<10} {one.slug}  {one.title}".rstrip() + why
    same = sum(one.fate is Fate.SAME for one in done.decisions)
    if same:
        yield f"{same} published before, unchanged"
    if dry_run:
        yield from (f"  write   {name}" for name in done.written)
        yield from (f"  remove  {name}" for name in done.removed)
    removed = f", {len(done.removed)} {would}removed" if done.removed else ""
    count = len(done.written)
    yield f"{count} {'file' if count == 1 else 'files'} {would}written{removed}"
    yield from (f"note: {note}" for note in done.notes)
    yield done.feed_url


def published_json(done: Outcome, *, dry_run: bool) -> str:
    """The same for a program."""
    return _json({"dry_run": dry_run, **msgspec.to_builtins(done)})


def sections_text(manifest: Manifest, edits: Edits) -> str:
    """A line for each section: number, start, length, title, id, what was decided about it."""
    return "".join(
        f"{s.number:>4}  {clock(s.start_ms):>8}  {clock(s.duration_ms):>7}  {s.title}  [{s.id}]"
        f"  {edits.of(s.id)}".rstrip()
        + "\n"
        for s in manifest.sections
    )


def sections_json(manifest: Manifest) -> str:
    """The same for a program."""
    return _json(list(_sections(manifest)))


def voices_text(listing: Sequence[Listing]) -> str:
    """A line for each voice; an engine that can't be used says why."""
    return "".join(line + "\n" for line in _voice_lines(listing))


def _voice_lines(listing: Sequence[Listing]) -> Iterator[str]:
    for entry in listing:
        for voice in entry.voices:
            mark = "  (default)" if voice.name == entry.default_voice else ""
            name = f"{entry.engine}:{voice.name}"
            yield f"{name:<30} {voice.language:<6} {voice.gender}{mark}".rstrip()
        if entry.problem:
            yield f"{entry.engine}: not available: {entry.problem}"


def voices_json(listing: Sequence[Listing]) -> str:
    """The same for a program."""
    return _json([msgspec.to_builtins(entry) for entry in listing])


def cache_text(place: str, holdings: Sequence[Holding], now_s: float) -> str:
    """A line for each thing in the cache: how much there is, and how long it was not used."""
    lines = [f"{place}\n"]
    for h in holdings:
        used = f"  used {ago(now_s - h.newest_s)} to {ago(now_s - h.oldest_s)} ago"
        lines.append(
            f"{h.name:<10} {h.count:>6} files {size(h.size):>9}{used if h.count else ''}\n"
        )
    return "".join(lines)


def cache_json(place: str, holdings: Sequence[Holding]) -> str:
    """The same for a program."""
    return _json({"folder": place, "holdings": [msgspec.to_builtins(h) for h in holdings]})


def pruned_text(pruned: Pruned) -> str:
    """How much went, and how much is left."""
    removed, left, left_over = pruned.removed, pruned.left, pruned.left_over
    more = f"; {left_over.count} unfinished files removed too" if left_over.count else ""
    return (
        f"{removed.count} clips removed, {size(removed.size)}; "
        f"{left.count} left, {size(left.size)}{more}\n"
    )


def pruned_json(pruned: Pruned) -> str:
    """The same for a program."""
    return _json(msgspec.to_builtins(pruned))


def size(count: int) -> str:
    """A number of bytes for people: 512 B, 3.4 MB."""
    steps = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "KB"))
    for length, unit in steps:
        if count >= length:
            return f"{count / length:.1f} {unit}"
    return f"{count} B"


def ago(seconds: float) -> str:
    """A time that has passed, for people: 5 min, 3 h, 12 d."""
    steps = ((86_400, "d"), (3600, "h"), (60, "min"))
    for length, unit in steps:
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return "0 min"


def clock(ms: int) -> str:
    """A time as a player shows it, to the nearest second: 4:05 or 1:04:05."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _sections(manifest: Manifest) -> Iterator[dict[str, object]]:
    for s in manifest.sections:
        yield {
            "number": s.number,
            "id": s.id,
            "title": s.title,
            "start_ms": s.start_ms,
            "duration_ms": s.duration_ms,
            "voice": f"{s.voice.engine}:{s.voice.name}",
            "rate": s.voice.rate,
        }


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n"
