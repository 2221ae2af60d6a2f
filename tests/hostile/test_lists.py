"""Package lists that are cut, noise, without end, or never come: gaps, in bounded memory."""

import subprocess
import sys
import time
from threading import Event

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.model.fact import Fact, Gap, Why
from auditor.plan import Task
from auditor.probe import package, packages, reboot
from auditor.probe.base import Probe, Via
from tests.lab import Lab, TargetSpec
from tests.lab.conftest import NOW

FAKE = """
mv /usr/bin/dpkg-query /usr/bin/dpkg-query-real
cat >/usr/bin/dpkg-query <<'END'
#!/bin/sh
{}
END
chmod 755 /usr/bin/dpkg-query
"""
ROW = r"satu\t1\tsatu\t1\tamd64\tii \n"
LISTS = {
    "cut": '/usr/bin/dpkg-query-real "$@" | head -c 5000',
    "killed": '/usr/bin/dpkg-query-real "$@" | head -n 50; kill -9 $$',
    "binary": "head -c 300000 /dev/urandom",
    "zeros": "head -c 300000 /dev/zero",
    "gigabyte": f"printf '{ROW}'; exec yes \"$(printf '{ROW}')\"",
    "line": "exec tr '\\0' x </dev/zero",
    "empty": "exit 0",
    "columns": "printf 'satu\\tdua\\n'",
}
"""What a target's dpkg-query prints."""
ENDLESS = ("gigabyte", "line")


SEEN_BADLY = (Why.UNREADABLE, Why.CUT, Why.NO_DATA, Why.TIMEOUT)


def targets(lab, home):
    inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
    return Settings(
        inventory=inventory,
        known_hosts=(home / "known_hosts",),
        now=lambda: NOW,
        connect_timeout=5.0,
    )


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """By target: what the probes that read its list saw, and how long that took."""
    home = tmp_path_factory.mktemp("home")
    asked = tuple(
        Probe(type=module.PROBE, args=module.PROBE.args(**args))
        for module, args in ((packages, {}), (package, {"name": ("satu",)}), (reboot, {}))
    )
    with Lab([TargetSpec(name) for name in LISTS]) as lab:
        for name, text in LISTS.items():
            lab.inside(name, "sh", "-ec", FAKE.format(text)).check_returncode()
        lab.make_home(home)
        settings = targets(lab, home)
        found = {}
        with lab.network():
            for name in LISTS:
                one = settings.inventory.target(name)
                task = Task(via=Via.SSH, targets=(one,), probes=asked)
                began = time.monotonic()
                told = SshCollector().collect(task, settings, Limit(60, Event(), time.monotonic))
                found[name] = (
                    {o.probe.partition("{")[0]: o for o in told},
                    time.monotonic() - began,
                )
        yield lab, home, found


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_believed_of_a_list_that_is_not_whole(seen, name):
    told, seconds = seen[2][name]

    for probe in ("packages", "package", "reboot"):
        assert isinstance(told[probe], Gap), told[probe]
        assert told[probe].why in SEEN_BADLY, told[probe]
    assert seconds < 45


def test_a_sound_list_is_believed(seen):
    lab, home, _ = seen
    lab.inside("empty", "mv", "/usr/bin/dpkg-query-real", "/usr/bin/dpkg-query").check_returncode()
    settings = targets(lab, home)
    asked = (Probe(type=packages.PROBE, args=packages.PROBE.args()),)
    task = Task(via=Via.SSH, targets=(settings.inventory.target("empty"),), probes=asked)

    with lab.network():
        (fact,) = SshCollector().collect(task, settings, Limit(60, Event(), time.monotonic))

    assert isinstance(fact, Fact)


@pytest.mark.parametrize("name", ENDLESS)
def test_memory_is_bounded(seen, name):
    """Three visits need no more than one answer at its limit, several times over in parsing."""
    lab, home, _ = seen
    code = f"""
import resource, time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.plan import Task
from auditor.probe import packages
from auditor.probe.base import Probe, Via
home = Path({str(home)!r})
inventory = load_inventory(home / "inventory.yaml")
settings = Settings(
    inventory=inventory, known_hosts=(home / "known_hosts",), now=lambda: datetime.now(UTC)
)
probe = Probe(type=packages.PROBE, args=packages.PROBE.args())
def visit(name):
    task = Task(via=Via.SSH, targets=(inventory.target(name),), probes=(probe,))
    return list(SshCollector().collect(task, settings, Limit(60, Event(), time.monotonic)))
visit("columns")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(3):
    visit({name!r})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = lab.run(sys.executable, "-c", code, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) * 1024 < 160 * 2**20


def test_nobody_is_left_printing(seen):
    lab = seen[0]
    for name in ENDLESS:
        until = time.monotonic() + 10
        while {"yes", "tr"} & set(commands(lab, name)):
            assert time.monotonic() < until, name
            time.sleep(0.2)


def commands(lab, name) -> list[str]:
    done: subprocess.CompletedProcess = lab.inside(name, "sh", "-c", "cat /proc/[0-9]*/comm")
    return done.stdout.split()
