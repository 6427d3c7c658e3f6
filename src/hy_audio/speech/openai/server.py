"""Where requests go: the settings, the key, and the way there.

The key comes from an environment variable, goes into one header and nowhere else. It is not sent
over plain http except to a private address.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import msgspec

from hy_audio.errors import ConfigError, EngineUnavailable
from hy_audio.speech.model import Setup
from hy_audio.speech.openai.answers import MOST_BYTES, NAME, Answer
from hy_audio.speech.settings import settings

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import ResolveResult

_BASE_URL = re.compile(r"https?://[^/?#@\\\s]+(/[^?#\\\s]*)?", re.ASCII)
_KEY_NAME = re.compile(r"([A-Z_][A-Z0-9_]*)?", re.ASCII)
_KEY = re.compile(r"[!-~]*")
_PRIVATE = tuple(
    ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)

_Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[engine.openai]` of hy-audio.toml."""

    base_url: str = ""
    """Address before `/audio/speech`, such as `http://tts.example:8880/v1`; it has to be given."""
    model: _Text = "tts-1"
    """Name of the model, as the server knows it."""
    voice: _Text = "alloy"
    """The voice for `--voice openai`."""
    format: Literal["wav", "mp3", "flac", "opus"] = "wav"
    """What the server is to send: `wav`, `mp3`, `flac` or `opus`."""
    key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key; empty for a server that needs none."""
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=64)] = 2
    """How many utterances it is asked for at a time."""
    connect_s: _Seconds = 10.0
    """Longest time for a connection, in seconds."""
    read_s: _Seconds = 120.0
    """Longest time for an utterance, to the last byte of the answer."""


class NoAnswer(Exception):
    """No answer came; the text says why, without a word of the server's."""


class _InPlainText(Exception):
    """The key would go over plain http to an address that is not private."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests go, and how."""

    settings: Settings
    key: str = field(repr=False)
    proxy: str = field(repr=False)

    @property
    def host(self) -> str:
        """Its name and port."""
        return urlsplit(self.settings.base_url).netloc

    @property
    def in_plain_text(self) -> bool:
        """Whether a key would be sent for all on the way to read."""
        return bool(self.key) and self.settings.base_url.startswith("http:")

    def require(self) -> None:
        """Raise EngineUnavailable if no server is set."""
        if not self.settings.base_url:
            advice = "give base_url in [engine.openai] of hy-audio.toml"
            raise EngineUnavailable(NAME, "no server is set", advice=advice)

    def session(self, total_s: float) -> "ClientSession":
        """Connections to it; each answer may take so many seconds."""
        from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

        resolver = _private_only() if self.in_plain_text else None
        headers = {"User-Agent": "hy-audio", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        return ClientSession(
            connector=TCPConnector(resolver=resolver),
            timeout=ClientTimeout(total=total_s, connect=self.settings.connect_s),
            cookie_jar=DummyCookieJar(),
            headers=headers,
        )

    async def ask(
        self, session: "ClientSession", method: str, path: str, order: object = None
    ) -> Answer:
        """Send a request; a redirect is not followed.

        Raises:
            NoAnswer: none came, or it broke off.
            EngineUnavailable: the key would go out in plain text.
        """
        import aiohttp

        url = self.settings.base_url + path
        try:
            async with session.request(
                method, url, json=order, allow_redirects=False, proxy=self.proxy or None
            ) as response:
                return await _read(response)
        except _InPlainText:
            raise EngineUnavailable(NAME, _plain_text(self.host), advice=_USE_HTTPS) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NoAnswer(f"{self.host}: {_reason(error)}") from None


def find_server(setup: Setup) -> Server:
    """Check the settings and find the key and the proxy."""
    own = _checked(setup.settings)
    parts = urlsplit(own.base_url)
    host = parts.hostname or ""
    key = os.environ.get(own.key_env, "").strip() if own.key_env else ""
    if not _KEY.fullmatch(key):
        raise _wrong(f"the key in {own.key_env} has characters that no key can have")
    proxy = "" if _loopback(host) else setup.proxy or _proxy_of_environment(parts.scheme, host)
    server = Server(own, key, proxy)
    if server.in_plain_text and (server.proxy or not _may_be_private(host)):
        raise _wrong(f"{_plain_text(server.host)}; {_USE_HTTPS}")
    return server


def _checked(table: Mapping[str, object]) -> Settings:
    own = settings(NAME, table, Settings)
    if table and not own.base_url:
        raise _wrong("`base_url` is missing; it is the address before /audio/speech")
    if own.base_url and not _is_base_url(own.base_url):
        # it may hold a password, so it is not quoted
        example = "http://127.0.0.1:8880/v1"
        raise _wrong(f"`base_url` has to be like {example}, without a password, ? and #")
    if not _KEY_NAME.fullmatch(own.key_env):
        # it may be the key itself, so it is not quoted
        raise _wrong("`key_env` has to be the name of an environment variable, in capitals")
    return msgspec.structs.replace(own, base_url=own.base_url.rstrip("/"))


def _is_base_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return bool(_BASE_URL.fullmatch(text) and parts.hostname) and port != 0


def _wrong(problem: str) -> ConfigError:
    return ConfigError(f"[engine.openai]: {problem}")


_USE_HTTPS = 'write https:// in base_url, or key_env = "" if it needs no key'


def _plain_text(host: str) -> str:
    return f"the key would go to {host} in plain text, beyond a private network or by a proxy"


def _proxy_of_environment(scheme: str, host: str) -> str:
    proxy = "" if proxy_bypass(host) else getproxies().get(scheme, "")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _may_be_private(host: str) -> bool:
    """Whether an address is private; of a name, that is seen when it is looked up."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return True
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return any(address in network for network in _PRIVATE)


def _private_only() -> Any:
    """A resolver that knows private addresses only; the connection goes to the very ones it saw."""
    import socket

    from aiohttp import ThreadedResolver

    class PrivateOnly(ThreadedResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> "list[ResolveResult]":
            found = await super().resolve(host, port, family)
            if not all(_may_be_private(one["host"]) for one in found):
                raise _InPlainText
            return found

    return PrivateOnly()


async def _read(response: "ClientResponse") -> Answer:
    data = bytearray()
    whole = (response.content_length or 0) <= MOST_BYTES
    if whole:
        async for chunk in response.content.iter_chunked(65_536):
            data += chunk
            if len(data) > MOST_BYTES:
                whole = False
                break
    return Answer(
        status=response.status,
        media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        retry_after=response.headers.get("Retry-After", ""),
        data=bytes(data),
        whole=whole,
    )


def _reason(error: Exception) -> str:
    """What went wrong, by kind: the error's own text may hold what the server sent."""
    import aiohttp

    reasons: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, "no answer in time"),
        (aiohttp.ClientConnectorCertificateError, "its certificate can't be trusted"),
        (aiohttp.ClientSSLError, "no secure connection"),
        (aiohttp.ClientConnectorDNSError, "no such host"),
        (aiohttp.ClientProxyConnectionError, "the proxy can't be reached"),
        (aiohttp.ClientHttpProxyError, "the proxy refuses"),
        (aiohttp.ClientConnectorError, "can't be reached"),
        (aiohttp.ClientPayloadError, "the answer broke off"),
        (aiohttp.ServerDisconnectedError, "the server hung up"),
        (aiohttp.ClientResponseError, "the answer makes no sense"),
        (ValueError, "the address or the proxy can't be used"),
    )
    general = "the connection failed"
    return next((text for kind, text in reasons if isinstance(error, kind)), general)
