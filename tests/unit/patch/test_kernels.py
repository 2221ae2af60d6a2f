"""The signed image, the one that runs, those beside it, and what only sounds like one."""

import pytest

from auditor.patch.system import kernel_source
from tests.unit.probe.patching import (
    ALMA,
    IMAGE,
    JAMMY,
    SIGNED,
    debian,
    entry,
    feeds,
    fix,
    image,
    index,
    join,
    kernel,
    open_updates,
    package,
    rpm,
)

FIXED = fix("linux", "6.1.192-2", "CVE-2026-1111")


def test_a_signed_kernel_is_compared_by_its_binary_version():
    """6.1.192+1, the source's version, is not older than 6.1.192-2 for dpkg."""
    found = debian([image("6.1.192-1")], FIXED, reboot=kernel("6.1.192-1"))

    assert open_updates(found) == {("linux", "update_pending", "CVE-2026-1111")}


def test_the_mended_signed_kernel_is_fixed():
    found = debian([image("6.1.192-2")], FIXED, reboot=kernel("6.1.192-2"))

    assert found["security"] == found["restart"] == []
    assert found["verdicts"]["fixed"] == 1


@pytest.mark.parametrize("installed", [IMAGE, "linux-image-6.1.0-41-amd64"])
def test_a_mended_kernel_that_does_not_run_waits_for_a_restart(installed):
    """The rebuild under the same name is on the disk, or a newer one beside the old."""
    listed = [image("6.1.192-2", installed)]
    if installed != IMAGE:
        listed.append(image("6.1.192-1"))
    told = kernel("6.1.192-1", newest="6.1.192-2")

    found = debian(listed, FIXED, reboot=told)

    assert found["security"] == []
    (row,) = found["restart"]
    assert (row["source"], row["verdict"]) == ("linux", "installed_not_running")
    assert (row["have"], row["want"]) == ("6.1.192-1", "6.1.192-2")


def test_the_parts_of_a_kernel_of_two_sources_are_one():
    """Ubuntu's image is of linux-signed, its modules are of linux."""
    names = ("linux-image-6.8.0-45-generic", "linux-modules-6.8.0-45-generic")
    listed = [
        package(names[0], "6.8.0-45.45", source="linux-signed"),
        package(names[1], "6.8.0-45.45", source="linux"),
        package("linux-image-6.8.0-40-generic", "6.8.0-40.40", source="linux-signed"),
    ]
    row = fix("linux", "6.8.0-47.47", "CVE-2026-1", os=JAMMY)
    waiting = entry("linux-image-6.8.0-45-generic", "6.8.0-45.46", "linux-signed")
    held = feeds(row, indexes=(index(waiting, os=JAMMY),))

    found = join(listed, held, JAMMY, reboot=kernel("6.8.0-45.45", names))

    assert open_updates(found) == {("linux", "update_pending", "CVE-2026-1")}
    assert found["verdicts"]["update_pending"] == 1


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("linux-signed", "linux"),
        ("linux-signed-arm64", "linux"),
        ("linux-signed-6.1-amd64", "linux-6.1"),
        ("linux-6.1", "linux-6.1"),
        ("linux-signed-hwe-6.8", "linux-hwe-6.8"),
        ("linux-meta-hwe-6.8", "linux"),
        ("linux-aws-fips", "linux-aws-fips"),
        ("linux-fips", "linux-fips"),
        ("linux-firmware", ""),
        ("linux-base", ""),
        ("linux-atm", ""),
        ("linuxptp", ""),
    ],
)
def test_kernels_are_told_from_what_only_sounds_like_one(source, name):
    assert kernel_source(source) == name


def test_old_kernels_beside_the_running_one_carry_no_weakness():
    listed = [image("6.1.192-2"), image("6.1.100-1", "linux-image-6.1.0-30-amd64")]

    found = debian(listed, FIXED, reboot=kernel("6.1.192-2"))

    assert found["security"] == found["restart"] == []


@pytest.mark.parametrize(
    "listed",
    [
        package("linux-image-amd64", "6.1.99-1", source=SIGNED, source_version="6.1.99+1"),
        package("linux-image-amd64", "5.10.1", source="linux-latest"),
        package("linux-libc-dev", "6.1.99-1", source="linux"),
        package("linux-headers-6.1.0-30-amd64", "6.1.99-1", source="linux"),
        package("linux-kbuild-6.1", "6.1.99-1", source="linux"),
    ],
)
def test_metapackages_headers_and_libc_dev_carry_no_weakness(listed):
    found = debian([listed, image("6.1.192-2")], FIXED, reboot=kernel("6.1.192-2"))

    assert found["security"] == []
    assert found["verdicts"]["fixed"] == 1


def test_a_container_has_no_kernel_of_its_own():
    found = debian([image("6.1.99-1")], FIXED, reboot={"kernel_packages": []})

    assert found["security"] == found["restart"] == []


def test_what_a_live_patch_mends_waits_for_no_restart():
    row = fix("linux", "6.1.192-2", "CVE-2026-1111", "CVE-2026-2222")
    held = feeds(row, indexes=(index(),))

    found = join(
        [image("6.1.192-2")],
        held,
        reboot=kernel("6.1.192-1"),
        livepatch={"fixes": ["CVE-2026-1111"]},
    )

    assert [row["cves"] for row in found["restart"]] == [["CVE-2026-2222"]]
    assert found["verdicts"]["fixed"] == 1


def test_a_live_patch_of_all_leaves_no_restart_and_is_not_remembered_for_others():
    held = feeds(FIXED, indexes=(index(),))
    told = kernel("6.1.192-1")

    first = join([image("6.1.192-2")], held, reboot=told, livepatch={"fixes": ["CVE-2026-1111"]})
    second = join([image("6.1.192-2")], held, reboot=told)

    assert (len(first["restart"]), len(second["restart"])) == (0, 1)


def test_an_hwe_kernel_of_ubuntu_has_rows_of_its_own():
    listed = package(
        "linux-image-6.8.0-40-generic", "6.8.0-40.40~22.04.3", source="linux-signed-hwe-6.8"
    )
    rows = (
        fix("linux", "5.15.0-120.130", "CVE-2026-1", os=JAMMY),
        fix("linux-hwe-6.8", "6.8.0-45.45~22.04.1", "CVE-2026-2", os=JAMMY),
    )
    held = feeds(*rows, indexes=(index(os=JAMMY),))
    told = kernel("6.8.0-40.40~22.04.3", names=(listed["name"],))

    found = join([listed], held, os=JAMMY, reboot=told)

    assert open_updates(found) == {("linux-hwe-6.8", "update_pending", "CVE-2026-2")}


def test_of_rpm_kernels_kept_side_by_side_only_the_running_one_counts():
    old = "kernel-core-5.14.0-362.8.1.el9_3"
    listed = [
        rpm("kernel-core", "5.14.0-503.1.1.el9_5", "kernel"),
        rpm(old, "5.14.0-362.8.1.el9_3", "kernel"),
    ]
    row = fix("kernel-core", "5.14.0-427.1.1.el9_4", "CVE-2026-3", os=ALMA)
    told = kernel("5.14.0-362.8.1.el9_3", names=(old,), newest="5.14.0-503.1.1.el9_5")

    found = join(listed, feeds(row), os=ALMA, reboot=told)

    assert found["security"] == []
    assert [row["verdict"] for row in found["restart"]] == ["installed_not_running"]


def test_tools_that_come_with_an_rpm_kernel_are_packages_like_others():
    row = fix("bpftool", "7.2.0-427.el9", "CVE-2026-3", os=ALMA)

    found = join([rpm("bpftool", "7.2.0-362.el9", "kernel")], feeds(row), os=ALMA)

    assert open_updates(found) == {("kernel", "update_pending", "CVE-2026-3")}
