"""Names that pages give to things, as they may be kept; success criteria behind axe-core's tags."""

import re
from collections.abc import Iterable

from auditor.model.text import inert

_SHOWN = 60
_PERSONAL = re.compile(r"[^\s@]*@[^\s@]*|[0-9]{5,}|[0-9A-Fa-f-]{16,}")
_CRITERION = re.compile(r"wcag([1-4])([1-9])([0-9]{1,2})")


def plain(name: str) -> str:
    """Return a name as it may be kept: inert and short, without what may tell who the visitor is.

    Long numbers and addresses in it become "#".
    """
    return _PERSONAL.sub("#", inert(" ".join(name.split()))[:_SHOWN])


def criteria(tags: Iterable[str]) -> list[str]:
    """Return the success criteria among axe-core's tags: "wcag143" is "1.4.3"."""
    found = (_CRITERION.fullmatch(tag) for tag in tags)
    return sorted({f"{match[1]}.{match[2]}.{match[3]}" for match in found if match})
