"""An engine for tests: beeps as `tone` does, and writes down each clip it is asked for.

A folder with this file and its metadata on PYTHONPATH is all that a plugin needs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hy_audio.script.model import Utterance
from hy_audio.speech.model import Prosody, Setup, Speech, Voice
from hy_audio.speech.store import clip_key
from hy_audio.speech.tone import ToneProvider


class DiaryEngine:
    """`diary` is the file that keys go to; who is `moody` speaks faster each time."""

    fingerprint = "diary/1"
    concurrency = 4

    def __init__(self, settings: Mapping[str, object], tones: ToneProvider) -> None:
        self._diary = Path(str(settings["diary"]))
        self._moody = bool(settings.get("moody"))
        self._tones = tones.open()

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        if self._moody and self._diary.exists():
            times = len(self._diary.read_text().splitlines())
            prosody = Prosody(prosody.rate + times / 1000)
        with self._diary.open("a") as diary:
            diary.write(clip_key(self.fingerprint, voice, prosody, utterance) + "\n")
        return await self._tones.speak(utterance, voice, prosody)

    async def aclose(self) -> None:
        await self._tones.aclose()


class DiaryProvider:
    name = "diary"
    default_voice = "beep"

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    async def ready(self) -> None:
        """Always."""

    async def voices(self) -> Sequence[Voice]:
        return (Voice("beep", ""),)

    def open(self) -> DiaryEngine:
        return DiaryEngine(self._setup.settings, ToneProvider(self._setup))
