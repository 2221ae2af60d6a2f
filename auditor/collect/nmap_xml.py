"""Read nmap's XML as it comes: each host when it is finished, in bounded memory, safely."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import nmap

from auditor.model.base import Value
from auditor.model.text import inert

HOST_LIMIT = 32 * 2**20
"""Bytes of XML that one host may take."""
TEXT_LIMIT = 200


class BrokenXml(ValueError):  # noqa: N818 - says what it is
    """nmap's output is not what nmap writes."""


class Port(Value, frozen=True):
    """One port that answered or was filtered."""

    port: str
    state: str
    service: str
    product: str
    version: str
    tls: bool


class Host(Value, frozen=True):
    """One finished host; `counts` holds how many ports were left out by state."""

    address: str
    ports: tuple[Port, ...]
    counts: dict[str, int]


class HostReader:
    """Takes nmap's output in pieces and gives the hosts that are finished."""

    def __init__(self) -> None:
        self._parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(events=("end",))
        self._since = 0
        self._head = b""

    def feed(self, piece: bytes) -> Iterator[Host]:
        """Yield the hosts that end in this piece; raises `BrokenXml`."""
        if len(self._head) < 4096:  # noqa: PLR2004 - a DOCTYPE stands at the very beginning
            self._head += piece[:4096]
        if b"<!ENTITY" in self._head or b"<!ENTITY" in piece or b"[<!" in self._head:
            raise BrokenXml("the XML declares entities")
        self._since += len(piece)
        if self._since > HOST_LIMIT:
            raise BrokenXml("one host takes more XML than any host can")
        try:
            self._parser.feed(piece)
            for event in self._parser.read_events():
                element = event[-1]
                if isinstance(element, ET.Element) and element.tag == "host":
                    self._since = 0
                    yield _host(element)
                    element.clear()
        except ET.ParseError as error:
            raise BrokenXml(f"the XML is damaged: {error}") from error


_WRAP = '<nmaprun args="" startstr="">{}<runstats><finished timestr="" elapsed="0" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>'  # noqa: E501 - what python-nmap wants around a host


def _host(element: ET.Element) -> Host:
    """Let python-nmap read one host, and keep its dictionary form inside this function."""
    counts = {
        extra.get("state", ""): int(extra.get("count", "0"))
        for extra in element.iter("extraports")
        if extra.get("count", "0").isdecimal()
    }
    xml = _WRAP.format(ET.tostring(element, encoding="unicode"))
    try:
        scanned = nmap.PortScanner.analyse_nmap_xml_scan(_reader(), nmap_xml_output=xml)["scan"]
    except (nmap.PortScannerError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenXml(f"a host cannot be read: {error}") from error
    tls = {
        port.get("portid", "")
        for port in element.iter("port")
        if any(service.get("tunnel") == "ssl" for service in port.iter("service"))
    }
    for address, host in scanned.items():
        ports = [
            _port(protocol, number, said, tls)
            for protocol in ("tcp", "udp")
            for number, said in host.get(protocol, {}).items()
        ]
        return Host(address=inert(str(address)), ports=tuple(ports), counts=counts)
    return Host(address="", ports=(), counts=counts)


def _reader() -> nmap.PortScanner:
    """A reader without a search for the nmap binary, which only running it needs."""
    reader: nmap.PortScanner = nmap.PortScanner.__new__(nmap.PortScanner)
    reader._nmap_last_output = ""  # noqa: SLF001 - the only state that reading uses
    reader._scan_result = {}  # noqa: SLF001
    return reader


def _port(protocol: str, number: int, said: dict[str, str], tls: set[str]) -> Port:
    """`tls` holds the ports that speak it: python-nmap leaves that mark out."""
    return Port(
        port=f"{int(number)}/{protocol}",
        state=str(said.get("state", "")),
        service=_short(said.get("name")),
        product=_short(said.get("product")),
        version=_short(said.get("version")),
        tls=str(number) in tls or said.get("name") == "https",
    )


def _short(text: object) -> str:
    return " ".join(inert(str(text or "")).split())[:TEXT_LIMIT]
