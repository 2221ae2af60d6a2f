"""Module streams, extended updates, vendors."""

from datetime import date

import pytest

from auditor.model.advisory import FixState
from tests.unit.probe.patching import (
    ALMA,
    feeds,
    fix,
    join,
    kernel,
    rpm,
)

NODE20 = fix("nodejs", "1:20.11.1-1.module_el8.9.0+3765", "CVE-2026-7", os=ALMA)


def judge(have, stream, fixed_stream):
    row = fix(
        "nodejs", "1:20.11.1-1.module_el8.9.0+3765", "CVE-2026-7", os=ALMA, stream=fixed_stream
    )
    return join([rpm("nodejs", have, stream=stream)], feeds(row), os=ALMA)


@pytest.mark.parametrize(
    ("have", "stream", "fixed", "verdict"),
    [
        ("1:20.10.0-1.module_el8.9.0+3700", "nodejs:20", "nodejs:20", "update_pending"),
        ("1:20.11.1-1.module_el8.9.0+3765", "nodejs:20", "nodejs:20", "fixed"),
        ("1:18.20.0-1.module_el8.9.0+3700", "nodejs:18", "nodejs:20", None),
        ("1:18.20.0-1.module_el8.9.0+3700", "", "nodejs:20", "undetermined"),
        ("1:18.20.0-1.module_el8.9.0+3700", "nodejs:18", "?", "undetermined"),
        ("1:22.1.0-1.module_el8.9.0+3700", "", "nodejs:20", None),
        ("1:16.20.0-1.el9", "", "nodejs:20", None),
        ("1:16.20.0-1.module+el8", "nodejs:16", "", None),
    ],
)
def test_an_advisory_counts_within_its_own_stream(have, stream, fixed, verdict):
    found = judge(have, stream, fixed)

    assert (found["security"] != []) is (verdict == "update_pending")
    counted = {name: n for name, n in found["verdicts"].items() if n}
    assert counted == ({verdict: 1} if verdict else {})


@pytest.mark.parametrize(
    ("have", "pockets", "verdict"),
    [
        ("3.0.7-18.el9_2.1", ("eus",), "fixed"),
        ("3.0.7-18.el9_2", ("eus",), "update_pending"),
        ("3.0.7-18.el9_2", (), "update_not_enabled"),
        ("3.0.9-20.el9_4", (), "update_not_enabled"),
    ],
)
def test_extended_updates_are_told_by_the_minor_release(have, pockets, verdict):
    row = fix("openssl", "3.0.7-18.el9_2.1", "CVE-2026-8", os=ALMA, pocket="eus")

    found = join([rpm("openssl", have)], feeds(row), os=ALMA, updates={"pockets": list(pockets)})

    assert found["verdicts"][verdict] == 1


def test_a_build_that_an_advisory_names_tells_its_stream():
    """Without a label; the fix of nodejs:20 is no update of the newest nodejs:18."""
    build = "1:18.20.0-1.module_el8.9.0+3700"
    rows = (
        fix("nodejs", build, "CVE-2026-1", os=ALMA, stream="nodejs:18"),
        fix("nodejs", "1:20.11.1-1.module_el8.9.0+3765", "CVE-2026-2", os=ALMA,
            stream="nodejs:20"),
    )  # fmt: skip

    found = join([rpm("nodejs", build)], feeds(*rows), os=ALMA)

    assert {k: n for k, n in found["verdicts"].items() if n} == {"fixed": 1}


def test_the_devel_part_of_a_module_belongs_to_it():
    version = "8.0-1.module_el8.9.0+1"
    row = fix("libvirt", "8.0-2.module_el8.9.0+2", "CVE-2026-1", os=ALMA, stream="virt:rhel")

    listed = [rpm("libvirt", version, stream="virt-devel:rhel")]

    assert join(listed, feeds(row), os=ALMA)["count"] == 1


def test_what_is_not_mended_is_told_of_the_source_package():
    rows = (
        fix("openssl", "", "CVE-2026-1", os=ALMA, state=FixState.NO_FIX),
        fix("openssl", "9-9", "CVE-2026-2", os=ALMA),
        fix("kernel", "", "CVE-2026-3", os=ALMA, state=FixState.MINOR),
    )
    listed = [
        rpm("openssl-libs", "1:3-1", "openssl"),
        rpm("bpftool", "5.14.0-1.el9", "kernel"),
        rpm("kernel-core", "5.14.0-1.el9", "kernel"),
    ]
    told = kernel("5.14.0-1.el9", names=("kernel-core",))

    found = join(listed, feeds(*rows), os=ALMA, reboot=told)

    assert [(r["source"], r["verdict"], r["cves"]) for r in found["open"]] == [
        ("kernel", "open_minor", ["CVE-2026-3"]),
        ("openssl", "open_no_fix", ["CVE-2026-1"]),
    ]
    assert found["security"] == []
    assert found["verdicts"]["open_minor"] == 1


@pytest.mark.parametrize(("have", "verdict"), [("1-2", "fixed"), ("1-1", "update_not_enabled")])
def test_support_that_goes_on_measures_every_version(have, verdict):
    row = fix("curl", "1-2", "CVE-2026-1", os=ALMA, pocket="ltss")

    found = join([rpm("curl", have)], feeds(row), os=ALMA)

    assert found["verdicts"][verdict] == 1


def test_no_epoch_is_zero():
    row = fix("bind", "32:9.16.23-18.el9", os=ALMA)

    assert join([rpm("bind", "9.16.23-18.el9")], feeds(row), os=ALMA)["count"] == 1


def test_an_action_names_the_newest_of_its_fixes():
    rows = (
        fix("openssl", "1:3.0.7-25.el9", "CVE-2026-2", os=ALMA, issued=date(2026, 10, 1)),
        fix("openssl-libs", "1:3.0.7-27.el9", "CVE-2026-1", os=ALMA, issued=date(2026, 9, 1),
            advisory="ALSA-2026:1"),
        fix("openssl", "1:3.0.7-27.el9", "CVE-2026-1", os=ALMA, issued=date(2026, 11, 1)),
    )  # fmt: skip
    listed = [
        rpm("openssl", "1:3.0.7-20.el9"),
        rpm("openssl-libs", "1:3.0.7-20.el9", "openssl"),
    ]

    (row,) = join(listed, feeds(*rows), os=ALMA)["security"]

    assert row["want"] == "1:3.0.7-27.el9"
    assert row["packages"] == ["openssl", "openssl-libs"]
    assert row["cves"] == ["CVE-2026-1", "CVE-2026-2"]
    assert row["since"].startswith("2026-09-01")
    assert (row["suite"], row["advisories"]) == ("errata", ["ALSA-2026:1"])


def test_packages_of_other_vendors_are_not_covered():
    listed = [
        rpm("bash", "5.1-1.el9"),
        rpm("docker-ce", "3:26-1.el9", vendor="Docker"),
        rpm("local", "1-1", vendor=""),
        rpm("gpg-pubkey", "b86b3716-61e69f29", vendor=""),
    ]

    found = join(listed, feeds(), os=ALMA)

    assert [row["name"] for row in found["third_party"]] == ["docker-ce", "local"]
    assert found["verdicts"]["not_covered"] == 2
