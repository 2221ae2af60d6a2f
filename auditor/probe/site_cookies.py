"""Cookies as browsers keep them (RFC 6265bis): flags, scope and kind; a value is never kept."""

import re
from collections.abc import Iterable

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.site_url import registrable

MOST = 200
"""Cookies of one site that are read; browsers keep no more."""
_NAMED = 64
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CHANGING = re.compile(r"[0-9a-fA-F]{8,}|[0-9]{4,}")
_SESSION = re.compile(
    r"sess|login|auth|logged|jwt|phpsessid|jsessionid|aspxauth|aspsession|remember"
    r"|(^|[._-])sid($|[._-])|connect\.sid|cfid|cftoken|access.?token|refresh.?token|identity",
    re.IGNORECASE,
)
_CSRF = re.compile(r"csrf|xsrf|requestverificationtoken|antiforgery", re.IGNORECASE)
_YEAR = re.compile(r"\b(19\d\d|2000)\b")
_MODES = frozenset({"lax", "strict", "none"})


class Cookie(Value, frozen=True):
    """A cookie that browsers take; `domain` is "" where it goes to its own host alone."""

    name: str
    secure: bool
    http_only: bool
    same_site: str
    """lax, strict, none; "" where it is not said; "invalid"."""
    domain: str
    lasting: bool
    """It outlives the browser."""

    @property
    def session(self) -> bool:
        """It looks like one that says who is logged in."""
        return not self.csrf and _SESSION.search(self.name) is not None

    @property
    def csrf(self) -> bool:
        """It looks like a token against forged requests."""
        return _CSRF.search(self.name) is not None

    @property
    def prefixed(self) -> bool:
        """Its name binds it to its flags."""
        return self.name.lower().startswith(("__host-", "__secure-"))


class Jar:
    """Takes in the Set-Cookie fields of a visit."""

    def __init__(self) -> None:
        self._cookies: dict[str, list[Cookie]] = {}
        self._refused: set[str] = set()
        self._seen = 0

    def add(self, fields: Iterable[str], host: str, *, secure: bool) -> None:
        """Take the cookies that `host` sets."""
        for field in fields:
            self._seen += 1
            if self._seen > MOST:
                return
            self._take(field, host, secure)

    def _take(self, field: str, host: str, secure: bool) -> None:  # noqa: FBT001
        cookie = read_cookie(field, host, secure=secure)
        if isinstance(cookie, Cookie):
            self._cookies.setdefault(cookie.name, []).append(cookie)
        elif cookie is not None:
            self._refused.add(cookie)

    def record(self) -> Record:
        """Return the `cookies` record: names of those with each weakness, sorted."""
        every = [cookie for same in self._cookies.values() for cookie in same]
        session = [cookie for cookie in every if cookie.session]
        record: Record = {
            "count": len(self._cookies),
            "insecure": _names(cookie for cookie in every if not cookie.secure),
            "readable": _names(cookie for cookie in session if not cookie.http_only),
            "cross_site": _names(cookie for cookie in every if _crosses(cookie)),
            "wide": _names(c for c in every if c.domain and c.domain == registrable(c.domain)),
            "unprefixed": _names(cookie for cookie in session if not cookie.prefixed),
            "refused": sorted(self._refused),
        }
        if self._seen > MOST:
            kept = {name: part for name, part in record.items() if part and name != "count"}
            return {**kept, GAP: {"why": Why.CUT, "detail": f"more than {MOST} cookies"}}
        return record


def read_cookie(field: str, host: str, *, secure: bool) -> Cookie | str | None:
    """Return the cookie, the name of one that browsers refuse, or None for one that is deleted.

    `secure`: it came over HTTPS.
    """
    pair, *parts = field.split(";")
    name = _name(pair.partition("=")[0] if "=" in pair else "")
    if _CONTROL.search(field):
        return name
    said = {}
    for part in parts:
        key, _, value = part.partition("=")
        said[key.strip().lower()] = value.strip()
    if _deleted(said):
        return None
    domain = said.get("domain", "").lower().removeprefix(".")
    cookie = Cookie(
        name=name,
        secure="secure" in said,
        http_only="httponly" in said,
        same_site=_mode(said.get("samesite")),
        domain=domain,
        lasting="max-age" in said or "expires" in said,
    )
    return cookie if _kept(cookie, host, said, secure=secure) else name


def _name(text: str) -> str:
    """Return a name without what differs from visit to visit; "(nameless)" where there is none."""
    return _CHANGING.sub("*", inert(text.strip()))[:_NAMED] or "(nameless)"


def _mode(text: str | None) -> str:
    if text is None:
        return ""
    return text.lower() if text.lower() in _MODES else "invalid"


def _deleted(said: dict[str, str]) -> bool:
    age = said.get("max-age", "")
    if re.fullmatch(r"-?[0-9]+", age):
        return age.startswith("-") or not age.strip("0")
    return _YEAR.search(said.get("expires", "")[:100]) is not None


def _kept(cookie: Cookie, host: str, said: dict[str, str], *, secure: bool) -> bool:
    """Tell whether a browser takes the cookie from `host`."""
    name, host = cookie.name.lower(), host.lower().rstrip(".")
    if cookie.secure and not secure:
        return False
    if name.startswith("__secure-") and not cookie.secure:
        return False
    if name.startswith("__host-") and not (
        cookie.secure and "domain" not in said and said.get("path") == "/"
    ):
        return False
    if not cookie.domain:
        return True
    ours = host == cookie.domain or host.endswith(f".{cookie.domain}")
    return ours and (registrable(cookie.domain) != "" or host == cookie.domain)


def _crosses(cookie: Cookie) -> bool:
    """Other sites' requests carry it, although it stands for a person or a form."""
    if cookie.same_site == "invalid" or (cookie.same_site == "none" and not cookie.secure):
        return True
    return (cookie.session or cookie.csrf) and cookie.same_site in {"", "none"}


def _names(cookies: Iterable[Cookie]) -> list[str]:
    return sorted({cookie.name for cookie in cookies})
