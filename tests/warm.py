"""The program in a process that has its modules loaded already, so that it is there at once.

Python and the dictionaries take seconds to load, which is most of a short test. So a server process
loads them and forks for each run: a process of its own, with its arguments, environment, folder,
streams and exit code.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_LOADED = (
    *("hy_audio.build", "hy_audio.cli", "hy_audio.edition.wording", "hy_audio.publish.run"),
    *("pytest", "wetext"),
)
"""Nothing that starts threads, for a fork has none of them, or that PYTHONPATH puts another for."""


def run(
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    typed: str,
    timeout_s: float,
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` does; `typed` is what the program reads from standard input."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(list(_LOADED))
    with TemporaryDirectory() as name:
        streams = [Path(name, stream) for stream in ("in", "out", "err")]
        for stream, text in zip(streams, (typed, "", ""), strict=True):
            stream.write_text(text, "utf-8")
        process = server.Process(target=_begin, args=(arguments, cwd, dict(environment), streams))
        process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(arguments), timeout_s)
        out, err = (stream.read_text("utf-8") for stream in streams[1:])
    return subprocess.CompletedProcess(list(arguments), process.exitcode, out, err)


def _begin(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], streams: Sequence[Path]
) -> None:
    """What a shell does before it starts a program, and the program."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate(streams):
        opened = os.open(stream, os.O_RDWR)
        os.dup2(opened, number)
        os.close(opened)
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["hy-audio", *arguments]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from hy_audio.cli import main

    main(prog_name="hy-audio")
