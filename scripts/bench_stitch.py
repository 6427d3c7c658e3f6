"""How soon an episode is there when its clips are; a part of bench.py.

Beside it stands `pydub_script.py`, what one would write without us: the same clips and pauses, at
48 kHz and 96 kbit/s too. It trims nothing, looks after no loudness and writes no chapters. Every
program is a new process, from its start to its end.

    python bench_stitch.py JOBS EPISODE.mp3

is our stage alone, as it is measured: from clip files to an episode with chapters.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, cycle, islice
from pathlib import Path
from shutil import copyfile, rmtree
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec
from bench_row import Row

if TYPE_CHECKING:  # what our stage does not need is not in its process when it is measured
    from hy_audio.script.model import Utterance
    from hy_audio.speech.model import Clip
    from hy_audio.speech.speak import Speaker
    from hy_audio.speech.store import ClipStore
    from hy_audio.stitch.model import Line
    from hy_audio.stitch.section import Job

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "tests/data/articles/river-park.txt"
PEER = Path(__file__).with_name("pydub_script.py")
BESIDE = "pydub_script.py"
VOICE = "zm_yunjian"
OTHERS = ("zf_xiaoxiao", "zm_yunxi", "zf_xiaoyi")
"""Voices that one section is given to, one after another."""
SECTIONS = 12
SECTION_MS = 300_000
HOURS = 10
REPLACED = 6
"""Number of the section that is said otherwise."""
RUNS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip in its place."""

    line: "Line"
    """What is said."""
    clip: "Clip"
    """Its sound, a WAV file of its own."""

    @property
    def ms(self) -> int:
        """How long it is heard, with the pause after it."""
        return self.clip.duration_ms + self.line.pause_ms


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one run took."""

    seconds: float
    peak_mb: float


def stitching() -> Iterator[Row]:
    """Seconds and memory for an hour, for one section of it and for ten hours."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        pieces = asyncio.run(_spoken(folder))
        rounds = [(_ours(folder, pieces, SECTIONS), _peer(folder, pieces)) for _ in range(RUNS)]
        hour, peer = map(_middle, zip(*rounds, strict=True))
        yield _beside("60 minutes", "s", hour.seconds, peer.seconds)
        yield _beside("60 minutes, memory", "MB", hour.peak_mb, peer.peak_mb)
        yield _beside("one section", "s", _one_section(folder, pieces), peer.seconds)
        yield from _scale(hour, _ours(folder, pieces, SECTIONS * HOURS))


def _beside(what: str, unit: str, ours: float, theirs: float) -> Row:
    return Row(what, unit, ours, BESIDE, theirs, theirs / ours if ours else 0.0)


def _scale(hour: _Taken, hours: _Taken) -> Iterator[Row]:
    what, beside, each = f"{HOURS} hours", "60 minutes", hours.seconds / HOURS
    yield Row(what, "s/h", each, beside, hour.seconds, each / hour.seconds)
    ratio = hours.peak_mb / hour.peak_mb if hour.peak_mb else 0.0
    yield Row(f"{what}, memory", "MB", hours.peak_mb, beside, hour.peak_mb, ratio)


def _middle(runs: Sequence[_Taken]) -> _Taken:
    return _Taken(median(run.seconds for run in runs), median(run.peak_mb for run in runs))


# Clips: an article in the embedded voice, out of a clip store, each a file


async def _spoken(folder: Path) -> list[Piece]:
    """Some 90 seconds of speech."""
    from hy_audio.article.parse import parse
    from hy_audio.edition.assembly import Sound, Voiced, tracks
    from hy_audio.edition.speaking import voice_entry
    from hy_audio.script.compose import compose
    from hy_audio.speech.speak import speak_all
    from hy_audio.speech.store import ClipStore

    script, store = compose(parse(ARTICLE.read_text("utf-8"))), ClipStore(folder, folder / "bench")
    speaker = _speaker(VOICE)
    await speak_all(script.utterances, speaker, store, lambda _: None)
    await speaker.engine.aclose()
    entry = voice_entry(speaker)
    voiced = [Voiced(s, entry, tuple(map(speaker.key, s.utterances))) for s in script.sections]
    lines = [line for track in tracks(voiced, Sound()) for line in track.lines]
    return [Piece(line, _wav(folder, store, line.key)) for line in lines]


def _speaker(voice: str) -> "Speaker":
    from platformdirs import user_cache_path

    from hy_audio.speech.kokoro.engine import KokoroEngine
    from hy_audio.speech.model import Prosody
    from hy_audio.speech.speak import Speaker

    return Speaker("kokoro", KokoroEngine(user_cache_path("hy-audio")), voice, Prosody())


def _wav(folder: Path, store: "ClipStore", key: str) -> "Clip":
    """A clip under a name that tells pydub its format: then it reads it without ffmpeg."""
    clip = store.get(key)
    assert clip
    return replace(clip, path=copyfile(clip.path, folder / f"{key[:16]}.wav"))


# An hour and more, from clip files


def _sections(pieces: Sequence[Piece], count: int) -> Iterator[list[Piece]]:
    """The pieces again and again, a section's length of them at a time."""
    endless, ms = cycle(pieces), 0
    for n in range(1, count + 1):
        section = []
        while ms < n * SECTION_MS:
            section.append(next(endless))
            ms += section[-1].ms
        yield section


def _ours(folder: Path, pieces: Sequence[Piece], sections: int) -> _Taken:
    place = folder / "stitched"
    place.mkdir()
    listed = place / "jobs.json"
    jobs = [_job(place, n, one) for n, one in enumerate(_sections(pieces, sections), 1)]
    listed.write_bytes(msgspec.json.encode(jobs, enc_hook=str))
    taken = _run(Path(__file__), listed, place / "episode.mp3")
    rmtree(place)
    return taken


def _job(place: Path, number: int, section: Sequence[Piece]) -> "Job":
    from hy_audio.stitch.model import Track
    from hy_audio.stitch.section import Job

    lines, clips = (tuple(each) for each in zip(*((p.line, p.clip) for p in section), strict=True))
    track = Track(f"第{number}节", f"kokoro:{VOICE}", lines)
    return Job(track, clips, place / f"{number:03}.mp3")


def _peer(folder: Path, pieces: Sequence[Piece]) -> _Taken:
    listed = folder / "list.txt"
    hour = chain.from_iterable(_sections(pieces, SECTIONS))
    listed.write_text("".join(f"{p.clip.path} {p.line.pause_ms}\n" for p in hour), "utf-8")
    return _run(PEER, listed, folder / "pydub.mp3")


_MEASURED = """
import re, runpy, sys
from pathlib import Path
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(int(peak[1]) / 1000 if peak else 0)
"""


def _run(program: Path, *arguments: Path) -> _Taken:
    """Run a program; what it starts itself is not in its memory, but in its time."""
    command = [sys.executable, "-W", "ignore", "-c", _MEASURED, str(program)]
    environment = _usual({"PYTHONPATH": str(program.parent)})
    start = time.perf_counter()
    done = subprocess.run(
        [*command, *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    return _Taken(time.perf_counter() - start, float(done.stdout))


def _usual(more: dict[str, str]) -> dict[str, str]:
    """An environment in which Python keeps what it has compiled, as it does when nobody forbids."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | more


def stitched(listed: Path, path: Path) -> None:
    """From clip files to an episode with chapters.

    Args:
        listed: the sections as `Job`s in JSON.
        path: of the episode.
    """
    from hy_audio.stitch import timeline
    from hy_audio.stitch.model import Tags
    from hy_audio.stitch.mp3 import Format
    from hy_audio.stitch.mux import mux
    from hy_audio.stitch.section import Job, stitch

    form = Format()
    jobs = msgspec.json.decode(listed.read_bytes(), type=list[Job], dec_hook=lambda _, p: Path(p))
    made = stitch(jobs, form)
    frames = [one.frames for one in made]
    times_ms = timeline.starts_ms(frames, form)
    chapters = timeline.chapters([job.track.title for job in jobs], times_ms)
    mux(path, [one.path for one in made], sum(frames), chapters, Tags("样刊"), form)


# One section of an hour, by the command line; every clip is in the store


@dataclass(frozen=True, slots=True)
class Edition:
    """Where an episode is made by the command line, with a cache of its own."""

    folder: Path
    """Article, cache and output are in it."""

    def run(self, *arguments: str) -> str:
        """What the command line prints."""
        command = [sys.executable, "-m", "hy_audio", *arguments]
        environment = _usual({"XDG_CACHE_HOME": str(self.folder / "cache")})
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=self.folder, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def store(self, voice: str, utterances: Iterable["Utterance"], clips: Iterable["Clip"]) -> None:
        """Keep a clip for each utterance, as if the voice had spoken it."""
        from hy_audio.speech.store import CLIPS, ClipStore, Recording

        speaker, bench = _speaker(voice), self.folder / "bench"
        store = ClipStore(self.folder / "cache/hy-audio" / CLIPS, bench)
        for utterance, clip in zip(utterances, clips, strict=False):
            sound = Recording(clip.path.read_bytes(), "audio/wav", clip.duration_ms, (), ())
            store.put(speaker.key(utterance), sound)
        rmtree(bench)


def _one_section(folder: Path, pieces: Sequence[Piece]) -> float:
    """Seconds to give one section to another voice, whose clips are there."""
    edition = Edition(folder / "edition")
    number = str(REPLACED)
    made = _edition(edition, pieces)
    runs = []
    for voice in OTHERS:
        start = time.perf_counter()
        said = edition.run("regenerate", made, number, "--voice", f"kokoro:{voice}", "--json")
        runs.append(time.perf_counter() - start)
        built = json.loads(said)
        assert built["clips_spoken"] == 0
        assert len(built["changed"]) == 1
    return median(runs)


def _edition(edition: Edition, pieces: Sequence[Piece]) -> str:
    """Make an episode of an hour out of stored clips.

    Returns:
        Its folder.
    """
    from hy_audio.script.saved import from_json

    edition.folder.mkdir()
    page = edition.folder / "page.md"
    page.write_text(_page(round(SECTION_MS / mean(piece.ms for piece in pieces)) - 1), "utf-8")
    script = from_json(edition.run("script", page.name, "--format", "json").encode())
    clips = [piece.clip for piece in pieces]
    edition.store(VOICE, script.utterances, cycle(clips))
    for n, voice in enumerate(OTHERS):
        section = script.sections[REPLACED - 1]
        edition.store(voice, section.utterances, islice(cycle(reversed(clips)), n, None))
    built = json.loads(edition.run("build", page.name, "--voice", f"kokoro:{VOICE}", "--json"))
    assert built["clips"]["spoken"] == 0
    assert abs(built["duration_ms"] / SECTION_MS / SECTIONS - 1) < 0.05
    return str(built["folder"])


def _page(paragraphs: int) -> str:
    """An article of twelve headings, each with so many paragraphs, no two of them alike."""
    lines = ["# 十二个村庄的早晨"]
    for n in range(1, SECTIONS + 1):
        lines.append(f"## {n}号村")
        lines += [
            f"{n}号村第{m}户人家今年种了{m + n}亩番茄，早上装车，运到省城的市场。"
            f"天还没亮，一家人已经摘了{m * n + 20}箱，中午就能摆上货架。"
            for m in range(1, paragraphs + 1)
        ]
    return "\n\n".join(lines) + "\n"


if __name__ == "__main__":
    stitched(*map(Path, sys.argv[1:]))
