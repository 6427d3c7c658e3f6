"""Which request is answered badly, and how."""

import random
from dataclasses import dataclass, field

from service.voice import VOICES

KINDS = (
    "refuse403",
    "refuse429",
    "drop",
    "leave",
    "silent",
    "half",
    "half_audio",
    "stall",
    "slow",
    "garbage",
    "close",
)
"""What can go wrong with a request:

- refuse403, refuse429: the handshake is refused; 429 asks for a second's rest
- drop: the connection breaks in the middle of a frame
- leave: the connection is closed in good form after half of the answer
- silent: an answer without audio
- half: half the audio and half the boundaries, and a normal end
- half_audio: half the audio and all boundaries
- stall: after the first frames nothing more, not even a goodbye
- slow: frame by frame with waits, but whole
- garbage: an answer that makes no sense, in one of several ways
- close: the connection is closed as soon as it is there
"""
MIX = "mix"
"""All of them in turn."""

_BLOCK = 10


@dataclass(frozen=True)
class Faults:
    """How the service behaves."""

    kind: str = ""
    """One of `KINDS`, `mix`, `refuse` with another status, or empty."""
    share: float = 1.0
    """Of the requests, in tenths: it is exact in every ten of them."""
    seed: int = 1
    """Decides which ones."""
    after: int = 0
    """So many requests are answered well first."""
    delay_s: float = 0.0
    """Time before an answer begins."""
    pause_s: float = 0.02
    """Time between two messages of a slow answer."""
    gather: int = 0
    """No answer begins before so many requests have been there at one time."""
    listing: str = ""
    """What is wrong with the list of voices: `refuse` with a status, stall, garbage or close."""
    voices: tuple[str, ...] = field(default=tuple(name for name, _ in VOICES))
    """The voices there are."""

    def of(self, number: int) -> str:
        """The fault of a request, by its number from 0; empty for none."""
        block, place = divmod(number - self.after, _BLOCK)
        if not self.kind or block < 0:
            return ""
        bad = round(self.share * _BLOCK)
        chosen = sorted(random.Random(f"{self.seed} {block}").sample(range(_BLOCK), bad))
        if place not in chosen:
            return ""
        if self.kind != MIX:
            return self.kind
        return KINDS[(block * bad + chosen.index(place)) % len(KINDS)]
