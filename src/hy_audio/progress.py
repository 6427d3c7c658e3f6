"""What a long run says while it works: a moving bar on a terminal, plain lines elsewhere."""

import sys
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class Reporter(Protocol):
    """Told by `build` how far it is."""

    def stage(self, name: str, detail: str = "") -> None:
        """A stage begins; the detail is worth keeping on the screen."""

    def clip(self, done: int, total: int, audio_ms: int) -> None:
        """So many clips of all are there; together they last `audio_ms` milliseconds."""

    def note(self, text: str) -> None:
        """Something the editor should know."""


class Lines:
    """One plain line for each stage and each tenth of the clips."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    def stage(self, name: str, detail: str = "") -> None:
        """Print it."""
        print(f"{name} {detail}".strip(), file=sys.stderr, flush=True)

    def clip(self, done: int, total: int, audio_ms: int) -> None:
        """Print it when another tenth is done."""
        if done == total or done * 10 // total > (done - 1) * 10 // total:
            print(
                f"  clip {done} of {total}, {audio_ms // 1000} s of audio",
                file=sys.stderr,
                flush=True,
            )

    def note(self, text: str) -> None:
        """Print it."""
        print(text, file=sys.stderr, flush=True)


class Bar:
    """A bar with clips, seconds of audio and the time that is left."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[detail]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, detail="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal clean."""
        self._progress.stop()

    def stage(self, name: str, detail: str = "") -> None:
        """Begin a bar of its own, below the detail."""
        if detail:
            self.note(f"{name} {detail}")
        self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=None, detail="")

    def clip(self, done: int, total: int, audio_ms: int) -> None:
        """Move the bar."""
        detail = f"clip {done} of {total}, {audio_ms // 1000} s of audio"
        self._progress.update(self._task, completed=done, total=total, detail=detail)
        if done == total:
            self._progress.refresh()

    def note(self, text: str) -> None:
        """Print it above the bar."""
        self._progress.console.print(text, highlight=False, markup=False)


def reporter() -> Lines | Bar:
    """The one that suits standard error."""
    console = Console(stderr=True)
    return Bar(console) if console.is_terminal else Lines()
