"""An engine that runs a command: it gets the text as standard input and prints a WAV file.

[engine.command]
run = ["espeak-ng", "-v", "{voice}", "--stdin", "--stdout"]
voices = ["cmn"]
"""

import asyncio
import shutil
from asyncio.subprocess import PIPE
from hashlib import sha256

import msgspec

from hy_audio.errors import ConfigError, EngineError, EngineUnavailable
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Prosody, Setup, Speech, Voice


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    run: list[str]
    voices: list[str]


class CommandEngine:
    def __init__(self, run: list[str]) -> None:
        self.fingerprint = f"command/1/{sha256(repr(run).encode()).hexdigest()[:12]}"
        self.concurrency = 2
        self._run = run

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        command = [part.format(voice=voice, rate=prosody.rate) for part in self._run]
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        try:
            audio, _ = await process.communicate(utterance.respelled.encode())
        finally:
            if process.returncode is None:  # the build was stopped
                process.kill()
        if process.returncode:
            raise EngineError("command", f"{command[0]} ended with status {process.returncode}")
        return Speech(audio, "audio/wav")

    async def aclose(self) -> None:
        """Nothing is kept open."""


class CommandProvider:
    name = "command"

    def __init__(self, setup: Setup) -> None:
        try:
            self._settings = msgspec.convert(setup.settings, Settings)
            self.default_voice = self._settings.voices[0]
        except (msgspec.ValidationError, IndexError) as error:
            raise ConfigError(f"[engine.command]: {error}") from error

    async def ready(self) -> None:
        if not shutil.which(self._settings.run[0]):
            raise EngineUnavailable("command", f"there is no program {self._settings.run[0]}")

    async def voices(self) -> list[Voice]:
        return [Voice(name, "") for name in self._settings.voices]

    def open(self) -> CommandEngine:
        return CommandEngine(self._settings.run)
