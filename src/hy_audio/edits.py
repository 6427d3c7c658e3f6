"""What an editor decided about single sections, `edits.json`: it survives every build."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

import msgspec

from hy_audio.script.model import Section


class SectionEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a section is said otherwise than the rest of the edition."""

    voice: str = ""
    """Who speaks it, as `engine:voice`; empty for the edition's voice."""
    rate: Annotated[float, msgspec.Meta(ge=0.0, le=2.0)] = 0.0
    """How fast; 0 for the edition's speed."""
    say: dict[str, str] = {}
    """Words and how they are said here."""
    text: str = ""
    """What is said in place of the printed words; empty for these."""
    printed: str = ""
    """Hash of the printed words that `text` replaces."""
    take: int = 1
    """Counts how often the same words were asked for, so that a take is kept."""

    def and_then(self, later: "SectionEdit") -> "SectionEdit":
        """Both; where they disagree, the later one."""
        return SectionEdit(
            voice=later.voice or self.voice,
            rate=later.rate or self.rate,
            say=self.say | later.say,
            text=later.text or self.text,
            printed=later.printed if later.text else self.printed,
            take=max(self.take, later.take),
        )


class Edits(msgspec.Struct, frozen=True):
    """All of an episode."""

    sections: dict[str, SectionEdit] = {}
    """By the id of the section."""

    def as_json(self) -> bytes:
        """As a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    def of(self, section_id: str) -> SectionEdit:
        """That of a section; one that changes nothing, if there is none."""
        return self.sections.get(section_id, _NONE)

    def having(self, section_id: str, edit: SectionEdit) -> "Edits":
        """With another edit for a section."""
        changed: Mapping[str, SectionEdit] = self.sections | {section_id: edit}
        return Edits({key: one for key, one in changed.items() if one != _NONE})


_NONE = SectionEdit()


def printed_hash(section: Section) -> str:
    """Of the words of a section that come from the page."""
    sentences = (s for u in section.utterances for s in u.sentences)
    words = [s.display for s in sentences if s.is_printed]
    return sha256("\n".join(words).encode()).hexdigest()
