"""Finding what people mean by a name. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def meant(things: Iterable[T], tests: Sequence[Callable[[T], bool]]) -> list[T]:
    """All that pass the first test which any of them passes; the exact tests come first."""
    known = list(things)
    for test in tests:
        if found := [thing for thing in known if test(thing)]:
            return found
    return []
