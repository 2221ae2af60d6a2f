"""Alpine package versions as byte keys whose byte order is the version order.

A version is digits{.digits}[letter]{_suffix[digits]}[~hash][-rdigits]: the form and order of apk
since 2.14. Older ones differ only where a part after a dot begins with a zero.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

LONGEST = 1000
"""Characters; no real version comes near it."""

_EARLIER = ("alpha", "beta", "pre", "rc")
_LATER = ("cvs", "svn", "git", "hg", "p")
_WORDS = "|".join((*_EARLIER, *_LATER))
_SHAPE = re.compile(
    r"(?P<first>[0-9]+)"
    r"(?P<others>(?:\.[0-9]+)*)"
    r"(?P<letter>[a-z]?)"
    rf"(?P<suffixes>(?:_(?:{_WORDS})(?![a-z])[0-9]*)*)"
    r"(?:~(?P<hash>[0-9a-f]+))?"
    r"(?:-r(?P<revision>[0-9]+))?"
)
_SUFFIX = re.compile(r"_([a-z]+)([0-9]*)")
_SUFFIXES: Mapping[str, int] = {word: n for n, word in enumerate(_EARLIER, 1)} | {
    word: n for n, word in enumerate(_LATER, 10)
}
_INVALID, _END, _REVISION, _HASH, _COUNT = 5, 6, 7, 8, 9
_LETTER, _FRACTION, _NUMBER = 15, 16, 17
"""What may stand at one place, in ascending order; suffixes stand before and between."""


def is_apk_version(text: str) -> bool:
    """Tell whether apk would accept a text as a version."""
    return len(text) <= LONGEST and _SHAPE.fullmatch(text) is not None


@lru_cache(maxsize=2**14)
def apk_key(version: str) -> bytes:
    """Return the key of a version; equal versions have equal keys (`01` = `1`, but `1` < `1-r0`).

    Any text has a key: from where it is no version on, it is older than if it ended there. Of a
    very long one only the beginning counts.
    """
    version = version[:LONGEST]
    shape = _SHAPE.match(version)
    if shape is None:
        return _stray(version)
    key = bytearray(_number(_NUMBER, shape["first"]))
    for part in shape["others"].split(".")[1:]:
        key += _part(part)
    if shape["letter"]:
        key.append(_LETTER)
        key += shape["letter"].encode()
    for word, count in _SUFFIX.findall(shape["suffixes"]):
        key.append(_SUFFIXES[word])
        if count:
            key += _number(_COUNT, count)
    if shape["hash"]:
        key.append(_HASH)
        key += shape["hash"].encode() + b"\0"
    if shape["revision"]:
        key += _number(_REVISION, shape["revision"])
    rest = version[shape.end() :]
    return bytes(key) + (_stray(rest) if rest else bytes((_END,)))


def _number(rank: int, digits: str) -> bytes:
    """Return a number as its length and itself, so that a longer one is greater."""
    digits = digits.lstrip("0")
    return bytes((rank,)) + len(digits).to_bytes(2, "big") + digits.encode()


def _part(digits: str) -> bytes:
    """Return a part after a dot; one that begins with a zero counts as a fraction, digit by digit.

    So `1.09` < `1.1` and `1.0` < `1.01` < `1.010`.
    """
    if digits.startswith("0"):
        return bytes((_FRACTION,)) + digits.encode() + b"\0"
    return _number(_NUMBER, digits)


def _stray(text: str) -> bytes:
    """Return the end of a key for what is no version, or follows one."""
    return bytes((_INVALID,)) + text.encode("utf-8", "surrogatepass")
