"""The templates, and the files that pages load."""

from functools import lru_cache
from hashlib import sha256
from importlib.abc import Traversable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hy_audio.publish.text import clean

_DIGITS = 12
"""Of a hash, in hexadecimal, that are enough to tell files apart."""


def _shown(value: Any) -> Any:
    """What a template prints, without characters that have no business on a page."""
    if isinstance(value, Markup):
        return Markup(clean(value))
    return clean(value) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("hy_audio.publish.site", "templates"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **values: object) -> bytes:
    """A page."""
    text = _environment().get_template(f"{name}.html.jinja").render(style_and_scripts(), **values)
    return text.encode()


@lru_cache(maxsize=1)
def assets() -> dict[str, bytes]:
    """The files that every page loads, by names that tell their contents."""
    found = ((f, f.read_bytes()) for f in _folder().joinpath("static").iterdir())
    return {_named(file.name, data): data for file, data in sorted(found, key=_name)}


def style_and_scripts() -> dict[str, Any]:
    """The name of the style sheet, and those of the scripts by what they are called here."""
    styles = [name for name in assets() if name.endswith(".css")]
    scripts = {name.partition("-")[0]: name for name in assets() if name.endswith(".js")}
    return {"style": styles[0], "scripts": scripts}


def fingerprint() -> str:
    """Hash of all that decides how pages look: templates, what they load, words and code."""
    digest = sha256()
    for path, data in sorted(_contents(_folder())):
        digest.update(f"{path} {len(data)} ".encode() + data)
    return digest.hexdigest()[:_DIGITS]


def _folder() -> Traversable:
    return files("hy_audio.publish.site")


def _name(entry: tuple[Traversable, bytes]) -> str:
    return entry[0].name


def _named(name: str, data: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{sha256(data).hexdigest()[:_DIGITS]}.{suffix}"


def _contents(folder: Traversable, path: str = "") -> list[tuple[str, bytes]]:
    """Every file of the package but compiled ones."""
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _contents(entry, f"{path}{entry.name}/")
        elif entry.is_file():
            found.append((path + entry.name, entry.read_bytes()))
    return found
