import pytest
from script_texts import TITLE, script_of

from hy_audio.script.ids import keep_ids
from hy_audio.script.model import Script
from hy_audio.script.reword import reword
from hy_audio.script.settings import Settings

MORNING = "小店\n\n清早五点，面馆的灯先亮了，老板在揉面。\n\n\n\n"
NOON = "小店\n\n到了中午，修鞋的师傅才把摊子支起来。\n\n\n\n"
NIGHT = "小店\n\n夜里十一点，水果铺子还在等最后一个客人。\n\n\n\n"
OTHER = "大街\n\n街上一整天都有人走来走去。\n\n\n\n"


def page(*parts: str) -> Script:
    return script_of(f"{TITLE}这座城醒得很早。\n\n\n\n" + "".join(parts))


def ids(script: Script) -> dict[str, str]:
    """First words of each section that comes from a heading, and its id."""
    return {s.utterances[1].spoken[:2]: s.id for s in script.sections[2:]}


def test_a_section_before_another_of_its_title_leaves_that_its_id() -> None:
    before = page(NOON, OTHER)
    now = keep_ids(page(MORNING, NOON, OTHER), before, {})
    assert ids(now) == {"清早": "xiao-dian-2", "到了": "xiao-dian", "街上": "da-jie"}


def test_when_the_first_of_two_goes_the_second_keeps_its_id() -> None:
    before = page(MORNING, NOON)
    assert ids(before) == {"清早": "xiao-dian", "到了": "xiao-dian-2"}
    assert ids(keep_ids(page(NOON), before, {})) == {"到了": "xiao-dian-2"}


def test_it_may_change_its_words_and_its_place() -> None:
    before = page(MORNING, NOON, NIGHT)
    edited = NIGHT.replace("十一点", "十二点")
    now = keep_ids(page(edited, MORNING, NOON), before, {})
    assert ids(now) == {"夜里": "xiao-dian-3", "清早": "xiao-dian", "到了": "xiao-dian-2"}


def test_the_ids_of_utterances_follow() -> None:
    now = keep_ids(page(MORNING, NOON), page(NOON), {})
    section = next(s for s in now.sections if s.id == "xiao-dian-2")
    assert [u.id for u in section.utterances] == ["xiao-dian-2-001", "xiao-dian-2-002"]


@pytest.mark.parametrize("before", [None, page(OTHER), page(MORNING, OTHER)])
def test_a_title_that_stands_once_has_the_id_of_its_title(before: Script | None) -> None:
    now = page(MORNING, OTHER)
    assert keep_ids(now, before, {}) == now


def test_a_section_keeps_its_id_when_its_heading_is_written_anew() -> None:
    before = page(MORNING, OTHER)
    renamed = MORNING.replace("小店", "面馆")
    now = keep_ids(page(renamed, OTHER), before, {})
    assert ids(now) == {"清早": "xiao-dian", "街上": "da-jie"}
    assert next(s.title for s in now.sections if s.id == "xiao-dian") == "面馆"
    again = keep_ids(page(renamed, OTHER), now, {})
    assert ids(again) == ids(now)


def test_one_of_two_of_a_title_keeps_its_id_under_another() -> None:
    now = keep_ids(page(MORNING.replace("小店", "面馆"), NOON), page(MORNING, NOON), {})
    assert ids(now) == {"清早": "xiao-dian", "到了": "xiao-dian-2"}


def test_an_id_of_a_renamed_section_is_not_given_to_a_new_one_of_the_old_title() -> None:
    before = keep_ids(page(MORNING.replace("小店", "面馆"), OTHER), page(MORNING, OTHER), {})
    now = keep_ids(page(NOON, MORNING.replace("小店", "面馆"), OTHER), before, {})
    assert ids(now) == {"到了": "xiao-dian-2", "清早": "xiao-dian", "街上": "da-jie"}


def test_a_heading_with_other_words_is_a_new_section() -> None:
    before = page(MORNING, OTHER)
    now = keep_ids(page(NOON.replace("小店", "修鞋"), OTHER), before, {})
    assert ids(now) == {"到了": "xiu-xie", "街上": "da-jie"}


def test_a_section_goes_into_the_one_before_it_when_its_heading_goes() -> None:
    before = page(MORNING, OTHER)
    joined = page(MORNING.rstrip() + "\n" + OTHER.removeprefix("大街\n"))
    assert ids(keep_ids(joined, before, {})) == {"清早": "xiao-dian"}


# What an editor decided


def reworded(script: Script, section_id: str) -> Script:
    return reword(script, section_id, "另外几句话，一个字也不同。", Settings())


def decided(script: Script, section_id: str) -> dict[str, str]:
    return {s.id: s.printed for s in script.sections if s.id == section_id}


def test_one_of_several_in_an_editors_words_keeps_its_id() -> None:
    before = page(MORNING, NOON)
    now = keep_ids(page(MORNING, NOON), reworded(before, "xiao-dian"), decided(before, "xiao-dian"))
    assert ids(now) == ids(before)


def test_a_new_heading_over_words_that_an_editor_replaced_keeps_the_id() -> None:
    before = page(MORNING, OTHER)
    renamed = page(MORNING.replace("小店", "面馆"), OTHER)
    now = keep_ids(renamed, reworded(before, "xiao-dian"), decided(before, "xiao-dian"))
    assert ids(now) == {"清早": "xiao-dian", "街上": "da-jie"}


def test_an_id_that_waits_for_its_section_is_given_to_no_other() -> None:
    before = page(MORNING, NOON, OTHER)
    waiting = decided(before, "xiao-dian")
    gone = keep_ids(page(NOON, OTHER), before, waiting)
    assert ids(gone) == {"到了": "xiao-dian-2", "街上": "da-jie"}
    stranger = keep_ids(page(NIGHT, NOON, OTHER), gone, waiting)
    assert ids(stranger) == {"夜里": "xiao-dian-3", "到了": "xiao-dian-2", "街上": "da-jie"}


@pytest.mark.parametrize("title", ["小店", "面馆"])
def test_a_section_that_comes_back_has_the_id_that_waits_for_it(title: str) -> None:
    before = page(MORNING, NOON)
    waiting = decided(before, "xiao-dian")
    gone = keep_ids(page(NOON), before, waiting)
    back = keep_ids(page(NOON, MORNING.replace("小店", title)), gone, waiting)
    assert ids(back) == {"到了": "xiao-dian-2", "清早": "xiao-dian"}
