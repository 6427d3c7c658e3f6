"""The engine `openai` against a real server on loopback."""

import asyncio
import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from conftest import SAMPLES, Run
from openai_server import Answer, SpeechServer, beeps, says, serving, speaks

from hy_audio.errors import (
    ConfigError,
    EngineError,
    EngineUnavailable,
    TransientEngineError,
    UnknownName,
)
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Prosody, Setup, Speech
from hy_audio.speech.openai import server as server_module
from hy_audio.speech.openai.engine import OpenAiProvider
from hy_audio.speech.refusal import retry_after_s
from hy_audio.speech.registry import choose

Make = Callable[..., Utterance]
PAGE = SAMPLES / "river-park.txt"
KEY = "hush-7Qz9Kd2LmPa4-not-to-be-seen"


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with serving(SpeechServer()) as one:
        yield one


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def provider(server: SpeechServer, **settings: object) -> OpenAiProvider:
    return OpenAiProvider(setup({"base_url": server.base_url, **settings}))


def setup(settings: dict[str, object], proxy: str = "") -> Setup:
    return Setup(Path("cache"), settings, proxy)


def speak(
    server: SpeechServer, utterance: Utterance, rate: float = 1.0, **settings: object
) -> Speech:
    async def go() -> Speech:
        engine = provider(server, **settings).open()
        try:
            return await engine.speak(utterance, "zf_xiaobei", Prosody(rate))
        finally:
            await engine.aclose()

    return asyncio.run(go())


# What is asked, and what comes back


def test_what_is_asked_is_what_the_endpoint_defines(server: SpeechServer, utterance: Make) -> None:
    spoken = utterance("走长回路。", "出门带伞。")
    respelled = replace(spoken.sentences[0], respelled="走肠回录。")
    spoken = replace(spoken, sentences=(respelled, spoken.sentences[1]))
    speech = speak(server, spoken, 1.25, model="kokoro")
    assert server.orders == [
        {
            "model": "kokoro",
            "voice": "zf_xiaobei",
            "input": "走肠回录。出门带伞。",
            "response_format": "wav",
            "speed": 1.25,
        }
    ]
    assert speech == Speech(beeps("走肠回录。出门带伞。"), "audio/wav")


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("mp3", "audio/mpeg"), ("flac", "audio/flac"), ("opus", "audio/ogg")],
)
def test_other_formats_can_be_asked_for(
    server: SpeechServer, utterance: Make, form: str, media_type: str
) -> None:
    assert speak(server, utterance("晴。"), format=form).media_type == media_type
    assert server.orders[0]["response_format"] == form


def test_the_fingerprint_tells_server_model_and_format_and_no_more(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    engine = provider(server, model="cosy", voice="a", read_s=9).open()
    kind, which, model, form = engine.fingerprint.rsplit("/", 3)
    assert (kind, model, form) == ("openai/1", "cosy", "wav")
    assert re.fullmatch("[0-9a-f]{12}", which)
    with_slash = OpenAiProvider(setup({"base_url": server.base_url + "/", "model": "cosy"}))
    assert with_slash.open().fingerprint == engine.fingerprint


def test_the_key_goes_into_a_header_and_without_one_there_is_none(
    server: SpeechServer, utterance: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(server, utterance("晴。"))
    monkeypatch.setenv("NEWSROOM_KEY", f"{KEY}\n")
    speak(server, utterance("晴。"), key_env="NEWSROOM_KEY")
    first, second = (headers.get("Authorization") for _, headers, _ in server.asked)
    assert first is None
    assert second == f"Bearer {KEY}"


# What goes wrong


def odd(status: int, kind: type[EngineError], said: str, refused: bool = False) -> Any:
    return pytest.param(status, kind, said, refused, id=str(status))


@pytest.mark.parametrize(
    ("status", "kind", "said", "refused"),
    [
        odd(301, EngineUnavailable, "base_url"),
        odd(400, EngineError, "no such sound"),
        odd(401, TransientEngineError, "wants a key", refused=True),
        odd(403, TransientEngineError, "refuses the key", refused=True),
        odd(404, EngineUnavailable, "no such sound"),
        odd(405, EngineUnavailable, "no such sound"),
        odd(408, TransientEngineError, "no such sound"),
        odd(413, EngineError, "no such sound"),
        odd(422, EngineError, "no such sound"),
        odd(429, TransientEngineError, "no such sound", refused=True),
        odd(500, TransientEngineError, "no such sound"),
        odd(503, TransientEngineError, "no such sound"),
    ],
)
def test_each_status_has_its_meaning(
    server: SpeechServer,
    utterance: Make,
    status: int,
    kind: type[EngineError],
    said: str,
    refused: bool,
) -> None:
    server.speech = says(status, {"error": {"message": "no such\nsound"}})
    with pytest.raises(EngineError, match=said) as caught:
        speak(server, utterance("晴。"))
    assert type(caught.value) is kind
    assert str(status) in str(caught.value)
    assert getattr(caught.value, "refused", False) is refused
    assert "\n" not in str(caught.value)
    assert len(server.orders) == 1, "it asks once"


@pytest.mark.parametrize(
    "body",
    [
        {"detail": {"error": "validation_error", "message": "voice not found"}},
        {"detail": "voice not found"},
        {"detail": [{"loc": ["body"], "msg": "voice not found"}]},
        {"message": "voice not found"},
        {"error": "voice not found"},
    ],
)
def test_the_servers_own_message_is_quoted_whatever_its_shape(
    server: SpeechServer, utterance: Make, body: object
) -> None:
    server.speech = says(400, body)
    with pytest.raises(EngineError, match=r"\(400\): voice not found$"):
        speak(server, utterance("晴。"))


def test_a_long_message_is_cut_to_one_short_line(server: SpeechServer, utterance: Make) -> None:
    server.speech = says(400, "不行\n\x1b[31m".encode() * 900, Content_Type="text/plain")
    with pytest.raises(EngineError) as caught:
        speak(server, utterance("晴。"))
    assert len(caught.value.problem) < 160
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        (formatdate(1_000_030, usegmt=True), 30),
        (formatdate(999_000, usegmt=True), 0),
        ("", 0),
        ("-3", 0),
        ("soon", 0),
        ("9" * 5000, 0),
        ("1e9", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float) -> None:
    assert retry_after_s(value, 1_000_000.0) == seconds


def test_the_server_says_how_long_to_leave_it_alone(server: SpeechServer, utterance: Make) -> None:
    server.speech = says(429, Retry_After="42")
    with pytest.raises(TransientEngineError) as caught:
        speak(server, utterance("晴。"))
    assert caught.value.wait_s == 42


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "90000"})
    await response.prepare(request)
    await response.write(beeps("晴")[:4000])
    return await hang_up(request)


async def slow_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"RIFF")
    await asyncio.Event().wait()
    return response


async def flood(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(bytes(65_536))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(200, b""), "no audio"),
        (says(204), "no audio"),
        (says(200, {"error": {"message": "model asleep"}}), "text for audio: model asleep"),
        (says(200, b'{"error": "asleep"}', Content_Type="audio/wav"), "text for audio: asleep"),
        (says(200, b"<html>", Content_Type="text/html"), "text for audio"),
        (says(200, b"\n<!doctype html>", Content_Type="audio/mpeg"), "text for audio"),
        (hang_up, "hung up"),
        (half_an_answer, "broke off"),
        (slow_body, "in time"),
        (flood, "more than 1 MB"),
        (says(200, bytes(1_000_001)), "more than 1 MB"),
    ],
)
def test_an_answer_that_makes_no_sense_may_be_tried_again(
    server: SpeechServer,
    utterance: Make,
    answer: Answer,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr("hy_audio.speech.openai.answers.MOST_BYTES", 1_000_000)
    server.speech = answer
    read_s = 0.2 if answer is slow_body else 60
    with pytest.raises(TransientEngineError, match=said) as caught:
        speak(server, utterance("晴。"), read_s=read_s)
    assert not caught.value.refused


def test_nobody_there_may_be_tried_again_but_is_not_ready(utterance: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = SpeechServer(port=taken.getsockname()[1])
    with pytest.raises(TransientEngineError, match="can't be reached"):
        speak(gone, utterance("晴。"))
    with pytest.raises(EngineUnavailable, match=r"can't be reached.*base_url"):
        asyncio.run(provider(gone).ready())


@pytest.mark.parametrize("status", [200, 401, 404])
def test_a_server_that_answers_is_ready(server: SpeechServer, status: int) -> None:
    server.models = says(status)
    asyncio.run(provider(server).ready())
    assert [path for path, *_ in server.asked] == ["/v1/models"]


def test_a_server_that_is_out_of_order_is_not_ready(server: SpeechServer) -> None:
    server.models = says(502)
    with pytest.raises(EngineUnavailable, match="502"):
        asyncio.run(provider(server).ready())


# Voices


@pytest.mark.parametrize(
    "listed",
    [
        {"voices": ["zf_a", "zm_b"]},
        {"voices": [{"id": "zf_a", "name": "A"}, {"name": "zm_b"}]},
        ["zf_a", "zm_b"],
    ],
)
def test_voices_are_those_the_server_lists(server: SpeechServer, listed: object) -> None:
    server.voices = says(200, listed)
    one = provider(server)
    assert [v.name for v in asyncio.run(one.voices())] == ["zf_a", "zm_b"]
    with pytest.raises(UnknownName, match="zm_b"):
        asyncio.run(choose("openai:zm_bb", lambda _: setup({"base_url": server.base_url})))


@pytest.mark.parametrize(
    "answer", [says(404), says(200, b"<html>"), says(200, {"voices": 3}), says(401)]
)
def test_any_name_is_taken_where_the_server_has_no_list(
    server: SpeechServer, answer: Answer
) -> None:
    server.voices = answer
    settings: dict[str, object] = {"base_url": server.base_url, "voice": "anchor"}
    assert [v.name for v in asyncio.run(OpenAiProvider(setup(settings)).voices())] == [
        "anchor",
        "*",
    ]
    choice = asyncio.run(choose("openai:someone", lambda _: setup(settings)))
    assert str(choice) == "openai:someone"


# Settings


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"model": "x"}, "base_url"),
        ({"base_url": 5}, "base_url"),
        ({"base_url": "ftp://127.0.0.1/v1"}, "base_url"),
        ({"base_url": "127.0.0.1:8880"}, "base_url"),
        ({"base_url": "http://"}, "base_url"),
        ({"base_url": "http://127.0.0.1:99999/v1"}, "base_url"),
        ({"base_url": "http://[::1/v1"}, "base_url"),
        ({"base_url": "https://tts.example/v1?a=b"}, "base_url"),
        ({"base_url": "https://x", "format": "pcm"}, "format"),
        ({"base_url": "https://x", "concurrency": 0}, "concurrency"),
        ({"base_url": "https://x", "read_s": -1}, "read_s"),
        ({"base_url": "https://x", "connect_s": float("inf")}, "connect_s"),
        ({"base_url": "https://x", "voice": ""}, "voice"),
        ({"base_url": "https://x", "sped": 1}, "sped"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError, match=rf"\[engine\.openai\].*{named}") as caught:
        OpenAiProvider(setup(settings))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": f"https://me:{KEY}@tts.example/v1"},
        {"base_url": f"https://tts.example/v1?key={KEY}"},
        {"base_url": "https://tts.example", "key_env": KEY},
        {"base_url": "https://tts.example", "key": KEY},
    ],
)
def test_a_secret_in_the_settings_is_refused_and_not_repeated(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        OpenAiProvider(setup(settings))
    assert KEY not in str(caught.value)


def test_without_any_settings_it_is_listed_and_says_what_it_needs() -> None:
    nothing = OpenAiProvider(setup({}))
    for ask in (nothing.ready, nothing.voices):
        with pytest.raises(EngineUnavailable, match=r"base_url in \[engine\.openai\]"):
            asyncio.run(ask())


# The key


@pytest.mark.parametrize(
    "address", ["http://8.8.8.8/v1", "http://[2001:4860::8888]/v1", "http://[::ffff:8.8.8.8]/v1"]
)
def test_a_key_is_not_sent_in_plain_text_to_a_public_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    OpenAiProvider(setup({"base_url": address}))  # without a key there is nothing to lose
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    OpenAiProvider(setup({"base_url": address.replace("http:", "https:")}))
    OpenAiProvider(setup({"base_url": address, "key_env": ""}))
    with pytest.raises(ConfigError, match="https://") as caught:
        OpenAiProvider(setup({"base_url": address}))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["http://10.1.2.3/v1", "http://192.168.0.9:8880", "http://[fd00::1]/", "http://nas"]
)
def test_a_key_may_go_to_a_private_address_but_not_by_a_proxy(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    OpenAiProvider(setup({"base_url": address}))
    with pytest.raises(ConfigError, match="proxy"):
        OpenAiProvider(setup({"base_url": address}, proxy="http://proxy.example:3128"))


def test_a_name_that_turns_out_to_be_public_gets_no_key(
    utterance: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def public(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]

    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    one = OpenAiProvider(setup({"base_url": "http://tts.example/v1"}))
    monkeypatch.setattr(socket, "getaddrinfo", public)
    with pytest.raises(EngineUnavailable, match="plain text"):
        asyncio.run(one.ready())


def test_a_redirect_is_not_followed_so_nobody_else_gets_the_key(
    server: SpeechServer, utterance: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(SpeechServer()) as other:
        server.speech = says(307, Location=f"{other.base_url}/audio/speech")
        server.models = says(307, Location=f"{other.base_url}/models")
        asyncio.run(provider(server).ready())
        with pytest.raises(EngineUnavailable, match="elsewhere"):
            speak(server, utterance("晴。"))
    assert other.asked == []


def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\nX-Other: 1")
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as caught:
        provider(server)
    assert KEY not in str(caught.value)


def echo(status: int, cut: int = 0) -> Answer:
    """Say the key back, whole or its beginning, in every place there is."""

    async def answer(request: web.Request) -> web.StreamResponse:
        key = request.headers["Authorization"].removeprefix("Bearer ")[: cut or None]
        return web.json_response(
            {"error": {"message": f"bad key {key} (Bearer {key})", "code": key}, key: key},
            status=status,
            reason=f"No {key}",
            headers={"X-Key": key, "Retry-After": key, "Location": f"/{key}"},
        )

    return answer


@pytest.mark.parametrize("cut", [0, 12])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 429, 500])
def test_a_key_that_the_server_says_back_is_in_no_error(
    server: SpeechServer, utterance: Make, status: int, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.speech = echo(status, cut)
    with pytest.raises(EngineError) as caught:
        speak(server, utterance("晴。"))
    error: BaseException | None = caught.value
    while error:
        assert KEY[:8] not in f"{error} {error!r} {error.__dict__}"
        error = error.__cause__ or error.__context__
    assert KEY not in repr(provider(server).__dict__)


# As a user does it


def config(server: SpeechServer, folder: Path, *lines: str) -> Path:
    file = folder / "hy-audio.toml"
    table = ["[engine.openai]", f'base_url = "{server.base_url}"', 'voice = "anchor"', *lines]
    file.write_text("\n".join(table), "utf-8")
    return file


def everything_below(*folders: Path) -> bytes:
    files = (p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file())
    return b"".join(p.name.encode() + p.read_bytes() for p in files)


def test_an_episode_is_built_by_the_server_and_the_key_is_in_none_of_its_files(
    server: SpeechServer, run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    cache = tmp_path / "cache"
    env = {**environment, "OPENAI_API_KEY": KEY, "XDG_CACHE_HOME": str(cache)}
    file = config(server, tmp_path)
    build = ("--config", file, "build", PAGE, "-o", tmp_path / "out", "--voice", "openai", "--json")
    first = run(*build, env=env)
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert told["voice"]["name"] == "anchor"
    assert told["voice"]["fingerprint"].startswith("openai/1/")
    assert server.base_url not in first.stdout
    assert told["clips"] == {"all": 13, "spoken": 13}
    assert {order["voice"] for order in server.orders} == {"anchor"}
    assert 1 <= server.most_at_once <= 2
    assert all(h["Authorization"] == f"Bearer {KEY}" for _, h, _ in server.asked)
    again = run(*build, env=env)
    assert json.loads(again.stdout)["clips"]["spoken"] == 0
    written = everything_below(tmp_path)
    assert b"anchor" in written
    assert KEY.encode() not in written
    assert KEY not in first.stdout + first.stderr + again.stdout + again.stderr


def test_a_server_that_refuses_the_key_ends_the_build_in_one_line_without_it(
    server: SpeechServer, run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    server.speech = echo(401)
    server.models = server.voices = echo(403)
    env = {**environment, "OPENAI_API_KEY": KEY, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    options = ("-o", tmp_path / "out", "--voice", "openai:reader")
    done = run("--config", config(server, tmp_path), "build", PAGE, *options, env=env)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("hy-audio: openai: the server refuses the key (401), again and again")
    assert "Traceback" not in done.stderr
    assert KEY[:8] not in done.stdout + done.stderr
    assert KEY.encode() not in everything_below(tmp_path)
    assert len(server.orders) < 13, "it stops early"


def test_a_build_without_a_server_says_what_to_set_in_one_line(run: Run, tmp_path: Path) -> None:
    done = run("build", PAGE, "-o", tmp_path, "--voice", "openai")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "base_url" in line


def test_the_listing_shows_that_any_name_may_be_given(
    server: SpeechServer, run: Run, tmp_path: Path
) -> None:
    server.speech = speaks
    done = run("--config", config(server, tmp_path), "voices", "--engine", "openai")
    assert done.returncode == 0
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines == [["openai:anchor", "(default)"], ["openai:*"]]
