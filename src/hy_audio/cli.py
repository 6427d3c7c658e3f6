"""The command line: reads options, calls the pipeline, prints."""

import asyncio
import errno
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from hy_audio.config import Config, load
from hy_audio.errors import ConfigError, HyAudioError

_STOPPED = "stopped; the clips made so far are kept, and the next build goes on from them"


class _Cli(click.Group):
    """Turns every expected failure into one line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HyAudioError as error:
            problem = str(error)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "hy-audio"
            problem = f"{error.format_message()} See {path} --help"
        except KeyboardInterrupt:
            problem = _STOPPED
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            problem = _os_problem(error)
        click.echo(f"hy-audio: {problem}", err=True)
        return ctx.exit(2)


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
    ctx.obj = load(config)


_captions = click.option(
    "--captions", type=click.Choice(["read", "skip"]), help="Picture captions."
)
_title = click.option("--title", default="", help="Title instead of the printed headline.")
_say = click.option(
    "--say",
    "said",
    metavar="词=读音",
    multiple=True,
    help="How a word is said: 长回路=chang2hui2lu4, or R&D=研发. May be repeated.",
)
_store = click.option(
    "--store", metavar="URL", help="Clips shared by several machines: s3://bucket/folder."
)
_encoding = click.option("--encoding", metavar="NAME", help="Encoding of SOURCE, if not detected.")
_allow_private = click.option(
    "--allow-private", is_flag=True, help="Let a URL lead to a private or local address."
)
_proxy = click.option(
    "--proxy", metavar="URL", default="", help="Proxy for online voices; default: environment."
)
_device = click.option(
    "--device", metavar="NAME", default="", help="What the embedded voice runs on; default: cpu."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


@main.command(epilog="Example: hy-audio build article.txt --voice kokoro:zm_yunxi")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("output"),
    help="Folder for episodes; default: output.",
)
@click.option("--voice", metavar="ENGINE[:VOICE]", help="auto, or one that hy-audio voices lists.")
@_title
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Date of the edition, YYYY-MM-DD."
)
@_captions
@_say
@click.option(
    "--format",
    "formats",
    type=click.Choice(["m4b", "opus"]),
    multiple=True,
    help="Besides MP3. May be repeated.",
)
@_proxy
@_device
@_store
@_encoding
@_allow_private
@_as_json
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

    if title and len(sources) > 1:
        raise click.UsageError("--title names one episode; give it with one SOURCE")
    order = _order(config, title, captions, said)
    order = replace(
        order,
        output=output,
        sound=_sound(config, formats),
        wish=_wish(config, voice, proxy, device, store),
        date=f"{day:%Y-%m-%d}" if day else "",
    )
    pages = [read(one, encoding=encoding, allow_private=allow_private) for one in sources]
    for page in pages:
        with reporter() as report:
            built = build_episode(page, order, report)
        click.echo(built_json(built, page) if as_json else built_text(built, page), nl=False)


@main.command(epilog="Example: hy-audio script article.txt --format json")
@click.argument("source")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text")
@_title
@_captions
@_say
@_encoding
@_allow_private
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
    from hy_audio.script.page import as_html
    from hy_audio.script.report import as_text
    from hy_audio.script.saved import as_json
    from hy_audio.wording import read_script

    page = read(source, encoding=encoding, allow_private=allow_private)
    written = read_script(page, _order(config, title, captions, said))
    report = {"text": as_text, "json": as_json, "html": as_html}[form]
    click.echo(report(written, page.text), nl=False)


@main.command(epilog="Example: hy-audio sections output/my-episode")
@click.argument("episode", type=click.Path(path_type=Path))
@_as_json
def sections(episode: Path, as_json: bool) -> None:
    """List the sections of EPISODE: number, id, title, start, length."""
    from hy_audio.episode import open_episode
    from hy_audio.summary import sections_json, sections_text

    manifest = open_episode(episode)
    click.echo(sections_json(manifest) if as_json else sections_text(manifest), nl=False)


@main.command(epilog="Example: hy-audio regenerate output/my-episode 3 --say 长回路=chang2hui2lu4")
@click.argument("episode", type=click.Path(path_type=Path))
@click.argument("section")
@_say
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
@click.option("--why", default="", help="What was wrong, for the history.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@_proxy
@_device
@_store
@_as_json
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
    from hy_audio.order import Change
    from hy_audio.progress import reporter
    from hy_audio.script.lexicon import spoken_entries
    from hy_audio.summary import preview_json, preview_text, regenerated_json, regenerated_text

    change = Change(
        say=spoken_entries(map(_readable, said)),
        voice=voice,
        rate=rate or 0.0,
        text=_text_of(wording) if wording else "",
        new_take=new_take,
        reset=reset,
        why=_readable(why),
    )
    order = replace(_order(config), wish=_wish(config, None, proxy, device, store))
    folder = episode if episode.is_dir() else episode.parent
    if dry_run:
        seen = preview(folder, section, change, order)
        click.echo(preview_json(seen) if as_json else preview_text(seen), nl=False)
        return
    with reporter() as report:
        built = regenerate_section(folder, section, change, order, report)
    click.echo(regenerated_json(built) if as_json else regenerated_text(built), nl=False)


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


@main.command(epilog="Example: hy-audio check output/my-episode")
@click.argument("episode", type=click.Path(path_type=Path))
@_as_json
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


@main.command(epilog="Example: hy-audio voices --engine kokoro")
@click.option("--engine", help="Only this engine.")
@_proxy
@_as_json
@click.pass_obj
def voices(config: Config, engine: str | None, proxy: str, as_json: bool) -> None:
    """List the voices that can speak."""
    from hy_audio.speech.registry import engines, list_voices
    from hy_audio.summary import voices_json, voices_text

    wish, cache = _wish(config, None, proxy), _cache()
    names = [engine] if engine else sorted(engines())
    listing = asyncio.run(list_voices(names, lambda name: wish.setup(name, cache)))
    click.echo(voices_json(listing) if as_json else voices_text(listing), nl=False)


@main.group("cache", epilog="Example: hy-audio cache info", no_args_is_help=False)
def cache_group() -> None:
    """Look after the clips that are kept, so that they need not be spoken again."""


@cache_group.command(epilog="Example: hy-audio cache info")
@_as_json
def info(as_json: bool) -> None:
    """Tell where the cache is, and how much there is of what."""
    from hy_audio.speech.prune import look
    from hy_audio.summary import cache_json, cache_text

    place, now_s = _cache(), time.time()
    found = look(place, now_s)
    click.echo(
        cache_json(str(place), found) if as_json else cache_text(str(place), found, now_s),
        nl=False,
    )


@cache_group.command(epilog="Example: hy-audio cache prune --max-size 2GB --older-than 30d")
@click.option("--max-size", metavar="SIZE", help="What the clips may take: 500MB, 2GB, 1.5GiB.")
@click.option("--older-than", metavar="AGE", help="Clips unused for so long go: 12h, 30d, 8w.")
@_as_json
def prune(max_size: str | None, older_than: str | None, as_json: bool) -> None:
    """Remove clips, those that were not used for longest first. Builds may go on meanwhile."""
    from hy_audio.speech.prune import age_of, size_of
    from hy_audio.speech.prune import prune as prune_clips
    from hy_audio.summary import pruned_json, pruned_text

    if max_size is None and older_than is None:
        raise click.UsageError("Say what may go: --max-size 2GB, --older-than 30d, or both.")
    pruned = prune_clips(
        _cache(),
        time.time(),
        None if max_size is None else size_of(max_size),
        None if older_than is None else age_of(older_than),
    )
    click.echo(pruned_json(pruned) if as_json else pruned_text(pruned), nl=False)


def _cache() -> Path:
    """Folder for things that can be made again."""
    from platformdirs import user_cache_path

    return user_cache_path("hy-audio")


def _order(
    config: Config, title: str = "", captions: str | None = None, said: tuple[str, ...] = ()
) -> Any:
    from hy_audio.order import Order
    from hy_audio.script.lexicon import spoken_entries
    from hy_audio.script.settings import Settings

    sound = _sound(config)
    return Order(
        output=Path("output"),
        cache=_cache(),
        sound=sound,
        settings=Settings(config.show.name, _readable(title), config.script.disclosure),
        words=config.lexicon,
        said=spoken_entries(map(_readable, said)),
        read_captions=(captions or config.script.captions) == "read",
        now=_now(),
    )


def _now() -> str:
    """The time; for builds that are to be the same again, the one that the environment tells.

    Source: the SOURCE_DATE_EPOCH specification of reproducible-builds.org.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isascii() and epoch.isdigit() else time.time()
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _sound(config: Config, formats: tuple[str, ...] = ()) -> Any:
    from hy_audio.assembly import Music, Sound
    from hy_audio.stitch.label import Label
    from hy_audio.stitch.mp3 import Format

    sound, music, label = config.sound, config.music, config.label
    return Sound(
        form=Format(sound.rate_hz, sound.channels, sound.kbps),
        music=Music(music.opening, music.closing, music.bed, music.bed_under == "all"),
        label=Label(
            spoken=label.sound in ("spoken", "both"),
            rhythm=label.sound in ("rhythm", "both"),
            metadata=label.metadata,
            producer=label.producer,
            produce_id=label.produce_id,
            propagator=label.propagator,
            propagate_id=label.propagate_id,
        ),
        cover=config.show.cover,
        formats=tuple(dict.fromkeys(formats or sound.formats)),
    )


def _wish(
    config: Config, voice: str | None, proxy: str = "", device: str = "", store: str | None = None
) -> Any:
    from hy_audio.speaking import Wish
    from hy_audio.speech.policy import Policy

    return Wish(
        voice=_voice(voice, config),
        rate=config.speech.rate,
        engines=config.engine,
        proxy=proxy,
        device=device,
        store=config.speech.store if store is None else store,
        policy=Policy(budget_s=config.speech.budget_s),
    )


def _voice(asked: str | None, config: Config) -> str:
    """The voice asked for; an engine alone leaves the choice of its voice to the configuration."""
    configured = config.speech.voice
    return configured if not asked or configured.startswith(f"{asked}:") else asked


def _readable(text: str) -> str:
    """Without bytes of the command line that are no characters."""
    return text.encode("utf-8", "ignore").decode()
