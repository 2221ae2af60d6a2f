"""Red Hat's CSAF-VEX: states, pockets, modules, and what it is worth for those who rebuild."""

import io
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.feeds.sources import redhat_vex
from auditor.feeds.sources.redhat_vex import Place, place_of
from auditor.model.advisory import Dated, Fix, FixState

SAMPLES = Path("tests/data/feeds/redhat-vex")
NODEJS = "1:20.16.0-1.module+el8.10.0+22202+761b9a65"


def read(path, *wanted):
    rows = list(redhat_vex.read(path, set(wanted)))
    [dated] = [row for row in rows if isinstance(row, Dated)]
    return dated.date, [row for row in rows if isinstance(row, Fix)]


def test_what_is_mended_is_told_of_binary_packages_once():
    dated, fixes = read(SAMPLES, ("rhel", "9"))

    assert dated == datetime(2025, 3, 5, tzinfo=UTC)
    mended = [fix for fix in fixes if fix.state is FixState.FIXED]
    assert [(f.package, f.version, f.pocket, f.advisory) for f in mended] == [
        ("openssl", "1:3.0.7-28.el9_4", "", "RHSA-2030:5001"),
        ("openssl-libs", "1:3.0.7-28.el9_4", "", "RHSA-2030:5001"),
        ("openssl", "1:3.0.7-18.el9_2", "eus", "RHSA-2030:5002"),
    ]
    assert mended[0].issued == date(2025, 3, 1)
    assert mended[0].cves == ("CVE-2030-50001",)
    assert not any(fix.inferred for fix in fixes)


@pytest.mark.parametrize(
    ("release", "package", "state", "note"),
    [
        ("8", "openssl", FixState.NO_FIX, ""),
        ("8", "compat-openssl10", FixState.MINOR, "deferred"),
        ("8", "ovmf", FixState.UNDETERMINED, ""),
        ("7", "openssl", FixState.MINOR, "out of support scope"),
        ("7", "ovmf", FixState.NOT_AFFECTED, ""),
    ],
)
def test_what_is_not_mended_has_the_vendors_state(release, package, state, note):
    _, fixes = read(SAMPLES, ("rhel", release))

    [fix] = [f for f in fixes if f.package == package and not f.stream]
    assert (fix.state, fix.note, fix.version) == (state, note, "")


def test_modules_are_told_in_each_spelling():
    _, fixes = read(SAMPLES, ("rhel", "8"), ("rhel", "9"))

    told = {(f.package, f.version, f.stream, f.note) for f in fixes if f.stream}
    assert told == {
        ("nodejs", NODEJS, "nodejs:20", ""),
        ("nodejs-docs", NODEJS, "nodejs:20", ""),
        ("npm", "1:10.8.1-1.20.16.0.1.module+el8.10.0+22202+761b9a65", "?", ""),
        ("nodejs", "", "nodejs:18", "will not fix"),
        ("nodejs", "", "nodejs:22", ""),
    }


def test_a_rebuild_gets_the_same_as_inferred_without_what_is_paid_for():
    _, own = read(SAMPLES, ("rhel", "9"))
    _, fixes = read(SAMPLES, ("rocky", "9"))

    assert {fix.distribution for fix in fixes} == {"rocky"}
    assert all(fix.inferred for fix in fixes)
    assert [(f.package, f.version) for f in fixes] == [
        (f.package, f.version) for f in own if not f.pocket
    ]


def test_an_archive_is_read_as_a_folder_is(tmp_path):
    path = tmp_path / "csaf_vex.tar"
    with tarfile.open(path, "w") as tar:
        tar.add(SAMPLES, arcname="2030")
        info = tarfile.TarInfo("index.json")
        tar.addfile(info, io.BytesIO())

    assert read(path, ("rhel", "9")) == read(SAMPLES, ("rhel", "9"))


@pytest.mark.parametrize(
    ("cpe", "place"),
    [
        ("cpe:/o:redhat:enterprise_linux:9::baseos", Place("9", "")),
        ("cpe:/a:redhat:enterprise_linux:8::appstream", Place("8", "")),
        ("cpe:/o:redhat:enterprise_linux:10.0", Place("10", "")),
        ("cpe:/o:redhat:rhel_eus:9.2::baseos", Place("9", "eus")),
        ("cpe:/a:redhat:rhel_e4s:8.6::appstream", Place("8", "e4s")),
        ("cpe:/o:redhat:rhel_aus:8.4::baseos", Place("8", "aus")),
        ("cpe:/o:redhat:rhel_tus:8.8::baseos", Place("8", "tus")),
        ("cpe:/a:redhat:rhel_software_collections:3::el7", None),
        ("cpe:/a:redhat:rhel_extras:7", None),
        ("cpe:/a:redhat:openshift:4", None),
        ("", None),
    ],
)
def test_platforms_are_known_by_their_cpe(cpe, place):
    assert place_of(cpe) == place


def test_images_of_containers_are_passed_over(tmp_path):
    text = (SAMPLES / "cve-2030-50001.json").read_text()
    image = "openshift4/ose-cli@sha256:0123_amd64"
    component = "openssl-libs-1:3.0.7-28.el9_4.x86_64"
    (tmp_path / "cve-2030-50001.json").write_text(text.replace(component, image))

    _, fixes = read(tmp_path, ("rhel", "9"))

    assert [fix.package for fix in fixes] == ["openssl", "openssl"]


def test_what_is_said_of_a_platform_as_a_whole_is_passed_over(tmp_path):
    text = (SAMPLES / "cve-2030-50001.json").read_text()
    changed = text.replace('"red_hat_openshift_4:openssl"\n    ]', '"red_hat_openshift_4"\n    ]')
    assert changed != text
    (tmp_path / "cve-2030-50001.json").write_text(changed)

    assert len(read(tmp_path, ("rhel", "8"))[1]) == 3
