"""The words that listeners get from the program itself, by language: the table `words.toml`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

_OTHERWISE = "en"


def words(language: str) -> Mapping[str, str]:
    """Those of a language such as `zh-cn`; English where it is not known."""
    known = _table()
    return known.get(language.lower().partition("-")[0], known[_OTHERWISE])


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("hy_audio.publish").joinpath("words.toml").read_text("utf-8"))
