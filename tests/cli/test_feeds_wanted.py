"""Which systems feeds are fetched for."""

from datetime import UTC, datetime

import pytest

from auditor.cli.feeds_wanted import seen_systems, systems
from auditor.cli.request import local_inventory
from auditor.errors import ConfigError
from auditor.model.base import ProbeKey, RunId
from auditor.model.fact import Evidence, Fact, Gap, Why
from auditor.model.result import Run, RunState, TargetState, Visit
from auditor.store import open_store
from auditor.store.context import Context

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EVIDENCE = Evidence(source="x", seen_at=NOW)


def keep_run(home, *seen):
    """Keep a run that has seen these."""
    inventory = local_inventory(NOW)
    run = Run(
        id=RunId("20261124-080000-aaaa"),
        started=NOW,
        ended=None,
        state=RunState.RUNNING,
        scope="x",
        policy="p",
        tool_version="1",
    )
    with open_store(home, lock=True) as store:
        store.begin(
            run,
            Context(
                inventory=inventory, policies=(), checks=(), frameworks=(), targets=("localhost",)
            ),
        )
        visit = Visit(
            target="localhost", state=TargetState.SEEN, reason="", started=NOW, ms=1, results=()
        )
        store.put(run.id, visit, seen)


def os_fact(**value):
    return Fact(target="localhost", probe=ProbeKey("os"), value=value, evidence=EVIDENCE)


def test_without_a_run_the_releases_of_debian_are_meant(tmp_path):
    assert [release for _, release in systems((), tmp_path, None)] == [
        "bullseye",
        "bookworm",
        "trixie",
    ]
    assert not list(tmp_path.iterdir()), "looking leaves no store behind"


def test_names_may_be_codenames_or_hold_the_distribution(tmp_path):
    names = ("jammy", "bookworm", "almalinux:9", "alpine:3.19", "sles:15.5", "jammy")

    assert systems(names, tmp_path, None) == (
        ("ubuntu", "jammy"),
        ("debian", "bookworm"),
        ("almalinux", "9"),
        ("alpine", "3.19"),
        ("sles", "15.5"),
    )


@pytest.mark.parametrize("name", ["bokworm", "", "haiku:5", "almalinux:", ":9"])
def test_a_name_that_nobody_knows_is_a_mistake(tmp_path, name):
    with pytest.raises(ConfigError, match="--release"):
        systems((name,), tmp_path, None)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"id": "debian", "version": "12", "codename": "bookworm"}, (("debian", "bookworm"),)),
        ({"id": "almalinux", "version": "9.4", "codename": ""}, (("almalinux", "9"),)),
        ({"id": "haiku", "version": "5", "codename": ""}, ()),
        ({"id": "debian", "version": "12"}, ()),
        ({"id": ["debian"], "version": 12}, ()),
        ({}, ()),
    ],
)
def test_the_last_run_tells_which_systems_there_are(tmp_path, value, found):
    keep_run(tmp_path, os_fact(**value))

    assert seen_systems(tmp_path, None) == found


def test_what_was_not_seen_tells_nothing(tmp_path):
    gap = Gap(target="localhost", probe=ProbeKey("os"), why=Why.TIMEOUT, detail="x")
    other = Fact(target="localhost", probe=ProbeKey("kernel"), value={}, evidence=EVIDENCE)
    keep_run(tmp_path, gap, other)

    assert seen_systems(tmp_path, None) == ()
