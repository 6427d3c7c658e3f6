"""What the editor chose about the words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it loads the dictionaries, and who only asks for the defaults needs none
    from hy_audio.script.lexicon import Lexicon

DISCLOSURE = "本节目由人工智能语音合成播报。"
"""The line that says the voice is synthetic."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said around the article."""

    show: str = ""
    """Name of the show, spoken first; empty for none."""
    title: str = ""
    """Title instead of the printed headline; empty for the printed one."""
    disclosure: str = DISCLOSURE
    """The line that says the voice is synthetic."""
    lexicon: "Lexicon | None" = None
    """How the show's own words are read; None if it has none."""
