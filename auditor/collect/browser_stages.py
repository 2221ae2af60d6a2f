"""The visits to a site, one after the other: what each of them showed."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from auditor.collect.browser_order import DETAIL, Order
from auditor.collect.browser_tab import Tab, host_of, lifetime, tab
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.browser_consent import Asked, Box, Clickable, find
from auditor.probe.browser_links import complaint_page
from auditor.probe.browser_names import criteria, plain
from auditor.probe.browser_seen import (
    MOST,
    Absent,
    Axe,
    Call,
    Cookie,
    Done,
    Opened,
    Part,
    Stage,
    Stored,
    Trouble,
    Violation,
    Visit,
)
from auditor.probe.http_talk import told
from auditor.probe.site_url import Place, refer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Error

_CLOSED = frozenset({Why.REFUSED, Why.UNREACHABLE, Why.UNREADABLE})
"""Where HTTPS ends so, the site is looked at without encryption."""
MOST_CALLS = 300
MOST_HOSTS = 10
_AXE = """(async () => {
  %s;
  const found = await axe.run(document, {resultTypes: ["violations"], iframes: false});
  return JSON.stringify({version: axe.version, violations: found.violations.map(
    (one) => [one.id, one.impact || "", one.tags, one.nodes.length])});
})()"""
_REASONS = (
    ("ERR_CONNECTION_REFUSED", Why.REFUSED),
    ("ERR_SOCKS", Why.UNREACHABLE),
    ("ERR_PROXY", Why.UNREACHABLE),
    ("ERR_BLOCKED_BY_CLIENT", Why.SCOPE),
    ("Timeout", Why.TIMEOUT),
)


class Site:
    """A site in a running browser."""

    def __init__(self, browser: "Browser", order: Order, say: Callable[[Part], None]) -> None:
        self._browser = browser
        self._order = order
        self._say = say

    def look(self, *, sandbox: bool) -> None:
        """Look at the site and say each part as soon as it is known."""
        self._say(Opened(version=self._browser.version, sandbox=sandbox))
        with ExitStack() as tabs:
            front = self._front(tabs)
            if front is not None:
                self._rest(front, tabs)
        self._say(Done())

    def _rest(self, front: "_Front", tabs: ExitStack) -> None:
        """Look at the rest; axe-core comes last, since a page can hold it up until the end."""
        complaint = self._complaint(front.complaint, tabs)
        self._try(Stage.BARE, lambda: self._bare(front.url))
        self._answer(Stage.REFUSED, front.url, front.asked.refuse)
        self._answer(Stage.ACCEPTED, front.url, front.asked.accept)
        self._axe(Stage.FRONT, front.tab)
        if complaint is not None:
            self._axe(Stage.COMPLAINT, complaint)

    def _try(self, stage: Stage, act: Callable[[], None]) -> Why | None:
        """Act and return None, or say what came in the way and return its kind."""
        from playwright.sync_api import Error

        try:
            act()
        except Error as error:
            trouble = Trouble(stage=stage, why=_why(error), detail=_words(error))
        except (ValueError, TypeError, KeyError) as error:
            detail = inert(f"{type(error).__name__}: {error}")[:DETAIL]
            trouble = Trouble(stage=stage, why=Why.UNREADABLE, detail=detail)
        else:
            return None
        self._say(trouble)
        return trouble.why

    def _front(self, tabs: ExitStack) -> "_Front | None":
        found: list[_Front] = []

        def visit(scheme: str) -> None:
            here = tabs.enter_context(tab(self._browser, self._order))
            visit, seen = self._visit(here, Stage.FRONT, _address(scheme, self._order.site))
            asked = find(*_clickables(seen))
            self._say(visit)
            self._say(asked.banner)
            page = _place(here.page.url)
            links = [(str(address), str(words)) for address, words in seen["links"]]
            complaint = complaint_page(page, links) if page is not None else None
            found.append(_Front(here, here.page.url, asked, complaint))

        if self._try(Stage.FRONT, lambda: visit("https")) in _CLOSED:
            self._try(Stage.FRONT, lambda: visit("http"))
        return found[0] if found else None

    def _complaint(self, place: Place | None, tabs: ExitStack) -> Tab | None:
        """Return the tab in which the complaint page stands, None where there is none."""
        if place is None:
            self._say(Absent(stage=Stage.COMPLAINT))
            return None
        here = tabs.enter_context(tab(self._browser, self._order))
        trouble = self._try(
            Stage.COMPLAINT,
            lambda: self._say(self._visit(here, Stage.COMPLAINT, place.url)[0]),
        )
        return here if trouble is None else None

    def _bare(self, url: str) -> None:
        with tab(self._browser, self._order, script=False) as here:
            self._say(self._visit(here, Stage.BARE, url)[0])

    def _answer(self, stage: Stage, url: str, button: Clickable | None) -> None:
        if button is None:
            self._say(Absent(stage=stage))
            return
        self._try(stage, lambda: self._click(stage, url))

    def _click(self, stage: Stage, url: str) -> None:
        """Click in a fresh profile, where the banner stands as it stood, and come back once."""
        with tab(self._browser, self._order) as here:
            here.open(url)
            asked = find(*_clickables(here.look()))
            button = asked.refuse if stage is Stage.REFUSED else asked.accept
            if button is None or button.submits:
                detail = "the button sends a form" if button else "the button came only once"
                self._say(Trouble(stage=stage, why=Why.UNSUPPORTED, detail=detail))
                return
            here.page.mouse.click(button.x, button.y)
            here.settle()
            here.forget()
            visit, seen = self._visit(here, stage, url)
            again = find(*_clickables(seen)).banner.found
            self._say(msgspec.structs.replace(visit, asked_again=again))

    def _visit(self, here: Tab, stage: Stage, url: str) -> tuple[Visit, dict[str, Any]]:
        response = here.open(url)
        seen = here.look()
        stored, calls, frames = _inside(here, seen)
        overflow = 0
        if stage in {Stage.FRONT, Stage.COMPLAINT}:
            overflow = here.overflow()
        cookies = here.cookies()
        visit = Visit(
            stage=stage,
            url=inert(told(here.page.url))[:DETAIL],
            status=response.status if response is not None else 0,
            text=int(seen["text"]),
            wanted=here.asked(),
            cookies=tuple(
                Cookie(
                    name=plain(str(one["name"])),
                    host=str(one["domain"]).lstrip(".").lower()[:DETAIL],
                    days=lifetime(float(one["expires"])),
                )
                for one in cookies
            ),
            stored=tuple(stored),
            calls=tuple(calls),
            frames=tuple(frames),
            clear=tuple(here.clear),
            errors=here.errors,
            downloads=here.downloads,
            overflow=overflow,
            cut=here.cut,
        )
        return visit, seen

    def _axe(self, stage: Stage, here: Tab) -> None:
        def run() -> None:
            here.widen()
            said = json.loads(here.run(_AXE % _axe_source()))
            self._say(
                Axe(
                    stage=stage,
                    version=str(said["version"])[:20],
                    violations=tuple(map(_violation, said["violations"][:100])),
                )
            )

        self._try(stage, run)


class _Front(msgspec.Struct, frozen=True):
    """The front page in its tab: where it ended, its banner, the site's complaint page."""

    tab: Tab
    url: str
    asked: Asked
    complaint: Place | None


def _inside(here: Tab, seen: dict[str, Any]) -> tuple[list[Stored], list[Call], list[str]]:
    """Return what the page and its frames store and do, and the hosts of the frames."""
    stored: list[Stored] = []
    calls: list[Call] = []
    hosts: list[str] = []
    for number, frame in enumerate(here.frames()):
        host = host_of(frame.url) or (hosts[0] if hosts else "")
        hosts.append(host)
        stored.extend(_names(host, here.names(frame) if number else seen))
        calls.extend(_calls(here.counts(frame)))
    here.cut = here.cut or len(stored) > MOST
    return stored[:MOST], calls[:MOST_CALLS], sorted(set(hosts[1:]) - {""})


def _names(host: str, seen: dict[str, Any]) -> Iterator[Stored]:
    for place in ("local", "session", "databases"):
        names = seen.get(place)
        for name in names[:MOST] if isinstance(names, list) else ():
            yield Stored(place=place, host=host, name=plain(str(name)))


def _calls(lines: str) -> Iterator[Call]:
    """Read lines of "what hosts times", where hosts are joined by commas and "-" is none."""
    for line in lines.splitlines()[:MOST_CALLS]:
        parts = line.split(" ")
        if len(parts) == 3 and parts[2].isdigit():  # noqa: PLR2004 - the three
            hosts = [inert(host)[:DETAIL] for host in parts[1].split(",") if host != "-"]
            what, times = inert(parts[0])[:40], int(parts[2][:6])
            yield Call(what=what, hosts=tuple(hosts[:MOST_HOSTS]), times=times)


def _clickables(seen: dict[str, Any]) -> tuple[list[Box], list[Clickable]]:
    return (
        msgspec.convert(seen["boxes"], list[Box]),
        msgspec.convert(seen["clickables"], list[Clickable]),
    )


def _violation(raw: list[Any]) -> Violation:
    rule, impact, tags, count = raw
    return Violation(
        rule=inert(str(rule))[:60],
        impact=inert(str(impact))[:20],
        wcag=tuple(criteria(map(str, tags))),
        times=int(count),
    )


def _axe_source() -> str:
    return (files("axe_core_python") / "axe.min.js").read_text("utf-8")


def _address(scheme: str, site: str) -> str:
    return f"{scheme}://[{site}]/" if ":" in site else f"{scheme}://{site}/"


def _place(url: str) -> Place | None:
    base = Place(secure=True, name="x")
    reference = refer(base, url)
    return reference.place if reference is not None else None


def _why(error: "Error") -> Why:
    text = str(error)
    return next((why for sign, why in _REASONS if sign in text), Why.UNREADABLE)


def _words(error: "Error") -> str:
    """Return the first line of playwright's complaint, without its call and the address."""
    line = (str(error).splitlines() or [""])[0].partition(": ")[2] or type(error).__name__
    return inert(line.partition(" at http")[0])[:DETAIL]
