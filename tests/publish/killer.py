"""The program, killed at the n-th thing that it does at a target: before it, or half-way."""

import os
import signal
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import warm


def begin(
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    streams: Sequence[Path],
    after: int,
) -> None:
    """Run it, and kill it with the write or removal that has this number, from 0."""
    from hy_audio import storage
    from hy_audio.publish import place, upload

    left = [after]

    def last() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    write, rename, replacing = storage.Storage.write, storage.Storage.rename, Path.replace

    def killed_write(self: storage.Storage, name: str, *args: Any, **more: Any) -> None:
        if not name.startswith(place._CLAIMS):
            last()
        write(self, name, *args, **more)

    def killed_rename(self: storage.Storage, name: str, to: str) -> None:
        last()
        rename(self, name, to)

    def killed_replace(self: Path, target: Path) -> Path:
        last()
        return replacing(self, target)

    def killed_delete(self: storage.Storage, name: str) -> None:
        if not name.startswith(place._CLAIMS):
            last()
        delete(self, name)

    def killed_folder_delete(self: place._Folder, name: str) -> None:
        last()
        folder_delete(self, name)

    delete, folder_delete = storage.Storage.delete, place._Folder.delete
    storage.Storage.delete = killed_delete  # type: ignore[method-assign]
    place._Folder.delete = killed_folder_delete  # type: ignore[method-assign]
    storage.Storage.write = killed_write  # type: ignore[method-assign]
    storage.Storage.rename = killed_rename  # type: ignore[method-assign]
    setattr(Path, "replace", killed_replace)  # noqa: B010
    place._CLAIM_LASTS = timedelta(seconds=2)  # who was killed is not waited for
    upload._AT_ONCE = 1  # one thing after the other, so that the n-th is always the same
    warm._begin(arguments, cwd, environment, streams)
