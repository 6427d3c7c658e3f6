"""The walls between the stages, read from the imports."""

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "src/hy_audio"
STAGES = ("article", "script", "speech", "stitch")
LEAVES = {
    f"hy_audio.{name}" for name in ("errors", "characters", "files", "sound", "storage", "words")
}
PURE = (
    *("article", "script", "stitch/timeline.py", "stitch/transcript.py", "summary.py"),
    *("publish/feed.py", "publish/item.py", "publish/model.py", "publish/notes.py"),
    *("publish/prune.py", "publish/show.py", "publish/site", "publish/text.py"),
)
DOORS = ("article/read.py", "article/fetch.py")
IMPURE_MODULES = {"asyncio", "datetime", "os", "random", "requests", "socket", "subprocess", "time"}
ALLOWED_ONCE = {
    "pydub": "stitch/edit.py",
    "edge_tts": "speech/edge.py",
    "opendal": "storage.py",
    "g2pM": "script/reading/network.py",
    "wetext": "script/normalize/grammar.py",
    "misaki": "speech/kokoro/alphabet.py",
    "onnxruntime": "speech/kokoro/session.py",
    "onnx": "speech/kokoro/graph.py",
    "rjieba": "words.py",
    "PIL": "publish",
    "segno": "publish/site/qr.py",
    "lameenc": "stitch/mp3.py",
    "click": "cli",
    "charset_normalizer": "article/encoding.py",
    "yarl": "article/fetch.py",
    "docx": "article/formats/docx.py",
    "lxml": "article/formats/tree.py",
    "markdown_it": "article/formats/markdown.py",
    "trafilatura": "article/formats/html.py",
    "yaml": "article/formats/front_matter.py",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def stage_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "hy_audio" and len(parts) > 1 and parts[1] in STAGES else None


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_stage_knows_only_itself_and_the_model_before_it(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0]
    if room not in STAGES:
        return
    before = STAGES[: STAGES.index(room)][-1:]
    for module in imports(path):
        stage = stage_of(module)
        if stage == room or stage is None:
            continue
        assert stage in before, f"{path.name} imports {module}"
        assert module.startswith(f"hy_audio.{stage}.model"), f"{path.name} imports {module}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_stage_imports_no_file_above_it_but_the_leaves(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] not in STAGES:
        return
    above = {m for m in imports(path) if m.startswith("hy_audio.") and stage_of(m) is None}
    assert all(any(m == leaf or m.startswith(leaf + ".") for leaf in LEAVES) for m in above)


IN_THE_FOLDER = {
    *(f"hy_audio.{stage}.model" for stage in STAGES),
    *("hy_audio.script.captions", "hy_audio.stitch.timeline", "hy_audio.stitch.transcript"),
}
"""What of the stages decides how the files of an episode are to be read."""


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "publish").rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_publishing_knows_the_stages_only_by_what_a_folder_holds(path: Path) -> None:
    for module in imports(path):
        if stage_of(module) and module.count(".") > 1:
            assert any(module == m or module.startswith(f"{m}.") for m in IN_THE_FOLDER), module


def test_only_build_knows_all_stages() -> None:
    knowing = [
        path.name for path in modules() if {stage_of(m) for m in imports(path)} >= set(STAGES)
    ]
    assert knowing == ["build.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_pure_parts_import_no_clock_no_network_no_environment(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    if place in DOORS or not place.startswith(PURE):
        return
    times = {"datetime"} if place.startswith("publish/") else set()  # a feed tells dates
    assert not {m.split(".")[0] for m in imports(path)} & IMPURE_MODULES - times
    assert not re.search(r"\.(?:now|today|utcnow)\(", path.read_text("utf-8"))


@pytest.mark.parametrize(("library", "home"), ALLOWED_ONCE.items())
def test_a_third_party_name_lives_in_one_adapter(library: str, home: str) -> None:
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if any(m.split(".")[0] == library for m in imports(path))
    ]
    assert users
    assert all(user == home or user.startswith(f"{home}/") for user in users), users


def test_the_test_above_would_see_a_wrong_arrow(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from hy_audio.speech import store\nimport time\n")
    assert "hy_audio.speech.store" in imports(wrong)
    assert stage_of("hy_audio.speech.store") == "speech"
    assert "time" in imports(wrong)
