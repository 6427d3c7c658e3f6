"""A server that answers as OpenAI's speech endpoint does, in a thread, on loopback."""

import asyncio
import io
import threading
import wave
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

RATE_HZ = 24_000


def beeps(text: str) -> bytes:
    """A WAV file: a beep of 200 ms for each letter or character, silence for each mark."""
    n = RATE_HZ // 5
    beep = 8000 * np.sin(np.arange(n) / 9) * np.hanning(n)
    pieces = [beep if c.isalnum() else np.zeros(n) for c in text]
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(np.concatenate(pieces).astype("<i2").tobytes())
    return file.getvalue()


async def speaks(request: web.Request) -> web.StreamResponse:
    """Beep what is asked for."""
    order = await request.json()
    return web.Response(body=beeps(order["input"]), content_type="audio/wav")


def says(status: int, body: Any = b"", **headers: str) -> Answer:
    """Answer with a status, a body (JSON, if it is not bytes) and headers (`_` for `-`)."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=fields)
        return web.json_response(body, status=status, headers=fields)

    return answer


@dataclass
class SpeechServer:
    """What is asked of it, and what it answers."""

    speech: Answer = speaks
    voices: Answer = field(default_factory=lambda: says(404))
    models: Answer = field(default_factory=lambda: says(200, {"object": "list", "data": []}))
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    """Path, headers and JSON of each request."""
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def orders(self) -> list[Any]:
        return [body for path, _, body in self.asked if path == "/v1/audio/speech"]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.path, dict(request.headers), body))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        routes = {"/v1/audio/speech": "speech", "/v1/audio/voices": "voices"}
        try:
            answer: Answer = getattr(self, routes.get(request.path, "models"))
            return await answer(request)
        finally:
            self.at_once -= 1


@contextmanager
def serving(server: SpeechServer) -> Iterator[SpeechServer]:
    """Serve until the block ends."""
    loop = asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", server.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        return runner

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
