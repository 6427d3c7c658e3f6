import subprocess
from pathlib import Path

import numpy as np
import pytest

from hy_audio.errors import MediaError
from hy_audio.stitch import mp3


def tone(frames: int, frequency_hz: float = 440.0) -> bytes:
    t = np.arange(frames * mp3.FRAME_SAMPLES) / mp3.RATE_HZ
    return (np.sin(2 * np.pi * frequency_hz * t) * 8000).astype("<i2").tobytes()


def decode(path: Path) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return np.frombuffer(done.stdout, "<i2")


def test_a_frame_is_exactly_24_ms_and_288_bytes() -> None:
    assert (mp3.FRAME_MS, mp3.FRAME_BYTES) == (24, 288)
    assert mp3.FRAME_SAMPLES * 1000 == mp3.FRAME_MS * mp3.RATE_HZ


@pytest.mark.parametrize("frames", [1, 2, 10, 333])
def test_encoding_makes_one_frame_more_than_went_in(frames: int) -> None:
    data = mp3.encode(tone(frames))
    assert len(data) == (frames + 1) * mp3.FRAME_BYTES


def test_every_section_begins_with_an_empty_bit_reservoir() -> None:
    data = mp3.encode(tone(50))
    main_data_begin = data[4] << 1 | data[5] >> 7  # nine bits after the header
    assert main_data_begin == 0


def test_encoding_half_a_frame_is_refused() -> None:
    with pytest.raises(MediaError):
        mp3.encode(tone(3)[:-100])


def test_the_info_frame_and_the_silent_frame_make_the_decoded_length_exact(tmp_path: Path) -> None:
    data = mp3.encode(tone(100))
    frames = len(data) // mp3.FRAME_BYTES
    path = tmp_path / "episode.mp3"
    path.write_bytes(mp3.info_frame(frames + 1) + data + mp3.SILENT_FRAME)
    assert len(decode(path)) == frames * mp3.FRAME_SAMPLES


def test_the_first_sample_that_is_heard_is_the_first_that_was_encoded(tmp_path: Path) -> None:
    pcm = np.zeros(60 * mp3.FRAME_SAMPLES, "<i2")
    click_at = 20_000
    pcm[click_at : click_at + 24] = 20_000
    data = mp3.encode(pcm.tobytes())
    path = tmp_path / "episode.mp3"
    frames = len(data) // mp3.FRAME_BYTES + 1
    path.write_bytes(mp3.info_frame(frames) + data + mp3.SILENT_FRAME)
    heard = int(np.argmax(np.abs(decode(path)))) - click_at
    assert 0 <= heard < 24


def test_joined_sections_sound_as_they_do_alone(tmp_path: Path) -> None:
    sections = [mp3.encode(quiet_ends(tone(40, f))) for f in (440.0, 620.0)]
    together = tmp_path / "joined.mp3"
    frames = sum(map(len, sections)) // mp3.FRAME_BYTES + 1
    together.write_bytes(mp3.info_frame(frames) + b"".join(sections) + mp3.SILENT_FRAME)
    whole = decode(together)
    begin = 0
    for section in sections:
        count = len(section) // mp3.FRAME_BYTES
        alone = tmp_path / "alone.mp3"
        alone.write_bytes(mp3.info_frame(count + 1) + section + mp3.SILENT_FRAME)
        np.testing.assert_allclose(
            whole[begin : begin + count * mp3.FRAME_SAMPLES].astype(int),
            decode(alone).astype(int),
            atol=2,
        )
        begin += count * mp3.FRAME_SAMPLES


def quiet_ends(pcm: bytes) -> bytes:
    samples = np.frombuffer(pcm, "<i2").copy()
    samples[: 4 * mp3.FRAME_SAMPLES] = 0
    samples[-4 * mp3.FRAME_SAMPLES :] = 0
    return samples.tobytes()


def test_the_lame_tag_has_a_true_checksum() -> None:
    """CRC-16/ARC of "123456789" is BB3D, by the catalogue of parametrised CRC algorithms."""
    assert mp3._crc16(b"123456789") == 0xBB3D
