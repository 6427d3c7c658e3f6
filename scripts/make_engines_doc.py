"""Write docs/engines.md from engines.template.md, the engines' own docstrings and the example.

    python scripts/make_engines_doc.py

A line of the template that is `{{what name}}` is replaced:

    members NAME            the members of a Protocol of hy_audio.speech.model
    fields NAME             the fields of a dataclass there
    settings MODULE:NAME    the fields of a Struct of settings, with what they are without a setting
    code PATH               a file of the project
"""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "scripts/engines.template.md"
TARGET = ROOT / "docs/engines.md"
MODEL = "hy_audio.speech.model"

_PLACE = re.compile(r"^\{\{(\w+) (\S+)\}\}$", re.MULTILINE)
_LANGUAGES = {".py": "python", ".toml": "toml"}


def document(template: str) -> str:
    """The template with everything in its place."""
    return _PLACE.sub(lambda place: MAKERS[place[1]](place[2]).rstrip("\n"), template)


def members(name: str) -> str:
    """The docstring of a Protocol, and each member with its signature and docstring."""
    protocol = _class(MODEL, name)
    parts = [f"### `{name}`", _prose(ast.get_docstring(protocol) or "")]
    for member in protocol.body:
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
            parts += [f"**`{_signature(member)}`**", _prose(ast.get_docstring(member) or "")]
    return "\n\n".join(parts)


def fields(name: str) -> str:
    """The docstring of a dataclass, and a table of its fields."""
    found = _class(MODEL, name)
    rows = [f"| `{n}` | `{kind}` | {text} |" for n, kind, _, text in _fields(found)]
    intro = f"**`{name}`**: {ast.get_docstring(found)}"
    return "\n".join([intro, "", "| field | type | what it is |", "| --- | --- | --- |", *rows])


def settings(place: str) -> str:
    """A table of settings."""
    rows = [
        f"| `{n}` | {_default(d)} | {text} |"
        for n, _, d, text in _fields(_class(*place.split(":")))
    ]
    return "\n".join(["| setting | without it | what it is |", "| --- | --- | --- |", *rows])


def code(path: str) -> str:
    """A file in a fence."""
    text = (ROOT / path).read_text("utf-8")
    return f"```{_LANGUAGES[Path(path).suffix]}\n{text}```"


MAKERS: Mapping[str, Callable[[str], str]] = {
    "members": members,
    "fields": fields,
    "settings": settings,
    "code": code,
}


def _class(module: str, name: str) -> ast.ClassDef:
    source = inspect.getsource(getattr(importlib.import_module(module), name))
    found = ast.parse(textwrap.dedent(source)).body[0]
    assert isinstance(found, ast.ClassDef)
    return found


def _fields(found: ast.ClassDef) -> Iterator[tuple[str, str, ast.expr | None, str]]:
    """Name, type, default and docstring of each field."""
    for field, text in zip(found.body, found.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            told = " ".join(ast.literal_eval(text.value).split())
            yield ast.unparse(field.target), ast.unparse(field.annotation), field.value, told


def _default(value: ast.expr | None) -> str:
    found = ast.literal_eval(value) if value else ""
    return "" if found == "" else f"`{found}`"


def _signature(member: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    result = ast.unparse(member.returns) if member.returns else "None"
    if any(ast.unparse(d) == "property" for d in member.decorator_list):
        return f"{member.name}: {result}"
    arguments = [ast.unparse(a) for a in member.args.args if a.arg != "self"]
    word = "async " if isinstance(member, ast.AsyncFunctionDef) else ""
    return f"{word}{member.name}({', '.join(arguments)}) -> {result}"


def _prose(docstring: str) -> str:
    """A docstring as Markdown: what it raises becomes a list."""
    text, _, raises = docstring.partition("\n\nRaises:\n")
    items = re.sub(r"^ +(\w+): ", r"- raises `\1`: ", raises, flags=re.MULTILINE)
    return f"{text}\n\n{items}" if items else text


def main() -> None:
    """Write it."""
    TARGET.write_text(document(TEMPLATE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
