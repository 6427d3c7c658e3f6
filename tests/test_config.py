"""Settings that can't be used: one line that says what can."""

from pathlib import Path

import pytest

from hy_audio.config import load
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
        ("[speech]\nrate = 9", "`speech.rate`; correct it or leave it out"),
    ],
)
def test_a_setting_that_can_t_be_used_is_told_with_what_can(
    tmp_path: Path, text: str, advice: str
) -> None:
    path = tmp_path / "hy-audio.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(advice)


def test_a_folder_to_publish_to_lies_beside_the_file_and_an_address_stays(tmp_path: Path) -> None:
    path = tmp_path / "hy-audio.toml"
    for target, made in (("site", str(tmp_path / "site")), ("s3://a/b", "s3://a/b"), ("", "")):
        path.write_text(f'[publish]\ntarget = "{target}"\n')
        assert load(path).publish.target == made
