"""Ask TLS endpoints what they speak: thin I/O around the surveys of `auditor.probe.tls_survey`."""

import os
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing

import msgspec

from auditor.collect import Limit, Settings
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.tls_roots import trusted_roots
from auditor.model.base import TargetId
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Record
from auditor.probe.tls import HTTPS, Endpoint, endpoints
from auditor.probe.tls_certificate import judge, worst
from auditor.probe.tls_codec import (
    ClientHello,
    Malformed,
    Message,
    Oversized,
    Reader,
    answer,
    certificates,
    encode,
)
from auditor.probe.tls_keys import AGREEABLE, READABLE, KeyShare, sealed_certificates
from auditor.probe.tls_suites import CURVES, X25519, Version, by_key, suite_name
from auditor.probe.tls_survey import Answer, Mute, Seen, offer, shows_certificate, survey

CONNECTIONS = 5
"""Connections to one target at a time, one for each version."""
ANSWER_LIMIT = 262_144
"""Bytes that a server may send in one connection."""
EXCERPT_LIMIT = 4000
_RECORD_HEADER = 5


class TlsCollector:
    """Answers the `tls` probe. `https` is the port of the sites; other ports serve the tests."""

    def __init__(self, https: int = HTTPS) -> None:
        self._https = https

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            for probe in task.probes:
                yield self._observe(target, probe, settings, limit)

    def _observe(
        self, target: Target, probe: Probe, settings: Settings, limit: Limit
    ) -> Observation:
        points = endpoints(target, self._https)
        if not points:
            detail = "the inventory names no site and no TLS port"
            return Gap(target=TargetId(target.id), probe=probe.key, why=Why.NO_DATA, detail=detail)
        try:
            ip = reach(
                target.address,
                settings,
                Deadline(limit, settings.connect_timeout),
                local=target.local,
            )
        except Unreached as error:
            return Gap(
                target=TargetId(target.id), probe=probe.key, why=error.why, detail=error.detail
            )
        items: list[Record] = []
        notes: list[str] = []
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for point in points:
                line = Line(ip, point, settings.connect_timeout, limit)
                seen = line.survey(pool)
                items.append(_item(line, seen, settings))
                notes += [point.key, *(_note(view) for view in seen)]
        evidence = Evidence(
            source=f"TLS hello to {ip}: {', '.join(point.key for point in points)}"[:EXCERPT_LIMIT],
            excerpt="\n".join(notes)[:EXCERPT_LIMIT],
            seen_at=settings.now(),
        )
        return Fact(
            target=TargetId(target.id),
            probe=probe.key,
            value={"endpoints": items},
            evidence=evidence,
        )


class Line:
    """Short connections to one endpoint; each carries one hello."""

    def __init__(self, ip: str, point: Endpoint, seconds: float, limit: Limit) -> None:
        self.point = point
        self._ip = ip
        self._seconds = seconds
        self._limit = limit

    def survey(self, pool: Executor) -> list[Seen]:
        """Ask for every version, side by side."""
        return list(pool.map(self._survey, Version))

    def _survey(self, version: Version) -> Seen:
        steps = survey(version, self.point.sni)
        hello = next(steps)
        while True:
            try:
                hello = steps.send(self._ask(hello))
            except StopIteration as end:
                seen: Seen = end.value
                return seen

    def _ask(self, hello: ClientHello) -> Answer:
        try:
            with closing(self._messages(encode(_fresh(hello)))) as messages:
                found = answer(messages)
        except Unreached as error:
            return Mute(why=error.why, detail=error.detail, closed=error.closed)
        except Malformed as error:
            return _mute(error)
        return found or Mute(why=Why.UNREADABLE, detail="connection closed", closed=True)

    def chain(self, view: Seen, suites: tuple[int, ...]) -> tuple[bytes, ...]:
        """Return the certificates (DER) shown with some of a version's suites, or `Unreached`."""
        hello = _fresh(
            ClientHello(
                version=view.version,
                suites=suites,
                name=self.point.sni if view.named else "",
                groups=CURVES,
            )
        )
        try:
            if view.version is Version.TLS_1_3:
                return self._sealed_chain(hello, view)
            with closing(self._messages(encode(hello))) as messages:
                return certificates(messages)
        except Malformed as error:
            mute = _mute(error)
            raise Unreached(mute.why, mute.detail) from error

    def _sealed_chain(self, hello: ClientHello, view: Seen) -> tuple[bytes, ...]:
        groups = [code for code in AGREEABLE if code in (view.groups or (X25519,))]
        suites = tuple(code for code in hello.suites if code in READABLE)
        if not (groups and suites):
            raise Unreached(Why.UNSUPPORTED, "no key exchange that the auditor can take part in")
        share = KeyShare(groups[0])
        record = encode(
            msgspec.structs.replace(
                hello,
                suites=suites,
                groups=(share.group,),
                shares=((share.group, share.public),),
            )
        )
        with closing(self._messages(record)) as messages:
            return sealed_certificates(record[_RECORD_HEADER:], share, messages)

    def _messages(self, record: bytes) -> Generator[Message, None, None]:
        """Send a hello and yield what comes back, until the server ends or a limit is met."""
        reader = Reader()
        received = 0
        with Connection(self._ip, self.point.port, Deadline(self._limit, self._seconds)) as line:
            line.send(record)
            while data := line.receive():
                received += len(data)
                if received > ANSWER_LIMIT:
                    raise Oversized(f"more than {ANSWER_LIMIT} bytes in answer to one hello")
                yield from reader.feed(data)
        if reader.partial:
            raise Malformed("the answer is cut short")


def _fresh(hello: ClientHello) -> ClientHello:
    """Fill in the random values; the session id is what middle-boxes expect in TLS 1.3."""
    session = os.urandom(32) if hello.version is Version.TLS_1_3 else b""
    return msgspec.structs.replace(hello, random=os.urandom(32), session=session)


def _mute(error: Malformed) -> Mute:
    if isinstance(error, Oversized):
        return Mute(why=Why.CUT, detail=str(error))
    return Mute(why=Why.UNREADABLE, detail=f"does not speak TLS: {error}")


def _item(line: Line, seen: list[Seen], settings: Settings) -> Record:
    """Return one endpoint's record."""
    item: Record = {"endpoint": line.point.key, "name": line.point.name, **offer(seen)}
    view = shows_certificate(seen)
    if any(view.suites for view in seen):
        item["cert"] = _certificate(line, view, settings)
    return item


def _certificate(line: Line, view: Seen | None, settings: Settings) -> Record:
    """Judge the server's certificate; of two, for two kinds of key, the one with graver faults."""
    if view is None:
        return {GAP: {"why": Why.NO_DATA, "detail": "the server shows no certificate"}}
    roots = trusted_roots(settings.inventory.ca_file)
    judged: list[Record] = []
    for suites in by_key(view.suites):
        try:
            chain = line.chain(view, suites)
        except Unreached as error:
            return {GAP: {"why": error.why, "detail": error.detail}}
        judged.append(judge(chain, line.point.name, roots, settings.now()))
    return worst(judged)


def _note(view: Seen) -> str:
    """Say on one line what was seen in a version."""
    words = [suite_name(code) for code in view.suites]
    words += [view.refusal] if view.refusal else []
    words += [view.mute.detail] if view.mute else []
    words += [] if view.named else ["asked without a name"]
    return f"{view.version.label}: {', '.join(words)}"
