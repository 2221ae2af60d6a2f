"""What every value shares: frozen, keyword-only, unknown keys refused."""

from enum import StrEnum
from typing import NewType

import msgspec

TargetId = NewType("TargetId", str)
OpdId = NewType("OpdId", str)
CheckId = NewType("CheckId", str)
ControlId = NewType("ControlId", str)
ProbeKey = NewType("ProbeKey", str)
"""A probe with its arguments, written canonically: `sshd{"user":"root"}`."""
FindingId = NewType("FindingId", str)
RunId = NewType("RunId", str)


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all values of the model."""


class Lang(StrEnum):
    """A language that reports are written in."""

    ID = "id"
    EN = "en"


class Text(Value, frozen=True):
    """The same sentence in Indonesian and in English."""

    id: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the sentence in `lang`."""
        return self.id if lang is Lang.ID else self.en
