"""SUSE's CSAF-VEX: service packs, LTSS, Leap."""

from datetime import date
from pathlib import Path

import pytest

from auditor.feeds.sources import suse_vex
from auditor.feeds.sources.suse_vex import Place, place_of
from auditor.model.advisory import Fix, FixState

SAMPLES = Path("tests/data/feeds/suse-vex")
ALL = {("sles", "15.4"), ("sles", "15.5"), ("opensuse-leap", "15.5")}
VERSION = "1.1.1l-150500.17.28.2"


def fixes(wanted):
    return [row for row in suse_vex.read(SAMPLES, wanted) if isinstance(row, Fix)]


def test_states_by_service_pack():
    told = {
        (f.distribution, f.release, f.package, f.state, f.version, f.pocket) for f in fixes(ALL)
    }

    assert told == {
        ("sles", "15.5", "libopenssl1_1", FixState.FIXED, VERSION, ""),
        ("sles", "15.4", "libopenssl1_1", FixState.FIXED, VERSION, "ltss"),
        ("opensuse-leap", "15.5", "libopenssl1_1", FixState.FIXED, VERSION, ""),
        ("sles", "15.4", "openssl-1_1", FixState.MINOR, "", ""),
        ("sles", "15.5", "openssl-1_1", FixState.NO_FIX, "", ""),
        ("sles", "15.5", "openssl-3", FixState.NOT_AFFECTED, "", ""),
        ("sles", "15.5", "libopenssl0", FixState.NOT_AFFECTED, "", ""),
        ("opensuse-leap", "15.5", "openssl-3", FixState.UNDETERMINED, "", ""),
    }


def test_a_fix_has_its_day_and_a_refusal_the_vendors_words():
    found = {(f.package, f.state): f for f in fixes({("sles", "15.4")})}

    assert found["libopenssl1_1", FixState.FIXED].issued == date(2025, 4, 1)
    assert found["openssl-1_1", FixState.MINOR].note == "will not fix"


def test_only_what_is_wanted_is_given():
    assert {fix.release for fix in fixes({("sles", "15.5")})} == {"15.5"}
    assert fixes({("sles", "15.3"), ("rhel", "9")}) == []


@pytest.mark.parametrize(
    ("cpe", "place"),
    [
        ("cpe:/o:suse:sles:15:sp5", Place("sles", "15.5")),
        ("cpe:/o:suse:sles:15", Place("sles", "15")),
        ("cpe:/o:suse:sles_sap:15:sp4", Place("sles", "15.4")),
        ("cpe:/o:suse:sles-ltss:12:sp5", Place("sles", "12.5", "ltss")),
        ("cpe:/o:suse:sles-ltss-extended-security:12:sp5", Place("sles", "12.5", "ltss")),
        ("cpe:/o:suse:sle-module-basesystem:15:sp6", Place("sles", "15.6")),
        ("cpe:/o:opensuse:leap:15.6", Place("opensuse-leap", "15.6")),
        ("cpe:/o:suse:sled:15:sp5", None),
        ("cpe:/o:suse:sle-micro:5.5", None),
        ("cpe:/o:suse:suse-manager-server:4.3", None),
        ("", None),
    ],
)
def test_platforms_are_known_by_their_cpe(cpe, place):
    assert place_of(cpe) == place
