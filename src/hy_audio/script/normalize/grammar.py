"""The adapter of `wetext`: finite-state grammars of Chinese numbers, dates, times, money and sums.

It is asked for a token, not for a clause. `normalize_with_mapping` tells what became of each part
of a clause, but copies and composes the whole grammar for every call (28 ms a clause measured,
against 1.7 ms for `normalize`, and 0.3 ms for a token); the range of the token is that alignment.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from hy_audio.characters import HAN

_ODD = re.compile(rf"[^{HAN}A-Za-z，、 .·-]")
_LONGEST = 60


@lru_cache(maxsize=4096)
def grammar(token: str) -> str:
    """What wetext says for a token; the token itself where it has nothing whole to say."""
    if len(token) > _LONGEST:
        return token
    said = _normalizer()(token)
    return token if _ODD.search(said) else said


def by_grammar(match: re.Match[str]) -> str:
    """What is matched goes to the grammar."""
    return grammar(match[0])


@lru_cache(maxsize=1)
def _normalizer() -> Callable[[str], str]:
    from wetext import Normalizer  # loads its grammars: a third of a second

    normalize: Callable[[str], str] = Normalizer(lang="zh", operator="tn").normalize
    return normalize
