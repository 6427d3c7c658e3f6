"""docs/engines.md is what its script makes of the docstrings, and shows what is true."""

import importlib.util
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT

from hy_audio.config import load
from hy_audio.speech.registry import GROUP


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("maker", ROOT / "scripts/make_engines_doc.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_the_script_makes(maker: ModuleType) -> None:
    made = maker.document(maker.TEMPLATE.read_text("utf-8"))
    assert maker.TARGET.read_text("utf-8") == made, "run: python scripts/make_engines_doc.py"
    assert "{{" not in made


def test_the_document_tells_every_member_and_field(maker: ModuleType) -> None:
    made = maker.TARGET.read_text("utf-8")
    for member in ("fingerprint: str", "concurrency: int", "async aclose() -> None"):
        assert f"**`{member}`**" in made
    assert "**`async speak(utterance: Utterance, voice: str, prosody: Prosody) -> Speech`**" in made
    assert "- raises `EngineUnavailable`: nothing can be spoken any more; the run ends." in made
    assert "| `end_ms` | `int` | Where it ends. |" in made
    assert "| `concurrency` | `2` |" in made


def test_the_document_names_the_engines_there_are(maker: ModuleType) -> None:
    first = maker.TARGET.read_text("utf-8").split("\n## ")[0]
    ours = {e.name for e in entry_points(group=GROUP) if e.value.startswith("hy_audio.")}
    assert ours == set(re.findall(r"`(\w+)` \(", first))


def test_the_settings_that_the_document_shows_can_be_read(
    maker: ModuleType, tmp_path: Path
) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", maker.TARGET.read_text("utf-8"), re.DOTALL)
    ours = [block for block in blocks if "build-system" not in block]
    assert len(ours) >= 2
    for number, block in enumerate(ours):
        assert tomllib.loads(block)
        file = tmp_path / f"{number}.toml"
        file.write_text(block, "utf-8")
        load(file)
