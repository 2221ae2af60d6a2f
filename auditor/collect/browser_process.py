"""Run the browser's process for one site and read what it says until its time is over."""

import os
import selectors
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from auditor.collect import Limit
from auditor.collect.browser_chromium import PREFERENCES
from auditor.collect.browser_family import end_family, family, memory
from auditor.collect.browser_order import DETAIL, HOME, LINE_LIMIT, READER, TEXT_LIMIT, Order
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.browser_seen import Done, Part

MODULE = "auditor.collect.browser_child"
TICK = 0.25
MEMORY = 1536 * 2**20
"""Bytes that a browser may take for one site."""
_CHUNK = 65_536
_LOOK = 1.0
"""Seconds between two looks at its memory."""
_SAID = 2000
_TEMPORARY = "/tmp"  # noqa: S108 - the folder in it is made anew, for us alone


class Showing:
    """What the browser's process said of a site, and why it did not come to an end."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.end: tuple[Why, str] | None = None

    @property
    def whole(self) -> bool:
        """The site was looked at to the end."""
        return any(isinstance(part, Done) for part in self.parts)


@contextmanager
def home(user: int | None) -> Iterator[Path]:
    """Give a folder of the browser's own inside one that is not its own; remove both."""
    outer = Path(tempfile.mkdtemp(prefix=HOME, dir=_within_reach(user)))
    try:
        inner = outer / "profile"
        inner.mkdir(mode=0o700)
        settings = inner / "Default" / "Preferences"
        settings.parent.mkdir()
        settings.write_bytes(msgspec.json.encode(PREFERENCES))
        if user is not None:
            outer.chmod(0o711)
            for path in (settings, settings.parent, inner):
                os.chown(path, user, user)
        yield inner
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _within_reach(user: int | None) -> str:
    """Return a folder for what is of the moment, into which another user can go as well."""
    usual = Path(tempfile.gettempdir()).resolve()
    open_ = all(path.stat().st_mode & stat.S_IXOTH for path in (usual, *usual.parents))
    return str(usual) if user is None or open_ else _TEMPORARY


def show(order: Order, limit: Limit) -> Showing:
    """Have a site looked at; nothing that was started is left behind."""
    showing = Showing()
    showing.end = _over(limit)
    if showing.end is not None:
        return showing
    process = subprocess.Popen(  # noqa: S603 - our own module, fixed words
        [sys.executable, "-I", "-W", "ignore", "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(Path(order.folder).parent),
        start_new_session=True,
    )
    try:
        _Watch(process, showing, limit).read(order)
    finally:
        end_family(process.pid)
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return showing


class _Watch:
    """Reads what a process says, and sees to it that it keeps to its bounds."""

    def __init__(self, process: "subprocess.Popen[bytes]", showing: Showing, limit: Limit) -> None:
        self._process = process
        self._showing = showing
        self._limit = limit
        self._line = b""
        self._total = 0
        self._complaint = b""
        self._looked = time.monotonic()

    def read(self, order: Order) -> None:
        """Give the order and take the parts in until the end, whatever that is."""
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        assert stdin is not None and stdout is not None and stderr is not None  # noqa: S101, PT018
        try:
            stdin.write(msgspec.json.encode(order) + b"\n")
            stdin.flush()
        except BrokenPipeError:
            pass
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(stderr, selectors.EVENT_READ)
            while self._showing.end is None and selector.get_map():
                for key, _ in selector.select(TICK):
                    piece = os.read(key.fd, _CHUNK)
                    if not piece:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is stderr:
                        self._complaint = (self._complaint + piece)[-_SAID:]
                    else:
                        self._take(piece)
                if self._showing.end is None:
                    self._bound()
        if self._showing.end is None and not self._showing.whole:
            self._broke()

    def _take(self, piece: bytes) -> None:
        self._total += len(piece)
        *lines, self._line = (self._line + piece).split(b"\n")
        if self._total > TEXT_LIMIT or len(self._line) > LINE_LIMIT:
            self._showing.end = (Why.CUT, "the site showed too much")
            return
        for line in lines:
            try:
                self._showing.parts.append(READER.decode(line))
            except msgspec.DecodeError:
                self._showing.end = (Why.UNREADABLE, "the browser said what nobody understands")
                return

    def _bound(self) -> None:
        self._showing.end = _over(self._limit)
        if self._showing.end is None and time.monotonic() - self._looked > _LOOK:
            self._looked = time.monotonic()
            if memory(family(self._process.pid)) > MEMORY:
                self._showing.end = (Why.CUT, f"the site takes more than {MEMORY >> 20} MB")

    def _broke(self) -> None:
        last = self._complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
        words = inert(" ".join(last))[:DETAIL]
        self._showing.end = (Why.UNREADABLE, f"the browser broke {words}".rstrip())


def _over(limit: Limit) -> tuple[Why, str] | None:
    """Return why a site gets no more time, None where it still has some."""
    if limit.stopped:
        return Why.INTERRUPTED, "the run was stopped"
    return None if limit.left > 0 else (Why.TIMEOUT, "the browser did not finish in time")


def _environment(folder: Path) -> dict[str, str]:
    """Return what the process knows of its surroundings: no secret of the auditor's is in it."""
    path = os.environ.get("PATH", "/usr/bin:/bin")
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}
