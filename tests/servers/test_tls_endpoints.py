"""Which endpoints a target has: what hangs, lies or speaks something else first."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from threading import Thread

import msgspec
import pytest

from auditor.collect.tls import SILENT, TlsCollector
from auditor.collect.tls_line import look as look_at
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.tls import PROBE, Endpoint, StartTls, TlsArgs
from tests.servers.certificates import NOW, SITE, ec_key, issue, rsa_key
from tests.servers.tls_servers import free_port, nginx_server, openssl_server, scripted


def observe(known, settings, limit, https=1, **fields):
    target = Target(**{"id": "t", "opd": "o", "address": "127.0.0.1", **fields})
    task = Task(via=Via.TLS, targets=(target,), probes=(Probe(type=PROBE, args=TlsArgs()),))
    (seen,) = TlsCollector(https=https, known=known).collect(task, settings, limit)
    return seen


def look(known, settings, limit, **fields):
    seen = observe(known, settings, limit, **fields)
    assert isinstance(seen, Fact)
    return seen.value


@pytest.fixture
def hurried(settings):
    return msgspec.structs.replace(settings, connect_timeout=0.4)


def test_one_endpoint_may_be_looked_at_by_itself(root, settings, limit, tmp_path):
    with openssl_server(tmp_path, issue(issuer=root)) as port, ThreadPoolExecutor(5) as pool:
        record = look_at("127.0.0.1", Endpoint(name=SITE, port=port), settings, limit, pool)

    assert (record["offered"], record["cert"]["name_matches"]) == (True, True)


def is_a_web_server(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def says_nothing(connection):
    while connection.recv(4096):
        pass


def refuses(connection):
    connection.recv(4096)
    connection.sendall(b"\x15\3\3\0\2\2\x28")


@contextmanager
def deaf():
    """A port whose queue is full: a connection to it is neither accepted nor refused."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = listener.getsockname()[1]
        for _ in range(4):
            one = stack.enter_context(closing(socket.socket()))
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield port


def test_where_no_port_answers_nothing_is_known(settings, limit):
    with deaf() as port:
        seen = observe({port: None}, settings, limit)

    assert isinstance(seen, Gap)
    assert seen.why is Why.UNREACHABLE


def test_where_every_port_is_closed_there_is_no_tls(settings, limit):
    seen = observe({free_port(): None, free_port(): StartTls.SMTP}, settings, limit)

    assert seen.value == {
        "exists": False,
        "spoken": False,
        "starttls": False,
        "endpoints": [],
        "bare": {"asked": False},
    }
    assert "no TLS port answers" in seen.evidence.source
    assert "seen from" in seen.evidence.source


def test_an_unexpected_port_that_speaks_something_else_is_no_endpoint(settings, limit):
    with scripted(is_a_web_server) as port:
        value = look({port: None}, settings, limit)

    assert value["endpoints"] == []


def test_an_expected_site_that_speaks_something_else_is_a_gap(settings, limit):
    with scripted(is_a_web_server) as port:
        value = look({}, settings, limit, https=port, sites=(SITE,))

    (item,) = value["endpoints"]
    assert item["gap"]["why"] is Why.UNREADABLE
    assert (value["exists"], value["spoken"]) == (True, True)


def test_an_unexpected_port_that_refuses_is_a_gap(settings, limit):
    with scripted(refuses) as port:
        (item,) = look({port: None}, settings, limit)["endpoints"]

    assert item["gap"]["why"] is Why.REFUSED
    assert item["expected"] is False


def test_a_target_that_accepts_everywhere_and_says_nothing_is_left_alone(hurried, limit):
    with ExitStack() as stack:
        ports = [stack.enter_context(scripted(says_nothing)) for _ in range(SILENT + 2)]
        items = look(dict.fromkeys(ports), hurried, limit)["endpoints"]

    whys = [item["gap"]["why"] for item in items]
    assert whys == [Why.TIMEOUT] * SILENT + [Why.BUSY] * 2


def mail(*words: bytes, behind: bytes = b"", inner: int = 0):
    """A mail server that offers `words`, and hands a connection over to a TLS server."""

    def script(connection):
        connection.sendall(b"220 mail.kota.test ESMTP\r\n")
        connection.recv(4096)
        connection.sendall(b"250-mail.kota.test\r\n" + b"".join(words) + b"250 HELP\r\n")
        if not connection.recv(4096).upper().startswith(b"STARTTLS"):
            return
        connection.sendall(b"220 go ahead\r\n" + behind)
        pass_on(connection, inner)

    return script


def pass_on(connection, port, first=b""):
    """Let a caller and a server talk, beginning with what was read of the caller."""
    with socket.create_connection(("127.0.0.1", port)) as server:
        server.sendall(first)
        Thread(target=pipe, args=(server, connection), daemon=True).start()
        pipe(connection, server)


def pipe(source, sink):
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def turns_away(connection):
    connection.sendall(b"554 no service\r\n")
    connection.recv(4096)


def test_a_mail_server_that_turns_us_away_is_a_gap(settings, limit):
    with scripted(turns_away) as port:
        (item,) = look({port: StartTls.SMTP}, settings, limit)["endpoints"]

    assert "gap" in item
    assert "offered" not in item


def test_a_mail_server_that_is_silent_is_a_gap(hurried, limit):
    with scripted(says_nothing) as port:
        (item,) = look({port: StartTls.SMTP}, hurried, limit)["endpoints"]

    assert item["gap"]["why"] is Why.TIMEOUT


def test_a_mail_server_without_tls_is_told_and_lacks_nothing(settings, limit):
    with scripted(mail()) as port:
        value = look({port: StartTls.SMTP}, settings, limit)

    assert (value["exists"], value["spoken"], value["starttls"]) == (True, False, True)
    assert value["endpoints"] == [
        {
            "endpoint": f"127.0.0.1:{port}",
            "name": "127.0.0.1",
            "protocol": "smtp",
            "expected": False,
            "named": False,
            "offered": False,
        }
    ]


@pytest.mark.parametrize("behind", [b"", b"250 injected\r\n"])
def test_tls_is_looked_at_behind_starttls(behind, root, settings, limit, tmp_path):
    with (
        openssl_server(tmp_path, issue(issuer=root)) as inner,
        scripted(mail(b"250-STARTTLS\r\n", behind=behind, inner=inner)) as port,
    ):
        value = look({port: StartTls.SMTP}, settings, limit)

    (item,) = value["endpoints"]
    assert item["injected"] is bool(behind)
    assert item["versions"] == ["TLSv1.2", "TLSv1.3"]
    assert item["cert"]["trusted"] is True
    assert "name_matches" not in item["cert"]
    assert (value["exists"], value["spoken"]) == (True, True)


def test_an_unexpected_tls_port_is_looked_at_under_the_first_name(root, settings, limit, tmp_path):
    with openssl_server(tmp_path, issue(issuer=root)) as port:
        value = look({port: None}, settings, limit, https=free_port(), sites=(SITE,))

    (other,) = value["endpoints"]
    assert value["bare"] == {"asked": False}
    assert (other["endpoint"], other["expected"]) == (f"{SITE}:{port}", False)
    assert other["cert"]["name_matches"] is True


def nginx(folder, root, bare: str):
    port = free_port()
    certificate, key = issue(issuer=root).write(folder, "s")
    served = f"ssl_certificate {certificate}; ssl_certificate_key {key};"
    default = bare or served
    return port, (
        f"server {{ listen 127.0.0.1:{port} ssl default_server; server_name _; {default} }}"
        f"server {{ listen 127.0.0.1:{port} ssl; server_name {SITE}; {served} }}"
    )


@pytest.mark.parametrize(("default", "answers"), [("", True), ("ssl_reject_handshake on;", False)])
def test_the_address_is_asked_for_its_certificate_without_a_name(
    default, answers, root, settings, limit, tmp_path
):
    port, servers = nginx(tmp_path, root, default)

    with nginx_server(tmp_path, servers):
        value = look({}, settings, limit, https=port, sites=(SITE,))

    (item,), bare = value["endpoints"], value["bare"]
    assert item["cert"]["name_matches"] is True
    assert (bare["asked"], bare["offered"]) == (True, answers)
    assert ("cert" in bare) is answers
    assert "name_matches" not in bare.get("cert", {})


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (says_nothing, Why.TIMEOUT),
        (
            lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            Why.UNREADABLE,
        ),
        (lambda _: None, False),
        (lambda connection: connection.sendall(b"\x15\3\3\0\2\2\x70"), False),
    ],
)
def test_a_port_that_serves_only_names(script, expected, hurried, limit, tmp_path):
    def by_name(connection):
        hello = connection.recv(4096)
        if SITE.encode() in hello:
            pass_on(connection, inner, hello)
        else:
            script(connection)

    with openssl_server(tmp_path, issue()) as inner, scripted(by_name) as port:
        bare = look({}, hurried, limit, https=port, sites=(SITE,))["bare"]

    assert bare["asked"] is True
    assert bare.get("offered", bare.get("gap", {}).get("why")) == expected


def test_a_port_without_certificates_has_none_to_show(settings, limit, tmp_path):
    anonymous = ("-tls1_2", "-cipher", "aNULL:@SECLEVEL=0")

    with openssl_server(tmp_path, issue(), *anonymous) as port:
        value = look({}, settings, limit, https=port, sites=(SITE,))

    assert value["bare"] == {"asked": False}


def test_the_facts_of_a_usual_server(root, settings, limit, tmp_path):
    port, servers = nginx(tmp_path, root, "")

    with nginx_server(tmp_path, servers):
        (item,) = look({}, settings, limit, https=port, sites=(SITE,))["endpoints"]

    assert "gap" not in item
    wanted = {
        "compression": False,
        "heartbeat": False,
        "ocsp_staple": False,
        "secure_renegotiation": True,
        "extended_master_secret": True,
        "fallback_scsv": True,
        "server_order": False,
        "dh": {"used": False},
        "pq": False,
        "offered": True,
    }
    assert {name: item[name] for name in wanted} == wanted
    assert item["curves"][:2] == ["x25519", "secp256r1"]


def test_a_host_that_answers_elsewhere_has_no_tls_behind_its_firewall(settings, limit):
    with deaf() as port, socket.create_server(("127.0.0.1", 0)) as other:
        listed = (f"{other.getsockname()[1]}/tcp", "53/udp")
        seen = observe({port: None}, settings, limit, ports=listed)

    assert isinstance(seen, Fact)
    assert seen.value["exists"] is False


def test_a_site_whose_port_is_closed_is_told_in_the_evidence(settings, limit):
    port = free_port()
    seen = observe({}, settings, limit, https=port, sites=(SITE,))

    assert seen.value["exists"] is False
    assert seen.evidence.source.endswith(f"; closed: {port}")


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("version", [("-tls1_3",), ()])
def test_of_two_certificates_the_worse_counts_whichever_is_shown_first(
    version, swapped, root, settings, limit, tmp_path
):
    pairs = [
        issue(issuer=root, key=ec_key()).write(tmp_path, "good"),
        issue(issuer=root, key=rsa_key(), begins=NOW - timedelta(days=100), days=50).write(
            tmp_path, "bad"
        ),
    ]
    (cert, key), (other_cert, other_key) = reversed(pairs) if swapped else pairs
    port = free_port()
    shown = f"ssl_certificate {cert}; ssl_certificate_key {key};"
    shown += f"ssl_certificate {other_cert}; ssl_certificate_key {other_key};"
    protocols = "TLSv1.3" if version else "TLSv1.2 TLSv1.3"
    server = f"server {{ listen 127.0.0.1:{port} ssl; {shown} ssl_protocols {protocols}; }}"
    with nginx_server(tmp_path, server):
        (item,) = look({port: None}, settings, limit)["endpoints"]

    assert item["cert"]["valid_now"] is False
    assert len(item["cert"]["spkis"]) == 2
