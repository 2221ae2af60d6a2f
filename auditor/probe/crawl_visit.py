"""A visitor of a site who keeps to its rules: requests are counted, robots.txt is obeyed."""

from collections.abc import Generator

import msgspec

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.crawl import Sheet
from auditor.probe.crawl_robots import BODY as ROBOTS_BODY
from auditor.probe.crawl_robots import Rules
from auditor.probe.exposed_marks import recognise
from auditor.probe.http import same_site
from auditor.probe.http_talk import Answer, Ask, Heard, Mute, told
from auditor.probe.site_page import refreshed
from auditor.probe.site_trip import MOST_HOPS, MOVED, goal_of
from auditor.probe.site_url import Place, follow

MOST_REQUESTS = 48
"""Requests that the crawl of a site sends at most."""
PAGE_BODY = 1_048_576

Asking = Generator[Ask, Heard, Heard]


class Landing(msgspec.Struct, frozen=True):
    """Where a visit came to: a page, or why there is none; `away`: the site that it leads to."""

    sheet: Sheet | None = None
    mute: Mute = Mute(why=Why.NO_DATA, detail="no page")
    away: str = ""


class Visitor:
    """Asks one site and those that the target serves beside it (`own`, names in lower case)."""

    def __init__(self, site: str, own: frozenset[str]) -> None:
        self.site = site
        self.left = MOST_REQUESTS
        self.rules: dict[str, Rules] = {}
        self._own = {bare(name) for name in own} | {bare(site)}

    def stays(self, name: str) -> bool:
        """Tell whether a name is the site, its www twin, or another of the target's sites."""
        return bare(name) in self._own

    def settle(self, name: str) -> None:
        """Take the host of the front page for the site."""
        self._own.add(bare(name))

    def ask(self, question: Ask) -> Asking:
        """Ask once, as slowly as the site wishes; a firewall's page is not taken for the site's."""
        if self.left <= 0:
            return Mute(why=Why.CUT, detail=f"more than {MOST_REQUESTS} requests would be needed")
        self.left -= 1
        rules = self.rules.get(question.site)
        if rules is not None and rules.delay:
            question = msgspec.structs.replace(question, pause=rules.delay)
        heard = yield question
        name = recognise(heard.body, ("firewall",)) if isinstance(heard, Answer) else ""
        if not name:
            return heard
        return Mute(why=Why.DENIED, detail=f"a firewall ({name}) answers in the site's place")

    def rules_of(self, place: Place) -> Generator[Ask, Heard, Rules]:
        """Return the rules of a host; it is asked for them once."""
        if place.name not in self.rules:
            home = Place(secure=place.secure, name=place.name, path="/robots.txt")
            heard = yield from self.ask(_get(home, ROBOTS_BODY))
            goal = goal_of(home, heard) if isinstance(heard, Answer) else None
            if goal is not None and self.stays(goal.name):
                heard = yield from self.ask(_get(goal, ROBOTS_BODY))
            self.rules[place.name] = Rules(heard)
        return self.rules[place.name]

    def front(self, place: Place, *fields: tuple[str, str]) -> Generator[Ask, Heard, Landing]:
        """Go to the front page as any visitor would, robots or not; along the site's redirects."""
        return (yield from self._walk(place, PAGE_BODY, fields, front=True))

    def visit(self, place: Place, body: int = PAGE_BODY) -> Generator[Ask, Heard, Landing]:
        """Go to a page where robots.txt lets us, along redirects on the site."""
        return (yield from self._walk(place, body, (), front=False))

    def _walk(
        self, place: Place, body: int, fields: tuple[tuple[str, str], ...], *, front: bool
    ) -> Generator[Ask, Heard, Landing]:
        for _ in range(MOST_HOPS + 1):
            rules = None if front else (yield from self.rules_of(place))
            if rules is not None and rules.bars(place.path):
                return Landing(mute=rules.mute)
            heard = yield from self.ask(_get(place, body, *fields))
            if isinstance(heard, Mute):
                return Landing(mute=_at(place, heard))
            sheet = Sheet(place, heard)
            goal = _goal(sheet)
            if goal is None or goal == place:
                return Landing(sheet)
            if not (self.stays(goal.name) or (front and same_site(self.site, goal.name))):
                return Landing(sheet, away=goal.name)
            place = goal
        return Landing(mute=Mute(why=Why.UNREADABLE, detail=f"more than {MOST_HOPS} redirects"))


def _get(place: Place, body: int, *fields: tuple[str, str]) -> Ask:
    return Ask(site=place.name, path=place.path, secure=place.secure, body=body, fields=fields)


def _at(place: Place, mute: Mute) -> Mute:
    return Mute(why=mute.why, detail=f"{told(place.url)}: {mute.detail}")


def _goal(sheet: Sheet) -> Place | None:
    """Return where an answer sends its visitor on, by its header or by the page itself."""
    if sheet.answer.status in MOVED:
        return goal_of(sheet.place, sheet.answer)
    where = refreshed(sheet.answer.value("refresh")) or _written(sheet)
    return follow(sheet.place, where) if where else None


def _written(sheet: Sheet) -> str:
    try:
        found = sheet.tree.css("meta[http-equiv]") if sheet.html else []
    except Unseen:
        return ""
    for node in found:
        named = (node.attributes.get("http-equiv") or "").strip().lower() == "refresh"
        if named and (node.parent is None or node.parent.tag != "noscript"):
            return refreshed(node.attributes.get("content") or "")
    return ""


def bare(name: str) -> str:
    """Return a host's name in lower case and without www."""
    return name.lower().rstrip(".").removeprefix("www.")
