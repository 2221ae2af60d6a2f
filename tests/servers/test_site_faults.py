"""The probe `site` through the collector: real sites with faults, and servers that lie."""

import pytest

from auditor.collect.http import HttpCollector
from auditor.evaluate import evaluate
from auditor.examples import NOW, ORDINARY
from auditor.load.checks import load_checks
from auditor.model.inventory import Target
from auditor.model.shape import misfits
from auditor.plan import Chosen, Task, bind
from auditor.probe.base import Probe, Via
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.site import MOST_REQUESTS, PROBE
from tests.servers.certificates import issue
from tests.servers.site_faults import BAD, GONE, GOOD, LOGIN, apache_server, nginx_sites
from tests.servers.tls_servers import free_port, free_ports, nginx_server, scripted


def look(clear, secure, settings, limit, *sites):
    """Return the fact about sites at the ports."""
    target = Target(id="t", opd="o", address="127.0.0.1", sites=sites)
    task = Task(via=Via.HTTP, targets=(target,), probes=(Probe(type=PROBE, args=PROBE.args()),))
    (fact,) = HttpCollector(clear, secure, 0).collect(task, settings, limit)
    assert list(misfits(fact.value, PROBE.gives)) == []
    return fact


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    clear, secure = free_ports()
    certificate, key = issue().write(folder, "site")
    with nginx_server(folder, nginx_sites(clear, secure, certificate, key)):
        yield clear, secure


def verdicts(record):
    """Return site check → status on the record of one site."""
    found = {}
    for check in load_checks().values():
        if {PROBE.name: {}} in check.probe.values():
            chosen = Chosen(check=check.id, params={}, severity=None)
            bound = bind(check, chosen, ORDINARY, CATALOGUE)
            (probe,) = bound.probes.values()
            seen = {probe.key: record}
            found[check.id.removeprefix("site.")] = evaluate(bound, ORDINARY.id, seen, NOW).status
    return found


def test_a_good_site_passes(ports, settings, limit):
    fact = look(*ports, settings, limit, GOOD)
    wrong = {name: s for name, s in verdicts(fact).items() if s not in {"pass", "not_applicable"}}
    assert set(wrong) == {"hsts-preload"}
    (record,) = fact.value["sites"]
    assert record["bare"]["secure"] == "closed"
    assert record["clear"]["permanent"]
    assert "rahasia" not in str(fact)
    assert len(fact.evidence.excerpt.splitlines()) <= MOST_REQUESTS


FAULTS = {
    "cookie-httponly", "cookie-prefix", "cookie-samesite", "cookie-scope", "cookie-secure",
    "cors-any", "cors-credentials", "csp-base-uri", "csp-form-action", "csp-object-src",
    "csp-unsafe-eval", "csp-unsafe-inline", "csp-wildcards", "error-page", "form-https", "framing",
    "host-reflected", "hsts", "hsts-preload", "hsts-subdomains", "https-redirect", "login-cached",
    "methods", "mixed-content-active", "mixed-content-passive", "nosniff", "password-form-https",
    "password-form-post", "permissions-policy", "powered-by", "referrer-policy", "robots-paths",
    "server-version", "sri", "sri-styles",
}  # fmt: skip


def test_a_careless_site_fails_each_check(ports, settings, limit):
    fact = look(*ports, settings, limit, BAD)
    failed = {name for name, status in verdicts(fact).items() if status == "fail"}
    assert failed == FAULTS
    assert "rahasia" not in str(fact)


def test_a_login_page_behind_redirects(ports, settings, limit):
    (record,) = look(*ports, settings, limit, LOGIN).value["sites"]
    assert record["page"]["url"] == f"https://{LOGIN}/id/"
    assert record["login"] == {
        "found": True,
        "path": "/login",
        "clear": [],
        "get": [],
        "cached": False,
    }


def test_an_error_page_is_no_pass(ports, settings, limit):
    fact = look(*ports, settings, limit, GONE)
    statuses = verdicts(fact)
    for name in ("framing", "csp", "nosniff", "hsts", "cookie-secure", "login-cached", "sri"):
        assert statuses[name] == "error", name


def test_apache_in_clear_tells_and_lists(settings, limit, tmp_path):
    with apache_server(tmp_path) as port:
        (record,) = look(port, free_port(), settings, limit, "apache.test").value["sites"]
    assert record["secure"]["answered"] is False
    assert record["bare"]["clear"] == "listing"
    assert record["versions"]["server"].startswith("server: Apache/2.")
    assert record["error_page"] == {"status": 404, "leaks": ["version"]}
    assert record["page"]["secure"] is False


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
HOSTILE = {
    "endless": HEAD + b"\r\n" + b"<div>" * 500_000,
    "nested": HEAD + b"\r\n" + b"<ul><li>" * 60_000,
    "attribute": HEAD + b"\r\n<a href='" + b"x" * 400_000 + b"'>",
    "nul": HEAD + b"\r\n" + b"\0" * 1000 + b"<scr\0ipt src=http://a/>",
    "utf-16": HEAD + b"\r\n\xff\xfe" + "<p>".encode("utf-16-le") * 9000 + b"\xd8",
    "cookies": HEAD + b"".join(b"Set-Cookie: a%d=\x01;\r\n" % n for n in range(150)) + b"\r\n",
    "policy": HEAD + b"Content-Security-Policy: " + b"a b;" * 15_000 + b"\r\n\r\n",
    "loop": b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "backslash": b"HTTP/1.1 302 Found\r\nLocation: https:\\\\x.test/\r\nContent-Length: 0\r\n\r\n",
    "script": b"HTTP/1.1 302 Found\r\nLocation: javascript:x\r\nContent-Length: 0\r\n\r\n",
    "garbage": b"\x16\x03\x01garbage\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_site_ends_as_gap_or_finding(name, settings, limit):
    def serve(connection):
        connection.recv(65_536)
        connection.sendall(HOSTILE[name])

    with scripted(serve) as port:
        fact = look(port, free_port(), settings, limit, "jahat.test")
    statuses = verdicts(fact)
    assert statuses["hsts"] == "fail"
    assert "pass" not in {statuses[check] for check in ("framing", "nosniff", "security-txt")}
    assert "\0" not in str(fact)
