"""What a visit costs on the wire: bytes, counted where the packets come in."""

import time
from contextlib import ExitStack
from threading import Event

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh_login import connect
from auditor.collect.ssh_script import run_script
from auditor.load.inventory import load_inventory
from auditor.model.inventory import Sudo
from auditor.probe import (
    listening,
    livepatch,
    os_release,
    packages,
    reboot,
    restarts,
    serving,
    updates,
)
from auditor.probe.base import Probe
from auditor.probe.script import compile_script, new_nonce
from tests.lab import Lab, TargetSpec
from tests.lab.conftest import NOW
from tests.probes.capture import probes

NAME = "hemat"
LIMIT = 10_000
"""Bytes for 350 packages, by the project's plan."""
PATCH = (os_release, packages, updates, reboot, listening, serving, restarts, livepatch)
"""Everything that a patch level is judged by."""


@pytest.fixture(scope="module")
def lab():
    with Lab([TargetSpec(NAME, release="bookworm")]) as running:
        yield running


@pytest.fixture(scope="module")
def told(lab, tmp_path_factory):
    home = lab.make_home(tmp_path_factory.mktemp("home"))
    inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
    return Settings(inventory=inventory, known_hosts=(home / "known_hosts",), now=lambda: NOW)


def cost(lab, told, asked):
    """Return the frames of a visit and the bytes that came in, the login left out."""
    script = compile_script(asked, new_nonce())
    limit = Limit(60, Event(), time.monotonic)
    with lab.network(), ExitStack() as stack:
        session = connect(told.inventory.target(NAME), told, limit, stack)
        before = session.transport.packetizer.received
        answer = run_script(session, script, told, limit, sudo=Sudo.AUTO, password=None)
        assert answer.root
        return answer.frames, session.transport.packetizer.received - before


def of(*modules):
    return [Probe(type=module.PROBE, args=module.PROBE.args()) for module in modules]


def test_a_list_of_350_packages_costs_less_than_ten_kilobytes(lab, told):
    seen, bytes_ = cost(lab, told, of(packages))

    assert len(packages.read_packages(seen)) == 353
    assert len(seen["packages"].text) > 2 * LIMIT
    assert bytes_ < LIMIT


def test_so_does_everything_that_a_patch_level_is_judged_by(lab, told):
    _, bytes_ = cost(lab, told, of(*PATCH))

    assert bytes_ < LIMIT


def test_a_whole_visit_is_packed_to_a_third(lab, told):
    seen, bytes_ = cost(lab, told, probes())

    assert bytes_ * 3 < sum(len(frame.text) for frame in seen.values())


def test_a_server_that_does_not_pack_sends_the_same(lab, told):
    lab.inside(
        NAME,
        "sh",
        "-ec",
        "sed -i '1i Compression no' /etc/ssh/sshd_config; kill -HUP $(cat /run/sshd.pid)",
    ).check_returncode()
    time.sleep(0.5)

    seen, bytes_ = cost(lab, told, of(packages))

    assert len(packages.read_packages(seen)) == 353
    assert bytes_ > 2 * LIMIT
