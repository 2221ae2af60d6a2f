"""Accessibility and care judged on real sites: the model has no fault, each faulty one its own."""

import re

import msgspec
import pytest

from auditor.evaluate import evaluate
from auditor.load.checks import load_checks
from auditor.load.policies import load_policy
from auditor.model.base import TargetId
from auditor.model.result import Status
from auditor.model.shape import misfits
from auditor.plan import plan
from auditor.probe import culture, inclusion
from auditor.probe.catalogue import CATALOGUE
from tests.servers.page_sites import NOW, edited, model, serve

PROBES = (inclusion.PROBE, culture.PROBE)
CHECKS = {
    id_: check
    for id_, check in load_checks().items()
    if id_.startswith(("inclusion.", "culture.")) and "hosting" not in str(check.probe)
}


def judged(served):
    """Return the status of each check on what is served."""
    target = served.target()
    facts = served.observe(*PROBES, target=target)
    for fact, probe in zip(facts, PROBES, strict=True):
        assert list(misfits(fact.value, probe.gives)) == []
    inventory = msgspec.structs.replace(served.settings().inventory, targets=(target,))
    work = plan(inventory, load_policy("ethics"), CHECKS, CATALOGUE)
    seen = {fact.probe: fact for fact in facts}
    return {
        bound.check.id: evaluate(bound, TargetId("web"), seen, NOW).status
        for bound in work.checks["web"]
    }


def failed(statuses):
    return {id_ for id_, status in statuses.items() if status is Status.FAIL}


def test_the_model_site_has_no_fault(tmp_path):
    with serve(tmp_path, model()) as served:
        statuses = judged(served)
    assert {id_: s for id_, s in statuses.items() if s is not Status.PASS} == {
        "culture.copyright-year": Status.NOT_APPLICABLE
    }
    assert len(statuses) >= 45


FAULTS = {
    "inclusion.language": edited("/kontak.html", '<html lang="id">', "<html>"),
    "inclusion.language-code": edited("/kontak.html", '<html lang="id">', '<html lang="zz">'),
    "inclusion.language-true": edited("/profil.html", '<html lang="id">', '<html lang="en">'),
    "inclusion.language-parts": edited("/kontak.html", "<h1>Kontak", '<h1 lang="q">Kontak'),
    "inclusion.title": edited("/kontak.html", "<title>Kontak | Dinas Contoh Kota Batu</title>", ""),
    "inclusion.title-distinct": edited("/kontak.html", "<title>Kontak | ", "<title>"),
    "inclusion.picture-text": edited("/kontak.html", 'alt="Lambang Dinas Contoh" ', ""),
    "inclusion.picture-controls": edited(
        "/kontak.html", "<h1>Kontak</h1>", '<h1>Kontak</h1><form><input type="image"></form>'
    ),
    "inclusion.field-label": edited("/kontak.html", '<label for="pesan">Pesan (wajib)</label>', ""),
    "inclusion.field-placeholder": edited(
        "/kontak.html",
        '<label for="surel">Surel (wajib)</label>\n        <input',
        '<input placeholder="Surel"',
    ),
    "inclusion.button-name": edited("/kontak.html", "Kirim</button>", "</button>"),
    "inclusion.link-name": edited("/kontak.html", ">Profil</a>", "></a>"),
    "inclusion.link-words": edited("/kontak.html", ">Profil</a>", ">Selengkapnya</a>"),
    "inclusion.frame-title": edited("/kontak.html", "<dl>", '<iframe src="/peta"></iframe><dl>'),
    "inclusion.main-heading": edited("/kontak.html", "<h1>Kontak</h1>", ""),
    "inclusion.heading-order": edited("/kontak.html", "<h1>Kontak</h1>", "<h1>K</h1><h4>A</h4>"),
    "inclusion.heading-text": edited("/kontak.html", "<h1>Kontak</h1>", "<h1>K</h1><h2></h2>"),
    "inclusion.skip-link": edited("/kontak.html", 'href="#isi"', 'href="#tiada"'),
    "inclusion.main-part": edited("/kontak.html", '<main id="isi"', '<div id="isi"'),
    "inclusion.ids": edited("/kontak.html", "<h1>Kontak", '<h1 id="isi">Kontak'),
    "inclusion.tab-order": edited("/kontak.html", '<button type="submit"', '<button tabindex="2"'),
    "inclusion.lists": edited("/kontak.html", "<dl>", "<ul><p>x</p></ul><dl>"),
    "inclusion.table-headings": edited(
        "/kontak.html",
        "<dl>",
        "<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table><dl>",
    ),
    "inclusion.table-references": edited(
        "/kontak.html",
        "<dl>",
        "<table><tr><th>A</th></tr><tr><td headers='x'>1</td></tr></table><dl>",
    ),
    "inclusion.zoom": edited("/kontak.html", "initial-scale=1", "user-scalable=no"),
    "inclusion.refresh": edited(
        "/kontak.html",
        '<meta charset="utf-8">',
        '<meta charset="utf-8"><meta http-equiv="refresh" content="300">',
    ),
    "inclusion.moving-text": edited("/kontak.html", "<dl>", "<marquee>Halo</marquee><dl>"),
    "inclusion.sound": edited("/kontak.html", "<dl>", '<audio autoplay src="/a"></audio><dl>'),
    "inclusion.captions": edited("/kontak.html", "<dl>", "<video controls></video><dl>"),
    "inclusion.contrast": edited(
        "/kontak.html", "<h1>Kontak", '<h1 style="color:#ccc;background:#fff">Kontak'
    ),
    "culture.samples": edited(
        "/berita/index.html", "<h1>Berita</h1>", "<h1>Berita</h1><p>Lorem ipsum dolor sit amet.</p>"
    ),
    "culture.finished": edited("/skm.html", "<title>", "<title>Segera hadir: "),
    "culture.official-mail": edited("/kontak.html", "dinas-contoh@batukota.go.id", "x@gmail.com"),
    "culture.mobile": edited("/index.html", "width=device-width", "width=1024"),
    "culture.copyright-year": edited("/index.html", "<footer>", "<footer>&copy; {{year-2}} "),
}


@pytest.mark.parametrize("check", FAULTS)
def test_each_fault_is_found(check, tmp_path):
    with serve(tmp_path, model(FAULTS[check])) as served:
        assert failed(judged(served)) == {check}


def test_an_old_site_that_nobody_reaches(tmp_path):
    pages = {}
    for path, text in model().items():
        if isinstance(text, str) and path.endswith(".html"):
            bare = re.sub(r"<footer>.*</footer>", "", text, flags=re.DOTALL)
            bare = re.sub(r"<time[^>]*>.*?</time>", "", bare).replace("{{year}}", "")
            bare = re.sub(r"\(0341\) 500-100|[\w-]+@[\w.]+|Jalan|Senin sampai Jumat", "", bare)
            bare = re.sub(r"\b[Jj]am (layanan|pelayanan)\b|\{\{[^}]*\}\}", "", bare)
            bare = re.sub(r"(CC BY 4\.0|[Ll]isensi|Sumber|Periode|Satuan|Metadata|CSV)", "", bare)
            bare = re.sub(r"<form.*?</form>", "", bare, flags=re.DOTALL)
            pages[path] = (
                bare.replace("/data/pasar.csv", "/data/pasar.pdf")
                .replace("creativecommons.org", "contoh.go.id")
                .replace("walidata", "")
            )
        elif not path.endswith("sitemap.xml"):
            pages[path] = text
    pages["/index.html"] = pages["/index.html"].replace(
        "</main>", '<p>1 Januari 2020 <a href="https://www.instagram.com/dinas">IG</a></p></main>'
    )
    with serve(tmp_path, pages, extra="add_header Last-Modified '';") as served:
        statuses = judged(served)
    assert failed(statuses) >= {
        *("culture.fresh", "culture.address", "culture.mail"),
        *("culture.hours", "culture.data-licence", "culture.data-format", "culture.data-metadata"),
        *("culture.news-dated", "culture.rights"),
    }
