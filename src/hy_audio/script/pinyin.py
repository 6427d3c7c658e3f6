"""Which reading: one syllable for each Han character, chosen by the word it stands in."""

import re

from pypinyin import Style, lazy_pinyin

from hy_audio.characters import HAN

_RUN = re.compile(f"[{HAN}]+")


def pinyin(spoken: str) -> tuple[str, ...]:
    """Read every Han character of a text.

    Returns:
        Syllables with tone numbers (5 is the neutral tone, ü is written v), one for each Han
        character in order; an empty string where no reading is known.
    """
    return tuple(syllable for run in _RUN.findall(spoken) for syllable in _read(run))


def _read(run: str) -> list[str]:
    return lazy_pinyin(
        run,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=lambda unknown: [""] * len(unknown),  # type: ignore[arg-type, return-value]
    )  # a list is taken as it is, one syllable for each character; the stub knows only str
