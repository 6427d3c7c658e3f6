"""A text being rewritten that remembers where each of its characters was printed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One named rule: what is matched, and what is said instead."""

    name: str
    """What it is about."""
    pattern: re.Pattern[str]
    """What is matched: never nothing."""
    to: str | Callable[[re.Match[str]], str]
    """The replacement, as `re.sub` takes it; what is matched, to leave it alone."""
    near: frozenset[str] = frozenset()
    """Characters of which one at least stands in or beside every match; none where any will do."""

    def said(self, match: re.Match[str]) -> str:
        """What is said in place of one match."""
        return match.expand(self.to) if isinstance(self.to, str) else self.to(match)


def rewrite(
    name: str, pattern: str, to: str | Callable[[re.Match[str]], str], near: str = ""
) -> Rewrite:
    """A rule from its pattern's source; without any character of `near` a text is not searched."""
    return Rewrite(name, re.compile(pattern), to, frozenset(near))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the printed text and what it has become."""

    start: int
    """First character in the printed text."""
    end: int
    """One past its last."""
    said: str
    """What stands there now; empty where it was taken out."""


class Aligned:
    """A text under the rules; every character knows the range it was printed at.

    Characters that came out of one rewriting share one range, so no rule can cut a group apart:
    where a later rule takes a part of it, the ranges overlap and are told as one piece.
    """

    __slots__ = ("_ends", "_has", "_starts", "printed", "text")

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.text = printed
        self._has = frozenset(printed)
        self._starts: list[int] = []
        self._ends: list[int] = []

    def apply(self, rule: Rewrite) -> None:
        """Rewrite every match, and let what stays the same on either side of it alone."""
        text = self.text
        if rule.near and rule.near.isdisjoint(self._has):
            return
        edits = []
        for match in rule.pattern.finditer(text):
            said = rule.said(match)
            if said != match[0]:
                edits.append(_trimmed(match.start(), match[0], said))
        if edits:
            self._replace(edits)

    def _replace(self, edits: list[tuple[int, int, str]]) -> None:
        if not self._starts:
            self._starts = list(range(len(self.text)))
            self._ends = list(range(1, len(self.text) + 1))
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for a, b, said in edits:
            words += (self.text[done:a], said)
            starts += self._starts[done:a]
            ends += self._ends[done:a]
            first, last = self._range(a, b)
            starts += [first] * len(said)
            ends += [last] * len(said)
            done = b
        self.text = "".join(words) + self.text[done:]
        self._has = frozenset(self.text)
        self._starts = starts + self._starts[done:]
        self._ends = ends + self._ends[done:]

    def _range(self, a: int, b: int) -> tuple[int, int]:
        """Where a stretch of the text was printed; words put in hang on what stands beside them."""
        if a < b:
            return self._starts[a], self._ends[b - 1]
        beside = a if a < len(self._starts) else a - 1
        return self._starts[beside], self._ends[beside]

    @property
    def places(self) -> tuple[int, ...]:
        """Where each character begins in the printed text; empty while nothing was rewritten."""
        return tuple(self._starts)

    def pieces(self) -> Iterator[Piece]:
        """The printed text cut into pieces, in order, none overlapping, nothing left out."""
        if self.text == self.printed and not self._starts:
            yield from (Piece(n, n + 1, c) for n, c in enumerate(self.text))
            return
        begun = first = last = 0
        for n, (start, end) in enumerate(zip(self._starts, self._ends, strict=True)):
            if start < last:  # of one group with the character before it
                first, last = min(first, start), max(last, end)
                continue
            if n:
                yield Piece(first, last, self.text[begun:n])
            if start > last:
                yield Piece(last, start, "")
            begun, first, last = n, start, end
        if self._starts:
            yield Piece(first, last, self.text[begun:])
        if last < len(self.printed):
            yield Piece(last, len(self.printed), "")


def _trimmed(start: int, was: str, said: str) -> tuple[int, int, str]:
    """The edit without the characters both begin with and both end with."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(was, said, strict=False)))
    was, said = was[head:], said[head:]
    backwards = zip(reversed(was), reversed(said), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
    end = start + head + len(was) - tail
    return start + head, end, said[: len(said) - tail]
