import json
import os
import pty
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import SAMPLES, Episode, Run

PAGE = SAMPLES / "river-park.txt"
COMMANDS = ("build", "script", "sections", "voices", "cache", "cache info", "cache prune")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    assert f"Example: hy-audio {command}" in done.stdout


def test_the_version_is_told(run: Run) -> None:
    assert version("hy-audio") in run("--version").stdout


def test_build_prints_the_episode_and_its_sections_and_nothing_else(
    run: Run, tmp_path: Path
) -> None:
    done = run("build", PAGE, "-o", tmp_path, "--voice", "tone")
    head, *sections = done.stdout.splitlines()
    assert Path(head.split("  ")[0]).is_file()
    assert "tone:beep" in head
    assert [line.split()[0] for line in sections] == ["1", "2", "3", "4"]


def test_progress_goes_to_standard_error_in_plain_lines_where_there_is_no_terminal(
    run: Run, tmp_path: Path
) -> None:
    done = run("build", PAGE, "-o", tmp_path, "--voice", "tone")
    assert "speaking with tone:beep" in done.stderr
    assert "clip 13 of 13" in done.stderr
    assert "s of audio" in done.stderr
    assert "stitching" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("columns", ["80", "120"])
def test_progress_moves_on_a_terminal(
    tmp_path: Path, environment: dict[str, str], columns: str
) -> None:
    ours, theirs = pty.openpty()
    command = ["-m", "hy_audio", "build", str(PAGE), "-o", str(tmp_path), "--voice", "tone"]
    with subprocess.Popen(
        [sys.executable, *command],
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        env={**environment, "TERM": "xterm", "COLUMNS": columns},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 4096):
                shown += block
        except OSError:
            pass  # the other end is closed
    os.close(ours)
    assert process.returncode == 0
    text = shown.decode()
    assert "speaking with tone:beep (as asked)" in text
    assert "clip 13 of 13" in text
    assert "s of audio" in text
    assert "0:00:00" in text, "what remains"
    assert "\x1b[" in text


def test_several_articles_make_several_episodes(run: Run, tmp_path: Path) -> None:
    pages = [SAMPLES / "river-park.txt", SAMPLES / "no-headings.txt"]
    done = run("build", *pages, "-o", tmp_path, "--voice", "tone")
    assert done.returncode == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_several_articles_as_json_are_a_line_each(run: Run, tmp_path: Path) -> None:
    pages = [SAMPLES / "river-park.txt", SAMPLES / "harvest.txt"]
    done = run("build", *pages, "-o", tmp_path, "--voice", "tone", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [t["source"] for t in told] == list(map(str, pages))
    assert [w["line"] for w in told[1]["warnings"]] == [47]


@pytest.mark.parametrize("extra", [["none.txt"], [str(SAMPLES / "harvest.txt"), "--title", "题"]])
def test_several_articles_are_checked_before_the_first_is_built(
    run: Run, tmp_path: Path, extra: list[str]
) -> None:
    done = run("build", PAGE, *extra, "-o", tmp_path / "output", "--voice", "tone")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "output").exists()


def test_a_wrong_option_is_one_line_that_names_the_help(run: Run) -> None:
    done = run("build", PAGE, "--date", "yesterday")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "--date" in line
    assert "hy-audio build --help" in line


def test_an_article_can_come_through_a_pipe(run: Run, tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    done = run("build", "-", "-o", tmp_path, "--voice", "tone", "--json", typed=text)
    assert json.loads(done.stdout)["sections"][0]["title"] == "开场"


def test_script_as_json_has_the_shape_that_is_promised(run: Run) -> None:
    told = json.loads(run("script", PAGE, "--format", "json").stdout)
    assert set(told) == {"title", "byline", "sections", "ledger", "warnings"}
    section = told["sections"][1]
    assert set(section) == {"number", "id", "title", "utterances"}
    spoken = section["utterances"][0]
    assert {"id", "kind", "display", "spoken", "pinyin", "source"} < set(spoken)
    start, end = spoken["source"]
    source = PAGE.read_text("utf-8")
    assert source[start:end] == spoken["display"]
    assert set(told["ledger"][0]) == {"start", "end", "fate", "rule", "text"}
    assert "".join(span["text"] for span in told["ledger"]) == source


def test_words_of_the_lexicon_come_from_the_file_and_say_wins_over_it(
    run: Run, tmp_path: Path
) -> None:
    config = tmp_path / "own.toml"
    config.write_text('[lexicon]\n"长回路" = "zhang3 hui2 lu4"\n"R&D" = "研发"\n', "utf-8")
    page = tmp_path / "page.txt"
    page.write_text("新桥通车了\n\n长回路边上有人做R&D，走长回路去看看。", "utf-8")

    def said(*options: str) -> tuple[str, list[str]]:
        done = run("--config", config, "script", page, "--format", "json", *options)
        last = json.loads(done.stdout)["sections"][-1]["utterances"][-1]
        assert "R&D" in last["display"]
        return last["spoken"], last["pinyin"]

    spoken, pinyin = said()
    assert "有人做研发" in spoken
    assert pinyin[:3] == ["zhang3", "hui2", "lu4"]
    spoken, pinyin = said("--say", "长回路=cháng huí lù", "--say", "R&D=攻关")
    assert "有人做攻关" in spoken
    assert pinyin[:3] == ["chang2", "hui2", "lu4"]


@pytest.mark.parametrize("command", ["build", "script"])
def test_a_wrong_entry_of_the_lexicon_is_one_line(run: Run, command: str) -> None:
    done = run(command, PAGE, "--say", "崇福=chong6 fu2")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "崇福" in line
    assert "chong6 is no pinyin" in line


def test_script_as_text_says_what_is_silent_and_why(run: Run) -> None:
    done = run("script", PAGE)
    assert "Not spoken" in done.stdout
    assert "line 24   prompt" in done.stdout
    assert "credit" in done.stdout


def test_script_as_text_shows_warnings_with_their_line(run: Run) -> None:
    done = run("script", SAMPLES / "harvest.txt")
    assert "line 47   lost-text" in done.stdout


def test_build_prints_its_warnings_with_their_line(run: Run, tmp_path: Path) -> None:
    done = run("build", SAMPLES / "harvest.txt", "-o", tmp_path, "--voice", "tone")
    (warning,) = [line for line in done.stdout.splitlines() if line.startswith("warning: ")]
    assert "line 47: text is lost" in warning


def test_sections_lists_what_was_built(run: Run, park_episode: Episode) -> None:
    for place in (park_episode.folder, park_episode.folder / "episode.mp3"):
        lines = run("sections", place).stdout.splitlines()
        assert len(lines) == 4
        assert lines[2].split()[0] == "3"
        assert "旧码头变成会客厅" in lines[2]
        assert "[jiu-ma-tou-bian-cheng-hui-ke-ting]" in lines[2]


def test_sections_as_json_adds_up_to_the_episode(run: Run, park_episode: Episode) -> None:
    told = json.loads(run("sections", park_episode.folder, "--json").stdout)
    assert [s["number"] for s in told] == [1, 2, 3, 4]
    assert sum(s["duration_ms"] for s in told) == park_episode.manifest.duration_ms


def test_voices_lists_each_engine_and_says_which_can_t_be_used(run: Run) -> None:
    done = run("voices")
    assert done.returncode == 0
    assert "kokoro:zm_yunjian" in done.stdout
    assert "(default)" in done.stdout
    assert "tone:beep" in done.stdout
    assert "edge: not available:" in done.stdout


def test_voices_of_one_engine_as_json(run: Run) -> None:
    (told,) = json.loads(run("voices", "--engine", "kokoro", "--json").stdout)
    assert told["engine"] == "kokoro"
    assert {v["gender"] for v in told["voices"]} == {"female", "male"}
    assert len(told["voices"]) == 8


def test_a_configuration_file_names_the_show_and_the_voice(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hy-audio.toml").write_text(
        '[show]\nname = "云溪早班车"\n[speech]\nvoice = "tone"\nrate = 1.5\n', "utf-8"
    )
    done = run("build", PAGE, "--json", cwd=tmp_path)
    folder = tmp_path / json.loads(done.stdout)["folder"]
    manifest = json.loads((folder / "episode.json").read_text("utf-8"))
    assert manifest["show"] == "云溪早班车"
    assert manifest["voice"]["rate"] == 1.5
    script = json.loads((folder / "script.json").read_text("utf-8"))
    assert script["sections"][0]["utterances"][0]["spoken"] == "云溪早班车。"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[show]\nnmae = 'x'\n", "nmae"),
        ("[speech]\nrate = 9\n", "rate"),
        ("[show\n", "hy-audio.toml"),
        ("[script]\ndisclosure = ' '\n", "disclosure"),
        ("[script]\ncaptions = 'sing'\n", "captions"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    run: Run, tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "hy-audio.toml").write_text(text, "utf-8")
    done = run("build", PAGE, cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert named in line
    assert not (tmp_path / "output").exists()


def test_a_configuration_file_with_a_byte_order_mark_is_read(run: Run, tmp_path: Path) -> None:
    text = '[speech]\nvoice = "tone"\n'
    (tmp_path / "hy-audio.toml").write_bytes(text.encode("utf-8-sig"))
    assert run("build", PAGE, cwd=tmp_path).returncode == 0


def test_a_configuration_file_in_another_encoding_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hy-audio.toml").write_bytes('[show]\nname = "早班车"\n'.encode("gb18030"))
    done = run("build", PAGE, cwd=tmp_path)
    assert done.returncode == 2
    assert "UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_configuration_file_that_was_named_must_be_there(run: Run, tmp_path: Path) -> None:
    done = run("--config", tmp_path / "none.toml", "build", PAGE)
    assert done.returncode == 2
    assert "none.toml" in done.stderr


def test_a_web_page_in_gbk_is_read_and_its_date_is_the_edition_s(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.htm"
    text = (
        '<html><head><meta name="pubdate" content="2024-07-02"></head><body><nav>导航</nav>'
        "<h1>新桥通车</h1><p>今早六点，新桥放行。</p></body></html>"
    )
    page.write_bytes(text.encode("gbk"))
    done = run("script", page, "--encoding", "gbk", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "导航" not in done.stdout
    for options, name in (((), "2024-07-02-"), (("--date", "2024-07-03"), "2024-07-03-")):
        done = run("build", page, "-o", tmp_path, "--voice", "tone", "--json", *options)
        assert done.returncode == 0, done.stderr
        assert Path(json.loads(done.stdout)["folder"]).name.startswith(name)


def test_an_engine_alone_takes_the_voice_that_the_configuration_has_of_it(
    run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("天气\n\n今天有雨。\n", "utf-8")
    config = tmp_path / "own.toml"
    config.write_text('[speech]\nvoice = "kokoro:zm_yunxi"\n', "utf-8")
    told = {}
    for voice in ("kokoro", "kokoro:zf_xiaobei", "tone"):
        options = ["build", page, "-o", tmp_path / voice, "--voice", voice, "--json"]
        built = json.loads(run("--config", config, *options).stdout)
        told[voice] = built["voice"]["name"]
    assert told == {
        "kokoro": "zm_yunxi",
        "kokoro:zf_xiaobei": "zf_xiaobei",
        "tone": "beep",
    }


def test_settings_named_after_the_command_are_told_to_stand_before_it(run: Run) -> None:
    done = run("build", "x", "--config", "y")
    assert done.returncode == 2
    assert done.stderr.startswith("hy-audio: --config FILE stands before the command")


def test_a_command_without_its_argument_is_one_line_that_ends_once(run: Run) -> None:
    assert run("build").stderr.endswith("Missing argument 'SOURCE...'. See hy-audio build --help\n")
