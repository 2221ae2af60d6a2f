"""Jump hosts and groups among real targets, each in a network of its own."""

import re
import threading
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from auditor.collect import Limit, Settings
from auditor.collect.engine import Engine
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_login import connect
from auditor.load.inventory import load_inventory
from auditor.model.fact import Fact, Why
from auditor.model.inventory import Group
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.session import PROBE as SESSION
from tests.lab import Lab, TargetSpec
from tests.lab.conftest import NOW

pytestmark = pytest.mark.lab
CONNECTION = re.compile(r":([0-9A-F]{4}) [0-9A-F]{8}:0016 01 ")
"""An open connection to port 22 in /proc/net/tcp, by its own port."""
NAMES = ("satu", "dua", "tiga", "empat")


@pytest.fixture(scope="module")
def lab():
    with Lab([TargetSpec(name, sudo="password") for name in NAMES]) as running:
        yield running


@pytest.fixture
def told(lab, tmp_path):
    home = lab.make_home(tmp_path)
    inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
    return Settings(
        inventory=inventory,
        known_hosts=(home / "known_hosts",),
        ssh_config=(home / "ssh_config",),
        now=lambda: NOW,
    )


def visit(lab, told, one):
    limit = Limit(20, threading.Event(), time.monotonic)
    with lab.network(), ExitStack() as stack:
        channel = connect(one, told, limit, stack).transport.open_session(timeout=5)
        channel.settimeout(5)
        channel.exec_command("hostname; echo $SSH_CONNECTION")
        return channel.makefile().read().decode().split()


def by(one, jump):
    return msgspec.structs.replace(one, ssh=msgspec.structs.replace(one.ssh, jump=jump))


def test_two_hops_in_the_lab(lab, told):
    one = told.inventory.target("tiga")
    jump = f"{lab.addresses['satu']},{lab.addresses['dua']}"

    name, source, *_ = visit(lab, told, by(one, jump))

    assert (name, source) == ("tiga", lab.addresses["dua"])


def test_hops_of_ssh_config_in_the_lab(lab, told, tmp_path):
    config = tmp_path / "ssh_config"
    address = lab.addresses
    config.write_text(
        f"Host {address['tiga']}\n ProxyJump dua\n"
        f"Host dua\n HostName {address['dua']}\n ProxyJump {address['satu']}\n"
    )
    config.chmod(0o600)

    name, source, *_ = visit(lab, told, told.inventory.target("tiga"))

    assert (name, source) == ("tiga", address["dua"])


def test_a_jump_host_that_changed_its_key_in_the_lab(lab, told):
    one = told.inventory.target("tiga")
    lab.change_host_key("empat")

    until = time.monotonic() + 10
    refusal = None
    while refusal is None or (refusal.why is Why.UNREACHABLE and time.monotonic() < until):
        with pytest.raises(Refusal) as caught:  # sshd starts anew
            visit(lab, told, by(one, lab.addresses["empat"]))
        refusal = caught.value

    assert refusal.key_standing == "changed"
    assert lab.addresses["empat"] in refusal.detail


def test_never_two_of_a_group_at_once_in_the_lab(lab, told):
    """Looked at in the kernel: of the auditor's connections to the group one at most is open.

    A look takes a while, in which one may end and the next begin: what counts is seen twice.
    """
    group = NAMES[:3]
    targets = tuple(
        msgspec.structs.replace(told.inventory.target(name), group="hypervisor") for name in group
    )
    inventory = msgspec.structs.replace(
        told.inventory, targets=targets, groups=(Group(id="hypervisor"),)
    )
    told = msgspec.structs.replace(told, inventory=inventory)
    probes = (Probe(type=SESSION, args=SESSION.args()),)
    tasks = [Task(via=Via.SSH, targets=(one,), probes=probes) for one in targets] * 4
    looks = []
    over = threading.Event()

    def watch():
        while not over.is_set():
            open_ = CONNECTION.findall(Path("/proc/thread-self/net/tcp").read_text())
            looks.append(set(open_))
            time.sleep(0.001)

    watcher = threading.Thread(target=watch)
    with lab.network():
        watcher.start()
        done = list(Engine(told, jobs=6, stopped=threading.Event()).run(tasks))
    over.set()
    watcher.join()

    assert len(done) == len(tasks)
    assert all(isinstance(o, Fact) for d in done for o in d.observations)
    assert max(len(one & two) for one, two in pairwise(looks)) == 1


def test_a_password_opens_where_no_key_does(lab, told, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    one = told.inventory.target("satu")
    one = msgspec.structs.replace(one, ssh=msgspec.structs.replace(one.ssh, key=None))

    good = visit(lab, msgspec.structs.replace(told, password=lambda _: lab.password), one)
    with pytest.raises(Refusal) as caught:
        visit(lab, msgspec.structs.replace(told, password=lambda _: "wrong"), one)

    assert good[0] == "satu"
    assert "refuses the login of auditor (tried: password)" in caught.value.detail
