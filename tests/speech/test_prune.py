"""The cache is looked at and pruned; what is no clip of ours is never touched."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import SAMPLES, Run
from hypothesis import given
from hypothesis import strategies as st

from hy_audio.errors import ConfigError
from hy_audio.speech.prune import File, age_of, doomed, look, prune, size_of
from hy_audio.speech.store import ClipStore, Recording
from hy_audio.summary import ago, size

NOW = 1_800_000_000.0
DAY = 86_400.0
KEY = "ab" * 32


# What may go


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500MB", 500_000_000),
        ("2GB", 2_000_000_000),
        ("1.5GiB", 1_610_612_736),
        (" 10 kb ", 10_000),
        ("1kib", 1024),
        ("0B", 0),
        ("1TB", 10**12),
    ],
)
def test_sizes(text: str, number: int) -> None:
    assert size_of(text) == number


@pytest.mark.parametrize(
    ("text", "seconds"), [("12h", 43_200), ("30d", 30 * DAY), ("8W", 56 * DAY), ("0.5d", DAY / 2)]
)
def test_ages(text: str, seconds: float) -> None:
    assert age_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "2", "GB", "-1GB", "2 G", "2GBs", "1e9B", "nanB", "２GB", "3d"]
)
def test_what_is_no_size_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match="500MB"):
        size_of(text)


@pytest.mark.parametrize("text", ["", "30", "-2d", "5m", "2GB", "infd", "1 d d"])
def test_what_is_no_age_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match="30d"):
        age_of(text)


def files(*pairs: tuple[int, float]) -> list[File]:
    return [File(Path(f"{n:03}"), count, NOW - age) for n, (count, age) in enumerate(pairs)]


def names(going: tuple[File, ...]) -> list[str]:
    return [file.path.name for file in going]


def test_clips_go_in_the_order_of_their_last_use_until_the_rest_fits() -> None:
    clips = files((10, 1), (10, 5), (10, 3), (10, 9))
    assert names(doomed(clips, NOW, 20, None)) == ["003", "001"]
    assert names(doomed(clips, NOW, 19, None)) == ["003", "001", "002"]
    assert names(doomed(clips, NOW, 40, None)) == []
    assert names(doomed(clips, NOW, 0, None)) == ["003", "001", "002", "000"]


def test_clips_go_that_were_not_used_for_longer_than_the_age() -> None:
    clips = files((10, 1), (10, 5), (10, 3), (10, -7))
    assert names(doomed(clips, NOW, None, 3)) == ["001"]
    assert names(doomed(clips, NOW, 10, 3)) == ["001", "002", "000"]
    assert names(doomed(clips, NOW, None, None)) == []


@given(
    st.lists(st.tuples(st.integers(0, 50), st.floats(-9, 99)), max_size=12),
    st.none() | st.integers(0, 300),
    st.none() | st.floats(0, 99),
)
def test_the_limits_are_kept_and_nothing_goes_without_need(
    pairs: list[tuple[int, float]], most: int | None, age: float | None
) -> None:
    clips = files(*pairs)
    going = doomed(clips, NOW, most, age)
    staying = [clip for clip in clips if clip not in going]
    total = sum(clip.size for clip in staying)
    assert most is None or total <= most
    assert age is None or all(NOW - clip.used_s <= age for clip in staying)
    if going and staying:
        assert max(c.used_s for c in going) <= min(c.used_s for c in staying)
    if going and (age is None or NOW - going[-1].used_s <= age):
        assert most is not None
        assert total + going[-1].size > most


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (2_550_000, "2.5 MB"), (3 * 10**12, "3.0 TB")],
)
def test_sizes_for_people(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0 min"), (59, "0 min"), (3599, "59 min"), (2 * DAY, "2 d")]
)
def test_ages_for_people(seconds: float, text: str) -> None:
    assert ago(seconds) == text


# Files


def lay(path: Path, count: int, age_s: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(count))
    os.utime(path, (NOW - age_s, NOW - age_s))
    return path


@pytest.fixture
def stray(tmp_path: Path) -> list[Path]:
    """Files in a cache that look a little like clips, each of them a month old."""
    clips = tmp_path / "clips"
    strays = [
        lay(clips / "notes.txt", 9, 30 * DAY),
        lay(clips / "ab/mine.clip", 9, 30 * DAY),
        lay(clips / f"cd/{KEY}.clip", 9, 30 * DAY),
        lay(clips / f"ab/{KEY}.clip.bak", 9, 30 * DAY),
        lay(clips / f"abc/{KEY}.clip", 9, 30 * DAY),
        lay(clips / f"{KEY}.clip", 9, 30 * DAY),
        lay(clips / "ab/.hidden", 9, 30 * DAY),
        lay(tmp_path / "models/ab" / f"{KEY}.clip", 9, 30 * DAY),
        lay(tmp_path / "elsewhere" / f"ee{KEY[2:]}.clip", 9, 30 * DAY),
    ]
    (clips / "ee").symlink_to(tmp_path / "elsewhere")
    (clips / f"ab/ab{'cd' * 31}.clip").symlink_to(strays[0])
    (clips / f"ab/ab{'ef' * 31}.clip").mkdir()
    return strays


def test_what_is_no_clip_of_ours_stays(tmp_path: Path, stray: list[Path]) -> None:
    clip = lay(tmp_path / f"clips/ab/{KEY}.clip", 100, 40 * DAY)
    pruned = prune(tmp_path, NOW, most_bytes=0, most_age_s=0)
    assert (pruned.removed.count, pruned.removed.size) == (1, 100)
    assert (pruned.left.count, pruned.left.size) == (0, 0)
    assert not clip.exists()
    assert all(path.exists() for path in stray)
    assert (tmp_path / "clips/ee").is_symlink()


def test_files_that_a_killed_process_left_go_when_they_are_a_day_old(tmp_path: Path) -> None:
    name = f".{KEY[:48]}"
    old = lay(tmp_path / "clips/ab" / f"{name}.0123456789ab", 7, DAY + 1)
    young = lay(tmp_path / "clips/ab" / f"{name}.ba9876543210", 7, DAY - 1)
    clip = lay(tmp_path / f"clips/ab/{KEY}.clip", 100, 2 * DAY)
    assert [h.name for h in look(tmp_path, NOW)] == ["clips", "left over"]
    pruned = prune(tmp_path, NOW, most_bytes=1000)
    assert pruned.left_over.count == 1
    assert not old.exists()
    assert young.exists()
    assert clip.exists()


@pytest.mark.parametrize("place", ["models/kokoro-v1.0-int8-r2.onnx", "voices/edge.json"])
def test_a_model_or_a_list_that_was_never_finished_goes_when_it_is_a_day_old(
    tmp_path: Path, place: str
) -> None:
    whole = lay(tmp_path / place, 100, 40 * DAY)
    old, young, other = (
        lay(whole.with_name(f".{whole.name}{end}"), 7, age)
        for end, age in ((".0123456789ab", DAY + 1), (".ba9876543210", DAY - 1), (".mine", 9 * DAY))
    )
    nested = lay(whole.parent / f"mine/{old.name}", 7, 9 * DAY)
    assert [(h.name, h.count) for h in look(tmp_path, NOW)] == [
        ("clips", 0),
        ("left over", 1),
        (whole.parent.name, 4),
    ]
    pruned = prune(tmp_path, NOW, most_bytes=0, most_age_s=0)
    assert (pruned.left_over.count, pruned.left_over.size) == (1, 7)
    assert not old.exists()
    assert all(path.exists() for path in (whole, young, other, nested))


def test_a_folder_that_only_leads_elsewhere_is_not_cleaned(tmp_path: Path) -> None:
    begun = lay(tmp_path / "elsewhere/.model.onnx.0123456789ab", 7, 9 * DAY)
    (tmp_path / "models").symlink_to(tmp_path / "elsewhere")
    assert prune(tmp_path, NOW, most_bytes=0).left_over.count == 0
    assert begun.exists()


def test_what_the_store_leaves_when_it_is_killed_is_known_as_left_over(tmp_path: Path) -> None:
    script = (
        "import os, signal; from pathlib import Path; from hy_audio.files import replacing\n"
        f"with replacing(Path({str(tmp_path)!r}) / 'clips/ab/{KEY}.clip') as file:\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    pruned = prune(tmp_path, time.time() + 2 * DAY, most_bytes=0)
    assert pruned.left_over.count == 1
    assert not any((tmp_path / "clips/ab").iterdir())


def test_a_cache_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert [(h.name, h.count) for h in look(nowhere, NOW)] == [("clips", 0)]
    assert prune(nowhere, NOW, most_bytes=0).removed.count == 0
    assert not nowhere.exists()


def test_a_clip_that_is_used_again_is_the_last_to_go(tmp_path: Path) -> None:
    store = ClipStore(tmp_path / "clips", tmp_path / "bench")
    keys = [f"{n:064x}" for n in range(3)]
    paths = [tmp_path / f"clips/00/{key}.clip" for key in keys]
    for n, (key, path) in enumerate(zip(keys, paths, strict=True)):
        store.put(key, Recording(b"sound", "audio/wav", 100, (), ()))
        os.utime(path, (DAY + n, DAY + n))
    assert store.get(keys[0])
    pruned = prune(tmp_path, time.time(), most_bytes=paths[0].stat().st_size)
    assert pruned.removed.count == 2
    assert [path.exists() for path in paths] == [True, False, False]


# As a user does it


def test_a_cache_is_told_and_pruned_and_the_next_build_makes_up_for_it(
    run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    env = {**environment, "XDG_CACHE_HOME": str(tmp_path)}

    def spoken(output: str = "output") -> int:
        options = ("-o", tmp_path / output, "--voice", "tone", "--json")
        done = run("build", SAMPLES / "no-headings.txt", *options, env=env)
        count: int = json.loads(done.stdout)["clips"]["spoken"]
        return count

    everything = spoken()
    told = json.loads(run("cache", "info", "--json", env=env).stdout)
    assert told["folder"] == str(tmp_path / "hy-audio")
    holdings = {h["name"]: h for h in told["holdings"]}
    assert holdings["clips"]["count"] == everything
    assert holdings["clips"]["size"] > 1000
    assert "locks" not in holdings
    assert time.time() - holdings["clips"]["oldest_s"] < 3600
    first, clips, *_ = run("cache", "info", env=env).stdout.splitlines()
    assert first == str(tmp_path / "hy-audio")
    assert clips.split()[:3] == ["clips", str(everything), "files"]

    kept = run("cache", "prune", "--older-than", "1h", "--max-size", "1GB", env=env)
    assert kept.stdout.startswith("0 clips removed, 0 B; ")
    assert spoken() == 0
    gone = json.loads(run("cache", "prune", "--max-size", "0B", "--json", env=env).stdout)
    assert gone["removed"]["count"] == everything
    assert gone["left"] == {"name": "clips", "count": 0, "size": 0, "oldest_s": 0, "newest_s": 0}
    assert spoken() == 0  # what has not changed needs no clips
    assert spoken("elsewhere") == everything


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--max-size 2GB, --older-than 30d"),
        (("--max-size", "lots"), "500MB"),
        (("--older-than", "30"), "30d"),
    ],
)
def test_a_prune_that_can_t_be_meant_is_one_line_and_removes_nothing(
    run: Run,
    tmp_path: Path,
    environment: dict[str, str],
    options: tuple[str, ...],
    said: str,
) -> None:
    clip = lay(tmp_path / f"hy-audio/clips/ab/{KEY}.clip", 5, 0)
    env = {**environment, "XDG_CACHE_HOME": str(tmp_path)}
    done = run("cache", "prune", *options, env=env)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line
    assert clip.exists()


def test_cache_alone_is_one_line_that_names_the_help(run: Run) -> None:
    done = run("cache")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "hy-audio cache --help" in line
