"""Sizes and times as configuration files write them."""

import re

_SIZE = re.compile(r"([0-9]{1,15})\s*([kKmMgG]?)[bB]?")
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}


def size(text: str) -> int | None:
    """Return bytes of "8M", "1g", "512k" or "4096", or None."""
    match = _SIZE.fullmatch(text.strip())
    return int(match[1]) * _UNITS[match[2].lower()] if match else None
