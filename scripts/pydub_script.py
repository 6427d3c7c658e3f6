"""What one would write without hy-audio: clips and pauses in a row, one MP3; it needs ffmpeg.

    python pydub_script.py LIST EPISODE.mp3

Each line of LIST is a clip's path and the silence after it in milliseconds.
"""

import sys
from pathlib import Path

from pydub import AudioSegment


def main(listed: str, path: str) -> None:
    """Put the clips of a list together."""
    episode = AudioSegment.empty()
    for line in Path(listed).read_text("utf-8").splitlines():
        clip, pause_ms = line.rsplit(" ", 1)
        episode += AudioSegment.from_file(clip)
        episode += AudioSegment.silent(int(pause_ms))
    episode.export(path, format="mp3", bitrate="96k", parameters=["-ar", "48000"])


if __name__ == "__main__":
    main(*sys.argv[1:])
