from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from hy_audio.script.model import Utterance
from hy_audio.speech.model import Mark, Prosody, Speech
from hy_audio.speech.store import ClipStore, clip_key

SPEECH = Speech(b"sound", "audio/wav", 1200, (Mark(0, 0), Mark(1, 700)), ("no sound for “☃”",))
KEY = "ab" * 32


def test_what_was_put_is_got_again(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    put = store.put(KEY, SPEECH)
    assert store.get(KEY) == put
    assert put.path.read_bytes() == b"sound"
    assert (put.duration_ms, put.marks, put.warnings) == (1200, SPEECH.marks, SPEECH.warnings)


def test_what_was_never_put_is_not_there(tmp_path: Path) -> None:
    assert ClipStore(tmp_path / "none").get(KEY) is None


@pytest.mark.parametrize("suffix", ["audio", "json"])
@pytest.mark.parametrize("damage", ["cut", "gone", "changed"])
def test_a_damaged_entry_is_no_entry(tmp_path: Path, suffix: str, damage: str) -> None:
    store = ClipStore(tmp_path)
    path = store.put(KEY, SPEECH).path.with_suffix(f".{suffix}")
    data = path.read_bytes()
    match damage:
        case "cut":
            path.write_bytes(data[:-2])
        case "gone":
            path.unlink()
        case "changed":
            path.write_bytes(b"\0" + data[1:])
    assert store.get(KEY) is None
    store.put(KEY, SPEECH)
    assert store.get(KEY) is not None


def test_nothing_but_the_entry_is_left_behind(tmp_path: Path) -> None:
    clip = ClipStore(tmp_path).put(KEY, SPEECH)
    names = {p.name for p in clip.path.parent.iterdir()}
    assert names == {f"{KEY}.audio", f"{KEY}.json"}


def test_all_that_decides_the_sound_is_in_the_key(
    utterance: Callable[..., Utterance],
) -> None:
    u = utterance("行长来了。")
    s = u.sentences[0]
    other_pinyin = type(s)(s.display, s.spoken, ("xing2", *s.pinyin[1:]), s.source)
    keys = [
        clip_key("e/1", "v", Prosody(), u),
        clip_key("e/2", "v", Prosody(), u),
        clip_key("e/1", "w", Prosody(), u),
        clip_key("e/1", "v", Prosody(1.1), u),
        clip_key("e/1", "v", Prosody(), utterance("行长走了。")),
        clip_key("e/1", "v", Prosody(), Utterance(u.id, u.role, (other_pinyin,), u.pause_ms)),
        clip_key(
            "e/1", "v", Prosody(), replace(u, sentences=(replace(s, respelled="航掌来了。"),))
        ),
    ]
    assert len(set(keys)) == len(keys)


def test_the_key_of_a_sentence_without_a_respelling_is_what_it_always_was(
    utterance: Callable[..., Utterance],
) -> None:
    u = utterance("行长来了。")
    words = [(s.spoken, s.pinyin) for s in u.sentences]
    before = sha256(msgspec.json.encode(["e", "v", 1.0, words])).hexdigest()
    assert clip_key("e", "v", Prosody(), u) == before


def test_what_does_not_decide_the_sound_is_not_in_the_key(
    utterance: Callable[..., Utterance],
) -> None:
    one = utterance("一样的话。", name="a-001", pause_ms=1)
    two = utterance("一样的话。", name="b-009", pause_ms=2)
    assert clip_key("e", "v", Prosody(), one) == clip_key("e", "v", Prosody(), two)
