"""When a page says that it is from: the newest day that it names, footers and menus aside."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

_READ = 200_000
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
_WRITTEN = re.compile(r"\b([0-3]?\d)\s([a-z]{3,9})\.?\s((?:19|20)\d\d)\b")
_ENGLISH = re.compile(r"\b([a-z]{3,9})\s([0-3]?\d),?\s((?:19|20)\d\d)\b")
_ISO = re.compile(r"\b((?:19|20)\d\d)-([01]\d)-([0-3]\d)\b")
_SLASHED = re.compile(r"\b([0-3]?\d)[/.-]([01]?\d)[/.-]((?:19|20)\d\d)\b")
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
    days = [day for day in _days(text) if day <= today + timedelta(days=1)]
    years = [int(match[1]) for match in _YEAR.finditer(text)]
    days += [min(date(year, 12, 31), today) for year in years if year <= today.year]
    return datetime.combine(max(days), time(), UTC) if days else None


def _days(text: str) -> Iterator[date]:
    for match in _WRITTEN.finditer(text):
        yield from _day(match[3], _MONTHS.get(match[2], 0), match[1])
    for match in _ENGLISH.finditer(text):
        yield from _day(match[3], _MONTHS.get(match[1], 0), match[2])
    for match in _ISO.finditer(text):
        yield from _day(match[1], int(match[2]), match[3])
    for match in _SLASHED.finditer(text):
        yield from _day(match[3], int(match[2]), match[1])


def _day(year: str, month: int, day: str) -> Iterator[date]:
    try:
        yield date(int(year), month, int(day))
    except ValueError:
        return
