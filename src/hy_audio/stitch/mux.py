"""From section files to the episode MP3: one header, then their frames, one after another.

Sources: ID3v2.3.0 (id3.org), sections 3.1 (header), 3.3 (frames), 4.9 (unsynchronised lyrics); the
ID3v2 Chapter Frame Addendum 1.0.
"""

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError

from hy_audio import files
from hy_audio.errors import MediaError
from hy_audio.stitch.model import Chapter, Tags
from hy_audio.stitch.mp3 import Format, info_frame

LANGUAGE = "zho"
"""ISO 639-2 code of what is spoken."""

_ID3_HEADER_BYTES = 10
_ID3_PADDING_BYTES = 10
_MS = Fraction(1, 1000)
_BLOCK_BYTES = 1 << 20


def mux(
    path: Path,
    sections: Sequence[Path],
    frames: int,
    chapters: Sequence[Chapter],
    tags: Tags,
    form: Format,
) -> None:
    """Write the episode.

    Args:
        path: where.
        sections: the section files.
        frames: how many they have together.
        chapters: of the whole.
        tags: what it says about itself.
        form: what the sections are like.

    Raises:
        MediaError: the cover can't be used.
        OSError: a section can't be read or the episode not written.
    """
    size = sum(section.stat().st_size for section in sections) + form.frame_bytes
    with files.replacing(path) as out:
        out.write(id3(chapters, tags, form))
        out.write(info_frame(frames + 1, size, form))
        for section in sections:
            with section.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    out.write(block)
        out.write(form.silent_frame)


def named(tags: Tags) -> dict[str, str]:
    """The tags by the names that libavformat gives them."""
    texts = {"title": tags.title, "artist": tags.artist, "album": tags.album, "date": tags.date}
    return {key: printable(text) for key, text in texts.items() if text} | {
        "genre": "Podcast",
        "language": LANGUAGE,
    }


def marked(chapters: Sequence[Chapter]) -> list[Any]:
    """Chapters as PyAV takes them."""
    return [
        {
            "id": n,
            "start": chapter.start_ms,
            "end": chapter.end_ms,
            "time_base": _MS,
            "metadata": {"title": printable(chapter.title)},
        }
        for n, chapter in enumerate(chapters)
    ]


def printable(text: str) -> str:
    """On one line."""
    return " ".join(text.split())


def id3(chapters: Sequence[Chapter], tags: Tags, form: Format) -> bytes:
    """The ID3v2.3 tag in UTF-16 with CTOC and CHAP frames, as libavformat writes it, and the text.

    Raises:
        MediaError: the cover can't be used.
    """
    file = io.BytesIO()
    options = {"id3v2_version": "3", "write_xing": "0", "fflags": "+bitexact"}
    silence = io.BytesIO(form.silent_frame * 4)
    with (
        av.open(silence, "r", format="mp3") as source,
        av.open(file, "w", format="mp3", options=options) as container,
    ):
        container.metadata.update(named(tags))
        if tags.label:
            container.metadata["AIGC"] = tags.label
        container.set_chapters(marked(chapters))
        stream = container.add_stream_from_template(source.streams.audio[0])
        if tags.cover:
            attach(container, tags.cover)
        for packet in source.demux(source.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    data = file.getvalue()
    end = tag_size(data) - _ID3_PADDING_BYTES
    frames = data[_ID3_HEADER_BYTES:end] + (_lyrics(tags.text) if tags.text else b"")
    return data[:6] + _syncsafe(len(frames)) + frames


def tag_size(data: bytes) -> int:
    """Size of the ID3v2 tag that a file begins with; 0 if there is none."""
    return _ID3_HEADER_BYTES + _from_syncsafe(data[6:10]) if data[:3] == b"ID3" else 0


def attach(container: av.container.OutputContainer, cover: Path) -> None:
    """Put the cover into a file that is being written.

    Raises:
        MediaError: it is no picture that can be used.
    """
    try:
        with av.open(str(cover), "r") as picture:
            stream = container.add_stream_from_template(picture.streams.video[0])
            stream.disposition = av.stream.Disposition.attached_pic
            stream.metadata["comment"] = "Cover (front)"
            packet = next(p for p in picture.demux(picture.streams.video[0]) if p.size)
            packet.stream = stream
            container.mux(packet)
    except (FFmpegError, IndexError, ValueError) as error:
        raise MediaError(f"{cover.name} can't be used as a cover ({error})") from error


def _lyrics(text: str) -> bytes:
    """A USLT frame, which libavformat reads and does not write."""
    body = b"\x01" + LANGUAGE.encode() + _utf16("") + b"\0\0" + _utf16(text)
    return b"USLT" + len(body).to_bytes(4, "big") + b"\0\0" + body


def _utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le", "replace")


def _from_syncsafe(size: bytes) -> int:
    """Of four bytes of seven bits each."""
    return int("".join(f"{byte & 0x7F:07b}" for byte in size), 2)


def _syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
