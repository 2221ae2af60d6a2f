"""Security updates that are missing: what cannot be known first, then apt's own answer."""

import lzma
import re
from datetime import timedelta

import pytest

from auditor.feeds.fetch import read_suite
from auditor.model.fact import Why
from auditor.model.feed import FeedKind
from auditor.probe import patches
from auditor.probe.base import Unseen
from tests.unit.probe.patching import (
    DATA,
    NOW,
    OS,
    entry,
    feed,
    feeds,
    index,
    join,
    package,
    system,
)

OPENSSL = (entry("openssl", "3.0.17-1"), entry("libssl3", "3.0.17-1", "openssl"))


def derive(listed, *indexes, **more):
    return join(listed, feeds(indexes=indexes), **more)


def unseen(*args, **more):
    with pytest.raises(Unseen) as caught:
        derive(*args, **more)
    return caught.value


OLD, NEW = [package("openssl", "3.0.11-1")], [package("openssl", "3.0.17-1")]


@pytest.mark.parametrize(
    ("os", "held", "why", "words"),
    [
        (system("arch", "2026"), index(*OPENSSL), Why.UNSUPPORTED, "Arch 2026"),
        (OS | {"codename": ""}, index(*OPENSSL), Why.UNSUPPORTED, "no lists of fixes"),
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
    held = feeds(indexes=(index(*OPENSSL), i386))

    for _ in range(2):
        (row,) = join([package("libssl3", "3.0.17-1"), *FOREIGN], held)["security"]

    assert (row["source"], row["packages"]) == ("openssl", ["libssl3:i386"])
    assert (row["have"], row["want"], row["held"]) == ("3.0.11-1", "3.0.18-1", False)


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
        entry("linux-libc-dev", "6.1.192-2", "linux"),
    ]
    listed = [
        package("linux-image-amd64", "6.1.192-1"),
        package("linux-image-6.1.0-40-amd64", "6.1.192-1"),
        package("linux-image-6.1.0-30-amd64", "6.1.100-1"),
        package("linux-libc-dev", "6.1.192-1"),
    ]

    (group,) = derive(listed, index(*signed))["security"]

    assert sorted(group["packages"]) == [
        "linux-image-6.1.0-40-amd64",
        "linux-image-amd64",
        "linux-libc-dev",
    ]
    assert (group["source"], group["want"]) == ("linux", "6.1.192-2")


def test_updates_are_grouped_by_source_and_held_ones_marked():
    listed = [package("zlib1g", "1"), package("openssl", "3.0.11-1"), package("libssl3", "3", "hi")]
    zlib = entry("zlib1g", "2", "zlib", since=(NOW - timedelta(days=9)).date())

    found = derive(listed, index(*OPENSSL, zlib, age=2))

    assert found["count"] == 3
    assert [(row["source"], row["held"], row["want"]) for row in found["security"]] == [
        ("openssl", True, "3.0.17-1"),
        ("zlib", False, "2"),
    ]
    assert [row["since"][:10] for row in found["security"]] == ["2026-11-22", "2026-11-15"]
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

    found = derive(listed, held, os=system("debian", "", release))

    ours = {
        (name, have[name], held.entries[name].version)
        for group in found["security"]
        for name in group["packages"]
    }
    assert ours == apt
    assert found["count"] == number
    assert found["stale"] is (release == "bullseye")


def test_the_target_is_asked_for_what_patch_levels_are_made_of():
    keys = [probe.key for probe in patches.PROBE.needs(patches.PatchesArgs())]

    assert keys == ["os", "packages", "reboot", "serving", "updates", "livepatch"]


def test_debians_list_of_what_is_not_released_is_no_list_of_the_release():
    held = feeds(
        indexes=[index()],
        held=(feed(release="sid"), feed(FeedKind.KEV), feed(FeedKind.SUPPORT)),
    )

    found = join([package("curl", "1")], held)

    assert "open" not in found
    assert "no list of weaknesses for debian bookworm is held" in str(found)


@pytest.mark.parametrize(
    ("more", "trust"),
    [
        ({}, "signed"),
        ({"bundled": True}, "bundle"),
        ({"verified_by": "", "trusted": True}, "operator"),
    ],
)
def test_on_whose_word_an_index_is_believed_is_told(more, trust):
    found = derive(NEW, index(*OPENSSL, **more))

    assert found["feeds"][0]["trust"] == trust
