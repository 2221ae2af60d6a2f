"""Matched by origin; a version "0" is not affected; nobody says whose a package is."""

from tests.unit.probe.patching import (
    feeds,
    fix,
    join,
    open_updates,
    package,
    system,
)

ALPINE = system("alpine", "3.19.1", arch="x86_64")


def test_the_origin_is_looked_up():
    row = fix("openssl", "3.1.4-r6", "CVE-2026-9", os=ALPINE)
    listed = package("libssl3", "3.1.4-r5", "apk", source="openssl")

    found = join([listed], feeds(row), os=ALPINE)

    assert open_updates(found) == {("openssl", "update_pending", "CVE-2026-9")}
    assert found["security"][0]["packages"] == ["libssl3"]
    assert "coverage" not in found


def test_a_mended_version_is_fixed():
    row = fix("openssl", "3.1.4-r6", "CVE-2026-9", os=ALPINE)

    found = join([package("libssl3", "3.1.4-r6", "apk", source="openssl")], feeds(row),
                 os=ALPINE)  # fmt: skip

    assert found["verdicts"]["fixed"] == 1
