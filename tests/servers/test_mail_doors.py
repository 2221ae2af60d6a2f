"""Mail servers and MTA-STS policies over real TLS: good, untrusted, without TLS, odd."""

import threading
import time
from datetime import UTC, datetime, timedelta

import h11
import pytest

from auditor.collect import Limit
from auditor.collect.dial import Unreached
from auditor.collect.dns import DnsCollector
from auditor.collect.dns_doors import knock
from auditor.collect.dns_guarded import fetch
from auditor.model.fact import Why
from auditor.probe.dns_talk import Fetch, Knock
from tests.servers.certificates import issue, rsa_key
from tests.servers.dns_asking import observe, rows, settings_for, target_for
from tests.servers.dns_servers import ONE, Knot
from tests.servers.dns_zones import good
from tests.servers.mail_servers import postfix
from tests.servers.tls_servers import free_port, nginx_server, scripted

MX, STS = "mx.baik.go.id", "mta-sts.baik.go.id"
NOW = datetime.now(UTC)
POLICY = f"version: STSv1\\nmode: enforce\\nmx: {MX}\\nmax_age: 604800\\n"
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    begins = NOW - timedelta(days=2)
    root = issue("Otoritas Uji", ca=True, key=rsa_key(), begins=begins, days=300)
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    path.write_bytes(root.pem)
    return root, str(path)


def certificate(authority, *names, days=60):
    return issue(names[0], authority[0], names=names, begins=NOW - timedelta(days=1), days=days)


@pytest.fixture
def settings(authority):
    return settings_for((ONE,), seconds=2.0, ca_file=authority[1])


@pytest.fixture
def limit():
    return Limit(30, threading.Event(), time.monotonic)


def web(folder, issued, port, body):
    certificate, key = issued.write(folder, "web")
    return nginx_server(
        folder,
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate};\n"
        f"ssl_certificate_key {key}; {body} }}",
    )


def page(settings, limit, port, most=65_536, host=STS):
    wanted = Fetch(host=host, addresses=(HERE,), path="/.well-known/mta-sts.txt", most=most)
    return fetch(wanted, settings, limit, port)


def test_mail_and_policy_of_a_real_zone(tmp_path, authority, settings):
    knot = Knot(tmp_path)
    knot.add(".", f"@ NS ns1.go.id.\nns1.go.id. A {ONE}\n")
    knot.add("baik.go.id.", good(HERE))
    knot.configure()
    https = free_port()
    (tmp_path / "w").mkdir()
    served = web(
        tmp_path / "w",
        certificate(authority, STS),
        https,
        f'location = /.well-known/mta-sts.txt {{ return 200 "{POLICY}"; }}',
    )
    with knot.running(), served, postfix(certificate(authority, MX)) as (smtp, _):
        collector = DnsCollector(knot.port, https, smtp)
        row = rows(observe("mail", target_for("baik.go.id"), settings, collector))["baik.go.id"]
    assert row["mta_sts"] == {
        "present": True,
        "errors": [],
        "mode": "enforce",
        "max_age": 604800,
        "uncovered": [],
    }
    door = row["doors"][0]
    assert (door["in_scope"], door["encrypts"]) == (True, True)
    assert {name: door["cert"][name] for name in ("trusted", "name_matches", "valid_now")} == {
        "trusted": True,
        "name_matches": True,
        "valid_now": True,
    }
    assert 50 < door["cert"]["days_left"] < 60


def test_a_mail_server_without_tls(settings, limit):
    with postfix(None) as (smtp, _):
        door = knock(Knock(host=MX, addresses=(HERE,)), settings, limit, smtp)
    assert (door.encrypts, door.certificate) == (False, {})


def test_a_certificate_of_another_name(authority, settings, limit):
    with postfix(certificate(authority, "lain.go.id")) as (smtp, _):
        door = knock(Knock(host=MX, addresses=("127.9.9.9", HERE)), settings, limit, smtp)
    assert door.certificate["name_matches"] is False
    assert door.certificate["trusted"] is True


def test_a_server_that_promises_tls_and_breaks_it(settings, limit):
    def promise(line):
        line.sendall(b"220 hi\r\n")
        line.recv(200)
        line.sendall(b"250-hi\r\n250 STARTTLS\r\n")
        line.recv(200)
        line.sendall(b"220 go\r\n")
        line.recv(600)
        line.sendall(b"nonsense" * 10)

    with scripted(promise) as port, pytest.raises(Unreached) as error:
        knock(Knock(host=MX, addresses=(HERE,)), settings, limit, port)
    assert error.value.why is Why.UNREADABLE


@pytest.mark.parametrize(("host", "address"), [(MX, "127.9.9.9"), ("mx.com", HERE)])
def test_what_the_letter_does_not_cover_is_not_contacted(settings, limit, host, address):
    with scripted(lambda _line: None) as port, pytest.raises(Unreached) as error:
        knock(Knock(host=host, addresses=(address,)), settings, limit, port)
    assert error.value.why is Why.SCOPE


@pytest.mark.parametrize(
    ("name", "days", "trusted"), [(STS, 60, True), ("lain.go.id", 60, False), (STS, 0.5, False)]
)
def test_a_policy_counts_only_with_a_valid_certificate(
    tmp_path, authority, limit, name, days, trusted
):
    port = free_port()
    with web(tmp_path, certificate(authority, name, days=days), port, "return 404;"):
        seen = page(settings_for((ONE,), ca_file=authority[1]), limit, port)
    assert seen.trusted is trusted
    assert (seen.status == 404) is trusted
    assert ("CERTIFICATE_VERIFY_FAILED" in seen.problem) is not trusted


def test_roots_that_the_inventory_does_not_add_are_not_trusted(tmp_path, authority, limit):
    port = free_port()
    with web(tmp_path, certificate(authority, STS), port, "return 404;"):
        assert page(settings_for((ONE,)), limit, port).trusted is False


def test_a_policy_without_end(tmp_path, authority, settings, limit):
    port = free_port()
    (tmp_path / ".well-known").mkdir()
    (tmp_path / ".well-known/mta-sts.txt").write_bytes(b"x" * 500_000)
    with web(tmp_path, certificate(authority, STS), port, f"root {tmp_path};"):
        assert page(settings, limit, port).problem == "longer than 65536 bytes"


def tls_script(authority, tmp_path, *chunks):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(authority, STS).write(tmp_path, "s"))

    def serve(line):
        with context.wrap_socket(line, server_side=True) as secure:
            secure.recv(2000)
            for chunk in chunks:
                secure.sendall(chunk)

    return serve


@pytest.mark.parametrize(
    ("chunk", "detail"),
    [
        (b"nonsense\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "does not speak HTTP"),
        (b"", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, "does not speak HTTP"),
    ],
)
def test_servers_that_do_not_speak_http(tmp_path, authority, settings, limit, chunk, detail):
    script = tls_script(authority, tmp_path, chunk)
    with scripted(script) as port, pytest.raises(Unreached, match=detail):
        page(settings, limit, port)


def test_endless_chunks_are_left(tmp_path, authority, settings, limit):
    tiny = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 200 + b"\r\na\r\n"
    )
    more = (b"1;" + b"x" * 200 + b"\r\na\r\n") * 2000
    with scripted(tls_script(authority, tmp_path, tiny, more)) as port:
        assert "longer than" in page(settings, limit, port).problem


def test_what_is_not_tls(settings, limit):
    def speak(line):
        line.recv(100)
        line.sendall(b"SSH-2.0-x\r\n")

    with scripted(speak) as port:
        assert page(settings, limit, port).trusted is False
    with pytest.raises(Unreached) as error:
        page(settings, limit, 1)
    assert error.value.why is Why.REFUSED


def test_a_server_that_accepts_and_says_nothing(limit):
    quick = settings_for((ONE,), seconds=0.3)
    with (
        scripted(lambda line: [line.recv(9999), line.recv(1)]) as port,
        pytest.raises(Unreached, match="no answer in time"),
    ):
        page(quick, limit, port)


def test_a_hint_before_the_policy_is_not_the_policy():
    """103 Early Hints come before the answer and say nothing about it."""
    from auditor.collect.dns_guarded import _read

    class Line:
        def receive(self):
            return (
                b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            )

    protocol = h11.Connection(h11.CLIENT)
    protocol.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    protocol.send(h11.EndOfMessage())
    assert _read(protocol, Line(), 100).body == b"ok"
