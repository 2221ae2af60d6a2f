"""When a page says that it is from: the newest day that it names, footers and menus aside."""

import re
from datetime import UTC, date, datetime, time

from auditor.probe.written_days import days_in

_READ = 200_000
_YEAR = re.compile(
    r"\b(?:tahun|ta|periode|laporan|lkjip|lakip|renja|renstra|rkpd|apbd|rekap|statistik|survei|skm"
    r"|ikm|year|report)\b[^.]{0,60}?\b(20\d\d)\b"
)


def newest(text: str, now: datetime) -> datetime | None:
    """Return the newest day that a text names and that is not to come, None where it names none.

    A year ("laporan tahun 2025") counts as its last day.
    """
    text = text[:_READ].lower()
    today = now.date()
    days = list(days_in(text, today))
    years = [int(match[1]) for match in _YEAR.finditer(text)]
    days += [min(date(year, 12, 31), today) for year in years if year <= today.year]
    return datetime.combine(max(days), time(), UTC) if days else None
