"""Which hellos tell what a server offers, and what its answers mean.

A server that is offered all suites of a version chooses one; offered the rest it chooses the next;
when it refuses, all are known. The same finds the groups of TLS 1.3: a hello without a key share
makes the server name the group that it wants. Pure: a survey yields hellos and is sent answers.
"""

from collections.abc import Generator, Iterable, Sequence
from typing import TypeAlias

import msgspec

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.tls_alerts import PROTOCOL_VERSION, REFUSALS, UNRECOGNIZED_NAME, Alert
from auditor.probe.tls_codec import (
    ClientHello,
    ServerHello,
)
from auditor.probe.tls_suites import (
    CURVES,
    FFDHE,
    GROUPS_1_3,
    PQ_GROUPS,
    X25519,
    Version,
    batches,
    by_exchange,
    by_key,
    cbc,
    exported,
    finite,
    forward_secret,
    static_rsa,
    suite_name,
    weak,
)


class Mute(Value, frozen=True):
    """No answer to a hello, and why. `closed`: the server ended the connection without a word.

    `other`: its first bytes are of another protocol.
    """

    why: Why
    detail: str
    closed: bool = False
    other: bool = False


Answer: TypeAlias = ServerHello | Alert | Mute


class Seen(Value, frozen=True):
    """What a server offers in one version: suites and groups by code, in its order.

    `mute` is what kept the rest from being seen; `refusal` the words in which it said no more.
    `name` is what it was asked for by; `named`: it accepts that. `ffdhe` are the suites
    that it speaks only with clients that name a prime for them (RFC 7919).
    """

    version: Version
    suites: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    mute: Mute | None = None
    groups_mute: Mute | None = None
    refusal: str = ""
    name: str = ""
    named: bool = True
    ffdhe: tuple[int, ...] = ()


LIE = Mute(why=Why.UNREADABLE, detail="the server chose what was not offered")

Survey: TypeAlias = Generator[ClientHello, Answer, Seen]

_SHARE = (X25519, bytes([9]) + bytes(31))
"""A valid key share that needs no randomness: the base point of X25519."""


def survey(version: Version, name: str) -> Survey:
    """Ask a server, called `name` ("" = without a name), for all that it offers in a version.

    Some end a connection over the suite that they would choose, such as DHE without parameters,
    though they speak others: what was not refused in words is asked for again, in parts.
    """
    seen = Seen(version=version, name=name)
    doubted: list[int] = []
    for batch in batches(version):
        seen, left, settled = yield from _exhaust(seen, batch)
        if settled:
            return seen
        doubted += left
    for part in by_exchange(doubted):
        seen, _, settled = yield from _exhaust(seen, part)
        if settled:
            return seen
    if version is Version.TLS_1_3 and seen.suites:
        return (yield from _groups(seen, name if seen.named else ""))
    if version is not Version.SSL_3_0 and seen.suites:
        return (yield from _with_primes(seen))
    return seen


def _with_primes(seen: Seen) -> Survey:
    """Offer the suites of Diffie-Hellman again, with primes: GnuTLS may have none of its own."""
    left = tuple(
        code
        for batch in batches(seen.version)
        for code in batch
        if finite(code) and not exported(code) and code not in seen.suites
    )
    more, _, _ = yield from _exhaust(seen, left, (*CURVES, *FFDHE))
    return msgspec.structs.replace(more, ffdhe=more.suites[len(seen.suites) :])


def groups_for(view: Seen, suites: tuple[int, ...]) -> tuple[int, ...]:
    """Return the groups to name beside suites that a server speaks."""
    if view.version is Version.TLS_1_3:
        return view.groups or (X25519,)
    return (*CURVES, *FFDHE) if suites and set(suites) <= set(view.ffdhe) else CURVES


def _exhaust(
    seen: Seen, offered: tuple[int, ...], groups: tuple[int, ...] = CURVES
) -> Generator[ClientHello, Answer, tuple[Seen, tuple[int, ...], bool]]:
    """Offer suites until the server takes none of the rest.

    Returns also the rest, unless it was refused in words, and whether to ask for no more.
    """
    helped = False
    while offered:
        hello = _hello(seen.version, offered, seen.name if seen.named else "", groups)
        answer, helped = yield from _ask(hello, doubted=helped or not seen.suites)
        seen = _learn(seen, hello, answer)
        if seen.mute or _settled(seen, answer):
            return seen, (), True
        if isinstance(answer, Alert) and answer.code == UNRECOGNIZED_NAME and hello.name:
            seen = msgspec.structs.replace(seen, named=False)
            continue
        if not isinstance(answer, ServerHello):
            return seen, () if _worded(answer) else offered, False
        chosen = offered.index(answer.suite)
        offered = offered[:chosen] + offered[chosen + 1 :]
    return seen, (), False


def _worded(answer: Alert | Mute) -> bool:
    """Tell whether a refusal means all suites that were offered."""
    return isinstance(answer, Alert) and answer.code in REFUSALS


def _hello(
    version: Version, suites: tuple[int, ...], name: str, groups: tuple[int, ...] = CURVES
) -> ClientHello:
    groups = tuple(GROUPS_1_3) if version is Version.TLS_1_3 else groups
    return ClientHello(version=version, suites=suites, name=name, groups=groups)


def _ask(
    hello: ClientHello, *, doubted: bool
) -> Generator[ClientHello, Answer, tuple[Answer, bool]]:
    """Give a server that refuses a second chance: some cannot do without a key share.

    Returns also whether that helped. `doubted`: it may be one of them.
    """
    answer = yield from ask_twice(hello)
    if doubted and isinstance(answer, Alert) and hello.version is Version.TLS_1_3:
        shared = yield msgspec.structs.replace(hello, shares=(_SHARE,))
        if isinstance(shared, ServerHello):
            return shared, True
    return answer, False


def _learn(seen: Seen, hello: ClientHello, answer: Answer) -> Seen:
    if isinstance(answer, ServerHello):
        if answer.version < hello.version:
            return msgspec.structs.replace(seen, refusal=f"answers with 0x{answer.version:04X}")
        if answer.version > hello.version or answer.suite not in hello.suites:
            return msgspec.structs.replace(seen, mute=LIE)
        return msgspec.structs.replace(seen, suites=(*seen.suites, answer.suite))
    if isinstance(answer, Alert):
        return msgspec.structs.replace(seen, refusal=f"alert {answer.name}")
    if answer.closed:
        return msgspec.structs.replace(seen, refusal="connection closed")
    return msgspec.structs.replace(seen, mute=answer)


def _settled(seen: Seen, answer: Answer) -> bool:
    """Tell whether no other suite can change that the version is not spoken."""
    if isinstance(answer, Alert):
        return answer.code == PROTOCOL_VERSION and not seen.suites
    return isinstance(answer, ServerHello) and answer.version < seen.version


def _groups(seen: Seen, name: str) -> Survey:
    left = tuple(GROUPS_1_3)
    found: list[int] = []
    mute: Mute | None = None
    while left and mute is None:
        hello = ClientHello(version=Version.TLS_1_3, suites=seen.suites, name=name, groups=left)
        answer = yield from ask_twice(hello)
        match answer:
            case ServerHello() if answer.group in left:
                found.append(answer.group)
                left = tuple(code for code in left if code != answer.group)
            case ServerHello():
                mute = LIE
            case Mute(closed=False):
                mute = answer
            case _ if found:
                break
            case _:
                mute = Mute(why=Why.NO_DATA, detail="the server names no group")
    return msgspec.structs.replace(seen, groups=tuple(found), groups_mute=mute)


def ask_twice(hello: ClientHello) -> Generator[ClientHello, Answer, Answer]:
    """Believe a server that ends the connection without a word only when it does so again."""
    answer = yield hello
    if isinstance(answer, Mute) and answer.closed:
        answer = yield hello
    return answer


def still_answers(seen: Iterable[Seen]) -> Generator[ClientHello, Answer, bool]:
    """Ask for what was answered before, in one of the versions that are spoken."""
    view = next(view for view in sorted(seen, key=lambda view: view.version) if view.suites)
    name = view.name if view.named else ""
    hello = _hello(view.version, view.suites, name, groups_for(view, view.suites))
    if view.version is Version.TLS_1_3:
        hello = msgspec.structs.replace(hello, shares=(_SHARE,))
    answer = yield from ask_twice(hello)
    return isinstance(answer, ServerHello)


def shows_certificate(seen: Iterable[Seen]) -> Seen | None:
    """Return the version to read the certificate from: it is sent in clear before TLS 1.3."""
    views = sorted(seen, key=lambda view: (view.version < Version.TLS_1_3, view.version))
    return next((view for view in reversed(views) if by_key(view.suites)), None)


def offer(seen: Iterable[Seen]) -> Record:
    """Return what an endpoint offers, as fields of its record.

    A version that was refused by closing the connection is "no" where another was answered.
    Fields that rest on something unseen are missing, and `gap` says why.
    """
    views = sorted(seen, key=lambda view: view.version)
    spoken = [view for view in views if view.suites]
    mute = next((view.mute for view in views if view.mute), None)
    if not spoken:
        return {GAP: gap(mute or _refused(views))}
    record: Record = {}
    if not any(view.mute and not view.suites for view in views):
        record["versions"] = [view.version.label for view in spoken]
        record["lowest"] = spoken[0].version.label
    if mute is None:
        record |= _suites(spoken)
    groups_mute = next((view.groups_mute or view.mute for view in views[-1:]), None)
    if groups_mute is None:
        record["groups"] = [GROUPS_1_3[code] for code in views[-1].groups]
        record["pq"] = not PQ_GROUPS.isdisjoint(views[-1].groups)
    if first := mute or groups_mute:
        record[GAP] = gap(first)
    return record


def _suites(spoken: Sequence[Seen]) -> Record:
    codes = list(dict.fromkeys(code for view in reversed(spoken) for code in view.suites))
    return {
        "suites": [suite_name(code) for code in codes],
        "weak_suites": [suite_name(code) for code in codes if weak(code)],
        "cbc_suites": [suite_name(code) for code in codes if cbc(code)],
        "static_rsa": [suite_name(code) for code in codes if static_rsa(code)],
        "forward_secrecy": all(forward_secret(code) for code in codes),
    }


def _refused(views: Sequence[Seen]) -> Mute:
    """Say in one gap that every version was refused."""
    words = ", ".join(dict.fromkeys(view.refusal for view in views if view.refusal))
    return Mute(why=Why.REFUSED, detail=f"no version of TLS was accepted ({words})")


def gap(mute: Mute) -> Record:
    """Return the reason as a record holds it."""
    return {"why": mute.why, "detail": mute.detail}


def other_protocol(seen: Iterable[Seen]) -> bool:
    """Tell whether the port answered every hello in the words of another protocol."""
    return all(view.mute is not None and view.mute.other for view in seen)
