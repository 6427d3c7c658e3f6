import codecs
import io
import os
import sys
from pathlib import Path

import pytest

from hy_audio.article.read import MAX_BYTES, Source, read
from hy_audio.errors import HyAudioError, SourceError

TEXT = "新桥通车了\r\n\r\n今早六点，R&D大楼前的桥放行。\n"


def write(folder: Path, data: bytes) -> str:
    path = folder / "page.txt"
    path.write_bytes(data)
    return str(path)


def refused(source: str) -> str:
    """The one line of the error, which must name the source."""
    with pytest.raises(SourceError) as caught:
        read(source)
    error = caught.value
    assert isinstance(error, HyAudioError)
    assert error.source == ("standard input" if source == "-" else source)
    assert str(error) == f"{error.source}: {error.problem}"
    assert error.problem.splitlines() == [error.problem]
    return error.problem


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be"],
)
def test_a_file_is_read_character_by_character_without_its_byte_order_mark(
    tmp_path: Path, data: bytes
) -> None:
    path = write(tmp_path, data)
    assert read(path) == Source(path, TEXT)


@pytest.mark.parametrize(
    "data", [TEXT.encode(), codecs.BOM_UTF8 + TEXT.encode(), TEXT.encode("utf-16")]
)
def test_a_dash_reads_the_bytes_of_standard_input(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    give(monkeypatch, data)
    assert read("-") == Source("standard input", TEXT)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (" \n\u3000\t\r\n".encode(), "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        (b"abc\0def", "binary"),
        (TEXT.encode() + b"\0", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01", "binary"),
        (TEXT.encode("gbk"), "UTF-8"),
        (TEXT.encode()[:-20] + b"\xff", "UTF-8"),
        (b"Only English here.\n", "no Chinese characters"),
        ("１２３。！".encode(), "no Chinese characters"),
        ("新".encode() * (MAX_BYTES // 3 + 1), "10 MB"),
    ],
    ids=["empty", "blank", "bom", "bom-16", "nul", "nul-at-end", "png", "gbk", "cut", "latin",
         "digits", "large"],
)  # fmt: skip
def test_what_is_no_article_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, says: str
) -> None:
    assert says in refused(write(tmp_path, data))
    give(monkeypatch, data)
    assert says in refused("-")


@pytest.mark.parametrize("damage", [b"\x00\xd8", b"\x2c"], ids=["lone-surrogate", "half"])
def test_damaged_utf_16_is_refused(tmp_path: Path, damage: bytes) -> None:
    assert refused(write(tmp_path, codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + damage))


def test_a_page_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    text = "新" + " " * (MAX_BYTES - 3)
    assert read(write(tmp_path, text.encode())).text == text


def test_a_missing_file_is_told_to_check_the_path(tmp_path: Path) -> None:
    problem = refused(str(tmp_path / "none.txt"))
    assert "no such file" in problem
    assert "check the path" in problem


def test_a_directory_is_told_to_name_an_article(tmp_path: Path) -> None:
    problem = refused(str(tmp_path))
    assert "directory" in problem
    assert "name one article" in problem


def test_a_path_with_a_nul_character_is_refused() -> None:
    assert "can't be read" in refused("page\0.txt")


def test_a_path_that_is_too_long_is_refused() -> None:
    assert "can't be read" in refused("x" * 5000)


def test_a_file_inside_a_file_is_refused(tmp_path: Path) -> None:
    assert "can't be read" in refused(str(Path(write(tmp_path, b"x")) / "page.txt"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that won't be read")
def test_a_file_that_opens_but_does_not_read_is_refused() -> None:
    assert "can't be read" in refused("/proc/self/mem")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = Path(write(tmp_path, TEXT.encode()))
    path.chmod(0)
    assert "can't be read" in refused(str(path))


@pytest.mark.parametrize("data", [TEXT.encode("gbk"), b"a\0b", b"", b"abc"])
def test_the_refusal_says_what_to_do(tmp_path: Path, data: bytes) -> None:
    problem = refused(write(tmp_path, data))
    assert any(word in problem for word in ("save it", "give", "so there is nothing to say"))
