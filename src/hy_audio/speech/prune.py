"""What lies in the cache, and which clips of it may go.

Nothing is ever removed but clips, and files that were begun a day ago and never finished.

A build lays out the clips that it uses in a folder of its own, so a clip may go at any time.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hy_audio.errors import ConfigError
from hy_audio.files import UNFINISHED
from hy_audio.speech.store import CLIPS, ENTRY

_MADE = ("models", "voices")
"""Folders of the cache in which files stand that were made whole, besides the clips'."""
LEFT_OVER_S = 24 * 3600
"""A file that was begun and not finished is left over when it is a day old."""

_AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([a-z]+)", re.ASCII | re.IGNORECASE)
_BYTES = {
    unit: base**power
    for base, units in ((1000, "b kb mb gb tb"), (1024, "b kib mib gib tib"))
    for power, unit in enumerate(units.split())
}
_SECONDS = {"h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the cache."""

    path: Path
    """Where it is."""
    size: int
    """Its length in bytes."""
    used_s: float
    """When it was last used or written, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one folder of the cache holds."""

    name: str
    """`clips`, `models`, or another; `left over` for files that were never finished."""
    count: int
    """How many files."""
    size: int
    """Their bytes."""
    oldest_s: float = 0.0
    """When the one that was not used for longest was used, in seconds since 1970."""
    newest_s: float = 0.0
    """When the last one was used."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What came of pruning."""

    removed: Holding
    """The clips that are gone."""
    left: Holding
    """The clips that are still there."""
    left_over: Holding
    """Files that were never finished, and are gone too."""


# What may go: pure


def size_of(text: str) -> int:
    """Bytes of `500MB`, `2GB` or `1.5GiB`.

    Raises:
        ConfigError: it is no size.
    """
    return round(_amount(text, _BYTES, "a size is like 500MB, 2GB or 1.5GiB"))


def age_of(text: str) -> float:
    """Seconds of `12h`, `30d` or `8w`.

    Raises:
        ConfigError: it is no age.
    """
    return _amount(text, _SECONDS, "an age is like 12h, 30d or 8w")


def _amount(text: str, units: dict[str, int], form: str) -> float:
    match = _AMOUNT.fullmatch(text.strip())
    unit = units.get(match[2].lower()) if match else None
    if match is None or unit is None:
        raise ConfigError(f"{text!r} can't be read; {form}")
    return float(match[1]) * unit


def doomed(
    clips: Sequence[File], now_s: float, most_bytes: int | None, most_age_s: float | None
) -> tuple[File, ...]:
    """The clips that have to go, those that were not used for longest first.

    Args:
        clips: all there are.
        now_s: the time, in seconds since 1970.
        most_bytes: what all that stay may take; None for any.
        most_age_s: for how long they may have been unused; None for any.
    """
    over = sum(clip.size for clip in clips) - most_bytes if most_bytes is not None else 0
    going = []
    for clip in sorted(clips, key=lambda c: (c.used_s, c.path)):
        stale = most_age_s is not None and now_s - clip.used_s > most_age_s
        if not stale and over <= 0:
            break
        going.append(clip)
        over -= clip.size
    return tuple(going)


def held(name: str, files: Sequence[File]) -> Holding:
    """Files added up."""
    times = [file.used_s for file in files]
    total = sum(file.size for file in files)
    return Holding(name, len(files), total, min(times, default=0.0), max(times, default=0.0))


# Files


def look(cache: Path, now_s: float) -> list[Holding]:
    """What each folder of the cache holds: the clips first, then the others by name.

    Raises:
        OSError: it can't be read.
    """
    holdings = [held(CLIPS, list(_clips(cache)))]
    left_over = set(_left_over(cache, now_s))
    if left_over:
        holdings.append(held("left over", list(left_over)))
    others = sorted(folder.name for folder in _folders(cache) if folder.name != CLIPS)
    found = {name: [f for f in _below(cache / name) if f not in left_over] for name in others}
    return holdings + [held(name, files) for name, files in found.items()]


def prune(
    cache: Path, now_s: float, most_bytes: int | None = None, most_age_s: float | None = None
) -> Pruned:
    """Remove clips until the limits are kept (see `doomed`), and what was never finished.

    Builds may run meanwhile.

    Raises:
        OSError: a file can't be removed.
    """
    clips = list(_clips(cache))
    going = set(_removed(doomed(clips, now_s, most_bytes, most_age_s)))
    left_over = _removed(_left_over(cache, now_s))
    return Pruned(
        removed=held(CLIPS, list(going)),
        left=held(CLIPS, [clip for clip in clips if clip not in going]),
        left_over=held("left over", list(left_over)),
    )


def _removed(files: Iterable[File]) -> Iterator[File]:
    """Remove files and tell which; one that is gone already was removed by somebody else."""
    for file in files:
        file.path.unlink(missing_ok=True)
        yield file


def _clips(cache: Path) -> Iterator[File]:
    return _store(cache, lambda folder, name: bool(ENTRY.fullmatch(name)) and name[:2] == folder)


def _left_over(cache: Path, now_s: float) -> Iterator[File]:
    """What a process that was killed has not finished."""
    yield from _old(_store(cache, lambda _, name: bool(UNFINISHED.fullmatch(name))), now_s)
    for folder in _folders(cache):
        if folder.name in _MADE:
            begun = (e for e in _scan(Path(folder.path)) if UNFINISHED.fullmatch(e.name))
            yield from _old((file for entry in begun for file in _file(entry)), now_s)


def _old(begun: Iterable[File], now_s: float) -> Iterator[File]:
    return (file for file in begun if now_s - file.used_s > LEFT_OVER_S)


def _store(cache: Path, ours: Callable[[str, str], bool]) -> Iterator[File]:
    """Those files in the folders of the clip store that are ours, by folder and name."""
    for folder in _folders(cache / CLIPS):
        if re.fullmatch("[0-9a-f]{2}", folder.name):
            for entry in _scan(Path(folder.path)):
                if ours(folder.name, entry.name):
                    yield from _file(entry)


def _below(folder: Path) -> Iterator[File]:
    for entry in _scan(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        else:
            yield from _file(entry)


def _folders(folder: Path) -> "Iterator[os.DirEntry[str]]":
    return (entry for entry in _scan(folder) if entry.is_dir(follow_symlinks=False))


def _scan(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _file(entry: "os.DirEntry[str]") -> Iterator[File]:
    """It, if it is a file and still there."""
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISREG(found.st_mode):
        yield File(Path(entry.path), found.st_size, found.st_mtime)
