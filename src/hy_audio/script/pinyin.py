"""Which reading: one syllable for each Han character, chosen by the word and sentence it stands in.

The dictionary is asked first, then the rules of context; the network only for polyphones that both
leave open. All of them know simplified characters, so traditional ones are read as these. The
show's lexicon wins over all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from hy_audio.characters import HAN
from hy_audio.script.lexicon import EMPTY, Lexicon
from hy_audio.script.reading import context
from hy_audio.script.reading.dictionary import dictionary, first_reading, usual
from hy_audio.script.reading.network import network
from hy_audio.script.reading.syllables import SYLLABLES
from hy_audio.script.reading.traditional import own_reading, simplified

_RUN = re.compile(f"[{HAN}]+")


def pinyin(spoken: str, lexicon: Lexicon = EMPTY) -> tuple[str, ...]:
    """Read every Han character of a text.

    Returns:
        Syllables with tone numbers (5 is the neutral tone, ü is written v), one for each Han
        character in order; an empty string where no reading is known.
    """
    return read_all([spoken], lexicon)[0]


def read_all(texts: Sequence[str], lexicon: Lexicon = EMPTY) -> list[tuple[str, ...]]:
    """Read many texts; the same as `pinyin` of each, and much faster.

    Returns:
        For each text what `pinyin` gives.
    """
    plain = [simplified(text) for text in texts]
    own = [lexicon.readings(text) for text in texts]
    drafts = [_draft(text) | said for text, said in zip(plain, own, strict=True)]
    choices = network().choices
    open_places = [
        [n for n, said in draft.items() if not said and text[n] in choices]
        for text, draft in zip(plain, drafts, strict=True)
    ]
    asked = [n for n, places in enumerate(open_places) if places]
    answers = network().read([plain[n] for n in asked], [open_places[n] for n in asked])
    for n, answer in zip(asked, answers, strict=True):
        drafts[n] |= answer
    read = [
        {n: said or _alone(text[n]) for n, said in draft.items()}
        for text, draft in zip(plain, drafts, strict=True)
    ]
    return [
        tuple((said | _of_the_printed(text, folded, said) | sure).values())
        for text, folded, said, sure in zip(texts, plain, read, own, strict=True)
    ]


def _draft(text: str) -> dict[int, str]:
    """The place of every Han character with its reading, empty where the network must choose."""
    draft: dict[int, str] = {}
    for run in _RUN.finditer(text):
        draft |= zip(range(*run.span()), dictionary().read(run[0]), strict=True)
    weaker = context.decide(text, context.OPEN_RULES)
    for n, said in draft.items():
        draft[n] = said or weaker.get(n) or usual().get(text[n], "")
    return draft | context.decide(text, context.RULES)


def _of_the_printed(text: str, plain: str, said: Mapping[int, str]) -> dict[int, str]:
    """The readings of the characters that were read as their simplified ones."""
    if text == plain:
        return {}
    return {n: own_reading(text[n], one) for n, one in said.items() if text[n] != plain[n]}


@lru_cache(maxsize=8192)
def _alone(character: str) -> str:
    """The reading of a character that has one, or of one that nothing else knows."""
    said = network().sole.get(character) or first_reading(character)
    return said if said[:-1] in SYLLABLES else ""
