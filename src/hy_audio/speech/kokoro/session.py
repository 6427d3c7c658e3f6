"""ONNX Runtime: the device, the file to load, and the session."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from hy_audio.errors import EngineUnavailable, UnknownName
from hy_audio.speech.kokoro import model as own
from hy_audio.speech.kokoro.weights import SHA256, joined, rewritten, weights

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Session: TypeAlias = "InferenceSession"
"""A model that is loaded."""

DEVICES = {
    "cpu": ("CPUExecutionProvider", "onnxruntime"),
    "cuda": ("CUDAExecutionProvider", "onnxruntime-gpu"),
    "tensorrt": ("TensorrtExecutionProvider", "onnxruntime-gpu"),
    "rocm": ("ROCMExecutionProvider", "onnxruntime-rocm"),
    "migraphx": ("MIGraphXExecutionProvider", "onnxruntime-migraphx"),
    "coreml": ("CoreMLExecutionProvider", "onnxruntime on macOS"),
    "directml": ("DmlExecutionProvider", "onnxruntime-directml"),
    "openvino": ("OpenVINOExecutionProvider", "onnxruntime-openvino"),
    "qnn": ("QNNExecutionProvider", "onnxruntime-qnn"),
}
"""What ONNX Runtime calls a device, and the package that brings it."""


def load(cache: Path, device: str, model: Path | None) -> Session:
    """Load a model: rewritten for the processor, as it is for other devices.

    On the processor a run keeps to one thread; several may run at a time. The session that was
    loaded last is kept, so that a build of several pages loads the model once.

    Args:
        cache: folder for things that can be made again.
        device: one of `DEVICES`.
        model: the user's own ONNX file; None for the embedded one.

    Raises:
        UnknownName: there is no such device.
        EngineUnavailable: the device or the model can't be used here.
    """
    changed_ns = model.stat().st_mtime_ns if model and model.is_file() else 0
    return _load(cache, device, model, changed_ns)


@lru_cache(maxsize=1)
def _load(cache: Path, device: str, model: Path | None, changed_ns: int) -> Session:
    """Load it; a file that was changed since is another one."""
    onnxruntime = _onnxruntime()
    provider = provider_name(device, onnxruntime.get_available_providers())
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    if device == "cpu":
        options.intra_op_num_threads = 1
        path = for_processor(cache, model)
    else:
        path = model or weights(cache)
    try:
        session: Session = onnxruntime.InferenceSession(str(path), options, providers=[provider])
    except Exception as error:
        problem = f"ONNX Runtime can't load {path} ({str(error).splitlines()[0]})"
        advice = "name an ONNX file of Kokoro" if model else "empty the cache"
        raise EngineUnavailable("kokoro", problem, advice=advice) from error
    return session


def for_processor(cache: Path, model: Path | None) -> Path:
    """The rewritten file; the original where there is nothing to rewrite."""
    if model is None:
        name, original = f"kokoro-v1.0-int8-{SHA256[:8]}", joined
    else:
        name, original = f"own-{own.digest(model)[:16]}", model.read_bytes
    return rewritten(cache, name, original) or model or weights(cache)


def check_name(device: str) -> None:
    """Raise UnknownName if it is no name of a device."""
    if device not in DEVICES:
        raise UnknownName("device", device, DEVICES, f"there are {', '.join(DEVICES)}")


def check_device(device: str) -> None:
    """See whether a device can be used; for the processor, ONNX Runtime is not even loaded.

    Raises:
        UnknownName: there is no such device.
        EngineUnavailable: the installed ONNX Runtime can't use it.
    """
    if device != "cpu":
        provider_name(device, _onnxruntime().get_available_providers())


def provider_name(device: str, there: Sequence[str]) -> str:
    """What ONNX Runtime calls a device.

    Raises:
        UnknownName: there is no such device.
        EngineUnavailable: the installed ONNX Runtime can't use it.
    """
    check_name(device)
    name, package = DEVICES[device]
    if name in there:
        return name
    known = ", ".join(d for d, (provider, _) in DEVICES.items() if provider in there)
    problem = f"ONNX Runtime can't use {device} here, only {known}"
    raise EngineUnavailable("kokoro", problem, advice=f"install {package}")


def _onnxruntime() -> Any:
    """The library: 60 MB, so it is loaded only to speak, or to be asked for a device."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # or it reports to its maker that it was started
    import onnxruntime

    return onnxruntime
