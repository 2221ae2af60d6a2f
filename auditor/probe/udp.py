"""Which UDP services answer, and which of them can be made to flood others.

Only what answered is open; `unseen` counts the ports that kept silent, open or filtered.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe import port_lists
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.port_names import AMPLIFIERS


class UdpArgs(Args, frozen=True):
    """Ports to ask. Those that the inventory names for a target are asked beside them."""

    ports: Annotated[str, msgspec.Meta(pattern=r"^[0-9][0-9,-]{0,400}\Z")] = (
        "17,19,53,69,111,123,137,161,389,500,1434,1900,5353,11211"
    )

    def __post_init__(self) -> None:
        """Refuse what nmap would refuse; raises ValueError."""
        port_lists.numbers(self.ports)


def amplifiers(answering: Iterable[str], *, recursion: bool, control: bool) -> list[str]:
    """Return the ports whose answers are far larger than the questions."""
    special = {"53/udp": recursion, "123/udp": control}
    return [port for port in answering if special.get(port, port in AMPLIFIERS)]


PROBE = ProbeType(
    name="udp",
    via=Via.PORTS,
    args=UdpArgs,
    doc=Text(
        id="Layanan UDP yang menjawab dari luar; perlu hak root pada mesin auditor",
        en="UDP services that answer from outside; needs root on the auditor's machine",
    ),
    gives=record(
        "Layanan UDP",
        "UDP services",
        {
            "open": table(
                "Layanan UDP",
                "UDP services",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "service": leaf(Kind.TEXT, "Layanan", "Service"),
                    "expected": leaf(Kind.BOOL, "Sesuai inventaris", "As the inventory says"),
                },
                may_be_empty=True,
            ),
            "numbers": leaf(Kind.PORTS, "Port UDP", "UDP port", may_be_empty=True),
            "recursion": leaf(Kind.BOOL, "Melayani rekursi DNS", "Recurses DNS"),
            "ntp_control": leaf(
                Kind.BOOL, "Menjawab perintah kendali NTP", "Answers NTP control messages"
            ),
            "amplifiers": leaf(
                Kind.PORTS, "Layanan pelipat ganda", "Amplifying service", may_be_empty=True
            ),
            "unseen": leaf(Kind.INT, "Port tanpa jawaban", "Ports without an answer"),
            "scanned": leaf(Kind.TEXT, "Yang ditanya", "Asked"),
            "vantage": leaf(Kind.TEXT, "Dilihat dari", "Seen from"),
        },
    ),
)
