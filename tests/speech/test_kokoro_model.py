"""Devices, and a model and voices of the user's own."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hy_audio.errors import EngineUnavailable, UnknownName
from hy_audio.script.model import Utterance
from hy_audio.speech.kokoro.engine import DEVICES, KokoroEngine, _provider, style
from hy_audio.speech.kokoro.model import digest, inputs, voices
from hy_audio.speech.kokoro.timing import FRAME
from hy_audio.speech.kokoro.weights import weights
from hy_audio.speech.model import Prosody

Make = Callable[..., Utterance]
TEXT = "雨停了，出门走走。"


def test_a_device_is_told_to_onnx_runtime_by_its_name() -> None:
    assert _provider("cpu", ["CPUExecutionProvider"]) == "CPUExecutionProvider"
    assert _provider("cuda", ["CUDAExecutionProvider", "CPU"]) == "CUDAExecutionProvider"


@pytest.mark.parametrize("device", sorted(set(DEVICES) - {"cpu"}))
def test_a_device_that_is_not_there_names_the_package_and_the_devices_that_are(device: str) -> None:
    with pytest.raises(EngineUnavailable) as raised:
        _provider(device, ["CPUExecutionProvider", "AzureExecutionProvider"])
    assert f"can't use {device} here, only cpu; install {DEVICES[device][1]}" in str(raised.value)


def test_an_unknown_device_is_told_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean cuda"):
        _provider("cudo", ["CPUExecutionProvider"])


def test_the_engine_itself_refuses_a_device_that_is_not_there(cache: Path, utterance: Make) -> None:
    engine = KokoroEngine(cache / "hy-audio", device="directml")
    with pytest.raises(EngineUnavailable, match="onnxruntime-directml"):
        asyncio.run(engine.speak(utterance(TEXT), "zf_xiaoni", Prosody()))


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


def test_kokoro_v11_is_recognised_and_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "zf_001.npy", np.zeros((510, 1, 256), np.float32))
    with pytest.raises(EngineUnavailable, match=r"v1\.1-zh.*use a model and voices of v1\.0"):
        voices(tmp_path)
    with pytest.raises(EngineUnavailable, match=r"v1\.1-zh"):
        digest(tmp_path / "kokoro-v1.1-zh.onnx")
