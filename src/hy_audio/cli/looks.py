"""Commands that tell: sections, check, voices, cache."""

import asyncio
import time
from pathlib import Path

import click

from hy_audio.cli import options, orders
from hy_audio.config import Config


@click.command(epilog="Example: hy-audio sections output/my-episode")
@click.argument("episode", type=click.Path(path_type=Path))
@options.as_json
def sections(episode: Path, as_json: bool) -> None:
    """List the sections of EPISODE: number, start, length, title, id, what was decided."""
    from hy_audio.episode import open_episode, read_edits
    from hy_audio.summary import sections_json, sections_text

    manifest = open_episode(episode)
    edits = read_edits(episode if episode.is_dir() else episode.parent)
    click.echo(sections_json(manifest) if as_json else sections_text(manifest, edits), nl=False)


@click.command(epilog="Example: hy-audio check output/my-episode")
@click.argument("episode", type=click.Path(path_type=Path))
@options.as_json
@click.pass_context
def check(ctx: click.Context, episode: Path, as_json: bool) -> None:
    """Measure EPISODE, or every episode in a folder, and compare it with its manifest.

    Exit status 1 if something is off.
    """
    from hy_audio.check.run import check as check_episode
    from hy_audio.check.run import episodes
    from hy_audio.summary import checked_json, checked_text

    good = True
    for folder in episodes(episode):
        checked = check_episode(folder)
        good = good and checked.is_good
        click.echo(checked_json(checked) if as_json else checked_text(checked), nl=False)
    ctx.exit(0 if good else 1)


@click.command(epilog="Example: hy-audio voices --engine kokoro")
@click.option("--engine", help="Only this engine.")
@options.proxy
@options.as_json
@click.pass_obj
def voices(config: Config, engine: str | None, proxy: str, as_json: bool) -> None:
    """List the voices that can speak."""
    from hy_audio.speech.registry import engines, list_voices
    from hy_audio.summary import voices_json, voices_text

    wish, cache = orders.wish(config, None, proxy), orders.cache()
    names = [engine] if engine else sorted(engines())
    listing = asyncio.run(list_voices(names, lambda name: wish.setup(name, cache)))
    click.echo(voices_json(listing) if as_json else voices_text(listing), nl=False)


@click.group("cache", epilog="Example: hy-audio cache info", no_args_is_help=False)
def cache() -> None:
    """Look after the clips that are kept, so that they need not be spoken again."""


@cache.command(epilog="Example: hy-audio cache info")
@options.as_json
def info(as_json: bool) -> None:
    """Tell where the cache is, and how much there is of what."""
    from hy_audio.speech.prune import look
    from hy_audio.summary import cache_json, cache_text

    place, now_s = orders.cache(), time.time()
    found = look(place, now_s)
    click.echo(
        cache_json(str(place), found) if as_json else cache_text(str(place), found, now_s),
        nl=False,
    )


@cache.command(epilog="Example: hy-audio cache prune --max-size 2GB --older-than 30d")
@click.option("--max-size", metavar="SIZE", help="What the clips may take: 500MB, 2GB, 1.5GiB.")
@click.option("--older-than", metavar="AGE", help="Clips unused for so long go: 12h, 30d, 8w.")
@options.as_json
def prune(max_size: str | None, older_than: str | None, as_json: bool) -> None:
    """Remove clips, those that were not used for longest first. Builds may go on meanwhile."""
    from hy_audio.speech.prune import age_of, size_of
    from hy_audio.speech.prune import prune as prune_clips
    from hy_audio.summary import pruned_json, pruned_text

    if max_size is None and older_than is None:
        raise click.UsageError("Say what may go: --max-size 2GB, --older-than 30d, or both.")
    pruned = prune_clips(
        orders.cache(),
        time.time(),
        None if max_size is None else size_of(max_size),
        None if older_than is None else age_of(older_than),
    )
    click.echo(pruned_json(pruned) if as_json else pruned_text(pruned), nl=False)


COMMANDS = (sections, check, voices, cache)
"""In the order in which they are used."""
