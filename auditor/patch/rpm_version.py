"""RPM versions as byte keys whose byte order is the version order (rpm-version(7))."""

import re
from functools import lru_cache

_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+|[~^]")
LONGEST = 1000
"""Characters; no real version comes near it."""
_TILDE, _END, _CARET, _ALPHA, _NUMBER = 1, 2, 3, 4, 5
_EPOCH_MAX = 2**32 - 1


@lru_cache(maxsize=2**14)
def rpm_key(version: str) -> bytes:
    """Return the key of "epoch:version-release"; equal versions have equal keys.

    No epoch is 0, no release is older than any. Any text has a key; of a very long one only the
    beginning counts.
    """
    epoch, rest = _epoch(version[:LONGEST])
    head, dash, release = rest.rpartition("-")
    if not dash:
        head, release = rest, ""
    key = min(epoch, _EPOCH_MAX).to_bytes(4, "big") + _key(head)
    return key + _key(release) if dash else key


def comparable(have: str, fixed: str) -> tuple[bytes, bytes]:
    """Return the keys of two versions, without releases unless both have one.

    So a dependency is compared by rpm: `1.2-3.el9` meets a list that says `1.2`. Such pairs have
    no common order with the others, so a key of either alone must not be kept and compared.
    """
    if _has_release(have) is _has_release(fixed):
        return rpm_key(have), rpm_key(fixed)
    return rpm_key(_without_release(have)), rpm_key(_without_release(fixed))


def _epoch(version: str) -> tuple[int, str]:
    """Return the epoch and what follows it; only digits before a colon are one."""
    epoch, colon, rest = version.partition(":")
    if colon and not epoch:
        return 0, rest
    if colon and epoch.isascii() and epoch.isdecimal():
        return int(epoch), rest
    return 0, version


def _has_release(version: str) -> bool:
    return "-" in version[:LONGEST]


def _without_release(version: str) -> str:
    version = version[:LONGEST]
    return version.rpartition("-")[0] if "-" in version else version


def _key(text: str) -> bytes:
    """Return the key of one part: its numbers, words, `~` and `^`; all else only separates.

    A number is its length and itself, so that a longer one is greater; it beats any word.
    """
    key = bytearray()
    for segment in _SEGMENT.findall(text):
        if segment == "~":
            key.append(_TILDE)
        elif segment == "^":
            key.append(_CARET)
        elif segment[0] <= "9":
            digits = segment.lstrip("0")
            key.append(_NUMBER)
            key += len(digits).to_bytes(2, "big")
            key += digits.encode()
        else:
            key.append(_ALPHA)
            key += segment.encode()
            key.append(0)
    key.append(_END)
    return bytes(key)
