"""CSAF documents of Red Hat and SUSE with wrong values: none is taken."""

import json
import zipfile
from pathlib import Path

import pytest

from auditor.feeds.sources import Unreadable, redhat_vex, suse_vex

SAMPLES = Path("tests/data/feeds")
ALL = {*(("rhel", release) for release in ("7", "8", "9")), ("sles", "15.4"), ("sles", "15.5")}


def read(module, path, document):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cve-2030-1.json", document)
    return list(module.read(path, ALL))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feed"


def vex(sample, **change):
    """The sample's document, values at "a/b/0" changed; None takes a key away."""
    told = json.loads((SAMPLES / sample).read_bytes())
    for place, value in change.items():
        *way, last = place.split("/")
        inner = told
        for step in way:
            inner = inner[int(step) if step.isdecimal() else step]
        if value is None:
            del inner[last]
        else:
            inner[int(last) if last.isdecimal() else last] = value
    return json.dumps(told).encode()


RED_HAT, SUSE = "redhat-vex/cve-2030-50001.json", "suse-vex/cve-2030-60001.json"
PLACE = "product_tree/relationships/0/product_reference"


@pytest.mark.parametrize("sample", [RED_HAT, SUSE])
@pytest.mark.parametrize(
    "change",
    [
        {"document/category": "csaf_security_advisory"},
        {"document/tracking/current_release_date": "soon"},
        {"document/tracking/current_release_date": None},
        {"vulnerabilities/0/cve": "CVE-x"},
        {"vulnerabilities/0/cve": None},
        {"product_tree/relationships": []},
        {"product_tree": None},
        {"vulnerabilities/0/product_status/known_affected": ["another:thing"]},
        {"vulnerabilities/0/product_status/known_affected": "x"},
        {"vulnerabilities/0/remediations/0/date": "soon"},
    ],
    ids=str,
)
def test_csaf_with_wrong_values_is_refused(path, sample, change):
    module = redhat_vex if sample is RED_HAT else suse_vex
    with pytest.raises(Unreadable):
        read(module, path, vex(sample, **change))


def test_products_that_are_nested_without_end_are_refused(path):
    inner = []
    for _ in range(40):
        inner = [{"branches": inner}]
    data = vex(RED_HAT, **{"product_tree/branches": inner})
    with pytest.raises(Unreadable, match="too deep"):
        read(redhat_vex, path, data)


@pytest.mark.parametrize(
    ("status", "component"),
    [
        *((s, c) for s in ("fixed", "known_affected") for c in ("a b", "a-1:3;x-1.el9.x86_64", "")),
        ("known_affected", "/"),
    ],
)
def test_components_that_are_no_packages_are_refused(path, status, component):
    place = json.loads((SAMPLES / RED_HAT).read_bytes())["product_tree"]["relationships"][0]
    product = place["full_product_name"]["product_id"]
    change = {PLACE: component, f"vulnerabilities/0/product_status/{status}": [product]}
    change["product_tree/relationships/0/relates_to_product_reference"] = "BaseOS-9.4.0.Z.MAIN.EUS"
    data = vex(RED_HAT, **change)
    with pytest.raises(Unreadable):
        read(redhat_vex, path, data)


@pytest.mark.parametrize("module", [redhat_vex, suse_vex])
def test_a_folder_without_documents_is_refused(tmp_path, module):
    with pytest.raises(Unreadable, match="no document"):
        list(module.read(tmp_path, ALL))


@pytest.mark.parametrize(("module", "sample"), [(redhat_vex, RED_HAT), (suse_vex, SUSE)])
def test_statuses_that_say_nothing_of_a_package_are_passed_over(path, module, sample):
    products = json.loads((SAMPLES / sample).read_bytes())["product_tree"]["relationships"]
    named = [product["full_product_name"]["product_id"] for product in products]
    status = {"vulnerabilities/0/product_status": {"first_affected": named}}

    rows = read(module, path, vex(sample, **status))

    assert len(rows) == 1


def test_a_mended_package_of_suse_without_a_version_is_refused(path):
    status = {"recommended": ["SUSE Linux Enterprise Server 15 SP5:openssl-1_1"]}
    document = vex(SUSE, **{"vulnerabilities/0/product_status": status})

    with pytest.raises(Unreadable, match="openssl-1_1"):
        read(suse_vex, path, document)
