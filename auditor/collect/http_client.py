"""Ask the sites of one target: politely, within the authority's scope, never more than agreed.

What a server does ends as an `Answer` or a `Mute`. A place that was closed or silent twice is not
tried again. Where the server asks to slow down, or a firewall answers in its place, nothing more is
asked: its answers would pass for the site's.
"""

import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import msgspec

from auditor.collect import Limit
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.http_pace import PACE
from auditor.collect.http_wire import Wire
from auditor.model.fact import Why
from auditor.probe.http_talk import Answer, Ask, Heard, Mute
from auditor.probe.site_url import Place, follow

REQUESTS = 40
"""Requests that one site is asked in a run at most, by all probes of its audit together."""
SILENCES = 2
"""Requests in a row without an answer, after which a place is left alone."""
BLOCKS = 3
"""Refusals in a row, after which the front page is asked whether it is a firewall that refuses."""
MOVED = frozenset({301, 302, 303, 307, 308})
_MISREAD = re.compile(r"///|[A-Za-z][A-Za-z0-9+.-]*:(?!//)")
"""Locations with too many or too few slashes, which readers take in different ways."""
_BLOCKED = frozenset({403, 406, 429, 503})
_SLOWER = 429
_LATER = 503
_PATH_LIMIT = 4096
_SLOW_DOWN = Mute(why=Why.BUSY, detail="the server asks to slow down")
_FIREWALL = Mute(why=Why.DENIED, detail="a firewall answers in the site's place")
_UNASKED = Mute(why=Why.CUT, detail="was not asked")


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """How sites are asked. Times are seconds; other ports than the usual ones serve the tests."""

    agent: str
    seconds: float
    pause: float = 0.1
    clear: int = 80
    secure: int = 443
    requests: int = REQUESTS
    """The most that one client sends."""


class Client:
    """Asks one site and what belongs to it; use as a context manager.

    `find` gives the address of a name or raises `Unreached`: it guards the scope.
    """

    def __init__(
        self, find: Callable[[str, Deadline], str], manners: Manners, limit: Limit
    ) -> None:
        self.requests = 0
        self._find = find
        self._manners = manners
        self._limit = limit
        self._memory: dict[Ask, tuple[int, Heard]] = {}
        self._wires: dict[tuple[str, int, str | None], Wire] = {}
        self._silent: dict[tuple[str, int], tuple[int, Mute]] = {}
        self._halt: Mute | None = None
        self._blocks: set[Ask] = set()
        self._suspicion = BLOCKS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for wire in self._wires.values():
            wire.close()

    def ask(self, ask: Ask) -> Heard:
        """Return what is heard, from memory where the same was asked before."""
        key = msgspec.structs.replace(ask, body=0, pause=0.0)
        wanted, heard = self._memory.get(key, (-1, _UNASKED))
        if isinstance(heard, Answer) and (wanted >= ask.body or not heard.cut):
            return _shortened(heard, ask.body)
        if isinstance(heard, Mute) and wanted >= 0 and ask.body >= wanted:
            return heard
        heard = self._halt or self._answer(ask)
        self._memory[key] = (ask.body, heard)
        return heard

    def _answer(self, ask: Ask) -> Heard:
        try:
            heard = self._send(ask)
        except Unreached as error:
            return Mute(why=error.why, detail=error.detail)
        self._consider(ask, heard)
        return heard

    def _send(self, ask: Ask) -> Answer:
        if len(ask.path) > _PATH_LIMIT or not ask.path.isascii() or " " in ask.path:
            raise Unreached(Why.UNSUPPORTED, "an address that is too long or not encoded")
        deadline = Deadline(self._limit, self._manners.seconds)
        ip = self._find(ask.site, deadline)
        place = (ip, self._manners.secure if ask.secure else self._manners.clear)
        times, mute = self._silent.get(place, (0, _UNASKED))
        if times >= SILENCES or mute.why is Why.REFUSED:
            raise Unreached(mute.why, mute.detail)
        try:
            answer = self._spoken(place, ask)
        except Unreached as error:
            self._silent[place] = (times + 1, Mute(why=error.why, detail=error.detail))
            raise
        self._silent.pop(place, None)
        return msgspec.structs.replace(answer, leads=leads(ask, answer))

    def _spoken(self, place: tuple[str, int], ask: Ask) -> Answer:
        """Ask over the connection that is open, or over a new one where it has been closed."""
        name = (place[0] if ask.bare else ask.site) if ask.secure else None
        wire = self._wires.pop((*place, name), None)
        if wire is not None:
            try:
                return self._asked(wire, place, name, ask)
            except Unreached as error:
                if error.why is not Why.UNREADABLE or not wire.silent:
                    raise
        return self._asked(None, place, name, ask)

    def _asked(
        self, wire: Wire | None, place: tuple[str, int], name: str | None, ask: Ask
    ) -> Answer:
        try:
            self._take_turn(place[0], ask.pause)
        except Unreached:
            if wire is not None:
                wire.close()
            raise
        line = wire or Wire(place, self._limit, self._manners.seconds, name)
        answer = line.ask(ask, self._fields(ask))
        if line.open:
            self._wires[(*place, name)] = line
        return answer

    def _take_turn(self, ip: str, pause: float) -> None:
        """Wait for the pace, or raise `Unreached` where no more may be asked."""
        most = self._manners.requests
        if self.requests >= most:
            raise Unreached(Why.CUT, f"more than {most} requests would be needed")
        PACE.wait(ip, max(self._manners.pause, pause), self._limit)
        self.requests += 1

    def _fields(self, ask: Ask) -> list[tuple[str, str]]:
        usual: Mapping[str, str] = {
            "Host": ask.host or _bracketed(ask.site),
            "User-Agent": self._manners.agent,
            "Accept": "*/*",
            "Accept-Language": "id",
            "Accept-Encoding": "identity",
        }
        own = {name.lower() for name, _ in ask.fields}
        return [*((n, v) for n, v in usual.items() if n.lower() not in own), *ask.fields]

    def _consider(self, ask: Ask, answer: Answer) -> None:
        """Stop where the answer asks for it, or is one of many refusals that hold for all."""
        if answer.status == _SLOWER or (answer.status == _LATER and answer.value("retry-after")):
            self._halt = _SLOW_DOWN
        elif answer.status not in _BLOCKED:
            self._blocks.clear()
        else:
            self._blocks.add(ask)
            if len({other.path for other in self._blocks}) >= self._suspicion:
                self._suspicion *= 2
                self._halt = self._halt or self._refused(ask)

    def _refused(self, ask: Ask) -> Mute | None:
        """Ask for the front page anew: where it is refused as well, all is."""
        front = Ask(site=ask.site, secure=ask.secure, fields=(("Cache-Control", "no-cache"),))
        try:
            status = self._send(front).status
        except Unreached:
            return _FIREWALL
        return _FIREWALL if status in _BLOCKED else None


def leads(ask: Ask, answer: Answer) -> Ask | None:
    """Return what a redirect asks for, None where there is none that may be followed."""
    location = answer.value("location")
    if answer.status not in MOVED or _MISREAD.match(location):
        return None
    goal = follow(Place(secure=ask.secure, name=ask.site, path=ask.path), location)
    return Ask(site=goal.name, path=goal.path, secure=goal.secure) if goal else None


def _shortened(answer: Answer, most: int) -> Answer:
    if len(answer.body) <= most:
        return answer
    return msgspec.structs.replace(answer, body=answer.body[:most], cut=True)


def _bracketed(site: str) -> str:
    return f"[{site}]" if ":" in site else site
