"""What the gradebook refuses, and why."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a line: ``code`` names the rule, ``field`` and ``found`` what broke it.

    key: the sourcedId of the line; details: what the sentence about it needs
    """

    code: str
    key: str
    field: str = ""
    found: str = ""
    details: dict[str, Any] = dataclasses.field(default_factory=dict)

    def sentence(self) -> str:
        """What is wrong, for whoever writes another system: the interface speaks English, as its standard does."""
        said = SENTENCES[self.code] % {"field": self.field, "found": self.found, **self.details}
        return f"{self.key}: {said}" if self.key else said


SENTENCES = {
    "reference": "%(field)s refers to the %(kind)s '%(found)s', which is not here.",
    "required": "%(field)s is missing; a new %(kind)s needs it.",
    "bounds": "The lowest value %(found)s lies above the highest, %(maximum)s.",
    "score.bounds": "The score %(found)s lies outside the bounds of its line item, %(minimum)s to %(maximum)s.",
    "score.scale": "The score %(found)s is on no step of its score scale.",
    "text.scale": "'%(found)s' is no value of its score scale. Expected: one of %(values)s.",
    "class.school": "The class belongs to another school than the one that is named ('%(found)s').",
    "class.item": "The line item belongs to another class than the one that is named ('%(found)s').",
    "pupil.class": "'%(found)s' is and was no pupil of the class.",
    "case.id": "'%(found)s' is no CASE identifier. Expected: a UUID.",
    "parent.circle": "'%(found)s' is part of itself.",
    "scale.values": "'%(found)s' is no left side of a score scale. Expected: a value, or a range such as '7 - 10'.",
    "place": "%(field)s is '%(found)s', but the address speaks of '%(expected)s'.",
    "key.twice": "The sourcedId stands twice in the list.",
    "key.form": "'%(found)s' is no sourcedId. Expected: 1 to 255 of the signs 0-9 A-Z a-z . _ / @ : -",
}


class Refused(Exception):
    """Nothing was written; ``faults`` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.sentence() for fault in faults))
        self.faults = list(faults)


class Unknown(Exception):
    """There is no such row, or it has been taken away."""


class InUse(Exception):
    """A row cannot be taken away: others that live rest on it. ``by``: kind and sourcedId of the first."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key}")
        self.kind, self.key = kind, key
