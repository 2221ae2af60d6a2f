"""Signs that nobody looks after a site: samples left in place, works without end, an old year."""

import re
from collections.abc import Iterable, Iterator

from auditor.probe.crawl import Sheet, Topic
from auditor.probe.inclusion_pages import path_of

_READ = 100_000
_SAMPLES = {
    "Lorem ipsum": r"\blorem ipsum dolor\b",
    "Hello world": r"\b(hello|halo) (world|dunia)!",
    "Sample Page": r"\bthis is an example page\b|\bini adalah contoh (halaman|laman)\b"
    r"|\b(edit or delete it, then start writing|sunting atau hapus)\b",
    "WordPress": r"\bjust another wordpress site\b|\bsitus wordpress lain(nya)?\b"
    r"|\b(welcome to|selamat datang di) wordpress\b",
    "Joomla": r"\b(getting started|your site is ready) (with|in) joomla\b|\bjoomla! cassiopeia\b",
    "Your Site Title": r"\byour (site|company|business) (title|name|here)\b"
    r"|\b123 (main|your|example) street\b|\byourname@",
}
_SAMPLE = {name: re.compile(pattern) for name, pattern in _SAMPLES.items()}
_WORKS = re.compile(
    r"\bunder (construction|maintenance)\b|\bcoming soon\b|\bsegera hadir\b"
    r"|\b(halaman|situs|website|laman) (ini )?(masih |sedang )?(dalam )?"
    r"(tahap )?(perbaikan|pengembangan|pembangunan|pemeliharaan)\b"
    r"|\baccount (has been )?suspended\b|\bdomain (is )?(parked|for sale)\b"
)
_FEW_WORDS = 120
"""Words below which a page is about the works that it names."""
_COPYRIGHT = re.compile(
    r"(?:\u00a9|\(c\)|copyright|hak cipta)[^\d]{0,60}"
    r"((?:19|20)\d\d)(?:\s?[-\u2013]\s?((?:19|20)\d\d))?"
)
_RIGHTS = re.compile(
    r"\u00a9|\bcopyright\b|\bhak cipta\b|\blisensi\b|\bberlisensi\b|\blicen[sc]ed?\b"
    r"|creative commons"
)
_BLANK = 5


def samples(sheets: Iterable[Sheet]) -> list[str]:
    """Return what a maker of sites ships as an example and nobody replaced, with its page."""
    found = []
    for sheet in sheets:
        text = f"{sheet.title} {sheet.text[:_READ]}".lower()
        names = [name for name, sign in _SAMPLE.items() if sign.search(text)]
        found += [f"{path_of(sheet)}: {name}" for name in names]
    return found


def works(sheets: Iterable[Sheet]) -> list[str]:
    """Return the pages that put their reader off, and an empty front page."""
    return [path for sheet in sheets for path in _off(sheet)]


def _off(sheet: Sheet) -> Iterator[str]:
    words = sheet.text[:_READ].lower()
    few = len(words.split()) < _FEW_WORDS
    blank = Topic.FRONT in sheet.topics and len(words.split()) < _BLANK
    if blank or _WORKS.search(sheet.title.lower()) or (few and _WORKS.search(words)):
        yield path_of(sheet)


def copyright_year(sheets: Iterable[Sheet], this_year: int) -> int | None:
    """Return the newest year beside a sign of copyright, None where there is none."""
    years = [
        int(year)
        for sheet in sheets
        for match in _COPYRIGHT.finditer(sheet.text[-_READ:].lower())
        for year in match.groups()
        if year and int(year) <= this_year + 1
    ]
    return max(years, default=None)


def rights(sheet: Sheet) -> bool:
    """Tell whether a page says whose its content is or how it may be used."""
    linked = sheet.tree.css_first("a[rel~=license], link[rel~=license]") is not None
    return linked or _RIGHTS.search(sheet.text[:_READ].lower()) is not None
