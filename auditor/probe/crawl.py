"""What was fetched of a site: pages and documents, each parsed once and read by many probes."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from auditor.model.base import Value
from auditor.model.fact import Json, Why
from auditor.model.text import inert
from auditor.probe.base import Unseen
from auditor.probe.html_bombs import bomb
from auditor.probe.http_talk import Answer, Mute
from auditor.probe.site_page import is_html, text_of
from auditor.probe.site_url import Place, Reference, refer

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_LINKS = 2_000
"""Links of one page that are read."""
_LABEL = 200
"""Characters of a label, and nodes inside of a link that are looked at for it."""
_UNSHOWN = frozenset({"script", "style", "template", "noscript", "head", "title", "svg"})


class Topic(StrEnum):
    """What a page of a government's site is about; a page may be about several."""

    FRONT = "front"
    PRIVACY = "privacy"
    PPID = "ppid"
    INFORMATION_LIST = "information_list"
    """Daftar Informasi Publik."""
    INFORMATION_REPORT = "information_report"
    INFORMATION_REQUEST = "information_request"
    OBJECTION = "objection"
    COMPLAINT = "complaint"
    WHISTLEBLOWING = "whistleblowing"
    GRATIFICATION = "gratification"
    SURVEY = "survey"
    STANDARDS = "standards"
    """Standar and maklumat pelayanan."""
    JDIH = "jdih"
    PROCUREMENT = "procurement"
    OPEN_DATA = "open_data"
    CSIRT = "csirt"
    CONTACT = "contact"
    PROFILE = "profile"
    NEWS = "news"
    ACCESSIBILITY = "accessibility"
    PERIODIC = "periodic"
    """What must be published regularly: plans, reports of performance, finances."""
    IMMEDIATE = "immediate"
    """What must be told at once: disasters, emergencies."""
    FORM = "form"
    OTHER = "other"


class Guise(StrEnum):
    """As whom the front page was fetched once more."""

    CRAWLER = "crawler"
    """A search engine's robot."""
    PHONE = "phone"
    SEARCHER = "searcher"
    """A reader who comes from a search engine."""
    BROWSER = "browser"
    """A reader with an ordinary browser: what the others are compared with."""


class DocumentKind(StrEnum):
    """A kind of document that sites publish, told by its first bytes."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class Link(Value, frozen=True):
    """An `a` or `area` element; `text` is what its reader sees (or its label), inert."""

    reference: Reference
    text: str
    rel: tuple[str, ...] = ()


class Sheet:
    """One page as it was fetched, at the address where its redirects ended.

    `topics` say why it was fetched, `linked` with which words the site leads there. `tree`, `text`
    and `links` raise `Unseen` where the answer is no page, or one that is too much to parse.
    """

    def __init__(
        self,
        place: Place,
        answer: Answer,
        topics: frozenset[Topic] = frozenset({Topic.FRONT}),
        linked: tuple[str, ...] = (),
    ) -> None:
        self.place = place
        self.answer = answer
        self.topics = topics
        self.linked = linked

    @property
    def html(self) -> bool:
        """Browsers show it as a page."""
        return is_html(self.answer)

    @cached_property
    def source(self) -> str:
        """The page's text as browsers decode it, markup and all."""
        return text_of(self.answer)

    @cached_property
    def tree(self) -> "LexborHTMLParser":
        """The page as browsers parse it."""
        from selectolax.lexbor import LexborHTMLParser, SelectolaxError

        if not self.html:
            raise Unseen(Why.UNREADABLE, "the answer is no page")
        if why := bomb(self.source):
            raise Unseen(Why.CUT, why)
        try:
            return LexborHTMLParser(self.source)
        except (SelectolaxError, ValueError) as error:
            raise Unseen(Why.UNREADABLE, "a page that cannot be parsed") from error

    def rest(self) -> None:
        """Let go of the tree until it is wanted again: a site's pages wait while others come."""
        for name in ("tree", "source"):
            self.__dict__.pop(name, None)

    @cached_property
    def title(self) -> str:
        """The text of the title element in one line, inert, "" where there is none."""
        node = self.tree.css_first("title")
        return inert(" ".join((node.text() if node else "").split()))[:_LABEL]

    @cached_property
    def text(self) -> str:
        """All text that is not script, style or template, one space between words; not inert."""
        return self._text(_UNSHOWN)

    @cached_property
    def content(self) -> str:
        """The text without what stands on every page: headers, footers, menus, asides."""
        return self._text(_UNSHOWN | {"header", "footer", "nav", "aside"})

    def _text(self, unread: frozenset[str]) -> str:
        parts: list[str] = []
        node = self.tree.root
        while node is not None:
            if node.tag == "-text":
                parts.append(node.text_content or "")
            node = _after(node, inside=node.tag not in unread)
        return " ".join(" ".join(parts).split())

    @cached_property
    def base(self) -> Place:
        """Against what the page's relative addresses are read."""
        node = self.tree.css_first("base[href]")
        reference = refer(self.place, (node.attributes.get("href") or "")) if node else None
        return reference.place if reference else self.place

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links in order, the first `MOST_LINKS`; an address may occur again."""
        found: list[Link] = []
        for node in self.tree.css("a[href], area[href]"):
            reference = refer(self.base, node.attributes.get("href") or "")
            if reference is not None:
                rel = (node.attributes.get("rel") or "").lower().split()
                found.append(Link(reference=reference, text=_words(node), rel=tuple(rel)))
            if len(found) == MOST_LINKS:
                break
        return tuple(found)


def _after(node: "LexborNode", *, inside: bool) -> "LexborNode | None":
    """Return the next node of a page in reading order, past those inside of it where not wanted."""
    if inside and (below := node.first_child) is not None:
        return below
    here: LexborNode | None = node
    while here is not None:
        if (beside := here.next) is not None:
            return beside
        here = here.parent
    return None


def _words(node: "LexborNode") -> str:
    """Return what a reader of a link sees, or what it is called."""
    inside = islice(node.traverse(include_text=True), _LABEL)
    texts = ((one.text_content or "")[:_LABEL] for one in inside if one.tag == "-text")
    seen = " ".join(" ".join(texts).split())
    if not seen:
        picture = node.css_first("img[alt]")
        named = (node.attributes.get("aria-label"), node.attributes.get("title"))
        shown = picture.attributes.get("alt") if picture is not None else None
        seen = next((name.strip() for name in (*named, shown) if name and name.strip()), "")
    return inert(seen)[:_LABEL]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a page links to; of a `cut` one no absence can be told."""

    place: Place
    kind: DocumentKind
    body: bytes
    cut: bool = False
    linked: tuple[str, ...] = ()


class Missed(Value, frozen=True):
    """What was chosen and not read: `address` without its query, and why."""

    address: str
    topics: frozenset[Topic]
    why: Why
    detail: str
    left_out: bool = False
    """On purpose: a site has more pages than we read, or asks visitors to keep away."""


class Dead(Value, frozen=True):
    """A page that the site leads to and that does not exist: a fact, nothing that was missed.

    `status` is what was answered; 200 is the site's own page for what is not there.
    """

    address: str
    topics: frozenset[Topic]
    status: int


class Sitemap(Value, frozen=True):
    """The site's own list of pages: how many, and the first addresses; `found`: it has one.

    `unseen` is why it is not known whether there is one.
    """

    found: bool = False
    count: int = 0
    whole: bool = True
    """All of its parts were read."""
    addresses: tuple[str, ...] = ()
    unseen: Mute | None = None


Seen: TypeAlias = Sheet | Mute


class Crawl(msgspec.Struct, frozen=True, kw_only=True):
    """A site as fetched. `sheets` begins with the front page; no address stands there twice.

    Where the front page does not show what the site leads to (made by scripts, cut), `missed` holds
    it with every topic: no absence can be told. A guise that is sent away to another site is the
    sheet of that redirect. `before` holds what each probe (by name) said of this site in the run
    before, for what has changed since. `robots` is the text of robots.txt, "" where there is none.
    """

    site: str
    now: datetime
    sheets: tuple[Sheet, ...]
    documents: tuple[Document, ...] = ()
    guises: Mapping[Guise, Seen] = {}
    sitemap: Sitemap = Sitemap()
    robots: str = ""
    missed: tuple[Missed, ...] = ()
    dead: tuple[Dead, ...] = ()
    """Links of the site to pages that are not there (any more)."""
    linked_documents: int = 0
    """Documents that the pages read lead to; of these `documents` were read."""
    before: Mapping[str, Mapping[str, Json]] = {}

    @property
    def front(self) -> Sheet:
        """The page that a visitor sees first."""
        return self.sheets[0]

    @property
    def barred(self) -> Missed | None:
        """What robots.txt keeps us from, where nothing but the front page could be read."""
        kept = (one for one in self.missed if one.left_out and one.why is Why.DENIED)
        return next(kept, None) if len(self.sheets) == 1 else None

    def about(self, topic: Topic) -> tuple[Sheet, ...]:
        """Return the pages about a topic."""
        return tuple(sheet for sheet in self.sheets if topic in sheet.topics)

    def missed_about(self, topic: Topic) -> tuple[Missed, ...]:
        """Return what would be about a topic and was not read: its absence cannot be told."""
        return tuple(missed for missed in self.missed if topic in missed.topics)
