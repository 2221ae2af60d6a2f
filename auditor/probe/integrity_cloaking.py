"""What a site shows to a search engine, a phone, or a searcher, and hides from others."""

import re
from collections.abc import Iterable

import msgspec

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.crawl import Guise, Seen, Sheet
from auditor.probe.crawl_ghost import scripted
from auditor.probe.http_talk import Mute
from auditor.probe.integrity_doorways import sent_on, tongue
from auditor.probe.integrity_hidden import strangers
from auditor.probe.integrity_hosts import domain, stranger
from auditor.probe.integrity_page import View, look
from auditor.probe.integrity_signs import Sign, signs
from auditor.probe.site_trip import MOVED
from auditor.probe.site_url import refer

COMPARED = (Guise.CRAWLER, Guise.PHONE, Guise.SEARCHER)
_WORD = re.compile(r"[^\W\d_]{2,40}")
_SHINGLE = 3
"""Words that are compared together."""
_MOST_WORDS = 20_000
_ALIKE = 50
"""Percent of likeness below which new strangers among the links tell."""
_UNLIKE = 30
_NEW = 3
"""Strangers that one guise alone is led to, from which on they tell."""
_MANY = 6
"""As many tell whatever else the page says."""
_BAD = 400
_BARE = 5
"""Words below which a page shows nothing."""
_MOST = 20


class Face(msgspec.Struct, frozen=True):
    """What one visitor was shown; without a view where he was sent away or nothing was seen."""

    sheet: Sheet | None = None
    view: View | None = None
    signs: tuple[Sign, ...] = ()
    away: str = ""
    """The stranger to which he was sent."""
    unseen: tuple[Why, str] | None = None


def face(seen: Seen | None, site: str) -> Face:
    """Read what a guise was shown."""
    if seen is None:
        return Face(unseen=(Why.NO_DATA, "the front page was not fetched in this guise"))
    if isinstance(seen, Mute):
        return Face(unseen=(seen.why, seen.detail))
    if away := _away(seen, site):
        return Face(sheet=seen, away=away)
    status = seen.answer.status
    if status >= _BAD or status in MOVED:
        return Face(sheet=seen, unseen=(Why.REFUSED, f"status {status} in this guise"))
    try:
        view = look(seen)
    except Unseen as unseen:
        return Face(sheet=seen, unseen=(unseen.why, unseen.detail))
    found = tuple(signs(view, seen.place, site))
    sent = sent_on(view, seen.place, site)
    return Face(sheet=seen, view=view, signs=found, away=sent)


def _away(sheet: Sheet, site: str) -> str:
    """Return the stranger to whom a redirect leads, or at whose site it has ended."""
    if stranger(site, sheet.place.name):
        return domain(sheet.place.name)
    location = sheet.answer.value("location") if sheet.answer.status in MOVED else ""
    goal = refer(sheet.place, location) if location else None
    return domain(goal.host) if goal and stranger(site, goal.host) else ""


def compared(seen: Face, plain: Face, known: Iterable[Sign], site: str) -> Record:
    """Return the record of a guise beside the ordinary page; `known` signs all visitors see."""
    if seen.away and seen.away != plain.away:
        return {"suspicious": [f"redirect → {seen.away}"]}
    if seen.view is None or seen.unseen is not None:
        why, detail = seen.unseen or (Why.NO_DATA, "it was sent away like all others")
        return {GAP: {"why": why, "detail": detail}}
    if plain.view is None:
        return {GAP: {"why": Why.NO_DATA, "detail": "the ordinary page was not seen"}}
    likeness = alike(seen.view.text, plain.view.text)
    found = _suspicious(seen.view, plain.view, likeness, site)
    usual = {(sign.where, sign.what) for sign in known}
    found += sorted({one.what for one in seen.signs if (one.where, one.what) not in usual})
    record: Record = {"similarity": likeness}
    if found or not (gap := _unlike(seen, plain, cut=seen.view.more or plain.view.more)):
        record["suspicious"] = found[:_MOST]
    else:
        record[GAP] = gap
    return record


def _unlike(seen: Face, plain: Face, *, cut: bool) -> Record:
    """Return why nothing is said of a page that looks sound, {} where it may be."""
    if cut:
        return {"why": Why.CUT, "detail": "there is more of the page than was read"}
    if _bare(seen) and not _bare(plain):
        return {"why": Why.NO_DATA, "detail": "next to nothing is shown in this guise"}
    return {}


def _bare(face: Face) -> bool:
    """Tell whether a visitor was shown nothing: an empty page, a barrier, what scripts make."""
    few = face.view is not None and len(_words(face.view.text)) < _BARE
    return few or (face.sheet is not None and scripted(face.sheet))


def _suspicious(view: View, plain: View, likeness: int, site: str) -> list[str]:
    found = []
    fresh = sorted(strangers(view, site) - strangers(plain, site))
    if len(fresh) >= _MANY or (likeness < _ALIKE and len(fresh) >= _NEW):
        found.append(f"links → {', '.join(fresh[:_NEW])}"[:200])
    written = tongue(view)
    if written and written != tongue(plain):
        found.append(f"text in {written}")
    return found


def differences(guise: Guise, seen: Face, plain: Face) -> list[str]:
    """Return what differs at all, as "crawler: title"; sites for phones may differ honestly."""
    if seen.sheet is not None and seen.view is None:
        return [f"{guise}: status {seen.sheet.answer.status}"]
    if seen.view is None or plain.view is None:
        return []
    found = []
    if _words(seen.view.title) != _words(plain.view.title):
        found.append(f"{guise}: title")
    if alike(seen.view.text, plain.view.text) < _UNLIKE:
        found.append(f"{guise}: text")
    return found


def alike(one: str, other: str) -> int:
    """Return how alike two texts are, in percent of the groups of three words that they share.

    Digits are left out: dates, counters and tokens change with every visit.
    """
    first, second = _shingles(one), _shingles(other)
    every = first | second
    return round(100 * len(first & second) / len(every)) if every else 100


def _shingles(text: str) -> set[tuple[str, ...]]:
    found = _words(text)
    return {tuple(found[at : at + _SHINGLE]) for at in range(max(1, len(found) - _SHINGLE + 1))}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())[:_MOST_WORDS]
