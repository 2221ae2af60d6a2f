"""What the published JSON formats share. Their types only ever grow."""

import msgspec

from auditor.model.base import Text
from auditor.model.text import inert


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the published types."""


class TextV1(Part, frozen=True):
    """A sentence in both languages."""

    id: str
    en: str


def text_v1(text: Text) -> TextV1:
    """Return a sentence without characters that steer."""
    return TextV1(id=inert(text.id), en=inert(text.en))


def inert_all(texts: "tuple[str, ...] | None") -> list[str] | None:
    """Return texts without characters that steer; None stays what it is."""
    return None if texts is None else [inert(text) for text in texts]
