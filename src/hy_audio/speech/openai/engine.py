"""A newsroom's own server, or any other that answers `POST /audio/speech` as OpenAI's does.

One utterance is one request.
"""

import time
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from hy_audio.errors import EngineUnavailable, TransientEngineError
from hy_audio.script.model import Utterance
from hy_audio.speech.model import ANY_VOICE, Engine, Prosody, Setup, Speech, Voice
from hy_audio.speech.openai.answers import NAME, Answer, failure, listed_voices
from hy_audio.speech.openai.server import NoAnswer, Server, find_server

if TYPE_CHECKING:
    from aiohttp import ClientSession

_MEDIA_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "opus": "audio/ogg",
}
_ADVICE = "see that it runs and that base_url is right"


class OpenAiEngine:
    """One request for each utterance, over connections that are kept."""

    def __init__(self, server: Server) -> None:
        settings = server.settings
        server_id = sha256(settings.base_url.encode()).hexdigest()[:12]  # its address stays at home
        self.fingerprint = f"openai/1/{server_id}/{settings.model}/{settings.format}"
        self.concurrency = settings.concurrency
        self._server = server
        self._session: ClientSession | None = None

    async def speak(self, utterance: Utterance, voice: str, prosody: Prosody) -> Speech:
        """Ask the server to speak an utterance."""
        settings = self._server.settings
        order = {
            "model": settings.model,
            "voice": voice,
            "input": utterance.respelled,
            "response_format": settings.format,
            "speed": prosody.rate,
        }
        if self._session is None:
            self._session = self._server.session(settings.read_s)
        try:
            answer = await self._server.ask(self._session, "POST", "/audio/speech", order)
        except NoAnswer as error:
            raise TransientEngineError(NAME, str(error), advice=_ADVICE) from None
        if failed := failure(answer, self._server.key, time.time()):
            raise failed
        return Speech(answer.data, _MEDIA_TYPES[settings.format])

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()


class OpenAiProvider:
    """The door to `OpenAiEngine`."""

    name = NAME

    def __init__(self, setup: Setup) -> None:
        """Check the settings; without any, there is no server to be asked, and `ready` says so.

        Raises:
            ConfigError: a setting can't be used, or the key would go out in plain text.
        """
        self._server = find_server(setup)
        self.default_voice = self._server.settings.voice

    async def ready(self) -> None:
        """Return if the server answers at all, whatever it says to a question for its models."""
        answer = await self._probe("/models")
        if answer.status >= 500:
            problem = f"the server at {self._server.host} is out of order ({answer.status})"
            raise EngineUnavailable(NAME, problem, advice="look at its log")

    async def voices(self) -> Sequence[Voice]:
        """The voices that the server lists; without a list, the one set and any other."""
        answer = await self._probe("/audio/voices")
        listed = tuple(listed_voices(answer)) if answer.status == 200 else ()
        names = listed or (self.default_voice, ANY_VOICE)
        return tuple(Voice(name, "", "") for name in names)

    def open(self) -> Engine:
        """Make it."""
        self._server.require()
        return OpenAiEngine(self._server)

    async def _probe(self, path: str) -> Answer:
        self._server.require()
        try:
            async with self._server.session(self._server.settings.connect_s) as session:
                return await self._server.ask(session, "GET", path)
        except NoAnswer as error:
            raise EngineUnavailable(NAME, str(error), advice=_ADVICE) from None
