"""Names of packages and states of weaknesses in a bill of materials."""

import json

import pytest

from auditor.patch.verdict import Verdict
from auditor.render.cyclonedx import STATES, Content, Package, document, purl_of
from auditor.report.verdicts import Told
from tests.render.sample import RUN


def content(distribution="almalinux", version="9.4", **more):
    values = {"packages": (), "told": ()} | more
    return Content(target="web1", distribution=distribution, version=version, **values)


@pytest.mark.parametrize(
    ("distribution", "version", "package", "purl"),
    [
        ("debian", "12", ("openssl", "1:3.0-1", "amd64"),
         "pkg:deb/debian/openssl@1:3.0-1?arch=amd64&distro=debian-12"),
        ("almalinux", "9.4", ("openssl", "1:3.0.7-27.el9", "x86_64"),
         "pkg:rpm/almalinux/openssl@3.0.7-27.el9?arch=x86_64&distro=almalinux-9.4&epoch=1"),
        ("rocky", "8.10", ("bash", "4.4.20-5.el8", "x86_64"),
         "pkg:rpm/rocky/bash@4.4.20-5.el8?arch=x86_64&distro=rocky-8.10"),
        ("alpine", "3.19.1", ("busybox", "1.36.1-r15", ""),
         "pkg:apk/alpine/busybox@1.36.1-r15?distro=alpine-3.19.1"),
    ],
)  # fmt: skip
def test_package_urls_are_those_of_the_specification(distribution, version, package, purl):
    name, build, arch = package
    one = Package(name=name, version=build, arch=arch, source=name)

    assert purl_of(content(distribution, version), one).to_string() == purl


def made(*told, **more):
    return json.loads(document(RUN, "Kota Batu", [content(told=told, **more)]))


@pytest.mark.parametrize("verdict", STATES)
def test_every_verdict_on_a_weakness_has_a_state(verdict):
    told = Told(source="x", package="x", have="1", verdict=verdict, cve="CVE-2025-1")

    (one,) = made(told)["vulnerabilities"]

    assert one["analysis"]["state"] == STATES[verdict][0]
    assert one["affects"] == [{"ref": "web1"}]


def test_verdicts_on_packages_are_no_weaknesses():
    told = Told(source="x", package="x", have="1", verdict=Verdict.NOT_COVERED)

    assert "vulnerabilities" not in made(told)


def test_only_the_running_kernel_has_its_weaknesses():
    packages = tuple(
        Package(name=name, version=version, arch="x86_64", source="kernel")
        for name, version in (
            ("kernel-core", "5.14.0-503.el9"), ("kernel-core-5.14.0", "5.14.0-427.el9"),
        )
    )  # fmt: skip
    told = Told(
        source="kernel", package="kernel-core", have="1", cve="CVE-2025-1",
        verdict=Verdict.INSTALLED_NOT_RUNNING, want="5.14.0-503.el9",
    )  # fmt: skip

    (one,) = made(told, packages=packages, kernel=frozenset({"kernel-core"}))["vulnerabilities"]

    assert [place["ref"] for place in one["affects"]] == [
        "web1/pkg:rpm/almalinux/kernel-core@5.14.0-503.el9?arch=x86_64&distro=almalinux-9.4"
    ]
    assert one["recommendation"] == "kernel 5.14.0-503.el9"


def test_a_system_without_a_name_has_one():
    assert json.loads(document(RUN, "x", [content("", "")]))["components"][0]["name"] == "unknown"
