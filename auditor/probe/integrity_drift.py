"""How the front page differs from that of the run before: structure, scripts, links, list."""

from collections.abc import Mapping
from hashlib import sha256

from auditor.model.fact import GAP, Json, Why
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.crawl import Sitemap
from auditor.probe.integrity_hidden import strangers
from auditor.probe.integrity_hosts import domain
from auditor.probe.integrity_page import View
from auditor.probe.site_url import foreign

_SKETCH = 48
"""Hashes of a page's structure that are kept, the smallest: as telling as all of them."""
_DIGITS = 8
_MOST_HOSTS = 60


def signature(view: View, sitemap: Sitemap, site: str) -> Record:
    """Return what is kept of a front page for the next run: hashes and short lists.

    A list that would be longer than `_MOST_HOSTS` is left out: it could not be compared.
    """
    scripts = {domain(one.host) for one in view.scripts if foreign(site, one.host)}
    kept: Record = {
        "title": _hash(view.title),
        "structure": sorted(map(_hash, view.paths))[:_SKETCH],
    }
    for name, hosts in (("scripts", scripts), ("domains", strangers(view, site))):
        if len(hosts) <= _MOST_HOSTS:
            kept[name] = sorted(inert(host)[:100] for host in hosts)
    if sitemap.whole:
        kept["sitemap"] = sitemap.count
    return kept


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def drift(now: Record, before: Mapping[str, Json] | None) -> Record:
    """Return the `drift` record; without a signature from before there is nothing to compare."""
    old = (before or {}).get("signature")
    if not isinstance(old, Mapping) or not _sound(old):
        return {"compared": False, "counted": False}
    record: Record = {
        "compared": True,
        "changed": _apart(set(now["structure"]), set(old["structure"])),
        "title": now["title"] != old["title"],
    }
    for name in ("scripts", "domains"):
        if name in now and _texts(old.get(name)):
            record[name] = [host for host in now[name] if host not in old[name]]
        else:
            record[GAP] = {"why": Why.CUT, "detail": f"more than {_MOST_HOSTS} {name}"}
    count = old.get("sitemap")
    grown = isinstance(count, int) and not isinstance(count, bool) and "sitemap" in now
    record["counted"] = grown
    if grown:
        record["added"] = max(0, now["sitemap"] - count)
    return record


def _sound(old: Mapping[str, Json]) -> bool:
    return isinstance(old.get("title"), str) and _texts(old.get("structure"))


def _texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _apart(new: set[str], old: set[str]) -> int:
    """Return the share of two structures that differs, in percent, from their smallest hashes."""
    joined = set(sorted(new | old)[:_SKETCH])
    common = joined & new & old
    return 100 - round(100 * len(common) / len(joined)) if joined else 0
