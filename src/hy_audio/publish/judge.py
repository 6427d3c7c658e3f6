"""What becomes of episodes: which may be published, which have been, which stand against others.

Reads episodes, writes nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from msgspec.structs import replace as replaced

from hy_audio import episode
from hy_audio.check.model import Found
from hy_audio.check.run import episodes
from hy_audio.errors import ConfigError
from hy_audio.manifest import Manifest
from hy_audio.publish.item import MEDIA_TYPES, Local
from hy_audio.publish.model import Item, Show
from hy_audio.publish.order import Decision, Fate, Order
from hy_audio.publish.record import Record
from hy_audio.publish.state import Withdrawn

_BEEPS = "tone"
Check = Callable[[Local], Sequence[Found]]
"""Looks at an episode, and tells what is off."""


def read_locals(output: Path) -> Iterator[Local | Decision]:
    """The episodes in a folder; of one that can't be published, why.

    Raises:
        ConfigError: there is none.
    """
    known: dict[str, Path] = {}
    for folder in episodes(output):
        try:
            manifest = episode.open_episode(folder)
            missing = [name for name in MEDIA_TYPES if name not in manifest.files]
        except (ConfigError, OSError) as error:
            yield Decision(folder.name, "", Fate.REFUSED, str(error))
            continue
        other = known.setdefault(manifest.slug, folder)
        why = next(_unfit(folder, manifest, missing, other), "")
        if why:
            yield Decision(folder.name, manifest.title, Fate.REFUSED, why)
        else:
            yield Local(folder, manifest)


def _unfit(folder: Path, manifest: Manifest, missing: Sequence[str], other: Path) -> Iterator[str]:
    """What stands against an episode whatever is published."""
    if not _SLUG.fullmatch(manifest.slug):
        named = f"its name {manifest.slug!r} can't stand in an address"
        yield f"{named}; rename its folder (a to z, figures, -) and regenerate a section of it"
    if missing:
        yield f"it has no {missing[0]}"
    if other != folder:
        yield f"{other} is the same episode"


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""The name of an episode's folder: all of it is in its addresses."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An episode that is new at the target, or another than there."""

    local: Local
    decision: Decision


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides what becomes of episodes."""

    order: Order
    show: Show
    check: Check
    made_by: str
    """What makes items and pages today."""
    known: Mapping[str, Item]
    """What is published, by its slug."""
    gone: Mapping[str, Withdrawn]
    """What was taken back, by its slug."""
    names: dict[str, str]
    """Slugs of what is published, was taken back or goes out now, by their guids."""

    @classmethod
    def of(cls, order: Order, record: Record, check: Check, made_by: str) -> "Judge":
        """One for what is published already."""
        gone = {one.slug: one for one in record.feed.withdrawn}
        return cls(order, record.show, check, made_by, record.items, gone, dict(_names(record)))

    def judge(self, local: Local) -> Wanted | Decision:
        """What becomes of one."""
        found = self._judged(local)
        if isinstance(found, Wanted):
            self.names[local.manifest.guid] = local.manifest.slug
        return found

    def _judged(self, local: Local) -> Wanted | Decision:
        manifest, known = local.manifest, self.known.get(local.manifest.slug)
        decide = partial(Decision, manifest.slug, manifest.title)
        name = self.names.get(manifest.guid, manifest.slug)
        if name != manifest.slug:
            so_far = ", which was taken back" if name in self.gone else ""
            advice = f"to publish it, call its folder {name} again and regenerate a section"
            return decide(Fate.REFUSED, f"it is the same as {name}{so_far}; {advice}")
        if name in self.gone and not self.gone[name].may_return:
            return decide(Fate.WITHDRAWN, f"hy-audio unpublish {name} --undo brings it back")
        fate = _fate(known, local, self.show)
        if known and fate is Fate.RENEWED and known.seal == local.seal:
            if known.made_by == self.made_by:
                return decide(Fate.SAME)
            texts = (episode.SCRIPT, episode.SOURCE)
            is_whole = episode.is_as_written(local.folder, manifest, *texts)
            return Wanted(local, decide(fate)) if is_whole else decide(Fate.REFUSED, _SPOILED)
        before = known or self.gone.get(manifest.slug)
        if before and not self.order.force and (why := _astray(before, local, fate)):
            alone = f"hy-audio publish {local.folder} --force"
            return decide(Fate.REFUSED, f"{why}; to put this one in its place: {alone}")
        return self._checked(local, fate)

    def _checked(self, local: Local, fate: Fate) -> Wanted | Decision:
        """What becomes of one that is new or changed, when it has been looked at."""
        decide = partial(Decision, local.manifest.slug, local.manifest.title)
        against = _against(local, self.check)
        if against and (not self.order.force or against.startswith(_NEVER)):
            return decide(Fate.REFUSED, against)
        if against and (lost := [n for n in MEDIA_TYPES if not (local.folder / n).is_file()]):
            return decide(Fate.REFUSED, f"its {lost[0]} is not there; build it again")
        return Wanted(_measured(local) if against else local, decide(fate, against))


_SPOILED = "its script or its page was changed by other hands; build it again"


def _fate(known: Item | None, local: Local, show: Show) -> Fate:
    """What publishing an episode makes of it."""
    if known is None:
        return Fate.NEW
    named = (known.audio, known.chapters_file, *known.transcripts)
    urls = {local.resource(show, name).url for name in MEDIA_TYPES}
    return Fate.RENEWED if {one.url for one in named} == urls else Fate.CORRECTED


def _astray(known: Item | Withdrawn, local: Local, fate: Fate) -> str:
    """Why an episode is no later state of what is, or was, published; empty if it is."""
    manifest = local.manifest
    was = "is published" if isinstance(known, Item) else "was taken back"
    if manifest.guid != known.origin:
        return f"another episode {was} under its name, {known.title}"
    if manifest.revision < known.revision:
        return f"what {was} is a later revision"
    if manifest.revision == known.revision:
        comes_of_it = local.seal == known.seal or fate is Fate.RENEWED
    else:
        comes_of_it = local.follows(known.revision, known.seal)
    if comes_of_it:
        return ""
    return f"it was not made of what {was}: that was built or changed at another desk, or after it"


_NEVER = "ledger"
"""Begins what no `--force` helps against: words of the page that nobody says."""


def _against(local: Local, check: Check) -> str:
    """What stands against publishing an episode; empty if nothing does."""
    off = [found for found in check(local) if found.is_off]
    first = next((found for found in off if found.check == _NEVER), next(iter(off), None))
    if first:
        more = f" and {len(off) - 1} more" if len(off) > 1 else ""
        told = ": ".join(filter(None, (first.check, first.place, first.problem)))
        return f"{told}{more}; hy-audio check tells all of it"
    beeps = any(section.voice.engine == _BEEPS for section in local.manifest.sections)
    return "it is spoken in beeps; build it with a voice" if beeps else ""


def _measured(local: Local) -> Local:
    """An episode whose files are told as they are, whatever its manifest says."""
    there = {name: episode.file_entry(local.folder / name) for name in MEDIA_TYPES}
    return replace(local, manifest=replaced(local.manifest, files=local.manifest.files | there))


def _names(record: Record) -> Iterator[tuple[str, str]]:
    """Guids of what is published or was taken back, and the slugs that they stand for."""
    known: tuple[Item | Withdrawn, ...] = (*record.feed.withdrawn, *record.feed.items)
    for one in known:
        yield one.guid, one.slug
        yield one.origin, one.slug
