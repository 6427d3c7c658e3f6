"""Bad input gets one clear line and exit status 2, and nothing is written."""

from pathlib import Path

import pytest
from conftest import SAMPLES, Run

PAGE = SAMPLES / "river-park.txt"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.txt"


def refused(run: Run, *arguments: object, output: Path, **options: object) -> str:
    done = run("build", *arguments, "-o", output, **options)
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    line = done.stderr.splitlines()[-1]
    assert line.startswith("hy-audio: ")
    assert "Traceback" not in done.stderr
    assert not list(output.rglob("*")) if output.is_dir() else True
    return line


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t \r\n\xe3\x80\x80\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("中文\0中文".encode(), "binary"),
        ("衡阳日报".encode() + b"\xff", "save it"),
        (b"%PDF-1.4", "PDF"),
        (b"Only English here, 123.", "no Chinese characters"),
        ("，。！？".encode(), "no Chinese characters"),
        ("Hello world. This is news.\n\n■王小五 摄\n".encode(), "nothing in this article"),
        ("扫一扫，更多精彩。\n\n■王五 摄\n".encode(), "nothing in this article can be spoken"),
    ],
)
def test_a_file_that_can_t_be_read_aloud(
    run: Run, page: Path, tmp_path: Path, data: bytes, said: str
) -> None:
    page.write_bytes(data)
    line = refused(run, page, "--voice", "tone", output=tmp_path / "output")
    assert said in line
    assert not (tmp_path / "output").exists()


def test_no_such_file(run: Run, page: Path, tmp_path: Path) -> None:
    assert "no such file" in refused(run, page, output=tmp_path / "output")


def test_a_directory(run: Run, tmp_path: Path) -> None:
    assert "directory" in refused(run, SAMPLES, output=tmp_path / "output")


@pytest.mark.parametrize(
    ("voice", "nearest"),
    [("kokro", "kokoro"), ("kokoro:zf_xiaoxiaoo", "zf_xiaoxiao"), ("tone:beeb", "beep")],
)
def test_an_unknown_voice_or_engine_names_the_nearest(
    run: Run, tmp_path: Path, voice: str, nearest: str
) -> None:
    line = refused(run, PAGE, "--voice", voice, output=tmp_path / "output")
    assert f"did you mean {nearest}" in line


def test_an_online_voice_without_a_network_says_so(run: Run, tmp_path: Path) -> None:
    line = refused(run, PAGE, "--voice", "edge", output=tmp_path / "output")
    assert "edge" in line
    assert "can't be reached" in line


def test_an_output_that_is_a_file(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("a file")
    assert "-o" in refused(run, PAGE, "--voice", "tone", output=output)
    assert output.read_text() == "a file"


def test_an_output_that_can_t_be_written_to(run: Run) -> None:
    assert "-o" in refused(run, PAGE, "--voice", "tone", output=Path("/proc/no/such"))


def test_a_cache_that_can_t_be_written_to(
    run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "cache").write_text("a file")
    own = {**environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    line = refused(run, PAGE, "--voice", "tone", output=tmp_path / "output", env=own)
    assert str(tmp_path / "cache") in line


def test_a_damaged_manifest_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "episode.json").write_text("{]")
    done = run("sections", tmp_path)
    assert done.returncode == 2
    assert "damaged" in done.stderr


def test_a_folder_that_is_no_episode(run: Run, tmp_path: Path) -> None:
    done = run("sections", tmp_path)
    assert done.returncode == 2
    assert "not an episode" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--encoding", "martian"], "no encoding called 'martian'"),
        (["--encoding", "big5"], "not big5"),
    ],
)
def test_an_encoding_that_is_none_or_does_not_fit(
    run: Run, page: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    page.write_bytes("今早六点，新桥放行。".encode() + b"\xff")
    line = refused(run, page, *options, "--voice", "tone", output=tmp_path / "output")
    assert said in line


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/page.html", "--allow-private"),
        ("http://localhost:9/page.html", "--allow-private"),
        ("ftp://127.0.0.1/page.html", "only http and https"),
    ],
)
def test_an_address_that_must_not_be_read(run: Run, tmp_path: Path, url: str, said: str) -> None:
    line = refused(run, url, "--voice", "tone", output=tmp_path / "output")
    assert line.startswith(f"hy-audio: {url}: ")
    assert said in line
