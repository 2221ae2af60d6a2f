"""Our verdicts on a fleet of faulty servers are those of sslyze, sslscan and testssl.sh.

Where one differs, tests/servers/tls_differences.py says why. testssl.sh, which takes a quarter of a
minute a server, looks at a few here, and at all in `python -m tests.bench.compare_tls`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from auditor.collect import Settings
from auditor.model.inventory import Authority, City, Inventory, Scope
from tests.servers import peers
from tests.servers.peers import QUESTIONS, TESTSSL_MINIMAL, Verdicts
from tests.servers.sslyze_oracle import sslyze
from tests.servers.tls_compare import Difference, all_ours, differences
from tests.servers.tls_differences import EXPLAINED
from tests.servers.tls_faults import Server, fleet

BY_TESTSSL = ("two certificates", "issuers out of order", "export and DES")
PEERS = ("sslyze", "sslscan", "testssl.sh")

ROUNDS = 3
"""Times that what differs is asked again: a difference that is real stays."""

UNSEEN: dict[str, set[str]] = {
    "sslyze": {"export and DES"},
    "sslscan": {"slapd, ldap"},
    "testssl.sh": set(),
}
"""Servers of which a tool sees nothing. sslyze completes each handshake, which the scripted server
of export suites does not; sslscan 2.0.7 does not understand what slapd answers to STARTTLS."""


class Seen(NamedTuple):
    servers: list[Server]
    ours: dict[str, Verdicts]
    theirs: dict[str, dict[str, Verdicts]]
    differences: list[Difference]


def settings(root: Path) -> Settings:
    """Settings of the real day that trust a root."""
    authority = Authority(
        letter="1", date=date(2026, 1, 1), valid_until=date.max, scope=Scope(("127.0.0.0/8",))
    )
    inventory = Inventory(
        city=City(name="K"), authority=authority, opds=(), targets=(), ca_file=str(root)
    )
    return Settings(inventory=inventory, now=lambda: datetime.now(UTC))


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Iterator[Seen]:
    """What each tool says of each server."""
    folder = tmp_path_factory.mktemp("fleet")
    with fleet(folder) as (root, servers), ThreadPoolExecutor(1) as slow:
        few = [server for server in servers if server.name in BY_TESTSSL]
        by_testssl = {
            server.name: slow.submit(peers.testssl, server, root, folder, TESTSSL_MINIMAL)
            for server in few
        }
        ours = all_ours(servers, settings(root))
        with ThreadPoolExecutor(3) as pool:
            by_sslscan = list(pool.map(peers.sslscan, servers))
        names = [server.name for server in servers]
        theirs = {
            "sslyze": sslyze(servers, root),
            "sslscan": dict(zip(names, by_sslscan, strict=True)),
            "testssl.sh": {name: found.result() for name, found in by_testssl.items()},
        }
        _ask_again(servers, root, ours, theirs)
        yield Seen(servers, ours, theirs, list(differences(ours, theirs)))


def _ask_again(
    servers: list[Server],
    root: Path,
    ours: dict[str, Verdicts],
    theirs: dict[str, dict[str, Verdicts]],
) -> None:
    """Give a tool that a busy server kept waiting more chances, on a quiet machine."""
    for _ in range(ROUNDS):
        odd = {one.server for one in differences(ours, theirs) if not one.explained}
        again = [server for server in servers if server.name in odd]
        if not again:
            return
        ours |= all_ours(again, settings(root))
        theirs["sslyze"] |= sslyze(again, root, patient=True)
        theirs["sslscan"] |= {server.name: peers.sslscan(server) for server in again}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("peer", PEERS)
def test_every_difference_is_explained(seen, peer, question):
    unexplained = [
        difference
        for difference in seen.differences
        if (difference.peer, difference.question) == (peer, question) and not difference.explained
    ]

    assert not unexplained


@pytest.mark.parametrize("peer", PEERS)
def test_each_tool_sees_versions_and_suites_of_each_server(seen, peer):
    silent = {
        name
        for name, said in seen.theirs[peer].items()
        if not (said.get("versions") or said.get("suites"))
    }

    assert silent == UNSEEN[peer]


def test_no_explanation_is_left_over(seen):
    used = {difference.explained for difference in seen.differences}

    left = [known for known in EXPLAINED if known not in used and "testssl" not in known.peer]
    assert not left


FAULTS = {
    "intermediate": {
        "weak suites": False,
        "forward secrecy": True,
        "name": True,
        "trusted": True,
        "order": True,
        "compression": False,
        "secure renegotiation": True,
        "DH bits": 2048,
        "OCSP staple": True,
        "order of the server": False,
    },
    "server preference": {"order of the server": True},
    "slapd, ldaps": {"order of the server": False},
    "DH 1024": {"DH bits": 1024},
    "DH 768": {"DH bits": 768},
    "compression": {"compression": True},
    "no secure renegotiation": {"secure renegotiation": False},
    "TLS 1.0 only": {"versions": {"TLSv1.0"}},
    "TLS 1.0 to 1.3, all suites": {"versions": {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}},
    "modern": {"versions": {"TLSv1.3"}, "forward secrecy": True},
    "SSL 3.0 only": {"versions": {"SSLv3"}, "weak suites": True},
    "no encryption": {"weak suites": True},
    "anonymous": {"weak suites": True, "forward secrecy": False},
    "RC4 only": {"weak suites": True},
    "export and DES": {"weak suites": True, "DH bits": 512},
    "static RSA": {"weak suites": False, "forward secrecy": False},
    "CBC only": {"weak suites": False, "forward secrecy": True},
    "expired": {"days left": -11, "trusted": True},
    "not yet valid": {"days left": 99, "trusted": True},
    "ends next week": {"days left": 7},
    "signed by itself": {"trusted": False},
    "another name": {"name": False, "trusted": True},
    "wildcard": {"name": True},
    "no issuers sent": {"trusted": False},
    "issuers out of order": {"trusted": True, "order": False},
    "SHA-1": {"signature": "sha1", "trusted": False},
    "RSA 1024": {"key": "RSA 1024"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_seen(seen, name):
    assert {question: seen.ours[name][question] for question in FAULTS[name]} == FAULTS[name]
