"""Have the browser look at sites on loopback, as the engine would."""

import shutil
import threading
import time
from datetime import date

from auditor.collect import Limit, Settings
from auditor.collect.browser import BrowserCollector
from auditor.collect.browser_order import Patience
from auditor.model.inventory import Authority, City, Inventory, Opd, Target
from auditor.model.scope import Scope
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.browser_view import PROBE, BrowserViewArgs
from tests.servers.browser_sites import STRANGERS
from tests.servers.certificates import NOW

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUESTION = Probe(type=PROBE, args=BrowserViewArgs())
QUICK = Patience(load=6.0, silence=1.2, rest=0.1)


def settings_of():
    inventory = Inventory(
        city=City(name="Kota Uji", unit="Diskominfo (Uji)"),
        authority=Authority(
            letter="1/ST/2026",
            date=date(2026, 1, 1),
            valid_until=date(2026, 12, 31),
            scope=Scope(networks=("127.0.0.0/8",), domains=STRANGERS),
        ),
        opds=(Opd(id="o", name="O"),),
        targets=(),
    )
    return Settings(inventory=inventory, connect_timeout=2.0, now=lambda: NOW)


def look(world, *sites, seconds=60.0, stopped=None, limit=200.0, address="127.0.0.1"):
    """Return the observation of a target with these sites."""
    target = Target(id="t", opd="o", address=address, sites=sites)
    task = Task(via=Via.BROWSER, targets=(target,), probes=(QUESTION,))
    names = dict.fromkeys(STRANGERS, "127.0.0.1")
    collector = BrowserCollector(world.clear, world.secure, names, QUICK, seconds)
    end = Limit(limit, stopped or threading.Event(), time.monotonic)
    (seen,) = collector.collect(task, settings_of(), end)
    return seen
