"""edge-tts: Microsoft's online voices, through the client of that name.

Everything the service has of its own, its time unit and its rate strings, stays in this file.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aiohttp
import edge_tts
from edge_tts.exceptions import EdgeTTSException

from hy_audio.errors import EngineUnavailable, TransientEngineError
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Engine, Mark, Prosody, Setup, Speech, Voice

_TICKS_PER_MS = 10_000
_CONNECT_S = 10
_RECEIVE_S = 60
_PROBE_S = 4.0


class EdgeEngine:
    """One request for each utterance."""

    fingerprint = "edge/2"
    concurrency = 4

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Ask the service to speak an utterance."""
        audio = bytearray()
        words: list[tuple[str, int, int]] = []
        client = edge_tts.Communicate(
            utterance.respelled,
            voice,
            rate=f"{round((prosody.rate - 1) * 100):+d}%",
            boundary="WordBoundary",
            connect_timeout=_CONNECT_S,
            receive_timeout=_RECEIVE_S,
        )
        try:
            async for chunk in client.stream():
                if chunk["type"] == "audio":
                    audio += chunk["data"]
                else:
                    start, length = int(chunk["offset"]), int(chunk["duration"])
                    ends = start // _TICKS_PER_MS, (start + length) // _TICKS_PER_MS
                    words.append((chunk["text"], *ends))
        except (EdgeTTSException, aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = f"the online service did not speak ({_reason(error)})"
            advice = "build again, or use --voice kokoro"
            raise TransientEngineError("edge", problem, advice=advice) from error
        return Speech(bytes(audio), "audio/mpeg", tuple(_marks(utterance.respelled, words)))

    async def aclose(self) -> None:
        """Nothing to let go of: every request has its own connection."""


@dataclass(frozen=True, slots=True)
class EdgeProvider:
    """The door to `EdgeEngine`."""

    setup: Setup
    name: str = "edge"
    default_voice: str = "zh-CN-XiaoxiaoNeural"

    async def ready(self) -> None:
        """Ask the service for its voices: that shows that it can be reached and answers."""
        await self.voices()

    async def voices(self) -> Sequence[Voice]:
        """The service's Mandarin voices."""
        try:
            async with asyncio.timeout(_PROBE_S):
                listed = await edge_tts.list_voices()
        except (EdgeTTSException, aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = f"the online service can't be reached ({_reason(error)})"
            advice = "connect, or use --voice kokoro"
            raise EngineUnavailable("edge", problem, advice=advice) from error
        return tuple(
            Voice(v["ShortName"], v["Gender"].lower(), v["Locale"])
            for v in listed
            if v["Locale"].startswith("zh-CN")
        )

    def open(self) -> Engine:
        """Make it."""
        return EdgeEngine()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "no connection"
    return " ".join(str(error).split())[:120] or type(error).__name__


def _marks(spoken: str, words: Sequence[tuple[str, int, int]]) -> Iterator[Mark]:
    """Find each word that the service reports in the text; a word in another spelling is left out.

    The text that is sent is as long as what is spoken, character by character.
    """
    offset = 0
    for word, start_ms, end_ms in words:
        found = spoken.find(word, offset)
        if word and found >= 0:
            offset = found + len(word)
            yield Mark(found, offset, start_ms, end_ms)
