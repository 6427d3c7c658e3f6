"""The service's messages: what a client sends, taken apart; what it gets, put together."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from service.voice import Boundary

AUDIO_FORMAT = "audio-24khz-48kbitrate-mono-mp3"

_TOKEN = re.compile("[0-9A-F]{32}")
_CLIENT_PROOF = re.compile("([0-9A-F]{16}-)?[0-9A-F]{64}")
_CLIENT_VERSION = re.compile(r"\d+-\d+(\.\d+){3}")
_CONNECTION = re.compile("[0-9a-f]{32}")
_LONG_VOICE = re.compile(r"Microsoft Server Speech Text to Speech Voice \((.+), (\w+)\)")
_SPEAK = "{http://www.w3.org/2001/10/synthesis}"
_STREAM = "5D0B8E7C4A1F4D0E9B6C3A2F1E0D9C8B"


class BadRequest(Exception):
    """A client did not keep to the protocol; the text says where."""


@dataclass(frozen=True)
class Options:
    """What speech.config asks for."""

    words: bool
    sentences: bool


@dataclass(frozen=True)
class Ssml:
    """What is to be spoken, by whom, how fast."""

    request: str
    text: str
    voice: str
    rate: float


def check_query(query: Mapping[str, str], names: Sequence[str]) -> None:
    """What stands in the URL: the client's token and the proof that it is no other program."""
    shapes = dict(zip(names, (_TOKEN, _CLIENT_PROOF, _CLIENT_VERSION, _CONNECTION), strict=False))
    for name, shape in shapes.items():
        if not shape.fullmatch(query.get(name, "")):
            raise BadRequest(f"{name} is missing or of another shape")


def read_config(message: str) -> Options:
    """Read `speech.config`, the first message."""
    headers, body = _parts(message)
    if headers.get("Path") != "speech.config" or "X-Timestamp" not in headers:
        raise BadRequest("the first message is not speech.config")
    try:
        audio = json.loads(body)["context"]["synthesis"]["audio"]
        options = audio["metadataoptions"]
        if audio["outputFormat"] != AUDIO_FORMAT:
            raise BadRequest(f"no such format: {audio['outputFormat']}")
        words, sentences = (
            {"true": True, "false": False}[options[f"{kind}BoundaryEnabled"]]
            for kind in ("word", "sentence")
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest("speech.config can't be read") from error
    return Options(words, sentences)


def read_ssml(message: str) -> Ssml:
    """Read the second message. The text is what an XML parser makes of it."""
    headers, body = _parts(message)
    if headers.get("Path") != "ssml" or headers.get("Content-Type") != "application/ssml+xml":
        raise BadRequest("the second message is not ssml")
    try:
        [voice] = ElementTree.fromstring(body)
        [prosody] = voice
    except (ElementTree.ParseError, ValueError) as error:
        raise BadRequest("the SSML can't be read") from error
    if (voice.tag, prosody.tag) != (f"{_SPEAK}voice", f"{_SPEAK}prosody"):
        raise BadRequest("the SSML has other elements")
    name = _LONG_VOICE.sub(r"\1-\2", voice.attrib["name"])
    rate = 1 + int(prosody.attrib["rate"].removesuffix("%")) / 100
    return Ssml(headers["X-RequestId"], "".join(prosody.itertext()), name, rate)


def _parts(message: str) -> tuple[dict[str, str], str]:
    head, separator, body = message.partition("\r\n\r\n")
    if not separator:
        raise BadRequest("a message without an empty line")
    lines = (line.partition(":") for line in head.split("\r\n"))
    return {name: value for name, _, value in lines}, body


def text(request: str, path: str, body: object) -> str:
    """A message of text."""
    kind = "application/json; charset=utf-8"
    head = f"X-RequestId:{request}\r\nContent-Type:{kind}\r\nPath:{path}\r\n\r\n"
    return head + json.dumps(body, ensure_ascii=False)


def turn_start(request: str) -> str:
    """The first message of an answer."""
    return text(request, "turn.start", {"context": {"serviceTag": request}})


def response(request: str) -> str:
    """The second."""
    audio = {"type": "inline", "streamId": _STREAM}
    return text(request, "response", {"context": {"serviceTag": request}, "audio": audio})


def turn_end(request: str) -> str:
    """The last."""
    return text(request, "turn.end", {})


def metadata(request: str, kind: str, boundary: Boundary) -> str:
    """When a word or a sentence is heard. Its text is escaped as in XML."""
    said = {"Text": escape(boundary.text), "Length": len(boundary.text), "BoundaryType": kind}
    data = {"Offset": boundary.start, "Duration": boundary.length, "text": said}
    return text(request, "audio.metadata", {"Metadata": [{"Type": kind, "Data": data}]})


def audio(request: str, data: bytes) -> bytes:
    """A binary message: the length of the headers, the headers, a piece of the MP3.

    The last one has neither a type nor data.
    """
    kind = "Content-Type:audio/mpeg\r\n" if data else ""
    head = f"X-RequestId:{request}\r\n{kind}X-StreamId:{_STREAM}\r\nPath:audio\r\n".encode()
    return len(head).to_bytes(2, "big") + head + data


def answer(
    request: str, mp3: bytes, kind: str, boundaries: Sequence[Boundary], size: int = 720
) -> Iterator[str | bytes]:
    """A whole answer: the boundaries among the pieces of the audio that they belong to."""
    yield turn_start(request)
    yield response(request)
    pieces = [mp3[n : n + size] for n in range(0, len(mp3), size)]
    left = list(boundaries)
    for n, piece in enumerate(pieces, 1):
        while left and len(boundaries) - len(left) < n * len(boundaries) / len(pieces):
            yield metadata(request, kind, left.pop(0))
        yield audio(request, piece)
    for boundary in left:
        yield metadata(request, kind, boundary)
    yield audio(request, b"")
    yield turn_end(request)
