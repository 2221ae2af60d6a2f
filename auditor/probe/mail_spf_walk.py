"""Follow an SPF record to all that it refers to, and count what a receiver must look up."""

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_talk import Talk, gap, look_up
from auditor.probe.mail_spf import Spf, Term, is_spf, parse_spf

MAX_LOOKUPS = 20
"""Look-ups that are counted: twice as many as a receiver makes (RFC 7208 section 4.6.4)."""
MAX_MX = 10
_MAX_ERRORS = 20


def spf(domain: str) -> Talk[Record]:
    """Return the SPF facts of a domain; `Unseen` where its own record is not seen."""
    records = [text for text in (yield from look_up(domain, "TXT")).texts() if is_spf(text)]
    if len(records) != 1:
        return {"count": len(records), "record": "", "end": "", "refuses": False}
    own = parse_spf(records[0])
    walk = Walk(domain)
    seen: Record = {"count": 1, "record": records[0], "refuses": own.refuses and not own.errors}
    try:
        yield from walk.all(domain, own)
    except Unseen as error:
        end = own.end or walk.end
        return {**seen, **({"end": end} if end or not own.redirect else {}), GAP: gap(error)}
    return {**seen, "end": own.end or walk.end, **walk.record()}


class Walk:
    """What was found on the way; nothing is asked twice, and nothing recurses."""

    def __init__(self, domain: str) -> None:
        self.end = ""
        self._lookups = 0
        self._voids = 0
        self._errors: list[str] = []
        self._wide: list[str] = []
        self._pointers = False
        self._waiting: list[tuple[str, Spf, tuple[str, ...], bool]] = []
        """Name, record, the names above, whether it is the record itself or redirected to."""
        self._domain = domain

    def record(self) -> Record:
        """Return the facts."""
        return {
            "errors": list(dict.fromkeys(self._errors))[:_MAX_ERRORS],
            "lookups": self._lookups,
            "void_lookups": self._voids,
            "pointers": self._pointers,
            "wide": list(dict.fromkeys(self._wide))[:_MAX_ERRORS],
        }

    def all(self, name: str, own: Spf) -> Talk[None]:
        """Walk until nothing is left or too much was looked up."""
        self._waiting.append((name, own, (name,), True))
        while self._waiting and self._lookups < MAX_LOOKUPS:
            here, record, above, main = self._waiting.pop(0)
            self._errors += [e if main else f"{here}: {e}" for e in record.errors]
            self._wide += record.wide
            if record.end == "+all" and not main:
                self._wide.append(f"+all ({here})")
            for term in record.terms:
                if self._lookups >= MAX_LOOKUPS:
                    return
                if term.looks_up:
                    yield from self._look(term, here, above)
            if record.end and main:
                self.end = record.end
            if record.redirect and not record.end and self._lookups < MAX_LOOKUPS:
                self._lookups += 1
                yield from self._refer(record.redirect, above, main=main)

    def _look(self, term: Term, here: str, above: tuple[str, ...]) -> Talk[None]:
        self._lookups += 1
        self._pointers = self._pointers or term.kind == "ptr"
        name = term.value or here
        if "%" in name or term.kind == "ptr":
            return
        if term.kind == "include":
            yield from self._refer(name, above, main=False)
        elif term.kind == "mx":
            yield from self._exchanges(name)
        else:
            yield from self._address(name, both=term.kind == "a")

    def _refer(self, name: str, above: tuple[str, ...], *, main: bool) -> Talk[None]:
        if "%" in name:
            return
        name = name.rstrip(".")
        if name in above:
            self._errors.append(f"{name} refers to itself")
            return
        answer = yield from self._asked(name, "TXT")
        texts = [text for text in answer.texts() if is_spf(text)] if answer else []
        self._voids += answer is None or answer.rrset is None
        if len(texts) != 1:
            self._errors.append(f"{name} has {len(texts)} SPF records")
            return
        self._waiting.append((name, parse_spf(texts[0]), (*above, name), main))

    def _exchanges(self, name: str) -> Talk[None]:
        answer = yield from self._asked(name, "MX")
        self._voids += answer is None or answer.rrset is None
        if answer is not None and len(answer.records) > MAX_MX:
            self._errors.append(f"mx: {name} has more than {MAX_MX} mail servers")

    def _address(self, name: str, *, both: bool) -> Talk[None]:
        for kind in ("A", "AAAA") if both else ("A",):
            answer = yield from self._asked(name, kind)
            if answer is not None and answer.rrset is not None:
                return
        self._voids += 1

    def _asked(self, name: str, kind: str) -> Talk[Answer | None]:
        """Ask; None where the name cannot be asked for."""
        try:
            return (yield from look_up(name.rstrip("."), kind))
        except Unseen as error:
            if error.why is not Why.UNSUPPORTED:
                raise
            self._errors.append(error.detail)
            return None
