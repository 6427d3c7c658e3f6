"""How an episode says that its voice is synthetic, in its sound and in its metadata. Pure.

Sources: GB 45438-2025 (rhythm mark; the AIGC object and its fields). See docs/labelling.md.
"""

from dataclasses import dataclass

import msgspec

FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
"""Names in the AIGC object, in order (GB 45438-2025, annex E)."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a show chose."""

    spoken: bool = True
    """Whether a line of the opening says it."""
    rhythm: bool = False
    """Whether the rhythm mark is heard before the first word."""
    metadata: bool = True
    """Whether the file says it too."""
    producer: str = ""
    """Who makes it, by name or code; empty for the show."""
    produce_id: str = ""
    """The producer's number of the work; empty for the name of the episode."""
    propagator: str = ""
    """Who spreads it; empty for the producer."""
    propagate_id: str = ""
    """The propagator's number of the work; empty for that of the producer."""

    @classmethod
    def told(cls, sound: str, aigc: str) -> "Label":
        """That of an episode, from `sound` and from the object that its file carries."""
        fields = msgspec.json.decode(aigc, type=dict[str, str]) if aigc else {}
        return cls(
            spoken=sound in ("spoken", "both"),
            rhythm=sound in ("rhythm", "both"),
            metadata=bool(aigc),
            producer=fields.get("ContentProducer", ""),
            produce_id=fields.get("ProduceID", ""),
            propagator=fields.get("ContentPropagator", ""),
            propagate_id=fields.get("PropagateID", ""),
        )

    @property
    def sound(self) -> str:
        """`spoken`, `rhythm`, `both` or `off`."""
        names = ("off", "rhythm", "spoken", "both")
        return names[2 * self.spoken + self.rhythm]

    def aigc(self, show: str, episode: str) -> str:
        """The JSON object that the file carries; empty if it carries none.

        Args:
            show: name of the show.
            episode: name of the episode.
        """
        if not self.metadata:
            return ""
        producer = self.producer or show or "hy-audio"
        produce_id = self.produce_id or episode
        spread = self.propagator or producer, self.propagate_id or produce_id
        values = ("1", producer, produce_id, "", *spread, "")
        return msgspec.json.encode(dict(zip(FIELDS, values, strict=True))).decode()
