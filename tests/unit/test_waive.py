from datetime import date, timedelta

import msgspec
import pytest

from auditor.findings import identify
from auditor.load.inventory import parse_inventory
from auditor.model.result import FindingState
from auditor.model.waiver import Waiver
from auditor.waive import among, waive
from tests.unit.load.written import INVENTORY, document
from tests.unit.test_findings import FIRST

TODAY = date(2026, 11, 24)
(FINDING,) = FIRST


def waiver(name="w1", *, begins=-10, ends=10, **what):
    by_check = {"check": "ports.unexpected", "target": "web1"}
    return Waiver(
        id=name,
        reason="FTP dipakai sampai migrasi selesai",
        letter="800/12/2026",
        role="Kepala Dinas",
        date=TODAY + timedelta(days=begins),
        until=TODAY + timedelta(days=ends),
        **(what or by_check),
    )


@pytest.mark.parametrize(
    "what",
    [
        {"finding": FINDING.id},
        {"check": "ports.unexpected", "target": "web1"},
        {"check": "ports.unexpected", "target": "web1", "item": FINDING.item},
    ],
)
def test_a_waiver_fits_by_id_by_check_and_target_or_by_item(what):
    told = waive([waiver(**what)], FIRST, TODAY)

    assert told.findings == {FINDING.id: waiver(**what)}
    assert (told.expired, told.idle) == ((), ())


@pytest.mark.parametrize(
    "what",
    [
        {"finding": identify("web1", "ports.unexpected", "23/tcp")},
        {"check": "ports.unexpected", "target": "web2"},
        {"check": "ports.hidden", "target": "web1"},
        {"check": "ports.unexpected", "target": "web1", "item": "23/tcp"},
    ],
)
def test_what_fits_nothing_is_told(what):
    told = waive([waiver(**what)], FIRST, TODAY)

    assert told.findings == {}
    assert told.idle == (waiver(**what),)


@pytest.mark.parametrize(("ends", "accepted"), [(0, True), (1, True), (-1, False)])
def test_the_last_day_counts_and_no_day_after_it(ends, accepted):
    told = waive([waiver(ends=ends)], FIRST, TODAY)

    assert bool(told.findings) is accepted
    assert told.expired == (() if accepted else (waiver(ends=ends),))


def test_before_its_first_day_it_accepts_nothing():
    told = waive([waiver(begins=1)], FIRST, TODAY)

    assert (told.findings, told.idle) == ({}, (waiver(begins=1),))


@pytest.mark.parametrize("state", FindingState)
def test_only_what_stands_is_waived(state):
    told = waive([waiver()], [msgspec.structs.replace(FINDING, state=state)], TODAY)

    assert bool(told.findings) is (state is not FindingState.FIXED)
    assert bool(told.idle) is (state is FindingState.FIXED)


def test_of_two_waivers_the_later_end_counts():
    short, long = waiver("a", ends=30), waiver("b", ends=5)

    assert waive([short, long], FIRST, TODAY).findings == {FINDING.id: short}


@pytest.mark.parametrize(
    ("what", "targets", "told"),
    [
        ({"check": "ports.hidden", "target": "web1"}, ("web1",), True),
        ({"check": "ports.hidden", "target": "web2"}, ("web1",), False),
        ({"check": "ports.hidden", "target": "web2"}, ("web1", "web2"), True),
        ({"finding": "keine"}, ("web1",), False),
        ({"finding": "keine"}, ("web1", "web2"), True),
    ],
)
def test_a_run_of_some_targets_says_nothing_of_waivers_for_others(what, targets, told):
    inventory = parse_inventory(document(INVENTORY)).value
    idle = waive([waiver(**what)], FIRST, TODAY)

    assert bool(among(idle, targets, inventory).idle) is told
