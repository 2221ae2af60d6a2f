"""What is asked of a domain's own servers: only those that the authority letter covers."""

import ssl
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

import h11
from dns.message import Message

from auditor.collect import Limit, Settings
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.dns_wire import Stream, question
from auditor.collect.guard import must_cover
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.dns_talk import Ask, Fetch, Handed, Page, Transfer

_HEAD_LIMIT = 65_536
_MESSAGES = 2
"""Messages of a transfer that are read: the first may hold the SOA alone."""


def transfer(wanted: Transfer, settings: Settings, limit: Limit, port: int) -> Handed:
    """Ask a server for the whole zone and hang up once it begins to give it; nothing is kept."""
    must_cover(wanted.server, settings)
    deadline = Deadline(limit, settings.connect_timeout)
    query = question(Ask(name=wanted.zone, kind="AXFR", server=wanted.server))
    query.use_edns(False)  # noqa: FBT003 - the library's parameter
    records = 0
    with Connection(wanted.server, port, deadline) as line:
        stream = Stream(line)
        stream.send(query)
        for _ in range(_MESSAGES):
            more = _records(stream, query)
            records += more
            if not more or records > 1:
                break
    return Handed(open=records > 1)


def _records(stream: Stream, query: Message) -> int:
    """Return how many records come next; 0 where the server refuses or hangs up."""
    try:
        reply = stream.receive(query)
    except Unreached as error:
        if error.closed:
            return 0
        raise
    return 0 if reply.rcode() else sum(len(rrset) for rrset in reply.answer)


def within(host: str, addresses: Sequence[str], settings: Settings) -> str:
    """Return the first address of a host that the letter covers, name and address both."""
    must_cover(host, settings)
    covers = settings.inventory.authority.scope.covers
    found = next((one for one in addresses if covers(one)), addresses[0])
    must_cover(found, settings)
    return str(ip_address(found))


def fetch(wanted: Fetch, settings: Settings, limit: Limit, port: int) -> Page:
    """Ask for a page as a mail server asks for a policy: verified, no redirect, bounded."""
    ip = within(wanted.host, wanted.addresses, settings)
    deadline = Deadline(limit, settings.connect_timeout)
    with Connection(ip, port, deadline) as line:
        try:
            line.encrypt(verifying(settings.inventory.ca_file), wanted.host)
        except Unreached as error:
            if error.why is Why.UNREADABLE and not error.closed:
                return Page(trusted=False, problem=inert(error.detail))
            raise
        return _page(wanted, line)


def _page(wanted: Fetch, line: Connection) -> Page:
    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_LIMIT)
    fields = [("Host", wanted.host), ("User-Agent", "auditor"), ("Connection", "close")]
    request = h11.Request(method="GET", target=wanted.path, headers=fields)
    try:
        line.send((protocol.send(request) or b"") + (protocol.send(h11.EndOfMessage()) or b""))
        return _read(protocol, line, wanted.most)
    except h11.RemoteProtocolError as error:
        raise Unreached(Why.UNREADABLE, "does not speak HTTP") from error


def _read(protocol: h11.Connection, line: Connection, most: int) -> Page:
    status, body, read = 0, b"", 0
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            data = line.receive()
            read += len(data)
            if read > most + _HEAD_LIMIT:
                return Page(status=status, problem=f"longer than {most} bytes")
            protocol.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
            if len(body) > most:
                return Page(status=status, problem=f"longer than {most} bytes")
        elif not isinstance(event, h11.InformationalResponse):
            return Page(status=status, body=body)


@lru_cache(maxsize=4)
def verifying(ca_file: str | None) -> ssl.SSLContext:
    """Trust what `tls_roots` trusts: the system's roots and those that the inventory adds."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=str(Path(ca_file).expanduser()))
    return context
