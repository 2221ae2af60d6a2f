"""updateinfo.xml of Rocky and SUSE."""

import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.feeds.sources import updateinfo
from auditor.model.advisory import Dated, Fix

SAMPLES = Path("tests/data/feeds")
NGINX = "1:1.24.0-1.module+el8.10.0+1845+1bea4d9f"


def read(path, *wanted):
    rows = list(updateinfo.read(path, set(wanted)))
    [dated] = [row for row in rows if isinstance(row, Dated)]
    return dated.date, [row for row in rows if isinstance(row, Fix)]


def test_rocky():
    dated, fixes = read(SAMPLES / "rocky-updateinfo.xml", ("rocky", "8"))

    assert dated == datetime(2025, 5, 9, tzinfo=UTC)
    assert [(f.package, f.version, f.stream) for f in fixes] == [
        ("nginx", NGINX, "nginx:1.24"),
        ("nginx-filesystem", NGINX, "?"),
        ("nginx-selinux", "1.0-2", ""),
    ]
    first = fixes[0]
    assert (first.distribution, first.release, first.pocket) == ("rocky", "8", "")
    assert (first.cves, first.advisory) == (("CVE-2030-70001",), "RLSA-2030:7001")
    assert first.issued == date(2025, 5, 1)


def test_suse_goes_by_service_pack():
    wanted = (("sles", "15.4"), ("sles", "15.5"), ("opensuse-leap", "15.5"))
    dated, fixes = read(SAMPLES / "suse-updateinfo.xml", *wanted)

    assert dated.date() == date(2025, 5, 3)
    assert [(f.distribution, f.release, f.pocket, f.package) for f in fixes] == [
        ("sles", "15.5", "", "libopenssl1_1"),
        ("sles", "15.5", "", "openssl-1_1"),
        ("sles", "15.4", "ltss", "curl"),
        ("opensuse-leap", "15.5", "", "curl"),
    ]


def test_what_is_not_wanted_is_not_given():
    assert read(SAMPLES / "rocky-updateinfo.xml", ("rocky", "9"), ("sles", "15.5"))[1] == []


def update(name, release="1.el8"):
    return (
        f'<update type="security"><id>{name}</id><updated date="2025-01-01"/><pkglist><collection>'
        f'<package name="bash" version="5" release="{release}" arch="x86_64"/>'
        "</collection></pkglist></update>"
    )


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("SUSE-2030-1", "15.5"),
        ("SUSE-SLE-SERVER-12-SP5-2030-1", "12.5"),
        ("SUSE-SLE-Module-Basesystem-15-2030-1", "15"),
        ("openSUSE-SLE-15.6-2030-1", "15.6"),
    ],
)
def test_an_advisory_tells_the_release_of_suse_or_the_feed_does(tmp_path, name, release):
    path = tmp_path / "updateinfo.xml"
    path.write_text(f"<updates>{update(name)}</updates>")

    _, fixes = read(path, (("opensuse-leap" if name[0] == "o" else "sles"), release))

    assert [fix.release for fix in fixes] == [release]
    assert fixes[0].issued == date(2025, 1, 1)


def test_advisories_of_other_vendors_are_passed_over(tmp_path):
    path = tmp_path / "updateinfo.xml"
    path.write_text(f"<updates>{update('FEDORA-EPEL-2030-1')}{update('RLSA-2030:1')}</updates>")

    _, fixes = read(path, ("rocky", "8"))

    assert [fix.advisory for fix in fixes] == ["RLSA-2030:1"]


def test_memory_does_not_grow_with_the_file(tmp_path):
    def peak(count):
        path = tmp_path / "updateinfo.xml"
        with path.open("w") as file:
            file.write("<updates>")
            for number in range(count):
                file.write(update(f"RLSA-2030:{number}"))
            file.write("</updates>")
        tracemalloc.start()
        found = sum(1 for _ in updateinfo.read(path, {("rocky", "8")}))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert found == count + 1
        return most

    few, many = peak(500), peak(10_000)
    assert many < few * 1.5
