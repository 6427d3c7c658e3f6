"""How a place is held where the store knows no conditions, and what a folder does with files."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from hy_audio.errors import ConfigError, PublishError
from hy_audio.publish.place import _CLAIMS, _PATIENCE, Seen, _Folder, _Store, open_place
from hy_audio.storage import Changed, Stat

BEGIN = datetime(2026, 11, 29, tzinfo=UTC)


class Shelf:
    """A store without conditions, whose clock is told the time."""

    has_conditions = False
    has_rename = False

    def __init__(self) -> None:
        self.now = BEGIN
        self.files: dict[str, tuple[bytes, datetime]] = {}

    def read(self, name: str) -> bytes | None:
        return self.files[name][0] if name in self.files else None

    def stat(self, name: str) -> Stat | None:
        if name not in self.files:
            return None
        data, made = self.files[name]
        return Stat(len(data), "", made)

    def list(self, folder: str) -> Iterator[tuple[str, Stat]]:
        for name, (data, made) in tuple(self.files.items()):
            if name.startswith(folder):
                yield name, Stat(len(data), "", made)

    def write(self, name: str, data: bytes, **_: object) -> None:
        self.files[name] = (data, self.now)

    def delete(self, name: str) -> None:
        self.files.pop(name, None)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def claims(self) -> Sequence[str]:
        return [name for name in self.files if name.startswith(_CLAIMS)]


def store(shelf: Shelf) -> _Store:
    return _Store(shelf, shelf.wait)  # type: ignore[arg-type]


def test_a_feed_is_replaced_only_by_who_knows_its_version_and_no_claim_stays() -> None:
    shelf = Shelf()
    place = store(shelf)
    place.replace("feed.xml", b"one", "x", None)
    held = place.read("feed.xml")
    place.replace("feed.xml", b"two", "x", held)
    for known in (held, None):
        with pytest.raises(Changed):
            place.replace("feed.xml", b"three", "x", known)
    assert shelf.read("feed.xml") == b"two"
    assert shelf.claims == []


def test_a_claim_that_was_left_behind_is_waited_for_a_minute_and_no_longer() -> None:
    shelf = Shelf()
    shelf.write(f"{_CLAIMS}of-somebody", b"1")
    store(shelf).replace("feed.xml", b"one", "x", None)
    waited = shelf.now - BEGIN
    assert timedelta(seconds=60) <= waited < timedelta(seconds=64)
    assert shelf.read("feed.xml") == b"one"


def test_a_place_that_stays_taken_is_told_and_the_feed_is_as_it_was() -> None:
    shelf = Shelf()

    def renew(seconds: float) -> None:
        shelf.wait(seconds)
        shelf.write(f"{_CLAIMS}of-somebody", b"1")

    renew(0)
    place = _Store(shelf, renew)  # type: ignore[arg-type]
    with pytest.raises(PublishError, match="somebody else is publishing"):
        place.replace("feed.xml", b"one", "x", None)
    assert shelf.read("feed.xml") is None
    assert shelf.claims == [f"{_CLAIMS}of-somebody"]
    assert shelf.now - BEGIN < timedelta(seconds=4 * _PATIENCE)


def test_of_two_who_claim_at_one_moment_both_go_back() -> None:
    shelf = Shelf()
    one, other = store(shelf), store(shelf)
    for name in ("one", "other"):
        shelf.write(_CLAIMS + name, b"1")
    assert not one._holds(f"{_CLAIMS}one")
    assert not other._holds(f"{_CLAIMS}other")
    shelf.delete(f"{_CLAIMS}other")
    assert one._holds(f"{_CLAIMS}one")


def test_a_claim_goes_even_if_the_write_fails() -> None:
    shelf = Shelf()
    place = store(shelf)
    write = shelf.write

    def failing(name: str, data: bytes, **how: object) -> None:
        if name == "feed.xml":
            raise OSError("no space left")
        write(name, data, **how)

    shelf.write = failing  # type: ignore[method-assign]
    with pytest.raises(OSError, match="no space"):
        place.replace("feed.xml", b"one", "x", None)
    assert shelf.claims == []


def test_a_folder_is_told_by_a_path_and_by_its_address(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(b"x")
    for target in (str(tmp_path), f"file://{tmp_path}", f"fs://{tmp_path}"):
        held = open_place(target).read("feed.xml")
        assert held
        assert held.data == b"x"


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(ConfigError, match="target gopher"):
        open_place("gopher://a.example/")


def test_what_a_folder_has_is_listed_with_its_time_and_can_be_taken_away(tmp_path: Path) -> None:
    place = _Folder(tmp_path)
    place.keep("a/b-0123456789ab.mp3", BytesIO(b"sound"), "audio/mpeg")
    place.put("a/c-0123456789ab.vtt", b"text", "text/vtt")
    names = dict(place.files())
    assert sorted(names) == ["a/b-0123456789ab.mp3", "a/c-0123456789ab.vtt"]
    assert all(made.tzinfo for made in names.values())
    seen = place.seen("a/c-0123456789ab.vtt")
    assert seen == Seen(4, names["a/c-0123456789ab.vtt"])
    place.delete("a/b-0123456789ab.mp3")
    place.delete("a/b-0123456789ab.mp3")
    assert place.seen("a/b-0123456789ab.mp3") is None
    assert place.read("a/b/c") is None
