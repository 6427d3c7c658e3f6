"""Object stores and folders of many kinds, by address: the adapter of opendal.

Credentials are those that the clouds' own tools take from the environment; an address holds none,
so it can be shown.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from hy_audio.errors import ConfigError

if TYPE_CHECKING:
    from opendal import Operator

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


class Changed(OSError):
    """Something is not what a condition says."""


@dataclass(frozen=True, slots=True)
class Stat:
    """What a store tells of a file."""

    length: int
    """Bytes."""
    version: str
    """Its ETag; empty where the store gives none."""
    modified: datetime | None
    """When it was written, by the store's clock."""


class Storage:
    """A store; its errors become OSError, without what a server sent."""

    def __init__(self, operator: "Operator") -> None:
        self._operator = operator
        self._can = operator.capability()

    @property
    def has_conditions(self) -> bool:
        """Whether a file can be replaced on condition that nobody else did."""
        return bool(self._can.write_with_if_match and self._can.write_with_if_not_exists)

    @property
    def has_rename(self) -> bool:
        """Whether a file can be written beside its place and then renamed."""
        return bool(self._can.rename)

    def read(self, name: str) -> bytes | None:
        """The contents of a file; None if there is none."""
        with _told():
            return self._operator.read(name)
        return None

    def stat(self, name: str) -> Stat | None:
        """What a file is like; None if there is none."""
        with _told():
            return _stat(self._operator.stat(name))
        return None

    def list(self, folder: str) -> Iterator[tuple[str, Stat]]:
        """The files in a folder and below, with their names from the root of the store."""
        with _told():
            for entry in self._operator.list(folder, recursive=True):
                if not entry.path.endswith("/"):
                    yield entry.path, _stat(entry.metadata)

    def write(
        self,
        name: str,
        data: bytes,
        *,
        media_type: str = "",
        cache: str = "",
        version: str | None = "",
    ) -> None:
        """Write a file.

        Args:
            name: its path.
            data: its contents.
            media_type: what it is served as, where the store can tell that.
            cache: how long it may be kept, as the header Cache-Control has it.
            version: the one that it replaces, None for no file yet; another is left alone.

        Raises:
            Changed: the file is of another version.
        """
        condition = {"if_not_exists": True} if version is None else {"if_match": version}
        wanted = {"content_type": media_type, "cache_control": cache, **condition}
        options: dict[str, Any] = {
            key: value
            for key, value in wanted.items()
            if value and getattr(self._can, f"write_with_{key}")
        }
        with _told(name):
            self._operator.write(name, data, **options)

    def rename(self, name: str, to: str) -> None:
        """Give a file another name, in the place of what has it."""
        with _told(name):
            self._operator.rename(name, to)

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        with _told():
            self._operator.delete(name)


def _stat(metadata: Any) -> Stat:
    return Stat(metadata.content_length, metadata.etag or "", metadata.last_modified)


@contextmanager
def _told(needed: str = "") -> Iterator[None]:
    """Turn what opendal raises into OSError; that nothing is there passes, unless it is needed."""
    from opendal import exceptions as kinds

    try:
        yield
    except kinds.NotFound as error:
        if needed:
            raise OSError(reason(error)) from error
    except (kinds.AlreadyExists, kinds.ConditionNotMatch, kinds.Conflict) as error:
        raise Changed("it was changed by somebody else") from error
    except Exception as error:
        raise OSError(reason(error)) from error


def open_storage(url: str, what: str = "store", io_s: float = _OPERATION_S) -> Storage:
    """Open `fs:///folder`, `s3://bucket/folder?region=…`, `oss://`, `cos://`, `webdavs://`.

    Args:
        url: the address.
        what: what to call it in messages.
        io_s: how long a write may take, in seconds.

    Raises:
        ConfigError: the address can't be used, or opendal is not installed.
        OSError: it can't be opened.
    """
    service, options = read_address(url, os.environ, what)
    try:
        from opendal import Operator
        from opendal.exceptions import ConfigInvalid
        from opendal.layers import RetryLayer, TimeoutLayer
    except ImportError as error:
        raise ConfigError(f"a {what} needs opendal; pip install 'hy-audio[store]'") from error
    limit = TimeoutLayer(timeout=_OPERATION_S, io_timeout=io_s)
    again = RetryLayer(max_times=_TRIES, min_delay=0.5, jitter=True)
    try:
        return Storage(Operator(service, **options).layer(limit).layer(again))
    except ConfigInvalid as error:
        problem = f"{_first_line(error)}; give it after a ? or in the environment"
        raise _wrong(what, url, problem) from error
    except Exception as error:
        raise OSError(reason(error)) from error


def read_address(
    url: str, environment: Mapping[str, str], what: str = "store"
) -> tuple[str, dict[str, str]]:
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
            f"the address of the {what} can't be read; write it as s3://bucket/folder"
        ) from error
    if any("@" in part for part in (parts.netloc, *query.values())):
        problem = "must not hold a password; set it in the environment"
        raise ConfigError(f"the address of the {what} {problem}")
    service = _SERVICES.get(parts.scheme)
    if service is None:
        known = ", ".join(f"{scheme}://" for scheme in _SERVICES)
        raise _wrong(what, url, f"it has to begin with one of {known}")
    if unknown := [name for name in query if name not in service.query]:
        known = " and ".join(service.query) or "nothing"
        raise _wrong(what, url, f"after the ? may stand {known}, not {unknown[0]}")
    try:
        options = dict(service.options(parts))
    except ValueError as error:
        raise _wrong(what, url, str(error)) from error
    for option, variables in service.environment.items():
        value = next(filter(None, (environment.get(v) for v in variables)), None)
        if value:
            options[option] = value
    options |= query
    if service.endpoint and (region := options.pop("region", None)):
        options.setdefault("endpoint", service.endpoint.format(region=region))
    return service.name, options


def _wrong(what: str, url: str, problem: str) -> ConfigError:
    return ConfigError(f"{what} {url.partition('?')[0]}: {problem}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].partition("=> ")[2] or "it can't be used"


def reason(error: Exception) -> str:
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
