"""An address as a QR code. Pure."""

from itertools import groupby

import segno

_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004, 6.3.8)."""


def qr_path(text: str) -> tuple[int, str]:
    """The dark modules as one path of an SVG.

    Returns:
        Width and height of the picture in modules, and the path.
    """
    matrix = segno.make(text, error="m", micro=False).matrix
    path = []
    for y, row in enumerate(matrix, _QUIET):
        x = _QUIET
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return len(matrix) + 2 * _QUIET, "".join(path)
