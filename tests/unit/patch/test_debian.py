"""Source versions, backports, states of the tracker, holds."""

from datetime import date

import pytest

from auditor.model.advisory import FixState, Support
from tests.unit.probe.patching import (
    LISTS,
    debian,
    entry,
    feeds,
    fix,
    image,
    index,
    join,
    package,
)


def test_the_source_version_is_compared_not_the_binary_one():
    """Bsdutils 1:2.38 is made of util-linux 2.38."""
    listed = package("bsdutils", "1:2.38.1-5", source="util-linux", source_version="2.38.1-5")

    found = debian([listed], fix("util-linux", "2.38.1-5+deb12u1"))

    assert found["security"][0]["packages"] == ["bsdutils"]
    assert debian([listed], fix("util-linux", "2.38.1-5"))["security"] == []


def test_a_rebuild_of_the_mended_version_is_mended():
    listed = package("nginx", "1.22.1-9+b1", source="nginx", source_version="1.22.1-9")

    assert debian([listed], fix("nginx", "1.22.1-9"))["verdicts"]["fixed"] == 1


@pytest.mark.parametrize(
    ("have", "verdict"),
    [("8.9p1-3~bpo12+1", "fixed"), ("8.9p1-2~bpo12+1", "update_pending")],
)
def test_a_backport_is_measured_by_the_release_it_comes_from(have, verdict):
    stable = fix("openssh", "9.9p1-1")
    unstable = fix("openssh", "8.9p1-3")

    found = debian(
        [package("openssh-server", have, source="openssh")],
        stable,
        unreleased={"openssh": (unstable,)},
    )

    assert found["verdicts"][verdict] == 1


def test_a_backport_that_nothing_is_known_of_is_no_finding_of_stable():
    found = debian([package("openssh", "8.9p1-3~bpo12+1")], fix("openssh", "9.9p1-1"))

    assert found["security"] == []


@pytest.mark.parametrize(
    ("state", "note", "verdict"),
    [
        (FixState.MINOR, "ignored", "open_minor"),
        (FixState.MINOR, "no-dsa", "open_minor"),
        (FixState.NO_FIX, "fix not shipped", "open_no_fix"),
        (FixState.UNDETERMINED, "", "undetermined"),
    ],
)
def test_what_no_update_mends_is_listed_apart(state, note, verdict):
    row = fix("zlib", "", "CVE-2023-45853", state=state, note=note)

    found = debian([package("zlib1g", "1:1.2.13", source="zlib")], row, kev=["CVE-2023-45853"])

    assert found["security"] == []
    assert found["verdicts"][verdict] == 1
    (listed,) = found["open"]
    assert (listed["verdict"], listed["note"]) == (verdict, note)
    assert listed["cves"] == listed["kev"] == ["CVE-2023-45853"]


def test_not_affected_is_evidence_not_a_finding():
    found = debian(
        [package("zlib1g", "1", source="zlib")], fix("zlib", state=FixState.NOT_AFFECTED)
    )

    assert (found["security"], found["open"]) == ([], [])
    assert found["verdicts"]["not_affected"] == 1


def test_a_held_package_is_pending_and_marked():
    (row,) = debian([package("openssl", "1", "hi")], fix("openssl", "2"))["security"]

    assert row["held"] is True


def test_without_the_security_suite_the_remedy_is_another():
    held = feeds(fix("openssl", "2"), indexes=(index(entry("openssl", "2")),))

    (row,) = join([package("openssl", "1")], held, updates={"security_suite": False})["security"]

    assert (row["verdict"], row["suite"]) == ("update_not_enabled", "bookworm-security")


@pytest.mark.parametrize("pattern", ["php-horde*", "php-horde-core"])
def test_packages_whose_support_ended_early_are_told(pattern):
    ended = Support(
        distribution="debian", release="bookworm", package=pattern, ended=date(2025, 1, 1)
    )
    limited = Support(
        distribution="debian",
        release="bookworm",
        package="binutils",
        limited=True,
        note="local",
    )
    listed = [package("php-horde-core", "1"), package("binutils", "1"), package("zlib1g", "1")]

    found = debian(listed, support=(ended, limited))

    assert [(r["source"], r["limited"]) for r in found["unsupported"]] == [
        ("binutils", True),
        ("php-horde-core", False),
    ]
    assert found["verdicts"]["unsupported"] == 1


def test_without_the_list_of_ended_support_none_is_called_supported():
    found = debian([package("zlib1g", "1")], held=LISTS[:2])

    assert "unsupported" not in found
    assert "debian-support" in found["gap"]["detail"]


def test_what_the_vendor_calls_unsupported_is_told():
    row = fix("pdns", "", "CVE-2026-1", state=FixState.UNSUPPORTED, note="end-of-life")

    found = debian([package("pdns-server", "1", source="pdns")], row)

    assert [(r["source"], r["packages"], r["note"]) for r in found["unsupported"]] == [
        ("pdns", ["pdns-server"], "end-of-life")
    ]
    assert found["verdicts"]["unsupported"] == 1


def test_support_that_ends_later_has_not_ended_and_ended_beats_limited():
    def support(name, **more):
        return Support(distribution="debian", release="bookworm", package=name, **more)

    rows = (
        support("pdns", ended=date(2027, 1, 1)),
        support("golang*", limited=True),
        support("golang-1.19", ended=date(2026, 1, 1)),
    )
    listed = [package("pdns", "1"), package("golang-1.19", "1")]

    held = feeds(indexes=(index(),), support=rows)

    for _ in range(2):
        found = join(listed, held)["unsupported"]

    assert [(row["source"], row["ended"][:10]) for row in found] == [("golang-1.19", "2026-01-01")]


def test_third_party_packages_are_told_where_all_packages_are_known():
    main = index(entry("zlib1g", "1"), entry("linux-base", "4"), suite="bookworm")
    held = feeds(indexes=(index(), main))
    listed = [package("zlib1g", "1"), package("docker-ce", "5:20"), image("6.1.1-1")]

    for _ in range(2):
        found = join(listed, held)

    assert [row["name"] for row in found["third_party"]] == ["docker-ce"]
    assert (found["packages"], found["covered"], found["coverage"]) == (3, 2, 66)
    assert "gap" not in found


def test_without_a_list_of_all_packages_coverage_is_not_known():
    found = debian([package("docker-ce", "1")])

    assert "coverage" not in found
    assert "third_party" not in found
    assert found["gap"]["detail"] == "no list of all packages is held"
