"""What is asked of the DNS and of mail servers, and what they answer.

A survey is a generator: it yields what to ask, is sent what was heard, and returns its record. It
knows no socket; the collector sends, bounds, remembers, and keeps to the authority's scope.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import msgspec

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen

if TYPE_CHECKING:
    from auditor.probe.dns_answer import Answer

MAX_ALIASES = 8
"""Aliases (CNAME) that are followed from one name."""


class Ask(Value, frozen=True):
    """A question to the resolver, or to one of the zone's own servers at `server`.

    `name` has no dot at its end; "" is the root. `kind` is a record type, such as "MX".
    """

    name: str
    kind: str
    server: str = ""


class Transfer(Value, frozen=True):
    """Ask a server for a whole zone; no more of it is read than shows whether it is given."""

    zone: str
    server: str


class Fetch(Value, frozen=True):
    """Ask `host`, behind one of `addresses`, for a page over HTTPS, its certificate verified.

    `most` are the bytes of it that are wanted.
    """

    host: str
    addresses: tuple[str, ...]
    path: str
    most: int


class Knock(Value, frozen=True):
    """Ask the mail server `host`, behind one of `addresses`, for TLS."""

    host: str
    addresses: tuple[str, ...]


class Mute(Value, frozen=True):
    """No answer, and why: SCOPE is what may not be asked."""

    why: Why
    detail: str
    rcode: str = ""
    """What a server says instead of an answer, such as "SERVFAIL"."""


class Handed(Value, frozen=True):
    """Whether a server gives the zone away."""

    open: bool


class Page(Value, frozen=True):
    """What a web server answers; `trusted` says whether its certificate is valid for the name."""

    status: int = 0
    body: bytes = b""
    trusted: bool = True
    problem: str = ""


class Door(Value, frozen=True):
    """What a mail server shows; `certificate` is empty where it does not offer TLS."""

    encrypts: bool
    lowest: str = ""
    certificate: Record = msgspec.field(default_factory=dict)


Request: TypeAlias = Ask | Transfer | Fetch | Knock
Heard: TypeAlias = "Answer | Handed | Page | Door | Mute"
T = TypeVar("T")
Talk: TypeAlias = Generator[Request, Any, T]
"""A conversation that returns a T. A step that was not answered raises `Unseen`."""


def ask(name: str, kind: str, server: str = "") -> "Talk[Answer]":
    """Ask one question; `Unseen` where it is not answered."""
    heard: Heard = yield Ask(name=name, kind=kind, server=server)
    if isinstance(heard, Mute):
        raise Unseen(heard.why, heard.detail)
    return heard  # type: ignore[return-value]


def look_up(name: str, kind: str) -> "Talk[Answer]":
    """Ask, and follow aliases that the resolver did not follow; `Unseen` where they do not end."""
    chain: tuple[str, ...] = ()
    here = name
    while True:
        answer = yield from ask(here, kind)
        chain += answer.chain
        if len(chain) > MAX_ALIASES or len({name, *chain}) <= len(chain):
            raise Unseen(Why.UNREADABLE, f"{name}: aliases without an end")
        if not answer.leads_on:
            return answer.after(chain)
        here = chain[-1]


def addresses_of(name: str) -> "Talk[tuple[str, ...]]":
    """Return the addresses behind a name, IPv4 first."""
    four = yield from look_up(name, "A")
    six = yield from look_up(name, "AAAA")
    return (*four.addresses(), *six.addresses())


def settled(talk: Talk[Record]) -> Talk[Record]:
    """Hold a conversation; where it ends without an answer, its record says why."""
    try:
        return (yield from talk)
    except Unseen as error:
        return {GAP: gap(error)}


def gap(error: Unseen) -> Record:
    """Say in a record why its other fields are missing."""
    return {"why": error.why, "detail": error.detail}
