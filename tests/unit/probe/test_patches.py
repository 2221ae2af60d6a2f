"""Security updates that are missing: what cannot be known first, then apt's own answer."""

import lzma
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.feeds.fetch import read_suite
from auditor.model.fact import Why
from auditor.model.feed import Feeds, IndexEntry, SuiteIndex
from auditor.model.inventory import Target
from auditor.model.shape import misfits
from auditor.patch.deb_version import deb_key
from auditor.probe import patches
from auditor.probe.base import Derivation, Unseen

DATA = Path(__file__).parents[2] / "lab" / "data"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OS = {
    "id": "debian", "version": "12", "codename": "bookworm", "name": "Debian 12", "arch": "amd64",
}  # fmt: skip


def entry(package, version, source=""):
    return IndexEntry(
        package=package, version=version, key=deb_key(version), source=source or package
    )


OPENSSL = (entry("openssl", "3.0.17-1"), entry("libssl3", "3.0.17-1", "openssl"))


def index(*entries, arch="amd64", age=1, **fields):
    values = {
        "distribution": "debian", "release": "bookworm", "suite": "bookworm-security",
        "arch": arch, "date": NOW - timedelta(days=age), "valid_until": None,
        "verified_by": "AB" * 20, "sha256": "0" * 64,
        "entries": {e.package: e for e in entries},
    }  # fmt: skip
    return SuiteIndex(**(values | fields))


def package(name, version, status="ii"):
    return {"name": name, "version": version, "status": status}


def derive(listed, *indexes, os=OS, gaps=None):
    facts = {"os": os, "packages": {"packages": listed}}
    given = Derivation(
        target=Target(id="web1", opd="kominfo", address="10.0.0.1"),
        facts={name: fact for name, fact in facts.items() if name not in (gaps or {})},
        gaps=gaps or {},
        feeds=Feeds(indexes=indexes),
        now=NOW,
    )
    found = patches.PROBE.derive(patches.PatchesArgs(), given)
    assert list(misfits(found, patches.PROBE.gives)) == []
    return found


def unseen(*args, **more):
    with pytest.raises(Unseen) as caught:
        derive(*args, **more)
    return caught.value


OLD, NEW = [package("openssl", "3.0.11-1")], [package("openssl", "3.0.17-1")]


@pytest.mark.parametrize(
    ("os", "held", "why", "words"),
    [
        (OS | {"id": "ubuntu", "name": "Ubuntu 24.04"}, index(*OPENSSL), Why.UNSUPPORTED, "24.04"),
        (OS | {"codename": "sid"}, index(*OPENSSL), Why.NO_DATA, "sid amd64 is held: run"),
        (OS | {"arch": "arm64"}, index(*OPENSSL), Why.NO_DATA, "bookworm arm64 is held: run"),
        (OS, index(*OPENSSL, verified_by=""), Why.NO_DATA, "unverified"),
        ({"id": "debian"}, index(*OPENSSL), Why.NO_DATA, "codename is not known"),
    ],
)
@pytest.mark.parametrize("listed", [OLD, NEW])
def test_without_an_index_to_believe_nothing_is_said(listed, os, held, why, words):
    gap = unseen(listed, held, os=os)

    assert gap.why is why
    assert words in gap.detail


@pytest.mark.parametrize("name", ["os", "packages"])
def test_what_was_not_seen_of_the_target_is_not_guessed(name):
    gap = unseen(OLD, index(*OPENSSL), gaps={name: (Why.REFUSED, "ditolak")})

    assert (gap.why, gap.detail) == (Why.REFUSED, "ditolak")


STALE = [
    ({"age": 8}, "of 2026-11-16: too old"),
    ({"valid_until": NOW - timedelta(seconds=1)}, "of 2026-11-23: too old"),
    ({"age": -2}, "of 2026-11-26: the auditor's clock is behind"),
]


@pytest.mark.parametrize(("doubt", "words"), STALE)
def test_a_stale_index_never_shows_that_nothing_is_missing(doubt, words):
    gap = unseen(NEW, index(*OPENSSL, **doubt))

    assert gap.why is Why.STALE
    assert words in gap.detail


@pytest.mark.parametrize(("doubt", "_words"), STALE)
def test_a_stale_index_still_proves_what_is_missing(doubt, _words):
    found = derive(OLD, index(*OPENSSL, **doubt))

    assert (found["count"], found["stale"]) == (1, True)
    assert found["index_age"] >= 0


def test_an_index_that_the_operator_trusts_is_used_and_marked():
    found = derive(NEW, index(*OPENSSL, verified_by="", trusted=True))

    assert (found["security"], found["verified_by"]) == ([], "")


FOREIGN = [package("libssl3:i386", "3.0.11-1"), package("openssl", "3.0.17-1")]


@pytest.mark.parametrize(
    "other",
    [
        (),
        (index(*OPENSSL, arch="i386", verified_by=""),),
        (index(*OPENSSL, arch="i386", release="trixie"),),
    ],
)
def test_packages_of_an_architecture_without_an_index_do_not_pass(other):
    gap = unseen(FOREIGN, index(*OPENSSL), *other)

    assert gap.why is Why.NO_DATA
    assert "i386 packages were not compared" in gap.detail


def test_what_is_missing_beside_packages_that_were_not_compared_is_found():
    found = derive([*FOREIGN[:1], *OLD], index(*OPENSSL))

    assert [group["packages"] for group in found["security"]] == [["openssl"]]
    assert found["gap"]["why"] == Why.NO_DATA


def test_packages_of_another_architecture_have_an_index_of_their_own():
    i386 = index(entry("libssl3", "3.0.18-1", "openssl"), arch="i386")

    found = derive([package("libssl3", "3.0.17-1"), *FOREIGN], index(*OPENSSL), i386)

    assert found["security"] == [
        {
            "source": "openssl", "packages": ["libssl3:i386"], "have": "3.0.11-1",
            "want": "3.0.18-1", "held": False,
        }
    ]  # fmt: skip
    assert "gap" not in found


def test_a_stale_index_of_another_architecture_is_stale_for_all():
    old = index(*OPENSSL, arch="i386", age=30)

    gap = unseen([*NEW, package("libssl3:i386", "3.0.17-1")], index(*OPENSSL), old)

    assert gap.why is Why.STALE
    assert "bookworm-security i386" in gap.detail


def test_removed_packages_of_another_architecture_need_no_index():
    assert derive([package("libssl3:i386", "1", "rc")], index(*OPENSSL))["count"] == 0


@pytest.mark.parametrize("status", ["ii", "hi", "iU", "iF", "iH", "ri"])
def test_packages_whose_files_are_there_count(status):
    assert derive([package("openssl", "3.0.11-1", status)], index(*OPENSSL))["count"] == 1


@pytest.mark.parametrize(
    "listed",
    [
        package("openssl", "3.0.11-1", "rc"),
        package("openssl", "3.0.11-1", "un"),
        package("openssl", "3.0.11-1", "p"),
        package("openssl", "3.0.11-1", ""),
        package("openssl", "3.0.17-1"),
        package("openssl", "0:3.0.17-01"),
        package("openssl", "3.0.18-1~bpo12+1"),
        package("openssl", "1:1.0-thirdparty"),
        package("docker-ce", "5:20.10"),
    ],
)
def test_current_removed_and_foreign_packages_are_not_pending(listed):
    assert derive([listed], index(*OPENSSL))["security"] == []


@pytest.mark.parametrize("have", ["3.0.17-1~bpo11+1", "3.0.17-1~deb12u1", ""])
def test_what_is_below_the_fix_is_pending(have):
    assert derive([package("openssl", have)], index(*OPENSSL))["count"] == 1


def test_kernels_are_compared_by_their_own_version():
    signed = [
        entry("linux-image-amd64", "6.1.192-2", "linux-signed-amd64"),
        entry("linux-image-6.1.0-40-amd64", "6.1.192-2", "linux-signed-amd64"),
    ]
    listed = [
        package("linux-image-amd64", "6.1.192-1"),
        package("linux-image-6.1.0-40-amd64", "6.1.192-1"),
        package("linux-image-6.1.0-30-amd64", "6.1.100-1"),
    ]

    (group,) = derive(listed, index(*signed))["security"]

    assert group["packages"] == ["linux-image-amd64", "linux-image-6.1.0-40-amd64"]
    assert (group["source"], group["want"]) == ("linux-signed-amd64", "6.1.192-2")


def test_updates_are_grouped_by_source_in_order_and_held_ones_marked():
    listed = [package("zlib1g", "1"), package("openssl", "3.0.11-1"), package("libssl3", "3", "hi")]

    found = derive(listed, index(*OPENSSL, entry("zlib1g", "2", "zlib"), age=2))

    assert found["count"] == 3
    assert found["security"] == [
        {
            "source": "openssl", "packages": ["openssl", "libssl3"], "have": "3.0.11-1",
            "want": "3.0.17-1", "held": True,
        },
        {"source": "zlib", "packages": ["zlib1g"], "have": "1", "want": "2", "held": False},
    ]  # fmt: skip
    assert found["release"] == "bookworm"
    assert found["index_age"] == 2 * 86_400
    assert found["index_date"] == "2026-11-22T08:00:00+00:00"
    assert (found["stale"], found["verified_by"]) == (False, "AB" * 20)


def test_nothing_pending_by_a_fresh_index_is_a_fact():
    assert derive(NEW, index(*OPENSSL))["security"] == []


def read(name):
    return lzma.decompress((DATA / "hosts" / name).read_bytes()).decode()


@pytest.mark.parametrize(
    ("release", "number"), [("bullseye", 155), ("bookworm", 71), ("trixie", 10)]
)
def test_pending_is_exactly_what_apt_would_upgrade(release, number):
    """What apt prints: `Inst NAME [HAVE] (WANT ORIGIN…)`; without HAVE it would install anew."""
    inst = r"^Inst (\S+) \[([^\]]+)\] \((\S+) [^)]*Debian-Security"
    apt = set(re.findall(inst, read(f"{release}.apt-oracle.txt.xz"), re.MULTILINE))
    fields = r"^Package: (\S+)\n(?:[A-Z ].*\n)*?Version: (\S+)"
    listed = [package(*f) for f in re.findall(fields, read(f"{release}.status.xz"), re.MULTILINE)]
    have = {p["name"]: p["version"] for p in listed}
    held = read_suite(DATA / "debian-indexes", release, "amd64")

    found = derive(listed, held, os=OS | {"codename": release})

    ours = {
        (name, have[name], held.entries[name].version)
        for group in found["security"]
        for name in group["packages"]
    }
    assert ours == apt
    assert found["count"] == number
    assert found["stale"] is (release == "bullseye")


def test_the_target_is_asked_for_system_and_packages_only():
    assert [probe.key for probe in patches.PROBE.needs(patches.PatchesArgs())] == ["os", "packages"]
