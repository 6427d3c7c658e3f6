"""Commands that make episodes: script, build, regenerate."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from hy_audio.cli import options, orders
from hy_audio.config import Config
from hy_audio.errors import ConfigError

if TYPE_CHECKING:
    from hy_audio.edition.order import Built


_why = click.option(
    "--why",
    default="",
    help="What was wrong, in words for listeners: they get it as a correction note.",
)


@click.command(epilog="Example: hy-audio script article.txt --format json")
@click.argument("source")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text")
@options.title
@options.captions
@options.say
@options.encoding
@options.allow_private
@click.pass_obj
def script(
    config: Config,
    source: str,
    form: str,
    title: str,
    captions: str | None,
    said: tuple[str, ...],
    encoding: str | None,
    allow_private: bool,
) -> None:
    """Print what will be said of SOURCE, and what stays silent and why."""
    from hy_audio.article.read import read
    from hy_audio.edition.wording import read_script
    from hy_audio.script.page import as_html
    from hy_audio.script.report import as_text
    from hy_audio.script.saved import as_json

    page = read(source, encoding=encoding, allow_private=allow_private)
    written = read_script(page, orders.order(config, title, captions, said))
    report = {"text": as_text, "json": as_json, "html": as_html}[form]
    click.echo(report(written, page.text), nl=False)


@click.command(epilog="Example: hy-audio build article.txt --voice kokoro:zm_yunxi")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    help="Folder for episodes; default: output.",
)
@click.option("--voice", metavar="ENGINE[:VOICE]", help="auto, or one that hy-audio voices lists.")
@options.title
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Date of the edition, YYYY-MM-DD."
)
@options.captions
@options.say
@click.option(
    "--format",
    "formats",
    type=click.Choice(["mp3", "m4b", "opus"]),
    multiple=True,
    help="Besides MP3; mp3 for nothing else. May be repeated; default: as before.",
)
@_why
@options.proxy
@options.device
@options.store
@options.encoding
@options.allow_private
@options.as_json
@click.pass_obj
def build(
    config: Config,
    sources: tuple[str, ...],
    output: Path,
    voice: str | None,
    title: str,
    day: datetime | None,
    captions: str | None,
    said: tuple[str, ...],
    formats: tuple[str, ...],
    why: str,
    proxy: str,
    device: str,
    store: str | None,
    encoding: str | None,
    allow_private: bool,
    as_json: bool,
) -> None:
    """Build an episode of each SOURCE: a file, a URL, or - for standard input."""
    from dataclasses import replace

    from hy_audio.article.read import read
    from hy_audio.build import build as build_episode
    from hy_audio.progress import reporter
    from hy_audio.summary import built_json, built_text

    if len(sources) > 1 and (title or why):
        given = "--title" if title else "--why"
        raise click.UsageError(f"{given} is about one episode; give it with one SOURCE")
    order = orders.order(config, title, captions, said)
    order = replace(
        order,
        output=output,
        sound=orders.sound(config, formats),
        wish=orders.wish(config, voice, proxy, device, store),
        date=f"{day:%Y-%m-%d}" if day else "",
    )
    here = Path.cwd()
    pages = [read(one, encoding=encoding, allow_private=allow_private) for one in sources]
    for page in pages:
        with reporter() as report:
            built = build_episode(page, order, report, orders.readable(why))
        click.echo(built_json(built, page) if as_json else built_text(built, page), nl=False)
        _say_if_replaced(built, here)


@click.command(epilog="Example: hy-audio regenerate output/my-episode 3 --say 长回路=chang2hui2lu4")
@click.argument("episode", type=click.Path(path_type=Path))
@click.argument("section")
@options.say
@click.option("--voice", metavar="ENGINE[:VOICE]", default="", help="Another voice for it.")
@click.option("--rate", type=click.FloatRange(0.5, 2.0), default=None, help="Another speed.")
@click.option("--new-take", is_flag=True, help="Speak again although the clips are stored.")
@click.option(
    "--text",
    "wording",
    type=click.File("rb"),
    metavar="FILE",
    help="Say this instead: UTF-8, a paragraph on each line; - for standard input.",
)
@click.option("--reset", is_flag=True, help="Forget what was decided about it before.")
@_why
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@options.proxy
@options.device
@options.store
@options.as_json
@click.pass_obj
def regenerate(
    config: Config,
    episode: Path,
    section: str,
    said: tuple[str, ...],
    voice: str,
    rate: float | None,
    new_take: bool,
    wording: BinaryIO | None,
    reset: bool,
    why: str,
    dry_run: bool,
    proxy: str,
    device: str,
    store: str | None,
    as_json: bool,
) -> None:
    """Speak one SECTION of EPISODE again: its number, its id or a part of its title.

    Every other section keeps its bytes. What is decided here holds for later builds too.
    """
    from dataclasses import replace

    from hy_audio.build import preview
    from hy_audio.build import regenerate as regenerate_section
    from hy_audio.edition.order import Change
    from hy_audio.progress import reporter
    from hy_audio.summary import preview_json, preview_text, regenerated_json, regenerated_text

    change = Change(
        say=orders.words(said),
        voice=voice,
        rate=rate or 0.0,
        text=_text_of(wording) if wording else "",
        new_take=new_take,
        reset=reset,
        why=orders.readable(why),
    )
    order = replace(orders.order(config), wish=orders.wish(config, None, proxy, device, store))
    folder, here = episode.parent if episode.is_file() else episode, Path.cwd()
    if dry_run:
        with reporter() as report:
            seen = preview(folder, section, change, order, report)
        click.echo(preview_json(seen) if as_json else preview_text(seen), nl=False)
        return
    with reporter() as report:
        built = regenerate_section(folder, section, change, order, report)
    told = regenerated_json(built) if as_json else regenerated_text(built, change.why)
    click.echo(told, nl=False)
    _say_if_replaced(built, here)


def _say_if_replaced(built: "Built", here: Path) -> None:
    """A shell stays in the old folder when a new one takes its place."""
    if built.is_written and built.folder.resolve() in (here, *here.parents):
        click.echo('this folder was replaced by the new one; enter it with: cd "$PWD"', err=True)


def _text_of(file: BinaryIO) -> str:
    """A text that an editor wrote.

    Raises:
        ConfigError: it is empty, or not UTF-8.
    """
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file.name} is not UTF-8; save it as UTF-8 and try again") from error
    if not text.strip():
        raise ConfigError(f"{file.name} is empty; write what is to be said")
    return text


COMMANDS = (script, build, regenerate)
"""In the order in which they are used."""
