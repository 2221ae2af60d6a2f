"""What is asked of a web site and what it answers: the words between surveys and the collector.

A survey is a generator: it yields what to ask, is sent what was heard, and returns its record. It
knows no socket; the collector sends, bounds, paces, and keeps to the authority's scope.
"""

import re
from collections.abc import Generator
from typing import Literal, TypeAlias

from auditor.model.base import Value
from auditor.model.fact import Why
from auditor.probe.base import Record


class Ask(Value, frozen=True, kw_only=True):
    """One request; nothing is followed: a survey that wants to asks again.

    `site` is the name that is asked, `host` what the Host field says where it is to be another
    ("" = the site). `body` is how many bytes of the answer's body are wanted, 0 for none.
    """

    site: str
    path: str = "/"
    """Path and query, percent-encoded."""
    method: Literal["GET", "HEAD"] = "GET"
    secure: bool = True
    bare: bool = False
    """Without a name in TLS, as by someone who knows the address alone."""
    host: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    body: int = 0
    pause: float = 0.0
    """Seconds that the site asks to keep between two requests; the collector's own may be more."""

    @property
    def url(self) -> str:
        """The address as people write it."""
        name = f"[{self.site}]" if ":" in self.site else self.site
        return f"{'https' if self.secure else 'http'}://{name}{self.path}"


class Answer(Value, frozen=True, kw_only=True):
    """An answer: `fields` are header fields in order, their names in lower case.

    `body` is unpacked and at most as long as was asked; `cut` says that there is more of it. The
    values of fields are inert text. `leads` asks for what a redirect points to, None where there is
    none or it is not to be asked: another port, another scheme, what browsers read otherwise.
    """

    status: int
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: bool = False
    leads: Ask | None = None

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a header field, in order."""
        return tuple(value for field, value in self.fields if field == name)

    def value(self, name: str) -> str:
        """Return the first value of a header field, "" where it is missing."""
        return next(iter(self.values(name)), "")


class Mute(Value, frozen=True, kw_only=True):
    """No answer, and why: REFUSED is a closed port, SCOPE what may not be asked."""

    why: Why
    detail: str


Heard: TypeAlias = Answer | Mute
Talk: TypeAlias = Generator[Ask, Heard, Record]
"""A conversation with one site; its record has no list of more than a few hundred items."""


def told(address: str) -> str:
    """Return an address as it may be kept: without user, query, fragment and path parameters.

    They hold session numbers and tokens.
    """
    head = re.split("[?#;]", address, maxsplit=1)[0]
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]{0,20}:[\\/]*|[\\/]{2,})[^\\/]*@", r"\1", head)


def absent(site: str, ending: str = ".txt") -> str:
    """Return a path that no site has, the same in each run: "/audit-0f3c….txt"."""
    from hashlib import sha256

    return f"/audit-{sha256(site.lower().encode()).hexdigest()[:16]}{ending}"
