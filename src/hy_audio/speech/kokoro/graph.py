"""The int8 model rewritten for speed. It computes the same integers, so it sounds the same.

The published graph keeps its signals as (1, channels, time) and convolves them with `ConvInteger`,
which ONNX Runtime runs at a quarter of what the processor can do. Here the signals of the vocoder
lie as rows, (time, channels), and a convolution is one product with a constant matrix. The figures
are in docs/benchmarks.md.

A graph is translated node by node, in order. The rules of `_RULES` look at a node and what it is
made from; the first that knows it writes the shorter way. What no rule knows is copied, and what
nothing needs any more is dropped.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import helper, numpy_helper

DURATIONS = "durations"
"""Name of the output that is added: frames of each token, int64 of shape (tokens,)."""

Array = NDArray[Any]
_ROOM = 127
"""The most that two neighbouring weights may be together."""
_POINTWISE = frozenset({"Add", "Sub", "Mul", "Div", "LeakyRelu", "Tanh", "Sigmoid", "Exp"})


class _Translation:
    """The old graph, and the new one as far as it has been written."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.makers = {name: node for node in graph.node for name in node.output}
        self.convolved = {n.input[0] for n in graph.node if self.is_plain(n)}
        self.there = {i.name for i in graph.input} | set(self.constants)
        self.rows: dict[str, str] = {}
        self.nodes: list[onnx.NodeProto] = []
        self._known: dict[Any, Any] = {}

    def is_plain(self, node: onnx.NodeProto) -> bool:
        """Whether a node convolves in time with constant weights, unsigned bytes of one scale."""
        if node.op_type != "ConvInteger" or len(node.input) != 4 or attribute(node, "group", 1) > 1:
            return False
        if not all(attribute(node, name) for name in ("strides", "dilations", "pads")):
            return False
        weights, zero = (self.constants.get(node.input[n]) for n in (1, 3))
        if weights is None or zero is None:
            return False
        return weights.ndim == 3 and weights.dtype == np.uint8 and zero.size == 1

    def emit(
        self, kind: str, *inputs: str, out: str = "", domain: str = "", **attributes: Any
    ) -> str:
        """Write a node; return the name of its (first) output."""
        return self.emit_many(kind, inputs, [out or self._name()], domain, **attributes)[0]

    def emit_many(
        self, kind: str, inputs: Sequence[str], out: Sequence[str], domain: str = "", **more: Any
    ) -> Sequence[str]:
        """Write a node of several outputs."""
        self.nodes.append(helper.make_node(kind, inputs, out, domain=domain, **more))
        self.there |= set(out)
        return out

    def constant(self, value: Array) -> str:
        """Name of a constant; equal ones are kept once."""
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self._known:
            self._known[key] = self._name()
            self.constants[self._known[key]] = value
        return str(self._known[key])

    def once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """What `make` writes, written once for each key."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def maker(self, name: str, *kinds: str) -> onnx.NodeProto | None:
        """The old node that makes a tensor, if it is of one of these kinds."""
        node = self.makers.get(name)
        return node if node is not None and node.op_type in kinds else None

    def as_rows(self, name: str) -> str:
        """A tensor (1, channels, time) as rows (time, channels)."""
        if name not in self.rows:
            if name in self.constants:
                value = self.constants[name]
                self.rows[name] = self.constant(value[0].T) if value.ndim == 3 else name
            else:
                flat = self.emit("Squeeze", self.as_channels(name), self.ints(0))
                self.rows[name] = self.emit("Transpose", flat, perm=[1, 0])
        return self.rows[name]

    def as_channels(self, name: str) -> str:
        """A tensor as the old graph has it."""
        if name and name not in self.there:
            flat = self.emit("Transpose", self.rows[name], perm=[1, 0])
            self.emit("Unsqueeze", flat, self.ints(0), out=name)
        return name

    def as_vector(self, name: str) -> str:
        """A value for each channel, (1, channels, 1), as (channels,)."""
        if name in self.constants:
            return self.constant(self.constants[name].reshape(-1))
        self.as_channels(name)
        return str(self.once(("vector", name), lambda: self.emit("Reshape", name, self.ints(-1))))

    def ints(self, *values: int) -> str:
        """A constant of whole numbers."""
        return self.constant(np.array(values, np.int64))

    def _name(self) -> str:
        return f"rewritten/{len(self._known)}/{len(self.nodes)}"


def attribute(node: onnx.NodeProto, name: str, default: Any = None) -> Any:
    """An attribute's value."""
    found = [helper.get_attribute_value(a) for a in node.attribute if a.name == name]
    return found[0] if found else default


def _convolution(new: _Translation, node: onnx.NodeProto) -> bool:
    """ConvInteger, its bias, Cast and Mul: one product of rows with a constant matrix."""
    cast = new.maker(node.input[0], "Cast") if node.op_type == "Mul" else None
    added = cast and new.maker(cast.input[0], "Add", "ConvInteger")
    if cast is None or added is None:
        return False
    conv = added if added.op_type == "ConvInteger" else new.maker(added.input[0], "ConvInteger")
    if conv is None or not new.is_plain(conv) or conv.input[0] not in new.rows:
        return False
    scales = [i for i in new.makers[node.input[1]].input if i in new.constants]
    if not scales:
        return False
    _, scale, zero = new.makers[conv.input[0]].output
    weights = new.constants[conv.input[1]]
    matrix = weights.transpose(2, 1, 0).reshape(-1, len(weights))
    matrix, weights_zero = _centred(matrix, new.constants[conv.input[3]])
    inputs = [_looked_at(new, conv, weights.shape[2]), new.constant(matrix), scale]
    inputs += [scales[0], zero, new.constant(weights_zero)]
    if added is not conv:
        inputs.append(_bias(new, added.input[1], node.input[1]))
    new.rows[node.output[0]] = new.emit("MatMulIntegerToFloat", *inputs, domain="com.microsoft")
    return True


def _centred(matrix: Array, zero: Array) -> tuple[Array, Array]:
    """A matrix and its zero point: as signed bytes about 0 where these are sure to be exact.

    Unsigned by signed bytes are multiplied at nearly twice the speed. But processors before
    AVX-512 VNNI and AVX-VNNI add two neighbouring products in 16 bits (VPMADDUBSW), which have room
    for 255 · 127 of either sign. The published weights use seven bits, so hardly any two are too
    much; where all eight are used, the matrix stays as it is.
    """
    centred = matrix.astype(np.int16) - zero
    above, below = np.maximum(centred, 0), np.maximum(-centred, 0)
    most = max((half[:-1] + half[1:]).max(initial=half.max()) for half in (above, below))
    if most <= _ROOM:
        return centred.astype(np.int8), np.zeros_like(zero, np.int8)
    return np.ascontiguousarray(matrix), np.asarray(zero)


def _quantization(new: _Translation, node: onnx.NodeProto) -> bool:
    """What a convolution reads is made bytes as rows; scale and zero point are the same."""
    if node.op_type != "DynamicQuantizeLinear" or node.output[0] not in new.convolved:
        return False
    out = [f"{node.output[0]}/rows", *node.output[1:]]
    new.rows[node.output[0]], *_ = new.emit_many(node.op_type, [new.as_rows(node.input[0])], out)
    return True


def _bias(new: _Translation, reshaped: str, scale: str) -> str:
    """The bias as the old graph rounds it: whole steps of the product's scale."""
    name = reshaped
    while node := new.maker(name, "Reshape", "Cast"):
        name = node.input[0]
    return new.emit("Mul", name, scale)


def _looked_at(new: _Translation, conv: onnx.NodeProto, taps: int) -> str:
    rows, zero = new.rows[conv.input[0]], conv.input[2]
    (step,), (spread,) = attribute(conv, "strides"), attribute(conv, "dilations")
    before, after = attribute(conv, "pads")
    if taps == step == 1:
        return rows
    padded = new.emit("Pad", rows, new.ints(before, 0, after, 0), zero)
    return _windows(new, padded, taps, step, spread)


def _windows(new: _Translation, rows: str, taps: int, step: int, spread: int) -> str:
    """For each step the rows that are looked at, side by side: (steps, taps · channels).

    A row is copied whole, so this costs little beside the product.
    """
    length = new.emit("Shape", rows, start=0, end=1)
    end = new.emit("Squeeze", new.emit("Sub", length, new.ints(spread * (taps - 1))))
    starts = new.emit("Range", new.constant(np.array(0)), end, new.constant(np.array(step)))
    column = new.emit("Unsqueeze", starts, new.ints(1))
    places = new.emit("Add", column, new.constant(np.arange(taps)[None] * spread))
    return new.emit("Flatten", new.emit("Gather", rows, places, axis=0), axis=1)


def _norm(new: _Translation, node: onnx.NodeProto) -> bool:
    """Instance normalisation and the style's gain and offset: one multiply-add."""
    found = _find_norm(new, node)
    if found is None or found[0] not in new.rows:
        return False
    x, gain, offset, epsilon = found
    mean, variance = _statistics(new, x)
    vectors = new.as_vector(gain), new.as_vector(offset), mean, variance
    new.rows[node.output[0]] = new.emit(
        "BatchNormalization", new.as_rows(x), *vectors, epsilon=epsilon
    )
    return True


def _find_norm(new: _Translation, node: onnx.NodeProto) -> tuple[str, str, str, float] | None:
    """The signal, gain, offset and epsilon of a normalisation that ends in this Add."""
    if node.op_type != "Add":
        return None
    for scaled, offset in (node.input, node.input[::-1]):
        product = new.maker(scaled, "Mul")
        if product is None:
            continue
        for gain, normal in (product.input, product.input[::-1]):
            divided = new.maker(normal, "Div")
            root = divided and new.maker(divided.input[1], "Sqrt")
            centred = divided and new.maker(divided.input[0], "Sub")
            if centred and root and new.maker(centred.input[1], "ReduceMean"):
                epsilon = new.constants[new.makers[root.input[0]].input[1]]
                return centred.input[0], gain, offset, float(epsilon)
    return None


def _statistics(new: _Translation, name: str) -> tuple[str, str]:
    """Mean and variance of each channel, (channels,)."""

    def make() -> tuple[str, str]:
        rows = new.as_rows(name)
        mean = new.emit("ReduceMean", rows, new.ints(0), keepdims=0)
        centred = new.emit("Sub", rows, mean)
        square = new.emit("Mul", centred, centred)
        return mean, new.emit("ReduceMean", square, new.ints(0), keepdims=0)

    found: tuple[str, str] = new.once(("statistics", name), make)
    return found


def _snake(new: _Translation, node: onnx.NodeProto) -> bool:
    """Snake, y + sin²(αy)/α, after a normalisation: (z + sin²z)/α, where α joins the gain of z."""
    product = new.maker(node.input[1], "Mul") if node.op_type == "Add" else None
    power = product and new.maker(product.input[1], "Pow")
    sine = power and new.maker(power.input[0], "Sin")
    scaled = sine and new.maker(sine.input[0], "Mul")
    found = _find_norm(new, new.makers[node.input[0]]) if scaled else None
    if scaled is None or product is None or found is None:
        return False
    x, gain, offset, epsilon = found
    alpha = new.as_vector(scaled.input[0])
    mean, variance = _statistics(new, x)
    gain, offset = (new.emit("Mul", new.as_vector(v), alpha) for v in (gain, offset))
    z = new.emit(
        "BatchNormalization", new.as_rows(x), gain, offset, mean, variance, epsilon=epsilon
    )
    wave = new.emit("Sin", z)
    total = new.emit("Add", z, new.emit("Mul", wave, wave))
    new.rows[node.output[0]] = new.emit("Mul", total, new.as_vector(product.input[0]))
    return True


def _upsampling(new: _Translation, node: onnx.NodeProto) -> bool:
    """ConvTranspose whose kernel is two steps long: a product of each two neighbouring rows."""
    if node.op_type != "ConvTranspose" or attribute(node, "group") != 1:
        return False
    weights = new.constants[node.input[1]]
    (step,), pads = attribute(node, "strides"), attribute(node, "pads")
    if weights.shape[2] != 2 * step or len(node.input) < 3 or pads != [step // 2] * 2:
        return False
    rows = new.as_rows(node.input[0])
    now = new.emit("Pad", rows, new.ints(0, 0, 1, 0))
    before = new.emit("Pad", rows, new.ints(1, 0, 0, 0))
    pairs = new.emit("Concat", now, before, axis=1)
    halves = weights.transpose(0, 2, 1).reshape(len(weights), 2, -1)
    matrix = np.ascontiguousarray(np.concatenate([halves[:, 0], halves[:, 1]]))
    wide = new.emit("MatMul", pairs, new.constant(matrix))
    long = new.emit("Reshape", wide, new.ints(-1, weights.shape[1]))
    cut = new.emit("Slice", long, new.ints(pads[0]), new.ints(-pads[1]), new.ints(0))
    new.rows[node.output[0]] = new.emit("Add", cut, node.input[2])
    return True


def _reflection(new: _Translation, node: onnx.NodeProto) -> bool:
    """One step reflected at the start."""
    reflects = node.op_type == "Pad" and attribute(node, "mode") == b"reflect"
    if not reflects or node.input[0] not in new.rows:
        return False
    pads = new.constants.get(node.input[1])
    if pads is None or pads.tolist() != [0, 0, 1, 0, 0, 0]:
        return False
    rows = new.rows[node.input[0]]
    first = new.emit("Slice", rows, new.ints(1), new.ints(2), new.ints(0))
    new.rows[node.output[0]] = new.emit("Concat", first, rows, axis=0)
    return True


def _pointwise(new: _Translation, node: onnx.NodeProto) -> bool:
    """What treats each value by itself, or joins channels, is done on rows if it reads rows."""
    joins = node.op_type == "Concat" and attribute(node, "axis") == 1
    if not (joins or node.op_type in _POINTWISE) or not any(i in new.rows for i in node.input):
        return False
    inputs = [new.as_rows(i) for i in node.input]
    copy = helper.make_node(node.op_type, inputs, [f"{node.output[0]}/rows"])
    copy.attribute.extend(node.attribute)
    new.nodes.append(copy)
    new.rows[node.output[0]] = copy.output[0]
    return True


def _copy(new: _Translation, node: onnx.NodeProto) -> bool:
    """What no other rule knows stays as it is."""
    for name in node.input:
        new.as_channels(name)
    new.nodes.append(node)
    new.there |= set(node.output)
    return True


_RULES: tuple[Callable[[_Translation, onnx.NodeProto], bool], ...] = (
    _quantization,
    _convolution,
    _snake,
    _norm,
    _upsampling,
    _reflection,
    _pointwise,
    _copy,
)


def rewrite(model: bytes) -> bytes | None:
    """Rewrite a model.

    Args:
        model: an ONNX file.

    Returns:
        The new file, or None if it is no model, there is no int8 convolution in it, or it is built
        in another way than the published one.
    """
    try:
        old = onnx.load_from_string(model)
    except DecodeError:
        return None
    if not any(node.op_type == "ConvInteger" for node in old.graph.node):
        return None
    new = _Translation(old.graph)
    try:
        for node in old.graph.node:
            next(rule for rule in _RULES if rule(new, node))
    except LookupError:  # it lacks what a rule looks for
        return None
    outputs = [*old.graph.output, *_durations(new)]
    for output in outputs:
        new.as_channels(output.name)
    return _file(old, _needed(new.nodes, [o.name for o in outputs]), outputs, new.constants)


def _durations(new: _Translation) -> Iterator[onnx.ValueInfoProto]:
    """The frames of each token, which the model rounds and clips, as an output."""
    for node in list(new.makers.values()):
        clipped = new.maker(node.input[0], "Clip") if node.op_type == "Cast" else None
        if clipped and new.maker(clipped.input[0], "Round"):
            new.emit("Reshape", node.output[0], new.ints(-1), out=DURATIONS)
            yield helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.INT64, ["tokens"])
            return


def _file(
    old: onnx.ModelProto,
    nodes: Sequence[onnx.NodeProto],
    outputs: Sequence[onnx.ValueInfoProto],
    constants: dict[str, Array],
) -> bytes:
    used = {name for node in nodes for name in node.input}
    kept = [numpy_helper.from_array(v, k) for k, v in constants.items() if k in used]
    graph = helper.make_graph(nodes, old.graph.name, old.graph.input, outputs, kept)
    model = helper.make_model(graph, opset_imports=old.opset_import)
    model.ir_version = old.ir_version
    data: bytes = model.SerializeToString()
    return data


def _needed(nodes: Iterable[onnx.NodeProto], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """The nodes that the outputs are made from, in order."""
    wanted = set(outputs)
    kept = []
    for node in reversed([*nodes]):
        if wanted & set(node.output):
            kept.append(node)
            wanted |= set(node.input)
    return kept[::-1]
