"""What the editor chose about the words."""

from dataclasses import dataclass

from hy_audio.script.lexicon import EMPTY, Lexicon

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
    lexicon: Lexicon = EMPTY
    """How the show's own words are read."""
