"""Reads the page fixtures in tests/data/pages: a printed page and what is said of it.

The notation is told in tests/data/pages/README.md. The file is read as it stands, so that
CRLF, form feeds and invisible characters of a page reach the program.
"""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "data/pages"

OPENING_ROLES = ("kicker", "headline", "subhead", "byline")
"""Roles that stand in the section 开场 and nowhere else."""
TEXT_ROLES = ("heading", "paragraph", "item", "caption", "verse")
"""Roles of every other section."""
WARNINGS = ("lost-text", "unfinished")
"""What a page may be warned about."""

_OPENING = "开场"
_UNTITLED = ("导语", "正文")
_MARKS = ("script", "silent", "warnings")


class NotationError(ValueError):
    """A fixture breaks the notation; says which file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One block and what is said of it."""

    role: str
    """One of OPENING_ROLES or TEXT_ROLES."""
    said: str
    """Words of the whole block, numbers written out."""


@dataclass(frozen=True, slots=True)
class PageSection:
    """A chapter of the script."""

    title: str
    """开场, 导语, 正文, or the heading as printed."""
    blocks: tuple[Spoken, ...]
    """In the order they are said, at least one."""


@dataclass(frozen=True, slots=True)
class PageFixture:
    """A page and the script an announcer would make of it."""

    name: str
    """File name without its ending."""
    about: str
    """What the page shows, in one line."""
    page: str
    """The printed text, line ends as in the file."""
    sections: tuple[PageSection, ...]
    """In the order they are said."""
    silent: tuple[str, ...]
    """Runs of the page that are not spoken, as printed."""
    warnings: tuple[str, ...]
    """Names out of WARNINGS, in the order of the page."""


def load(path: Path) -> PageFixture:
    """Read one fixture. Raises NotationError where it is not well formed."""
    text = path.read_bytes().decode("utf-8")
    about, _, rest = text.partition("\n")
    _check(about.startswith("# ") and about[2:].strip() != "", path, "no '# ' line at the top")
    page, *parts = _split(rest, path)
    script, silent, warnings = (tuple(filter(None, map(str.strip, p.split("\n")))) for p in parts)
    _check(page.strip() != "", path, "the page is empty")
    for name in warnings:
        _check(name in WARNINGS, path, f"unknown warning {name!r}")
    return PageFixture(
        path.stem, about[2:].strip(), page, _sections(script, path), silent, warnings
    )


def load_all(folder: Path = PAGES) -> tuple[PageFixture, ...]:
    """Every fixture of a folder, in the order of their names."""
    return tuple(load(path) for path in sorted(folder.glob("*.txt")))


def _split(text: str, path: Path) -> list[str]:
    """The page, then the parts below the marks, which stand once each and in order."""
    parts = []
    for mark in _MARKS:
        line = f">>>>>>>> {mark}\n"
        _check(text.count(line) == 1, path, f"{line.strip()!r} must stand once, in its order")
        part, text = text.split(line)
        parts.append(part)
    return [*parts, text]


def _sections(lines: tuple[str, ...], path: Path) -> tuple[PageSection, ...]:
    found: list[tuple[str, list[Spoken]]] = []
    for line in lines:
        if line.startswith("[") and line.endswith("]"):
            found.append((line[1:-1].strip(), []))
            continue
        _check(bool(found), path, f"a block before the first section: {line!r}")
        found[-1][1].append(_block(line, found[-1][0], path))
    _check(bool(found), path, "no section")
    sections = tuple(PageSection(title, tuple(blocks)) for title, blocks in found)
    for place, section in enumerate(sections):
        _check_section(section, place, path)
    return sections


def _block(line: str, title: str, path: Path) -> Spoken:
    role, _, said = line.partition(" ")
    roles = OPENING_ROLES if title == _OPENING else TEXT_ROLES
    _check(role in roles, path, f"role {role!r} can't stand in the section {title!r}")
    _check(said.strip() != "", path, f"nothing is said: {line!r}")
    return Spoken(role, said.strip())


def _check_section(section: PageSection, place: int, path: Path) -> None:
    title, roles = section.title, [block.role for block in section.blocks]
    _check(title != "" and bool(roles), path, f"section {title!r} is empty or has no title")
    _check(title != _OPENING or place == 0, path, f"{_OPENING} must come first")
    plain = title == _OPENING or title in _UNTITLED
    _check(plain or roles[0] == "heading", path, f"section {title!r} must begin with its heading")
    _check("heading" not in roles[0 if plain else 1 :], path, f"two headings in {title!r}")


def _check(holds: bool, path: Path, problem: str) -> None:
    if not holds:
        raise NotationError(f"{path.name}: {problem}")
