"""Our verdicts on the servers of the fleet against those of others, and why they differ."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from auditor.collect import Limit, Settings
from auditor.collect.tls_line import Line, item
from auditor.probe.tls import Endpoint, StartTls
from auditor.probe.tls_suites import suite_name
from tests.servers.peers import QUESTIONS, Verdicts, curves
from tests.servers.tls_differences import EXPLAINED, Explained
from tests.servers.tls_faults import Server

STARTTLS = {"psql": StartTls.POSTGRESQL}
AT_ONCE = 4


def ours(server: Server, settings: Settings) -> Verdicts:
    """Return what our prober says of a server, through the parts that make the facts."""
    starttls = STARTTLS.get(server.starttls) or (server.starttls or None)
    point = Endpoint(
        name=server.site, port=server.port, starttls=StartTls(starttls) if starttls else None
    )
    line = Line("127.0.0.1", point, 10.0, Limit(60, threading.Event(), time.monotonic))
    with ThreadPoolExecutor(5) as pool:
        seen = line.survey(pool)
        told = item(line, seen, settings, pool)
    suites = {f"{view.version.label} {suite_name(code)}" for view in seen for code in view.suites}
    return {"suites": suites, **_answers(told, told.get("cert", {}))}


def _answers(told: Mapping[str, object], cert: Mapping[str, object]) -> Verdicts:
    places = {"": told, "cert": cert, "dh": told.get("dh", {})}
    found: dict[str, object] = {}
    for question, record, field in _FIELDS:
        if field in places[record]:
            value = places[record][field]
            found[question] = set(value) if isinstance(value, list | tuple) else value
    if "groups" in told and "curves" in told:
        found["curves"] = curves((*told["groups"], *told["curves"]))
    if told.get("heartbeat") is False:
        found["heartbleed"] = False  # what is not spoken cannot leak
    if "weak_suites" in told:
        found["weak suites"] = bool(told["weak_suites"])
    if "key_type" in cert:
        found["key"] = f"{cert['key_type']} {cert['key_bits']}"
    return found


_FIELDS = (
    ("versions", "", "versions"),
    ("forward secrecy", "", "forward_secrecy"),
    ("DH bits", "dh", "bits"),
    ("groups", "", "groups"),
    ("order of the server", "", "server_order"),
    ("days left", "cert", "days_left"),
    ("name", "cert", "name_matches"),
    ("trusted", "cert", "trusted"),
    ("order", "cert", "chain_ordered"),
    ("signature", "cert", "signature"),
    ("OCSP staple", "", "ocsp_staple"),
    ("compression", "", "compression"),
    ("secure renegotiation", "", "secure_renegotiation"),
    ("fallback refused", "", "fallback_scsv"),
)


class Difference(NamedTuple):
    """One question to which a tool gives another answer than ours."""

    server: str
    question: str
    peer: str
    ours: object
    theirs: object

    @property
    def words(self) -> str:
        """The two answers in short."""
        if isinstance(self.ours, set) and isinstance(self.theirs, set):
            more, less = self.ours - self.theirs, self.theirs - self.ours
            return ", ".join(
                [*(f"+{part}" for part in sorted(more)), *(f"-{part}" for part in sorted(less))]
            )
        return f"{self.ours}, not {self.theirs}"

    @property
    def explained(self) -> Explained | None:
        """The reason that is known for it."""
        return next((known for known in EXPLAINED if known.fits(self)), None)


def all_ours(servers: Iterable[Server], settings: Settings) -> dict[str, Verdicts]:
    """Return what our prober says of each server, by the server's name."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(pool.map(lambda server: (server.name, ours(server, settings)), servers))


def differences(
    mine: Mapping[str, Verdicts], theirs: Mapping[str, Mapping[str, Verdicts]]
) -> Iterator[Difference]:
    """Yield where a tool (by name) says of a server (by name) what we do not."""
    for peer, verdicts in theirs.items():
        for server, answers in verdicts.items():
            for question in QUESTIONS:
                if question not in answers or question not in mine[server]:
                    continue
                if answers[question] != mine[server][question]:
                    yield Difference(
                        server, question, peer, mine[server][question], answers[question]
                    )


def compared(
    mine: Mapping[str, Verdicts], theirs: Mapping[str, Mapping[str, Verdicts]]
) -> dict[str, dict[str, int]]:
    """Return how many servers each tool was compared on, by tool and question."""
    return {
        peer: {
            question: sum(
                question in answers and question in mine[server]
                for server, answers in verdicts.items()
            )
            for question in QUESTIONS
        }
        for peer, verdicts in theirs.items()
    }
