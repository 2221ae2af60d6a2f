"""Ubuntu's OSV and VEX: releases, pockets of Ubuntu Pro, decisions."""

import json
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.feeds.sources import ubuntu_osv, ubuntu_vex
from auditor.feeds.sources.ubuntu_places import place_of_ecosystem, place_of_label
from auditor.model.advisory import Dated, Fix, FixState

SAMPLES = Path("tests/data/feeds")
ALL = {("ubuntu", name) for name in ("trusty", "focal", "jammy", "noble")} | {("debian", "sid")}


@pytest.fixture(params=["tar.xz", "tar", "zip"])
def packed(request, tmp_path):
    """Packs a sample with the real tar, or as a zip."""

    def pack(folder):
        path = tmp_path / f"{folder}.{request.param}"
        if request.param == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted((SAMPLES / folder).rglob("*.json")):
                    archive.write(file, file.relative_to(SAMPLES / folder))
        else:
            subprocess.run(["tar", "-C", SAMPLES / folder, "-caf", path, "."], check=True)
        return path

    return pack


def told(module, path, wanted=ALL):
    rows = list(module.read(path, wanted))
    fixes = [row for row in rows if isinstance(row, Fix)]
    return [row for row in rows if isinstance(row, Dated)], {
        (fix.cves[0][-5:], fix.package, fix.release, fix.pocket): fix for fix in fixes
    }


def test_osv_gives_releases_pockets_and_fixes(packed):
    dated, found = told(ubuntu_osv, packed("ubuntu-osv"))
    assert dated == [Dated(date=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))]
    assert {key: (fix.state, fix.version, fix.advisory) for key, fix in found.items()} == {
        ("10001", "webparts", "jammy", ""): (FixState.FIXED, "1.2-3ubuntu0.1", "USN-7001-1"),
        ("10001", "webparts", "focal", ""): (FixState.NO_FIX, "", ""),
        ("10001", "webparts", "focal", "esm-infra"): (
            FixState.FIXED,
            "1.0-1ubuntu0.2+esm1",
            "USN-7001-1",
        ),
        ("10002", "pictures", "jammy", "esm-apps"): (FixState.FIXED, "3.0-1ubuntu0.1~esm1", ""),
        ("10002", "cipherlib", "jammy", "fips-updates"): (
            FixState.FIXED,
            "3.0.2-0ubuntu1.9+Fips1",
            "",
        ),
        ("10002", "cipherlib", "focal", "fips"): (FixState.FIXED, "1.1.1f-1ubuntu2.fips.3", ""),
        ("10002", "linux-realtime", "jammy", "realtime"): (
            FixState.FIXED,
            "5.15.0-1090.99",
            "",
        ),
        ("10002", "linux-bluefield", "jammy", "bluefield"): (FixState.NO_FIX, "", ""),
    }
    assert not any(fix.inferred or fix.issued for fix in found.values())


def test_osv_gives_the_wanted_releases_only(packed):
    _, found = told(ubuntu_osv, packed("ubuntu-osv"), {("ubuntu", "questing")})
    assert list(found) == [("10001", "webparts", "questing", "")]
    dated, found = told(ubuntu_osv, packed("ubuntu-osv"), {("debian", "bookworm")})
    assert len(dated) == 1
    assert found == {}


def of_ranges(tmp_path, ranges, ecosystem="Ubuntu:22.04:LTS"):
    record = {
        "id": "UBUNTU-CVE-2024-10009",
        "modified": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": ecosystem, "name": "src"}, "ranges": ranges}],
    }
    path = tmp_path / "one.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("UBUNTU-CVE-2024-10009.json", json.dumps(record))
    return list(told(ubuntu_osv, path)[1].values())


def events(*versions):
    return {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, *({"fixed": v} for v in versions)]}


@pytest.mark.parametrize(
    ("ranges", "version"),
    [
        ([], ""),
        ([events()], ""),
        ([events("1.2-1"), events()], ""),
        ([events("1.9-1"), events("1.10-1")], "1.10-1"),
        ([events("1:1-1", "2-1")], "1:1-1"),
        ([{"events": [{"introduced": "0"}, {"last_affected": "3"}]}], ""),
    ],
)
def test_the_last_of_several_ends_counts_and_without_an_end_there_is_no_fix(
    tmp_path, ranges, version
):
    (fix,) = of_ranges(tmp_path, ranges)
    assert (fix.version, fix.state) == (version, FixState.FIXED if version else FixState.NO_FIX)
    assert fix.cves == ("CVE-2024-10009",)


def test_another_distribution_in_ubuntus_records_is_passed_over(tmp_path):
    assert of_ranges(tmp_path, [events("1")], "Debian:12") == []
    assert of_ranges(tmp_path, [events("1")], "Ubuntu:99.04") == []


def test_vex_gives_what_osv_cannot_say(packed):
    dated, found = told(ubuntu_vex, packed("ubuntu-vex"))
    assert dated == [Dated(date=datetime(2026, 11, 21, tzinfo=UTC))]
    assert {key: (fix.state, fix.note) for key, fix in found.items()} == {
        ("10001", "webparts", "focal", ""): (FixState.MINOR, "will not fix"),
        ("10001", "webparts", "noble", ""): (FixState.UNDETERMINED, "under investigation"),
        ("10001", "webparts++", "noble", ""): (FixState.UNDETERMINED, "under investigation"),
        ("10001", "oldparts", "jammy", ""): (FixState.NOT_AFFECTED, "vulnerable_code_not_present"),
        ("10002", "pictures", "jammy", ""): (FixState.NO_FIX, ""),
        ("10002", "pictures", "jammy", "esm-apps"): (FixState.NO_FIX, ""),
        ("10002", "slowparts", "jammy", ""): (FixState.MINOR, "deferred"),
        ("10002", "deadparts", "focal", ""): (FixState.UNSUPPORTED, "no longer supported"),
        ("10002", "oddparts", "trusty", "esm-infra"): (FixState.NO_FIX, ""),
    }
    assert not any(fix.version for fix in found.values())


def test_vex_of_the_older_writing_and_an_unknown_status(tmp_path):
    statement = {
        "vulnerability": "CVE-2024-10007",
        "products": ["pkg:deb/ubuntu/src@1?distro=jammy&arch=source", "pkg:deb/debian/src@1"],
        "status": "in triage",
    }
    path = tmp_path / "one.zip"
    with zipfile.ZipFile(path, "w") as archive:
        document = {"timestamp": "2026-01-01T00:00:00Z", "statements": [statement] * 2}
        archive.writestr("CVE-2024-10007.json", json.dumps(document))
    _, found = told(ubuntu_vex, path)
    assert [(fix.package, fix.state, fix.note) for fix in found.values()] == [
        ("src", FixState.UNDETERMINED, "in triage")
    ]


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("jammy", ("jammy", "")),
        ("esm-apps/jammy", ("jammy", "esm-apps")),
        ("esm-infra-legacy/trusty", ("trusty", "esm-infra-legacy")),
        ("trusty/esm", ("trusty", "esm-infra")),
        ("fips-updates%2Ffocal", ("focal", "fips-updates")),
        ("realtime/noble", ("noble", "realtime")),
        ("newpocket/zesty-zebra", ("zesty-zebra", "newpocket")),
    ],
)
def test_the_label_of_a_package_names_its_place(label, place):
    assert place_of_label(f"pkg:deb/ubuntu/src@1?arch=source&distro={label}") == place


def test_an_address_without_a_label_names_no_place():
    assert place_of_label("pkg:deb/ubuntu/src@1?arch=source") == ("", "")


@pytest.mark.parametrize(
    ("ecosystem", "availability", "place"),
    [
        ("Ubuntu:22.04:LTS", "", ("jammy", "")),
        ("Ubuntu:25.10", "", ("questing", "")),
        ("Ubuntu:Pro:22.04:LTS", "", ("jammy", "esm")),
        ("Ubuntu:Pro:22.04:LTS", "Available with Ubuntu Pro (Infra-only)", ("jammy", "esm-infra")),
        ("Ubuntu:Pro:22.04:LTS", "Available with Ubuntu Pro: x", ("jammy", "esm-apps")),
        ("Ubuntu:Pro:FIPS:20.04:LTS", "", ("focal", "fips")),
        ("Ubuntu:Pro:FIPS-updates:22.04:LTS", "", ("jammy", "fips-updates")),
        ("Ubuntu:Pro:FIPS-preview:22.04:LTS", "", ("jammy", "fips-preview")),
        ("Ubuntu:Pro:22.04:LTS:Realtime:Kernel", "", ("jammy", "realtime")),
        ("Ubuntu:Pro:Realtime:24.04:LTS", "", ("noble", "realtime")),
        ("Ubuntu:Nvidia-BlueField:22.04:LTS", "", ("jammy", "bluefield")),
        ("Ubuntu:22.04:LTS:for:NVIDIA:BlueField", "", ("jammy", "bluefield")),
        ("Ubuntu:99.04", "", ("", "")),
    ],
)
def test_an_ecosystem_names_its_place(ecosystem, availability, place):
    assert place_of_ecosystem(ecosystem, availability) == place
