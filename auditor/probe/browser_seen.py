"""What a browser saw of a site, part by part, in the order in which it was seen.

The names, hosts and words here come from a hostile page: they are short and inert, and no value of
a cookie or a storage is among them.
"""

from enum import StrEnum
from typing import TypeAlias

from auditor.model.base import Value
from auditor.model.fact import Why

MOST_REQUESTS = 300
"""Requests of one visit that are kept and let through; the rest is refused."""
MOST = 50
"""Items of any other list."""


class Stage(StrEnum):
    """A visit to one page, each with what a first visitor brings: nothing."""

    FRONT = "front"
    """Nobody has chosen anything yet."""
    COMPLAINT = "complaint"
    """The page for complaints or reports of wrongdoing."""
    BARE = "bare"
    """The front page, its scripts switched off."""
    REFUSED = "refused"
    """The front page once more, after a click on "refuse"."""
    ACCEPTED = "accepted"


class Wanted(Value, frozen=True):
    """A request that a page wanted. `made`: it was let through.

    `kind` is the browser's word for what is loaded: script, image, document, ping, websocket, ….
    `path` tells services of one host apart; it is never stored.
    """

    host: str
    kind: str
    path: str = "/"
    method: str = "GET"
    made: bool = False
    secure: bool = True


class Cookie(Value, frozen=True):
    """A cookie in the jar; `days` is its lifetime, 0 for one that ends with the browser."""

    name: str
    host: str
    days: int = 0


class Stored(Value, frozen=True):
    """A name in the storage of a page or of a frame in it: `place` is local, session, database."""

    place: str
    host: str
    name: str


class Call(Value, frozen=True):
    """Something that a script did, `hosts` being all scripts on the stack ("" = in the page)."""

    what: str
    hosts: tuple[str, ...] = ()
    times: int = 1


class Visit(Value, frozen=True, tag="visit"):
    """What one visit showed. `text` is the number of characters that a reader sees.

    `clear` are addresses that were to be loaded without encryption, `errors` counts the
    mistakes in scripts that nobody caught, `cut` says that the page wanted more than was kept.
    """

    stage: Stage
    url: str
    status: int = 0
    text: int = 0
    wanted: tuple[Wanted, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    stored: tuple[Stored, ...] = ()
    calls: tuple[Call, ...] = ()
    frames: tuple[str, ...] = ()
    """Hosts of the frames, asked for or filled by script."""
    clear: tuple[str, ...] = ()
    errors: int = 0
    downloads: int = 0
    overflow: int = 0
    """Pixels by which the page is wider than a window of 320."""
    asked_again: bool = False
    """The banner stands there although it was answered."""
    cut: bool = False


class Banner(Value, frozen=True, tag="banner"):
    """The question for consent, as its first layer shows it; `found` false: there is none.

    `balanced`: to accept is not made much easier to see than to refuse. `wall`: nothing can be read
    before a choice is made. `ticked` counts boxes that are ticked beforehand and can be unticked.
    """

    found: bool
    accept: str = ""
    refuse: str = ""
    settings: str = ""
    balanced: bool = True
    wall: bool = False
    ticked: int = 0


class Violation(Value, frozen=True):
    """A rule of axe-core that a page breaks, in `times` places; `wcag` as "1.4.3"."""

    rule: str
    impact: str
    wcag: tuple[str, ...] = ()
    times: int = 1


class Axe(Value, frozen=True, tag="axe"):
    """What axe-core says about a page."""

    stage: Stage
    version: str
    violations: tuple[Violation, ...] = ()


class Trouble(Value, frozen=True, tag="trouble"):
    """A stage that gave no visit, and why."""

    stage: Stage
    why: Why
    detail: str


class Absent(Value, frozen=True, tag="absent"):
    """A stage that has no page: no link leads to one, or no button."""

    stage: Stage


class Opened(Value, frozen=True, tag="opened"):
    """The browser runs: its version, and whether its sandbox is on."""

    version: str
    sandbox: bool


class Done(Value, frozen=True, tag="done"):
    """The site was looked at to the end."""


Part: TypeAlias = Opened | Visit | Banner | Axe | Trouble | Absent | Done
