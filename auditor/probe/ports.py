"""Which ports of a target answer, as nmap sees them from outside."""

from typing import Annotated, TypeAlias

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe import port_lists
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table

TARPIT = 300
"""More open ports than this are one finding: something answers on every port."""
SHOWN = 50
"""Ports kept of a tarpit."""
INTERNET = "internet"
"""The vantage of a zone that the inventory calls so."""
LOOPBACK = "loopback"
"""The vantage on the auditor's own machine."""
TOP = "top"

TcpPorts: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^(top[1-9][0-9]{0,4}|[0-9][0-9,-]{0,400})\Z")
]
"""`top1000` (nmap's most used, and those of watched services), or a list such as `1-1024,8080`."""


class PortsArgs(Args, frozen=True):
    """Ports to scan. Those that the inventory names for a target are scanned beside them."""

    tcp: TcpPorts = "top1000"

    def __post_init__(self) -> None:
        """Refuse what nmap would refuse; raises ValueError."""
        if not self.tcp.startswith(TOP):
            port_lists.numbers(self.tcp)
        elif int(self.tcp.removeprefix(TOP)) > port_lists.LAST:
            raise ValueError(f"{self.tcp!r}: there are {port_lists.LAST} ports")


def port_fields() -> dict[str, Field]:
    """Return the fields of one open port."""
    return {
        "port": leaf(Kind.TEXT, "Port", "Port"),
        "service": leaf(Kind.TEXT, "Layanan", "Service"),
        "product": leaf(Kind.TEXT, "Produk", "Product"),
        "version": leaf(Kind.TEXT, "Versi", "Version"),
        "tls": leaf(Kind.BOOL, "TLS", "TLS"),
        "identified": leaf(Kind.BOOL, "Layanan dikenali", "Service identified"),
    }


PROBE = ProbeType(
    name="ports",
    via=Via.PORTS,
    args=PortsArgs,
    doc=Text(
        id="Port TCP yang menjawab dari luar, layanannya dikenali; port inventaris selalu ikut",
        en="TCP ports that answer from outside, services identified; the inventory's always too",
    ),
    gives=record(
        "Port dari luar",
        "Ports from outside",
        {
            "open": table("Port terbuka", "Open ports", "port", port_fields(), may_be_empty=True),
            "numbers": leaf(Kind.PORTS, "Port terbuka", "Open port", may_be_empty=True),
            "listed": table(
                "Port inventaris",
                "Ports of the inventory",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "open": leaf(Kind.BOOL, "Terbuka", "Open"),
                },
                may_be_empty=True,
            ),
            "filtered": leaf(Kind.INT, "Port tersaring", "Filtered ports"),
            "scanned": leaf(Kind.TEXT, "Yang dipindai", "Scanned"),
            "vantage": leaf(Kind.TEXT, "Dilihat dari", "Seen from"),
            "tarpit": leaf(Kind.BOOL, "Menjawab di semua port", "Answers on every port"),
        },
    ),
)
