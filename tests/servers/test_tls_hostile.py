"""Servers that hang, flood, lie and cut: each is a gap in bounded time, none a pass."""

import resource
import socket
import time

import msgspec
import pytest

from auditor.collect.tls import TlsCollector
from auditor.collect.tls_line import ANSWER_LIMIT
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.tls import PROBE, TlsArgs
from tests.servers.certificates import SITE, issue, rsa_key
from tests.servers.client_hello import read_offer
from tests.servers.tls_servers import free_port, scripted

TOLD = {"endpoint", "name", "protocol", "expected", "named"}
QUESTION = Probe(type=PROBE, args=TlsArgs())


@pytest.fixture
def hurried(settings):
    """Settings that wait half a second for an answer."""
    return msgspec.structs.replace(settings, connect_timeout=0.5)


def seen(port, settings, limit):
    """Return what the collector observes of one site."""
    target = Target(id="t", opd="o", address="127.0.0.1", sites=(SITE,))
    task = Task(via=Via.TLS, targets=(target,), probes=(QUESTION,))
    (fact,) = TlsCollector(https=port, known={}).collect(task, settings, limit)
    assert isinstance(fact, Fact)
    return fact


def look(port, settings, limit):
    """Return the item of one endpoint."""
    return seen(port, settings, limit).value["endpoints"][0]


def record(kind: int, payload: bytes, version: int = 0x0303) -> bytes:
    return bytes([kind, *version.to_bytes(2, "big")]) + len(payload).to_bytes(2, "big") + payload


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def server_hello(suite: int, version: int = 0x0303) -> bytes:
    body = version.to_bytes(2, "big") + bytes(32) + b"\0" + suite.to_bytes(2, "big") + b"\0"
    return message(2, body)


def forever(connection: socket.socket, data: bytes) -> None:
    while True:
        connection.sendall(data)


def says_nothing(connection):
    connection.recv(4096)
    while connection.recv(4096):
        pass


def says_garbage(connection):
    connection.sendall(b"\x00\xff\x80garbage\r\n" * 10)


def greets_as_mail(connection):
    connection.sendall(b"220 mail.kota.test ESMTP ready\r\n")
    connection.recv(4096)


def greets_forever(connection):
    forever(connection, b"220-" + b"x" * 60_000 + b"\r\n")


def sends_handshakes_forever(connection):
    connection.recv(4096)
    forever(connection, record(22, message(2, bytes(2000))[:-1] + b"\1"))


def sends_empty_records_forever(connection):
    connection.recv(4096)
    forever(connection, record(20, b"\1") * 1000)


def promises_an_endless_message(connection):
    connection.recv(4096)
    connection.sendall(record(22, b"\x02\xff\xff\xff"))
    forever(connection, record(22, bytes(16_000)))


def drips(connection):
    connection.recv(4096)
    for byte in record(22, server_hello(0xC02F)):
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def cuts_its_hello(connection):
    connection.recv(4096)
    connection.sendall(record(22, server_hello(0xC02F))[:20])


def chooses_what_was_not_offered(connection):
    connection.recv(4096)
    connection.sendall(record(22, server_hello(0xFAFA)))


def closes(connection):
    connection.recv(4096)


def resets(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.recv(1)


def refuses(connection):
    connection.recv(4096)
    connection.sendall(record(21, b"\x02\x28"))


@pytest.mark.parametrize(
    ("script", "why", "words"),
    [
        (says_nothing, Why.TIMEOUT, "no answer in time"),
        (says_garbage, Why.UNREADABLE, "does not speak TLS"),
        (greets_as_mail, Why.UNREADABLE, "does not speak TLS"),
        (greets_forever, Why.UNREADABLE, "does not speak TLS"),
        (sends_handshakes_forever, Why.UNREADABLE, "does not speak TLS"),
        (sends_empty_records_forever, Why.CUT, str(ANSWER_LIMIT)),
        (promises_an_endless_message, Why.CUT, "handshake message"),
        (drips, Why.TIMEOUT, "no answer in time"),
        (cuts_its_hello, Why.UNREADABLE, "cut short"),
        (chooses_what_was_not_offered, Why.UNREADABLE, "not offered"),
        (closes, Why.REFUSED, "connection closed"),
        (resets, Why.REFUSED, "connection closed"),
        (refuses, Why.REFUSED, "handshake_failure"),
    ],
)
def test_a_server_that_speaks_no_version_is_a_gap_in_bounded_time(
    script, why, words, hurried, limit
):
    begun = time.monotonic()
    patience = 5.0 if why is Why.CUT else hurried.connect_timeout
    settings = msgspec.structs.replace(hurried, connect_timeout=patience)

    with scripted(script) as port:
        item = look(port, settings, limit)

    assert set(item) == TOLD | {"gap"}
    assert item["gap"]["why"] is why
    assert words in item["gap"]["detail"]
    assert time.monotonic() - begun < 10


def test_floods_cost_no_memory(hurried, limit):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for script in (greets_forever, sends_empty_records_forever, promises_an_endless_message):
        with scripted(script) as port:
            look(port, hurried, limit)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


def test_a_port_where_nothing_listens_is_no_endpoint(settings, limit):
    fact = seen(free_port(), settings, limit)

    assert fact.value == {
        "exists": False,
        "spoken": False,
        "starttls": False,
        "endpoints": [],
        "bare": {"asked": False},
    }


def test_a_stopped_run_is_a_gap_at_once(settings, limit, stopped):
    stopped.set()
    begun = time.monotonic()

    with scripted(says_nothing) as port:
        item = look(port, settings, limit)

    assert item["gap"]["why"] is Why.INTERRUPTED
    assert time.monotonic() - begun < 2


def speaks_old(connection):
    """SSL 3.0 with RC4 and TLS 1.0 with 3DES, as a server of 2001 would."""
    offer = read_offer(connection.recv(4096))
    suite = {0x0300: 0x0004, 0x0301: 0x000A}.get(offer.version)
    if suite not in offer.suites:
        connection.sendall(record(21, b"\x02\x28", 0x0300))
        return
    shown = OLD.der
    entry = len(shown).to_bytes(3, "big") + shown
    flight = server_hello(suite, offer.version)
    flight += message(11, len(entry).to_bytes(3, "big") + entry) + message(14, b"")
    connection.sendall(record(22, flight, offer.version))


OLD = issue(names=None, key=rsa_key(1024), hash_="md5")


def test_a_server_of_2001_is_seen_as_it_is(settings, limit):
    with scripted(speaks_old) as port:
        item = look(port, settings, limit)

    assert item["versions"] == ["SSLv3", "TLSv1.0"]
    assert item["lowest"] == "SSLv3"
    assert item["suites"] == ["TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_MD5"]
    assert item["weak_suites"] == item["suites"]
    assert item["forward_secrecy"] is False
    assert item["groups"] == []
    assert item["cert"]["signature"] == "md5"
    assert item["cert"]["key_ok"] is False


def knows_no_name(connection):
    offer = read_offer(connection.recv(4096))
    if offer.version == 0x0303 and not offer.name and 0x002F in offer.suites:
        connection.sendall(record(22, server_hello(0x002F)))
    else:
        connection.sendall(record(21, b"\x02\x70"))


def test_a_server_that_does_not_know_the_site_is_asked_without_and_this_is_noted(settings, limit):
    target = Target(id="t", opd="o", address="127.0.0.1", sites=(SITE,))
    task = Task(via=Via.TLS, targets=(target,), probes=(QUESTION,))

    with scripted(knows_no_name) as port:
        (fact,) = TlsCollector(https=port, known={}).collect(task, settings, limit)

    assert fact.value["endpoints"][0]["versions"] == ["TLSv1.2"]
    assert "asked without a name" in fact.evidence.excerpt


def falls_silent_at_old_hellos(connection):
    if read_offer(connection.recv(4096)).version == 0x0300:
        says_nothing(connection)
    connection.sendall(record(21, b"\x02\x28"))


def test_silence_in_one_version_is_a_gap_even_where_the_others_refuse(hurried, limit):
    with scripted(falls_silent_at_old_hellos) as port:
        item = look(port, hurried, limit)

    assert item["gap"]["why"] is Why.TIMEOUT


def shows(*certificates: bytes):
    def script(connection):
        offer = read_offer(connection.recv(4096))
        if offer.version != 0x0303 or 0x002F not in offer.suites:
            connection.sendall(record(21, b"\x02\x28"))
            return
        entries = b"".join(len(der).to_bytes(3, "big") + der for der in certificates)
        flight = server_hello(0x002F) + message(11, len(entries).to_bytes(3, "big") + entries)
        for at in range(0, len(flight), 16_000):
            connection.sendall(record(22, flight[at : at + 16_000]))

    return script


@pytest.mark.parametrize(
    ("certificates", "why"),
    [
        ((b"junk",), Why.UNREADABLE),
        ((bytes(70_000),), Why.CUT),
        ((OLD.der,) * 17, Why.CUT),
        ((), Why.NO_DATA),
    ],
)
def test_a_certificate_that_cannot_be_read_hides_only_itself(certificates, why, settings, limit):
    with scripted(shows(*certificates)) as port:
        item = look(port, settings, limit)

    assert item["versions"] == ["TLSv1.2"]
    assert item["cert"]["gap"]["why"] is why
    assert "trusted" not in item["cert"]


def agrees(*behind: bytes):
    """Speak TLS 1.2 with ECDHE and DHE, and send some messages behind the certificate."""

    def script(connection):
        offer = read_offer(connection.recv(4096))
        suite = next((code for code in (0xC02F, 0x009E) if code in offer.suites), None)
        if offer.version != 0x0303 or suite is None:
            connection.sendall(record(21, b"\x02\x28"))
            return
        entry = len(OLD.der).to_bytes(3, "big") + OLD.der
        flight = server_hello(suite) + message(11, len(entry).to_bytes(3, "big") + entry)
        connection.sendall(record(22, flight + b"".join(behind)))

    return script


DONE = message(14, b"")


@pytest.mark.parametrize(
    "behind",
    [
        (message(12, b""),),
        (message(12, b"\xff\xff" + bytes(8000)),),
        (message(12, b"\3\0\x17\xff"),),
        (message(12, b"\0\0" * 8),),
        (DONE,),
        (message(22, b"\1\xff\xff\xff"), message(12, b"\4junk")),
        (),
    ],
)
def test_a_key_exchange_that_makes_no_sense_hides_only_what_it_would_tell(behind, settings, limit):
    with scripted(agrees(*behind)) as port:
        item = look(port, settings, limit)

    assert item["versions"] == ["TLSv1.2"]
    assert len(item["suites"]) == 2
    assert not {"curves", "dh"} & set(item)
    assert item["gap"]["why"] is Why.UNREADABLE
    assert item["cert"]["signature"] == "md5"


def test_a_status_of_garbage_is_no_staple(settings, limit):
    curve = message(12, b"\3\0\x17\1x")

    with scripted(agrees(message(22, b"\1\0\0\4junk"), curve)) as port:
        item = look(port, settings, limit)

    assert item["ocsp_staple"] is False
    assert item["curves"] == ["secp256r1"]


def floods_behind_its_hello(connection):
    offer = read_offer(connection.recv(4096))
    if offer.version != 0x0303 or 0x002F not in offer.suites:
        connection.sendall(record(21, b"\x02\x28"))
        return
    connection.sendall(record(22, server_hello(0x002F)))
    forever(connection, record(22, message(12, bytes(8000))))


def test_handshake_messages_without_end_behind_the_hello_hide_only_the_certificate(settings, limit):
    with scripted(floods_behind_its_hello) as port:
        item = look(port, settings, limit)

    assert item["suites"] == ["TLS_RSA_WITH_AES_128_CBC_SHA"]
    assert item["cert"] == {"gap": {"why": Why.CUT, "detail": item["cert"]["gap"]["detail"]}}


def test_ten_thousand_names_in_a_certificate_that_is_too_big_are_not_read(settings, limit):
    leaf = issue(names=[f"nama-panjang-{number}.kota.test" for number in range(10_000)])

    with scripted(shows(leaf.der)) as port:
        item = look(port, settings, limit)

    assert item["cert"]["gap"]["why"] is Why.CUT


def test_hostile_text_in_a_certificate_arrives_inert(settings, limit):
    leaf = issue("\x1b]0;own\x07<script>\u202e", names=["<b>.test", f"{SITE}\0.evil.test"])

    with scripted(shows(leaf.der)) as port:
        cert = look(port, settings, limit)["cert"]

    assert all(text.isprintable() for text in (cert["subject"], cert["issuer"], *cert["names"]))
    assert cert["name_matches"] is False


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"sites": (SITE,), "address": "tidak-ada.invalid"}, Why.SCOPE),
    ],
)
def test_a_target_that_cannot_be_asked_is_a_gap(fields, why, settings, limit):
    target = Target(**{"id": "t", "opd": "o", "address": "127.0.0.1", **fields})
    task = Task(via=Via.TLS, targets=(target,), probes=(QUESTION,))

    (gap,) = TlsCollector().collect(task, settings, limit)

    assert isinstance(gap, Gap)
    assert gap.why is why
