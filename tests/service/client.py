"""The service as tests hold it: start the process, tell it what to do wrong, see what it did."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from selectors import DefaultSelector
from typing import Any, TypeVar

T = TypeVar("T")

_TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class EdgeService:
    """A running service."""

    proxy: str
    """URL of the proxy that leads to it."""
    control: int
    """Port of its control."""
    authority: Path
    """Certificate to be trusted."""
    log: Path
    """What it did, a line of JSON for each request."""

    def begin(self, **faults: object) -> None:
        """Behave so from now on (see `faults.Faults`); counts and log begin anew."""
        self._ask("POST", "/begin", json.dumps(faults))

    def counts(self) -> dict[str, Any]:
        """How many requests there were, what was done with them, how many at once."""
        counted: dict[str, Any] = json.loads(self._ask("GET", "/counts"))
        return counted

    def requests(self) -> list[dict[str, Any]]:
        """The log."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def environment(self, outside: Mapping[str, str]) -> dict[str, str]:
        """For a process that shall reach the service and trust it."""
        path = (str(_TESTS / "service/trust"), outside.get("PYTHONPATH", ""))
        return {
            **outside,
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "HY_AUDIO_TEST_AUTHORITY": str(self.authority),
            "HTTPS_PROXY": self.proxy,
            "https_proxy": self.proxy,
        }

    def _ask(self, method: str, path: str, body: str = "") -> bytes:
        connection = HTTPConnection("127.0.0.1", self.control, timeout=60)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            told = answer.read()
            assert answer.status == 200, told
            return told
        finally:
            connection.close()


@contextmanager
def running(folder: Path) -> Iterator[EdgeService]:
    """Start the service; on leaving, close its input and wait for its end."""
    command = [sys.executable, "-m", "service", "--folder", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        assert process.stdout
        places = json.loads(process.stdout.readline())
        yield EdgeService(
            f"http://127.0.0.1:{places['proxy']}",
            places["control"],
            Path(places["authority"]),
            Path(places["log"]),
        )
        process.communicate(timeout=60)


def trust(authority: Path) -> None:
    """Let the client in this process trust a service. Nothing else of the client is touched."""
    import edge_tts.communicate
    import edge_tts.voices

    for module in (edge_tts.communicate, edge_tts.voices):
        module._SSL_CTX.load_verify_locations(authority)


def settled(work: Coroutine[Any, Any, T]) -> T:
    """Run it in a loop of its own, until its connections are closed as well.

    The client leaves it to the loop to end a connection with TLS. A program may end meanwhile; a
    test that counts open sockets as errors may not.
    """
    selector = DefaultSelector()

    async def run() -> T:
        try:
            return await work
        finally:
            while len(selector.get_map()) > 1:  # the loop's own pipe remains
                await asyncio.sleep(0.001)
            await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        return runner.run(run())
