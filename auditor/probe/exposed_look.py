"""Look whether one path of a site is open: what is asked, and what an answer shows."""

from collections.abc import Generator
from typing import Any

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.exposed_absent import GONE, Absent
from auditor.probe.exposed_marks import is_html, recognise
from auditor.probe.exposed_paths import Place
from auditor.probe.http import same_site
from auditor.probe.http_talk import Answer, Ask, Heard, Mute, told

ASKS = 32
"""Requests that one survey sends at most."""
START = 512
"""Bytes of a file that are looked at."""
PAGE = 4096
"""Bytes of a page that are looked at."""
BLOCKED = frozenset({403, 406, 429, 503})
"""Statuses with which firewalls refuse."""
_HALTS = frozenset({Why.BUSY, Why.DENIED})
_ANSWERS = frozenset({200, 203, 206})
_NO_HEAD = frozenset({405, 501})
_NOT_HERE = frozenset({*GONE, 401, 407, *range(300, 400)})
"""There is none, only for those who log in, or elsewhere."""
MOVED = frozenset({301, 302, 303, 307, 308})
_REFUSED = range(400, 500)
_SAME = Mute(
    why=Why.UNREADABLE, detail="the site answers the same for what does not exist: it shows nothing"
)
_ELSEWHERE = Mute(why=Why.NO_DATA, detail="leads to the same path at an address that was not asked")
_DOUBTED = Mute(why=Why.DENIED, detail="a firewall may have answered in the site's place")


class Open(Value, frozen=True):
    """What was seen of a path: open, and by what that is recognised, or not ("")."""

    how: str = ""


class Row(Value, frozen=True):
    """A path of a site: what was seen of it, or why nothing was. `refused`: it was blocked."""

    path: str
    kind: str
    seen: Open | None = None
    mute: Mute | None = None
    refused: bool = False

    @classmethod
    def unseen(cls, place: Place, mute: Mute) -> "Row":
        """Return the row of a path of which nothing was seen."""
        return cls(path=place.path, kind=place.kind, mute=mute)

    def doubted(self) -> "Row":
        """The same, where a firewall may have given the answers."""
        return Row(path=self.path, kind=self.kind, mute=_DOUBTED) if self.refused else self

    @property
    def record(self) -> Record:
        """The fact of this path."""
        record: Record = {"path": self.path, "kind": self.kind}
        if self.seen is None:
            mute = self.mute or _SAME
            return {**record, GAP: {"why": mute.why, "detail": mute.detail}}
        return {**record, "open": bool(self.seen.how), "how": self.seen.how}


class Visit:
    """One survey of a site: where it asks, and what it has learnt on the way.

    `heads`: HEAD is answered as GET is. `halted`: what was refused may not be the site's answer.
    """

    def __init__(self, base: Ask) -> None:
        self.base = base
        self.heads = True
        self.halted = False
        self._asks = 0

    def ask(self, path: str, **how: Any) -> Ask:
        """Return a request for a path of the site."""
        return Ask(site=self.base.site, secure=self.base.secure, path=path, **how)

    def look(self, place: Place, gone: Absent) -> Generator[Ask, Heard, Row]:
        """Ask for a path and return its row."""
        if place.large and self.heads:
            heard = yield from self._hear(self.ask(place.path, method="HEAD"))
            if not _goes_on(heard, place.path):
                return self._row(place, heard, gone)
            if isinstance(heard, Answer) and heard.status in _ANSWERS and gone.like(heard):
                return _page_instead(place, heard)
        heard = yield from self._hear(self._get(place))
        goal = heard.leads if isinstance(heard, Answer) else None
        if goal and goal.site == self.base.site and _inside(goal.path, place):
            heard = yield from self._hear(self.ask(goal.path, body=PAGE))
        elif goal and goal.path == place.path and self._moves(goal):
            heard = yield from self._hear(self._get(place, goal))
        if isinstance(heard, Answer) and _keeps(heard, place.path):
            return Row.unseen(place, _ELSEWHERE)
        return self._row(place, heard, gone)

    def _moves(self, goal: Ask) -> bool:
        """Tell whether a redirect leads to the same path elsewhere on the site."""
        elsewhere = (goal.site, goal.secure) != (self.base.site, self.base.secure)
        return elsewhere and same_site(self.base.site, goal.site)

    def _get(self, place: Place, at: Ask | None = None) -> Ask:
        """Return the request for the start of a path; `at` is where, None for the base."""
        at = at or self.base
        fields = (("Range", f"bytes=0-{START - 1}"),) if place.file else ()
        body = START if place.file else PAGE
        return Ask(site=at.site, secure=at.secure, path=place.path, body=body, fields=fields)

    def _hear(self, ask: Ask) -> Generator[Ask, Heard, Heard]:
        if self._asks >= ASKS:
            return Mute(why=Why.CUT, detail=f"more than {ASKS} requests would be needed")
        self._asks += 1
        heard = yield ask
        self.halted |= isinstance(heard, Mute) and heard.why in _HALTS
        return heard

    def _row(self, place: Place, heard: Heard, gone: Absent) -> Row:
        if isinstance(heard, Mute):
            return Row.unseen(place, heard)
        closed = Row(path=place.path, kind=place.kind, seen=Open(), refused=heard.status in BLOCKED)
        if heard.status in _ANSWERS:
            return _opened(place, heard, gone) or closed
        if heard.status in _NOT_HERE:
            return closed
        if gone.like(heard):
            return Row.unseen(place, _SAME)
        if heard.status in _REFUSED:
            return closed
        mute = Mute(why=Why.UNREADABLE, detail=f"answers {heard.status}")
        return Row.unseen(place, mute)


def _page_instead(place: Place, head: Answer) -> Row:
    """Judge a HEAD that says what the site says of what it does not have."""
    if head.value("content-type").lower().startswith("text/html"):
        return Row(path=place.path, kind=place.kind, seen=Open())
    return Row.unseen(place, _SAME)


def _keeps(heard: Answer, path: str) -> bool:
    """Tell whether a redirect leads to the same path, on whatever site."""
    return heard.status in MOVED and told(heard.value("location")).endswith(path)


def _inside(path: str, place: Place) -> bool:
    """Tell whether a redirect leads deeper into the page that was asked for."""
    return path != place.path and path.startswith(place.path) and not place.file


def _goes_on(heard: Heard, path: str) -> bool:
    """Tell whether a HEAD says that there is something to look at."""
    if not isinstance(heard, Answer):
        return False
    return heard.status in _ANSWERS or heard.status in _NO_HEAD or _keeps(heard, path)


def _opened(place: Place, heard: Answer, gone: Absent) -> Row | None:
    """Return the row of what is there, None where what is there is another thing."""
    start = heard.body[: START if place.file else PAGE]
    if how := recognise(start, place.marks):
        return Row(path=place.path, kind=place.kind, seen=Open(how=how))
    if name := recognise(start, ("firewall",)):
        mute = Mute(why=Why.DENIED, detail=f"a firewall ({name}) answers in the site's place")
        return Row.unseen(place, mute)
    if is_html(start, heard.value("content-type")):
        return None
    if gone.like(heard):
        return Row.unseen(place, _SAME)
    if not start:
        return None
    return Row.unseen(place, Mute(why=Why.UNREADABLE, detail="answers with what is not recognised"))
