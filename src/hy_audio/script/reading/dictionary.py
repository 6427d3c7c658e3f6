"""Words and how they are read: pypinyin's phrases, and our own words, which win.

A word decides the reading of each of its characters, or leaves one open (朝阳): then the network or
the context decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

_DICTIONARY_TONES = {"一": "yi1", "不": "bu4"}
"""pypinyin writes some words as they sound; we write the tone of the dictionary everywhere."""


class Dictionary:
    """All words, ready to be found in a text."""

    def __init__(self, *lists: str) -> None:
        self._own: dict[str, list[str]] = {}
        self._doubtful: set[str] = set()
        dropped: set[str] = set()
        for line in "\n".join(lists).splitlines():
            match line.replace(":", "", 1).split():
                case ["#", *_]:
                    continue
                case ["-", *words]:
                    dropped |= set(words)
                case ["=", word, *syllables]:
                    self._own[word] = syllables
                case [character, syllable, *words]:
                    self._add(character, syllable, words)
        self._phrases = PHRASES_DICT.keys() - dropped
        self._lengths = _lengths(self._phrases | self._own.keys())
        self._word = lru_cache(maxsize=65536)(self._read_word)

    @property
    def words(self) -> Mapping[str, Sequence[str]]:
        """Our own words, with a syllable for each character that they decide."""
        return self._own

    @property
    def doubtful(self) -> frozenset[str]:
        """The characters that our own words tell apart."""
        return frozenset(self._doubtful)

    def _add(self, character: str, syllable: str, words: Sequence[str]) -> None:
        self._doubtful.add(character)
        for word in words:
            readings = self._own.setdefault(word, [""] * len(word))
            for n, c in enumerate(word):
                if c == character:
                    readings[n] = syllable

    def read(self, run: str) -> list[str]:
        """Read a run of Han characters.

        Returns:
            A syllable for each character; an empty string where no word decides.
        """
        return self._fill(run, [""] * len(run), len(run))

    def _fill(self, run: str, readings: list[str], longest: int) -> list[str]:
        for start, end in self._cut(run, longest):
            for n, syllable in enumerate(self._word(run[start:end]), start):
                readings[n] = readings[n] or syllable
        return readings

    def _cut(self, run: str, longest: int) -> Iterator[tuple[int, int]]:
        """The words of a run that don't overlap.

        The longest first; of two that are equally long the one that both dictionaries have, then
        our own, then the one further right: where two Chinese words share a character, it more
        often belongs to the second.
        """
        found = [
            (-length, -trust, -n)
            for n in range(len(run) - 1)
            for length in self._lengths.get(run[n : n + 2], ())
            if length <= min(longest, len(run) - n) and (trust := self._trust(run[n : n + length]))
        ]
        taken = bytearray(len(run))
        for negative, _, start in sorted(found):
            a, b = -start, -start - negative
            if not any(taken[a:b]):
                taken[a:b] = b"\1" * (b - a)
                yield a, b

    def _trust(self, word: str) -> int:
        """3 for a word of both dictionaries, 2 for our own, 1 for pypinyin's, 0 for no word."""
        return 2 * (word in self._own) + (word in self._phrases)

    def _read_word(self, word: str) -> tuple[str, ...]:
        """What a word says of its characters; what it leaves open its shorter words may know."""
        readings = list(self._own.get(word, [""] * len(word)))
        if word in self._phrases:
            phrase = _phrase(word)
            readings = [a or b for a, b in zip(readings, phrase, strict=True)]
        elif len(word) > 2 and not all(readings):
            self._fill(word, readings, len(word) - 1)
        return tuple(readings)


def _lengths(words: set[str]) -> dict[str, tuple[int, ...]]:
    """How long the words are that begin with two characters."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[:2], set()).add(len(word))
    return {head: tuple(lengths) for head, lengths in found.items()}


def _phrase(word: str) -> Iterator[str]:
    """The reading of pypinyin for a word; nothing for a character that it gives two readings."""
    for character, choices in zip(word, PHRASES_DICT[word], strict=True):
        one = _number(choices[0]) if len(choices) == 1 else ""
        yield _DICTIONARY_TONES.get(character, one)


def first_reading(character: str) -> str:
    """The reading that pypinyin puts first for a character; empty if it has none."""
    entry: str = PINYIN_DICT.get(ord(character), "")
    return _number(entry.split(",")[0]) if entry else ""


def readings(character: str) -> tuple[str, ...]:
    """All readings that pypinyin knows for a character, the first first."""
    entry: str = PINYIN_DICT.get(ord(character), "")
    return tuple(dict.fromkeys(map(_number, entry.split(",")))) if entry else ()


@lru_cache(maxsize=4096)
def _number(marked: str) -> str:
    """`lǜ` to `lv4`; a syllable without a mark is neutral."""
    numbered: str = to_tone3(marked, neutral_tone_with_five=True, v_to_u=False)
    return numbered.replace("ü", "v")


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The dictionary with our own words, made when first asked for."""
    return Dictionary(*map(table, ("words.txt", "neutral.txt", "places.txt")))


@lru_cache(maxsize=1)
def usual() -> dict[str, str]:
    """The readings of characters outside of words, where the network need not be asked."""
    rows = (line.split() for line in table("alone.txt").splitlines() if not line.startswith("#"))
    return dict(row for row in rows if row)


def table(name: str) -> str:
    """The text of a table that lies beside this file."""
    return files("hy_audio.script.reading").joinpath(name).read_text("utf-8")
