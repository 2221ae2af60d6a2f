"""Short connections to one TLS endpoint, each with one hello: thin I/O around the pure surveys."""

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from typing import Protocol, Self, TypeVar

import msgspec

from auditor.collect import Limit, Settings
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.drive import drive
from auditor.collect.tls_roots import trusted_roots
from auditor.collect.tls_turns import Turns
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.tls import Endpoint
from auditor.probe.tls_certificate import judge
from auditor.probe.tls_certificate_worst import worst
from auditor.probe.tls_codec import (
    BY_KEY,
    ClientHello,
    Malformed,
    Message,
    OtherProtocol,
    Oversized,
    Reader,
    answer,
    certificates,
    encode,
)
from auditor.probe.tls_flight import Flight, flight
from auditor.probe.tls_keys import AGREEABLE, READABLE, KeyShare, sealed_flight
from auditor.probe.tls_suites import Version, by_key
from auditor.probe.tls_survey import (
    Answer,
    Mute,
    Seen,
    groups_for,
    offer,
    shows_certificate,
    still_answers,
    survey,
)
from auditor.probe.tls_traits import Reply, curves, extras, fallback, order, primes

ANSWER_LIMIT = 262_144
"""Bytes that a server may send in one connection."""
_RECORD_HEADER = 5
A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)
R = TypeVar("R")


def look(ip: str, endpoint: Endpoint, settings: Settings, limit: Limit, pool: Executor) -> Record:
    """Return the record of one endpoint; `pool` bounds how many connections it takes at a time.

    Call it from outside of the pool.
    """
    line = Line(ip, endpoint, settings.connect_timeout, limit)
    return item(line, line.survey(pool), settings, pool)


class Line:
    """Short connections to one endpoint; each carries one hello.

    `judged` are the records of the chains that it showed to its name.
    """

    def __init__(self, ip: str, point: Endpoint, seconds: float, limit: Limit) -> None:
        self.point = point
        self._ip = ip
        self._seconds = seconds
        self._limit = limit
        self.judged: dict[tuple[bytes, ...], Record] = {}
        self._turns = Turns()
        self._cut = False

    def survey(self, pool: Executor) -> list[Seen]:
        """Ask for every version, side by side."""
        return list(pool.map(self._survey, Version))

    def _survey(self, version: Version) -> Seen:
        return _drive(survey(version, self.point.sni), self._ask)

    def traits(self, seen: Sequence[Seen], pool: Executor) -> Record:
        """Ask what else the endpoint shows, side by side; `seen` speaks some version."""
        jobs: list[Callable[[], Record]] = [
            lambda: _drive(curves(seen), self._flight),
            lambda: _drive(extras(seen), self._flight),
            lambda: _drive(primes(seen), self._flight),
            lambda: _drive(order(seen), self._ask),
            lambda: _drive(fallback(seen), self._ask),
        ]
        found: Record = {}
        for record in pool.map(lambda job: job(), jobs):
            found = {**record, **found} if GAP in found else {**found, **record}
        return found

    def stopped_answering(self, seen: Sequence[Seen]) -> bool:
        """Tell whether a server that ended connections without a word now ends them all.

        Then it took offence at their number, and what it did not say is no refusal.
        """
        return self._cut and not _drive(still_answers(seen), self._ask)

    def _ask(self, hello: ClientHello, *, again: bool) -> Answer:
        return self._tried(lambda: self._hello(hello), alone=again)

    def _flight(self, hello: ClientHello, *, again: bool) -> Reply:
        return self._tried(lambda: self._whole(hello), alone=again)

    def _tried(self, act: Callable[[], R | None], *, alone: bool) -> R | Mute:
        """Carry out one connection. One that is repeated goes alone: it may have been one too many.

        Only then is it a refusal that a server ends it without a word.
        """
        try:
            with self._turns.alone() if alone else self._turns.together():
                found = act()
        except Unreached as error:
            self._cut |= error.closed
            return Mute(why=error.why, detail=error.detail, closed=error.closed)
        except Malformed as error:
            return _mute(error)
        self._cut |= found is None
        return found or Mute(why=Why.UNREADABLE, detail="connection closed", closed=True)

    def _hello(self, hello: ClientHello) -> Answer | None:
        with closing(self._messages(encode(_fresh(hello)))) as messages:
            return answer(messages)

    def _whole(self, hello: ClientHello) -> Reply | None:
        if hello.version is Version.TLS_1_3:
            return self._sealed(hello)
        with closing(self._messages(encode(_fresh(hello)))) as messages:
            return flight(messages)

    def chain(
        self, view: Seen, suites: tuple[int, ...], signatures: tuple[int, ...] = ()
    ) -> tuple[bytes, ...]:
        """Return the certificates (DER) shown with some of a version's suites, or `Unreached`.

        Of TLS 1.3 `signatures` choose the kind of key; () where the server has none of that kind.
        """
        modern = view.version is Version.TLS_1_3
        hello = ClientHello(
            version=view.version,
            suites=suites,
            name=self.point.sni if view.named else "",
            groups=groups_for(view, suites),
            signatures=signatures,
        )
        try:
            if modern:
                found = self._sealed(hello)
                return found.chain if found else ()
            with closing(self._messages(encode(_fresh(hello)))) as messages:
                return certificates(messages)
        except Malformed as error:
            mute = _mute(error)
            raise Unreached(mute.why, mute.detail) from error

    def _sealed(self, hello: ClientHello) -> Flight | None:
        groups = [code for code in AGREEABLE if code in hello.groups]
        suites = tuple(code for code in hello.suites if code in READABLE)
        if not (groups and suites):
            raise Unreached(Why.UNSUPPORTED, "no key exchange that the auditor can take part in")
        share = KeyShare(groups[0])
        record = encode(
            msgspec.structs.replace(
                _fresh(hello),
                suites=suites,
                groups=(share.group,),
                shares=((share.group, share.public),),
            )
        )
        with closing(self._messages(record)) as messages:
            return sealed_flight(record[_RECORD_HEADER:], share, messages)

    def greet(self) -> bytes:
        """Go up to where TLS begins and return what came behind the go-ahead, b"" as it should be.

        Raises `NotOffered` where the server has no TLS.
        """
        with self._connect() as opened:
            return opened.early

    def _connect(self) -> "_Opened":
        return _Opened(self._ip, self.point, Deadline(self._limit, self._seconds))

    def _messages(self, record: bytes) -> Generator[Message, None, None]:
        """Send a hello and yield what comes back, until the server ends or a limit is met."""
        reader = Reader()
        received = 0
        with self._connect() as opened:
            opened.line.send(record)
            while data := opened.line.receive():
                received += len(data)
                if received > ANSWER_LIMIT:
                    raise Oversized(f"more than {ANSWER_LIMIT} bytes in answer to one hello")
                yield from reader.feed(data)
        if reader.partial:
            raise Malformed("the answer is cut short")


class _Opened:
    """A connection at the point where TLS begins; `early`: what came behind the go-ahead.

    That is no part of TLS, whoever sent it, and is not read as such.
    """

    def __init__(self, ip: str, point: Endpoint, deadline: Deadline) -> None:
        self.line = Connection(ip, point.port, deadline)
        self.early = b""
        if point.starttls is None:
            return
        from auditor.collect.starttls import greet

        try:
            self.early = greet(self.line, point.starttls)
        except BaseException:
            self.line.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.__exit__()


class _Ask(Protocol[A_co]):
    def __call__(self, hello: ClientHello, *, again: bool) -> A_co: ...


def _drive(steps: Generator[ClientHello, A, R], ask: _Ask[A]) -> R:
    """Carry the hellos of a question to the server and its answers back."""
    before: ClientHello | None = None

    def hear(hello: ClientHello) -> A:
        nonlocal before
        again, before = hello is before, hello
        return ask(hello, again=again)

    return drive(steps, hear)


def _fresh(hello: ClientHello) -> ClientHello:
    """Fill in the random values; the session id is what middle-boxes expect in TLS 1.3."""
    session = os.urandom(32) if hello.version is Version.TLS_1_3 else b""
    return msgspec.structs.replace(hello, random=os.urandom(32), session=session)


def _mute(error: Malformed) -> Mute:
    if isinstance(error, Oversized):
        return Mute(why=Why.CUT, detail=str(error))
    return Mute(
        why=Why.UNREADABLE,
        detail=f"does not speak TLS: {error}",
        other=isinstance(error, OtherProtocol),
    )


def item(line: Line, seen: Sequence[Seen], settings: Settings, pool: Executor) -> Record:
    """Return the record of an endpoint that was surveyed."""
    found: Record = offer(seen)
    if any(view.suites for view in seen):
        traits = line.traits(seen, pool)
        found = {**traits, **found}
        found["offered"] = True
        found["cert"] = _certificate(line, shows_certificate(seen), settings)
        if line.stopped_answering(seen):
            busy = {"why": Why.BUSY, "detail": "it took no more connections before all was asked"}
            found = {"offered": True, "cert": {GAP: busy}, GAP: busy}
    return {**line.point.told, **found}


def _certificate(line: Line, view: Seen | None, settings: Settings) -> Record:
    """Judge the server's certificate; of two, for two kinds of key, the one with graver faults."""
    if view is None:
        return {GAP: {"why": Why.NO_DATA, "detail": "the server shows no certificate"}}
    roots = trusted_roots(settings.inventory.ca_file)
    try:
        chains = _chains(line, view)
    except Unreached as error:
        return {GAP: {"why": error.why, "detail": error.detail}}
    for chain in chains:
        line.judged[chain] = judge(chain, line.point.named, roots, settings.now())
    return worst([line.judged[chain] for chain in chains])


def _chains(line: Line, view: Seen) -> list[tuple[bytes, ...]]:
    """Return the chain of each kind of key; of TLS 1.3 those that there are, at least ()."""
    if view.version is not Version.TLS_1_3:
        return [line.chain(view, suites) for suites in by_key(view.suites)]
    shown = [line.chain(view, view.suites, signatures) for signatures in BY_KEY]
    return [chain for chain in shown if chain] or [()]
