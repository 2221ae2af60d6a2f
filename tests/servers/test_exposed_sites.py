"""What is open on real sites of nginx and Apache, and what is not, as the collector sees it."""

import gzip
import resource
import socket
import time

import msgspec
import pytest

from auditor.collect.http import HttpCollector
from auditor.collect.http_client import REQUESTS
from auditor.model.fact import Why
from auditor.model.inventory import Target
from auditor.model.shape import misfits
from auditor.plan import Task
from auditor.probe import exposed, http, site
from auditor.probe.base import Probe, Via
from auditor.probe.exposed import PROBE, ExposedArgs
from auditor.probe.exposed_absent import GONE
from auditor.probe.http_talk import absent
from tests.servers.tls_servers import free_port, free_ports, scripted
from tests.servers.web_faults import EXPECTED_OPEN, apache_site, nginx_sites


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def ports(folder):
    with nginx_sites(folder) as found:
        yield found


def look(ports, settings, limit, site, address="127.0.0.1"):
    """Return the record of one site and the notes of the evidence."""
    target = Target(id="t", opd="o", address=address, sites=(site,))
    probe = Probe(type=PROBE, args=ExposedArgs())
    task = Task(via=Via.HTTP, targets=(target,), probes=(probe,))
    (fact,) = HttpCollector(*ports, pause=0).collect(task, settings, limit)
    assert list(misfits(fact.value, PROBE.gives)) == []
    (record,) = fact.value["sites"]
    return record, fact.evidence


def opened(record):
    return {(r["kind"], r["path"]): r["how"] for r in record["paths"] if r.get("open")}


def unseen(record):
    return {r["path"]: r["gap"]["why"] for r in record["paths"] if "gap" in r}


def test_everything_that_lies_open_is_found(ports, settings, limit):
    record, evidence = look(ports, settings, limit, "bocor.test")

    assert opened(record) == EXPECTED_OPEN
    assert unseen(record) == {}
    assert record["absent"] in GONE
    assert "rahasia" not in str(record) + evidence.excerpt
    assert "seen from" in evidence.source


def test_the_software_is_judged(ports, settings, limit):
    record, _ = look(ports, settings, limit, "bocor.test")

    found = {(p["name"], p["version"]): p.get("supported") for p in record["software"]}
    assert found == {
        ("Joomla", "3"): False,
        ("PHP", "7.4.33"): False,
        ("jQuery", "1.12.4"): False,
        ("Bootstrap", "3.3.7"): False,
        ("AngularJS", "1.5.8"): False,
    }


def test_a_good_site_has_nothing_open(ports, settings, limit):
    record, evidence = look(ports, settings, limit, "baik.test")

    assert opened(record) == unseen(record) == {}
    assert {p["name"]: p.get("supported") for p in record["software"]} == {
        "WordPress": True,
        "PHP": True,
        "jQuery": True,
    }
    assert record["asked"] == "https://baik.test/"
    assert len(evidence.excerpt.splitlines()) <= 28


@pytest.mark.parametrize("site", ["spa.test", "alih.test"])
def test_of_a_site_that_answers_everything_a_leak_is_told_from_its_page(
    site, ports, settings, limit
):
    record, _ = look(ports, settings, limit, site)

    assert unseen(record) == {}
    leaks = {("vcs", "/.git/HEAD"): "ref: refs/"} if site == "spa.test" else {}
    assert opened(record) == leaks


def test_a_wall_of_refusals_is_no_pass(ports, settings, limit):
    record, _ = look(ports, settings, limit, "tolak.test")

    assert opened(record) == {}
    assert set(unseen(record).values()) == {Why.DENIED}
    assert all("gap" in row for row in record["paths"])
    assert "software" not in record


def test_who_is_asked_to_slow_down_stops(ports, settings, limit):
    record, evidence = look(ports, settings, limit, "pelan.test")

    assert all("gap" in row for row in record["paths"])
    assert sum(line.endswith(": 429") for line in evidence.excerpt.splitlines()) == 1


def test_a_default_page_is_recognised(ports, settings, limit):
    record, _ = look(ports, settings, limit, "awal.test")

    assert opened(record) == {("default_page", "/"): "nginx"}


def test_a_site_that_is_an_address_of_ip_version_6(ports, settings, limit):
    record, evidence = look(ports, settings, limit, "::1", address="::1")

    assert record["asked"] == "https://[::1]/"
    assert unseen(record) == {}
    assert "https://[::1]/" in evidence.excerpt


def visit(ports, settings, limit, name, address="127.0.0.1"):
    """Ask a site all that the web probes ask; return the facts by probe."""
    target = Target(id="t", opd="o", address=address, sites=(name,))
    types = (exposed.PROBE, http.PROBE, site.PROBE)
    probes = tuple(Probe(type=type_, args=type_.args()) for type_ in types)
    task = Task(via=Via.HTTP, targets=(target,), probes=probes)
    facts = HttpCollector(*ports, pause=0).collect(task, settings, limit)
    return {fact.probe: fact for fact in facts}


def test_all_probes_of_a_site_share_few_requests(ports, folder, settings, limit):
    log = folder / "baik.log"
    before = len(log.read_text().splitlines())

    facts = visit(ports, settings, limit, "baik.test")

    requests = log.read_text().splitlines()[before:]
    assert list(facts) == ["exposed", "http", "site"]
    assert 20 < len(requests) <= REQUESTS
    assert all(opened(record) == {} for record in facts["exposed"].value["sites"])
    assert unseen(facts["exposed"].value["sites"][0]) == {}


def test_a_site_that_leaks_everything_is_asked_no_more(ports, settings, limit):
    facts = visit(ports, settings, limit, "bocor.test")

    (record,) = facts["exposed"].value["sites"]
    assert {"secrets", "vcs", "dump"} <= {kind for kind, _ in opened(record)}
    assert facts["http"].value["sites"][0]["secure"]["answered"] is True


def test_closed_ports_are_no_pass(settings, limit):
    record, _ = look(free_ports(), settings, limit, "mati.test")

    assert set(record) == {"site", "gap"}
    assert record["gap"]["why"] is Why.REFUSED


def test_apache_as_debian_installs_it(settings, limit, tmp_path):
    with apache_site(tmp_path) as port:
        record, _ = look((port, free_port()), settings, limit, "apache.test")

    assert opened(record) == {
        ("default_page", "/"): "Apache on Debian or Ubuntu",
        ("status", "/server-status"): "Apache status",
        ("listing", "/uploads/"): "listing",
    }
    assert unseen(record) == {}
    assert record["asked"] == "http://apache.test/"


def redirects_to(place):
    def script(connection):
        connection.recv(4096)
        head = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())

    return script


@pytest.mark.parametrize(
    "place", ["http://127.0.0.2/", "//127.0.0.2/", "http://a.situs.localhost/"]
)
def test_who_is_out_of_the_scope_is_not_contacted(place, settings, limit):
    authority = settings.inventory.authority
    scope = msgspec.structs.replace(authority.scope, networks=("127.0.0.1/32",))
    narrow = msgspec.structs.replace(
        settings.inventory, authority=msgspec.structs.replace(authority, scope=scope)
    )
    with scripted(redirects_to(place)) as port, socket.create_server(("127.0.0.2", port)) as other:
        facts = visit(
            (port, free_port()),
            msgspec.structs.replace(settings, inventory=narrow),
            limit,
            "situs.localhost",
        )
        other.settimeout(0.1)
        with pytest.raises(TimeoutError):
            other.accept()

    assert len(facts) == 3


def silent(connection):
    while connection.recv(4096):
        pass


def garbage(connection):
    connection.recv(4096)
    connection.sendall(bytes(range(256)) * 40)


def endless(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"<a href=/x><script src=/jquery.js>" * 2000)


def bomb(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + BOMB)


BOMB = gzip.compress(bytes(64 * 2**20))


@pytest.mark.parametrize("script", [silent, garbage, endless, bomb])
def test_a_spoiler_passes_nothing_in_bounded_time_and_memory(script, settings, limit):
    hurried = msgspec.structs.replace(settings, connect_timeout=0.3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with scripted(script) as port:
        begun = time.monotonic()
        facts = visit((port, free_port()), hurried, limit, "situs.test")

    (record,) = facts["exposed"].value["sites"]
    closed = [r for r in record.get("paths", []) if r.get("open") is False]
    if script is not endless:  # its page is a page, however long
        assert {r["path"] for r in closed} <= {"/", absent("situs.test")}
    assert time.monotonic() - begun < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB
