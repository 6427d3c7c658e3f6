"""What an editor decided about single sections, `edits.json`: it survives every build."""

from collections.abc import Mapping
from typing import Annotated

import msgspec


class SectionEdit(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
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
    """What the page had for it when this was decided; `text` stands for these words only."""
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

    def __str__(self) -> str:
        """What was decided, in a few words."""
        parts = (
            self.voice,
            f"rate {self.rate:g}" if self.rate else "",
            *(f"{word} said {reading}" for word, reading in self.say.items()),
            "an editor's text" if self.text else "",
            f"take {self.take}" if self.take > 1 else "",
        )
        return ", ".join(filter(None, parts))


class Edits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
        return Edits({key: one for key, one in changed.items() if str(one)})

    @property
    def printed(self) -> dict[str, str]:
        """The printed words of each section, as they were when something was decided about it."""
        return {key: one.printed for key, one in self.sections.items()}


_NONE = SectionEdit()
