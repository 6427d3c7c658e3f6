"""A shelf behind the clip store, for all machines that share it: the adapter of opendal.

Credentials are those that the clouds' own tools take from the environment; an address holds none,
so it can be shown. Whoever may write to a shelf decides what its readers hear.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from hy_audio.errors import ConfigError
from hy_audio.speech.store import Shelf

if TYPE_CHECKING:
    from opendal import Operator

T = TypeVar("T")
Options = Iterator[tuple[str, str]]

_OPERATION_S = 20.0
_TRIES = 2


def _folder(parts: SplitResult) -> Options:
    path = unquote(parts.path)
    if parts.netloc or not path.strip("/"):
        raise ValueError(f"write {parts.scheme}:///folder, with three slashes")
    yield "root", path
    yield "atomic_write_dir", f"{path.rstrip('/')}/.unfinished"


def _memory(parts: SplitResult) -> Options:
    yield "root", f"/{parts.netloc}{unquote(parts.path)}"


def _bucket(parts: SplitResult) -> Options:
    if not parts.netloc:
        raise ValueError(f"write {parts.scheme}://bucket/folder")
    yield "bucket", parts.netloc
    yield "root", unquote(parts.path) or "/"


def _webdav(parts: SplitResult) -> Options:
    if not parts.hostname:
        raise ValueError(f"write {parts.scheme}://host/folder")
    web = "https" if parts.scheme == "webdavs" else "http"
    yield "endpoint", f"{web}://{parts.netloc}"
    yield "root", unquote(parts.path) or "/"


@dataclass(frozen=True, slots=True)
class _Service:
    """How an address becomes the options of one of opendal's services."""

    name: str
    """As opendal calls it."""
    options: Callable[[SplitResult], Options]
    """Read from the address; ValueError says how it should be written."""
    environment: Mapping[str, tuple[str, ...]]
    """Options and the variables they may come from; what opendal finds by itself is not here."""
    query: tuple[str, ...] = ()
    """Options that may follow the `?`."""
    endpoint: str = ""
    """Endpoint of a region."""


_LOCAL = _Service("fs", _folder, {})
_DAV = _Service(
    "webdav",
    _webdav,
    {
        "username": ("WEBDAV_USERNAME",),
        "password": ("WEBDAV_PASSWORD",),
        "token": ("WEBDAV_TOKEN",),
    },
)
_SERVICES: Mapping[str, _Service] = {
    "fs": _LOCAL,
    "file": _LOCAL,
    "memory": _Service("memory", _memory, {}),
    "s3": _Service(
        "s3",
        _bucket,
        {
            "endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
            "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
        },
        ("endpoint", "region"),
    ),
    "oss": _Service(
        "oss",
        _bucket,
        {"endpoint": ("OSS_ENDPOINT",), "region": ("OSS_REGION", "ALIBABA_CLOUD_REGION")},
        ("endpoint", "region", "addressing_style"),
        "https://oss-{region}.aliyuncs.com",
    ),
    "cos": _Service(
        "cos",
        _bucket,
        {"endpoint": ("COS_ENDPOINT",), "region": ("TENCENTCLOUD_REGION",)},
        ("endpoint", "region"),
        "https://cos.{region}.myqcloud.com",
    ),
    "webdav": _DAV,
    "webdavs": _DAV,
}
"""What an address may begin with."""


class _OpendalShelf:
    """A shelf at an opendal operator; its errors become OSError, without what a server sent."""

    def __init__(self, operator: "Operator") -> None:
        self._operator = operator

    def read(self, name: str) -> bytes | None:
        from opendal.exceptions import NotFound

        try:
            return self._operator.read(name)
        except NotFound:
            return None
        except Exception as error:
            raise OSError(_reason(error)) from error

    def write(self, name: str, data: bytes) -> None:
        try:
            self._operator.write(name, data)
        except Exception as error:
            raise OSError(_reason(error)) from error


def open_shelf(url: str) -> Shelf:
    """Open a shelf: `fs:///folder`, `s3://bucket/folder?region=…`, `oss://`, `cos://`, `webdavs://`.

    Raises:
        ConfigError: the address can't be used, or opendal is not installed.
        OSError: it can't be opened.
    """
    service, options = _read_address(url, os.environ)
    try:
        from opendal import Operator
        from opendal.exceptions import ConfigInvalid
        from opendal.layers import RetryLayer, TimeoutLayer
    except ImportError as error:
        raise ConfigError("a store needs opendal; pip install 'hy-audio[store]'") from error
    limit = TimeoutLayer(timeout=_OPERATION_S, io_timeout=_OPERATION_S)
    again = RetryLayer(max_times=_TRIES, min_delay=0.5, jitter=True)
    try:
        return _OpendalShelf(Operator(service, **options).layer(limit).layer(again))
    except ConfigInvalid as error:
        raise _wrong(
            url, f"{_first_line(error)}; give it after a ? or in the environment"
        ) from error
    except Exception as error:
        raise OSError(_reason(error)) from error


def _read_address(url: str, environment: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The service of an address and its options. Pure.

    Raises:
        ConfigError: the address can't be used.
    """
    try:
        parts = urlsplit(url)
        query = dict(
            parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        )
    except ValueError as error:
        raise ConfigError(
            "the store's address can't be read; write it as s3://bucket/folder"
        ) from error
    if "@" in parts.netloc:
        raise ConfigError("the store's address must not hold a password; set it in the environment")
    service = _SERVICES.get(parts.scheme)
    if service is None:
        known = ", ".join(f"{scheme}://" for scheme in _SERVICES)
        raise _wrong(url, f"it has to begin with one of {known}")
    if unknown := [name for name in query if name not in service.query]:
        known = " and ".join(service.query) or "nothing"
        raise _wrong(url, f"after the ? may stand {known}, not {unknown[0]}")
    try:
        options = dict(service.options(parts))
    except ValueError as error:
        raise _wrong(url, str(error)) from error
    for option, variables in service.environment.items():
        value = next(filter(None, (environment.get(v) for v in variables)), None)
        if value:
            options[option] = value
    options |= query
    if service.endpoint and (region := options.pop("region", None)):
        options.setdefault("endpoint", service.endpoint.format(region=region))
    return service.name, options


def _wrong(url: str, problem: str) -> ConfigError:
    return ConfigError(f"store {url.partition('?')[0]}: {problem}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].partition("=> ")[2] or "it can't be used"


def _reason(error: Exception) -> str:
    """What happened, by kind, with the system's own word where there is one."""
    from opendal import exceptions as kinds

    reasons: tuple[tuple[type[Exception], str], ...] = (
        (kinds.PermissionDenied, "access is denied"),
        (kinds.RateLimited, "it asks for fewer requests"),
        (kinds.NotFound, "there is no such bucket or folder"),
        (kinds.Unsupported, "it can't do that"),
    )
    text = next((text for kind, text in reasons if isinstance(error, kind)), "it failed")
    _, _, source = str(error).partition("Source:\n")
    detail = source.strip().partition("\n")[0].rpartition(": ")[2]
    return f"{text}: {detail[:80]}" if detail else text


class _Forgiving:
    """A shelf that is told of once when it fails, and then left alone."""

    def __init__(self, shelf: Shelf, tell: Callable[[OSError], None]) -> None:
        self._shelf, self._tell = shelf, tell
        self._lock = threading.Lock()
        self._failed = False

    def read(self, name: str) -> bytes | None:
        return self._try(lambda: self._shelf.read(name))

    def write(self, name: str, data: bytes) -> None:
        self._try(lambda: self._shelf.write(name, data))

    def _try(self, work: Callable[[], T]) -> T | None:
        if self._failed:
            return None
        try:
            return work()
        except OSError as error:
            with self._lock:
                first, self._failed = not self._failed, True
            if first:
                self._tell(error)
            return None


def forgiving(url: str, note: Callable[[str], None]) -> Shelf | None:
    """A shelf for a build: the first time it fails is noted, and the build goes on without it.

    Raises:
        ConfigError: the address can't be used, or opendal is not installed.
    """

    def tell(error: OSError) -> None:
        place = url.partition("?")[0]
        note(f"warning: the store {place} can't be used ({error}); clips are kept here only")

    if not url:
        return None
    try:
        return _Forgiving(open_shelf(url), tell)
    except OSError as error:
        tell(error)
        return None
