"""A lab of spoilt targets beside a sound one, visited together, twice."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest

from auditor.audit import Request, scan
from auditor.collect import Settings
from auditor.load.checks import load_checks
from auditor.load.inventory import load_inventory
from auditor.load.policies import load_policy
from auditor.model.fact import Observation
from auditor.model.policy import Entry, Policy
from auditor.model.result import Result, Visit
from auditor.store import open_store
from tests.hostile.spoil import PASSWORDS, SPOILT
from tests.lab import Lab, TargetSpec
from tests.lab.lab import why_not

LINES = (
    "ssh.*",
    "accounts.*",
    "files.*",
    "sysctl.*",
    "mounts.*",
    "modules.*",
    "logging.*",
    "time.*",
)
ALL_SEEN = frozenset(
    {"forged", "clock", "lecture", "notmp", "full", "readonly", "busy", "echoing", "banner"}
    | {"twice", "replaying", "plain"}
)
"""Targets whose harm must not cost a single answer on the first visit."""


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.lab)


class Watcher:
    """Notes in which order visits end."""

    def __init__(self) -> None:
        self.order: list[str] = []

    def begun(self, run, total, left):
        """Say nothing."""

    def visited(self, visit):
        self.order.append(visit.target)


class Seen:
    """What one run saw."""

    def __init__(self, order: list[str], visits: dict[str, Visit], facts: dict) -> None:
        self.order = order
        self.visits = visits
        self.facts = facts

    def results(self, target: str) -> dict[str, Result]:
        return {result.check: result for result in self.visits[target].results}

    def observations(self, target: str) -> tuple[Observation, ...]:
        return self.facts[target]


class Runs:
    """The lab and two runs over it; between them a key changed."""

    def __init__(self, lab: Lab, home: Path, first: Seen, second: Seen) -> None:
        self.lab = lab
        self.home = home
        self.first = first
        self.second = second


@pytest.fixture(scope="session", autouse=True)
def _possible():
    assert why_not() == ""


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> Iterator[Runs]:
    """Spoil every target, scan, change one key, scan again."""
    specs = [TargetSpec(n, sudo="password" if n in PASSWORDS else "nopasswd") for n in SPOILT]
    home = tmp_path_factory.mktemp("home")
    with Lab(specs) as lab:
        for name, text in SPOILT.items():
            done = lab.inside(name, "sh", "-c", f"set -e\n{text}")
            assert done.returncode == 0, (name, done.stderr)
        lab.make_home(home)
        with lab.network(), open_store(home, lock=True) as store:
            first = _scan(lab, home, store)
            lab.change_host_key("plain")
            second = _scan(lab, home, store)
        yield Runs(lab, home, first, second)


def request_for(lab: Lab, home: Path) -> Request:
    inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
    policy = Policy(
        id="hostile",
        title=load_policy("spbe")[0].title,
        checks=tuple(Entry(use=line) for line in LINES),
    )
    checks = {
        name: check
        for name, check in load_checks().items()
        if not any("walk" in question for question in check.probe.values())
    }
    return Request(
        settings=Settings(
            inventory=inventory,
            known_hosts=(home / "known_hosts",),
            password=lambda target: lab.password if target.id in PASSWORDS else None,
            now=lambda: datetime.now(UTC),
            task_timeout=12.0,
            connect_timeout=5.0,
        ),
        policies=(policy,),
        checks=checks,
        frameworks=(),
        feeds=msgspec.UNSET,
        targets=inventory.targets,
        scope="hostile",
        jobs=8,
    )


def _scan(lab: Lab, home: Path, store) -> Seen:
    from auditor.feeds import open_library

    request = msgspec.structs.replace(request_for(lab, home), feeds=open_library(home))
    watcher = Watcher()
    run = scan(request, store, Event(), watcher)
    visits = {visit.target: visit for visit in store.visits(run.id)}
    facts = {name: tuple(store.observations(run.id, name)) for name in visits}
    return Seen(watcher.order, visits, facts)
