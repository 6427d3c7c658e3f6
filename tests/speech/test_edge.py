"""The unmodified edge-tts client against the service of tests/service, a process of its own."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from service.client import EdgeService, settled
from service.voice import speak as beeps

from hy_audio.errors import (
    ConfigError,
    EngineError,
    EngineUnavailable,
    TransientEngineError,
    UnknownName,
)
from hy_audio.script.model import Utterance
from hy_audio.speech.edge import EdgeProvider, marks
from hy_audio.speech.model import Engine, Mark, Prosody, Setup, Speech
from hy_audio.speech.registry import choose

Make = Callable[..., Utterance]
Provide = Callable[..., EdgeProvider]

VOICE = "zh-CN-YunxiNeural"
DAY_S = 86_400
NOWHERE = "http://127.0.0.1:9"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provide(edge_service: EdgeService, tmp_path: Path, clock: Clock) -> Provide:
    """Make a provider that reaches the service, with settings."""

    def make(proxy: str = edge_service.proxy, **settings: object) -> EdgeProvider:
        return EdgeProvider(Setup(tmp_path, settings, proxy), clock)

    return make


def speak(engine: Engine, spoken: Utterance, voice: str = VOICE, rate: float = 1.0) -> Speech:
    return settled(engine.speak(spoken, voice, Prosody(rate)))


def names(provider: EdgeProvider) -> list[str]:
    return [voice.name for voice in settled(provider.voices())]


def as_written(utterance: Utterance, text: str) -> Utterance:
    """An utterance with a text that normalisation would never leave."""
    return replace(utterance, sentences=(replace(utterance.sentences[0], spoken=text),))


# What is sent and what comes back


def test_the_sound_is_what_the_service_sent_with_the_voice_and_rate_asked_for(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    speech = speak(provide().open(), utterance("天气晴朗。"), rate=1.25)
    assert speech.audio == beeps("天气晴朗。", VOICE, 1.25).mp3
    assert speech.media_type == "audio/mpeg"
    [request] = edge_service.requests()
    assert (request["voice"], request["rate"], request["did"]) == (VOICE, 1.25, "spoke")


@pytest.mark.parametrize(("rate", "sent"), [(1.0, 1.0), (0.5, 0.5), (2.0, 2.0), (1.1, 1.1)])
def test_rates_reach_the_service_in_hundredths(
    edge_service: EdgeService, provide: Provide, utterance: Make, rate: float, sent: float
) -> None:
    speak(provide().open(), utterance("好。"), rate=rate)
    assert [request["rate"] for request in edge_service.requests()] == [sent]


def test_each_word_is_a_mark_in_milliseconds_at_its_place_in_the_utterance(
    provide: Provide, utterance: Make
) -> None:
    speech = speak(provide().open(), utterance("今天有雨。", "出门带伞。"))
    assert speech.marks == (
        Mark(0, 2, 100, 460),
        Mark(2, 4, 460, 820),
        Mark(5, 7, 1000, 1360),
        Mark(7, 9, 1360, 1720),
    )


def test_a_respelled_word_is_sent_and_the_marks_still_fit_what_is_spoken(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    plain = utterance("走长回路。", "出门带伞。")
    first = replace(plain.sentences[0], respelled="走肠回录。")
    respelled = replace(plain, sentences=(first, plain.sentences[1]))
    speech = speak(provide().open(), respelled)
    assert edge_service.requests()[0]["text"] == "走肠回录。出门带伞。"
    assert speech.marks == speak(provide().open(), plain).marks


def test_signs_of_xml_arrive_as_they_are_written_and_are_found_again(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    text = "甲&乙<丙>丁&amp;'戊'\"己\""
    speech = speak(provide().open(), as_written(utterance("好。"), text))
    assert edge_service.requests()[0]["text"] == text
    assert [text[m.start : m.end] for m in speech.marks] == [*"甲乙丙丁", "am", "p", *"戊己"]


def test_a_word_in_another_spelling_is_left_out_and_leads_nobody_astray() -> None:
    text = "三月五日，他说：三月里还有一场雪。"
    words = [("三月", 0, 400), ("5日", 400, 800), ("他说", 900, 1300), ("雪", 3000, 3200)]
    found = list(marks(text, words))
    assert [text[m.start : m.end] for m in found] == ["三月", "他说"]
    words = [("3月", 0, 400), ("里", 400, 600)]
    assert not list(marks(text, words))  # the only 里 is too far away to be the second word


def test_every_utterance_is_one_request_and_one_that_is_too_long_is_none(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    long, short = (as_written(utterance("好。"), "雨" * n) for n in (1366, 1365))
    with pytest.raises(EngineError, match="4098 bytes are more than") as caught:
        speak(provide().open(), long)
    assert not isinstance(caught.value, TransientEngineError | EngineUnavailable)
    assert "\n" not in str(caught.value)
    with pytest.raises(EngineError, match="4100 bytes"):
        speak(provide().open(), as_written(long, "&" * 820))
    assert edge_service.counts()["requests"] == 0
    speak(provide().open(), short)
    assert [len(request["text"]) for request in edge_service.requests()] == [1365]


# What goes wrong


@pytest.mark.parametrize(
    ("fault", "problem", "refused", "wait_s"),
    [
        ("refuse401", "HTTP 401", True, 0),
        ("refuse403", "HTTP 403", True, 0),
        ("refuse429", "HTTP 429", True, 1),
        ("refuse404", "HTTP 404", False, 0),
        ("refuse503", "HTTP 503", False, 0),
        ("drop", "the connection broke", False, 0),
        ("leave", "the connection broke", False, 0),
        ("silent", "no audio came", False, 0),
        ("close", "no audio came", False, 0),
        ("stall", "no answer in time", False, 0),
    ],
)
def test_what_goes_wrong_is_told_in_a_few_words_and_may_be_tried_again(
    edge_service: EdgeService,
    provide: Provide,
    utterance: Make,
    fault: str,
    problem: str,
    refused: bool,
    wait_s: float,
) -> None:
    edge_service.begin(kind=fault)
    with pytest.raises(TransientEngineError) as caught:
        speak(provide(idle_s=0.3).open(), utterance("今天有雨，出门带伞。"))
    error = caught.value
    assert (error.problem, error.refused, error.wait_s) == (problem, refused, wait_s)


def test_nonsense_of_every_kind_may_be_tried_again(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(kind="garbage")
    engine = provide().open()
    for _ in range(7):
        with pytest.raises(TransientEngineError, match="makes no sense"):
            speak(engine, utterance("今天有雨，出门带伞。"))
    speech = speak(engine, utterance("今天有雨，出门带伞。"))  # noise, in good form
    assert speech.audio != beeps("今天有雨，出门带伞。", VOICE, 1.0).mp3


def test_an_answer_that_is_slow_but_never_idle_is_waited_for(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(kind="slow")
    speech = speak(provide(idle_s=5).open(), utterance("今天有雨，出门带伞。"))
    assert speech.audio == beeps("今天有雨，出门带伞。", VOICE, 1.0).mp3


def test_an_answer_may_take_longer_than_both_limits_together_if_it_is_never_idle(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    text = "今天有雨，出门带伞。"
    spoken = beeps(text, VOICE, 1.0)
    pause_s, connect_s, idle_s = 0.08, 0.6, 0.6
    edge_service.begin(kind="slow", pause_s=pause_s)
    speech = speak(provide(connect_s=connect_s, idle_s=idle_s).open(), utterance(text))
    assert speech.audio == spoken.mp3
    pieces = len(spoken.words) + len(spoken.mp3) // 720
    assert pieces * pause_s > connect_s + idle_s, "it was slow enough"


def test_a_stall_in_the_middle_is_told_however_long_a_connection_may_take(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(kind="stall")
    answer = (
        provide(connect_s=600, idle_s=0.3)
        .open()
        .speak(utterance("今天有雨，出门带伞。"), VOICE, Prosody())
    )
    with pytest.raises(TransientEngineError, match="no answer in time"):
        settled(asyncio.wait_for(answer, 30))  # else the test would hang for ten minutes


def test_the_client_asks_a_service_that_forbids_twice_and_we_no_more(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(kind="refuse403")
    with pytest.raises(TransientEngineError):
        speak(provide().open(), utterance("好。"))
    assert edge_service.counts()["requests"] == 2


def test_nobody_at_the_proxys_address_may_pass(provide: Provide, utterance: Make) -> None:
    with pytest.raises(TransientEngineError, match="the proxy can't be reached"):
        speak(provide(proxy=NOWHERE).open(), utterance("好。"))


def test_a_certificate_that_is_not_trusted_is_no_use_trying_again(
    edge_service: EdgeService, run: Run, environment: dict[str, str]
) -> None:
    untrusting = edge_service.environment(environment)
    untrusting["PYTHONPATH"] = environment.get("PYTHONPATH", "")
    done = run("voices", "--engine", "edge", "--json", env=untrusting)
    assert "the certificate of the online service is not trusted" in done.stdout


# Voices


def test_the_voices_are_the_services_own_of_the_mainland(provide: Provide) -> None:
    assert names(provide()) == [
        "zh-CN-XiaoxiaoNeural",
        "zh-CN-XiaoyiNeural",
        "zh-CN-YunxiNeural",
        "zh-CN-YunyangNeural",
    ]


def test_the_list_of_voices_is_asked_for_once_a_day(
    edge_service: EdgeService, provide: Provide, clock: Clock
) -> None:
    first = names(provide())
    assert names(provide()) == first
    clock.now_s += DAY_S - 1
    assert names(provide()) == first
    assert edge_service.counts()["lists"] == 1
    clock.now_s += 1
    edge_service.begin(voices=["zh-CN-XiaoxiaoNeural"])
    assert names(provide()) == ["zh-CN-XiaoxiaoNeural"]


def test_a_list_from_the_future_is_not_trusted(
    edge_service: EdgeService, provide: Provide, clock: Clock
) -> None:
    names(provide())
    clock.now_s -= 10
    names(provide())
    assert edge_service.counts()["lists"] == 2


@pytest.mark.parametrize("fault", ["refuse403", "refuse500", "garbage", "close", "stall"])
def test_an_old_list_serves_where_there_is_no_new_one(
    edge_service: EdgeService, provide: Provide, clock: Clock, fault: str
) -> None:
    before = names(provide())
    clock.now_s += 2 * DAY_S
    edge_service.begin(listing=fault)
    assert names(provide(connect_s=0.3)) == before


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"asked_s": 1', b"\xff\xfe", b"[]"])
def test_a_damaged_list_is_as_good_as_none(provide: Provide, tmp_path: Path, damage: bytes) -> None:
    before = names(provide())
    (tmp_path / "voices/edge.json").write_bytes(damage)
    assert names(provide()) == before
    assert len(json.loads((tmp_path / "voices/edge.json").read_bytes())["voices"]) == len(before)


def test_without_service_and_list_there_are_no_voices(
    edge_service: EdgeService, provide: Provide
) -> None:
    edge_service.begin(listing="refuse503")
    with pytest.raises(EngineUnavailable, match=r"can't be reached \(HTTP 503\)"):
        names(provide())


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("refuse403", "HTTP 403"),
        ("refuse429", "HTTP 429"),
        ("garbage", "an answer that makes no sense"),
        ("close", "the connection broke"),
        ("stall", "no answer in time"),
    ],
)
def test_ready_asks_the_service_each_time_and_not_the_list_that_is_kept(
    edge_service: EdgeService, provide: Provide, fault: str, reason: str
) -> None:
    settled(provide().ready())
    edge_service.begin(listing=fault)
    with pytest.raises(EngineUnavailable, match="can't be reached") as caught:
        settled(provide(connect_s=0.3).ready())
    assert reason in caught.value.problem


def test_a_voice_that_was_looked_up_in_the_list_needs_no_question_to_the_service(
    edge_service: EdgeService, provide: Provide
) -> None:
    names(provide())
    edge_service.begin(listing="refuse403")
    named = provide()
    names(named)
    settled(named.ready())
    assert edge_service.counts()["lists"] == 0


def test_a_list_without_a_mandarin_voice_is_none(
    edge_service: EdgeService, provide: Provide
) -> None:
    edge_service.begin(voices=["en-US-EmmaNeural"])
    with pytest.raises(EngineUnavailable, match="makes no sense"):
        settled(provide().ready())


def test_an_unknown_voice_is_refused_before_the_first_clip_with_the_nearest(
    edge_service: EdgeService, tmp_path: Path
) -> None:
    def setup(engine: str) -> Setup:
        return Setup(tmp_path, {}, edge_service.proxy)

    with pytest.raises(UnknownName, match="zh-CN-YunxiNeural"):
        settled(choose("edge:zh-CN-YunxNeural", setup))
    assert edge_service.counts()["requests"] == 0


def test_a_retired_voice_ends_the_run_with_the_nearest_and_the_list_is_asked_once(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(voices=["zh-CN-XiaoxiaoNeural", "zh-CN-YunxiaNeural"])
    engine = provide().open()
    for _ in range(3):
        with pytest.raises(EngineUnavailable, match="'zh-CN-YunxiNeural' any more") as caught:
            speak(engine, utterance("好。"))
    assert "--voice edge:zh-CN-YunxiaNeural" in caught.value.advice
    assert edge_service.counts()["lists"] == 1


def test_a_known_voice_that_says_nothing_may_speak_later(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(kind="silent", share=0.5)
    engine = provide().open()
    heard = []
    for _ in range(10):
        with suppress(TransientEngineError):
            heard.append(speak(engine, utterance("好。")).audio)
    assert len(heard) == 5
    assert edge_service.counts()["lists"] == 1


def test_silence_without_a_list_to_look_at_may_pass(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    edge_service.begin(voices=[], listing="refuse403")
    with pytest.raises(TransientEngineError, match="no audio came"):
        speak(provide().open(), utterance("好。"))


def test_what_is_no_name_of_a_voice_is_not_even_sent(
    edge_service: EdgeService, provide: Provide, utterance: Make
) -> None:
    with pytest.raises(EngineUnavailable, match="'xx' is not the name of a voice"):
        speak(provide().open(), utterance("好。"), voice="xx")
    assert edge_service.counts()["requests"] == 0


# Proxies and settings


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_the_environments_proxy_serves_for_the_list_and_for_speech(
    edge_service: EdgeService,
    provide: Provide,
    utterance: Make,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    for other in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, edge_service.proxy)
    provider = provide(proxy="")
    settled(provider.ready())
    speak(provider.open(), utterance("好。"))
    assert edge_service.counts()["connections"] == 2


def test_the_option_goes_before_the_setting_and_the_setting_before_the_environment(
    edge_service: EdgeService,
    provide: Provide,
    utterance: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", NOWHERE)
    speak(EdgeProvider(_setup(proxy=edge_service.proxy)).open(), utterance("好。"))
    speak(provide(proxy=edge_service.proxy).open(), utterance("好。"))
    by_setting = EdgeProvider(_setup(settings={"proxy": edge_service.proxy}))
    speak(by_setting.open(), utterance("好。"))
    both = EdgeProvider(_setup(settings={"proxy": NOWHERE}, proxy=edge_service.proxy))
    speak(both.open(), utterance("好。"))
    assert edge_service.counts()["connections"] == 4


def test_a_host_that_needs_no_proxy_gets_none(
    edge_service: EdgeService, provide: Provide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", edge_service.proxy)
    monkeypatch.setenv("no_proxy", "speech.platform.bing.com")
    with pytest.raises(EngineUnavailable, match="can't be reached"):
        settled(provide(proxy="", connect_s=0.3).ready())
    assert edge_service.counts()["connections"] == 0


def test_an_environments_proxy_of_another_kind_is_told_when_it_is_needed(
    provide: Provide, utterance: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "socks5://user:secret@127.0.0.1:1080")
    provider = provide(proxy="")
    with pytest.raises(EngineUnavailable, match="HTTPS_PROXY") as caught:
        settled(provider.ready())
    assert "secret" not in str(caught.value)
    with pytest.raises(EngineUnavailable, match="HTTPS_PROXY"):
        speak(provider.open(), utterance("好。"))


def _setup(**changes: Any) -> Setup:
    return Setup(Path("nowhere"), **changes)


@pytest.mark.parametrize(
    "url", ["socks5://127.0.0.1:1080", "127.0.0.1:1080", "http://", "http://a:b:c", "proxy"]
)
def test_a_proxy_that_is_no_http_url_is_refused_and_never_printed(url: str) -> None:
    with pytest.raises(ConfigError, match="--proxy: give a URL that begins with http://"):
        EdgeProvider(_setup(proxy=url))
    with pytest.raises(ConfigError, match=r"\[engine.edge\] proxy: give a URL") as caught:
        EdgeProvider(_setup(settings={"proxy": url}))
    assert "1080" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("concurrency", 0),
        ("concurrency", 17),
        ("concurrency", "4"),
        ("concurrency", True),
        ("connect_s", 0),
        ("idle_s", -1),
        ("idle_s", "15"),
        ("proxy", 7),
        ("retries", 3),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=rf"^\[engine.edge\]: .*`{name}`") as caught:
        EdgeProvider(_setup(settings={name: value}))
    assert "\n" not in str(caught.value)


def test_the_number_of_requests_at_a_time_is_a_setting() -> None:
    assert EdgeProvider(_setup()).open().concurrency == 4
    assert EdgeProvider(_setup(settings={"concurrency": 9})).open().concurrency == 9
