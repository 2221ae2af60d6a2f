"""Well-known services that sites load from others: who runs them, and what they do to visitors."""

import re
from datetime import date
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache

import msgspec

from auditor.model.base import Value
from auditor.probe.site_url import Reference
from auditor.resources import shipped

_LABELS = 8
"""Labels of a host's name that are looked at, from its end."""
_PATH = 300


class Use(StrEnum):
    """What a service does in a page."""

    ANALYTICS = "analytics"
    TAG_MANAGER = "tag_manager"
    """Loads what its owner tells it to, out of the page's sight."""
    ADVERTISING = "advertising"
    REPLAY = "replay"
    """Records what a visitor does, to be played like a film."""
    FINGERPRINT = "fingerprint"
    SOCIAL = "social"
    PUSH = "push"
    FONT = "font"
    MAP = "map"
    VIDEO = "video"
    CAPTCHA = "captcha"
    CHAT = "chat"
    FORM = "form"
    SHORT_LINK = "short_link"
    """Hides where it leads, and counts who goes there."""
    CONSENT = "consent"
    CDN = "cdn"
    """Libraries, pictures and files."""
    WIDGET = "widget"
    GOVERNMENT = "government"
    """A name under go.id."""
    OTHER = "other"
    """Not in the list."""


TRACKING = frozenset(
    {
        Use.ANALYTICS,
        Use.TAG_MANAGER,
        Use.ADVERTISING,
        Use.REPLAY,
        Use.FINGERPRINT,
        Use.SOCIAL,
        Use.PUSH,
    }
)
"""Uses that follow visitors from page to page."""


class Service(Value, frozen=True):
    """`hosts` are names with all that ends with them, some with a piece of the path.

    `country` is the operator's, by ISO 3166 ("US"), "" where it is not well known.
    """

    name: str
    kind: Use
    operator: str
    country: str
    hosts: tuple[str, ...] = ()

    @property
    def tracks(self) -> bool:
        """It follows visitors."""
        return self.kind in TRACKING


class CookieName(Value, frozen=True):
    """The name of a cookie (a pattern with "*") and the service that sets it."""

    name: str
    service: str
    kind: Use


class Table(Value, frozen=True):
    """The list as it ships; `as_of` is when it was looked through."""

    as_of: date
    services: tuple[Service, ...]
    cookies: tuple[CookieName, ...]


GOVERNMENT = Service(
    name="go.id", kind=Use.GOVERNMENT, operator="Pemerintah Indonesia", country="ID"
)


class Known:
    """Finds the service of an address and the service of a cookie's name."""

    def __init__(self, table: Table) -> None:
        self._hosts: dict[str, list[tuple[str, Service]]] = {}
        for service in table.services:
            for written in service.hosts:
                host, slash, path = written.partition("/")
                self._hosts.setdefault(host, []).append((slash + path, service))
        for places in self._hosts.values():
            places.sort(key=lambda place: -len(place[0]))
        self._cookies = [(re.compile(translate(one.name)), one) for one in table.cookies]

    def of(self, reference: Reference) -> Service | None:
        """Return the service, by the longest name that fits; None where it is not known."""
        labels = reference.host.split(".")[-_LABELS:]
        path = reference.path[:_PATH]
        for start in range(len(labels) - 1):
            for part, service in self._hosts.get(".".join(labels[start:]), ()):
                if part in path:
                    return service
        return GOVERNMENT if labels[-2:] == ["go", "id"] else None

    def cookie(self, name: str) -> CookieName | None:
        """Return what a cookie of this name is, None where it is not known."""
        return next((one for pattern, one in self._cookies if pattern.match(name)), None)


def read_table(data: bytes) -> Table:
    """Decode the list; raises msgspec's errors."""
    return msgspec.json.decode(data, type=Table)


@lru_cache(maxsize=1)
def known() -> Known:
    """Return the shipped list, ready to be asked."""
    return Known(read_table((shipped("policies") / "data" / "trackers.json").read_bytes()))
