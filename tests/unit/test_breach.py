"""The clock of the law over findings: when it begins, for whom, and what does not stop it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.load.checks import load_checks
from auditor.model.base import Text
from auditor.model.check import Foundation, Severity
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Tags, Target
from auditor.model.result import Finding, FindingState
from auditor.report.breach import REVEALS, breaches

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def inventory():
    return Inventory(
        city=City(name="Kota Batu"),
        authority=Authority(
            letter="1",
            date=date(2026, 1, 1),
            valid_until=date(2026, 12, 31),
            scope=Scope(networks=("10.0.0.0/8",), domains=()),
        ),
        opds=(Opd(id="dinkes", name="Dinas Kesehatan"), Opd(id="dukcapil", name="Dukcapil")),
        targets=(
            Target(id="web1", opd="dinkes", address="10.0.0.1"),
            Target(id="web2", opd="dukcapil", address="10.0.0.2", tags=Tags(iiv=True)),
        ),
    )


def finding(check="personal.nik", target="web1", hours=0, state=FindingState.OPEN, **more):
    fields = {
        "id": f"{check} {target} {hours}",
        "check": check,
        "target": target,
        "item": "dinkes.batu.lab https://dinkes.batu.lab/a.pdf",
        "severity": Severity.CRITICAL,
        "foundation": Foundation.ETHICS,
        "state": state,
        "message": Text(id="Jumlah NIK yang terbuka: 3", en="3"),
        "first_seen": NOW - hours * HOUR,
        "last_seen": NOW,
        "place": "https://dinkes.batu.lab/a.pdf#page=3",
    }
    return Finding(**{**fields, **more})


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [finding("site.cookie-secure")],
        [finding("personal.author"), finding("personal.readable"), finding("personal.columns")],
        [finding(target="gone")],
    ],
)
def test_what_reveals_no_data_opens_no_clock(findings):
    assert breaches(findings, inventory()) == ()


def test_the_oldest_finding_begins_the_clock():
    (one,) = breaches([finding(hours=5), finding("personal.kk", hours=30)], inventory())

    assert one.detected == NOW - 30 * HOUR
    assert one.due == NOW + 42 * HOUR
    assert one.report_due is None
    assert [kind.en for kind in one.kinds] == ["family card number (KK)", "population number (NIK)"]
    assert one.sites == ("dinkes.batu.lab",)
    assert one.revealed[0].place == "https://dinkes.batu.lab/a.pdf#page=3"


def test_vital_infrastructure_has_a_day():
    (one,) = breaches([finding(target="web2")], inventory())

    assert one.report_due == NOW + 24 * HOUR
    assert one.due == NOW + 72 * HOUR


def test_offices_stand_apart_the_soonest_first():
    found = breaches([finding(hours=1), finding(target="web2", hours=9)], inventory())

    assert [one.opd.id for one in found] == ["dukcapil", "dinkes"]


@pytest.mark.parametrize("state", FindingState)
def test_no_state_stops_the_clock(state):
    gone = NOW if state is FindingState.FIXED else None
    (one,) = breaches([finding(hours=80, state=state, fixed_at=gone)], inventory())

    assert one.due < NOW
    assert one.gone == gone


def test_some_is_still_there():
    some = [finding(state=FindingState.FIXED, fixed_at=NOW), finding("personal.kk")]

    assert breaches(some, inventory())[0].gone is None


@pytest.mark.parametrize(
    ("item", "place", "site", "where"),
    [
        ("", "", "web1", "web1"),
        ("a.lab", "", "a.lab", "a.lab"),
        ("a.lab https://a.lab/x", "", "a.lab", "https://a.lab/x"),
    ],
)
def test_places_of_findings_that_say_little(item, place, site, where):
    (one,) = breaches([finding(item=item, place=place)], inventory())

    assert (one.revealed[0].site, one.revealed[0].place) == (site, where)


def test_every_check_that_reveals_exists():
    assert set(REVEALS) <= set(load_checks())
