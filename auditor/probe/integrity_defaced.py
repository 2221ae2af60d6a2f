"""Marks of those who broke in: boasts, emptied pages, scripts that hide what they do."""

import re
from itertools import islice

from auditor.model.text import inert
from auditor.probe.integrity_hosts import domain, stranger
from auditor.probe.integrity_page import View
from auditor.probe.integrity_score import read_text
from auditor.probe.site_url import Place, foreign, refer

_SMALL_PAGE = 1_500
"""Characters of a page that shows little but a boast."""
_EMPTY_PAGE = 300
_SCRIPTS = (
    ("document.write(unescape", re.compile(r"document\.write\s{0,5}\(\s{0,5}unescape\s{0,5}\(")),
    ("eval(atob", re.compile(r"eval\s{0,5}\(\s{0,5}(?:window\.)?atob\s{0,5}\(")),
    ("eval(unescape", re.compile(r"eval\s{0,5}\(\s{0,5}(?:unescape|decodeURIComponent)\s{0,5}\(")),
    ("eval(fromCharCode", re.compile(r"eval\s{0,5}\(\s{0,5}String\s{0,5}\.\s{0,5}fromCharCode")),
    ("Function(atob", re.compile(r"Function\s{0,5}\(\s{0,5}atob\s{0,5}\(")),
    ("fromCharCode list", re.compile(r"fromCharCode\s{0,5}\((?:\s{0,5}\d{2,3}\s{0,5},){20}")),
    ("hex string array", re.compile(r"var\s_0x[0-9a-f]{4,6}\s{0,5}=\s{0,5}\[(?:'\\x|\"\\x)")),
    ("coinhive", re.compile(r"CoinHive\.Anonymous|coinhive\.min\.js|cryptonight")),
)
_REFERRER = re.compile(r"document\.referrer|navigator\.userAgent", re.IGNORECASE)
_ENGINES = re.compile(
    r"google(?![a-z_-]|\.(?:translate|maps|accounts|visualization|charts|load)\b"
    r"|\.com/(?:maps|recaptcha|search))|bing\b|yahoo|duckduckgo|googlebot",
    re.IGNORECASE,
)
_AROUND = (400, 1_500)
"""Characters before and after the question who comes, among which the answer to it stands."""
_ASKED = 200
_GOES = re.compile(
    r"location(?:\.href)?\s{0,5}=[^=]|location\.(?:replace|assign)\s{0,5}\(", re.IGNORECASE
)
_GOAL = re.compile(
    r"(?:location(?:\.href)?\s{0,5}=|location\.(?:replace|assign)\s{0,5}\()\s{0,5}"
    r"[\"']((?:https?:)?//[^\"'\s]{1,300})[\"']",
    re.IGNORECASE,
)
_MOST = 20


def boasts(view: View) -> tuple[str, ...]:
    """Return the words of a defacement: in the title, or in headings and text of a small page.

    A page that reports on one has words of warning around them.
    """
    title = read_text(view.title)
    if title.boasts and not title.wards:
        return title.boasts
    text = view.text
    if len(text) > _SMALL_PAGE:
        return ()
    small = read_text(text)
    return () if small.wards else small.boasts


def emptied(view: View, site: str) -> str:
    """Return what a page consists of that holds nothing else of the site, "" where it is a page."""
    if len(view.text) > _EMPTY_PAGE:
        return ""
    if any(not foreign(site, out.reference.host) for out in view.links):
        return ""
    if any(stranger(site, frame.reference.host) for frame in view.frames):
        return "a frame of a stranger, and nothing else"
    return "a black page with a picture" if view.dark and view.pictures else ""


def _diverts(script: str) -> bool:
    """Tell whether a script asks who comes, names search engines, and goes elsewhere for them."""
    before, after = _AROUND
    around = (
        script[max(0, asked.start() - before) : asked.end() + after]
        for asked in islice(_REFERRER.finditer(script), _ASKED)
    )
    return any(_ENGINES.search(text) and _GOES.search(text) for text in around)


def odd_scripts(view: View, place: Place, site: str) -> list[str]:
    """Return what is odd about a page's inline scripts; names are of a closed list."""
    found: set[str] = set()
    for script in view.data:
        found.update(name for name, pattern in _SCRIPTS if pattern.search(script))
        if _diverts(script):
            found.add("search-engine redirect")
        for match in _GOAL.finditer(script):
            goal = refer(place, match[1])
            if goal is not None and stranger(site, goal.host):
                found.add(f"redirect → {inert(domain(goal.host))[:100]}")
    return sorted(found)[:_MOST]
