"""One lab and one scan of it for all tests here: what each faulty target looks like."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest

from auditor.audit import Request, scan
from auditor.cli import _run
from auditor.collect import Settings
from auditor.feeds import open_library
from auditor.feeds.fetch import read_suite
from auditor.feeds.keep import keep
from auditor.load.checks import load_checks
from auditor.load.frameworks import load_frameworks
from auditor.load.inventory import load_inventory
from auditor.load.policies import load_policy
from auditor.model.feed import Feed, FeedKind, Feeds, Trust
from auditor.model.result import Result, Run, Visit
from auditor.store import Store, open_store
from tests.lab import Fault, Lab, TargetSpec
from tests.lab.lab import why_not
from tests.lab.root import DATA

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SITE = ("22/tcp", "80/tcp", "443/tcp")


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.lab)


@pytest.fixture(scope="session", autouse=True)
def _possible():
    """The lab is no luxury: where it cannot be made these tests fail, they are not skipped."""
    assert why_not() == ""


def faulty(name, *faults, **more):
    return TargetSpec(name, faults=frozenset(faults), **more)


SPECS = (
    TargetSpec("good", release="trixie", hardened=True, sites=("good.batu.lab",), ports=SITE),
    faulty(
        "bad",
        *(Fault.WEAK_SSHD, Fault.TLS10, Fault.FTP, Fault.WORLD_WRITABLE, Fault.NO_REDIRECT),
        *(Fault.ROOT_TWIN, Fault.WEAK_HASH, Fault.OLD_LISTS, Fault.NO_LOG, Fault.EMPTY_PASSWORD),
        release="bullseye",
        sites=("bad.batu.lab",),
        ports=SITE,
    ),
    faulty("expired", Fault.EXPIRED, release="bookworm", sites=("expired.batu.lab",), ports=SITE),
    faulty("selfsigned", Fault.SELF_SIGNED, sites=("selfsigned.batu.lab",), ports=SITE),
    faulty("wrongname", Fault.WRONG_NAME, sites=("wrongname.batu.lab",), ports=SITE),
    faulty("database", Fault.DATABASE_OPEN),
    faulty("hang", Fault.HANG),
    faulty("banner", Fault.BANNER),
    faulty("hangshell", Fault.HANG_SHELL),
    faulty("flood", Fault.FLOOD),
    faulty("binary", Fault.BINARY, release="bookworm"),
    faulty("exit", Fault.EXIT),
    faulty("down", Fault.DOWN),
    faulty("nokey", Fault.NO_KEY, sudo="none"),
    TargetSpec("plain", sudo="none", release="bookworm"),
    TargetSpec("password", sudo="password"),
    faulty("broken", Fault.BROKEN_SSHD, release="bookworm"),
    faulty(
        "hostile",
        Fault.HOSTILE,
        Fault.WORLD_WRITABLE,
        release="bookworm",
        sites=("hostile.batu.lab",),
        ports=SITE,
    ),
    TargetSpec("stranger"),
    TargetSpec("impostor"),
)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The running lab."""
    with Lab(SPECS) as running:
        yield running


class Audited:
    """A scan that has ended, with its store still open."""

    def __init__(self, run: Run, store: Store, home: Path, request: Request) -> None:
        self.run = run
        self.store = store
        self.home = home
        self.request = request
        self.visits = {visit.target: visit for visit in store.visits(run.id)}

    def visit(self, target: str) -> Visit:
        return self.visits[target]

    def result(self, target: str, check: str) -> Result:
        return next(r for r in self.visits[target].results if r.check == check)


class Silent:
    """A watcher that shows nothing."""

    def begun(self, run, total, left):
        """Say nothing."""

    def visited(self, visit):
        """Say nothing."""


def make_request(lab: Lab, home: Path, targets=None, **settings) -> Request:
    lab.make_home(home)
    inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
    policies = load_policy("quick")
    chosen = tuple(t for t in inventory.targets if targets is None or t.id in targets)
    values = {"task_timeout": 20.0, "connect_timeout": 4.0, "scan_timeout": 120.0} | settings
    return Request(
        settings=Settings(
            inventory=inventory,
            known_hosts=(home / "known_hosts",),
            now=lambda: NOW,
            **values,
        ),
        policies=policies,
        checks=load_checks(),
        frameworks=load_frameworks(policies),
        feeds=open_library(home),
        targets=chosen,
        scope="test",
        jobs=16,
    )


class FetchedToday:
    """The copies of the repository, taken for what a site would give on the day of the tests."""

    def __init__(self, home: Path) -> None:
        self._held = open_library(home)

    def of(self, distribution: str, release: str) -> Feeds:
        """Return what is held, no list older than `NOW`; nobody's support ended early."""
        found = self._held.of(distribution, release)
        lists = [msgspec.structs.replace(feed, date=NOW) for feed in found.feeds]
        support = Feed(name="debian-support", kind=FeedKind.SUPPORT, date=NOW, trust=Trust.SIGNED)
        return msgspec.structs.replace(found, feeds=(*lists, support))


@pytest.fixture(scope="session")
def audited(lab, tmp_path_factory) -> Iterator[Audited]:
    """All targets of the lab, audited once; the clock stands at the date of the shipped data."""
    home = tmp_path_factory.mktemp("home")
    releases = ("bullseye", "bookworm", "trixie")
    for release in releases:
        keep(home, read_suite(DATA / "debian-indexes", release, "amd64"))
    words = ["feeds", "update", "--home", str(home), "--from", str(DATA), "--trust-unverified"]
    words += [word for name in ("debian-tracker", "kev") for word in ("--feed", name)]
    _run([*words, *(word for name in releases for word in ("--release", name))], "auditor")
    lab.change_host_key("impostor")
    request = make_request(lab, home, task_timeout=8.0)
    known = (home / "known_hosts").read_text().splitlines(keepends=True)
    address = lab.addresses["stranger"]
    (home / "known_hosts").write_text("".join(k for k in known if k.split()[0] != address))
    request = msgspec.structs.replace(request, feeds=FetchedToday(home))
    with lab.network(), open_store(home, lock=True) as store:
        run = scan(request, store, Event(), Silent())
        yield Audited(run, store, home, request)
