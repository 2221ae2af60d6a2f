"""A visit whose account may run one reviewed script as root, over real SSH and real sudo."""

import time
from datetime import UTC, datetime
from threading import Event

import msgspec
import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Sudo
from auditor.plan import Task
from auditor.probe import file, session, sshd
from auditor.probe.base import Probe, Via
from auditor.probe.bootstrap import FOLDER, pinned_path
from auditor.probe.script import compile_script, new_nonce
from tests.lab import Lab, TargetSpec

REVIEWED = (
    Probe(type=session.PROBE, args=session.PROBE.args()),
    Probe(type=sshd.PROBE, args=sshd.PROBE.args()),
    Probe(type=file.PROBE, args=file.FileArgs(path="/etc/shadow")),
)
OTHER = (*REVIEWED, Probe(type=file.PROBE, args=file.FileArgs(path="/root/.ssh/id_rsa")))


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    with Lab([TargetSpec("pinned", sudo="none")]) as lab:
        script = compile_script(REVIEWED, new_nonce())
        path = pinned_path(script.digest)
        rule = f'auditor ALL=(root) NOPASSWD: sha256:{script.digest} {path} ""'
        install = f"""
mkdir -p {FOLDER}
cat >{path} <<'PINNED'
{script.pinned}PINNED
chmod 755 {path}
echo '{rule}' >/etc/sudoers.d/auditor-visit
chmod 440 /etc/sudoers.d/auditor-visit
"""
        assert lab.inside("pinned", "sh", "-ec", install).returncode == 0
        home = lab.make_home(tmp_path_factory.mktemp("home"))
        inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
        settings = Settings(
            inventory=inventory, known_hosts=(home / "known_hosts",), now=lambda: datetime.now(UTC)
        )
        (one,) = inventory.targets
        ssh = msgspec.structs.replace(one.ssh, sudo=Sudo.PINNED)
        with lab.network():
            yield msgspec.structs.replace(one, ssh=ssh), settings


def visit(target, probes):
    one, settings = target
    task = Task(via=Via.SSH, targets=(one,), probes=probes)
    limit = Limit(30, Event(), time.monotonic)
    return {seen.probe: seen for seen in SshCollector().collect(task, settings, limit)}


def test_the_reviewed_script_is_run_as_root(target):
    seen = visit(target, REVIEWED)

    assert seen["session"].value["root"] is True
    assert seen["sshd"].value["valid"] is True


def test_another_script_runs_without_root_and_says_what_to_do(target):
    seen = visit(target, OTHER)

    assert seen["session"].value["root"] is False
    assert isinstance(seen['file{"path":"/etc/shadow"}'], Fact)
    gap = seen["sshd"]
    assert isinstance(gap, Gap)
    assert gap.why is Why.NEEDS_ROOT
    assert "auditor sudoers" in gap.detail
