"""What the browser extra needs on this machine: playwright, axe-core and a Chromium."""

import os
import pwd
import random
import shutil
from importlib.util import find_spec

from auditor.collect.browser_chromium import SETPRIV
from auditor.model.base import Value
from auditor.model.fact import Why
from auditor.probe.base import Unseen

VARIABLE = "AUDITOR_CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
_USERS = range(61_184, 65_520)
"""Numbers that systemd gives to users for a time (DynamicUser); no file belongs to them."""


class Tools(Value, frozen=True):
    """Where Chromium is, and the system user that it is to run as; None: the auditor's own."""

    chromium: str
    user: int | None = None


def find_tools() -> Tools:
    """Return what there is, or raise `Unseen` (no tool) saying what is missing.

    A browser runs what a hostile site sends: as root it gets a user number of its own for each
    site, and without setpriv(1) to give it one there is no browser.
    """
    for module, package in (("playwright", "playwright"), ("axe_core_python", "axe-core-python")):
        if find_spec(module) is None:
            raise Unseen(Why.NO_TOOL, f"{package} is not installed: pip install 'auditor[browser]'")
    chromium = _chromium()
    if os.geteuid() != 0:
        return Tools(chromium=chromium)
    if shutil.which(SETPRIV) is None:
        raise Unseen(Why.NO_TOOL, "setpriv (util-linux) is missing: no browser runs as root")
    return Tools(chromium=chromium, user=_free_user())


def _chromium() -> str:
    named = os.environ.get(VARIABLE)
    if named is not None:
        found = shutil.which(named)
        if found is None:
            raise Unseen(Why.NO_TOOL, f"{VARIABLE} names no program")
        return found
    for name in COMMANDS:
        if path := shutil.which(name):
            return path
    raise Unseen(Why.NO_TOOL, "no Chromium: apt install chromium, or set AUDITOR_CHROMIUM")


def _free_user() -> int:
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return random.choice([number for number in _USERS if number not in taken])  # noqa: S311 - no secret
