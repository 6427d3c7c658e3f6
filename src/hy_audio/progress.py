"""What a long run says while it works: a moving bar on a terminal, plain lines elsewhere."""

import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from hy_audio.speech.speak import ClipEvent, EventKind


@dataclass(slots=True)
class Tally:
    """What came of the utterances of an edition so far."""

    total: int
    """How many there are."""
    done: int = 0
    """How many clips are there."""
    spoken: int = 0
    """How many of them had to be spoken."""
    retried: int = 0
    """How many attempts failed."""
    audio_ms: int = 0
    """How long the clips last together."""

    def count(self, event: ClipEvent) -> None:
        """Take an event in."""
        self.retried += event.kind is EventKind.RETRIED
        if event.clip:
            self.done += 1
            self.spoken += event.kind is EventKind.DONE
            self.audio_ms += event.clip.duration_ms

    def __str__(self) -> str:
        return f"clip {self.done} of {self.total}, {self.audio_ms // 1000} s of audio"


class Reporter(Protocol):
    """Told by `build` how far it is."""

    def stage(self, name: str, detail: str = "") -> None:
        """A stage begins; the detail is worth keeping on the screen."""

    def clip(self, event: ClipEvent, tally: Tally) -> None:
        """Something happened to an utterance; the tally is what came of all so far."""

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

    def clip(self, event: ClipEvent, tally: Tally) -> None:
        """Print it when another tenth is done, or something has to be tried again."""
        done, total = tally.done, tally.total
        if event.kind is EventKind.RETRIED:
            self.note(f"  {_retried(event)}")
        elif event.clip and done * 10 // total > (done - 1) * 10 // total:
            self.note(f"  {tally}")

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

    def clip(self, event: ClipEvent, tally: Tally) -> None:
        """Move the bar; what has to be tried again stays on the screen."""
        if event.kind is EventKind.RETRIED:
            self.note(_retried(event))
        self._progress.update(
            self._task, completed=tally.done, total=tally.total, detail=str(tally)
        )
        if tally.done == tally.total:
            self._progress.refresh()

    def note(self, text: str) -> None:
        """Print it above the bar."""
        self._progress.console.print(text, highlight=False, markup=False)


def _retried(event: ClipEvent) -> str:
    return f"{event.utterance.id}: {event.reason}; trying again"


def reporter() -> Lines | Bar:
    """The one that suits standard error."""
    console = Console(stderr=True)
    return Bar(console) if console.is_terminal else Lines()
