"""Builders for tests of patch levels: a target's facts, indexes, vendors' rows, and the join."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from auditor.model.advisory import Exploited, Fix, FixState, Impact, Likelihood
from auditor.model.feed import Feed, FeedKind, Feeds, IndexEntry, Release, SuiteIndex, Trust
from auditor.model.inventory import Target
from auditor.model.shape import misfits
from auditor.patch.deb_version import deb_key
from auditor.patch.ecosystem import life_of, release_of, version_key
from auditor.probe import patches
from auditor.probe.base import Derivation

DATA = Path(__file__).parents[2] / "lab" / "data"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def system(name, version, codename="", arch="amd64"):
    """Return the fact `os`."""
    title = f"{name} {version}".title()
    return {"id": name, "version": version, "codename": codename, "name": title, "arch": arch}


OS = system("debian", "12", "bookworm")
ALMA = system("almalinux", "9.4", arch="x86_64")
JAMMY = system("ubuntu", "22.04", "jammy")


def entry(package, version, source="", since=None):
    """Return a row of a signed index."""
    return IndexEntry(
        package=package,
        version=version,
        key=deb_key(version),
        source=source or package,
        since=since,
    )


def index(*entries, os=OS, arch="amd64", age=1, suite="", **fields):
    """Return a signed index, `age` days old."""
    release = os["codename"]
    values = {
        "distribution": os["id"], "release": release, "suite": suite or f"{release}-security",
        "arch": arch, "date": NOW - timedelta(days=age), "valid_until": None,
        "verified_by": "AB" * 20, "sha256": "0" * 64,
        "entries": {e.package: e for e in entries},
    }  # fmt: skip
    return SuiteIndex(**(values | fields))


def package(name, version, status="ii", **more):
    """Return a row of the fact `packages`; its source is itself unless told."""
    more = {"source": name.partition(":")[0], "source_version": version} | more
    return {"name": name, "version": version, "status": status, **more}


def rpm(name, version, source="", stream="", vendor="AlmaLinux"):
    """Return a row of the fact `packages` as rpm tells it."""
    return package(name, version, "rpm", source=source or name, stream=stream, vendor=vendor)


def fix(package, version="", *cves, os=OS, state=None, **more):
    """Return a vendor's row on a package: fixed in `version`, or `state`."""
    distribution, release = release_of(os)
    return Fix(
        distribution=distribution,
        release=release,
        package=package,
        state=state or FixState.FIXED,
        version=version,
        key=version_key(distribution)(version) if version else b"",
        cves=cves or ("CVE-2026-0001",),
        **more,
    )


def feed(kind=FeedKind.ADVISORIES, age=1, name="", trust=Trust.TLS, **more):
    """Return a feed, `age` days old."""
    date = NOW - timedelta(days=age)
    return Feed(name=name or kind.value, kind=kind, date=date, trust=trust, **more)


SOURCES = {"security_suite": True, "pockets": []}
"""The fact `updates` of a target that gets what everybody gets."""
LISTS = (feed(), feed(FeedKind.KEV), feed(FeedKind.SUPPORT))


def feeds(*rows, indexes=(), held=LISTS, kev=(), impact=(), epss=(), **more):
    """Return feeds of some vendor's rows; `kev` are CVEs or (CVE, day, ransomware)."""
    by_package = {}
    for row in rows:
        by_package.setdefault(row.package, []).append(row)
    marks = [(k, date(2026, 11, 1), False) if isinstance(k, str) else k for k in kev]
    return Feeds(
        indexes=tuple(indexes),
        feeds=tuple(held),
        fixes={name: tuple(found) for name, found in by_package.items()},
        exploited={c: Exploited(cve=c, added=a, ransomware=r) for c, a, r in marks},
        impact={i.cve: i for i in impact},
        likelihood={c: Likelihood(cve=c, epss=p, percentile=p) for c, p in epss},
        **more,
    )


def life(os=OS, days=365, **more):
    """Return the life of a target's release, `days` of it left."""
    distribution, version = life_of(os)
    values = {"codename": os.get("codename", ""), "released": None, "eol": None} | more
    if "eol" not in more:
        values["eol"] = (NOW + timedelta(days=days)).date()
    return Release(distribution=distribution, version=version, **values)


def impact(cve, automatable=None, total=None, cvss=None, vector=""):
    """Return what SSVC says of a CVE."""
    return Impact(cve=cve, automatable=automatable, total=total, cvss=cvss, vector=vector)


def join(listed, held, os=OS, gaps=None, address="10.0.0.1", now=NOW, **facts):
    """Return the fact `patches` of a target; `facts` are those of other probes, by name."""
    facts = {"os": os, "packages": {"packages": listed}, "reboot": {}, "updates": SOURCES} | facts
    if not held.releases:
        held = changed(held, releases=(life(os),))
    given = Derivation(
        target=Target(id="web1", opd="kominfo", address=address),
        facts={name: fact for name, fact in facts.items() if name not in (gaps or {})},
        gaps=gaps or {},
        feeds=held,
        now=now,
    )
    found = patches.PROBE.derive(patches.PatchesArgs(), given)
    assert list(misfits(found, patches.PROBE.gives)) == []
    return found


def changed(value, **fields):
    """Return a value with other fields."""
    return msgspec.structs.replace(value, **fields)


SIGNED = "linux-signed-amd64"
IMAGE = "linux-image-6.1.0-40-amd64"


def image(version, name=IMAGE):
    return package(name, version, source=SIGNED, source_version=version.replace("-", "+"))


def debian(listed, *rows, reboot=None, **more):
    held = feeds(*rows, indexes=(index(),), **more)
    return join(listed, held, reboot=reboot or {})


def kernel(version="", names=(IMAGE,), newest=""):
    """Return the fact `reboot` as far as verdicts need it."""
    told = {"running_version": version, "newest_version": newest}
    return {"kernel_packages": list(names), **{k: v for k, v in told.items() if v}}


def open_updates(found):
    return {(row["source"], row["verdict"], *row["cves"]) for row in found["security"]}
