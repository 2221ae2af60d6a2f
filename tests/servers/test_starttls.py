"""Real servers are led up to TLS; hostile ones end in a reason, in bounded time."""

import ssl
import time
from contextlib import contextmanager

import pytest

from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.starttls import NotOffered, greet
from auditor.model.fact import Why
from auditor.probe.starttls_binary import RDP_REQUEST
from auditor.probe.tls import StartTls
from tests.servers import mail_servers
from tests.servers.certificates import issue, rsa_key
from tests.servers.tls_servers import scripted


@pytest.fixture(scope="module")
def issued():
    return issue(key=rsa_key())


@contextmanager
def dovecot(protocol, issued):
    with mail_servers.dovecot(issued) as ports:
        yield ports[protocol]


@contextmanager
def first(server, issued):
    with server(issued) as ports:
        yield ports[0]


SERVERS = {
    StartTls.SMTP: lambda issued: first(mail_servers.postfix, issued),
    StartTls.IMAP: lambda issued: dovecot("imap", issued),
    StartTls.POP3: lambda issued: dovecot("pop3", issued),
    StartTls.FTP: mail_servers.vsftpd,
    StartTls.LDAP: lambda issued: first(mail_servers.slapd, issued),
    StartTls.POSTGRESQL: mail_servers.postgresql,
    StartTls.MYSQL: mail_servers.mariadb,
}


@pytest.fixture
def dial(limit):
    """Open a connection to a port; three seconds for all of it."""

    def open_(port, seconds=3):
        return Connection("127.0.0.1", port, Deadline(limit, seconds))

    return open_


def shake(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection.encrypt(context, "web.kota.test")


@pytest.mark.parametrize("protocol", SERVERS)
def test_a_real_server_goes_over_to_tls(protocol, issued, dial):
    with SERVERS[protocol](issued) as port, dial(port, 8) as connection:
        assert greet(connection, protocol) == b""
        shake(connection)


@pytest.mark.parametrize("protocol", SERVERS)
def test_a_real_server_without_tls_offers_none(protocol, dial):
    with (
        SERVERS[protocol](None) as port,
        dial(port, 8) as connection,
        pytest.raises(NotOffered) as found,
    ):
        greet(connection, protocol)
    assert found.value.why is Why.UNSUPPORTED
    assert not found.value.closed


@pytest.mark.parametrize(
    ("negotiation", "offered"),
    [(b"\x02\0\x08\0\x02\0\0\0", True), (b"\x03\0\x08\0\x02\0\0\0", False), (b"", False)],
)
def test_rdp(negotiation, offered, dial):
    with mail_servers.rdp_responder(negotiation) as port, dial(port) as connection:
        if offered:
            assert greet(connection, StartTls.RDP) == b""
        else:
            with pytest.raises(NotOffered):
                greet(connection, StartTls.RDP)
    assert len(RDP_REQUEST) == 19


def answers(*replies: bytes):
    """Say the first reply at once, and each other after the client spoke; then stay."""

    def script(connection):
        for number, reply in enumerate(replies):
            if number:
                connection.recv(4096)
            connection.sendall(reply)
        while connection.recv(4096):
            pass

    return script


def forever(start: bytes, more: bytes):
    def script(connection):
        connection.sendall(start)
        while True:
            connection.sendall(more)

    return script


def says_nothing(connection):
    while connection.recv(4096):
        pass


def closes(connection):
    connection.sendall(b"220 mail.kota.test ESMTP\r\n")
    connection.recv(4096)


HOSTILE = {
    "silence": (says_nothing, Why.TIMEOUT),
    "an endless banner": (forever(b"220 ", b"x" * 4000), Why.CUT),
    "an endless reply": (forever(b"", b"220-more\r\n"), Why.CUT),
    "garbage": (answers(b"\x00\xff\x80garbage\r\n"), Why.UNREADABLE),
    "control characters": (answers(b"220 \x1b]0;x\x07\r\n", b"421 \x1b[2J\r\n"), Why.DENIED),
    "half a line": (answers(b"220 mail"), Why.TIMEOUT),
    "a slow lie": (answers(b"220 mail\r\n", b"250-mail\r\n250-STARTTLS\r\n"), Why.TIMEOUT),
    "a close": (closes, Why.UNREADABLE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_is_a_reason_in_bounded_time(name, dial):
    script, why = HOSTILE[name]
    begun = time.monotonic()
    with (
        scripted(script) as port,
        dial(port, 0.6) as connection,
        pytest.raises(Unreached) as found,
    ):
        greet(connection, StartTls.SMTP)
    assert found.value.why is why
    assert not isinstance(found.value, NotOffered)
    assert not found.value.closed
    assert found.value.detail.isprintable()
    assert time.monotonic() - begun < 20


def test_a_connection_that_breaks_before_tls_does_not_count_as_closed(dial):
    def breaks(connection):
        connection.setsockopt(1, 13, (1).to_bytes(4, "little") + bytes(4))
        connection.sendall(b"220-a\r\n")
        connection.recv(1)

    with scripted(breaks) as port, dial(port) as connection:
        connection.send(b"x")
        time.sleep(0.1)
        with pytest.raises(Unreached) as found:
            greet(connection, StartTls.SMTP)
    assert found.value.why is Why.UNREADABLE
    assert not found.value.closed


def test_what_is_sent_behind_the_go_ahead_is_returned(dial):
    ehlo = b"250-mail\r\n250 STARTTLS\r\n"
    script = answers(b"220 mail\r\n", ehlo, b"220 go\r\n250 injected\r\n")
    with scripted(script) as port, dial(port) as connection:
        assert greet(connection, StartTls.SMTP) == b"250 injected\r\n"
