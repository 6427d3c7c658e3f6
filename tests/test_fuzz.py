"""Whatever a page holds, the text front end reads it or says in one line why not.

Pages are made of the lines of fixtures: shuffled, cut, doubled, spoiled, in any encoding. The same
300 of each sort are tried every time; with `HY_AUDIO_FUZZ=5000` in the environment, 5,000 others.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from page_fixtures import load_all

from hy_audio.article.model import Fate
from hy_audio.article.parse import parse
from hy_audio.article.read import read
from hy_audio.errors import ScriptError, SourceError
from hy_audio.script.compose import MAX_CHARACTERS, compose
from hy_audio.script.normalize import normalize

EXAMPLES = int(os.environ.get("HY_AUDIO_FUZZ", "300"))
REFUSED = "refused: "
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "ascii")

bounded = settings(max_examples=EXAMPLES)

_lines = st.sampled_from(
    sorted({line for fixture in load_all() for line in fixture.page.splitlines() if line})
)
_noise = st.text(max_size=12)
_cut = st.tuples(_lines, st.integers(0, 40)).map(lambda pair: pair[0][: pair[1]])
_gap = st.sampled_from(
    ("\n", "\n", "\n\n", "\n\n\n", "\r\n", "\f", "\u2028", "", "\n　　", "\t", "\u200b")
)
PAGES = st.lists(
    st.tuples(st.one_of(_lines, _lines, _lines, _cut, _noise), _gap).map("".join), max_size=24
).map("".join)
"""Pages that might have been printed, and pages that might not."""


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A file: a page in some encoding, with some bytes lost, doubled or changed."""
    data = bytearray(draw(PAGES).encode(draw(st.sampled_from(ENCODINGS)), "replace"))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        data[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(data)


@bounded
@given(PAGES)
def test_any_page_becomes_a_script_that_can_be_spoken_or_says_that_nothing_can(page: str) -> None:
    article = parse(page)
    assert "".join(page[s.start : s.end] for s in article.ledger) == page
    assert all(s.start < s.end for s in article.ledger)
    try:
        script = compose(article)
    except ScriptError:
        return
    assert "".join(page[s.start : s.end] for s in script.ledger) == page
    for utterance in script.utterances:
        assert utterance.spoken.strip()
        assert len(utterance.spoken) <= MAX_CHARACTERS
        assert normalize(utterance.spoken).text == utterance.spoken
        assert normalize(utterance.spoken).unreadable == ""
    heard = [span for span in script.ledger if span.fate is Fate.SPOKEN]
    assert heard


@bounded
@given(st.one_of(_lines, _noise, st.text(), st.tuples(_cut, _noise, _cut).map("".join)))
def test_any_text_is_normalized_once_and_for_all(text: str) -> None:
    spoken = normalize(text)
    again = normalize(spoken.text)
    assert (again.text, again.unreadable) == (spoken.text, "")


def outcome(path: Path) -> str:
    """The text of a file, or the line that refuses it."""
    try:
        return read(str(path)).text
    except SourceError as error:
        return f"{REFUSED}{error}"


@bounded
@given(spoiled(), st.sampled_from(("page.txt", "page.md", "page.html", "page.docx", "page")))
def test_any_file_is_read_or_refused_in_one_line(data: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        said = outcome(path)
    assert said.strip()
    assert said.startswith(REFUSED) is False or len(said.splitlines()) == 1
