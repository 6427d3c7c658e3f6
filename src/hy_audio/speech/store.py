"""The clip store: content-addressed, safe to delete at any time, shared by all builds of a user.

An entry is one file, `<key>.clip`: the SHA-256 of its key and the rest, what is known of the sound,
and the sound. It is written beside its place and renamed, and checked each time it is read: one
under another's name is as bad as half of one. What a build uses is laid out in a folder of its own,
so nothing that happens to the store can reach it.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import msgspec

from hy_audio import files
from hy_audio.errors import ConfigError, HyAudioError
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Clip, Mark, Prosody

CLIPS = "clips"
"""Folder of the clip store in the cache."""
ENTRY = re.compile(r"[0-9a-f]{64}\.clip")
"""Name of an entry; its folder is named by the first two digits."""


class DamagedClip(HyAudioError):
    """An entry of the store is not what was once put there; it has to be made again."""


class _Header(msgspec.Struct, frozen=True):
    media_type: str
    duration_ms: int
    marks: tuple[tuple[int, int, int, int], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound that was found to be whole: what is kept of an utterance."""

    audio: bytes
    """A complete file in `media_type`."""
    media_type: str
    """As `Speech` has it."""
    duration_ms: int
    """Its length in milliseconds, as it was measured."""
    marks: tuple[Mark, ...]
    """When its words are heard."""
    warnings: tuple[str, ...]
    """What the engine could not say as written."""


class Shelf(Protocol):
    """Where entries may stand besides the local folder, for all machines that share it."""

    def read(self, name: str) -> bytes | None:
        """The contents of an entry; None if there is none.

        Raises:
            OSError: it can't be told.
        """

    def write(self, name: str, data: bytes) -> None:
        """Keep an entry, in one step.

        Raises:
            OSError: it can't be kept.
        """


class ClipStore:
    """Clips by key, in a folder; perhaps with a shelf behind it."""

    def __init__(self, root: Path, bench: Path, behind: Shelf | None = None) -> None:
        """Use a store.

        Args:
            root: folder of the entries.
            bench: folder in which the clips that are taken out are laid; the caller removes it.
            behind: asked for what is not in the folder, and given what is put there.
        """
        self._root = root
        self._bench = bench
        self._behind = behind

    def __contains__(self, key: str) -> bool:
        """Whether the folder has a whole entry for a key."""
        try:
            seal, _, body = self._path(key).read_bytes().partition(b"\n")
        except OSError:
            return False
        return seal == _seal(key, body)

    def get(self, key: str) -> Clip | None:
        """The clip of a key, if there is one.

        Raises:
            DamagedClip: there is an entry, and it is not whole, or is another key's. It is out of
                the way now.
            OSError: the bench can't be written to, or the shelf behind can't be read.
        """
        with self._usable():
            data = self._read(key)
        if data is None:
            return None
        try:
            return self._lay_out(key, data)
        except (ValueError, msgspec.DecodeError) as error:
            path = self._path(key)
            path.unlink(missing_ok=True)
            raise DamagedClip("its clip in the cache was damaged") from error

    def put(self, key: str, recording: Recording) -> Clip:
        """Keep a recording."""
        marks = tuple((m.start, m.end, m.start_ms, m.end_ms) for m in recording.marks)
        header = _Header(recording.media_type, recording.duration_ms, marks, recording.warnings)
        body = msgspec.json.encode(header) + b"\n" + recording.audio
        data = _seal(key, body) + b"\n" + body
        self._write(key, data)
        if self._behind:
            self._behind.write(_name(key), data)
        return self._lay_out(key, data)

    def _read(self, key: str) -> bytes | None:
        """An entry from the folder or from behind it."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return self._from_behind(key)
        with suppress(OSError):  # another process may have deleted it by now
            os.utime(path)  # what was used last is pruned last
        return data

    def _from_behind(self, key: str) -> bytes | None:
        data = self._behind.read(_name(key)) if self._behind else None
        if data is not None:
            self._write(key, data)
        return data

    def _lay_out(self, key: str, data: bytes) -> Clip:
        """Check an entry and lay its sound on the bench; ValueError if it is not this key's."""
        seal, _, body = data.partition(b"\n")
        if seal != _seal(key, body):
            raise ValueError("not whole, or another's")
        first, _, audio = body.partition(b"\n")
        header = msgspec.json.decode(first, type=_Header)
        path = self._bench / f"{key}.audio"
        if not path.exists():
            self._bench.mkdir(parents=True, exist_ok=True)
            path.write_bytes(audio)
        marks = tuple(Mark(*mark) for mark in header.marks)
        digest = sha256(body).hexdigest()
        return Clip(key, path, digest, header.duration_ms, marks, header.warnings)

    def _write(self, key: str, data: bytes) -> None:
        """Keep an entry, unless somebody is deleting the store just now."""
        with self._usable(), suppress(FileNotFoundError):
            files.write(self._path(key), data)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
            problem = f"the clip store {self._root} can't be used ({error.strerror})"
            raise ConfigError(f"{problem}; mend it, or set XDG_CACHE_HOME to another") from error

    def _path(self, key: str) -> Path:
        return self._root / _name(key)


def _name(key: str) -> str:
    return f"{key[:2]}/{key}.clip"


def _seal(key: str, body: bytes) -> bytes:
    """What an entry begins with: it fits this key and these bytes only."""
    return sha256(key.encode() + body).hexdigest().encode()


def clip_key(
    fingerprint: str, voice: str, prosody: Prosody, utterance: Utterance, take: int = 1
) -> str:
    """SHA-256 of all that decides how an utterance sounds, as 64 hexadecimal digits.

    A respelling is part of it only where there is one, and a take only where it is not the first,
    so that other clips keep their keys.
    """
    words: Sequence[object] = [
        (s.spoken, s.pinyin, s.respelled) if s.respelled else (s.spoken, s.pinyin)
        for s in utterance.sentences
    ]
    parts = [fingerprint, voice, prosody.rate, words, *([take] if take > 1 else [])]
    return sha256(msgspec.json.encode(parts)).hexdigest()
