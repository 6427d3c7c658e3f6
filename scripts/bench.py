"""How fast the program is, beside the libraries it stands on.

    scripts/bench [speed] [start] [scale] [speech] [settings] [edge] [stitch] [publish] [--json]

`speed` is characters a second of each step, `start` the first sentence of a new process, `scale`
time and memory for texts of up to 5 MB. A figure is the median of three runs. A ratio says how many
times faster hy-audio is than what stands beside it; of `scale` it is the time for a megabyte beside
that of the smallest text: 1 is linear. `speech` is the embedded voice, see bench_speech.py, and
`settings` what else ONNX Runtime could be told, see bench_settings.py. `edge` is the online voice,
eight requests at a time beside one, against a local service that takes a second for each. `stitch`
is from clips to an episode, see bench_stitch.py, `publish` a feed of ten thousand items, see
bench_publish.py.

The text is news: the pages of tests/data/pages (and of ../shared/articles, if they are there) again
and again, with other figures in each copy, so that no cache knows them.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain, count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench_publish import publishing
from bench_row import Row
from bench_speech import speech
from bench_stitch import stitching

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "tests/data/pages"
ARTICLES = ROOT.parent / "shared/articles"
CHARACTERS = 200_000
SIZES_MB = (0.5, 1, 2, 5)
RUNS = 3

_LONG_NUMBER = re.compile(r"\d{3,}|(?<=\d\.)\d+")
_SENTENCE_END = re.compile(r"(?<=[。！？\n])")


# The text


def news(size: int) -> list[str]:
    """Pages of at least `size` characters together."""
    printed = [path.read_bytes().decode() for path in sorted(PAGES.glob("*.txt"))]
    pages = [one.partition("\n")[2].partition(">>>>>>>> script\n")[0] for one in printed]
    pages += [path.read_text("utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    copies = (_varied(page, copy) for copy in count() for page in pages)
    taken: list[str] = []
    while size > 0:
        taken.append(next(copies))
        size -= len(taken[-1])
    return taken


def _varied(page: str, copy: int) -> str:
    """Long numbers end in another figure; dates and times of day stay what they are."""

    def other(match: re.Match[str]) -> str:
        return f"{match[0][:-1]}{(int(match[0][-1]) + copy) % 10}"

    return _LONG_NUMBER.sub(other, page)


# Speed: each step page by page, as the program goes; the libraries sentence by sentence


def speed() -> Iterator[Row]:
    """Characters a second of every step, and of all of them."""
    from hy_audio.article.parse import parse
    from hy_audio.article.rules import SILENT_KINDS

    pages = news(CHARACTERS)
    articles = [parse(page) for page in pages]
    texts = [[b.text for b in a.blocks if b.kind not in SILENT_KINDS] for a in articles]
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{n}.txt") for n in range(len(pages))]
        for file, page in zip(files, pages, strict=True):
            file.write_bytes(page.encode())
        yield from _read_and_parse(pages, files)
        yield from _normalise(texts)
        yield from _pinyin(texts)
        yield from _all(pages, files)


def _read_and_parse(pages: Sequence[str], files: Sequence[Path]) -> Iterator[Row]:
    from hy_audio.article.parse import parse
    from hy_audio.article.read import read

    yield from _rates("read", pages, lambda: [read(str(file)) for file in files])
    yield from _rates("parse", pages, lambda: [parse(page) for page in pages])


def _normalise(texts: Sequence[Sequence[str]]) -> Iterator[Row]:
    from hy_audio.script.split import sentences

    printed = [text[a:b] for text in chain(*texts) for a, b in sentences(text)]
    wetext = _wetext()
    alone = _seconds(lambda: [wetext(one) for one in printed])
    yield from _rates(
        "split, normalise",
        printed,
        lambda: [_spoken(page) for page in texts],
        {"wetext alone": alone},
    )


def _pinyin(texts: Sequence[Sequence[str]]) -> Iterator[Row]:
    from pypinyin import Style, lazy_pinyin

    from hy_audio.script.pinyin import read_all

    pages = [_spoken(page) for page in texts]
    said = [*chain(*pages)]
    g2pm = _g2pm()
    alone = {
        "pypinyin alone": _seconds(lambda: [lazy_pinyin(one, style=Style.TONE3) for one in said]),
        "g2pM alone": _seconds(lambda: [g2pm(one) for one in said]),
    }
    yield from _rates("pinyin", said, lambda: [read_all(page) for page in pages], alone)


def _all(pages: Sequence[str], files: Sequence[Path]) -> Iterator[Row]:
    wetext, g2pm = _wetext(), _g2pm()
    printed = [one for page in pages for one in _SENTENCE_END.split(page) if one.strip()]
    alone = {"wetext + g2pM": _seconds(lambda: [g2pm(wetext(one)) for one in printed])}
    together = files[0].with_name("all.txt")
    together.write_bytes("\n\n".join(pages).encode())
    yield from _rates("all, page by page", pages, lambda: [_script(file) for file in files], alone)
    yield from _rates("all, as one page", pages, lambda: _script(together), alone)


def _spoken(texts: Sequence[str]) -> list[str]:
    """The sentences of a page, split and normalised."""
    from hy_audio.script.normalize import normalize
    from hy_audio.script.split import sentences

    normalize.cache_clear()  # nothing is known from another page
    return [normalize(text[a:b]).text for text in texts for a, b in sentences(text)]


def _script(file: Path) -> object:
    """All of it: from a file to its script."""
    from hy_audio.article.parse import parse
    from hy_audio.article.read import read
    from hy_audio.script.compose import compose
    from hy_audio.script.normalize import normalize

    normalize.cache_clear()
    source = read(str(file))
    return compose(parse(source.text, hints=source.hints))


def _wetext() -> Callable[[str], str]:
    from wetext import Normalizer

    normalizer: Any = Normalizer(lang="zh", operator="tn")
    return lambda text: normalizer.normalize(text)


def _g2pm() -> Callable[[str], list[str]]:
    from g2pM import G2pM

    model: Any = G2pM()
    return lambda text: model(text, tone=True)


def _seconds(work: Callable[[], object]) -> float:
    """The median of the runs after a first one, in which what is needed is loaded."""
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken[1:])


def _rates(
    what: str,
    texts: Sequence[str],
    ours: Callable[[], object],
    others: Mapping[str, float] | None = None,
) -> Iterator[Row]:
    """Rows for one step, given the seconds that others take for the same texts."""
    size = sum(map(len, texts))
    seconds = _seconds(ours)
    row = Row(what, "characters/s", size / seconds)
    if not others:
        yield row
    for name, theirs in (others or {}).items():
        yield Row(what, row.unit, row.ours, name, size / theirs, theirs / seconds)


# New processes

_SENTENCE = "本报讯 新桥全长12.5公里，9月1日8:30通车，为沿线3-5万人的出行提供了便利。"
_FIRST_SENTENCE = """
from hy_audio.article.parse import parse
from hy_audio.script.compose import compose
compose(parse(sys.argv[1]))
"""
_FIRST_ALONE = """
from g2pM import G2pM
from wetext import Normalizer
G2pM()(Normalizer(lang="zh", operator="tn").normalize(sys.argv[1]), tone=True)
"""
_ONE_TEXT = f"""
import re, time
from pathlib import Path
{_FIRST_SENTENCE.replace("sys.argv[1]", repr(_SENTENCE))}
text = Path(sys.argv[1]).read_text("utf-8")
start = time.perf_counter()
article = parse(text)
parsed = time.perf_counter()
compose(article)
end = time.perf_counter()
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(parsed - start, end - start, int(peak[1]) / 1000 if peak else 0)
"""


def start() -> Iterator[Row]:
    """From nothing to the script of one sentence: Python, imports, dictionary and network."""
    ours, theirs = (
        median(_process(code, _SENTENCE)[0] for _ in range(RUNS))
        for code in (_FIRST_SENTENCE, _FIRST_ALONE)
    )
    yield Row("first sentence", "s", ours, "wetext + g2pM", theirs, theirs / ours)


def scale() -> Iterator[Row]:
    """Seconds for a megabyte of UTF-8, and the most memory of the process in megabytes."""
    smallest: list[float] = []
    names = ("parse", "all")
    with TemporaryDirectory() as folder:
        for size_mb in SIZES_MB:
            file = Path(folder, "text")
            file.write_bytes(_text(size_mb).encode())
            runs = [_process(_ONE_TEXT, str(file))[1].split() for _ in range(RUNS)]
            *seconds, peak = (median(map(float, one)) for one in zip(*runs, strict=True))
            each = [one / size_mb for one in seconds]
            smallest = smallest or each
            for name, ours, base in zip(names, each, smallest, strict=True):
                beside = f"{SIZES_MB[0]} MB"
                yield Row(f"{name}, {size_mb} MB", "s/MB", ours, beside, base, ours / base)
            yield Row(f"memory, {size_mb} MB", "MB", peak)


def _text(size_mb: float) -> str:
    """One text of so many megabytes in UTF-8."""
    size = round(size_mb * 1_000_000)
    return "\n\n".join(news(size // 2)).encode()[:size].decode(errors="ignore")


def _process(code: str, argument: str) -> tuple[float, str]:
    """Seconds that a new process takes, and what it prints."""
    start = time.perf_counter()
    command = [sys.executable, "-W", "ignore", "-c", f"import sys\n{code}", argument]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - start, done.stdout


# The online voice


def edge() -> Iterator[Row]:
    """Seconds for a hundred utterances of a second each; until a build ends that is refused."""
    from bench_edge import REFUSALS, UTTERANCES, refused_seconds, seconds

    ours, theirs = seconds(8), seconds(1)
    yield Row(f"{UTTERANCES} online clips", "s", ours, "one after another", theirs, theirs / ours)
    for fault in REFUSALS:
        yield Row(f"all {fault}", "s", refused_seconds(fault))


def settings() -> Iterator[Row]:
    """Seconds for the sentences of `speech` with other settings of ONNX Runtime."""
    from bench_settings import settings as rows

    yield from rows()


# The table

BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    "speed": speed,
    "start": start,
    "scale": scale,
    "speech": speech,
    "settings": settings,
    "edge": edge,
    "stitch": stitching,
    "publish": publishing,
}
"""What can be measured, by name."""


def main() -> None:
    """Measure what is named, or everything, and print it."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the program.")
    parser.add_argument("names", nargs="*", metavar="|".join(BENCHMARKS), help="default: all")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows = chain(*(BENCHMARKS[name]() for name in options.names or BENCHMARKS))
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    print(f"{'':20}{'hy-audio':>12}  {'':14}{'beside':30}{'':>12}{'ratio':>8}")
    for row in rows:
        print(_line(row), flush=True)


def _line(row: Row) -> str:
    ours = f"{row.what:20}{_figure(row.ours):>12}  {row.unit:14}"
    theirs = f"{row.beside:30}{_figure(row.theirs):>12}{row.ratio:8.2f}"
    return ours + theirs if row.beside else ours.rstrip()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    main()
