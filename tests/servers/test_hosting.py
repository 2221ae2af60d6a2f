"""Countries of services with a real name server and a table of the operator's."""

import os
import threading
import time
from datetime import UTC, datetime

import pytest

from auditor.collect import Limit
from auditor.collect.dns import DnsCollector
from auditor.collect.dns_countries import countries_of
from auditor.evaluate import evaluate
from auditor.load.checks import load_checks
from auditor.load.policies import load_policy
from auditor.model.base import TargetId
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Target, TargetKind
from auditor.model.result import Status
from auditor.model.shape import misfits
from auditor.plan import Task, plan
from auditor.probe import hosting
from auditor.probe.base import Probe, Unseen, Via
from auditor.probe.catalogue import CATALOGUE
from tests.servers.dns_asking import settings_for
from tests.servers.dns_servers import ONE, Knot

TABLE = """\
2|apnic|20261101|3|19830613|20261031|+0700
apnic|ID|ipv4|36.64.0.0|65536|20110405|allocated
apnic|ID|ipv6|2001:4488::|32|20110405|allocated
apnic|SG|ipv4|43.240.0.0|1024|20110405|allocated
"""
ZONES = {
    "rumah.go.id.": "@ NS ns\nns A 36.64.0.53\nns AAAA 2001:4488::53\n@ MX 10 mx\nmx A 10.1.1.1\n"
    "www A 36.64.0.80\n",
    "rantau.go.id.": "@ NS ns\nns A 43.240.0.53\n@ MX 10 mx\nmx A 36.64.0.25\nmx A 43.240.0.25\n"
    "www A 43.240.0.80\nhilang A 9.9.9.9\n",
}
PROBE = Probe(type=hosting.PROBE, args=hosting.HostingArgs())


@pytest.fixture(scope="module")
def knot(tmp_path_factory):
    """A name server that answers for two offices."""
    server = Knot(tmp_path_factory.mktemp("knot"))
    server.add("go.id.", f"@ NS ns1\nns1 A {ONE}\n")
    for name, lines in ZONES.items():
        server.add(name, lines)
    server.configure()
    with server.running():
        yield server


@pytest.fixture
def look(knot, tmp_path):
    """Return a function from a domain, a site and a table to what is seen, and the statuses."""

    def ask(domain, site, table=TABLE):
        file = tmp_path / "countries.txt"
        if table is not None:
            file.write_text(table)
        target = Target(
            id="t",
            opd="o",
            address="127.53.0.1",
            kind=TargetKind.DOMAIN,
            domains=(domain,),
            sites=(site,),
        )
        settings = settings_for((ONE,), targets=(target,), countries=str(file))
        return observe(knot, settings, target)

    return ask


def observe(knot, settings, target):
    task = Task(via=Via.DNS, targets=(target,), probes=(PROBE,))
    limit = Limit(30, threading.Event(), time.monotonic)
    (seen,) = DnsCollector(knot.port, https=1, smtp=1).collect(task, settings, limit)
    if isinstance(seen, Fact):
        assert list(misfits(seen.value, hosting.PROBE.gives)) == []
    checks = {i: c for i, c in load_checks().items() if i.endswith("-country")}
    work = plan(settings.inventory, load_policy("ethics"), checks, CATALOGUE)
    now = datetime.now(UTC)
    return seen, {
        bound.check.id: evaluate(bound, TargetId("t"), {seen.probe: seen}, now).status
        for bound in work.checks["t"]
    }


def statuses(ns, mail, site):
    return {"culture.ns-country": ns, "culture.mail-country": mail, "culture.site-country": site}


def test_services_at_home(look):
    seen, found = look("rumah.go.id", "www.rumah.go.id")
    rows = {row["role"]: row["countries"] for row in seen.value["places"]}
    assert rows == {"ns": ["ID"], "mail": ["intern"], "site": ["ID"]}
    assert found == statuses(Status.PASS, Status.PASS, Status.PASS)


def test_services_abroad(look):
    seen, found = look("rantau.go.id", "www.rantau.go.id")
    rows = {row["role"]: row["countries"] for row in seen.value["places"]}
    assert rows == {"ns": ["SG"], "mail": ["ID", "SG"], "site": ["SG"]}
    assert found == statuses(Status.FAIL, Status.FAIL, Status.FAIL)


def test_an_address_that_the_table_does_not_know_is_not_a_pass(look):
    _, found = look("rumah.go.id", "hilang.rantau.go.id")
    assert found["culture.site-country"] is Status.ERROR


def test_a_name_outside_the_letter_is_not_asked(look):
    seen, found = look("rumah.com", "www.rumah.com")
    assert {row["gap"]["why"] for row in seen.value["places"]} == {Why.SCOPE}
    assert set(found.values()) == {Status.ERROR}


def test_a_domain_that_is_not_there(look):
    _, found = look("tiada.go.id", "tiada.go.id")
    assert found["culture.site-country"] is Status.ERROR


def test_without_a_table_nothing_is_examined(look, knot):
    target = Target(id="t", opd="o", address="127.53.0.1", domains=("rumah.go.id",))
    seen, found = observe(knot, settings_for((ONE,), targets=(target,)), target)
    assert isinstance(seen, Gap)
    assert seen.why is Why.NO_TOOL
    assert found["culture.ns-country"] is Status.NOT_CHECKED


def test_a_table_that_cannot_be_read_is_an_error_with_its_line(look):
    seen, found = look("rumah.go.id", "www.rumah.go.id", TABLE + "rusak\n")
    assert isinstance(seen, Gap)
    assert seen.why is Why.UNREADABLE
    assert "line 5" in seen.detail
    assert set(found.values()) == {Status.ERROR}
    seen, _ = look("rumah.go.id", "www.rumah.go.id", "")
    assert isinstance(seen, Gap)


def test_a_table_is_read_once_and_again_when_it_changes(tmp_path):
    file = tmp_path / "countries.txt"
    file.write_text(TABLE)
    first = countries_of(str(file))
    assert countries_of(str(file)) is first
    file.write_text("1.1.1.0,1.1.1.255,AU\n")
    os.utime(file, (1, 1))
    assert countries_of(str(file)).of("1.1.1.1") == "AU"


def test_a_missing_or_huge_table(tmp_path):
    with pytest.raises(Unseen, match="countries"):
        countries_of(str(tmp_path / "none"))
    file = tmp_path / "huge"
    with file.open("wb") as out:
        out.truncate(300 * 2**20)
    with pytest.raises(Unseen, match="more than"):
        countries_of(str(file))
