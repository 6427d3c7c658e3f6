import pytest
from script_texts import TITLE, script_of

from hy_audio.article.model import Fate
from hy_audio.errors import ScriptError
from hy_audio.script.model import EDITOR_TEXT, Role, Script
from hy_audio.script.reword import reword
from hy_audio.script.settings import Settings
from hy_audio.script.splice import places_of, splice

HEADINGS = ("桥上看水", "桥下过船")
PAGE = (
    f"{TITLE}今早六点，新桥通车了。\n\n\n\n{HEADINGS[0]}\n\n水涨了三尺。有人来看。\n\n"
    f"新桥一角。 ■何大江 摄\n\n\n\n{HEADINGS[1]}\n\n船走得很慢，要半个小时。\n"
)
FIRST, SECOND = "qiao-shang-kan-shui", "qiao-xia-guo-chuan"


@pytest.fixture
def script() -> Script:
    return script_of(PAGE)


def said(script: Script, section_id: str) -> list[tuple[Role, str]]:
    section = next(s for s in script.sections if s.id == section_id)
    return [(u.role, u.spoken) for u in section.utterances]


def silent(script: Script, rule: str) -> str:
    spans = [s for s in script.ledger if (s.fate, s.rule) == (Fate.SILENT, rule)]
    return "".join(PAGE[s.start : s.end] for s in spans)


def test_the_heading_stays_and_the_new_words_follow_it(script: Script) -> None:
    new = reword(script, FIRST, "水已经退了。\n\n大家3点就走了。", Settings())
    assert said(new, FIRST) == [
        (Role.HEADING, "桥上看水。"),
        (Role.PARAGRAPH, "水已经退了。"),
        (Role.PARAGRAPH, "大家三点就走了。"),
    ]


def test_the_opening_keeps_the_show_and_the_line_about_the_voice() -> None:
    settings = Settings(show="早班车")
    new = reword(script_of(PAGE, settings), "kai-chang", "渡口不再停航。", settings)
    roles = [role for role, _ in said(new, "kai-chang")]
    assert roles == [Role.SHOW, Role.PARAGRAPH, Role.DISCLOSURE]


def test_the_ledger_says_that_an_editor_replaced_the_printed_words(script: Script) -> None:
    new = reword(script, FIRST, "水已经退了。", Settings())
    assert "".join(silent(new, EDITOR_TEXT).split()) == "水涨了三尺。有人来看。新桥一角。"
    assert "".join(PAGE[s.start : s.end] for s in new.ledger) == PAGE
    assert all(s.start < s.end for s in new.ledger)


def test_new_words_have_no_place_on_the_page_and_other_sections_stay(script: Script) -> None:
    new = reword(script, FIRST, "水已经退了，剩下3处。", Settings())
    at = PAGE.index("水涨了")
    section = next(s for s in new.sections if s.id == FIRST)
    assert {u.source for u in section.utterances if u.role is not Role.HEADING} == {(at, at)}
    assert not any(s.changes for s in section.utterances[1].sentences)
    assert [s for s in new.sections if s.id != FIRST] == [
        s for s in script.sections if s.id != FIRST
    ]


def test_words_without_a_sound_are_refused(script: Script) -> None:
    with pytest.raises(ScriptError, match="nothing of the new text"):
        reword(script, FIRST, "……\n\n！", Settings())


def test_a_section_is_taken_from_another_writing_with_its_ledger_and_warnings() -> None:
    strange = PAGE.replace("船走得很慢", "船走得很慢😀")
    old, new = script_of(strange), script_of(strange)
    reworded = reword(old, FIRST, "水已经退了。", Settings())
    assert splice(reworded, new, FIRST, places_of(new, FIRST)) == old
    spliced = splice(reworded, new, SECOND, places_of(new, SECOND))
    assert spliced == reworded
    assert [w.rule for w in spliced.warnings] == ["unreadable"]


def test_a_section_with_something_at_the_end_of_the_page_takes_nothing_of_what_is_between() -> None:
    signed = PAGE + "\n（记者 何大江）\n"
    old = script_of(signed)
    first, last = places_of(old, "kai-chang")
    assert signed[slice(*last)].strip("（） ") == "记者 何大江"
    assert first[1] < signed.index(HEADINGS[0]) < last[0]
    reworded = reword(old, FIRST, "水已经退了。", Settings())
    assert splice(reworded, old, "kai-chang", (first, last)) == reworded
