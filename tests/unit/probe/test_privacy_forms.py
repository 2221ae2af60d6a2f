"""What forms ask, for what, and where it goes; how consent is asked for."""

import pytest

from auditor.probe.crawl import Topic
from auditor.probe.privacy_asked import Asked, FieldWords, asked_by, plain
from auditor.probe.privacy_banner import banner_of
from auditor.probe.privacy_consent import box_of, implied
from auditor.probe.privacy_forms import forms_of
from auditor.probe.privacy_purpose import FormWords, Purpose, purpose_of
from tests.unit.probe.privacy_sites import front, read, sheet


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("nik", "nik"),
        ("no_nik", "nik"),
        ("noKTP", "nik"),
        ("Nomor Induk Kependudukan", "nik"),
        ("No. Identitas", "nik"),
        ("KTP", "nik"),
        ("teknik", ""),
        ("no_kk", "kk"),
        ("Kartu Keluarga", "kk"),
        ("NPWP", "npwp"),
        ("Nomor Paspor", "passport"),
        ("No. BPJS", "bpjs"),
        ("nomor rekening", "account"),
        ("Nama Ibu Kandung", "mother"),
        ("nama_ibu", "mother"),
        ("Agama", "religion"),
        ("keagamaan", ""),
        ("gol_darah", "blood"),
        ("Golongan Darah", "blood"),
        ("riwayat penyakit", "health"),
        ("Penghasilan per bulan", "income"),
        ("tgl_lahir", "birth_date"),
        ("birthdate", "birth_date"),
        ("Tempat Lahir", "birth_place"),
        ("TTL", "birth_date birth_place"),
        ("Jenis Kelamin", "gender"),
        ("e-mail", "email"),
        ("Alamat surel", "email"),
        ("Alamat Email", "email"),
        ("Alamat", "address"),
        ("email address", "email"),
        ("No. HP / WhatsApp", "phone"),
        ("Nama Lengkap", "name"),
        ("your-name", "name"),
        ("nama_usaha", ""),
        ("username", ""),
        ("pesan", ""),
        ("", ""),
    ],
)
def test_words_of_fields(words, asked):
    assert asked_by(FieldWords(kind="text", texts=(words,))) == set(asked.split())


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        (FieldWords(kind="file", texts=("Unggah KTP",)), {Asked.ID_SCAN}),
        (FieldWords(kind="file", texts=("scan_kk",)), {Asked.ID_SCAN}),
        (FieldWords(kind="file", texts=("Foto diri",)), {Asked.PHOTO}),
        (FieldWords(kind="file", texts=("Foto selfie dengan KTP",)), {Asked.ID_SCAN, Asked.PHOTO}),
        (FieldWords(kind="file", texts=("lampiran",)), set()),
        (FieldWords(kind="email", texts=("nama",)), {Asked.EMAIL}),
        (FieldWords(kind="tel", texts=("nik",)), {Asked.PHONE, Asked.NIK}),
        (FieldWords(kind="password", texts=("p",)), {Asked.PASSWORD}),
        (FieldWords(kind="text", autocomplete="section-a bday"), {Asked.BIRTH_DATE}),
        (FieldWords(kind="text", autocomplete="off"), set()),
    ],
)
def test_types_of_fields(field, asked):
    assert asked_by(field) == asked


def test_words_are_made_plain():
    assert plain("noKK_anda[0]") == "no kk anda 0"


@pytest.mark.parametrize(
    ("words", "asked", "page", "topics", "purpose"),
    [
        (["masuk"], "password email", "", "", "login"),
        (["daftar"], "password email name nik phone", "", "", "account"),
        (["search"], "", "", "", "search"),
        (["q"], "name", "", "", "search"),
        (["cari"], "nik", "", "", "other"),
        (["form-wbs"], "name", "", "complaint", "whistleblowing"),
        (["Kirim aduan"], "name", "", "contact", "complaint"),
        (["Kirim"], "name", "", "complaint", "complaint"),
        (["Kirim"], "name", "", "survey", "survey"),
        (["Formulir laporan"], "name", "", "whistleblowing", "whistleblowing"),
        (["Kirim"], "name", "Buku Tamu", "", "contact"),
        (["Kirim"], "name", "Profil", "", "other"),
        (["Berlangganan"], "email", "", "", "newsletter"),
        (["commentform"], "email", "", "", "other"),
        (["Tinggalkan komentar"], "email", "", "", "comment"),
        (["Pendaftaran pelatihan"], "nik", "", "", "service"),
        (["permohonan informasi"], "nik", "", "", "information_request"),
        (["pengajuan keberatan"], "name", "", "", "objection"),
    ],
)
def test_purposes(words, asked, page, topics, purpose):
    found = purpose_of(
        FormWords(shown=tuple(words)),
        frozenset(map(Asked, asked.split())),
        page,
        frozenset(map(Topic, topics.split())),
    )
    assert found == Purpose(purpose)


def test_what_a_form_shows_counts_more_than_its_code():
    words = FormWords(shown=("Pendaftaran",), code=("contact-form", "/kontak"))
    assert purpose_of(words, frozenset(), "", frozenset()) is Purpose.SERVICE


def only(html, topics=(Topic.OTHER,), **more):
    (entry,) = forms_of(sheet(html, "/f", topics, **more))
    return entry


LABELS = {
    "for": "<form><label for=a>NIK</label><input id=a name=x>",
    "around": "<form><label>NIK <span><input name=x></span></label>",
    "aria": "<form><input name=x aria-label=NIK>",
    "hint": "<form><input name=x placeholder='Masukkan NIK Anda'>",
    "name": "<form><input name=nik>",
    "id": "<form><input id=nik>",
    "textarea": "<form><textarea name=nik></textarea>",
    "select": "<form><select name=nik></select>",
    "named": "<form id=f></form><input form=f name=nik>",
    "table": "<table><form id=f><tr><td><input name=nik></td></tr></form></table>",
    "loose": "<input name=nik>",
}


@pytest.mark.parametrize("name", LABELS)
def test_where_a_field_says_what_it_asks(name):
    assert only(LABELS[name]).asked == {Asked.NIK}


def test_a_deep_field_has_no_label_around_it():
    assert only("<label>NIK<b><i><u><s><em><input name=x></label>").asked == set()


def test_what_is_not_asked():
    html = "<form><input type=hidden name=nik><input type=submit name=nik><button name=nik>Kirim"
    assert forms_of(sheet(html)) == []


def test_names_of_forms_differ():
    html = "<form id=a><input name=nik></form>" * 2 + "<form name=b><input name=x></form>"
    names = [entry.name for entry in forms_of(sheet(html + "<form><input name=x></form>"))]
    assert names == ["a", "a#2", "b", "#4"]


def test_heads_and_buttons_tell_what_a_form_is_for():
    html = "<form><h2>Survei</h2><input name=nama><input type=submit value=Kirim></form>"
    assert only(html).purpose is Purpose.SURVEY
    html = "<form><input name=nama><input type=submit value='Kirim aduan'></form>"
    assert only(html).purpose is Purpose.COMPLAINT
    assert only("<h1>Kotak Saran</h1><form><input name=nama>").purpose is Purpose.CONTACT


def row(html, *fields, **more):
    (found,) = front(html, *fields, **more)["forms"]
    return found


def test_a_sound_form():
    found = row(
        "<form id=k method=post action=/kirim><input name=nama required>"
        "<input name=nik autocomplete=off><input type=file name=ktp><input name=agama></form>"
    )
    assert found == {
        "page": "dinas.batukota.go.id/",
        "form": "k",
        "purpose": "other",
        "asked": ["id_scan", "name", "nik", "religion"],
        "required": ["name"],
        "identity": ["id_scan", "nik"],
        "sensitive": ["religion"],
        "kept": [],
        "secure": True,
        "away": [],
        "in_address": False,
    }


@pytest.mark.parametrize(
    ("action", "secure", "away"),
    [
        ("/x", True, []),
        ("", True, []),
        ("http://dinas.batukota.go.id/x", False, []),
        ("https://layanan.kemendagri.go.id/x", True, []),
        ("https://formspree.io/f/abc?x=1", True, ["formspree.io/f/abc"]),
        ("javascript:kirim()", True, []),
    ],
)
def test_where_a_form_goes(action, secure, away):
    found = row(f"<form method=post action='{action}'><input name=nik></form>")
    assert (found["secure"], found["away"]) == (secure, away)


def test_a_form_on_a_page_in_clear_is_not_secure():
    (found,) = read(sheet("<form action=https://x.go.id/><input name=nik>", secure=False))["forms"]
    assert not found["secure"]


def test_answers_in_the_address():
    assert row("<form><input name=nik>")["in_address"]
    assert not row("<form><input id=nik>")["in_address"]
    assert not row("<form method=post><input name=nik>")["in_address"]
    assert front("<form role=search><input name=q><input name=nama>")["forms"] == []
    assert row("<form role=search><input name=nik>")["in_address"]


def test_browsers_may_keep_numbers():
    assert row("<form><input name=nik>")["kept"] == ["nik"]
    assert row("<form><input name=nik autocomplete=OFF>")["kept"] == []
    assert row("<form><input name=nama>")["kept"] == []


@pytest.mark.parametrize(
    ("words", "bundled"),
    [
        ("Saya menyetujui pemrosesan data saya", False),
        ("Saya setuju dengan syarat dan ketentuan", False),
        ("Saya setuju dengan syarat, ketentuan dan kebijakan privasi", True),
        ("Saya setuju data pribadi saya dibagikan kepada pihak ketiga", True),
        ("Kirimi saya berita promosi", False),
        ("I agree to the terms and the privacy policy", True),
    ],
)
def test_boxes_of_consent(words, bundled):
    box = box_of("a", words, ticked=True)
    assert box is not None
    assert (box.ticked, box.bundled) == (True, bundled)


@pytest.mark.parametrize("words", ["Ingat saya", "Laki-laki", ""])
def test_boxes_that_speak_of_something_else(words):
    assert box_of("a", words, ticked=True) is None


def test_a_box_may_speak_by_its_name():
    assert box_of("consent", "Ya", ticked=False) is not None


def test_boxes_in_pages():
    html = (
        "<form id=f><label><input type=checkbox name=a checked>Saya setuju</label>"
        "<label><input type=checkbox name=b>Saya setuju</label>"
        "<label><input type=checkbox name=c checked disabled>Saya setuju</label>"
        "<label><input type=radio name=d value=1>Saya setuju</label>"
        "<label><input type=radio name=d value=2 checked>Saya bersedia</label>"
        "<label><input type=checkbox checked>Saya setuju</label>"
        "<label><input type=checkbox name=ingat checked>Ingat saya</label>"
    )
    found = {box["box"]: box["ticked"] for box in front(html)["boxes"]}
    assert found == {"a": True, "b": False, "c": False, "d": True, "?": True}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dengan menggunakan situs ini, Anda menyetujui kebijakan kami.", True),
        ("Dengan terus menggunakan situs ini berarti Anda setuju", True),
        ("By continuing to browse, you agree to cookies", True),
        ("Dengan menggunakan situs ini. Anda boleh menyetujui.", False),
        ("Anda menyetujui kebijakan kami", False),
    ],
)
def test_consent_that_is_taken_for_granted(text, found):
    assert implied(text) is found


@pytest.mark.parametrize(
    ("html", "present", "refusable"),
    [
        ("<div id=cookie-bar><button>Terima</button><button>Tolak</button></div>", True, True),
        ("<div class=cookieConsent><a>Accept all</a><a>Only necessary</a></div>", True, True),
        ("<div class=cookie><input type=submit value=OK></div>", True, False),
        ("<div aria-label=cookies><b role=button aria-label=Setuju></b></div>", True, False),
        ("<div class=cookie><p>Kami memakai kuki</p></div>", False, False),
        ("<div class=cookie><button>Tidak setuju</button></div>", False, False),
        ("<p class=cookie><button>Terima</button></p>", False, False),
        ("<div class=menu><button>Terima</button></div>", False, False),
        (
            "<div class=cookie></div>" * 40 + "<div id=cookie><button>OK</button></div>",
            False,
            False,
        ),
    ],
)
def test_banners(html, present, refusable):
    found = banner_of(sheet(html))
    assert (found.present, found.refusable) == (present, refusable)
