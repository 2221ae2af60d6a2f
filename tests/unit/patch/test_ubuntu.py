"""Pockets: a fix counts where the version shows its line; what must be paid for is told."""

from datetime import date, timedelta

import pytest

from auditor.model.advisory import FixState
from auditor.model.fact import Why
from auditor.model.feed import Release
from auditor.probe.base import Unseen
from tests.unit.probe.patching import (
    JAMMY,
    NOW,
    feed,
    feeds,
    fix,
    index,
    join,
    package,
    system,
)

ESM = fix("curl", "7.81.0-1ubuntu1.20+esm1", "CVE-2026-5", os=JAMMY, pocket="esm-infra")


def judge(have, *rows, pockets=()):
    held = feeds(*rows, indexes=(index(os=JAMMY),))
    return join([package("curl", have)], held, os=JAMMY, updates={"pockets": list(pockets)})


def test_without_a_list_nothing_is_known_of_what_only_pro_has():
    for held in ((), (feed(age=15),)):
        with pytest.raises(Unseen) as caught:
            join([package("curl", "7")], feeds(indexes=(index(os=JAMMY),), held=held), JAMMY)

        assert caught.value.why is (Why.STALE if held else Why.NO_DATA)


FOCAL = system("ubuntu", "20.04", "focal")


@pytest.mark.parametrize(
    ("pockets", "dated", "why"),
    [
        (["esm-infra"], 500, None),
        (["esm-infra"], 600, Why.STALE),
        (["esm-apps"], 500, Why.STALE),
        (["esm-apps"], 1, Why.UNSUPPORTED),
        ([], 1, Why.UNSUPPORTED),
    ],
)
def test_a_release_that_is_paid_for_is_supported_for_longer(pockets, dated, why):
    """Its index is what it was when it was given up; a still older one is stale."""
    end = (NOW - timedelta(days=540)).date()
    life = Release(
        distribution="ubuntu", codename="focal", version="20.04", released=None, eol=end,
        eol_extended=date(2030, 5, 31),
    )  # fmt: skip
    held = feeds(indexes=(index(os=FOCAL, age=dated),), releases=(life,))
    told = {"security_suite": True, "pockets": pockets}

    if why:
        with pytest.raises(Unseen) as caught:
            join([package("curl", "7")], held, FOCAL, updates=told)
        assert caught.value.why is why
        return
    found = join([package("curl", "7")], held, FOCAL, updates=told)
    assert (found["sure"], found["stale"], found["feeds"][0]["state"]) == (True, False, "fresh")


@pytest.mark.parametrize(("pockets", "verdict"), [((), "update_pending"), (("esm-infra",), "")])
def test_that_another_pockets_builds_are_not_affected_mends_nothing(pockets, verdict):
    rows = (
        fix("curl", "7.81.0-1ubuntu1.20", "CVE-2026-5", os=JAMMY),
        fix("curl", "", "CVE-2026-5", os=JAMMY, state=FixState.NOT_AFFECTED,
            pocket="esm-infra"),
    )  # fmt: skip

    found = judge("7.81.0-1ubuntu1.10", *rows, pockets=pockets)

    assert [row["verdict"] for row in found["security"]] == [verdict] * bool(verdict)


def test_an_installed_esm_build_is_fixed():
    found = judge("7.81.0-1ubuntu1.20+esm1", ESM, pockets=["esm-infra"])

    assert found["verdicts"]["fixed"] == 1
    assert found["security"] == []


@pytest.mark.parametrize(
    ("pockets", "verdict"),
    [
        ((), "update_not_enabled"),
        (("esm-apps",), "update_not_enabled"),
        (("esm-infra",), "update_pending"),
    ],
)
def test_a_fix_in_esm_alone_needs_the_pocket(pockets, verdict):
    (row,) = judge("7.81.0-1ubuntu1.20", ESM, pockets=pockets)["security"]

    assert (row["verdict"], row["suite"]) == (verdict, "esm-infra")


def test_esm_that_is_not_told_apart_is_enabled_by_either_part():
    row = fix("curl", "7.81.0-1ubuntu1.20+esm1", "CVE-2026-5", os=JAMMY, pocket="esm")

    (action,) = judge("7.81.0-1ubuntu1.20", row, pockets=["esm-apps"])["security"]

    assert action["verdict"] == "update_pending"


def test_the_fix_of_the_release_itself_comes_first():
    base = fix("curl", "7.81.0-1ubuntu1.21", "CVE-2026-5", os=JAMMY)

    (row,) = judge("7.81.0-1ubuntu1.20", ESM, base)["security"]

    assert (row["verdict"], row["want"]) == ("update_pending", "7.81.0-1ubuntu1.21")


def test_a_build_of_another_line_is_no_measure():
    """A FIPS build is numbered lower than the release's own, which lacks the fix."""
    fips = fix("curl", "7.81.0-1ubuntu1.10+Fips1", "CVE-2026-5", os=JAMMY, pocket="fips-updates")
    base = fix("curl", "7.81.0-1ubuntu1.21", "CVE-2026-5", os=JAMMY)

    found = judge("7.81.0-1ubuntu1.20", fips, base)
    mended = judge("7.81.0-1ubuntu1.10+Fips1", fips, base)

    assert found["security"][0]["want"] == "7.81.0-1ubuntu1.21"
    assert mended["verdicts"]["fixed"] == 1


@pytest.mark.parametrize("state", [FixState.FIXED, FixState.NO_FIX])
@pytest.mark.parametrize("pocket", ["fips", "realtime", "bluefield"])
def test_special_builds_say_nothing_of_a_target_without_them(pocket, state):
    row = fix("curl", "9", "CVE-2026-5", os=JAMMY, pocket=pocket, state=state)

    without = judge("7.81.0-1ubuntu1.20", row)
    attached = judge("7.81.0-1ubuntu1.20", row, pockets=[pocket])

    assert (without["security"], without["open"]) == ([], [])
    assert bool(attached["security"]) is (state is FixState.FIXED)


def test_a_pocket_that_is_not_known_measures_nothing():
    row = fix("curl", "9", "CVE-2026-5", os=JAMMY, pocket="other")

    (action,) = judge("7", row, pockets=["other"])["security"]

    assert action["suite"] == "other"


def test_updates_in_two_places_are_two_actions():
    base = fix("curl", "7.81.0-1ubuntu1.21", "CVE-2026-6", os=JAMMY)

    found = judge("7.81.0-1ubuntu1.20", ESM, base)

    assert {row["source"] for row in found["security"]} == {"curl", "curl (esm-infra)"}


def test_an_advisory_without_a_number_is_told_by_its_name():
    row = ESM.__class__(
        distribution="ubuntu", release="jammy", package="curl", state=FixState.FIXED,
        version="9", key=b"\xff", pocket="esm-infra", advisory="USN-1-1",
    )  # fmt: skip

    (action,) = judge("7.81.0-1ubuntu1.20", row)["security"]

    assert (action["cves"], action["advisories"]) == ([], ["USN-1-1"])
