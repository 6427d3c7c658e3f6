"""Writing files so that nobody ever sees half of one."""

import ctypes
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

UNFINISHED = re.compile(r"\..{1,48}\.[0-9a-f]{12}", re.DOTALL)
"""Name of a file that `replacing` has begun, and not finished if its process is gone."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path`; on leaving, it takes its place, or on an error is removed.

    Raises:
        OSError: the folder can't be written to, or the disk is full; `path` is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:48]}.{secrets.token_hex(6)}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write(path: Path, data: bytes) -> None:
    """Replace the contents of a file in one step."""
    with replacing(path) as file:
        file.write(data)


_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux."""


def exchange(one: Path, other: Path) -> bool:
    """Give two files or folders each other's name in one step, so that neither name is ever free.

    Linux has a call for it (renameat2(2)), which Python lacks and not every file system knows.

    Returns:
        Whether it was done.
    """
    sys.audit("hy_audio.exchange", one, other)
    try:
        call = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # another system, or an old one
        return False
    failed = call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return not failed
