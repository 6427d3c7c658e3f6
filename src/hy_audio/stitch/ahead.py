"""Steps of a section that work at the same time, each a little ahead of the next."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items, each made in another thread while the one before it is being used.

    Raises:
        Exception: what making an item raised, where it was due.
    """
    source = iter(items)
    with ThreadPoolExecutor(1) as worker:
        coming = worker.submit(_next, source)
        while item := coming.result():
            coming = worker.submit(_next, source)
            yield item[0]


def _next(source: Iterator[T]) -> tuple[T] | None:
    """The next item; None after the last."""
    for item in source:
        return (item,)
    return None
