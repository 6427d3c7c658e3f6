"""Latin script in a Mandarin sentence: words from misaki's American dictionary, else letters.

The Mandarin voices have learned Mandarin alone, so a letter's name is a Mandarin syllable to them:
with the sounds of English and the first tone. In English stress marks they swallow half the letters
(docs/voices.md has the figures).
"""

import json
import re
from functools import lru_cache
from importlib.resources import files
from itertools import chain

NAMES = {
    "A": "ei→", "B": "bi→", "C": "si→", "D": "di→", "E": "i→", "F": "ɛf→", "G": "ʤi→",
    "H": "eiʧ→", "I": "ai→", "J": "ʤei→", "K": "kʰei→", "L": "ɛl→", "M": "ɛm→", "N": "ɛn→",
    "O": "ou→", "P": "pʰi→", "Q": "kʰju→", "R": "aɹ→", "S": "ɛs→", "T": "tʰi→", "U": "ju→",
    "V": "vi→", "W": "dabəlju→", "X": "ɛks→", "Y": "wai→", "Z": "zi→",
}  # fmt: skip
"""The names of the letters."""

OWN = {
    "iphone": "ˈIfˌOn", "ipad": "ˈIpˌæd", "kimi": "kʰi→mi→", "wifi": "wai→fai→",
    "deepseek": "dˈipsˌik", "tiktok": "tˈɪktˌɑk", "huawei": "xwa↗wei↗",
}  # fmt: skip
"""Names of our days that misaki does not have."""

_ABBREVIATION = 3
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z']+|[a-z']+")


def latin(word: str) -> tuple[str, ...]:
    """The phonemes of a word in Latin script: of the word, or of the name of each letter.

    Capitals of up to three are spelled. A word that no dictionary has is cut where a capital
    follows a small letter (ChatGPT); if a part that is no abbreviation is unknown, all is spelled.
    """
    if whole := _word(word):
        return (whole,)
    said = [_part(part) for part in _PART.findall(word)]
    return tuple(chain.from_iterable(said)) if all(said) else _spelled(word)


def _part(part: str) -> tuple[str, ...]:
    """A part of a word: a word or an abbreviation; nothing where it is neither."""
    if whole := _word(part):
        return (whole,)
    return _spelled(part) if part.isupper() else ()


def _word(word: str) -> str | None:
    if word.lower() in OWN:
        return OWN[word.lower()]
    if len(word) == 1 or (word.isupper() and len(word) <= _ABBREVIATION):
        return None
    return _entry(word) or _entry(word.lower())


def _spelled(word: str) -> tuple[str, ...]:
    return tuple(NAMES[letter] for letter in word.upper() if letter in NAMES)


def _entry(word: str) -> str | None:
    entry = _english().get(word)
    return entry if isinstance(entry, str) or entry is None else entry["DEFAULT"]


@lru_cache(maxsize=1)
def _english() -> dict[str, str | dict[str, str]]:
    text = files("misaki.data").joinpath("us_gold.json").read_text("utf-8")
    dictionary: dict[str, str | dict[str, str]] = json.loads(text)
    return dictionary
