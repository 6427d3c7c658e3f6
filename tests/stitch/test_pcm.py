"""Samples that come together: whole, in order, and measured on the way."""

import numpy as np
import pytest

from hy_audio.stitch.loudness import measure
from hy_audio.stitch.mp3 import Format
from hy_audio.stitch.pcm import Pcm

FORMS = [Format(), Format(48_000, 2, 128)]


def noise(form: Format, size: int, seed: int = 1) -> np.ndarray:
    samples = np.random.default_rng(seed).normal(0, 3000, (size, form.channels))
    return samples.astype("<i2")


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("room", [0, 10, 300_000])
def test_what_was_added_is_there_whether_or_not_there_was_room(form: Format, room: int) -> None:
    parts = [noise(form, size, size) for size in (7, 50_000, 1, 90_000)]
    pcm = Pcm(form, room)
    for part in parts:
        pcm.add(part.tobytes())
        pcm.silence(11)
    gap = np.zeros((11, form.channels), "<i2")
    expected = np.concatenate([each for part in parts for each in (part, gap)])
    assert len(pcm) == len(expected)
    np.testing.assert_array_equal(pcm.samples(), expected)
    assert pcm.loudness() == measure([expected], form.rate_hz)


def test_nothing_is_silent() -> None:
    pcm = Pcm(Format(), 0)
    assert len(pcm) == 0
    assert pcm.samples().shape == (0, 1)
    assert pcm.loudness() == float("-inf")
