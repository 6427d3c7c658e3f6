"""How patient a run is: how often it asks, how long it waits, when it gives up."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hy_audio.errors import TransientEngineError


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of a run. Times are in seconds."""

    attempts: int = 12
    """How often an utterance is asked for: where a fifth of all requests fails, one utterance in
    240 million fails so often in a row (with 8 attempts it would be one edition in 2,000)."""
    first_wait_s: float = 0.5
    """Longest wait before the second attempt; it doubles from attempt to attempt."""
    longest_wait_s: float = 20.0
    """Longest wait of all, unless the service itself asks for more."""
    longest_rest_s: float = 60.0
    """A service that asks for a longer rest is left alone: the run stops and says so."""
    refused_s: float = 5.0
    """So long nothing but refusals, of three utterances at least, and the run stops."""
    failing_s: float = 30.0
    """So long nothing but failures of any kind, of three utterances at least, and it stops."""
    spread_s: float = 0.1
    """Between the first requests, so that they don't arrive all at once."""
    budget_s: float = 0.0
    """Time for everything; 0 for a minute an utterance, and never less than five."""

    def budget(self, utterances: int) -> float:
        """Seconds that so many utterances may take."""
        return self.budget_s or 60.0 * max(5, utterances)


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock, sleep and chance; tests pass their own."""

    clock: Callable[[], float] = time.monotonic
    """Seconds since some moment."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Wait for so many seconds."""
    chance: Callable[[], float] = random.random
    """A number from 0 to 1."""


_UTTERANCES = 3
_FAILURES = 3


@dataclass(slots=True)
class Breaker:
    """Watches failures in a row, over all utterances; a clip that arrives ends the row.

    It goes by time and not by number, so it is as patient with sixteen requests at a time as with
    one. Failures of one or two utterances are no row while there are others: it may be the text.
    """

    policy: Policy
    _since: float = field(default=0.0, init=False)
    _failures: int = field(default=0, init=False)
    _refusals: int = field(default=0, init=False)
    _failed: set[str] = field(default_factory=set, init=False)

    def passed(self) -> None:
        """A clip arrived."""
        self._failures = self._refusals = 0
        self._failed.clear()

    def failed(self, key: str, error: TransientEngineError, now: float, left: int) -> bool:
        """Count a failure; return whether the run should stop.

        Args:
            key: of the utterance.
            error: what was wrong.
            now: the time.
            left: how many utterances have neither a clip nor been given up.
        """
        if not self._failures:
            self._since = now
        self._failures += 1
        self._refusals += error.refused
        self._failed.add(key)
        refused = self._refusals == self._failures
        limit = self.policy.refused_s if refused else self.policy.failing_s
        row = self._failures >= _FAILURES and len(self._failed) >= min(_UTTERANCES, left)
        return row and now - self._since >= limit


def back_off_s(policy: Policy, failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row.

    Exponential back-off with full jitter: any time between nothing and the limit is as likely, so
    that requests which failed together don't come back together (Brooker, "Exponential Backoff
    And Jitter", AWS Architecture Blog, 2015).
    """
    return chance * min(policy.longest_wait_s, policy.first_wait_s * 2.0 ** (failures - 1))
