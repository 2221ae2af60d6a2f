"""The conversation that shows what lies open on a site, and the software that it shows.

A few fixed paths that the authority letter covers are asked for, what may be large with HEAD
first, and read for a few hundred bytes; nothing is crawled, nothing of a body is kept. First the
site says what it answers for what it does not have: an answer like that shows nothing, neither
good nor bad.
"""

import datetime as dt
from collections.abc import Generator
from typing import TypeVar

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.cms import CMS, LIBRARY, MANIFESTS, Product, cms_of, products, software
from auditor.probe.cms_libraries import banner, libraries
from auditor.probe.cms_lifespans import Lifespans
from auditor.probe.cms_page import Page, read_page
from auditor.probe.exposed_absent import Absent, absent_of
from auditor.probe.exposed_look import BLOCKED, Open, Row, Visit
from auditor.probe.exposed_marks import recognise
from auditor.probe.exposed_paths import places
from auditor.probe.http import same_site
from auditor.probe.http_talk import Answer, Ask, Heard, Mute, Talk, absent

FRONT = 524_288
"""Bytes of the front page that are read."""
_ABSENT = 16_384
_START = 2000
_HOPS = 3
_BANNERS = 2
"""Libraries of the site itself whose first bytes are read for their version."""
_ANSWERS = frozenset({200, 203})
_BROKEN = frozenset({400, 421, *range(500, 1000)})
"""What a server says that did not take the question for one to this site."""

T = TypeVar("T")
Step = Generator[Ask, Heard, T]


def survey(site: str, known: Lifespans, today: dt.date) -> Talk:
    """Return `paths` and `software` of a site; a site that does not answer was not seen."""
    ask, front = yield from _front(site)
    if isinstance(front, Mute):
        return {GAP: _gap(front)}
    if name := recognise(front.body, ("firewall",)):
        mute = Mute(why=Why.DENIED, detail=f"a firewall ({name}) answers in the site's place")
        return {GAP: _gap(mute)}
    visit = Visit(Ask(site=ask.site, secure=ask.secure))
    page = read_page(front)
    cms = cms_of(page)
    seen: Record = {"asked": visit.ask("/").url, "front": front.status}
    rows, gone = yield from _rows(visit, site, front, cms.name if cms else "")
    seen["paths"] = [row.record for row in rows]
    if gone is not None:
        seen["absent"] = gone.status
    if front.status not in _ANSWERS:
        mute = Mute(why=Why.UNREADABLE, detail=f"the front page answers {front.status}")
        return {**seen, GAP: _gap(mute)}
    found = yield from _software(visit, page, cms)
    rows_of = [software(product, known, today) for product in found]
    return {**seen, "software": [*rows_of, *_unread(page)]}


def _front(site: str) -> Step[tuple[Ask, Heard]]:
    """Ask for the front page, over TLS where that is answered, and follow it within the site."""
    ask = Ask(site=site, body=FRONT)
    heard = yield ask
    if isinstance(heard, Mute):
        clear = Ask(site=site, secure=False, body=FRONT)
        other = yield clear
        if isinstance(other, Mute):
            return ask, heard
        ask, heard = clear, other
    for _ in range(_HOPS):
        goal = heard.leads if isinstance(heard, Answer) else None
        if goal is None or not same_site(site, goal.site):
            break
        ask = Ask(site=goal.site, path=goal.path, secure=goal.secure, body=FRONT)
        heard = yield ask
    return ask, heard


def _rows(
    visit: Visit, site: str, front: Answer, cms: str
) -> Step[tuple[list[Row], Absent | None]]:
    """Return what is open and what is not, the front page first."""
    file, folder = absent(site), absent(site, "/")
    first = yield visit.ask(file, body=_ABSENT)
    second = yield visit.ask(folder, body=_ABSENT)
    gone = absent_of(first, second)
    rows = [*_of_page(site, "/", front, ("default_page", "listing", "debug"))]
    rows += _of_page(site, file, first, ("debug",))
    chosen = places(site, cms)
    refuses = isinstance(gone, Mute) or gone.status in BLOCKED
    visit.halted = refuses and front.status in BLOCKED
    if isinstance(gone, Mute):
        rows += (Row.unseen(place, gone) for place in chosen)
        return [row.doubted() if visit.halted else row for row in rows], None
    head = yield visit.ask("/", method="HEAD")
    visit.heads = isinstance(head, Answer) and head.status == front.status
    for place in chosen:
        row = yield from visit.look(place, gone)
        rows.append(row)
    if any(row.refused for row in rows) and not visit.halted:
        last = yield visit.ask("/", fields=(("Cache-Control", "no-cache"),))
        if isinstance(last, Mute) or (last.status in BLOCKED and last.status != front.status):
            visit.halted = True
    return [row.doubted() if visit.halted else row for row in rows], gone


def circles(site: str, heard: Answer) -> bool:
    """Tell whether a front page leads on and on within the site."""
    return heard.leads is not None and same_site(site, heard.leads.site)


def _of_page(site: str, path: str, heard: Heard, kinds: tuple[str, ...]) -> Generator[Row]:
    """Judge a page that every site gives: the front page, and that for what is missing."""
    for kind in kinds:
        if isinstance(heard, Mute):
            yield Row(path=path, kind=kind, mute=heard)
        elif how := recognise(heard.body[:_ABSENT], (kind,)):
            yield Row(path=path, kind=kind, seen=Open(how=how))
        elif path == "/" and (heard.status in _BROKEN or circles(site, heard)):
            mute = Mute(why=Why.UNREADABLE, detail=f"the front page answers {heard.status}")
            yield Row(path=path, kind=kind, mute=mute)
        else:
            yield Row(path=path, kind=kind, seen=Open(), refused=heard.status in BLOCKED)


def _software(visit: Visit, page: Page, cms: Product | None) -> Step[list[Product]]:
    """Return all that is shown; a version that the page does not show is looked for once."""
    found = list(products(page))
    if cms is not None:
        if not cms.version and cms.name in MANIFESTS:
            path, pattern = MANIFESTS[cms.name]
            heard = yield visit.ask(path, body=_START)
            if match := pattern.search(_read(heard)):
                cms = Product(name=cms.name, kind=cms.kind, version=match[1].decode(), where=path)
        found.insert(0, cms)
    left = _BANNERS
    for number, product in enumerate(found):
        path = _own_path(product, page, visit.base)
        if path and left:
            left -= 1
            heard = yield visit.ask(path, body=_START)
            told = banner(product.name, _read(heard))
            found[number] = Product(
                name=product.name, kind=product.kind, version=told, where=product.where
            )
    return found


def _unread(page: Page) -> list[Record]:
    """Return, of each kind that a page shows, a row for what was not read of it."""
    if not page.unread:
        return []
    gap = {GAP: {"why": Why.CUT, "detail": page.unread}}
    kinds = (CMS, LIBRARY)
    return [
        {"name": "?", "kind": kind, "version": "", "where": f"rest, {kind}", **gap}
        for kind in kinds
    ]


def _read(heard: Heard) -> bytes:
    return heard.body if isinstance(heard, Answer) and heard.status in _ANSWERS else b""


def _own_path(product: Product, page: Page, base: Ask) -> str:
    """Return the path of a library without a version that lies on the site itself."""
    if product.version or product.kind != LIBRARY:
        return ""
    links = {one.where: one.link for one in libraries(page.links)}
    link = links[product.where]
    for start in (f"https://{base.site}/", f"http://{base.site}/", f"//{base.site}/"):
        if link.lower().startswith(start):
            link = link[len(start) - 1 :]
    if "//" in link[:8] or ".." in link or not link.isascii() or " " in link:
        return ""
    return link if link.startswith("/") else f"/{link.removeprefix('./')}"


def _gap(mute: Mute) -> Record:
    return {"why": mute.why, "detail": mute.detail}
