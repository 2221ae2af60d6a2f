"""What the browser's process is told: one line of JSON on its standard input."""

import msgspec

from auditor.model.base import Value
from auditor.model.scope import Scope
from auditor.probe.browser_seen import Part

TEXT_LIMIT = 5 * 2**20
"""Bytes that the browser's process may say about a site."""
LINE_LIMIT = 2**20
DETAIL = 200
HOME = "auditor-browser-"
"""Begins the name of the folder around a browser's own."""


class Patience(Value, frozen=True):
    """How long a page is waited for, in seconds: to load, to fall silent, and then some more."""

    load: float = 15.0
    silence: float = 3.0
    rest: float = 0.5


class Order(Value, frozen=True):
    """One site to look at.

    `names` are the names of the target, which the letter covers with it; every request elsewhere
    that `scope` does not cover is refused. `relay` is the port on loopback through which all
    traffic goes. `user` is the system user that Chromium runs as, None: the auditor's own. `folder`
    is its home, empty and its own.
    """

    site: str
    names: tuple[str, ...]
    scope: Scope
    relay: int
    chromium: str
    folder: str
    agent: str
    user: int | None = None
    patience: Patience = Patience()


def write(part: Part) -> bytes:
    """Return a part as one line."""
    return msgspec.json.encode(part) + b"\n"


READER: msgspec.json.Decoder[Part] = msgspec.json.Decoder(Part)
"""Reads one line."""
