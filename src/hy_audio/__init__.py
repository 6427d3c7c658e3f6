"""hy-audio builds chaptered Mandarin audio editions from newspaper articles."""

from importlib.metadata import version

__version__ = version("hy-audio")
