"""Whole pages of every sort are said as an announcer would: the fixtures in tests/data/pages."""

import re
from collections.abc import Mapping
from itertools import groupby

import pytest
from page_fixtures import PageFixture, load_all
from script_texts import script_of

from hy_audio.article.model import Fate
from hy_audio.script.model import SENTENCE_PAUSE_MS, Role, Script, Section, Utterance
from hy_audio.script.settings import Settings

FIXTURES = load_all()
UNWRITTEN = ("layout", "invisible")
ALIKE = str.maketrans("两至〇", "二到零")
JUDGED_WARNINGS = ("lost-text", "unfinished")


KNOWN_WRONG = {
    "113-school-briefs": "the name of a column above several stories is taken for their kicker",
    "128-court-dog-bite": "the first of three lines above the text is taken for a kicker",
    "134-readers-letters": "text is lost where no quotation mark and no indent shows it",
    "138-school-and-books": "the last of several signed items gives its names to the opening",
    "139-police-blotter": "the name of the page, 警事, is taken for a kicker; Meet88 is 八十八",
    "144-travel-lake": "a headline in quotes is taken for a kicker",
    "159-comment-and-letters": "two headings one below the other above a text that is not indented",
}
"""Pages whose script is known to be wrong, and why it stays so."""
WRONGLY_SILENT = {"139-police-blotter": KNOWN_WRONG["139-police-blotter"]}
"""Of these also what is silent."""
WRONGLY_WARNED = {
    name: KNOWN_WRONG[name] for name in ("134-readers-letters", "159-comment-and-letters")
}
"""Of these also the warnings."""


def each_page(known: Mapping[str, str]) -> pytest.MarkDecorator:
    """Every fixture; those known to be wrong must still be wrong."""
    pages = [
        pytest.param(f, id=f.name, marks=pytest.mark.xfail(reason=known[f.name], strict=True))
        if f.name in known
        else pytest.param(f, id=f.name)
        for f in FIXTURES
    ]
    return pytest.mark.parametrize("fixture", pages)


def heard(said: str) -> str:
    """What the ear tells apart: no marks, one word for 两 and 二, one for 至 and 到."""
    return re.sub(r"[\W_]", "", said).translate(ALIKE).casefold()


def spaced(title: str) -> str:
    """A line break in a title is a space, as wide as any."""
    return re.sub(r"\s+", " ", title)


def blocks(section: Section) -> list[tuple[str, str]]:
    """Role and words of each block: its utterances are those with a short pause between."""
    found: list[list[Utterance]] = [[]]
    for utterance in section.utterances:
        found[-1].append(utterance)
        if utterance.pause_ms != SENTENCE_PAUSE_MS:
            found.append([])
    said = [(str(b[0].role), heard("".join(u.spoken for u in b))) for b in found if b]
    return [block for block in said if block[0] != Role.DISCLOSURE]


def chapters(script: Script) -> list[tuple[str, list[tuple[str, str]]]]:
    told = [(spaced(section.title), blocks(section)) for section in script.sections]
    return [(title, said) for title, said in told if said]


def silent_runs(script: Script, page: str) -> list[str]:
    """What is silent, neighbours joined, without marks."""
    runs = [
        heard("".join(page[s.start : s.end] for s in spans))
        for silent, spans in groupby(script.ledger, key=lambda s: s.fate is Fate.SILENT)
        if silent
    ]
    return sorted(filter(None, runs))


@each_page(KNOWN_WRONG)
def test_a_page_is_said_as_an_announcer_would(fixture: PageFixture) -> None:
    script = script_of(fixture.page, Settings())
    expected = [
        (spaced(section.title), [(block.role, heard(block.said)) for block in section.blocks])
        for section in fixture.sections
    ]
    assert chapters(script) == expected


@each_page(WRONGLY_SILENT)
def test_what_is_silent_on_a_page_is_what_nobody_needs_to_hear(fixture: PageFixture) -> None:
    silent = silent_runs(script_of(fixture.page), fixture.page)
    assert sorted("".join(silent)) == sorted("".join(map(heard, fixture.silent)))


@each_page(WRONGLY_WARNED)
def test_a_page_is_warned_about_where_text_is_missing_and_nowhere_else(
    fixture: PageFixture,
) -> None:
    warnings = [w.rule for w in script_of(fixture.page).warnings]
    assert [rule for rule in warnings if rule in JUDGED_WARNINGS] == list(fixture.warnings)


def test_there_are_forty_pages_and_more() -> None:
    assert len(FIXTURES) >= 40
