"""Probes that join facts: patch level, support, exposure."""

import lzma
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from auditor.feeds.fetch import read_suite
from auditor.model.fact import Why
from auditor.model.feed import Feeds, IndexEntry, Release, SuiteIndex
from auditor.model.inventory import Target
from auditor.patch.deb_version import deb_key
from auditor.probe import exposure, lifecycle, patches
from auditor.probe.base import Derivation, Unseen

DATA = Path(__file__).parents[2] / "lab" / "data"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DEBIAN = {
    "id": "debian",
    "version": "12",
    "codename": "bookworm",
    "name": "Debian",
    "arch": "amd64",
}


def given(feeds=None, gaps=None, now=NOW, **facts):
    return Derivation(
        target=Target(id="web1", opd="kominfo", address="10.0.0.1", ports=("22/tcp",)),
        facts=facts,
        gaps=gaps or {},
        feeds=feeds or Feeds(),
        now=now,
    )


def entry(package, version, source=None):
    return IndexEntry(
        package=package, version=version, key=deb_key(version), source=source or package
    )


def index(*entries, age=1, valid_until=None, verified_by="ABC"):
    return SuiteIndex(
        distribution="debian",
        release="bookworm",
        suite="bookworm-security",
        arch="amd64",
        date=NOW - timedelta(days=age),
        valid_until=valid_until,
        verified_by=verified_by,
        sha256="0" * 64,
        entries={e.package: e for e in entries},
    )


def package(name, version, status="ii"):
    return {"name": name, "version": version, "status": status, "arch": "amd64"}


def judge(listed, *, os=DEBIAN, **more):
    indexes = (index(**more),) if "entries" not in more else (index(*more.pop("entries"), **more),)
    derivation = given(Feeds(indexes=indexes), os=os, packages={"packages": listed})
    return patches.PROBE.derive(patches.PatchesArgs(), derivation)


OPENSSL = (entry("openssl", "3.0.17-1", "openssl"), entry("libssl3", "3.0.17-1", "openssl"))


def test_older_packages_are_pending_and_grouped_by_source():
    found = judge(
        [package("openssl", "3.0.11-1"), package("libssl3", "3.0.11-1", "hi")], entries=OPENSSL
    )

    assert found["count"] == 2
    assert found["security"] == [
        {
            "source": "openssl",
            "packages": ["openssl", "libssl3"],
            "have": "3.0.11-1",
            "want": "3.0.17-1",
            "held": True,
        }
    ]


@pytest.mark.parametrize(
    "listed",
    [
        [package("openssl", "3.0.17-1")],
        [package("openssl", "3.0.18-1~bpo12+1")],
        [package("openssl", "3.0.11-1", "rc")],
        [package("other", "1")],
    ],
)
def test_current_removed_and_foreign_packages_are_not_pending(listed):
    assert judge(listed, entries=OPENSSL)["security"] == []


@pytest.mark.parametrize("stale", [{"age": 8}, {"age": 1, "valid_until": NOW - timedelta(hours=1)}])
def test_a_stale_index_proves_what_is_missing_but_never_that_nothing_is(stale):
    assert judge([package("openssl", "3")], entries=OPENSSL, **stale)["stale"] is True
    with pytest.raises(Unseen) as caught:
        judge([package("openssl", "4")], entries=OPENSSL, **stale)
    assert caught.value.why is Why.STALE


@pytest.mark.parametrize(
    ("os", "more", "why"),
    [
        ({**DEBIAN, "id": "alpine"}, {}, Why.UNSUPPORTED),
        ({**DEBIAN, "codename": "sid"}, {}, Why.NO_DATA),
        (DEBIAN, {"verified_by": ""}, Why.NO_DATA),
    ],
)
def test_without_a_believed_index_nothing_is_said(os, more, why):
    with pytest.raises(Unseen) as caught:
        judge([package("openssl", "3")], os=os, **more)
    assert caught.value.why is why


def test_a_package_list_that_was_not_seen_is_not_guessed():
    derivation = given(os=DEBIAN, gaps={"packages": (Why.REFUSED, "ditolak")})

    with pytest.raises(Unseen) as caught:
        patches.PROBE.derive(patches.PatchesArgs(), derivation)
    assert caught.value.why is Why.REFUSED


@pytest.mark.parametrize(
    ("release", "number"), [("bullseye", 155), ("bookworm", 71), ("trixie", 10)]
)
def test_pending_is_exactly_what_apt_says_of_real_package_lists(release, number):
    held = read_suite(DATA / "debian-indexes", release, "amd64")
    status = lzma.decompress((DATA / f"hosts/{release}.status.xz").read_bytes()).decode()
    listed = [
        package(name, version)
        for name, version in re.findall(
            r"^Package: (\S+)\n(?:[A-Z ].*\n)*?Version: (\S+)", status, re.MULTILINE
        )
    ]
    oracle = lzma.decompress((DATA / f"hosts/{release}.apt-oracle.txt.xz").read_bytes()).decode()
    upgrades = set(
        re.findall(r"^Inst (\S+) \[[^\]]+\] \([^)]*Debian-Security", oracle, re.MULTILINE)
    )

    found = {p for group in patches.pending(listed, held.entries) for p in group["packages"]}

    assert len(found) == number
    assert upgrades <= found


BOOKWORM = Release(
    distribution="debian", codename="bookworm", version="12", released=date(2023, 6, 10),
    eol=date(2026, 6, 10), eol_lts=date(2028, 6, 30),
)  # fmt: skip
JAMMY = Release(
    distribution="ubuntu", codename="jammy", version="22.04", released=None, eol=date(2027, 6, 1)
)
SID = Release(distribution="debian", codename="sid", version="", released=None, eol=None)
FEEDS = Feeds(releases=(BOOKWORM, JAMMY, SID))


def life(os, now=NOW):
    return lifecycle.PROBE.derive(lifecycle.LifecycleArgs(), given(FEEDS, now=now, os=os))


@pytest.mark.parametrize(
    ("os", "now", "phase", "supported"),
    [
        (DEBIAN, datetime(2025, 1, 1, tzinfo=UTC), "full", True),
        (DEBIAN, NOW, "lts", True),
        (DEBIAN, datetime(2029, 1, 1, tzinfo=UTC), "ended", False),
        ({**DEBIAN, "id": "ubuntu", "version": "22.04"}, NOW, "full", True),
        (
            {**DEBIAN, "id": "ubuntu", "version": "22.04"},
            datetime(2028, 1, 1, tzinfo=UTC),
            "ended",
            False,
        ),
    ],
)
def test_support_is_told_by_phase(os, now, phase, supported):
    found = life(os, now)

    assert (found["phase"], found["supported"]) == (phase, supported)
    assert (found["days_left"] >= 0) is supported


@pytest.mark.parametrize("version", ["99", ""])
def test_a_release_without_dates_is_not_called_supported(version):
    with pytest.raises(Unseen):
        life({**DEBIAN, "version": version})


def test_derived_probes_name_what_they_need():
    assert [p.key for p in lifecycle.PROBE.needs(None)] == ["os"]
    assert [p.key for p in patches.PROBE.needs(None)] == ["os", "packages"]
    assert [p.key for p in exposure.PROBE.needs(None)] == ["listening", "ports"]


def port(name, service="", tls=False):
    return {"port": name, "service": service, "product": "", "version": "", "tls": tls}


OUTSIDE = {
    "open": [
        port("22/tcp", "ssh"),
        port("21/tcp", "ftp"),
        port("5432/tcp"),
        port("143/tcp", "imap", tls=True),
        port("8000/tcp", "mysql"),
    ]
}


def joined(**facts):
    gaps = {} if "listening" in facts else {"listening": (Why.REFUSED, "ditolak")}
    return exposure.PROBE.derive(exposure.ExposureArgs(), given(gaps=gaps, **facts))


def test_both_views_meet():
    inside = {"sockets": [{"port": "22/tcp", "process": "sshd"}, {"port": "53/udp", "process": ""}]}

    found = joined(ports=OUTSIDE, listening=inside)

    assert found["hidden"] == ["21/tcp", "143/tcp", "5432/tcp", "8000/tcp"]
    assert found["ports"][1] == {
        "port": "22/tcp", "inside": True, "outside": True, "expected": True,
        "process": "sshd", "service": "ssh",
    }  # fmt: skip


def test_services_are_known_by_number_and_by_name():
    found = joined(ports=OUTSIDE)

    assert found["database"] == ["5432/tcp", "8000/tcp"]
    assert found["clear_text"] == ["21/tcp"]


def test_without_the_inside_view_only_what_it_answers_is_missing():
    found = joined(ports=OUTSIDE)

    assert "hidden" not in found
    assert found["gap"] == {"why": "refused", "detail": "ditolak"}


def test_without_the_outside_view_nothing_is_said():
    derivation = given(gaps={"ports": (Why.TIMEOUT, "lama")}, listening={"sockets": []})

    with pytest.raises(Unseen) as caught:
        exposure.PROBE.derive(exposure.ExposureArgs(), derivation)
    assert caught.value.why is Why.TIMEOUT


@pytest.mark.parametrize(
    ("os", "why"),
    [
        ({"id": "debian"}, Why.NO_DATA),
        ({"id": "debian", "gap": {"why": "denied", "detail": "tertutup"}}, Why.DENIED),
    ],
)
def test_a_system_that_is_known_in_part_only_is_not_judged(os, why):
    with pytest.raises(Unseen) as caught:
        life(os)
    assert caught.value.why is why
