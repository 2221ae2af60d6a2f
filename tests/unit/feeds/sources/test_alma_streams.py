"""Which module stream a build of AlmaLinux is of: told from the real errata, checked by titles."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from auditor.feeds.sources import almalinux_osv
from auditor.feeds.sources.alma_streams import Row, Streams, named_in, stream_of
from auditor.model.advisory import Fix
from auditor.patch.streams import UNKNOWN

ERRATA = Path("tests/lab/data/almalinux-osv-2026-08-21.json.xz")
TODAY = date(2026, 1, 1)
TITLES = {
    ("8", "mariadb:10.3"): "2019:3708 2021:1242 2023:5259",
    ("8", "mariadb:10.5"): "2022:5826",
    ("8", "container-tools:3.0"): "2022:7529",
    ("8", "container-tools:4.0"): "2024:0748 2023:2802 2024:0121",
    ("8", "container-tools:rhel8"): "2024:8846 2024:6969",
    ("8", "nodejs:14"): "2022:6448 2022:0350",
    ("8", "nodejs:20"): "2024:5814",
    ("8", "postgresql:13"): "2023:1576 2021:5236",
    ("8", "postgresql:10"): "2022:1830",
    ("8", "postgresql:16"): "2024:5927",
    ("8", "idm:DL1"): "2021:5142 2024:0143",
    ("8", "php:8.0"): "2022:7624 2023:0848",
    ("8", "php:7.4"): "2022:7628 2023:2903 2022:6158",
    ("8", "php:8.2"): "2024:10951",
    ("8", "ruby:2.6"): "2021:2588 2022:0543",
    ("8", "ruby:2.7"): "2022:6447 2021:2584 2023:3821",
    ("8", "ruby:2.5"): "2022:0545 2022:5779 2022:0672",
    ("8", "ruby:3.1"): "2024:1431",
    ("8", "ruby:3.3"): "2024:6784",
    ("8", "python36:3.6"): "2024:10953",
    ("8", "python27:2.7"): "2022:1821 2023:3780",
    ("8", "python38:3.8"): "2022:1764 2023:3781",
    ("8", "python39:3.9"): "2022:8492",
    ("8", "pki-core:10.6"): "2022:1851",
    ("8", "virt:rhel"): "2021:4191 2021:1762 2021:5238 2023:2757 2022:1759 2023:3822",
    ("8", "squid:4"): "2024:0046",
    ("8", "maven:3.6"): "2022:4797",
    ("8", "maven:3.5"): "2022:1861",
    ("9", "nodejs:20"): "2024:2853",
    ("9", "nodejs:18"): "2023:3577 2023:2654",
}
"""Streams that advisories name in their titles, which the reduced data does not hold."""


@pytest.fixture(scope="module")
def fixes():
    wanted = {("almalinux", release) for release in ("8", "9", "10")}
    return [row for row in almalinux_osv.read(ERRATA, wanted) if isinstance(row, Fix)]


@pytest.mark.parametrize(
    ("release", "stream", "advisory"),
    [(*key, f"ALSA-{name}") for key, names in TITLES.items() for name in names.split()],
)
def test_most_of_an_advisory_is_of_the_stream_in_its_title(fixes, release, stream, advisory):
    told = Counter(f.stream for f in fixes if (f.release, f.advisory) == (release, advisory))

    assert told.most_common(1)[0][0] in (stream, UNKNOWN)
    assert stream in told


def test_nearly_every_modular_fix_has_its_stream(fixes):
    modular = [fix for fix in fixes if fix.stream]
    unknown = [fix for fix in modular if fix.stream == UNKNOWN]

    assert len(modular) > 16_000
    assert len(unknown) / len(modular) < 0.03
    assert {fix.release for fix in modular} == {"8", "9"}


def test_a_build_is_of_one_stream(fixes):
    builds = {}
    for fix in fixes:
        if fix.stream not in ("", UNKNOWN):
            build = (fix.release, fix.version.rpartition(".module_el")[2].split(".alma")[0])
            builds.setdefault(build, set()).add(fix.stream)

    assert {build: streams for build, streams in builds.items() if len(streams) > 1} == {}


@pytest.mark.parametrize(
    ("package", "version", "issued", "stream"),
    [
        ("nodejs", "1:20.11.1-1.module_el8.9.0+3775+d8460d29", TODAY, "nodejs:20"),
        ("redis", "6.2.7-1.module_el8.7.0+1+a", TODAY, "redis:6"),
        ("postgresql", "9.6.22-1.module_el8.5.0+1+a", TODAY, "postgresql:9.6"),
        ("postgresql", "13.23-1.module_el8.10.0+1+a", TODAY, "postgresql:13"),
        ("php", "7.4.33-2.module_el8.10.0+1+a", TODAY, "php:7.4"),
        ("python2", "2.7.18-17.module_el8.10.0+1+a", TODAY, "python27:2.7"),
        ("podman", "1.0.0-8.git921f98f.module_el8.3.0+1+a", TODAY, "container-tools:1.0"),
        ("podman", "2:4.0.2-6.module_el8.6.0+1+a", date(2022, 5, 10), ""),
        ("podman", "2:4.0.2-20.module_el8.8.0+1+a", date(2023, 5, 16), "container-tools:4.0"),
        ("podman", "4:4.9.4-1.module_el8.10.0+1+a", TODAY, "container-tools:rhel8"),
        ("libzip", "1.7.3-1.module_el8.6.0+1+a", TODAY, ""),
        ("php", "unknown", TODAY, ""),
        ("php", "8", TODAY, ""),
    ],
)
def test_a_main_package_tells_its_stream_by_its_version(package, version, issued, stream):
    assert stream_of(package, version, issued) == stream


@pytest.mark.parametrize(
    ("title", "streams"),
    [
        ("Important: nodejs:20 security update", {"nodejs:20"}),
        ("Moderate: virt:rhel and virt-devel:rhel security update", {"virt:rhel"}),
        ("Moderate: idm:DL1 and idm:client security, bug fix", {"idm:DL1", "idm:client"}),
        ("Low: mariadb:10.3, galera update", {"mariadb:10.3"}),
        ("Important: kernel security update", set()),
        ("kernel security update", set()),
        ("", set()),
    ],
)
def test_titles_name_streams(title, streams):
    assert named_in(title) == streams


def row(package, version, advisory="ALSA-2030:1", release="8"):
    return Row(release, package, version, advisory, TODAY)


BUILD, OTHER = ".module_el8.10.0+400+aaaaaaaa", ".module_el8.6.0+200+bbbbbbbb"


def test_what_was_built_with_a_main_package_is_of_its_stream():
    streams = Streams()
    streams.learn(row("nodejs", f"1:20.1.1-1{BUILD}"))
    streams.learn(row("npm", f"1:10.1-1{BUILD}", "ALBA-2030:2"))

    assert streams.of(row("npm", f"1:10.1-1{BUILD}", "ALSA-2030:3")) == "nodejs:20"
    assert streams.of(row("npm", f"1:10.1-1{BUILD}", release="9")) == UNKNOWN


def test_what_is_listed_with_one_stream_alone_is_of_it():
    streams = Streams()
    streams.learn(row("nodejs", f"1:20.1.1-1{BUILD}"))
    streams.learn(row("nodejs-nodemon", f"3.0-1{OTHER}"))
    assert streams.of(row("nodejs-nodemon", f"3.0-1{OTHER}")) == "nodejs:20"

    streams.learn(row("nodejs", "1:18.1.1-1.module_el8.9.0+1+cc", "ALSA-2030:4"))
    streams.learn(row("nodejs-nodemon", f"3.0-1{OTHER}", "ALSA-2030:4"))
    assert streams.of(row("nodejs-nodemon", f"3.0-1{OTHER}")) == UNKNOWN


def test_a_build_with_the_main_packages_of_others_is_its_own_module():
    streams = Streams()
    for package, version in (("ant", "1.10.5-1"), ("maven", "1:3.5.4-5"), ("guava20", "20.0-8")):
        streams.learn(row(package, version + BUILD))

    assert streams.of(row("guava20", f"20.0-8{BUILD}")) == "javapackages-tools:201801"


def test_what_is_in_no_module_has_no_stream():
    streams = Streams()
    streams.learn(row("bash", "5.1-1.el8"))

    assert streams.of(row("bash", "5.1-1.el8")) == ""
    assert streams.of(row("odd", "5.1-1.module_el8")) == UNKNOWN
