"""From the opening of a conversation to facts about a server."""

from collections.abc import Mapping

from auditor.model.base import Value
from auditor.model.fact import GAP, Json, Why
from auditor.probe.base import Record
from auditor.probe.ssh_server_codec import Hello, Offer
from auditor.probe.ssh_server_keys import Key
from auditor.probe.ssh_server_names import (
    POST_QUANTUM,
    STRICT,
    Use,
    encrypts_first,
    exchanges,
    open_to_terrapin,
    unknown,
    weak,
    weakness,
)


class Mute(Value, frozen=True):
    """Why something was not seen."""

    why: Why
    detail: str


class Login(Value, frozen=True):
    """Ways in that a server names; `open`: it asked for nothing and let the auditor in."""

    methods: tuple[str, ...] = ()
    open: bool = False


def greeting(hello: Hello) -> Record:
    """Return what the version line says."""
    return {
        "banner": hello.line,
        "software": hello.software,
        "comments": hello.comments,
        "protocol": hello.protocol,
        "protocol_1": hello.speaks_1,
    }


def offered(offer: Offer) -> Record:
    """Return the algorithms that a server offers, and what is to be said of them."""
    kex = exchanges(offer.kex)
    ciphers, macs = _either(offer.ciphers), _either(offer.macs)
    strict = STRICT in offer.kex
    return {
        **_judged("kex", Use.KEX, kex),
        **_judged("host_key_algorithms", Use.HOST_KEY, offer.host_keys),
        **_judged("ciphers", Use.CIPHER, ciphers),
        **_judged("macs", Use.MAC, macs),
        "macs_not_etm": [name for name in macs if not encrypts_first(name)],
        "compression": list(_either(offer.compression)),
        "strict_kex": strict,
        "terrapin": not strict and open_to_terrapin(ciphers, macs),
        "post_quantum": any(name in POST_QUANTUM for name in kex),
    }


def _either(directions: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
    """Return what is offered in either direction."""
    return tuple(dict.fromkeys(directions[0] + directions[1]))


def _judged(name: str, use: Use, names: tuple[str, ...]) -> dict[str, Json]:
    return {
        name: list(names),
        f"weak_{name}": weak(use, names),
        f"unknown_{name}": unknown(use, names),
    }


def group_fact(seen: int | Mute, *, offers: bool) -> Record:
    """Return what is known of the group that a server chooses; 0: it chooses none."""
    if isinstance(seen, Mute):
        return {"offered": offers, **gap(seen)}
    return {"offered": offers, "bits": seen} if offers else {"offered": False}


def login_fact(login: Login | Mute) -> Record:
    """Return the ways in; who lets everybody in names none."""
    if isinstance(login, Mute):
        return gap(login)
    if login.open:
        told = Mute(Why.NO_DATA, "the server let the auditor in and named no other way")
        return {"open": True, **gap(told)}
    return {"open": False, "methods": list(login.methods)}


def key_facts(port: str, keys: Mapping[str, Key | Mute]) -> list[Record]:
    """Return a row for each type of host key, seen or not."""
    return [_key(port, kind, key) for kind, key in keys.items()]


def _key(port: str, kind: str, key: Key | Mute) -> Record:
    if isinstance(key, Mute):
        return {"server": port, "type": kind, **gap(key)}
    row: Record = {"server": port, "type": kind, "fingerprint": key.fingerprint}
    if key.bits is None:
        return {**row, **gap(Mute(Why.UNSUPPORTED, "an unknown type of key"))}
    return {**row, "bits": key.bits}


def gap(mute: Mute) -> Record:
    """Return what stands for leaves that were not seen."""
    return {GAP: {"why": mute.why.value, "detail": mute.detail}}


def notes(hello: Hello, offer: Offer) -> list[str]:
    """Return lines of evidence: what was said, and what is wrong with it."""
    lists = {
        Use.KEX: offer.kex,
        Use.HOST_KEY: offer.host_keys,
        Use.CIPHER: _either(offer.ciphers),
        Use.MAC: _either(offer.macs),
    }
    lines = [hello.line]
    lines += [
        f"{use.value}: {', '.join(_noted(use, name) for name in names)}"
        for use, names in lists.items()
    ]
    return [*lines, f"compression: {', '.join(_either(offer.compression))}"]


def key_notes(keys: Mapping[str, Key | Mute]) -> list[str]:
    """Return a line of evidence for each host key."""
    return [
        f"{kind}: {key.detail}"
        if isinstance(key, Mute)
        else f"{kind}: {key.bits or '?'} bits, {key.fingerprint}"
        for kind, key in keys.items()
    ]


def _noted(use: Use, name: str) -> str:
    why = weakness(use, name)
    return f"{name} ({why})" if why else name
