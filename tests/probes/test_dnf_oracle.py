"""What the engine says of constructed AlmaLinux systems is what dnf itself says, none missing and
none extra; the newest build of every module stream has nothing pending.
"""

import random
import shlex
from collections import defaultdict

import msgspec
import pytest

from auditor.feeds.sources import almalinux_osv
from auditor.model.advisory import Fix
from auditor.model.feed import Feeds
from auditor.patch import system
from auditor.patch.judge import judge, rulings
from auditor.patch.rpm_version import rpm_key
from auditor.patch.streams import UNKNOWN
from auditor.patch.system import System, Unit, is_rpm_kernel, units
from auditor.patch.verdict import UPDATES, Verdict
from auditor.probe import packages
from tests.lab.packages import DATA
from tests.probes.capture import understood
from tests.probes.constructed import Installed, asked_dnf, build, install, repository
from tests.probes.overlay import asked, frames, run

ERRATA = DATA / "almalinux-osv-2026-08-21.json.xz"
SYSTEMS = [("8", 1), ("9", 2), ("10", 3)]
PLAIN = 250
"""Packages of a system that are of no module."""


@pytest.fixture(scope="module")
def errata():
    """All fixes by release, with their keys as the store gives them."""
    by_release = defaultdict(list)
    wanted = {("almalinux", release) for release in ("8", "9", "10")}
    for row in almalinux_osv.read(ERRATA, wanted):
        if isinstance(row, Fix):
            by_release[row.release].append(msgspec.structs.replace(row, key=rpm_key(row.version)))
    return by_release


def feeds_of(fixes):
    by_package = defaultdict(list)
    for fix in fixes:
        by_package[fix.package].append(fix)
    return Feeds(fixes={name: tuple(rows) for name, rows in by_package.items()})


def by_stream(fixes):
    """Versions that are named, by stream and package; "" is what is in no module."""
    named = defaultdict(lambda: defaultdict(set))
    for fix in fixes:
        if fix.stream != UNKNOWN:
            named[fix.stream][fix.package].add(fix.version)
    return named


def one_of_each(streams, chance):
    """One stream of each module, as a system can have them."""
    modules = defaultdict(list)
    for stream in sorted(streams):
        if stream:
            modules[stream.partition(":")[0]].append(stream)
    return [chance.choice(choices) for choices in modules.values()]


def constructed(fixes, seed, pick):
    """A system with packages of no module and of one stream of each module, versions by `pick`.

    No name is in two of its streams, nor in and out of a module: dnf goes by the name alone there
    (nginx 2:1.20.1 of no module would update nginx:1.24), where the engine goes by the stream.
    """
    chance = random.Random(seed)
    named = by_stream(fixes)
    streams = one_of_each(named, chance)
    holders = defaultdict(set)
    for stream in streams:
        for name in named[stream]:
            holders[name].add(stream)
    for name in holders.keys() & named[""].keys():
        holders[name].add("")
    found = [
        Installed(name, pick(chance, sorted(named[stream][name], key=rpm_key)), stream)
        for name, (stream, *others) in sorted(holders.items())
        if not others and chance.random() < 0.5
    ]
    free = sorted(set(named[""]) - set(holders))
    found.extend(
        Installed(name, pick(chance, sorted(named[""][name], key=rpm_key)))
        for name in chance.sample(free, min(PLAIN, len(free)))
    )
    return found


def at_random(chance, versions):
    return chance.choice(versions)


def newest(_chance, versions):
    return versions[-1]


def seen_by_probe(folder, built):
    """The packages as the real section of the visit lists them."""
    probes, script = asked((packages.PROBE, {}))
    files = f"{shlex.quote(str(built))}/run*/RPMS/noarch/*.rpm"
    prepare = f"""
        rm var/lib/dpkg/info/base-files.list
        mkdir -p etc/rpm etc/dnf/modules.d
        echo '%_dbpath /var/lib/rpm' >etc/rpm/macros
        rpm --dbpath "$PWD/var/lib/rpm" -i --justdb --nodeps --ignorearch --ignoreos {files} 2>&-
    """
    seen = frames(run(folder, "sh", "-s", prepare=prepare, text=script.text), script)
    record = understood(probes[0], seen)["record"]
    return [
        system.Installed(
            p["name"], p["version"], p["source"], p["source_version"], False, p["stream"]
        )
        for p in record["packages"]
    ]


def said_by_engine(release, fixes, listed):
    kernels = frozenset(package.name for package in listed if is_rpm_kernel(package.name))
    target = System(distribution="almalinux", release=release, kernel=kernels)
    told = list(judge(target, feeds_of(fixes), units(target, listed)))
    return {(r.advisory, r.package, r.want) for r in told if r.verdict in UPDATES}


@pytest.mark.parametrize(("release", "seed"), SYSTEMS)
def test_pending_is_what_dnf_says(tmp_path, errata, release, seed):
    fixes = errata[release]
    installed = constructed(fixes, seed, at_random)
    root = tmp_path / "root"
    install(root, build(tmp_path / "built", installed))
    repository(tmp_path / "repo", [f for f in fixes if f.stream != UNKNOWN], installed)
    (overlay := tmp_path / "overlay").mkdir()

    listed = seen_by_probe(overlay, tmp_path / "built")
    dnf = asked_dnf(root, tmp_path / "repo", {p.stream for p in installed if p.stream})

    assert {(p.name, p.version, p.stream) for p in listed} == set(installed)
    assert len(dnf) > 200
    assert said_by_engine(release, fixes, listed) == dnf


def test_newest_builds_have_nothing_pending_for_dnf_either(tmp_path, errata):
    fixes = errata["8"]
    installed = constructed(fixes, 4, newest)
    root = tmp_path / "root"
    install(root, build(tmp_path / "built", installed))
    repository(tmp_path / "repo", [f for f in fixes if f.stream != UNKNOWN], installed)
    listed = [system.Installed(p.name, p.version, p.name, "", False, p.stream) for p in installed]

    assert asked_dnf(root, tmp_path / "repo", {p.stream for p in installed if p.stream}) == set()
    assert said_by_engine("8", fixes, listed) == set()


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("release", ["8", "9"])
def test_the_newest_build_of_every_stream_gives_no_finding(errata, release, labelled):
    feeds = feeds_of(errata[release])
    target = System(distribution="almalinux", release=release)
    named = by_stream(errata[release])
    open_ones = defaultdict(int)
    for stream in filter(None, named):
        for name, versions in named[stream].items():
            have = Unit(name, max(versions, key=rpm_key), name, stream if labelled else "")
            for ruling in rulings(target, feeds, have):
                open_ones[ruling.verdict] += ruling.verdict is not Verdict.FIXED

    assert open_ones[Verdict.UPDATE_PENDING] == 0
    assert open_ones[Verdict.UPDATE_NOT_ENABLED] == 0


def test_streams_that_matter_are_all_there(errata):
    told = {fix.stream for fix in errata["8"]}

    assert {f"nodejs:{major}" for major in (10, 12, 14, 16, 18, 20, 22)} <= told
    assert {"postgresql:13", "php:7.4", "ruby:2.7", "virt:rhel", "idm:DL1"} <= told
    assert {"container-tools:rhel8", "perl:5.32", "httpd:2.4", "redis:6"} <= told
