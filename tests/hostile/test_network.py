"""Every network collector against servers that speak no protocol: bounded, and nothing passes."""

import threading
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.dns import DnsCollector
from auditor.collect.http import HttpCollector
from auditor.collect.ssh_server import SshServerCollector
from auditor.collect.tls import TlsCollector
from auditor.evaluate import evaluate
from auditor.load.checks import load_checks
from auditor.model.base import CheckId
from auditor.model.check import Check
from auditor.model.fact import Fact, Gap
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Ssh, Target
from auditor.model.policy import Entry, Policy
from auditor.plan import Plan, Task, plan
from auditor.probe.base import Via
from auditor.probe.catalogue import CATALOGUE
from tests.hostile.network_servers import SCRIPTS
from tests.servers.tls_servers import scripted
from tests.unit.evaluate.world import text

SITE = "localhost"
SECONDS = 20.0
"""A task may take no longer; the test's own limit is far beyond."""
COLLECTORS = {
    Via.TLS: lambda port: TlsCollector(https=port),
    Via.HTTP: lambda port: HttpCollector(port, port, 0),
    Via.SSH_SERVER: lambda port: SshServerCollector(port=port),
    Via.DNS: lambda port: DnsCollector(port=port, https=port, smtp=port),
}
TRUE_ALL_THE_SAME: dict[tuple[Via, str], set[str]] = {
    (Via.SSH_SERVER, "speaks_ssh"): {"ssh-server.protocol-1", "ssh-server.banner-version"},
}
"""Collector and server → checks that pass, and rightly: what is asked was seen."""


@pytest.fixture(scope="module")
def settings() -> Settings:
    today = date(2026, 1, 1)
    authority = Authority(
        letter="1",
        date=today,
        valid_until=today,
        scope=Scope(networks=("127.0.0.0/8", "::1/128"), domains=(SITE,)),
    )
    inventory = Inventory(
        city=City(name="K"),
        authority=authority,
        opds=(Opd(id="o", name="O"),),
        targets=(),
        resolvers=("127.0.0.1",),
    )
    return Settings(inventory=inventory, connect_timeout=0.5, now=lambda: datetime.now(UTC))


@pytest.fixture(scope="module")
def checks() -> Mapping[CheckId, Check]:
    return load_checks()


def planned(port: int, settings: Settings, checks: Mapping[CheckId, Check]) -> Plan:
    """Return all that is asked of a target from outside, with the checks that judge it."""
    target = Target(
        id="t",
        opd="o",
        address="127.0.0.1",
        ssh=Ssh(port=port),
        sites=(SITE,),
        domains=(SITE,),
    )
    topics = ("tls.*", "ssh-server.*", "site.*", "dns.*", "mail.*", "ports.*")
    policy = Policy(id="p", title=text("p"), checks=tuple(Entry(use=topic) for topic in topics))
    return plan(settings.inventory, (policy,), checks, CATALOGUE, (target,))


def asked(plan_: Plan, via: Via) -> Task | None:
    return next((task for task in plan_.tasks if task.via is via), None)


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("via", COLLECTORS)
def test_what_speaks_no_protocol_passes_nothing(via, name, settings, checks):
    with scripted(SCRIPTS[name]) as port:
        plan_ = planned(port, settings, checks)
        task = asked(plan_, via)
        if task is None:
            pytest.skip(f"no check asks by {via.value} yet")
        began = time.monotonic()
        limit = Limit(SECONDS, threading.Event(), time.monotonic)
        seen = list(COLLECTORS[via](port).collect(task, settings, limit))
        took = time.monotonic() - began

    assert sorted(one.probe for one in seen) == sorted(probe.key for probe in task.probes)
    assert all(isinstance(one, Fact | Gap) for one in seen)
    assert took < 2 * SECONDS
    assert "\x1b" not in str(seen)
    observations = {one.probe: one for one in seen}
    mine = [
        bound
        for bound in plan_.checks["t"]
        if bound.questions() and all(q.key in observations for q in bound.questions())
    ]
    assert mine
    passed = {
        bound.check.id
        for bound in mine
        if evaluate(bound, "t", observations, settings.now()).status.value == "pass"
    }
    assert passed == TRUE_ALL_THE_SAME.get((via, name), set())
