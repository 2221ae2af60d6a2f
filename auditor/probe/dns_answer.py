"""Read answers of the DNS: only what belongs to the question counts, whatever else they hold."""

from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import msgspec
from dns.name import Name
from dns.rrset import RRset

from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.dns_talk import MAX_ALIASES, Mute

MAX_RECORDS = 500
"""Records of one type in an answer; an honest zone has a handful."""
TEXT_LIMIT = 8192
"""Characters of a TXT record that are kept."""
_WHY = {"REFUSED": Why.REFUSED, "NOTAUTH": Why.REFUSED, "NOTIMP": Why.UNSUPPORTED}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that can be read: NOERROR or NXDOMAIN.

    `exists` is about the name at the end of `chain`, the aliases that were followed. `rrset` is
    what was asked for, None where the name has no such record.
    """

    exists: bool
    chain: tuple[str, ...] = ()
    rrset: RRset | None = None
    authoritative: bool = False
    leads_on: bool = False
    """It ends with an alias whose target was not looked up."""
    message: dns.message.Message = msgspec.field(default_factory=dns.message.Message)

    def after(self, chain: tuple[str, ...]) -> "Answer":
        """Return the same with all the aliases that led to it."""
        return msgspec.structs.replace(self, chain=chain)

    @property
    def records(self) -> list[Any]:
        """The records, in an order that does not change."""
        return sorted(self.rrset or ())

    def texts(self) -> list[str]:
        """Return TXT records, the strings of each joined, inert, not in ASCII: replaced."""
        return [joined(record.strings) for record in self.records]

    def names(self, field: str = "target") -> list[str]:
        """Return the names in a field of the records, as `shown`."""
        return [shown(getattr(record, field)) for record in self.records]

    def referral(self) -> list[str]:
        """Return the names of the servers of the zone below that a server leads to."""
        question = self.message.question[0]
        below = self.message.get_rrset(
            self.message.authority, question.name, question.rdclass, dns.rdatatype.NS
        )
        return [shown(record.target) for record in below or ()]

    def addresses(self) -> list[str]:
        """Return the addresses of A or AAAA records."""
        return [record.address for record in self.records]


def joined(strings: tuple[bytes, ...]) -> str:
    """Join the strings of a TXT record."""
    data = b"".join(strings)[:TEXT_LIMIT]
    return inert(data.decode("ascii", "replace"))


def shown(name: Name) -> str:
    """Return a name as text in lower case, without the dot at its end; "" is the root."""
    return inert(name.canonicalize().to_text(omit_final_dot=True)) if len(name) > 1 else ""


def named(text: str) -> Name:
    """Return the absolute name that a text writes; raises ValueError where it is none."""
    try:
        return dns.name.from_text(text or ".")
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError(f"{inert(text)[:80]} is no name in the DNS") from error


def read_answer(message: dns.message.Message) -> Answer | Mute:
    """Return what a message says about its own question."""
    rcode = dns.rcode.to_text(message.rcode())
    if rcode not in ("NOERROR", "NXDOMAIN"):
        why = _WHY.get(rcode, Why.UNREACHABLE)
        return Mute(why=why, detail=f"the name server says {inert(rcode)}", rcode=rcode)
    question = message.question[0]
    chain: list[Name] = []
    here = question.name
    while (alias := _alias(message, here, question.rdtype)) is not None:
        if alias in (question.name, *chain) or len(chain) >= MAX_ALIASES:
            return Mute(
                why=Why.UNREADABLE, detail=f"{shown(question.name)}: aliases without an end"
            )
        chain.append(alias)
        here = alias
    rrset = message.get_rrset(message.answer, here, question.rdclass, question.rdtype)
    if rrset is not None and len(rrset) > MAX_RECORDS:
        return Mute(why=Why.CUT, detail=f"more than {MAX_RECORDS} records of one type")
    told = rrset is not None or rcode == "NXDOMAIN" or _denied(message)
    return Answer(
        exists=rcode == "NOERROR",
        chain=tuple(map(shown, chain)),
        rrset=rrset,
        authoritative=bool(message.flags & dns.flags.AA),
        leads_on=bool(chain) and not told,
        message=message,
    )


def refers(message: dns.message.Message) -> bool:
    """Tell whether a message only leads to other servers, which says nothing of the name."""
    kinds = {rrset.rdtype for rrset in message.authority}
    silent = message.rcode() == dns.rcode.NOERROR and not message.answer
    return silent and dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds


def _alias(message: dns.message.Message, name: Name, wanted: int) -> Name | None:
    if wanted == dns.rdatatype.CNAME:
        return None
    found = message.get_rrset(message.answer, name, dns.rdataclass.IN, dns.rdatatype.CNAME)
    return found[0].target if found else None


def _denied(message: dns.message.Message) -> bool:
    return any(rrset.rdtype == dns.rdatatype.SOA for rrset in message.authority)
