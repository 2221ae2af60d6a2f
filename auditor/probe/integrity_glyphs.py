"""Letters that only look like letters: what a disguised text says to its reader."""

import html
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from auditor.probe.integrity_lexicon import lexicon

MOST_TEXT = 300_000
"""Characters of one text that are read."""
_REVERSED = re.compile("\u202e([^\u202c\u2069\n]{0,500})")
_DROPPED = frozenset({"Mn", "Me", "Cf"})
_BOXES = {
    start + number: chr(97 + number)
    for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for number in range(26)
}


@lru_cache(maxsize=1)
def _same() -> Mapping[int, str]:
    return _BOXES | {ord(odd): c for c, odds in lexicon().looks.items() for odd in odds}


def legible(text: str) -> str:
    """Return a text in small plain letters as its reader sees it; at most `MOST_TEXT` long.

    Invisible and combining characters are gone, look-alikes are the letters that they look like,
    text that is shown from right to left is turned.
    """
    text = text[:MOST_TEXT]
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.lower()
    text = _REVERSED.sub(lambda found: found[1][::-1], text)
    flat = unicodedata.normalize("NFKD", text)[: 2 * MOST_TEXT].translate(_same())
    gone = {ord(c): None for c in set(flat) if unicodedata.category(c) in _DROPPED}
    return flat.translate(gone).lower().translate(_same())


def percent_decoded(text: str) -> str:
    """Return an address as people read it: percent signs resolved, thrice where they are nested."""
    for _ in range(3):
        if "%" not in text:
            break
        text = _ESCAPES.sub(_unescaped, text)
    return text


_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2}){1,500}")


def _unescaped(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")


def host_decoded(host: str) -> str:
    """Return a host's name with its punycode labels as people read them."""
    return ".".join(_label(label) for label in host.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return label
