"""Two million files: one find, within its time, and what it finds among them is found."""

import time
from datetime import UTC, datetime
from threading import Event

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.model.fact import Fact, Gap, Why
from auditor.plan import Task
from auditor.probe import os_release, walk
from auditor.probe.base import Probe, Via
from tests.lab import Lab, TargetSpec

CROWD = """
import os
for folder in range(200):
    os.mkdir(f"/srv/{folder}")
    here = os.open(f"/srv/{folder}", os.O_RDONLY)
    for number in range(10_000):
        os.mknod(str(number), 0o600, dir_fd=here)
os.mknod("/srv/7/open", 0o666)
os.chmod("/srv/7/open", 0o666)
"""


@pytest.mark.timeout(240)
def test_two_million_files_are_walked_or_said_to_be_too_many(tmp_path):
    with Lab([TargetSpec("crowded")]) as lab:
        home = lab.make_home(tmp_path)
        mounted = lab.inside("crowded", "mount", "-t", "tmpfs", "-o", "nr_inodes=3m", "x", "/srv")
        assert mounted.returncode == 0, mounted.stderr
        assert lab.inside("crowded", "python3", "-c", CROWD).returncode == 0
        inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
        settings = Settings(
            inventory=inventory,
            known_hosts=(home / "known_hosts",),
            now=lambda: datetime.now(UTC),
        )
        probes = (
            Probe(
                type=walk.PROBE,
                args=walk.WalkArgs(find=("world_writable", "suid"), under=("/srv",)),
            ),
            Probe(type=os_release.PROBE, args=os_release.PROBE.args()),
        )
        task = Task(via=Via.SSH, targets=inventory.targets, probes=probes)
        with lab.network():
            limit = Limit(200, Event(), time.monotonic)
            walked, system = SshCollector().collect(task, settings, limit)

    assert isinstance(system, Fact)
    if isinstance(walked, Gap):
        assert walked.why in (Why.TIMEOUT, Why.BUSY)
    else:
        assert walked.value["world_writable"] == ["/srv/7/open"]
        assert walked.value.get("suid", []) == []
