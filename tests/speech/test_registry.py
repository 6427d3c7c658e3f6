import asyncio
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from hy_audio.errors import EngineUnavailable, UnknownName
from hy_audio.speech import registry
from hy_audio.speech.model import Setup
from hy_audio.speech.registry import AUTOMATIC, choose, engines, list_voices, provider


def setup(name: str) -> Setup:
    return Setup(Path())


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")


def test_the_built_in_engines_come_through_the_same_door_as_any_plugin() -> None:
    assert {"kokoro", "edge", "tone"} <= set(engines())


def test_auto_takes_the_embedded_voice_where_the_online_service_can_t_be_reached(
    no_network: None,
) -> None:
    choice = asyncio.run(choose("auto", setup))
    assert choice.engine == "kokoro"
    assert "edge" in choice.reason


def test_auto_takes_the_online_service_where_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Answers:
        name: str = "edge"
        default_voice: str = "zh-CN-XiaoxiaoNeural"

        async def ready(self) -> None:
            return

    monkeypatch.setattr(registry, "provider", lambda name, setups: Answers())
    assert asyncio.run(choose("auto", setup)).engine == "edge"


def test_auto_never_takes_the_tones() -> None:
    assert "tone" not in AUTOMATIC


def test_auto_says_why_each_engine_can_t_be_used(no_network: None) -> None:
    with pytest.raises(EngineUnavailable, match="edge"):
        asyncio.run(choose("auto", setup, order=("edge",)))


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [("kokro", "kokoro"), ("egde", "edge"), ("kokoro:zf_xiaoxaio", "zf_xiaoxiao")],
)
def test_an_unknown_engine_or_voice_names_the_nearest(wanted: str, nearest: str) -> None:
    with pytest.raises(UnknownName, match=nearest) as caught:
        asyncio.run(choose(wanted, setup))
    assert nearest in caught.value.nearest


def test_an_engine_may_be_asked_for_with_or_without_a_voice() -> None:
    assert str(asyncio.run(choose("kokoro", setup))) == "kokoro:zm_yunjian"
    assert str(asyncio.run(choose("kokoro:zm_yunxi", setup))) == "kokoro:zm_yunxi"


def test_a_broken_plugin_is_named_and_hides_no_other_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = EntryPoint("broken", "no_such_module_at_all:PROVIDER", registry.GROUP)
    monkeypatch.setattr(registry, "engines", lambda: {"broken": broken, **engines()})
    with pytest.raises(EngineUnavailable, match="broken"):
        provider("broken", setup)
    listed = {
        entry.engine: entry for entry in asyncio.run(list_voices(["broken", "kokoro"], setup))
    }
    assert "no_such_module" in listed["broken"].problem
    assert len(listed["kokoro"].voices) == 8
