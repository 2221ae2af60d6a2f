"""Dates, numbers and sentences as the language of a report writes them."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup

from auditor.model.base import Lang
from auditor.model.fact import WHY, Why
from auditor.model.text import inert
from auditor.resources import shipped

LONGEST = 4096
"""Characters of one text that a page shows; the rest is counted."""
BRIEF = 240
"""Characters of a sentence in a list of findings; the target's page says more."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def slug(name: str) -> str:
    """Return a name that is safe in a file name and a fragment: "A:1.b" → "A-1.b"."""
    return _UNSAFE.sub("-", name)


def harmless(value: Any) -> Any:
    """Make a text inert and bound it; markup of our own passes. Applied to all that is printed."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _bounded(value, LONGEST)


def brief(text: str) -> str:
    """Return the beginning of a sentence, and how many characters are left out."""
    return _bounded(text, BRIEF)


def _bounded(text: str, most: int) -> str:
    rest = len(text) - most
    return inert(text) if rest <= 0 else f"{inert(text[:most])}… (+{rest})"


def breakable(text: str) -> Markup:
    """Let a line end after a slash: numbers of letters are long."""
    return Markup("/<wbr>").join(str(harmless(text)).split("/"))


def load_texts(lang: Lang) -> dict[str, str]:
    """Return the words of a language."""
    source = shipped("reports") / "texts" / f"{lang.value}.yaml"
    words: dict[str, str] = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes texts only
    return words


class Words:
    """What the templates say in one language about one city; `now` is the time of the run."""

    def __init__(self, lang: Lang, tz: str, now: datetime) -> None:
        self.texts = load_texts(lang)
        self._lang = lang
        self._tz = tz
        self._zone = ZoneInfo(tz)
        self._now = now

    def day(self, moment: date | datetime) -> str:
        """Return a date in words."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self._zone).date()
        return format_date(moment, "d MMMM y", locale=self._lang.value)

    def moment(self, moment: datetime) -> str:
        """Return date and time in the city's zone: "24 November 2026 pukul 08.00 WIB"."""
        local = moment.astimezone(self._zone)
        words = format_datetime(local, self.texts["moment"], locale=self._lang.value)
        return f"{words} {_ZONES.get(self._tz, local.tzname() or '')}"

    def age(self, since: datetime) -> str:
        """Return how many days lie between a moment and this run."""
        days = (self._now - since).days
        return self.texts["age"].format(n=days) if days > 0 else self.texts["age_today"]

    def late(self, due: datetime) -> bool:
        """Tell whether a due date lies before this run."""
        return due < self._now

    def why(self, why: Why) -> str:
        """Return the reason why something was not seen."""
        return WHY[why].in_(self._lang)

    def some(self, texts: Sequence[str], most: int) -> str:
        """Return the first of some texts in one line, and how many are left out."""
        shown = ", ".join(texts[:most])
        rest = len(texts) - most
        return shown if rest <= 0 else f"{shown} {self.texts['patch_and_more'].format(n=rest)}"

    def number(self, value: float) -> str:
        """Return a number as the language writes it."""
        return format_decimal(value, format="#,##0.#", locale=self._lang.value)

    def percent(self, part: int, whole: int) -> str:
        """Return a share in percent; only all is 100, only none is 0."""
        if not whole or part in (0, whole):
            return "100" if whole and part else "0"
        return self.number(min(99, max(1, round(100 * part / whole))))
