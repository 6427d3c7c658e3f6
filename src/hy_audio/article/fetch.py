"""A page from the web, with limits on time, size, redirects, and on where it may come from.

Every address that a name resolves to is checked, and the connection goes to the very addresses that
were checked: the name is not looked up again. No proxy is used (it would resolve names itself), no
cookie kept, no referrer sent.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hy_audio.errors import SourceError

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import AbstractResolver
    from yarl import URL

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], list[str]]
"""Resolves a name and a port to numeric addresses; it may block, and raise OSError."""

USER_AGENT = "hy-audio"
"""What a server is told."""
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
"""Media types of a web page."""
MARKDOWN_TYPES = frozenset({"text/markdown", "text/x-markdown"})
"""Media types of Markdown."""
TYPES = HTML_TYPES | MARKDOWN_TYPES | {
    "text/plain",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/octet-stream",
    "",
}  # fmt: skip
"""Media types that are read; of the last two the content decides."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How much patience a fetch has."""

    total_s: float = 30.0
    """For everything, redirects too."""
    connect_s: float = 10.0
    """For looking a name up and connecting."""
    max_bytes: int = 10_000_000
    """Of the body, after decompression."""
    redirects: int = 5
    """How many are followed."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent."""

    data: bytes
    """The body, decompressed."""
    media_type: str
    """In small letters, without parameters; empty where the server tells none."""
    charset: str
    """What the server says of the encoding; empty where it says nothing."""


class _Forbidden(Exception):
    """An address that must not be read from. Not an OSError: aiohttp would wrap it."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet.

    Not loopback, link-local, private, shared (CGNAT), multicast, reserved or unspecified, nor an
    IPv6 address that only wraps such an IPv4 address.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name, by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    allow_private: bool = False,
    limits: Limits | None = None,
    may_connect: Callable[[Address], bool] = is_public,
    lookup: Lookup = look_up,
) -> Fetched:
    """Read a page.

    Args:
        url: an http or https address.
        allow_private: whether it may come from an address that `may_connect` forbids.
        limits: of time, size and redirects.
        may_connect: which addresses are open to everyone.
        lookup: resolves names.

    Raises:
        SourceError: it can't be had, or must not; one line that says what to do.
    """
    allowed = (lambda _: True) if allow_private else may_connect
    return asyncio.run(_Fetch(url, limits or Limits(), allowed, lookup).run())


def display(url: str) -> str:
    """A URL for messages: without a password, and with what can't be printed escaped."""
    from yarl import URL

    try:
        return str(URL(url).with_user(None))
    except ValueError:
        return url.encode("ascii", "backslashreplace").decode()


@dataclass(slots=True)
class _Fetch:
    """One fetch: the redirects are followed here, so that each hop is checked."""

    url: str
    limits: Limits
    allowed: Callable[[Address], bool]
    lookup: Lookup

    async def run(self) -> Fetched:
        import aiohttp

        try:
            async with asyncio.timeout(self.limits.total_s), self._session() as session:
                return await self._follow(session)
        except _Forbidden as error:
            raise self._error(str(error)) from None
        except TimeoutError:
            problem = f"no answer within {self.limits.total_s:g} seconds; try again later"
            raise self._error(problem) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._error(_problem(error)) from error

    def _session(self) -> "ClientSession":
        from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

        timeout = ClientTimeout(total=None, connect=self.limits.connect_s)
        resolver = _guard(self.allowed, self.lookup)
        connector = TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
        return ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            timeout=timeout,
            trust_env=False,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": "text/html, text/plain, text/markdown, */*;q=0.1",
                "Accept-Encoding": "gzip, deflate",
            },
        )

    async def _follow(self, session: "ClientSession") -> Fetched:
        from yarl import URL

        url = URL(self.url)
        for _ in range(self.limits.redirects + 1):
            self._check(url)
            async with session.get(url, allow_redirects=False) as response:
                target = response.headers.get("Location")
                if response.status not in _REDIRECTS or target is None:
                    return await self._read(response)
                url = url.join(URL(target))
        problem = f"more than {self.limits.redirects} redirects; give the address they lead to"
        raise self._error(problem)

    def _check(self, url: "URL") -> None:
        """The scheme, and an address written out: aiohttp asks the resolver for names only."""
        if url.scheme not in ("http", "https") or not url.host:
            raise self._error(f"leads to {url.scheme or 'no'}://; only http and https are read")
        try:
            address = ipaddress.ip_address(url.host.partition("%")[0])
        except ValueError:
            return
        _require(self.allowed, url.host, [address])

    async def _read(self, response: "ClientResponse") -> Fetched:
        if response.status != 200:
            reason = f"the server answers {response.status} {response.reason or ''}".rstrip()
            raise self._error(f"{reason}; check the address in a browser")
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type not in TYPES:
            raise self._error(f"it is {media_type}, not an article; give a page, text or docx")
        if (response.content_length or 0) > self.limits.max_bytes:
            raise self._too_large()
        data = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            data += chunk
            if len(data) > self.limits.max_bytes:
                raise self._too_large()
        return Fetched(bytes(data), media_type, (response.charset or "").lower())

    def _too_large(self) -> SourceError:
        return self._error(f"larger than {self.limits.max_bytes / 1e6:g} MB; give one article")

    def _error(self, problem: str) -> SourceError:
        return SourceError(display(self.url), problem)


def _require(allowed: Callable[[Address], bool], host: str, addresses: list[Address]) -> None:
    """Refuse a host if any of its addresses is forbidden."""
    forbidden = next((one for one in addresses if not allowed(one)), None)
    if forbidden is not None:
        place = host if host == str(forbidden) else f"{host} ({forbidden})"
        raise _Forbidden(
            f"{place} is a private address, which is not read; "
            "--allow-private allows it, if you trust it"
        )


def _problem(error: Exception) -> str:
    """One line for a failure of the network."""
    import aiohttp

    problems: tuple[tuple[type[Exception], str], ...] = (
        (
            aiohttp.ClientConnectorCertificateError,
            "its certificate can't be trusted; look at it in a browser and save the page",
        ),
        (aiohttp.ClientSSLError, "no secure connection; try it in a browser, or with http://"),
        (aiohttp.ClientConnectorDNSError, "no such host; check the name and the network"),
        (aiohttp.ClientConnectorError, "can't be reached; check the address and the network"),
        (aiohttp.ServerDisconnectedError, "the server hung up; try again later"),
        (aiohttp.ClientPayloadError, "the page broke off or is packed wrongly; try again later"),
        (aiohttp.InvalidURL, "not an address that can be read; copy it from a browser"),
        (aiohttp.ClientResponseError, "the server's answer makes no sense; try it in a browser"),
        (ValueError, "not an address that can be read; copy it from a browser"),
    )
    general = "the connection failed; check the network"
    return next((text for kind, text in problems if isinstance(error, kind)), general)


def _guard(allowed: Callable[[Address], bool], lookup: Lookup) -> "AbstractResolver":
    """A resolver that lets through only hosts all of whose addresses are allowed."""
    from aiohttp.abc import AbstractResolver, ResolveResult

    class Guard(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            names = await _in_thread(lambda: lookup(host, port))
            addresses = [ipaddress.ip_address(name.partition("%")[0]) for name in names]
            _require(allowed, host, addresses)
            return [
                ResolveResult(
                    hostname=host,
                    host=name,
                    port=port,
                    family=socket.AF_INET if one.version == 4 else socket.AF_INET6,
                    proto=0,
                    flags=socket.AI_NUMERICHOST,
                )
                for one, name in zip(addresses, names, strict=True)
            ]

        async def close(self) -> None:
            """There is nothing to close."""

    return Guard()


async def _in_thread(call: Callable[[], list[str]]) -> list[str]:
    """Run a blocking call in a daemon thread: a slow name server must not outlast the limit."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[list[str]] = loop.create_future()

    def tell(setter: Callable[[Any], None], value: Any) -> None:
        def settle() -> None:
            if not done.done():
                setter(value)

        if not loop.is_closed():
            loop.call_soon_threadsafe(settle)

    def work() -> None:
        try:
            found = call()
        except OSError as error:
            tell(done.set_exception, error)
        else:
            tell(done.set_result, found)

    threading.Thread(target=work, daemon=True).start()
    return await done
