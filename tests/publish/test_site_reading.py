"""The text of an episode with its times, as the page shows it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from conftest import Episode
from msgspec.structs import replace as replaced
from site_show import reading_of

from hy_audio.article.parse import parse
from hy_audio.characters import han
from hy_audio.episode import read_script, read_source
from hy_audio.errors import ConfigError
from hy_audio.manifest import (
    VERSION,
    LabelEntry,
    Manifest,
    PageEntry,
    SectionEntry,
    SoundEntry,
    UtteranceEntry,
    VoiceEntry,
)
from hy_audio.publish.model import Correction, Passage, Reading
from hy_audio.publish.site.reading import read_along
from hy_audio.script.compose import compose
from hy_audio.script.model import Script, Section, Utterance
from hy_audio.script.reword import reword
from hy_audio.script.settings import Settings

CUE_MS = 1_000
PAUSE_MS = 500
VOICE = VoiceEntry("tone", "tone", 1.0, "tone/1")
LONG = "桥头的早市天不亮就开了张，卖豆腐的老人把木板一块一块卸下来，热气漫过半条街。"


def placed(utterance: Utterance, start_ms: int, last_ms: int = CUE_MS) -> UtteranceEntry:
    """An utterance each of whose cues lasts a second."""
    count = sum(-(-(len(s.breaks) + 1) // 2) for s in utterance.sentences)
    starts = tuple(start_ms + n * CUE_MS for n in range(count))
    return UtteranceEntry(utterance.id, "", start_ms, starts[-1] + last_ms, starts)


def entry(section: Section, start_ms: int) -> SectionEntry:
    entries: list[UtteranceEntry] = []
    for utterance in section.utterances:
        begin_ms = entries[-1].end_ms + PAUSE_MS if entries else 100
        entries.append(placed(utterance, begin_ms))
    length_ms = entries[-1].end_ms + PAUSE_MS
    facts = (section.number, section.id, section.title, "", start_ms, length_ms)
    return SectionEntry(*facts, 1, "", "", 0.0, VOICE, (), tuple(entries))


def manifest_of(script: Script, label: str = "spoken") -> Manifest:
    entries: list[SectionEntry] = []
    for section in script.sections:
        start_ms = entries[-1].start_ms + entries[-1].duration_ms if entries else 0
        entries.append(entry(section, start_ms))
    end_ms = entries[-1].start_ms + entries[-1].duration_ms
    return Manifest(
        version=VERSION,
        slug="park",
        guid="guid",
        title=script.title,
        byline=script.byline,
        people=(),
        show="",
        date="",
        duration_ms=end_ms,
        source="park.txt",
        page=PageEntry(),
        voice=VOICE,
        sound=SoundEntry(48_000, 1, 96),
        label=LabelEntry(label, "", "人工智能合成。"),
        sections=tuple(entries),
        files={},
    )


def read(page: str, *, settings: Settings | None = None, captions: bool = True) -> Reading:
    script = compose(parse(page, read_captions=captions), settings)
    return read_along(manifest_of(script), script, page, ())


def passages(reading: Reading) -> list[Passage]:
    return [passage for part in reading.parts for passage in part.passages]


def texts(reading: Reading, *kinds: str) -> list[tuple[str, str]]:
    """Kinds and words of the passages, but those of the opening."""
    found = ((p.kind, "".join(s.text for s in p.sentences)) for p in passages(reading))
    return [(kind, text) for kind, text in found if not kinds or kind in kinds]


def article(*paragraphs: str) -> str:
    return "\n\n".join(("早市", "记者 林晓", *paragraphs)) + "\n"


# Times


def cue_starts(vtt: str) -> Iterator[int]:
    for hours, minutes, seconds, ms in re.findall(r"(\d+):(\d+):(\d+)\.(\d+) -->", vtt):
        yield ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(ms)


def test_every_sentence_of_a_real_episode_begins_with_a_cue_of_its_transcript(
    park_episode: Episode,
) -> None:
    reading = reading_of(park_episode.folder)
    heard = [s for p in passages(reading) for s in p.sentences if s.duration_ms]
    vtt = (park_episode.folder / "transcript.vtt").read_text("utf-8")
    assert len(heard) == 22
    assert {s.start_ms for s in heard} <= set(cue_starts(vtt))
    assert all(a.start_ms + a.duration_ms <= b.start_ms for a, b in pairwise(heard))
    assert reading.duration_ms == park_episode.manifest.duration_ms


def test_the_words_of_a_real_episode_are_those_of_the_page(park_episode: Episode) -> None:
    reading = reading_of(park_episode.folder)
    shown = "".join(text for kind, text in texts(reading) if kind != "disclosure")
    page = read_source(park_episode.folder)
    assert page is not None
    assert han(shown) == han(page.replace("扫一扫二维码，跟着航拍镜头游江畔。", ""))


def test_a_sentence_lasts_to_the_next_and_the_last_to_the_end_of_its_utterance() -> None:
    page = article("桥开了。人来了。")
    script = compose(parse(page))
    manifest = manifest_of(script)
    last = manifest.sections[-1]
    first, second = passages(read_along(manifest, script, page, ()))[-1].sentences
    utterance = last.utterances[-1]
    assert first.start_ms == last.start_ms + utterance.start_ms
    assert first.start_ms + first.duration_ms == second.start_ms
    assert second.start_ms + second.duration_ms == last.start_ms + utterance.end_ms


def test_a_sentence_of_several_cues_begins_with_the_first_of_them() -> None:
    long, short = passages(read(article(f"{LONG[:-1]}，{LONG}桥开了。")))[-1].sentences
    assert long.duration_ms > CUE_MS
    assert short.duration_ms == CUE_MS


def test_sentences_of_which_nothing_is_heard_share_the_time_of_the_next() -> None:
    page = article("桥开了。人来了。")
    script = compose(parse(page))
    manifest = manifest_of(script)
    *before, last = manifest.sections
    tied = UtteranceEntry(last.utterances[0].id, "", 100, 1100, (100, 100))
    sections = (*before, replaced(last, utterances=(tied,)))
    changed = replaced(manifest, sections=sections)
    first, second = passages(read_along(changed, script, page, ()))[-1].sentences
    assert (first.duration_ms, second.duration_ms) == (500, 500)


# Passages


def test_utterances_of_one_paragraph_are_one_passage() -> None:
    reading = read(article(LONG * 6, "桥开了。"))
    assert [len(p.sentences) for p in passages(reading) if p.kind == "paragraph"] == [6, 1]


def test_lines_that_were_joined_are_one_passage_and_others_are_not() -> None:
    lines = [LONG[n : n + 12] for n in range(0, len(LONG), 12)]
    page = article("　　" + "\n".join(lines), "　　" + "\n".join(lines))
    assert texts(read(page), "paragraph") == [("paragraph", LONG)] * 2


def test_each_line_of_a_verse_is_a_passage() -> None:
    verse = "蒸水不说话\n绕过三座桥\n又绕过我的童年\n把一件洗旧的衣裳\n还给了母亲"
    reading = read(f"## 白鹭洲\n\n去年秋天，我在这里写下这些句子。\n\n## 蒸水谣\n\n{verse}\n")
    assert [text for _, text in texts(reading, "verse")] == verse.split("\n")


def test_words_in_latin_script_keep_the_space_between_sentences() -> None:
    shown = texts(read(article("他说：We came. We saw. 然后走了。")), "paragraph")
    assert shown == [("paragraph", "他说：We came. We saw. 然后走了。")]


def test_lines_that_the_program_adds_keep_their_role() -> None:
    settings = Settings(show="云溪日报听报", disclosure="本节目由人工智能语音合成播报。")
    head = [p.kind for p in read(article("桥开了。"), settings=settings).parts[0].passages]
    assert head == ["show", "headline", "byline", "disclosure"]


def test_paragraphs_in_an_editors_words_stay_apart() -> None:
    page = article("桥开了。")
    script = compose(parse(page))
    words = f"{LONG * 4}\n{LONG}"
    script = reword(script, script.sections[-1].id, words, Settings())
    reading = read_along(manifest_of(script), script, page, ())
    assert [text for _, text in texts(reading, "paragraph")] == words.split("\n")


# Captions and credits


def test_a_caption_is_shown_without_what_announces_it_and_its_credit_below_it() -> None:
    page = article("桥开了。", "▲傍晚，市民在亲水平台上散步。 ■陈默 摄", "人来了。")
    reading = read(page)
    assert texts(reading, "paragraph", "caption", "credit") == [
        ("paragraph", "桥开了。"),
        ("caption", "傍晚，市民在亲水平台上散步。"),
        ("credit", "陈默 摄"),
        ("paragraph", "人来了。"),
    ]
    times = {p.kind: p.sentences[0].duration_ms for p in passages(reading)}
    assert times["caption"] > 0
    assert times["credit"] == 0


def test_a_credit_alone_stands_where_it_is_printed() -> None:
    page = article("桥开了。", "陈默 摄", "人来了。")
    shown = [kind for kind, _ in texts(read(page))][-3:]
    assert shown == ["paragraph", "credit", "paragraph"]


def test_captions_that_are_not_read_are_shown_and_never_marked() -> None:
    page = article("桥开了。", "▲傍晚，市民在亲水平台上散步。 ■陈默 摄", "人来了。")
    reading = read(page, captions=False)
    assert texts(reading, "caption", "credit") == [
        ("caption", "傍晚，市民在亲水平台上散步。"),
        ("credit", "陈默 摄"),
    ]
    silent = [p for p in passages(reading) if p.kind in ("caption", "credit")]
    assert all(s.duration_ms == 0 for p in silent for s in p.sentences)


def test_a_byline_below_the_text_does_not_take_a_credit_along() -> None:
    page = "早市\n\n桥开了，人来了，早市也开了。\n\n（记者 林晓）\n\n陈默 摄\n"
    reading = read(page)
    assert reading.parts[-1].passages[-1].kind == "credit"


def test_a_credit_with_an_invisible_character_in_it_is_one_passage() -> None:
    page = article("桥开了。", "▲傍晚，市民在平台上散步。 ■陈\u200b默 摄", "人来了。")
    assert texts(read(page), "credit") == [("credit", "陈默 摄")]


# What else a page tells


def correction(day: int) -> Correction:
    return Correction(datetime(2025, 5, day, tzinfo=UTC), f"更正{day}", ())


def test_corrections_come_the_latest_first(park_episode: Episode) -> None:
    reading = reading_of(park_episode.folder, (correction(2), correction(9), correction(5)))
    assert [c.when.day for c in reading.corrections] == [9, 5, 2]


@pytest.mark.parametrize(("label", "shown"), [("spoken", True), ("rhythm", True), ("off", False)])
def test_the_disclosure_is_there_unless_it_was_turned_off(label: str, shown: bool) -> None:
    page = article("桥开了。")
    script = compose(parse(page))
    reading = read_along(manifest_of(script, label), script, page, ())
    assert reading.disclosure == ("人工智能合成。" if shown else "")


def test_parts_are_the_chapters(park_episode: Episode) -> None:
    told = [(p.id, p.title, p.start_ms) for p in reading_of(park_episode.folder).parts]
    assert told == [(s.id, s.title, s.start_ms) for s in park_episode.manifest.sections]


@pytest.mark.parametrize("cut", ["sections", "utterances"])
def test_a_script_of_another_episode_is_refused(park_episode: Episode, cut: str) -> None:
    script, page = read_script(park_episode.folder), read_source(park_episode.folder)
    assert script is not None
    assert page is not None
    *others, last = script.sections
    shorter = [replace(last, utterances=last.utterances[:-1])] if cut == "utterances" else []
    with pytest.raises(ConfigError, match="do not belong together"):
        read_along(park_episode.manifest, replace(script, sections=(*others, *shorter)), page, ())
