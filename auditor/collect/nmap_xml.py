"""Read nmap's XML as it comes: each host when it is finished, in bounded memory, safely.

The stream is cut at the ends of hosts; nmap escapes `<` and quotes in attributes, so that no text
of a target can look like a tag. python-nmap reads each host without the document's head: what a
DOCTYPE could declare does not exist there. What python-nmap leaves out is read beside it.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address

import nmap

from auditor.model.base import Value
from auditor.model.text import inert
from auditor.probe import port_lists

HOST_LIMIT = 32 * 2**20
"""Bytes of XML that one host may take; the reader holds no more than one host."""
HEAD_LIMIT = 65_536
LISTED = 2_000
"""Ports of a host that are read one by one; of a host with more, only how many are open."""
TEXT_LIMIT = 200
SURE = 3
"""nmap's confidence in a name that it only looked up by the port's number."""
_NAMELESS = frozenset({"", "unknown", "tcpwrapped"})

_ROOT = re.compile(rb"<nmaprun[\s>]")
_HOST = re.compile(rb"<host[\s>]")
_END = b"</host>"
_EXTRA = re.compile(rb'<extraports state="([a-z|]{1,20})" count="([0-9]{1,6})"')
_LISTS = re.compile(rb'proto="(tcp|udp)" ports="([0-9,-]{1,500000})"')
_PORT = re.compile(rb'<port protocol="(tcp|udp)" portid="([0-9]{1,5})">')
_OPEN = b'<state state="open"'


class BrokenXml(ValueError):  # noqa: N818 - says what it is
    """nmap's output is not what nmap writes."""


class Port(Value, frozen=True):
    """One port that nmap lists by itself."""

    port: str
    state: str
    service: str
    product: str
    version: str
    tls: bool
    identified: bool
    """nmap talked to the service and knows it."""


class Host(Value, frozen=True):
    """One finished host. `address` is in its shortest form.

    `counts` holds how many ports were left out by state, `others` which: (state, protocol, list).
    `opened` is the number of open ports, of which `ports` may hold a part.
    """

    address: str
    ports: tuple[Port, ...]
    counts: dict[str, int]
    others: tuple[tuple[str, str, str], ...] = ()
    opened: int = 0
    timed_out: bool = False
    reason: str = ""
    """How nmap knows that it is up."""
    vendor: str = ""

    def state_of(self, name: str) -> str:
        """Return the state of a port such as "443/tcp", empty where nmap did not tell it."""
        for port in self.ports:
            if port.port == name:
                return port.state
        number, _, protocol = name.partition("/")
        for state, of, listed in self.others:
            if of == protocol and port_lists.holds(listed, int(number)):
                return state
        return ""


class HostReader:
    """Takes nmap's output in pieces and gives the hosts that are finished."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._looked = 0
        self._begun = False

    def feed(self, piece: bytes) -> Iterator[Host]:
        """Yield the hosts that end in this piece; raises `BrokenXml`."""
        self._waiting += piece
        if not self._begun:
            self._begun = self._begin()
        while self._begun and (end := self._waiting.find(_END, self._looked)) >= 0:
            text = bytes(self._waiting[: end + len(_END)])
            del self._waiting[: end + len(_END)]
            self._looked = 0
            start = _HOST.search(text)
            if start is None:
                raise BrokenXml("the XML is damaged: a host ends that did not begin")
            yield read_host(text[start.start() :])
        self._looked = max(0, len(self._waiting) - len(_END))
        if len(self._waiting) > HOST_LIMIT:
            raise BrokenXml("one host takes more XML than any host can")

    def close(self) -> None:
        """Raise `BrokenXml` where what came was never nmap's output."""
        if not self._begun and self._waiting.strip():
            raise BrokenXml("the XML is damaged: it does not begin as nmap's does")

    def _begin(self) -> bool:
        root = _ROOT.search(self._waiting)
        head = bytes(self._waiting[: root.start() if root else HEAD_LIMIT])
        if b"<!ENTITY" in head or (b"<!DOCTYPE" in head and b"[" in head.split(b"<!DOCTYPE", 1)[1]):
            raise BrokenXml("the XML declares entities")
        if root is None and len(self._waiting) > HEAD_LIMIT:
            raise BrokenXml("the XML is damaged: it has no beginning")
        return root is not None


_WRAP = '<nmaprun args="" startstr="">{}<runstats><finished timestr="" elapsed="0" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>'  # noqa: E501 - what python-nmap wants around a host


def read_host(text: bytes) -> Host:
    """Let python-nmap read one `<host>…</host>`, and keep its dictionary form in here."""
    opened = text.count(_OPEN)
    text = _shortened(text)
    try:
        xml = _WRAP.format(text.decode("utf-8"))
        scanned = nmap.PortScanner.analyse_nmap_xml_scan(_reader(), nmap_xml_output=xml)["scan"]
        ((address, host),) = scanned.items()
        tls = _tls(text)
        ports = tuple(
            _port(protocol, number, said, tls)
            for protocol in ("tcp", "udp")
            for number, said in host.get(protocol, {}).items()
        )
        counts, others = _left_out(text[: text.find(b"<port ")])
        return Host(
            address=str(ip_address(address)),
            ports=ports,
            counts=counts,
            others=others,
            opened=opened,
            timed_out=b'timedout="true"' in text[: text.find(b">")],
            reason=_short(host.get("status", {}).get("reason")),
            vendor=_short(next(iter(host["vendor"].values()), "")),
        )
    except (nmap.PortScannerError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenXml(f"a host cannot be read: {str(error)[:TEXT_LIMIT]}") from error


def _shortened(text: bytes) -> bytes:
    """Leave out the ports after the first `LISTED`, of a host that has more."""
    for number, start in enumerate(_PORT.finditer(text)):
        if number == LISTED:
            return text[: start.start()] + b"</ports></host>"
    return text


def _left_out(text: bytes) -> tuple[dict[str, int], tuple[tuple[str, str, str], ...]]:
    """Return how many ports are not listed one by one, by state, and which."""
    counts: dict[str, int] = {}
    others: list[tuple[str, str, str]] = []
    begun = list(_EXTRA.finditer(text))
    for match, end in zip(begun, [*(m.start() for m in begun[1:]), len(text)], strict=False):
        state = match[1].decode()
        counts[state] = counts.get(state, 0) + int(match[2])
        others += [
            (state, listed[1].decode(), listed[2].decode())
            for listed in _LISTS.finditer(text, match.end(), end)
        ]
    return counts, tuple(others)


def _tls(text: bytes) -> set[tuple[str, int]]:
    """Return the ports that speak TLS: python-nmap leaves that mark out."""
    found = set()
    at = text.find(b' tunnel="ssl"')
    while at >= 0:
        start = text.rfind(b"<port ", 0, at)
        if match := _PORT.match(text, start) if start >= 0 else None:
            found.add((match[1].decode(), int(match[2])))
        at = text.find(b' tunnel="ssl"', at + 1)
    return found


def _reader() -> nmap.PortScanner:
    """A reader without a search for the nmap binary, which only running it needs."""
    reader: nmap.PortScanner = nmap.PortScanner.__new__(nmap.PortScanner)
    reader._nmap_last_output = ""  # noqa: SLF001 - the only state that reading uses
    reader._scan_result = {}  # noqa: SLF001
    return reader


def _port(protocol: str, number: int, said: dict[str, str], tls: set[tuple[str, int]]) -> Port:
    if not 0 <= number <= port_lists.LAST:
        raise ValueError(f"there is no port {number}")
    name = _short(said.get("name"))
    return Port(
        port=f"{number}/{protocol}",
        state=_short(said.get("state")),
        service=name,
        product=_short(said.get("product")),
        version=_short(said.get("version")),
        tls=(protocol, number) in tls or name == "https",
        identified=int(said.get("conf") or 0) > SURE and name not in _NAMELESS,
    )


def _short(text: object) -> str:
    return " ".join(inert(str(text or "")[: 4 * TEXT_LIMIT]).split())[:TEXT_LIMIT]
