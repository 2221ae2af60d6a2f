"""The crawl of a site: at most 48 GETs, 24 pages and 8 documents, chosen by what they are about.

Asked, in order: the front page (encrypted first), robots.txt, a path that does not exist, the
site's own list of pages, the pages, the documents, and the front page once more in four guises,
which come last since a firewall may take offence at them.
"""

from collections.abc import Generator, Mapping
from datetime import datetime

from auditor.model.fact import GAP, Json, Why
from auditor.probe import crawl_sitemap as sitemaps
from auditor.probe.base import Unseen
from auditor.probe.crawl import Crawl, Guise, Seen, Sheet, Sitemap
from auditor.probe.crawl_ghost import Ghost
from auditor.probe.crawl_reading import Reading
from auditor.probe.crawl_visit import Landing, Visitor
from auditor.probe.http_talk import Ask, Heard, Mute, absent
from auditor.probe.site_trip import bad_answer
from auditor.probe.site_url import Place, refer

_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
_PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
_CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
_ACCEPT = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
GUISES: Mapping[Guise, tuple[tuple[str, str], ...]] = {
    Guise.BROWSER: (("User-Agent", _BROWSER), _ACCEPT),
    Guise.SEARCHER: (
        ("User-Agent", _BROWSER),
        _ACCEPT,
        ("Referer", "https://www.google.com/"),
    ),
    Guise.PHONE: (("User-Agent", _PHONE), _ACCEPT),
    Guise.CRAWLER: (("User-Agent", _CRAWLER), _ACCEPT),
}

_SHOWN = 200
Before = Mapping[str, Mapping[str, Json]]


def survey(
    site: str, own: frozenset[str], now: datetime, before: Before
) -> Generator[Ask, Heard, Crawl | Mute]:
    """Fetch a site; `own` are all sites of its target. `Mute`: its front page was not seen."""
    visitor = Visitor(site, own)
    front = yield from _front(visitor)
    if isinstance(front, Mute):
        return front
    visitor.settle(front.place.name)
    rules = yield from visitor.rules_of(front.place)
    reading = Reading(visitor, front)
    reading.ghost = yield from _ghost(visitor, front)
    sitemap = yield from _sitemap(visitor, front, rules.sitemaps)
    reading.lead(sitemap.addresses)
    yield from reading.again(_at_fault(before))
    yield from reading.pages()
    yield from reading.documents()
    guises = yield from _guises(visitor, front)
    return Crawl(
        site=site,
        now=now,
        sheets=tuple(reading.sheets),
        documents=tuple(reading.found),
        guises=guises,
        sitemap=sitemap,
        robots=rules.text,
        missed=tuple(reading.missed),
        dead=tuple(reading.dead),
        linked_documents=len(reading.shelf),
        before=before,
    )


def _at_fault(before: Before) -> list[str]:
    """Return the pages in which something was found in the run before."""
    rows = before.get("integrity", {}).get("exhibits")
    found = [row.get("page") for row in rows if isinstance(row, dict)] if rows else []
    return [page for page in found if isinstance(page, str)]


def _front(visitor: Visitor) -> Generator[Ask, Heard, Sheet | Mute]:
    """Return the front page, in clear only where the encrypted port is closed."""
    landing = yield from visitor.front(Place(secure=True, name=visitor.site))
    if landing.mute.why is Why.REFUSED and landing.sheet is None:
        landing = yield from visitor.front(Place(secure=False, name=visitor.site))
    sheet = landing.sheet
    if sheet is None:
        return landing.mute
    if landing.away:
        return Mute(why=Why.NO_DATA, detail=f"leads to another site, {landing.away}"[:_SHOWN])
    if why := bad_answer(sheet.answer):
        return Mute(why=why[GAP]["why"], detail=why[GAP]["detail"])
    try:
        assert sheet.tree is not None  # noqa: S101 - parsed here, so that all can rely on it
    except Unseen as unseen:
        return Mute(why=unseen.why, detail=f"the front page: {unseen.detail}")
    return sheet


def _ghost(visitor: Visitor, front: Sheet) -> Generator[Ask, Heard, Ghost]:
    """Return how the site shows a path that does not exist."""
    place = Place(
        secure=front.place.secure, name=front.place.name, path=absent(visitor.site, ".html")
    )
    landing = yield from visitor.visit(place)
    there = landing.sheet is not None and landing.sheet.answer.status in range(200, 300)
    return Ghost(landing.sheet if there and not landing.away else None)


def _sitemap(
    visitor: Visitor, front: Sheet, named: tuple[str, ...]
) -> Generator[Ask, Heard, Sitemap]:
    waiting = list(named) or ["/sitemap.xml"]
    known, addresses, count, whole, found = set(waiting), list[str](), 0, True, False
    unseen: Mute | None = None
    for _ in range(sitemaps.MOST_FILES):
        if not waiting:
            break
        part = yield from _part(visitor, front.place, waiting.pop(0))
        if isinstance(part, Mute):
            part, unseen = None, part
        found, whole = found or part is not None, whole and part is not None and part.whole
        if part is not None and part.files:
            fresh = [one for one in dict.fromkeys(part.addresses) if one not in known]
            known.update(fresh)
            waiting.extend(fresh)
        elif part is not None:
            count += part.count
            addresses.extend(part.addresses[: sitemaps.MOST_ADDRESSES - len(addresses)])
    whole = (whole and not waiting) if found else unseen is None
    return Sitemap(
        found=found,
        count=count,
        whole=whole,
        addresses=tuple(addresses),
        unseen=None if found else unseen,
    )


def _part(
    visitor: Visitor, base: Place, address: str
) -> Generator[Ask, Heard, sitemaps.Part | Mute | None]:
    """Return a file of the list, None where there is none, or why that is not known."""
    reference = refer(base, address)
    if reference is None:
        return None
    if not visitor.stays(reference.host):
        return Mute(why=Why.SCOPE, detail="the site's list of pages stands on another site")
    landing = yield from visitor.visit(reference.place, sitemaps.BODY)
    part = _listed(landing)
    if isinstance(part, Mute):
        return Mute(why=part.why, detail=f"the site's list of pages: {part.detail}"[:_SHOWN])
    return part


_ABSENT = frozenset({404, 410})


def _listed(landing: Landing) -> sitemaps.Part | Mute | None:
    if landing.sheet is None:
        return landing.mute
    answer = landing.sheet.answer
    if landing.away or answer.status in _ABSENT:
        return None
    if why := bad_answer(answer):
        return Mute(**why[GAP])
    part = sitemaps.read_part(answer)
    if part is None and sitemaps.packed(answer):
        return Mute(why=Why.UNREADABLE, detail="a file that cannot be read")
    return part


def _guises(visitor: Visitor, front: Sheet) -> Generator[Ask, Heard, dict[Guise, Seen]]:
    rules = yield from visitor.rules_of(front.place)
    seen: dict[Guise, Seen] = {}
    for guise, fields in GUISES.items():
        if rules.bars(front.place.path):
            seen[guise] = rules.mute
            continue
        landing = yield from visitor.front(front.place, *fields)
        seen[guise] = landing.sheet or landing.mute
    return seen
