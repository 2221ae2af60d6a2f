"""AlmaLinux's errata in their three forms."""

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.feeds.sources import almalinux, almalinux_osv
from auditor.model.advisory import Dated, Fix, FixState

SAMPLES = Path("tests/data/feeds")
ERRATA = Path("tests/lab/data/almalinux-osv-2026-08-21.json.xz")


def told(rows):
    """Date, and (release, package, version, stream) of each fix in the order of the file."""
    rows = list(rows)
    [dated] = [row for row in rows if isinstance(row, Dated)]
    fixes = [row for row in rows if isinstance(row, Fix)]
    assert {fix.distribution for fix in fixes} <= {"almalinux"}
    return dated.date, [(f.release, f.package, f.version, f.stream) for f in fixes], fixes


def test_errata_of_a_release():
    dated, rows, fixes = told(
        almalinux.read(SAMPLES / "almalinux-errata-9.json", {("almalinux", "9")})
    )

    assert dated == datetime(2025, 1, 4, tzinfo=UTC)
    assert rows == [
        ("9", "openssl", "1:3.0.7-28.el9_4", ""),
        ("9", "openssl-libs", "1:3.0.7-28.el9_4", ""),
        ("9", "nodejs", "1:20.16.0-1.module_el9.4.0+100+aaaaaaaa", "nodejs:20"),
        ("9", "nodejs-nodemon", "3.0.1-1.module_el9.4.0+90+bbbbbbbb", "nodejs:20"),
    ]
    assert fixes[0].cves == ("CVE-2030-10001",)
    assert fixes[0].advisory == "ALSA-2030:1001"
    assert fixes[0].issued == date(2025, 1, 2)
    assert {fix.state for fix in fixes} == {FixState.FIXED}


def test_errata_as_an_object_and_modules_that_the_file_names():
    _, rows, _ = told(almalinux.read(SAMPLES / "almalinux-errata-8.json", {("almalinux", "8")}))

    assert [(package, stream) for _, package, _, stream in rows] == [
        ("custodia", "idm:DL1"),
        ("slapi-nis", "idm:client"),
        ("softhsm", "idm:DL1"),
    ]


def test_errata_of_a_release_that_is_not_wanted_give_only_their_date():
    _, rows, _ = told(almalinux.read(SAMPLES / "almalinux-errata-9.json", {("almalinux", "8")}))

    assert rows == []


def test_an_advisory_without_dates_beside_one_that_has_them(tmp_path):
    advisories = json.loads((SAMPLES / "almalinux-errata-9.json").read_bytes())
    del advisories[0]["issued_date"]
    advisories[0]["pkglist"]["packages"][0]["module"] = "nothing"
    path = tmp_path / "errata.json"
    path.write_text(json.dumps(advisories))

    _, rows, fixes = told(almalinux.read(path, {("almalinux", "9")}))

    assert fixes[0].issued is None
    assert rows[0][3] == ""


def zipped(folder, *more):
    path = folder / "osv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.md", "x")
        for file in sorted((SAMPLES / "almalinux-osv").iterdir()):
            archive.writestr(f"advisories/{file.name}", file.read_bytes())
        for number, content in enumerate(more):
            archive.writestr(f"more-{number}.json", json.dumps(content))
    return path


def test_osv_of_all_releases(tmp_path):
    wanted = {("almalinux", "8"), ("almalinux", "9")}
    dated, rows, fixes = told(almalinux_osv.read(zipped(tmp_path), wanted))

    assert dated == datetime(2025, 2, 3, 10, tzinfo=UTC)
    assert sorted(rows) == [
        ("8", "Judy", "1.0.5-18.module_el8.6.0+200+bbbbbbbb", "mariadb:10.5"),
        ("8", "mariadb", "3:10.5.29-2.module_el8.10.0+400+aaaaaaaa", "mariadb:10.5"),
        ("9", "kernel-core", "5.14.0-503.el9_5", ""),
    ]
    assert {f.package: f.cves for f in fixes}["kernel-core"] == ("CVE-2030-30002",)


def affected(name, *events, ecosystem="AlmaLinux:8", **more):
    package = {"ecosystem": ecosystem, "name": name}
    return {"package": package, "ranges": [{"events": list(events)}], **more}


def test_osv_withdrawn_unfixed_other_and_named_by_module(tmp_path):
    head = {"modified": "2025-03-01T00:00:00Z", "related": ["CVE-2030-1000"]}
    fixed = {"fixed": "1-2.module_el8.10.0+9+ab"}
    modular = {"ecosystem_specific": {"rpm_modularity": "idm:DL1"}}
    wrong = {"ecosystem_specific": {"rpm_modularity": 7}}
    path = zipped(
        tmp_path,
        {**head, "id": "ALSA-2030:1", "affected": [affected("a", fixed)], "withdrawn": "2025"},
        {**head, "id": "ALSA-2030:2", "affected": [affected("b", {"introduced": "0"}, **wrong)]},
        {**head, "id": "ALSA-2030:3", "affected": [affected("c", fixed, ecosystem="PyPI")]},
        {**head, "id": "ALSA-2030:4", "affected": [affected("d", fixed, **modular)]},
    )

    _, _, fixes = told(almalinux_osv.read(path, {("almalinux", "8")}))

    found = {fix.package: (fix.state, fix.version, fix.stream) for fix in fixes}
    assert found["b"] == (FixState.NO_FIX, "", "")
    assert found["d"] == (FixState.FIXED, "1-2.module_el8.10.0+9+ab", "idm:DL1")
    assert found.keys() == {"b", "d", "Judy", "mariadb"}


def test_the_reduced_form_keeps_advisories_by_release():
    wanted = {("almalinux", "8"), ("almalinux", "10")}
    dated, rows, fixes = told(almalinux_osv.read(ERRATA, wanted))

    assert dated == datetime(2026, 8, 20, tzinfo=UTC)
    assert {release for release, *_ in rows} == {"8", "10"}
    assert all(fix.advisory.startswith("ALSA-") for fix in fixes)
    assert len(fixes) == len(set(fixes)) > 36_000
