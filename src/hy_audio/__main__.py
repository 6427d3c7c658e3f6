"""`python -m hy_audio` is `hy-audio`."""

from hy_audio.cli import main

main(prog_name="hy-audio")
