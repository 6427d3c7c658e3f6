"""A shelf behind the clip store, for all machines that share it.

Whoever may write to a shelf decides what its readers hear.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from hy_audio.speech.store import Shelf
from hy_audio.storage import open_storage

T = TypeVar("T")


class _Forgiving:
    """A shelf that is told of once when it fails, and then left alone."""

    def __init__(self, shelf: Shelf, tell: Callable[[OSError], None]) -> None:
        self._shelf, self._tell = shelf, tell
        self._lock = threading.Lock()
        self._failed = False

    def read(self, name: str) -> bytes | None:
        return self._try(lambda: self._shelf.read(name))

    def write(self, name: str, data: bytes) -> None:
        self._try(lambda: self._shelf.write(name, data))

    def _try(self, work: Callable[[], T]) -> T | None:
        if self._failed:
            return None
        try:
            return work()
        except OSError as error:
            with self._lock:
                first, self._failed = not self._failed, True
            if first:
                self._tell(error)
            return None


def forgiving(url: str, note: Callable[[str], None]) -> Shelf | None:
    """A shelf for a build: the first time it fails is noted, and the build goes on without it.

    Raises:
        ConfigError: the address can't be used, or opendal is not installed.
    """

    def tell(error: OSError) -> None:
        place = url.partition("?")[0]
        note(f"warning: the store {place} can't be used ({error}); clips are kept here only")

    if not url:
        return None
    try:
        return _Forgiving(open_storage(url), tell)
    except OSError as error:
        tell(error)
        return None
