import codecs
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hy_audio.article.model import Fate, Kind, Source
from hy_audio.article.parse import parse
from hy_audio.article.read import MAX_BYTES, read
from hy_audio.characters import has_han
from hy_audio.errors import ConfigError, HyAudioError, SourceError
from hy_audio.script.compose import compose

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
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("gbk"),
        TEXT.encode("gb18030"),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "le-bare", "be-bare", "gbk", "gb18030"],
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
        (TEXT.encode()[:-20] + b"\xff", "UTF-8"),
        (TEXT.encode("gbk")[:-4] + b"\xff", "GB18030"),
        (b"caf\xe9 noir", "not UTF-8"),
        (b"%PDF-1.7\n\xe2\xe3", "PDF"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or locked Word"),
        (b"PK\x03\x04" + bytes(40), "no Word document"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<html><body><script>1</script></body></html>", "empty"),
        (b"Only English here.\n", "no Chinese characters"),
        ("１２３。！".encode(), "no Chinese characters"),
        ("新".encode() * (MAX_BYTES // 3 + 1), "10 MB"),
    ],
    ids=["empty", "blank", "bom", "bom-16", "nul", "nul-at-end", "png", "cut", "cut-gbk",
         "latin-1", "pdf", "rtf", "doc", "zip", "gzip", "no-body", "latin", "digits", "large"],
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


DAMAGED = "新桥通车\r\n\r\n今早\xff六点，桥\xff放行。\r\n老人\xff都来看。\r\n"


def damaged(*, times: int = 3) -> bytes:
    whole = DAMAGED.replace("\xff", "", 3 - times)
    return b"\xff".join(part.encode("gb18030") for part in whole.split("\xff"))


def test_a_damaged_file_is_refused_and_told_to_name_its_encoding(tmp_path: Path) -> None:
    assert "--encoding gb18030" in refused(write(tmp_path, damaged()))


@pytest.mark.parametrize(
    ("times", "says"),
    [(3, "3 characters are damaged and left out, the first here"), (1, "1 character is damaged")],
)
def test_a_damaged_file_is_read_in_the_encoding_named_with_one_warning_at_the_first_place(
    tmp_path: Path, times: int, says: str
) -> None:
    page = read(write(tmp_path, damaged(times=times)), encoding="gb18030")
    (warning,) = page.warnings
    assert warning.rule == "damaged"
    assert says in warning.message
    assert page.text[warning.start : warning.end] == "\ufffd"
    assert warning.start == page.text.index("\ufffd")


def test_damaged_characters_are_silent_and_the_ledger_holds_them(tmp_path: Path) -> None:
    page = read(write(tmp_path, damaged()), encoding="gb18030")
    script = compose(parse(page.text))
    silent = [page.text[s.start : s.end] for s in script.ledger if s.rule == "invisible"]
    assert silent == ["\ufffd"] * 3
    assert "今早六点，桥放行。老人都来看。" in spoken(page.text)
    assert script.warnings == ()


def test_a_page_that_prints_the_sign_of_damage_itself_is_warned_about(tmp_path: Path) -> None:
    page = read(write(tmp_path, "新桥通车\n\n今早\ufffd六点放行。\n".encode()))
    assert [w.rule for w in page.warnings] == ["damaged"]


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


@pytest.mark.parametrize("data", [TEXT.encode() + b"\xff", b"a\0b", b"", b"abc"])
def test_the_refusal_says_what_to_do(tmp_path: Path, data: bytes) -> None:
    problem = refused(write(tmp_path, data))
    assert any(word in problem for word in ("save it", "give", "so there is nothing to say"))


# What kind of file it is


HTML = "<html><body><h1>新桥通车</h1><p>今早六点放行。</p></body></html>"
MARKDOWN = "# 新桥通车\n\n今早六点**放行**。\n\n## 两岸\n\n十分钟。\n"
PLAIN = "新桥通车\n\n1. 今早*六点*放行，R_D_大楼前 # 号。\n"


@pytest.mark.parametrize("name", ["page.txt", "page.html", "page.md", "page", "page.docx"])
def test_the_content_decides_not_the_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(HTML, "utf-8")
    assert read(str(path)).text == "新桥通车\n\n今早六点放行。\n"
    path.write_text(MARKDOWN, "utf-8")
    assert read(str(path)).text == "新桥通车\n\n今早六点放行。\n\n两岸\n\n十分钟。\n"


@pytest.mark.parametrize("name", ["page.txt", "page.html", "page", "page.docx"])
def test_a_plain_text_is_left_as_it_is_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(PLAIN, "utf-8")
    page = read(str(path))
    assert page.text == PLAIN
    assert page.hints == ()


def test_the_structure_of_a_page_comes_as_hints(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(HTML, "utf-8")
    page = read(str(path))
    kinds = [(h.kind, page.text[h.start : h.end]) for h in page.hints]
    assert kinds == [(Kind.HEADLINE, "新桥通车"), (Kind.PARAGRAPH, "今早六点放行。")]


def test_a_page_declares_its_encoding_and_may_be_wrong(tmp_path: Path) -> None:
    for declared in ("gb2312", "utf-8", "big5"):
        page = HTML.replace("<body>", f'<meta charset="{declared}"><body>')
        assert "今早六点" in read(write(tmp_path, page.encode("gbk"))).text


def test_standard_input_may_be_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, HTML.encode("gbk"))
    assert read("-").text == "新桥通车\n\n今早六点放行。\n"


def test_the_encoding_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT.encode("gbk"))
    assert read(path, encoding="gb18030").text == TEXT
    with pytest.raises(SourceError, match="not utf-8"):
        read(path, encoding="utf-8")
    with pytest.raises(ConfigError, match="no encoding called 'martian'"):
        read(path, encoding="martian")


# What a page may hold that is not spoken


CONTROLS = "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))
)


def spoken(text: str) -> str:
    script = compose(parse(text))
    return "".join(s.spoken for u in script.utterances for s in u.sentences)


def test_layout_and_invisible_characters_are_kept_in_the_text_and_never_spoken(
    tmp_path: Path,
) -> None:
    c = CONTROLS
    text = f"新桥{c}通车\r\n\x0c\r\n　　今{c}早六\u00ad点，桥{c}放行。\x0b{c}\r\n"
    page = read(write(tmp_path, text.encode()))
    assert page.text == text
    said = spoken(page.text)
    assert "新桥通车" in said
    assert "今早六点，桥放行。" in said
    assert not set(said) & set(CONTROLS + "\r\n\x0c\x0b\u00ad\u3000")


@pytest.mark.parametrize("selector", ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef"])
def test_a_variation_selector_is_silent_and_cuts_no_word(selector: str) -> None:
    page = f"新桥{selector}通车\n\n　　今早六点，葛{selector}洲坝的{selector}银{selector}行开门。\n"
    article = parse(page)
    script = compose(article)
    assert [b.text for b in article.blocks] == ["新桥通车", "今早六点，葛洲坝的银行开门。"]
    assert [page[s.start : s.end] for s in article.ledger if s.rule == "invisible"] == [
        selector
    ] * 4
    assert {s.fate for s in article.ledger if s.rule == "invisible"} == {Fate.SILENT}
    assert script.warnings == ()
    assert "银行" in script.utterances[-1].spoken


def test_full_width_letters_and_digits_are_read_and_printed_as_they_are(tmp_path: Path) -> None:
    text = "新桥通车\n\n　　今早６点，Ａ座的ＧＤＰ增长１２．５％，两岸都来看。\n"
    page = read(write(tmp_path, text.encode("gbk")))
    assert page.text == text
    assert "今早六点，A座的GDP增长百分之十二点五，两岸都来看。" in spoken(page.text)


def test_half_width_marks_in_chinese_text_are_pauses(tmp_path: Path) -> None:
    text = "新桥通车\n\n　　今早六点,桥放行;老人问:“真的通了?”真的通了!两岸(东岸、西岸)都来看.\n"
    page = read(write(tmp_path, text.encode()))
    assert page.text == text
    said = spoken(page.text)
    assert "今早六点，桥放行；老人问：“真的通了？”真的通了！" in said
    assert "都来看。" in said


def test_traditional_characters_are_read_as_they_are(tmp_path: Path) -> None:
    text = "新橋通車\n\n　　今早六點，兩岸的人都來看，老人說等了三年。\n"
    page = read(write(tmp_path, text.encode("big5")))
    assert page.text == text
    assert "今早六點，兩岸的人都來看，老人說等了三年。" in spoken(page.text)


# Whatever comes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.binary(max_size=200)
    | st.text(max_size=80).map(str.encode)
    | st.tuples(
        st.sampled_from([b"<html>", b"---\n", b"PK\x03\x04", b"# a\n# b\n", codecs.BOM_UTF16_LE]),
        st.text(max_size=60),
        st.sampled_from(["utf-8", "utf-16-le", "gb18030"]),
    ).map(lambda t: t[0] + t[1].encode(t[2], "ignore")),
    st.sampled_from(["txt", "md", "html", "docx"]),
)
def test_any_bytes_are_an_article_or_one_line(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"page.{suffix}"
    path.write_bytes(data)
    problem = ""
    try:
        page = read(str(path))
        assert has_han(page.text)
        assert all(page.text[h.start : h.end].strip() for h in page.hints)
    except SourceError as error:
        problem = str(error)
    assert len(problem.splitlines()) <= 1


@pytest.mark.parametrize("form", ["txt", "gbk", "html"])
def test_five_megabytes_are_read(tmp_path: Path, form: str) -> None:
    line = "今早六点，新桥放行，第一班公交车从西岸开到东岸。\n"
    lines = 5_000_000 // len(line.encode())
    text = line * lines
    if form == "html":
        text = "<html><body>" + f"<p>{line}</p>" * lines + "</body></html>"
    page = read(write(tmp_path, text.encode("gbk" if form == "gbk" else "utf-8")))
    assert page.text.count("今早六点") == lines
