"""When the pages of a site say that they are from; days to come do not count."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from auditor.probe.crawl import Sheet

_READ = 200_000
_MOST_TIMES = 500
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
_FRESHLY_MADE = timedelta(minutes=2)
_FEWEST_PAGES = 3
"""Pages that show today's date before it is taken for a clock."""


def days_in(text: str, today: date) -> set[date]:
    """Return the days that a text names, in Indonesian or English, up to tomorrow."""
    found = set(_days(text[:_READ].lower(), today))
    return {day for day in found if day <= today + timedelta(days=1)}


def days_of(sheet: Sheet, now: datetime) -> set[date]:
    """Return the days that a page names in words or in `time` elements."""
    today = now.date()
    found = days_in(sheet.text, today)
    for node in sheet.tree.css("time[datetime]")[:_MOST_TIMES]:
        found |= days_in((node.attributes.get("datetime") or "")[:40].replace("T", " "), today)
    return found


def changed(sheet: Sheet) -> date | None:
    """Return when the server says that a page was changed, None where it makes it at each visit."""
    said, sent = (_time(sheet.answer.value(name)) for name in ("last-modified", "date"))
    if said is None or (sent is not None and sent - said < _FRESHLY_MADE):
        return None
    return said.date()


def newest(sheets: Iterable[Sheet], now: datetime) -> datetime | None:
    """Return the newest day of a site, None where no page names one.

    Today on every page is a clock, and says nothing.
    """
    today = now.date()
    pages = [days_of(sheet, now) | _changed_days(sheet, today) for sheet in sheets]
    counts = Counter(day for days in pages for day in days)
    clocks = {
        day
        for day, count in counts.items()
        if day >= today - timedelta(days=1) and count == len(pages) >= _FEWEST_PAGES
    }
    left = set(counts) - clocks
    return datetime.combine(max(left), time(), UTC) if left else None


def _changed_days(sheet: Sheet, today: date) -> set[date]:
    day = changed(sheet)
    return {day} if day is not None and day <= today + timedelta(days=1) else set()


def _time(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text[:60])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


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
