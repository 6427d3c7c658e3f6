"""The letters a Kokoro model has learned, and how a syllable is spelled in them.

Kokoro v1.0 takes IPA with arrows for the tones, as `misaki.transcription` writes it, less what it
was not trained on. Kokoro v1.1-zh takes zhuyin with the number of the tone: one letter for the
initial, one for the whole final, some of them Han characters (as `misaki.zh_frontend` has them).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hy_audio.speech.kokoro.latin import latin


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How a model wants its words written."""

    vocabulary: Mapping[str, int]
    """Token of each letter the model knows; 0 is padding."""
    syllable: Callable[[str], str | None]
    """The letters of a syllable such as `heng2`; None if it is not one."""
    separator: str
    """What stands between words."""
    latin: Callable[[str], tuple[str, ...]]
    """The letters of a word in Latin script: of the word, or of each letter's name."""
    rhotic: Callable[[str], str | None]
    """A syllable's letters with the r of 儿; None where 儿 is a syllable of its own."""


_RUNS = (
    (1, ";:,.!?"), (9, "—…\"()“” \u0303ʣʥʦʨᵝ\uab67AI"), (31, "O"), (33, "Q"), (35, "ST"), (39, "W"),
    (41, "Yᵊabcdef"), (50, "hijklmnopqrstuvwxyzɑɐɒæ"), (75, "βɔɕç"), (80, "ɖðʤə"),
    (85, "ɚɛɜ"), (90, "ɟ"), (92, "ɡ"), (99, "ɥ"), (101, "ɨɪʝ"), (110, "ɯɰŋɳɲɴø"),
    (118, "ɸθœ"), (123, "ɹ"), (125, "ɾɻ"), (128, "ʁɽʂʃʈʧ"), (135, "ʊʋ"), (138, "ʌɣɤ"),
    (142, "χʎ"), (147, "ʒʔ"), (156, "ˈˌː"), (162, "ʰ"), (164, "ʲ"), (169, "↓"),
    (171, "→↗↘"), (177, "ᵻ"),
)  # fmt: skip

_IPA = (
    ("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"),
    ("\u027b\u0329", "ɨ"), ("\u0279\u0329", "ɨ"), ("\u032f", ""),
)  # fmt: skip


@lru_cache(maxsize=2048)
def ipa(pinyin: str) -> str | None:
    """The IPA of a syllable such as `heng2`; None if it is not one."""
    if not pinyin:
        return None
    from misaki.transcription import pinyin_to_ipa  # loads the dictionaries of pypinyin

    try:
        variants = pinyin_to_ipa(pinyin)
    except (KeyError, ValueError):
        return None
    letters = "".join(variants[0])
    for symbol, letter in _IPA:
        letters = letters.replace(symbol, letter)
    return letters if all(c in V1_0.vocabulary for c in letters) else None


V1_0 = Alphabet(
    vocabulary={c: first + n for first, run in _RUNS for n, c in enumerate(run)},
    syllable=ipa,
    separator=" ",
    latin=latin,
    rhotic=lambda _: None,
)
"""Of Kokoro v1.0."""


def _pairs(pinyin: str, letters: str) -> dict[str, str]:
    return dict(zip(pinyin.split(), letters, strict=True))


_INITIALS = _pairs(
    "b p m f d t n l g k h j q x zh ch sh r z c s", "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ"
)
_FINALS = {
    **_pairs("a o e ai ei ao ou an en ang eng er ong", "ㄚㄛㄜㄞㄟㄠㄡㄢㄣㄤㄥㄦ中"),
    **_pairs("i ia ian iang iao ie in ing iong iou iu", "ㄧ压言阳要ㄝ阴应用又又"),
    **_pairs("u ua uai uan uang uei ui uen un ueng uo", "ㄨ穵外万王为为文文瓮我"),
    **_pairs("v ve ue van vn", "ㄩ月月元云"),
    "io": "ㄛ",
    "uong": "中",
}
_NASALS = {"m": "ㄇ", "n": "ㄋ", "ng": "ㄥ", "hm": "ㄏㄇ", "hng": "ㄏㄥ", "ê": "ㄟ"}
_BUZZED = {**dict.fromkeys(("z", "c", "s"), "ㄭ"), **dict.fromkeys(("zh", "ch", "sh", "r"), "十")}
_WRITTEN = (("yu", "v"), ("yi", "i"), ("y", "i"), ("wu", "u"), ("w", "u"))
_SYLLABLE = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcs]?)([a-zê]+)([1-5])")
_ARROWS = str.maketrans("", "", "→↗↘↓")


def zhuyin(pinyin: str) -> str | None:
    """The letters of Kokoro v1.1-zh for a syllable such as `heng2`; None if it is not one."""
    match = _SYLLABLE.fullmatch(pinyin)
    if not match:
        return None
    initial, final, tone = match.groups()
    if letters := _NASALS.get(initial + final):
        return letters + tone
    if final == "i" and initial in _BUZZED:
        return _INITIALS[initial] + _BUZZED[initial] + tone
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if not initial:
        final = next((i + final[len(y) :] for y, i in _WRITTEN if final.startswith(y)), final)
    rest = _FINALS.get(final)
    return f"{_INITIALS.get(initial, '')}{rest}{tone}" if rest else None


def _with_r(letters: str) -> str | None:
    """A syllable of v1.1 with an r: before the tone; ㄜ and r are ㄦ."""
    if not letters[-1:].isdigit():
        return None
    stem, tone = letters[:-1], letters[-1]
    if len(stem) > 1 and stem.endswith("ㄜ"):
        return f"{stem[:-1]}ㄦ{tone}"
    return f"{stem}R{tone}"


def _without_tones(word: str) -> tuple[str, ...]:
    """Latin script for v1.1, which has no arrows."""
    return tuple(sound.translate(_ARROWS) for sound in latin(word))


def v1_1(vocabulary: Mapping[str, int]) -> Alphabet:
    """The alphabet of Kokoro v1.1-zh, whose tokens come with the model."""
    return Alphabet(vocabulary, zhuyin, "/", _without_tones, _with_r)
