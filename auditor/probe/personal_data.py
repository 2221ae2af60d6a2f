"""Personal data in the open: numbers of persons in the pages of a site and in its documents.

A record holds counts, places and the six digits of a region, never a number (see
personal_numbers.py). It speaks of what was chosen to be read: a page or document that was chosen
and not read whole has no zeros in its row but the reason; documents that a site leads to and that
were not chosen are counted in `documents.unexamined`.
"""

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Args, ProbeType, Record, Unseen, Via
from auditor.probe.crawl import Crawl, Document, Missed, Sheet
from auditor.probe.fields import record
from auditor.probe.http_talk import told
from auditor.probe.personal_documents import Reading, read_document
from auditor.probe.personal_fields import SITES
from auditor.probe.personal_find import Finder
from auditor.probe.personal_numbers import hide
from auditor.probe.personal_page import read_page
from auditor.probe.personal_pdf import Purse
from auditor.probe.site_page import text_of

MOST_PLACES = 50
_SHOWN = 160
_STATES = {Why.CUT: "cut", Why.NO_TOOL: "pictures", Why.UNSUPPORTED: "partly"}
"""How far a place was read, by what stood in the way; else it is "unreadable"."""
_GRAVITY = ("read", "pictures", "partly", "cut", "unreadable", "encrypted", "missed")
_TABLES = frozenset({"xlsx", "csv"})


class PersonalDataArgs(Args, frozen=True):
    """Takes no arguments."""


class _Place(msgspec.Struct):
    """One address, with what all answers under it show together."""

    address: str
    kind: str
    finder: Finder
    readings: list[Reading] = []


def read(_args: PersonalDataArgs, crawl: Crawl) -> Record:
    """Return the record of a site."""
    places: dict[str, _Place] = {}
    for sheet in crawl.sheets:
        place = _placed(places, sheet.place.url, "page", crawl)
        place.readings.append(_sheet(sheet, place.finder))
    purse = Purse()
    for document in crawl.documents:
        place = _placed(places, document.place.url, document.kind.value, crawl)
        place.readings.append(_document(document, place.finder, purse))
    rows = [row for place in places.values() if (row := _row(place))]
    rows += [
        _missed(missed)
        for missed in crawl.missed
        if not missed.left_out and _shown(missed.address) not in places
    ]
    rows.sort(key=_order)
    read_whole = len(crawl.documents)
    return {
        "pages": len(crawl.sheets),
        "places": rows[:MOST_PLACES],
        "more": max(0, len(rows) - MOST_PLACES),
        "documents": {
            "linked": max(crawl.linked_documents, read_whole),
            "read": read_whole,
            "unexamined": max(0, crawl.linked_documents - read_whole),
        },
    }


def _placed(places: dict[str, _Place], url: str, kind: str, crawl: Crawl) -> _Place:
    address = _shown(url)
    if address not in places:
        places[address] = _Place(address=address, kind=kind, finder=Finder(crawl.now.date()))
    finder = places[address].finder
    finder.text(url, address=True)
    return places[address]


def _shown(url: str) -> str:
    """Return an address as it may be kept: no query, and no number in its path."""
    return inert(hide(told(url)))[:_SHOWN]


def _sheet(sheet: Sheet, finder: Finder) -> Reading:
    unseen: list[Unseen] = []
    if sheet.answer.cut:
        unseen.append(Unseen(Why.CUT, "the page is longer than is fetched"))
    try:
        if sheet.html:
            read_page(sheet, finder)
        else:
            finder.text(text_of(sheet.answer))
    except Unseen as error:
        unseen.append(error)
    return Reading(unseen=tuple(unseen))


def _document(document: Document, finder: Finder, purse: Purse) -> Reading:
    return read_document(document, finder, purse)


def _row(place: _Place) -> Record | None:
    """Return the row of a place, None where it was read whole and shows nothing."""
    finder = place.finder
    finder.settle()
    unseen = [error for reading in place.readings for error in reading.unseen]
    if finder.full:
        unseen.append(Unseen(Why.CUT, "more numbers than are looked at"))
    worst = max(unseen, key=lambda error: _GRAVITY.index(_state(error)), default=None)
    found: Record = {
        "nik": len(finder.niks),
        "kk": len(finder.kks),
        "npwp": len(finder.npwps),
        "phones": len(finder.mobiles),
        "mails": len(finder.mails),
        "minors": len(finder.minors),
        "specific": sorted(finder.specific),
        "columns": sorted(finder.columns) if place.kind in _TABLES else [],
        "hidden": finder.hidden,
        "in_address": finder.in_address,
        "rounded": finder.rounded,
        "author": any(reading.author for reading in place.readings),
        "located": any(reading.located for reading in place.readings),
    }
    if worst is None and not any(found.values()):
        return None
    if worst is not None:
        found = {name: value for name, value in found.items() if value}
        found[GAP] = {"why": worst.why, "detail": worst.detail}
    spots = list(finder.spots)
    return {
        "address": place.address,
        "place": f"{place.address}{spots[0] if spots else ''}",
        "kind": place.kind,
        "state": _state(worst) if worst is not None else "read",
        **found,
        "samples": finder.samples,
        "spots": spots,
    }


def _state(unseen: Unseen) -> str:
    if unseen.detail == "it is encrypted":
        return "encrypted"
    return _STATES.get(unseen.why, "unreadable")


def _missed(missed: Missed) -> Record:
    address = _shown(missed.address)
    return {
        "address": address,
        "place": address,
        "kind": "page",
        "state": "missed",
        GAP: {"why": missed.why, "detail": missed.detail[:_SHOWN]},
    }


def _order(row: Record) -> tuple[int, int, str]:
    """Order rows by what they show, then by what was not seen."""
    numbers = sum(row.get(name, 0) for name in ("nik", "kk", "npwp"))
    return -numbers, -_GRAVITY.index(row["state"]), row["address"]


PROBE = ProbeType(
    name="personal_data",
    via=Via.PAGES,
    args=PersonalDataArgs,
    gives=record("Data pribadi yang terbuka", "Personal data in the open", {"sites": SITES}),
    doc=Text(
        id="Data pribadi pada halaman situs dan dokumennya: jumlah, tempat, dan jenisnya; nomornya"
        " tidak pernah disimpan.",
        en="Personal data in the pages of a site and its documents: how many, where, of which kind;"
        " the numbers are never kept.",
    ),
    read=read,
)
