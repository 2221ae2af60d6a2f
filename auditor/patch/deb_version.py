"""Debian package versions as byte keys whose byte order is the version order (deb-version(7))."""

import re
from functools import lru_cache

_PART = re.compile(r"([^0-9]*)([0-9]*)")
LONGEST = 1000
"""Characters; no real version comes near it."""
_TILDE, _END, _LETTER, _OTHER = 0x01, 0x02, 0x10, 0x80
_EPOCH_MAX = 2**32 - 1


@lru_cache(maxsize=2**14)
def deb_key(version: str) -> bytes:
    """Return the key of a version; equal versions have equal keys (`1` = `1-0` = `0:1`).

    Any text has a key; of a very long one only the beginning counts.
    """
    version = version[:LONGEST]
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, ""
    number = int(epoch) if epoch.isascii() and epoch.isdecimal() else 0
    return min(number, _EPOCH_MAX).to_bytes(4, "big") + _key(upstream) + _key(revision)


def _key(text: str) -> bytes:
    """Return the key of one part: runs of other characters and of digits by turns.

    A run of digits is its length and itself, so that a longer number is greater.
    """
    key = bytearray()
    pairs = [(words, digits.lstrip("0")) for words, digits in _PART.findall(text)]
    while pairs and pairs[-1] == ("", ""):
        pairs.pop()
    for words, digits in pairs:
        key += bytes(_order(char) for char in words)
        key.append(_END)
        key += len(digits).to_bytes(2, "big")
        key += digits.encode()
    key += bytes((_END, 0, 0, _END))
    return bytes(key)


def _order(char: str) -> int:
    """`~` before the end, the end before letters, letters before everything else."""
    if char == "~":
        return _TILDE
    if char.isascii() and char.isalpha():
        return _LETTER + ord(char) - ord("A")
    return _OTHER + min(ord(char), 0x7F)
