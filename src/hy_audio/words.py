"""Words of Chinese text: the adapter of `rjieba`, which has the dictionary of jieba."""

from collections.abc import Iterator
from itertools import accumulate


def word_ends(text: str) -> Iterator[int]:
    """Where each word ends: offsets in the text, the last one its length."""
    import rjieba  # loads its dictionary

    return accumulate(map(len, rjieba.cut(text)))
