"""What is published, what is refused, and what a feed keeps of those who are not at hand."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

import msgspec
import pytest
from conftest import Run
from desk import PAGE

from hy_audio import episode
from hy_audio.config import PublishConfig, ShowConfig
from hy_audio.errors import ConfigError, PublishError
from hy_audio.manifest import Manifest, PersonEntry
from hy_audio.progress import Lines
from hy_audio.publish import artwork, feed
from hy_audio.publish.item import first_published
from hy_audio.publish.model import Item, Resource
from hy_audio.publish.order import Fate, Order, Outcome
from hy_audio.publish.place import Held, _Folder
from hy_audio.publish.probe import probe
from hy_audio.publish.run import publish, unpublish
from hy_audio.publish.show import edition_time

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
SHOW = ShowConfig(name="早班车", description="读报。", author="日报社", email="a@b.example")
ELSEWHERE = "https://audio.example/show/"


@pytest.fixture(scope="module")
def built(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Episodes in tones, by the day."""
    folder = tmp_path_factory.mktemp("built")
    made = {}
    for day, title in (("2026-05-18", "江边的早晨有人跑步"), ("2026-05-19", "桥头的豆浆又香又热")):
        page = folder / f"{day}.txt"
        page.write_text(PAGE.format(title=title), "utf-8")
        done = run("build", page, "-o", folder, "--voice", "tone", "--date", day, "--json")
        assert done.returncode == 0, done.stderr
        made[day] = Path(json.loads(done.stdout)["folder"])
    return made


Take = Callable[..., Path]


@pytest.fixture
def take(built: dict[str, Path], tmp_path: Path) -> Take:
    """Copy an episode into an output folder."""

    def copy(day: str = "2026-05-18", output: str = "output") -> Path:
        source = built[day]
        return Path(shutil.copytree(source, tmp_path / output / source.name))

    return copy


Make = Callable[..., Order]


@pytest.fixture
def order(tmp_path: Path) -> Make:
    """An order for the output folder, whose addresses nobody asks for."""

    def make(output: str = "output", **changes: Any) -> Order:
        wanted = PublishConfig(
            target=str(tmp_path / "site"), url=changes.pop("url", ELSEWHERE), check_urls=False
        )
        wanted = msgspec.structs.replace(wanted, **changes.pop("publish", {}))
        made = Order(tmp_path / output, SHOW, wanted, NOW, force=True)
        return replace(made, **changes)

    return make


def done(order: Order) -> Outcome:
    return publish(order, Lines())


def items(order: Order) -> tuple[Item, ...]:
    return feed.read(Path(order.target, "feed.xml").read_bytes()).feed.items


def resealed(folder: Path, change: Callable[[Manifest], Manifest]) -> None:
    episode.write_manifest(folder, change(episode.open_episode(folder)))


# What is refused


def test_beeps_are_not_published_without_force(take: Take, order: Make) -> None:
    take()
    told = done(order(force=False))
    assert [one.fate for one in told.decisions] == [Fate.REFUSED]
    assert "beeps" in told.decisions[0].why
    assert not told.is_whole
    assert told.written == ()
    assert not Path(order().target).exists()


def test_what_fails_the_check_is_refused_and_the_others_are_published(
    take: Take, order: Make
) -> None:
    take("2026-05-19")
    bad = take()
    mp3 = bad / "episode.mp3"
    mp3.write_bytes(mp3.read_bytes()[:-5000])
    told = done(order(force=False))
    assert "episode.mp3" in next(d.why for d in told.decisions if d.slug == bad.name)
    forced = done(order())
    assert {d.fate for d in forced.decisions} == {Fate.NEW}
    sent = next(item for item in items(order()) if item.slug == bad.name)
    assert sent.audio.length == mp3.stat().st_size
    site = Path(order().target)
    assert (site / sent.audio.url.removeprefix(ELSEWHERE)).read_bytes() == mp3.read_bytes()


def test_a_gap_in_the_ledger_is_refused_even_with_force_and_among_other_faults(
    take: Take, order: Make
) -> None:
    take("2026-05-19")
    folder = take()
    (folder / "episode.mp3").write_bytes((folder / "episode.mp3").read_bytes()[:-5000])
    script = json.loads((folder / "script.json").read_bytes())
    del script["ledger"][2]
    (folder / "script.json").write_bytes(json.dumps(script).encode())
    entry = episode.file_entry(folder / "script.json")
    resealed(folder, lambda m: msgspec.structs.replace(m, files=m.files | {"script.json": entry}))
    told = done(order(force=True))
    assert {d.slug: d.fate for d in told.decisions}[folder.name] is Fate.REFUSED
    assert next(d.why for d in told.decisions if d.slug == folder.name).startswith("ledger")
    assert [item.slug for item in items(order())] != [folder.name]


def test_a_folder_whose_manifest_can_not_be_read_is_refused(take: Take, order: Make) -> None:
    take("2026-05-19")
    (take() / "episode.json").write_text("{")
    told = done(order())
    assert sorted(d.fate for d in told.decisions) == [Fate.NEW, Fate.REFUSED]


def test_a_second_folder_of_one_episode_is_refused(take: Take, order: Make, tmp_path: Path) -> None:
    folder = take()
    shutil.copytree(folder, tmp_path / "output/zz-copy")
    told = done(order())
    assert [d.fate for d in told.decisions] == [Fate.NEW, Fate.REFUSED]
    assert "is the same episode" in told.decisions[1].why


def test_a_copy_from_before_a_correction_is_refused(take: Take, order: Make, run: Run) -> None:
    old, new = take(output="old"), take(output="new")
    done(order("old"))
    assert run("regenerate", new, "3", "--rate", "1.25").returncode == 0
    done(order("new"))
    before = items(order())
    told = done(order("old", force=False))
    assert [d.fate for d in told.decisions] == [Fate.REFUSED]
    assert "is a later revision" in told.decisions[0].why
    assert items(order()) == before
    done(order("old", force=True))
    assert items(order())[0].audio.length == (old / "episode.mp3").stat().st_size


def test_a_lower_revision_of_what_was_published_as_a_higher_one_is_refused(
    take: Take, order: Make, run: Run
) -> None:
    take(output="old")
    new = take(output="new")
    assert run("regenerate", new, "3", "--rate", "1.25").returncode == 0
    done(order("new"))
    assert items(order())[0].updated is None
    told = done(order("old", force=False))
    assert [d.fate for d in told.decisions] == [Fate.REFUSED]
    assert "is a later revision" in told.decisions[0].why


def test_two_corrections_of_one_episode_at_two_desks_are_not_taken_for_one_another(
    take: Take, order: Make, run: Run
) -> None:
    one, other = take(output="one"), take(output="other")
    done(order("one"))
    assert run("regenerate", one, "3", "--rate", "1.25", "--why", "码头读错").returncode == 0
    done(order("one"))
    for rate in ("0.8", "0.9"):
        assert run("regenerate", other, "3", "--rate", rate).returncode == 0
        told = done(order("other", force=False))
        assert "changed at another desk" in told.decisions[0].why
        assert told.decisions[0].why.endswith(f"hy-audio publish {other} --force")
    assert "码头读错" in items(order())[0].description


def test_the_same_page_built_otherwise_at_another_desk_is_refused_now_and_later(
    take: Take, order: Make, run: Run, tmp_path: Path
) -> None:
    here, other = take(output="one"), take(output="other")
    resealed(other, lambda m: msgspec.structs.replace(m, source="other.txt"))
    done(order("one"))
    assert "beeps" in done(order("other", force=False)).decisions[0].why
    assert [d.fate for d in done(order("other")).decisions] == [Fate.RENEWED]
    done(order("one"))
    page = tmp_path / "page.txt"
    page.write_text((here / "source.txt").read_text("utf-8"), "utf-8")
    shutil.rmtree(other)
    again = ("--voice", "tone", "--date", "2026-05-18", "--captions", "skip", "--title", "江边")
    assert run("build", page, "-o", other.parent, *again).returncode == 0
    (built,) = other.parent.iterdir()
    named = {"guid": episode.open_episode(here).guid, "slug": here.name}
    resealed(built, lambda m: msgspec.structs.replace(m, **named))
    told = done(order("other", force=False))
    assert "built or changed at another desk" in told.decisions[0].why
    assert run("regenerate", built.rename(other), "3", "--rate", "1.25").returncode == 0
    assert "changed at another desk" in done(order("other", force=False)).decisions[0].why


def test_what_replaces_a_later_revision_has_its_corrections_told(
    take: Take, order: Make, run: Run
) -> None:
    first, again = take(output="first"), take(output="again")
    for rate in ("1.25", "0.8"):
        assert run("regenerate", first, "3", "--rate", rate).returncode == 0
    done(order("first"))
    done(order("again"))
    assert run("regenerate", again, "3", "--rate", "0.9", "--why", "码头读错").returncode == 0
    done(order("again"))
    assert "码头读错" in items(order())[0].description


@pytest.mark.parametrize("slug", ["我的 节目", "../../outside", "a_b", "A", "-a", ""])
def test_a_name_that_can_not_stand_in_an_address_is_refused(
    take: Take, order: Make, tmp_path: Path, slug: str
) -> None:
    resealed(take(), lambda m: msgspec.structs.replace(m, slug=slug))
    told = done(order())
    assert "can't stand in an address" in told.decisions[0].why
    assert not Path(order().target).exists()
    assert not (tmp_path / "outside").exists()


def test_an_episode_whose_title_nobody_sees_goes_by_its_name(take: Take, order: Make) -> None:
    folder = take()
    resealed(folder, lambda m: msgspec.structs.replace(m, title="\u200e"))
    done(order())
    assert items(order())[0].title == folder.name


def test_of_two_copies_of_one_episode_one_is_published(
    take: Take, order: Make, run: Run, tmp_path: Path
) -> None:
    folder = take()
    copy = Path(shutil.copytree(folder, tmp_path / "output/kopie"))
    assert run("regenerate", copy, "3", "--rate", "1.25").returncode == 0
    told = done(order())
    assert [d.fate for d in told.decisions] == [Fate.NEW, Fate.REFUSED]
    assert len(items(order())) == 1


def test_a_copy_that_is_refused_does_not_stand_in_the_way_of_another(
    take: Take, order: Make, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(take(), tmp_path / "output/2026-00-copy"))
    resealed(copy, lambda m: msgspec.structs.replace(m, slug="2026-00-copy"))
    script = json.loads((copy / "script.json").read_bytes())
    del script["ledger"][2]
    (copy / "script.json").write_bytes(json.dumps(script).encode())
    found = {d.slug: d.fate for d in done(order()).decisions}
    assert found.pop("2026-00-copy") is Fate.REFUSED
    assert list(found.values()) == [Fate.NEW]


def test_a_renamed_copy_of_what_took_another_s_place_is_refused(
    take: Take, order: Make, tmp_path: Path
) -> None:
    take(output="one")
    done(order("one"))
    other = take(output="other")
    resealed(other, lambda m: msgspec.structs.replace(m, guid="of-another"))
    done(order("other"))
    copy = Path(shutil.copytree(other, tmp_path / "copies/kopie"))
    resealed(copy, lambda m: msgspec.structs.replace(m, slug="kopie"))
    assert [d.fate for d in done(order("copies")).decisions] == [Fate.REFUSED]


def test_a_copy_under_another_name_does_not_bring_back_what_was_taken_back(
    take: Take, order: Make, run: Run, tmp_path: Path
) -> None:
    folder = take()
    done(order())
    unpublish(order(), folder.name, Lines())
    copy = Path(shutil.copytree(folder, tmp_path / "output/kopie"))
    assert run("regenerate", copy, "3", "--rate", "1.25").returncode == 0
    told = done(order())
    fates = {folder.name: Fate.WITHDRAWN, "kopie": Fate.REFUSED}
    assert {d.slug: d.fate for d in told.decisions} == fates
    assert items(order()) == ()
    unpublish(order(), folder.name, Lines(), undo=True)
    feed_before = Path(order().target, "feed.xml").read_bytes()
    unpublish(order(now=NOW + timedelta(days=1)), folder.name, Lines(), undo=True)
    assert Path(order().target, "feed.xml").read_bytes() == feed_before
    assert {d.slug: d.fate for d in done(order()).decisions} == {
        folder.name: Fate.NEW,
        "kopie": Fate.REFUSED,
    }


def test_another_article_under_the_same_name_is_refused_and_keeps_the_guid_if_forced(
    take: Take, order: Make, run: Run
) -> None:
    take(output="one")
    done(order("one"))
    (before,) = items(order())
    other = take(output="other")
    resealed(other, lambda m: msgspec.structs.replace(m, guid="of-another", title="别的新闻"))
    told = done(order("other", force=False))
    assert "another episode is published under its name" in told.decisions[0].why
    assert items(order()) == (before,)
    done(order("other"))
    (after,) = items(order())
    assert (after.guid, after.title, after.published) == (
        *(before.guid, "别的新闻"),
        before.published,
    )
    assert run("regenerate", other, "3", "--rate", "1.25").returncode == 0
    assert "beeps" in done(order("other", force=False)).decisions[0].why


def test_a_renamed_copy_is_not_published_twice(
    take: Take, order: Make, run: Run, tmp_path: Path
) -> None:
    folder = take()
    done(order())
    moved = Path(shutil.move(folder, tmp_path / "output/elsewhere"))
    assert run("regenerate", moved, "3", "--rate", "1.25").returncode == 0
    told = done(order())
    assert [d.fate for d in told.decisions] == [Fate.REFUSED]
    assert f"it is the same as {folder.name}" in told.decisions[0].why
    assert len(items(order())) == 1


def test_an_episode_alone_goes_into_the_show_that_its_folder_lies_in(
    take: Take, order: Make
) -> None:
    folder = take()
    it = order(publish={"target": ""}, output=folder)
    done(it)
    assert (folder.parent / "feed.xml").is_file()
    assert not (folder / "feed.xml").exists()


def test_a_file_that_is_lost_is_told_by_its_name_and_the_others_go_on(
    take: Take, order: Make
) -> None:
    take("2026-05-19")
    bad = take()
    (bad / "transcript.vtt").unlink()
    told = done(order())
    assert {d.slug: d.fate for d in told.decisions}[bad.name] is Fate.REFUSED
    assert "transcript.vtt" in next(d.why for d in told.decisions if d.slug == bad.name)
    assert len(items(order())) == 1


def test_what_is_printed_and_not_read_is_corrected_too(take: Take, order: Make) -> None:
    folder = take()
    done(order())
    people = (PersonEntry("王小明", "photographer"),)
    resealed(folder, lambda m: msgspec.structs.replace(m, people=people))
    told = done(order())
    assert [d.fate for d in told.decisions] == [Fate.RENEWED]
    assert [person.name for person in items(order())[0].persons] == ["王小明"]
    assert done(order()).written == ()


def test_a_correction_by_building_again_tells_what_the_editor_says_of_it(
    take: Take, order: Make, run: Run, tmp_path: Path
) -> None:
    folder = take()
    done(order())
    page = tmp_path / "page.txt"
    page.write_text(
        (folder / "source.txt").read_text("utf-8").replace("早上六点", "早上七点"), "utf-8"
    )
    again = ("-o", folder.parent, "--voice", "tone", "--date", "2026-05-18", "--why", "时间写错")
    built = run("build", page, *again)
    assert built.returncode == 0, built.stderr
    assert [d.fate for d in done(order()).decisions] == [Fate.CORRECTED]
    assert "时间写错" in items(order())[0].description
    assert "时间写错" in (tmp_path / "site" / folder.name / "index.html").read_text("utf-8")


def test_a_page_of_other_hands_is_not_shown_when_pages_are_renewed(take: Take, order: Make) -> None:
    folder = take()
    done(order())
    script = json.loads((folder / "script.json").read_bytes())
    del script["ledger"][2]
    (folder / "script.json").write_bytes(json.dumps(script).encode())
    told = done(order(show=msgspec.structs.replace(SHOW, author="晚报社")))
    assert [d.fate for d in told.decisions] == [Fate.REFUSED]
    assert "other hands" in told.decisions[0].why


def test_what_was_published_stays_when_its_folder_is_refused(take: Take, order: Make) -> None:
    folder = take()
    done(order())
    (folder / "episode.json").write_text("{")
    take("2026-05-19")
    done(order())
    assert len(items(order())) == 2


def test_a_folder_without_episodes_is_told(order: Make, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing does not exist"):
        done(order("nothing"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="neither an episode nor a folder of episodes"):
        done(order("empty"))


def test_a_feed_of_somebody_else_is_not_overwritten(
    take: Take, order: Make, tmp_path: Path
) -> None:
    take()
    other = tmp_path / "site/feed.xml"
    other.parent.mkdir()
    other.write_text("<rss version='2.0'><channel><title>x</title></channel></rss>")
    with pytest.raises(PublishError, match="not a feed that hy-audio wrote"):
        done(order())
    assert "<title>x</title>" in other.read_text()


def test_a_target_that_can_not_be_written_is_one_line(
    take: Take, order: Make, tmp_path: Path
) -> None:
    folder = take()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / folder.name).write_text("a file")
    with pytest.raises(PublishError, match="the feed is as it was"):
        done(order())


def test_a_target_that_is_a_file_is_told_before_anything_is_done(
    take: Take, order: Make, tmp_path: Path
) -> None:
    take()
    (tmp_path / "site").write_text("a file")
    with pytest.raises(ConfigError, match="is a file; name a folder"):
        done(order())


# What a feed keeps


def test_an_episode_that_does_not_say_the_show_s_name_is_told_when_it_goes_out(
    take: Take, order: Make
) -> None:
    folder = take()
    (told,) = [note for note in done(order()).notes if "show had this name" in note]
    assert told.startswith(f"{folder.name} was built before")
    named = take("2026-05-19")
    resealed(named, lambda m: msgspec.structs.replace(m, show=SHOW.name))
    assert not [note for note in done(order()).notes if "show had this name" in note]


def test_episodes_of_another_desk_are_kept_as_they_are(take: Take, order: Make) -> None:
    take(output="one")
    done(order("one"))
    (first,) = items(order())
    take("2026-05-19", output="other")
    told = done(order("other"))
    assert len(told.decisions) == 1
    assert items(order())[1] == first
    assert [item.number for item in items(order())] == [2, 1]


def test_one_episode_alone_can_be_published(take: Take, order: Make) -> None:
    take("2026-05-19")
    folder = take()
    done(replace(order(), output=folder))
    assert [item.slug for item in items(order())] == [folder.name]


def test_without_a_target_the_output_folder_itself_is_published(
    take: Take, order: Make, run: Run
) -> None:
    folder = take()
    it = order(publish={"target": ""})
    done(it)
    assert (folder / "index.html").is_file()
    assert (folder.parent / "feed.xml").is_file()
    assert done(it).written == ()
    assert run("check", folder).returncode == 0
    assert run("regenerate", folder, "3", "--rate", "1.25").returncode == 0
    (item,) = items(it)
    assert (folder.parent / item.audio.url.removeprefix(ELSEWHERE)).is_file()
    assert [d.fate for d in done(it).decisions] == [Fate.CORRECTED]


def test_a_show_that_moves_keeps_its_guid_and_all_items_under_the_new_address(
    take: Take, order: Make
) -> None:
    take(output="one")
    done(order("one"))
    (before,) = items(order())
    take("2026-05-19", output="other")
    done(order("other", url="https://new.example/p"))
    page = feed.read(Path(order().target, "feed.xml").read_bytes())
    assert page.guid == feed.podcast_guid(f"{ELSEWHERE}feed.xml")
    moved = page.feed.items[1]
    assert moved.guid == before.guid
    assert moved.audio.url == before.audio.url.replace(ELSEWHERE, "https://new.example/p/")
    assert ELSEWHERE not in moved.content + moved.description
    assert page.first == "https://new.example/p/feed.xml"


def test_another_show_setting_renews_the_pages_of_what_is_at_hand(take: Take, order: Make) -> None:
    take()
    done(order())
    it = order(show=msgspec.structs.replace(SHOW, author="晚报社"))
    told = done(it)
    assert [d.fate for d in told.decisions] == [Fate.RENEWED]
    assert not [name for name in told.written if name.endswith(".mp3")]
    assert done(it).written == ()


def test_episodes_that_were_not_at_hand_are_renewed_when_they_are(take: Take, order: Make) -> None:
    one, other = take(), take("2026-05-19")
    done(order())
    explicit = msgspec.structs.replace(SHOW, explicit=True)
    told = done(order(show=explicit, output=one))
    assert any("1 episodes that are not at hand" in note for note in told.notes)
    fates = {d.slug: d.fate for d in done(order(show=explicit)).decisions}
    assert fates == {one.name: Fate.SAME, other.name: Fate.RENEWED}
    assert {item.explicit for item in items(order())} == {True}


def test_a_cover_that_was_drawn_stays_where_another_machine_would_draw_another(
    take: Take, order: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    take()
    done(order())
    image = items(order())[0].image
    monkeypatch.setattr(artwork, "draw", lambda _: pytest.fail("drawn again"))
    assert done(order()).written == ()
    monkeypatch.undo()
    done(order(show=msgspec.structs.replace(SHOW, name="晚班车")))
    assert items(order())[0].image != image


def test_a_cover_that_was_given_does_not_stay_when_it_is_given_no_more(
    take: Take, order: Make, tmp_path: Path
) -> None:
    take()
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(artwork.draw("别的").data)
    with_cover = order()
    done(replace(with_cover, show=msgspec.structs.replace(SHOW, cover=cover)))
    given = items(order())[0].image
    assert "drawn" not in given
    done(order())
    assert items(order())[0].image != given


def test_a_page_that_was_lost_or_spoiled_comes_back_with_the_next_publish(
    take: Take, order: Make, tmp_path: Path
) -> None:
    take()
    done(order())
    (tmp_path / "site/index.html").write_text("spoiled")
    assert done(order()).written == ("index.html",)
    (sent,) = items(order())
    page, audio = (u.removeprefix(ELSEWHERE) for u in (sent.link, sent.audio.url))
    for name in (page, audio):
        (tmp_path / "site" / name).unlink()
    assert set(done(order()).written) == {page, audio}


@pytest.mark.parametrize(
    ("date", "now", "published"),
    [
        ("2026-05-18", "2026-11-29T03:00:00+00:00", "2026-05-18T06:30:00+08:00"),
        ("2026-11-29", "2026-11-28T20:00:00.5+00:00", "2026-11-29T04:00:00+08:00"),
        ("", "2026-11-29T03:00:00.9+00:00", "2026-11-29T11:00:00+08:00"),
    ],
)
def test_an_episode_appears_with_its_edition_but_never_in_the_future(
    built: dict[str, Path], date: str, now: str, published: str
) -> None:
    manifest = episode.open_episode(built["2026-05-18"])
    edition = edition_time(msgspec.structs.replace(SHOW, time="06:30"))
    when = first_published(
        msgspec.structs.replace(manifest, date=date), edition, datetime.fromisoformat(now)
    )
    assert when.isoformat() == published


def test_more_episodes_than_the_feed_holds_stand_on_pages_behind_it(
    take: Take, order: Make
) -> None:
    take()
    take("2026-05-19")
    it = order(publish={"feed_items": 1})
    told = done(it)
    (older,) = [name for name in told.written if name.startswith("feed-")]
    site = Path(it.target)
    behind = feed.read((site / older).read_bytes()).feed.items
    assert [i.number for i in (*items(it), *behind)] == [2, 1]
    assert done(it).written == ()
    (site / older).unlink()
    with pytest.raises(PublishError, match="older episodes, is missing"):
        done(it)


# Taking back


def test_an_unknown_or_ambiguous_episode_is_told(take: Take, order: Make) -> None:
    take()
    take("2026-05-19")
    done(order())
    with pytest.raises(ConfigError, match=r"'晚报' is not among .*; there are 2, such"):
        unpublish(order(), "晚报", Lines())
    with pytest.raises(ConfigError, match="can be any of"):
        unpublish(order(), "的", Lines())
    for nothing in ("", " "):
        with pytest.raises(ConfigError, match="name the episode"):
            unpublish(order(), nothing, Lines())
    with pytest.raises(ConfigError, match="was not taken back; there are none"):
        unpublish(order(), "晚报", Lines(), undo=True)


def test_what_comes_again_has_the_guid_the_time_and_the_corrections_that_it_had(
    take: Take, order: Make, run: Run
) -> None:
    folder = take()
    done(order())
    assert run("regenerate", folder, "3", "--rate", "1.25", "--why", "码头读错").returncode == 0
    done(order())
    (before,) = items(order())
    unpublish(order(), before.title, Lines())
    assert items(order()) == ()
    unpublish(order(), before.title[:4], Lines(), undo=True)
    assert items(order()) == ()
    other = take("2026-05-19", output="other")
    done(order("other"))
    assert items(order())[0].number == before.number + 1
    done(order(now=NOW + timedelta(days=9)))
    (after,) = (item for item in items(order()) if item.slug == folder.name)
    assert (after.guid, after.published, after.number, after.first_revision) == (
        *(before.guid, before.published, before.number),
        before.first_revision,
    )
    assert "码头读错" in after.description
    assert other.name in {item.slug for item in items(order())}


def test_what_comes_again_is_not_older_and_not_another_than_what_was_taken_back(
    take: Take, order: Make, run: Run
) -> None:
    older, folder = take(output="older"), take()
    assert run("regenerate", folder, "3", "--rate", "1.25").returncode == 0
    done(order())
    unpublish(order(), folder.name, Lines())
    unpublish(order(), folder.name, Lines(), undo=True)
    assert "later revision" in done(order("older", force=False)).decisions[0].why
    resealed(older, lambda m: msgspec.structs.replace(m, guid="of-another"))
    assert "another episode" in done(order("older", force=False)).decisions[0].why
    assert items(order()) == ()


def test_who_may_come_again_can_be_taken_back_again(take: Take, order: Make) -> None:
    folder = take()
    done(order())
    for undo in (False, True, False):
        unpublish(order(), folder.name, Lines(), undo=undo)
    assert [d.fate for d in done(order()).decisions] == [Fate.WITHDRAWN]
    assert items(order()) == ()


def test_what_is_left_of_taking_back_when_it_was_broken_off_is_done_by_the_next_run(
    take: Take, order: Make, tmp_path: Path
) -> None:
    folder = take()
    done(order())
    site = tmp_path / "site"
    places = (site / folder.name / "index.html", site / "month-2026-05.html")
    before = {place: place.read_bytes() for place in places}
    title = items(order())[0].title
    unpublish(order(), title, Lines())
    taken_back = places[0].read_bytes()
    for again in (publish, lambda *args: unpublish(args[0], title, args[1])):
        for place, data in before.items():
            place.write_bytes(data)
        told = again(order(), Lines())
        assert [one.fate for one in told.decisions] == [Fate.WITHDRAWN]
        assert told.written == (f"{folder.name}/index.html",)
        assert told.removed == ("month-2026-05.html",)
        assert places[0].read_bytes() == taken_back
        assert not places[1].exists()
    assert b"noindex" in taken_back


def test_the_time_of_the_last_change_never_goes_back(take: Take, order: Make, run: Run) -> None:
    def last() -> datetime:
        changed = feed.read(Path(order().target, "feed.xml").read_bytes()).feed.changed
        assert changed
        return changed

    folder, times = take(), []
    take("2026-05-19")
    done(order())
    times.append(last())
    assert run("regenerate", folder, "3", "--rate", "1.25").returncode == 0
    done(order())
    times.append(last())
    later = [NOW + timedelta(days=day) for day in (400, 401)]
    unpublish(order(now=later[0]), folder.name, Lines())
    times.append(last())
    unpublish(order(now=later[1]), folder.name, Lines(), undo=True)
    done(order())
    times.append(last())
    assert times == sorted(set(times))
    assert times[2:] == later
    unpublish(order(now=NOW), folder.name, Lines())
    assert last() == later[1]


def test_a_month_in_which_nothing_is_left_has_no_page(
    take: Take, order: Make, tmp_path: Path
) -> None:
    folder = take()
    done(order())
    assert (tmp_path / "site/month-2026-05.html").is_file()
    unpublish(order(), folder.name, Lines())
    assert not (tmp_path / "site/month-2026-05.html").exists()


def test_episodes_of_one_edition_appear_a_second_apart(take: Take, order: Make) -> None:
    one, other = take(), take("2026-05-19")
    resealed(other, lambda m: msgspec.structs.replace(m, date=episode.open_episode(one).date))
    done(order())
    times = sorted(item.published for item in items(order()))
    assert times[1] - times[0] == timedelta(seconds=1)


def test_a_dry_run_of_taking_back_writes_nothing(take: Take, order: Make) -> None:
    folder = take()
    done(order())
    before = items(order())
    told = unpublish(order(dry_run=True), folder.name, Lines())
    assert "feed.xml" in told.written
    assert items(order()) == before


# Asking for what the feed names


class Answers(BaseHTTPRequestHandler):
    """Answers by what the path says."""

    def do_GET(self) -> None:
        status, media_type, length, total = self.path.strip("/").split("/")
        body = b"x" * int(length)
        self.send_response(int(status))
        self.send_header("Content-Type", media_type.replace("_", "/"))
        self.send_header("Content-Length", length)
        if status == "206":
            self.send_header("Content-Range", f"bytes 0-0/{total}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as one:
        thread = Thread(target=one.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{one.server_port}/"
        one.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "media_type", "problem"),
    [
        ("206/audio_mpeg/1/500", "audio/mpeg", ""),
        ("206/audio_mpeg/1/501", "audio/mpeg", "has 501 bytes, not 500"),
        ("200/audio_mpeg/500/0", "audio/mpeg", "served whole where a range was asked for"),
        ("206/text_html/1/500", "audio/mpeg", "is served as text/html, not as audio/mpeg"),
        ("404/audio_mpeg/1/500", "audio/mpeg", "answers with status 404"),
        ("200/text_vtt/500/0", "text/vtt", ""),
        ("200/application_json/500/0", "application/json+chapters", ""),
        ("200/application_octet-stream/500/0", "application/x-subrip", ""),
        ("200/text_html/500/0", "application/x-subrip", "is served as text/html"),
        ("200/image_jpeg/499/0", "image/jpeg", "has 499 bytes, not 500"),
    ],
)
def test_an_address_is_asked_for_its_length_its_type_and_a_range(
    server: str, path: str, media_type: str, problem: str
) -> None:
    found = probe([Resource(server + path, 500, media_type)])
    assert bool(found) == bool(problem)
    assert not found or problem in found[0].problem


def test_a_server_that_is_not_there_is_told() -> None:
    (wrong,) = probe([Resource("http://127.0.0.1:9/a.mp3", 5, "audio/mpeg")])
    assert "can't be reached" in wrong.problem


def test_the_feed_is_not_changed_before_all_that_it_names_is_heard(
    take: Take, order: Make, server: str
) -> None:
    take()
    it = order(url=server, publish={"check_urls": True})
    with pytest.raises(PublishError, match=r"the feed was not changed: .*--no-check-urls"):
        done(it)
    site = Path(it.target)
    assert not (site / "feed.xml").exists()
    assert not (site / "index.html").exists()
    assert done(order(url=server)).written[-1] == "feed.xml"
    lists = {path: path.read_bytes() for path in site.iterdir() if path.is_file()}
    take("2026-05-19")
    with pytest.raises(PublishError, match="the feed was not changed"):
        done(it)
    assert {path: path.read_bytes() for path in lists} == lists


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that were asked for; those in `broken` are not heard."""
    from hy_audio.publish import upload
    from hy_audio.publish.probe import Wrong

    found: list[str] = []

    def ask(resources: Iterable[Resource]) -> list[Wrong]:
        urls = [one.url for one in resources]
        found.extend(urls)
        return [Wrong(url, "is broken") for url in urls if url.endswith(BROKEN[0])]

    monkeypatch.setattr(upload, "probe", ask)
    monkeypatch.setattr(sys.modules[__name__], "BROKEN", ["nothing"])
    return found


BROKEN = ["nothing"]
"""How an address ends that is not heard."""


def test_every_address_that_the_feed_names_is_asked_for(
    take: Take, order: Make, asked: list[str]
) -> None:
    take()
    take("2026-05-19")
    it = order(publish={"check_urls": True, "feed_items": 1})
    done(it)
    site = Path(it.target)
    named: set[str] = set()
    for page in (site / "feed.xml", *site.glob("feed-*.xml")):
        text = page.read_text("utf-8")
        named |= set(re.findall(rf'(?:url|href)="({ELSEWHERE}[^"#]+)"', text))
        named |= set(re.findall(rf"<(?:link|url)>({ELSEWHERE}[^<]+)<", text))
    suffixes = {url.rpartition(".")[2] for url in named}
    assert suffixes == {"xml", "html", "jpg", "mp3", "json", "vtt", "srt"}
    assert set(asked) == named - {f"{ELSEWHERE}feed.xml"}
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("broken", ["show/index.html", ".srt", ".json", ".jpg"])
def test_the_feed_stays_as_it_is_while_anything_that_it_names_is_not_heard(
    take: Take, order: Make, asked: list[str], broken: str
) -> None:
    it = order(publish={"check_urls": True})
    take()
    done(it)
    before = items(it)
    take("2026-05-19")
    BROKEN[0] = broken
    with pytest.raises(PublishError, match="is broken"):
        done(it)
    assert items(it) == before


def test_who_takes_back_is_only_told_of_what_is_not_heard(
    take: Take, order: Make, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    it = order(publish={"check_urls": True})
    gone = take()
    take("2026-05-19")
    done(it)
    BROKEN[0] = ".mp3"
    unpublish(it, gone.name, Lines())
    assert "warning: " in capsys.readouterr().err
    assert len(items(it)) == 1
    again = unpublish(it, gone.name, Lines())
    assert [d.why for d in again.decisions] == ["it was taken back before"]


def test_who_was_taken_back_keeps_its_page_until_the_feed_is_written(
    take: Take, order: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = take()
    done(order())
    page = Path(order().target, folder.name, "index.html")
    before = page.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_Folder, "replace", full)
    with pytest.raises(PublishError, match="No space left on device; the feed is as it was"):
        unpublish(order(), folder.name, Lines())
    assert page.read_bytes() == before
    monkeypatch.undo()
    put = _Folder.put

    def full_later(self: _Folder, name: str, data: bytes, media_type: str) -> None:
        if name.startswith(folder.name):
            full()
        put(self, name, data, media_type)

    monkeypatch.setattr(_Folder, "put", full_later)
    with pytest.raises(PublishError, match="the feed is written, what comes after it is not"):
        unpublish(order(), folder.name, Lines())
    assert items(order()) == ()


def test_a_file_that_is_not_what_its_manifest_tells_is_not_brought(take: Take, order: Make) -> None:
    folder = take()
    done(order())
    site, mp3 = Path(order().target), folder / "episode.mp3"
    (audio,) = site.glob(f"{folder.name}/*.mp3")
    audio.unlink()
    mp3.write_bytes(mp3.read_bytes()[::-1])
    with pytest.raises(PublishError, match=r"episode.mp3 is not what its episode.json tells"):
        done(order())
    mp3.unlink()
    with pytest.raises(PublishError, match=r"episode.mp3 is not there; build it again"):
        done(order())
    assert not audio.exists()


def test_an_episode_that_is_replaced_while_it_is_brought_is_brought_as_it_was(
    take: Take, order: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, keep = take(), _Folder.keep
    before = (folder / "episode.mp3").read_bytes()

    def late(self: _Folder, name: str, source: BinaryIO, media_type: str) -> None:
        if name.endswith(".mp3"):
            (folder / "new.mp3").write_bytes(before[::-1])
            (folder / "new.mp3").replace(folder / "episode.mp3")
        keep(self, name, source, media_type)

    monkeypatch.setattr(_Folder, "keep", late)
    done(order())
    (audio,) = Path(order().target).glob(f"{folder.name}/*.mp3")
    assert audio.read_bytes() == before


# Pruning


def test_prune_removes_nothing_that_is_not_what_its_name_tells_nor_is_still_read(
    take: Take, order: Make, run: Run
) -> None:
    folder = take()
    take("2026-05-19")
    it = order(publish={"feed_items": 1})
    done(it)
    site = Path(it.target)
    (audio,) = site.glob(f"{folder.name}/*.mp3")
    (oldest,) = site.glob("feed-*.xml")
    assert run("regenerate", folder, "3", "--rate", "1.25").returncode == 0
    done(it)
    (old,) = set(site.glob("feed-*.xml")) - {oldest}
    mine = [
        site / "feed-202605181230.xml",
        site / folder.name / "transcript-202605181230.vtt",
        site / folder.name / "chapters-202605181230.json",
        site / folder.name / f"{folder.name}-202605181230.mp3",
    ]
    for path in mine:
        path.write_bytes(b"mine")
    assert run("regenerate", folder, "3", "--rate", "0.8").returncode == 0
    late = replace(it, now=datetime.now(UTC) + timedelta(days=60))
    removed = publish(late, Lines(), prune=True).removed
    assert {oldest.name, f"{folder.name}/{audio.name}"} <= set(removed)
    assert not audio.exists()
    assert old.exists()
    assert publish(late, Lines(), prune=True).removed == (old.name,)
    assert all(path.exists() for path in mine)


def superseded_audio(folder: Path, it: Order, run: Run) -> Path:
    """Publish an episode and then a correction of it; the audio that nobody is led to any more."""
    done(it)
    (audio,) = Path(it.target).glob(f"{folder.name}/*.mp3")
    assert run("regenerate", folder, "3", "--rate", "1.25").returncode == 0
    done(it)
    return audio


def test_prune_leaves_what_somebody_has_just_written_again(
    take: Take, order: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = superseded_audio(take(), order(), run)
    late = order(now=datetime.now(UTC) + timedelta(days=60))

    def listed(self: _Folder) -> Iterator[tuple[str, datetime]]:
        found = list(files(self))
        os.utime(audio, (late.now.timestamp(), late.now.timestamp()))
        return iter(found)

    files = _Folder.files
    monkeypatch.setattr(_Folder, "files", listed)
    removed = publish(late, Lines(), prune=True).removed
    assert removed
    assert f"{audio.parent.name}/{audio.name}" not in removed
    assert audio.exists()


def test_what_is_published_is_not_written_again_however_old_it_is(take: Take, order: Make) -> None:
    take()
    take("2026-05-19")
    it = order(publish={"feed_items": 1})
    done(it)
    assert done(replace(it, now=datetime.now(UTC) + timedelta(days=400))).written == ()


def test_audio_that_comes_back_after_a_long_time_is_brought_again(
    take: Take, order: Make, run: Run
) -> None:
    folder = take()
    audio = superseded_audio(folder, order(), run)
    assert run("regenerate", folder, "3", "--reset").returncode == 0
    name = f"{folder.name}/{audio.name}"
    soon = replace(order(dry_run=True), now=datetime.now(UTC) + timedelta(days=14))
    late = replace(soon, now=datetime.now(UTC) + timedelta(days=16))
    assert "feed.xml" in publish(soon, Lines()).written
    assert name not in publish(soon, Lines()).written
    assert name in publish(late, Lines()).written


def test_what_was_taken_back_is_not_said_where_somebody_has_brought_it_again(
    take: Take, order: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = take()
    done(order())
    page = Path(order().target, folder.name, "index.html")
    before, replaced = page.read_bytes(), _Folder.replace

    def and_another(self: _Folder, name: str, *more: Any) -> None:
        replaced(self, name, *more)
        (Path(order().target) / name).write_bytes(b"another feed")

    monkeypatch.setattr(_Folder, "replace", and_another)
    unpublish(order(), folder.name, Lines())
    assert page.read_bytes() == before


def test_prune_leaves_what_was_written_within_the_hour_and_all_if_another_has_published(
    take: Take, order: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = take()
    now = order(publish={"keep_days": 0}, now=datetime.now(UTC))
    done(now)
    assert run("regenerate", folder, "3", "--rate", "1.25").returncode == 0
    done(now)
    assert publish(now, Lines(), prune=True).removed == ()
    later, read = replace(now, now=now.now + timedelta(hours=2)), _Folder.read
    reads: list[str] = []

    def changed(self: _Folder, name: str) -> Held | None:
        reads.append(name)
        held = read(self, name)
        return Held(b"other", "other") if reads.count("feed.xml") > 1 else held

    monkeypatch.setattr(_Folder, "read", changed)
    told = publish(later, Lines(), prune=True)
    assert told.removed == ()
    assert any("nothing was pruned" in note for note in told.notes)
    monkeypatch.undo()
    assert publish(later, Lines(), prune=True).removed


def test_a_cover_that_directories_refuse_is_told_before_anything_is_written(
    take: Take, order: Make, tmp_path: Path
) -> None:
    take()
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(ConfigError, match="cover"):
        done(order(show=msgspec.structs.replace(SHOW, cover=cover)))
    assert not Path(order().target).exists()


def test_what_is_missing_in_the_configuration_is_told_before_anything_is_written(
    take: Take, order: Make
) -> None:
    take()
    with pytest.raises(ConfigError, match="are missing"):
        done(order(show=ShowConfig()))
    assert not Path(order().target).exists()
