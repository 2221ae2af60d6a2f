"""Integrity of a site: what others have put into it, and what has changed since the run before."""

from collections.abc import Iterator

from auditor.model.base import Text
from auditor.model.fact import GAP, Why
from auditor.probe import integrity_doorways as doorways
from auditor.probe import integrity_hidden as hidden
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.crawl import Crawl, Guise
from auditor.probe.integrity_cloaking import COMPARED, Face, compared, differences, face
from auditor.probe.integrity_drift import drift, signature
from auditor.probe.integrity_exhibits import Exhibit, exhibits, listed
from auditor.probe.integrity_fields import GIVES
from auditor.probe.integrity_pages import ASKS, VISITOR, Read, read_pages
from auditor.probe.integrity_signs import Where

_LEAVES = {
    Where.TITLE: "titles",
    Where.TEXT: "texts",
    Where.HIDDEN: "hidden",
    Where.LINK: "links",
    Where.ADDRESS: "addresses",
    Where.LABEL: "labels",
    Where.DATA: "data",
}


class IntegrityArgs(Args, frozen=True):
    """Takes no arguments."""


def read(_args: IntegrityArgs, crawl: Crawl) -> Record:
    """Return the record of a site."""
    site = crawl.site
    pages, gap = read_pages(crawl)
    faces = {guise: face(crawl.guises.get(guise), site) for guise in Guise}
    plain = _plain(faces[Guise.BROWSER], crawl, pages)
    shown = [*pages, *_browser(faces[Guise.BROWSER])]
    record: Record = {
        "pages": {"read": len(pages), "missed": len(crawl.missed)},
        "gambling": _lists({leaf: _signed(shown, where) for where, leaf in _LEAVES.items()}, gap),
        "cloaking": _cloaking(faces, plain, shown, site),
        "links": _links(pages, gap, site),
        "doorways": _section(pages, "doorways", gap, site),
        "sitemap": _sitemap(crawl),
        "defacement": _section(pages, "defacement", gap, site),
        "injected": _section(pages, "injected", gap, site),
    }
    front = next((page.view for page in pages if page.sheet is crawl.front), None)
    if front is not None:
        kept = signature(front, crawl.sitemap, site)
        record |= {"signature": kept, "drift": drift(kept, crawl.before.get("integrity"))}
    else:
        record["drift"] = {GAP: gap}
    proofs = _proofs(record["cloaking"], shown, faces, crawl)
    record["exhibits"] = exhibits(proofs, crawl.front, crawl.now.isoformat())
    return record


def _plain(browser: Face, crawl: Crawl, pages: list[Read]) -> Face:
    """Return what an ordinary visitor is shown; the auditor itself where a browser is not."""
    if browser.view is not None:
        return browser
    front = next((page for page in pages if page.sheet is crawl.front), None)
    return Face(sheet=front.sheet, view=front.view, signs=front.signs) if front else browser


def _browser(browser: Face) -> list[Read]:
    if browser.sheet is None or browser.view is None:
        return []
    return [Read(browser.sheet, browser.view, browser.signs, Guise.BROWSER.value)]


def _signed(pages: list[Read], where: Where) -> list[str]:
    return listed(
        [(page.sheet, sign.what) for page in pages for sign in page.signs if sign.where is where]
    )


def _lists(found: dict[str, list[str]], gap: Record | None) -> Record:
    """Return lists; where something was not seen, an empty one tells nothing."""
    if gap is None:
        return dict(found)
    return {**{name: items for name, items in found.items() if items}, GAP: gap}


def _section(pages: list[Read], name: str, gap: Record | None, site: str) -> Record:
    return _lists(
        {
            leaf: listed([(page.sheet, what) for page in pages for what in ask(page, site)])
            for leaf, ask in ASKS[name].items()
        },
        gap,
    )


def _links(pages: list[Read], gap: Record | None, site: str) -> Record:
    record = _section(pages, "links", gap, site)
    if gap is None:
        counts = (len(hidden.strangers(page.view, site)) for page in pages)
        record["most_domains"] = max(counts, default=0)
    return record


def _sitemap(crawl: Crawl) -> Record:
    sitemap = crawl.sitemap
    if sitemap.unseen is not None:
        return {GAP: {"why": sitemap.unseen.why, "detail": sitemap.unseen.detail}}
    record: Record = {"found": sitemap.found}
    if sitemap.found:
        odd = doorways.shown(doorways.listed(sitemap))
        if odd or (sitemap.whole and len(sitemap.addresses) >= sitemap.count):
            record["odd"] = odd
        if sitemap.whole:
            record["count"] = sitemap.count
        if len(record) < len(("found", "odd", "count")):
            record[GAP] = {"why": Why.CUT, "detail": "the sitemap is longer than what was read"}
    return record


def _cloaking(faces: dict[Guise, Face], plain: Face, shown: list[Read], site: str) -> Record:
    known = [*plain.signs, *(sign for page in shown for sign in page.signs)]
    record: Record = {guise.value: compared(faces[guise], plain, known, site) for guise in COMPARED}
    differ = [one for guise in COMPARED for one in differences(guise, faces[guise], plain)]
    lost = next((faces[guise].unseen for guise in COMPARED if faces[guise].unseen), None)
    if differ or lost is None:
        record["differences"] = differ
    else:
        record[GAP] = {"why": lost[0], "detail": lost[1]}
    return record


def _proofs(
    cloaking: Record, pages: list[Read], faces: dict[Guise, Face], crawl: Crawl
) -> Iterator[Exhibit]:
    """Yield what proves the findings, the gravest first."""
    for guise in COMPARED:
        yield from _staged(guise, faces[guise], cloaking[guise.value].get("suspicious", []))
    for page in pages:
        for sign in page.signs:
            yield Exhibit(page.sheet, page.guise, sign.where.value, sign.what, sign.said)
    for sign in doorways.listed(crawl.sitemap):
        yield Exhibit(None, VISITOR, sign.where.value, sign.what, sign.said)
    asks = {leaf: ask for some in ASKS.values() for leaf, ask in some.items() if leaf != "frames"}
    for page in pages:
        for leaf, ask in asks.items():
            for what in ask(page, crawl.site):
                yield Exhibit(page.sheet, page.guise, leaf, what, page.view.title)


def _staged(guise: Guise, seen: Face, suspicious: list[str]) -> Iterator[Exhibit]:
    """Yield what was shown to one guise alone, with its text where there is one."""
    signed = {sign.what: sign for sign in seen.signs}
    for what in suspicious:
        sign = signed.get(what)
        place, said = (sign.where.value, sign.said) if sign else ("page", "")
        yield Exhibit(seen.sheet, guise.value, place, what, said)


PROBE = ProbeType(
    name="integrity",
    via=Via.PAGES,
    args=IntegrityArgs,
    gives=GIVES,
    doc=Text(
        id="Sisipan iklan judi dan spam, isi yang disembunyikan, perusakan tampilan, dan perubahan "
        "halaman depan sejak pemeriksaan sebelumnya.",
        en="Injected gambling and spam, hidden content, defacement, and how the front page changed "
        "since the run before.",
    ),
    read=read,
)
