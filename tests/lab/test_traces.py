"""A visit leaves a target as it was, and the same target gives the same answers twice."""

from threading import Event

import pytest

from auditor.audit import scan
from auditor.store import open_store
from tests.lab import Lab, TargetSpec
from tests.lab.conftest import Silent, make_request

NAMES = ("kept", "plain", "password")
STATE = (
    "find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /var/log -o -path /dev \\) "
    "-prune -o -printf '%p|%y|%m|%U|%G|%s|%n|%l|%T@|%C@\\n'"
)
"""All but access times; sshd, PAM and sudo keep records of their own below /run and /var/log."""
VOLATILE = {"clock", "booted", "drift"}


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Two scans of three targets with everything that a policy asks, walks too.

    The state is compared over the second: by the first login the overlay marks its own folders.
    """
    specs = [
        TargetSpec("kept", hardened=True, sites=("kept.batu.lab",)),
        TargetSpec("plain", sudo="none"),
        TargetSpec("password", sudo="password"),
    ]
    home = tmp_path_factory.mktemp("home")
    with Lab(specs) as lab:
        request = make_request(lab, home, task_timeout=60.0, password=lambda _target: lab.password)
        with lab.network(), open_store(home, lock=True) as store:
            first = scan(request, store, Event(), Silent())
            before = {name: state(lab, name) for name in NAMES}
            second = scan(request, store, Event(), Silent())
            after = {name: state(lab, name) for name in NAMES}
            yield lab, store, (first, second), (before, after)


def state(lab, name):
    done = lab.inside(name, "sh", "-c", f"{STATE}; echo; cat /proc/[0-9]*/comm")
    files, _, processes = done.stdout.partition("\n\n")
    names = [one for one in processes.split() if one not in ("sh", "cat", "sort", "find", "sleep")]
    return set(files.split("\n")), sorted(names)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_system_is_the_same_before_and_after(twice, name):
    _, _, _, (before, after) = twice

    assert after[name][0] ^ before[name][0] == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_process_is_left(twice, name):
    _, _, _, (before, after) = twice

    assert after[name][1] == before[name][1]


@pytest.mark.parametrize("name", NAMES)
def test_two_runs_give_the_same_results_and_evidence(twice, name):
    _, store, runs, _ = twice

    visits = [next(v for v in store.visits(run.id) if v.target == name) for run in runs]
    seen = [store.observations(run.id, name) for run in runs]

    assert visits[0].results == visits[1].results
    for one, other in zip(*seen, strict=True):
        assert one.probe == other.probe
        assert one.evidence == other.evidence
        if one.probe != "processes":  # others work on a target too
            assert lasting(one) == lasting(other)


def lasting(observation):
    value = getattr(observation, "value", observation)
    if not isinstance(value, dict):
        return value
    return {name: part for name, part in value.items() if name not in VOLATILE}


def test_findings_keep_their_identity(twice):
    _, store, runs, _ = twice

    found = [{finding.id for finding in store.findings(run.id)} for run in runs]

    assert found[0] == found[1]
    assert found[0]
