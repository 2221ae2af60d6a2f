"""The process that drives Chromium: an order in, parts out, one JSON line each.

It ends when its standard input does, and takes all that it started with it: so neither a browser
nor its profile outlives the auditor or the time that a site is given. Run as `python -m
auditor.collect.browser_child`.
"""

import ctypes
import os
import resource
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path

import msgspec

from auditor.collect.browser_family import end_family
from auditor.collect.browser_order import DETAIL, HOME, LINE_LIMIT, Order, write
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.browser_seen import Part, Stage, Trouble

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2): what Chromium leaves behind becomes ours."""
_LARGEST_FILE = 512 * 2**20


def main() -> None:
    """Look at one site."""
    _bound()
    order = msgspec.json.decode(sys.stdin.buffer.readline(LINE_LIMIT), type=Order)
    threading.Thread(target=_end_with_input, args=(order,), daemon=True).start()
    _look(order)
    end_family(os.getpid())


def _bound() -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))


def _end_with_input(order: Order) -> None:
    with suppress(OSError, ValueError):
        while os.read(0, 1024):
            pass
    end_family(os.getpid())
    outer = Path(order.folder).parent
    if outer.name.startswith(HOME):
        shutil.rmtree(outer, ignore_errors=True)
    os._exit(1)


def _look(order: Order) -> None:
    from playwright.sync_api import Error

    from auditor.collect.browser_chromium import running
    from auditor.collect.browser_stages import Site

    try:
        with running(order) as (browser, sandbox):
            Site(browser, order, _say).look(sandbox=sandbox)
    except Error as error:
        detail = inert(" ".join(str(error).split()))[:DETAIL]
        _say(Trouble(stage=Stage.FRONT, why=Why.UNREADABLE, detail=f"the browser broke: {detail}"))


def _say(part: Part) -> None:
    sys.stdout.buffer.write(write(part))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
