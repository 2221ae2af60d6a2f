"""Spoilt targets: none crashes a run, slows the others, passes a check or tells a secret."""

import gzip
import io
import subprocess
import sys

import pytest

from auditor.model.fact import Gap, Why
from auditor.model.result import Status, TargetState
from tests.hostile.conftest import ALL_SEEN
from tests.hostile.spoil import FORGED, SPOILT

SILENT = ("sleeping", "endless", "leaving", "mid")
NEVER = ("root::", "\x1b", "\x00", "\u202e")


def gaps(seen, target):
    return {one.probe: one for one in seen.observations(target) if isinstance(one, Gap)}


@pytest.mark.parametrize("target", sorted(ALL_SEEN - {"plain"}))
def test_the_same_is_seen_as_on_a_sound_target(runs, target):
    sound = {one.probe for one in gaps(runs.first, "plain").values()}

    assert set(gaps(runs.first, target)) == sound
    assert runs.first.visits[target].state is runs.first.visits["plain"].state


@pytest.mark.parametrize("target", sorted(SPOILT))
def test_no_check_passes_that_fails_on_a_sound_target(runs, target):
    sound, spoilt = runs.first.results("plain"), runs.first.results(target)
    gained = {
        name
        for name, result in spoilt.items()
        if result.status is Status.PASS and sound[name].status in (Status.FAIL, Status.ERROR)
    }

    assert gained <= {"mounts.tmp-separate", "mounts.var-log-separate", "mounts.var-tmp-separate"}


@pytest.mark.parametrize("target", SILENT)
def test_what_a_silent_target_did_not_say_is_an_error(runs, target):
    statuses = {result.status for result in runs.first.results(target).values()}

    assert Status.ERROR in statuses
    assert runs.first.visits[target].state is TargetState.PARTLY
    assert runs.first.visits[target].reason


@pytest.mark.parametrize("target", ["sleeping", "endless", "leaving"])
def test_where_nothing_was_said_nothing_passes(runs, target):
    passed = [r.check for r in runs.first.results(target).values() if r.status is Status.PASS]

    assert [check for check in passed if check != "ssh.host-key"] == []


def test_frames_in_the_text_of_a_target_are_text(runs):
    for one in runs.first.observations("forged"):
        assert FORGED not in one.probe
    forged = runs.first.results("forged")
    assert forged["files.shadow"].status is runs.first.results("plain")["files.shadow"].status


def test_bytes_that_are_no_text_are_shown_inert(runs):
    for target in ("noise", "banner", "endless", "forged"):
        text = repr((runs.first.visits[target], runs.first.observations(target)))
        for secret in NEVER:
            assert repr(secret)[1:-1] not in text, (target, secret)


def test_a_file_of_four_gigabytes_is_cut_and_only_it(runs):
    lost = gaps(runs.first, "longline")
    results = runs.first.results("longline")

    assert results["sysctl.net-ipv4-ip-forward"].status is Status.ERROR
    assert results["files.passwd"].status is Status.PASS
    assert all(one.why is not Why.FAULT for one in lost.values())


def test_a_wrong_clock_is_told_and_breaks_nothing(runs):
    (fact,) = [o for o in runs.first.observations("clock") if o.probe == "time"]

    assert fact.value["clock"].startswith("2036-")


def test_an_answer_of_an_earlier_visit_is_no_answer(runs):
    first, second = runs.first.results("replaying"), runs.second.results("replaying")

    assert first["files.passwd"].status is Status.PASS
    passed = {name for name, result in second.items() if result.status is Status.PASS}
    assert passed <= {"ssh.host-key"}


def test_a_key_that_changed_between_two_visits_stops_the_second(runs):
    assert runs.first.results("plain")["ssh.host-key"].status is Status.PASS
    second = runs.second.results("plain")
    assert second["ssh.host-key"].status is Status.FAIL
    assert second["files.passwd"].status is Status.ERROR
    assert runs.second.visits["plain"].state is TargetState.HOST_KEY


def test_others_do_not_wait_for_targets_that_hang(runs):
    order = runs.first.order

    assert set(order) == set(SPOILT)
    assert max(map(order.index, ALL_SEEN - {"busy"})) < order.index("sleeping")


def test_sudo_that_lectures_and_records_learns_nothing_and_is_understood(runs):
    lab = runs.lab
    told = lab.inside("lecture", "sh", "-c", "cd /var/log/sudo-io && find . -type f")
    assert told.stdout.strip(), "sudo recorded nothing: the test would prove nothing"
    kept = lab.inside(
        "lecture", "sh", "-c", "cd /var/log/sudo-io && find . -type f -exec cat {} + | base64"
    )
    recorded = subprocess.run(
        ["base64", "-d"], input=kept.stdout.encode(), capture_output=True, check=True
    ).stdout
    for text in (recorded, *_unpacked(recorded)):
        assert lab.password.encode() not in text
    assert runs.first.visits["lecture"].state is runs.first.visits["plain"].state


def _unpacked(data):
    """Yield every gzip member that begins anywhere in the data."""
    start = data.find(b"\x1f\x8b")
    while start >= 0:
        try:
            yield gzip.GzipFile(fileobj=io.BytesIO(data[start:])).read1(1 << 20)
        except (OSError, EOFError):
            yield b""
        start = data.find(b"\x1f\x8b", start + 2)


def test_nothing_of_a_visit_is_left(runs):
    for target in ("forged", "busy", "notmp", "mid", "twice"):
        left = runs.lab.inside(
            target, "sh", "-c", "cat /proc/[0-9]*/comm; ls -A /home/auditor /root"
        )
        words = left.stdout.split()
        assert not {"find", "awk", "dd", "sudo", "dpkg-query"} & set(words), target
        assert not [word for word in words if "history" in word], target


def test_memory_of_a_visit_is_bounded(runs):
    """Ten visits of targets that never end their answer stay below the bound of one answer each."""
    code = f"""
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
import time
from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.plan import Task
from auditor.probe import os_release
from auditor.probe.base import Probe, Via
home = Path({str(runs.home)!r})
inventory = load_inventory(home / "inventory.yaml")
known = (home / "known_hosts",)
settings = Settings(inventory=inventory, known_hosts=known, now=lambda: datetime.now(UTC))
probe = Probe(type=os_release.PROBE, args=os_release.PROBE.args())
def visit(name):
    task = Task(via=Via.SSH, targets=(inventory.target(name),), probes=(probe,))
    list(SshCollector().collect(task, settings, Limit(20, Event(), time.monotonic)))
visit("forged")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(10):
    visit("endless")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = runs.lab.run(sys.executable, "-c", code, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) * 1024 < 64 * 2**20
