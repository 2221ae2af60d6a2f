"""Sites that flood, hang, bend and trap a crawler: each ends soon, in little memory, as a gap."""

import gzip
import resource
import threading
import time
import zlib

import msgspec
import pytest

from auditor.collect import Limit
from auditor.collect.pages import PagesCollector
from auditor.model.fact import GAP, Why
from auditor.model.inventory import Target, TargetKind
from auditor.plan import Task
from auditor.probe.base import Args, Probe, Via
from auditor.probe.channels import PROBE
from auditor.probe.crawl import Topic
from auditor.probe.crawl_visit import MOST_REQUESTS
from tests.servers.page_sites import SITE, crawled
from tests.servers.tls_servers import free_port, scripted


class Trap:
    """A server in clear that answers by path; everything else is `lost`."""

    def __init__(self, pages, lost=b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"):
        self.pages = pages
        self.lost = lost
        self.asked: list[str] = []

    def __call__(self, connection):
        while (line := self._line(connection)) is not None:
            self.asked.append(line)
            answer = self.pages.get(line, self.lost)
            if callable(answer):
                answer(connection)
                return
            connection.sendall(answer)

    @staticmethod
    def _line(connection) -> str | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(4096)
            if not piece:
                return None
            data += piece
        return data.split()[1].decode()


def reply(body: bytes, kind="text/html", *fields: str, status="200 OK") -> bytes:
    more = "".join(f"{field}\r\n" for field in fields)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def front(*links: tuple[str, str]) -> bytes:
    return reply("".join(f'<a href="{path}">{text}</a> ' for path, text in links).encode())


def look(pages, settings, limit, **more):
    """Return what was fetched of a site (or its record where nothing was), and the server."""
    seen = []
    kind = crawled(seen)
    trap = Trap(pages, **more)
    target = Target(id="t", opd="o", kind=TargetKind.SITE, address="127.0.0.1", sites=(SITE,))
    task = Task(via=Via.PAGES, targets=(target,), probes=(Probe(type=kind, args=Args()),))
    with scripted(trap) as port:
        facts = PagesCollector(port, free_port(), 0).collect(task, settings, limit)
        (fact,) = facts
    return (seen[0] if seen else fact.value["sites"][0]), trap


@pytest.fixture
def hurried(settings):
    return msgspec.structs.replace(settings, connect_timeout=0.5)


def endless(kind: str, head: bytes, piece: bytes):
    def send(connection):
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + head)
        while True:
            connection.sendall(piece)

    return send


def silent(connection):
    while connection.recv(4096):
        pass


def drips(connection):
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n"
    )
    while True:
        connection.sendall(b"x")
        time.sleep(0.1)


def test_bodies_without_end(settings, limit):
    pages = {
        "/": front(("/wbs", "WBS"), ("/a.pdf", "Daftar"), ("/b.csv", "Rekap")),
        "/wbs": endless("text/html", b"<p>", b"kata " * 4_000),
        "/a.pdf": endless("application/pdf", b"%PDF-1.7", bytes(65_536)),
        "/b.csv": endless("text/csv", b"a,b\n", b"1,2\n" * 9_000),
        "/robots.txt": endless("text/plain", b"", b"Disallow: /x\n" * 5_000),
        "/sitemap.xml": endless("text/xml", b"<urlset>", b"<url><loc>/a</loc></url>" * 3_000),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    crawl, _ = look(pages, settings, limit)
    assert time.monotonic() - began < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    (sheet,) = crawl.about(Topic.WHISTLEBLOWING)
    assert sheet.answer.cut
    assert len(sheet.answer.body) == 2**20
    assert [(doc.cut, len(doc.body)) for doc in crawl.documents] == [(True, 4 * 2**20)] * 2
    assert not crawl.sitemap.whole


def test_a_bomb_that_unpacks_without_end(settings, limit):
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = pack.compress(bytes(200 * 2**20)) + pack.flush()
    pages = {
        "/": front(("/wbs", "WBS")),
        "/wbs": reply(packed, "text/html", "Content-Encoding: gzip"),
        "/sitemap.xml": reply(gzip.compress(b"<urlset>" + b"<loc>/a</loc>" * 10_000_000)),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    crawl, _ = look(pages, settings, limit)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    assert crawl.about(Topic.WHISTLEBLOWING)[0].answer.cut
    assert not crawl.sitemap.whole


def test_a_hostile_sitemap_expands_nothing(settings, limit):
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "x">{laughs}]><urlset><loc>&a9;</loc>'
    outside = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><loc>&e;</loc></urlset>'
    )
    for text in (body, outside):
        pages = {"/": front(), "/sitemap.xml": reply(text.encode(), "text/xml")}
        crawl, _ = look(pages, settings, limit)
        assert not crawl.sitemap.found


def test_loops_calendars_sessions(settings, limit):
    pages = {
        "/wbs": reply(b"", "text/html", "Location: /wbs2", status="302 Found"),
        "/wbs2": reply(b"", "text/html", "Location: /wbs", status="302 Found"),
    }
    pages["/"] = front(
        *((f"/agenda?bulan={n}&PHPSESSID={n:032x}", f"Bulan {n}") for n in range(900)),
        ("/wbs", "WBS"),
    )
    crawl, trap = look(pages, settings, limit)
    (missed,) = crawl.missed
    assert missed.why is Why.UNREADABLE
    assert not any("agenda" in path for path in trap.asked)
    assert len(trap.asked) <= MOST_REQUESTS


def test_a_site_that_answers_everything_with_links(settings, limit):
    names = ("wbs", "pengaduan", "ppid", "skm", "privasi", "kontak", "berita", "jdih")
    more = front(*((f"/{name}/{n}", name) for name in names for n in range(200)))
    crawl, trap = look({"/robots.txt": reply(b"", "text/plain")}, settings, limit, lost=more)
    assert len(trap.asked) <= MOST_REQUESTS
    assert len(crawl.missed) <= 60


@pytest.mark.parametrize("way", [silent, drips])
def test_a_page_that_does_not_come(hurried, limit, way):
    began = time.monotonic()
    crawl, _ = look({"/": front(("/wbs", "WBS")), "/wbs": way}, hurried, limit)
    assert time.monotonic() - began < 10
    assert crawl.missed_about(Topic.WHISTLEBLOWING)[0].why is Why.TIMEOUT


def test_a_front_page_that_does_not_come(hurried, limit):
    seen, _ = look({"/": silent}, hurried, limit)
    assert seen[GAP]["why"] is Why.TIMEOUT


def test_one_that_asks_to_slow_down_is_left_alone(settings, limit):
    slow = reply(b"", "text/html", status="429 Too Many Requests")
    pages = {"/": front(("/wbs", "WBS"), ("/skm", "SKM")), "/wbs": slow}
    crawl, trap = look(pages, settings, limit)
    assert {one.why for one in crawl.missed} == {Why.BUSY}
    assert "/skm" not in trap.asked


def test_time_is_shared_among_sites(settings):
    """A slow site leaves half of the time to the next one."""
    target = Target(
        id="t", opd="o", kind=TargetKind.SITE, address="127.0.0.1", sites=(SITE, f"b.{SITE}")
    )
    probe = Probe(type=PROBE, args=PROBE.args())
    task = Task(via=Via.PAGES, targets=(target,), probes=(probe,))
    trap = Trap({"/": drips})
    with scripted(trap) as port:
        limit = Limit(4, threading.Event(), time.monotonic)
        began = time.monotonic()
        (fact,) = PagesCollector(port, free_port(), 0).collect(task, settings, limit)
        assert time.monotonic() - began < 6
    assert [one[GAP]["why"] for one in fact.value["sites"]] == [Why.TIMEOUT] * 2
    assert trap.asked.count("/") == 2


def test_hostile_words_are_inert(settings, limit):
    evil = "/wbs/\u202e\x1b[31m"
    crawl, _ = look({"/": front((evil, "WBS \u202eabc"))}, settings, limit)
    (dead,) = crawl.dead
    assert dead.address.isascii()
    assert "\u202e" not in crawl.front.links[0].text
