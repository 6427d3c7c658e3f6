from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_master import metered

from hy_audio.edition.assembly import Music, tunes
from hy_audio.errors import ConfigError, MediaError
from hy_audio.speech.model import Clip
from hy_audio.speech.wav import RATE_HZ, wav
from hy_audio.stitch import mp3, music
from hy_audio.stitch.edit import segment
from hy_audio.stitch.loudness import measure
from hy_audio.stitch.master import TARGET_LUFS, gain_for
from hy_audio.stitch.model import Line, Track, Tune
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.music import accompany
from hy_audio.stitch.section import Job, stitch

FORM = Format()
VOICE_HZ, TUNE_HZ = 300, 3000
TRACK = Track("题", "v", (Line("k", ("一",), (0,), 1, 500),))


def tone(frequency_hz: int, seconds: float, level: float) -> np.ndarray:
    at = np.arange(round(48_000 * seconds)) / 48_000
    return (level * np.sin(2 * np.pi * frequency_hz * at) * 32767).astype("i2")


def clip(frequency_hz: int, seconds: float, level: float) -> np.ndarray:
    """As an engine makes it."""
    at = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    return (level * np.sin(2 * np.pi * frequency_hz * at)).astype("f4")


@pytest.fixture
def tune(tmp_path: Path) -> Tune:
    """Six seconds of a high tone, very quiet: its level must not matter."""
    path = tmp_path / "tune.wav"
    path.write_bytes(wav(clip(TUNE_HZ, 6, 0.02)))
    return Tune(path, mp3.digest(path.read_bytes()))


def heard(track: Track, seconds: float = 8.0) -> tuple[np.ndarray, int]:
    """The accompanied voice, a low tone, and where in it the voice begins, in milliseconds."""
    voice = tone(VOICE_HZ, seconds, 0.2)
    gain_db = gain_for(measure([voice[:, None]], FORM.rate_hz))
    sound, later = accompany(segment(voice, FORM), track, FORM, gain_db)
    return np.frombuffer(sound.raw_data, "<i2").astype(float), later * 1000 // 48_000


def share(samples: np.ndarray, frequency_hz: int, from_ms: int, to_ms: int) -> float:
    """Level of a tone in a stretch, in dB beside the voice."""
    part = samples[from_ms * 48 : to_ms * 48]
    at = np.arange(len(part)) / 48_000
    amplitude = 2 * abs(np.mean(part * np.exp(-2j * np.pi * frequency_hz * at)))
    return float(20 * np.log10(max(amplitude, 1e-3) / (0.2 * 32767)) - music.ROOM_DB)


def test_the_opening_is_as_loud_as_the_voice_and_fades_out_under_its_first_words(
    tune: Tune,
) -> None:
    samples, later_ms = heard(replace(TRACK, opening=tune))
    assert later_ms == 6000 - music.OVERLAP_MS
    assert share(samples, VOICE_HZ, 0, later_ms) < -60
    full = share(samples, TUNE_HZ, 1000, 3000)
    assert full == pytest.approx(-6, abs=6)  # K-weighting makes high tones louder than they look
    assert share(samples, TUNE_HZ, later_ms + 1000, later_ms + 1400) < full - 8
    assert share(samples, TUNE_HZ, 6000, 8000) < -60
    assert share(samples, VOICE_HZ, 6000, 8000) == pytest.approx(0, abs=0.5)


def test_the_closing_begins_in_the_last_pause_and_is_heard_to_its_end(tune: Tune) -> None:
    samples, later_ms = heard(replace(TRACK, closing=tune))
    assert later_ms == 0
    begin_ms = 8000 - music.EARLY_MS
    assert len(samples) / 48 == pytest.approx(begin_ms + 6000 + music.FADE_MS, abs=2)
    assert share(samples, TUNE_HZ, 0, begin_ms) < -60
    assert share(samples, TUNE_HZ, begin_ms + 1000, begin_ms + 4000) > -12
    assert abs(samples[-48:]).max() < 10


def test_the_bed_is_low_under_the_words_and_as_long_as_they_are(tune: Tune) -> None:
    samples, later_ms = heard(replace(TRACK, bed=tune), seconds=20)
    assert later_ms == music.ALONE_MS
    alone = share(samples, TUNE_HZ, 500, later_ms - music.DUCKING_MS)
    under = share(samples, TUNE_HZ, later_ms + 500, later_ms + 4000)
    late = share(samples, TUNE_HZ, later_ms + 14_500, later_ms + 17_500)
    assert under - alone == pytest.approx(music.DUCK_DB, abs=0.5)
    assert under - alone < -12
    assert late == pytest.approx(under, abs=0.5)
    assert abs(samples[:48]).max() < 200
    assert abs(samples[-48:]).max() < 200


def test_a_short_bed_is_heard_again_and_again_to_the_end(tune: Tune) -> None:
    samples, later_ms = heard(replace(TRACK, bed=tune), seconds=60)
    levels = [share(samples, TUNE_HZ, ms, ms + 900) for ms in range(later_ms + 1000, 58_000, 1000)]
    assert min(levels) > max(levels) - 4


def test_the_silent_ends_of_music_are_left_out(tmp_path: Path) -> None:
    quiet = np.zeros(RATE_HZ * 4, "f4")
    path = tmp_path / "quiet.wav"
    path.write_bytes(wav(np.concatenate([quiet, clip(TUNE_HZ, 6, 0.2), quiet])))
    samples, later_ms = heard(replace(TRACK, opening=Tune(path, "quiet")))
    assert later_ms == pytest.approx(6000 - music.OVERLAP_MS, abs=100)
    assert share(samples, TUNE_HZ, 400, 1000) > -12


def test_music_with_high_peaks_is_not_clipped_before_it_is_limited(tmp_path: Path) -> None:
    hits = clip(TUNE_HZ, 6, 0.08)
    for at in (1, 2, 3):
        hits[at * RATE_HZ : at * RATE_HZ + 120] = clip(200, 120 / RATE_HZ, 0.9)
    path = tmp_path / "drum.wav"
    path.write_bytes(wav(hits))
    loud = TARGET_LUFS - measure([(hits * 32767).astype("i2")[:, None]], RATE_HZ)
    assert 20 * np.log10(0.9) + loud > 0  # raised at once to its loudness, it would clip
    samples, later_ms = heard(replace(TRACK, opening=Tune(path, "drum")))
    alone = np.abs(samples[: later_ms * 48])
    assert np.count_nonzero(alone == alone.max()) < 5  # no flat top


def test_music_without_a_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tune.wav"
    path.write_bytes(wav(clip(TUNE_HZ, 0.001, 0.2)))
    with pytest.raises(MediaError, match=r"tune\.wav has 1 ms of sound"):
        heard(replace(TRACK, bed=Tune(path, "0" * 64)))


def test_a_file_that_is_no_music_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tune.mp3"
    path.write_text("no music")
    with pytest.raises(MediaError, match=r"tune\.mp3 can't be decoded .*; correct \[music\]"):
        heard(replace(TRACK, bed=Tune(path, "0" * 64)))


def test_the_mark_is_short_long_short_short_in_its_own_time() -> None:
    samples, later_ms = heard(replace(TRACK, rhythm=True))
    dot = 48 * music.DOT_MS
    loud = np.abs(samples[: later_ms * 48]) > 200
    filled = np.convolve(loud, np.ones(200), "same") > 0
    edges = np.flatnonzero(np.diff(filled.astype(int)))
    lengths = np.rint(np.diff(edges) / dot).astype(int)
    assert list(lengths) == [1, 1, 3, 3, 1, 1, 1]  # tone, gap, tone, …


def test_a_section_with_music_is_mastered_with_it_and_its_words_are_where_it_says(
    tune: Tune, tmp_path: Path
) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(wav(clip(VOICE_HZ, 4, 0.2)))
    spoken = Clip("k", path, "", 4000, (), ())
    track = replace(TRACK, rhythm=True, opening=tune, bed=tune, closing=tune)
    (made,) = stitch([Job(track, (spoken,), tmp_path / "01.mp3")], FORM)
    at_ms = made.placed[0].start_ms
    assert at_ms > 6000
    assert metered(made.path.read_bytes()).integrated_lufs == pytest.approx(TARGET_LUFS, abs=0.5)


def test_music_that_is_not_there_is_an_error_before_anything_is_spoken(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.mp3 can't be read"):
        tunes(Music(opening=tmp_path / "gone.mp3"))
