"""From a sentence's spoken words and pinyin to the model's tokens.

Syllables are spelled as the model's alphabet has them. A space stands between words (in v1.1-zh a
slash), as it did in training: the words of jieba, cut by `rjieba`, which has the same dictionary
and needs no file in the temporary folder.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from hy_audio import words
from hy_audio.characters import HAN
from hy_audio.script.model import Sentence
from hy_audio.speech.kokoro.alphabet import V1_0, Alphabet

PRONUNCIATION = f"misaki {version('misaki')}+rjieba {version('rjieba')}+3"
"""What decides how a word becomes phonemes; part of the engine's fingerprint."""

MAX_TOKENS = 509
"""Longest input: the model's 512 positions less the padding, and a row of the style for each."""

GOOD_TOKENS = 220
"""Longer inputs are slurred; much shorter ones gain nothing more (docs/voices.md)."""

_MARKS = {
    "，": ", ", "、": ", ", "。": ". ", "！": "! ", "？": "? ", "；": "; ", "：": ": ",
    "（": " (", "）": ") ", "《": " “", "》": "” ", "“": "“", "”": "”", "‘": "“", "’": "”",
    "…": "…", "·": " ", " ": " ", ".": ". ", "-": " ", "'": "",
    "—": "; ",  # the model makes no pause of a dash
}  # fmt: skip
_STRONG = frozenset({". ", "! ", "? ", "; ", ": "})
_WEAK = frozenset({", "})
_CLOSING = frozenset("”)…")
_PAUSES = _STRONG | _WEAK | {"…"}
_SILENT = frozenset(map(str.strip, _MARKS.values()))
_UNHEARD = str.maketrans("", "", "“”")
"""Quotes are not given to the model, which makes a sound of them: “V”型 is heard as 于异型."""
_SIDE = 10
_SPACES = re.compile(" +")
_UNIT = re.compile(
    rf"(?P<han>[{HAN}])|(?P<latin>[A-Za-z]+(?:'[A-Za-z]+)?)|(?P<mark>—+|.)", re.DOTALL
)
_HAN = re.compile(f"[{HAN}]")
_RUN = re.compile(f"[{HAN}]+")
_NUMERALS = frozenset("零〇一二两三四五六七八九十")


@dataclass(frozen=True, slots=True)
class Phonemes:
    """A sentence as the model takes it."""

    units: tuple[str, ...]
    """One for each syllable, word and mark, in letters of the vocabulary only."""
    places: tuple[int, ...]
    """Offset in the sentence's `spoken` of the character with which each unit begins."""
    unknown: tuple[str, ...]
    """What could not be turned into phonemes, in order."""


@dataclass(frozen=True, slots=True)
class Input:
    """Units that the model speaks in one run."""

    tokens: list[int]
    """Without the padding."""
    first: int
    """Index of the first unit among those of the sentence."""
    begins: tuple[int, ...]
    """Index in `tokens` at which each unit begins; their number for a unit without a sound."""


def phonemes(sentence: Sentence, alphabet: Alphabet = V1_0) -> Phonemes:
    """Turn a sentence's words and pinyin into phonemes."""
    spoken = sentence.spoken
    readings = sounded(spoken, sentence.pinyin)
    ends = word_ends(spoken)
    units: list[tuple[str, int]] = []
    unknown: list[str] = []
    for unit in _UNIT.finditer(spoken):
        said = next(readings, "") if unit["han"] else ""
        start = unit.start()
        if unit[0] == "儿" and said == "er5" and units and (r := alphabet.rhotic(units[-1][0])):
            _, start = units.pop()
            sounds: tuple[str, ...] = (r,)
        else:
            sounds = _sounds(unit, said, alphabet)
        if not sounds or any(not set(sound) <= alphabet.vocabulary.keys() for sound in sounds):
            unknown.append(unit[0])
            continue
        space = alphabet.separator if unit.end() in ends else ""
        units += [(sound + space, start) for sound in sounds]
    return Phonemes(tuple(u for u, _ in units), tuple(n for _, n in units), tuple(unknown))


def _sounds(unit: re.Match[str], said: str, alphabet: Alphabet) -> tuple[str, ...]:
    """The phonemes of a syllable, a word or a mark; none if it has none."""
    if unit["latin"]:
        return tuple(f" {sound} " for sound in alphabet.latin(unit["latin"]))
    sound = alphabet.syllable(said) if unit["han"] else _MARKS.get(unit[0][0])
    return () if sound is None else (sound,)


def word_ends(text: str) -> frozenset[int]:
    """Where a word ends and another follows it, without a mark between: offsets in `text`."""
    runs = ((run.start(), tuple(words.word_ends(run[0]))) for run in _RUN.finditer(text))
    return frozenset(start + end for start, ends in runs for end in ends[:-1])


def sounded(spoken: str, pinyin: Sequence[str]) -> Iterator[str]:
    """The syllables as they sound: 一 and 不 change their tone before another.

    Pinyin has the tones of the dictionary; this is the rule of the standard language: both rise
    before a fourth tone, 一 falls before the other three. Counted, 一 keeps its own.
    """
    places = [n for n, c in enumerate(spoken) if _HAN.match(c)]
    for k, (n, said) in enumerate(zip(places, pinyin, strict=False)):
        joined = k + 1 < len(places) and places[k + 1] == n + 1
        tone = pinyin[k + 1][-1:] if joined and k + 1 < len(pinyin) else ""
        if spoken[n] == "不" and said == "bu4" and tone == "4":
            yield "bu2"
        elif spoken[n] == "一" and said == "yi1" and tone and not _counted(spoken, n):
            yield "yi2" if tone in "45" else "yi4"
        else:
            yield said


def _counted(spoken: str, n: int) -> bool:
    """Whether 一 is a number or a date: 第一, 十一, 一二, 一月."""
    before, after = spoken[n - 1 : n], spoken[n + 1 : n + 2]
    return before in _NUMERALS | {"第", "初", "点"} or after in _NUMERALS | set("月日号")


def inputs(
    units: Sequence[str], alphabet: Alphabet = V1_0, longest: int = MAX_TOKENS
) -> Iterator[Input]:
    """The model's inputs for a sentence.

    A sentence is cut at a mark stronger than a comma if enough stands on both sides; one of more
    than `GOOD_TOKENS` at a comma too. What is longer than the model can take and has no mark is cut
    in the middle, but never inside a syllable.
    """
    first = 0
    for part in _parts(units, longest):
        text, begins = _squeezed(part)
        if text:
            yield Input([alphabet.vocabulary[c] for c in text], first, begins)
        first += len(part)


def _parts(units: Sequence[str], longest: int) -> Iterator[Sequence[str]]:
    """The units of each input."""
    length = len(_squeezed(units)[0])
    cut = _clause(units, _STRONG, _SIDE)
    if not cut and length > min(GOOD_TOKENS, longest):
        cut = _clause(units, _WEAK, len(units) // 5)
    if not cut and length > longest:
        cut = len(units) // 2
    if cut:
        yield from _parts(units[:cut], longest)
        yield from _parts(units[cut:], longest)
    else:
        yield units


def _squeezed(units: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The units as one text with one space at a time, and where in it each begins."""
    text, begins = "", []
    for unit in units:
        spaced = _SPACES.sub(" ", unit.translate(_UNHEARD))
        text += spaced.lstrip() if not text or text.endswith(" ") else spaced
        begins.append(len(text) - len(spaced.lstrip()))
    text = text.rstrip(" /")
    return text, tuple(min(n, len(text)) for n in begins)


def clauses(units: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The runs of words between pauses: indexes of the first unit of each and of the first sound.

    The first begins with the first unit; marks alone are no clause.
    """
    found: dict[int, int] = {}
    after = 0
    for n, unit in enumerate(units):
        if unit in _PAUSES:
            after = _closed(units, n + 1)
        elif unit.strip() not in _SILENT:
            found.setdefault(after, n)
    firsts = (0, *list(found)[1:])
    return tuple(zip(firsts, found.values(), strict=False))


def _clause(units: Sequence[str], marks: frozenset[str], side: int) -> int:
    """Index after the mark nearest the middle, and what closes there; 0 if none.

    Args:
        units: of a sentence, or of a part.
        marks: the marks that count.
        side: how many units there must be on both sides.
    """
    ends = (_closed(units, n + 1) for n, unit in enumerate(units) if unit in marks)
    far = [n for n in ends if side <= n <= len(units) - side]
    return min(far, key=lambda n: abs(n - len(units) / 2), default=0)


def _closed(units: Sequence[str], n: int) -> int:
    """`n`, or the index after the marks that close there or belong to the one before."""
    while n < len(units) and units[n].strip() in _CLOSING:
        n += 1
    return n
