"""An engine's own table of hy-audio.toml, checked."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from hy_audio.errors import ConfigError

T = TypeVar("T", bound=msgspec.Struct)


def settings(engine: str, table: Mapping[str, object], kind: type[T]) -> T:
    """The table `[engine.NAME]` as a struct.

    Raises:
        ConfigError: a setting is unknown or has a value that can't be used.
    """
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        problem = str(error).replace("`$.", "`")
        raise ConfigError(f"[engine.{engine}]: {problem}; correct it or leave it out") from error
