"""Doors that lead search engines elsewhere: claims about the page's address, lists, parameters."""

import re
from collections.abc import Iterable, Iterator

from auditor.model.text import inert
from auditor.probe.crawl import Sitemap
from auditor.probe.http_talk import told
from auditor.probe.integrity_glyphs import percent_decoded
from auditor.probe.integrity_hosts import domain, stranger
from auditor.probe.integrity_page import View
from auditor.probe.integrity_signs import Sign, Where, named
from auditor.probe.site_url import Place, foreign, refer

_MOST = 50
_SHOWN = 160
_TONGUES = {
    "th": re.compile(r"[\u0e01-\u0e5b]"),
    "ja": re.compile(r"[\u3041-\u30ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"),
}
_LETTER = re.compile(r"[^\W\d_]")
_SHARE = 15
"""Percent of a page's letters from which on it is written in a foreign script."""
_FEW = 40
"""Letters below which nothing is said of a page."""
_FEW_LETTERS = 3
"""Letters of a foreign script in one address."""
_TITLE_SHARE = 50
_TITLE = 8


def claimed(view: View, names: tuple[str, ...], site: str) -> list[str]:
    """Return strangers of which the page says that they are it, or another form of it."""
    return sorted(
        {
            f"{inert(domain(reference.host))[:100]} ({name})"
            for name, reference in view.claims
            if name in names and stranger(site, reference.host)
        }
    )[:_MOST]


def based(view: View, site: str) -> str:
    """Return the stranger against whose site the page's addresses are read, "" for none."""
    base = view.base
    return inert(domain(base.host))[:100] if base and stranger(site, base.host) else ""


def sent_on(view: View, place: Place, site: str) -> str:
    """Return the stranger that the page sends its reader to, "" for none."""
    goal = refer(place, view.refresh) if view.refresh else None
    return inert(domain(goal.host))[:100] if goal and stranger(site, goal.host) else ""


def parameters(view: View, site: str) -> list[str]:
    """Return own addresses whose parameter holds a stranger's address, without the parameter."""
    found = set()
    for out in view.links:
        query = out.reference.query
        if not query or foreign(site, out.reference.host):
            continue
        for name, _, value in (part.partition("=") for part in query.split("&")[:20]):
            goal = percent_decoded(value[:500]).strip()
            reference = refer(out.reference.place, goal) if _ABSOLUTE.match(goal) else None
            if reference is not None and stranger(site, reference.host):
                shown = f"{out.reference.shown}?{inert(name)[:30]}= → {domain(reference.host)}"
                found.add(inert(shown)[:_SHOWN])
    return sorted(found)[:_MOST]


_ABSOLUTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def tongue(view: View) -> str:
    """Return the foreign script in which a page is written although it does not say so, or ""."""
    title = _share(view.title, _TITLE, _TITLE_SHARE)
    found = title or _share(view.text, _FEW, _SHARE)
    return "" if view.language.startswith(tuple(_TONGUES)) else found


def _share(text: str, few: int, share: int) -> str:
    if text.isascii():
        return ""
    letters = len(_LETTER.findall(text))
    for name, pattern in _TONGUES.items():
        count = len(pattern.findall(text))
        if count >= few and 100 * count >= share * letters:
            return name
    return ""


def listed(sitemap: Sitemap) -> Iterator[Sign]:
    """Yield addresses of the site's own list that advertise or are written in a foreign script."""
    for address in sitemap.addresses:
        path = re.sub(r"^https?://[^/]*", "", address[:2000])
        for cluster in named("", *path.partition("?")[::2])[:1]:
            yield Sign(where=Where.SITEMAP, what=_told(address), said=cluster.said)
        plain = percent_decoded(path[:500])
        if any(len(p.findall(plain)) >= _FEW_LETTERS for p in _TONGUES.values()):
            yield Sign(where=Where.SITEMAP, what=_told(address), said=plain)


def _told(address: str) -> str:
    return inert(percent_decoded(told(address)))[:_SHOWN]


def shown(found: Iterable[Sign]) -> list[str]:
    """Return what signs of a list name, each once."""
    return sorted({sign.what for sign in found})[:_MOST]
