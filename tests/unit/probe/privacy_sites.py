"""Sites for the probe `privacy`, built from text; no network."""

from datetime import UTC, datetime

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.crawl import Crawl, Dead, Missed, Sheet, Topic
from auditor.probe.http_talk import Answer
from auditor.probe.privacy import PROBE
from auditor.probe.site_url import Place

SITE = "dinas.batukota.go.id"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HTML = ("content-type", "text/html; charset=utf-8")
NOTICE = (
    "<title>Kebijakan Privasi</title><main><h1>Kebijakan Privasi</h1><p>Berlaku sejak 1 Mei 2026. "
    "Dasar hukum pemrosesan: UU Nomor 27 Tahun 2022. Tujuan pemrosesan: menjawab permohonan. "
    "Jenis data dan relevansinya: nama dan surel. Rincian informasi yang dikumpulkan: formulir "
    "kontak. Retensi: dua tahun. Jangka waktu pemrosesan: enam bulan. Hak subjek data: melihat, "
    "memperbaiki, menghapus. Pejabat pelindungan data pribadi: pdp@batukota.go.id. Pihak ketiga: "
    "tidak ada. Data tidak dikirim ke luar negeri. Kami memakai kuki sesi. Kebijakan ini ditinjau "
    "setiap tahun oleh dinas dan diumumkan kembali kepada warga melalui halaman ini.</main>"
)
LINK = "<a href=/privasi>Kebijakan Privasi</a>"


def sheet(html, path="/", topics=(Topic.FRONT,), *fields, site=SITE, secure=True, cut=False):
    body = html.encode() if isinstance(html, str) else html
    kind = () if any(name == "content-type" for name, _ in fields) else (HTML,)
    answer = Answer(status=200, fields=(*kind, *fields), body=body, cut=cut)
    place = Place(secure=secure, name=site, path=path)
    return Sheet(place, answer, frozenset(topics))


def privacy_page(html=NOTICE, path="/privasi", **more):
    return sheet(html, path, (Topic.PRIVACY,), **more)


def missed(path, *topics, why=Why.TIMEOUT, left_out=False):
    return Missed(
        address=f"https://{SITE}{path}",
        topics=frozenset(topics),
        why=why,
        detail="no answer",
        left_out=left_out,
    )


def dead(path, *topics):
    return Dead(address=f"https://{SITE}{path}", topics=frozenset(topics), status=404)


def crawl(*sheets, **more):
    return Crawl(site=SITE, now=NOW, sheets=sheets, **more)


def read(*sheets, **more):
    """Return the record of a site with these pages; it has the shape that the probe promises."""
    record = PROBE.read(PROBE.args(), crawl(*sheets, **more))
    assert list(misfits({"sites": [{"site": SITE, **record}]}, PROBE.gives)) == []
    return record


def front(html, *fields, **more):
    """Return the record of a site that is one page."""
    return read(sheet(html, "/", (Topic.FRONT,), *fields), **more)
