"""Where a show lies for its listeners: a folder, or a store of `hy_audio.storage`.

Two kinds of files are there. Those with a hash in their name are kept for good: they are written
once, and may be cached for a year. The others are replaced, and of them the feed only by who knows
the version that it replaces.
"""

import random
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from filelock import FileLock, Timeout

from hy_audio import files
from hy_audio.errors import ConfigError, PublishError
from hy_audio.storage import Changed, Storage, open_storage

_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_MINUTES = "public, max-age=300"
_UPLOAD_S = 900.0
_UNFINISHED = ".unfinished/"
_CLAIMS = ".publishing/"
_CLAIM_LASTS = timedelta(seconds=60)
_PATIENCE = 80
"""How often a place that is taken is asked for again."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a file has in it."""

    data: bytes
    """All of it."""
    version: str
    """Told to who replaces it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file is like."""

    length: int
    """Its size in bytes."""
    written: datetime
    """When it was put there."""


class Place(Protocol):
    """A place that files are put in. All methods raise OSError where it can't be reached."""

    def read(self, name: str) -> Held | None:
        """A file; None if there is none."""

    def seen(self, name: str) -> Seen | None:
        """What it is like; None if there is none."""

    def keep(self, name: str, source: BinaryIO, media_type: str) -> None:
        """Put a file there whose name tells what is in it."""

    def put(self, name: str, data: bytes, media_type: str) -> None:
        """Put a file there, in the place of what has its name."""

    def replace(self, name: str, data: bytes, media_type: str, before: Held | None) -> None:
        """The same, if what has its name is what it was.

        Raises:
            Changed: it is not.
        """

    def files(self) -> Iterator[tuple[str, datetime]]:
        """Everything that is there, and when it was put there."""

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""


def open_place(target: str) -> Place:
    """The place at a path or at an address of `hy_audio.storage`.

    Raises:
        ConfigError: the address can't be used, or opendal is not installed.
        OSError: it can't be opened.
    """
    parts = urlsplit(target) if "://" in target else None
    if parts is None:
        if typo := re.match(r"(s3|oss|cos|webdavs?):", target):
            raise ConfigError(f"target {target}: write {typo[1]}://, with two slashes")
        folder = Path(target).expanduser()
        if folder.is_file():
            raise ConfigError(f"target {target} is a file; name a folder")
        return _Folder(folder)
    if parts.scheme == "memory":
        raise ConfigError(f"target {target}: nobody else can see it; name a folder or a store")
    if parts.scheme in ("file", "fs") and not parts.netloc:
        return _Folder(Path(unquote(parts.path)))
    return _Store(open_storage(target, "target", _UPLOAD_S))


class _Folder:
    """A folder, perhaps one that a web server serves."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> Held | None:
        try:
            data = (self._root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Held(data, _digest(data))

    def seen(self, name: str) -> Seen | None:
        try:
            stat = (self._root / name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Seen(stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))

    def keep(self, name: str, source: BinaryIO, media_type: str) -> None:
        with files.replacing(self._root / name) as target:
            shutil.copyfileobj(source, target, 1 << 20)

    def put(self, name: str, data: bytes, media_type: str) -> None:
        self.keep(name, BytesIO(data), media_type)

    def replace(self, name: str, data: bytes, media_type: str, before: Held | None) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._root / f".{name}.lock", timeout=60):
                if self.read(name) != before:
                    raise Changed("it was changed by somebody else")
                self.put(name, data, media_type)
        except Timeout as error:
            raise _taken(str(self._root)) from error

    def files(self) -> Iterator[tuple[str, datetime]]:
        for path in self._root.rglob("*"):
            if path.is_file():
                modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield path.relative_to(self._root).as_posix(), modified

    def delete(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)


class _Store:
    """A store in a cloud, or one of WebDAV."""

    def __init__(self, storage: Storage, sleep: Callable[[float], None] = time.sleep) -> None:
        self._storage = storage
        self._sleep = sleep

    def read(self, name: str) -> Held | None:
        # the version first: if the file changes in between, the version is too old, never too new
        stat = self._storage.stat(name)
        data = self._storage.read(name) if stat else None
        if stat is None or data is None:
            return None
        return Held(data, stat.version if self._storage.has_conditions else _digest(data))

    def seen(self, name: str) -> Seen | None:
        stat = self._storage.stat(name)
        return Seen(stat.length, stat.modified or datetime.now(UTC)) if stat else None

    def keep(self, name: str, source: BinaryIO, media_type: str) -> None:
        self._write(name, source.read(), media_type, _FOR_GOOD)

    def put(self, name: str, data: bytes, media_type: str) -> None:
        self._write(name, data, media_type, _FOR_MINUTES)

    def _write(self, name: str, data: bytes, media_type: str, cache: str) -> None:
        """Where a file that is being written can be seen, it is renamed into its place."""
        if not self._storage.has_rename:
            self._storage.write(name, data, media_type=media_type, cache=cache)
            return
        unfinished = f"{_UNFINISHED}{secrets.token_hex(8)}"
        self._storage.write(unfinished, data)
        self._storage.rename(unfinished, name)

    def replace(self, name: str, data: bytes, media_type: str, before: Held | None) -> None:
        if self._storage.has_conditions:
            version = before.version if before else None
            self._storage.write(
                name, data, media_type=media_type, cache=_FOR_MINUTES, version=version
            )
            return
        with self._alone():
            if self.read(name) != before:
                raise Changed("it was changed by somebody else")
            self.put(name, data, media_type)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the place alone, where the store knows no conditions.

        Who wants it puts a claim there and then looks for others: of two, at least one sees both,
        and goes back. A claim that was left behind counts for a minute.

        Raises:
            PublishError: somebody else holds it all the time.
        """
        mine = f"{_CLAIMS}{secrets.token_hex(8)}"
        for _ in range(_PATIENCE):
            self._storage.write(mine, b"1")
            try:
                if self._holds(mine):
                    yield
                    return
            finally:
                self._storage.delete(mine)
            self._sleep(random.uniform(0.5, 3.0))
        raise _taken("the target")

    def _holds(self, mine: str) -> bool:
        claims = {name: stat.modified for name, stat in self._storage.list(_CLAIMS)}
        now = claims.get(mine)
        others = [
            made
            for name, made in claims.items()
            if name != mine and now and made and now - made < _CLAIM_LASTS
        ]
        return now is not None and not others

    def files(self) -> Iterator[tuple[str, datetime]]:
        for name, stat in self._storage.list(""):
            yield name, stat.modified or datetime.now(UTC)

    def delete(self, name: str) -> None:
        self._storage.delete(name)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _taken(place: str) -> PublishError:
    return PublishError(f"somebody else is publishing to {place}; try again when that is done")
