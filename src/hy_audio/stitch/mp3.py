"""MPEG-1 Layer III frames: encoding, the Info frame, and the silent frame that ends an episode.

Sources: ISO/IEC 11172-3, 2.4.1.3 (header) and 2.4.1.7 (side information); the Xing header and the
LAME tag as `lame` 3.100 writes and libavformat reads them (VbrTag.c, mp3dec.c).
"""

import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TypeAlias

import lameenc

from hy_audio.errors import ConfigError, MediaError

Buffer: TypeAlias = bytes | bytearray | mmap.mmap
"""Bytes, in memory or in a file."""

FRAME_SAMPLES = 1152
"""Samples of each channel in a frame of MPEG-1 Layer III."""
ENCODER_DELAY = 576
"""Samples that LAME puts before the first: the Info frame tells players to skip them, and the 529
of the decoder after them."""
DECODER_DELAY = 529
"""Samples by which every Layer III decoder is late (the polyphase filter bank and one)."""

RATES_HZ = (44_100, 48_000)
"""Sample rates that can be asked for; their index in this tuple is that of the header."""
KBPS = {1: (64, 80, 96, 112, 128, 160, 192), 2: (96, 112, 128, 160, 192)}
"""Bit rates for each number of channels: below 96, two channels sound worse than one."""

_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MODE = {1: 0b11, 2: 0b01}
_SIDE_INFO_BYTES = {1: 17, 2: 32}
_QUALITY = 5
_SCALE = {192: 0.97}
_USUAL_SCALE = 0.95


@dataclass(frozen=True, slots=True)
class Format:
    """What an MP3 of constant bit rate is like.

    Raises:
        ConfigError: rate, channels and bit rate don't go together.
    """

    rate_hz: int = 48_000
    """Sample rate. At 48 kHz a frame lasts exactly 24 ms and never needs a padding byte."""
    channels: int = 1
    """1 or 2."""
    kbps: int = 96
    """Bit rate."""

    def __post_init__(self) -> None:
        if self.rate_hz not in RATES_HZ:
            raise ConfigError(f"{self.rate_hz} Hz can't be used; take 48000 or 44100")
        if self.channels not in KBPS:
            raise ConfigError(f"{self.channels} channels can't be used; take 1 or 2")
        if self.kbps not in KBPS[self.channels]:
            rates = ", ".join(map(str, KBPS[self.channels]))
            kind = "mono" if self.channels == 1 else "stereo"
            raise ConfigError(f"{kind} MP3 can't be made at {self.kbps} kbps; take one of {rates}")

    def __str__(self) -> str:
        return f"mp3/{self.rate_hz}/{self.kbps}/{self.channels}/q{_QUALITY}"

    @property
    def frame_bytes(self) -> int:
        """Size of a frame without a padding byte."""
        return FRAME_SAMPLES // 8 * self.kbps * 1000 // self.rate_hz

    @property
    def header(self) -> bytes:
        """The header of such a frame."""
        rate = _BIT_RATES.index(self.kbps) << 4 | RATES_HZ.index(self.rate_hz) << 2
        return bytes((0xFF, 0xFB, rate, _MODE[self.channels] << 6 | 0b100))

    @property
    def silent_frame(self) -> bytes:
        """A frame whose side information says that it holds nothing."""
        return self.header.ljust(self.frame_bytes, b"\0")

    @property
    def scale(self) -> float:
        """What LAME multiplies every sample by before it encodes it, whatever one asks for."""
        return _SCALE.get(self.kbps, _USUAL_SCALE)

    def samples(self, ms: int) -> int:
        """Samples of a channel in so many milliseconds."""
        return ms * self.rate_hz // 1000

    def ms(self, samples: int) -> int:
        """The nearest whole number of milliseconds to so many samples of a channel."""
        return (samples * 1000 + self.rate_hz // 2) // self.rate_hz

    def frames(self, size: int) -> int:
        """How many frames so many bytes are; padding bytes are spread evenly over them."""
        return round(size * self.rate_hz * 8 / (FRAME_SAMPLES * self.kbps * 1000))

    def count(self, frames: Buffer) -> int:
        """How many frames these are.

        Raises:
            MediaError: they are not one such frame after another.
        """
        return sum(1 for _ in self._ends(frames, 0))

    def extent(self, data: Buffer, start: int, frames: int) -> int:
        """Where so many frames end that begin at `start`.

        Raises:
            MediaError: there are not so many.
        """
        end = next(islice(self._ends(data, start), frames - 1, None), None)
        if end is None:
            raise MediaError("there are fewer frames than there should be")
        return end

    def _ends(self, data: Buffer, at: int) -> Iterator[int]:
        """Where each frame ends, from a place on."""
        first, third, size, found = self.header[:2], self.header[2], len(data), 0
        while at < size:
            if data[at : at + 2] != first or (at + 2 < size and data[at + 2] & ~2 != third):
                raise MediaError(f"frame {found} does not begin where it should, at byte {at}")
            at += self.frame_bytes + (data[at + 2] >> 1 & 1 if at + 2 < size else 0)
            if at > size:
                raise MediaError(f"frame {found} is cut off")
            yield at
            found += 1


def encode(pcm: Iterable[bytes], form: Format) -> Iterator[bytes]:
    """Encode a section with an encoder of its own, so that it needs no other section's bits.

    Args:
        pcm: blocks of samples, signed 16 bit little-endian, channels interleaved; whole frames
            together. They come out `scale` times as loud.
        form: what to make.

    Yields:
        The frames in pieces. There is one more than went in: the encoder's delay pushes the end
        into it.
    """
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(form.rate_hz)
    encoder.set_out_sample_rate(form.rate_hz)
    encoder.set_channels(form.channels)
    encoder.set_bit_rate(form.kbps)
    encoder.set_quality(_QUALITY)
    for block in pcm:
        yield bytes(encoder.encode(block))
    yield bytes(encoder.flush())


def info_frame(frames: int, size: int, form: Format) -> bytes:
    """The frame before the first: how many follow, and how many samples to skip.

    With one silent frame after the sections, what is left after skipping is exactly as long as
    the sections: the decoder's delay takes from that frame alone.

    Args:
        frames: all that follow, the silent one included.
        size: their bytes.
        form: what they are like.
    """
    padding = FRAME_SAMPLES - ENCODER_DELAY
    size += form.frame_bytes
    toc = bytes(n * 256 // 100 for n in range(100))
    xing = b"Info" + u32(0b1111) + u32(frames) + u32(size) + toc + u32(0)
    lame = b"".join(
        (
            b"LAME3.100",
            bytes((0x01, 200)),  # tag revision 0, CBR; low pass in 100 Hz
            bytes(8),  # no replay gain
            bytes((0, form.kbps)),
            (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
            bytes(4),
            u32(size),
            bytes(2),  # no CRC of the music: it would have to be read again
        )
    )
    start = form.header + bytes(_SIDE_INFO_BYTES[form.channels]) + xing + lame
    return (start + _crc16(start).to_bytes(2, "big")).ljust(form.frame_bytes, b"\0")


def u32(value: int) -> bytes:
    """A number as four bytes, the highest first."""
    return value.to_bytes(4, "big")


def _crc16(data: bytes) -> int:
    """CRC-16/ARC: polynomial 0x8005 reflected, no initial value."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(data).hexdigest()
