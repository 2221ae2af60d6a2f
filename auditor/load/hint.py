"""Suggest what the operator may have meant."""

import difflib
from collections.abc import Iterable

LISTED = 12
"""Known names that a hint lists at most."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the known name closest to `name`, else the known names, as a hint."""
    names = sorted({str(other) for other in known})
    folded = {other.casefold(): other for other in names}
    if close := difflib.get_close_matches(name.casefold()[:100], folded, 1):
        return f"did you mean {folded[close[0]]!r}?"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"known: {', '.join(names[:LISTED])}{more}" if names else ""
