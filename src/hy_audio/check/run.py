"""All checks of an episode."""

from collections.abc import Iterator
from pathlib import Path

from hy_audio import episode
from hy_audio.check import files, sound, texts
from hy_audio.check.model import Check, Checked, Episode, Found
from hy_audio.errors import ConfigError

CHECKS: tuple[Check, ...] = (
    files.hashes,
    files.manifest,
    files.frames,
    texts.chapters,
    texts.cues,
    texts.ledger,
    texts.label,
)
"""What is looked at besides the sound, in order."""


def check(folder: Path) -> Checked:
    """Look at an episode, and listen to all of it, if its manifest can be read."""
    try:
        it = Episode(folder, episode.open_episode(folder))
        _ = it.form
    except (ConfigError, OSError) as error:
        why = f"can't be read ({error.strerror})" if isinstance(error, OSError) else str(error)
        unread = Found("manifest", episode.MANIFEST, why)
        return Checked(folder, folder.name, (), (unread,))
    found = [one for look in CHECKS for one in look(it)]
    levels, off = sound.listen(it)
    return Checked(folder, it.manifest.title, levels, (*found, *off))


def episodes(path: Path) -> Iterator[Path]:
    """The episode at a path, or all in an output folder, by name.

    Raises:
        ConfigError: there is none.
    """
    folder = path.parent if path.is_file() else path
    if (folder / episode.MANIFEST).exists():
        yield folder
        return
    names = (episode.MANIFEST, episode.AUDIO)
    inside = sorted({p.parent for name in names for p in path.glob(f"[!.]*/{name}")})
    if not inside:
        is_there = folder.exists()
        problem = "is neither an episode nor a folder of episodes" if is_there else "does not exist"
        raise ConfigError(f"{path} {problem}; name a folder that hy-audio build made")
    yield from inside
