"""Warnings that join a script after it was written. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from hy_audio.article.model import SourceWarning
from hy_audio.script.model import Script, Utterance

_UNSAID = "no-sound"
"""Rule of a warning that comes from the voice."""


def warned(script: Script, found: tuple[SourceWarning, ...]) -> Script:
    """The script with more warnings, all in the order of their places."""
    return replace(
        script, warnings=tuple(sorted((*script.warnings, *found), key=lambda w: w.start))
    )


def unsaid(script: Script, found: Iterable[tuple[Utterance, str]]) -> Script:
    """The script with what its voice could not say, and without what another one could not."""
    words = tuple(w for w in script.warnings if w.rule != _UNSAID)
    lost = tuple(SourceWarning(_UNSAID, *u.source, text) for u, text in found)
    return warned(replace(script, warnings=words), lost)
