"""The command line: reads options, calls the pipeline, prints."""

import errno
from pathlib import Path
from typing import Any

import click

from hy_audio.cli import episodes, looks, releases
from hy_audio.config import SettingsError, load
from hy_audio.errors import ConfigError, HyAudioError

_STOPPED = "stopped; what is done so far is kept: the same command goes on from there"


class _Cli(click.Group):
    """Turns every expected failure into one line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HyAudioError as error:
            problem = str(error)
        except click.UsageError as error:
            problem = _usage_problem(error)
        except KeyboardInterrupt:
            problem = _STOPPED
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            problem = _os_problem(error)
        click.echo(f"hy-audio: {problem}", err=True)
        return ctx.exit(2)


def _usage_problem(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption) and error.option_name == "--config":
        return "--config FILE stands before the command: hy-audio --config FILE build …"
    path = error.ctx.command_path if error.ctx else "hy-audio"
    problem = error.format_message()
    return f"{problem}{'' if problem.endswith(('.', '?')) else '.'} See {path} --help"


def _os_problem(error: OSError) -> str:
    reason = error.strerror or str(error)
    place = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{place}{reason}; make room and build again, the clips made so far are kept"
    return f"{place}{reason}"


@click.group(
    cls=_Cli,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: hy-audio build article.txt",
)
@click.version_option(package_name="hy-audio")
@click.option(
    "--config", type=click.Path(path_type=Path), help="Settings; default: ./hy-audio.toml"
)
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Build chaptered Mandarin audio editions from newspaper articles."""
    try:
        Path.cwd()
    except FileNotFoundError:
        problem = "the folder you are in was replaced or removed"
        raise ConfigError(f'{problem}; enter it anew with: cd "$PWD"') from None
    try:
        ctx.obj = load(config)
    except SettingsError as error:
        if ctx.invoked_subcommand in releases.NEED_A_SHOW:
            releases.refuse(error)
        raise


for command in (*episodes.COMMANDS, *releases.COMMANDS, *looks.COMMANDS):
    main.add_command(command)
