"""Rows of several lists that are one action, and every ruling told."""

from datetime import date

from auditor.patch.judge import judge
from auditor.patch.system import Installed, System, units
from auditor.patch.verdict import Verdict
from tests.unit.probe.patching import (
    debian,
    entry,
    feeds,
    fix,
    index,
    join,
    package,
)


def test_the_signed_list_and_the_vendors_rows_are_one_action():
    listed = [package("libssl3", "1", source="openssl"), package("openssl", "1")]
    held = feeds(
        fix("openssl", "2", "CVE-2026-1", issued=date(2026, 11, 1)),
        indexes=(index(entry("libssl3", "2", "openssl")),),
    )

    (row,) = join(listed, held)["security"]

    assert (row["packages"], row["cves"]) == (["libssl3"], ["CVE-2026-1"])
    assert row["since"].startswith("2026-11-01")


def test_without_the_signed_list_all_of_a_source_package_is_named():
    listed = [package("libssl3", "1", source="openssl"), package("openssl", "1")]

    (row,) = debian(listed, fix("openssl", "2", "CVE-2026-1"))["security"]

    assert row["packages"] == ["libssl3", "openssl"]


def test_every_ruling_can_be_told_closed_ones_too():
    rows = (fix("zlib", "1", "CVE-2026-1"), fix("zlib", "3", "CVE-2026-2"))
    zlib = Installed("zlib1g", "2", "zlib", "2")
    bookworm = System(distribution="debian", release="bookworm", arch="amd64")

    told = list(judge(bookworm, feeds(*rows), units(bookworm, [zlib])))

    assert [(r.verdict, r.cves) for r in told] == [
        (Verdict.FIXED, ("CVE-2026-1",)),
        (Verdict.UPDATE_PENDING, ("CVE-2026-2",)),
    ]
