"""Deep tests against real servers: nginx as it comes, and one that lets clients renegotiate.

What Debian's OpenSSL cannot be made to do (Heartbleed, CCS injection, ROBOT, compression) has no
real server here; how such answers are read is tested in tests/unit/probe/test_tls_deep.py.
"""

import ssl
import time

import pytest

from auditor.collect import Limit, tls_deep
from auditor.collect.tls import TlsCollector
from auditor.collect.tls_deep import observe
from auditor.model.fact import GAP, Fact, Gap, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.tls_deep import PROBE, TlsDeepArgs
from tests.servers.certificates import SITE, issue, rsa_key
from tests.servers.tls_servers import free_port, nginx_server, scripted

QUESTION = Probe(type=PROBE, args=TlsDeepArgs())
TESTS = {"heartbleed", "ccs", "robot", "client_renegotiation", "compression", "early_data"}
NGINX = """
server {{
  listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
  ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:a:1m; {more}
  location / {{ return 200 ok; }}
}}
"""


def target(**fields):
    return Target(**{"id": "t", "opd": "o", "address": "127.0.0.1", "sites": (SITE,), **fields})


def look(port, settings, limit):
    """Return the record of one endpoint, and the fact."""
    fact = observe(target(), QUESTION, settings, limit, https=port)
    assert isinstance(fact, Fact)
    assert fact.value["exists"] is True
    (item,) = fact.value["endpoints"]
    return item, fact


@pytest.mark.parametrize("more", ["", "ssl_early_data on;"])
def test_nginx(more, tmp_path, settings, limit):
    port = free_port()
    certificate, key = issue(key=rsa_key()).write(tmp_path, "nginx")
    with nginx_server(
        tmp_path, NGINX.format(port=port, certificate=certificate, key=key, more=more)
    ):
        item, fact = look(port, settings, limit)
    assert {name for name in TESTS if item[name]} == ({"early_data"} if more else set())
    assert GAP not in item
    assert item["https"] is True
    assert fact.evidence.source.startswith(f"sslyze to 127.0.0.1: {SITE}:{port} seen from ")


ALLOW_CLIENT_RENEGOTIATION = 1 << 8
"""An option of OpenSSL 3 that the module ssl has no name for."""


def test_a_server_that_lets_clients_renegotiate(tmp_path, settings, limit):
    certificate, key = issue(key=rsa_key()).write(tmp_path, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ALLOW_CLIENT_RENEGOTIATION

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as secured:
            while secured.recv(4096):
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with scripted(serve) as port:
        item, _ = look(port, settings, limit)
    assert item["client_renegotiation"] is True
    assert item["heartbleed"] is False


def test_a_closed_port_is_a_gap(settings, limit):
    item, _ = look(free_port(), settings, limit)
    assert item[GAP]["why"] is Why.UNREACHABLE
    assert not TESTS & item.keys()


def test_another_protocol_is_a_gap(settings, limit):
    with scripted(lambda line: line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        item, _ = look(port, settings, limit)
    assert not TESTS & item.keys()


def test_silence_ends_with_the_task(settings, stopped):
    limit = Limit(1, stopped, time.monotonic)
    with scripted(lambda line: line.recv(9) and time.sleep(4)) as port:
        gap = observe(target(), QUESTION, settings, limit, https=port)
    assert isinstance(gap, Gap)
    assert gap.why is Why.TIMEOUT


def test_a_target_without_tls_has_none(settings, limit):
    bare = target(sites=(), ports=("22/tcp", "25/tcp"))
    fact = observe(bare, QUESTION, settings, limit)
    assert isinstance(fact, Fact)
    assert fact.value == {"exists": False, "endpoints": []}


def test_nothing_outside_the_letter_is_tested(settings, limit):
    gap = observe(target(address="192.0.2.1"), QUESTION, settings, limit)
    assert isinstance(gap, Gap)
    assert gap.why is Why.SCOPE


def test_without_sslyze_it_is_said_how_to_get_it(settings, limit, monkeypatch):
    monkeypatch.setattr(tls_deep, "MODULE", "sslyze_that_is_not_installed")
    gap = observe(target(), QUESTION, settings, limit)
    assert isinstance(gap, Gap)
    assert gap.why is Why.UNSUPPORTED
    assert "pip install 'auditor[deep]'" in gap.detail


def test_a_report_without_end_is_cut(settings, limit, monkeypatch):
    monkeypatch.setattr(tls_deep, "REPORT_LIMIT", 100)
    gap = observe(target(), QUESTION, settings, limit, https=free_port())
    assert isinstance(gap, Gap)
    assert gap.why is Why.CUT


def test_a_run_that_is_stopped_ends_at_once(settings, limit, stopped):
    stopped.set()
    gap = observe(target(), QUESTION, settings, limit)
    assert isinstance(gap, Gap)
    assert gap.why is Why.INTERRUPTED


def test_the_collector_carries_out_deep_tests_too(settings, limit):
    task = Task(via=Via.TLS, targets=(target(sites=(), ports=()),), probes=(QUESTION,))

    (fact,) = TlsCollector(known={}).collect(task, settings, limit)

    assert fact.value == {"exists": False, "endpoints": []}
    assert fact.probe == QUESTION.key
