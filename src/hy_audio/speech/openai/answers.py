"""What an answer of the server means. Pure."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from hy_audio.errors import EngineError, EngineUnavailable, TransientEngineError
from hy_audio.speech.refusal import REFUSED, retry_after_s

NAME = "openai"
"""Name of the engine."""
MOST_BYTES = 50_000_000
"""Most of an answer that is read: ten minutes of WAV, for an utterance of half a minute."""

_QUOTED = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, whole or up to the limit."""

    status: int
    """HTTP status."""
    media_type: str
    """In small letters, without parameters; empty where the server tells none."""
    retry_after: str
    """That header; empty where there is none."""
    data: bytes
    """The body."""
    whole: bool = True
    """Whether that is all of it."""


_FAILURES: tuple[tuple[Container[int], type[EngineError], str, str], ...] = (
    ((401, 403), TransientEngineError, "the server refuses the key", "see that it is right"),
    ((429,), TransientEngineError, "the server has had enough for now", "build again later"),
    ((408, 425, *range(500, 600)), TransientEngineError, "the server failed", "look at its log"),
    (
        range(300, 400),
        EngineUnavailable,
        "the server sends elsewhere",
        "write the address it leads to as base_url",
    ),
    ((404, 405, 410), EngineUnavailable, "the server has no such thing", "correct base_url, model"),
    (range(400, 500), EngineError, "the server won't speak this", ""),
    (range(1000), TransientEngineError, "the server's answer makes no sense", ""),
)
"""Statuses, what they are for the run, what is said of them, and what to do."""


def failure(answer: Answer, key: str, now_s: float) -> EngineError | None:
    """What an answer to a request for speech is as an error; None if it may be speech.

    Args:
        answer: it.
        key: what must not be quoted.
        now_s: seconds since 1970, for a date in `Retry-After`.
    """
    if 200 <= answer.status < 300:
        problem = _nonsense(answer, key)
        return TransientEngineError(NAME, problem) if problem else None
    _, kind, problem, advice = next(row for row in _FAILURES if answer.status in row[0])
    if answer.status == 401 and not key:
        problem = "the server wants a key"
        advice = "put it into the environment variable that key_env names"
    said = "" if answer.status in (401, 403) else _quote(answer, key)
    told = f"{problem} ({answer.status})" + (f": {said}" if said else "")
    if kind is not TransientEngineError:
        return kind(NAME, told, advice=advice)
    wait_s = retry_after_s(answer.retry_after, now_s)
    refused = answer.status in REFUSED
    return TransientEngineError(NAME, told, advice=advice, refused=refused, wait_s=wait_s)


def _nonsense(answer: Answer, key: str) -> str:
    """Why an answer that claims success is no audio; empty if it may be."""
    if not answer.whole:
        return f"the server sends more than {MOST_BYTES // 1_000_000} MB"
    if not answer.data:
        return "the server sends no audio"
    texts = answer.media_type.startswith("text/") or answer.media_type == "application/json"
    if texts or answer.data[:64].lstrip()[:1] in (b"{", b"<"):
        said = _quote(answer, key)
        return "the server sends text for audio" + (f": {said}" if said else "")
    return ""


def _quote(answer: Answer, key: str) -> str:
    """What a server says, on one line, cut, without the key or a beginning of it."""
    if not answer.whole:
        return ""
    text = _message(_json(answer))
    if not text and answer.media_type == "text/plain":
        text = answer.data.decode("utf-8", "replace")
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    if key:
        line = re.sub(re.escape(key[:8]) + "[!-~]*", "[key]", line)
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"


def _message(value: Any) -> str:
    """The sentence in an error body: `{"error": {"message": …}}`, `{"detail": …}` and their kin."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    keys = ("message", "msg", "detail", "error")
    return next((text for key in keys if (text := _message(value.get(key)))), "")


def listed_voices(answer: Answer) -> Iterator[str]:
    """Names of voices: `{"voices": […]}` or a bare list, of strings or of objects."""
    found = _json(answer)
    if isinstance(found, dict):
        found = found.get("voices")
    for one in found if isinstance(found, list) else ():
        name = one.get("id") or one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name:
            yield name


def _json(answer: Answer) -> Any:
    try:
        return msgspec.json.decode(answer.data)
    except (msgspec.DecodeError, RecursionError):
        return None
