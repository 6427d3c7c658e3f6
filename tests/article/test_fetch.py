import asyncio
import gzip
import ipaddress
import ssl
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
import trustme
from aiohttp import web

from hy_audio.article.fetch import Address, Fetched, Limits, display, fetch, is_public
from hy_audio.article.model import Source
from hy_audio.article.read import read
from hy_audio.errors import SourceError

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
STORY = "<html><body><h1>新桥通车</h1><p>今早六点，新桥放行。</p></body></html>"
SHORT = Limits(total_s=0.3, connect_s=0.2, max_bytes=20_000)


@contextmanager
def serving(
    handler: Handler, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A real server on a loopback address; yields its URL."""
    loop = asyncio.new_event_loop()
    ready: list[str] = []
    started = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, host, 0, ssl_context=tls).start()
        port = runner.addresses[0][1]
        name = f"[{host}]" if ":" in host else host
        ready.append(f"{'https' if tls else 'http'}://{name}:{port}")
        started.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def answering(
    body: bytes = STORY.encode(), status: int = 200, kind: str = "text/html", **headers: str
) -> Handler:
    async def handler(_: web.BaseRequest) -> web.Response:
        told = {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return web.Response(body=body, status=status, headers=told)

    return handler


async def never(_: web.BaseRequest) -> web.Response:
    await asyncio.sleep(3600)
    raise AssertionError


def refused(url: str, limits: Limits | None = None, *, allow_private: bool = True) -> str:
    with pytest.raises(SourceError) as caught:
        fetch(url, limits=limits, allow_private=allow_private)
    assert caught.value.source == display(url)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value.problem


# What is read


def test_a_page_is_fetched_with_its_type_and_charset() -> None:
    with serving(answering(kind="Text/HTML; charset=GBK")) as url:
        page = fetch(url, allow_private=True)
    assert page == Fetched(STORY.encode(), "text/html", "gbk")


def test_a_page_is_read_to_its_blocks() -> None:
    with serving(answering(STORY.encode("gbk"), kind="text/html; charset=utf-8")) as url:
        page = read(f"{url}/桥.html?a=1", allow_private=True)
    assert page.text == "新桥通车\n\n今早六点，新桥放行。\n"
    assert page.name.startswith(url)


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "application/octet-stream"])
def test_texts_are_read_and_the_type_only_tips(kind: str) -> None:
    with serving(answering("# 新桥通车\n\n今早放行。\n".encode(), kind=kind)) as url:
        page = read(url, allow_private=True)
    assert page.text.startswith("新桥通车" if kind == "text/markdown" else "# 新桥通车")


def test_nothing_is_told_to_the_server_but_what_is_needed() -> None:
    seen: list[dict[str, str]] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        seen.append({k.lower(): v for k, v in request.headers.items()})
        if request.path == "/":
            raise web.HTTPFound("/next", headers={"Set-Cookie": "id=1"})
        return web.Response(text=STORY, content_type="text/html")

    with serving(handler) as url:
        fetch(url, allow_private=True)
    assert len(seen) == 2
    for headers in seen:
        assert headers["user-agent"] == "hy-audio"
        assert set(headers) - {"connection"} == {"host", "user-agent", "accept", "accept-encoding"}


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(answering()) as url:
        assert fetch(url, allow_private=True).data == STORY.encode()


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1",
        "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001:0:0:0:0:0:80ff:fffe",
    ],
)  # fmt: skip
def test_these_addresses_are_not_of_the_open_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_these_addresses_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_private_address_is_refused_with_the_name_of_the_flag() -> None:
    with serving(answering()) as url:
        problem = refused(url, allow_private=False)
    assert "127.0.0.1" in problem
    assert "--allow-private" in problem


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "127.1"])
def test_no_way_of_writing_it_gets_around(host: str) -> None:
    with serving(answering()) as url:
        port = url.rpartition(":")[2]
        assert refused(f"http://{host}:{port}/", allow_private=False)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.0.0.1."])
def test_odd_spellings_of_loopback_are_refused(host: str) -> None:
    with serving(answering()) as url:
        port = url.rpartition(":")[2]
        assert refused(f"http://{host}:{port}/", SHORT, allow_private=False)


def test_every_address_of_a_name_is_checked() -> None:
    def lookup(_: str, __: int) -> list[str]:
        return ["8.8.8.8", "10.0.0.1"]

    with pytest.raises(SourceError, match=r"paper\.example \(10\.0\.0\.1\) is a private address"):
        fetch("http://paper.example/", lookup=lookup)


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that changes its address after the check (DNS rebinding) is asked only once."""
    asked: list[str] = []

    def lookup(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    checked: list[str] = []

    def may_connect(address: Address) -> bool:
        checked.append(str(address))
        return str(address) == "127.0.0.1"

    with serving(answering()) as url:
        port = url.rpartition(":")[2]
        page = fetch(f"http://paper.example:{port}/", may_connect=may_connect, lookup=lookup)
    assert page.data == STORY.encode()
    assert asked == ["paper.example"]
    assert checked == ["127.0.0.1"]


def only_first(address: Address) -> bool:
    return str(address) == "127.0.0.1"


def test_a_redirect_to_a_private_address_is_refused() -> None:
    with serving(answering(), "127.0.0.2") as inner:

        async def handler(_: web.BaseRequest) -> web.Response:
            raise web.HTTPFound(inner)

        with (
            serving(handler) as url,
            pytest.raises(SourceError, match=r"127\.0\.0\.2 is a private .*--allow-private"),
        ):
            fetch(url, may_connect=only_first)


def test_a_redirect_to_a_name_that_is_private_is_refused() -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        raise web.HTTPMovedPermanently(f"http://inner.example:{request.url.port}/")

    def lookup(_: str, __: int) -> list[str]:
        return ["127.0.0.2"]

    with serving(handler) as url, pytest.raises(SourceError, match=r"inner\.example"):
        fetch(url, may_connect=only_first, lookup=lookup)


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1"]
)
def test_a_redirect_to_another_scheme_is_refused(target: str) -> None:
    with serving(answering(b"", 302, Location=target)) as url:
        assert "only http and https" in refused(url)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/a", "file:///etc/hostname", "HTTPX://a/", "javascript://x"]
)
def test_other_schemes_are_not_read(url: str) -> None:
    with pytest.raises(SourceError, match="only http and https"):
        read(url)


@pytest.mark.parametrize(
    "url", ["http://", "http:///x", "http://[::1", "http://a:99999/", "http://a b/"]
)
def test_what_is_no_address_is_told_in_one_line(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(url)
    assert len(str(caught.value).splitlines()) == 1


# Redirects


def hops(count: int) -> Handler:
    async def handler(request: web.BaseRequest) -> web.Response:
        at = int(request.path.strip("/") or 0)
        if at < count:
            raise web.HTTPSeeOther(f"/{at + 1}")
        return web.Response(text=STORY, content_type="text/html")

    return handler


def test_five_redirects_are_followed() -> None:
    with serving(hops(5)) as url:
        assert fetch(url, allow_private=True).data == STORY.encode()


@pytest.mark.parametrize("count", [6, 10_000])
def test_six_redirects_or_a_loop_are_not(count: int) -> None:
    with serving(hops(count)) as url:
        assert "more than 5 redirects" in refused(url)


# Limits


@pytest.mark.parametrize("where", ["head", "body", "drip"])
def test_a_server_that_never_ends_is_left(where: str) -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        if where == "head":
            return await never(request)
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while where == "drip":
            await response.write(b" ")
            await asyncio.sleep(0.01)
        await asyncio.sleep(3600)
        return response

    with serving(handler) as url:
        assert "no answer within 0.3 seconds" in refused(url, SHORT)


def test_the_time_limit_holds_for_all_redirects_together() -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        await asyncio.sleep(0.1)
        raise web.HTTPFound(f"/{request.path.count('/')}{request.path}")

    with serving(handler) as url:
        assert "no answer within" in refused(url, Limits(total_s=0.25))


def test_a_name_server_that_never_answers_is_left() -> None:
    hang = threading.Event()

    def lookup(_: str, __: int) -> list[str]:
        hang.wait()
        return []

    with pytest.raises(SourceError, match="no answer within"):
        fetch("http://paper.example/", limits=SHORT, lookup=lookup)
    hang.set()


@pytest.mark.parametrize("told", [True, False], ids=["length-told", "streamed"])
def test_a_page_too_large_is_refused(told: bool) -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        headers = {"Content-Type": "text/html"} | ({"Content-Length": "20001"} if told else {})
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        if told:
            await never(request)
        while True:
            await response.write(b"x" * 5000)

    limits = Limits(total_s=30, max_bytes=20_000)
    with serving(handler) as url:
        assert "larger than 0.02 MB" in refused(url, limits)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_page_is_measured_unpacked(coding: str) -> None:
    pack = gzip.compress if coding == "gzip" else zlib.compress
    bomb = pack(b"x" * 50_000_000)
    assert len(bomb) < 100_000
    with serving(answering(bomb, Content_Encoding=coding)) as url:
        assert "larger than 10 MB" in refused(url)


def test_a_packed_page_is_unpacked() -> None:
    with serving(answering(gzip.compress(STORY.encode()), Content_Encoding="gzip")) as url:
        assert fetch(url, allow_private=True).data == STORY.encode()


def test_a_page_of_exactly_the_limit_is_read() -> None:
    with serving(answering(b"x" * 20_000)) as url:
        assert len(fetch(url, allow_private=True, limits=SHORT).data) == 20_000


# Failures


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        (answering(status=404), "404 Not Found; check the address"),
        (answering(status=500), "500"),
        (answering(status=403), "403"),
        (answering(status=204, body=b""), "204"),
        (answering(status=302), "302"),
        (answering(kind="image/png"), "image/png, not an article"),
        (answering(kind="application/pdf"), "application/pdf"),
        (answering(b"no gzip", Content_Encoding="gzip"), "packed wrongly"),
    ],
    ids=["404", "500", "403", "204", "302-to-nowhere", "image", "pdf", "bad-gzip"],
)
def test_a_failure_is_one_line_with_advice(handler: Handler, says: str) -> None:
    with serving(handler) as url:
        assert says in refused(url)


def test_an_unknown_name_says_so() -> None:
    def lookup(_: str, __: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(SourceError, match="no such host; check the name"):
        fetch("http://no-such-paper.example/", lookup=lookup)


def test_a_port_where_nobody_listens_says_so() -> None:
    assert "can't be reached" in refused("http://127.0.0.1:9/")


def test_a_server_without_tls_says_so() -> None:
    with serving(answering()) as url:
        assert "no secure connection" in refused(url.replace("http://", "https://"))


def test_a_certificate_that_nobody_vouches_for_says_so_and_nothing_is_read() -> None:
    asked: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response(text=STORY, content_type="text/html")

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with serving(handler, tls=tls) as url:
        assert url.startswith("https://")
        assert "its certificate can't be trusted; look at it in a browser" in refused(url)
    assert asked == []


def test_a_page_that_breaks_off_says_so() -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        headers = {"Content-Type": "text/html", "Content-Length": "1000"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b"x")
        assert request.transport is not None
        request.transport.abort()
        return response

    with serving(handler) as url:
        assert "try again" in refused(url) or "failed" in refused(url)


def test_a_password_in_the_address_is_not_printed() -> None:
    with pytest.raises(SourceError) as caught:
        fetch("http://user:secret@127.0.0.1:9/a")
    assert "secret" not in str(caught.value)


def test_a_word_file_comes_from_the_web_too() -> None:
    from test_docx import plain

    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with serving(answering(plain(), kind=kind)) as url:
        page: Source = read(url, allow_private=True)
    assert page.text == "今早六点，新桥放行。\n"
