"""The pages of a site as the privacy probe reads them: what each says, and which were not seen."""

import re
from collections.abc import Iterable, Sequence

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Record, Unseen
from auditor.probe.crawl import MOST_LINKS, Crawl, Link, Sheet, Topic
from auditor.probe.crawl_ghost import scripted
from auditor.probe.http_talk import told
from auditor.probe.site_url import Place

MOST_ROWS = 50
"""Items of a table that are kept."""
_SHOWN = 160
_READ = 1_000
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{8,}")
_TEXT = 200_000
_OUTSIDE = "nav, footer, aside, form, head, script, style, template, noscript, svg"
COLLECTING = frozenset(
    {
        Topic.FRONT,
        Topic.PPID,
        Topic.INFORMATION_REQUEST,
        Topic.OBJECTION,
        Topic.COMPLAINT,
        Topic.WHISTLEBLOWING,
        Topic.GRATIFICATION,
        Topic.SURVEY,
        Topic.CONTACT,
        Topic.FORM,
    }
)
"""Topics of pages that may ask visitors for data."""


class Unread(Value, frozen=True):
    """A page that was not read, or not to its end; `shown` is its address."""

    shown: str
    topics: frozenset[Topic]
    why: Why
    detail: str

    @property
    def gap(self) -> Record:
        """What a record carries for it."""
        return {"why": self.why, "detail": self.detail}

    @property
    def collects(self) -> bool:
        """It may ask visitors for data."""
        return not COLLECTING.isdisjoint(self.topics)


class Pages:
    """The pages that were read, and what was not; a page that was cut is among both."""

    def __init__(self, crawl: Crawl) -> None:
        self.site = crawl.site
        self.sheets: list[Sheet] = []
        self._unread: dict[str, Unread] = {}
        for missed in crawl.missed:
            self._add(address_of(missed.address), missed.topics, missed.why, missed.detail)
        tried = {address_of(one.address) for one in crawl.missed if not one.left_out}
        self.unfetched = tuple(one for one in self._unread.values() if one.shown in tried)
        """Pages that were asked for and of which not even the head of an answer was seen."""
        for sheet in crawl.sheets:
            self._take(sheet)

    def _take(self, sheet: Sheet) -> None:
        shown = shown_place(sheet.place)
        if not sheet.html:
            return
        try:
            made = scripted(sheet)
        except Unseen as unseen:
            self._add(shown, sheet.topics, unseen.why, unseen.detail)
            return
        self.sheets.append(sheet)
        if sheet.answer.cut:
            self._add(shown, sheet.topics, Why.CUT, "the page goes on beyond what was read")
        elif made:
            self._add(shown, sheet.topics, Why.NO_TOOL, "scripts make the page: it takes a browser")
        elif len(sheet.links) >= MOST_LINKS or len(sheet.text) > _TEXT:
            self.cut(sheet)

    def cut(self, sheet: Sheet) -> None:
        """Note that there is more in a page than is read of it."""
        detail = "there is more in the page than is read"
        self._add(shown_place(sheet.place), sheet.topics, Why.CUT, detail)

    def _add(self, shown: str, topics: frozenset[Topic], why: Why, detail: str) -> None:
        self._unread.setdefault(shown, Unread(shown=shown, topics=topics, why=why, detail=detail))

    @property
    def unread(self) -> Sequence[Unread]:
        """Everything that was not read to its end."""
        return tuple(self._unread.values())

    def gap_of(self, sheet: Sheet) -> Unread | None:
        """Return why nothing can be told of what a page lacks, None where it was read whole."""
        return self._unread.get(shown_place(sheet.place))


def shown_place(place: Place) -> str:
    """Return the address of a page as it is kept: host and path."""
    return address_of(place.url)


def address_of(address: str) -> str:
    """Return an address as it is kept: no scheme, user, query or long number."""
    bare = _SCHEME.sub("", told(address), count=1)
    return shown(bare, _SHOWN)


def shown(text: str, most: int) -> str:
    """Return a word of a page as it is kept: inert, short, no number that may be a person's."""
    return inert(_LONG_NUMBER.sub("…", text[:_READ]))[:most]


def same_page(one: Place, other: Place) -> bool:
    """Tell whether two addresses are the same page, whatever is asked of it."""
    return _bare(one) == _bare(other)


def _bare(place: Place) -> tuple[str, str]:
    return place.name.removeprefix("www."), place.path.partition("?")[0].rstrip("/")


def leads(link: Link, place: Place) -> bool:
    """Tell whether a link leads to a page."""
    return same_page(link.reference.place, place)


def own_words(sheet: Sheet) -> str:
    """Return what a page itself says: no menu, footer or form; one space between words."""
    outside = {node.mem_id for node in sheet.tree.css(_OUTSIDE)}
    parts: list[str] = []
    root = sheet.tree.root
    for node in root.traverse(include_text=True) if root is not None else ():
        above = node.parent
        if above is not None and above.mem_id in outside:
            outside.add(node.mem_id)
        elif node.tag == "-text":
            parts.append(node.text_content or "")
    return " ".join(" ".join(parts).split())[:_TEXT]


def with_gaps(
    rows: Iterable[Record], unread: Iterable[Unread], page: str, **key: str
) -> list[Record]:
    """Return the rows of a table, those that were not seen last.

    A page that was not seen is a row whose field `page` is its address, whose other key fields are
    `key`, and which has nothing else but a gap. So is what is beyond the bound.
    """
    kept = list(rows)
    gaps: list[Record] = [{page: one.shown, **key, GAP: one.gap} for one in unread][:MOST_ROWS]
    if len(kept) > MOST_ROWS:
        more = {"why": Why.CUT, "detail": f"more than {MOST_ROWS}"}
        gaps.append({page: "…", **key, GAP: more})
    return kept[:MOST_ROWS] + gaps
