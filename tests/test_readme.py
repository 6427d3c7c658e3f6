"""The README's commands, run as they stand there, and its two languages held together."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, SHARED

READMES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(name: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8")
    lines = "\n".join(BLOCK.findall(text)).splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_both_readmes_tell_the_same_commands() -> None:
    english, chinese = map(commands, READMES)
    assert english == chinese
    assert len(english) >= 5


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files as git has them, and nothing that was made from them."""
    place = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    return place


def test_each_command_of_the_readme_does_what_it_is_there_for(checkout: Path, cache: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    for line in commands("README.md"):
        words = shlex.split(line, comments=True)
        if words[0] != "scripts/hy-audio":
            assert words[0] in ("scripts/test", "pip"), line
            continue
        done = subprocess.run(
            words, cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, line + done.stderr
        assert done.stdout, line
        if words[1] == "init":
            fill_in(checkout / "hy-audio.toml")
    (built,) = [p for p in (checkout / "output").iterdir() if p.is_dir()]
    assert (built / "episode.mp3").stat().st_size > 500_000
    assert built.name in (checkout / "output/feed.xml").read_text("utf-8")
    assert (built / "index.html").is_file()


def fill_in(settings: Path) -> None:
    """What an editor does after `init`."""
    text = settings.read_text("utf-8")
    for field, value in NEEDED.items():
        text, count = re.subn(f'^{field} = ""', f'{field} = "{value}"', text, flags=re.MULTILINE)
        assert count == 1, field
    settings.write_text(text, "utf-8")


NEEDED = {
    "name": "云溪早班车",
    "description": "每天早上，把报纸读给你听。",
    "author": "云溪日报社",
    "email": "radio@example.com",
    "url": "http://127.0.0.1:9/podcast/",
}


DOCUMENTS = (
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/text.md",
    "docs/benchmarks.md",
    "docs/publishing.md",
)


@pytest.mark.parametrize("name", [*READMES, *DOCUMENTS])
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / name).parent / target).exists(), target


def test_no_line_of_the_shared_articles_is_in_the_project() -> None:
    pages = sorted((SHARED / "articles").glob("*.txt"))
    long_lines = {
        line.strip()[:24]
        for page in pages
        for line in page.read_text("utf-8").splitlines()
        if len(line.strip()) >= 24
    }
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        if relative.parts[0] in {".git", ".venv", "output"} or path.suffix not in {
            ".py",
            ".md",
            ".txt",
            ".toml",
        }:
            continue
        if path.is_file():
            text = path.read_text("utf-8", errors="ignore")
            assert not [line for line in long_lines if line in text], relative
