"""Draw an episode for the README: its waveform, its chapters, what is said at the start of each.

python scripts/picture.py EPISODE_FOLDER docs/images/episode.svg
"""

import json
import sys
from html import escape
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hy_audio.episode import AUDIO, SCRIPT, open_episode
from hy_audio.sound import decode

RATE_HZ = 48_000
WIDTH, HEIGHT, MARGIN = 1000, 250, 16
WAVE_TOP, WAVE_HEIGHT = 44, 110
BAR = 3
FONT = 'font-family="Noto Serif CJK SC, Source Han Serif SC, Songti SC, SimSun, serif"'
COLOURS = ("#9c2f2f", "#2f5d8a", "#4a7a3a", "#8a6a2f")


def peaks(audio: NDArray[np.int16], bars: int) -> list[float]:
    """The loudest sample of each bar, full scale at 1."""
    edges = np.linspace(0, len(audio), bars + 1).astype(int)
    return [
        float(np.abs(audio[a:b].astype(int)).max(initial=0)) / 32768 for a, b in pairwise(edges)
    ]


def draw(folder: Path) -> str:
    """The picture as SVG."""
    manifest = open_episode(folder)
    script = json.loads((folder / SCRIPT).read_text("utf-8"))
    audio = decode(folder / AUDIO, RATE_HZ)
    inner = WIDTH - 2 * MARGIN
    scale = inner / manifest.duration_ms
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbf8f1"/>',
        f'<text x="{MARGIN}" y="28" font-size="19" fill="#222">{escape(manifest.title)}</text>',
    ]
    middle = WAVE_TOP + WAVE_HEIGHT / 2
    starts = [s.start_ms * RATE_HZ // 1000 for s in manifest.sections]
    for n, peak in enumerate(peaks(audio, inner // BAR)):
        at = n * len(audio) * BAR // inner
        colour = COLOURS[(sum(s <= at for s in starts) - 1) % len(COLOURS)]
        half = max(1.0, peak * WAVE_HEIGHT / 2)
        parts.append(
            f'<rect x="{MARGIN + n * BAR}" y="{middle - half:.0f}" width="{BAR - 1}" '
            f'height="{2 * half:.0f}" fill="{colour}"/>'
        )
    for n, (section, said) in enumerate(zip(manifest.sections, script["sections"], strict=True)):
        x = MARGIN + section.start_ms * scale
        room = int(section.duration_ms * scale / 13)
        colour = COLOURS[n % len(COLOURS)]
        minutes, seconds = divmod(section.start_ms // 1000, 60)
        lines = [f"{minutes}:{seconds:02}", section.title]
        lines += [u["display"] for u in said["utterances"] if u["display"] != section.title][:2]
        parts.append(
            f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{WAVE_TOP}" y2="{HEIGHT - 8}" '
            f'stroke="{colour}" stroke-width="1.5"/>'
        )
        for row, line in enumerate(lines):
            text = line if len(line) <= room else line[: max(room - 1, 1)] + "…"
            weight = ' font-weight="bold"' if row == 1 else ""
            parts.append(
                f'<text x="{x + 6:.0f}" y="{178 + row * 20}" font-size="13" fill="{colour}"'
                f"{weight}>{escape(text)}</text>"
            )
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(draw(Path(sys.argv[1])), "utf-8")
