"""A server that stops at any point of the conversation costs its own visit, and says where."""

import socket
import time
from datetime import UTC, date, datetime
from threading import Event

import paramiko
import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.collect.ssh_script import hang_up
from auditor.collect.ssh_wire import Transport
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Authority, City, Inventory, Scope, Ssh, Sudo, Target
from auditor.plan import Task
from auditor.probe import os_release, session, sysctl
from auditor.probe.base import Probe, Via
from tests.hostile.scripted import Stop, silent_after
from tests.lab.identity import new_key

KEYS = ("kernel.randomize_va_space", "net.ipv4.ip_forward")
PROBES = (
    Probe(type=session.PROBE, args=session.PROBE.args()),
    Probe(type=os_release.PROBE, args=os_release.PROBE.args()),
    *(Probe(type=sysctl.PROBE, args=sysctl.SysctlArgs(key=key)) for key in KEYS),
)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "key"
    path.touch(mode=0o600)
    path.write_bytes(new_key().private)
    return path


def visit(stop, key, folder, seconds=4.0):
    with silent_after(stop) as (port, line):
        known = folder / "known_hosts"
        known.write_text(line)
        today = date(2026, 1, 1)
        inventory = Inventory(
            city=City(name="K"),
            authority=Authority(
                letter="1",
                date=today,
                valid_until=today,
                scope=Scope(networks=("127.0.0.0/8", "::1/128")),
            ),
            opds=(),
            targets=(),
        )
        settings = Settings(
            inventory=inventory,
            known_hosts=(known,),
            now=lambda: datetime.now(UTC),
            connect_timeout=1.0,
        )
        ssh = Ssh(port=port, key=str(key), sudo=Sudo.NO)
        target = Target(id="t", opd="o", address="127.0.0.1", ssh=ssh)
        task = Task(via=Via.SSH, targets=(target,), probes=PROBES)
        limit = Limit(seconds, Event(), time.monotonic)
        return list(SshCollector().collect(task, settings, limit))


@pytest.mark.parametrize("stop", Stop)
def test_every_question_gets_its_answer_or_a_gap(stop, key, tmp_path):
    seen = visit(stop, key, tmp_path)

    assert {one.probe for one in seen} == {probe.key for probe in PROBES}
    gaps = [one for one in seen if isinstance(one, Gap)]
    assert gaps
    for gap in gaps:
        assert gap.why in (Why.TIMEOUT, Why.UNREACHABLE, Why.REFUSED, Why.INTERRUPTED)
        assert gap.detail


@pytest.mark.parametrize("stop", [Stop.BANNER, Stop.KEX, Stop.AUTH, Stop.COMMAND])
def test_nothing_is_believed_of_a_server_that_never_answered(stop, key, tmp_path):
    facts = [one for one in visit(stop, key, tmp_path) if isinstance(one, Fact)]

    assert [fact.probe for fact in facts if fact.probe != "session"] == []


def test_to_hang_up_on_a_server_that_is_gone_is_no_error(key):
    with silent_after(Stop.PAYLOAD) as (port, _):
        transport = Transport(socket.create_connection(("127.0.0.1", port)))
        transport.connect(username="auditor", pkey=paramiko.Ed25519Key(filename=str(key)))
        channel = transport.open_session(timeout=5)
        transport.sock.close()

        hang_up(channel)

        transport.close()
    assert channel.closed
