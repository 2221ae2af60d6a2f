"""Cookies that a site sets before anyone has agreed to them: of which kind, and for how long."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record
from auditor.probe.crawl import Sheet
from auditor.probe.privacy_trackers import Known
from auditor.probe.site_cookies import Cookie, read_cookie
from auditor.probe.site_url import foreign

_MOST = 200
"""Cookies of a site that are read."""
_KEPT = 50
_AGE = re.compile(r"[0-9]{1,12}")
_EXPIRES = 60


class Cookies:
    """Takes in what the pages of a site set."""

    def __init__(self, known: Known, now: datetime) -> None:
        self._known = known
        self._now = now
        self._rows: dict[str, Record] = {}
        self._foreign: set[str] = set()
        self._seen = 0

    def take(self, sheets: Iterable[Sheet]) -> None:
        """Take the cookies of pages."""
        for sheet in sheets:
            for field in sheet.answer.values("set-cookie"):
                self._seen += 1
                if self._seen <= _MOST:
                    self._one(field, sheet)

    def _one(self, field: str, sheet: Sheet) -> None:
        cookie = read_cookie(field, sheet.place.name, secure=sheet.place.secure)
        if isinstance(cookie, Cookie):
            lifetime = _lifetime(field, self._now)
            row = self._rows.setdefault(cookie.name, self._row(cookie))
            row["lifetime"] = max(row["lifetime"], lifetime)
        elif cookie is not None and _strays(field, sheet.place.name):
            self._foreign.add(cookie)

    def _row(self, cookie: Cookie) -> Record:
        hint = self._known.cookie(cookie.name)
        kind = hint.kind.value if hint else _kind(cookie)
        service = hint.service if hint else ""
        return {
            "name": cookie.name,
            "kind": kind,
            "service": service,
            "tracks": hint is not None,
            "lifetime": 0,
        }

    def record(self) -> list[Record]:
        """Return the table `cookies`; names alone, those of known trackers first."""
        rows = sorted(self._rows.values(), key=lambda row: (not row["tracks"], row["name"]))
        if self._seen > _MOST or len(rows) > _KEPT:
            gap = {"why": Why.CUT, "detail": "more cookies than are read"}
            return [*rows[:_KEPT], {"name": "…", GAP: gap}]
        return rows

    @property
    def foreign(self) -> list[str]:
        """Names of cookies meant for a domain of others; browsers refuse them."""
        return sorted(self._foreign)[:_KEPT]


def _strays(field: str, host: str) -> bool:
    """Tell whether a cookie names a domain of another holder."""
    domain = _said(field).get("domain", "")
    return domain != "" and foreign(host, domain)


def _kind(cookie: Cookie) -> str:
    if cookie.csrf:
        return "csrf"
    return "session" if cookie.session else "other"


def _said(field: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in field.split(";")[1:])
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _lifetime(field: str, now: datetime) -> int:
    """Return for how many seconds a browser keeps the cookie, 0 for until it is closed."""
    said = _said(field)
    age = said.get("max-age", "")
    if _AGE.fullmatch(age):
        return int(age)
    if "expires" not in said:
        return 0
    try:
        ends = parsedate_to_datetime(said["expires"][:_EXPIRES].replace("-", " "))
    except (ValueError, TypeError, OverflowError):
        return 0
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return max(0, int((ends - now).total_seconds()))
