"""The browser's only way out: what it asks for politely, oddly, and beyond the letter."""

import socket
import threading
import time

import pytest

from auditor.collect import Limit
from auditor.collect import browser_relay as relaying
from auditor.collect.browser_relay import Relay
from auditor.collect.dial import Unreached
from auditor.model.fact import Why
from tests.servers.tls_servers import free_port, scripted

HELLO = b"\x05\x01\x00"


def guide(name, _deadline):
    if name in {"dinas.kota.test", "127.0.0.1", "::1"}:
        return "127.0.0.1"
    raise Unreached(Why.SCOPE, f"{name} is outside")


def by_name(name, port, command=1):
    return bytes((5, command, 0, 3, len(name))) + name.encode() + port.to_bytes(2, "big")


@pytest.fixture
def open_relay():
    opened = []

    def start(port=1, seconds=20.0):
        limit = Limit(seconds, threading.Event(), time.monotonic)
        relay = Relay(guide, limit, 1.0, {80: port, 443: port}).__enter__()
        opened.append(relay)
        return relay

    yield start
    for relay in opened:
        relay.__exit__()


def ask(relay, request, more=b""):
    """Return what the relay answers to a request, without its greeting, until it hangs up."""
    with socket.create_connection(("127.0.0.1", relay.port), 5) as client:
        client.sendall(HELLO + request + more)
        client.settimeout(5)
        said = b""
        try:
            while data := client.recv(65_536):
                said += data
        except ConnectionResetError:
            pass
    return said[2:]


def echo(connection):
    connection.sendall(b"halo " + connection.recv(100))


def test_a_name_in_the_letter_is_reached(open_relay):
    with scripted(echo) as port:
        relay = open_relay(port)
        answer = ask(relay, by_name("Dinas.Kota.Test.", 443), b"apa kabar")

    assert answer == relaying._GRANTED + b"halo apa kabar"
    assert relay.reached == {("dinas.kota.test", "127.0.0.1", 443)}
    assert not relay.full


@pytest.mark.parametrize(
    "address", [b"\x01\x7f\0\0\x01", b"\x04" + b"\0" * 15 + b"\x01"], ids=["IPv4", "IPv6"]
)
def test_an_address_is_asked_like_a_name(open_relay, address):
    with scripted(echo) as port:
        answer = ask(open_relay(port), b"\x05\x01\x00" + address + b"\x00\x50", b"!")

    assert answer.endswith(b"halo !")


def test_what_the_letter_does_not_cover_is_refused(open_relay):
    relay = open_relay()

    assert ask(relay, by_name("luar.example", 443))[1] == 2
    assert ask(relay, b"\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb")[1] == 2
    assert relay.reached == set()
    assert relay.refused["luar.example"][0] is Why.SCOPE
    assert relay.refused["192.0.2.1"][0] is Why.SCOPE


@pytest.mark.parametrize("port", [0, 22, 25, 8080, 65_535])
def test_other_ports_are_not_asked(open_relay, port):
    relay = open_relay()

    assert ask(relay, by_name("dinas.kota.test", port))[1] == 2
    assert relay.refused["dinas.kota.test"][0] is Why.SCOPE


def test_a_closed_port_is_told(open_relay):
    relay = open_relay(free_port())

    assert ask(relay, by_name("dinas.kota.test", 80))[1] == 5
    assert relay.refused["dinas.kota.test"][0] is Why.REFUSED


@pytest.mark.parametrize(
    "request_", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x04\x01", by_name("dinas.kota.test", 80, 2)]
)
def test_what_is_no_request_gets_no_connection(open_relay, request_, monkeypatch):
    monkeypatch.setattr(relaying, "_ASK", 0.5)
    relay = open_relay()

    assert ask(relay, request_) == b""
    assert relay.reached == set()


def test_another_version_is_turned_away(open_relay):
    relay = open_relay()
    with socket.create_connection(("127.0.0.1", relay.port), 5) as client:
        client.sendall(b"\x04\x00")
        assert client.recv(10) == b""


def test_names_that_are_told_are_few(open_relay):
    relay = open_relay()
    for number in range(relaying.MOST_NAMED + 5):
        ask(relay, by_name(f"n{number}.example", 443))

    assert len(relay.refused) == relaying.MOST_NAMED


def test_a_site_may_send_so_much_and_no_more(open_relay, monkeypatch):
    monkeypatch.setattr(relaying, "MOST_BYTES", 100_000)

    def pour(connection):
        while True:
            connection.sendall(b"x" * 65_536)

    with scripted(pour) as port:
        relay = open_relay(port)
        said = ask(relay, by_name("dinas.kota.test", 80))

    assert relay.full
    assert len(said) < 400_000


def test_when_time_is_over_connections_end(open_relay):
    with scripted(lambda _connection: time.sleep(3)) as port:
        begun = time.monotonic()
        ask(open_relay(port, seconds=0.7), by_name("dinas.kota.test", 80))

    assert time.monotonic() - begun < 4
