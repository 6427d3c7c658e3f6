"""Commands that bring episodes to listeners: init, publish, unpublish."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from hy_audio.cli import options, orders
from hy_audio.config import NAME as CONFIG
from hy_audio.config import Config, SettingsError
from hy_audio.errors import ConfigError

if TYPE_CHECKING:
    from hy_audio.publish.order import Order


@click.command(epilog="Example: hy-audio init")
def init() -> None:
    """Write a hy-audio.toml with its settings explained; one that is there stays."""
    from importlib.resources import files

    path = Path(CONFIG)
    text = files("hy_audio.cli").joinpath("hy-audio.toml").read_text("utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"{path} is there already; it was left as it is") from None
    click.echo(f"{path} is written; fill in [show] and [publish], then: hy-audio publish")


_output = click.argument("output", type=click.Path(path_type=Path), default=Path("output"))
_target = click.option(
    "--target",
    metavar="PLACE",
    help="A folder, or s3://, oss://, cos://, webdav:// and a path; default: [publish] target, "
    "else OUTPUT itself.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Only list what would happen.")
_check_urls = click.option(
    "--check-urls/--no-check-urls",
    default=None,
    help="Whether every address is requested before the feed names it; default: yes.",
)


@click.command(epilog="Example: hy-audio publish output --target s3://my-bucket/podcast")
@_output
@_target
@_dry_run
@click.option(
    "--force", is_flag=True, help="Publish episodes too in which hy-audio check finds faults."
)
@click.option("--prune", is_flag=True, help="Remove audio that was superseded long enough ago.")
@_check_urls
@options.as_json
@click.pass_context
def publish(
    ctx: click.Context,
    output: Path,
    target: str | None,
    dry_run: bool,
    force: bool,
    prune: bool,
    check_urls: bool | None,
    as_json: bool,
) -> None:
    """Publish the episodes in OUTPUT: their audio, a page for each, and the RSS feed.

    What is published already stays; only what is new or changed is uploaded, the feed last. Exit
    status 1 if an episode was refused.
    """
    from hy_audio.progress import reporter
    from hy_audio.publish.run import publish as publish_episodes
    from hy_audio.summary import published_json, published_text

    order = _order(ctx.obj, output, target, check_urls, force=force, dry_run=dry_run)
    with reporter() as report:
        done = publish_episodes(order, report, prune=prune)
    told = published_json if as_json else published_text
    click.echo(told(done, dry_run=dry_run), nl=False)
    ctx.exit(0 if done.is_whole else 1)


@click.command(epilog="Example: hy-audio unpublish 2026-11-29-jiang-feng")
@click.argument("episode")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    help="Folder that was published, if there is no other target; default: output.",
)
@_target
@_dry_run
@_check_urls
@click.option("--undo", is_flag=True, help="Let it be published again, by the next publish.")
@options.as_json
@click.pass_obj
def unpublish(
    config: Config,
    episode: str,
    output: Path,
    target: str | None,
    dry_run: bool,
    check_urls: bool | None,
    undo: bool,
    as_json: bool,
) -> None:
    """Take EPISODE out of the feed: its folder's name or a part of its title. All others stay.

    Its page says that it was taken back; its audio stays until publish --prune.
    """
    from hy_audio.progress import reporter
    from hy_audio.publish.run import unpublish as unpublish_episode
    from hy_audio.summary import published_json, published_text

    order = _order(config, output, target, check_urls, dry_run=dry_run)
    with reporter() as report:
        done = unpublish_episode(order, orders.readable(episode), report, undo=undo)
    told = published_json if as_json else published_text
    click.echo(told(done, dry_run=dry_run), nl=False)


def _order(
    config: Config,
    output: Path,
    target: str | None,
    check_urls: bool | None,
    *,
    force: bool = False,
    dry_run: bool = False,
) -> "Order":
    from hy_audio.publish.order import Order

    wanted = config.publish
    if target is not None:
        wanted = replace(wanted, target=target)
    if check_urls is not None:
        wanted = replace(wanted, check_urls=check_urls)
    now = datetime.fromisoformat(orders.now()).astimezone(UTC)
    return Order(output, config.show, wanted, now, force, dry_run)


NEED_A_SHOW = ("publish", "unpublish")
"""Commands that `refuse` what the others can do without."""


def refuse(error: SettingsError) -> None:
    """Name what is wrong in a configuration together with what is missing to publish.

    Raises:
        ConfigError: always.
    """
    from hy_audio.publish.run import checked_show

    checked_show(error.usable.show, error.usable.publish, error.wrong)


COMMANDS = (init, publish, unpublish)
"""In the order in which they are used."""
