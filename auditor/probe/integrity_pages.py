"""The pages of a crawl as integrity reads them, and what is asked of each."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from auditor.model.fact import Why
from auditor.probe import integrity_defaced as defaced
from auditor.probe import integrity_doorways as doorways
from auditor.probe import integrity_hidden as hidden
from auditor.probe.base import Record, Unseen
from auditor.probe.crawl import Crawl, Missed, Sheet
from auditor.probe.integrity_page import ALTERNATE, IDENTITY, View, look
from auditor.probe.integrity_signs import Sign, signs

VISITOR = "visitor"


class Read(msgspec.Struct, frozen=True):
    """A page with what was read of it, and as whom."""

    sheet: Sheet
    view: View
    signs: tuple[Sign, ...]
    guise: str = VISITOR


Ask: TypeAlias = Callable[[Read, str], list[str]]
"""What is found in a page of a site."""


def _one(text: str) -> list[str]:
    return [text] if text else []


ASKS: Mapping[str, Mapping[str, Ask]] = {
    "defacement": {
        "signs": lambda page, _site: list(defaced.boasts(page.view)),
        "emptied": lambda page, site: _one(defaced.emptied(page.view, site)),
    },
    "injected": {
        "scripts": lambda page, site: defaced.odd_scripts(page.view, page.sheet.place, site),
        "hidden_frames": lambda page, site: hidden.hidden_frames(page.view, site),
        "frames": lambda page, site: hidden.open_frames(page.view, site),
    },
    "doorways": {
        "identity": lambda page, site: doorways.claimed(page.view, IDENTITY, site),
        "alternate": lambda page, site: doorways.claimed(page.view, ALTERNATE, site),
        "base": lambda page, site: _one(doorways.based(page.view, site)),
        "refresh": lambda page, site: _one(doorways.sent_on(page.view, page.sheet.place, site)),
        "parameters": lambda page, site: doorways.parameters(page.view, site),
        "tongues": lambda page, _site: _one(doorways.tongue(page.view)),
    },
    "links": {
        "tricked": lambda page, site: hidden.tricked(page.view, site),
        "unshown": lambda page, site: hidden.unshown(page.view, site),
    },
}
"""Section of the record → list in it → what of a page it holds."""


def read_pages(crawl: Crawl) -> tuple[list[Read], Record | None]:
    """Return the pages, and why something that belongs to them was not seen."""
    barred = crawl.barred
    gap = next(map(_missing, filter(_tried, crawl.missed)), _missing(barred) if barred else None)
    found: list[Read] = []
    for sheet in crawl.sheets:
        if not sheet.html and sheet is not crawl.front:
            continue
        try:
            view = look(sheet)
        except Unseen as unseen:
            gap = gap or {"why": unseen.why, "detail": unseen.detail}
            continue
        found.append(Read(sheet, view, tuple(signs(view, sheet.place, crawl.site))))
        if view.more:
            gap = gap or {"why": Why.CUT, "detail": "there is more of a page than was read"}
    return found, gap


def _tried(missed: Missed) -> bool:
    return bool(missed.topics) and not missed.left_out


def _missing(missed: Missed) -> Record:
    return {"why": missed.why, "detail": f"{missed.address}: {missed.detail}"[:300]}
