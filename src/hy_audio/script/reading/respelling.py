"""The same sound in other characters, for engines that take no phonemes.

A character that has one reading only needs no help; another is written as a common character of the
same syllable that can only be read so: 长回路 with `chang2 hui2 lu4` becomes 肠回录.
"""

from functools import lru_cache

from hy_audio.script.reading.dictionary import dictionary, readings, table
from hy_audio.script.reading.network import network


def respell(character: str, syllable: str) -> str:
    """A character that is read `syllable` and not otherwise; empty if there is none."""
    if _only(character) == syllable:
        return character
    return _table().get(syllable, "")


def _only(character: str) -> str:
    """The one reading of a character; empty if it has more than one."""
    sole = network().sole.get(character, "")
    known = readings(character)
    certain = character not in dictionary().doubtful and (known == (sole,) or len(known) == 1)
    return (sole or known[0]) if certain and known else ""


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    lines = table("respellings.txt").splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))
