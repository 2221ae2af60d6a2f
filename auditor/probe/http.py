"""How a target serves its sites: in clear or not, and whether browsers are told to encrypt."""

import re
from collections.abc import Iterable

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.http_talk import Answer, Ask, Mute, Talk, told


class HttpArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the sites."""


MAX_AGE_LIMIT = 2**31
"""Seconds (68 years); a longer max-age counts as this."""

MAX_HOPS = 5
"""Redirects that are followed in clear."""
_LOCATION_LIMIT = 500

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a token of HTTP
_DIRECTIVE = re.compile(rf'\s*({_TOKEN})\s*(?:=\s*({_TOKEN}|"[^"\\]*")\s*)?')


def hsts_max_age(fields: Iterable[str]) -> int:
    """Return the seconds for which browsers keep to HTTPS, 0 where they do not (RFC 6797).

    `fields` are the values of Strict-Transport-Security in order: the first counts, and only when
    it is well formed, names no directive twice, and has a max-age.
    """
    directives: dict[str, str] = {}
    for part in next(iter(fields), "").split(";"):
        if not part.strip():
            continue
        directive = _DIRECTIVE.fullmatch(part)
        if directive is None or directive[1].lower() in directives:
            return 0
        directives[directive[1].lower()] = (directive[2] or "").strip('"')
    digits = directives.get("max-age", "")
    if not re.fullmatch(r"[0-9]+", digits):
        return 0
    digits = digits.lstrip("0")[: len(str(MAX_AGE_LIMIT)) + 1]
    return min(int(digits or "0"), MAX_AGE_LIMIT)


def same_site(site: str, other: str) -> bool:
    """Tell whether a redirect from `site` to `other` stays: itself, a subdomain, or without www."""
    here, there = (name.lower().rstrip(".") for name in (site, other))
    return there == here or there.endswith(f".{here}") or here == f"www.{there}"


def survey(site: str) -> Talk:
    """Ask for the front page, in clear and over TLS; return `clear` and `secure`.

    A closed port is a fact, anything else that is not answered could not be seen.
    """
    first = yield Ask(site=site, secure=False)
    clear = _unanswered(first) if isinstance(first, Mute) else (yield from _clear(site, first))
    over_tls = yield Ask(site=site)
    if isinstance(over_tls, Mute):
        secure = _unanswered(over_tls)
        secure |= {"hsts_max_age": 0} if "answered" in secure else {}
    else:
        seconds = hsts_max_age(over_tls.values("strict-transport-security"))
        secure = {"answered": True, "status": over_tls.status, "hsts_max_age": seconds}
    return {"clear": clear, "secure": secure}


def _clear(site: str, heard: Answer) -> Talk:
    """Follow redirects in clear that stay on the site, up to the first that leaves for TLS."""
    moved = heard.status in _MOVED
    location = told(heard.value("location"))[:_LOCATION_LIMIT] if moved else ""
    seen: Record = {"answered": True, "status": heard.status, "location": location}
    for _ in range(MAX_HOPS):
        goal = heard.leads
        if goal is None or goal.secure or not same_site(site, goal.site):
            secured = goal is not None and goal.secure and same_site(site, goal.site)
            return {**seen, "redirects_https": secured}
        answer = yield goal
        if isinstance(answer, Mute):
            return {**seen, GAP: _gap(answer)}
        heard = answer
    mute = Mute(why=Why.UNREADABLE, detail=f"more than {MAX_HOPS} redirects without HTTPS")
    return {**seen, GAP: _gap(mute)}


def _unanswered(mute: Mute) -> Record:
    seen: Record = {GAP: _gap(mute)}
    return {"answered": False, **seen} if mute.why is Why.REFUSED else seen


def _gap(mute: Mute) -> Record:
    return {"why": mute.why, "detail": mute.detail}


_MOVED = frozenset({301, 302, 303, 307, 308})

_CLEAR = record(
    "Layanan tanpa enkripsi (HTTP)",
    "Service in clear (HTTP)",
    {
        "answered": leaf(Kind.BOOL, "Menjawab tanpa enkripsi", "Answers in clear"),
        "status": leaf(Kind.INT, "Kode status HTTP", "HTTP status code"),
        "redirects_https": leaf(
            Kind.BOOL, "Pengunjung dialihkan ke HTTPS", "Visitors are redirected to HTTPS"
        ),
        "location": leaf(Kind.TEXT, "Alamat pengalihan", "Redirected to", may_be_empty=True),
    },
)

_SECURE = record(
    "Layanan terenkripsi (HTTPS)",
    "Encrypted service (HTTPS)",
    {
        "answered": leaf(Kind.BOOL, "Menjawab lewat HTTPS", "Answers over HTTPS"),
        "status": leaf(Kind.INT, "Kode status HTTPS", "HTTPS status code"),
        "hsts_max_age": leaf(
            Kind.INT,
            "Masa HSTS (detik; 0 berarti tidak ada)",
            "HSTS max-age (seconds; 0 means none)",
        ),
    },
)

_SITES = table(
    "Situs",
    "Sites",
    "site",
    {
        "site": leaf(Kind.TEXT, "Nama situs", "Site name"),
        "clear": _CLEAR,
        "secure": _SECURE,
    },
)

PROBE = ProbeType(
    name="http",
    via=Via.HTTP,
    args=HttpArgs,
    gives=record("Situs web", "Web sites", {"sites": _SITES}),
    doc=Text(
        id="Jawaban setiap situs di port 80 dan 443 atas satu permintaan GET untuk halaman depan: "
        "apakah pengunjung dialihkan ke HTTPS, dan apakah HSTS dipasang.",
        en="What each site answers at ports 80 and 443 to one GET for its front page: whether "
        "visitors are redirected to HTTPS, and whether HSTS is set.",
    ),
)
