"""The episode folder: its manifest, and how a new one takes the place of the old.

A new episode is made whole in a folder beside its place. `commit` then renames the two folders:
what lies in the place is always a whole episode, and where a process was killed between the two
renames, `recover` puts the old one back. Where no manifest tells the voice, since a first build was
broken off or a dry run stands in its place, a file beside the place does.
"""

import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec

from hy_audio import files
from hy_audio.edits import Edits
from hy_audio.errors import ConfigError
from hy_audio.manifest import VERSION, FileEntry, Manifest, sealed
from hy_audio.script.model import Script
from hy_audio.script.saved import from_json

MANIFEST = "episode.json"
"""Written last."""
STEM = "episode"
"""Name of the whole episode, without its suffix."""
AUDIO = f"{STEM}.mp3"
SCRIPT = "script.json"
SOURCE = "source.txt"
CHAPTERS = "chapters.json"
TRANSCRIPTS = ("transcript.vtt", "transcript.srt")
SECTIONS = "sections"

EDITS = "edits.json"
"""What the editor decided about single sections; only there if something was."""
DESCRIPTION = "description.txt"
COVER = "cover"
"""Name of the cover, without its suffix."""


class _Version(msgspec.Struct):
    version: int


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an episode folder; None if there is none.

    Raises:
        ConfigError: there is one, and it can't be read.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        version = msgspec.json.decode(data, type=_Version).version
        if version != VERSION:
            problem = f"{folder / MANIFEST} is of version {version}, not {VERSION}"
            raise ConfigError(f"{problem}; use the hy-audio that made it, or move the folder away")
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        problem = f"{folder / MANIFEST} is damaged ({error}); move the folder away and build again"
        raise ConfigError(problem) from error
    return manifest


def open_episode(path: Path) -> Manifest:
    """The manifest of an episode that has to be there.

    Args:
        path: its folder, or any file in it.

    Raises:
        ConfigError: there is no episode.
    """
    folder = path if path.is_dir() else path.parent
    manifest = read_manifest(folder) if path.exists() else None
    if manifest is None:
        raise ConfigError(f"{path} is not an episode; name a folder that hy-audio build made")
    return manifest


def read_script(folder: Path) -> Script | None:
    """The script of an episode; None if it can't be read."""
    try:
        return from_json((folder / SCRIPT).read_bytes())
    except (OSError, ValueError):
        return None


def read_source(folder: Path) -> str | None:
    """The page of an episode; None if it can't be read."""
    try:
        return (folder / SOURCE).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def read_edits(folder: Path) -> Edits:
    """What an editor decided about single sections of an episode.

    Raises:
        ConfigError: that can't be read.
    """
    path = folder / EDITS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Edits)
    except (FileNotFoundError, NotADirectoryError):
        return Edits()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is damaged ({error}); mend it or remove it") from error


def section_file(number: int, section_id: str) -> str:
    """Path of a section's MP3 in its episode folder."""
    return f"{SECTIONS}/{number:02}-{section_id}.mp3"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest: the last file of an episode."""
    data = msgspec.json.format(msgspec.json.encode(sealed(manifest)), indent=1)
    (folder / MANIFEST).write_bytes(data + b"\n")


def file_entry(path: Path) -> FileEntry:
    """Measure a file."""
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return FileEntry(path.stat().st_size, digest.hexdigest())


def is_as_written(folder: Path, manifest: Manifest, *names: str) -> bool:
    """Whether files of an episode are what its manifest lists."""
    listed = {s.file: s.sha256 for s in manifest.sections}
    listed |= {name: entry.sha256 for name, entry in manifest.files.items()}
    try:
        return all(file_entry(folder / name).sha256 == listed.get(name) for name in names)
    except OSError:
        return False


def is_whole(folder: Path, manifest: Manifest) -> bool:
    """Whether all files of an episode are what its manifest lists."""
    return is_as_written(folder, manifest, *manifest.files, *(s.file for s in manifest.sections))


def lock_file(folder: Path) -> Path:
    """The file that whoever builds an episode holds locked.

    Raises:
        ConfigError: the output folder can't be written to.
    """
    path = _beside(folder, "lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise _not_writable(folder, error) from error
    return path


def _not_writable(folder: Path, error: OSError) -> ConfigError:
    problem = f"{folder.parent} can't be written to ({error.strerror})"
    return ConfigError(f"{problem}; make it writable, or build into another folder with -o")


class BegunVoice(msgspec.Struct, frozen=True):
    """Who speaks an episode whose manifest does not tell it."""

    engine: Annotated[str, msgspec.Meta(min_length=1)]
    """Name of the engine."""
    name: Annotated[str, msgspec.Meta(min_length=1)]
    """Name of the voice."""


def keep_voice(folder: Path, voice: BegunVoice) -> None:
    """Write down who speaks, where the manifest does not.

    Raises:
        OSError: it can't be written.
    """
    files.write(_beside(folder, "voice"), msgspec.json.encode(voice))


def begun_voice(folder: Path) -> BegunVoice | None:
    """What `keep_voice` wrote; None if it wrote nothing, or that can't be read."""
    try:
        data = _beside(folder, "voice").read_bytes()
        return msgspec.json.decode(data, type=BegunVoice)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def forget_voice(folder: Path) -> None:
    """Take away what `keep_voice` wrote: the manifest tells it now."""
    _beside(folder, "voice").unlink(missing_ok=True)


def stage(folder: Path) -> Path:
    """An empty folder beside an episode's place, for the new episode.

    Raises:
        ConfigError: the output folder can't be written to, or something else is in the place.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file where the episode's folder should be; move it away")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise ConfigError(f"{folder} holds files but no episode; move them away or give a --title")
    staged = _beside(folder, "new")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        (staged / SECTIONS).mkdir(parents=True)
    except OSError as error:
        raise _not_writable(folder, error) from error
    return staged


def commit(staged: Path, folder: Path) -> None:
    """Put the staged episode in its place; files in the old folder that are not ours go along.

    Raises:
        OSError: it can't be done; the old episode is as it was.
    """
    _carry_over(folder, staged)
    if folder.exists() and files.exchange(staged, folder):
        old = staged
        try:
            _carry_over(old, folder)  # what was put there meanwhile
        except BaseException:
            files.exchange(staged, folder)
            raise
    else:
        old = _beside(folder, "old")
        _rename_both(staged, folder, old)
    shutil.rmtree(old, ignore_errors=True)


def _rename_both(staged: Path, folder: Path, old: Path) -> None:
    """Put the staged episode in its place where two folders can't be exchanged."""
    try:
        if folder.exists():
            folder.rename(old)
        staged.rename(folder)
    except BaseException:
        recover(folder)
        raise


def _carry_over(folder: Path, staged: Path) -> None:
    """Take along what the old folder holds and its manifest does not name."""
    manifest = read_manifest(folder)
    if manifest is None:
        return
    ours = {MANIFEST, *manifest.files, *(section.file for section in manifest.sections)}
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        target = staged / name
        if name.as_posix() in ours or os.path.lexists(target):
            continue
        if path.is_symlink() or path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink():
                shutil.copy2(path, target, follow_symlinks=False)
            else:
                link(path, target)


def recover(folder: Path) -> None:
    """Undo or finish a commit that was cut off."""
    old = _beside(folder, "old")
    if not old.exists():
        return
    if folder.exists():
        shutil.rmtree(old)
    else:
        old.rename(folder)


def discard(staged: Path) -> None:
    """Remove a staged episode that will not be."""
    shutil.rmtree(staged, ignore_errors=True)


def link(source: Path, target: Path) -> None:
    """Give a file a second name; where the file system can't, copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}")
