"""Hosts in the networks of a target that no inventory knows. Opt-in: the target names networks."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe.base import Args, ProbeType, Unseen, Via
from auditor.probe.fields import leaf, record, table

Network: TypeAlias = IPv4Network | IPv6Network

MOST_ADDRESSES = 65_536
"""Addresses of the largest network that is searched: a /16, or a /112 of IPv6."""
MOST_UNKNOWN = 500
"""Unknown hosts that are told one by one."""


class DiscoveryArgs(Args, frozen=True):
    """Takes no arguments."""


def search_area(networks: Iterable[str], scope: Iterable[str]) -> tuple[Network, ...]:
    """Return networks that may be searched, or raise `Unseen`: too large, out of scope, none."""
    covered = [ip_network(text) for text in scope]
    found = []
    for text in networks:
        try:
            network = ip_network(text)
        except ValueError as error:
            raise Unseen(Why.UNSUPPORTED, f"{text} is no network") from error
        if network.num_addresses > MOST_ADDRESSES:
            raise Unseen(Why.UNSUPPORTED, f"{text} is larger than a /16 (IPv6: /112): name parts")
        if not any(_within(network, one) for one in covered):
            raise Unseen(Why.SCOPE, f"{text}, which the authority letter does not cover")
        found.append(network)
    return tuple(found)


def _within(network: Network, other: Network) -> bool:
    return network.version == other.version and all(
        edge in other for edge in (network.network_address, network.broadcast_address)
    )


PROBE = ProbeType(
    name="discovery",
    via=Via.PORTS,
    args=DiscoveryArgs,
    doc=Text(
        id="Host di jaringan target yang tidak dikenal inventaris mana pun",
        en="Hosts in a target's networks that no inventory knows",
    ),
    gives=record(
        "Host tak dikenal di jaringan",
        "Unknown hosts in networks",
        {
            "asked": leaf(Kind.BOOL, "Jaringan disebut di inventaris", "The inventory names one"),
            "unknown": table(
                "Host tak dikenal",
                "Unknown hosts",
                "address",
                {
                    "address": leaf(Kind.TEXT, "Alamat", "Address"),
                    "how": leaf(
                        Kind.TEXT, "Jawaban dan pembuat perangkat", "Answer and maker of the device"
                    ),
                },
                may_be_empty=True,
            ),
            "networks": leaf(Kind.TEXTS, "Jaringan", "Networks", may_be_empty=True),
            "seen": leaf(Kind.INT, "Host yang menjawab", "Hosts that answered"),
            "known": leaf(Kind.INT, "Host yang dikenal", "Hosts that are known"),
            "unresolved": leaf(
                Kind.INT, "Nama inventaris tanpa alamat", "Names of the inventory without address"
            ),
            "truncated": leaf(Kind.BOOL, "Daftar dipotong", "The list is cut"),
            "vantage": leaf(Kind.TEXT, "Dilihat dari", "Seen from"),
        },
    ),
)
