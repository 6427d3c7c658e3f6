"""Settings of a show: the file `hy-audio.toml`, all of it optional."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec.structs import replace

from hy_audio.errors import ConfigError
from hy_audio.script.settings import DISCLOSURE

NAME = "hy-audio.toml"
"""Looked for in the current folder."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class ShowConfig(_Table, frozen=True):
    """`[show]`: the podcast. What is needed to publish is checked when it is published."""

    name: str = ""
    """Spoken first in every episode, and written as its album."""
    cover: Path | None = None
    """A picture, JPEG or PNG."""
    description: str = ""
    """What it is about."""
    author: str = ""
    """Who makes it."""
    owner: str = ""
    """Who answers for it; empty for the author."""
    email: str = ""
    """How the owner is reached; directories send a code to it."""
    language: str = "zh-cn"
    """As RSS has it."""
    categories: tuple[str, ...] = ("News > Daily News",)
    """Of Apple's list, up to three; the second level after a `>`."""
    explicit: bool = False
    """Whether it is not for everybody's ears."""
    copyright: str = ""
    """Who holds the rights; empty for the author."""
    timezone: str = "Asia/Shanghai"
    """IANA name of the zone of its dates."""
    time: str = "06:00"
    """When an edition appears on its date."""
    frequency: str = ""
    """`daily`, `weekdays`, `weekly` or `monthly`; empty if it is not told."""
    locked: bool = True
    """Whether other hosts must not take the feed over."""
    guid: str = ""
    """Its `podcast:guid`; empty for the one of its feed's address."""
    subscribe: dict[str, str] = {}
    """Where else it can be subscribed to: names and addresses."""


class PublishConfig(_Table, frozen=True):
    """`[publish]`: where it is put, and where listeners find it."""

    target: str = ""
    """A folder, beside this file, or an address such as `s3://bucket/folder`; empty for the output
    folder itself."""
    url: str = ""
    """Public address of the same place."""
    feed_items: Annotated[int, msgspec.Meta(ge=1, le=2000)] = 300
    """Episodes in the feed; older ones stand on pages behind it."""
    keep_days: Annotated[int, msgspec.Meta(ge=0)] = 30
    """How long `--prune` leaves audio that was superseded."""
    check_urls: bool = True
    """Whether every address is requested before the feed names it."""


class ScriptConfig(_Table, frozen=True):
    """`[script]`: what is said."""

    captions: Literal["read", "skip"] = "read"
    """Whether picture captions are read out."""
    disclosure: Annotated[str, msgspec.Meta(pattern=r"\w")] = DISCLOSURE
    """The line that says the voice is synthetic."""


class SpeechConfig(_Table, frozen=True):
    """`[speech]`: who says it."""

    voice: str = "auto"
    """`auto`, an engine, or `engine:voice`."""
    rate: Annotated[float, msgspec.Meta(ge=0.5, le=2.0)] = 1.0
    """Speed: 1.0 is the voice's own."""

    budget_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Seconds that the clips of an edition may take; 0 for a minute each, at least five."""
    store: str = ""
    """Where clips are kept for several machines, such as `s3://bucket/folder`."""


class SoundConfig(_Table, frozen=True):
    """`[sound]`: what the MP3 is like."""

    rate_hz: int = 48_000
    """Sample rate: 48000 or 44100."""
    channels: int = 1
    """1 or 2."""
    kbps: int = 96
    """Constant bit rate: 64 to 192."""
    formats: tuple[Literal["m4b", "opus"], ...] = ()
    """What is made besides MP3."""


class MusicConfig(_Table, frozen=True):
    """`[music]`: files of any format, beside the configuration."""

    opening: Path | None = None
    """Before the first word of an episode."""
    closing: Path | None = None
    """After the last."""
    bed: Path | None = None
    """Under the words."""
    bed_under: Literal["opening", "all"] = "opening"
    """Under those of the opening, or of every section."""


class LabelConfig(_Table, frozen=True):
    """`[label]`: how an episode says that its voice is synthetic."""

    sound: Literal["spoken", "rhythm", "both", "off"] = "spoken"
    """The line of `[script] disclosure`, the rhythm mark, both, or nothing."""
    metadata: bool = True
    """Whether the file carries the AIGC object."""
    producer: str = ""
    """ContentProducer; empty for the show's name."""
    produce_id: str = ""
    """ProduceID; empty for the episode's name."""
    propagator: str = ""
    """ContentPropagator; empty for the producer."""
    propagate_id: str = ""
    """PropagateID; empty for the ProduceID."""


class Config(_Table, frozen=True):
    """The whole file."""

    show: ShowConfig = ShowConfig()
    """`[show]`."""
    script: ScriptConfig = ScriptConfig()
    """`[script]`."""
    speech: SpeechConfig = SpeechConfig()
    """`[speech]`."""
    sound: SoundConfig = SoundConfig()
    """`[sound]`."""
    music: MusicConfig = MusicConfig()
    """`[music]`."""
    label: LabelConfig = LabelConfig()
    """`[label]`."""
    publish: PublishConfig = PublishConfig()
    """`[publish]`."""
    engine: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    """`[engine.NAME]`: settings of an engine, checked by it."""
    lexicon: dict[str, str] = msgspec.field(default_factory=dict)
    """`[lexicon]`: words and how they are said."""


class SettingsError(ConfigError):
    """Settings can't be used.

    `wrong` tells of each, by its place such as `[show] name`; `usable` is the configuration without
    them.
    """

    def __init__(self, file: Path, wrong: Mapping[str, str], usable: Config) -> None:
        super().__init__(f"{file}: {'; '.join(f'{at}{problem}' for at, problem in wrong.items())}")
        self.wrong = wrong
        self.usable = usable


def load(path: Path | None = None) -> Config:
    """Read a configuration file.

    Args:
        path: the file; None for `hy-audio.toml` in the current folder, if there is one.

    Raises:
        ConfigError: the file named is missing or is not TOML.
        SettingsError: settings can't be used; one message names each.
    """
    if path is None and not Path(NAME).is_file():
        return Config()
    file = path or Path(NAME)
    given = _read(file)
    wrong: dict[str, str] = {}
    for table, name, problem in _problems(given):
        wrong[f"[{table}] {name}".rstrip()] = problem
        if name:
            del given[table][name]
        else:
            del given[table]
    config = msgspec.convert(given, Config, dec_hook=_path)
    show, music = (_beside(file, table) for table in (config.show, config.music))
    target = config.publish.target
    if target and "://" not in target:
        target = str(file.parent / Path(target).expanduser())
    config = replace(config, show=show, music=music, publish=replace(config.publish, target=target))
    if wrong:
        raise SettingsError(file, wrong, config)
    return config


def _read(file: Path) -> dict[str, Any]:
    """What a file has in it."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8; save it as UTF-8 and try again") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}; {_syntax(text, str(error))}") from error


def _syntax(text: str, problem: str) -> str:
    """What to do about a line that is not TOML."""
    place = re.search(r"at line (\d+)", problem)
    end = int(place[1]) if place else text.count("\n") + 1
    lines = "".join(text.split("\n")[max(0, end - 2) : end])  # a text that is open ends later
    if odd := " ".join(dict.fromkeys(re.findall("[“”‘’「」＂＇＝［］]", lines))):
        return f'type " = and [ ] on an English keyboard, not {odd}'
    return "write it as TOML has it, texts in quotation marks"


def _problems(given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Table, name and problem of each setting that can't be used; no name for a whole table."""
    for table, settings in list(given.items()):
        alone = {} if isinstance(settings, dict) else settings
        if problem := _problem(table, "", alone):
            yield table, "", problem
        else:
            for name, value in list(settings.items()):
                if problem := _problem(table, name, {name: value}):
                    yield table, name, problem


def _problem(table: str, name: str, settings: Any) -> str:
    """What is wrong with one setting and what to do; empty if nothing is."""
    try:
        msgspec.convert({table: settings}, Config, dec_hook=_path)
    except msgspec.ValidationError as error:
        problem = str(error)
    else:
        return ""
    if "unknown field" in problem:
        known = (getattr(Config(), table) if name else Config()).__struct_fields__
        nearest = get_close_matches(name or table, known, n=1)
        advice = f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"
        return f" is unknown; {advice}"
    if "enum value" in problem:
        kind = get_type_hints(type(getattr(Config(), table)))[name]
        return f" is {settings[name]!r}; take one of {', '.join(_choices(kind))}"
    told, _, _ = problem.partition(" - at ")
    expected = re.match(r"Expected `(\w+)`, got", told)
    advice = _ADVICE.get(expected[1] if expected else "", "correct it or leave it out")
    return f": {told[0].lower()}{told[1:]}; {advice}"


_ADVICE = {
    "str": "write it in quotation marks",
    "bool": "write true or false, without quotation marks",
    "int": "write a number, without quotation marks",
    "float": "write a number, without quotation marks",
    "array": "write it as a list, in [ ]",
    "object": "write its settings below a line with its name in [ ]",
}


def _choices(kind: Any) -> Iterator[str]:
    """What a `Literal` may be, or the items of a tuple of them."""
    for one in get_args(kind):
        yield from [one] if isinstance(one, str) else _choices(one)


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise TypeError("expected the path of a file")


def _beside(file: Path, table: Any) -> Any:
    """A table whose paths begin where the configuration lies."""
    found = {name: getattr(table, name) for name in table.__struct_fields__}
    paths = {k: file.parent / v for k, v in found.items() if isinstance(v, Path)}
    return replace(table, **paths)
