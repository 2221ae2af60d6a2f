"""The way of a visitor to the front page: in clear, encrypted, along redirects of the site."""

from collections.abc import Generator

import msgspec

from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Record, Unseen
from auditor.probe.exposed_marks import recognise
from auditor.probe.http import same_site
from auditor.probe.http_talk import Answer, Ask, Heard, Mute, told
from auditor.probe.site import MOST_REQUESTS
from auditor.probe.site_cookies import Jar
from auditor.probe.site_headers import hsts_record
from auditor.probe.site_page import Page, is_html, read_page, refreshed
from auditor.probe.site_url import Place, follow

MOST_HOPS = 5
"""Redirects that are followed, in clear and encrypted together."""
FRONT_BODY = 524_288
MOVED = frozenset({301, 302, 303, 307, 308})
BUSY = 429
SERVER_ERROR = 500
_PERMANENT = frozenset({301, 308})
_LOCATION_SHOWN = 300
_OF_STATUS = {
    401: Why.DENIED,
    403: Why.DENIED,
    407: Why.DENIED,
    451: Why.DENIED,
    BUSY: Why.BUSY,
    503: Why.BUSY,
}

Asking = Generator[Ask, Heard, Heard]


class Trip(msgspec.Struct):
    """Where a visitor of the front page came to: the last page, or why there is none."""

    place: Place
    answer: Answer | None = None
    why: Record = {}
    """The gap record where there is no answer."""
    page: Page | None = None
    unread: Record = {}
    """The gap record where the page could not be parsed."""

    @property
    def cut(self) -> bool:
        """The page goes on beyond what was read."""
        return self.answer is not None and self.answer.cut and is_html(self.answer)


class Surveyor:
    """Asks one site; counts requests and keeps the answers to look at their header fields."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.answers: list[Answer] = []
        self.jar = Jar()
        self._left = MOST_REQUESTS
        self._hops = MOST_HOPS
        self._known: dict[str, Heard] = {}

    def ask(self, question: Ask, *, keep: bool = True) -> Asking:
        """Ask once; the same question again costs nothing."""
        key = repr(question)
        if key in self._known:
            return self._known[key]
        if self._left <= 0:
            return Mute(why=Why.CUT, detail=f"more than {MOST_REQUESTS} requests would be needed")
        self._left -= 1
        heard = _unmasked((yield question))
        self._known[key] = heard
        if keep and isinstance(heard, Answer):
            self.answers.append(heard)
        return heard

    def visit(self, place: Place, body: int = FRONT_BODY) -> Asking:
        """Ask for a page of the site; its cookies are kept."""
        heard = yield from self.ask(
            Ask(site=place.name, path=place.path, secure=place.secure, body=body)
        )
        if isinstance(heard, Answer):
            self.jar.add(heard.values("set-cookie"), place.name, secure=place.secure)
        return heard

    def hop(self) -> bool:
        """Tell whether one more redirect may be followed."""
        self._hops -= 1
        return self._hops >= 0

    @property
    def spare(self) -> int:
        """Requests that are left."""
        return self._left


def _unmasked(heard: Heard) -> Heard:
    """Take no firewall's page for the site's."""
    name = recognise(heard.body, ("firewall",)) if isinstance(heard, Answer) else ""
    if not name:
        return heard
    return Mute(why=Why.DENIED, detail=f"a firewall ({name}) answers in the site's place")


def clear(asker: Surveyor) -> Generator[Ask, Heard, Record]:
    """Return the `clear` record: what a visitor meets who types the name alone."""
    place = Place(secure=False, name=asker.site)
    heard = yield from asker.visit(place)
    if isinstance(heard, Mute):
        return _unanswered(heard)
    record: Record = {
        "answered": True,
        "status": heard.status,
        "location": _location(heard)[:_LOCATION_SHOWN],
    }
    first = True
    while True:
        goal = goal_of(place, heard)
        if goal is None or not same_site(asker.site, goal.name):
            return {**record, "redirects_https": False}
        if goal.secure:
            return {
                **record,
                "redirects_https": True,
                "first_https": first,
                "same_host": goal.name == place.name,
                "permanent": heard.status in _PERMANENT,
            }
        if not asker.hop():
            return {**record, **gap(Why.UNREADABLE, f"more than {MOST_HOPS} redirects")}
        place, first = goal, False
        heard = yield from asker.visit(place)
        if isinstance(heard, Mute):
            return {**record, **gap(heard.why, f"{told(goal.url)}: {heard.detail}")}


def secure(asker: Surveyor) -> Generator[Ask, Heard, tuple[Record, Record]]:
    """Return the `secure` and the `hsts` record: HSTS counts for the name that was asked."""
    heard = yield from asker.visit(Place(secure=True, name=asker.site))
    if isinstance(heard, Mute):
        record = _unanswered(heard)
        closed = "answered" in record
        none = {"max_age": 0, "include_subdomains": False, "preload": False}
        return record, none if closed else {GAP: record[GAP]}
    record = {
        "answered": True,
        "status": heard.status,
        "location": _location(heard)[:_LOCATION_SHOWN],
    }
    moved = heard.status in MOVED
    return record, hsts_record(heard) if moved or not bad_answer(heard) else bad_answer(heard)


def travel(asker: Surveyor, record: Record) -> Generator[Ask, Heard, Trip]:
    """Follow redirects of the front page that stay on the site, the page's own among them."""
    place = Place(secure=record["secure"].get("answered") is not False, name=asker.site)
    while True:
        heard = yield from asker.visit(place)
        if isinstance(heard, Mute):
            return Trip(place=place, why=gap(heard.why, f"{told(place.url)}: {heard.detail}"))
        goal, trip = goal_of(place, heard), None
        if goal is None:
            trip = arrive(place, heard)
            refresh = trip.page.refresh if trip.page else ""
            goal = follow(place, refresh)
            if refresh and goal is None:
                return Trip(place=place, why=gap(Why.NO_DATA, "leads to what cannot be followed"))
        if trip is not None and (goal is None or goal == place):
            return trip
        assert goal is not None  # noqa: S101 - without one the trip has ended
        if not same_site(asker.site, goal.name):
            return Trip(place=place, why=gap(Why.NO_DATA, f"leads to another site, {goal.name}"))
        if not asker.hop():
            return Trip(place=place, why=gap(Why.UNREADABLE, f"more than {MOST_HOPS} redirects"))
        place = goal


def arrive(place: Place, answer: Answer) -> Trip:
    """Read the page that a trip ends at."""
    trip = Trip(place=place, answer=answer, why=bad_answer(answer))
    if trip.why:
        trip.answer = None
        return trip
    try:
        trip.page = read_page(answer, place) if is_html(answer) else Page()
        trip.page.refresh = trip.page.refresh or refreshed(answer.value("refresh"))
    except Unseen as unseen:
        trip.unread = gap(unseen.why, unseen.detail)
    return trip


def at(place: Place, path: str, body: int, *fields: tuple[str, str]) -> Ask:
    """Return a GET for `path` at the place, its own where "" is given."""
    path = path or place.path
    return Ask(site=place.name, path=path, secure=place.secure, body=body, fields=fields)


def _location(answer: Answer) -> str:
    return inert(told(answer.value("location"))) if answer.status in MOVED else ""


def goal_of(place: Place, answer: Answer) -> Place | None:
    """Return where an answer redirects to, None for nowhere."""
    return follow(place, answer.value("location")) if answer.status in MOVED else None


def _unanswered(mute: Mute) -> Record:
    """A closed port is a fact, anything else could not be seen."""
    record = gap(mute.why, mute.detail)
    return {"answered": False, **record} if mute.why is Why.REFUSED else record


def gap(why: Why, detail: str) -> Record:
    """Return a record of which nothing was seen."""
    return {GAP: {"why": why, "detail": inert(detail)[:_LOCATION_SHOWN]}}


def bad_answer(answer: Answer) -> Record:
    """Return a gap where the answer is no page of the site (an error, a redirect), else {}."""
    if answer.status in range(200, 300):
        return {}
    if answer.status in MOVED:
        place = told(answer.value("location")) or "nowhere"
        return gap(Why.UNREADABLE, f"status {answer.status}, leads to {place}")
    why = _OF_STATUS.get(answer.status, Why.UNREADABLE)
    return gap(why, f"status {answer.status}: an error page, not the site")


CUT = gap(Why.CUT, f"the page is longer than {FRONT_BODY} bytes")
"""A page that was not read to its end."""
