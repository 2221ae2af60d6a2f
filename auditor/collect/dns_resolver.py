"""Ask the resolvers, remember what they said, and stop asking those that are silent."""

from collections.abc import Sequence

import dns.resolver

from auditor.collect import Limit
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.dns_wire import exchange, question
from auditor.model.fact import Why
from auditor.probe.dns_answer import Answer, read_answer, refers
from auditor.probe.dns_talk import Ask, Mute

QUESTIONS = 400
"""Questions to resolvers and servers for one domain, at most."""
SILENCES = 3
"""Questions in a row without an answer, after which no more are asked for a domain."""
_FIRST_SHARE = 0.3
"""Of the time for an answer, how long the first try waits: a packet may be lost."""
_REFERRED = Mute(
    why=Why.UNSUPPORTED, detail="the resolver names other servers instead of answering"
)
_TOO_MANY = Mute(why=Why.CUT, detail=f"more than {QUESTIONS} questions would be needed")


def system_resolvers() -> tuple[str, ...]:
    """Return the addresses in this machine's /etc/resolv.conf."""
    try:
        found = dns.resolver.Resolver(configure=True).nameservers
    except (dns.resolver.NoResolverConfiguration, OSError):
        return ()
    return tuple(str(address) for address in found)


class Resolver:
    """The resolvers of a run, asked one after the other; `seconds` is for one answer."""

    def __init__(self, addresses: Sequence[str], port: int, seconds: float, limit: Limit) -> None:
        self.questions = 0
        """Asked since the domain began, whether or not they were answered."""
        self._addresses = addresses
        self._port = port
        self._seconds = seconds
        self._limit = limit
        self._memory: dict[Ask, Answer | Mute] = {}
        self._silent = 0
        self._last: Mute | None = None

    def begin(self) -> None:
        """Begin with another domain."""
        self.questions = 0
        self._silent = 0

    def ask(self, ask: Ask) -> Answer | Mute:
        """Return what is heard; from memory where it was asked before."""
        if ask not in self._memory:
            self._memory[ask] = self._ask(ask)
        return self._memory[ask]

    def _ask(self, ask: Ask) -> Answer | Mute:
        if not ask.server and self._silent >= SILENCES and self._last is not None:
            return self._last
        if self.questions >= QUESTIONS:
            return _TOO_MANY
        self.questions += 1
        try:
            heard = self._exchange(ask)
        except Unreached as error:
            mute = Mute(why=error.why, detail=error.detail)
            if not ask.server and error.why is not Why.UNSUPPORTED:
                self._silent += 1
                self._last = mute
            return mute
        self._silent = 0
        return heard

    def _exchange(self, ask: Ask) -> Answer | Mute:
        """Ask twice: of two resolvers the second is asked where the first does not answer."""
        query = question(ask)
        places = (ask.server,) if ask.server else self._addresses
        if not places:
            raise Unreached(Why.NO_DATA, "no resolver is known: write resolvers: in the inventory")
        for turn, share in enumerate((_FIRST_SHARE, 1 - _FIRST_SHARE)):
            deadline = Deadline(self._limit, self._seconds * share)
            try:
                reply = exchange(query, places[turn % len(places)], self._port, deadline)
                return _REFERRED if not ask.server and refers(reply) else read_answer(reply)
            except Unreached as error:
                if turn or error.why is Why.INTERRUPTED:
                    raise
        raise AssertionError  # pragma: no cover - the second turn returns or raises
