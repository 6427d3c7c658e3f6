"""edge-tts: Microsoft's online voices, through the client of that name.

Everything the service has of its own stays in this file: its unit of time, its rate strings, how it
refuses, and what its client leaves to others:

- edge-tts limits the time for connecting only; once a connection stands, an answer may take for
  ever. Each piece of an answer has a limit here.
- A connection that is closed in the middle ends the answer as if it were whole. The client counts
  the bytes of an answer when `turn.end` comes, and that tells the two apart.
- On HTTP 403 the client sets its clock by the service's and asks once more, so one `speak` may be
  two requests.
- aiohttp looks for a proxy for `wss:` and finds none in `HTTPS_PROXY`; it is handed over here.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from xml.sax.saxutils import escape

import aiohttp
import edge_tts
import msgspec
from edge_tts.exceptions import (
    EdgeTTSException,
    NoAudioReceived,
    SkewAdjustmentError,
    WebSocketError,
)

from hy_audio import files
from hy_audio.errors import (
    ConfigError,
    EngineError,
    EngineUnavailable,
    TransientEngineError,
    UnknownName,
)
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Engine, Mark, Prosody, Setup, Speech, Voice
from hy_audio.speech.refusal import REFUSED, date_s, retry_after_s
from hy_audio.speech.settings import settings

_HOST = "speech.platform.bing.com"
_TICKS_PER_MS = 10_000
_MOST_BYTES = 4096
"""The client cuts a longer text in two, wherever it can, and the service takes no longer one."""
_PROBE_S = 4.0
"""How long the list of voices may take: `--voice auto` waits for it."""
_DAY_S = 24 * 60 * 60
_REACH = 6
"""How many characters the service may leave out between two words: marks, spaces, quotes."""

_ADVICE = "build again, or use --voice kokoro"

Word: TypeAlias = tuple[str, int, int]
"""A word as the service reports it, with its start and end in milliseconds."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[engine.edge]` of hy-audio.toml."""

    concurrency: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4
    """How many requests at a time."""
    connect_s: Annotated[float, msgspec.Meta(gt=0, le=600)] = 10.0
    """Longest time for a connection, in seconds."""
    idle_s: Annotated[float, msgspec.Meta(gt=0, le=600)] = 15.0
    """Longest time between two pieces of an answer, in seconds."""
    proxy: str = ""
    """URL of the proxy; empty for `--proxy`, or else what the environment says."""


class EdgeEngine:
    """One request for each utterance."""

    fingerprint = "edge/2"

    def __init__(self, own: Settings, proxy: str, voices: "VoiceList") -> None:
        self.concurrency = own.concurrency
        self._settings = own
        self._proxy = proxy
        self._voices = voices
        self._asking = asyncio.Lock()
        self._names: list[str] | None = None

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Ask the service to speak an utterance."""
        text = _sendable(utterance)
        try:
            audio, words = await self._listen(self._request(text, voice, prosody))
        except NoAudioReceived as error:
            await self._check(voice)
            raise _failure(error) from error
        except _FAILURES as error:
            raise _failure(error) from error
        return Speech(audio, "audio/mpeg", tuple(marks(text, words)))

    async def aclose(self) -> None:
        """Nothing to let go of: every request has its own connection."""

    def _request(self, text: str, voice: str, prosody: Prosody) -> edge_tts.Communicate:
        try:
            return edge_tts.Communicate(
                text,
                voice,
                rate=f"{round((prosody.rate - 1) * 100):+d}%",
                boundary="WordBoundary",
                proxy=_proxy(self._proxy),
                connect_timeout=math.ceil(self._settings.connect_s),
            )
        except ValueError as error:
            problem = f"{voice!r} is not the name of a voice"
            advice = "hy-audio voices --engine edge lists them"
            raise EngineUnavailable("edge", problem, advice=advice) from error

    async def _listen(self, request: edge_tts.Communicate) -> tuple[bytes, list[Word]]:
        """The audio and the words of an answer; raises one of `_FAILURES`."""
        audio = bytearray()
        words = []
        first_s = self._settings.connect_s + self._settings.idle_s
        now = asyncio.get_running_loop().time
        async with aclosing(request.stream()) as answer, asyncio.timeout(first_s) as limit:
            async for piece in answer:
                limit.reschedule(now() + self._settings.idle_s)
                if piece["type"] == "audio":
                    audio += piece["data"]
                else:
                    words.append(_word(piece))
        if request.state.get("cumulative_audio_bytes", len(audio)) != len(audio):
            raise WebSocketError("it was closed before turn.end")
        return bytes(audio), words

    async def _check(self, voice: str) -> None:
        """For a voice that says nothing: see, once, whether the service still has it.

        Raises:
            EngineUnavailable: it has not.
        """
        async with self._asking:
            if self._names is None:
                self._names = []
                with suppress(EngineUnavailable):  # then nothing can be told of the voice
                    self._names = [v.name for v in await self._voices.ask()]
        if self._names and voice not in self._names:
            nearest = UnknownName("voice", voice, self._names).nearest
            advice = "hy-audio voices --engine edge lists them"
            if nearest:
                advice = f"use {' or '.join(f'--voice edge:{name}' for name in nearest)}"
            problem = f"the online service has no voice called {voice!r} any more"
            raise EngineUnavailable("edge", problem, advice=advice)


class EdgeProvider:
    """The door to `EdgeEngine`."""

    name = "edge"
    default_voice = "zh-CN-XiaoxiaoNeural"

    def __init__(self, setup: Setup, clock: Callable[[], float] = time.time) -> None:
        """Check the settings.

        Args:
            setup: what the user wishes.
            clock: seconds since 1970.

        Raises:
            ConfigError: `[engine.edge]` or `--proxy` has a value that can't be used.
        """
        self._settings = settings("edge", setup.settings, Settings)
        for where, url in (("--proxy", setup.proxy), ("[engine.edge] proxy", self._settings.proxy)):
            if url and not _is_http(url):
                raise ConfigError(f"{where}: give a URL that begins with http:// or https://")
        self._proxy = setup.proxy or self._settings.proxy
        limit_s = min(_PROBE_S, self._settings.connect_s)
        self._voices = VoiceList(setup.cache / "voices/edge.json", self._proxy, limit_s, clock)
        self._looked_up = False

    async def ready(self) -> None:
        """Ask the service for its voices: that shows that it can be reached and answers.

        It is not asked where they were looked up already: what is stored may be all that is needed.
        """
        if not self._looked_up:
            await self._voices.ask()

    async def voices(self) -> Sequence[Voice]:
        """The service's Mandarin voices, as it listed them within a day or can't be asked now."""
        voices = await self._voices.known()
        self._looked_up = True
        return voices

    def open(self) -> Engine:
        """Make it."""
        return EdgeEngine(self._settings, self._proxy, self._voices)


# Voices


class _Kept(msgspec.Struct, frozen=True):
    asked_s: float
    voices: tuple[Voice, ...]


class VoiceList:
    """The service's Mandarin voices, kept in a file for a day."""

    def __init__(self, file: Path, proxy: str, limit_s: float, clock: Callable[[], float]) -> None:
        self._file = file
        self._proxy = proxy
        self._limit_s = limit_s
        self._clock = clock

    async def known(self) -> tuple[Voice, ...]:
        """The list: within a day from the file, then from the service or else from the file.

        Raises:
            EngineUnavailable: there is no file, and the service can't be asked.
        """
        kept = self._kept()
        if kept and 0 <= self._clock() - kept.asked_s < _DAY_S:
            return kept.voices
        try:
            return await self.ask()
        except EngineUnavailable:
            if kept:
                return kept.voices
            raise

    async def ask(self) -> tuple[Voice, ...]:
        """Ask the service, and keep what it says.

        Raises:
            EngineUnavailable: it does not say.
        """
        try:
            async with asyncio.timeout(self._limit_s):
                listed = await edge_tts.list_voices(proxy=_proxy(self._proxy))
            voices = tuple(_mandarin(listed))
        except _FAILURES as error:
            problem = f"the online service can't be reached ({_failure(error).problem})"
            advice = "connect, or use --voice kokoro"
            raise EngineUnavailable("edge", problem, advice=advice) from error
        with suppress(OSError):  # a list that can't be kept is asked for again
            files.write(self._file, msgspec.json.encode(_Kept(self._clock(), voices)))
        return voices

    def _kept(self) -> _Kept | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, ValueError):  # not there, or damaged
            return None


def _mandarin(listed: Iterable[Mapping[str, Any]]) -> Iterator[Voice]:
    """The voices of mainland Mandarin; ValueError if there are none."""
    found = [v for v in listed if v["Locale"].startswith("zh-CN")]
    if not found:
        raise ValueError("no Mandarin voice")
    for v in found:
        yield Voice(v["ShortName"], v["Gender"].lower(), v["Locale"])


# Requests


def _sendable(utterance: Utterance) -> str:
    """The text that is sent, if it can be sent in one piece."""
    text = utterance.respelled
    size = len(escape(text).encode())
    if size > _MOST_BYTES:
        problem = f"{size} bytes are more than the online service takes at once ({_MOST_BYTES})"
        raise EngineError("edge", problem, advice="shorten the sentence", utterance=utterance.id)
    return text


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _proxy(given: str) -> str | None:
    """The proxy that was given, else the one of the environment, else none."""
    if given or proxy_bypass(_HOST):
        return given or None
    url = getproxies().get("https")
    if url and not _is_http(url):
        problem = "HTTPS_PROXY of the environment is not an http:// or https:// URL"
        raise EngineUnavailable("edge", problem, advice="give one with --proxy")
    return url


# Words


def _word(piece: Mapping[str, Any]) -> Word:
    start, length = int(piece["offset"]), int(piece["duration"])
    return piece["text"], start // _TICKS_PER_MS, (start + length) // _TICKS_PER_MS


def marks(text: str, words: Iterable[Word]) -> Iterator[Mark]:
    """Find each word that the service reports in the text; a word in another spelling is left out.

    The text that is sent is as long as what is spoken, character by character. A word is looked
    for near the one before it, so that one in another spelling leads nobody astray.
    """
    offset = missed = 0
    for word, start_ms, end_ms in words:
        end = offset + missed + _REACH + len(word)
        found = text.find(word, offset, end) if word else -1
        if found < 0:
            missed += len(word)
            continue
        offset, missed = found + len(word), 0
        yield Mark(found, offset, start_ms, end_ms)


# What went wrong

_FAILURES = (
    EdgeTTSException,
    aiohttp.ClientError,
    OSError,
    *(ValueError, LookupError, TypeError, AttributeError, OverflowError),
)
"""What the client raises; the last ones where an answer is not what it expects."""

_PROXY_REFUSED = 407

_REASONS: Sequence[tuple[type[Exception] | tuple[type[Exception], ...], str]] = (
    (NoAudioReceived, "no audio came"),
    (TimeoutError, "no answer in time"),
    (aiohttp.ClientProxyConnectionError, "the proxy can't be reached"),
    (aiohttp.ClientConnectorDNSError, "its address can't be found"),
    (aiohttp.ClientConnectorError, "no connection"),
    ((WebSocketError, aiohttp.ClientError, OSError), "the connection broke"),
    (Exception, "an answer that makes no sense"),
)
"""How each failure is told: the first kind that fits."""


def _failure(error: Exception) -> EngineError:
    """What one of `_FAILURES` means for the one who asked."""
    answer = error.__cause__ if isinstance(error, SkewAdjustmentError) else error
    if isinstance(answer, aiohttp.ClientResponseError):
        return _status(answer)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        problem = "the certificate of the online service is not trusted"
        advice = "see who stands between, or use --voice kokoro"
        return EngineUnavailable("edge", problem, advice=advice)
    reason = next(told for kind, told in _REASONS if isinstance(error, kind))
    return TransientEngineError("edge", reason, advice=_ADVICE)


def _status(error: aiohttp.ClientResponseError) -> EngineError:
    """What an HTTP status means. But for a proxy that wants a password, all of them may pass."""
    by_proxy = isinstance(error, aiohttp.ClientHttpProxyError)
    problem = f"HTTP {error.status}" + (" of the proxy" if by_proxy else "")
    if error.status == _PROXY_REFUSED:
        advice = "give its user and password in the URL of the proxy"
        return EngineUnavailable("edge", problem, advice=advice)
    refused = error.status in REFUSED
    headers: Mapping[str, str] = error.headers or {}
    wait_s = retry_after_s(headers.get("Retry-After", ""), date_s(headers.get("Date", "")))
    return TransientEngineError("edge", problem, advice=_ADVICE, refused=refused, wait_s=wait_s)
