"""What else a server shows in a few hellos, once its versions and suites are known.

Each question yields hellos, is sent what came back and ends in fields of the endpoint's record;
what stays unseen is missing, and `gap` says why. Pure.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TypeAlias

import msgspec

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.tls_alerts import INAPPROPRIATE_FALLBACK, Alert
from auditor.probe.tls_codec import (
    DEFLATE,
    HEARTBEAT,
    MASTER_SECRET,
    RENEGOTIATION_INFO,
    ClientHello,
    Malformed,
    ServerHello,
)
from auditor.probe.tls_flight import EXPLICIT, Flight, curve, prime_bits
from auditor.probe.tls_staple import stapled
from auditor.probe.tls_suites import (
    CURVE_NAMES,
    CURVES,
    Version,
    certified,
    elliptic,
    exported,
    finite,
    hinted,
    suite_name,
)
from auditor.probe.tls_survey import LIE, Answer, Mute, Seen, gap, groups_for

Reply: TypeAlias = Flight | Alert | Mute
Asking: TypeAlias = Generator[ClientHello, Reply, Record]
"""A question that needs the server's whole flight."""
Trying: TypeAlias = Generator[ClientHello, Answer, Record]
"""A question that a server's hello answers."""

_ENOUGH = 2


def extras(seen: Sequence[Seen]) -> Asking:
    """Ask for compression, heartbeats and a staple beside what every hello asks for.

    TLS 1.3 knows neither compression nor renegotiation, and binds its keys by itself.
    """
    view = next(iter(_clear(seen)), None) or _spoken(seen)[0]
    clear = view.version < Version.TLS_1_3
    suites = tuple(code for code in view.suites if certified(code)) or view.suites
    flight = yield from _flight(_hello(view, suites, more=True))
    if isinstance(flight, Mute):
        return {GAP: gap(flight)}
    if flight.hello.compression not in {0, DEFLATE}:
        return {GAP: gap(LIE)}
    told = flight.hello.extensions
    return {
        "compression": flight.hello.compression == DEFLATE,
        "heartbeat": HEARTBEAT in told,
        "ocsp_staple": stapled(flight.staple),
        "secure_renegotiation": not clear or RENEGOTIATION_INFO in told,
        "extended_master_secret": not clear or MASTER_SECRET in told,
    }


def order(seen: Sequence[Seen]) -> Trying:
    """Offer two suites in both orders: does the server have an order of its own.

    Not ChaCha20, which some servers let a client put first and nothing else. Where no version has
    two suites there is nothing to choose, and the client chooses nothing.
    """
    choices = ((view, _orderly(view)) for view in (*_clear(seen), *_spoken(seen)))
    view, codes = next((one for one in choices if len(one[1]) >= _ENOUGH), (None, ()))
    if view is None:
        return {} if _unsure(seen) else {"server_order": True}
    chosen: list[int] = []
    for suites in ((codes[0], codes[-1]), (codes[-1], codes[0])):
        hello = _hello(view, suites)
        answer = yield hello
        found = _believed(hello, answer)
        if isinstance(found, Mute):
            return {GAP: gap(found)}
        chosen.append(found.suite)
    return {"server_order": chosen[0] == chosen[1]}


def fallback(seen: Sequence[Seen]) -> Trying:
    """Ask for the second newest version as if the newest had failed (RFC 7507).

    Some servers refuse it in other words than the RFC's, or end the connection: that counts where
    the same is granted without the signal.
    """
    spoken = _spoken(seen)
    if len(spoken) < _ENOUGH:
        return {} if _unsure(seen) else {"fallback_scsv": True}
    plain = _hello(spoken[1], spoken[1].suites)
    answer = yield msgspec.structs.replace(plain, fallback=True)
    if isinstance(answer, Alert) and answer.code == INAPPROPRIATE_FALLBACK:
        return {"fallback_scsv": True}
    found = _believed(plain, answer)
    if isinstance(found, ServerHello):
        return {"fallback_scsv": False}
    if found.why is Why.REFUSED:
        goes_on = _believed(plain, (yield plain))
        if isinstance(goes_on, ServerHello):
            return {"fallback_scsv": True}
    return {GAP: gap(found)}


def curves(seen: Sequence[Seen]) -> Asking:
    """Ask for each curve until the server agrees to none, as `tls_survey` asks for groups.

    A server with nothing but an ECDSA key shows none behind the curve of that key: without it no
    suite is left.
    """
    view, suites = _newest(seen, elliptic)
    found: list[int] = []
    left = CURVES
    while view is not None and left:
        flight = yield from _flight(_hello(view, suites, groups=left))
        if isinstance(flight, Mute):
            if found and flight.why is Why.REFUSED:
                break
            return {GAP: gap(flight)}
        code = _read(curve, flight)
        if isinstance(code, Mute):
            return {GAP: gap(code)}
        if code in found:
            break  # it takes no notice of what it is offered
        found.append(code)
        left = tuple(one for one in left if one != code)
    return {"curves": [CURVE_NAMES.get(code, _odd(code)) for code in found]}


def _odd(code: int) -> str:
    return "explicit" if code == EXPLICIT else f"0x{code:04X}"


def primes(seen: Sequence[Seen]) -> Asking:
    """Ask for the primes of Diffie-Hellman: servers choose another for each kind of suite.

    The size goes with the server's key, without a certificate with the cipher; for export it is
    what the law once allowed; and clients may have named one.
    """
    plain = [_only(v, (code for code in v.suites if code not in v.ffdhe)) for v in seen]
    named = [_only(v, v.ffdhe) for v in seen]
    sizes: list[int] = []
    for views, chosen in ((plain, _regular), (plain, _loose), (plain, _short), (named, finite)):
        view, suites = _newest(views, chosen)
        if view is None:
            continue
        flight = yield from _flight(_hello(view, suites))
        bits = flight if isinstance(flight, Mute) else _read(prime_bits, flight)
        if isinstance(bits, Mute):
            return {GAP: gap(bits)}
        sizes.append(bits)
    return {"dh": {"used": True, "bits": min(sizes)} if sizes else {"used": False}}


def _only(view: Seen, suites: Iterable[int]) -> Seen:
    return msgspec.structs.replace(view, suites=tuple(suites))


def _regular(code: int) -> bool:
    return finite(code) and not exported(code) and not _loose(code)


def _loose(code: int) -> bool:
    """Tell whether no certificate and no cipher of 256 bits asks for a long prime."""
    plain = finite(code) and not exported(code) and not certified(code)
    return plain and "256" not in suite_name(code).split("_")


def _short(code: int) -> bool:
    return finite(code) and exported(code)


def _unsure(seen: Iterable[Seen]) -> bool:
    return any(view.mute for view in seen)


def _spoken(seen: Iterable[Seen]) -> list[Seen]:
    """Return what is spoken, the newest version first."""
    return sorted((v for v in seen if v.suites), key=lambda view: view.version, reverse=True)


def _clear(seen: Iterable[Seen]) -> list[Seen]:
    return [view for view in _spoken(seen) if view.version < Version.TLS_1_3]


def _newest(
    seen: Iterable[Seen], chosen: Callable[[int], bool]
) -> tuple[Seen | None, tuple[int, ...]]:
    """Return the newest version with suites of a kind, and these."""
    for view in _clear(seen):
        if suites := tuple(code for code in view.suites if chosen(code)):
            return view, suites
    return None, ()


def _orderly(view: Seen) -> tuple[int, ...]:
    """Return suites that one hello may choose among: those of `ffdhe` need groups of their own."""
    plain = (code for code in view.suites if code not in view.ffdhe)
    return tuple(code for code in plain if "CHACHA20" not in suite_name(code))


def _hello(
    view: Seen,
    suites: tuple[int, ...],
    *,
    groups: tuple[int, ...] = (),
    more: bool = False,
) -> ClientHello:
    return ClientHello(
        version=view.version,
        suites=suites,
        name=view.name if view.named else "",
        groups=groups or groups_for(view, suites),
        extras=more,
    )


def _flight(hello: ClientHello) -> Generator[ClientHello, Reply, Flight | Mute]:
    """Ask, again where the server ends the connection without a word."""
    reply = yield hello
    if isinstance(reply, Mute) and reply.closed:
        reply = yield hello
    if not isinstance(reply, Flight):
        refused = _believed(hello, reply)
        return refused if isinstance(refused, Mute) else LIE
    found = _believed(hello, reply.hello)
    return found if isinstance(found, Mute) else reply


def _believed(hello: ClientHello, heard: Answer) -> ServerHello | Mute:
    """Return an answer where it is one to the hello, else why it is none."""
    match heard:
        case Mute(closed=True):
            return Mute(why=Why.REFUSED, detail="connection closed", closed=True)
        case Mute():
            return heard
        case Alert():
            return Mute(why=Why.REFUSED, detail=f"alert {heard.name}")
        case ServerHello() if heard.version == hello.version and heard.suite in hello.suites:
            return heard
    return LIE


def _read(part: Callable[..., int], flight: Flight) -> int | Mute:
    if flight.exchange is None:
        return Mute(why=Why.UNREADABLE, detail="the server sends no key exchange")
    try:
        return part(flight.exchange, hinted=hinted(flight.hello.suite))
    except Malformed as error:
        return Mute(why=Why.UNREADABLE, detail=str(error))
