"""Ask each site of a target for its front page, in clear and over TLS; only heads are read."""

import ssl
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

import h11
import msgspec

from auditor import __version__
from auditor.collect import Limit, Settings
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.guard import reach
from auditor.model.base import TargetId
from auditor.model.fact import GAP, Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import City, Target
from auditor.model.text import inert
from auditor.plan import Task
from auditor.probe.base import Probe, Record
from auditor.probe.http import hsts_max_age, same_site

HEAD_LIMIT = 65_536
"""Bytes that a server may send before its answer's head has ended."""
MAX_HOPS = 5
_EXCERPT_LIMIT = 4000
_LOCATION_LIMIT = 500
_UNQUOTED = "/%:@!$&'()*+,;=~?-._"
_MOVED = frozenset({301, 302, 303, 307, 308})


class Head(msgspec.Struct, frozen=True):
    """The status and the header fields (lower-case name, value) of an answer."""

    status: int
    fields: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        """Return the values of a header field, in order."""
        return [value for field, value in self.fields if field == name]

    @property
    def location(self) -> str:
        """Where the answer sends the visitor, "" for nowhere."""
        return next(iter(self.values("location")), "") if self.status in _MOVED else ""


class HttpCollector:
    """Answers the `http` probe. Ports other than the usual ones serve the tests."""

    def __init__(self, clear: int = 80, secure: int = 443) -> None:
        self._clear = clear
        self._secure = secure

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            for probe in task.probes:
                yield self._observe(target, probe, settings, limit)

    def _observe(
        self, target: Target, probe: Probe, settings: Settings, limit: Limit
    ) -> Observation:
        id_ = TargetId(target.id)
        if not target.sites:
            detail = "the inventory names no site"
            return Gap(target=id_, probe=probe.key, why=Why.NO_DATA, detail=detail)
        try:
            ip = reach(
                target.address,
                settings,
                Deadline(limit, settings.connect_timeout),
                local=target.local,
            )
        except Unreached as error:
            return Gap(target=id_, probe=probe.key, why=error.why, detail=error.detail)
        agent = user_agent(settings.inventory.city)
        visitor = Visitor(ip, agent, settings.connect_timeout, limit)
        sites: list[Record] = [
            {
                "site": site,
                "clear": visitor.clear(site, self._clear),
                "secure": visitor.secure(site, self._secure),
            }
            for site in dict.fromkeys(target.sites)
        ]
        evidence = Evidence(
            source=f"GET / at {ip}, ports {self._clear} and {self._secure}",
            excerpt="\n".join(visitor.notes)[:_EXCERPT_LIMIT],
            seen_at=settings.now(),
        )
        return Fact(target=id_, probe=probe.key, value={"sites": sites}, evidence=evidence)


def user_agent(city: City) -> str:
    """Return the name under which a target's log shows us; header fields hold ASCII only."""
    who = (city.unit or city.name).encode("ascii", "replace").decode()
    shown = "".join(char if char.isprintable() and char not in "()\\" else "?" for char in who)
    return f"auditor/{__version__} (+audit keamanan; {shown})"


class Visitor:
    """Asks one address for pages; every answer is noted."""

    def __init__(self, ip: str, agent: str, seconds: float, limit: Limit) -> None:
        self.notes: list[str] = []
        self._ip = ip
        self._agent = agent
        self._seconds = seconds
        self._limit = limit

    def clear(self, site: str, port: int) -> Record:
        """Return the `clear` record: what a visitor meets who types the name alone."""
        try:
            first = self._get(site, port, "/")
        except Unreached as error:
            return _unanswered(error)
        record: Record = {
            "answered": True,
            "status": first.status,
            "location": inert(first.location)[:_LOCATION_LIMIT],
        }
        try:
            record["redirects_https"] = self._leads_to_tls(site, port, first)
        except Unreached as error:
            record[GAP] = _gap(error)
        return record

    def secure(self, site: str, port: int) -> Record:
        """Return the `secure` record; the certificate is judged elsewhere."""
        try:
            head = self._get(site, port, "/", context=_tolerant())
        except Unreached as error:
            record = _unanswered(error)
            return {**record, "hsts_max_age": 0} if "answered" in record else record
        return {
            "answered": True,
            "status": head.status,
            "hsts_max_age": hsts_max_age(head.values("strict-transport-security")),
        }

    def _leads_to_tls(self, site: str, port: int, head: Head) -> bool:
        """Follow redirects in clear that stay on the site and at this address."""
        url = f"http://{_host(site)}/"
        for _ in range(MAX_HOPS):
            url, scheme, name, query = _next(url, head.location)
            if scheme != "http" or not same_site(site, name):
                return scheme == "https" and same_site(site, name)
            head = self._get(name, port, query)
        raise Unreached(Why.UNREADABLE, f"more than {MAX_HOPS} redirects without HTTPS")

    def _get(
        self, site: str, port: int, path: str, *, context: ssl.SSLContext | None = None
    ) -> Head:
        scheme = "https" if context else "http"
        try:
            with Connection(self._ip, port, Deadline(self._limit, self._seconds)) as connection:
                if context:
                    connection.encrypt(context, site)
                head = _ask(connection, site, path, self._agent)
        except Unreached as error:
            self.notes.append(f"{scheme}://{site}{path}: {error.detail}")
            raise
        self.notes.append(f"{scheme}://{site}{path}: {head.status} {inert(head.location)}".strip())
        return head


def _host(site: str) -> str:
    return f"[{site}]" if ":" in site else site


def _next(url: str, location: str) -> tuple[str, str, str, str]:
    """Return a redirect's URL, its scheme, name and path; all "" where there is none to follow.

    So are those that browsers read otherwise than RFC 3986 does.
    """
    try:
        goal = urljoin(url, location)
        parts = urlsplit(goal)
        port = parts.port
    except ValueError:
        return "", "", "", ""
    name = parts.hostname or ""
    usual = 80 if parts.scheme == "http" else 443
    misleading = "\\" in goal or parts.username is not None or not name.isascii()
    if not location or misleading or port not in {None, usual}:
        return "", "", "", ""
    query = f"?{parts.query}" if parts.query else ""
    return goal, parts.scheme, name, quote(f"{parts.path or '/'}{query}", safe=_UNQUOTED)


def _ask(connection: Connection, site: str, path: str, agent: str) -> Head:
    """Send a GET and return the head of the answer; informational answers are passed over."""
    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=2 * HEAD_LIMIT)
    received = 0
    try:
        connection.send(_request(protocol, site, path, agent))
        while True:
            event = protocol.next_event()
            if isinstance(event, h11.Response):
                fields = ((name.decode(), value.decode("latin-1")) for name, value in event.headers)
                return Head(event.status_code, tuple(fields))
            if event is h11.NEED_DATA:
                if received >= HEAD_LIMIT:
                    raise Unreached(Why.CUT, f"a head of more than {HEAD_LIMIT} bytes")
                data = connection.receive()
                received += len(data)
                protocol.receive_data(data)
    except (h11.RemoteProtocolError, h11.LocalProtocolError) as error:
        raise Unreached(Why.UNREADABLE, f"does not speak HTTP: {error}") from error


def _request(protocol: h11.Connection, site: str, path: str, agent: str) -> bytes:
    fields = [
        ("Host", _host(site)),
        ("User-Agent", agent),
        ("Accept", "*/*"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]
    head = protocol.send(h11.Request(method="GET", target=path, headers=fields))
    return (head or b"") + (protocol.send(h11.EndOfMessage()) or b"")


@lru_cache(maxsize=1)
def _tolerant() -> ssl.SSLContext:
    """Accept any certificate, version and cipher: they are judged elsewhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def _unanswered(error: Unreached) -> Record:
    """A closed port is a fact, anything else could not be seen."""
    record: Record = {GAP: _gap(error)}
    return {"answered": False, **record} if error.why is Why.REFUSED else record


def _gap(error: Unreached) -> Record:
    return {"why": error.why, "detail": error.detail}
