"""A shelf behind the store: shared by machines, verified, and never why a build fails."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, Run

from hy_audio.errors import ConfigError
from hy_audio.speech.shelf import forgiving
from hy_audio.speech.store import ClipStore, DamagedClip, Recording, Shelf
from hy_audio.storage import open_storage, read_address

KEY = "ab" * 32
NAME = f"ab/{KEY}.clip"
SOUND = Recording(b"sound", "audio/wav", 100, (), ())
SECRET = "hush-7Qz9Kd2LmPa4"


class Bucket:
    """An object store that speaks as much of S3, OSS and WebDAV as a shelf needs."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.status = 0
        self.asked: list[tuple[str, str, str]] = []
        """Method, path and `Authorization` of each request."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                who = self.headers.get("Authorization", "")
                bucket.asked.append((self.command, self.path, who))
                status, body = bucket.reply(self.command, self.path, data)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_MKCOL = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def reply(self, method: str, path: str, data: bytes) -> tuple[int, bytes]:
        if self.status:
            return self.status, f"<Error><Message>{SECRET}</Message></Error>".encode()
        if method == "GET":
            return (200, self.objects[path]) if path in self.objects else (404, b"")
        self.objects[path] = data
        return 201 if method == "MKCOL" else 200, b""


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    one = Bucket()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


@pytest.fixture(autouse=True)
def clouds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials in the environment, as the clouds' own tools take them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "who-aws")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "who-oss")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", "who-cos")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", SECRET)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "OSS_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


# What a shelf does


def folder(_: Bucket, tmp_path: Path) -> str:
    return f"fs://{tmp_path}/shared%20clips"


def memory(_: Bucket, tmp_path: Path) -> str:
    return "memory://"


def s3(bucket: Bucket, tmp_path: Path) -> str:
    return f"s3://paper/clips?endpoint=http://{bucket.address}&region=x"


def oss(bucket: Bucket, tmp_path: Path) -> str:
    return f"oss://paper/clips?endpoint=http://{bucket.address}&addressing_style=path"


@pytest.mark.parametrize("place", [folder, memory, s3, oss])
def test_what_is_put_on_a_shelf_can_be_read_from_it(
    bucket: Bucket, tmp_path: Path, place: Callable[[Bucket, Path], str]
) -> None:
    shelf = open_storage(place(bucket, tmp_path))
    assert shelf.read(NAME) is None
    shelf.write(NAME, b"one")
    shelf.write(NAME, b"two")
    assert shelf.read(NAME) == b"two"


def test_a_folder_holds_the_entries_under_their_names_and_nothing_unfinished(
    tmp_path: Path,
) -> None:
    open_storage(f"file://{tmp_path}/shared%20clips").write(NAME, b"one")
    found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == {f"shared clips/{NAME}"}


def test_each_cloud_is_told_who_asks_by_its_own_environment(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBDAV_USERNAME", "who-dav")
    monkeypatch.setenv("WEBDAV_PASSWORD", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{bucket.address}")
    monkeypatch.setenv("AWS_REGION", "x")
    for url in ("s3://paper/clips", oss(bucket, tmp_path), f"webdav://{bucket.address}/clips"):
        open_storage(url).read(NAME)
    (_, path, aws), (_, _, alibaba), (_, _, dav) = bucket.asked
    assert path == f"/paper/clips/{NAME}"
    assert "who-aws" in aws
    assert "who-oss" in alibaba
    assert base64.b64decode(dav.removeprefix("Basic ")) == f"who-dav:{SECRET}".encode()


def test_a_region_is_enough_for_clouds_whose_endpoints_follow_from_it() -> None:
    for url, endpoint in (
        ("oss://paper/clips?region=cn-hangzhou", "https://oss-cn-hangzhou.aliyuncs.com"),
        ("cos://paper-125/c?region=ap-guangzhou", "https://cos.ap-guangzhou.myqcloud.com"),
    ):
        assert read_address(url, {})[1]["endpoint"] == endpoint
        open_storage(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("paper/clips", "begin with"),
        ("ftp://paper", "begin with"),
        ("fs://clips", "three slashes"),
        ("fs:///", "three slashes"),
        ("s3:///clips?region=x", "s3://bucket/folder"),
        ("s3://paper", "region is missing"),
        ("oss://paper", "endpoint is empty"),
        ("s3://paper?region=x&acl=public", "endpoint and region, not acl"),
        ("fs:///tmp/x?root=/", "nothing, not root"),
        ("webdavs:///clips", "webdavs://host/folder"),
        ("s3://[paper", "can't be read"),
        ("s3://paper?region", "can't be read"),
        (f"webdavs://me:{SECRET}@nas/clips", "password"),
    ],
)
def test_an_address_that_can_t_be_used_is_one_line(url: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_storage(url)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_without_opendal_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opendal", None)
    with pytest.raises(ConfigError, match=r"hy-audio\[store\]"):
        open_storage("memory://")


# Two machines


def machine(tmp_path: Path, name: str, shelf: Shelf | None) -> ClipStore:
    return ClipStore(tmp_path / name / "clips", tmp_path / name / "bench", shelf)


@pytest.mark.parametrize("place", [folder, memory, s3])
def test_what_one_machine_speaks_the_other_has(
    bucket: Bucket, tmp_path: Path, place: Callable[[Bucket, Path], str]
) -> None:
    shelf = open_storage(place(bucket, tmp_path))
    made = machine(tmp_path, "one", shelf).put(KEY, SOUND)
    found = machine(tmp_path, "two", shelf).get(KEY)
    assert found
    assert found.sha256 == made.sha256
    assert found.path.read_bytes() == b"sound"
    assert machine(tmp_path, "two", None).get(KEY), "it is kept there now"


def test_a_damaged_object_is_made_again_for_all(tmp_path: Path) -> None:
    shelf = open_storage(f"fs://{tmp_path}/shelf")
    machine(tmp_path, "one", shelf).put(KEY, SOUND)
    there = tmp_path / "shelf" / NAME
    there.write_bytes(there.read_bytes()[:-1])
    two = machine(tmp_path, "two", shelf)
    with pytest.raises(DamagedClip):
        two.get(KEY)
    two.put(KEY, SOUND)
    assert machine(tmp_path, "three", shelf).get(KEY)


def test_two_machines_build_and_the_second_speaks_nothing_anew(
    run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    config = tmp_path / "hy-audio.toml"
    config.write_text(f'[speech]\nvoice = "tone"\nstore = "fs://{tmp_path}/shared"\n', "utf-8")

    def spoken(name: str, *options: str) -> int:
        env = {**environment, "XDG_CACHE_HOME": str(tmp_path / name)}
        place = ("-o", tmp_path / name / "output", "--json")
        page = SAMPLES / "no-headings.txt"
        done = run("--config", config, "build", page, *place, *options, env=env)
        assert done.returncode == 0, done.stderr
        count: int = json.loads(done.stdout)["clips"]["spoken"]
        return count

    everything = spoken("one")
    assert everything > 2
    assert spoken("two") == 0
    for path in (tmp_path / "shared").rglob("*.clip"):
        path.write_bytes(b"moth")
    assert spoken("three") == everything
    assert spoken("four") == 0
    assert spoken("five", "--store", "") == everything


# A shelf that fails


@pytest.mark.parametrize("status", [403, 400])
def test_a_shelf_that_fails_is_told_once_and_then_left_alone(
    bucket: Bucket, tmp_path: Path, status: int
) -> None:
    notes: list[str] = []
    bucket.status = status
    store = machine(tmp_path, "one", forgiving(s3(bucket, tmp_path), notes.append))
    assert store.get(KEY) is None
    store.put(KEY, SOUND)
    assert store.get(KEY)
    assert len(bucket.asked) == 1
    (note,) = notes
    assert note.startswith("warning: the store s3://paper/clips can't be used (")
    assert "\n" not in note
    assert SECRET not in note


def test_a_bucket_that_is_not_there_is_told_when_something_is_put_into_it(
    bucket: Bucket, tmp_path: Path
) -> None:
    notes: list[str] = []
    bucket.status = 404
    store = machine(tmp_path, "one", forgiving(s3(bucket, tmp_path), notes.append))
    assert store.get(KEY) is None
    assert notes == []
    store.put(KEY, SOUND)
    (note,) = notes
    assert "no such bucket" in note


def test_many_threads_hear_of_a_failure_once(bucket: Bucket, tmp_path: Path) -> None:
    notes: list[str] = []
    bucket.status = 403
    shelf = forgiving(s3(bucket, tmp_path), notes.append)
    assert shelf
    together = threading.Barrier(8)

    def read() -> None:
        together.wait()
        shelf.read(NAME)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes) == 1


def test_a_shelf_that_can_t_be_opened_is_told_and_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    notes: list[str] = []
    assert forgiving(f"fs://{tmp_path}/taken/clips", notes.append) is None
    assert "can't be used" in notes[0]


def test_a_build_goes_on_without_its_shelf_and_says_so_in_one_line(
    bucket: Bucket, run: Run, tmp_path: Path, environment: dict[str, str]
) -> None:
    bucket.status = 403
    env = {
        **environment,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "AWS_ACCESS_KEY_ID": "who",
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }
    options = ("-o", tmp_path / "out", "--voice", "tone", "--store", s3(bucket, tmp_path))
    done = run("build", SAMPLES / "no-headings.txt", *options, env=env)
    assert done.returncode == 0, done.stderr
    warnings = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 1
    assert "access is denied" in warnings[0]
    assert SECRET not in done.stdout + done.stderr


def test_a_build_with_a_wrong_address_ends_in_one_line(run: Run, tmp_path: Path) -> None:
    options = ("-o", tmp_path, "--voice", "tone", "--store", "s4://paper")
    done = run("build", SAMPLES / "no-headings.txt", *options)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "s4://paper" in line
    assert "s3://" in line
