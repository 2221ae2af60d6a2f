"""Host patterns of OpenSSH's files: `*` and `?` are wild, `!` takes away, brackets are letters."""

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matches(name: str, pattern: str) -> bool:
    """Tell whether one pattern fits; case counts."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def listed(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a pattern fits and no negated one does."""
    matched = False
    for pattern in patterns:
        if pattern.startswith("!"):
            if matches(name, pattern[1:]):
                return False
        else:
            matched = matched or matches(name, pattern)
    return matched
