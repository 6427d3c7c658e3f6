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
    refused_s: float = 5.0
    """So long nothing but refusals, three of them at least, and the run stops."""
    failing_s: float = 30.0
    """So long nothing but failures of any kind, three at least, and the run stops."""
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


_IN_A_ROW = 3


@dataclass(slots=True)
class Breaker:
    """Watches failures in a row, over all utterances; a clip that arrives ends the row.

    It goes by time and not by number, so it is as patient with sixteen requests at a time as with
    one.
    """

    policy: Policy
    _since: float = field(default=0.0, init=False)
    _failures: int = field(default=0, init=False)
    _refusals: int = field(default=0, init=False)

    def passed(self) -> None:
        """A clip arrived."""
        self._failures = self._refusals = 0

    def failed(self, error: TransientEngineError, now: float) -> bool:
        """Count a failure at a time; return whether the run should stop."""
        if not self._failures:
            self._since = now
        self._failures += 1
        self._refusals += error.refused
        refused = self._refusals == self._failures
        limit = self.policy.refused_s if refused else self.policy.failing_s
        return self._failures >= _IN_A_ROW and now - self._since >= limit


def wait_s(policy: Policy, attempt: int, error: TransientEngineError, chance: float) -> float:
    """Seconds to wait after an attempt (from 1) that failed.

    Exponential back-off with full jitter: any time between nothing and the limit is as likely, so
    that requests which failed together don't come back together (Brooker, "Exponential Backoff
    And Jitter", AWS Architecture Blog, 2015). What the service asks for is a lower bound.
    """
    limit = min(policy.longest_wait_s, policy.first_wait_s * 2.0 ** (attempt - 1))
    return max(error.wait_s, limit * chance)
