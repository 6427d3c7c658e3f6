"""How much of two sets of readings is said right: by wetext alone, and by hy-audio.

    python scripts/measure_normalize.py [--misses N] FILE.tsv...

A file has lines of kind, written and spoken, parted by tabs. Two readings are the same without
punctuation and spaces, with 两 as 二 and 至 as 到.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from wetext import Normalizer

from hy_audio.script.normalize import normalize


def heard(text: str) -> str:
    """What two readings must share."""
    letters = "".join(c for c in text if c.isalnum())
    return letters.replace("两", "二").replace("至", "到")


def measure(rows: list[list[str]], say: Callable[[str], str], name: str, misses: int) -> None:
    """Print the share that is right, in all and by kind, and the first misses."""
    total = Counter(kind for kind, *_ in rows)
    wrong = [(k, w, say(w), s) for k, w, s in rows if heard(say(w)) != heard(s)]
    kinds = Counter(kind for kind, *_ in wrong)
    print(f"  {name}: {1 - len(wrong) / len(rows):.1%} of {len(rows)}")
    print("    " + "  ".join(f"{k} {n - kinds[k]}/{n}" for k, n in total.items()))
    for kind, written, said, spoken in wrong[:misses]:
        print(f"    {kind}: {written} -> {said}, not {spoken}")


def main() -> None:
    """Measure every file that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--misses", type=int, default=0, help="how many misses to print")
    options = parser.parse_args()
    wetext = Normalizer(lang="zh", operator="tn").normalize
    for file in options.files:
        rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
        print(file.name)
        measure(rows, wetext, "wetext alone", options.misses)
        measure(rows, lambda text: normalize(text).text, "hy-audio", options.misses)


if __name__ == "__main__":
    main()
