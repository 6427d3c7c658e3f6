import subprocess
from pathlib import Path

import numpy as np
import pytest

from hy_audio.errors import ConfigError, MediaError
from hy_audio.sound import decode_mp3
from hy_audio.stitch.mp3 import FRAME_SAMPLES, KBPS, RATES_HZ, Format, _crc16, encode, info_frame

USUAL = Format()
FORMATS = (USUAL, Format(44_100, 1, 64), Format(44_100, 2, 128), Format(48_000, 2, 192))


def tone(frames: int, form: Format = USUAL, frequency_hz: float = 440.0) -> bytes:
    t = np.arange(frames * FRAME_SAMPLES) / form.rate_hz
    sine = (np.sin(2 * np.pi * frequency_hz * t) * 8000).astype("<i2")
    return np.repeat(sine, form.channels).tobytes()


def encoded(pcm: list[bytes], form: Format = USUAL) -> bytes:
    return b"".join(encode(pcm, form))


def framed(data: bytes, form: Format = USUAL) -> bytes:
    """As an episode is, without its tag."""
    size = len(data) + form.frame_bytes
    return info_frame(form.count(data) + 1, size, form) + data + form.silent_frame


def decode(path: Path) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return np.frombuffer(done.stdout, "<i2")


def test_a_frame_is_exactly_24_ms_and_288_bytes() -> None:
    assert USUAL.ms(FRAME_SAMPLES) == 24
    assert USUAL.ms(1000 * FRAME_SAMPLES) == 24_000
    assert USUAL.frame_bytes == 288


@pytest.mark.parametrize("form", FORMATS, ids=str)
@pytest.mark.parametrize("frames", [1, 2, 10, 333])
def test_encoding_makes_one_frame_more_than_went_in(frames: int, form: Format) -> None:
    assert form.count(encoded([tone(frames, form)], form)) == frames + 1


def test_it_makes_no_difference_in_which_blocks_the_samples_come() -> None:
    pcm = tone(50)
    blocks = [pcm[n : n + 10_000] for n in range(0, len(pcm), 10_000)]
    assert encoded(blocks, USUAL) == encoded([pcm], USUAL)


def test_every_section_begins_with_an_empty_bit_reservoir() -> None:
    data = encoded([tone(50)], USUAL)
    main_data_begin = data[4] << 1 | data[5] >> 7  # nine bits after the header
    assert main_data_begin == 0


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_the_info_frame_and_the_silent_frame_make_the_decoded_length_exact(
    tmp_path: Path, form: Format
) -> None:
    data = encoded([tone(100, form)], form)
    path = tmp_path / "episode.mp3"
    path.write_bytes(framed(data, form))
    assert len(decode(path)) == form.count(data) * FRAME_SAMPLES * form.channels


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_the_info_frame_tells_how_many_bytes_and_frames_there_are(form: Format) -> None:
    data = framed(encoded([tone(100, form)], form), form)
    at = data.index(b"Info")
    frames, size = (int.from_bytes(data[at + n : at + n + 4], "big") for n in (8, 12))
    assert frames == form.count(data) - 1
    assert size == len(data)
    assert form.frames(len(data)) == frames + 1


def test_the_first_sample_that_is_heard_is_the_first_that_was_encoded(tmp_path: Path) -> None:
    pcm = np.zeros(60 * FRAME_SAMPLES, "<i2")
    click_at = 20_000
    pcm[click_at : click_at + 24] = 20_000
    path = tmp_path / "episode.mp3"
    path.write_bytes(framed(encoded([pcm.tobytes()], USUAL)))
    heard = int(np.argmax(np.abs(decode(path)))) - click_at
    assert 0 <= heard < 24


def test_joined_sections_sound_as_they_do_alone(tmp_path: Path) -> None:
    sections = [encoded([quiet_ends(tone(40, USUAL, f))], USUAL) for f in (440.0, 620.0)]
    together = tmp_path / "joined.mp3"
    together.write_bytes(framed(b"".join(sections)))
    whole = decode(together)
    begin = 0
    for section in sections:
        count = USUAL.count(section)
        alone = tmp_path / "alone.mp3"
        alone.write_bytes(framed(section))
        np.testing.assert_allclose(
            whole[begin : begin + count * FRAME_SAMPLES].astype(int),
            decode(alone).astype(int),
            atol=2,
        )
        begin += count * FRAME_SAMPLES


def quiet_ends(pcm: bytes) -> bytes:
    samples = np.frombuffer(pcm, "<i2").copy()
    samples[: 4 * FRAME_SAMPLES] = 0
    samples[-4 * FRAME_SAMPLES :] = 0
    return samples.tobytes()


def test_the_lame_tag_has_a_true_checksum() -> None:
    """CRC-16/ARC of "123456789" is BB3D, by the catalogue of parametrised CRC algorithms."""
    assert _crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_the_checksum_of_the_lame_tag_covers_all_before_it(form: Format) -> None:
    frame = info_frame(10, 3000, form)
    at = frame.index(b"LAME3.100") + 34
    assert int.from_bytes(frame[at : at + 2], "big") == _crc16(frame[:at])


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ((22_050, 1, 64), "22050 Hz"),
        ((48_000, 3, 128), "3 channels"),
        ((48_000, 1, 100), "mono MP3 can't be made at 100 kbps; take one of 64, 80"),
        ((48_000, 2, 64), "stereo MP3 can't be made at 64 kbps; take one of 96"),
        ((44_100, 1, 320), "320 kbps"),
    ],
)
def test_what_does_not_go_together_is_a_config_error(
    form: tuple[int, int, int], problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        Format(*form)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("channels", KBPS)
def test_the_encoder_scales_every_sample_as_it_is_said_to(rate_hz: int, channels: int) -> None:
    """Whoever wants a level after decoding has to know."""
    for kbps in KBPS[channels]:
        form = Format(rate_hz, channels, kbps)
        pcm = tone(60, form, 1000.0)
        blocks = list(decode_mp3(encode([pcm], form)))
        heard = np.concatenate(blocks)[10_000:50_000]
        was = np.frombuffer(pcm, "<i2") / 32768
        scale = np.sqrt(np.mean(np.square(heard)) / np.mean(np.square(was)))
        assert scale == pytest.approx(form.scale, abs=0.001)


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_frames_are_counted_and_damage_is_told_by_its_place(form: Format) -> None:
    data = encoded([tone(20, form)], form)
    assert form.count(data) == 21
    with pytest.raises(MediaError, match="frame 20 is cut off"):
        form.count(data[:-1])
    broken = data[: form.frame_bytes * 5] + b"x" + data[form.frame_bytes * 5 :]
    with pytest.raises(MediaError, match="does not begin where it should"):
        form.count(broken)


@pytest.mark.parametrize("size", [1, 100, 288, 1_000])
def test_frames_are_decoded_however_they_are_cut_and_nothing_is_between_the_pieces(
    size: int,
) -> None:
    data = encoded([tone(50)])
    whole = np.concatenate(list(decode_mp3([data])))
    pieces = [piece for n in range(0, len(data), size) for piece in (data[n : n + size], b"")]
    cut = np.concatenate(list(decode_mp3(pieces)))
    assert len(cut) == 51 * FRAME_SAMPLES
    np.testing.assert_array_equal(cut, whole)
