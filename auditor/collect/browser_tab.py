"""One visit in a profile of its own: what may be asked, what is noted, what is looked at."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import structs

from auditor.collect.browser_order import DETAIL, Order
from auditor.model.scope import Cover
from auditor.model.text import inert
from auditor.probe.browser_seen import MOST, MOST_REQUESTS, Wanted
from auditor.probe.http_talk import told
from auditor.probe.site_url import foreign

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Download,
        Frame,
        Page,
        Request,
        Response,
        Route,
        ViewportSize,
        WebSocket,
    )

_READS = frozenset({"GET", "HEAD"})
_LONGEST = 2000
_PATH = 120
_FRAMES = 10
WIDE: "ViewportSize" = {"width": 1280, "height": 900}
NARROW = 320
"""Pixels of a window that holds a page without scrolling sideways (WCAG 1.4.10)."""
WINDOW = "window"
"""Kind of a request for the page itself, not for what is in it."""
_GIVEN_UP = "ERR_ABORTED"
MOVES = 6
"""Pages of a site through which its front page may lead by itself."""
_CLEAR = "Mixed Content:"


class Tab:
    """A page with its own cookies and storage, gone when it is closed.

    Requests are let through only if they read (GET, HEAD), lead to what the letter covers, and do
    not take the window away to another address; all are noted, up to `MOST_REQUESTS`.
    """

    def __init__(self, context: "BrowserContext", order: Order) -> None:
        self._context = context
        self._site = order.site
        self._own = frozenset(name.lower() for name in (*order.names, order.site))
        self._cover = Cover(order.scope)
        self._patience = order.patience
        self._goal = ""
        self._moves = 0
        self._mark = f"a{token_hex(16)}"
        self.wanted: list[Wanted] = []
        self.clear: list[str] = []
        self.errors = 0
        self.downloads = 0
        self.cut = False
        self._failed: set[tuple[str, str]] = set()
        context.add_init_script(_source("browser_init.js").replace("__NONCE__", self._mark))
        context.route("**/*", self._decide)
        context.on("request", self._note)
        context.on("requestfailed", self._fail)
        self.page: Page = context.new_page()
        self._listen(self.page)
        context.on("page", _shut)
        self._debug = context.new_cdp_session(self.page)

    def _listen(self, page: "Page") -> None:
        page.on("dialog", _dismiss)
        page.on("download", self._download)
        page.on("websocket", self._socket)
        page.on("console", self._say)
        page.on("pageerror", self._mistake)

    def open(self, url: str) -> "Response | None":
        """Go to an address and wait until it has loaded and, for a while, is silent."""
        self._goal, self._moves = url, MOVES
        response = self.page.goto(
            url, wait_until="domcontentloaded", timeout=self._patience.load * 1000
        )
        self.settle()
        self._goal, self._moves = self.page.url, 0
        return response

    def forget(self) -> None:
        """Leave out the requests so far."""
        self.wanted.clear()
        self.cut = False

    def settle(self) -> None:
        """Wait for what a page loads late, not for long."""
        from playwright.sync_api import TimeoutError as Late

        for state, seconds in (
            ("load", self._patience.load),
            ("networkidle", self._patience.silence),
        ):
            with suppress(Late):
                self.page.wait_for_load_state(state, timeout=seconds * 1000)  # type: ignore[arg-type]
        self.page.wait_for_timeout(self._patience.rest * 1000)

    def look(self) -> dict[str, Any]:
        """Return what browser_look.js sees in the page."""
        found: dict[str, Any] = json.loads(self.run(_source("browser_look.js")))
        return found

    def run(self, expression: str) -> str:
        """Evaluate an expression, which gives text, in a world that the page cannot touch."""
        frame = self._debug.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = self._debug.send(
            "Page.createIsolatedWorld", {"frameId": frame, "worldName": self._mark}
        )["executionContextId"]
        said = self._debug.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": world,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        if "exceptionDetails" in said:
            raise ValueError(str(said["exceptionDetails"].get("text", ""))[:DETAIL])
        return str(said["result"].get("value", ""))

    def frames(self) -> Iterator["Frame"]:
        """Yield the frames of the page, the page itself first."""
        found = self.page.frames
        self.cut = self.cut or len(found) > _FRAMES
        yield from found[:_FRAMES]

    def counts(self, frame: "Frame") -> str:
        """Return what a frame's scripts were seen to do: lines of "what hosts times"."""
        try:
            return str(frame.evaluate(f"window.{self._mark}?.() ?? ''"))[: 2**16]
        except _error():
            self.cut = True
            return ""

    def names(self, frame: "Frame") -> dict[str, Any]:
        """Return the names in a frame's storage, as browser_look.js does for the page."""
        try:
            found = json.loads(str(frame.evaluate(_source("browser_names.js")))[: 2**16])
        except (_error(), ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than a narrow window, and leave it so."""
        self.page.set_viewport_size({"width": NARROW, "height": 640})
        self.page.wait_for_timeout(200)
        return max(0, int(self.run("String(document.scrollingElement?.scrollWidth ?? 0)")) - NARROW)

    def widen(self) -> None:
        """Go back to the usual width."""
        self.page.set_viewport_size(WIDE)
        self.page.wait_for_timeout(100)

    def cookies(self) -> list[dict[str, Any]]:
        """Return the jar without the values."""
        jar = self._context.cookies()
        self.cut = self.cut or len(jar) > MOST
        return [
            {"name": one["name"], "domain": one["domain"], "expires": one.get("expires", -1)}
            for one in jar[:MOST]
        ]

    def _decide(self, route: "Route") -> None:
        request = route.request
        if self._leaves(request):
            route.abort("aborted")
        elif (
            len(self.wanted) <= MOST_REQUESTS
            and request.method in _READS
            and self._covers(host_of(request.url))
        ):
            route.continue_()
        else:
            route.abort("blockedbyclient")

    def _leaves(self, request: "Request") -> bool:
        """Tell whether a page takes the window away, in which case it stays as it is.

        While it loads it may lead to another page of its holder, later only to itself.
        """
        if not _moves_window(request) or not self._goal:
            return False
        if self._moves > 0 and not foreign(self._site, host_of(request.url)):
            self._moves -= 1
            return False
        return _bare(request.url) != _bare(self._goal)

    def _covers(self, host: str) -> bool:
        return host in self._own or self._cover.covers(host)

    def _note(self, request: "Request") -> None:
        """Note a request, each hop of a redirect too; data: and blob: go nowhere."""
        parts = urlsplit(request.url[:_LONGEST])
        if parts.scheme not in {"http", "https"}:
            return
        if len(self.wanted) > MOST_REQUESTS:
            self.cut = True
            return
        host = host_of(request.url)
        self.wanted.append(
            Wanted(
                host=host,
                kind=WINDOW if _moves_window(request) else request.resource_type,
                path=inert(parts.path)[:_PATH],
                method=inert(request.method)[:10],
                made=request.method in _READS and self._covers(host),
                secure=parts.scheme == "https",
            )
        )

    def _fail(self, request: "Request") -> None:
        """Note what did not arrive; what every visitor's browser blocks is no loss."""
        text = request.failure or ""
        if text.startswith("net::") and _GIVEN_UP not in text and len(self._failed) < MOST_REQUESTS:
            self._failed.add((host_of(request.url), request.resource_type))

    def asked(self) -> tuple[Wanted, ...]:
        """Return the requests so far; what failed on its way was not made."""
        return tuple(
            structs.replace(one, made=one.made and (one.host, one.kind) not in self._failed)
            for one in self.wanted
        )

    def _socket(self, socket: "WebSocket") -> None:
        host = host_of(socket.url)
        if len(self.wanted) <= MOST_REQUESTS:
            secure = socket.url.startswith("wss:")
            made = self._covers(host)
            self.wanted.append(Wanted(host=host, kind="websocket", made=made, secure=secure))

    def _say(self, message: "ConsoleMessage") -> None:
        text = message.text[:_LONGEST]
        if text.startswith(_CLEAR):
            address = text.rpartition("'http://")[2].partition("'")[0]
            shown = inert(told(f"http://{address}").removeprefix("http://"))[:DETAIL]
            if shown not in self.clear and len(self.clear) < MOST:
                self.clear.append(shown)

    def _download(self, download: "Download") -> None:
        self.downloads += 1
        with suppress(_error()):
            download.cancel()

    def _mistake(self, _error: object) -> None:
        self.errors += 1


def _moves_window(request: "Request") -> bool:
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except _error():
        return True


def _dismiss(dialog: "Dialog") -> None:
    with suppress(_error()):
        dialog.dismiss()


def _shut(page: "Page") -> None:
    with suppress(_error()):
        page.close()


def _error() -> type[Exception]:
    from playwright.sync_api import Error

    return Error


def host_of(url: str) -> str:
    """Return the host of an address, in lower case and inert, "" where it has none."""
    try:
        host = urlsplit(url[:_LONGEST]).hostname or ""
    except ValueError:
        host = ""
    return inert(host.lower().rstrip("."))[:253]


def _bare(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


@contextmanager
def tab(browser: "Browser", order: Order, *, script: bool = True) -> Iterator[Tab]:
    """Open a tab that knows nothing of any other, and close it."""
    context = browser.new_context(
        accept_downloads=False,
        ignore_https_errors=True,
        java_script_enabled=script,
        locale="id-ID",
        service_workers="block",
        user_agent=f"{_engine(browser.version)} {order.agent}",
        viewport=WIDE,
    )
    try:
        yield Tab(context, order)
    finally:
        context.close()


def _engine(version: str) -> str:
    major = version.partition(".")[0]
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{major}.0.0.0 Safari/537.36"
    )


def _source(name: str) -> str:
    return (files("auditor.collect") / name).read_text("utf-8")


def lifetime(expires: float) -> int:
    """Return in how many days a cookie ends, 0 where it ends with the browser."""
    return max(0, round((expires - time.time()) / 86_400)) if expires > 0 else 0
