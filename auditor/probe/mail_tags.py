"""Read the tag lists of DMARC, DKIM, MTA-STS and TLS-RPT: `v=DMARC1; p=reject`."""

import re

import msgspec

from auditor.model.base import Value
from auditor.probe.dns_answer import TEXT_LIMIT

MAX_TAGS = 64
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Tags(Value, frozen=True):
    """Tags by name in lower case, in order; `errors` in words."""

    values: dict[str, str] = msgspec.field(default_factory=dict)
    errors: tuple[str, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return the value of a tag."""
        return self.values.get(name, default)


def parse_tags(text: str) -> Tags:
    """Read a list of tags; of one that stands there twice the first counts, and it is an error."""
    values: dict[str, str] = {}
    errors: list[str] = []
    parts = text.split(";", MAX_TAGS)
    if len(parts) > MAX_TAGS or len(text) >= TEXT_LIMIT:
        errors.append(f"longer than {MAX_TAGS} tags or {TEXT_LIMIT} characters")
    for number, part in enumerate(parts[:MAX_TAGS], 1):
        if not part.strip():
            continue
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not _NAME.fullmatch(name):
            errors.append(f"entry {number} is no tag")
        elif name.lower() in values:
            errors.append(f"{name.lower()[:20]}= stands there twice")
        else:
            values[name.lower()] = value
    return Tags(values=values, errors=tuple(errors[:20]))


def starts(text: str, version: str) -> bool:
    """Tell whether a record begins with a version, such as "DMARC1"."""
    head, _, _ = text.partition(";")
    name, _, value = head.partition("=")
    return name.strip().lower() == "v" and value.strip() == version
