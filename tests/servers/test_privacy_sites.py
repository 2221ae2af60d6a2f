"""The probe `privacy` on real sites: the exemplary one, and one with a fault for each rule."""

from functools import cache

import pytest

from auditor.evaluate import evaluate
from auditor.examples import NOW, ORDINARY
from auditor.load.checks import load_checks
from auditor.model.fact import Evidence, Fact
from auditor.model.shape import misfits
from auditor.plan import Chosen, bind
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.privacy import PROBE
from tests.servers.page_sites import HEADERS, edited, model, serve

PREFIX = "privacy."
NOTICE = "/kebijakan-privasi.html"


@cache
def checks():
    every = load_checks().values()
    mine = [check for check in every if check.id.startswith(PREFIX)]
    return tuple(
        bind(check, Chosen(check=check.id, params={}, severity=None), ORDINARY, CATALOGUE)
        for check in mine
    )


def verdicts(record):
    """Return check → status on the record of one site."""
    sites = {"sites": [{"site": "dinas-contoh.batukota.go.id", **record}]}
    assert list(misfits(sites, PROBE.gives)) == []
    found = {}
    for bound in checks():
        (probe,) = bound.probes.values()
        result = evaluate(bound, ORDINARY.id, {probe.key: _fact(probe, sites)}, NOW)
        found[bound.check.id.removeprefix(PREFIX)] = str(result.status)
    return found


def _fact(probe, value):
    return Fact(target=ORDINARY.id, probe=probe.key, value=value, evidence=Evidence(source="x"))


def look(folder, pages, **more):
    with serve(folder, pages, **more) as served:
        return verdicts(served.record(PROBE))


def failed(statuses):
    return {name for name, status in statuses.items() if status == "fail"}


def test_the_exemplary_site_has_no_fault(tmp_path):
    found = look(tmp_path, model())
    assert set(found.values()) == {"pass", "not_applicable"}
    idle = {name for name, status in found.items() if status == "not_applicable"}
    assert idle == {"consent-refusable", "notice-cookies"}


def contact(old, new):
    return edited("/kontak.html", old, new)


SUREL = '<input id="surel" name="surel" type="email" autocomplete="email" required>'
TICK = '<input id="setuju" name="setuju" type="checkbox" value="ya" required>'
CONSENT = "Saya menyetujui pemrosesan data saya untuk menjawab permintaan ini (wajib)"
FORM = '<form method="post" action="/kontak.html"'
NEWS = "/berita/pelatihan-usaha.html"


def news(piece):
    return edited(NEWS, "</main>", f"{piece}</main>")


def notice(*pairs):
    """Return the notice with texts replaced, each of which must be there."""
    text = model()[NOTICE]
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return {NOTICE: text}


LACKS = {
    "basis": (
        ("Legalitas dan dasar pemrosesan", "Umum"),
        ("Undang-Undang Nomor 27 Tahun 2022 tentang ", ""),
        ("Dasar hukum pemrosesan adalah", "Ini adalah"),
    ),
    "purpose": (("Tujuan pemrosesan", "Kegunaan"), ("Data dipakai hanya untuk", "Kami")),
    "kinds": (
        ("Jenis dan relevansi data pribadi", "Isian"),
        ("Jenis data yang", "Yang"),
        ("relevan", "sesuai"),
    ),
    "retention": (
        ("Jangka waktu retensi dokumen", "Dokumen"),
        ("disimpan (retensi) dua tahun sejak", "disimpan sejak"),
    ),
    "details": (("Rincian informasi yang dikumpulkan", "Formulir"),),
    "period": (
        ("Jangka waktu pemrosesan", "Waktu"),
        ("Pemrosesan berlangsung selama", "Berlangsung ketika"),
    ),
    "rights": (
        ("Hak subjek data pribadi", "Permintaan"),
        ("Hak Anda diajukan", "Permintaan diajukan"),
    ),
    "officer": (
        ("Pejabat pelindungan data pribadi", "Kontak"),
        ("Pejabat Pelindungan Data Pribadi (DPO) Pemerintah Kota Batu", "Kami"),
    ),
    "channel": (('<a href="mailto:pdp@batukota.go.id">pdp@batukota.go.id</a>', "kami"),),
    "third-parties": (
        ("Pihak ketiga dan transfer data", "Transfer data"),
        ("kepada pihak ketiga", "kepada siapa pun"),
        ("pelacak pihak ketiga", "pelacak"),
    ),
    "transfer": (("Pihak ketiga dan transfer data", "Pihak ketiga"), ("ke luar negeri", "pergi")),
    "dated": (("Berlaku sejak", "Salam,"),),
}
"""Item → texts of the exemplary notice that speak of it, and what stands there instead."""


@pytest.mark.parametrize("item", LACKS)
def test_a_notice_that_lacks_an_item(item, tmp_path):
    assert failed(look(tmp_path, model(notice(*LACKS[item])))) == {f"notice-{item}"}


FAULTS = {
    "notice-front": (
        {
            "/index.html": model()["/index.html"].replace(
                '<li><a href="/kebijakan-privasi.html">Kebijakan Privasi</a></li>', ""
            )
        },
        {"notice-front"},
    ),
    "notice-forms": (
        {"/kontak.html": model()["/kontak.html"].replace(NOTICE, "/profil.html")},
        {"notice-forms"},
    ),
    "consent-preticked": (contact(TICK, TICK.replace(">", " checked>")), {"consent-preticked"}),
    "consent-bundled": (
        contact(CONSENT, "Saya menyetujui syarat dan ketentuan serta kebijakan privasi"),
        {"consent-bundled"},
    ),
    "consent-implied": (
        news("<p>Dengan menggunakan situs ini Anda menyetujui semuanya.</p>"),
        {"consent-implied"},
    ),
    "consent-refusable": (
        news('<div id="cookie-bar"><button>Terima semua</button></div>'),
        {"consent-refusable"},
    ),
    "foreign-forms": (
        news('<iframe title="x" src="https://docs.google.com/forms/d/e/x/viewform"></iframe>'),
        {"foreign-forms", "collect-others", "others-abroad"},
    ),
    "foreign-form-links": (
        news('<a href="https://forms.gle/abc">Isi pendaftaran</a>'),
        {"foreign-form-links"},
    ),
    "short-links": (news('<a href="https://bit.ly/abc">Formulir daftar</a>'), {"short-links"}),
    "trackers-analytics": (
        news('<script src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>'),
        {"trackers-analytics", "others-abroad", "notice-kept"},
    ),
    "trackers-advertising": (
        news('<noscript><img src="https://www.facebook.com/tr?id=1&ev=x" alt=""></noscript>'),
        {"trackers-advertising", "others-abroad", "notice-kept"},
    ),
    "trackers-replay": (
        news('<script>j.src="https://www.clarity.ms/tag/"+i</script>'),
        {"trackers-replay", "others-abroad", "notice-kept"},
    ),
    "trackers-fingerprint": (
        news('<script src="https://openfpcdn.io/fingerprintjs/v4"></script>'),
        {"trackers-fingerprint", "others-abroad", "notice-kept"},
    ),
    "trackers-social": (
        news('<script async src="https://platform.twitter.com/widgets.js"></script>'),
        {"trackers-social", "others-abroad", "notice-kept"},
    ),
    "collect-trackers": (
        edited(
            "/wbs.html",
            "</main>",
            '<script src="https://www.google-analytics.com/analytics.js"></script></main>',
        ),
        {"collect-trackers", "trackers-analytics", "others-abroad", "notice-kept"},
    ),
    "collect-others": (
        edited(
            "/wbs.html",
            "</head>",
            '<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=X"></head>',
        ),
        {"collect-others", "others-abroad"},
    ),
    "others-few": (
        news("".join(f'<img alt="" src="https://a.contoh{n}.example/x">' for n in range(6))),
        {"others-few"},
    ),
    "scripts-replay": (news("<script>clarity('set', 'a')</script>"), {"scripts-replay"}),
    "scripts-fingerprint": (
        news("<script>x.fillText('a', 1, 1); y = c.toDataURL();</script>"),
        {"scripts-fingerprint"},
    ),
    "form-https": (
        contact(FORM, '<form method="post" action="http://dinas-contoh.batukota.go.id/kontak.html"'),
        {"form-https"},
    ),
    "form-own-site": (
        contact(FORM, '<form method="post" action="https://formspree.io/f/x"'),
        {"form-own-site", "foreign-forms"},
    ),
    "form-post": (contact(FORM, '<form action="/kontak.html"'), {"form-post"}),
    "form-autocomplete": (
        news(
            f"{FORM}><label for=n>NIK</label><input id=n name=nik>"
            "<h2>Pendaftaran pelatihan</h2></form>"
        ),
        {"form-autocomplete"},
    ),
    "form-minimal": (
        contact(SUREL, f"{SUREL}<label for=n>NIK</label><input id=n name=x autocomplete=off>"),
        {"form-minimal"},
    ),
    "form-sensitive": (
        contact(SUREL, f"{SUREL}<label for=n>Agama</label><select id=n name=x></select>"),
        {"form-sensitive"},
    ),
    "form-mother": (
        news(
            f"{FORM}><h2>Pendaftaran</h2><label for=n>Nama ibu kandung</label>"
            "<input id=n name=x autocomplete=off></form>"
        ),
        {"form-mother"},
    ),
    "form-anonymous": (
        edited("/wbs.html", 'type="email" autocomplete="email"', 'type="email" required'),
        {"form-anonymous"},
    ),
}  # fmt: skip
"""Name → pages that differ from the exemplary site, and the checks that fail then."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_fails_its_check_and_no_other(name, tmp_path):
    changes, expected = FAULTS[name]
    found = look(tmp_path, model(changes))
    assert failed(found) == expected
    assert "error" not in found.values()


COOKIES = {
    "cookies-trackers": ("_ga=GA1.2.3; Path=/", {"cookies-trackers", "notice-kept"}),
    "cookies-lifetime": ("bahasa=id; Max-Age=63072000", {"cookies-lifetime", "notice-kept"}),
    "cookies-foreign": ("uid=1; Domain=tracker.example", {"cookies-foreign"}),
}


@pytest.mark.parametrize("name", COOKIES)
def test_cookies_before_consent(name, tmp_path):
    cookie, expected = COOKIES[name]
    found = look(tmp_path, model(), headers={**HEADERS, "Set-Cookie": cookie})
    assert failed(found) == expected


def test_a_notice_that_does_not_explain_its_cookies(tmp_path):
    denial = "Situs ini tidak memakai kuki (cookie) dan tidak memakai pelacak pihak ketiga."
    pages = model(notice(("<h2>Kuki dan pelacak</h2>", ""), (denial, "")))
    headers = {**HEADERS, "Set-Cookie": "sesi=x; Secure; HttpOnly; SameSite=Lax"}
    assert failed(look(tmp_path, pages, headers=headers)) == {"notice-cookies"}


def test_no_notice_at_all(tmp_path):
    pages = {
        path: text.replace(NOTICE, "/") if isinstance(text, str) else text
        for path, text in model({NOTICE: None}).items()
    }
    plain = {
        path: text.replace("Kebijakan Privasi", "Beranda").replace("kebijakan privasi", "aturan")
        for path, text in pages.items()
        if isinstance(text, str)
    }
    found = look(tmp_path, {**pages, **plain})
    assert failed(found) == {"notice", "notice-forms"}
    assert found["notice-rights"] == found["notice-front"] == "not_applicable"


def test_every_check_has_a_site_that_fails_it():
    told = {*FAULTS, *COOKIES, *(f"notice-{item}" for item in LACKS)}
    told |= {"notice", "notice-cookies", "notice-kept", "others-abroad"}
    assert {bound.check.id.removeprefix(PREFIX) for bound in checks()} == told


def test_the_citys_notice_will_do(tmp_path):
    pages = {
        path: text.replace(
            '"/kebijakan-privasi.html"', '"https://batukota.go.id/kebijakan-privasi"'
        )
        if isinstance(text, str)
        else text
        for path, text in model({NOTICE: None}).items()
    }
    found = look(tmp_path, pages)
    assert failed(found) == set()
    assert found["notice"] == found["notice-front"] == found["notice-forms"] == "pass"
    assert found["notice-rights"] == "not_applicable"


def test_a_privacy_page_that_does_not_answer_is_no_pass(tmp_path):
    extra = f"location = {NOTICE} {{ return 503; }}"
    found = look(tmp_path, model(), extra=extra)
    assert found["notice"] == "error"
    assert found["notice-purpose"] == "error"
    assert found["notice-forms"] == "pass"


def test_a_form_page_that_does_not_answer_is_no_pass(tmp_path):
    found = look(tmp_path, model(), extra="location = /wbs.html { return 503; }")
    for name in ("form-https", "collect-trackers", "foreign-forms", "trackers-replay"):
        assert found[name] == "error", name
    assert found["notice-rights"] == "pass"


def test_a_form_that_scripts_make_is_not_examined(tmp_path):
    page = "<title>WBS</title><div id=app></div><script src=/app.js></script>"
    found = look(tmp_path, model({"/wbs.html": page}))
    assert found["form-minimal"] == "not_checked"
    assert found["collect-trackers"] == "not_checked"
    assert failed(found) == set()


def test_no_value_that_a_page_holds_is_kept(tmp_path):
    number = "3579014107880001"
    changes = contact(SUREL, f'{SUREL}<input name=nik value="{number}" placeholder="{number}">')
    with serve(tmp_path, model(changes)) as served:
        assert number not in str(served.observe(PROBE))
