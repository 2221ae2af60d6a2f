"""Pages that are not there although the server says 200: they look like a path that nobody made."""

import re
from collections import Counter

from auditor.model.base import Value
from auditor.probe.base import Unseen
from auditor.probe.crawl import Sheet

_WORD = re.compile(r"[^\W\d_]+")
_READ = 50_000
_APART = 2
"""Words by which two copies of a page differ: a token, the path that was asked."""
SOME = 30
"""Words below which two pages must be the same to the word."""
_FEW_WORDS = 60
_FEW_LINKS = 4


class Ghost:
    """What a site shows for a path that does not exist; None: it says so by the status.

    Of pages with fewer words than `least` nothing is said.
    """

    def __init__(self, sheet: Sheet | None, least: int = 0) -> None:
        self._seen = _face(sheet) if sheet is not None else None
        self._least = least

    def shows(self, sheet: Sheet) -> bool:
        """Tell whether a page is that one: same title, same words but for very few.

        Digits do not count, nor the words of either address: error pages repeat what was asked.
        """
        face = _face(sheet) if self._seen is not None else None
        if self._seen is None or face is None:
            return False
        asked = self._seen.own | face.own
        if _without(self._seen.title, asked) != _without(face.title, asked):
            return False
        here, there = _without(face.words, asked), _without(self._seen.words, asked)
        if here.total() < self._least:
            return False
        most = _APART if here.total() >= SOME else 0
        return (here - there).total() <= most and (there - here).total() <= most


class _Face(Value, frozen=True):
    """A page's words, those of its title, and those of its own address."""

    title: Counter[str]
    words: Counter[str]
    own: frozenset[str]


def _face(sheet: Sheet) -> _Face | None:
    try:
        title, text = sheet.title, sheet.text[:_READ]
    except Unseen:
        return None
    return _Face(
        title=Counter(_WORD.findall(title.lower())),
        words=Counter(_WORD.findall(text.lower())),
        own=frozenset(_WORD.findall(sheet.place.path.lower())),
    )


def _without(words: Counter[str], unread: frozenset[str]) -> Counter[str]:
    return Counter({word: times for word, times in words.items() if word not in unread})


def scripted(sheet: Sheet) -> bool:
    """Tell whether a page shows next to nothing by itself: scripts or a frame make the rest."""
    if sheet.tree.css_first("frameset") is not None:
        return True
    return cover(sheet) and sheet.tree.css_first("script") is not None


def cover(sheet: Sheet) -> bool:
    """Tell whether a page says and links next to nothing, such as a picture before the site."""
    return len(sheet.text[:_READ].split()) < _FEW_WORDS and len(sheet.links) < _FEW_LINKS
