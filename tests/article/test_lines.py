"""Lines written before the rules saw them: 静 is silent, 读 spoken in part, 留 left alone."""

from pathlib import Path

import pytest

from hy_audio.article.context import in_context
from hy_audio.article.lines import read_lines
from hy_audio.article.marks import mark

LINES = Path(__file__).with_name("lines.txt").read_text("utf-8").splitlines()


def lines(sign: str) -> list[str]:
    return [line[2:] for line in LINES if line.startswith(f"{sign} ")]


def spoken(text: str) -> str:
    return "".join(m.text for m in in_context(mark(read_lines(text))))


@pytest.mark.parametrize("line", lines("静"))
def test_furniture_of_the_page_is_silent(line: str) -> None:
    assert spoken(line) == ""


@pytest.mark.parametrize("line", lines("读"))
def test_a_line_is_spoken_without_its_trimmings(line: str) -> None:
    text, said = line.split(" → ")
    assert spoken(text) == said


@pytest.mark.parametrize("line", lines("留"))
def test_what_only_looks_like_furniture_is_spoken(line: str) -> None:
    assert spoken(line) == line
