"""The service itself: two addresses, TLS, a log, and faults."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from service import messages
from service.faults import Faults
from service.messages import BadRequest, Options, Ssml
from service.voice import FRAME_BYTES, VOICES, Boundary, Spoken, speak

SPEAK = "/consumer/speech/synthesize/readaloud/edge/v1"
LIST = "/consumer/speech/synthesize/readaloud/voices/list"


class Service:
    """Answers requests, well or badly, and writes down what it did."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.begin(Faults())

    def begin(self, faults: Faults) -> None:
        """Behave so from now on, and count from nothing."""
        self.faults = faults
        self.counts: Counter[str] = Counter()
        self.requests = self.at_once = self.most_at_once = self.lists = 0
        self._gathered = asyncio.Event()
        self._log.write_bytes(b"")

    def told(self) -> dict[str, object]:
        """What was counted."""
        return {
            "requests": self.requests,
            "did": dict(self.counts),
            "lists": self.lists,
            "most_at_once": self.most_at_once,
        }

    # Speaking

    async def speak(self, request: web.Request) -> web.StreamResponse:
        """A request: a WebSocket connection, two messages from the client, an answer."""
        number = self.requests
        self.requests += 1
        fault = self.faults.of(number)
        query = ("TrustedClientToken", "Sec-MS-GEC", "Sec-MS-GEC-Version", "ConnectionId")
        try:
            messages.check_query(request.query, query)
        except BadRequest as error:
            self._did(number, "forbidden", text=str(error))
            return web.Response(status=403, text=str(error))
        if fault.startswith("refuse"):
            self._did(number, fault)
            return _refusal(fault)
        socket = web.WebSocketResponse(timeout=1.0, compress=True)
        try:
            await socket.prepare(request)
            await self._converse(_Line(request, socket, number), fault)
        except ConnectionError:
            self._did(number, "left")
        return socket if socket.prepared else web.Response()

    async def _converse(self, line: "_Line", fault: str) -> None:
        socket, number = line.socket, line.number
        if fault == "close":
            self._did(number, fault)
            await socket.close(code=1011)
            return
        try:
            options = messages.read_config(await socket.receive_str())
            ssml = messages.read_ssml(await socket.receive_str())
        except (BadRequest, TypeError) as error:
            self._did(number, "bad request", text=str(error))
            await socket.close(code=1007, message=str(error).encode())
            return
        with self._in_flight() as finish:
            await self._wait()
            known = ssml.voice in self.faults.voices
            spoken = await asyncio.to_thread(speak, ssml.text, ssml.voice, ssml.rate)
            did = fault or "spoke" if known else "unknown voice"
            self._did(number, did, voice=ssml.voice, rate=ssml.rate, text=ssml.text)
            await _ANSWERS.get(did, _whole)(
                _Turn(line, options, ssml, spoken, finish, self.faults.pause_s)
            )
            await socket.close()

    @contextmanager
    def _in_flight(self) -> Iterator[Callable[[], None]]:
        """Count a request from here on, until what is yielded is called or to the end."""
        done = ExitStack()
        done.callback(self._count, -1)
        self._count(1)
        with done:
            yield done.close

    def _count(self, more: int) -> None:
        self.at_once += more
        self.most_at_once = max(self.most_at_once, self.at_once)

    async def _wait(self) -> None:
        if self.at_once >= self.faults.gather:
            self._gathered.set()
        await self._gathered.wait()
        await asyncio.sleep(self.faults.delay_s)

    def _did(self, number: int, what: str, **more: object) -> None:
        self.counts[what] += 1
        entry = {"at": time.time(), "number": number, "did": what, **more}
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry, ensure_ascii=False) + "\n")

    # Listing

    async def list(self, request: web.Request) -> web.StreamResponse:
        """The list of voices."""
        self.lists += 1
        fault = self.faults.listing
        names = ("trustedclienttoken", "Sec-MS-GEC", "Sec-MS-GEC-Version")
        try:
            messages.check_query(request.query, names)
        except BadRequest as error:
            return web.Response(status=403, text=str(error))
        if fault.startswith("refuse"):
            return _refusal(fault)
        if fault == "garbage":
            return web.Response(text='[{"ShortName":')
        if fault == "close" and request.transport:
            request.transport.abort()
        if fault == "stall":
            await asyncio.Event().wait()
        genders = dict(VOICES)
        return web.json_response(
            [_voice(name, genders.get(name, "Female")) for name in self.faults.voices]
        )


@dataclass(frozen=True)
class _Line:
    """A connection."""

    request: web.Request
    socket: web.WebSocketResponse
    number: int


@dataclass(frozen=True)
class _Turn:
    """What is to be answered."""

    line: _Line
    options: Options
    ssml: Ssml
    spoken: Spoken
    finish: Callable[[], None]
    """To be called before the client can know that it has all."""
    pause_s: float
    """Time between two messages of a slow answer."""

    @property
    def id(self) -> str:
        return self.ssml.request

    @property
    def kind(self) -> str:
        return "WordBoundary" if self.options.words else "SentenceBoundary"

    @property
    def boundaries(self) -> tuple[Boundary, ...]:
        if self.options.words:
            return self.spoken.words
        return self.spoken.sentences if self.options.sentences else ()

    @property
    def mp3(self) -> bytes:
        return self.spoken.mp3

    @property
    def transport(self) -> asyncio.Transport | None:
        return self.line.request.transport

    @property
    def half(self) -> bytes:
        """Half of the audio, in whole frames."""
        return self.mp3[: len(self.mp3) // FRAME_BYTES // 2 * FRAME_BYTES]

    async def send(self, *sent: str | bytes) -> None:
        for message in sent:
            if isinstance(message, str):
                await self.line.socket.send_str(message)
            else:
                await self.line.socket.send_bytes(message)

    def all(self) -> list[str | bytes]:
        return list(messages.answer(self.id, self.mp3, self.kind, self.boundaries))


async def _whole(turn: _Turn) -> None:
    *most, last = turn.all()
    await turn.send(*most)
    turn.finish()
    await turn.send(last)


async def _leave(turn: _Turn) -> None:
    """Half of the messages, and a goodbye in good form."""
    messages = turn.all()
    await turn.send(*messages[: len(messages) // 2])


async def _silent(turn: _Turn) -> None:
    await turn.send(*messages.answer(turn.id, b"", turn.kind, ()))


async def _half(turn: _Turn) -> None:
    some = turn.boundaries[: len(turn.boundaries) // 2]
    await turn.send(*messages.answer(turn.id, turn.half, turn.kind, some))


async def _half_audio(turn: _Turn) -> None:
    await turn.send(*messages.answer(turn.id, turn.half, turn.kind, turn.boundaries))


async def _drop(turn: _Turn) -> None:
    """The header of a frame of 60,000 bytes, some of them, and no more."""
    await turn.send(*turn.all()[:8])
    if turn.transport:
        turn.transport.write(b"\x82\x7e" + (60_000).to_bytes(2, "big") + turn.mp3[:3_000])
        await asyncio.sleep(0)
        turn.transport.abort()


async def _stall(turn: _Turn) -> None:
    """Nobody reads any more, so not even a goodbye is answered."""
    await turn.send(*turn.all()[:6])
    while turn.transport and not turn.transport.is_closing():
        await asyncio.sleep(0.01)


async def _slow(turn: _Turn) -> None:
    for message in turn.all():
        await turn.send(message)
        await asyncio.sleep(turn.pause_s)


async def _garbage(turn: _Turn) -> None:
    """One way after another."""
    nonsense = _NONSENSE[turn.line.number % len(_NONSENSE)]
    await turn.send(*turn.all()[:4], *nonsense(turn))


_NOISE = bytes((n * n * 37 + 11) % 256 for n in range(2_000))

_NONSENSE: tuple[Callable[[_Turn], tuple[str | bytes, ...]], ...] = (
    lambda turn: (b"\x00",),
    lambda turn: (_NOISE,),
    lambda turn: ((50_000).to_bytes(2, "big") + _NOISE,),
    lambda turn: (messages.text(turn.id, "audio.metadata", None),),
    lambda turn: (messages.text(turn.id, "audio.metadata", {})[:-1],),
    lambda turn: (messages.text(turn.id, "no.such.path", {}),),
    lambda turn: ("nothing that has a header",),
    lambda turn: (messages.audio(turn.id, _NOISE), messages.turn_end(turn.id)),
)
"""A message that is too short; noise; headers longer than the message; metadata that are none, that
are no JSON; an unknown path; no headers; noise where audio should be."""

_ANSWERS: dict[str, Callable[[_Turn], Awaitable[None]]] = {
    "unknown voice": _silent,
    "silent": _silent,
    "half": _half,
    "half_audio": _half_audio,
    "drop": _drop,
    "leave": _leave,
    "stall": _stall,
    "slow": _slow,
    "garbage": _garbage,
}


def _refusal(fault: str) -> web.Response:
    status = int(fault.removeprefix("refuse"))
    return web.Response(status=status, headers={"Retry-After": "1"} if status == 429 else {})


def _voice(name: str, gender: str) -> dict[str, object]:
    """An entry of the list as the service writes it."""
    locale, _, short = name.rpartition("-")
    return {
        "Name": f"Microsoft Server Speech Text to Speech Voice ({locale}, {short})",
        "ShortName": name,
        "Gender": gender,
        "Locale": locale,
        "SuggestedCodec": messages.AUDIO_FORMAT,
        "FriendlyName": f"Microsoft {short} Online (Natural) - {locale}",
        "Status": "GA",
        "VoiceTag": {"ContentCategories": ["News"], "VoicePersonalities": ["Warm"]},
    }


def application(service: Service) -> web.Application:
    """What listens with TLS."""
    app = web.Application()
    app.router.add_get(SPEAK, service.speak)
    app.router.add_get(LIST, service.list)
    return app
