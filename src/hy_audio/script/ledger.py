"""The ledger after the script is written: what turned out not to be said is silent in it too."""

from collections.abc import Iterator, Sequence

from hy_audio.article.model import Fate, Span

Silenced = tuple[int, int, str]
"""A source range and the rule that silenced it."""


def settle(ledger: Sequence[Span], silenced: Sequence[Silenced]) -> tuple[Span, ...]:
    """Turn what is spoken of the silenced ranges silent; the ledger tiles the source as before.

    Args:
        ledger: in order.
        silenced: ranges that do not overlap, in any order.
    """
    return tuple(_settle(ledger, sorted(silenced)))


def _settle(ledger: Sequence[Span], silenced: Sequence[Silenced]) -> Iterator[Span]:
    ahead = iter(silenced)
    current = next(ahead, None)
    for span in ledger:
        start = span.start
        while current and current[0] < span.end:
            a, b = max(current[0], start), min(current[1], span.end)
            if start < a:
                yield Span(start, a, span.fate, span.rule)
            if a < b:
                spoken = span.fate is Fate.SPOKEN
                yield (
                    Span(a, b, Fate.SILENT, current[2])
                    if spoken
                    else Span(a, b, span.fate, span.rule)
                )
                start = b
            if current[1] > span.end:
                break
            current = next(ahead, None)
        if start < span.end:
            yield Span(start, span.end, span.fate, span.rule)
