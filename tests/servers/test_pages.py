"""Sites on real nginx, crawled by the real collector: the model site first, then its faults."""

import threading
import time

import msgspec
import pytest

from auditor.collect import Limit
from auditor.collect.pages import PagesCollector, Share
from auditor.model.fact import GAP, Evidence, Fact, Gap, Why
from auditor.model.inventory import Target, TargetKind
from auditor.plan import Task
from auditor.probe.base import Args, Probe, ProbeType, Unseen, Via
from auditor.probe.channels import PROBE
from auditor.probe.crawl import DocumentKind, Guise, Topic
from auditor.probe.crawl_visit import MOST_REQUESTS
from auditor.probe.fields import record
from tests.servers.page_sites import NO_WORDS, SITE, edited, model, serve
from tests.servers.tls_servers import free_port

TRACKED = edited(
    "/wbs.html",
    "</head>",
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script></head>',
)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("model"), model()) as served:
        yield served


def kind(read) -> ProbeType:
    return ProbeType(
        name="test", via=Via.PAGES, args=Args, gives=record("x", "x", {}), doc=NO_WORDS, read=read
    )


class TestModelSite:
    def test_every_topic_is_read_within_the_budget(self, served):
        before = len(served.requests())
        crawl = served.crawl()
        asked = served.requests()[before:]
        assert len(asked) <= MOST_REQUESTS
        assert crawl.missed == crawl.dead == ()
        unread = {Topic.FORM, Topic.OTHER, Topic.PROCUREMENT}
        assert {topic for topic in Topic if not crawl.about(topic)} == unread
        assert crawl.sitemap.whole
        assert crawl.sitemap.count == 23
        assert [doc.kind for doc in crawl.documents] == [DocumentKind.CSV]
        assert all("auditor/" in line or "Mozilla/" in line for line in asked)
        assert len({line.split()[1] for line in asked}) == len(asked) - len(Guise)

    def test_no_check_of_channels_fails(self, served):
        results = served.judged("channels")
        assert len(results) == 44
        bad = {
            name: [reason.message.en for reason in result.reasons]
            for name, result in results.items()
            if result.status != "pass"
        }
        assert bad == {}

    def test_evidence_lists_what_was_asked(self, served):
        (fact,) = served.observe(PROBE)
        assert fact.evidence.excerpt.startswith(f"GET https://{SITE}/: 200\n")
        assert f"GET https://{SITE}/robots.txt: 200" in fact.evidence.excerpt


class TestFaults:
    @pytest.mark.parametrize(
        ("changes", "check"),
        [
            (TRACKED, "strict-trackers"),
            (TRACKED, "strict-third-parties"),
            (
                edited(
                    "/wbs.html", 'action="/wbs.html"', 'action="https://docs.google.com/forms/x"'
                ),
                "strict-forms",
            ),
            (
                edited("/wbs.html", 'action="/wbs.html"', f'action="http://{SITE}/wbs.html"'),
                "strict-forms-https",
            ),
            (
                edited(
                    "/pengaduan.html",
                    "</h1>",
                    '</h1><img src="http://batukota.go.id/a.png" alt="">',
                ),
                "strict-mixed",
            ),
            (edited("/pengaduan.html", "</h1>", '</h1><input type="password">'), "strict-login"),
            ({"/wbs.html": None}, "links-alive"),
            ({"/wbs.html": None}, "wbs"),
            (edited("/index.html", "https://lpse.batukota", "http://lpse.batukota"), "links-https"),
            (edited("/index.html", "/skm.html", "https://forms.gle/abc"), "links-official"),
            (
                edited("/ppid/laporan-layanan-informasi.html", "{{year-1}}", "{{year-3}}")
                | edited("/ppid/index.html", "{{year-1}}", "{{year-3}}"),
                "information-report-fresh",
            ),
            (edited("/pengaduan.html", "hari kerja", "purnama"), "complaint-times"),
            (edited("/csirt.html", "RFC 2350", "kami"), "csirt-rfc2350"),
        ],
    )
    def test_told(self, tmp_path, changes, check):
        if check == "information-report-fresh":
            path = "/ppid/laporan-layanan-informasi.html"
            changes = {**changes, path: changes[path].replace("{{today-200}}", "2023-01-01")}
            changes[path] = changes[path].replace("{{tanggal-200}}", "1 Januari 2023")
        with serve(tmp_path, model(changes)) as served:
            assert served.judged("channels")[f"channels.{check}"].status == "fail"

    def test_headers_of_the_complaint_page(self, tmp_path):
        headers = {"Set-Cookie": "_ga=1; Max-Age=63072000; Secure"}
        with serve(tmp_path, model(), headers=headers) as served:
            results = served.judged("channels")
        failed = {name for name, result in results.items() if result.status == "fail"}
        assert failed == {
            "channels.strict-cookies",
            "channels.strict-no-store",
            "channels.strict-referrer",
        }

    def test_a_catch_all_page_is_no_channel(self, tmp_path):
        lost = """location ~ ^/(wbs|audit-.*)\\.html$ {
            default_type text/html;
            return 200 "<title>Maaf</title>$uri tidak ditemukan"; }"""
        with serve(tmp_path, model(), extra=lost) as served:
            crawl = served.crawl()
        assert not crawl.about(Topic.WHISTLEBLOWING)
        assert [one.status for one in crawl.dead] == [200]

    def test_cloaking_by_agent_and_referer(self, tmp_path):
        slot = {"/index.html": "<html><title>Slot gacor</title><body>maxwin</body></html>"}
        variants = {"agent:Googlebot": slot, "referer:google": slot}
        with serve(tmp_path, model(), variants=variants) as served:
            crawl = served.crawl()
        titles = {guise: seen.title for guise, seen in crawl.guises.items()}
        assert titles[Guise.CRAWLER] == titles[Guise.SEARCHER] == "Slot gacor"
        assert titles[Guise.BROWSER] == titles[Guise.PHONE] == crawl.front.title

    def test_a_crawl_delay_is_kept(self, tmp_path):
        rules = "User-agent: *\nCrawl-delay: 0.3\nDisallow: /berita\n"
        pages = {
            "/index.html": "<a href=/wbs.html>WBS</a> <a href=/berita/>Berita</a>",
            "/wbs.html": "x",
            "/berita/index.html": "y",
            "/robots.txt": rules,
        }
        with serve(tmp_path, pages) as served:
            began = time.monotonic()
            crawl = served.crawl()
            took = time.monotonic() - began
            asked = served.requests()
        assert not any("/berita" in line for line in asked)
        assert crawl.missed_about(Topic.NEWS)
        assert took >= 0.3 * (len(asked) - 3)


class TestTargets:
    def test_sites_beside_each_other(self, tmp_path):
        names = (SITE, f"ppid.{SITE}")
        with serve(tmp_path, model(), names=names) as served:
            (fact,) = served.observe(PROBE)
        assert [one["site"] for one in fact.value["sites"]] == list(names)

    def test_no_site_and_an_address_outside(self, served):
        for target in (
            served.target(address="192.0.2.1"),
            Target(id="t", opd="o", kind=TargetKind.SERVER, address="127.0.0.1"),
        ):
            (gap,) = served.observe(PROBE, target=target)
            assert isinstance(gap, Gap)

    def test_nothing_listens(self):
        with_gap = Target(id="t", opd="o", kind=TargetKind.SITE, address="127.0.0.1", sites=(SITE,))
        collector = PagesCollector(free_port(), free_port(), 0)
        from tests.servers.page_sites import Served

        settings = Served.settings(Served(1, 1, (SITE,), None, None), now=lambda: None)
        task = Task(
            via=Via.PAGES, targets=(with_gap,), probes=(Probe(type=PROBE, args=PROBE.args()),)
        )
        limit = Limit(20, threading.Event(), time.monotonic)
        (fact,) = collector.collect(task, msgspec.structs.replace(settings), limit)
        (seen,) = fact.value["sites"]
        assert seen[GAP]["why"] is Why.REFUSED

    def test_what_was_said_before_comes_back(self, served):
        def before(target, key):
            value = {"sites": [{"site": "lain"}, {"site": SITE, "x": 1}, "?"]}
            return Fact(target=target, probe=key, value=value, evidence=Evidence(source="x"))

        assert served.crawl(before=before).before == {"crawled": {"site": SITE, "x": 1}}
        assert served.crawl().before == {}

    def test_a_reader_that_does_not_see_is_a_gap_and_leaves_the_others(self, served):
        def blind(_args, _crawl):
            raise Unseen(Why.CUT, "too much")

        first, second = served.observe(kind(blind), PROBE)
        assert first.value["sites"] == [{"site": SITE, GAP: {"why": Why.CUT, "detail": "too much"}}]
        assert second.value["sites"][0]["broken"] == []

    def test_a_probe_that_reads_nothing(self, served):
        (fact,) = served.observe(kind(None))
        assert fact.value["sites"][0][GAP]["why"] is Why.UNSUPPORTED

    def test_a_run_that_was_stopped(self, served):
        stopped = threading.Event()
        whole = Limit(30, stopped, time.monotonic)
        share = Share(whole, 3)
        assert 9 < share.left <= 10
        stopped.set()
        assert share.stopped
        assert share.left == 0
