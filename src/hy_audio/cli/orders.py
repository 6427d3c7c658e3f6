"""From the configuration and the options to what an editor wants."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hy_audio.config import Config

if TYPE_CHECKING:
    from hy_audio.edition.assembly import Sound
    from hy_audio.edition.order import Order
    from hy_audio.edition.speaking import Wish


def cache() -> Path:
    """Folder for things that can be made again."""
    from platformdirs import user_cache_path

    return user_cache_path("hy-audio")


def order(
    config: Config, title: str = "", captions: str | None = None, said: tuple[str, ...] = ()
) -> "Order":
    """What the editor wants, but for the voice and the place."""
    from hy_audio.edition.order import Order
    from hy_audio.script.settings import Settings

    return Order(
        output=Path("output"),
        cache=cache(),
        sound=sound(config),
        settings=Settings(config.show.name, readable(title), config.script.disclosure),
        words=config.lexicon,
        said=words(said),
        read_captions=(captions or config.script.captions) == "read",
        now=now(),
    )


def words(said: tuple[str, ...]) -> dict[str, str]:
    """What `--say` asks for.

    Raises:
        ConfigError: it can't be read.
    """
    if not said:
        return {}
    from hy_audio.script.lexicon import spoken_entries  # loads the dictionaries

    return spoken_entries(map(readable, said))


def now() -> str:
    """The time; for builds that are to be the same again, the one that the environment tells.

    Source: the SOURCE_DATE_EPOCH specification of reproducible-builds.org.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    is_time = epoch.isascii() and epoch.isdigit() and len(epoch) <= 11
    seconds = int(epoch) if is_time else time.time()
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def sound(config: Config, formats: tuple[str, ...] = ()) -> "Sound":
    """What is around the voice.

    Args:
        config: the show's.
        formats: `mp3`, and what is made besides it; none for what the configuration or an earlier
            build asked for.
    """
    from hy_audio.edition.assembly import Music, Sound
    from hy_audio.stitch.label import Label
    from hy_audio.stitch.mp3 import Format

    made, music, label = config.sound, config.music, config.label
    asked = formats or made.formats
    return Sound(
        form=Format(made.rate_hz, made.channels, made.kbps),
        music=Music(music.opening, music.closing, music.bed, music.bed_under == "all"),
        label=Label(
            spoken=label.sound in ("spoken", "both"),
            rhythm=label.sound in ("rhythm", "both"),
            metadata=label.metadata,
            producer=label.producer,
            produce_id=label.produce_id,
            propagator=label.propagator,
            propagate_id=label.propagate_id,
        ),
        cover=config.show.cover,
        formats=tuple(f for f in dict.fromkeys(asked) if f != "mp3") if asked else None,
    )


def wish(
    config: Config, voice: str | None, proxy: str = "", device: str = "", store: str | None = None
) -> "Wish":
    """Who speaks, and by what means."""
    from hy_audio.edition.speaking import Wish
    from hy_audio.speech.policy import Policy

    return Wish(
        voice=_voice(voice, config),
        rate=config.speech.rate,
        engines=config.engine,
        proxy=proxy,
        device=device,
        store=config.speech.store if store is None else store,
        policy=Policy(budget_s=config.speech.budget_s),
    )


def _voice(asked: str | None, config: Config) -> str:
    """The voice asked for; an engine alone leaves the choice of its voice to the configuration."""
    configured = config.speech.voice
    return configured if not asked or configured.startswith(f"{asked}:") else asked


def readable(text: str) -> str:
    """Without bytes of the command line that are no characters."""
    return text.encode("utf-8", "ignore").decode()
