"""Pages where a citizen complains or reports corruption: nobody else may learn that he was there.

No third party, no tracker, nothing in clear, no form of another, no login, no lasting cookie, no
copy left behind in the browser, no address told to the next site.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.crawl import Crawl, Missed, Sheet, Topic
from auditor.probe.http_talk import told
from auditor.probe.site_cookies import Cookie, read_cookie
from auditor.probe.site_csp import read_policies, upgrades
from auditor.probe.site_forms import FormReader
from auditor.probe.site_headers import referrer_policy
from auditor.probe.site_loads import in_style, loaded
from auditor.probe.site_url import Reference, foreign, refer

_KINDS = {Topic.COMPLAINT: "complaint", Topic.WHISTLEBLOWING: "whistleblowing"}
_MOST = 30
_MOST_LOADS = 3_000
_MOST_COOKIES = 200
_SHOWN = 160
_FETCHED = frozenset(
    {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch"}
    | {"manifest", "apple-touch-icon"}
)
_TRACKERS = {
    "Google Analytics": r"google-analytics\.com|\bgtag\s?\(|\bga\s?\(\s?['\"]create|analytics\.js",
    "Google Tag Manager": r"googletagmanager\.com",
    "Google Ads": r"doubleclick\.net|googlesyndication\.com|googleadservices\.com",
    "Meta Pixel": r"connect\.facebook\.net|\bfbq\s?\(",
    "TikTok Pixel": r"analytics\.tiktok\.com|\bttq\.(load|page)",
    "Microsoft Clarity": r"clarity\.ms",
    "Hotjar": r"hotjar\.com|\bhjid\b",
    "Yandex Metrica": r"mc\.yandex\.|\bym\s?\(\s?\d",
    "Matomo": r"\b_paq\b|matomo\.(js|php)",
    "Histats": r"histats\.com",
    "StatCounter": r"statcounter\.com",
    "Cloudflare Insights": r"cloudflareinsights\.com",
    "AddThis": r"addthis\.com",
    "OneSignal": r"onesignal\.com",
    "Tawk": r"tawk\.to",
}
_TRACKING = {name: re.compile(pattern) for name, pattern in _TRACKERS.items()}
_MOST_SCRIPT = 400_000


def strict(crawl: Crawl) -> list[Record]:
    """Return the `strict` table: one row for each page of complaint or whistleblowing."""
    found = [_judged(sheet, kind) for sheet in crawl.sheets if (kind := _kind(sheet.topics))]
    for missed in crawl.missed:
        if (kind := _kind(missed.topics)) and not _elsewhere(missed):
            gap = {"why": missed.why, "detail": missed.detail}
            found.append({"url": missed.address[:_SHOWN], "kind": kind, GAP: gap})
    return found[:_MOST]


def _kind(topics: frozenset[Topic]) -> str:
    return next((kind for topic, kind in _KINDS.items() if topic in topics), "")


def _elsewhere(missed: Missed) -> bool:
    """It is another site's page."""
    return missed.why is Why.SCOPE


def _judged(sheet: Sheet, kind: str) -> Record:
    answer = sheet.answer
    loads = list(islice(_loads(sheet), _MOST_LOADS + 1))
    site = sheet.place.name
    row: Record = {
        "url": inert(told(sheet.place.url))[:_SHOWN],
        "kind": kind,
        "secure": sheet.place.secure,
        "foreign": _hosts(one for one in loads if foreign(site, one.host)),
        "trackers": _trackers(sheet, loads),
        "mixed": _mixed(sheet, loads),
        "foreign_forms": _hosts(goal for goal in _goals(sheet) if foreign(site, goal.host)),
        "clear_forms": _hosts(goal for goal in _goals(sheet) if not goal.secure),
        "login": sheet.tree.css_first("input[type=password i]") is not None,
        "cookies": _lasting(sheet),
        "cached": "no-store" not in " ".join(answer.values("cache-control")).lower(),
        "referrer": referrer_policy(answer.values("referrer-policy"), _metas(sheet)),
    }
    if not (answer.cut or len(loads) > _MOST_LOADS or len(_scripts(sheet)) > _MOST_SCRIPT):
        return row
    gap = {"why": Why.CUT, "detail": "the page goes on beyond what was read"}
    kept = {name: value for name, value in row.items() if value not in ([], False, "")}
    told_anyway = {name: row[name] for name in ("secure", "cached", "cookies")}
    return {**kept, **told_anyway, GAP: gap}


def _loads(sheet: Sheet) -> Iterator[Reference]:
    """Yield what the page makes a browser fetch, or connect to."""
    root = sheet.tree.root
    for node in root.traverse() if root is not None else ():
        attributes = node.attributes
        active, passive = loaded(node.tag or "", attributes)
        addresses = active + passive
        if node.tag == "style":
            sheets, pictures = in_style(node.text())
            addresses += sheets + pictures
        rel = set((attributes.get("rel") or "").lower().split()) if node.tag == "link" else set()
        if not _FETCHED.isdisjoint(rel):
            addresses.append(attributes.get("href") or "")
        for address in addresses:
            reference = refer(sheet.base, address)
            if reference is not None:
                yield reference


def _goals(sheet: Sheet) -> list[Reference]:
    """Return where forms that a visitor fills in are sent."""
    reader = FormReader(sheet.place)
    root = sheet.tree.root
    for node in root.traverse() if root is not None else ():
        reader.take(node, node.tag or "", node.attributes, sheet.base)
    return [goal for form in reader.done() if form.filled for goal in form.goals]


def _trackers(sheet: Sheet, loads: list[Reference]) -> list[str]:
    """Return trackers by name, told by hosts that are loaded and by scripts in the page."""
    text = " ".join(
        (_scripts(sheet)[:_MOST_SCRIPT], *(f"{one.host}{one.path}"[:200] for one in loads))
    )
    return sorted(name for name, pattern in _TRACKING.items() if pattern.search(text))


def _scripts(sheet: Sheet) -> str:
    return " ".join(node.text() or "" for node in sheet.tree.css("script"))


def _mixed(sheet: Sheet, loads: list[Reference]) -> list[str]:
    policies = read_policies(sheet.answer.values("content-security-policy"), ())
    if not sheet.place.secure or upgrades(policies):
        return []
    return _hosts(one for one in loads if not one.secure)


def _lasting(sheet: Sheet) -> list[str]:
    """Return names of cookies that outlive the visit."""
    host, secure = sheet.place.name, sheet.place.secure
    fields = sheet.answer.values("set-cookie")[:_MOST_COOKIES]
    cookies = [read_cookie(field, host, secure=secure) for field in fields]
    names = {
        one.name for one in cookies if isinstance(one, Cookie) and one.lasting and not one.csrf
    }
    return sorted(names)[:_MOST]


def _metas(sheet: Sheet) -> list[str]:
    found = sheet.tree.css("meta[name=referrer i]")
    return [(node.attributes.get("content") or "")[:100] for node in found[:10]]


def _hosts(references: Iterable[Reference]) -> list[str]:
    return sorted({inert(one.host)[:_SHOWN] for one in references})[:_MOST]
