"""What the fonts of a page cost: pypdf maps every character anew for each page that names a font.

A font of a few hundred bytes may map 100,000 characters (measured: 60 ms), a page name 200 of them.
"""

import re
from itertools import islice, pairwise
from typing import Any

_RANGE = re.compile(rb"<\s*([0-9A-Fa-f]{1,8})\s*>\s*<\s*([0-9A-Fa-f]{1,8})\s*>")
_MOST = 100_000
"""Characters that one font maps at most; pypdf refuses more."""
_BASE = 100
_EACH = 0.5
"""Cost in bytes of drawing instructions, by the time they take."""
MOST_FONTS = 1_000
_MOST_WIDTHS = 50_000


class FontCosts:
    """Remembers what each font of a document costs."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, resources: Any) -> int:
        """Return what all fonts of a page or form cost, in bytes of drawing instructions."""
        named = real(real(resources).get("/Font")) if isinstance(real(resources), dict) else None
        fonts = list(islice(named.values(), MOST_FONTS)) if isinstance(named, dict) else []
        return sum(self._one(real(font)) for font in fonts)

    def _one(self, font: Any) -> int:
        if not isinstance(font, dict):
            return 0
        if id(font) not in self._known:
            entries = _mapped(real(font.get("/ToUnicode"))) + _widths(font)
            self._known[id(font)] = _BASE + int(min(entries, 2 * _MOST) * _EACH)
        return self._known[id(font)]


def _mapped(stream: Any) -> int:
    data = stream.get_data() if hasattr(stream, "get_data") else b""
    ranges = sum(max(0, int(b, 16) - int(a, 16)) for a, b in _RANGE.findall(data))
    return len(data) // 10 + min(ranges, _MOST)


def _widths(font: dict[str, Any]) -> int:
    below = real(font.get("/DescendantFonts"))
    first = real(below[0]) if isinstance(below, list) and below else None
    widths = real(first.get("/W")) if isinstance(first, dict) else None
    if not isinstance(widths, list):
        return 0
    numbers = [real(part) for part in widths[:_MOST_WIDTHS]]
    ranges = sum(max(0, int(b) - int(a)) for a, b in pairwise(numbers) if _whole(a) and _whole(b))
    return len(numbers) + min(ranges, _MOST)


def _whole(part: Any) -> bool:
    return isinstance(part, int)


def real(part: Any) -> Any:
    """Return the object that a reference leads to."""
    return part.get_object() if hasattr(part, "get_object") else part
