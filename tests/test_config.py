"""Settings that can't be used: one line that says what can."""

from pathlib import Path

import pytest

from hy_audio.config import SettingsError, load
from hy_audio.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("[show]\nnmae = 'x'", "did you mean name?"),
        ("[shwo]\nname = 'x'", "did you mean show?"),
        ("[sound]\nzzz = 1", "known are rate_hz, channels, kbps, formats"),
        ("[label]\nsound = 'none'", "take one of spoken, rhythm, both, off"),
        ("[sound]\nformats = ['mp4']", "take one of m4b, opus"),
        ("[speech]\nvoice = kokoro", "write it as TOML has it, texts in quotation marks"),
        ("[speech]\nrate = 9", "expected `float` <= 2.0; correct it or leave it out"),
        ("[show]\nname = 3", "[show] name: expected `str`, got `int`; write it in quotation marks"),
        ("[show]\nlocked = 'no'", "write true or false, without quotation marks"),
        ("[show]\ncategories = 'News'", "write it as a list, in [ ]"),
        ("[show]\ntime = 06:00:00", "got `time`; write it in quotation marks"),
        ("[publish]\nkeep_days = 'x'", "write a number, without quotation marks"),
        ("show = 3", "write its settings below a line with its name in [ ]"),
        ("[show]\nname = “早班车”", 'type " = and [ ] on an English keyboard, not “ ”'),
        ("[show]\nname＝'x'", 'type " = and [ ] on an English keyboard, not ＝'),
    ],
)
def test_a_setting_that_can_t_be_used_is_told_with_what_can(
    tmp_path: Path, text: str, advice: str
) -> None:
    path = tmp_path / "hy-audio.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(advice)


def test_every_setting_that_can_t_be_used_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "hy-audio.toml"
    path.write_text("[show]\nname = 3\nauthor = 'x'\nnmae = 'y'\n[sound]\nkbps = '9'\n[x]\n")
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert list(caught.value.wrong) == ["[show] name", "[show] nmae", "[sound] kbps", "[x]"]
    assert all(f"{at}{why}" in str(caught.value) for at, why in caught.value.wrong.items())
    assert caught.value.usable.show.author == "x"
    assert "\n" not in str(caught.value)


def test_a_folder_to_publish_to_lies_beside_the_file_and_an_address_stays(tmp_path: Path) -> None:
    path = tmp_path / "hy-audio.toml"
    for target, made in (("site", str(tmp_path / "site")), ("s3://a/b", "s3://a/b"), ("", "")):
        path.write_text(f'[publish]\ntarget = "{target}"\n')
        assert load(path).publish.target == made
