"""The tables of docs/reliability.md: the real client against a service process that fails."""

import asyncio
import json
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SAMPLES, Run
from service.client import EdgeService, settled
from service.faults import KINDS, MIX, Faults
from service.voice import FRAME_BYTES, TICKS_PER_MS
from service.voice import speak as beeps

from hy_audio.episode import BegunVoice, keep_voice, open_episode
from hy_audio.errors import ClipsMissing
from hy_audio.script.model import Role, Sentence, Utterance
from hy_audio.speech import accept as acceptance
from hy_audio.speech.accept import RejectedClip, accept
from hy_audio.speech.edge import EdgeProvider, marks
from hy_audio.speech.model import Clip, Prosody, Setup, Speech
from hy_audio.speech.policy import Policy, Timing
from hy_audio.speech.speak import ClipEvent, EventKind, Speaker, speak_all
from hy_audio.speech.store import ClipStore

PAGE = SAMPLES / "river-park.txt"
DOCUMENT = ROOT / "docs/reliability.md"
Look = Callable[[Path], dict[str, bytes]]

_WHO = ("县里", "两岸的村民", "驻村工作队", "今年前三季度，全市", "老人们", "他", "市政协委员")
_WHEN = ("昨天", "一大早就", "开春以来", "按照计划，", "在大家的帮助下，")
_WHAT = (
    "修通了三条公路。",
    "种下两万棵树。",
    "把水引到了田里，稻子长势喜人。",
    "说：“路通了，货就出得去。”",
    "来了。",
    "建成了一座能停二百辆车的停车场，周末再也不用绕路。",
)
TEXTS = ["".join(parts) for parts in product(_WHO, _WHEN, _WHAT)][:200]

IDLE_S = {"stall": 0.5, MIX: 0.5}


def utterances(texts: list[str]) -> list[Utterance]:
    """One for each text; the service reads no pinyin."""
    found = []
    for n, text in enumerate(texts, 1):
        sentence = Sentence(text, text, (), (0, len(text)))
        found.append(Utterance(f"test-{n:03}", Role.PARAGRAPH, (sentence,), 300))
    return found


@dataclass
class Edition:
    """What came of speaking many utterances."""

    clips: tuple[Clip, ...]
    events: list[ClipEvent] = field(default_factory=list)

    @property
    def sounds(self) -> list[bytes]:
        return [clip.path.read_bytes() for clip in self.clips]

    @property
    def reasons(self) -> list[str]:
        return [event.reason for event in self.events if event.kind is EventKind.RETRIED]


class Skipped:
    """Time in which no wait takes any: a sleep moves the clock on instead."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def clock(self) -> float:
        return time.monotonic() + self._skipped

    async def sleep(self, seconds: float) -> None:
        self._skipped += seconds
        await asyncio.sleep(0)


def speak(service: EdgeService, folder: Path, texts: list[str], **settings: object) -> Edition:
    """Speak all texts through the real engine, without waiting between attempts."""
    settings = {"concurrency": 8, **settings}
    engine = EdgeProvider(Setup(folder, settings, service.proxy)).open()
    speaker = Speaker("edge", engine, "zh-CN-YunxiNeural", Prosody())
    store = ClipStore(folder / "clips", folder / "bench")
    events: list[ClipEvent] = []

    async def go() -> tuple[Clip, ...]:
        skipped = Skipped()
        timing = Timing(skipped.clock, skipped.sleep)
        try:
            return await speak_all(utterances(texts), speaker, store, events.append, timing=timing)
        finally:
            await engine.aclose()

    return Edition(settled(go()), events)


@pytest.fixture(scope="module")
def faultless(edge_process: EdgeService, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition as it should be."""
    edge_process.begin()
    return speak(edge_process, tmp_path_factory.mktemp("faultless"), TEXTS)


def test_a_faultless_run_asks_for_each_utterance_once(faultless: Edition) -> None:
    assert len(set(TEXTS)) == len(faultless.clips) == 200
    assert not faultless.reasons
    assert len(set(faultless.sounds)) == 200


@pytest.mark.parametrize("kind", [*KINDS, "refuse503", MIX])
def test_with_a_fifth_of_the_requests_failing_the_edition_is_that_of_a_faultless_run(
    edge_service: EdgeService, faultless: Edition, tmp_path: Path, kind: str
) -> None:
    edge_service.begin(kind=kind, share=0.2)
    edition = speak(edge_service, tmp_path, TEXTS, idle_s=IDLE_S.get(kind, 15))
    assert edition.sounds == faultless.sounds
    assert [c.marks for c in edition.clips] == [c.marks for c in faultless.clips]
    counts = edge_service.counts()
    faults = Faults(kind, 0.2)
    due = [faults.of(n) for n in range(counts["requests"])]
    assert sum(counts["did"].values()) == len(due)
    for one in {*due} - {""}:
        assert counts["did"][one] == due.count(one) > 0
    assert len(due) - due.count("") >= 40


def test_every_clip_of_half_the_sound_was_rejected(
    edge_service: EdgeService, faultless: Edition, tmp_path: Path
) -> None:
    for kind in ("half", "half_audio"):
        edge_service.begin(kind=kind, share=0.5)
        edition = speak(edge_service, tmp_path / kind, TEXTS[:60])
        counts = edge_service.counts()["did"]
        assert len(edition.reasons) == counts[kind] >= 50
        assert counts["spoke"] == 60
        assert all(reason.startswith("not whole: ") for reason in edition.reasons)
        assert edition.sounds == faultless.sounds[:60]


def test_a_second_run_pays_for_nothing(
    edge_service: EdgeService, faultless: Edition, tmp_path: Path
) -> None:
    edge_service.begin(kind=MIX, share=0.2)
    speak(edge_service, tmp_path, TEXTS[:40], idle_s=0.5)
    shutil.rmtree(tmp_path / "bench")
    edge_service.begin()
    again = speak(edge_service, tmp_path, TEXTS[:40])
    assert edge_service.counts()["requests"] == 0
    assert again.sounds == faultless.sounds[:40]


def test_eight_requests_are_in_flight_at_once_and_never_more(
    edge_service: EdgeService, tmp_path: Path
) -> None:
    edge_service.begin(gather=8)  # nobody gets an answer before eight have asked
    edition = speak(edge_service, tmp_path, TEXTS[:100], concurrency=8)
    assert len(edition.clips) == 100
    assert edge_service.counts()["most_at_once"] == 8
    assert edge_service.counts()["requests"] == 100


PAUSED = (
    "今天有雨，出门带伞。",
    "湘江两岸，花开满园；市民说，好看。",
    "R&D经费增长，全年投入一亿元。",
    "他按照计划，来了。",
    "他在会上强调，要把安全生产放在第一位，压实责任，守住底线，确保万无一失。",
)


@pytest.mark.parametrize("text", PAUSED)
@pytest.mark.parametrize(("rate", "late"), [(0.8, 0), (1.0, 0), (1.5, 0), (1.0, 1)])
def test_a_clip_that_is_cut_at_any_frame_is_rejected(text: str, rate: float, late: int) -> None:
    """Cut with the words that lie within, or all but the last; only silence may be lost."""
    whole = beeps(text, "zh-CN-YunxiNeural", rate)
    [utterance] = utterances([text])
    words = [(w.text, w.start // TICKS_PER_MS, w.end // TICKS_PER_MS) for w in whole.words]
    kept = []
    for size in range(FRAME_BYTES, len(whole.mp3), FRAME_BYTES):
        length_ms = size // FRAME_BYTES * 24
        within = [word for word in words if word[2] <= length_ms]
        told = marks(text, within[: len(within) - late])
        speech = Speech(whole.mp3[:size], "audio/mpeg", tuple(told))
        with suppress(RejectedClip):
            accept(speech, utterance, Prosody(rate))
            kept.append(length_ms)
    assert kept
    assert min(kept) >= words[-1][2]


# A service that always refuses


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("refuse403", "HTTP 403"),
        ("refuse429", "HTTP 429"),
        ("refuse503", "HTTP 503"),
        ("close", "no audio came"),
        ("silent", "no audio came"),
        ("half", "not whole"),
        ("half_audio", "not whole"),
        ("drop", "the connection broke"),
        ("leave", "the connection broke"),
        ("stall", "no answer in time"),
        ("garbage", "(makes no sense|not whole)"),
    ],
)
def test_a_service_that_never_speaks_is_soon_left_alone(
    edge_service: EdgeService, tmp_path: Path, kind: str, reason: str
) -> None:
    edge_service.begin(kind=kind)
    with pytest.raises(ClipsMissing, match=f"{reason}.*, again and again") as caught:
        speak(edge_service, tmp_path, TEXTS, idle_s=IDLE_S.get(kind, 15))
    assert len(caught.value.missing) == 200
    assert len(str(caught.value)) < 1_000
    asked = edge_service.counts()["did"][kind]
    twice = 2 if kind == "refuse403" else 1  # the client sets its clock and asks again
    assert 3 <= asked <= twice * 8 * Policy().attempts


# Builds: `hy-audio` as a process


@dataclass(frozen=True)
class Desk:
    """A folder to work in, its settings, and a service that can be reached from it."""

    folder: Path
    run: Run
    environment: dict[str, str]

    def build(self, voice: str, cache: str, output: str = "output") -> Any:
        env = {**self.environment, "XDG_CACHE_HOME": str(self.folder / cache)}
        arguments = ("build", PAGE, "-o", self.folder / output, "--json", "--voice", voice)
        return self.run(*arguments, cwd=self.folder, env=env)

    def set(self, **settings: float) -> None:
        lines = ["[engine.edge]", *(f"{name} = {value}" for name, value in settings.items())]
        (self.folder / "hy-audio.toml").write_text("\n".join(lines))


def _episode(done: Any) -> Path:
    """The folder that a build printed."""
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["folder"])


def _lines(told: str) -> list[str]:
    """The lines on standard error that are no progress."""
    progress = re.compile(r"speaking |stitching|  clip |\d+ clips, |.*; trying again$")
    return [line for line in told.splitlines() if not progress.match(line)]


@pytest.fixture(scope="module")
def built(
    edge_process: EdgeService,
    run: Run,
    environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Desk, Path]:
    """A desk, and an episode built on it without faults, `--voice auto`."""
    folder = tmp_path_factory.mktemp("desk")
    desk = Desk(folder, run, edge_process.environment(environment))
    edge_process.begin()
    return desk, _episode(desk.build("auto", "cache"))


@pytest.fixture
def desk(built: tuple[Desk, Path], tmp_path: Path) -> Desk:
    """Another desk, where everything is still to be done."""
    return replace(built[0], folder=tmp_path)


def test_auto_takes_the_online_voice_if_the_service_answers(built: tuple[Desk, Path]) -> None:
    voice = open_episode(built[1]).voice
    assert (voice.engine, voice.name) == ("edge", "zh-CN-XiaoxiaoNeural")


@pytest.mark.parametrize("kind", ["refuse403", "refuse429", "close"])
def test_a_build_with_a_service_that_always_refuses_says_so_in_one_line(
    edge_service: EdgeService, built: tuple[Desk, Path], snapshot: Look, kind: str
) -> None:
    desk, episode = built
    desk.set(concurrency=16)
    before = snapshot(episode)
    edge_service.begin(kind=kind)
    done = desk.build("edge:zh-CN-YunxiNeural", f"empty-{kind}")
    assert done.returncode == 2
    [line] = _lines(done.stderr)
    assert line.startswith("hy-audio: edge: ")
    assert "again and again" in line
    assert snapshot(episode) == before
    assert edge_service.counts()["requests"] <= 2 * 16 * Policy().attempts


def test_a_build_without_any_service_says_so_in_one_line(
    built: tuple[Desk, Path], environment: dict[str, str], snapshot: Look
) -> None:
    desk, episode = built
    before = snapshot(episode)
    done = replace(desk, environment=environment).build("edge", "empty")
    assert done.returncode == 2
    [line] = _lines(done.stderr)
    assert line.startswith("hy-audio: edge: the online service can't be reached (the proxy")
    assert snapshot(episode) == before


def test_a_build_with_a_fifth_failing_is_byte_for_byte_that_of_a_faultless_one(
    edge_service: EdgeService, built: tuple[Desk, Path], desk: Desk
) -> None:
    desk.set(concurrency=8, idle_s=1)
    edge_service.begin(kind=MIX, share=0.2)
    done = desk.build("edge", "cache")
    assert "; trying again" in done.stderr
    assert (_episode(done) / "episode.mp3").read_bytes() == (built[1] / "episode.mp3").read_bytes()
    edge_service.begin(kind="refuse403", listing="refuse403")
    _episode(desk.build("auto", "cache"))
    assert edge_service.counts()["requests"] == edge_service.counts()["lists"] == 0


@pytest.mark.parametrize("voice", ["edge", "edge:zh-CN-XiaoxiaoNeural"])
def test_a_build_of_stored_clips_with_a_named_voice_asks_for_nothing(
    edge_service: EdgeService, built: tuple[Desk, Path], tmp_path: Path, voice: str
) -> None:
    edge_service.begin(kind="refuse403", listing="refuse403")
    episode = _episode(built[0].build(voice, "cache", str(tmp_path / "output")))
    assert (episode / "episode.mp3").read_bytes() == (built[1] / "episode.mp3").read_bytes()
    assert edge_service.counts()["requests"] == edge_service.counts()["lists"] == 0


def test_a_mistyped_voice_is_told_the_nearest_without_a_network(
    built: tuple[Desk, Path], environment: dict[str, str]
) -> None:
    offline = replace(built[0], environment=environment)
    done = offline.build("edge:zh-CN-YunxNeural", "cache")
    assert done.returncode == 2
    [line] = _lines(done.stderr)
    assert "'zh-CN-YunxNeural'; did you mean zh-CN-YunxiNeural" in line


def test_the_voice_stays_when_the_service_refuses_in_the_middle(
    edge_service: EdgeService, built: tuple[Desk, Path], desk: Desk
) -> None:
    sections = open_episode(built[1]).sections
    clips = {entry.clip for section in sections for entry in section.utterances}
    edge_service.begin(kind="refuse403", after=5)
    broken = desk.build("auto", "cache")
    assert broken.returncode == 2
    assert broken.stderr.count("speaking with") == 1
    assert edge_service.counts()["did"]["spoke"] == 5
    edge_service.begin(listing="refuse403")
    done = desk.build("auto", "cache")
    episode = open_episode(_episode(done))
    assert "(as the episode was begun; to begin anew with another, name it with" in done.stderr
    assert (episode.voice.engine, episode.voice.name) == ("edge", "zh-CN-XiaoxiaoNeural")
    assert edge_service.counts()["requests"] == len(clips) - 5
    assert [path.name for path in (desk.folder / "output").iterdir()] == [episode.slug]


def test_an_episode_that_was_begun_takes_another_voice_only_if_it_is_named(
    edge_service: EdgeService, desk: Desk
) -> None:
    edge_service.begin(kind="refuse403", listing="refuse403")
    output = desk.folder / "output"
    slug = _episode(desk.build("tone", "cache")).name
    keep_voice(output / slug, BegunVoice("edge", "zh-CN-YunxiNeural"))
    refused = desk.build("auto", "cache")
    assert refused.returncode == 2
    assert "use --voice kokoro" in refused.stderr.splitlines()[-1]
    assert open_episode(output / slug).voice.engine == "tone"
    edge_service.begin()
    episode = open_episode(_episode(desk.build("edge:zh-CN-YunyangNeural", "cache")))
    assert episode.voice.name == "zh-CN-YunyangNeural"
    assert [path.name for path in output.iterdir()] == [slug]


def test_an_episode_keeps_its_voice_even_if_the_service_refuses(
    edge_service: EdgeService, built: tuple[Desk, Path], snapshot: Look
) -> None:
    desk, episode = built
    before = snapshot(episode)
    edge_service.begin(kind="refuse403", listing="refuse403")
    (desk.folder / "hy-audio.toml").write_text("[speech]\nrate = 1.1\n")
    done = desk.build("auto", "empty-too")
    desk.set(concurrency=16)
    assert done.returncode == 2
    assert "speaking with edge:zh-CN-XiaoxiaoNeural (as before)" in done.stderr
    assert snapshot(episode) == before


# The document


def _table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading."""
    text = DOCUMENT.read_text("utf-8").partition(f"## {heading}\n")[2]
    rows = re.search(r"(?:^\|.*\n)+", text, re.M)
    assert rows, heading
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()][
        2:
    ]


def test_the_document_names_the_bounds_that_are_in_the_code() -> None:
    told = {row[0].strip("`"): row[1] for row in _table("What is checked of a clip")}
    bounds = {
        name: value
        for name, value in vars(acceptance).items()
        if re.fullmatch("[A-Z_]+", name) and isinstance(value, int | float) and name[0] != "_"
    }
    assert {name: float(value.split()[0]) for name, value in told.items()} == bounds


def test_the_document_names_the_policy_that_is_in_the_code() -> None:
    told = {row[0].strip("`"): row[1] for row in _table("How patient a run is")}
    policy = Policy()
    assert {name: float(value.split()[0]) for name, value in told.items()} == {
        name: getattr(policy, name) for name in policy.__slots__
    }


def test_every_fault_of_the_document_has_a_test_and_every_fault_a_row() -> None:
    rows = _table("Faults")
    told = {name for row in rows for name in re.findall("`([a-z_]+[0-9]*)`", row[0])}
    assert told == {*KINDS, "refuse503", MIX}
    here = Path(__file__).read_text("utf-8")
    for row in rows:
        for name in re.findall(r"test_\w+", row[-1]):
            assert f"def {name}(" in here, name
