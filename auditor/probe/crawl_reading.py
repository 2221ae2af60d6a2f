"""Read the pages and documents of a site: what was chosen is read, dead, or missed."""

from collections.abc import Generator, Iterable
from itertools import islice

from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe import crawl_documents as documents
from auditor.probe.base import Unseen
from auditor.probe.crawl import (
    MOST_LINKS,
    Dead,
    Document,
    DocumentKind,
    Link,
    Missed,
    Sheet,
    Topic,
)
from auditor.probe.crawl_choice import Candidate, Choice, address_key
from auditor.probe.crawl_ghost import SOME, Ghost, cover, scripted
from auditor.probe.crawl_robots import KEEP_AWAY
from auditor.probe.crawl_visit import PAGE_BODY, Landing, Visitor
from auditor.probe.http_talk import Answer, Ask, Heard, Mute, told
from auditor.probe.site_trip import bad_answer
from auditor.probe.site_url import Place, refer

MOST_PAGES = 24
ALL_PAGES = 10 * 2**20
"""Bytes of all pages together."""
_LEAST = 65_536
"""Bytes of room below which no further page or document is asked for."""
_FOR_GUISES = 6
_FOR_DOCUMENTS = 4
"""Requests that pages leave to others."""
_ENOUGH = Mute(why=Why.CUT, detail="more pages than are read of a site")
_CROWDED = Mute(why=Why.CUT, detail="the site leads to more pages than are kept in mind")
_MOST_MISSED = 60
"""What is missed beyond them is kept where nothing like it is among them."""
_MOST_AGAIN = 8
_SHOWN = 200
_GONE = frozenset({404, 410})
_HUBS = frozenset(
    {
        Topic.PPID,
        Topic.INFORMATION_LIST,
        Topic.INFORMATION_REQUEST,
        Topic.COMPLAINT,
        Topic.STANDARDS,
        Topic.PERIODIC,
        Topic.SURVEY,
        Topic.PROFILE,
        Topic.NEWS,
    }
)
"""Pages whose own links are looked at as well."""
_ALL = frozenset(topic for topic in Topic if topic is not Topic.FRONT)


class Reading:
    """Reads pages and documents of a site whose front page is known."""

    def __init__(self, visitor: Visitor, front: Sheet) -> None:
        self.sheets = [front]
        self.found: list[Document] = []
        self.missed: list[Missed] = []
        self._told_of: set[tuple[Topic, bool]] = set()
        self.dead: list[Dead] = []
        self.shelf = documents.Shelf()
        self.ghost = Ghost(None)
        self._visitor = visitor
        self._copy = Ghost(front, SOME)
        self._choice = Choice(visitor.site, front.place)
        self._known = {address_key(front.place)}
        self._room = ALL_PAGES - len(front.answer.body)
        self._shelf_room = documents.ALL_BODIES
        self._cover = cover(front)
        self._look(front, 0)
        if why := _hidden(front):
            self._miss(front.place, _ALL, why)

    def lead(self, addresses: tuple[str, ...]) -> None:
        """Take in the pages of the site's own list that are about something; news are not."""
        front = self.sheets[0].place
        found = (refer(front, address) for address in addresses)
        links = [
            Link(reference=reference, text="")
            for reference in found
            if reference is not None and self._visitor.stays(reference.host)
        ]
        self._choice.add(links, 2)

    def again(self, addresses: Iterable[str]) -> Generator[Ask, Heard, None]:
        """Read pages that were at fault in the run before: what is not looked at is not mended."""
        front = self.sheets[0].place
        found = (refer(front, address) for address in addresses)
        places = {
            address_key(one.place): one.place
            for one in found
            if one is not None and self._visitor.stays(one.host)
        }
        for key, place in islice(places.items(), _MOST_AGAIN):
            if key not in self._known:
                candidate = Candidate(place=place, topics={Topic.OTHER: 1}, words=[], depth=2, at=0)
                landing = yield from self._visitor.visit(place, min(PAGE_BODY, self._room))
                self._take(candidate, landing)

    def pages(self) -> Generator[Ask, Heard, None]:
        """Read what was chosen; what finds no room is missed."""
        while (candidate := self._choice.next()) is not None:
            spare = self._visitor.left - _FOR_GUISES - (_FOR_DOCUMENTS if self.shelf else 0)
            if len(self.sheets) < MOST_PAGES and spare > 0 and self._room > _LEAST:
                landing = yield from self._visitor.visit(
                    candidate.place, min(PAGE_BODY, self._room)
                )
                self._take(candidate, landing)
            else:
                self._choice.count(candidate)
                self._miss(candidate.place, frozenset(candidate.topics), _ENOUGH)
        if self._choice.crowded:
            self._miss(self.sheets[0].place, frozenset(self._choice.crowded), _CROWDED)

    def _take(self, candidate: Candidate, landing: Landing) -> None:
        topics = frozenset(candidate.topics)
        sheet = landing.sheet
        if sheet is None or landing.away:
            away = Mute(why=Why.SCOPE, detail=f"leads to another site, {landing.away}")
            self._miss(candidate.place, topics, away if sheet is not None else landing.mute)
        elif sheet.answer.status in _GONE:
            self._bury(candidate, sheet.answer.status)
        elif why := bad_answer(sheet.answer):
            self._miss(candidate.place, topics, Mute(**why[GAP]))
        elif kind := documents.kind_of(sheet.place, sheet.answer):
            if len(self.found) >= documents.MOST:
                self._miss(candidate.place, topics, _ENOUGH)
            self._file(sheet.place, sheet.answer, kind, tuple(candidate.words))
        else:
            self._read(candidate, sheet)

    def _read(self, candidate: Candidate, sheet: Sheet) -> None:
        sheet.topics, sheet.linked = frozenset(candidate.topics), tuple(candidate.words)
        try:
            ghostly, copy = self.ghost.shows(sheet), self._copy.shows(sheet)
            assert sheet.tree is not None  # noqa: S101 - parsed here, so that all can rely on it
        except Unseen as unseen:
            self._miss(candidate.place, sheet.topics, Mute(why=unseen.why, detail=unseen.detail))
            return
        self._room -= len(sheet.answer.body)
        key = address_key(sheet.place)
        if key in self._known and key != address_key(self.sheets[0].place):
            self._join(key, sheet)
        elif ghostly and (self.ghost.shows(self.sheets[0]) or scripted(sheet)):
            why = Mute(why=Why.UNSUPPORTED, detail="scripts make this page: it shows nothing alone")
            self._miss(candidate.place, sheet.topics, why)
        elif ghostly or copy or key in self._known:
            self._bury(candidate, sheet.answer.status)
        else:
            self._known.add(key)
            self.sheets.append(sheet)
            self._look(sheet, candidate.depth + 1)
            self._choice.count(candidate)

    def _join(self, key: str, sheet: Sheet) -> None:
        """Two links lead to one page."""
        for known in [one for one in self.sheets if address_key(one.place) == key]:
            known.topics |= sheet.topics
            known.linked = tuple(dict.fromkeys((*known.linked, *sheet.linked)))

    def _look(self, sheet: Sheet, depth: int) -> None:
        """Take in where a page leads: further pages of hubs only, documents of all."""
        links = [link for link in sheet.links if self._visitor.stays(link.reference.host)]
        self.shelf.add(sheet, (link for link in links if documents.named(link.reference.path)))
        hub = self._cover or not _HUBS.isdisjoint(sheet.topics)
        if depth == 0 or (depth == 1 and hub):
            pages = (link for link in links if not documents.named(link.reference.path))
            self._choice.add(pages, depth)
        sheet.rest()

    def documents(self) -> Generator[Ask, Heard, None]:
        """Read the most telling documents."""
        for place, words in self.shelf.ranked():
            spare = self._visitor.left - _FOR_GUISES
            if len(self.found) >= documents.MOST or spare <= 0 or self._shelf_room <= _LEAST:
                break
            body = min(documents.BODY, self._shelf_room)
            landing = yield from self._visitor.visit(place, body)
            sheet = landing.sheet
            why = bad_answer(sheet.answer) if sheet is not None else {}
            if sheet is None or landing.away or why:
                gone = sheet is not None and sheet.answer.status in _GONE
                mute = Mute(**why[GAP]) if why else landing.mute
                if not gone:
                    self._miss(place, frozenset(), mute)
            elif kind := documents.kind_of(sheet.place, sheet.answer):
                self._file(sheet.place, sheet.answer, kind, words)

    def _file(
        self, place: Place, answer: Answer, kind: DocumentKind, words: tuple[str, ...]
    ) -> None:
        key = address_key(place)
        if key in self._known or len(self.found) >= documents.MOST:
            return
        self._known.add(key)
        self._shelf_room -= len(answer.body)
        self.found.append(
            Document(place=place, kind=kind, body=answer.body, cut=answer.cut, linked=words)
        )

    def _miss(self, place: Place, topics: frozenset[Topic], mute: Mute) -> None:
        left_out = mute in (_ENOUGH, KEEP_AWAY) or mute.why is Why.SCOPE
        told_of = {(topic, left_out) for topic in topics}
        if len(self.missed) >= _MOST_MISSED and told_of <= self._told_of:
            return
        self._told_of |= told_of
        self.missed.append(
            Missed(
                address=inert(told(place.url))[:_SHOWN],
                topics=topics,
                why=mute.why,
                detail=inert(mute.detail)[:_SHOWN],
                left_out=left_out,
            )
        )

    def _bury(self, candidate: Candidate, status: int) -> None:
        topics = frozenset(candidate.topics)
        if topics != {Topic.OTHER}:
            address = inert(told(candidate.place.url))[:_SHOWN]
            self.dead.append(Dead(address=address, topics=topics, status=status))


def _hidden(front: Sheet) -> Mute | None:
    """Return why the front page does not show all that it leads to, None where it does."""
    if front.answer.cut:
        return Mute(why=Why.CUT, detail=f"the front page is longer than {PAGE_BODY} bytes")
    if len(front.links) >= MOST_LINKS:
        return Mute(why=Why.CUT, detail=f"the front page has more than {MOST_LINKS} links")
    if scripted(front):
        return Mute(
            why=Why.UNSUPPORTED, detail="scripts make the front page: it shows nothing alone"
        )
    return None
