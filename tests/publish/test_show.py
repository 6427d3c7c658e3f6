"""What is missing or wrong in the configuration of a show is told in one message, all of it."""

from pathlib import Path

import msgspec
import pytest
from conftest import Run

from hy_audio.config import PublishConfig, ShowConfig, load
from hy_audio.errors import ConfigError
from hy_audio.publish.categories import CATEGORIES, category
from hy_audio.publish.model import Resource
from hy_audio.publish.show import is_local, public_address, read_show

COVER = Resource("cover-1.jpg", 7, "image/jpeg")
SHOW = ShowConfig(name="早班车", description="读报。", author="日报社", email="a@b.example")
PUBLISH = PublishConfig(url="https://audio.example/show")


def problems(show: ShowConfig = SHOW, publish: PublishConfig = PUBLISH) -> str:
    with pytest.raises(ConfigError) as raised:
        read_show(show, publish, COVER)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_show_with_the_five_fields_that_are_needed_has_all_others() -> None:
    show = read_show(SHOW, PUBLISH, COVER)
    assert show.url == "https://audio.example/show/"
    assert show.feed_url == "https://audio.example/show/feed.xml"
    assert (show.owner, show.copyright) == ("日报社", "日报社")
    assert show.categories == (("News", "Daily News"),)
    assert show.language == "zh-cn"
    assert show.image == Resource("https://audio.example/show/cover-1.jpg", 7, "image/jpeg")
    assert len(show.guid) == 36


def test_every_missing_field_is_named_at_once() -> None:
    told = problems(ShowConfig(), PublishConfig())
    for field in ("name", "description", "author", "email"):
        assert f"[show] {field}" in told
    assert "[publish] url" in told
    assert "hy-audio init" in told


@pytest.mark.parametrize("field", ["name", "author", "description"])
def test_a_field_in_which_nobody_sees_anything_is_missing(field: str) -> None:
    told = problems(msgspec.structs.replace(SHOW, **{field: "\u200e \u2066"}))
    assert f"[show] {field} is missing" in told


def test_an_owner_in_which_nobody_sees_anything_is_the_author() -> None:
    show = msgspec.structs.replace(SHOW, owner="\u200e", copyright="\u200e")
    made = read_show(show, PUBLISH, COVER)
    assert (made.owner, made.copyright) == ("日报社", "日报社")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"email": "nobody"}, "email 'nobody'"),
        ({"email": "a@b"}, "email 'a@b'"),
        ({"language": "Chinese!"}, "language 'Chinese!'"),
        ({"categories": ()}, "categories has to name"),
        ({"categories": ("News", "Arts", "Music", "History")}, "categories has to name"),
        ({"categories": ("news",)}, "did you mean News?"),
        ({"categories": ("News > Dayly News",)}, "did you mean News > Daily News?"),
        ({"categories": ("News > Food",)}, "'News > Food' is not of Apple's list"),
        ({"categories": ("新闻",)}, "'新闻' is not of Apple's list; take one of Arts, Business"),
        ({"categories": ("News > Politics > Local",)}, "more than two levels"),
        ({"timezone": "Asia/Hengyang"}, "timezone 'Asia/Hengyang'"),
        ({"timezone": "../etc"}, "timezone"),
        ({"time": "25:00"}, "time '25:00'"),
        ({"frequency": "often"}, "frequency 'often' is none of daily"),
        ({"guid": "x"}, "guid 'x' is no UUID"),
        ({"description": "长" * 1400}, "description is longer than 4,000 bytes"),
        ({"name": "长" * 256}, "name is longer than 255 characters"),
        ({"subscribe": {"x": "javascript:alert(1)"}}, "subscribe 'x'"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_wrong(changes: dict[str, object], named: str) -> None:
    assert named in problems(msgspec.structs.replace(SHOW, **changes))


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://a.example/", "audio.example", "https://", "https://a.example/?x=1", "file:///x"),
        *("https://u:p@a.example/", "https://a.example/#x", "https://a b/", "https://a:99999/"),
        f"https://{'a' * 70}.example/",
    ],
)
def test_an_address_that_listeners_can_not_use_is_told(url: str) -> None:
    assert "[publish] url" in problems(publish=PublishConfig(url=url))


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("https://日报.example/播客", "https://xn--4ru45e.example/%E6%92%AD%E5%AE%A2/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("https://a.example/x%20y/", "https://a.example/x%20y/"),
        ("https://A.example//", "https://a.example/"),
        ("http://[::1]:80/x", "http://[::1]:80/x/"),
    ],
)
def test_addresses_are_ascii_and_end_in_a_slash(given: str, made: str) -> None:
    assert public_address(given) == made


def test_only_this_machine_is_local() -> None:
    assert is_local("http://127.0.0.1:8000/")
    assert is_local("http://localhost/")
    assert not is_local("https://audio.example/")


def test_every_category_of_the_list_is_taken_and_belongs_to_one_above() -> None:
    assert len(CATEGORIES) == 19
    for top, subs in CATEGORIES.items():
        assert category(top) == (top,)
        for sub in subs:
            assert category(f"{top} > {sub}") == (top, sub)
            assert category(f"{top}>{sub}") == (top, sub)


@pytest.mark.parametrize("frequency", ["daily", "weekdays", "weekly", "monthly"])
def test_a_frequency_is_a_rule_and_words_of_the_language(frequency: str) -> None:
    show = msgspec.structs.replace(SHOW, frequency=frequency)
    chinese = read_show(show, PUBLISH, COVER).frequency
    english = read_show(msgspec.structs.replace(show, language="en"), PUBLISH, COVER).frequency
    assert chinese
    assert english
    assert chinese.rule == english.rule
    assert chinese.rule.startswith("FREQ=")
    assert english.text.isascii()
    assert not chinese.text.isascii()


def test_init_writes_a_file_that_can_be_loaded_and_leaves_one_that_is_there(
    run: Run, tmp_path: Path
) -> None:
    done = run("init", cwd=tmp_path)
    assert done.returncode == 0
    written = tmp_path / "hy-audio.toml"
    assert load(written).publish == PublishConfig()
    text = written.read_text("utf-8")
    again = run("init", cwd=tmp_path)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert written.read_text("utf-8") == text


def test_every_setting_that_init_explains_is_one_and_shows_its_default(tmp_path: Path) -> None:
    from importlib.resources import files

    text = files("hy_audio.cli").joinpath("hy-audio.toml").read_text("utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines()[1:]]
    path = tmp_path / "hy-audio.toml"
    path.write_text("\n".join(lines), "utf-8")
    config = load(path)
    assert config.publish == PublishConfig()
    fields = config.show.__struct_fields__
    other = {f for f in fields if getattr(config.show, f) != getattr(ShowConfig(), f)}
    assert other <= {"cover", "subscribe"}


def test_one_message_names_wrong_types_a_wrong_cover_wrong_values_and_what_is_missing(
    run: Run, tmp_path: Path
) -> None:
    written = tmp_path / "hy-audio.toml"
    written.write_text('[show]\nname = 3\ncover = "none.jpg"\ntime = "25:00"\nnmae = "x"\n')
    for command in (["publish", "."], ["unpublish", "x"]):
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 2
        (told,) = done.stderr.splitlines()
        assert "[show] name: expected `str`" in told
        assert "[show] nmae is unknown" in told
        assert "none.jpg" in told
        assert "[show] time '25:00'" in told
        missing = told.partition(" are missing")[0].rpartition("; ")[2]
        assert missing == "[show] description, [show] author, [show] email, [publish] url"
    assert list(tmp_path.iterdir()) == [written]


def test_a_build_does_not_ask_for_what_only_publishing_needs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hy-audio.toml").write_text("[show]\nname = 3\n")
    told = run("sections", "x", cwd=tmp_path).stderr
    assert "[show] name" in told
    assert "missing" not in told
