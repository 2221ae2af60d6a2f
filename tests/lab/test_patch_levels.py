"""Patch levels over the whole pipe: real package lists on targets, SSH, store, report, exports."""

import csv
import io
import json
import lzma
import re
from collections.abc import Iterator

import pytest

from auditor.cli import _run
from tests.lab import Lab, TargetSpec
from tests.lab.root import DATA

RELEASES = {"bullseye": 155, "bookworm": 71, "trixie": 10}
SPECS = (
    *(TargetSpec(name, release=name) for name in RELEASES),
    TargetSpec("plain", release="bookworm", sudo="none"),
)
POLICY = """\
id: patch
title: {id: Tingkat tambalan, en: Patch level}
checks:
  - use: patch.*
"""
INST = r"^Inst (\S+) \[([^\]]+)\] \((\S+) [^)]*Debian-Security"
"""What apt prints: `Inst NAME [HAVE] (WANT ORIGIN…)`; without HAVE it would install anew."""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Three servers with the package lists of shared data, one of them twice, without root."""
    with Lab(SPECS) as running:
        yield running


@pytest.fixture(scope="module")
def home(lab, tmp_path_factory):
    """The home of an auditor who has fetched the feeds, visited the targets and made a report."""
    made = lab.make_home(tmp_path_factory.mktemp("patch") / "home")
    lab.write_inventory(made / "inventory.yaml")
    (made / "patch.yaml").write_text(POLICY)
    releases = [word for name in RELEASES for word in ("--release", name)]
    part = [word for name in RELEASES for word in ("--accept", f"{name}-security amd64")]
    tell("feeds", "update", "--home", made, "--from", DATA / "debian-indexes", *releases, *part)
    lists = [word for name in ("debian-tracker", "kev", "ssvc") for word in ("--feed", name)]
    tell(
        *("feeds", "update", "--home", made, "--from", DATA, "--trust-unverified"),
        *(*lists, *releases),
    )
    with lab.network():
        tell("scan", "-i", made / "inventory.yaml", "--home", made, "--policy", made / "patch.yaml")
    return made


def tell(*words):
    """Run `auditor WORDS`; findings and gaps are what these targets have."""
    assert _run([str(word) for word in words], "auditor") in (0, 1, 5)


def apt(release):
    """Return apt's own answer: name, version that is there, version that it would install."""
    text = lzma.decompress((DATA / "hosts" / f"{release}.apt-oracle.txt.xz").read_bytes()).decode()
    return {(name, have) for name, have, _ in re.findall(INST, text, re.MULTILINE)}


@pytest.fixture
def actions(home, capsys):
    """Return the actions of a target, as `auditor patches` exports them."""

    def read(target):
        capsys.readouterr()
        tell("patches", "--home", home, "--target", target, "--format", "json")
        (found,) = json.loads(capsys.readouterr().out)["targets"]
        return [row for row in found["patch"]["actions"] if row["kind"] == "update"]

    return read


@pytest.mark.parametrize(("target", "number"), [*RELEASES.items(), ("plain", 71)])
def test_pending_security_updates_are_exactly_apts(actions, target, number):
    release = "bookworm" if target == "plain" else target

    pending = {name for row in actions(target) for name in row["packages"]}

    assert pending == {name for name, _ in apt(release)}
    assert len(pending) == number
    assert all(row["verdict"] == "update_pending" for row in actions(target))


def test_the_two_packages_that_attackers_use_come_first(actions):
    first, second, *others = actions("bullseye")

    assert {first["source"], second["source"]} == {"freetype", "git"}
    assert {*first["kev"], *second["kev"]} == {"CVE-2025-27363", "CVE-2025-48384"}
    assert not any(row["kev"] for row in others)


@pytest.mark.parametrize("target", RELEASES)
def test_the_report_names_every_pending_update(home, actions, target):
    (page,) = (home / "report").glob(f"**/{target}*.html")
    text = page.read_text()

    for row in actions(target):
        assert row["source"] in text
        assert row["want"] in text
    if target == "bullseye":
        assert max(map(text.index, ("freetype", ">git"))) < text.index("openssl")


def test_the_table_for_spreadsheets_has_the_same_rows(home, actions, capsys):
    capsys.readouterr()
    tell("patches", "--home", home, "--target", "bookworm", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    told = [row["source"] for row in rows if row["kind"] == "update"]
    assert told == [row["source"] for row in actions("bookworm")]


def test_a_release_past_its_support_does_not_pass(home):
    from auditor.model.result import Status
    from auditor.store import open_store

    with open_store(home, lock=False) as store:
        run = store.runs()[0]
        (visit,) = (v for v in store.visits(run.id) if v.target == "bullseye")
    told = {result.check: result.status for result in visit.results}

    assert told["patch.os-supported"] is Status.FAIL
    assert told["patch.security-updates"] is Status.FAIL
    assert told["patch.kev"] is Status.FAIL
    assert Status.PASS not in {told[f"patch.{name}"] for name in ("held", "not-enabled", "grace")}
