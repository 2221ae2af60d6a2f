"""Which endpoints a target has."""

import pytest

from auditor.model.fact import Kind
from auditor.model.inventory import Target
from auditor.probe.tls import PROBE, Endpoint, endpoints


def target(**fields) -> Target:
    return Target(id="t", opd="o", address="10.0.0.1", **fields)


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({}, []),
        ({"ports": ("22/tcp", "80/tcp", "443/udp")}, []),
        ({"sites": ("a.test", "b.test", "a.test")}, ["a.test:443", "b.test:443"]),
        ({"sites": ("a.test",), "ports": ("443/tcp", "993/tcp")}, ["a.test:443", "a.test:993"]),
        (
            {"ports": ("443/tcp", "8443/tcp", "636/tcp")},
            ["10.0.0.1:443", "10.0.0.1:8443", "10.0.0.1:636"],
        ),
    ],
)
def test_endpoints(fields, keys):
    assert [point.key for point in endpoints(target(**fields))] == keys


@pytest.mark.parametrize(
    ("name", "key", "sni"),
    [
        ("web.kota.test", "web.kota.test:443", "web.kota.test"),
        ("web.kota.test.", "web.kota.test.:443", "web.kota.test"),
        ("10.0.0.1", "10.0.0.1:443", ""),
        ("2001:db8::1", "[2001:db8::1]:443", ""),
    ],
)
def test_an_address_is_not_sent_as_a_name(name, key, sni):
    point = Endpoint(name=name, port=443)

    assert (point.key, point.sni) == (key, sni)


def test_every_fact_is_labelled_in_both_languages():
    table = PROBE.gives.at("endpoints")

    assert table.kind is Kind.TABLE
    for field in (*table.fields.values(), *table.fields["cert"].fields.values()):
        assert field.label.id != field.label.en or field.label.en == "Diffie-Hellman"
