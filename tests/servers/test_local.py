"""The local collector on this machine, and on shells that misbehave."""

import os
import time
from datetime import UTC, datetime
from threading import Event

import pytest

from auditor.collect import Limit, local
from auditor.collect.local import LocalCollector
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import accounts, file, os_release
from auditor.probe.base import Probe, Via
from tests.servers.test_ports import SETTINGS

PROBES = (
    Probe(type=os_release.PROBE, args=os_release.PROBE.args()),
    Probe(type=accounts.PROBE, args=accounts.PROBE.args()),
    Probe(type=file.PROBE, args=file.FileArgs(path="/etc/passwd")),
)
HERE = Target(id="here", opd="kominfo", address="127.0.0.1", local=True)


def ask(seconds=30.0, stopped=None):
    task = Task(via=Via.SSH, targets=(HERE,), probes=PROBES)
    limit = Limit(seconds, stopped or Event(), time.monotonic)
    return {o.probe: o for o in LocalCollector().collect(task, SETTINGS, limit)}


def test_this_machine_answers():
    seen = ask()

    assert all(isinstance(o, Fact) for o in seen.values())
    assert seen["os"].value["id"] == "debian" or seen["os"].value["id"]
    assert seen["os"].evidence.seen_at == datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("command", "why", "seconds"),
    [
        (["sh", "-c", "sleep 30"], Why.TIMEOUT, 0.6),
        (["sh", "-c", "exit 3"], Why.INTERRUPTED, 20),
        (["sh", "-c", "exec 0<&-; sleep 0.2"], Why.INTERRUPTED, 20),
        (["yes", "A" * 60], Why.CUT, 20),
        (["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], Why.TIMEOUT, 0.6),
    ],
)
def test_a_shell_that_misbehaves_is_ended_and_leaves_gaps(monkeypatch, command, why, seconds):
    monkeypatch.setattr(local, "_shell", lambda: command)

    seen = ask(seconds)

    assert {type(o) for o in seen.values()} == {Gap}
    assert {o.why for o in seen.values()} == {why}


def test_a_stop_is_told(monkeypatch):
    stopped = Event()
    stopped.set()

    assert {o.why for o in ask(stopped=stopped).values()} == {Why.INTERRUPTED}


@pytest.mark.parametrize(("allows", "command"), [(0, "sudo"), (1, "sh")])
def test_an_account_becomes_root_only_where_sudo_allows_it(monkeypatch, tmp_path, allows, command):
    sudo = tmp_path / "sudo"
    sudo.write_text(f"#!/bin/sh\nexit {allows}\n")
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert local._shell()[0].rpartition("/")[2] == command
