"""The text that scripts/bench measures with; what it prints of time is nobody's promise."""

import re
import sys

import pytest
from bench import BENCHMARKS, main, news
from bench_edge import seconds
from bench_speech import SENTENCES, chosen_sentences

LONG_NUMBER = re.compile(r"\d{3,}")
DATE = re.compile(r"\d{1,2}月\d{1,2}日")


def test_each_copy_of_a_page_has_other_figures_and_the_same_days() -> None:
    pages = news(400_000)
    first = pages[0]
    copies = [page for page in pages if LONG_NUMBER.split(page) == LONG_NUMBER.split(first)]
    assert LONG_NUMBER.search(first)
    assert len(copies) == len(set(copies)) >= 3
    assert all(DATE.findall(page) == DATE.findall(first) for page in copies)


def test_pages_are_taken_without_the_script_written_beside_them() -> None:
    pages = news(40_000)
    assert sum(map(len, pages[:-1])) < 40_000 <= sum(map(len, pages))
    assert not [page for page in pages if ">>>>>>>>" in page or page.startswith("# ")]


def test_the_online_voice_is_measured_with_a_service_of_its_own() -> None:
    assert seconds(2, utterances=4, answer_s=0.0) > 0


def test_a_benchmark_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "sped"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "no such benchmark: sped" in capsys.readouterr().err
    assert "speed" in BENCHMARKS


def test_the_voice_is_measured_with_sentences_of_many_lengths() -> None:
    lengths = [len(sentence.spoken) for sentence in chosen_sentences()]
    assert len(lengths) == SENTENCES
    assert lengths == sorted(lengths)
    assert lengths[0] < 10 < 50 < lengths[-1]
