"""A visit without rights, to a target on which nothing can be written, changes nothing.

Every probe that a shipped policy asks over SSH, walks too, through a real sshd.
"""

import time
from threading import Event

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.model.fact import Fact, Gap, Why
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.session import PROBE as SESSION
from tests.lab import Lab, TargetSpec
from tests.lab.conftest import NOW
from tests.probes.capture import probes

NAME = "beku"
SHOWN = "-printf '%p|%i|%y|%m|%U|%G|%s|%n|%l|%T@|%C@\\n'"
KERNELS = "\\( -path /proc -o -path /sys -o -path /dev \\)"
TREE = f"find / -xdev {KERNELS} -prune -o {SHOWN}; find /run /tmp /dev/shm {SHOWN}"
"""Names, inodes, types, modes, owners, sizes, links, times of change; not when it was read.
The kernel's own folders count processes."""
FREEZE = "for d in / /run /tmp /dev/shm; do mount -o remount,ro $d; done"
PATCH = ("os", "packages", "updates", "reboot", "listening", "serving", "restarts", "livepatch")


def asked():
    """Everything that the golden cases ask, which is every SSH probe of the catalogue."""
    found = (Probe(type=SESSION, args=SESSION.args()), *probes())
    assert {one.type.name for one in found} == {
        name for name, kind in CATALOGUE.items() if kind.via is Via.SSH
    }
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The tree before and after, and what two visits saw."""
    home = tmp_path_factory.mktemp("home")
    with Lab([TargetSpec(NAME, sudo="none", release="bookworm")]) as lab:
        lab.inside(NAME, "sh", "-ec", FREEZE).check_returncode()
        for folder in ("/", "/run", "/tmp", "/etc", "/var/lib/dpkg", "/home/auditor"):
            assert lab.inside(NAME, "touch", f"{folder}/tulis").returncode != 0
        lab.make_home(home)
        inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
        settings = Settings(
            inventory=inventory, known_hosts=(home / "known_hosts",), now=lambda: NOW
        )
        task = Task(via=Via.SSH, targets=inventory.targets, probes=asked())
        before = tree(lab)
        visits = []
        for _ in range(2):
            limit = Limit(60, Event(), time.monotonic)
            with lab.network():
                told = SshCollector().collect(task, settings, limit)
                visits.append({one.probe: one for one in told})
        yield before, tree(lab), visits


def tree(lab):
    lines = lab.inside(NAME, "sh", "-c", TREE).stdout.split("\n")
    assert len(lines) > 10_000
    return set(lines)


def test_the_tree_is_the_same_before_and_after(seen):
    before, after, _ = seen

    assert before ^ after == set()


def test_everything_that_needs_no_root_was_seen(seen):
    _, _, (first, _) = seen
    unseen = {one.probe: one for one in first.values() if isinstance(one, Gap)}

    assert {gap.why for gap in unseen.values()} <= {Why.NEEDS_ROOT, Why.UNSUPPORTED, Why.NO_DATA}
    for name in PATCH:
        assert isinstance(first[name], Fact), first[name]


def test_what_the_patch_level_needs_is_there_without_root(seen):
    _, _, (first, _) = seen

    assert len(first["packages"].value["packages"]) > 300
    assert first["updates"].value["security_suite"] is True
    assert first["updates"].value["lists_date"].startswith("2026-11-21")
    assert [row["port"] for row in first["serving"].value["sockets"]] == ["22/tcp"]
    assert first["serving"].value["complete"] is False
    assert first["restarts"].value["complete"] is False


def test_a_second_visit_sees_the_same(seen):
    _, _, (first, second) = seen

    for name in PATCH[1:]:
        assert first[name].value == second[name].value
