"""Reaching an address: what cannot be reached ends in time, with its reason."""

import socket
import ssl
import threading
import time

import pytest

from auditor.collect import Limit
from auditor.collect.dial import Connection, Deadline, Unreached, resolve
from auditor.model.fact import Why
from tests.servers.certificates import issue
from tests.servers.tls_servers import free_port, openssl_server, scripted


def deadline(seconds=2.0, stopped=None):
    return Deadline(Limit(30, stopped or threading.Event(), time.monotonic), seconds)


def test_the_task_s_end_is_the_end_of_every_step():
    over = Deadline(Limit(0, threading.Event(), time.monotonic), 10)

    assert over.left == 0
    with pytest.raises(Unreached) as caught:
        over.wait()
    assert caught.value.why is Why.TIMEOUT


def test_a_stopped_run_is_over():
    stopped = threading.Event()
    stopped.set()

    with pytest.raises(Unreached) as caught:
        deadline(stopped=stopped).wait()

    assert caught.value.why is Why.INTERRUPTED


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "2001:db8::1"])
def test_an_address_needs_no_looking_up(address):
    assert resolve(address, deadline(0)) == (address,)


def test_a_name_is_looked_up():
    assert set(resolve("localhost", deadline())) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("name", ["tidak-ada.invalid", "a..b", "x" * 70 + ".test"])
def test_a_name_without_an_address(name):
    with pytest.raises(Unreached) as caught:
        resolve(name, deadline(5))

    assert caught.value.why is Why.UNREACHABLE
    assert name in caught.value.detail


def test_a_resolver_that_hangs_is_left_behind(monkeypatch):
    answered = threading.Event()

    def hangs(*_args, **_named):
        answered.wait(5)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hangs)

    with pytest.raises(Unreached) as caught:
        resolve("lambat.test", deadline(0.3))

    answered.set()
    assert caught.value.why is Why.TIMEOUT


def test_a_port_where_nothing_listens():
    with pytest.raises(Unreached) as caught:
        Connection("127.0.0.1", free_port(), deadline())

    assert caught.value.why is Why.REFUSED
    assert caught.value.detail.endswith("connection refused")


def test_an_address_without_a_route():
    with pytest.raises(Unreached) as caught:
        Connection("255.255.255.255", 443, deadline())

    assert caught.value.why is Why.UNREACHABLE


def test_an_address_that_does_not_answer():
    """A listener whose queue is full drops the first packet of a connection, as a filter does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(8)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))

        with pytest.raises(Unreached) as caught:
            Connection("127.0.0.1", port, deadline(0.5))

        for one in waiting:
            one.close()
    assert caught.value.why is Why.TIMEOUT


def test_over_ip_version_6():
    with (
        socket.create_server(("::1", 0), family=socket.AF_INET6) as listener,
        Connection("::1", listener.getsockname()[1], deadline()) as connection,
    ):
        accepted, _ = listener.accept()
        connection.send(b"halo")

        assert accepted.recv(10) == b"halo"
        accepted.close()
        assert connection.receive() == b""


def test_a_peer_that_takes_nothing_ends_in_time():
    done = threading.Event()

    with (
        scripted(lambda _connection: done.wait(5)) as port,
        Connection("127.0.0.1", port, deadline(0.5)) as connection,
        pytest.raises(Unreached) as caught,
    ):
        connection.send(bytes(50_000_000))

    done.set()
    assert caught.value.why is Why.TIMEOUT


def test_a_message_is_sent_whole():
    received = []

    def takes_slowly(connection):
        while data := connection.recv(65_536):
            received.append(data)

    with scripted(takes_slowly) as port:
        with Connection("127.0.0.1", port, deadline()) as connection:
            connection.send(b"x" * 8_000_000)
        while sum(map(len, received)) < 8_000_000:
            time.sleep(0.01)

    assert sum(map(len, received)) == 8_000_000


def test_a_handshake_that_takes_its_time_is_waited_for(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    with openssl_server(tmp_path, issue()) as port:

        def relays_late(connection):
            time.sleep(0.6)  # longer than one look at the clock
            with socket.create_connection(("127.0.0.1", port)) as onward:
                onward.sendall(connection.recv(4096))
                connection.sendall(onward.recv(65_536))
                connection.recv(4096)

        with (
            scripted(relays_late) as late,
            Connection("127.0.0.1", late, deadline(5)) as connection,
        ):
            connection.encrypt(context, "web.kota.test")
