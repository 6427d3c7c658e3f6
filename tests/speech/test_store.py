import errno
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from hy_audio.errors import ConfigError
from hy_audio.script.model import Utterance
from hy_audio.speech.model import Mark, Prosody
from hy_audio.speech.store import ClipStore, DamagedClip, Recording, clip_key

MARKS = (Mark(0, 4, 0, 700), Mark(4, 9, 700, 1200))
RECORDING = Recording(b"sound\nand more", "audio/wav", 1200, MARKS, ("no sound for “☃”",))
KEY = "ab" * 32
OTHER = "cd" * 32


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "store", tmp_path / "bench")


def test_what_was_put_is_got_again(store: ClipStore, tmp_path: Path) -> None:
    put = store.put(KEY, RECORDING)
    assert store.get(KEY) == put
    assert ClipStore(tmp_path / "store", tmp_path / "other").get(KEY) == replace(
        put, path=tmp_path / "other" / put.path.name
    )
    assert put.path.read_bytes() == RECORDING.audio
    assert (put.duration_ms, put.marks, put.warnings) == (1200, MARKS, RECORDING.warnings)


def test_what_was_never_put_is_not_there(store: ClipStore) -> None:
    assert store.get(KEY) is None


@pytest.mark.parametrize("at", [0, 3, 66, 90, -1])
@pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
def test_a_damaged_entry_is_told_and_out_of_the_way(
    store: ClipStore, tmp_path: Path, at: int, damage: str
) -> None:
    store.put(KEY, RECORDING)
    (entry,) = (tmp_path / "store").rglob("*.clip")
    data = bytearray(entry.read_bytes())
    data[at] ^= 1
    damaged = {"cut": data[:at], "changed": data, "emptied": bytearray()}
    entry.write_bytes(damaged[damage])
    with pytest.raises(DamagedClip, match="damaged"):
        store.get(KEY)
    assert store.get(KEY) is None
    store.put(KEY, RECORDING)
    assert store.get(KEY) is not None


def test_a_clip_that_was_taken_out_stays_when_the_store_is_deleted(
    store: ClipStore, tmp_path: Path
) -> None:
    clip = store.put(KEY, RECORDING)
    shutil.rmtree(tmp_path / "store")
    assert clip.path.read_bytes() == RECORDING.audio
    assert store.get(KEY) is None
    store.put(KEY, RECORDING)
    assert store.get(KEY) == clip


def test_a_folder_that_others_delete_all_the_time_takes_entries_all_the_same(
    store: ClipStore, tmp_path: Path
) -> None:
    stop = threading.Event()

    def deletes() -> None:
        while not stop.is_set():
            shutil.rmtree(tmp_path / "store", ignore_errors=True)

    thread = threading.Thread(target=deletes)
    thread.start()
    try:
        for n in range(100):
            assert store.put(f"{n:02}" * 32, RECORDING).path.read_bytes() == RECORDING.audio
    finally:
        stop.set()
        thread.join()


def test_an_entry_that_can_t_be_written_whole_leaves_the_old_one(
    store: ClipStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.put(KEY, RECORDING)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(KEY, replace(RECORDING, audio=b"other"))
    assert store.get(KEY) == before


def test_a_store_that_is_no_folder_is_told_with_what_to_do(
    store: ClipStore, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("in the way")
    with pytest.raises(ConfigError, match="XDG_CACHE_HOME"):
        store.put(KEY, RECORDING)


def test_nothing_but_the_entry_is_left_in_the_store(store: ClipStore, tmp_path: Path) -> None:
    store.put(KEY, RECORDING)
    files = [p for p in (tmp_path / "store").rglob("*") if p.is_file()]
    assert files == [tmp_path / "store/ab" / f"{KEY}.clip"]


def test_other_marks_of_the_same_sound_are_another_clip(store: ClipStore) -> None:
    other = replace(RECORDING, marks=MARKS[:1])
    assert store.put(KEY, RECORDING).sha256 != store.put(OTHER, other).sha256


class Memory:
    """A shelf that two machines share."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self.entries.get(name)

    def write(self, name: str, data: bytes) -> None:
        self.entries[name] = data


def test_what_one_machine_put_on_the_shelf_another_finds(tmp_path: Path) -> None:
    shelf = Memory()
    here, there = (ClipStore(tmp_path / n, tmp_path / f"{n}-bench", shelf) for n in "ab")
    put = here.put(KEY, RECORDING)
    found = there.get(KEY)
    assert found
    assert found.sha256 == put.sha256
    shelf.entries.clear()
    assert there.get(KEY) == found


def test_a_damaged_entry_on_the_shelf_is_told_and_not_kept(tmp_path: Path) -> None:
    shelf = Memory()
    here, there = (ClipStore(tmp_path / n, tmp_path / f"{n}-bench", shelf) for n in "ab")
    here.put(KEY, RECORDING)
    (name,) = shelf.entries
    shelf.entries[name] = shelf.entries[name][:-3]
    with pytest.raises(DamagedClip):
        there.get(KEY)
    there.put(KEY, RECORDING)
    assert shelf.entries[name].endswith(RECORDING.audio)


def test_an_entry_under_the_name_of_another_key_is_damaged_and_made_again(
    store: ClipStore, tmp_path: Path
) -> None:
    ours, theirs = (tmp_path / f"store/{key[:2]}/{key}.clip" for key in (KEY, OTHER))
    store.put(OTHER, replace(RECORDING, audio=b"other words"))
    ours.parent.mkdir()
    theirs.rename(ours)
    with pytest.raises(DamagedClip, match="damaged"):
        store.get(KEY)
    assert store.get(KEY) is None
    made = store.put(KEY, RECORDING)
    assert store.get(KEY) == made
    assert made.path.read_bytes() == RECORDING.audio


def test_the_same_sound_under_another_key_has_the_same_hash(store: ClipStore) -> None:
    assert store.put(KEY, RECORDING).sha256 == store.put(OTHER, RECORDING).sha256


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
