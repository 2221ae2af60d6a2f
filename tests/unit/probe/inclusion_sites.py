"""Sites of a few pages, for tests of accessibility and care."""

from datetime import UTC, datetime
from typing import Any

from auditor.probe.crawl import Crawl, Sheet, Topic
from auditor.probe.http_talk import Answer
from auditor.probe.inclusion_rules import judge
from auditor.probe.site_url import Place

SITE = "dinas-contoh.batukota.go.id"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HTML = ("content-type", "text/html; charset=utf-8")


def sheet(
    html: str,
    path: str = "/",
    *topics: Topic,
    fields: tuple[tuple[str, str], ...] = (HTML,),
    cut: bool = False,
) -> Sheet:
    """Return a page as it was fetched."""
    answer = Answer(status=200, fields=fields, body=html.encode(), cut=cut)
    about = frozenset(topics or ({Topic.FRONT} if path == "/" else {Topic.OTHER}))
    return Sheet(Place(secure=True, name=SITE, path=path), answer, about)


def crawl(*sheets: Sheet, site: str = SITE, **more: Any) -> Crawl:
    """Return a crawl."""
    return Crawl(site=site, now=NOW, sheets=sheets, **more)


def faults(html: str) -> dict[str, list[str]]:
    """Return what is wrong with a page, by fact."""
    _, found = judge(sheet(html))
    return {fact: names for fact, names in found.items() if names}
