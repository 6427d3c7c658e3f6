"""ASCII names for folders and addresses, made of a title's pinyin."""

import re
import unicodedata
from hashlib import sha256

from pypinyin import lazy_pinyin

_WORD = re.compile(r"[a-z0-9]+")


def slug(title: str, *, longest: int = 48) -> str:
    """Name a title in lower-case ASCII words joined by hyphens.

    Args:
        title: any text at all.
        longest: where a longer name is cut, at a word; a cut name ends in eight digits of the
            title's SHA-256, so that two long titles stay apart.

    Returns:
        A name of letters, digits and single hyphens: never empty, never a path.
    """
    text = unicodedata.normalize("NFKC", title)
    words = [
        w for syllable in lazy_pinyin(text, v_to_u=False) for w in _WORD.findall(syllable.lower())
    ]
    name = "-".join(words)
    digest = sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    if not name:
        return digest
    if len(name) <= longest:
        return name
    return name[: longest + 1].rsplit("-", 1)[0][:longest] + "-" + digest
