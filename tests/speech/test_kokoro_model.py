"""Devices, and a model and voices of the user's own."""

import asyncio
import gc
import io
import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import numpy as np
import onnx
import pytest
from conftest import SAMPLES, Run, build_with
from onnx import helper, numpy_helper

from hy_audio.episode import BegunVoice, keep_voice
from hy_audio.errors import EngineUnavailable, UnknownName
from hy_audio.script.model import Utterance
from hy_audio.speech.kokoro.alphabet import V1_0
from hy_audio.speech.kokoro.engine import KokoroEngine, style
from hy_audio.speech.kokoro.model import alphabet, digest, inputs, voices
from hy_audio.speech.kokoro.provider import KokoroProvider
from hy_audio.speech.kokoro.session import DEVICES, load, provider_name
from hy_audio.speech.kokoro.timing import FRAME
from hy_audio.speech.kokoro.weights import weights
from hy_audio.speech.model import Prosody, Setup

Make = Callable[..., Utterance]
TEXT = "雨停了，出门走走。"


def test_a_device_is_told_to_onnx_runtime_by_its_name() -> None:
    assert provider_name("cpu", ["CPUExecutionProvider"]) == "CPUExecutionProvider"
    assert provider_name("cuda", ["CUDAExecutionProvider", "CPU"]) == "CUDAExecutionProvider"


@pytest.mark.parametrize("device", sorted(set(DEVICES) - {"cpu"}))
def test_a_device_that_is_not_there_names_the_package_and_the_devices_that_are(device: str) -> None:
    with pytest.raises(EngineUnavailable) as raised:
        provider_name(device, ["CPUExecutionProvider", "AzureExecutionProvider"])
    assert f"can't use {device} here, only cpu; install {DEVICES[device][1]}" in str(raised.value)


def test_an_unknown_device_is_told_those_there_are() -> None:
    with pytest.raises(UnknownName, match="there are cpu, cuda, tensorrt"):
        provider_name("cudo", ["CPUExecutionProvider"])


def test_a_name_that_is_like_no_device_is_told_all_of_them() -> None:
    with pytest.raises(UnknownName, match="no device called 'xyz'; there are cpu, cuda, tensorrt"):
        provider_name("xyz", ["CPUExecutionProvider"])


@pytest.mark.parametrize("voice", ["auto", "kokoro"])
@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("gpu", "no device called 'gpu'; there are cpu, cuda, tensorrt"),
        ("directml", "can't use directml here, only cpu; install onnxruntime-directml"),
    ],
)
def test_a_build_with_a_device_that_is_not_there_is_one_line(
    run: Run, tmp_path: Path, voice: str, device: str, said: str
) -> None:
    page = SAMPLES / "river-park.txt"
    done = run("build", page, "-o", tmp_path, "--voice", voice, "--device", device)
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert said in line
    assert not list(tmp_path.iterdir())


def test_an_episode_keeps_the_embedded_voice_and_its_missing_device_is_told_before_it_speaks(
    run: Run, tmp_path: Path
) -> None:
    page = SAMPLES / "river-park.txt"
    slug = build_with(run, page, tmp_path, "--voice", "tone").folder.name
    keep_voice(tmp_path / slug, BegunVoice("kokoro", "zf_xiaoni"))
    done = run("build", page, "-o", tmp_path, "--device", "directml")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("can't use directml here, only cpu; install onnxruntime-directml")


def test_onnx_runtime_is_not_loaded_to_see_that_the_processor_is_there() -> None:
    code = (
        "import asyncio, pathlib, sys; from hy_audio.speech.model import Setup; "
        "from hy_audio.speech.kokoro.provider import KokoroProvider; "
        "door = KokoroProvider(Setup(pathlib.Path())); asyncio.run(door.ready()); door.open(); "
        "sys.exit('onnxruntime' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_engine_itself_refuses_a_device_that_is_not_there(cache: Path, utterance: Make) -> None:
    engine = KokoroEngine(cache / "hy-audio", device="directml")
    with pytest.raises(EngineUnavailable, match="onnxruntime-directml"):
        asyncio.run(engine.speak(utterance(TEXT), "zf_xiaoni", Prosody()))


def test_the_model_is_loaded_once_for_several_pages(cache: Path, utterance: Make) -> None:
    sessions = []
    for _ in range(3):
        engine = KokoroEngine(cache / "hy-audio")
        asyncio.run(engine.speak(utterance("好。"), "zf_xiaoni", Prosody()))
        sessions.append(engine._session)
        asyncio.run(engine.aclose())
    assert sessions[0] is sessions[1] is sessions[2]


def test_one_session_is_kept_at_most_and_none_of_a_file_that_was_changed(
    cache: Path, v11: Path
) -> None:
    model = v11 / "own.onnx"
    first = ref(load(cache, "cpu", model))
    assert load(cache, "cpu", model) is first()
    os.utime(model, ns=(0, 1))
    second = load(cache, "cpu", model)
    gc.collect()
    assert first() is None
    assert load(cache, "cpu", model) is second


def test_there_is_a_run_for_each_core(cache: Path) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert KokoroEngine(cache).concurrency == min(cores or 1, 8)


def test_two_at_a_time_sound_as_one_after_another(cache: Path, utterance: Make) -> None:
    engine = KokoroEngine(cache / "hy-audio")
    texts = [utterance(TEXT), utterance("河水退了。"), utterance("桥又通了。")]

    async def together() -> list[bytes]:
        spoken = await asyncio.gather(*(engine.speak(t, "zf_xiaoni", Prosody()) for t in texts))
        return [speech.audio for speech in spoken]

    alone = [asyncio.run(engine.speak(t, "zf_xiaoni", Prosody())).audio for t in texts]
    assert asyncio.run(together()) == alone


def test_each_token_has_the_sample_where_it_begins(cache: Path) -> None:
    engine = KokoroEngine(cache / "hy-audio")
    spoken = engine._run([50, 51, 52, 53], "zf_xiaoni", Prosody())
    assert len(spoken.starts) == 6
    assert spoken.starts[0] == 0
    assert list(spoken.starts) == sorted(spoken.starts)
    assert not any(start % FRAME for start in spoken.starts)
    assert spoken.starts[-1] < len(spoken.samples)


TYPES = {"input_ids": "tensor(int64)", "style": "tensor(float16)", "speed": "tensor(float)"}


def test_a_model_is_fed_by_the_names_and_types_it_has() -> None:
    fed = inputs(TYPES, "x").feed([5, 6], np.zeros((1, 256), np.float32), 1.5)
    assert {k: (v.dtype.name, v.shape) for k, v in fed.items()} == {
        "input_ids": ("int64", (1, 4)),
        "style": ("float16", (1, 256)),
        "speed": ("float32", (1,)),
    }
    assert fed["input_ids"].tolist() == [[0, 5, 6, 0]]


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"x": "tensor(float)"},
        TYPES | {"more": "tensor(float)"},
        TYPES | {"speed": "tensor(bool)"},
    ],
)
def test_inputs_that_are_not_kokoros_are_told_in_one_line(types: dict[str, str]) -> None:
    with pytest.raises(EngineUnavailable) as raised:
        inputs(types, "own.onnx")
    assert "own.onnx takes" in str(raised.value)
    assert "a Kokoro model takes tokens or input_ids, style and speed" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_users_own_file_of_the_same_model_sounds_the_same(
    cache: Path, tmp_path: Path, utterance: Make
) -> None:
    np.save(tmp_path / "mine.npy", style("zf_xiaoni"))
    home = cache / "hy-audio"
    own = KokoroEngine(home, model=weights(home), voices=tmp_path)
    embedded = KokoroEngine(home)
    spoken = asyncio.run(own.speak(utterance(TEXT), "mine", Prosody())).audio
    assert spoken == asyncio.run(embedded.speak(utterance(TEXT), "zf_xiaoni", Prosody())).audio
    assert own.fingerprint != embedded.fingerprint
    assert digest(weights(home))[:12] in own.fingerprint
    with pytest.raises(UnknownName, match="mine"):
        asyncio.run(own.speak(utterance(TEXT), "min", Prosody()))


def test_a_model_that_is_not_there_or_is_none_is_one_line(
    cache: Path, tmp_path: Path, utterance: Make
) -> None:
    with pytest.raises(EngineUnavailable, match=r"gone\.onnx can't be read"):
        _ = KokoroEngine(cache, model=tmp_path / "gone.onnx").fingerprint
    (tmp_path / "bad.onnx").write_bytes(b"not a model")
    engine = KokoroEngine(cache, model=tmp_path / "bad.onnx")
    with pytest.raises(EngineUnavailable, match=r"can't load .*bad\.onnx") as raised:
        asyncio.run(engine.speak(utterance(TEXT), "zf_xiaoni", Prosody()))
    assert "\n" not in str(raised.value)


def test_voices_may_be_files_in_a_folder_or_arrays_in_an_archive(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(510, 1, 256)).astype(np.float32)
    folder = tmp_path / "voices"
    folder.mkdir()
    np.save(folder / "one.npy", vectors)
    vectors.tofile(folder / "two.bin")
    with (tmp_path / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, one=vectors, two=vectors)
    for place in (folder, tmp_path / "voices-v1.0.bin"):
        found = voices(place)
        assert sorted(found) == ["one", "two"]
        for array in found.values():
            np.testing.assert_array_equal(array, vectors)


def test_voices_of_another_shape_or_none_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="can't be read"):
        voices(tmp_path / "gone.npz")
    with pytest.raises(EngineUnavailable, match="no voices in"):
        voices(tmp_path)
    np.save(tmp_path / "flat.npy", np.zeros((510, 256), np.float32))
    with pytest.raises(EngineUnavailable, match=r"flat .* shape \(510, 256\)"):
        voices(tmp_path)
    (tmp_path / "flat.npy").unlink()
    (tmp_path / "text.bin").write_bytes(b"hello")
    with pytest.raises(EngineUnavailable, match="can't be read"):
        voices(tmp_path)


ZHUYIN = (
    "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦㄧㄨㄩㄭ"
    "十月压言阳要阴应用又中穵外万王为文瓮我元云"
)
V11 = {c: n for n, c in enumerate(f"{ZHUYIN}12345R/ ,.;:!?“”()…ʤidpˈ", 10)}


@pytest.fixture
def v11(tmp_path: Path) -> Path:
    """A folder with a voice and a stand-in for the model: ten frames at the level of each token."""
    made = [
        helper.make_node("Cast", ["input_ids"], ["levels"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", ["levels", "speed"], ["played"]),
        helper.make_node("Reshape", ["played", "column"], ["rows"]),
        helper.make_node("ReduceSum", ["style"], ["none"], keepdims=0),
        helper.make_node("Add", ["frame", "none"], ["samples"]),
        helper.make_node("Mul", ["rows", "samples"], ["waveform"]),
    ]
    given = [
        helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("style", onnx.TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", onnx.TensorProto.FLOAT, [1]),
    ]
    constants = {"column": np.array([-1, 1]), "frame": np.full((1, 2400), 1e-3, np.float32)}
    graph = helper.make_graph(
        made,
        "stand-in",
        given,
        [helper.make_tensor_value_info("waveform", onnx.TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), tmp_path / "own.onnx")
    (tmp_path / "voices").mkdir()
    np.save(tmp_path / "voices/zf_001.npy", np.zeros((510, 1, 256), np.float32))
    return tmp_path


def heard(engine: KokoroEngine, said: Utterance) -> str:
    """The letters that the stand-in was given."""
    with wave.open(io.BytesIO(asyncio.run(engine.speak(said, "zf_001", Prosody())).audio)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    tokens = np.round(samples[720 + 1200 : -720 : 2400] / 32767 / 0.7 * 1000).astype(int)
    letters = {token: letter for letter, token in V11.items()}
    return "".join(letters[token] for token in tokens)


def provider(cache: Path, **settings: str) -> KokoroProvider:
    return KokoroProvider(Setup(cache, settings))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "mine.json"])
def test_kokoro_v11_speaks_zhuyin_with_the_vocabulary_that_comes_with_it(
    cache: Path, v11: Path, utterance: Make, name: str
) -> None:
    table = {"model": {"vocab": V11}} if name == "tokenizer.json" else {"vocab": V11}
    (v11 / name).write_text(json.dumps(table), "utf-8")
    settings = {"model": str(v11 / "own.onnx"), "voices": str(v11 / "voices")}
    if name == "mine.json":
        settings["vocabulary"] = str(v11 / name)
    door = provider(cache, **settings)
    asyncio.run(door.ready())
    assert door.default_voice == "zf_001"
    engine = door.open()
    assert isinstance(engine, KokoroEngine)
    assert heard(engine, utterance("水稻丰收，5G好。")) == "ㄕ为3ㄉㄠ4/ㄈㄥ1ㄕㄡ1, ㄨ3 ʤi ㄏㄠ3."


def test_another_vocabulary_is_another_fingerprint(cache: Path, v11: Path) -> None:
    (v11 / "config.json").write_text(json.dumps({"vocab": V11}), "utf-8")
    model, voices = v11 / "own.onnx", v11 / "voices"
    first = KokoroEngine(cache, model=model, voices=voices).fingerprint
    (v11 / "config.json").write_text(json.dumps({"vocab": V11 | {"ㄅ": 300}}), "utf-8")
    assert KokoroEngine(cache, model=model, voices=voices).fingerprint != first


def test_kokoro_v11_without_its_vocabulary_names_the_file_to_name(cache: Path, v11: Path) -> None:
    (v11 / "config.json").write_text('{"model_type": "style_text_to_speech_2"}', "utf-8")
    (v11 / "own.onnx").rename(v11 / "kokoro-v1.1-zh.onnx")
    model, voices = str(v11 / "kokoro-v1.1-zh.onnx"), str(v11 / "voices")
    advice = r"v1\.1-zh.*name its config\.json or tokenizer\.json as vocabulary"
    for settings in ({"model": model}, {"voices": voices}, {"model": model, "voices": voices}):
        with pytest.raises(EngineUnavailable, match=advice) as raised:
            asyncio.run(provider(cache, **settings).ready())
        assert "\n" not in str(raised.value)
        with pytest.raises(EngineUnavailable, match=advice):
            _ = provider(cache, **settings).open().fingerprint


@pytest.mark.parametrize("settings", [("model",), ("voices",), ()])
def test_files_of_v11_do_not_go_with_embedded_ones(
    cache: Path, v11: Path, settings: tuple[str, ...]
) -> None:
    paths = {"model": str(v11 / "own.onnx"), "voices": str(v11 / "voices")}
    (v11 / "mine.json").write_text(json.dumps({"vocab": V11}), "utf-8")
    chosen = {name: paths[name] for name in settings}
    with pytest.raises(EngineUnavailable, match=r"v1\.1-zh, the embedded .* v1\.0; name model"):
        asyncio.run(provider(cache, vocabulary=str(v11 / "mine.json"), **chosen).ready())


@pytest.mark.parametrize("text", ["", "[]", "{", '{"vocab": ["a"]}', '{"vocab": {"a": "b"}}'])
def test_a_vocabulary_that_is_none_is_one_line(cache: Path, v11: Path, text: str) -> None:
    path = v11 / "mine.json"
    path.write_text(text, "utf-8")
    door = provider(cache, model=str(v11 / "own.onnx"), vocabulary=str(path))
    with pytest.raises(EngineUnavailable, match=r"mine\.json can't be read") as raised:
        asyncio.run(door.ready())
    assert "\n" not in str(raised.value)


def test_the_alphabet_is_that_of_v10_where_nothing_else_is_said(v11: Path) -> None:
    assert alphabet(None, None, (), None) is V1_0
    assert alphabet(v11 / "own.onnx", None, (), None) is V1_0
