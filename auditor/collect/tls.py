"""Ask TLS endpoints what they speak: which there are, and a record of each."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import NamedTuple

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.one_cpu import one_cpu
from auditor.collect.tls_bare import without_name
from auditor.collect.tls_deep import observe as deeply
from auditor.collect.tls_doors import knock
from auditor.collect.tls_line import Line, item
from auditor.model.base import TargetId
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import tls_deep
from auditor.probe.base import Probe, Record
from auditor.probe.tls import HTTPS, KNOWN, Endpoint, StartTls, at_port, bare, endpoints
from auditor.probe.tls_suites import suite_name
from auditor.probe.tls_survey import Seen, other_protocol

CONNECTIONS = 5
"""Connections to one endpoint at a time."""
EXCERPT_LIMIT = 4000
COUNTS_BROKEN = frozenset({StartTls.MYSQL})
"""Servers that bar a client after some broken handshakes: asked only where they are expected."""
SILENT = 3
"""Ports that accept and say nothing before the rest of those that nobody expects is left out."""


class TlsCollector:
    """Answers the `tls` probe. `https` is the port of the sites; other ports serve the tests.

    `known`: ports that are tried although the inventory does not name them.
    """

    def __init__(
        self, https: int = HTTPS, known: Mapping[int, StartTls | None] | None = None
    ) -> None:
        self._https = https
        self._known = KNOWN if known is None else known

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            for probe in task.probes:
                if probe.type.name == tls_deep.PROBE.name:
                    yield deeply(target, probe, settings, limit, self._https)
                else:
                    yield self._observe(target, probe, settings, limit)

    def _observe(
        self, target: Target, probe: Probe, settings: Settings, limit: Limit
    ) -> Observation:
        with one_cpu():
            return self._observed(target, probe, settings, limit)

    def _observed(
        self, target: Target, probe: Probe, settings: Settings, limit: Limit
    ) -> Observation:
        try:
            patience = Deadline(limit, settings.connect_timeout)
            ip = reach(target.address, settings, patience, local=target.local)
            points, closed = self._points(target, ip, limit)
        except Unreached as error:
            return Gap(
                target=TargetId(target.id), probe=probe.key, why=error.why, detail=error.detail
            )
        visit = _Visit(ip, settings, limit, self._https)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for point in points:
                visit.look(point, pool)
        value = {
            "exists": bool(visit.items),
            "spoken": any(record.get("offered", True) for record in visit.items),
            "starttls": any(record["protocol"] != "tls" for record in visit.items),
            "endpoints": visit.items,
            "bare": visit.without_name(bare(target, self._https)),
        }
        vantage = settings.inventory.seen_from(target)
        asked = ", ".join(point.key for point in points) or "no TLS port answers"
        asked += f"; closed: {', '.join(map(str, closed))}" if closed else ""
        evidence = Evidence(
            source=f"TLS hello to {ip}, seen from {vantage}: {asked}"[:EXCERPT_LIMIT],
            excerpt="\n".join(visit.notes)[:EXCERPT_LIMIT],
            seen_at=settings.now(),
        )
        return Fact(target=TargetId(target.id), probe=probe.key, value=value, evidence=evidence)

    def _points(self, target: Target, ip: str, limit: Limit) -> tuple[list[Endpoint], list[int]]:
        """Return what the inventory names and what else is open, and what is closed of the former.

        A closed port is no endpoint: that it should be open is another question. Raises `Unreached`
        where no TLS port answers, nor any other that the inventory names: the host was not seen.
        """
        named = endpoints(target, self._https)
        taken = {point.port for point in named}
        others = [
            port
            for port, protocol in self._known.items()
            if port not in taken and protocol not in COUNTS_BROKEN
        ]
        doors = knock(ip, [*taken, *others], limit)
        points = [point for point in named if point.port not in doors.closed]
        if not (points or doors.open or doors.closed):
            _must_answer(target, ip, limit)
        others_open = (port for port in doors.open if port not in taken)
        points += [at_port(target, p, self._known[p], expected=False) for p in others_open]
        return points, sorted(taken.intersection(doors.closed))


def _must_answer(target: Target, ip: str, limit: Limit) -> None:
    """Raise `Unreached` where none of the ports that the inventory names answers."""
    listed = [
        int(port) for port, _, kind in (p.partition("/") for p in target.ports) if kind == "tcp"
    ]
    doors = knock(ip, listed, limit)
    if not (doors.open or doors.closed):
        raise Unreached(Why.UNREACHABLE, "no TLS port answers, open or closed")


class _Visit:
    """The endpoints of one target, one after the other."""

    def __init__(self, ip: str, settings: Settings, limit: Limit, https: int) -> None:
        self.items: list[Record] = []
        self.notes: list[str] = []
        self._ip = ip
        self._settings = settings
        self._limit = limit
        self._https = https
        self._silent = 0
        self._site: _Found | None = None

    def look(self, point: Endpoint, pool: Executor) -> None:
        """Add the record of an endpoint, unless there turns out to be none."""
        found = self._seen(point, pool)
        if found is None:
            return
        self.items.append(found.record)
        if not self._site and point.port == self._https and found.record.get("offered"):
            self._site = found
        self.notes += [point.key, *(_note(view) for view in found.views)]

    def _seen(self, point: Endpoint, pool: Executor) -> "_Found | None":
        if not point.expected and self._silent >= SILENT:
            why = {"why": Why.BUSY, "detail": "its ports accept and say nothing: it was left alone"}
            return _Found({**point.told, GAP: why}, [])
        line = Line(self._ip, point, self._settings.connect_timeout, self._limit)
        greeted = _greeted(line) if point.starttls else {}
        if "offered" in greeted or GAP in greeted:
            return _Found({**point.told, **greeted}, [])
        views = line.survey(pool)
        record = {**item(line, views, self._settings, pool), **greeted}
        if not point.expected and "offered" not in record:
            silent = record[GAP]["why"] is Why.TIMEOUT
            self._silent += silent
            if other_protocol(views):
                return None
        return _Found(record, views, line.judged)

    def without_name(self, point: Endpoint | None) -> Record:
        """Ask the port of the sites once more, without a name (`point` None: there is no other)."""
        if point is None or self._site is None:
            return {"asked": False}
        line = Line(self._ip, point, self._settings.connect_timeout, self._limit)
        return without_name(line, self._site.views, self._site.judged, self._settings)


class _Found(NamedTuple):
    record: Record
    views: Sequence[Seen]
    judged: Mapping[tuple[bytes, ...], Record] = {}


def _greeted(line: Line) -> Record:
    """Return what the words before TLS settle: that none is offered, that it stays unseen."""
    from auditor.collect.starttls import NotOffered

    try:
        return {"injected": bool(line.greet())}
    except NotOffered:
        return {"offered": False}
    except Unreached as error:
        return {GAP: {"why": error.why, "detail": error.detail}}


def _note(view: Seen) -> str:
    """Say on one line what was seen in a version."""
    words = [suite_name(code) for code in view.suites]
    words += [view.refusal] if view.refusal else []
    words += [view.mute.detail] if view.mute else []
    words += [] if view.named else ["asked without a name"]
    return f"{view.version.label}: {', '.join(words)}"
