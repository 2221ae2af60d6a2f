"""What a site does to its visitors: notice, consent, cookies, others that look on, forms."""

from collections.abc import Iterator

from auditor.model.base import Text, Value
from auditor.model.fact import GAP
from auditor.probe.base import Args, ProbeType, Record, Unseen, Via
from auditor.probe.crawl import Crawl, Sheet, Topic
from auditor.probe.privacy_banner import banner_of
from auditor.probe.privacy_consent import implied
from auditor.probe.privacy_cookies import Cookies
from auditor.probe.privacy_fields import GIVES
from auditor.probe.privacy_forms import MOST_FIELDS, Entry, forms_of
from auditor.probe.privacy_loads import Loads, Resource, loads_of
from auditor.probe.privacy_notice import (
    Notice,
    broken_promises,
    find_notice,
    linked_row,
    notice_record,
)
from auditor.probe.privacy_pages import Pages, Unread, own_words, shown_place, with_gaps
from auditor.probe.privacy_parties import Parties, Party, embeds_of, foreign_forms, parties_of
from auditor.probe.privacy_rows import box_rows, form_rows
from auditor.probe.privacy_snippets import snippets_of
from auditor.probe.privacy_trackers import Known, Use, known

_ALWAYS = frozenset(
    {
        Topic.COMPLAINT,
        Topic.WHISTLEBLOWING,
        Topic.GRATIFICATION,
        Topic.INFORMATION_REQUEST,
        Topic.OBJECTION,
    }
)
"""Pages whose visitors are to be left alone, whether they fill in a form there or not."""


class PrivacyArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the sites."""


class _View(Value, frozen=True):
    """A page and what was found in it."""

    page: str
    sheet: Sheet
    loads: Loads
    entries: tuple[Entry, ...]
    parties: dict[Party, set[Resource]]

    @property
    def whole(self) -> bool:
        """Nothing in it is beyond the bounds of what is read."""
        fields = self.sheet.tree.css("input, select, textarea")
        return self.loads.whole and len(fields) <= MOST_FIELDS

    @property
    def collects(self) -> bool:
        """Visitors leave data here."""
        if any(entry.personal for entry in self.entries) or self.sheet.topics & _ALWAYS:
            return True
        framed = (p for p, how in self.parties.items() if Resource.FRAME in how)
        return any(party.use is Use.FORM for party in framed)


def read(_args: PrivacyArgs, crawl: Crawl) -> Record:
    """Return what the pages of a site show of its treatment of visitors."""
    listed, pages = known(), Pages(crawl)
    views = [_view(crawl.site, sheet, listed) for sheet in pages.sheets]
    for view in views:
        if not view.whole:
            pages.cut(view.sheet)
    cookies = Cookies(listed, crawl.now)
    cookies.take(crawl.sheets)
    parties = Parties()
    for view in views:
        parties.add(view.page, view.parties)
    record = _tables(crawl.site, pages, views, listed)
    notice = _notice(crawl, pages)
    rows = cookies.record()
    if isinstance(notice, Notice):
        broken = broken_promises(notice, cookies=bool(rows), tracked=parties.track)
        record["notice"] = notice_record(notice, pages, crawl.front, broken)
    else:
        record["notice"] = {GAP: {"why": notice.why, "detail": notice.detail}}
    record["pages"] = with_gaps(
        [_page(view, pages, notice) for view in views], _unread(pages), "page"
    )
    record["cookies"] = with_gaps(rows, pages.unfetched, "name")
    record["foreign_cookies"] = cookies.foreign
    record["third_parties"] = with_gaps(parties.rows(), pages.unread, "domain", service="")
    return record


def _view(site: str, sheet: Sheet, listed: Known) -> _View:
    loads = loads_of(sheet)
    return _View(
        page=shown_place(sheet.place),
        sheet=sheet,
        loads=loads,
        entries=tuple(forms_of(sheet)),
        parties=parties_of(site, loads, listed),
    )


def _notice(crawl: Crawl, pages: Pages) -> Notice | Unseen:
    try:
        return find_notice(crawl, pages)
    except Unseen as unseen:
        return unseen


def _tables(site: str, pages: Pages, views: list[_View], listed: Known) -> Record:
    """Return the tables whose rows are things of one page."""
    asking = [one for one in pages.unread if one.collects]
    forms = [row for view in views for row in form_rows(site, view.sheet, view.entries)]
    boxes = [row for view in views for row in box_rows(view.sheet, view.entries)]
    embeds = [r for view in views if view.collects for r in embeds_of(view.page, view.parties)]
    theirs = _joined(
        row
        for view in views
        for row in foreign_forms(site, view.sheet, view.loads, view.entries, listed)
    )
    return {
        "forms": with_gaps(forms, asking, "page", form="?"),
        "boxes": with_gaps(boxes, asking, "page", form="?", box="?"),
        "embeds": with_gaps(embeds, asking, "page", domain="?", service=""),
        "foreign_forms": with_gaps(theirs, asking, "page", service="?"),
        "snippets": with_gaps(_snippets(views), pages.unread, "name"),
    }


def _joined(rows: Iterator[Record]) -> list[Record]:
    """Return one row for each service and page, with all the ways in which it is used there."""
    found: dict[tuple[str, str], Record] = {}
    for row in rows:
        kept = found.setdefault((row["page"], row["service"]), row)
        kept["how"] = sorted({*kept["how"], *row["how"]})
    return list(found.values())


def _snippets(views: list[_View]) -> list[Record]:
    """Return what the scripts of pages call, with the first page that does."""
    found: dict[str, Record] = {}
    for view in views:
        for name, use in snippets_of(view.loads.scripts):
            found.setdefault(name, {"name": name, "use": use.value, "page": view.page})
    return list(found.values())


def _page(view: _View, pages: Pages, notice: Notice | Unseen) -> Record:
    """Return the row of a page; what a page lacks counts where it was read whole."""
    banner = banner_of(view.sheet)
    row: Record = {
        "page": view.page,
        "collects": view.collects,
        "banner": banner.present,
        "implied": implied(own_words(view.sheet)),
    }
    unread = pages.gap_of(view.sheet)
    if unread is not None:
        row = {name: value for name, value in row.items() if value}
        row[GAP] = unread.gap
    if banner.present and (banner.refusable or unread is None):
        row["refusable"] = banner.refusable
    return row | linked_row(view.sheet, notice, pages, row)


def _unread(pages: Pages) -> list[Unread]:
    """Return the pages that may ask something and have no row of their own."""
    own = {shown_place(sheet.place) for sheet in pages.sheets}
    return [one for one in pages.unread if one.collects and one.shown not in own]


PROBE = ProbeType(
    name="privacy",
    via=Via.PAGES,
    args=PrivacyArgs,
    gives=GIVES,
    doc=Text(
        id="Perlakuan situs terhadap pengunjung, dibaca dari halaman yang sudah diambil: "
        "pemberitahuan privasi dan isinya, persetujuan, kuki pada jawaban pertama, pihak lain yang "
        "ikut dimuat, isian formulir. Tidak mengirim permintaan tambahan.",
        en="What a site does to its visitors, read from the pages that were fetched: privacy "
        "notice and its items, consent, cookies on the first answer, others that are loaded, what "
        "forms ask. It sends no further request.",
    ),
    read=read,
)
