"""Whether the files are those that the manifest lists, and the episode is its sections."""

import mmap
from collections.abc import Iterator

from hy_audio import episode
from hy_audio.check.model import Episode, Found
from hy_audio.errors import MediaError
from hy_audio.manifest import FileEntry
from hy_audio.stitch.mp3 import info_frame
from hy_audio.stitch.mux import tag_size


def manifest(it: Episode) -> Iterator[Found]:
    """The manifest is what was once written: all else is measured by it."""
    if not it.manifest.is_sealed:
        yield Found("manifest", episode.MANIFEST, "is not what was once written")


def hashes(it: Episode) -> Iterator[Found]:
    """Every file is there and is what was once written."""
    listed: list[tuple[str, str, FileEntry | None]]
    listed = [(name, entry.sha256, entry) for name, entry in it.manifest.files.items()]
    listed += [(section.file, section.sha256, None) for section in it.manifest.sections]
    found = [one for name, sha256, entry in listed for one in _compared(it, name, sha256, entry)]
    others = [one for one in found if (it.folder / one.place).is_file()]
    if it.manifest.is_sealed and 2 * len(others) > len(listed):
        yield Found(
            "manifest", episode.MANIFEST, "is of another build: most files are not those it lists"
        )
    yield from found


def _compared(it: Episode, name: str, sha256: str, entry: FileEntry | None) -> Iterator[Found]:
    path = it.folder / name
    if not path.is_file():
        yield Found("files", name, "is missing")
        return
    there = episode.file_entry(path)
    if entry and there.bytes < entry.bytes:
        yield Found("files", name, f"is cut off: {there.bytes} bytes of {entry.bytes}")
    elif there.sha256 != sha256:
        yield Found("files", name, "is not what the manifest lists: its hash differs")


def frames(it: Episode) -> Iterator[Found]:
    """The episode is its tag, a true Info frame, the frames of every section, and a silent one."""
    path = it.folder / episode.AUDIO
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield from _frames(it, data)
    except (OSError, ValueError):
        yield Found("frames", episode.AUDIO, "can't be read")


def _frames(it: Episode, data: mmap.mmap) -> Iterator[Found]:
    form, at = it.form, tag_size(data[:10])
    first = at
    at += form.frame_bytes
    for section, place in zip(it.manifest.sections, it.places, strict=True):
        try:
            end = form.extent(data, at, section.frames)
        except MediaError as error:
            yield Found("frames", episode.AUDIO, f"{place}: {error}")
            return
        path = it.folder / section.file
        if path.is_file() and path.read_bytes() != data[at:end]:
            yield Found("frames", episode.AUDIO, f"{place}: its frames are not those of its file")
        at = end
    count = sum(section.frames for section in it.manifest.sections) + 1
    if data[first : first + form.frame_bytes] != info_frame(count, at - first, form):
        yield Found("frames", episode.AUDIO, f"its Info frame does not tell of {count} frames")
    if data[at:] != form.silent_frame:
        yield Found("frames", episode.AUDIO, "it does not end in one silent frame")
