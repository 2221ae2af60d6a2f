"""SSH servers that hang, flood, lie and cut: each is a gap or a fact in bounded time."""

import contextlib
import resource
import socket
import threading
import time

import paramiko
import pytest

from auditor.collect.dial import Deadline
from auditor.collect.ssh_server_login import ways_in
from auditor.collect.ssh_server_talk import ANSWER_LIMIT
from auditor.model.fact import Why
from auditor.probe.ssh_server_codec import (
    CLIENT,
    KEXINIT,
    PACKET,
    Reader,
    mpint,
    packet,
    string,
)
from auditor.probe.ssh_server_keys import KINDS
from tests.servers.ssh_server_asking import Silent, ask, fact, gap, hurried, look
from tests.servers.tls_servers import free_port, scripted

VERSION = b"SSH-2.0-hostile_1.0\r\n"
SOUND = (
    *(b"curve25519-sha256,kex-strict-s-v00@openssh.com", b"ssh-ed25519"),
    *(b"aes128-ctr", b"aes128-ctr", b"hmac-sha2-256", b"hmac-sha2-256", b"none", b"none", b"", b""),
)
ED25519 = string(b"ssh-ed25519") + string(bytes(range(32)))
GEX = b"diffie-hellman-group-exchange-sha256"


@pytest.fixture
def quick(settings):
    """Settings that wait a second."""
    return hurried(settings, 1.0)


def kexinit(*lists: bytes) -> bytes:
    return packet(bytes([KEXINIT]) + bytes(16) + b"".join(string(x) for x in lists) + bytes(5))


def offer(kex=SOUND[0], keys=SOUND[1]) -> bytes:
    return VERSION + kexinit(kex, keys, *SOUND[2:])


def wait(connection: socket.socket) -> None:
    """Say no more until the client leaves."""
    while connection.recv(65_536):
        pass


def forever(connection: socket.socket, data: bytes) -> None:
    while True:
        connection.sendall(data)


def drip(connection: socket.socket, data: bytes) -> None:
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def answering(
    init: bytes = b"", *, request: bytes = b"", gex_init: bytes = b"", opening: bytes | None = None
):
    """Return a script: the opening, then answers to messages 30, 34 and 32 of the client."""
    replies = {30: init, 34: request, 32: gex_init}

    def script(connection: socket.socket) -> None:
        connection.sendall(offer() if opening is None else opening)
        reader = Reader()
        while data := connection.recv(65_536):
            for said in reader.feed(data):
                if isinstance(said, bytes) and replies.get(said[0]):
                    connection.sendall(replies[said[0]])

    return script


NO_SERVER = {
    "nothing": (wait, Why.TIMEOUT),
    "closes at once": (lambda _: None, Why.UNREADABLE),
    "garbage": (lambda c: c.sendall(b"\x00\xff\x80garbage\x1b[2J\n" * 20), Why.UNREADABLE),
    "endless banner": (lambda c: forever(c, b"hello\r\n"), Why.CUT),
    "a line without an end": (lambda c: forever(c, b"x" * 65_536), Why.CUT),
    "a version line of a megabyte": (lambda c: c.sendall(b"SSH-2.0-" + b"x" * 10**6), Why.CUT),
    "drips": (lambda c: drip(c, VERSION), Why.TIMEOUT),
    "web": (lambda c: c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n<h1>"), Why.UNREADABLE),
    "TLS": (lambda c: c.sendall(b"\x15\x03\x01\x00\x02\x02\x46"), Why.UNREADABLE),
    "mail": (lambda c: c.sendall(b"220 mail.example ESMTP\r\n"), Why.UNREADABLE),
    "mirror": (lambda c: c.sendall(c.recv(100)), Why.UNREADABLE),
    "no room": (lambda c: c.sendall(b"Exceeded MaxStartups\r\n"), Why.BUSY),
    "penalty": (lambda c: c.sendall(b"Not allowed at this time\r\n"), Why.BUSY),
    "protocol 9": (lambda c: c.sendall(b"SSH-two\r\n"), Why.UNREADABLE),
}


@pytest.mark.parametrize("name", NO_SERVER)
def test_what_is_no_ssh_server_is_a_gap(name, quick, limit):
    script, why = NO_SERVER[name]
    with scripted(script) as port:
        seen = gap(port, quick, limit)

    assert seen.why is why
    assert "\x1b" not in seen.detail
    assert len(seen.detail) < 300


NO_OFFER = {
    "nothing more": (b"", Why.TIMEOUT),
    "100,000 names": (
        VERSION + kexinit(b",".join([b"a"] * 17_000), *SOUND[1:])[:PACKET],
        Why.CUT,
    ),
    "a packet of 4 GB": (VERSION + b"\xff\xff\xff\xff\x04", Why.CUT),
    "a packet of padding alone": (VERSION + b"\0\0\0\x0c\xff" + bytes(11), Why.UNREADABLE),
    "NUL in a name": (VERSION + kexinit(b"a\0b", *SOUND[1:]), Why.UNREADABLE),
    "control bytes in a name": (
        VERSION + kexinit(SOUND[0], b"\x1b[2J", *SOUND[2:]),
        Why.UNREADABLE,
    ),
    "empty lists": (VERSION + kexinit(*[b""] * 10), Why.UNREADABLE),
    "only a signal": (
        VERSION + kexinit(b"kex-strict-s-v00@openssh.com", *SOUND[1:]),
        Why.UNREADABLE,
    ),
    "a list longer than the packet": (
        VERSION + packet(bytes([KEXINIT]) + bytes(16) + b"\xff\xff\xff\xff"),
        Why.UNREADABLE,
    ),
    "another message": (VERSION + packet(b"\x1f" + bytes(30)), Why.UNREADABLE),
    "farewell": (VERSION + packet(b"\x01" + bytes(4) + string(b"go\x1b[2J away")), Why.UNREADABLE),
    "noise": (VERSION + packet(b"\x02" + bytes(30_000)) * 5, Why.CUT),
    "protocol 1": (b"SSH-1.5-Cisco-1.25\r\n", Why.UNSUPPORTED),
    "protocol 3": (b"SSH-3.0-future\r\n", Why.UNSUPPORTED),
}


@pytest.mark.parametrize("name", NO_OFFER)
def test_a_version_line_counts_and_the_rest_is_a_gap(name, quick, limit):
    opening, why = NO_OFFER[name]
    with scripted(answering(opening=opening or VERSION)) as port:
        one = fact(port, quick, limit)
    (row,) = one.value["servers"]

    assert row["protocol"] in ("2.0", "1.5", "3.0")
    assert row["protocol_1"] is (name == "protocol 1")
    assert row["gap"]["why"] == why
    assert "weak_kex" not in row
    (key,) = one.value["host_keys"]
    assert key["gap"]["why"] == why
    assert "\x1b" not in str(one)


def test_the_end_in_the_middle_of_an_offer_is_a_gap(quick, limit):
    with scripted(lambda c: (c.sendall(offer()[:90]), c.recv(20))) as port:
        (row,) = fact(port, quick, limit).value["servers"]

    assert row["gap"] == {"why": "unreadable", "detail": "the answer is cut short"}


def test_markup_in_a_name_is_an_unknown_algorithm(quick, limit):
    name = b"<script>alert(1)</script>"
    with scripted(answering(opening=offer(kex=name))) as port:
        one = fact(port, quick, limit)
    (row,) = one.value["servers"]

    assert row["unknown_kex"] == [name.decode()]
    assert row["weak_kex"] == []
    (key,) = one.value["host_keys"]
    assert key["gap"]["why"] == "unsupported"
    assert "bits" not in key


NO_KEY = {
    "silence": (b"", "timeout"),
    "another type": (packet(b"\x1f" + string(string(b"ssh-rsa") + b"x")), "unreadable"),
    "nothing in it": (packet(b"\x1f"), "unreadable"),
    "cut": (packet(b"\x1f" + string(ED25519))[:20], "timeout"),
    "farewell": (packet(b"\x01" + bytes(4) + string(b"no")), "unreadable"),
    "another message": (packet(b"\x03" + bytes(4)), "unreadable"),
}


@pytest.mark.parametrize("name", NO_KEY)
def test_algorithms_count_though_no_key_is_shown(name, quick, limit):
    reply, why = NO_KEY[name]
    with scripted(answering(reply)) as port:
        one = fact(port, quick, limit)
    (row,) = one.value["servers"]
    (key,) = one.value["host_keys"]

    assert row["weak_kex"] == []
    assert key["type"] == "ssh-ed25519"
    assert key["gap"]["why"] == why
    assert "bits" not in key
    assert "gap" in row["login"]


def test_a_server_that_falls_silent_is_not_waited_for_once_for_each_key(settings, limit):
    keys = b"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256"
    asked = []

    def script(connection):
        asked.append(1)
        answering(opening=offer(keys=keys))(connection)

    with scripted(script) as port:
        value = fact(port, hurried(settings), limit).value

    assert [key["gap"]["why"] for key in value["host_keys"]] == ["timeout"] * 5
    assert len(asked) == 1


def test_more_kinds_of_keys_than_are_asked_for_are_told(quick, limit):
    names = b",".join(b"key%d@vendor" % number for number in range(200))
    with scripted(
        answering(packet(b"\x01" + bytes(4) + string(b"no")), opening=offer(keys=names))
    ) as port:
        value = fact(port, quick, limit).value

    assert len(value["host_keys"]) == KINDS + 1
    assert value["host_keys"][-1]["gap"]["why"] == "cut"


def test_a_small_group_and_a_dsa_key_are_found(quick, limit):
    dsa = string(b"ssh-dss") + mpint((1 << 1023) | 1) + mpint(7) + mpint(5) + mpint(3)
    group = packet(b"\x1f" + mpint((1 << 1023) | 1) + mpint(2))
    script = answering(
        request=group,
        gex_init=packet(b"\x21" + string(dsa)),
        opening=offer(kex=GEX, keys=b"ssh-dss"),
    )

    with scripted(script) as port:
        one = fact(port, quick, limit)

    assert one.value["servers"][0]["gex"] == {"offered": True, "bits": 1024}
    assert one.value["host_keys"][0]["bits"] == 1024


def test_no_group_is_a_gap_and_the_key_is_asked_for_otherwise(quick, limit):
    kex = b"curve25519-sha256," + GEX

    script = answering(
        packet(b"\x1f" + string(ED25519)),
        request=packet(b"\x01" + bytes(4) + string(b"no such group")),
        opening=offer(kex=kex),
    )

    with scripted(script) as port:
        one = fact(port, quick, limit)

    assert one.value["servers"][0]["gex"]["gap"]["why"] == "unreadable"
    assert one.value["host_keys"][0]["bits"] == 256


def test_a_server_that_drops_one_client_is_asked_again(quick, limit):
    times = []

    def script(connection):
        times.append(1)
        if len(times) > 1:
            answering()(connection)

    with scripted(script) as port:
        assert look(port, quick, limit)["weak_kex"] == []


def test_the_auditor_says_who_it_is(quick, limit):
    heard = []
    with scripted(lambda c: heard.append(c.recv(100))) as port:
        ask(port, quick, limit)

    assert heard[0] == CLIENT


def test_a_flood_costs_no_memory(quick, limit):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    noise = packet(b"\x02" + bytes(30_000))

    def script(connection):
        connection.sendall(VERSION)
        forever(connection, noise)

    with scripted(script) as port:
        row = look(port, quick, limit)

    assert row["gap"]["why"] == "cut"
    assert str(ANSWER_LIMIT) in row["gap"]["detail"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


class _Liar(paramiko.ServerInterface):
    def __init__(self, allowed: str, result: int) -> None:
        self._allowed = allowed
        self._result = result

    def get_allowed_auths(self, username):
        return self._allowed

    def check_auth_none(self, username):
        return self._result


@contextlib.contextmanager
def liar(allowed: str, result: int = paramiko.AUTH_FAILED):
    """A server that answers the question for the ways in as it is told."""
    key = paramiko.ECDSAKey.generate()
    held = []

    def script(connection):
        transport = paramiko.Transport(connection)
        held.append(transport)
        transport.add_server_key(key)
        with contextlib.suppress(paramiko.SSHException, EOFError):
            transport.start_server(server=_Liar(allowed, result))
        transport.join(5)

    with scripted(script) as port:
        yield port
    for transport in held:
        transport.close()


def test_who_lets_everybody_in_is_told_and_left(settings, limit):
    with liar("", paramiko.AUTH_SUCCESSFUL) as port:
        login = look(port, settings, limit)["login"]

    assert login["open"] is True
    assert "methods" not in login


def test_a_second_step_after_none_is_no_open_door(settings, limit):
    with liar("password", paramiko.AUTH_PARTIALLY_SUCCESSFUL) as port:
        assert look(port, settings, limit)["login"] == {"open": False, "methods": ["password"]}


@pytest.mark.parametrize(
    ("allowed", "why"),
    [
        ("", "unreadable"),
        (",,", "unreadable"),
        ("x" * 5000, "unreadable"),
        (",".join(f"way{number}" for number in range(1000)), "cut"),
    ],
)
def test_ways_in_that_are_none_are_a_gap(allowed, why, settings, limit):
    with liar(allowed) as port:
        assert look(port, settings, limit)["login"]["gap"]["why"] == why


def test_the_names_of_ways_in_are_inert(settings, limit):
    with liar("pass\x1b[2Jword,<b>") as port:
        assert look(port, settings, limit)["login"]["methods"] == ["pass\ufffd[2Jword", "<b>"]


AGREEABLE = b"ecdh-sha2-nistp256"
LIE = packet(b"\x1f" + string(ED25519) + string(b"\x04" + bytes(64)) + string(b"forged"))


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (wait, Why.TIMEOUT),
        (lambda c: forever(c, b"x" * 60_000), None),
        (lambda c: c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Why.REFUSED),
        (answering(opening=offer(kex=AGREEABLE)), Why.TIMEOUT),
        (answering(b"\xff" * 400, opening=offer(kex=AGREEABLE)), Why.REFUSED),
        (answering(packet(b"\x1f" + string(b"")), opening=offer(kex=AGREEABLE)), Why.REFUSED),
        (answering(LIE, opening=offer(kex=AGREEABLE)), Why.REFUSED),
        (answering(opening=offer(kex=b"odd")), Why.UNSUPPORTED),
    ],
)
def test_who_does_not_say_which_ways_in_there_are_is_a_gap(script, why, limit):
    with scripted(script) as port:
        told = ways_in("127.0.0.1", port, "auditor", Deadline(limit, 0.6))

    assert told.why in ((why,) if why else (Why.REFUSED, Why.TIMEOUT))
    assert told.detail


def test_a_port_that_closes_before_the_question_is_a_gap(limit):
    assert ways_in("127.0.0.1", free_port(), "a", Deadline(limit, 0.6)).why is Why.UNREACHABLE


def test_no_time_for_the_question_is_a_gap(limit):
    with scripted(wait) as port:
        told = ways_in("127.0.0.1", port, "a", Deadline(limit, 0))

    assert told.why is Why.TIMEOUT


def test_a_connection_that_is_not_taken_is_a_gap(limit):
    with Silent() as port:
        assert ways_in("127.0.0.1", port, "a", Deadline(limit, 0.3)).why is Why.TIMEOUT


def test_a_server_that_takes_one_client_and_then_refuses_is_a_gap(quick, limit):
    """As a guard does that bars the auditor after the first connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def once():
        with listener, listener.accept()[0] as client:
            listener.close()
            client.recv(100)

    thread = threading.Thread(target=once)
    thread.start()
    seen = gap(port, quick, limit)
    thread.join(5)

    assert seen.why is Why.REFUSED
