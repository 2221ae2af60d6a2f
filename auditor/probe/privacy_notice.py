"""The privacy notice of a site: where it stands, who leads to it, and what it says."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.crawl import Crawl, Link, Sheet, Topic
from auditor.probe.crawl_topics import topics_of
from auditor.probe.privacy_items import Item, denied, items_of
from auditor.probe.privacy_pages import Pages, address_of, leads, own_words, same_page, shown_place
from auditor.probe.site_url import Place, foreign

_FEWEST_WORDS = 60
_FEWEST_ITEMS = 3
"""A page of fewer is a headline, or news about the law, and no notice."""
_LAW = frozenset(set(Item) - {Item.CHANNEL, Item.DATED, Item.COOKIES})
"""Items that only a notice speaks of."""
_ABOUT = re.compile(r"privasi|privacy|data pribadi|personal data", re.IGNORECASE)
_FILE = re.compile(r"\.(pdf|docx?|odt)$", re.IGNORECASE)


class Standing(StrEnum):
    """Where the notice is that a site leads to."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    """On another site of the same holder."""
    DOCUMENT = "document"
    """A file, which this probe does not read."""
    NONE = "none"


class Notice(Value, frozen=True):
    """`place` is None where there is none; `items` and `denies` are of a notice that was read."""

    standing: Standing
    place: Place | None = None
    items: frozenset[Item] = frozenset()
    denies: frozenset[str] = frozenset()
    whole: bool = True


def find_notice(crawl: Crawl, pages: Pages) -> Notice:
    """Return the notice; raises `Unseen` where none was found and not all was seen."""
    here = _here(pages)
    if here is not None:
        return here
    links = list(_links(crawl, pages))
    for standing in (Standing.ELSEWHERE, Standing.DOCUMENT):
        for link in links:
            if _standing(crawl.site, link) is standing:
                return Notice(standing=standing, place=link.reference.place)
    _unseen(crawl, pages, links)
    return Notice(standing=Standing.NONE)


def _here(pages: Pages) -> Notice | None:
    """Return the page that says the most; it counts as a notice where it says enough."""
    found = [notice for sheet in pages.sheets if (notice := _read(sheet, pages)) is not None]
    return max(found, key=lambda notice: len(notice.items), default=None)


def _read(sheet: Sheet, pages: Pages) -> Notice | None:
    if Topic.PRIVACY not in sheet.topics and not _ABOUT.search(sheet.title):
        return None
    text = own_words(sheet)
    items = items_of(text)
    enough = len(text.split()) >= _FEWEST_WORDS and len(items & _LAW) >= _FEWEST_ITEMS
    if not enough or not _ABOUT.search(f"{sheet.title} {text}"):
        return None
    return Notice(
        standing=Standing.HERE,
        place=sheet.place,
        items=items | _mailed(sheet),
        denies=denied(text),
        whole=pages.gap_of(sheet) is None,
    )


def _mailed(sheet: Sheet) -> frozenset[Item]:
    nodes = sheet.tree.css("main a[href^='mailto:'], article a[href^='mailto:']")
    return frozenset({Item.CHANNEL} if nodes else ())


def speaks_of_privacy(site: str, link: Link) -> bool:
    """Tell whether a link promises a privacy notice of the site's holder."""
    if foreign(site, link.reference.host):
        return False
    return Topic.PRIVACY in topics_of(site, link.reference, link.text)


def _links(crawl: Crawl, pages: Pages) -> Iterator[Link]:
    dead = {address_of(one.address) for one in crawl.dead}
    for sheet in pages.sheets:
        for link in sheet.links:
            if speaks_of_privacy(crawl.site, link) and _shown(link) not in dead:
                yield link


def _shown(link: Link) -> str:
    return shown_place(link.reference.place)


def _standing(site: str, link: Link) -> Standing:
    if _FILE.search(link.reference.path):
        return Standing.DOCUMENT
    own = link.reference.host.removeprefix("www.") == site.removeprefix("www.")
    return Standing.NONE if own else Standing.ELSEWHERE


def _unseen(crawl: Crawl, pages: Pages, links: Iterable[Link]) -> None:
    """Raise where a notice may stand that was not read."""
    for unread in pages.unread:
        if Topic.PRIVACY in unread.topics or Topic.FRONT in unread.topics:
            raise Unseen(unread.why, f"{unread.shown}: {unread.detail}")
    for link in links:
        place = link.reference.place
        if not any(same_page(place, sheet.place) for sheet in crawl.sheets):
            raise Unseen(Why.NO_DATA, f"{_shown(link)}: a page that was not read")


def notice_linked(sheet: Sheet, notice: Notice, site: str) -> bool:
    """Tell whether a page leads to the notice, or is one itself."""
    if notice.place is None:
        return False
    if same_page(sheet.place, notice.place):
        return True
    return any(leads(link, notice.place) or _elsewhere(site, link, notice) for link in sheet.links)


def _elsewhere(site: str, link: Link, notice: Notice) -> bool:
    """Any of the holder's notices will do where this site has none of its own."""
    return notice.standing is not Standing.HERE and speaks_of_privacy(site, link)


def linked_row(sheet: Sheet, notice: Notice | Unseen, pages: Pages, row: Record) -> Record:
    """Return whether a page leads to the notice, or why that is not known, for its `row`."""
    if isinstance(notice, Unseen):
        if any(speaks_of_privacy(pages.site, link) for link in sheet.links):
            return {"notice_linked": True}
        return {GAP: row.get(GAP) or {"why": notice.why, "detail": notice.detail}}
    linked = notice_linked(sheet, notice, pages.site)
    return {"notice_linked": linked} if linked or GAP not in row else {}


def broken_promises(notice: Notice, *, cookies: bool, tracked: bool) -> list[str]:
    """Return what the notice says that the site does not do, and the site does."""
    done = {"cookies": cookies, "trackers": tracked, "third parties": tracked}
    return sorted(name for name in notice.denies if done[name])


def notice_record(notice: Notice, pages: Pages, front: Sheet, broken: list[str]) -> Record:
    """Return the record `notice`; `broken` names what the notice denies and the site does."""
    shown = shown_place(notice.place) if notice.place else ""
    record: Record = {"standing": notice.standing.value, "address": shown}
    gap = _gap(notice, pages, front, shown)
    linked = notice_linked(front, notice, pages.site)
    if linked or pages.gap_of(front) is None:
        record["linked_front"] = linked
    if notice.standing is Standing.HERE:
        said = {item.value: item in notice.items for item in Item}
        record |= {name: here for name, here in said.items() if here or notice.whole}
        if broken or not pages.unread:
            record["broken"] = broken
    return record | ({GAP: gap} if gap else {})


def _gap(notice: Notice, pages: Pages, front: Sheet, shown: str) -> Record | None:
    """Return why the record `notice` lacks leaves, None where it need not."""
    if notice.standing is Standing.DOCUMENT:
        return {"why": Why.UNREADABLE, "detail": f"{shown}: a file, not a page"}
    if not notice.whole:
        return {"why": Why.CUT, "detail": f"{shown}: longer than what is read"}
    unread = pages.gap_of(front) or next(iter(pages.unread), None)
    return {"why": unread.why, "detail": f"{unread.shown}: {unread.detail}"} if unread else None
