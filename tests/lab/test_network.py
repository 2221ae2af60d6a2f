"""The network audit over the lab: what a citizen and an attacker see, and nothing leaves.

All that would leave the lab's network goes into a card of its own, whose counter tells.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest

from auditor.audit import scan
from auditor.load.policies import load_policy
from auditor.model.result import Status
from auditor.store import open_store
from tests.lab import Fault, Lab, TargetSpec
from tests.lab.conftest import Audited, Silent, make_request

WEB = ("22/tcp", "80/tcp", "443/tcp")
SPECS = (
    TargetSpec("portal", sites=("portal.batu.lab",), ports=WEB, hardened=True),
    TargetSpec("apache", sites=("apache.batu.lab",), roles=("apache",), ports=WEB),
    TargetSpec(
        "terbuka",
        "dinkes",
        sites=("terbuka.batu.lab",),
        ports=(*WEB, "8443/tcp"),
        faults=frozenset({Fault.OPEN_SITE, Fault.NO_REDIRECT, Fault.FTP, Fault.WEAK_SSHD}),
    ),
    TargetSpec("lama", sites=("lama.batu.lab",), ports=WEB, faults=frozenset({Fault.TLS10})),
    TargetSpec(
        "surel",
        sites=("mail.batu.lab",),
        roles=("mail",),
        ports=(*WEB, "25/tcp", "143/tcp", "993/tcp"),
    ),
    TargetSpec(
        "nama",
        roles=("dns",),
        ports=("22/tcp", "53/tcp"),
        faults=frozenset({Fault.AXFR, Fault.WEAK_MAIL}),
    ),
    TargetSpec("basis", ports=("22/tcp",), faults=frozenset({Fault.DATABASE_OPEN})),
    TargetSpec("diam", ports=("22/tcp",), faults=frozenset({Fault.HANG})),
    TargetSpec("mati", faults=frozenset({Fault.DOWN})),
)
CARD = "keluar"


class NetworkLab(Lab):
    """A lab with a way out that leads nowhere and counts what is sent there."""

    def __enter__(self) -> "NetworkLab":
        super().__enter__()
        for command in (
            f"ip link add {CARD} type veth peer name luar",
            f"ip link set {CARD} addrgenmode none",
            "ip link set luar addrgenmode none",
            "ip link set luar up",
            f"ip address add 192.0.2.1/24 dev {CARD}",
            f"ip link set {CARD} up",
            f"ip route add default via 192.0.2.254 dev {CARD}",
            f"ip neighbour add 192.0.2.254 lladdr 02:00:00:00:00:01 dev {CARD}",
        ):
            self.run(*command.split(), capture_output=True).check_returncode()
        return self

    def sent_out(self) -> int:
        """Return how many packets were sent out of the lab so far."""
        told = self.run("ip", "-s", "-j", "link", "show", "dev", CARD, capture_output=True)
        return int(json.loads(told.stdout)[0]["stats64"]["tx"]["packets"])


@pytest.fixture(scope="module")
def city() -> Iterator[NetworkLab]:
    with NetworkLab(SPECS) as lab:
        yield lab


@pytest.fixture(scope="module")
def seen(city, tmp_path_factory) -> Iterator[Audited]:
    """The lab as the Internet sees it, by all four policies of the network audit."""
    home = tmp_path_factory.mktemp("network")
    request = msgspec.structs.replace(
        make_request(city, home, connect_timeout=2.0, task_timeout=60.0),
        policies=(*load_policy("network-internet"),),
    )
    settings = msgspec.structs.replace(request.settings, now=lambda: datetime.now(UTC))
    request = msgspec.structs.replace(request, settings=settings)
    before = city.sent_out()
    with city.network(), open_store(home, lock=True) as store:
        run = scan(request, store, Event(), Silent())
        audited = Audited(run, store, home, request)
        audited.sent_out = city.sent_out() - before
        yield audited


def test_no_packet_leaves_the_lab(seen):
    assert seen.sent_out == 0


def test_a_packet_that_leaves_would_be_counted(city):
    before = city.sent_out()

    city.run("nmap", "-n", "-Pn", "-sT", "-p", "80", "--host-timeout", "2s", "8.8.8.8",
             capture_output=True)  # fmt: skip

    assert city.sent_out() > before
