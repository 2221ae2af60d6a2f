"""Debian's tracker and its list of early ends: every state, every shape, the real dpkg-deb."""

import io
import json
import lzma
import shutil
import subprocess
import tarfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.feeds.sources import Unreadable, debian_support, debian_tracker
from auditor.model.advisory import Dated, FixState, Support

SAMPLES = Path("tests/data/feeds")
LAB = Path("tests/lab/data")
TRACKER = SAMPLES / "debian-tracker.json"
BOOKWORM = {("debian", "bookworm")}


def states(wanted, path=TRACKER):
    return {(fix.release, fix.cves[0]): fix for fix in debian_tracker.read(path, wanted)}


@pytest.mark.parametrize(
    ("cve", "state", "version", "note"),
    [
        ("CVE-2026-10001", FixState.FIXED, "2.1-1+deb12u1", ""),
        ("CVE-2026-10002", FixState.NOT_AFFECTED, "", ""),
        ("CVE-2026-10003", FixState.NO_FIX, "", "fix not shipped"),
        ("CVE-2026-10004", FixState.FIXED, "2.1-1", ""),
        ("CVE-2026-10005", FixState.UNDETERMINED, "", "resolved, in no version"),
        ("CVE-2026-20001", FixState.MINOR, "", "no-dsa"),
        ("CVE-2026-20002", FixState.MINOR, "", "ignored"),
        ("CVE-2026-20003", FixState.MINOR, "", "postponed"),
        ("CVE-2026-20004", FixState.MINOR, "", "unimportant"),
        ("CVE-2026-20005", FixState.NO_FIX, "", ""),
        ("CVE-2026-20006", FixState.UNSUPPORTED, "", "end-of-life"),
        ("CVE-2026-20007", FixState.UNDETERMINED, "", ""),
        ("TEMP-0000000-A1B2C3", FixState.UNDETERMINED, "", "triaged later"),
    ],
)
def test_the_tracker_has_a_state_for_every_decision(cve, state, version, note):
    fix = states(BOOKWORM)["bookworm", cve]
    assert (fix.distribution, fix.state, fix.version, fix.note) == ("debian", state, version, note)


def test_rows_are_of_the_wanted_releases_and_of_unstable():
    assert {release for release, _ in states(BOOKWORM)} == {"bookworm", "sid"}
    assert {release for release, _ in states({("debian", "trixie")})} == {"trixie", "sid"}
    assert states({("ubuntu", "bookworm")}) == {}


def test_a_fix_below_what_the_release_had_from_the_start_is_a_fix():
    assert states({("debian", "trixie")})["trixie", "CVE-2026-10001"].version == "2.3-1"


def test_an_unknown_reason_not_to_hasten_is_kept_as_the_word_that_it_is(tmp_path):
    state = {"status": "open", "nodsa_reason": "a new\x1b word", "urgency": "low"}
    path = tmp_path / "tracker"
    path.write_text(json.dumps({"src": {"CVE-2026-1000": {"releases": {"bookworm": state}}}}))
    fix = states(BOOKWORM, path)["bookworm", "CVE-2026-1000"]
    assert (fix.state, fix.note) == (FixState.MINOR, "a new word")


def test_the_data_of_the_lab_names_what_its_servers_lack():
    path = LAB / "debian-tracker-2026-11-24.json.xz"
    assert path.stat().st_size < 150_000
    wanted = {("debian", release) for release in ("bullseye", "bookworm", "trixie")}
    fixes = list(debian_tracker.read(path, wanted))
    known = {(fix.release, fix.package, fix.cves[0]): fix for fix in fixes}
    assert known["bullseye", "freetype", "CVE-2025-27363"].version == "2.10.4+dfsg-1+deb11u2"
    assert known["bullseye", "git", "CVE-2025-48384"].version == "1:2.30.2-1+deb11u5"
    assert known["bookworm", "zlib", "CVE-2023-45853"].note == "ignored"
    assert known["bookworm", "xz-utils", "CVE-2024-3094"].state is FixState.NOT_AFFECTED
    assert set(Counter(fix.state for fix in fixes)) == set(FixState) - {FixState.UNSUPPORTED}
    assert {fix.note for fix in fixes} == {"", "no-dsa", "ignored", "postponed", "unimportant"}


def support(path, wanted):
    rows = list(debian_support.read(path, wanted))
    found = {(row.release, row.package): row for row in rows if isinstance(row, Support)}
    return [row for row in rows if isinstance(row, Dated)], found


TWELVE = {
    ("bookworm", "oldparser"): (date(2026, 5, 1), False),
    ("bookworm", "php-lights*"): (date(2025, 2, 3), False),
    ("bookworm", "laterdb"): (date(2027, 1, 31), False),
    ("bookworm", "readerlib"): (None, True),
    ("bookworm", "goparts*"): (None, True),
}
THIRTEEN = {
    ("trixie", "readerlib"): (None, True),
    ("trixie", "rusty*"): (None, True),
    ("trixie", "oldparser"): (date(2026, 9, 30), False),
}


def packed(folder, path, kind):
    """Make of the sample what a site or a colleague may give: a folder, a tar or the package."""
    if kind == "folder":
        shutil.copytree(folder, path)
    elif kind == "tar":
        with tarfile.open(path, "w:xz") as archive:
            archive.add(folder, arcname="debian-security-support")
    else:
        root = path.with_suffix(".root")
        shutil.copytree(folder, root / "usr/share/debian-security-support")
        (root / "DEBIAN").mkdir()
        version = "1:12+2026.06.30" if "12" in folder.name else "1:13+2026.01.04"
        (root / "DEBIAN/control").write_text(
            f"Package: debian-security-support\nVersion: {version}\nArchitecture: all\n"
            "Maintainer: Test <test@example.org>\nDescription: sample\n"
        )
        command = ["dpkg-deb", "--root-owner-group", f"-Z{kind}", "-b", root, path]
        subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.mark.parametrize("kind", ["folder", "tar", "xz", "gzip"])
@pytest.mark.parametrize(
    ("folder", "release", "expected", "dated"),
    [
        ("debian-support-12", "bookworm", TWELVE, datetime(2026, 6, 30, tzinfo=UTC)),
        ("debian-support-13", "trixie", THIRTEEN, datetime(2026, 1, 4, tzinfo=UTC)),
    ],
)
def test_both_shapes_of_the_lists_are_read(tmp_path, kind, folder, release, expected, dated):
    path = packed(SAMPLES / folder, tmp_path / "support", kind)
    dates, found = support(path, {("debian", release)})
    assert {key: (row.ended, row.limited) for key, row in found.items()} == expected
    assert dates == ([Dated(date=dated)] if kind in {"xz", "gzip"} else [])


def test_notes_and_other_releases_of_the_lists():
    _, found = support(SAMPLES / "debian-support-12", {("debian", "bullseye")})
    assert {key: row.note for key, row in found.items()} == {("bullseye", "ancientd"): "gone"}
    _, found = support(SAMPLES / "debian-support-12", BOOKWORM)
    assert found["bookworm", "php-lights*"].note == "does not run with the new PHP"
    assert found["bookworm", "laterdb"].note == ""
    assert support(SAMPLES / "debian-support-12", {("ubuntu", "jammy")}) == ([], {})


def test_the_short_list_is_of_the_release_that_the_package_is_of(tmp_path):
    folder = tmp_path / "debian-support-12"
    shutil.copytree(SAMPLES / "debian-support-12", folder)
    (folder / "security-support-ended.deb13").write_text("# none yet\n")
    wanted = {("debian", "bookworm"), ("debian", "trixie")}
    _, found = support(packed(folder, tmp_path / "support.deb", "xz"), wanted)
    assert ("bookworm", "readerlib") in found
    assert ("trixie", "readerlib") not in found


def test_a_folder_or_a_package_without_lists_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="no list"):
        support(tmp_path, BOOKWORM)
    empty = tmp_path / "debian-support-12"
    empty.mkdir()
    with pytest.raises(Unreadable, match="no list"):
        support(packed(empty, tmp_path / "support.deb", "xz"), BOOKWORM)


def test_a_package_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("./other")
        info.size = 2**22
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    data = lzma.compress(out.getvalue())
    path = tmp_path / "support.deb"
    header = b"data.tar.xz".ljust(48) + str(len(data)).encode().ljust(10) + b"`\n"
    path.write_bytes(b"!<arch>\n" + header + data)
    monkeypatch.setattr(debian_support, "PACKAGE_LIMIT", 2**20)
    with pytest.raises(Unreadable, match="unpacks to more"):
        support(path, BOOKWORM)
