"""The syllables of Mandarin, and how people write them."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

_TABLE = """
a ai an ang ao e ei en eng er o ou
ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu
pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu
ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu
fa fan fang fei fen feng fo fou fu
da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo
ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo
na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nun nuo
nv nve
la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo
lv lve
ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo
ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo
ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo
ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun
qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun
zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun
zhuo
cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo
sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo
za zai zan zang zao ze zei zen zeng zi zong zou zu zuan zui zun zuo
ca cai can cang cao ce cei cen ceng ci cong cou cu cuan cui cun cuo
sa sai san sang sao se sen seng si song sou su suan sui sun suo
ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
wa wai wan wang wei wen weng wo wu
ê m n ng hm hng
"""
SYLLABLES = frozenset(_TABLE.split())
"""Every syllable of standard Mandarin without its tone; ü is written v."""

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_SEPARATORS = re.compile(r"[\s'’ʼ-]+")
_NUMBERED = re.compile(r"[^0-9]*[0-9]+|[^0-9]+")
_LONGEST = max(map(len, SYLLABLES))
_TONES_ARE = "tones are 1 to 5 behind each syllable, 5 is neutral"
_NO_TONE = f"it has no tone; {_TONES_ARE}"


class NotPinyin(ValueError):
    """A text is not pinyin: the message names the part, and the syllables nearest to it."""


def parse(written: str) -> tuple[str, ...]:
    """The syllables of a text in pinyin: `chang2 hui2 lu4`, `cháng huí lù`, `chang2hui2lu4`.

    Tones are numbers from 1 to 5 or marks; a syllable without either is neutral where another of
    the text has a mark. ü may be written ü, v or u:.

    Raises:
        NotPinyin: a part of it is no syllable of Mandarin with a tone.
    """
    text = unicodedata.normalize("NFC", written).lower().replace("u:", "v").replace("ü", "v")
    parts = [p for part in _SEPARATORS.split(text) for p in _NUMBERED.findall(part)]
    marked = any(set(unicodedata.normalize("NFD", part)) & set(_TONES) for part in parts)
    return tuple(s for part in parts for s in _syllables(part, neutral=marked))


def is_pinyin(written: str) -> bool:
    """Whether a text is pinyin with tones."""
    try:
        return bool(parse(written))
    except NotPinyin:
        return False


def is_toneless(written: str) -> bool:
    """Whether a word is pinyin without tones, in small letters: `changsha`."""
    try:
        return written.islower() and bool(list(_cut(written)))
    except NotPinyin:
        return False


def _syllables(part: str, *, neutral: bool) -> Iterator[str]:
    """One part: a syllable with its number, or syllables with tone marks written together."""
    letters = part.rstrip("0123456789")
    if tone := part[len(letters) :]:
        yield _checked(part, letters, tone)
        return
    pieces = list(_cut(letters))
    if not neutral:
        raise NotPinyin(f"{part} is no pinyin: {_NO_TONE}")
    yield from pieces


def _cut(letters: str) -> Iterator[str]:
    """Cut tone-marked syllables that are written together, the longest first."""
    while letters:
        for n in range(min(len(letters), _LONGEST), 0, -1):
            plain, tone = _plain(letters[:n])
            rest = _plain(letters[n : n + 1])[0]
            # before a vowel there must be an apostrophe: fang'an; else the letter begins a syllable
            if len(tone) <= 1 and plain in SYLLABLES and (not rest or rest not in "aeiouv"):
                yield plain + (tone or "5")
                letters = letters[n:]
                break
        else:
            raise NotPinyin(_problem(letters, *_plain(letters)))


def _checked(part: str, letters: str, tone: str) -> str:
    plain, marked = _plain(letters)
    if plain not in SYLLABLES or marked or tone not in tuple("12345"):
        raise NotPinyin(_problem(part, plain, tone))
    return plain + tone


@lru_cache(maxsize=1024)
def _plain(letters: str) -> tuple[str, str]:
    """Letters without tone marks, ü as v, and the tone the mark stands for."""
    decomposed = unicodedata.normalize("NFD", letters)
    tone = "".join(_TONES[c] for c in decomposed if c in _TONES)
    plain = "".join(c for c in decomposed if c not in _TONES)
    return unicodedata.normalize("NFC", plain).replace("ü", "v"), tone


def _problem(part: str, plain: str, tone: str) -> str:
    if plain in SYLLABLES:
        return f"{part} is no pinyin: {_TONES_ARE if tone else _NO_TONE}"
    nearest = get_close_matches(plain, sorted(SYLLABLES), n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
    return f"{part} is no pinyin{hint}"
