"""Sites of a few pages, for tests of integrity."""

from datetime import UTC, datetime
from typing import Any

from auditor.probe.crawl import Crawl, Guise, Sheet, Topic
from auditor.probe.http_talk import Answer
from auditor.probe.integrity import IntegrityArgs, read
from auditor.probe.site_url import Place

SITE = "dinas.batukota.go.id"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HTML = ("content-type", "text/html; charset=utf-8")
HEAD = "<title>Dinas Contoh</title>"
BODY = (
    "<h1>Dinas Contoh Kota Batu</h1><p>Kami melayani warga dengan sepenuh hati setiap hari kerja "
    'pukul delapan sampai empat sore.</p><a href="/profil">Profil</a><a href="/kontak">Kontak</a>'
)


def page(body: str = "", head: str = HEAD, lang: str = "id") -> str:
    """Return an ordinary page with something put into it."""
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{BODY}{body}</body></html>'


def sheet(
    html: str | bytes,
    path: str = "/",
    *fields: tuple[str, str],
    status: int = 200,
    cut: bool = False,
    site: str = SITE,
) -> Sheet:
    """Return a page as it was fetched."""
    body = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    answer = Answer(status=status, fields=(HTML, *fields), body=body, cut=cut)
    topics = frozenset({Topic.FRONT if path == "/" else Topic.OTHER})
    return Sheet(Place(secure=True, name=site, path=path), answer, topics)


def crawl(*sheets: Sheet, **more: Any) -> Crawl:
    """Return a crawl in which all guises see the front page."""
    pages = sheets or (sheet(page()),)
    guises = dict.fromkeys(Guise, pages[0]) | more.pop("guises", {})
    return Crawl(site=SITE, now=NOW, sheets=pages, guises=guises, **more)


def record(*sheets: Sheet, **more: Any) -> dict[str, Any]:
    """Return what integrity says of a site."""
    return read(IntegrityArgs(), crawl(*sheets, **more))
