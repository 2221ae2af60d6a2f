"""Host patterns of OpenSSH's files: `*` and `?` are wild, `!` takes away, brackets are letters."""

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matches(name: str, pattern: str) -> bool:
    """Tell whether one pattern fits; case counts."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def listed(patterns: Iterable[str], *names: str) -> bool:
    """Tell whether a pattern fits one of a host's names and no negated one fits any."""
    matched = False
    for pattern in patterns:
        if pattern.startswith("!"):
            if any(matches(name, pattern[1:]) for name in names):
                return False
        else:
            matched = matched or any(matches(name, pattern) for name in names)
    return matched
