"""What a benchmark prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    what: str
    """What was measured."""
    unit: str
    """Of both figures."""
    ours: float
    """The figure of hy-audio."""
    beside: str = ""
    """What it stands beside; empty for nothing."""
    theirs: float = 0.0
    """The figure of that."""
    ratio: float = 0.0
    """Of the two, as told above; 0 for none."""
