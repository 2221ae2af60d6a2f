"""How long a release is mended: unknown ones first, then each phase to the day."""

from datetime import UTC, date, datetime

import pytest

from auditor.feeds.releases import shipped_releases
from auditor.model.fact import Why
from auditor.model.feed import Feeds, Release
from auditor.model.inventory import Target
from auditor.model.shape import misfits
from auditor.probe import lifecycle
from auditor.probe.base import Derivation, Unseen

RELEASES = (
    Release(
        distribution="debian", codename="bookworm", version="12", released=date(2023, 6, 10),
        eol=date(2026, 6, 10), eol_lts=date(2028, 6, 30), eol_extended=date(2033, 6, 30),
    ),
    Release(
        distribution="ubuntu", codename="jammy", version="22.04", released=date(2022, 4, 21),
        eol=date(2027, 6, 1), eol_extended=date(2032, 4, 9),
    ),
    Release(distribution="debian", codename="forky", version="14", released=None, eol=None),
    Release(distribution="debian", codename="sid", version="", released=None, eol=None),
)  # fmt: skip


def life(os, day="2026-11-24", releases=RELEASES, gaps=None, **more):
    given = Derivation(
        target=Target(id="web1", opd="kominfo", address="10.0.0.1"),
        facts={} if gaps else {"os": os} | more,
        gaps=gaps or {},
        feeds=Feeds(releases=releases),
        now=datetime.fromisoformat(f"{day}T23:59:59+00:00").astimezone(UTC),
    )
    found = lifecycle.PROBE.derive(lifecycle.LifecycleArgs(), given)
    assert list(misfits(found, lifecycle.PROBE.gives)) == []
    return found


def system(name, version):
    return {"id": name, "version": version, "name": f"{name} {version}"}


def unseen(*args, **more):
    with pytest.raises(Unseen) as caught:
        life(*args, **more)
    return caught.value


@pytest.mark.parametrize(
    "os",
    [
        system("debian", "99"),
        system("debian", "14"),
        system("debian", ""),
        system("ubuntu", "12"),
        system("raspbian", "12"),
        system("debian", "12\x1b[2J"),
    ],
)
def test_a_release_without_dates_is_not_called_supported(os):
    gap = unseen(os)

    assert gap.why is Why.NO_DATA
    assert os["name"] in gap.detail


@pytest.mark.parametrize(
    ("os", "why", "words"),
    [
        ({"id": "debian"}, Why.NO_DATA, "version is not known"),
        ({"id": "debian", "gap": {"why": "denied", "detail": "tertutup"}}, Why.DENIED, "tertutup"),
    ],
)
def test_a_system_that_is_known_in_part_only_is_not_judged(os, why, words):
    gap = unseen(os)

    assert (gap.why, gap.detail) == (why, words)


def test_a_system_that_was_not_seen_is_not_judged():
    assert unseen({}, gaps={"os": (Why.TIMEOUT, "lama")}).why is Why.TIMEOUT


@pytest.mark.parametrize(
    ("os", "day", "phase", "left"),
    [
        (system("debian", "12"), "2026-06-10", "full", 751),
        (system("debian", "12"), "2026-06-11", "lts", 750),
        (system("debian", "12"), "2028-06-30", "lts", 0),
        (system("debian", "12"), "2028-07-01", "ended", -1),
        (system("ubuntu", "22.04"), "2027-06-01", "full", 0),
        (system("ubuntu", "22.04"), "2027-06-02", "ended", -1),
    ],
)
def test_support_is_told_to_the_day(os, day, phase, left):
    found = life(os, day)

    assert (found["phase"], found["days_left"]) == (phase, left)
    assert found["supported"] is (left >= 0)


def test_the_release_is_named_with_the_end_of_its_support():
    found = life(system("debian", "12"))

    assert found["release"] == "debian 12 bookworm"
    assert found["eol"] == "2028-06-30T00:00:00+00:00"


@pytest.mark.parametrize(
    ("version", "phase"), [("10", "ended"), ("11", "ended"), ("12", "lts"), ("13", "full")]
)
def test_shipped_dates_judge_todays_debian(version, phase):
    found = life(system("debian", version), "2026-11-24", shipped_releases())

    assert found["phase"] == phase


def test_only_the_system_is_asked_for():
    assert [p.key for p in lifecycle.PROBE.needs(lifecycle.LifecycleArgs())] == ["os"]


@pytest.mark.parametrize(
    ("pockets", "supported"), [((), False), (("esm-apps",), False), (("esm-infra",), True)]
)
def test_what_is_paid_for_counts_where_the_target_is_attached(pockets, supported):
    found = life(system("ubuntu", "22.04"), "2030-01-01", updates={"pockets": pockets})

    assert found["supported"] is supported
    assert found["phase"] == ("lts" if supported else "ended")
