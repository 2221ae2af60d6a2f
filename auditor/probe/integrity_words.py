"""A text becomes words: spaced, glued, broken and numbered disguises are taken off."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from auditor.probe.integrity_glyphs import legible
from auditor.probe.integrity_lexicon import lexicon, squeezed

_TOKEN = re.compile(r"[a-z0-9@$!|+€]{1,64}")
_SIGNS = "@$!|+€"
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "i", "|": "li", "+": "t", "€": "e",
}  # fmt: skip
_MOST_READINGS = 16
_LONGEST = 32
"""Letters of a word that is read for disguise; a longer one is none."""
_PIECES = 4
_PIECE = 4
"""Pieces of a word, and letters of a piece, that are put together."""
_SINGLES = 3
"""Single letters in a row from which on they are a word."""


def words(text: str) -> list[str]:
    """Return the words of a text in plain letters, squeezed."""
    tokens = _TOKEN.findall(legible(text))
    return list(
        _together([squeezed(plain) for token in _spelled(tokens) for plain in _read(token)])
    )


def _spelled(tokens: list[str]) -> Iterator[str]:
    """Put letters together that stand alone, one after another: "s l o t"."""
    row: list[str] = []
    for token in tokens:
        if len(token) == 1:
            row.append(token)
            continue
        yield from _row(row)
        row = []
        yield token
    yield from _row(row)


def _row(row: list[str]) -> Iterator[str]:
    if len(row) < _SINGLES:
        yield from row
        return
    for start in range(0, len(row), _LONGEST):
        yield "".join(row[start : start + _LONGEST])


@lru_cache(maxsize=16_384)
def _read(token: str) -> tuple[str, ...]:
    """Return what a token says: itself, or the word that its digits and signs stand for."""
    bare = token.strip(_SIGNS)
    if bare.isalpha():
        for reading in _readings(token) if bare != token else ():
            if squeezed(reading) in lexicon().telling and reading != bare:
                return (reading,)
        return (bare,)
    if len(token) <= _LONGEST and not token.isdigit():
        for reading in _readings(token):
            if _tells(squeezed(reading)):
                return (reading,)
    return tuple(re.findall(r"[a-z0-9]+", token))


def _readings(token: str) -> Iterator[str]:
    """Yield the ways to read a token: digits at its end as they are first, then as letters."""
    head = token.rstrip("0123456789")
    for part, rest in ((head, token[len(head) :]), (token, "")):
        yield from (f"{one}{rest}" for one in _spellings(part) if one != part or rest)


def _spellings(part: str) -> Iterator[str]:
    choices = [_LEET.get(char, char) for char in part]
    for number, reading in enumerate(product(*choices)):
        if number == _MOST_READINGS:
            return
        yield "".join(reading)


def _tells(reading: str) -> bool:
    known = lexicon()
    bare = reading.rstrip("0123456789")
    return bare in known.telling or bare in known.names or known.within.search(bare) is not None


def _together(tokens: list[str]) -> Iterator[str]:
    """Put a word together that stands in pieces: "sl ot"."""
    beginnings = lexicon().beginnings
    at = 0
    while at < len(tokens):
        whole, taken = tokens[at], 1
        if tokens[at] in beginnings:
            whole, taken = _pieces(tuple(tokens[at : at + _PIECES]))
        yield whole
        at += taken


@lru_cache(maxsize=16_384)
def _pieces(tokens: tuple[str, ...]) -> tuple[str, int]:
    """Return the known word that the first tokens make, and how many they are; else the first."""
    scattered = lexicon().scattered
    for count in range(len(tokens), 1, -1):
        parts = tokens[:count]
        if all(len(part) <= _PIECE for part in parts):
            for reading in map(squeezed, _spellings("".join(parts))):
                if reading in scattered:
                    return reading, count
    return tokens[0], 1
