"""The client of web sites against scripted servers: what it sends, keeps, bounds and refuses."""

import gzip
import re
import threading
import time
import tracemalloc
import zlib
from itertools import pairwise

import pytest

from auditor.collect import http_client
from auditor.collect.dial import Unreached
from auditor.collect.http_client import BLOCKS, REQUESTS, Client, Manners, leads
from auditor.collect.http_pace import Pace
from auditor.collect.http_wire import BODY_LIMIT, FIELD_LIMIT
from auditor.model.fact import Why
from auditor.probe.http_talk import Answer, Ask, Mute
from tests.servers.certificates import issue
from tests.servers.tls_servers import free_port, nginx_server, scripted

SITE = "situs.test"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo"
SECONDS = 1.0


class Server:
    """Answers each request of a connection by `answer(number, path)`; b"" closes it."""

    def __init__(self, answer):
        self.answer = answer
        self.requests: list[str] = []
        self.connections = 0

    def __call__(self, connection):
        self.connections += 1
        pending = b""
        while True:
            while b"\r\n\r\n" not in pending:
                piece = connection.recv(65_536)
                if not piece:
                    return
                pending += piece
            head, _, pending = pending.partition(b"\r\n\r\n")
            self.requests.append(head.decode("latin-1"))
            said = self.answer(len(self.requests), head.split(b" ")[1].decode())
            if not said:
                return
            connection.sendall(said)


@pytest.fixture
def client(limit):
    """Open a client that asks 127.0.0.1 at the given ports."""
    opened = []

    def open_(clear=0, secure=0, find=lambda _name, _deadline: "127.0.0.1", **how):
        manners = Manners(
            agent="auditor/uji",
            seconds=how.pop("seconds", SECONDS),
            pause=how.pop("pause", 0),
            clear=clear or free_port(),
            secure=secure or free_port(),
        )
        opened.append(Client(find, manners, limit))
        return opened[-1]

    yield open_
    for one in opened:
        one.__exit__(None, None, None)


def clear(path="/", **how):
    return Ask(site=SITE, secure=False, path=path, **how)


def always(said):
    return Server(lambda _number, _path: said)


def test_one_connection_carries_many_requests(client):
    server = always(PLAIN)
    with scripted(server) as port:
        asker = client(port)
        heard = [asker.ask(clear(f"/{n}", body=10)) for n in range(5)]

    assert {answer.body for answer in heard} == {b"halo"}
    assert server.connections == 1
    assert asker.requests == 5


def test_what_was_asked_is_not_asked_again(client):
    server = always(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")
    with scripted(server) as port:
        asker = client(port)
        whole = asker.ask(clear(body=10))
        part = asker.ask(clear(body=4))
        none = asker.ask(clear())
        more = asker.ask(clear(body=50))
        head = asker.ask(clear(method="HEAD", fields=(("X-Uji", "1"),)))

    assert (whole.body, whole.cut) == (b"0123456789", False)
    assert (part.body, part.cut) == (b"0123", True)
    assert (none.body, none.cut) == (b"", True)
    assert more == whole
    assert head.body == b""
    assert len(server.requests) == 2


def test_a_longer_body_is_asked_for_again(client):
    server = always(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")
    with scripted(server) as port:
        asker = client(port)
        assert asker.ask(clear(body=4)).body == b"0123"
        assert asker.ask(clear(body=8)).body == b"01234567"

    assert len(server.requests) == 2


def test_a_request_says_who_asks(client):
    server = always(PLAIN)
    with scripted(server) as port:
        asker = client(port)
        asker.ask(clear("/a?b=c"))
        asker.ask(clear(host="lain.test", fields=(("Origin", "https://x.test"), ("accept", "a/b"))))

    first, second = server.requests
    assert first.split("\r\n") == [
        "GET /a?b=c HTTP/1.1",
        f"Host: {SITE}",
        "User-Agent: auditor/uji",
        "Accept: */*",
        "Accept-Language: id",
        "Accept-Encoding: identity",
    ]
    assert "Host: lain.test\r\n" in second
    assert "Origin: https://x.test" in second
    assert second.lower().count("accept:") == 1


def test_a_connection_that_the_server_closed_is_opened_again(client):
    class Short(Server):
        def __call__(self, connection):
            self.connections += 1
            connection.recv(4096)
            connection.sendall(PLAIN)

    server = Short(None)
    with scripted(server) as port:
        asker = client(port)
        assert asker.ask(clear("/1", body=9)).body == b"halo"
        time.sleep(0.05)
        assert asker.ask(clear("/2", body=9)).body == b"halo"

    assert server.connections == 2


@pytest.mark.parametrize("ending", [b"Connection: close\r\n", b""])
def test_http_1_0_is_read_to_the_end(client, ending):
    said = b"HTTP/1.0 200 OK\r\n" + ending + b"\r\n" + b"a" * 50

    def once(connection):
        connection.recv(4096)
        connection.sendall(said)

    with scripted(once) as port:
        heard = client(port).ask(clear(body=100))

    assert heard.body == b"a" * 50
    assert not heard.cut


def test_chunks_and_trailers_are_put_together(client):
    said = (
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nha\r\n2;x=y\r\nlo\r\n0\r\nX-T: 1\r\n\r\n"
    )
    server = always(said)
    with scripted(server) as port:
        asker = client(port)
        assert asker.ask(clear("/1", body=9)).body == b"halo"
        assert asker.ask(clear("/2", body=9)).body == b"halo"

    assert server.connections == 1


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
    ],
)
def test_a_packed_body_is_unpacked(client, coding, pack):
    packed = pack(b"halo " * 100)
    said = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(packed)}\r\n\r\n"
    with scripted(always(said.encode() + packed)) as port:
        asker = client(port)
        whole = asker.ask(clear("/a", body=1000))
        part = asker.ask(clear("/b", body=7))

    assert (whole.body, whole.cut) == (b"halo " * 100, False)
    assert (part.body, part.cut) == (b"halo ha", True)


def test_a_packed_body_that_stops_in_the_middle_is_cut(client):
    packed = gzip.compress(bytes(range(256)) * 20)[:-20]
    said = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with scripted(always(said + packed)) as port:
        assert client(port).ask(clear(body=100_000)).cut


@pytest.mark.parametrize(
    ("coding", "body", "why"),
    [
        ("br", b"\x0b\x02\x80halo\x03", Why.UNSUPPORTED),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x")), Why.UNSUPPORTED),
        ("gzip", b"tidak dipampatkan", Why.UNREADABLE),
        ("deflate", b"\xff\xff\xff", Why.UNREADABLE),
    ],
)
def test_a_packing_that_cannot_be_read_is_mute(client, coding, body, why):
    said = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    with scripted(always(said.encode() + body)) as port:
        asker = client(port)
        assert asker.ask(clear(body=100)).why is why
        assert asker.ask(clear()).status == 200


def bomb():
    """A gigabyte of zeros in a megabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(2**20)
    pieces = [packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)]
    return pieces[0] + pieces[1] * 1023


def test_a_bomb_costs_what_was_asked_for(client):
    packed = bomb()
    said = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with scripted(always(said + packed)) as port:
        asker = client(port, seconds=5)
        tracemalloc.start()
        heard = asker.ask(clear(body=10**9))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert heard.cut
    assert len(heard.body) == BODY_LIMIT
    assert peak < 3 * BODY_LIMIT


def flood(head, piece):
    def send(connection):
        connection.recv(4096)
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return send


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
    ],
)
def test_an_endless_body_is_left(client, head):
    with scripted(flood(head, bytes(65_536))) as port:
        asker = client(port)
        for most in (0, 512):
            heard = asker.ask(clear(f"/{most}", body=most))
            assert (len(heard.body), heard.cut) == (most, True)


def test_endless_empty_packing_is_left(client):
    empty = b"\x00\x00\x00\xff\xff" * 10_000
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n\x78\x9c"
    with scripted(flood(head, empty)) as port:
        heard = client(port).ask(clear(body=512))

    assert (heard.body, heard.cut) == (b"", True)


@pytest.mark.parametrize(
    ("head", "piece", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536, Why.CUT),
        (b"HTTP/1.1 200 OK\r\n", b"X-F: y\r\n" * 8000, Why.CUT),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0" * 65_536, Why.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"zz\r\n", Why.UNREADABLE),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            b"X-T: y\r\n" * 8000,
            Why.UNREADABLE,
        ),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, Why.CUT),
        (b"\x15\x03\x01\x00\x02\x02\x28", b"\x00" * 100, Why.UNREADABLE),
        (b"<html><body>", b"HTTP/0.9" * 100, Why.CUT),
    ],
)
def test_a_flood_is_mute_in_bounded_memory(client, head, piece, why):
    with scripted(flood(head, piece)) as port:
        tracemalloc.start()
        heard = client(port, seconds=5).ask(clear(body=1000))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert isinstance(heard, Mute)
    assert heard.why is why
    assert peak < 3 * BODY_LIMIT


def test_ten_thousand_fields_are_too_many(client):
    fields = b"a:b\r\n" * 10_000
    with scripted(always(b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 0\r\n\r\n")) as port:
        heard = client(port).ask(clear())
    with scripted(
        always(b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 199 + b"Content-Length: 0\r\n\r\n")
    ) as port:
        kept = client(port).ask(clear())

    assert heard.why is Why.CUT
    assert len(kept.fields) == FIELD_LIMIT


def test_what_steers_a_terminal_is_made_inert(client):
    said = (
        b"HTTP/1.1 200 OK\r\nServer: \x1b[31mx\x07<b>\xe2\x80\xae\x9b\r\nContent-Length: 0\r\n\r\n"
    )
    with scripted(always(said)) as port:
        heard = client(port).ask(clear())

    assert isinstance(heard, Answer)
    assert heard.value("server").isprintable()
    assert "<b>" in heard.value("server")


def drip(connection):
    connection.recv(4096)
    for byte in PLAIN:
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def test_a_drip_is_mute_after_the_whole_time(client):
    with scripted(drip) as port:
        heard = client(port, seconds=0.5).ask(clear(body=10))

    assert heard.why is Why.TIMEOUT


def test_a_body_that_drips_is_no_matter_where_none_is_wanted(client):
    def slow(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        time.sleep(3)

    with scripted(slow) as port:
        asker = client(port, seconds=0.3)
        assert asker.ask(clear()).status == 200
        assert asker.ask(clear(body=10)).why is Why.TIMEOUT


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 204 No Content\r\n\r\nisi yang tidak boleh ada",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhalo lebih panjang",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nx",
    ],
)
def test_what_comes_after_an_answer_is_not_the_next_one(client, said):
    server = Server(lambda number, _path: said if number == 1 else PLAIN)
    with scripted(server) as port:
        asker = client(port)
        first = asker.ask(clear("/1", body=100))
        time.sleep(0.05)
        second = asker.ask(clear("/2", body=100))

    assert isinstance(first, Answer)
    assert len(first.body) <= 2
    assert isinstance(second, Answer | Mute)
    assert getattr(second, "status", 200) == 200


def test_a_body_after_a_head_is_not_the_next_answer(client):
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nHTTP/1.1 200 OK\r\n\r\npalsu"
    server = Server(lambda number, _path: said if number == 1 else PLAIN)
    with scripted(server) as port:
        asker = client(port)
        assert asker.ask(clear(method="HEAD")).body == b""
        time.sleep(0.05)
        assert asker.ask(clear("/2", body=10)).body == b"halo"

    assert server.connections == 2


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nhalo",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalo",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalo!",
        b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nhalo",
    ],
)
def test_a_lie_about_the_length_is_mute(client, said):
    def lie(connection):
        connection.recv(4096)
        connection.sendall(said)

    with scripted(lie) as port:
        assert client(port).ask(clear(body=1000)).why is Why.UNREADABLE


def test_an_odd_status_is_an_answer(client):
    with scripted(always(b"HTTP/1.1 999 Tidak\r\nContent-Length: 0\r\n\r\n")) as port:
        assert client(port).ask(clear()).status == 999


def silent(connection):
    while connection.recv(4096):
        pass


def test_a_place_that_stays_silent_is_left_alone(client):
    with scripted(silent) as port:
        asker = client(port, seconds=0.2)
        heard = [asker.ask(clear(f"/{n}")) for n in range(6)]

    assert {mute.why for mute in heard} == {Why.TIMEOUT}
    assert asker.requests == http_client.SILENCES


def test_a_closed_port_is_knocked_at_once(client):
    asker = client()

    assert {asker.ask(clear(f"/{n}")).why for n in range(4)} == {Why.REFUSED}
    assert asker.requests == 1


def test_no_more_requests_than_agreed(client):
    server = always(PLAIN)
    with scripted(server) as port:
        asker = client(port)
        heard = [asker.ask(clear(f"/{n}")) for n in range(REQUESTS + 5)]

    assert len(server.requests) == REQUESTS
    assert {mute.why for mute in heard[REQUESTS:]} == {Why.CUT}


@pytest.mark.parametrize("head", [b"429 Too Many Requests", b"503 Busy\r\nRetry-After: 30"])
def test_who_is_asked_to_slow_down_stops(client, head):
    server = always(b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\n\r\n")
    with scripted(server) as port:
        asker = client(port)
        first, second = asker.ask(clear("/1")), asker.ask(clear("/2"))

    assert isinstance(first, Answer)
    assert second == Mute(why=Why.BUSY, detail="the server asks to slow down")
    assert len(server.requests) == 1


def refusing(front):
    def answer(_number, path):
        status = front if path == "/" else 403
        return b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status

    return Server(answer)


def test_a_firewall_is_not_taken_for_the_site(client):
    server = refusing(403)
    with scripted(server) as port:
        asker = client(port)
        heard = [asker.ask(clear(f"/{n}")) for n in range(8)]

    assert [type(one) for one in heard[:BLOCKS]] == [Answer] * BLOCKS
    assert {one.why for one in heard[BLOCKS:]} == {Why.DENIED}
    assert len(server.requests) == BLOCKS + 1


def test_a_firewall_that_hangs_up_is_one_as_well(client):
    def answer(_number, path):
        return b"" if path == "/" else b"HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n"

    with scripted(Server(answer)) as port:
        asker = client(port)
        heard = [asker.ask(clear(f"/{n}")) for n in range(5)]

    assert heard[-1].why is Why.DENIED


def test_a_site_that_refuses_some_paths_is_asked_on(client):
    server = refusing(200)
    with scripted(server) as port:
        asker = client(port)
        heard = [asker.ask(clear(f"/{n}")) for n in range(10)]

    assert {one.status for one in heard} == {403}
    assert sum(request.startswith("GET / ") for request in server.requests) == 2


def test_what_is_out_of_the_scope_is_not_contacted(client):
    def find(_name, _deadline):
        raise Unreached(Why.SCOPE, "lain.test, which the authority letter does not cover")

    with scripted(always(PLAIN)) as port:
        asker = client(port, find=find)
        heard = asker.ask(Ask(site="lain.test", secure=False))

    assert heard.why is Why.SCOPE
    assert asker.requests == 0


@pytest.mark.parametrize("path", ["/a b", "/é", "/" + "x" * 5000, "/\r\nX: y"])
def test_a_path_that_is_not_encoded_is_not_sent(client, path):
    server = always(PLAIN)
    with scripted(server) as port:
        assert isinstance(client(port).ask(clear(path)), Mute)

    assert server.requests == []


def test_tls_with_a_name_and_without(client, tmp_path):
    port = free_port()
    certificate, key = issue().write(tmp_path, "site")
    tls = f"ssl_certificate {certificate}; ssl_certificate_key {key};"
    servers = f"""
        server {{ listen 127.0.0.1:{port} ssl default; server_name _; {tls} return 404; }}
        server {{ listen 127.0.0.1:{port} ssl; server_name {SITE}; {tls}
            return 200 "[$ssl_server_name]"; }}
    """
    with nginx_server(tmp_path, servers):
        asker = client(secure=port)
        assert asker.ask(Ask(site=SITE, body=99)).body == f"[{SITE}]".encode()
        assert asker.ask(Ask(site=SITE, bare=True, body=99)).body == b"[]"
        assert asker.ask(Ask(site="lain.test")).status == 404


def test_an_alert_is_mute(client):
    def alerts(connection):
        connection.recv(4096)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")

    with scripted(alerts) as port:
        heard = client(secure=port).ask(Ask(site=SITE))

    assert heard.why is Why.UNREADABLE
    assert "TLS" in heard.detail


ORIGIN = Ask(site=SITE, path="/a/b?c", secure=True)


@pytest.mark.parametrize(
    ("location", "goal"),
    [
        ("/x", f"https://{SITE}/x"),
        ("y", f"https://{SITE}/a/y"),
        ("//lain.test/", "https://lain.test/"),
        ("http://LAIN.test:80", "http://lain.test/"),
        ("https://lain.test:443/?a=b#c", "https://lain.test/?a=b"),
        ("/h\xe9 x", f"https://{SITE}/h%C3%A9%20x"),
        ("https://[::1]/", "https://[::1]/"),
        ("https://lain.test:8443/", None),
        ("ftp://lain.test/", None),
        ("javascript:alert(1)", None),
        ("https://a@lain.test/", None),
        ("https://lain.test\\@x/", None),
        ("https://[bad/", None),
        ("https://x:99999999/", None),
        ("https://w\xe9b.test/", None),
        ("https:///", None),
        ("///lain.test/", None),
        ("https:lain.test", None),
        ("", None),
    ],
)
def test_where_a_redirect_leads(location, goal):
    answer = Answer(status=302, fields=(("location", location),))

    found = leads(ORIGIN, answer)

    assert (found.url if found else None) == goal
    assert leads(ORIGIN, Answer(status=200, fields=(("location", location),))) is None


def test_requests_keep_their_distance(limit):
    pace = Pace()
    times = []

    def go():
        pace.wait("127.0.0.1", 0.1, limit)
        times.append(time.monotonic())

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    times.sort()
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) > 0.05


def test_waiting_for_a_turn_ends_with_the_run(limit, stopped):
    pace = Pace()
    pace.wait("127.0.0.1", 60, limit)
    stopped.set()

    with pytest.raises(Unreached) as stop:
        pace.wait("127.0.0.1", 60, limit)

    assert stop.value.why is Why.INTERRUPTED


def test_the_client_names_no_method_that_changes_anything():
    assert set(re.findall('"(GET|HEAD|POST|PUT|DELETE)"', str(Ask.__annotations__["method"]))) <= {
        "GET",
        "HEAD",
    }


@pytest.mark.parametrize("codings", [("identity", "gzip"), ("gzip", "gzip")])
def test_a_body_that_is_packed_twice_is_not_read_as_text(client, codings):
    said = b"".join(b"Content-Encoding: %s\r\n" % one.encode() for one in codings)
    with scripted(always(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n" + said + b"\r\nhalo")) as port:
        assert client(port).ask(clear(body=100)).why is Why.UNSUPPORTED


def test_what_a_server_says_wrong_is_not_kept(client):
    head = b"HTTP/1.1 200 OK\r\nSet-Cookie a=rahasia\r\n\r\n"
    with scripted(always(head)) as port:
        heard = client(port).ask(clear())
    assert heard.why is Why.UNREADABLE
    assert "rahasia" not in heard.detail
