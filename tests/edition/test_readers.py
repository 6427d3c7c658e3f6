"""An hour in twelve sections whose titles have sixty characters, read by other people's programs.

The voice is the engine that beeps: what is held here is the file around the words.
"""

import json
import logging
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import eyed3  # type: ignore[import-untyped]
import msgspec
import numpy as np
import pytest
from conftest import Episode, Run, build_with
from numpy.typing import NDArray

from hy_audio.characters import han
from hy_audio.stitch import mp3

Samples = NDArray[np.int16]

NPM_PACKAGES = ("music-metadata@11.16.1", "node-id3@0.2.9")
"""The last music-metadata for Node.js 18, which Debian 12 has: 12.1.0 asks for 22."""

RATE_HZ = 48_000
EDGE = RATE_HZ * 50 // 1000
"""Samples on each side of a join."""
QUIET = 32
"""No sample beside a join is louder: -60 dBFS of 16 bits."""
STEP = 4
"""No two neighbours beside a join differ by more: -78 dBFS."""

KNOWN = {"Lame tag CRC check failed"}
"""Complaints that are not about this file.

eyeD3 looks for the checksum where a stereo file has it, and so complains of every mono file, of
those that LAME 3.100 makes too.
"""

# The article

SHOW = "江城晨报"
TITLE = "江边小城的十二个早晨"
AUTHOR = "林小舟"
DATE = "2024-03-15"
WHERE = (
    "东岸渡口的老船工把停了三年的木船重新刷漆",
    "北门菜场的摊主们在雨棚下面商量换灯的日子",
    "南坡果园的守夜人提着马灯走完最后一道田埂",
    "西街修表铺的师傅给学徒讲一枚齿轮怎样咬合",
    "河湾小学的孩子把自己种的萝卜搬进学校食堂",
    "旧车站的站务员在月台上数完末班车的旅客们",
    "山脚茶厂的女工用竹筛分开头一茬春天的嫩芽",
    "环城路的清洁工赶在天亮之前扫净满地的桂花",
    "图书馆的管理员把发黄的县志一页一页补回去",
    "水文站的年轻人顶着大雾记下今年最高的水位",
    "面粉厂的老锅炉在检修之后又冒出白色的蒸汽",
    "城郊剧团的琴师为新编的小戏改了三遍过门儿",
)
WHO = (
    "赶来帮忙的邻居从四面八方带来了木料和热茶",
    "前来看热闹的人群站在路边一直等到日头偏西",
    "值班的工作人员一笔一笔记下每个人说过的话",
    "刚从外地回来的年轻人挽起袖子加入到队伍里",
)
WHAT = (
    "大家都说这样的热闹已经有许多年没有见过了",
    "傍晚的风吹过来时所有的辛苦都变得值得起来",
    "明年这个时候他们还要在同一个地方再聚一次",
)
HEADINGS = tuple(where + WHO[n % 4] + WHAT[n % 3] for n, where in enumerate(WHERE))
SENTENCES = (
    "清晨六点{n}分，门前的第一盏灯亮了，石阶上还留着夜里的雨水。",
    "守门的老人说，他在这里住了{n}年，从来没有见过这样多的人一起动手。",
    "孩子们把{n}块木板排成一行，用粉笔在上面写下各自的名字。",
    "有人记下了价钱：一斤茶叶卖到{n}元，比去年秋天便宜了一点。",
    "从路口往南走{n}步，可以看见一口旧井，井沿被绳子磨出了深深的沟。",
    "午后的太阳照着晾衣的竹竿，{n}件衬衫在风里一起摆动，像是在招手。",
    "帮忙的邻居带来了热汤，锅盖一掀开，半条巷子都闻到了姜的味道。",
    "账本放在窗台上，谁借了工具，谁还了工具，每一行都写得清清楚楚。",
    "“慢一点没有关系，”师傅说，“第{n}遍做好了，以后就不用再做。”",
    "天黑以前，{n}个人一起把场地扫干净，约好第二天早上再来。",
)
PARAGRAPHS = 11
"""In each section; together they are a little more than an hour."""


def paragraph(section: int, number: int) -> str:
    """Five sentences, other ones than those of its neighbours."""
    first, count = section + number, 11 + (section * 37 + number * 7) % 40
    return "".join(SENTENCES[(first + 3 * k) % 10].format(n=count + k) for k in range(5))


def body(section: int) -> list[str]:
    return [HEADINGS[section], *(paragraph(section, n) for n in range(PARAGRAPHS))]


def page() -> str:
    sections = ("\n\n".join(("## " + heading, *rest)) for heading, *rest in map(body, range(12)))
    front = f"---\nauthor: {AUTHOR}\ndate: {DATE}\n---\n# {TITLE}"
    return "\n\n".join([front, *sections]) + "\n"


@pytest.fixture(scope="module")
def episode(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """The hour."""
    folder = tmp_path_factory.mktemp("hour")
    picture = ["-f", "lavfi", "-i", "testsrc=size=96x96", "-frames:v", "1"]
    cover = str(folder / "cover.jpg")
    subprocess.run(["ffmpeg", "-v", "error", *picture, cover], check=True)
    settings, source = folder / "hy-audio.toml", folder / "page.md"
    settings.write_text(f'[show]\nname = "{SHOW}"\ncover = "cover.jpg"\n', "utf-8")
    source.write_text(page(), "utf-8")
    configured = partial(run, "--config", settings)
    return build_with(configured, source, folder / "output", "--voice", "tone")


@pytest.fixture(scope="module")
def audio(episode: Episode) -> Path:
    return episode.folder / "episode.mp3"


def test_the_episode_has_an_hour_and_the_opening_and_twelve_titles_of_sixty_characters(
    episode: Episode,
) -> None:
    assert episode.manifest.duration_ms >= 3_600_000
    opening, *titles = (section.title for section in episode.manifest.sections)
    assert opening == "开场"
    assert tuple(titles) == HEADINGS
    assert [len(han(title)) for title in titles] == [60] * 12
    assert len(set(titles)) == 12


# What each reader tells


class Told(msgspec.Struct, frozen=True):
    """What a reader finds in the file."""

    title: str
    artist: str
    album: str
    date: str
    language: str
    lyrics: tuple[str, str]
    """Language and words."""
    label: str
    """`TXXX:AIGC`."""
    cover: tuple[str, bytes]
    """Kind and picture."""
    chapters: tuple[tuple[str, int, int], ...]
    """Title, start and end in milliseconds."""
    complaints: tuple[str, ...]


def read_with_ffprobe(path: Path) -> Told:
    options = ["-v", "warning", "-of", "json", "-show_chapters", "-show_format", "-show_streams"]
    done = subprocess.run(
        ["ffprobe", *options, str(path)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    tags = found["format"]["tags"]
    assert all(c["time_base"] == "1/1000" for c in found["chapters"])
    return Told(
        title=tags["title"],
        artist=tags["artist"],
        album=tags["album"],
        date=tags["date"],
        language=tags["language"],
        lyrics=("zho", tags["lyrics-zho"]),
        label=tags["AIGC"],
        cover=(f"image/{found['streams'][1]['codec_name']}", picture_by_ffmpeg(path)),
        chapters=tuple((c["tags"]["title"], c["start"], c["end"]) for c in found["chapters"]),
        complaints=tuple(done.stderr.splitlines()),
    )


def picture_by_ffmpeg(path: Path) -> bytes:
    options = ["-map", "0:v", "-c", "copy", "-f", "image2pipe", "-"]
    command = ["ffmpeg", "-v", "error", "-i", str(path), *options]
    return subprocess.run(command, capture_output=True, check=True).stdout


def read_with_eyed3(path: Path) -> Told:
    heard = Listener()
    eyed3.log.addHandler(heard)
    try:
        tag = eyed3.load(path).tag
    finally:
        eyed3.log.removeHandler(heard)
    (contents,), (lyrics,), (picture,) = tag.table_of_contents, tag.lyrics, tag.images
    assert picture.picture_type == picture.FRONT_COVER
    chapters = [tag.chapters.get(name) for name in contents.child_ids]
    return Told(
        title=tag.title,
        artist=tag.artist,
        album=tag.album,
        date=str(tag.getBestDate()),
        language=tag.getTextFrame(b"TLAN"),
        lyrics=(lyrics.lang.decode(), lyrics.text),
        label=tag.user_text_frames.get("AIGC").text,
        cover=(picture.mime_type, picture.image_data),
        chapters=tuple((c.title, c.times.start, c.times.end) for c in chapters),
        complaints=tuple(heard.messages),
    )


class Listener(logging.Handler):
    """Keeps warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script for Node.js beside the packages that it needs."""
    folder = tmp_path_factory.mktemp("npm")
    options = ["--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *options, *NPM_PACKAGES], check=True)
    return Path(shutil.copy(Path(__file__).with_name("readers.mjs"), folder))


@pytest.fixture(scope="module")
def read(request: pytest.FixtureRequest) -> Callable[[str, Path], Told]:
    """Read a file with a program."""

    def read(reader: str, path: Path) -> Told:
        if reader == "ffprobe":
            return read_with_ffprobe(path)
        if reader == "eyeD3":
            return read_with_eyed3(path)
        command = ["node", request.getfixturevalue("script"), reader, path]
        done = subprocess.run(command, capture_output=True, check=True)
        return msgspec.json.decode(done.stdout, type=Told)

    return read


@pytest.fixture(scope="module", params=["ffprobe", "eyeD3", "music-metadata", "node-id3"])
def told(request: pytest.FixtureRequest, read: Callable[[str, Path], Told], audio: Path) -> Told:
    return read(request.param, audio)


def test_every_reader_finds_the_chapters_in_order_and_their_times_to_the_millisecond(
    told: Told, episode: Episode
) -> None:
    sections = episode.manifest.sections
    times_ms = [frames * 24 for frames in accumulate((s.frames for s in sections), initial=0)]
    titles = ("开场", *HEADINGS)
    assert told.chapters == tuple(zip(titles, times_ms, times_ms[1:], strict=False))
    assert times_ms[-1] == episode.manifest.duration_ms


def test_every_reader_finds_title_author_show_date_and_language(told: Told) -> None:
    found = (told.title, told.artist, told.album, told.date, told.language)
    assert found == (TITLE, AUTHOR, SHOW, DATE, "zho")


def test_every_reader_finds_the_printed_words(told: Told) -> None:
    language, text = told.lyrics
    words = "".join(text.split())
    assert language == "zho"
    assert words.startswith(f"{SHOW}{AUTHOR}{TITLE}")
    assert words.endswith("".join(line for n in range(12) for line in body(n)))


def test_every_reader_finds_the_mark_of_synthetic_content(told: Told, episode: Episode) -> None:
    assert json.loads(told.label) == {
        "Label": "1",
        "ContentProducer": SHOW,
        "ProduceID": episode.manifest.slug,
        "ReservedCode1": "",
        "ContentPropagator": SHOW,
        "PropagateID": episode.manifest.slug,
        "ReservedCode2": "",
    }


def test_every_reader_finds_the_cover_byte_for_byte(told: Told, episode: Episode) -> None:
    kind, picture = told.cover
    assert kind in ("image/jpeg", "image/mjpeg")  # the second is what ffmpeg calls the first
    assert picture == (episode.folder / "cover.jpg").read_bytes()
    assert picture == (episode.folder.parents[1] / "cover.jpg").read_bytes()


def test_no_reader_has_a_complaint_that_is_about_this_file(told: Told) -> None:
    assert set(told.complaints) <= KNOWN


def test_mp3val_which_reads_no_chapters_counts_every_frame_and_has_no_complaint(
    audio: Path, episode: Episode
) -> None:
    done = subprocess.run(["mp3val", audio], capture_output=True, text=True, check=True)
    frames = sum(section.frames for section in episode.manifest.sections) + 2  # Info and silence
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("INFO"))
    assert line.endswith(f": {frames} MPEG frames (MPEG 1 Layer III), +ID3v2, CBR")
    assert "WARNING" not in done.stdout
    assert "ERROR" not in done.stdout


# The tag itself


@pytest.fixture(scope="module")
def tag(audio: Path) -> Any:
    """As eyeD3 takes it apart."""
    return eyed3.load(audio).tag


def test_the_tag_is_id3_2_3_and_all_its_chinese_is_utf_16(tag: Any) -> None:
    assert tag.version == (2, 3, 0)
    inner = [chapter.sub_frames for chapter in tag.chapters]
    frames = [frame for part in (tag.frame_set, *inner) for kind in part.values() for frame in kind]
    chinese = [frame for frame in frames if han(getattr(frame, "text", ""))]
    names = [frame.id.decode() for frame in chinese]
    assert sorted(names) == sorted(["TPE1", "TALB", "TXXX", "USLT"] + ["TIT2"] * (1 + 13))
    assert {frame.encoding for frame in chinese} == {b"\x01"}


def test_the_table_of_contents_is_ordered_and_at_the_top_and_has_every_chapter(tag: Any) -> None:
    (contents,) = tag.table_of_contents
    assert contents.toplevel is True
    assert contents.ordered is True
    assert contents.child_ids == [chapter.element_id for chapter in tag.chapters]


# The sound


def decode(source: Path, target: Path) -> Samples:
    """As ffmpeg decodes it, on disk; the file is there as long as the samples are."""
    options = ["-map", "0:a", "-f", "s16le", str(target)]
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(source), *options]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    samples = np.memmap(target, "<i2", "r")
    target.unlink()
    return samples


@pytest.fixture(scope="module")
def sound(audio: Path, tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """The decoded hour."""
    return decode(audio, tmp_path_factory.mktemp("sound") / "episode.pcm")


@pytest.fixture(scope="module")
def borders(episode: Episode) -> list[int]:
    """The sample at which each section begins, and where the last one ends."""
    frames = (section.frames for section in episode.manifest.sections)
    return [n * mp3.FRAME_SAMPLES for n in accumulate(frames, initial=0)]


def test_the_decoded_hour_has_exactly_the_samples_of_its_frames(
    sound: Samples, borders: Sequence[int]
) -> None:
    assert len(sound) == borders[-1]


def test_no_step_and_no_sound_can_be_heard_where_sections_join(
    sound: Samples, borders: Sequence[int]
) -> None:
    for border in borders:
        beside = sound[max(0, border - EDGE) : border + EDGE].astype(np.int32)
        assert np.abs(beside).max() <= QUIET
        assert np.abs(np.diff(beside)).max() <= STEP


def test_each_section_sounds_in_the_hour_as_it_does_alone_to_the_last_bit(
    sound: Samples, borders: Sequence[int], episode: Episode, tmp_path: Path
) -> None:
    for section, begin, end in zip(episode.manifest.sections, borders, borders[1:], strict=False):
        path = tmp_path / "alone.mp3"
        path.write_bytes(framed((episode.folder / section.file).read_bytes(), section.frames))
        alone = decode(path, tmp_path / "alone.pcm")
        assert alone.max() > 1000
        np.testing.assert_array_equal(sound[begin:end], alone, err_msg=section.title)


def framed(section: bytes, frames: int) -> bytes:
    """A section as an MP3 of its own."""
    form = mp3.Format()
    info = mp3.info_frame(frames + 1, len(section) + form.frame_bytes, form)
    return info + section + form.silent_frame
