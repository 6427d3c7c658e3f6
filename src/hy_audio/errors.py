"""What can go wrong, one class for each place it goes wrong in.

Every error carries its facts as attributes, and its text is one line that says what happened and
what to do next. The command line prints that line and leaves with status 2.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class HyAudioError(Exception):
    """The parent of every error that a user can do something about."""


class SourceError(HyAudioError):
    """The article can't be read: `source` names it."""

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"{source}: {problem}")
        self.source = source
        self.problem = problem


class ScriptError(HyAudioError):
    """The article was read, but there is nothing in it that can be said."""


class EngineError(HyAudioError):
    """An engine could not speak; `engine` names it, `utterance` says what was to be spoken."""

    def __init__(
        self, engine: str, problem: str, *, advice: str = "", utterance: str | None = None
    ) -> None:
        problem, advice = (" ".join(text.split()) for text in (problem, advice))  # to one line
        place = f" (at {utterance})" if utterance else ""
        super().__init__(f"{engine}: {problem}{place}" + (f"; {advice}" if advice else ""))
        self.engine = engine
        self.problem = problem
        self.advice = advice
        self.utterance = utterance


class TransientEngineError(EngineError):
    """An engine could not speak, and may if it is asked again.

    `refused` says that the service declined (HTTP 401, 403, 429) rather than failed; `wait_s` is
    the number of seconds that it asks to be left alone, or 0.
    """

    def __init__(
        self,
        engine: str,
        problem: str,
        *,
        advice: str = "",
        utterance: str | None = None,
        refused: bool = False,
        wait_s: float = 0.0,
    ) -> None:
        super().__init__(engine, problem, advice=advice, utterance=utterance)
        self.refused = refused
        self.wait_s = wait_s


class ClipsMissing(EngineError):
    """Some clips could not be had: `missing` holds the id and the reason of each, in order."""

    def __init__(
        self, engine: str, problem: str, missing: Sequence[tuple[str, str]], *, advice: str
    ) -> None:
        super().__init__(engine, problem, advice=advice)
        self.missing = tuple(missing)


class EngineUnavailable(EngineError):
    """An engine can't be used at all here: no network, no model, no such plugin."""


class MediaError(HyAudioError):
    """Audio could not be decoded, encoded or put together."""


class PublishError(HyAudioError):
    """What was made could not be brought to its listeners."""


class ConfigError(HyAudioError):
    """A setting or an option has a value that can't be used."""


class UnknownName(ConfigError):
    """A name that is not among those there are; `nearest` holds the likely ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        choices = sorted(known)
        self.name = name
        self.nearest = get_close_matches(name, choices, n=3, cutoff=0.6)
        if not hint:
            nearest = " or ".join(self.nearest)
            hint = f"did you mean {nearest}?" if nearest else "hy-audio voices lists them"
        super().__init__(f"no {kind} called {name!r}; {hint}")
