"""Every rule of the normalizer by its examples, and by what is missing when it is taken away.

`rules_spoken.txt` is for reading aloud. Under the name of each rule stand lines `written -> spoken`
that need the rule, and lines that begin with `!`, which it must leave alone.
"""

from itertools import groupby
from pathlib import Path

import pytest
from script_texts import ROOT

from hy_audio.script.normalize import RULES, Rewrite, Spoken, normalize
from hy_audio.script.normalize.aligned import Aligned

FIXTURE = Path(__file__).with_name("rules_spoken.txt")
TN = ROOT.parent / "shared" / "data" / "tn"


def examples() -> dict[str, list[tuple[bool, str, str]]]:
    """For each rule: whether it is needed, what is written, what is said."""
    found: dict[str, list[tuple[bool, str, str]]] = {}
    for filled, lines in groupby(FIXTURE.read_text("utf-8").splitlines(), key=bool):
        if filled:
            name, *rest = lines
            pairs = [line.split(" -> ") for line in rest]
            found[name.removeprefix("# ")] = [
                (not w.startswith("! "), w.removeprefix("! "), s) for w, s in pairs
            ]
    return found


EXAMPLES = examples()
LINES = [(name, *example) for name, lines in EXAMPLES.items() for example in lines]


def without(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """What is said when one rule is taken out."""
    apply = Aligned.apply

    def all_but_one(self: Aligned, rule: Rewrite) -> None:
        if rule.name != name:
            apply(self, rule)

    with monkeypatch.context() as patch:
        patch.setattr(Aligned, "apply", all_but_one)
        return normalize.__wrapped__(text)


@pytest.mark.parametrize(("name", "needed", "written", "spoken"), LINES)
def test_every_example_is_said_as_it_is_written_down(
    name: str, needed: bool, written: str, spoken: str
) -> None:
    assert normalize(written).text == spoken


@pytest.mark.parametrize(("name", "needed", "written", "spoken"), LINES)
def test_an_example_needs_its_rule_and_a_counter_example_does_not(
    name: str, needed: bool, written: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = normalize(written)
    bare = without(name, written, monkeypatch)
    assert ((bare.text, bare.unreadable) != (said.text, said.unreadable)) == needed


def test_every_rule_has_an_example_that_needs_it() -> None:
    assert list(EXAMPLES) == [rule.name for rule in RULES]
    assert all(any(needed for needed, *_ in lines) for lines in EXAMPLES.values())


def heard(text: str) -> str:
    """What two readings must share: no marks, 两 as 二, 至 as 到."""
    letters = "".join(c for c in text if c.isalnum())
    return letters.replace("两", "二").replace("至", "到")


@pytest.mark.skipif(not TN.is_dir(), reason="no shared readings here")
@pytest.mark.parametrize(("file", "least"), [("wetext.tsv", 0.97), ("grid.tsv", 0.995)])
def test_the_shared_readings_are_met(file: str, least: float) -> None:
    rows = [line.split("\t") for line in (TN / file).read_text("utf-8").splitlines()]
    right = sum(heard(normalize(written).text) == heard(spoken) for _, written, spoken in rows)
    assert right / len(rows) >= least
