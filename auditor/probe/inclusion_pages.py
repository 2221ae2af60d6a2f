"""The pages of a site on which accessibility is judged, and why others were not."""

import re
from collections.abc import Sequence

from auditor.model.base import Value
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.base import Record, Unseen
from auditor.probe.crawl import Crawl, Sheet
from auditor.probe.crawl_ghost import scripted
from auditor.probe.http_talk import told

_LONG_NUMBER = re.compile(r"\d{8,}")
_SHOWN = 100


class Readable(Value, frozen=True):
    """Pages that say all by themselves; `gap` is why another page, or part of one, was not read."""

    sheets: tuple[Sheet, ...]
    gap: Record | None
    parts: frozenset[str] = frozenset()
    """Addresses of pages of which a part was read: nothing is said of what they lack."""


def readable(crawl: Crawl) -> Readable:
    """Return the pages that can be judged."""
    unread = next((missed for missed in crawl.missed if not missed.left_out), crawl.barred)
    gap = _gap(unread.why, unread.detail) if unread is not None else None
    sheets: list[Sheet] = []
    parts: set[str] = set()
    for sheet in crawl.sheets:
        if not sheet.html:
            continue
        try:
            made = scripted(sheet)
        except Unseen as unseen:
            gap = gap or _gap(unseen.why, unseen.detail)
            continue
        sheets.append(sheet)
        if made or sheet.answer.cut:
            parts.add(sheet.place.url)
        if made:
            gap = gap or _gap(Why.NO_TOOL, f"{path_of(sheet)}: scripts make the page")
        elif sheet.answer.cut:
            gap = gap or _gap(Why.CUT, f"{path_of(sheet)} is longer than what was read")
    return Readable(sheets=tuple(sheets), gap=gap, parts=frozenset(parts))


def _gap(why: Why, detail: str) -> Record:
    """A page that scripts make takes a browser, which is an optional tool."""
    return {"why": Why.NO_TOOL if why is Why.UNSUPPORTED else why, "detail": detail[:200]}


def path_of(sheet: Sheet) -> str:
    """Return the path of a page as it is kept: inert, short, without query and long numbers."""
    path = told(sheet.place.path) or "/"
    return inert(_LONG_NUMBER.sub("…", path))[:_SHOWN]


def listed(found: Sequence[tuple[str, list[str]]], most: int = 50) -> list[str]:
    """Return one line for each page with faults: the first of them, and how many more."""
    lines = []
    for path, names in found[:most]:
        more = f" (+{len(names) - 1})" if len(names) > 1 else ""
        lines.append(inert(f"{path}: {names[0]}{more}")[:200])
    return lines
