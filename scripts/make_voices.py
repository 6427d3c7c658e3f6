"""Make the voice style arrays of the embedded voice from the npm package that carries them.

    python scripts/make_voices.py [FOLDER]

Fetches kokoro-js 1.2.1 with npm, rounds the eight Mandarin voices from float32 to float16 and
writes them to FOLDER (default: where the package keeps them).
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from hy_audio.speech.kokoro.engine import VOICES

PACKAGE = "kokoro-js@1.2.1"
SHAPE = (510, 1, 256)
HOME = Path(__file__).parents[1] / "src/hy_audio/speech/kokoro/voices"


def fetch(folder: Path) -> Path:
    """Download the package into a folder; return its tar file."""
    command = ["npm", "pack", "--silent", PACKAGE]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.strip().splitlines()[-1]


def originals(package: Path) -> dict[str, np.ndarray]:
    """The float32 style vectors of each Mandarin voice, shape (510, 1, 256)."""
    vectors = {}
    with tarfile.open(package) as tar:
        for voice in VOICES:
            member = tar.extractfile(f"package/voices/{voice.name}.bin")
            assert member is not None
            vectors[voice.name] = np.frombuffer(member.read(), "<f4").reshape(SHAPE)
    return vectors


def main() -> None:
    """Write the arrays."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HOME
    with tempfile.TemporaryDirectory() as temporary:
        for name, vectors in originals(fetch(Path(temporary))).items():
            np.save(folder / f"{name}.npy", vectors.astype("<f2"))
            print(folder / f"{name}.npy")


if __name__ == "__main__":
    main()
