"""The program, killed at the n-th thing that it does at a target: before it, or half-way."""

import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import warm


def begin(
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    streams: Sequence[Path],
    after: int,
) -> None:
    """Run it, and kill it with the write that has this number, from 0."""
    from hy_audio import files, storage
    from hy_audio.publish import run

    left = [after]

    def last() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    write, rename, replacing = storage.Storage.write, storage.Storage.rename, Path.replace
    open_place = run.open_place

    def killed_write(*args: object, **more: object) -> None:
        last()
        write(*args, **more)  # type: ignore[arg-type]

    def killed_rename(*args: object) -> None:
        last()
        rename(*args)  # type: ignore[arg-type]

    def killed_replace(self: Path, target: Path) -> Path:
        last()
        return replacing(self, target)

    storage.Storage.write = killed_write  # type: ignore[method-assign, assignment]
    storage.Storage.rename = killed_rename  # type: ignore[method-assign, assignment]
    files.Path.replace = killed_replace  # type: ignore[method-assign, assignment]
    run.open_place = open_place
    run._AT_ONCE = 1  # one thing after the other, so that the n-th is always the same
    warm._begin(arguments, cwd, environment, streams)
