"""Web servers that hang, flood and lie: each is a gap in bounded time, none a pass."""

import resource
import threading
import time

import msgspec
import pytest

from auditor.collect.http import HttpCollector, user_agent
from auditor.collect.http_wire import HEAD_LIMIT
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import City, Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.http import MAX_HOPS, PROBE, HttpArgs
from tests.servers.certificates import NOW, SITE, issue
from tests.servers.tls_servers import free_port, free_ports, openssl_server, scripted

QUESTION = Probe(type=PROBE, args=HttpArgs())
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def hurried(settings):
    """Settings that wait half a second for an answer."""
    return msgspec.structs.replace(settings, connect_timeout=0.5)


def look(clear, secure, settings, limit, site=SITE):
    """Return the record of one site."""
    target = Target(id="t", opd="o", address="127.0.0.1", sites=(site,))
    task = Task(via=Via.HTTP, targets=(target,), probes=(QUESTION,))
    (fact,) = HttpCollector(clear, secure, 0).collect(task, settings, limit)
    assert isinstance(fact, Fact)
    assert fact.evidence.seen_at == NOW
    (record,) = fact.value["sites"]
    return record


def forever(connection, data):
    connection.recv(4096)
    while True:
        connection.sendall(data)


def says_nothing(connection):
    while connection.recv(4096):
        pass


def closes(connection):
    connection.recv(4096)


def cuts_its_head(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nServer: ")


def says_garbage(connection):
    connection.recv(4096)
    connection.sendall(b"\x00\xff\x80garbage\r\n\r\n" * 10)


def speaks_ssh(connection):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    connection.recv(4096)


def speaks_tls(connection):
    connection.recv(4096)
    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x46")


def sends_an_endless_field(connection):
    forever(connection, b"HTTP/1.1 200 OK\r\nX-Flood: " + b"x" * 60_000)


def sends_fields_without_end(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    forever_fields = b"X-Flood: y\r\n" * 4000
    while True:
        connection.sendall(forever_fields)


def says_continue_without_end(connection):
    forever(connection, b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def drips(connection):
    connection.recv(4096)
    for byte in OK:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


SPOILERS = [
    (says_nothing, Why.TIMEOUT),
    (drips, Why.TIMEOUT),
    (closes, Why.UNREADABLE),
    (cuts_its_head, Why.UNREADABLE),
    (says_garbage, Why.UNREADABLE),
    (speaks_ssh, Why.UNREADABLE),
    (speaks_tls, Why.UNREADABLE),
    (sends_an_endless_field, Why.CUT),
    (sends_fields_without_end, Why.CUT),
    (says_continue_without_end, Why.CUT),
]


@pytest.mark.parametrize(("script", "why"), SPOILERS)
def test_a_spoiler_in_clear_is_a_gap_in_bounded_time(script, why, hurried, limit):
    begun = time.monotonic()

    with scripted(script) as port:
        record = look(port, free_port(), hurried, limit)

    assert set(record["clear"]) == {"gap"}
    assert record["clear"]["gap"]["why"] is why
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "script", [says_nothing, says_garbage, closes, speaks_ssh, speaks_tls, sends_an_endless_field]
)
def test_a_spoiler_over_tls_is_a_gap_in_bounded_time(script, hurried, limit):
    begun = time.monotonic()

    with scripted(script) as port:
        record = look(free_port(), port, hurried, limit)

    assert set(record["secure"]) == {"gap"}
    assert record["secure"]["gap"]["why"] in {Why.TIMEOUT, Why.UNREADABLE}
    assert time.monotonic() - begun < 5


def test_floods_cost_no_memory(hurried, limit):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for script in (sends_an_endless_field, sends_fields_without_end, says_continue_without_end):
        with scripted(script) as port:
            look(port, free_port(), hurried, limit)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


def test_a_body_is_never_read(hurried, limit):
    """A compressed bomb, an endless body: the connection is closed behind the head."""
    sent = []
    over = threading.Event()

    def bombs(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        try:
            while True:
                connection.sendall(b"\x1f\x8b" + bytes(65_534))
                sent.append(65_536)
        finally:
            over.set()

    with scripted(bombs) as port:
        record = look(port, free_port(), hurried, limit)
        assert over.wait(5)

    assert record["clear"]["status"] == 200
    assert sum(sent) < 64 * 2**20  # what the kernel's buffers take


def test_a_stopped_run_is_a_gap_at_once(settings, limit, stopped):
    stopped.set()

    with scripted(says_nothing) as port:
        record = look(port, port, settings, limit)

    assert record["clear"]["gap"]["why"] is Why.INTERRUPTED
    assert record["secure"]["gap"]["why"] is Why.INTERRUPTED


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, Why.NO_DATA),
        ({"sites": (SITE,), "address": "tidak-ada.invalid"}, Why.SCOPE),
        ({"sites": (SITE,), "address": "192.0.2.1"}, Why.SCOPE),
    ],
)
def test_a_target_that_cannot_be_asked_is_a_gap(fields, why, settings, limit):
    target = Target(**{"id": "t", "opd": "o", "address": "127.0.0.1", **fields})
    task = Task(via=Via.HTTP, targets=(target,), probes=(QUESTION,))

    (gap,) = HttpCollector().collect(task, settings, limit)

    assert isinstance(gap, Gap)
    assert gap.why is why


def test_closed_ports_are_facts(settings, limit):
    record = look(*free_ports(), settings, limit)

    assert record["clear"] == {"answered": False, "gap": record["clear"]["gap"]}
    assert record["clear"]["gap"]["why"] is Why.REFUSED
    assert record["secure"]["answered"] is False
    assert record["secure"]["hsts_max_age"] == 0
    assert "status" not in record["secure"]


def test_a_name_that_tls_cannot_carry_is_a_gap(root, settings, limit, tmp_path):
    with openssl_server(tmp_path, issue(issuer=root)) as port:
        record = look(free_port(), port, settings, limit, site="a..b")

    assert record["secure"]["gap"]["why"] is Why.UNSUPPORTED


def redirecting(*locations: str, asked: list[str] | None = None):
    """Answer the n-th request by a redirect to the n-th location, the last one again and again."""
    left = list(locations)

    def script(connection):
        request = connection.recv(4096).decode("latin-1")
        if asked is not None:
            asked.append(request)
        location = left.pop(0) if len(left) > 1 else left[0]
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
            + location.encode("latin-1")
            + b"\r\n\r\n"
        )

    return script


def test_a_redirect_loop_is_a_gap_after_a_few_hops(settings, limit):
    asked: list[str] = []

    hops = [f"http://{SITE}/lagi/{number}" for number in range(9)]

    with scripted(redirecting(*hops, asked=asked)) as port:
        clear = look(port, free_port(), settings, limit)["clear"]

    assert clear["answered"] is True
    assert "redirects_https" not in clear
    assert clear["gap"]["why"] is Why.UNREADABLE
    assert len(asked) == MAX_HOPS + 1


@pytest.mark.parametrize(
    "location",
    [
        "http://lain.test/",
        "https://lain.test/",
        f"https://{SITE}.lain.test/",
        f"https://{SITE}@lain.test/",
        f"https://lain.test\\@{SITE}/",
        f"https://{SITE}:8443/",
        f"http://{SITE}:8080/",
        f"ftp://{SITE}/",
        "javascript:alert(1)",
        "https://[bad/",
        "https://w\xe9b.kota.test/",
        "https:///",
        "",
    ],
)
def test_a_redirect_to_elsewhere_is_neither_followed_nor_a_pass(location, settings, limit):
    asked: list[str] = []

    with scripted(redirecting(location, asked=asked)) as port:
        clear = look(port, free_port(), settings, limit)["clear"]

    assert clear["redirects_https"] is False
    assert len(asked) == 1


def test_a_location_is_shown_inert_and_short(settings, limit):
    hostile = "https://x/\x1b[31m\x9b<b>" + "y" * 5000

    with scripted(redirecting(hostile.replace("\x1b", "\x85"))) as port:
        location = look(port, free_port(), settings, limit)["clear"]["location"]

    assert location.isprintable()
    assert len(location) == 500


def test_a_head_just_below_the_limit_is_read(settings, limit):
    field = b"X-Long: " + b"x" * (HEAD_LIMIT - 1000) + b"\r\n"

    def script(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + field + b"\r\n" + bytes(200_000))

    with scripted(script) as port:
        assert look(port, free_port(), settings, limit)["clear"]["status"] == 200


@pytest.mark.parametrize(
    ("city", "shown"),
    [
        (City(name="Kota Uji"), "(+audit keamanan; Kota Uji)"),
        (City(name="K", unit="Dis\r\nkom (é)"), "(+audit keamanan; Dis??kom ???)"),
    ],
)
def test_the_name_that_a_log_shows_is_one_safe_line(city, shown):
    assert user_agent(city).startswith("auditor/")
    assert user_agent(city).endswith(shown)
