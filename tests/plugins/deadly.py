"""`python -m deadly …` is `hy-audio …`, but it kills itself just before it changes a file.

`DIES_AT` is a number and a pattern: that many changes after the first one that fits the pattern; it
begins with 0. Files that are opened for writing, renamed, linked or removed are changes, and so are
folders that are made or removed. The change that was not made is told on standard error. With
`NO_EXCHANGE` set, no two folders can be exchanged, as on some file systems.
"""

import os
import re
import runpy
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from hy_audio import files

_CHANGES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
_CHANGES |= {"hy_audio.exchange"}
_WRITES = os.O_WRONLY | os.O_RDWR


def _change(event: str, arguments: tuple[object, ...]) -> str:
    """What is about to be changed, in words; empty for nothing."""
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & _WRITES and not isinstance(path, int)
        return f"open {path}" if writes else ""
    if event in _CHANGES:
        paths = (str(a) for a in arguments if isinstance(a, str | Path))
        return " ".join((event, *paths))
    return ""


def _hook(after: int, pattern: str) -> Callable[[str, tuple[object, ...]], None]:
    made = count()
    begun = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal begun
        change = _change(event, arguments)
        begun = begun or bool(change and re.search(pattern, change))
        if begun and change and next(made) == after:
            os.write(2, f"\nkilled before {change}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def _refuse(one: Path, other: Path) -> bool:
    return False


if __name__ == "__main__":
    if os.environ.get("NO_EXCHANGE"):
        files.exchange = _refuse
    if place := os.environ.get("DIES_AT"):
        after, _, pattern = place.partition(" ")
        sys.addaudithook(_hook(int(after), pattern))
    runpy.run_module("hy_audio", run_name="__main__", alter_sys=True)
