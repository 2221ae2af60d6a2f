"""What a browser saw of a site becomes the site's record.

What a page would do through scripts and frames that were not loaded, since the authority letter
does not cover them, was not seen: what was found counts, and nothing is told of what was not.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.browser_conduct import conduct
from auditor.probe.browser_seen import (
    MOST,
    Absent,
    Axe,
    Banner,
    Opened,
    Part,
    Stage,
    Trouble,
    Visit,
    Wanted,
)
from auditor.probe.privacy_trackers import Known, Service, Use
from auditor.probe.site_url import Reference, foreign

Ending: TypeAlias = tuple[Why, str] | None
"""Why a site was not looked at to the end."""
WITHHELD = Why.WITHHELD
"""The reason where the letter does not cover what a page loads."""
_RUNS = frozenset({"script", "document", "stylesheet"})
_SENDS = frozenset({"ping", "beacon", "websocket", "eventsource", "cspviolationreport"})
_TOLD = 5
_LEAST_TEXT = 200
_STYLED = frozenset({"color-contrast", "color-contrast-enhanced", "target-size"})
"""Rules of axe-core whose answer hangs on style sheets."""


class Kept(msgspec.Struct):
    """The parts of a site, each in its place."""

    visits: dict[Stage, Visit]
    axes: dict[Stage, Axe]
    troubles: dict[Stage, tuple[Why, str]]
    absent: set[Stage]
    banner: Banner | None
    ending: Ending

    def gap(self, stage: Stage) -> Record:
        """Return the gap of a stage that gave no visit."""
        return _gap(self.troubles.get(stage) or self.ending or (Why.NO_DATA, "not visited"))


def record(site: str, parts: Iterable[Part], ending: Ending, known: Known) -> Record:
    """Return the record of a site, without its name."""
    kept = _kept(parts, ending)
    front = kept.visits.get(Stage.FRONT)
    if front is None:
        return _gap(ending or kept.troubles.get(Stage.FRONT) or (Why.NO_DATA, "no answer"))
    pages = [kept.visits[stage] for stage in _PAGES if stage in kept.visits]
    missed = _missed(kept)
    return {
        "url": front.url,
        "secure": front.url.startswith("https://"),
        "before": _visit(site, front, known),
        "consent": _consent(kept.banner, front, kept),
        "refused": _answered(site, Stage.REFUSED, kept, known),
        "accepted": _answered(site, Stage.ACCEPTED, kept, known),
        "complaint": _complaint(site, kept, known),
        "conduct": conduct(site, pages, missed or _withheld_gap(pages)),
        "text": _text(front, kept),
        "pages": [*map(_page, pages), *([{"page": _COMPLAINTS, **missed}] if missed else [])],
        "axe": _axe(kept, missed),
    }


_PAGES = (Stage.FRONT, Stage.COMPLAINT)
_COMPLAINTS = "pengaduan"
"""The name of a complaint page that was not seen."""
_REFUSES = 400
"""From this status on an answer is not the page that was asked for."""


def _kept(parts: Iterable[Part], ending: Ending) -> Kept:
    kept = Kept({}, {}, {}, set(), None, ending)
    for part in parts:
        match part:
            case Visit() if part.status >= _REFUSES or not part.status:
                kept.troubles[part.stage] = (Why.DENIED, f"the page answers with {part.status}")
            case Visit():
                kept.visits[part.stage] = part
            case Axe():
                kept.axes[part.stage] = part
            case Trouble():
                kept.troubles[part.stage] = (part.why, part.detail)
            case Absent():
                kept.absent.add(part.stage)
            case Banner():
                kept.banner = part
            case _:
                continue
    return kept


def _missed(kept: Kept) -> Record:
    """Return the gap of a complaint page that may be there and was not seen, else nothing."""
    seen = Stage.COMPLAINT in kept.visits or Stage.COMPLAINT in kept.absent
    return {} if seen else kept.gap(Stage.COMPLAINT)


def _gap(reason: tuple[Why, str]) -> Record:
    why, detail = reason
    return {GAP: {"why": why.value, "detail": detail}}


def withheld(visit: Visit) -> list[str]:
    """Return the hosts from which something that acts or shapes was not loaded, sorted."""
    hosts = {wanted.host for wanted in visit.wanted if wanted.kind in _RUNS and not wanted.made}
    return sorted(hosts)[:MOST]


def _withheld_gap(visits: Sequence[Visit]) -> Record:
    """Return the gap of what pages would have done, empty where all was loaded."""
    hosts = sorted({host for visit in visits for host in withheld(visit)})
    if hosts:
        return _gap((WITHHELD, f"not loaded: {', '.join(hosts[:_TOLD])}"))
    if any(visit.cut for visit in visits):
        return _gap((Why.CUT, "the page holds more than was kept"))
    return {}


def _service(wanted: Wanted, known: Known) -> Service | None:
    """Return the service that a request goes to, None where it is not known."""
    return known.of(Reference(secure=wanted.secure, host=wanted.host, path=wanted.path, plain=True))


def _visit(site: str, visit: Visit, known: Known) -> Record:
    """Return what one visit showed; an empty list stands there only where all was loaded."""
    lists = dict(_lists(site, visit, known))
    gap = _withheld_gap([visit])
    told: Record = {name: found for name, found in lists.items() if found or not gap}
    return {
        **told,
        "withheld": withheld(visit),
        "cookies": [
            _cookie(site, cookie.name, cookie.host, cookie.days) for cookie in visit.cookies
        ],
        **(gap or {"whole": True}),
    }


def _lists(site: str, visit: Visit, known: Known) -> Iterator[tuple[str, list[str]]]:
    strange = [wanted for wanted in visit.wanted if foreign(site, wanted.host)]
    services = [(wanted.host, _service(wanted, known)) for wanted in strange]
    yield "third_parties", _short(wanted.host for wanted in strange)
    yield "trackers", _short(host for host, service in services if service and service.tracks)
    yield (
        "replay",
        _short(host for host, service in services if service and service.kind is Use.REPLAY),
    )
    yield "sent", _short(w.host for w in strange if _sends(w.kind, w.method))
    framed = {wanted.host for wanted in strange if wanted.kind == "document"}
    yield "frames", _short(framed | {host for host in visit.frames if foreign(site, host)})
    strangers = (f"{c.name} {c.host}" for c in visit.cookies if foreign(site, c.host))
    yield "third_cookies", _short(strangers)
    yield "tracking_cookies", _short(c.name for c in visit.cookies if known.cookie(c.name))
    kept = (one for one in visit.stored if known.cookie(one.name) or foreign(site, one.host))
    yield "stored", _short(f"{one.place} {one.name} {one.host}" for one in kept)


def _sends(kind: str, method: str) -> bool:
    return kind in _SENDS or method not in {"GET", "HEAD", "OPTIONS"}


def _short(names: Iterable[str]) -> list[str]:
    return sorted(set(names))[:MOST]


def _cookie(site: str, name: str, host: str, days: int) -> Record:
    return {"name": name, "host": host, "days": days, "third_party": foreign(site, host)}


def _consent(banner: Banner | None, front: Visit, kept: Kept) -> Record:
    if banner is None:
        return kept.gap(Stage.FRONT)
    if not banner.found:
        return _withheld_gap([front]) or {"banner": False}
    told: Record = {
        "banner": True,
        "refuse": bool(banner.refuse),
        "buttons": [words for words in (banner.accept, banner.refuse, banner.settings) if words],
        "wall": banner.wall,
        "ticked": banner.ticked,
    }
    return {**told, "balanced": banner.balanced} if banner.refuse else told


def _answered(site: str, stage: Stage, kept: Kept, known: Known) -> Record:
    if stage in kept.absent:
        return {"tried": False}
    visit = kept.visits.get(stage)
    if visit is None:
        return kept.gap(stage)
    told = {"tried": True, "remembered": not visit.asked_again}
    return told if visit.asked_again else {**told, **_visit(site, visit, known)}


def _complaint(site: str, kept: Kept, known: Known) -> Record:
    if Stage.COMPLAINT in kept.absent:
        front = kept.visits[Stage.FRONT]
        return _withheld_gap([front]) or {"found": False}
    visit = kept.visits.get(Stage.COMPLAINT)
    if visit is None:
        return kept.gap(Stage.COMPLAINT)
    return {"found": True, "page": visit.url, **_visit(site, visit, known)}


def _text(front: Visit, kept: Kept) -> Record:
    """Return what share of the text is there without script, in percent."""
    bare = kept.visits.get(Stage.BARE)
    if bare is None:
        return kept.gap(Stage.BARE)
    share = min(100, 100 * bare.text // front.text) if front.text >= _LEAST_TEXT else 100
    return {"share": share, **(_withheld_gap([front]) or {"whole": True})}


def _page(visit: Visit) -> Record:
    styled = [w.host for w in visit.wanted if w.kind == "stylesheet" and not w.made]
    if styled:
        detail = f"style sheets were not loaded: {styled[0]}"
        return {"page": visit.url, **_gap((WITHHELD, detail))}
    return {"page": visit.url, "overflow": visit.overflow}


def _axe(kept: Kept, missed: Record) -> Record:
    """Return axe-core's violations; `whole` where every page was seen as a visitor sees it."""
    seen = {stage: visit for stage, visit in kept.visits.items() if stage in _PAGES}
    table = [
        {
            "page": seen[stage].url,
            "rule": one.rule,
            "impact": one.impact,
            "wcag": list(one.wcag),
            "times": one.times,
        }
        for stage, axe in kept.axes.items()
        if stage in seen
        for one in axe.violations
        if one.rule not in _STYLED or not _unstyled(seen[stage])
    ]
    missing = next((stage for stage in seen if stage not in kept.axes), None)
    gap = missed or (kept.gap(missing) if missing else _withheld_gap(list(seen.values())))
    return {"violations": table, **(gap or {"whole": True})}


def _unstyled(visit: Visit) -> bool:
    return any(w.kind == "stylesheet" and not w.made for w in visit.wanted)


def said(site: str, parts: Iterable[Part]) -> list[str]:
    """Return the lines that an evidence shows of a site: what ran, and what each visit wanted."""
    lines: list[str] = []
    for part in parts:
        match part:
            case Opened():
                lines.append(
                    f"{site}: Chromium {part.version}{'' if part.sandbox else ', no sandbox'}"
                )
            case Visit():
                hosts = ", ".join(_short(w.host for w in part.wanted)[:10])
                lines.append(f"{part.stage} {part.url}: {part.status}; asked {hosts}")
            case Axe():
                lines.append(f"{part.stage}: axe-core {part.version}")
            case Trouble():
                lines.append(f"{part.stage}: {part.detail}")
            case _:
                continue
    return lines
