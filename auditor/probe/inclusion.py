"""Can everyone use the site: accessibility by what its pages say (WCAG 2.2)."""

from collections import defaultdict

from auditor.model.base import Text
from auditor.model.fact import GAP
from auditor.model.text import inert
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.crawl import Crawl
from auditor.probe.inclusion_fields import FIELDS
from auditor.probe.inclusion_language import title_of
from auditor.probe.inclusion_pages import listed, path_of, readable
from auditor.probe.inclusion_rules import CONTRAST, LACKING, RULES, judge

_TITLE = 80
_MOST_TITLES = 20
_MOST_PATHS = 5


class InclusionArgs(Args, frozen=True):
    """Takes no arguments."""


def read(_args: InclusionArgs, crawl: Crawl) -> Record:
    """Return the record of a site; a list that is empty though not all was read is left out."""
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    titles: dict[str, set[str]] = defaultdict(set)
    readable_ = readable(crawl)
    for sheet in readable_.sheets:
        page, faults = judge(sheet)
        untold = LACKING if sheet.place.url in readable_.parts else frozenset()
        for fact, names in faults.items():
            if names and fact not in untold:
                found[fact].append((path_of(sheet), names))
        if title_of(page):
            titles[title_of(page).lower()].add(path_of(sheet))
    lists = {fact: listed(found[fact]) for fact in (*RULES, CONTRAST)}
    lists["titles_same"] = _shared(titles)
    record: Record = {"pages": len(readable_.sheets)}
    if readable_.gap is None:
        return {**record, **lists}
    return {**record, **{fact: some for fact, some in lists.items() if some}, GAP: readable_.gap}


def _shared(titles: dict[str, set[str]]) -> list[str]:
    """Return titles that several pages have, with the pages."""
    same = sorted((title, paths) for title, paths in titles.items() if len(paths) > 1)
    return [
        inert(f"{title[:_TITLE]}: {', '.join(sorted(paths)[:_MOST_PATHS])}")
        for title, paths in same[:_MOST_TITLES]
    ]


PROBE = ProbeType(
    name="inclusion",
    via=Via.PAGES,
    args=InclusionArgs,
    gives=FIELDS,
    doc=Text(
        id="Apakah setiap orang dapat memakai situs: aturan WCAG 2.2 yang dapat dibaca dari "
        "halaman, seperti yang dipakai axe-core, pada halaman yang diambil. Warna dinilai hanya "
        "bila keduanya tertulis di halaman.",
        en="Whether everyone can use the site: rules of WCAG 2.2 that can be read from a page, as "
        "axe-core applies them, on the pages that were fetched. Colours are judged only where the "
        "page itself writes both.",
    ),
    read=read,
)
