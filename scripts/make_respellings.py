"""Make the table that gives each syllable a common character with that one reading only.

How common a character is, is counted in pypinyin's phrases. Run it after an update of pypinyin or
g2pM, and look at what has changed:

    python scripts/make_respellings.py > src/hy_audio/script/reading/respellings.txt
"""

from collections import Counter

from pypinyin.constants import PHRASES_DICT

from hy_audio.script.reading.dictionary import dictionary, readings, usual
from hy_audio.script.reading.network import network

LEVELS = ((0xB0, 0xD8), (0xD8, 0xF8))
"""Rows of GB 2312: the common characters, and the less common ones."""


def level(rows: tuple[int, int]) -> str:
    """The characters of a level of GB 2312."""
    cells = (bytes((row, cell)) for row in range(*rows) for cell in range(0xA1, 0xFF))
    return b"".join(cells).decode("gb2312", "ignore")


def table() -> dict[str, str]:
    """The best character for each syllable that has one."""
    seen = Counter("".join(PHRASES_DICT))
    unsafe = dictionary().doubtful | usual().keys()
    sole = {c: s for c, s in network().sole.items() if seen[c] and c not in unsafe}
    best: dict[str, str] = {}
    for strict in (True, False):
        for rows in LEVELS:
            for character in sorted(level(rows), key=lambda c: -seen[c]):
                syllable = sole.get(character, "")
                if syllable and (not strict or readings(character) == (syllable,)):
                    best.setdefault(syllable, character)
    return best


if __name__ == "__main__":
    print("# A common character for each syllable, which can only be read so.")
    print("# Made by scripts/make_respellings.py.")
    for syllable, character in sorted(table().items()):
        print(syllable, character)
