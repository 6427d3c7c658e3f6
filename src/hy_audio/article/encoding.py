"""Which encoding a text is in, told from the Chinese that it yields.

charset-normalizer proposes, a declaration (of an HTML page or a web server) may propose too; every
proposal is decoded and looked at: text of the right encoding is made of the characters in daily
use, text of a wrong one of rare characters, private use and holes.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from hy_audio.characters import has_han

# The commonest characters, and the traditional forms of those that have another one. Counted over
# the word frequencies of jieba's dictionary (MIT licence), first five hundred; they make up about
# seven tenths of ordinary text, and one in ten characters of a text decoded wrongly.
_COMMONEST = frozenset(
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自"
    "之对得主长可过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去心小同"
    "北定开产前其军还然起种所如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西"
    "没此将员名手最东头者月间无安看见各城十相但已些正口通想度加第她合院物性战由位常点海意场武"
    "使次二向治因立数样身情入原问把路被并利石老教万知级量任江及应省资委务元美特期世湖回系比气"
    "汉总展电科金先声提品设或义王社很统处四首共马形己儿司太目基领队直计别女权话少流命至报米给"
    "打变果书清活几州华解议更称程今决张导术府才保交放管结师便走达族反再题色五京河接条规式县白"
    "它改风光运信受什组听布百济党指论强做取技黄神选记斯真却职号界件花类何眼兵传带空干农边据集"
    "联古广完质阳难增历史专官每住商即步认车台林必死游举线言皇土团收考求德叫近备研争非具李众连"
    "调感转笑革该持始英克士尔让拉思根格造较际亲单朝红型价校约器字段周亚深候则功属积快图火千准"
    "究往极育装许参半令吃观鱼精办像帝八复影告远群包整构料随划算象容示投势热值夫网望源息语股铁"
    "断派速怎需片爱律纪支早况病境证编"
    "國為這個來會時齣學說傢們後發髮對長過業裡經麵門動進區開產軍還種現機體錶與噹當兩實麼隻關從"
    "製內沒將員東頭間無見閤戰點場數樣問並併萬級應資務迴係繫氣漢總電聲設義統處馬兒領隊計別彆權"
    "話報給變書幾華議稱決張導術結師達題條規縣風運組聽佈濟黨論強黃選記卻職號類傳帶幹農邊據聯廣"
    "質陽難曆歷專認車檯臺遊舉線團備爭眾連調轉該剋爾讓較際親單紅價約週亞則屬積圖準極裝許參觀魚"
    "辦復複遠構隨劃勢熱網語鐵斷愛紀況証證編"
)
# Every other character counts by its level: the first level of GB 2312 (3,755) and of Big5 (5,401)
# were chosen by their makers as those in use. Python's own codecs hold both tables.
_LEVELS = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
_MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～　％■▲◆●△□○★☆※→①②③④⑤⑥⑦⑧⑨⑩")
_COMMONEST_WEIGHT, _LEVEL_WEIGHT, _RARE_WEIGHT, _WRONG_WEIGHT = 1.0, 0.35, -0.6, -1.5
_PLAIN = 0.3
_DECLARED_BONUS = 0.05
_SAMPLE = 20_000
_HEAD = 200
_FEW_WORDS = 100
_CHINESE = ("gb18030", "cp950")
_CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FAMILIES = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "euc_cn": "gb18030",
    "big5": "cp950", "big5_tw": "cp950", "utf-8-sig": "utf-8", "ascii": "utf-8",
}  # fmt: skip
_NAMES = {"cp950": "Big5", "big5hkscs": "Big5", "gb18030": "GB18030 (GBK)"}
_TOLD = {"cp950": "big5"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1b\x7f]")
_SUGGESTED = "utf-8, gb18030, big5 or utf-16"
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)


DAMAGED = "\ufffd"
"""What stands for bytes that are no character (U+FFFD)."""


class Undecodable(ValueError):
    """Bytes that are no text in the encoding; one line that says where, and what to try."""


class UnknownEncoding(LookupError):
    """No such encoding; one line that names some."""


def decode(data: bytes, *, encoding: str | None = None, declared: Iterable[str] = ()) -> str:
    """Bytes to text, without a byte order mark.

    Args:
        data: the whole file.
        encoding: the encoding, if the user says so; nothing else is tried then, and what is damaged
            becomes `DAMAGED`. Without it nothing is replaced.
        declared: what a server says; a page's own <meta charset> is looked up here.

    Raises:
        UnknownEncoding: there is no encoding of that name.
        Undecodable: the bytes do not fit, are damaged, or are no text at all.
    """
    marked = next((m for m in _MARKED if data.startswith(m[0])), None)
    if encoding is not None:
        return _decode_as_told(data, encoding)
    if marked:
        return _strict(data, marked[1], len(marked[0]))
    if data.isascii() and _CONTROL.search(data) is None:
        return data.decode("ascii")
    best = _best(data, [*declared, *declarations(data)])
    return _strict(data, best, 0)


def declarations(data: bytes) -> list[str]:
    """What a page says of its own encoding."""
    head = data[:4096]
    return [m[1].decode("ascii") for pattern in (_META, _XML) if (m := pattern.search(head))]


def _decode_as_told(data: bytes, encoding: str) -> str:
    problem = f"no encoding called {encoding!r}; try {_SUGGESTED}, or leave --encoding out"
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        raise UnknownEncoding(problem) from None
    if name in ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"):
        raise UnknownEncoding(problem)
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        text = data.decode(name, "replace")
        if 2 * text.count(DAMAGED) > sum(c > "\x7f" for c in text):
            advice = "leave --encoding out to have it detected"
            raise Undecodable(f"not {encoding} (byte {error.start}); {advice}") from None
    return _checked(text.removeprefix("\ufeff"))


def _strict(data: bytes, encoding: str, skip: int) -> str:
    try:
        return _checked(data[skip:].decode(encoding))
    except UnicodeDecodeError as error:
        name = _NAMES.get(encoding, encoding.upper())
        at = error.start + skip
        place = "ends inside a character" if error.end + skip >= len(data) else "is damaged"
        where = f"seems to be {name} and {place} at byte {at}"
        told = f"--encoding {_TOLD.get(encoding, encoding)}"
        raise Undecodable(f"{where}; save it again, or leave the damage out with {told}") from None


def _checked(text: str) -> str:
    if "\0" in text:
        raise Undecodable("a binary file, not text; give the article's text")
    return text


# Detection


def _best(data: bytes, declared: list[str]) -> str:
    """The encoding whose text is the most ordinary Chinese."""
    sample = _sample(data)
    told = {name for name in map(_known, declared) if name}
    names = list(dict.fromkeys((*_CANDIDATES, *told, *_proposed(sample))))
    if len(data) <= _FEW_WORDS:  # too few for a guess; what fits is worth more
        names = [n for n in (*_CANDIDATES, *told) if _text(data, n)] or names
    scores = {name: _score(sample, name) + _DECLARED_BONUS * (name in told) for name in names}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= _PLAIN:
        return best
    if b"\0" in data[:4096]:
        raise Undecodable("a binary file, not text; give the article's text")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if rare := [name for name in names if name in _CHINESE and _is_all_han(data, name)]:
            return max(rare, key=lambda name: scores[name])
        raise Undecodable(
            f"not UTF-8 (byte {error.start}), and no other encoding makes Chinese of it; "
            f"save it as UTF-8, or name its encoding with --encoding: {_SUGGESTED}"
        ) from None
    return "utf-8"


def _is_all_han(data: bytes, encoding: str) -> bool:
    """Whether a few words are Han characters and marks alone, rare ones perhaps: names, a poem."""
    text = _text(data, encoding) if len(data) <= _FEW_WORDS else ""
    return bool(text) and all(has_han(c) or c in _MARKS or c.isspace() for c in text)


def _text(data: bytes, encoding: str) -> str:
    """The whole text in an encoding; empty if it does not fit."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _sample(data: bytes) -> bytes:
    """Some of the text from the first byte that is not ASCII, at an even offset."""
    match = re.search(rb"[\x80-\xff]", data)
    start = match.start() & ~1 if match else 0
    if start < _HEAD or b"\0" in data[:start]:
        start = 0
    return data[start : start + _SAMPLE]


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip()).name
        "".encode(found)
    except (LookupError, ValueError, TypeError):
        return None
    return _FAMILIES.get(found, found)


def _proposed(sample: bytes) -> Iterator[str]:
    """What charset-normalizer takes the sample for."""
    from charset_normalizer import from_bytes

    for match in from_bytes(sample[:4096]):
        if name := _known(match.encoding):
            yield name


def _score(sample: bytes, encoding: str) -> float:
    """Mean weight of the characters beyond printable ASCII; -2 where there is none."""
    text = sample.decode(encoding, "replace")
    text = text.removesuffix(DAMAGED)  # the sample may end inside a character
    weights = [weight(c) for c in text if c > "\x7f" or (c < " " and not c.isspace())]
    return sum(weights) / len(weights) if weights else -2.0


@lru_cache(maxsize=8192)
def weight(c: str) -> float:
    """How much a character speaks for its encoding: 1 for the commonest, less than 0 for rare."""
    if c in _COMMONEST:
        return _COMMONEST_WEIGHT
    if c in _MARKS or "\uff01" <= c <= "\uff5e" or any(_is_in(c, *one) for one in _LEVELS):
        return _LEVEL_WEIGHT
    if "\u3400" <= c <= "\u9fff" or c >= "\U00020000":
        return _RARE_WEIGHT
    if unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == DAMAGED:
        return _WRONG_WEIGHT
    return _RARE_WEIGHT if c.isalpha() else 0.0


def _is_in(c: str, codec: str, first: int, last: int) -> bool:
    try:
        return first <= c.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
