"""Stands before the real certifi in processes that tests start: it names the tests' authority."""

import os
from pathlib import Path


def where() -> str:
    return os.environ["HY_AUDIO_TEST_AUTHORITY"]


def contents() -> str:
    return Path(where()).read_text("ascii")
