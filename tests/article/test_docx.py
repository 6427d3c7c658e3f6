import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from hy_audio.article.formats.document import lay_out
from hy_audio.article.formats.docx import MAX_UNPACKED, is_docx, read_docx
from hy_audio.article.model import Kind

W = nsdecls("w")


def saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def blank(author: str = "") -> Any:
    document = docx.Document()
    document.core_properties.author = author
    return document


def blocks(document: Any) -> list[tuple[Kind, str]]:
    laid = lay_out(read_docx(saved(document)))
    return [(h.kind, laid.text[h.start : h.end]) for h in laid.hints]


def append(paragraph: Paragraph, xml: str) -> None:
    paragraph._p.append(parse_xml(xml))


def repacked(data: bytes, name: str, part: bytes) -> bytes:
    """The same package with one part replaced or added."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return file.getvalue()


def test_styles_say_what_a_paragraph_is() -> None:
    document = blank()
    document.add_paragraph("新桥通车", style="Title")
    document.add_paragraph("两岸十分钟", style="Subtitle")
    document.add_paragraph("今早六点，新桥放行。")
    document.add_heading("等了三年", 1)
    document.add_heading("渡船", 2)
    document.add_paragraph("清晨的新桥", style="Caption")
    document.add_paragraph("不收费", style="List Bullet")
    assert blocks(document) == [
        (Kind.HEADLINE, "新桥通车"),
        (Kind.SUBHEAD, "两岸十分钟"),
        (Kind.PARAGRAPH, "今早六点，新桥放行。"),
        (Kind.HEADING, "等了三年"),
        (Kind.HEADING, "渡船"),
        (Kind.CAPTION, "清晨的新桥"),
        (Kind.ITEM, "不收费"),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("标题", Kind.HEADLINE),
        ("标题 2", Kind.HEADING),
        ("副标题", Kind.SUBHEAD),
        ("题注", Kind.CAPTION),
        ("列出段落", Kind.ITEM),
        ("引题", Kind.KICKER),
        ("正文文本", Kind.PARAGRAPH),
    ],
)
def test_chinese_style_names_are_known(name: str, kind: Kind) -> None:
    document = blank()
    document.styles.add_style(name, 1)
    document.add_paragraph("江上的桥", style=name)
    assert blocks(document) == [(kind, "江上的桥")]


def test_the_first_heading_1_is_the_headline_where_there_is_no_title() -> None:
    document = blank()
    for text in ("新桥通车", "等了三年"):
        document.add_heading(text, 1)
        document.add_paragraph("今早六点，新桥放行。")
    assert [k for k, _ in blocks(document)] == [
        Kind.HEADLINE, Kind.PARAGRAPH, Kind.HEADING, Kind.PARAGRAPH,
    ]  # fmt: skip


def test_a_style_of_the_house_inherits_its_kind() -> None:
    document = blank()
    own = document.styles.add_style("本报小节", 1)
    own.base_style = document.styles["Heading 2"]
    document.add_paragraph("等了三年", style="本报小节")
    assert blocks(document) == [(Kind.HEADING, "等了三年")]


def test_styles_that_are_based_on_each_other_do_not_hang() -> None:
    document = blank()
    one, two = (document.styles.add_style(name, 1) for name in ("甲", "乙"))
    one.base_style, two.base_style = two, one
    document.add_paragraph("江上的桥", style="甲")
    assert blocks(document) == [(Kind.PARAGRAPH, "江上的桥")]


def test_an_outline_level_makes_a_heading() -> None:
    document = blank()
    document.add_paragraph("今早六点放行。")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "1")
    document.add_paragraph("等了三年")._p.get_or_add_pPr().append(level)
    assert blocks(document)[1] == (Kind.HEADING, "等了三年")


def test_links_and_insertions_stay_deletions_and_hidden_text_go() -> None:
    document = blank()
    p = document.add_paragraph("新桥")
    append(p, f"<w:hyperlink {W}><w:r><w:t>今早</w:t></w:r></w:hyperlink>")
    append(p, f"<w:ins {W}><w:r><w:t>正式</w:t></w:r></w:ins>")
    append(p, f"<w:del {W}><w:r><w:delText>试</w:delText></w:r></w:del>")
    append(p, f"<w:moveFrom {W}><w:r><w:t>移走</w:t></w:r></w:moveFrom>")
    append(p, f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>")
    append(p, f"<w:r {W}><w:t>通车</w:t><w:noBreakHyphen/><w:t>了</w:t></w:r>")
    assert blocks(document) == [(Kind.PARAGRAPH, "新桥今早正式通车-了")]


def test_line_breaks_stay_and_tab_stops_are_no_text() -> None:
    document = blank()
    p = document.add_paragraph("桥上无风")
    p.paragraph_format.tab_stops.add_tab_stop(720000)
    p.add_run().add_break()
    p.add_run("江上有月")
    assert lay_out(read_docx(saved(document))).text == "桥上无风\n江上有月\n"


def numbered(document: Any, form: str, pattern: str, start: int = 1) -> str:
    """Add a list definition; return its number."""
    root = document.part.numbering_part.element
    number = "77"
    root.insert(0, parse_xml(
        f'<w:abstractNum {W} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="{start}"/>'
        f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl></w:abstractNum>'
    ))  # fmt: skip
    root.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="77"/></w:num>'))
    return number


@pytest.mark.parametrize(
    ("form", "pattern", "start", "printed"),
    [
        ("decimal", "%1.", 1, ["1. 走路", "2. 坐车"]),
        ("decimal", "（%1）", 9, ["（9）走路", "（10）坐车"]),
        ("chineseCounting", "%1、", 1, ["一、走路", "二、坐车"]),
        ("chineseCountingThousand", "%1、", 19, ["十九、走路", "二十、坐车"]),
        ("bullet", "●", 1, ["走路", "坐车"]),
    ],
)
def test_numbers_of_lists_are_printed(
    form: str, pattern: str, start: int, printed: list[str]
) -> None:
    document = blank()
    number = numbered(document, form, pattern, start)
    for text in ("走路", "坐车"):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = 0
        numbering.get_or_add_numId().val = int(number)
    assert blocks(document) == [(Kind.ITEM, text) for text in printed]


def test_tables_stand_where_they_stood() -> None:
    document = blank()
    document.add_paragraph("车次如下。")
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ("线路", "首班", "", "1路", "6:00", "环城"), strict=True):
        cell.text = text
    document.add_paragraph("以上。")
    assert blocks(document) == [
        (Kind.PARAGRAPH, "车次如下。"),
        (Kind.ITEM, "线路，首班"),
        (Kind.ITEM, "1路，6:00，环城"),
        (Kind.PARAGRAPH, "以上。"),
    ]


def test_a_table_that_arranges_paragraphs_is_read_as_paragraphs() -> None:
    document = blank()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "今早六点放行。\n两岸的人来看。"
    table.cell(0, 1).add_table(1, 1).cell(0, 0).text = "老人说好。"
    found = [text for _, text in blocks(document)]
    assert "".join(found).replace("\n", "").count("老人说好。") == 1
    assert "今早六点放行。" in found[0]


def test_a_content_control_and_a_text_box_are_read_once() -> None:
    document = blank()
    p = document.add_paragraph("桥头的亭子。")
    box = "<w:txbxContent><w:p><w:r><w:t>亭中的碑文</w:t></w:r></w:p></w:txbxContent>"
    choice = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    append(p, (
        f'<w:r {W} xmlns:mc="{choice}"><mc:AlternateContent><mc:Choice Requires="wps">{box}'
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    ))  # fmt: skip
    inner = "<w:p><w:r><w:t>控件里的话。</w:t></w:r></w:p>"
    control = parse_xml(f"<w:sdt {W}><w:sdtContent>{inner}</w:sdtContent></w:sdt>")
    document.element.body.insert(0, control)
    found = [text for _, text in blocks(document)]
    assert found == ["控件里的话。", "桥头的亭子。", "亭中的碑文"]


def test_footnotes_are_left_out_with_a_warning_at_their_place() -> None:
    document = blank()
    document.add_paragraph("今早六点放行。")
    append(
        document.add_paragraph("江宽三百米。"), f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>'
    )
    laid = lay_out(read_docx(saved(document)))
    (warning,) = laid.warnings
    assert laid.text[warning.start : warning.end] == "江宽三百米。"
    assert "footnote" in warning.message


def test_the_words_of_a_formula_are_read() -> None:
    document = blank()
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    append(document.add_paragraph("水深"), f"<m:oMath {math}><m:r><m:t>3+2=5</m:t></m:r></m:oMath>")
    assert [text for _, text in blocks(document)] == ["水深3+2=5"]


@pytest.mark.parametrize(
    ("author", "first", "used"),
    [
        ("王小明", "今早六点放行。", True),
        ("买买提·艾力", "今早六点放行。", True),
        ("王小明", "本报记者 李四", False),
        ("微软用户", "今早六点放行。", False),
        ("Administrator", "今早六点放行。", False),
        ("山城晚报社编辑部", "今早六点放行。", False),
        ("", "今早六点放行。", False),
    ],
)
def test_the_file_s_author_is_used_where_it_can_be_one(author: str, first: str, used: bool) -> None:
    document = blank(author)
    document.add_paragraph("新桥通车", style="Title")
    document.add_paragraph(first)
    found = [text for kind, text in blocks(document) if kind is Kind.BYLINE]
    assert found == ([author] if used else [])


def test_the_file_s_own_dates_are_not_the_edition_s() -> None:
    document = blank()
    document.add_paragraph("今早六点放行。")
    assert read_docx(saved(document)).date == ""


# Files that are not what they should be


def plain() -> bytes:
    document = blank()
    document.add_paragraph("今早六点，新桥放行。")
    return saved(document)


def test_a_word_file_is_told_by_its_content() -> None:
    assert is_docx(plain())
    assert not is_docx(b"PK\x03\x04 no zip")
    assert not is_docx("新桥".encode())
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    assert not is_docx(file.getvalue())


def test_a_zip_bomb_is_refused_unopened() -> None:
    bomb = repacked(plain(), "word/media/image1.bmp", b"\0" * (MAX_UNPACKED + 1))
    assert len(bomb) < 1_000_000
    with pytest.raises(ValueError, match="unpacks to more than 40 MB"):
        read_docx(bomb)


def test_a_zip_of_too_many_parts_is_refused() -> None:
    file = BytesIO(plain())
    with zipfile.ZipFile(file, "a") as package:
        for i in range(5001):
            package.writestr(f"x/{i}", "")
    with pytest.raises(ValueError, match="unpacks to more"):
        read_docx(file.getvalue())


def test_external_and_nested_entities_are_not_resolved() -> None:
    secret = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">'
        b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>\xe6\xa1\xa5&e;&b;</w:t></w:r></w:p></w:body></w:document>"
    )
    laid = lay_out(read_docx(repacked(plain(), "word/document.xml", secret)))
    assert laid.text.strip() == "桥"


@pytest.mark.parametrize("part", [b"", b"<x/>", b"<w:document", b"\xff\xfe"])
def test_a_damaged_document_is_refused_in_one_line(part: bytes) -> None:
    try:
        problem = str(lay_out(read_docx(repacked(plain(), "word/document.xml", part))).text)
    except ValueError as error:
        problem = str(error)
        assert problem.startswith("a damaged Word file")
    assert len(problem.splitlines()) <= 1


DATA = plain()


@settings(max_examples=150)
@given(st.integers(0, len(DATA) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_any_damage_gives_a_document_or_one_line(place: int, patch: bytes, cut: int) -> None:
    data = DATA[:place] + patch + DATA[place + cut :]
    if not is_docx(data):
        return
    problem = ""
    try:
        lay_out(read_docx(data))
    except ValueError as error:
        problem = str(error)
    assert len(problem.splitlines()) <= 1
