"""How often a character is read rightly: pypinyin alone, g2pM alone, and the whole chain.

    python scripts/measure_pinyin.py [../shared/data/polyphone/cpp_dev.tsv] [--wrong]

It prints the shares on a labelled set (sentence, index, pinyin), on our own list of phrases, which
places of the province only our list reads rightly, and how fast pinyin is had.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from hy_audio.characters import has_han
from hy_audio.script.pinyin import read_all
from hy_audio.script.reading.dictionary import Dictionary, table
from hy_audio.script.reading.network import network

ROOT = Path(__file__).parents[1]
DEVELOPMENT = ROOT.parent / "shared/data/polyphone/cpp_dev.tsv"
PHRASES = ROOT / "tests/script/phrases.tsv"

Row = tuple[str, int, str]
"""A sentence, the index of a character, and its reading."""


def labelled(path: Path) -> list[Row]:
    """The rows of a labelled set."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line)
    return [(sentence, int(index), reading) for sentence, index, reading in rows]


def phrases(path: Path = PHRASES) -> list[Row]:
    """Our own list (phrase, character, reading, sentence): its first such character counts."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line)
    return [(text, text.index(word) + word.index(c), said) for word, c, said, text in rows]


def by_pypinyin(rows: Sequence[Row]) -> list[str]:
    """What pypinyin says of each row's character."""
    return [
        lazy_pinyin(
            text,
            style=Style.TONE3,
            neutral_tone_with_five=True,
            errors=lambda unknown: [""] * len(unknown),  # type: ignore[arg-type, return-value]
        )[index]
        for text, index, _ in rows
    ]


def by_g2pm(rows: Sequence[Row]) -> list[str]:
    """What g2pM says of each row's character."""
    known = network()
    asked = [n for n, (text, index, _) in enumerate(rows) if text[index] in known.choices]
    answers = known.read([rows[n][0] for n in asked], [[rows[n][1]] for n in asked])
    found = {n: answer[rows[n][1]] for n, answer in zip(asked, answers, strict=True)}
    return [found.get(n) or known.sole.get(row[0][row[1]], "") for n, row in enumerate(rows)]


def by_us(rows: Sequence[Row]) -> list[str]:
    """What the whole chain says of each row's character."""
    texts = [text for text, _, _ in rows]
    places = [sum(map(has_han, text[:index])) for text, index, _ in rows]
    return [read[n] for read, n in zip(read_all(texts), places, strict=True)]


METHODS: dict[str, Callable[[Sequence[Row]], list[str]]] = {
    "pypinyin alone": by_pypinyin,
    "g2pM alone": by_g2pm,
    "hy-audio": by_us,
}


def share(rows: Sequence[Row], method: Callable[[Sequence[Row]], list[str]]) -> float:
    """The share of rows that a method reads as they are labelled."""
    right = (a == row[2] for a, row in zip(method(rows), rows, strict=True))
    return sum(right) / len(rows)


def wrong(rows: Sequence[Row]) -> Iterable[str]:
    """What the whole chain still reads otherwise than labelled, the most frequent first."""
    pairs = zip(rows, by_us(rows), strict=True)
    found = Counter((text[n], said, ours) for (text, n, said), ours in pairs if ours != said)
    for (character, said, ours), count in found.most_common():
        yield f"{count:4}  {character}  labelled {said}, read {ours}"


def needed_places() -> list[str]:
    """The words of places.txt that are read otherwise without it."""
    listed = Dictionary(table("places.txt")).words
    others = Dictionary(table("words.txt"), table("neutral.txt"))
    need = []
    for word, syllables in listed.items():
        without = others.read(word)
        rest = by_g2pm([(word, n, "") for n in range(len(word))])
        got = [a or b for a, b in zip(without, rest, strict=True)]
        if any(a and a != b for a, b in zip(syllables, got, strict=True)):
            need.append(word)
    return need


def speed(texts: Sequence[str]) -> int:
    """Characters a second, of Han and others, in one batch."""
    start = time.perf_counter()
    read_all(texts)
    return round(sum(map(len, texts)) / (time.perf_counter() - start))


def main() -> None:
    """Print all figures."""
    start = time.perf_counter()
    read_all(["桥上人来人往。"])
    print(f"first sentence after {time.perf_counter() - start:.2f} s")
    named = [Path(a) for a in sys.argv[1:] if a != "--wrong"]
    sets = {path.name: labelled(path) for path in named or [DEVELOPMENT] if path.is_file()}
    for name, rows in ({PHRASES.name: phrases()} | sets).items():
        print(f"{name}: {len(rows)} rows")
        for method, read in METHODS.items():
            print(f"  {method:15} {share(rows, read):.2%}")
    for name, rows in sets.items():
        print(f"{name}: {speed([row[0] for row in rows]):,} characters a second in one batch")
        if "--wrong" in sys.argv:
            print(*wrong(rows), sep="\n")
    print("places that only places.txt reads rightly:", " ".join(needed_places()))


if __name__ == "__main__":
    main()
