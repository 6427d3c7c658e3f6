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
    refusals: int = 8
    """So many refusals in a row, without a clip between them, and the run stops."""
    failures: int = 24
    """So many failures of any kind in a row, without a clip between them, and the run stops."""
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


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row, over all utterances; a clip that arrives sets it to nothing."""

    policy: Policy
    refusals: int = field(default=0, init=False)
    failures: int = field(default=0, init=False)

    def passed(self) -> None:
        """A clip arrived."""
        self.refusals = self.failures = 0

    def failed(self, error: TransientEngineError) -> bool:
        """Count a failure; return whether it is time to stop."""
        self.failures += 1
        self.refusals += error.refused
        return self.refusals >= self.policy.refusals or self.failures >= self.policy.failures


def wait_s(policy: Policy, attempt: int, error: TransientEngineError, chance: float) -> float:
    """Seconds to wait after an attempt (from 1) that failed.

    Exponential back-off with full jitter: any time between nothing and the limit is as likely, so
    that requests which failed together don't come back together (Brooker, "Exponential Backoff
    And Jitter", AWS Architecture Blog, 2015). What the service asks for is a lower bound.
    """
    limit = min(policy.longest_wait_s, policy.first_wait_s * 2.0 ** (attempt - 1))
    return max(error.wait_s, limit * chance)
