"""The network audit over the lab: what a citizen and an attacker see, and nothing leaves.

All that would leave the lab's network goes into a card of its own, whose counter tells.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event
from typing import Self

import msgspec
import pytest

from auditor.audit import scan
from auditor.load.policies import load_policy
from auditor.model.check import Severity
from auditor.model.result import Status
from auditor.report.site_grade import grade_of
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

    def __enter__(self) -> Self:
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


def failing(seen, target, *topics):
    """Return the failing checks of a target by topics, those that only tell left out."""
    return {
        result.check
        for result in seen.visit(target).results
        if result.status is Status.FAIL
        and result.severity is not Severity.INFO
        and result.check.startswith(topics)
    }


def unseen(seen, target, *topics):
    return {
        result.check
        for result in seen.visit(target).results
        if result.status is Status.ERROR and result.check.startswith(topics)
    }


def test_no_packet_leaves_the_lab(seen):
    assert seen.sent_out == 0


def test_a_packet_that_leaves_would_be_counted(city):
    before = city.sent_out()

    city.run("nmap", "-n", "-Pn", "-sT", "-p", "80", "--host-timeout", "2s", "8.8.8.8",
             capture_output=True)  # fmt: skip

    assert city.sent_out() > before


def test_a_well_kept_site_has_nothing_to_mend(seen):
    assert failing(seen, "portal", "tls.", "site.", "ports.") == KEPT
    assert unseen(seen, "portal", "tls.", "site.", "ports.", "ssh-server.") == set()


KEPT = {"site.bare-address", "tls.profile-groups"}
"""Its server has no site of its own for the bare address, and OpenSSL's own list of groups."""


def test_a_careless_site_shows_what_is_open(seen):
    found = failing(seen, "terbuka", "site.")

    assert found >= {
        *("site.exposed-vcs", "site.exposed-secrets", "site.listing", "site.csp", "site.hsts"),
        *("site.cookie-secure", "site.cookie-httponly", "site.powered-by", "site.server-version"),
        *("site.error-page", "site.framing", "site.php-supported"),
    }
    assert Status.FAIL is seen.result("terbuka", "tls.http-in-clear").status


def test_secrets_that_were_seen_are_not_kept(seen):
    kept = msgspec.json.encode(seen.store.observations(seen.run.id, "terbuka"))

    assert b"rahasia-lab" not in kept
    assert b"0123456789abcdef" not in kept


def test_old_protocols_and_suites_are_told(seen):
    found = failing(seen, "lama", "tls.")

    assert found >= {
        *("tls.version-min", "tls.suites", "tls.forward-secrecy", "tls.cbc", "tls.tls13"),
        *("tls.profile-versions", "tls.profile-suites"),
    }


def test_ports_are_judged_by_what_the_inventory_expects(seen):
    assert failing(seen, "basis", "ports.") >= {"ports.unexpected", "ports.database-exposed"}
    assert failing(seen, "terbuka", "ports.") >= {"ports.unexpected", "ports.clear-text"}
    assert seen.result("terbuka", "ports.expected-closed").status is Status.FAIL
    (reason,) = seen.result("terbuka", "ports.unexpected").reasons
    assert "vsftpd" in reason.message.en


def test_mail_is_encrypted_by_the_certificate_of_its_name(seen):
    (fact,) = (o for o in seen.store.observations(seen.run.id, "surel") if o.probe == "tls")
    endpoints = {row["endpoint"]: row for row in fact.value["endpoints"]}

    assert {"mail.batu.lab:25", "mail.batu.lab:143", "mail.batu.lab:993"} <= endpoints.keys()
    for port in (25, 143, 993):
        row = endpoints[f"mail.batu.lab:{port}"]
        assert row["offered"]
        assert row["versions"] == ["TLSv1.2", "TLSv1.3"]
        assert row["cert"]["trusted"]
    assert seen.result("surel", "tls.starttls-offered").status is Status.PASS


def test_the_zone_is_validated_from_its_anchor(seen):
    assert seen.result("zona", "dns.signatures-valid").status is Status.PASS
    assert seen.result("zona", "dns.signed").status is Status.PASS
    assert failing(seen, "zona", "dns.") == {
        "dns.ns-networks",
        "dns.official-suffix",
        "dns.transfer",
    }


def test_mail_s_rules_are_read_from_the_zone(seen):
    assert failing(seen, "zona", "mail.") >= {"mail.spf-strict", "mail.dmarc-policy"}
    assert seen.result("zona", "mail.mx-starttls").status is Status.PASS
    assert seen.result("zona", "mail.mx-certificate").status is Status.PASS


def test_ssh_servers_are_judged_before_any_login(seen):
    assert "ssh-server.ciphers" in failing(seen, "terbuka", "ssh-server.")
    assert "ssh-server.password-login" not in failing(seen, "portal", "ssh-server.")


@pytest.mark.parametrize("target", ["diam", "mati"])
def test_what_is_silent_passes_nothing_of_what_was_not_seen(seen, target):
    assert not any(
        result.status is Status.PASS
        for result in seen.visit(target).results
        if result.check.startswith(("ssh-server.", "site.") if target == "diam" else "")
    )


def test_every_result_from_outside_says_from_where_it_was_seen(seen):
    for observation in seen.store.observations(seen.run.id, "portal"):
        if observation.probe.split("{")[0] in ("ports", "tls", "http", "site", "ssh_server"):
            assert "seen from zone:default" in observation.evidence.source, observation.probe


def test_sites_are_graded_with_reasons(seen, city):
    checks = {check.id: check for check in seen.request.checks.values()}
    targets = {target.id: target for target in seen.request.targets}

    def graded(name):
        return grade_of(targets[name], seen.visit(name).results, checks)

    assert graded("terbuka").letter == "F"
    assert graded("lama").letter in "DE"
    assert {point.check for point in graded("terbuka").needs} >= {"site.exposed-vcs"}
    assert graded("basis") is None
