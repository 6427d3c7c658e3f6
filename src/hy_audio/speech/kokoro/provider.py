"""The door to the embedded voice: its settings and its voices."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from hy_audio.speech.kokoro import model as own
from hy_audio.speech.kokoro.engine import DEFAULT_VOICE, VOICES, KokoroEngine
from hy_audio.speech.kokoro.session import check_device, check_name
from hy_audio.speech.kokoro.weights import check_packages
from hy_audio.speech.model import Engine, Setup, Voice
from hy_audio.speech.settings import settings


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[engine.kokoro]` of hy-audio.toml."""

    model: str = ""
    """ONNX file of a Kokoro model of your own; empty for the embedded one."""
    voices: str = ""
    """Folder of its voices (`.npy`, `.bin`), or an archive of them; empty for the embedded ones."""
    vocabulary: str = ""
    """For v1.1-zh: its `config.json` or `tokenizer.json`, if that does not lie beside the model."""


class KokoroProvider:
    """The door to `KokoroEngine`."""

    name = "kokoro"

    def __init__(self, setup: Setup) -> None:
        """Take the settings.

        Raises:
            ConfigError: there is a setting or a device that it does not know.
        """
        given = settings("kokoro", setup.settings, Settings)
        self._cache = setup.cache
        self._device = setup.device or "cpu"
        check_name(self._device)
        paths = (given.model, given.voices, given.vocabulary)
        self._model, self._voices, self._vocabulary = (
            Path(path).expanduser() if path else None for path in paths
        )

    @cached_property
    def default_voice(self) -> str:
        """The one that is understood best (docs/voices.md); of the user's own, the first."""
        mine = self._own
        return DEFAULT_VOICE if not mine or DEFAULT_VOICE in mine else mine[0]

    @cached_property
    def _own(self) -> list[str]:
        """Names of the user's own voices; those of Mandarin begin with z."""
        names = sorted(own.voices(self._voices)) if self._voices else []
        return [n for n in names if n.startswith("z")] or names

    async def ready(self) -> None:
        """Check that the device is there, and the packages with the model or the user's files."""
        check_device(self._device)
        if self._model is None:
            check_packages()
        own.alphabet(self._model, self._voices, self._own, self._vocabulary)

    async def voices(self) -> Sequence[Voice]:
        """The eight of `VOICES`, or the user's own."""
        known = {voice.name: voice for voice in VOICES}
        return [known.get(name, Voice(name, "")) for name in self._own or known]

    def open(self) -> Engine:
        """Make it, if the device is there; the model is loaded when it first speaks."""
        check_device(self._device)
        return KokoroEngine(self._cache, self._device, self._model, self._voices, self._vocabulary)
