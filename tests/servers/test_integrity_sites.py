"""The probe `integrity` over the network: real sites that cloak, hide and report, in nginx."""

import pytest

from auditor.evaluate import evaluate
from auditor.examples import ORDINARY
from auditor.load.checks import load_checks
from auditor.model.base import ProbeKey
from auditor.model.fact import Evidence, Fact
from auditor.model.shape import misfits
from auditor.plan import Chosen, bind
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.integrity import PROBE
from tests.servers.certificates import NOW
from tests.servers.page_sites import MODEL, edited, model, read_pages, serve

NEWS = MODEL.parent / "news_site"
SPAM = {
    "/index.html": '<!doctype html><html lang="id"><title>Sl0t G4c0r Hari Ini</title>'
    "<h1>Situs slot gacor maxwin</h1><p>Depo 10k, rtp live, scatter hitam.</p>"
    '<a href="https://slot88.example/daftar">Daftar</a></html>'
}


def statuses(found):
    """Return integrity check → status on the record of one site."""
    assert list(misfits({"sites": [found]}, PROBE.gives)) == []
    told = {}
    for check in load_checks().values():
        if {PROBE.name: {}} in check.probe.values():
            chosen = Chosen(check=check.id, params={}, severity=None)
            bound = bind(check, chosen, ORDINARY, CATALOGUE)
            key = ProbeKey(PROBE.name)
            evidence = Evidence(source="test")
            fact = Fact(target=ORDINARY.id, probe=key, value={"sites": [found]}, evidence=evidence)
            name = check.id.removeprefix("content.")
            told[name] = evaluate(bound, ORDINARY.id, {key: fact}, NOW).status
    return told


def failed(found):
    every = statuses(found)
    assert len(every) >= 18
    return {name for name, status in every.items() if status == "fail"}


def not_sound(found):
    return {n: s for n, s in statuses(found).items() if s not in {"pass", "not_applicable"}}


def test_no_false_alarm_on_the_model_site(tmp_path):
    with serve(tmp_path, model()) as served:
        found = served.record(PROBE)
    assert not_sound(found) == {}
    assert found["exhibits"] == []
    assert found["pages"]["read"] > 10


def test_no_false_alarm_on_news_against_gambling(tmp_path):
    with serve(tmp_path, read_pages(NEWS), headers={}) as served:
        found = served.record(PROBE)
    assert not_sound(found) == {}
    assert found["exhibits"] == []
    assert found["pages"]["read"] >= 4


@pytest.mark.parametrize(
    ("variant", "check"),
    [
        ("agent:Googlebot", "cloaking-crawler"),
        ("agent:Mobile", "cloaking-phone"),
        ("referer:google", "cloaking-searcher"),
    ],
)
def test_gambling_for_some_visitors(tmp_path, variant, check):
    with serve(tmp_path, model(), variants={variant: SPAM}) as served:
        found = served.record(PROBE)
    assert failed(found) == {check, "cloaking-differences"}
    first = found["exhibits"][0]
    assert first["guise"] == check.removeprefix("cloaking-")
    assert "gacor maxwin" in first["what"]
    assert len(found["exhibits"]) <= 30


def test_phones_are_sent_to_a_stranger(tmp_path):
    away = 'if ($http_user_agent ~ "Mobile") { return 302 https://slot88.example/; }'
    with serve(tmp_path, model(), extra=away) as served:
        found = served.record(PROBE)
    assert failed(found) == {"cloaking-phone", "cloaking-differences"}
    assert found["cloaking"]["phone"]["suspicious"] == ["redirect → slot88.example"]


def test_a_firewall_against_robots_is_no_cloaking(tmp_path):
    barred = 'if ($http_user_agent ~ "Googlebot") { return 403; }'
    with serve(tmp_path, model(), extra=barred) as served:
        found = served.record(PROBE)
    told = statuses(found)
    assert told["cloaking-crawler"] == "error"
    assert told["cloaking-differences"] == "fail"
    assert failed(found) == {"cloaking-differences"}


INJECTED = (
    '<div style="position:absolute;left:-9999px"><a href="https://asing.example/">Slot Gacor</a>'
    '<a href="https://lain.example/">Mitra</a></div><iframe src="https://x.example/" width="1">'
    "</iframe><script>eval(atob('eA=='))</script></body>"
)


def test_what_was_put_into_the_front_page(tmp_path):
    with serve(tmp_path, model(edited("/index.html", "</body>", INJECTED))) as served:
        found = served.record(PROBE)
    assert failed(found) == {"gambling-hidden", "hidden-links", "hidden-frames", "odd-scripts"}


def test_a_defaced_site(tmp_path):
    page = (
        '<html lang="id"><title>H4cked by Tim X</title><body bgcolor="#000000">'
        '<img src="x.png" alt=""><p>Greetz to all</p></body></html>'
    )
    with serve(tmp_path, {"/index.html": page, "/404.html": "tidak ada"}) as served:
        found = served.record(PROBE)
    assert {"defaced", "emptied-page"} <= failed(found)


def test_pages_added_to_the_sitemap(tmp_path):
    listed = "".join(
        f"<url><loc>https://{{{{site}}}}/berita/sl0t-g4c0r-{n}</loc></url>" for n in range(9)
    )
    change = edited("/sitemap.xml", "</urlset>", f"{listed}</urlset>")
    with serve(tmp_path, model(change)) as served:
        found = served.record(PROBE)
    assert "sitemap-spam" in failed(found)


def test_drift_between_two_runs(tmp_path):
    with serve(tmp_path / "a", model()) as served:
        first = served.record(PROBE)
        before = Fact(
            target=served.target().id,
            probe=ProbeKey(PROBE.name),
            value={"sites": [first]},
            evidence=Evidence(source="test"),
        )
        again = served.record(PROBE, before=lambda _target, _probe: before)
    assert not_sound(again) == {}
    assert again["drift"] == {
        "compared": True, "changed": 0, "title": False, "scripts": [], "domains": [],
        "counted": True, "added": 0,
    }  # fmt: skip
    new = '<script src="https://s.asing.example/x.js"></script></body>'
    with serve(tmp_path / "b", model(edited("/index.html", "</body>", new))) as served:
        later = served.record(PROBE, before=lambda _target, _probe: before)
    assert failed(later) == {"drift-scripts"}
