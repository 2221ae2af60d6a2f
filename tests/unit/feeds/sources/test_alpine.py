"""Alpine's secdb."""

import json
from pathlib import Path

from auditor.feeds.sources import alpine
from auditor.model.advisory import FixState

SAMPLE = Path("tests/data/feeds/alpine-main.json")


def test_fixes_of_the_branch_by_origin():
    rows = list(alpine.read(SAMPLE, {("alpine", "3.19"), ("alpine", "3.20")}))

    assert [(r.package, r.state, r.version, r.cves) for r in rows] == [
        ("openssl", FixState.FIXED, "3.1.4-r5", ("CVE-2030-40001",)),
        ("openssl", FixState.FIXED, "3.1.7-r0", ("CVE-2030-40002", "CVE-2030-40003")),
        ("openssl", FixState.NOT_AFFECTED, "", ("CVE-2030-40004",)),
        ("busybox", FixState.FIXED, "1.36.1-r16", ("ALPINE-13661", "GHSA-dddd-eeee-ffff")),
    ]
    assert {(r.distribution, r.release) for r in rows} == {("alpine", "3.19")}


def test_another_branch_is_not_given(tmp_path):
    assert list(alpine.read(SAMPLE, {("alpine", "3.18")})) == []

    edge = tmp_path / "main.json"
    edge.write_text(json.dumps({**json.loads(SAMPLE.read_text()), "distroversion": "edge"}))
    assert {row.release for row in alpine.read(edge, {("alpine", "edge")})} == {"edge"}
