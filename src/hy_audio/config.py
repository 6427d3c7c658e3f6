"""Settings of a show: the file `hy-audio.toml`, all of it optional."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from hy_audio.errors import ConfigError
from hy_audio.script.settings import DISCLOSURE

NAME = "hy-audio.toml"
"""Looked for in the current folder."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class ShowConfig(_Table, frozen=True):
    """`[show]`: the podcast."""

    name: str = ""
    """Spoken first in every episode, and written as its album."""


class ScriptConfig(_Table, frozen=True):
    """`[script]`: what is said."""

    captions: Literal["read", "skip"] = "read"
    """Whether picture captions are read out."""
    disclosure: Annotated[str, msgspec.Meta(pattern=r"\w")] = DISCLOSURE
    """The line that says the voice is synthetic."""


class SpeechConfig(_Table, frozen=True):
    """`[speech]`: who says it."""

    voice: str = "auto"
    """`auto`, an engine, or `engine:voice`."""
    rate: Annotated[float, msgspec.Meta(ge=0.5, le=2.0)] = 1.0
    """Speed: 1.0 is the voice's own."""

    budget_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Seconds that the clips of an edition may take; 0 for a minute each, at least five."""
    store: str = ""
    """Where clips are kept for several machines, such as `s3://bucket/folder`."""


class Config(_Table, frozen=True):
    """The whole file."""

    show: ShowConfig = ShowConfig()
    """`[show]`."""
    script: ScriptConfig = ScriptConfig()
    """`[script]`."""
    speech: SpeechConfig = SpeechConfig()
    """`[speech]`."""
    engine: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    """`[engine.NAME]`: settings of an engine, checked by it."""
    lexicon: dict[str, str] = msgspec.field(default_factory=dict)
    """`[lexicon]`: words and how they are said."""


def load(path: Path | None = None) -> Config:
    """Read a configuration file.

    Args:
        path: the file; None for `hy-audio.toml` in the current folder, if there is one.

    Raises:
        ConfigError: the file named is missing, is not TOML, or has a setting that can't be used.
    """
    if path is None and not Path(NAME).is_file():
        return Config()
    file = path or Path(NAME)
    try:
        return msgspec.toml.decode(file.read_text("utf-8-sig"), type=Config)
    except OSError as error:
        raise ConfigError(f"{file}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8; save it as UTF-8 and try again") from error
    except msgspec.DecodeError as error:
        problem = str(error).replace("`$.", "`")
        raise ConfigError(f"{file}: {problem}; correct it or leave it out") from error
