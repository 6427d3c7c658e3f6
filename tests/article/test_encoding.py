import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.article.encoding import DAMAGED, Undecodable, UnknownEncoding, declarations, decode

SIMPLIFIED = (
    "新桥昨天通车。清早六点，第一班公交车开过江面，两岸的人都走到桥头来看。"
    "“从前过江要等渡船，雨天一等就是半天，”住在西岸的老人说，“现在走路十分钟就到了。”\r\n"
)
TRADITIONAL = (
    "新橋昨天通車。清早六點，第一班公車開過江面，兩岸的人都走到橋頭來看。"
    "「從前過江要等渡船，雨天一等就是半天，」住在西岸的老人說，「現在走路十分鐘就到了。」\r\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gb18030", "gbk", "gb2312", "utf-16-le", "utf-16-be"]
)
def test_simplified_text_is_told_from_its_bytes(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding)) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "gbk", "gb18030", "utf-16-le"])
def test_traditional_text_is_told_from_its_bytes(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL


@pytest.mark.parametrize(
    "short", ["石桥日报", "新桥通车了", "今早放行。", "中文", "老人说，等了三年"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_words_are_enough(short: str, encoding: str) -> None:
    assert decode(short.encode(encoding)) == short


@pytest.mark.parametrize(
    ("short", "encodings"),
    [
        ("嵖岈嶙峋", "utf-8 gb18030"),
        ("魑魅魍魉", "utf-8 gb18030"),
        ("氤氲袅袅", "utf-8 gb18030"),
        ("岣嵝峰下", "utf-8 gb18030"),
        ("觊觎\n踟蹰", "utf-8 gb18030"),
        ("鄞州，鄱阳。", "utf-8 gb18030"),
        ("龃龉", "utf-8 gb18030"),
        ("酃湖", "utf-8 gb18030"),
        ("囍", "utf-8 gb18030"),
        ("饕餮之徒", "utf-8 gb18030 big5"),
        ("衡陽晚報", "utf-8 gb18030 big5"),
        ("渡口停航", "utf-8 gb18030 big5"),
        ("嵇康與阮籍", "utf-8 gb18030 big5"),
        ("橋頭的老人說，等了三年", "utf-8 gb18030 big5"),
        ("耒水，沅江，酃湖", "utf-8 gb18030 big5"),
    ],
)
def test_a_few_rare_words_are_read_in_the_encoding_that_makes_han_characters_of_all(
    short: str, encodings: str
) -> None:
    for encoding in encodings.split():
        assert decode(short.encode(encoding)) == short, encoding


@pytest.mark.parametrize(
    "data",
    ["naïve Müller".encode("latin-1"), "嵖岈ab".encode("gbk"), ("嵖岈嶙峋" * 13).encode("gbk")],
    ids=["latin", "letters between", "too long to be rare"],
)
def test_what_is_no_few_words_of_han_characters_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable, match="no other encoding makes Chinese of it"):
        decode(data)


def test_hong_kong_characters_are_read_in_big5() -> None:
    text = TRADITIONAL + "啲仔喺度嘅橋頭食嘢，" * 3
    assert decode(text.encode("big5hkscs")) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_tells_and_is_taken_off(mark: bytes, encoding: str) -> None:
    assert decode(mark + SIMPLIFIED.encode(encoding)) == SIMPLIFIED


def test_four_byte_characters_of_gb18030_are_read() -> None:
    text = SIMPLIFIED + "𠮷野先生和㐂子"
    assert decode(text.encode("gb18030")) == text


def test_a_long_latin_head_does_not_hide_the_encoding() -> None:
    text = "<script>var x = 1;</script>\n" * 3000 + SIMPLIFIED
    assert decode(text.encode("gbk")) == text


@pytest.mark.parametrize("declared", ["utf-8", "big5", "iso-8859-1", "shift_jis", "no-such-name"])
def test_a_wrong_declaration_does_not_win_over_the_text(declared: str) -> None:
    page = f'<meta charset="{declared}"><p>{SIMPLIFIED}</p>'
    assert decode(page.encode("gbk"), declared=[declared]) == page


@pytest.mark.parametrize("declared", ["gbk", "big5"])
def test_where_two_encodings_make_equally_good_text_the_declaration_decides(declared: str) -> None:
    assert decode("渡船".encode(declared), declared=[declared]) == "渡船"


def test_utf_8_declared_as_gbk_is_still_utf_8() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">{SIMPLIFIED}'
    assert declarations(page.encode()) == ["gb2312"]
    assert decode(page.encode(), declared=["gbk"]) == page


def test_the_user_overrules_the_detection() -> None:
    data = SIMPLIFIED.encode("gbk")
    assert decode(data, encoding="gbk") == SIMPLIFIED
    assert decode(data, encoding="latin-1") == data.decode("latin-1")


def test_an_encoding_told_still_loses_its_byte_order_mark() -> None:
    assert decode(codecs.BOM_UTF8 + SIMPLIFIED.encode(), encoding="utf8") == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("utf-16"), encoding="utf-16") == SIMPLIFIED


@pytest.mark.parametrize(
    "name", ["klingon", "", "hex", "rot13", "idna", "undefined", "a\0b", "中文"]
)
def test_an_encoding_that_is_none_names_some(name: str) -> None:
    with pytest.raises(UnknownEncoding, match="gb18030") as caught:
        decode(SIMPLIFIED.encode(), encoding=name)
    assert len(str(caught.value).splitlines()) == 1


def test_an_encoding_that_does_not_fit_says_where() -> None:
    with pytest.raises(Undecodable, match=r"not utf-8 \(byte 0\).*--encoding"):
        decode(SIMPLIFIED.encode("gbk"), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_broken_bytes_are_replaced_where_the_user_names_the_encoding(encoding: str) -> None:
    lines = ["渡口停航", "小船不再走", "江上有人"]
    data = b"\xff\n".join(line.encode(encoding) for line in lines)
    assert decode(data, encoding=encoding) == f"{DAMAGED}\n".join(lines)
    with pytest.raises(Undecodable, match="--encoding"):
        decode(data)


def test_lines_in_another_encoding_do_not_keep_a_page_from_being_read() -> None:
    data = (SIMPLIFIED * 3).encode() + "渡口停航\n".encode("gbk") + SIMPLIFIED.encode()
    text = decode(data, encoding="utf-8")
    assert text.startswith(SIMPLIFIED * 3)
    assert text.endswith(SIMPLIFIED)
    assert 0 < text.count(DAMAGED) <= 8


def test_a_page_of_which_more_than_half_does_not_fit_is_refused_though_the_user_said_so() -> None:
    good, bad = "桥".encode(), b"\xff"
    assert decode(good * 10 + bad * 10, encoding="utf-8") == "桥" * 10 + DAMAGED * 10
    with pytest.raises(Undecodable, match="not utf-8"):
        decode(good * 10 + bad * 11, encoding="utf-8")


@pytest.mark.parametrize(
    ("encoding", "called"),
    [("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("utf-16-le", "UTF-16-LE")],
)
def test_a_file_cut_inside_a_character_says_so_and_where(encoding: str, called: str) -> None:
    whole = (SIMPLIFIED.strip() * 3).encode(encoding)
    with pytest.raises(Undecodable) as caught:
        decode(whole[:-1])
    assert called in str(caught.value)
    assert "ends inside a character" in str(caught.value)
    assert "--encoding" in str(caught.value)


@pytest.mark.parametrize(("encoding", "stray"), [("utf-8", b"\xfe"), ("gb18030", b"\xff")])
def test_a_stray_byte_is_told_with_its_offset(encoding: str, stray: bytes) -> None:
    head = (SIMPLIFIED * 2).encode(encoding)
    with pytest.raises(Undecodable, match=f"is damaged at byte {len(head)};"):
        decode(head + stray + SIMPLIFIED.encode(encoding))


def test_damage_far_behind_the_sample_is_found() -> None:
    head = (SIMPLIFIED * 1000).encode("gbk")
    with pytest.raises(Undecodable, match=f"byte {len(head)};"):
        decode(head + b"\xff" + b"x")


def test_noise_is_no_text() -> None:
    with pytest.raises(Undecodable):
        decode(bytes(range(128, 256)) * 20)


def test_nul_characters_make_a_binary_file() -> None:
    with pytest.raises(Undecodable, match="binary"):
        decode(SIMPLIFIED.encode() + b"\0")


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused_in_one_line(data: bytes) -> None:
    problem = ""
    try:
        assert "\0" not in decode(data)
    except Undecodable as error:
        problem = str(error)
    assert len(problem.splitlines()) <= 1


@given(
    st.integers(0, len(SIMPLIFIED) - 24),
    st.integers(24, 80),
    st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]),
)
def test_any_stretch_of_two_dozen_characters_is_read_right(
    start: int, length: int, encoding: str
) -> None:
    text = SIMPLIFIED[start : start + length]
    assert decode(text.encode(encoding)) == text


@given(st.integers(0, len(TRADITIONAL) - 24), st.integers(24, 80))
def test_any_stretch_of_big5_is_read_right(start: int, length: int) -> None:
    text = TRADITIONAL[start : start + length]
    assert decode(text.encode("big5")) == text
