"""Real servers as local processes: nginx over a folder, S3 by moto, WebDAV by rclone."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT

LOOPBACK = "127.0.0.1"
DOCS = ROOT / "docs/publishing.md"
BUCKET = "yunxi-audio"
KEYS = {
    "AWS_ACCESS_KEY_ID": "an-id",
    "AWS_SECRET_ACCESS_KEY": "a-secret",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Site:
    """A place to publish to, and where it is seen."""

    kind: str
    target: str
    """What `--target` gets."""
    url: str
    """Its public address."""
    environment: dict[str, str] = field(default_factory=dict)
    """Credentials and such."""
    log: Path | None = None
    """What was asked for."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        port: int = one.getsockname()[1]
        return port


def answers(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server did not start"
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
        except OSError:
            continue
        return
    raise AssertionError("the server does not answer")


@contextmanager
def running(port: int, *command: object, **environment: str) -> Iterator[None]:
    """A server, until the end of the block."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, "PYTHONWARNINGS": "", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        answers(port, process)
        yield
    finally:
        process.terminate()
        process.wait(30)


NGINX = """
user {user};
daemon off;
pid {folder}/nginx.pid;
events {{}}
http {{
    include {types};
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root "{root}"; {documented} }}
}}
"""


def documented() -> str:
    """What docs/publishing.md has for the server of a folder."""
    (block,) = re.findall(r"```nginx\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return str(block)


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[Site]:
    """A folder behind nginx, as Debian configures it."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is not installed; scripts/test installs it"
    root.mkdir(parents=True, exist_ok=True)
    port, config = free_port(), folder / "nginx.conf"
    types = "/etc/nginx/mime.types"
    names = {"user": getuser(), "folder": folder, "port": port, "root": root, "types": types}
    config.write_text(NGINX.format(**names, documented=documented()), "utf-8")
    with running(port, program, "-c", config, "-e", folder / "error.log"):
        url = f"http://{LOOPBACK}:{port}/"
        yield Site("folder", str(root), url, log=folder / "access.log")


@contextmanager
def moto(folder: Path) -> Iterator[Site]:
    """A bucket that everybody may read."""
    port = free_port()
    endpoint = f"http://{LOOPBACK}:{port}"
    with running(port, sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", port, **KEYS):
        open_bucket(endpoint)
        environment = {**KEYS, "AWS_ENDPOINT_URL": endpoint}
        target, url = f"s3://{BUCKET}/podcast", f"{endpoint}/{BUCKET}/podcast/"
        yield Site("s3", target, url, environment)


def open_bucket(endpoint: str) -> None:
    """In a process of its own: the client of S3 leaves sockets behind that pytest would tell of."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/*",
            }
        ],
    }
    program = (
        "import boto3, sys; s3 = boto3.client('s3', endpoint_url=sys.argv[1]);"
        "s3.create_bucket(Bucket=sys.argv[2]);"
        "s3.put_bucket_policy(Bucket=sys.argv[2], Policy=sys.argv[3])"
    )
    subprocess.run(
        [sys.executable, "-c", program, endpoint, BUCKET, json.dumps(policy)],
        env={**os.environ, **KEYS, "PYTHONWARNINGS": ""},
        check=True,
    )


@contextmanager
def webdav(folder: Path) -> Iterator[Site]:
    """A folder behind rclone's WebDAV."""
    assert shutil.which("rclone"), "rclone is not installed; scripts/test installs it"
    port = free_port()
    config = folder / "rclone.conf"
    config.touch()
    address = f"{LOOPBACK}:{port}"
    served = folder / "served"
    served.mkdir()
    command = ("rclone", "serve", "webdav", "--config", config, "--addr", address, served)
    with running(port, *command):
        yield Site("webdav", f"webdav://{address}/podcast", f"http://{address}/podcast/")


KINDS = ("folder", "s3", "webdav")


@contextmanager
def serve(kind: str, folder: Path) -> Iterator[Site]:
    """A place of a kind."""
    if kind == "folder":
        with nginx(folder / "root", folder) as site:
            yield site
    elif kind == "s3":
        with moto(folder) as site:
            yield site
    else:
        with webdav(folder) as site:
            yield site


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Each kind of place, empty."""
    with serve(request.param, tmp_path) as found:
        yield found


def name_of(url: str) -> str:
    """The last part of an address."""
    return re.sub(r"/$", "", urlsplit(url).path).rpartition("/")[2]
