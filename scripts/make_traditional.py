"""Make the table of traditional characters with the simplified ones that are read for them.

wetext's grammar (Apache-2.0) knows them. Run it after an update of wetext, and look at what has
changed:

    python scripts/make_traditional.py > src/hy_audio/script/reading/traditional.txt
"""

from wetext.utils import preprocess

BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
"""Han characters."""


def pairs() -> list[str]:
    """Each traditional character and its simplified one."""
    characters = (chr(code) for block in BLOCKS for code in block)
    return [
        character + simplified
        for character in characters
        if len(simplified := preprocess(character, traditional_to_simple=True)) == 1
        and simplified != character
    ]


if __name__ == "__main__":
    print("# A traditional character and the simplified one that the dictionaries know.")
    print("# Made by scripts/make_traditional.py.")
    made = pairs()
    for n in range(0, len(made), 30):
        print(" ".join(made[n : n + 30]))
