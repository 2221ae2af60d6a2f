"""`auditor patches` on a real store and real feeds: mistakes first, then every format."""

import csv
import io
import json
import re
import resource
import sys
from datetime import timedelta

import msgspec
import pytest

from auditor.cli.patches import _write
from auditor.errors import ExitCode, StoreError
from auditor.feeds.keep import keep
from auditor.model.fact import Why
from auditor.model.feed import IndexEntry, SuiteIndex
from auditor.model.result import RunState
from auditor.patch.deb_version import deb_key
from auditor.render import cyclonedx
from auditor.store import open_store
from auditor.store.context import Context
from tests.render.patching import (
    BAD,
    action,
    exploited,
    fact,
    gap,
    kernel,
    level,
    support,
)
from tests.render.sample import CHECKS, FRAMEWORKS, NOW, POLICIES, RUN, inventory, visits

OS = {"id": "debian", "version": "12", "codename": "bookworm", "name": "Debian 12", "arch": "amd64"}


def package(name, version, source="", status="ii"):
    return {
        "name": name, "version": version, "source": source or name, "source_version": version,
        "arch": "amd64", "status": status,
    }  # fmt: skip


PACKAGES = [
    package("openssl", "3.0.11-1~deb12u2"),
    package("libopenssl3", "3.0.11-1~deb12u2", "openssl"),
    package("libssl3:i386", "3.0.11-1~deb12u2", "openssl"),
    package("linux-image-6.1.0-35-amd64", "6.1.153-1", "linux-signed-amd64"),
    package("linux-libc-dev", "6.1.153-1", "linux"),
    package("curl", "7.88"),
    package("zlib1g", "1:1.2.13", "zlib"),
    package("removed", "1", status="rc"),
]
SEEN = {
    "web0": (
        fact("os", OS),
        fact("packages", {"manager": "dpkg", "packages": PACKAGES}),
        fact("reboot", {"required": True, "kernel_packages": ["linux-image-6.1.0-35-amd64"]}),
        level(exploited(), action(), restart=[kernel()]),
        support(),
    ),
    "web1": (
        fact("os", OS | {"id": BAD, "codename": BAD}),
        fact("packages", {"manager": "dpkg", "packages": [package(BAD, BAD, BAD)]}),
        level(action(BAD), stale=True),
    ),
    "web2": (gap(detail=BAD), gap(probe="os"), gap(Why.CUT, "too long", probe="packages")),
    "web3": (support(),),
}


@pytest.fixture
def home(tmp_path):
    """A store with one run: a target in order, a hostile one, an unseen one, one not asked."""
    place = tmp_path / "home"
    city = inventory(5)
    run = msgspec.structs.replace(RUN, state=RunState.RUNNING, ended=None)
    with open_store(place, lock=True) as store:
        store.begin(
            run,
            Context(
                inventory=city,
                policies=POLICIES,
                checks=tuple(CHECKS.values()),
                frameworks=FRAMEWORKS,
                targets=tuple(target.id for target in city.targets),
            ),
        )
        for visit in visits(4):
            mine = tuple(
                msgspec.structs.replace(one, target=visit.target) for one in SEEN[visit.target]
            )
            store.put(run.id, visit, mine)
        store.finish(run.id, RunState.INCOMPLETE, NOW, ())
    return place


@pytest.fixture
def feeds(home):
    """The signed list of one suite, in the home folder's own feeds."""
    entries = {
        name: IndexEntry(package=name, version=version, key=deb_key(version), source=source)
        for name, version, source in (
            ("openssl", "3.0.17-1~deb12u2", "openssl"), ("curl", "7.99", "curl"),
        )
    }  # fmt: skip
    index = SuiteIndex(
        distribution="debian", release="bookworm", suite="bookworm-security", arch="amd64",
        date=NOW - timedelta(days=1), valid_until=None, verified_by="AB" * 20, sha256="0" * 64,
        entries=entries,
    )  # fmt: skip
    foreign = msgspec.structs.replace(index, arch="i386")
    assert not keep(home, index, foreign)
    return home


def test_a_target_that_the_run_does_not_know_is_a_mistake(auditor, home):
    code, _, err = auditor("patches", "--home", home, "--target", "nobody")

    assert code == ExitCode.USAGE
    assert "no 'nobody'" in err


@pytest.mark.parametrize("kind", ["text", "json", "csv", "cyclonedx"])
def test_a_run_that_asked_nobody_is_told(auditor, home, kind):
    code, _, err = auditor("patches", "--home", home, "--target", "web3", "--format", kind)

    assert code == ExitCode.USAGE
    assert "asked no chosen target for its patch level" in err
    assert "patch.*" in err


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(auditor, home, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.csv").mkdir()

    missing = auditor("patches", "--home", home, "--format", "csv", "-o", tmp_path / "no" / "x.csv")
    folder = auditor("patches", "--home", home, "--format", "csv", "-o", tmp_path / "out" / "x.csv")

    assert missing.code == folder.code == ExitCode.USAGE
    assert "make it first" in missing.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x.csv"]


def test_a_disk_that_refuses_is_told_and_nothing_half_written_stays(tmp_path):
    """A limit on the size of files stands for a full disk: the same call fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(StoreError, match=r"x\.txt: File too large"):
            _write([b"line\n"] * 100_000, tmp_path / "x.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(tmp_path.iterdir()) == []


def test_the_screen_shows_what_is_due_first_and_what_is_not_known(auditor, home):
    code, out, _ = auditor("patches", "--home", home)

    lines = out.splitlines()
    assert code == 0
    assert "web0" in lines[1]
    assert "freetype" in lines[1]
    assert "muat ulang kernel" in out
    assert not re.search("[\x1b\x07\x9b\u202e]", out)
    unsure = out.partition("Tidak diketahui seluruhnya:")[2]
    assert [line.split(":")[0].strip() for line in unsure.splitlines() if line] == [
        "web1", "web2", "web4",
    ]  # fmt: skip
    assert "audit tidak sampai ke target ini" in unsure


def test_one_target_in_another_language(auditor, home):
    out = auditor("patches", "--home", home, "--target", "web0", "--lang", "en").out

    assert "restart the kernel" in out
    assert "Not known" not in out


def test_json_goes_to_a_file_whole(auditor, home, tmp_path):
    path = tmp_path / "patches.json"

    told = auditor("patches", "--home", home, "--format", "json", "-o", path)
    printed = auditor("patches", "--home", home, "--format", "json").out

    assert told.out == f"{path}\n"
    assert path.read_text() == printed
    data = json.loads(printed)
    assert data["format"] == "auditor-patches/1"
    assert [target["patch"]["status"] for target in data["targets"]] == [
        "ok", "error", "error", "error",
    ]  # fmt: skip


def test_csv_has_a_line_for_every_action_and_every_gap(auditor, home):
    out = auditor("patches", "--home", home, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))

    assert [row["target"] for row in rows if row["status"] == "ok"] == ["web0"] * 3
    assert any(row["target"] == "web2" and row["kind"] == "" for row in rows)


def test_every_verdict_is_judged_anew_by_the_feeds_that_are_held(auditor, feeds):
    out = auditor("patches", "--home", feeds, "--all", "--format", "json").out
    told = {}
    for row in json.loads(out)["verdicts"]:
        told.setdefault(row["target"], []).append((row["source"], row["verdict"]))

    assert ("openssl", "update_pending") in told["web0"]
    assert ("curl", "update_pending") in told["web0"]
    assert ("docker-ce", "not_covered") in told["web0"]
    assert ("", "stale_or_missing_data") in told["web1"]
    assert told["web2"] == told["web4"] == [("", "stale_or_missing_data")]


def test_without_feeds_nothing_is_concluded(auditor, home):
    rows = list(
        csv.DictReader(
            io.StringIO(
                auditor("patches", "--home", home, "--all", "--format", "csv").out, newline=""
            )
        )
    )
    text = auditor("patches", "--home", home, "--all").out

    first = next(row for row in rows if row["target"] == "web0")
    assert first["verdict"] == "stale_or_missing_data"
    assert "auditor feeds update" in first["note"]
    assert "stale_or_missing_data" in text


def bill(said):
    """Return a bill of materials that the library's own schema finds no fault with."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert said.code == 0, said.err
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(said.out)
    assert fault is None, str(fault)[:300]
    return json.loads(said.out)


def states(data):
    return {
        (one["id"], one["analysis"]["state"]): [place["ref"] for place in one["affects"]]
        for one in data["vulnerabilities"]
    }


def test_a_bill_of_materials_is_valid_and_says_what_is_open(auditor, home):
    data = bill(auditor("patches", "--home", home, "--format", "cyclonedx"))

    systems = {one["bom-ref"]: one for one in data["components"]}
    purls = {part["purl"] for part in systems["web0"]["components"]}
    assert data["specVersion"] == "1.6"
    assert "pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12" in purls
    assert "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=i386&distro=debian-12" in purls
    assert len(purls) == len(PACKAGES) - 1
    found = states(data)
    assert len(found["CVE-2025-9230", "exploitable"]) == 3
    assert found["CVE-2025-38000", "exploitable"] == [
        "web0/pkg:deb/debian/linux-image-6.1.0-35-amd64@6.1.153-1?arch=amd64&distro=debian-12"
    ]
    assert found["CVE-2025-27363", "exploitable"] == ["web0"]
    properties = {p["name"]: p["value"] for p in systems["web2"]["properties"]}
    assert properties["auditor:status"] == "error"
    assert properties["auditor:reason"] == "cut: too long"
    assert not re.search(r"\\u001b|[\x9b\u202e]", json.dumps(data, ensure_ascii=False))
    assert any(
        {"name": "auditor:kev", "value": "yes"} in one["properties"]
        for one in data["vulnerabilities"]
    )


def test_a_bill_of_materials_is_the_same_twice(auditor, home):
    one = auditor("patches", "--home", home, "--format", "cyclonedx").out

    assert auditor("patches", "--home", home, "--format", "cyclonedx").out == one


def test_a_bill_of_materials_with_all_verdicts(auditor, feeds):
    data = bill(
        auditor("patches", "--home", feeds, "--format", "cyclonedx", "--all", "--target", "web0")
    )

    found = states(data)
    name = "bookworm-security:curl@7.99"
    assert found[name, "exploitable"] == [
        "web0/pkg:deb/debian/curl@7.88?arch=amd64&distro=debian-12"
    ]


def test_a_bill_without_feeds_says_that_nothing_is_known(auditor, home):
    data = bill(
        auditor("patches", "--home", home, "--format", "cyclonedx", "--all", "--target", "web0")
    )

    properties = {p["name"]: p["value"] for p in data["components"][0]["properties"]}
    assert "auditor feeds update" in properties["auditor:reason"]


def test_too_many_targets_for_one_bill_are_refused(auditor, home, monkeypatch):
    monkeypatch.setattr(cyclonedx, "MOST", 1)

    code, _, err = auditor("patches", "--home", home, "--format", "cyclonedx")

    assert code == ExitCode.USAGE
    assert "--target" in err


def test_a_library_that_is_missing_is_told_with_the_way_to_get_it(auditor, home, monkeypatch):
    monkeypatch.setitem(sys.modules, "cyclonedx.output", None)

    code, _, err = auditor("patches", "--home", home, "--format", "cyclonedx")

    assert code == ExitCode.USAGE
    assert "pip install 'auditor[sbom]'" in err


@pytest.mark.parametrize("kind", ["patches", "verdicts"])
def test_the_schemas_are_published(auditor, kind):
    assert json.loads(auditor("schema", kind).out)["$defs"]
