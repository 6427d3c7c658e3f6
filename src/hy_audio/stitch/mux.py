"""From section files to the episode MP3: one header, then their frames, one after another."""

import io
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av

from hy_audio import files
from hy_audio.stitch import mp3
from hy_audio.stitch.model import Chapter, Tags

_ID3_HEADER_BYTES = 10
_MS = Fraction(1, 1000)


def mux(path: Path, sections: Sequence[Path], chapters: Sequence[Chapter], tags: Tags) -> None:
    """Write the episode.

    Raises:
        OSError: a section can't be read or the episode not written.
    """
    size = sum(section.stat().st_size for section in sections)
    with files.replacing(path) as out:
        out.write(id3(chapters, tags))
        out.write(mp3.info_frame(size // mp3.FRAME_BYTES + 1))
        for section in sections:
            with section.open("rb") as file:
                shutil.copyfileobj(file, out, 1 << 20)
        out.write(mp3.SILENT_FRAME)


def id3(chapters: Sequence[Chapter], tags: Tags) -> bytes:
    """The ID3v2.3 tag in UTF-16 with CTOC and CHAP frames, as libavformat writes it."""
    file = io.BytesIO()
    options = {"id3v2_version": "3", "write_xing": "0"}
    with (
        av.open(io.BytesIO(mp3.SILENT_FRAME * 4), "r", format="mp3") as source,
        av.open(file, "w", format="mp3", options=options) as container,
    ):
        named = {"title": tags.title, "artist": tags.artist, "album": tags.album, "date": tags.date}
        container.metadata.update({k: _printable(v) for k, v in named.items() if v})
        container.metadata["language"] = "zho"
        container.set_chapters(
            [
                {
                    "id": n,
                    "start": chapter.start_ms,
                    "end": chapter.end_ms,
                    "time_base": _MS,
                    "metadata": {"title": _printable(chapter.title)},
                }
                for n, chapter in enumerate(chapters)
            ]
        )
        stream = container.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    data = file.getvalue()
    return data[: _ID3_HEADER_BYTES + _syncsafe(data[6:10])]


def _syncsafe(size: bytes) -> int:
    """Four bytes of seven bits each (ID3v2.3, section 3.1)."""
    return int("".join(f"{byte & 0x7F:07b}" for byte in size), 2)


def _printable(text: str) -> str:
    return " ".join(text.split())
