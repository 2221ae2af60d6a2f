"""Parsers of the probes about a target's own upkeep: reboot, packages."""

import pytest

from auditor.model.fact import Why
from auditor.probe import package, packages, reboot
from tests.unit.probe.asking import frame, parse, why


def image(release, version="1", status="ii", prefix="linux-image-"):
    return f"{prefix}{release}\t{version}\tlinux\t{version}\tamd64\t{status} \n"


DEBIAN = "#1 SMP PREEMPT_DYNAMIC Debian {} (2026-01-01)"


def pending(running, installed, *, build="#1 SMP", flags="", more=""):
    own = f"os ID=debian\nosrelease {running}\nversion {build}\nclock 1790000000\n{more}"
    frames = frame("os", own) | frame("packages", image("1", prefix="base-") + installed)
    found = parse(reboot, flags, frames=frames)
    return found["required"], found["newest"], found["reason"], found["packages"]


@pytest.mark.parametrize(
    ("running", "build", "installed", "newest", "packages"),
    [
        ("6.1.0-41-amd64", "", image("6.1.0-41-amd64"), "6.1.0-41-amd64", None),
        (
            "6.1.0-9-amd64",
            "",
            image("6.1.0-9-amd64") + image("6.1.0-10-amd64"),
            "6.1.0-10-amd64",
            ["linux-image-6.1.0-10-amd64"],
        ),
        (
            "6.1.0-41-amd64",
            DEBIAN.format("6.1.153-1"),
            image("6.1.0-41-amd64", "6.1.158-1"),
            "6.1.0-41-amd64",
            ["linux-image-6.1.0-41-amd64"],
        ),
        (
            "6.1.0-41-amd64",
            DEBIAN.format("6.1.158-1"),
            image("6.1.0-41-amd64", "6.1.158-1"),
            "6.1.0-41-amd64",
            None,
        ),
        (
            "6.1.0-42-amd64",
            "",
            image("6.1.0-41-amd64"),
            "6.1.0-41-amd64",
            ["linux-image-6.1.0-41-amd64"],
        ),
        (
            "6.1.0-41-amd64",
            "",
            image("6.1.0-41-amd64") + image("6.9.0-1-cloud-amd64"),
            "6.1.0-41-amd64",
            None,
        ),
        (
            "6.1.0-41-amd64",
            "",
            image("6.1.0-41-amd64")
            + image("6.1.0-42-amd64-dbg")
            + image("6.1.0-43-amd64", "1", "rc"),
            "6.1.0-41-amd64",
            None,
        ),
        (
            "6.12.48+deb13-cloud-amd64",
            "",
            image("6.12.48+deb13-cloud-amd64") + image("6.12.57+deb13-cloud-amd64-unsigned"),
            "6.12.57+deb13-cloud-amd64",
            ["linux-image-6.12.57+deb13-cloud-amd64-unsigned"],
        ),
        ("6.18.44-fc-v657", "", image("6.1.0-41-amd64"), "6.18.44-fc-v657", None),
        ("6.18", "", image("6.1.0-41-amd64"), "6.18", None),
    ],
    ids=[
        "runs the newest",
        "newer name",
        "same name, newer build",
        "same name, same build",
        "the running one was removed",
        "another flavour",
        "debug symbols and removed ones",
        "unsigned",
        "a kernel from elsewhere",
        "no flavour at all",
    ],
)
def test_a_kernel_waits_where_another_of_its_flavour_is_newer(
    running, build, installed, newest, packages
):
    waits = packages is not None

    assert pending(running, installed, build=build or "#1 SMP") == (
        waits,
        newest,
        "kernel" if waits else "",
        packages or [],
    )


def test_ubuntu_tells_the_build_in_a_signature():
    installed = image("5.15.0-119-generic", "5.15.0-119.129")
    same = "signature Ubuntu 5.15.0-119.129-generic 5.15.160\n"
    older = "signature Ubuntu 5.15.0-119.128-generic 5.15.159\n"

    assert pending("5.15.0-119-generic", installed, more=same)[0] is False
    assert pending("5.15.0-119-generic", installed, more=older)[0] is True


def test_the_kernel_of_a_container_is_its_hosts():
    newer = image("6.1.0-9-amd64") + image("6.1.0-10-amd64")

    seen = pending("6.1.0-9-amd64", newer, more="container /.dockerenv\n")

    assert seen == (False, "6.1.0-9-amd64", "", [])


def test_a_package_may_ask_for_a_reboot_whatever_the_kernel():
    seen = pending("6.18.44-fc", "", flags="required\npackage libc6\npackage dbus\npackage libc6\n")

    assert seen == (True, "6.18.44-fc", "reboot-required", ["dbus", "libc6"])


def test_a_target_that_does_not_tell_its_kernel_is_a_gap():
    frames = frame("os", "os ID=debian\n") | frame("packages", image("1"))

    assert why(reboot, "", frames=frames) is Why.NO_DATA


def test_a_version_of_absurd_length_is_just_a_version():
    long = image("6.1.0-41-amd64", "9" * 100_000)

    assert pending("6.1.0-41-amd64", long, build=DEBIAN.format("1"))[0] is True


def test_a_damaged_package_list_is_not_half_believed():
    assert why(packages, "bash\t1\n") is Why.UNREADABLE
    assert why(packages, "") is Why.NO_DATA
    assert why(packages, "dpkg-query: error\n", rc=2) is Why.UNREADABLE
    assert why(packages, "", rc=127) is Why.UNSUPPORTED


ROWS = """\
bash\t5.2-1\tbash\t5.2-1\tamd64\tii \n\
libc6\t2.36-9\tglibc\t2.36-9\tamd64\tii \n\
libc6\t2.36-9\tglibc\t2.36-9\ti386\tii \n\
gone\t1\tgone\t1\tall\trc \n\
kept\t1\tkept\t1\tall\thi \n\
half\t1\thalf\t1\tamd64\tiU \n\
never\t\tnever\t\tamd64\tun \n"""


def test_only_foreign_architectures_are_named():
    names = [row["name"] for row in parse(packages, ROWS)["packages"]]

    assert names == ["bash", "libc6", "libc6:i386", "gone", "kept", "half", "never"]


@pytest.mark.parametrize(
    ("name", "installed", "held"),
    [
        ("bash", True, False),
        ("libc6:i386", True, False),
        ("gone", False, False),
        ("kept", True, True),
        ("half", True, False),
        ("never", False, False),
        ("unknown", False, False),
    ],
)
def test_a_package_is_installed_where_its_files_are_there(name, installed, held):
    found = parse(package, ROWS, args=package.PackageArgs(name=(name,)))

    assert found["installed"] is installed
    (row,) = found["packages"]
    assert (row["installed"], row["held"]) == (installed, held)
    assert bool(row["version"]) is installed


RPM_ROWS = """\
warning: Found bdb_ro Packages database while attempting sqlite backend: using bdb_ro backend.
bash\t5.1.8-6.el9\tbash-5.1.8-6.el9.src.rpm\t1700000000\tx86_64\trpm\t\t
glibc\t2.34-83.el9\tglibc-2.34-83.el9.src.rpm\t1700000000\tx86_64\trpm\t\t
glibc\t2.34-83.el9\tglibc-2.34-83.el9.src.rpm\t1700000000\ti686\trpm\t\t
gpg-pubkey\t1:fd431d51-4ae0493b\t(none)\t1700000000\t(none)\trpm\t\t
gpg-pubkey\t5a6340b3-6229229e\t(none)\t1700000000\t(none)\trpm\t\t
kernel-core\t5.14.0-9.el9\tkernel-5.14.0-9.el9.src.rpm\t1700000000\tx86_64\trpm\t\t
kernel-core\t5.14.0-10.el9\tkernel-5.14.0-10.el9.src.rpm\t1700000000\tx86_64\trpm\t\t
mystery\t1-1\todd.rpm\t1700000000\tnoarch\trpm\t\t
"""


def test_what_rpm_has_twice_is_told_apart():
    found = parse(packages, RPM_ROWS)

    assert found["manager"] == "rpm"
    assert [(row["name"], row["source"], row["arch"]) for row in found["packages"]] == [
        ("bash", "bash", "x86_64"),
        ("glibc", "glibc", "x86_64"),
        ("glibc:i686", "glibc", "i686"),
        ("gpg-pubkey", "", ""),
        ("gpg-pubkey-5a6340b3-6229229e", "", ""),
        ("kernel-core-5.14.0-9.el9", "kernel", "x86_64"),
        ("kernel-core", "kernel", "x86_64"),
        ("mystery", "", "noarch"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "bash\t\tbash-1-1.src.rpm\t1700000000\tx86_64\trpm\t\t\n",
        "bash\t1-1\tbash-1-1.src.rpm\t1700000000\tx86_64\trpm\n",
        "bash\t1-1\tbash\t1-1\tamd64\tii \tKota\t\n",
        "musl\t\tmusl\t\tx86_64\tapk\n",
        f"{RPM_ROWS}error: rpmdbNextIterator: skipping h#       3 blob size(1): BAD\n",
    ],
)
def test_a_package_without_a_version_or_a_complaint_is_a_gap(text):
    assert why(packages, text) is Why.UNREADABLE


def test_module_and_vendor_are_told_of_rpm():
    label = "nodejs:20:8090020240228165436:a75119d5"
    rows = (
        "nodejs\t1:20.11.1-1.module+el8\tnodejs-20.11.1-1.src.rpm\t1700000000\tx86_64\trpm"
        f"\tRed Hat, Inc.\t{label}\n"
        "local\t1-1\tlocal-1-1.src.rpm\t1700000000\tx86_64\trpm\t(none)\t(none)\n"
        "odd\t1-1\todd-1-1.src.rpm\t1700000000\tx86_64\trpm\t\tperl\n"
    )

    told = {p["name"]: (p["stream"], p["vendor"]) for p in parse(packages, rows)["packages"]}

    assert told == {
        "nodejs": ("nodejs:20", "Red Hat, Inc."),
        "local": ("", ""),
        "odd": ("perl", ""),
    }
    assert {(p["stream"], p["vendor"]) for p in parse(packages, ROWS)["packages"]} == {("", "")}


def test_rpm_that_would_have_to_write_is_not_asked_again_as_root():
    said = "error: sqlite failure: CREATE TABLE: attempt to write a readonly database\n"

    assert why(packages, said, rc=1) is Why.UNSUPPORTED


def test_holding_is_known_of_dpkg_only():
    found = parse(package, RPM_ROWS, args=package.PackageArgs(name=("bash", "PackageKit")))

    assert [row.get("held") for row in found["packages"]] == [None, False]
    assert found["packages"][0]["gap"]["why"] == "unsupported"


def test_a_32_bit_system_may_run_a_64_bit_kernel():
    own = "os ID=debian\nosrelease 6.1.0-40-amd64\nversion #1 SMP\nclock 1790000000\n"
    base = "".join(f"base{n}\t1\tbase\t1\ti386\tii \n" for n in range(4))
    listed = base + image("6.1.0-40-amd64") + image("6.1.0-41-amd64", "2")

    found = parse(reboot, "", frames=frame("os", own) | frame("packages", listed))

    assert (found["newest"], found["reason"]) == ("6.1.0-41-amd64", "kernel")
    assert found["kernel_packages"] == ["linux-image-6.1.0-40-amd64:amd64"]
