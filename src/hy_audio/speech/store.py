"""The clip store: content-addressed, safe to delete, shared by all builds of a user.

An entry is two files: `<key>.audio`, and `<key>.json` which is written last and holds the hash of
the first. An entry that is not whole is no entry.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from hy_audio import files
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Clip, Mark, Prosody, Speech


class _Entry(msgspec.Struct, frozen=True):
    sha256: str
    media_type: str
    duration_ms: int
    marks: tuple[tuple[int, int], ...]
    warnings: tuple[str, ...]


class ClipStore:
    """Clips by key in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, key: str) -> Clip | None:
        """The clip of a key, if it is there and whole."""
        audio, note = self._paths(key)
        try:
            entry = msgspec.json.decode(note.read_bytes(), type=_Entry)
            if sha256(audio.read_bytes()).hexdigest() != entry.sha256:
                return None
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        marks = tuple(Mark(*mark) for mark in entry.marks)
        return Clip(key, audio, entry.sha256, entry.duration_ms, marks, entry.warnings)

    def put(self, key: str, speech: Speech) -> Clip:
        """Keep what an engine said."""
        audio, note = self._paths(key)
        digest = sha256(speech.audio).hexdigest()
        entry = _Entry(
            digest,
            speech.media_type,
            speech.duration_ms,
            tuple((m.sentence, m.start_ms) for m in speech.marks),
            speech.warnings,
        )
        files.write(audio, speech.audio)
        files.write(note, msgspec.json.encode(entry))
        return Clip(key, audio, digest, speech.duration_ms, speech.marks, speech.warnings)

    def _paths(self, key: str) -> tuple[Path, Path]:
        folder = self._root / key[:2]
        return folder / f"{key}.audio", folder / f"{key}.json"


def clip_key(fingerprint: str, voice: str, prosody: Prosody, utterance: Utterance) -> str:
    """SHA-256 of all that decides how an utterance sounds, as 64 hexadecimal digits.

    A respelling is part of it only where there is one, so that other clips keep their keys.
    """
    words: Sequence[object] = [
        (s.spoken, s.pinyin, s.respelled) if s.respelled else (s.spoken, s.pinyin)
        for s in utterance.sentences
    ]
    return sha256(msgspec.json.encode([fingerprint, voice, prosody.rate, words])).hexdigest()
