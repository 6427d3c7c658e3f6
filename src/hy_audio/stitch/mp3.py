"""MPEG-1 Layer III frames: encoding, the Info frame, and the silent frame that ends an episode.

Sources: ISO/IEC 11172-3, 2.4.1.3 (header) and 2.4.1.7 (side information); the Xing header and the
LAME tag as `lame` 3.100 writes and libavformat reads them (VbrTag.c, mp3dec.c).
"""

from hashlib import sha256

import lameenc

from hy_audio.errors import MediaError

RATE_HZ = 48_000
"""Sample rate: at this rate a frame lasts exactly 24 ms and never needs a padding byte."""
KBPS = 96
"""Constant bit rate, mono."""
FRAME_SAMPLES = 1152
"""Samples in a frame of MPEG-1 Layer III."""
FRAME_MS = FRAME_SAMPLES * 1000 // RATE_HZ
"""24."""
FRAME_BYTES = FRAME_SAMPLES // 8 * KBPS * 1000 // RATE_HZ
"""288."""
ENCODER_DELAY = 576
"""Samples that LAME puts before the first: the Info frame tells players to skip them, and the 529
of the decoder after them."""
DECODER_DELAY = 529
"""Samples by which every Layer III decoder is late (the polyphase filter bank and one)."""

_HEADER = bytes((0xFF, 0xFB, 0x74, 0xC4))
_SIDE_INFO_BYTES = 17
_QUALITY = 2
_LAME_TAG_CRC_BYTES = 190

SILENT_FRAME = _HEADER + bytes(FRAME_BYTES - len(_HEADER))
"""A frame whose side information says that it holds nothing."""

FORMAT = f"mp3/{RATE_HZ}/{KBPS}/mono/q{_QUALITY}/1"
"""Names all that decides the bytes of a section besides its samples."""


def encode(pcm: bytes) -> bytes:
    """Encode a section with an encoder of its own, so that it needs no other section's bits.

    Args:
        pcm: mono samples at `RATE_HZ`, signed 16 bit little-endian; whole frames.

    Returns:
        One frame more than went in: the encoder's delay pushes the end into it.
    """
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_bit_rate(KBPS)
    encoder.set_quality(_QUALITY)
    data = bytes(encoder.encode(pcm)) + bytes(encoder.flush())
    expected = len(pcm) // 2 // FRAME_SAMPLES + 1
    if len(data) != expected * FRAME_BYTES:
        raise MediaError(f"the encoder made {len(data)} bytes where {expected} frames were due")
    return data


def info_frame(frames: int) -> bytes:
    """The frame before the first: how many follow, and how many samples to skip.

    With one `SILENT_FRAME` after the sections, what is left after skipping is exactly as long as
    the sections: the decoder's delay takes from that frame alone.

    Args:
        frames: all that follow, the silent one included.
    """
    padding = FRAME_SAMPLES - ENCODER_DELAY
    size = (frames + 1) * FRAME_BYTES
    toc = bytes(n * 256 // 100 for n in range(100))
    xing = b"Info" + _u32(0b1111) + _u32(frames) + _u32(size) + toc + _u32(0)
    lame = b"".join(
        (
            b"LAME3.100",
            bytes((0x01, 200)),  # tag revision 0, CBR; low pass in 100 Hz
            bytes(8),  # no replay gain
            bytes((0, KBPS)),
            (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
            bytes(4),
            _u32(size),
            bytes(2),  # no CRC of the music: it would have to be read again
        )
    )
    start = _HEADER + bytes(_SIDE_INFO_BYTES) + xing + lame
    checked = start.ljust(_LAME_TAG_CRC_BYTES, b"\0")[:_LAME_TAG_CRC_BYTES]
    return (start + _crc16(checked).to_bytes(2, "big")).ljust(FRAME_BYTES, b"\0")


def _u32(value: int) -> bytes:
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
