"""Days that a text names, in Indonesian or English."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_READ = 200_000
"""Characters of a text that are read."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt aug ags",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
_DAY_FIRST = re.compile(r"\b([0-3]?\d)[\s-]([a-z]{3,9})\.?,?[\s-]((?:19|20)\d\d)\b")
_MONTH_FIRST = re.compile(r"\b([a-z]{3,9})\.?\s([0-3]?\d),?\s((?:19|20)\d\d)\b")
_ISO = re.compile(r"\b((?:19|20)\d\d)-([01]\d)-([0-3]\d)(?!\d)")
_NUMBERS = re.compile(r"\b([0-3]?\d)[/.-]([01]?\d)[/.-]((?:19|20)\d\d)\b")
_AGO = re.compile(
    r"\b(\d{1,3})\s(hari|minggu|pekan|bulan|days?|weeks?|months?)\s(?:yang\s)?(?:lalu|ago)\b"
)
_UNITS = {"hari": 1, "day": 1, "minggu": 7, "pekan": 7, "week": 7, "bulan": 30, "month": 30}


def days_in(text: str, today: date) -> set[date]:
    """Return the days that a text names, in Indonesian or English, up to tomorrow."""
    found = set(_days(text[:_READ].lower(), today))
    return {day for day in found if day <= today + timedelta(days=1)}


def _days(text: str, today: date) -> Iterator[date]:
    for match in _DAY_FIRST.finditer(text):
        yield from _day(match[3], _MONTHS.get(match[2], 0), match[1])
    for match in _MONTH_FIRST.finditer(text):
        yield from _day(match[3], _MONTHS.get(match[1], 0), match[2])
    for match in _ISO.finditer(text):
        yield from _day(match[1], int(match[2]), match[3])
    for match in _NUMBERS.finditer(text):
        yield from _day(match[3], int(match[2]), match[1])
    for match in _AGO.finditer(text):
        yield today - timedelta(days=int(match[1]) * _UNITS[match[2].removesuffix("s")])


def _day(year: str, month: int, day: str) -> Iterator[date]:
    try:
        yield date(int(year), month, int(day))
    except ValueError:
        return
