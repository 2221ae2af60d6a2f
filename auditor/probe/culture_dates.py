"""When the pages of a site say that they are from; days to come do not count."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from auditor.probe.crawl import Sheet
from auditor.probe.written_days import days_in

_MOST_TIMES = 500
_FRESHLY_MADE = timedelta(minutes=2)
_FEWEST_PAGES = 3
"""Pages that show today's date before it is taken for a clock."""


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
