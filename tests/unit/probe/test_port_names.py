"""Categories of services: by number, by name, by product."""

import re

import pytest

from auditor.probe.port_names import AMPLIFIERS, CATEGORIES, ROLES, of_category


def found(port, service="", product="", **more):
    item = {"port": port, "service": service, "product": product, "tls": False, **more}
    return {name for name in CATEGORIES if of_category(name, [item])}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (("5432/tcp",), {"database"}),
        (("8306/tcp", "mysql"), {"database"}),
        (("873/tcp", "rsync"), {"clear_text", "file_sharing"}),
        (("5900/tcp", "vnc"), {"clear_text", "remote_desktop"}),
        (("902/tcp", "ssl/vmware-auth"), {"hypervisor"}),
        (("443/tcp", "http", "Proxmox Virtual Environment REST API"), {"hypervisor"}),
        (("8080/tcp", "http", "Hikvision IP camera httpd"), {"device"}),
        (("9243/tcp", "http", "Elasticsearch REST API"), {"database"}),
        (("31337/tcp", "modbus"), {"industrial"}),
        (("443/tcp", "http", "nginx"), set()),
    ],
)
def test_services_by_number_name_or_product(item, expected):
    assert found(*item) == expected


def test_a_service_that_was_identified_is_not_judged_by_its_number():
    assert found("3306/tcp", "ssh", identified=True) == set()
    assert found("3306/tcp", "ssh", identified=False) == {"database"}
    assert found("8006/tcp", "http", identified=True) == {"hypervisor"}
    assert found("8000/tcp", "http", identified=True) == set()
    assert found("8000/tcp", "http-alt", identified=False) == {"device"}


def test_clear_text_services_over_tls_are_none():
    assert found("143/tcp", "imap", tls=True) == set()
    assert found("5432/tcp", tls=True) == {"database"}


def test_every_port_is_written_as_one():
    every = [p for sort in CATEGORIES.values() for p in sort.ports]
    every += [*AMPLIFIERS, *(p for ports in ROLES.values() for p in ports)]

    assert all(re.fullmatch(r"[1-9][0-9]{0,4}/(tcp|udp)", port) for port in every)
    assert all(word == word.lower() for sort in CATEGORIES.values() for word in sort.products)
