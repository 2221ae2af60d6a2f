"""Which ports of a target answer, as nmap sees them from outside."""

from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table

TARPIT = 1000
"""More open ports than this are one finding: something answers on every port."""
SHOWN = 50
"""Ports kept of a tarpit."""
INTERNET = "internet"
"""The vantage of a zone that the inventory calls so."""


class PortsArgs(Args, frozen=True):
    """Ports to scan: `top1000`, or nmap's list such as `1-1024,8080`."""

    tcp: Annotated[str, msgspec.Meta(pattern=r"^(top[1-9][0-9]{0,4}|[0-9][0-9,-]{0,400})$")] = (
        "top1000"
    )


PROBE = ProbeType(
    name="ports",
    via=Via.PORTS,
    args=PortsArgs,
    doc=Text(id="Port yang menjawab dari luar", en="Ports that answer from outside"),
    gives=record(
        "Port dari luar",
        "Ports from outside",
        {
            "open": table(
                "Port terbuka",
                "Open ports",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "service": leaf(Kind.TEXT, "Layanan", "Service"),
                    "product": leaf(Kind.TEXT, "Produk", "Product"),
                    "version": leaf(Kind.TEXT, "Versi", "Version"),
                    "tls": leaf(Kind.BOOL, "TLS", "TLS"),
                },
                may_be_empty=True,
            ),
            "numbers": leaf(Kind.PORTS, "Port terbuka", "Open port", may_be_empty=True),
            "filtered": leaf(Kind.INT, "Port tersaring", "Filtered ports"),
            "scanned": leaf(Kind.TEXT, "Yang dipindai", "Scanned"),
            "vantage": leaf(Kind.TEXT, "Dilihat dari", "Seen from"),
            "tarpit": leaf(Kind.BOOL, "Menjawab di semua port", "Answers on every port"),
        },
    ),
)
