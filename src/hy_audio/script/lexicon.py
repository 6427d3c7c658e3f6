"""The show's own lexicon: how its words are read, above every dictionary.

An entry gives a word its pinyin (`"长回路" = "chang2 hui2 lu4"`) or other words to be spoken in its
place (`"R&D" = "研发"`), or the letters of one in Latin script (`"APP" = "A P P"`). Words are told
apart by case; where two fit, the longer one counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hy_audio.characters import han, has_han
from hy_audio.errors import ConfigError
from hy_audio.script.normalize import Rewrite, normalize
from hy_audio.script.reading import syllables
from hy_audio.script.reading.respelling import respell

_LETTERS = re.compile(r"[A-Z](?:[ .·-]?[A-Z])*")
_LATIN = re.compile(r"[A-Za-zÀ-ǜ]+[0-9]*")
_ONE_LETTER = re.compile(r"[A-Z][0-9]*|[a-z]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A word with its pinyin."""

    word: str
    """As it is spoken: Han characters, and between them perhaps Latin letters."""
    pinyin: tuple[str, ...]
    """A syllable with its tone number for each Han character of the word."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, checked."""

    rewrites: tuple[Rewrite, ...] = ()
    """The respellings, as one rule for `normalize`; none if there are none."""
    words: tuple[Reading, ...] = ()
    """The words with pinyin, the longest first."""
    _by_first: Mapping[str, Sequence[Reading]] = field(init=False, repr=False, compare=False)
    """The same by their first character."""

    def __post_init__(self) -> None:
        by_first: dict[str, list[Reading]] = {}
        for entry in self.words:
            by_first.setdefault(entry.word[0], []).append(entry)
        object.__setattr__(self, "_by_first", by_first)

    def readings(self, text: str) -> dict[int, str]:
        """What the entries say of a spoken text.

        Returns:
            The syllable for the place of each Han character in a word of the lexicon.
        """
        found: dict[int, str] = {}
        for start, entry in self.find(text):
            places = (n for n, c in enumerate(entry.word, start) if has_han(c))
            found |= zip(places, entry.pinyin, strict=True)
        return found

    def find(self, text: str) -> list[tuple[int, Reading]]:
        """Where words with pinyin stand in a text; of two that overlap, the first and longest."""
        found: list[tuple[int, Reading]] = []
        start = 0
        while self.words and start < len(text):
            candidates = self._by_first.get(text[start], ())
            entry = next((e for e in candidates if text.startswith(e.word, start)), None)
            if entry:
                found.append((start, entry))
            start += len(entry.word) if entry else 1
        return found

    def respell(self, text: str) -> tuple[str, str]:
        """Write the words with pinyin in characters that can only be read so.

        Returns:
            The text, as long as before, and the characters for which there is no such character.
        """
        letters = list(text)
        lost = ""
        for n, syllable in self.readings(text).items():
            other = respell(text[n], syllable)
            letters[n] = other or text[n]
            lost += "" if other else text[n]
        return "".join(letters), lost


EMPTY = Lexicon()
"""No entries."""


def lexicon(entries: Mapping[str, str]) -> Lexicon:
    """Check the entries of a lexicon.

    Raises:
        ConfigError: an entry that can't be used, and what is wrong with it.
    """
    respelled: dict[str, str] = {}
    words: dict[str, Reading] = {}
    for word, said in entries.items():
        if not word.strip() or not said.strip():
            raise _wrong(word, said, "give both a word and how it is said")
        if has_han(said) or (not has_han(word) and _LETTERS.fullmatch(said.strip())):
            respelled[word] = _respelling(word, said)
        else:
            entry = _reading(word, said)
            words[entry.word] = entry
    longest_first = sorted(words.values(), key=lambda e: (-len(e.word), e.word))
    return Lexicon(_rewrites(respelled), tuple(longest_first))


def spoken_entries(options: Iterable[str]) -> dict[str, str]:
    """The entries of `--say` options, each `词=读音`.

    Raises:
        ConfigError: there is no `=` in one.
    """
    entries = {}
    for option in options:
        word, sign, said = option.rpartition("=")
        if not sign:
            raise ConfigError(
                f"--say {option}: write it as word=reading, like 长回路=chang2hui2lu4"
            )
        entries[word.strip()] = said.strip()
    return entries


def _reading(word: str, said: str) -> Reading:
    """A word with pinyin; it is found as it is spoken, so that 2号线 is found too."""
    spoken = normalize(word).text
    if not has_han(spoken):
        advice = "say it in Han characters or capital letters instead"
        raise _wrong(word, said, f"pinyin is for Han characters; {advice}")
    try:
        pinyin = syllables.parse(said)
    except syllables.NotPinyin as error:
        raise _wrong(word, said, str(error)) from None
    count = len(han(spoken))
    if len(pinyin) != count:
        shown = word if spoken == word else f"{word}, spoken {spoken},"
        plural = "" if count == 1 else "s"
        problem = f"{shown} has {count} Han character{plural}, the pinyin {len(pinyin)} syllable"
        raise _wrong(word, said, problem + ("" if len(pinyin) == 1 else "s"))
    return Reading(spoken, pinyin)


def _respelling(word: str, said: str) -> str:
    if _mixes_in_pinyin(word, said):
        raise _wrong(word, said, "write pinyin or Han characters, not both")
    if not normalize(said).text:
        raise _wrong(word, said, "nothing of it can be said")
    return said.strip()


def _mixes_in_pinyin(word: str, said: str) -> bool:
    """Whether there is pinyin with tones in it, or without them where the word is in Han alone.

    A capital letter is a letter, also before a figure: A2.
    """
    found = _LATIN.findall(unicodedata.normalize("NFC", said))
    words = [one for one in found if not _ONE_LETTER.fullmatch(one)]
    bare = re.search(r"[A-Za-z0-9]", word) is None
    return any(map(syllables.is_pinyin, words)) or (bare and any(map(syllables.is_toneless, words)))


def _rewrites(respelled: Mapping[str, str]) -> tuple[Rewrite, ...]:
    """One rule for all respellings, the longest first. Latin letters end where a word ends."""
    if not respelled:
        return ()
    longest_first = sorted(respelled, key=lambda word: (-len(word), word))
    first = "".join(sorted({re.escape(word[0]) for word in respelled}))
    pattern = re.compile(f"(?=[{first}])(?:{'|'.join(map(_whole, longest_first))})")
    return (Rewrite("the show's lexicon", pattern, lambda match: respelled[match[0]]),)


def _whole(word: str) -> str:
    before = "(?<![A-Za-z])" if re.match(r"[A-Za-z]", word) else ""
    after = "(?![A-Za-z])" if re.search(r"[A-Za-z]\Z", word) else ""
    return before + re.escape(word) + after


def _wrong(word: str, said: str, problem: str) -> ConfigError:
    return ConfigError(f"lexicon entry {word!r} = {said!r}: {problem}")
