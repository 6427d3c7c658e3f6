"""The rewritten model sounds as the published one does, and is made and kept with care."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions
from test_kokoro import spectrum

from hy_audio.script.model import Utterance
from hy_audio.speech.kokoro import graph as kokoro_graph
from hy_audio.speech.kokoro import weights as kokoro_weights
from hy_audio.speech.kokoro.engine import style
from hy_audio.speech.kokoro.graph import rewrite
from hy_audio.speech.kokoro.phonemes import inputs, phonemes
from hy_audio.speech.kokoro.timing import FRAME
from hy_audio.speech.kokoro.weights import joined, rewritten, weights

Make = Callable[..., Utterance]
Feed = dict[str, NDArray[Any]]
TEXTS = ("湘江水涨，岸边的人往高处走。", "今天有雨！", "去年GDP增长百分之五，出口、投资都在回升。")
ROUNDED_DURATIONS = "/encoder/Gather_output_0"
"""Where the published graph has the frames of each token."""


def session(model: bytes | Path, threads: int = 1) -> InferenceSession:
    options = SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    file = model if isinstance(model, bytes) else str(model)
    return InferenceSession(file, options, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def published() -> InferenceSession:
    """The model as it is, telling its durations too."""
    model = onnx.load_from_string(joined())
    told = helper.make_tensor_value_info(ROUNDED_DURATIONS, onnx.TensorProto.INT64, ["tokens"])
    model.graph.output.append(told)
    return session(model.SerializeToString())


@pytest.fixture(scope="module")
def fast(cache: Path) -> Path:
    made = rewritten(cache / "hy-audio", "kokoro-test", joined)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def quick(fast: Path) -> InferenceSession:
    return session(fast)


def feed(utterance: Utterance, voice: str = "zf_xiaoxiao") -> Feed:
    (piece,) = inputs(phonemes(utterance.sentences[0]).units)
    tokens = piece.tokens
    return {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style(voice)[len(tokens)].astype(np.float32),
        "speed": np.ones(1, np.float32),
    }


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("voice", ["zf_xiaoxiao", "zm_yunjian"])
def test_it_sounds_as_before_but_for_what_rounding_does(
    published: InferenceSession, quick: InferenceSession, utterance: Make, text: str, voice: str
) -> None:
    """A nudge of a millionth is the yardstick, as in test_kokoro; there the length may change."""
    fed = feed(utterance(text), voice)
    sound, durations = published.run(None, fed)
    reference = spectrum(sound)
    loud = reference.max(1) > reference.max() - 40

    def moved_db(other: NDArray[np.float32]) -> float | None:
        if len(other) != len(sound):
            return None
        return float(np.abs(spectrum(other) - reference)[loud].mean())

    chance = np.random.default_rng(0)
    nudges = []
    for _ in range(4):
        part = chance.uniform(-1e-6, 1e-6, fed["style"].shape)
        nudged = {**fed, "style": (fed["style"] * (1 + part)).astype(np.float32)}
        nudges.append(moved_db(published.run(None, nudged)[0]))
    yardstick = max(n for n in nudges if n is not None)

    heard, told = quick.run(None, fed)
    np.testing.assert_array_equal(told, durations)
    moved = moved_db(heard)
    assert moved is not None
    assert moved <= 1.25 * yardstick


def test_the_durations_add_up_to_the_sound(quick: InferenceSession, utterance: Make) -> None:
    fed = feed(utterance(TEXTS[0]))
    sound, durations = quick.run(None, fed)
    assert durations.shape == fed["tokens"].shape[1:]
    assert durations.sum() * FRAME == len(sound)


def test_the_sound_does_not_depend_on_the_number_of_threads(
    fast: Path, quick: InferenceSession, utterance: Make
) -> None:
    fed = feed(utterance(TEXTS[0]))
    np.testing.assert_array_equal(session(fast, 2).run(None, fed)[0], quick.run(None, fed)[0])


def test_unsigned_weights_give_the_same_bits(
    quick: InferenceSession, utterance: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro_graph, "_ROOM", 0)
    unsigned = rewrite(joined())
    assert unsigned is not None
    fed = feed(utterance(TEXTS[1]))
    np.testing.assert_array_equal(session(unsigned).run(None, fed)[0], quick.run(None, fed)[0])


def test_all_but_a_few_products_have_signed_weights(fast: Path) -> None:
    graph = onnx.load(str(fast)).graph
    kinds = {i.name: i.data_type for i in graph.initializer}
    products = [n for n in graph.node if n.op_type == "MatMulIntegerToFloat"]
    signed = [n for n in products if kinds.get(n.input[1]) == onnx.TensorProto.INT8]
    assert len(products) - len(signed) <= 2


def test_no_integer_convolution_is_left(fast: Path) -> None:
    kinds = {node.op_type for node in onnx.load(str(fast)).graph.node}
    assert "ConvInteger" not in kinds
    assert {"MatMulIntegerToFloat", "BatchNormalization"} <= kinds


def convolution(
    taps: int, step: int, spread: int, *, biased: bool = True, largest: int = 255
) -> onnx.ModelProto:
    """As the quantiser of ONNX Runtime writes a convolution of (1, 6, time)."""
    chance = np.random.default_rng(taps)
    constants = {
        "w": chance.integers(0, largest, (4, 6, taps), np.uint8, endpoint=True),
        "wz": np.array(largest // 2, np.uint8),
        "ws": np.array(0.01, np.float32),
        "bias": chance.uniform(-1, 1, 4).astype(np.float32),
        "shape": np.array([1, -1, 1]),
    }
    pads = [spread * (taps // 2)] * 2
    make = helper.make_node
    shape: dict[str, Any] = {
        "kernel_shape": [taps],
        "strides": [step],
        "dilations": [spread],
        "pads": pads,
    }
    nodes = [
        make("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
        make("ConvInteger", ["q", "w", "z", "wz"], ["sum"], **shape),
        make("Mul", ["s", "ws"], ["scale"]),
        make("Div", ["bias", "scale"], ["steps"]),
        make("Floor", ["steps"], ["floor"]),
        make("Cast", ["floor"], ["whole"], to=onnx.TensorProto.INT32),
        make("Reshape", ["whole", "shape"], ["tall"]),
        make("Add", ["sum", "tall"], ["added"]),
        make("Cast", ["added" if biased else "sum"], ["cast"], to=onnx.TensorProto.FLOAT),
        make("Mul", ["cast", "scale"], ["y"]),
    ]
    info = helper.make_tensor_value_info
    x = info("x", onnx.TensorProto.FLOAT, [1, 6, None])
    y = info("y", onnx.TensorProto.FLOAT, None)
    kept = [numpy_helper.from_array(v, k) for k, v in constants.items()]
    graph = helper.make_graph(nodes, "one convolution", [x], [y], kept)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 9
    return model


@pytest.mark.parametrize("largest", [127, 255])
@pytest.mark.parametrize(
    ("taps", "step", "spread"), [(1, 1, 1), (3, 1, 1), (11, 1, 5), (3, 2, 1), (12, 6, 1)]
)
@pytest.mark.parametrize("biased", [True, False])
def test_a_convolution_becomes_a_product_of_the_same_value(
    taps: int, step: int, spread: int, biased: bool, largest: int
) -> None:
    old = convolution(taps, step, spread, biased=biased, largest=largest)
    x = np.random.default_rng(1).normal(size=(1, 6, 100)).astype(np.float32)
    assert_equal_values(old, x)


@pytest.mark.parametrize(
    ("weights", "signed"),
    [
        ((127, 0), True),
        ((64, 63), True),
        ((-64, -63), True),
        ((65, 64), False),
        ((127, 127), False),
    ],
)
def test_weights_are_signed_where_two_products_have_room_in_16_bits(
    weights: tuple[int, int], signed: bool
) -> None:
    old = convolution(1, 1, 1)
    matrix = np.resize(np.array(weights), 24).reshape(4, 6, 1) + 128
    replace(old, "w", matrix.astype(np.uint8))
    replace(old, "wz", np.array(128, np.uint8))
    new = assert_equal_values(old, np.ones((1, 6, 100), np.float32))
    assert any(i.data_type == onnx.TensorProto.INT8 for i in new.graph.initializer) == signed


def replace(model: onnx.ModelProto, name: str, value: NDArray[Any]) -> None:
    (constant,) = (i for i in model.graph.initializer if i.name == name)
    constant.CopyFrom(numpy_helper.from_array(value, name))


def assert_equal_values(old: onnx.ModelProto, x: NDArray[np.float32]) -> onnx.ModelProto:
    new = rewrite(old.SerializeToString())
    assert new is not None
    expected, found = (session(m).run(None, {"x": x})[0] for m in (old.SerializeToString(), new))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    return onnx.load_from_string(new)


def test_a_convolution_that_shares_its_input_with_another_kind_is_left_alone() -> None:
    """The other one has its weights' zero point for each channel."""
    old = convolution(3, 1, 1)
    zeros = numpy_helper.from_array(np.full(4, 117, np.uint8), "zeros")
    old.graph.initializer.append(zeros)
    make = helper.make_node
    (first,) = (n for n in old.graph.node if n.op_type == "ConvInteger")
    second = make("ConvInteger", ["q", "w", "z", "zeros"], ["sum 2"])
    second.attribute.extend(first.attribute)
    old.graph.node.extend(
        [
            second,
            make("Cast", ["sum 2"], ["cast 2"], to=onnx.TensorProto.FLOAT),
            make("Mul", ["cast 2", "scale"], ["y 2"]),
        ]
    )
    old.graph.output.append(helper.make_tensor_value_info("y 2", onnx.TensorProto.FLOAT, None))
    new = rewrite(old.SerializeToString())
    assert new is not None
    kinds = [node.op_type for node in onnx.load_from_string(new).graph.node]
    assert kinds.count("ConvInteger") == kinds.count("MatMulIntegerToFloat") == 1


def test_a_step_of_silence_before_a_signal_is_no_reflection() -> None:
    old = convolution(3, 1, 1)
    pads = numpy_helper.from_array(np.array([0, 0, 1, 0, 0, 0]), "pads")
    old.graph.initializer.append(pads)
    old.graph.node.append(helper.make_node("Pad", ["y", "pads"], ["later"]))
    old.graph.output[0].name = "later"
    assert_equal_values(old, np.random.default_rng(1).normal(size=(1, 6, 100)).astype(np.float32))


def test_a_model_that_lacks_what_a_rule_looks_for_is_left_alone() -> None:
    """Here the weights of the upsampling are the output of a node, no constant of the graph."""
    old = convolution(3, 1, 1)
    value = numpy_helper.from_array(np.ones((4, 2, 4), np.float32))
    make = helper.make_node
    old.graph.node.append(make("Constant", [], ["weights"], value=value))
    old.graph.node.append(
        make("ConvTranspose", ["y", "weights"], ["long"], group=1, strides=[2], pads=[1, 1])
    )
    old.graph.output[0].name = "long"
    assert rewrite(old.SerializeToString()) is None


def test_a_convolution_with_a_computed_scale_keeps_its_value() -> None:
    old = convolution(3, 1, 1)
    for node in old.graph.node:
        if list(node.output) == ["scale"]:
            node.input[1] = "root"
    old.graph.node.insert(0, helper.make_node("Sqrt", ["ws"], ["root"]))
    assert_equal_values(old, np.random.default_rng(1).normal(size=(1, 6, 100)).astype(np.float32))


def test_a_model_without_integer_convolutions_and_what_is_no_model_are_left_alone() -> None:
    plain = convolution(3, 1, 1)
    del plain.graph.node[1:]
    plain.graph.output[0].name = "s"
    assert rewrite(plain.SerializeToString()) is None
    assert rewrite(b"not a model") is None


def test_it_is_rewritten_once_and_again_when_damaged(tmp_path: Path) -> None:
    small: bytes = convolution(3, 1, 1).SerializeToString()
    reads = []

    def original() -> bytes:
        reads.append(1)
        return small

    path = rewritten(tmp_path, "small", original)
    assert path is not None
    whole = path.read_bytes()
    assert rewritten(tmp_path, "small", original) == path
    assert len(reads) == 1
    path.write_bytes(bytes(len(whole)))
    assert rewritten(tmp_path, "small", original) == path
    assert path.read_bytes() == whole
    path.with_suffix(".sha256").unlink()
    rewritten(tmp_path, "small", original)
    assert len(reads) == 3


def test_another_revision_of_the_rewriting_is_another_file_and_takes_the_place_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = convolution(3, 1, 1).SerializeToString()
    rewritten(tmp_path, "small", lambda: small)
    rewritten(tmp_path, "small-1", lambda: small)
    monkeypatch.setattr(kokoro_weights, "REVISION", 99)
    second = rewritten(tmp_path, "small", lambda: small)
    assert second == tmp_path / "models" / "small-r99.onnx"
    left = {path.name for path in (tmp_path / "models").glob("*.onnx")}
    assert left == {"small-r99.onnx", "small-1-r2.onnx"}


def test_the_published_file_is_kept_only_where_it_is_asked_for(tmp_path: Path) -> None:
    rewritten(tmp_path, "kokoro", joined)
    assert [p.name for p in (tmp_path / "models").glob("*.onnx")] == ["kokoro-r2.onnx"]
    assert weights(tmp_path).is_file()
