"""The unmodified edge-tts client against a local server that speaks the service's protocol."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from xml.sax.saxutils import unescape

import edge_tts.communicate
import edge_tts.voices
import pytest
from aiohttp import WSMsgType, web

from hy_audio.errors import EngineError, EngineUnavailable, UnknownName
from hy_audio.script.model import Utterance
from hy_audio.speech.edge import PROVIDER
from hy_audio.speech.model import Mark, Prosody, Speech
from hy_audio.speech.registry import choose

Make = Callable[..., Utterance]
AUDIO = b"\xff\xf3\x64\xc4" * 600
VOICES = [
    {"ShortName": "zh-CN-XiaoxiaoNeural", "Gender": "Female", "Locale": "zh-CN"},
    {"ShortName": "zh-CN-YunxiNeural", "Gender": "Male", "Locale": "zh-CN"},
    {"ShortName": "en-US-EmmaNeural", "Gender": "Female", "Locale": "en-US"},
]
for voice in VOICES:
    voice |= {"Status": "GA", "VoiceTag": {"ContentCategories": [], "VoicePersonalities": []}}  # type: ignore[dict-item]


class Service:
    """Answers each request with a word boundary for every two characters, then audio."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.ssml: list[str] = []

    async def speak(self, request: web.Request) -> web.StreamResponse:
        if self.fault == "refuse":
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and "Path:ssml" in message.data:
                self.ssml.append(message.data)
                await self.answer(socket, message.data)
                break
        await socket.close()
        return socket

    async def answer(self, socket: web.WebSocketResponse, ssml: str) -> None:
        text = unescape(re.sub(r"<[^>]+>", "", ssml.split("\r\n\r\n", 1)[1]))
        await socket.send_str("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        for n in range(0, len(text), 2):
            data = {
                "Offset": n * 1_000_000,
                "Duration": 1_000_000,
                "text": {"Text": text[n : n + 2]},
            }
            body = json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
            await socket.send_str(f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{body}")
        if self.fault != "silent":
            header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
            await socket.send_bytes(len(header).to_bytes(2, "big") + header + AUDIO)
        await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")

    async def list(self, request: web.Request) -> web.Response:
        return web.json_response(VOICES, status=500 if self.fault == "refuse" else 200)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[[Service], object]:
    @asynccontextmanager
    async def serve(service: Service) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_get("/speak", service.speak)
        app.router.add_get("/voices", service.list)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        monkeypatch.setattr(edge_tts.communicate, "WSS_URL", f"ws://{host}:{port}/speak?x=1")
        monkeypatch.setattr(edge_tts.voices, "VOICE_LIST", f"http://{host}:{port}/voices?x=1")
        try:
            yield
        finally:
            await runner.cleanup()

    return serve


def speak(served: Callable[[Service], object], service: Service, spoken: Utterance) -> Speech:
    async def go() -> Speech:
        async with served(service):  # type: ignore[attr-defined]
            return await PROVIDER.open().speak(spoken, "zh-CN-YunxiNeural", Prosody(1.25))

    return asyncio.run(go())


def test_audio_voice_and_rate_go_through_the_real_client(
    served: Callable[[Service], object], utterance: Make
) -> None:
    service = Service()
    speech = speak(served, service, utterance("天气晴朗。"))
    assert speech.audio == AUDIO
    assert speech.media_type == "audio/mpeg"
    assert "YunxiNeural" in service.ssml[0]
    assert "+25%" in service.ssml[0]


def test_word_boundaries_become_a_mark_for_each_sentence_in_milliseconds(
    served: Callable[[Service], object], utterance: Make
) -> None:
    speech = speak(served, Service(), utterance("今天有雨。", "出门带伞。"))
    assert [m.sentence for m in speech.marks] == [0, 1]
    assert speech.marks[0] == Mark(0, 0)
    assert 0 < speech.marks[1].start_ms < 1000


def test_a_respelled_word_is_sent_and_the_marks_still_fit_the_sentences(
    served: Callable[[Service], object], utterance: Make
) -> None:
    plain = utterance("走长回路。", "出门带伞。")
    first = replace(plain.sentences[0], respelled="走肠回录。")
    service = Service()
    speech = speak(served, service, replace(plain, sentences=(first, plain.sentences[1])))
    assert "走肠回录。出门带伞。" in service.ssml[0]
    assert speech.marks == speak(served, Service(), plain).marks
    assert len(speech.marks) == 2


@pytest.mark.parametrize("fault", ["refuse", "silent"])
def test_a_service_that_fails_is_an_error_that_names_the_utterance(
    served: Callable[[Service], object], utterance: Make, fault: str
) -> None:
    with pytest.raises(EngineError, match="lead-007"):
        speak(served, Service(fault), utterance("天气晴朗。", name="lead-007"))


def test_the_voice_list_is_the_services_own_in_mandarin_only(
    served: Callable[[Service], object],
) -> None:
    async def go() -> list[str]:
        async with served(Service()):  # type: ignore[attr-defined]
            return [v.name for v in await PROVIDER.voices()]

    assert asyncio.run(go()) == ["zh-CN-XiaoxiaoNeural", "zh-CN-YunxiNeural"]


def test_an_unknown_online_voice_names_the_nearest(served: Callable[[Service], object]) -> None:
    async def go() -> None:
        async with served(Service()):  # type: ignore[attr-defined]
            await choose("edge:zh-CN-YunxNeural")

    with pytest.raises(UnknownName, match="zh-CN-YunxiNeural"):
        asyncio.run(go())


def test_a_service_that_refuses_its_list_is_not_available(
    served: Callable[[Service], object],
) -> None:
    async def go() -> None:
        async with served(Service("refuse")):  # type: ignore[attr-defined]
            await PROVIDER.ready()

    with pytest.raises(EngineUnavailable):
        asyncio.run(go())
