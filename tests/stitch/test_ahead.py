"""Items made one ahead: the same ones in the same order, whatever goes wrong."""

import threading
from collections.abc import Iterator

import pytest

from hy_audio.stitch.ahead import ahead


def test_items_come_in_their_order_even_those_that_are_nothing() -> None:
    items: list[object] = [3, None, 0, "", 7]
    assert list(ahead(items)) == items
    assert list(ahead([])) == []


def test_an_item_is_made_while_the_one_before_it_is_used() -> None:
    second = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    taken = ahead(items())
    assert next(taken) == 1
    assert second.wait(60)
    assert list(taken) == [2]


def test_no_more_than_one_item_is_made_ahead() -> None:
    untouched = iter(range(10))
    taken = ahead(untouched)
    next(taken)
    del taken  # which waits for the thread
    assert next(untouched) == 2


def test_what_goes_wrong_is_raised_where_the_item_was_due() -> None:
    taken = ahead(1 // n for n in (1, 0, 1))
    assert next(taken) == 1
    with pytest.raises(ZeroDivisionError):
        next(taken)
