"""Is the newest installed kernel the one that runs: Red Hat, SUSE, Amazon and Alpine name theirs
differently. Debian and Ubuntu are in test_upkeep_parsers.py.
"""

import pytest

from auditor.model.fact import Why
from auditor.probe import kernels, reboot
from tests.unit.probe.asking import frame, parse, why

CLOCK, UPTIME = 1_790_000_000, 86_400
BEFORE, AFTER = CLOCK - UPTIME - 60, CLOCK - 60


def rpm(name, version, arch="x86_64", since=BEFORE):
    return f"{name}\t{version}\t{name}-1-1.src.rpm\t{since}\t{arch}\trpm\t\t\n"


def apk(name, version):
    return f"{name}\t{version}\t{name}\t{version}\tx86_64\tapk\n"


BASH = rpm("bash", "5.1.8-6.el9")


def asked(running, installed, *, more="", flags="", ask=parse):
    own = f"os ID=any\nosrelease {running}\nversion #1 SMP\nclock {CLOCK}\nuptime {UPTIME}.5\n"
    frames = frame("os", own + more) | frame("packages", installed)
    return ask(reboot, flags, frames=frames)


@pytest.mark.parametrize(
    ("running", "installed", "newest", "package"),
    [
        ("5.14.0-1.el9.x86_64", BASH + rpm("kernel-core", "5.14.0-1.el9"), "", ""),
        (
            "5.14.0-9.el9.x86_64",
            rpm("kernel-core", "5.14.0-10.el9") + rpm("kernel-core", "5.14.0-9.el9"),
            "5.14.0-10.el9.x86_64",
            "kernel-core-5.14.0-10.el9",
        ),
        (
            "5.14.0-9.el9.x86_64",
            rpm("kernel-core", "5.14.0-9.el9") + rpm("kernel-headers", "5.14.0-10.el9"),
            "",
            "",
        ),
        (
            "5.14.0-9.el9.x86_64+rt",
            rpm("kernel-core", "5.14.0-10.el9") + rpm("kernel-rt-core", "5.14.0-9.el9"),
            "",
            "",
        ),
        ("3.10.0-1160.el7.x86_64", rpm("kernel", "3.10.0-1160.el7"), "", ""),
        (
            "5.15.0-200.el9uek.x86_64",
            rpm("kernel-uek-core", "5.15.0-200.el9uek") + rpm("kernel-core", "6.1-1.el9"),
            "",
            "",
        ),
        (
            "6.1.94-99.176.amzn2023.x86_64",
            rpm("kernel", "6.1.94-99.176.amzn2023") + rpm("kernel6.12", "6.12.1-1.amzn2023"),
            "",
            "",
        ),
        ("5.14.21-150500.55.52-default", rpm("kernel-default", "5.14.21-150500.55.52.1"), "", ""),
        (
            "5.14.21-150500.55.52-default",
            rpm("kernel-default", "5.14.21-150500.55.52.1")
            + rpm("kernel-default", "5.14.21-150500.55.83.1"),
            "5.14.21-150500.55.83-default",
            "kernel-default-5.14.21-150500.55.83.1",
        ),
        ("6.18.44-firecracker", BASH, "", ""),
        ("6.6.7-0-lts", apk("linux-lts", "6.6.7-r0"), "", ""),
        ("6.6.6-0-lts", apk("linux-lts", "6.6.7-r0"), "6.6.7-0-lts", "linux-lts"),
        ("6.6.7-0-virt", apk("linux-headers", "6.6-r0") + apk("musl", "1.2.4-r2"), "", ""),
    ],
)
def test_the_newest_kernel_of_the_running_kind_counts(running, installed, newest, package):
    found = asked(running, installed)

    assert found["required"] is bool(package)
    assert found["newest"] == (newest or running)
    assert found["packages"] == ([package] if package else [])
    assert found["reason"] == ("kernel" if package else "")


def test_a_running_kernel_that_no_package_holds_is_a_gap():
    installed = rpm("kernel-core", "5.14.0-10.el9")

    assert asked("6.9.0-custom", installed, ask=why) is Why.NO_DATA


def test_a_container_runs_the_kernel_and_since_the_boot_of_its_host():
    installed = rpm("kernel-core", "5.14.0-10.el9") + rpm("glibc", "2.34-83.el9", since=AFTER)

    found = asked("6.9.0-custom", installed, more="container /.dockerenv\n")

    assert (found["required"], found["newest"]) == (False, "6.9.0-custom")


@pytest.mark.parametrize(
    ("name", "since", "required"),
    [("glibc", AFTER, True), ("glibc", BEFORE, False), ("bash", AFTER, False)],
)
def test_a_core_package_that_is_newer_than_the_boot_asks_for_another(name, since, required):
    installed = rpm("kernel-core", "5.14.0-1.el9") + rpm(name, "2.34-83.el9", since=since)

    found = asked("5.14.0-1.el9.x86_64", installed)

    assert found["required"] is required
    assert found["reason"] == ("updated" if required else "")
    assert found["packages"] == ([name] if required else [])


def test_without_a_time_of_boot_core_packages_are_a_gap():
    frames = frame("os", f"osrelease 6\nclock {CLOCK}\n") | frame("packages", rpm("glibc", "2-1"))

    assert why(reboot, "", frames=frames) is Why.NO_DATA
    assert why(reboot, "", frames=frame("os", "osrelease 6\n") | {
        "packages": frames["packages"]
    }) is Why.UNREADABLE  # fmt: skip


def test_suses_mark_is_enough():
    found = asked("6-default", BASH, flags="required\n")

    assert (found["required"], found["reason"]) == (True, "reboot-required")


def deb(name, version, status="ii"):
    return f"{name}\t{version}\tlinux\t{version}\tamd64\t{status} \n"


def held(running, installed, *, build="#1 SMP", more=""):
    own = f"os ID=any\nosrelease {running}\nversion {build}\nclock {CLOCK}\nuptime {UPTIME}.5\n"
    found = parse(reboot, "", frames=frame("os", own + more) | frame("packages", installed))
    return found["kernel_packages"], found["running_version"], found["newest_version"]


RELEASE = "6.1.0-40-amd64"
BUILT = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)"


@pytest.mark.parametrize(
    ("running", "installed", "build", "expected"),
    [
        (
            RELEASE,
            deb(f"linux-image-{RELEASE}", "6.1.158-1")
            + deb("linux-image-6.1.0-41-amd64", "6.1.160-1")
            + deb("linux-image-amd64", "6.1.160-1")
            + deb(f"linux-headers-{RELEASE}", "6.1.158-1"),
            BUILT,
            ([f"linux-image-{RELEASE}"], "6.1.153-1", "6.1.160-1"),
        ),
        (
            RELEASE,
            deb(f"linux-image-{RELEASE}-unsigned", "6.1.153-1"),
            BUILT,
            ([f"linux-image-{RELEASE}-unsigned"], "6.1.153-1", "6.1.153-1"),
        ),
        (
            RELEASE,
            deb("linux-image-6.1.0-41-amd64", "6.1.160-1")
            + deb(f"linux-image-{RELEASE}", "6.1.153-1", "rc"),
            BUILT,
            (["linux-image-6.1.0-41-amd64"], "6.1.153-1", "6.1.160-1"),
        ),
        (
            "6.1.0-40-cloud-amd64",
            deb("linux-image-6.1.0-40-cloud-amd64", "6.1.153-1"),
            "#1 SMP",
            (["linux-image-6.1.0-40-cloud-amd64"], "", "6.1.153-1"),
        ),
        ("6.18.44-fc", deb(f"linux-image-{RELEASE}", "6.1.153-1"), BUILT, ([], "", "")),
        (
            "5.14.0-9.el9.x86_64",
            rpm("kernel", "5.14.0-10.el9")
            + rpm("kernel", "5.14.0-9.el9")
            + rpm("kernel-core", "5.14.0-10.el9")
            + rpm("kernel-core", "5.14.0-9.el9")
            + rpm("kernel-modules-core", "5.14.0-9.el9")
            + rpm("kernel-modules", "5.14.0-10.el9")
            + rpm("kernel-modules", "5.14.0-9.el9")
            + rpm("kernel-tools", "5.14.0-9.el9")
            + rpm("kernel-headers", "5.14.0-9.el9"),
            "#1 SMP",
            (
                [
                    "kernel-5.14.0-9.el9",
                    "kernel-core-5.14.0-9.el9",
                    "kernel-modules-5.14.0-9.el9",
                    "kernel-modules-core",
                ],
                "5.14.0-9.el9",
                "5.14.0-10.el9",
            ),
        ),
        (
            "5.14.21-150500.55.52-default",
            rpm("kernel-default", "5.14.21-150500.55.52.1")
            + rpm("kernel-default", "5.14.21-150500.55.83.1"),
            "#1 SMP",
            (
                ["kernel-default-5.14.21-150500.55.52.1"],
                "5.14.21-150500.55.52.1",
                "5.14.21-150500.55.83.1",
            ),
        ),
        ("6.18.44-firecracker", BASH, "#1 SMP", ([], "", "")),
        (
            "6.6.6-0-lts",
            apk("linux-lts", "6.6.7-r0"),
            "#1",
            (["linux-lts"], "6.6.6-r0", "6.6.7-r0"),
        ),
        ("rt-lts", apk("linux-lts", "6.6.7-r0"), "#1", (["linux-lts"], "", "6.6.7-r0")),
        ("6.6.6-0-virt", apk("musl", "1.2.4-r2"), "#1", ([], "", "")),
    ],
    ids=[
        "a rebuild waits",
        "unsigned",
        "removed",
        "no build told",
        "from elsewhere",
        "Red Hat",
        "SUSE",
        "not rpm's",
        "Alpine",
        "Alpine, odd name",
        "Alpine, from elsewhere",
    ],
)
def test_what_holds_the_kernel_that_runs_and_its_version(running, installed, build, expected):
    assert held(running, installed, build=build) == expected


def test_ubuntu_divides_its_kernel_and_signs_the_version():
    names = ("image", "modules", "modules-extra", "headers")
    installed = "".join(
        deb(f"linux-{name}-5.15.0-{abi}-generic", f"5.15.0-{abi}.{abi + 10}")
        for name in names
        for abi in (119, 122)
    )
    signature = "signature Ubuntu 5.15.0-119.129-generic 5.15.160\n"

    packages, runs, newest = held("5.15.0-119-generic", installed, more=signature)

    assert packages == [f"linux-{name}-5.15.0-119-generic" for name in names[:3]]
    assert (runs, newest) == ("5.15.0-119.129", "5.15.0-122.132")


def test_a_container_holds_no_kernel():
    installed = rpm("kernel-core", "5.14.0-10.el9")

    seen = held("5.14.0-10.el9.x86_64", installed, more="container /.dockerenv\n")

    assert seen == ([], "", "")


def test_an_empty_list_holds_no_kernel():
    assert kernels.running_packages("6.1.0-40-amd64", "", []) == frozenset()
    assert kernels.running_version("6.1", "", []) == ""
    assert kernels.newest("6.1", "", []) is None
