"""The episode in other formats, from the frames of its sections, through the same timeline.

Sources: the `covr` atom of MP4 as libavformat writes it; METADATA_BLOCK_PICTURE and CHAPTERxxx of
the Ogg comment conventions (xiph.org; RFC 9639, section 8.8, for the picture).
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from hy_audio.errors import MediaError
from hy_audio.sound import LAYOUTS, decode_mp3
from hy_audio.stitch.model import Chapter, Tags
from hy_audio.stitch.mp3 import DECODER_DELAY, ENCODER_DELAY, Format, u32
from hy_audio.stitch.mux import LANGUAGE, attach, marked, named, printable
from hy_audio.stitch.transcript import clock

_BLOCK = 48_000


@dataclass(frozen=True, slots=True)
class Container:
    """A format besides MP3."""

    muxer: str
    """As libavformat calls it."""
    options: Mapping[str, str]
    """For it."""
    codec: str
    """As libavcodec calls it."""
    rates_hz: tuple[int, ...]
    """Sample rates that it takes; the first where the MP3's is not among them."""
    label: str
    """Name of the tag for the AIGC object."""

    @property
    def is_ogg(self) -> bool:
        """Whether chapters and cover are comments; libavformat would round seconds up in them."""
        return self.muxer == "ogg"


CONTAINERS = {
    "m4b": Container("mp4", {"brand": "M4B "}, "aac", (48_000, 44_100), "comment"),
    "opus": Container("ogg", {}, "libopus", (48_000,), "AIGC"),
}
"""By name, which is the suffix too."""


def write(
    path: Path, sections: Sequence[Path], chapters: Sequence[Chapter], tags: Tags, form: Format
) -> None:
    """Write an episode as what its suffix says.

    The sound is what a player hears of the MP3, at the same bit rate: a section that is taken over
    from an older episode has no other.

    Raises:
        MediaError: a section can't be decoded, or the cover not be used.
        OSError: it can't be written.
    """
    container = CONTAINERS[path.suffix[1:]]
    rate_hz = form.rate_hz if form.rate_hz in container.rates_hz else container.rates_hz[0]
    try:
        options = {"fflags": "+bitexact", **container.options}
        with av.open(str(path), "w", format=container.muxer, options=options) as file:
            file.metadata.update(_tags(container, tags))
            if container.is_ogg:
                file.metadata.update(_commented(chapters))
            else:
                file.set_chapters(marked(chapters))
            stream: Any = file.add_stream(container.codec, rate=rate_hz)
            stream.codec_context.layout = LAYOUTS[form.channels]
            stream.metadata["language"] = LANGUAGE
            stream.codec_context.bit_rate = form.kbps * 1000
            if tags.cover and not container.is_ogg:
                attach(file, tags.cover)
            for frame in _frames(sections, form, rate_hz):
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
    except (FFmpegError, ValueError) as error:
        raise MediaError(f"{path.name} can't be made ({error})") from error


def _tags(container: Container, tags: Tags) -> dict[str, str]:
    texts = named(tags)
    if tags.label:
        texts[container.label] = tags.label
    if tags.text and not container.is_ogg:
        texts["lyrics"] = tags.text
    if tags.cover and container.is_ogg:
        texts["METADATA_BLOCK_PICTURE"] = _picture(tags.cover)
    return texts


def _commented(chapters: Sequence[Chapter]) -> Iterator[tuple[str, str]]:
    """Chapters as comments."""
    for n, chapter in enumerate(chapters):
        yield f"CHAPTER{n:03}", clock(chapter.start_ms)
        yield f"CHAPTER{n:03}NAME", printable(chapter.title)


def _picture(cover: Path) -> str:
    """A cover as FLAC has it, in base 64."""
    data = cover.read_bytes()
    kind = b"image/png" if data.startswith(b"\x89PNG") else b"image/jpeg"
    with av.open(str(cover), "r") as picture:
        video = picture.streams.video[0]
        size = (video.width, video.height, 24, 0)
    front = 3
    parts = (u32(front), u32(len(kind)), kind, u32(0), *map(u32, size), u32(len(data)), data)
    return b64encode(b"".join(parts)).decode()


def _frames(sections: Sequence[Path], form: Format, rate_hz: int) -> Iterator[av.AudioFrame]:
    """What a player hears of the sections, in frames for an encoder."""
    resampler = av.AudioResampler(format="flt", layout=LAYOUTS[form.channels], rate=rate_hz)
    now = 0
    for block in _heard(sections, form):
        samples = np.ascontiguousarray(block.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(samples, format="flt", layout=LAYOUTS[form.channels])
        frame.sample_rate, frame.pts = form.rate_hz, now
        frame.time_base = Fraction(1, form.rate_hz)
        now += frame.samples
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _heard(sections: Sequence[Path], form: Format) -> Iterator[np.ndarray[Any, Any]]:
    """Decoded blocks without the delay of coding, as long as the sections together."""
    late = ENCODER_DELAY + DECODER_DELAY
    held = np.zeros((0, form.channels), np.float32)
    for section in sections:
        for block in decode_mp3([section.read_bytes()]):
            held = np.concatenate([held, block])
            skipped = min(late, len(held))
            held, late = held[skipped:], late - skipped
            if len(held) >= _BLOCK:
                yield held
                held = held[:0]
    padding = np.zeros((ENCODER_DELAY + DECODER_DELAY, form.channels), np.float32)
    yield np.concatenate([held, padding])
